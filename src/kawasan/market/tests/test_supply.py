"""Who could supply whom this month, and what will fall short.

Two farms of ``make_chain`` make 100 kg of eggs a month each from 150 kg of feed; a kitchen would make cakes.
"""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from kawasan.core.errors import Refused
from kawasan.core.language import in_words
from kawasan.core.models import LogEntry
from kawasan.enterprises.models import Enterprise
from kawasan.enterprises.services import report_capacity
from kawasan.enterprises.tests.factories import enterprise as make_enterprise
from kawasan.enterprises.tests.factories import entry, participant
from kawasan.market import queries, rules, services
from kawasan.market.models import Contract, Outlook
from kawasan.market.supply_input import supply_input
from kawasan.market.tests import factories
from kawasan.programmes.models import Programme
from kawasan.value_chain.tests.factories import make_chain, make_supplier

DAY = datetime.date(2022, 12, 1)  # the test programme's as_of
OUTLOOK = {"is_current": True, "firm_short": 0, "short": 0}


def test_months_are_counted_over_the_new_year() -> None:
    assert rules.month_days(datetime.date(2022, 11, 30), 3) == (datetime.date(2023, 2, 1), datetime.date(2023, 2, 28))
    assert rules.month_days(datetime.date(2023, 1, 1), -1)[0] == datetime.date(2022, 12, 1)


@pytest.mark.parametrize(
    ("sold", "expected", "share"), [(50, 100, 0.5), (150, 100, 1), (0, 100, 1), (50, 0, 1), (-5, 100, 1)]
)
def test_an_enterprise_fills_its_recipe_as_far_as_its_cash_book_shows(sold: int, expected: int, share: float) -> None:
    assert rules.share_filled(sold_idr=sold, expected_idr=expected) == share


def test_more_than_was_promised_leaves_nothing_to_come() -> None:
    assert rules.still_to_come([60, 60, 0], 70) == [0, 60, 0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"is_current": False}, "have changed"),
        ({"firm_short": 2, "short": 3}, "will fall short: 2"),
        ({"short": 3}, "nobody can fill yet: 3"),
        ({}, "can be supplied"),
    ],
)
def test_the_next_step_is_the_most_urgent(change: dict[str, Any], words: str) -> None:
    assert words in str(rules.next_step_of_supply(**(OUTLOOK | change)))


def test_without_enterprises_and_buyers_both_are_asked_for() -> None:
    assert len(rules.reasons_no_outlook(enterprises=0, buyers=0)) == 2
    assert rules.reasons_no_outlook(enterprises=1, buyers=1) == []


@pytest.fixture
def farms(programme: Programme) -> list[Enterprise]:
    make_chain(programme)
    hens = programme.activities.get(code="ACT-ayam")
    return [make_enterprise(participant(programme, number), number, activity=hens) for number in (1, 2)]


def eggs(farms: list[Enterprise], quantity: float = 150) -> Contract:
    return factories.contract(farms[0].programme.demands.get(code="DEM-telur"), farms[0], quantity_per_month=quantity)


def cakes(farms: list[Enterprise]) -> Contract:
    demand = farms[0].programme.demands.get(code="DEM-kue")
    return factories.contract(demand, farms[1], 2, price_idr=45_000)


def made(farms: list[Enterprise]) -> Outlook:
    return services.make_outlook(programme=farms[0].programme, by=None)


def row_of(outlook: Outlook, contract: str) -> dict[str, Any]:
    return next(row for row in outlook.result["short"] if row["contract"] == contract)


def why(outlook: Outlook, contract: str) -> list[str]:
    with override("en"):
        row = next(row for row in queries.shortfalls(outlook) if row["contract"] == contract)
        return [in_words(cause) for cause in row["why"]]


