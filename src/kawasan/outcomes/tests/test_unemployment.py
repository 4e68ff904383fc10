"""Jobs against the labour force of the area: counted from rows, small, and with what is not known."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from kawasan.core.errors import Refused
from kawasan.core.language import in_words
from kawasan.core.models import LogEntry
from kawasan.enterprises.tests.factories import participant
from kawasan.outcomes import rules, services
from kawasan.outcomes.tests import factories

pytestmark = pytest.mark.django_db
FIGURES = {"year": 2022, "labour_force": 1_000, "unemployed": 59, "source": "synthetic"}


def test_only_who_was_measured_twice_counts_and_lost_jobs_are_taken_off():
    before = {"A": False, "B": False, "C": True, "D": True, "E": False}
    after = {"A": True, "B": False, "C": False, "D": True, "F": True}
    found = rules.contribution(before, after, labour_force=200, unemployed=10)
    assert (found.measured, found.found, found.lost, found.net, found.share, found.rate) == (4, 1, 1, 0, 0.0, 0.05)


def test_jobs_that_being_drawn_made_follow_from_the_effect():
    told = dict.fromkeys((name for name in rules.Shown.__dataclass_fields__ if name != "outcome"), 0.0)
    effect = rules.Shown(
        rules.OUTCOMES["working"], **told | {"effect": 30.0, "low": 10.0, "high": 50.0, "people_drawn": 90}
    )
    found = rules.caused(effect)
    assert (found.jobs, found.low, found.high, found.people) == pytest.approx((27.0, 9.0, 45.0, 90))


@pytest.mark.parametrize(("found", "lost", "is_told"), [(6, 5, True), (38, 1, False), (38, 0, False), (2, 9, False)])
def test_few_and_none_look_alike_outside_the_office(found, lost, is_told):
    told = rules.Contribution(measured=53, found=found, lost=lost, labour_force=100, unemployed=5)
    assert told.tells_of_few != is_told


@pytest.mark.parametrize("wrong", [{"unemployed": 1_001}, {"labour_force": 0}, {"year": 1800}])
def test_figures_that_cannot_be_are_refused(programme, wrong):
    with pytest.raises(ValidationError):
        services.add_labour_force(programme=programme, by=None, **FIGURES | wrong)


def test_the_page_says_the_share_the_source_and_what_is_not_known(
    client_of, ani, programme, django_assert_max_num_queries
):
    start, later = factories.round_(programme, "B0", 0), factories.round_(programme, "M3", 3)
    for number in range(6):
        person = participant(programme, number + 1)
        factories.measurement(start, person, is_working=False, turnover_idr=None, profit_idr=None, workers=None)
        factories.measurement(later, person)
    client, address = client_of(ani), reverse("outcomes:unemployment", args=[programme.code])
    assert "There are no figures of the labour force yet" in client.get(address).content.decode()
    client.post(reverse("outcomes:add_labour_force", args=[programme.code]), FIGURES)
    with django_assert_max_num_queries(14):
        page = client.get(address).content.decode()
    for said in ("0.600% of the labour force", "6 did not work then and work now", "5.90%", "Displacement is unknown"):
        assert said in page
    client.post(reverse("outcomes:remove_labour_force", args=[programme.code, 2022]))
    assert not programme.labour_forces.exists()
    assert LogEntry.objects.filter(verb="outcomes.labour_force_removed").count() == 1


def test_a_year_to_come_has_no_statistics(programme):
    with pytest.raises(Refused, match="2035 is still to come") as refused:
        services.add_labour_force(programme=programme, by=None, **FIGURES | {"year": 2035})
    assert in_words(refused.value.reasons[0]).startswith("2035 ")  # a year has no mark of thousands


def test_of_few_people_nothing_is_said_outside_the_office(client_of, dewi, ani, programme):
    start, later = factories.round_(programme, "B0", 0), factories.round_(programme, "M3", 3)
    person = participant(programme)
    factories.measurement(start, person, is_working=False, turnover_idr=None, profit_idr=None, workers=None)
    factories.measurement(later, person)
    services.add_labour_force(programme=programme, by=None, **FIGURES)
    address = reverse("outcomes:unemployment", args=[programme.code])
    assert "are shown to the office only" in client_of(dewi).get(address).content.decode()
    assert "1 did not work then" in client_of(ani).get(address).content.decode()


def test_that_one_person_lost_work_is_told_to_the_office_only(client_of, dewi, ani, programme):
    start, later = factories.round_(programme, "B0", 0), factories.round_(programme, "M3", 3)
    for number in range(8):
        person = participant(programme, number + 1)
        factories.measurement(start, person, is_working=number == 0, turnover_idr=None, profit_idr=None, workers=None)
        factories.measurement(later, person, is_working=number != 0)
    services.add_labour_force(programme=programme, by=None, **FIGURES)
    address = reverse("outcomes:unemployment", args=[programme.code])
    assert "and 1 worked then" in client_of(ani).get(address).content.decode()
    outside = client_of(dewi).get(address).content.decode()
    assert "the number who work changed by 6" in outside
    assert "worked then" not in outside
