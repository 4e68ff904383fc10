"""Orders, who brings what, the weeks ahead, and who may see and sign what."""

import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from kawasan.core.errors import Refused
from kawasan.core.language import in_words
from kawasan.core.models import LogEntry, User
from kawasan.enterprises.models import Enterprise
from kawasan.enterprises.tests.factories import enterprise as make_enterprise
from kawasan.enterprises.tests.factories import entry, mentored_group, participant
from kawasan.market import queries, services
from kawasan.market.models import Order
from kawasan.market.rules import PartAnswer, StepKind, orders, weeks
from kawasan.market.supply_weeks import forecasts, suppliers_for
from kawasan.market.tests import factories
from kawasan.partners.models import Organisation, Representative
from kawasan.programmes.models import Programme
from kawasan.value_chain.tests.factories import make_chain

TODAY = datetime.date(2022, 12, 1)  # the test programme's as_of
DUE = datetime.date(2022, 12, 31)
DB = pytest.mark.django_db


def supplier(code: str, makes: float, promised: float = 0) -> orders.Supplier:
    return orders.Supplier(int(code[1:]), code, code, "", makes, promised, None)


def test_an_order_is_shared_out_from_the_most_to_spare_and_what_is_missing_is_said() -> None:
    found = orders.who_brings(
        100, [supplier("E1", 30), supplier("E2", 60.7, 10), supplier("E3", 30), supplier("E4", 5, 9)], "kg"
    )
    assert [(one.supplier.code, one.quantity) for one in found] == [("E2", 50), ("E1", 30), ("E3", 20)]
    assert orders.missing_after(120, found) == 20


def test_why_somebody_is_asked_says_where_it_is_known_from() -> None:
    told = [
        orders.Supplier(1, "E1", "E1", "", 30, 0, None),
        orders.Supplier(2, "E2", "E2", "", 20, 0, 0.5),
        orders.Supplier(3, "E3", "E3", "", 10, 0, 0.5, is_reported=True),
    ]
    recipe, book, reported = (str(one.why) for one in orders.who_brings(60, told, "kg"))
    assert "No sales are recorded" in recipe
    assert "its cash book shows" in book
    assert reported == "Makes 10 kg until then, as its owner reported; 0 are promised to others."


def test_late_and_short_are_said_in_words() -> None:
    standing = orders.Standing(1000, 700, 100, 50, 200, DUE, is_cancelled=False)
    assert orders.state_of(standing, TODAY) == orders.OrderState.SHORT
    assert orders.state_of(standing, DUE + datetime.timedelta(days=3)) == orders.OrderState.LATE
    said = [str(one) for one in orders.said_of(standing, "kg", DUE + datetime.timedelta(days=3))]
    assert said[0] == "Late by 3 days: 800 of 1000 kg are not confirmed."
    assert said[2] == "Short: nobody accepted to bring 300 of 1000 kg."


def test_what_is_left_of_a_week_waits_as_long_as_it_keeps() -> None:
    assert weeks.short_by_week([0, 0, 100], [40, 40, 40], keeps=None) == [0, 0, 0]
    assert weeks.short_by_week([0, 0, 100], [40, 40, 40], keeps=1) == [0, 0, 20]
    assert weeks.short_by_week([0, 0, 100], [40, 40, 40], keeps=0) == [0, 0, 60]


def test_months_are_spread_over_their_days() -> None:
    start = datetime.date(2022, 12, 1)
    assert weeks.spread([31, 62], start, start, DUE) == pytest.approx(31)
    assert weeks.spread([31, 62], start, datetime.date(2022, 12, 31), datetime.date(2023, 1, 1)) == pytest.approx(3)


@pytest.fixture
def farms(programme: Programme, citra: User) -> list[Enterprise]:
    """Two layer farms, each with eggs to sell; the first is Dewi's, in Citra's group."""
    make_chain(programme)
    hens = programme.activities.get(code="ACT-ayam")
    rows = []
    for number in (1, 2):
        owner = participant(programme, number)
        rows.append(make_enterprise(owner, number, activity=hens, started_on=datetime.date(2022, 10, 1)))
    mentored_group(programme, rows[0].owner, user=citra)
    return rows


