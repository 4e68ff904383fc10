import datetime
import re
from collections import defaultdict

import pytest
from django.urls import reverse
from django.utils.translation import override

from kawasan.applicants import services as applicants
from kawasan.applicants.tests.factories import applicant
from kawasan.core.language import in_words
from kawasan.enterprises import services
from kawasan.enterprises.tests import factories
from kawasan.outcomes.tests.factories import measurement, round_
from kawasan.partners.tests.factories import commitment, organisation
from kawasan.reports import queries, rules
from kawasan.reports.story import story
from kawasan.selection.models import Seat
from kawasan.selection.tests import factories as selected

pytestmark = pytest.mark.django_db


def test_a_sale_that_was_taken_back_is_no_sale_of_the_case(programme, ani):
    enterprise = factories.enterprise(factories.participant(programme))
    factories.entry(enterprise, "sale", 90_000)
    services.reverse_entry(entry=factories.entry(enterprise, "sale", 20_000), by=ani)
    event = next(event for event in queries.case(enterprise.owner) if event.icon == "store")
    with override("en"):
        assert in_words(event.details[0]) == "Sales in the cash book: Rp90,000"


def test_the_applications_add_up_by_status(programme):
    for number, status in enumerate(("submitted", "refused", "refused", "withdrawn"), start=1):
        applicant(programme, number, status=status)
    counts = queries.counts(programme, programme.as_of)
    shown = [counts[name] for name in ("eligible", "refused", "unassessed", "withdrawn")]
    assert (shown, sum(shown)) == ([0, 2, 1, 1], counts["applicants"])


def test_an_account_that_is_not_chosen_yet_is_said_in_words(programme, ani, client_of):
    page = client_of(ani).get(reverse("reports:accounts", args=[programme.code])).content.decode()
    assert page.count('<option value="" selected>(choose)</option>') == 3
    assert "----" not in page


def test_a_warning_leads_to_a_list_of_what_it_counts(programme, ani, client_of):
    selected.drawn(programme, people=4)
    applicants.mark_withdrawn(
        applicant=applicant(programme, 8, warnings=["?"]), reason="Pindah", by=ani, on=selected.DAY
    )
    applicant(programme, 9, warnings=["?"])
    promise = commitment(organisation(programme), due_on=programme.as_of - datetime.timedelta(days=1))
    commitment(promise.organisation, "COM-2", due_on=programme.as_of)
    client, told = client_of(ani), queries.counts(programme, programme.as_of)
    listed = {
        stuck.text.template: client.get(reverse(stuck.route, args=[programme.code]) + stuck.query).context["page"]
        for stuck in rules.warnings(told, programme.seats)
        if stuck.query
    }
    cockpit = client.get(reverse("reports:cockpit", args=[programme.code])).content.decode()
    assert all(f'{query}">' in cockpit for query in ("overdue", "submitted", "warnings=yes", "offered"))
    assert [page.paginator.count for page in listed.values()] == [
        told[name] for name in ("commitments_overdue", "unassessed", "with_warnings", "offered")
    ]


def test_everything_stuck_or_due_leads_to_a_page_that_opens(programme, ani, client_of):
    every = defaultdict(lambda: 1, accepted=0, offered=0, members=0, groups=1)
    found = rules.warnings(every, 5) + rules.warnings(defaultdict(int, accepted=2, groups=1), 5)
    found += rules.supply_warnings(None, contracts=1, enterprises_running=1)
    assert {"applicants:changes", "mentoring:review", "matching:rematch"} <= {stuck.route for stuck in found}
    routes = [stuck.route for stuck in found] + list(rules.PAGES.values())
    client = client_of(ani)
    assert {client.get(reverse(route, args=[programme.code])).status_code for route in routes} == {200}


def test_what_one_button_mends_is_mended_from_the_cockpit(programme, ani, dewi, client_of):
    applicant(programme, 9, status="submitted")
    address = reverse("applicants:assess", args=[programme.code])
    cockpit = reverse("reports:cockpit", args=[programme.code])
    page = client_of(ani).get(cockpit).text
    assert f'action="{address}"' in page
    assert "Assess them now" in page
    assert "Assess them now" not in client_of(dewi).get(cockpit).text
    client_of(ani).post(address)
    assert "Applications not assessed yet" not in client_of(ani).get(cockpit).text


