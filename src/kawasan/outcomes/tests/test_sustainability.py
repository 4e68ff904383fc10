"""Three signs of whether it lasts: worked out by hand, from rows, and without the enterprises outside the office."""

import datetime
from dataclasses import replace

import pytest
from django.urls import reverse

from kawasan.assistance.tests.factories import assistance, up_to
from kawasan.enterprises.tests.factories import enterprise, entry, participant
from kawasan.market.tests.factories import contract, delivery, demand
from kawasan.outcomes import queries, rules
from kawasan.outcomes.rules import After, Contracted, Light, Taken
from kawasan.value_chain.tests.factories import make_activity, make_resource, make_resource_use

DAY = datetime.date(2022, 12, 1)
GRASS = Taken("Grass", "RES-1", "t", sustainable_yield=100, before=50, planned=20, now=0)
CAKES = After("E001", "Kue", datetime.date(2022, 9, 5), is_closed=False, months=2, profit_idr=1_000, before_idr=None)
SALES = Contracted(DAY, DAY, selling=9, delivering=8, sold_idr=1_000, delivered_idr=0, planned=None)


@pytest.mark.parametrize(
    ("now", "light"), [(0, "green"), (30, "green"), (31, "yellow"), (50, "yellow"), (51, "red"), (500, "red")]
)
def test_a_resource_is_at_risk_above_its_yield_and_watched_above_four_fifths(now, light):
    assert replace(GRASS, now=now).light == light


def test_the_light_of_resources_is_that_of_the_worst():
    rows = [replace(GRASS, now=now) for now in (10, 60, 70)] + [replace(GRASS, before=None)]
    found = rules.sign_of_resources(rows)
    assert (found.light, str(found.reason)) == (
        "red",
        "Of 2 of 3 resources more than the sustainable yield is taken.",
    )
    assert rules.sign_of_resources([replace(GRASS, before=None)]).light == "unknown"
    assert rules.sign_of_resources([replace(GRASS, sustainable_yield=0)]).light == "red"
    assert rules.sign_of_resources([]).light == "unknown"


@pytest.mark.parametrize(("alone", "of", "light"), [(4, 6, "green"), (3, 6, "yellow"), (2, 6, "yellow"), (1, 6, "red")])
def test_income_lasts_when_two_of_three_earn_the_line(alone, of, light):
    rows = [CAKES] * alone + [replace(CAKES, profit_idr=999)] * (of - alone)
    assert rules.sign_of_income(rows, 1_000).light == light


def test_who_closed_does_not_earn_and_who_wrote_nothing_is_not_known():
    unknown, closed = replace(CAKES, profit_idr=None), replace(CAKES, is_closed=True)
    assert str(rules.sign_of_income([CAKES, closed, unknown], 1_000).reason).startswith("1 of 2 enterprises")
    assert rules.sign_of_income([CAKES, unknown, unknown], 1_000).light == "unknown"
    assert rules.sign_of_income([], 1_000).light == rules.sign_of_income([CAKES], None).light == "unknown"


@pytest.mark.parametrize(
    ("delivered", "light"), [(500, "green"), (499, "yellow"), (250, "yellow"), (249, "red"), (2_000, "green")]
)
def test_half_of_the_sales_under_contract_lasts(delivered, light):
    assert rules.sign_of_contracts(replace(SALES, delivered_idr=delivered)).light == light


def test_nothing_sold_says_nothing_and_a_delivery_that_is_not_written_down_is_sold():
    assert rules.sign_of_contracts(replace(SALES, sold_idr=0)).light == "unknown"
    assert replace(SALES, sold_idr=0, delivered_idr=5).share == 1


def test_a_share_of_few_who_delivered_is_told_to_the_office_only():
    sign = rules.sign_of_contracts(replace(SALES, delivered_idr=600))
    assert rules.outside(sign, replace(SALES, delivering=8).fewest) == sign
    assert rules.outside(sign, replace(SALES, delivering=4).fewest).light == "unknown"
    assert replace(SALES, delivering=0).fewest == 9


def test_the_worst_known_light_is_that_of_all():
    assert rules.worst([Light.GREEN, Light.UNKNOWN, Light.YELLOW]) == Light.YELLOW
    assert rules.worst([Light.RED, Light.GREEN]) == Light.RED
    assert rules.worst([Light.UNKNOWN]) == Light.UNKNOWN


