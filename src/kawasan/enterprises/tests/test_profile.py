"""What an enterprise is: its KBLI code, what it can make, and whose it is."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.enterprises import queries, services
from kawasan.enterprises.forms import EnterpriseForm
from kawasan.enterprises.models import Capacity, Enterprise, Member
from kawasan.enterprises.tests import factories
from kawasan.matching.models import GroupMember
from kawasan.programmes.models import Programme
from kawasan.selection.models import Seat
from kawasan.value_chain.models import Commodity, KbliCode
from kawasan.value_chain.tests.factories import make_chain

ClientOf = Callable[[User], Client]
TODAY = datetime.date(2022, 12, 1)  # the test programme's as_of
DAY = datetime.timedelta(days=1)
STARTED = datetime.date(2022, 10, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprise(programme: Programme, citra: User) -> Enterprise:
    people = [factories.participant(programme, number) for number in (1, 2, 3)]
    factories.mentored_group(programme, *people, user=citra)
    GroupMember.objects.filter(applicant=people[0]).update(role="head")
    GroupMember.objects.filter(applicant=people[1]).update(role="treasurer")
    return factories.enterprise(people[0])


def at(enterprise: Enterprise, route: str, *arguments: str) -> str:
    return reverse(f"enterprises:{route}", args=[enterprise.programme.code, enterprise.code, *arguments])


# The code


def catalogue(programme: Programme) -> None:
    for version, code, name in (
        ("2020", "10794", "Industri Kerupuk"),
        ("2020", "56102", "Rumah/Warung Makan"),
        ("2025", "56102", "Penyediaan Makanan di Bangunan Tidak Tetap"),
    ):
        columns = {"name": name, "name_en": name, "source": "BPS"}
        KbliCode.objects.create(programme=programme, version=version, code=code, **columns)


def said(enterprise: Enterprise, kbli: str) -> dict[str, str]:
    return {
        "name": enterprise.name, "field": str(enterprise.field_id), "kbli": kbli, "place": str(enterprise.place_id),
        "started_on": "2022-10-01", "status": "running", "source": "visit",
    }  # fmt: skip


def test_a_code_is_chosen_from_the_catalogue_with_its_version(
    enterprise: Enterprise, client_of: ClientOf, citra: User
) -> None:
    catalogue(enterprise.programme)
    mentor = client_of(citra)
    assert "56102 Rumah/Warung Makan (KBLI 2020)" in mentor.get(at(enterprise, "change_enterprise")).text
    chosen = "56102 Penyediaan Makanan di Bangunan Tidak Tetap (KBLI 2025)"
    assert mentor.post(at(enterprise, "change_enterprise"), said(enterprise, chosen)).status_code == 302
    enterprise.refresh_from_db()
    assert (enterprise.kbli_version, enterprise.kbli_code) == ("2025", "56102")
    assert "Penyediaan Makanan di Bangunan Tidak Tetap" in mentor.get(at(enterprise, "enterprise")).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [("99999", "No code of the KBLI catalogue"), ("10794 2025", "No code"), ("56102", "fits several codes")],
)
def test_a_code_unknown_to_its_version_is_refused(
    typed: str, words: str, enterprise: Enterprise, client_of: ClientOf, citra: User
) -> None:
    catalogue(enterprise.programme)
    page = client_of(citra).post(at(enterprise, "change_enterprise"), said(enterprise, typed)).text
    assert words in page
    enterprise.refresh_from_db()
    assert enterprise.kbli_code == "10794"


def test_a_code_from_before_there_was_a_catalogue_stays_while_the_rest_changes(enterprise: Enterprise) -> None:
    data = said(enterprise, "10794 (KBLI 2020)") | {"name": "Baru"}
    form = EnterpriseForm(data, instance=enterprise, programme=enterprise.programme)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["kbli_code"] == "10794"


# Capacity


@pytest.fixture
def eggs(programme: Programme) -> Commodity:
    make_chain(programme)
    return programme.commodities.get(code="KOM-telur")


def report(enterprise: Enterprise, commodity: Commodity, quantity: float, since: datetime.date = STARTED) -> Capacity:
    answers = {"commodity": commodity, "quantity_per_month": quantity, "since": since, "source": "visit"}
    return services.report_capacity(enterprise=enterprise, by=None, **answers)


def standing(enterprise: Enterprise, day: datetime.date = TODAY) -> dict[str, float]:
    return queries.reported_capacities(enterprise.programme, day).get(enterprise.pk, {})


def test_the_capacity_of_a_day_is_the_last_that_had_begun_and_the_others_stay(
    enterprise: Enterprise, eggs: Commodity
) -> None:
    report(enterprise, eggs, 100)
    report(enterprise, eggs, 130, STARTED + 30 * DAY)
    report(enterprise, eggs, 120, STARTED + 30 * DAY)  # the day before was a slip of the pen
    assert standing(enterprise, STARTED - DAY) == {}
    assert standing(enterprise, STARTED) == {"KOM-telur": 100}
    assert standing(enterprise) == {"KOM-telur": 120}
    assert [stands for _one, stands in queries.capacities_of(enterprise, TODAY)] == [True, False, False]


def test_a_capacity_of_a_day_to_come_or_before_the_start_is_refused(enterprise: Enterprise, eggs: Commodity) -> None:
    with pytest.raises(Refused, match="still to come"):
        report(enterprise, eggs, 100, TODAY + DAY)
    with pytest.raises(Refused, match="The enterprise started on"):
        report(enterprise, eggs, 100, STARTED - DAY)


def test_a_mentor_reports_it_in_the_unit_of_the_commodity(
    enterprise: Enterprise, eggs: Commodity, client_of: ClientOf, citra: User
) -> None:
    mentor = client_of(citra)
    told = {"commodity": str(eggs.pk), "quantity_per_month": "140 ekor", "since": "2022-11-01", "source": "visit"}
    assert "ekor" in mentor.post(at(enterprise, "report_capacity"), told).text
    mentor.post(at(enterprise, "report_capacity"), told | {"quantity_per_month": "140 kg"})
    assert "140 kg" in mentor.get(at(enterprise, "enterprise")).text
    assert LogEntry.objects.get(verb="enterprises.capacity_reported").data["quantity"] == 140


# Members


def roles(enterprise: Enterprise) -> list[tuple[str, str, bool]]:
    return [(one.applicant.code, one.role, one.until is None) for one in enterprise.members.all()]


def take_all(enterprise: Enterprise, since: datetime.date = STARTED) -> list[Member]:
    return services.add_members(enterprise=enterprise, people=queries.people_of_group(enterprise), since=since, by=None)


def test_until_somebody_says_otherwise_the_members_are_the_people_of_the_group(
    enterprise: Enterprise, client_of: ClientOf, citra: User
) -> None:
    page = client_of(citra).get(at(enterprise, "enterprise")).text
    assert "Nobody wrote down who the members are" in page
    assert "Orang 3" in page
    Seat.objects.filter(applicant__code="A003").update(status="withdrawn")
    assert "Orang 3" not in client_of(citra).get(at(enterprise, "enterprise")).text


def test_the_people_of_the_group_are_taken_over_with_their_roles_unless_somebody_is_left_out(
    enterprise: Enterprise, client_of: ClientOf, citra: User
) -> None:
    mentor, people = client_of(citra), list(queries.people_of_group(enterprise))
    assert mentor.get(at(enterprise, "add_members")).text.count("checked") == 3
    told = {"people": [str(one.pk) for one in people[:2]], "since": "2022-10-01"}
    assert mentor.post(at(enterprise, "add_members"), told).status_code == 302
    assert roles(enterprise) == [("A001", "head", True), ("A002", "treasurer", True)]
    page = mentor.get(at(enterprise, "enterprise")).text
    assert "Nobody wrote down" not in page
    assert "Orang 3" not in page
    assert "Orang 3" in mentor.get(at(enterprise, "add_members")).text


def test_another_role_is_another_row_and_of_the_same_day_a_correction(enterprise: Enterprise) -> None:
    _head, treasurer, other = take_all(enterprise)
    services.change_role(member=other, role="secretary", since=STARTED, by=None)
    assert ("A003", "secretary", True) in roles(enterprise)
    services.end_member(member=treasurer, until=TODAY - DAY, by=None)
    services.change_role(member=other, role="treasurer", since=TODAY, by=None)
    assert roles(enterprise)[1:] == [
        ("A002", "treasurer", False), ("A003", "secretary", False), ("A003", "treasurer", True),
    ]  # fmt: skip


def test_nobody_is_a_member_twice_and_no_office_is_held_by_two(enterprise: Enterprise) -> None:
    _head, treasurer, other = take_all(enterprise)
    with pytest.raises(Refused, match="Only one member can be Treasurer"):
        services.change_role(member=other, role="treasurer", since=TODAY, by=None)
    assert not queries.not_yet_members(enterprise).exists()
    services.end_member(member=treasurer, until=TODAY, by=None)
    with pytest.raises(Refused, match="no member any more"):
        services.end_member(member=treasurer, until=TODAY, by=None)
    with pytest.raises(Refused, match="still to come"):
        take_all(enterprise, TODAY + DAY)


def test_another_mentor_changes_no_members(
    enterprise: Enterprise, programme: Programme, client_of: ClientOf, citra: User
) -> None:
    other = factories.enterprise(factories.participant(programme, 9), 2)
    assert client_of(citra).get(at(other, "add_members")).status_code == 404
    assert client_of(citra).get(at(other, "report_capacity")).status_code == 404