@pytest.fixture
def dewi_owns(farms: list[Enterprise], dewi: User) -> Enterprise:
    person = farms[0].owner.person
    person.user = dewi
    person.save(update_fields=("user",))
    return farms[0]


@pytest.fixture
def buyer(programme: Programme, eko: User) -> Organisation:
    ours = Organisation.objects.create(
        programme=programme, code="ORG-E", name="Toko Eko", kind="offtaker", source="synthetic"
    )
    Representative.objects.create(programme=programme, organisation=ours, user=eko)
    return ours


def place(programme: Programme, buyer: Organisation, quantity: float, **terms: Any) -> Order:
    eggs = programme.commodities.get(code="KOM-telur")
    return services.place_order(
        programme=programme, contract=None, by=None, offtaker=buyer, commodity=eggs, quantity=quantity,
        price_idr=30_000, due_on=DUE, source="synthetic", **terms,
    )  # fmt: skip


@DB
def test_several_enterprises_bring_one_order_and_its_state_follows(
    programme: Programme, farms: list[Enterprise], buyer: Organisation, cast: dict[str, User]
) -> None:
    order = place(programme, buyer, 150)
    parts = services.propose(order=order, by=cast["ani"])
    assert [(part.enterprise, part.quantity) for part in parts] == [(farms[0], 100), (farms[1], 50)]
    services.answer_part(part=parts[0], is_accepted=True, note="", by=None)
    services.answer_part(part=parts[1], is_accepted=False, note="hens are ill", by=None)
    assert queries.standing_of(order).missing == 50
    with pytest.raises(Refused, match="answered or taken back"):
        services.answer_part(part=parts[1], is_accepted=True, note="", by=None)
    with pytest.raises(Refused, match="has not accepted a part"):
        services.record_delivery(order=order, enterprise=farms[1], delivered_on=TODAY, quantity=5, by=cast["citra"])
    made = services.record_delivery(
        order=order, enterprise=farms[0], delivered_on=TODAY, quantity=150, by=cast["citra"]
    )
    assert queries.standing_of(order).on_the_way == 150
    services.say(delivery=made, kind=StepKind.CONFIRMED, quantity=150, by=cast["eko"])
    row = queries.order_row(Order.objects.in_full().with_sums().get(), TODAY)
    assert (row.state, row.said) == (orders.OrderState.FULFILLED, [])
    with pytest.raises(Refused, match="fulfilled"):
        services.propose(order=order, by=cast["ani"])


@DB
def test_what_others_were_promised_is_not_offered_twice(
    programme: Programme, farms: list[Enterprise], buyer: Organisation
) -> None:
    factories.contract(programme.demands.get(code="DEM-telur"), farms[0], quantity_per_month=80)
    first = place(programme, buyer, 90)
    services.propose(order=first, by=None)
    assert [(p.enterprise, p.quantity) for p in first.parts.all()] == [(farms[1], 90)]
    free = {one.code: round(one.free) for one in suppliers_for(place(programme, buyer, 90), TODAY)}
    assert free == {farms[0].code: 20, farms[1].code: 10}


@DB
def test_under_a_contract_its_enterprise_is_bound(programme: Programme, farms: list[Enterprise]) -> None:
    contract = factories.contract(programme.demands.get(code="DEM-telur"), farms[0], payment_days=7)
    order = services.place_order(
        programme=programme, contract=contract, by=None, offtaker=contract.demand.offtaker,
        commodity=contract.commodity, quantity=10, price_idr=1, due_on=DUE, source="x", payment_days=7,
    )  # fmt: skip
    part = order.parts.get()
    assert (part.enterprise, part.answer, part.note) == (farms[0], PartAnswer.ACCEPTED, contract.code)
    assert services.record_delivery(order=order, delivered_on=TODAY, quantity=10, by=None).due_on.day == 8