def test_at_most_three_full_months_after_a_day_are_looked_at():
    last = datetime.date(2023, 1, 1)
    assert [m.month for m in rules.months_after(datetime.date(2022, 1, 5), last)] == [11, 12, 1]
    assert [m.month for m in rules.months_after(datetime.date(2022, 12, 1), last)] == [12, 1]
    assert rules.months_after(datetime.date(2023, 1, 2), last) == []


@pytest.mark.django_db
def test_a_recipe_takes_its_resource_for_each_enterprise_that_runs(programme):
    farm, grass = make_activity(programme), make_resource(programme, sustainable_yield=50, used=10)
    make_resource_use(farm, grass, 8)
    for number, status in enumerate(("running", "running", "closed", "planned"), start=1):
        enterprise(participant(programme, number), number, activity=farm, status=status)
    enterprise(participant(programme, 9), 9, activity=farm, started_on=DAY + datetime.timedelta(days=1))
    (row,) = queries.taken(programme, DAY, None)
    assert (row.before, row.now, row.planned, row.share) == (10, 16, None, pytest.approx(26 / 50))


@pytest.fixture
def kitchen(programme, cast):
    """The enterprise of somebody who has assistance in hand since 1 November."""
    owner = participant(programme, 1)
    owner.person.user = cast["dewi"]
    owner.person.save(update_fields=("user",))
    up_to("received", assistance(owner), cast)
    return enterprise(owner)


@pytest.mark.django_db
def test_income_is_of_the_full_months_since_the_assistance_was_in_hand(programme, kitchen):
    enterprise(participant(programme, 2), 2)  # its owner had no assistance
    for month, sold in ((10, 300_000), (11, 900_000), (12, 5_000_000)):
        entry(kitchen, "sale", sold, datetime.date(2022, month, 1))
    entry(kitchen, "cost", 100_000, datetime.date(2022, 11, 9), cost_kind="materials")
    (row,) = queries.after_assistance(programme, DAY)
    assert (row.code, row.months, row.profit_idr, row.before_idr) == ("E001", 1, 800_000, 300_000)
    assert queries.after_assistance(programme, datetime.date(2022, 10, 31)) == []


@pytest.mark.django_db
def test_what_was_delivered_under_contract_is_held_against_all_sales(programme):
    kitchen = enterprise(participant(programme, 1))
    delivery(contract(demand(programme), kitchen))  # 50 boxes at Rp20,000 on 10 November
    entry(kitchen, "sale", 4_000_000)
    entry(kitchen, "sale", 9_000_000, DAY)  # a month that has not ended
    found = queries.contracted(programme, DAY, None)
    assert (found.sold_idr, found.delivered_idr, found.share) == (4_000_000, 1_000_000, 0.25)
    assert (found.selling, found.delivering) == (1, 1)


@pytest.mark.django_db
def test_the_page_opens_to_its_rows_and_says_nothing_of_few_outside_the_office(
    client_of, cast, programme, kitchen, django_assert_max_num_queries
):
    address = reverse("outcomes:sustainability", args=[programme.code])
    entry(kitchen, "sale", 900_000)
    client = client_of(cast["ani"])
    with django_assert_max_num_queries(14):
        page = client.get(address).text
    assert reverse("enterprises:result", args=[programme.code, "E001"]) in page
    assert "1 of 1 enterprises earn the poverty line" in page
    for outsider in ("indah", "dewi"):
        page = client_of(cast[outsider]).get(address).text
        assert "E001" not in page
        assert "900" not in page.split("<main")[1]
        assert page.count("Figures of fewer than 5 people are shown to the office only.") == 2


@pytest.mark.django_db
def test_before_anything_there_is_nothing_to_judge(client_of, ani, cast, programme):
    page = client_of(ani).get(reverse("outcomes:sustainability", args=[programme.code])).text
    for said in ("No activity takes a resource", "Nobody who owns an enterprise had assistance in hand yet"):
        assert said in page
    assert "bg-red-lt" not in page.split("<main")[1]
    page = client_of(cast["indah"]).get(reverse("outcomes:sustainability", args=[programme.code])).text
    assert "No enterprise has an owner who had assistance in hand." in page