def test_one_contract_can_be_met_and_one_cannot(farms: list[Enterprise]) -> None:
    eggs(farms)
    cakes(farms)
    outlook = made(farms)
    assert [row["contract"] for row in outlook.result["short"] if rules.is_firm(row["firmness"])] == ["K002"]
    assert row_of(outlook, "K002")["missing"] == [60, 60, 60]
    assert row_of(outlook, "K002")["worth_idr"] == [2_700_000] * 3
    assert why(outlook, "K002") == ["No enterprise that runs makes it."]


def test_who_could_supply_whom_names_the_enterprises(farms: list[Enterprise]) -> None:
    eggs(farms)
    matches = {row["buyer"]["key"]: row for row in made(farms).result["matches"]}
    contract = matches["contract:K001"]
    assert (contract["quantity"], contract["worth_idr"]) == (150, 3_000_000)
    assert contract["from"] == [{"name": "Usaha 1", "quantity": 75}, {"name": "Usaha 2", "quantity": 75}]
    assert matches["DEM-telur"]["quantity"] == 50  # what the contract leaves of 200
    assert (matches["activity:ACT-ayam"]["seller"], matches["activity:ACT-ayam"]["quantity"]) == (None, 300)


def test_what_is_lacking_upstream_is_told(farms: list[Enterprise]) -> None:
    farms[0].programme.commodities.filter(code="KOM-pakan").update(outside_price_idr=None)
    make_supplier(farms[0].programme.commodities.get(code="KOM-pakan"), quantity_per_month=150)  # for one farm
    eggs(farms)
    outlook = made(farms)
    assert row_of(outlook, "K001")["missing"] == pytest.approx([50, 50, 50], abs=1e-3)
    assert why(outlook, "K001") == ["Laying hens would need 450 kg more of Chicken feed than there is."]


def test_what_could_only_be_bought_outside_falls_short_too(farms: list[Enterprise]) -> None:
    farms[0].programme.commodities.filter(code="KOM-telur").update(
        outside_price_idr=19_000
    )  # a farm makes it for 15,500
    eggs(farms, 300)
    outlook = made(farms)
    assert row_of(outlook, "K001")["missing"] == [100, 100, 100]
    assert why(outlook, "K001")[-1] == "300 kg of it could be bought outside the area."


def test_a_contract_for_what_nobody_makes_is_a_sentence(farms: list[Enterprise], programme: Programme) -> None:
    factories.contract(factories.demand(programme), farms[0])
    assert why(made(farms), "K001") == ["No enterprise that runs makes it."]


def test_what_came_this_month_is_asked_for_and_made_no_more(farms: list[Enterprise]) -> None:
    factories.delivery(eggs(farms), delivered_on=DAY, quantity=60, accepted_quantity=45)
    frozen = supply_input(farms[0].programme, DAY)
    assert frozen["demands"][0]["by_month"] == [105, 150, 150]
    assert [row["share"] for row in frozen["existing"]] == [[0.4, 1, 1], [1, 1, 1]]


def test_the_cash_book_of_three_months_says_what_an_enterprise_makes(farms: list[Enterprise]) -> None:
    eggs(farms)  # the demand pays 28,000: 200 kg in October and November would bring 5,600,000
    for month, amount in ((9, 9_000_000), (10, 1_000_000), (11, 1_800_000), (12, 9_000_000)):
        entry(farms[0], "sale", amount, datetime.date(2022, month, 1))
    frozen = supply_input(farms[0].programme, DAY)
    assert frozen["existing"][0]["share"] == pytest.approx([0.5] * 3)  # it began on the first of October
    assert frozen["existing"][1]["share"] == [1, 1, 1]


def test_what_an_enterprise_reports_goes_before_its_cash_book(farms: list[Enterprise]) -> None:
    entry(farms[0], "sale", 1_800_000, datetime.date(2022, 11, 1))
    eggs = farms[0].programme.commodities.get(code="KOM-telur")
    answers = {"commodity": eggs, "since": DAY, "source": "visit"}
    report_capacity(enterprise=farms[0], quantity_per_month=25, by=None, **answers)
    report_capacity(enterprise=farms[1], quantity_per_month=400, by=None, **answers)
    frozen = supply_input(farms[0].programme, DAY)
    assert [(row["share"], row["is_reported"]) for row in frozen["existing"]] == [([0.25] * 3, True), ([1] * 3, True)]