def test_enterprises_of_people_without_a_seat_are_a_list_of_their_own(programme, ani, client_of):
    owners = [factories.participant(programme, number) for number in (1, 2)]
    for number, owner in enumerate(owners, 1):
        factories.enterprise(owner, number)
    Seat.objects.filter(applicant=owners[1]).update(status="withdrawn")
    told = rules.warnings(queries.counts(programme, programme.as_of), 100)
    (stuck,) = [one for one in told if "outside" in one.query]
    listed = client_of(ani).get(reverse(stuck.route, args=[programme.code]) + stuck.query).context["page"]
    assert [one.code for one in listed] == ["E002"]


def test_a_withdrawal_that_came_in_a_folder_is_in_the_case_with_its_reason(programme):
    day = datetime.date(2022, 9, 1)
    gone = applicant(programme, status="withdrawn", withdrawn_on=day, withdrawal_reason="Moved to Belinyu")
    event = queries.case(gone)[-1]
    assert (event.day, str(event.text), event.details) == (day, "Withdrawn", ("Moved to Belinyu",))


def test_the_cockpit_names_the_round_in_words(programme, ani, client_of):
    measurement(round_(programme, "M3", 3), factories.participant(programme))
    page = client_of(ani).get(reverse("reports:cockpit", args=[programme.code])).content.decode()
    assert "Month 3" in page
    assert ">M3<" not in page.replace(" M3", ">M3<")


def test_whoever_left_before_the_round_was_frozen_is_not_in_its_results(programme):
    current = round_(programme)
    measurement(current, factories.participant(programme), is_working=True)
    left = measurement(current, factories.participant(programme, 2), is_working=True).applicant.seat
    left.status = "withdrawn"
    left.save()
    results = queries.latest_results(programme, sees_people=True)
    assert (results["working"], results["people"]) == (1, 1)
    assert queries.counts(programme, programme.as_of)["measurements"] == 1


def test_the_cockpit_hides_results_of_few_people_from_who_may_not_see_them(programme, ani, eko, client_of):
    current, address = round_(programme), reverse("reports:cockpit", args=[programme.code])
    for number in range(4):
        measurement(current, factories.participant(programme, number + 1), profit_idr=432_100, turnover_idr=900_000)
    assert "Rp432,100" in client_of(ani).get(address).content.decode()
    assert "Rp432,100" not in client_of(eko).get(address).content.decode()
    assert "fewer than 5" in client_of(eko).get(address).content.decode()
    measurement(current, factories.participant(programme, 5), profit_idr=432_100, turnover_idr=900_000)
    assert "Rp432,100" in client_of(eko).get(address).content.decode()


def test_whoever_left_after_the_round_was_frozen_stays_in_its_results(programme):
    current = round_(programme, status="frozen")
    left = measurement(current, factories.participant(programme)).applicant.seat
    left.status = "withdrawn"
    left.save()
    assert queries.latest_results(programme, sees_people=True)["people"] == 1


def test_an_amount_that_was_not_measured_is_said_to_be_so(programme):
    person = factories.participant(programme)
    measurement(round_(programme), person, turnover_idr=None, profit_idr=-50_000)
    with override("en"):
        event = next(event for event in queries.case(person) if event.icon == "trending-up")
        said = in_words(event.text)
    assert said == "Month 1: working: yes, turnover a month: not measured, profit a month: −Rp50,000"


def test_every_chart_of_the_report_has_a_picture_for_phones(programme):
    measurement(round_(programme), factories.participant(programme))
    page = story(programme)
    figures = re.findall(r"<figure>(.{24})", page)
    assert figures
    assert all(figure.startswith('<div class="chart-wide">') for figure in figures)
    assert page.count('class="chart-narrow"') == len(figures)


def test_the_report_counts_its_parts_and_says_whether_it_lasts_without_naming_anybody(programme):
    measurement(round_(programme), factories.participant(programme))
    with override("en"):
        page = story(programme)
    assert "Whether it lasts" in page
    assert "Not known yet" in page
    assert "Assistance, step by step" not in page  # there is none
    assert "Orang 1" not in page