@DB
def test_an_order_is_called_off_until_something_was_brought(
    programme: Programme, farms: list[Enterprise], buyer: Organisation
) -> None:
    order = place(programme, buyer, 10)
    services.cancel_order(order=order, reason="closed for a month", by=None)
    assert LogEntry.objects.get(verb="market.order_cancelled").data["reason"] == "closed for a month"
    with pytest.raises(Refused, match="was called off"):
        services.cancel_order(order=order, reason="again", by=None)


@DB
def test_the_weeks_say_how_much_falls_short_and_why(
    programme: Programme, farms: list[Enterprise], buyer: Organisation
) -> None:
    assert forecasts(programme, TODAY) == []
    entry(farms[0], "sale", 100_000, datetime.date(2022, 11, 3))
    place(programme, buyer, 1000)
    (found,) = forecasts(programme, TODAY)
    week = found.worst
    assert (week.week.number, week.asked) == (52, 1000)
    assert 0 < week.short < 1000
    with override("en"):
        said = [in_words(one) for one in week.why]
    assert any("% of their recipes" in one for one in said)
    assert any("recorded no sale" in one for one in said)


def url(programme: Programme, route: str, *more: str) -> str:
    return reverse(f"market:{route}", args=[programme.code, *more])


@DB
def test_an_offtaker_sees_its_own_rows_alone(
    programme: Programme, farms: list[Enterprise], buyer: Organisation, client_of: Any, eko: User, citra: User
) -> None:
    foreign = factories.contract(programme.demands.get(code="DEM-telur"), farms[0])
    theirs = services.record_delivery(contract=foreign, delivered_on=TODAY, quantity=5, by=citra)
    own = place(programme, buyer, 10)
    client = client_of(eko)
    assert own.code in client.get(url(programme, "orders")).text
    assert client.get(url(programme, "delivery", theirs.code)).status_code == 404
    assert client.get(url(programme, "say", theirs.code, "confirmed")).status_code == 404
    assert client.get(url(programme, "add_contract_order", foreign.code)).status_code == 404
    page = client.get(url(programme, "buyer")).text
    assert "Toko Eko" in page
    assert theirs.code not in page
    assert "short of" in page or "can be brought" in page
    sent = {
        "offtaker": foreign.demand.offtaker_id,
        "commodity": own.commodity_id,
        "quantity": 1,
        "due_on": DUE,
        "price_idr": 1,
    }
    assert client.post(url(programme, "add_order"), sent | {"payment_days": 7, "source": "x"}).status_code == 200
    sent |= {"offtaker": buyer.pk, "payment_days": 7, "source": "x"}
    assert client.post(url(programme, "add_order"), sent).status_code == 302


@DB
def test_what_is_only_bought_cannot_be_ordered(
    programme: Programme, farms: list[Enterprise], buyer: Organisation, client_of: Any, eko: User
) -> None:
    columns = {"unit": "kg", "source": "synthetic"}
    bran = programme.commodities.create(code="KOM-dedak", name="Dedak", name_en="Rice bran", **columns)
    client = client_of(eko)
    page = client.get(url(programme, "add_order")).text
    assert "Rice bran" not in page
    assert str(programme.demands.get(code="DEM-telur").commodity.name_en) in page
    sent = {
        "offtaker": buyer.pk, "commodity": bran.pk, "quantity": 1, "due_on": DUE, "price_idr": 1, "payment_days": 7,
        "source": "x",
    }  # fmt: skip
    assert client.post(url(programme, "add_order"), sent).status_code == 200
    assert not Order.objects.exists()


@DB
def test_an_offtaker_without_an_organisation_orders_for_nobody(
    programme: Programme, farms: list[Enterprise], client_of: Any, eko: User
) -> None:
    eggs = programme.demands.get(code="DEM-telur")
    sent = {"offtaker": eggs.offtaker_id, "commodity": eggs.commodity_id, "quantity": 1, "due_on": DUE, "price_idr": 1}
    client = client_of(eko)
    assert client.post(url(programme, "add_order"), sent | {"payment_days": 7, "source": "x"}).status_code == 200
    assert not Order.objects.exists()
    assert "no organisation" in client.get(url(programme, "buyer")).text