@pytest.mark.parametrize(
    ("reported", "shares"),
    [
        ({}, None),
        ({"pakan": 10}, None),
        ({"telur": 50}, [0.5, 0.25, 1]),
        ({"telur": 50, "pupuk": 5}, [0.25, 0.125, 1]),
        ({"telur": 0}, [0, 0, 1]),
    ],
)
def test_a_reported_capacity_is_a_share_of_the_recipe_in_each_month(
    reported: dict[str, float], shares: list[float] | None
) -> None:
    assert rules.shares_reported({"telur": 100, "pupuk": 20}, [1, 2, 0], reported) == shares


def test_who_does_not_run_or_has_no_activity_is_not_counted(farms: list[Enterprise], programme: Programme) -> None:
    programme.enterprises.filter(pk=farms[0].pk).update(status="paused")
    make_enterprise(participant(programme, 3), 3)
    frozen = supply_input(programme, DAY)
    assert [row["owner"] for row in frozen["existing"]] == ["E002"]
    assert [row["name"] for row in frozen["left_out"]] == ["Usaha 3"]


def test_an_outlook_is_stored_logged_and_not_made_twice(farms: list[Enterprise], ani: Any) -> None:
    cakes(farms)
    outlook = services.make_outlook(programme=farms[0].programme, by=ani)
    assert LogEntry.objects.get(verb="market.outlook_made").data["firm_short"] == 1
    assert made(farms) == outlook
    assert services.is_current(outlook)
    eggs(farms)
    assert not services.is_current(outlook)
    assert made(farms).code == "OUTLOOK-2"


def test_without_enterprises_it_is_refused_in_words(programme: Programme) -> None:
    with pytest.raises(Refused, match="No enterprise with a known activity"):
        services.make_outlook(programme=programme, by=None)


def url(programme: Programme, route: str = "market:supply") -> str:
    return reverse(route, args=[programme.code])


def test_a_planner_computes_and_everybody_of_the_team_reads(
    farms: list[Enterprise], programme: Programme, client_of: Any, ani: Any, citra: Any, dewi: Any
) -> None:
    cakes(farms)
    assert "Not computed yet" in client_of(citra).get(url(programme)).text
    assert client_of(citra).post(url(programme, "market:compute_supply")).status_code == 403
    page = client_of(ani).post(url(programme, "market:compute_supply"), follow=True).text
    assert "was computed" in page
    assert "Boxes of cake" in client_of(citra).get(url(programme)).text
    assert client_of(dewi).get(url(programme)).status_code == 403


def test_the_cockpit_warns_of_it_by_month(
    farms: list[Enterprise], programme: Programme, client_of: Any, ani: Any
) -> None:
    cakes(farms)
    cockpit = url(programme, "reports:cockpit")
    assert "is not computed yet" in client_of(ani).get(cockpit).text
    made(farms)
    page = client_of(ani).get(cockpit).text
    assert "December 2022: contracts and letters that will fall short: 1, worth Rp2,700,000." in page
    assert page.count(f'href="{url(programme)}"') == 3
    programme.outlooks.update(dated=datetime.date(2022, 11, 30))
    assert "is not computed yet" in client_of(ani).get(cockpit).text


def test_as_many_questions_for_ten_enterprises_as_for_two(farms: list[Enterprise], programme: Programme) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            supply_input(programme, DAY)
        return len(found)

    eggs(farms)
    few = asked()
    for number in range(3, 11):
        made_by = make_enterprise(participant(programme, number), number, activity=farms[0].activity)
        factories.contract(programme.demands.get(code="DEM-telur"), made_by, number)
    assert asked() == few