@DB
def test_the_two_sides_go_through_a_delivery_on_their_own_pages(
    programme: Programme, dewi_owns: Enterprise, buyer: Organisation, client_of: Any, cast: dict[str, User]
) -> None:
    order = place(programme, buyer, 50)
    services.propose(order=order, by=cast["ani"])
    part, dewi, eko = order.parts.get(enterprise=dewi_owns), client_of(cast["dewi"]), client_of(cast["eko"])
    assert url(programme, "answer_part", part.code) in dewi.get(url(programme, "mine")).text
    assert dewi.post(url(programme, "answer_part", part.code), {"is_accepted": "yes"}).status_code == 302
    brought = {"enterprise": dewi_owns.pk, "delivered_on": "2022-12-01", "quantity": "50", "price_idr": ""}
    assert dewi.post(url(programme, "record_order_delivery", order.code), brought).status_code == 302
    delivery = order.deliveries.get()
    assert delivery.price_idr == 30_000
    assert dewi.get(url(programme, "say", delivery.code, "confirmed")).status_code == 403
    assert delivery.code in eko.get(url(programme, "buyer")).text
    assert eko.post(url(programme, "say", delivery.code, "confirmed"), {"quantity": "50"}).status_code == 302
    assert eko.post(url(programme, "say", delivery.code, "paid"), {"dated": "2022-12-01"}).status_code == 302
    assert eko.get(url(programme, "say", delivery.code, "received")).status_code == 403
    assert "Do you have this money?" in dewi.get(url(programme, "mine")).text
    assert dewi.post(url(programme, "say", delivery.code, "received"), {"dated": "2022-12-01"}).status_code == 302
    delivery.refresh_from_db()
    assert delivery.paid_on == TODAY
    assert "The enterprise has the money" in eko.get(url(programme, "delivery", delivery.code)).text


@DB
def test_the_office_speaks_for_the_offtaker_with_its_paper_only(
    programme: Programme, farms: list[Enterprise], client_of: Any, cast: dict[str, User]
) -> None:
    contract = factories.contract(programme.demands.get(code="DEM-telur"), farms[0])
    made = services.record_delivery(contract=contract, delivered_on=TODAY, quantity=5, by=cast["citra"])
    ani, address = client_of(cast["ani"]), url(programme, "say", made.code, "confirmed")
    assert ani.post(address, {"quantity": "5"}).status_code == 200
    assert ani.post(address, {"quantity": "5", "note": "delivery note 12"}).status_code == 302
    assert made.steps.get().note == "delivery note 12"


@DB
def test_a_mentor_answers_for_the_own_groups_and_says_how_the_word_was_given(
    programme: Programme, farms: list[Enterprise], buyer: Organisation, client_of: Any, citra: User
) -> None:
    order = place(programme, buyer, 150)
    first, second = services.propose(order=order, by=None)
    client = client_of(citra)
    assert client.post(url(programme, "answer_part", second.code), {"is_accepted": "yes"}).status_code == 404
    assert client.post(url(programme, "answer_part", first.code), {"is_accepted": "yes"}).status_code == 200
    sent = {"is_accepted": "yes", "note": "on the phone on 1 December"}
    assert client.post(url(programme, "answer_part", first.code), sent).status_code == 302
    assert "What falls short" not in client.get(url(programme, "order", order.code)).text


@DB
@pytest.mark.parametrize("route", ["orders", "deliveries", "weeks"])
def test_the_team_reads_the_lists(
    programme: Programme, farms: list[Enterprise], buyer: Organisation, client_of: Any, budi: User, route: str
) -> None:
    place(programme, buyer, 10)
    assert client_of(budi).get(url(programme, route)).status_code == 200
