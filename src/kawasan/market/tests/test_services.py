import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.enterprises.tests.factories import enterprise as make_enterprise
from kawasan.enterprises.tests.factories import participant
from kawasan.market import queries, services
from kawasan.market.models import Contract, Delivery
from kawasan.market.rules import PaymentStatus, StepKind
from kawasan.market.tests import factories

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2022, 12, 1)  # the test programme's as_of


@pytest.fixture
def enterprise(programme):
    return make_enterprise(participant(programme))


@pytest.fixture
def demand(programme):
    return factories.demand(programme)


@pytest.fixture
def contract(demand, enterprise):
    return factories.contract(demand, enterprise)


def _terms(**changes):
    return {
        "quantity_per_month": 60,
        "price_idr": 20_000,
        "signed_on": datetime.date(2022, 9, 20),
        "starts_on": datetime.date(2022, 10, 1),
        "ends_on": datetime.date(2023, 3, 31),
        "source": "letter 1",
    } | changes


def test_a_contract_is_stored_and_logged(demand, enterprise, ani):
    made = services.add_contract(demand=demand, enterprise=enterprise, by=ani, **_terms())
    assert (made.code, made.programme) == ("K001", demand.programme)
    assert LogEntry.objects.get(verb="market.contract_added").data["enterprise"] == enterprise.code


def test_a_closed_enterprise_makes_no_contract(demand, enterprise, ani):
    enterprise.status = "closed"
    with pytest.raises(Refused, match="closed"):
        services.add_contract(demand=demand, enterprise=enterprise, by=ani, **_terms())
    assert not Contract.objects.exists()


def test_a_price_below_nothing_is_no_price(demand, enterprise, ani):
    with pytest.raises(ValidationError):
        services.add_contract(demand=demand, enterprise=enterprise, by=ani, **_terms(price_idr=-1))


def test_more_than_the_demand_leaves_is_stored_and_warned_about(demand, contract, enterprise, ani):
    second = services.add_contract(demand=demand, enterprise=enterprise, by=ani, **_terms())
    assert "leaves 40" in str(queries.warnings_of(second)[0])


def test_contracts_of_other_days_take_nothing_from_a_demand(demand, contract, enterprise):
    later = factories.contract(
        demand, enterprise, 2, starts_on=datetime.date(2023, 4, 1), ends_on=datetime.date(2023, 8, 31)
    )
    assert queries.warnings_of(later) == []


def test_a_delivery_has_the_price_of_its_contract(contract, ani):
    made = services.record_delivery(contract=contract, delivered_on=TODAY, quantity=12.5, by=ani)
    assert (made.price_idr, made.accepted_quantity, made.source) == (20_000, None, ani.name)


def test_a_delivery_outside_the_contract_is_refused(contract, ani):
    with pytest.raises(Refused, match="lies outside"):
        services.record_delivery(contract=contract, delivered_on=datetime.date(2022, 9, 30), quantity=1, by=ani)


@pytest.fixture
def stated(contract, cast):
    """A delivery that Citra stated for the enterprise."""
    return services.record_delivery(
        contract=contract, delivered_on=datetime.date(2022, 11, 10), quantity=50, by=cast["citra"]
    )


def test_what_both_sides_signed_counts_and_is_paid_once_both_say_so(programme, contract, stated, cast):
    eko, citra = cast["eko"], cast["citra"]
    assert queries.contracts_of(programme, TODAY).get().delivered == 0
    services.say(delivery=stated, kind=StepKind.CONFIRMED, quantity=40, by=eko)
    assert queries.contracts_of(programme, TODAY).get().delivered == 40
    services.say(delivery=stated, kind=StepKind.PAID, dated=TODAY, by=eko)
    said = Delivery.objects.in_full().get()
    assert (said.payment_on(TODAY), said.paid_on) == (PaymentStatus.STATED, None)
    services.say(delivery=stated, kind=StepKind.RECEIVED, dated=TODAY, by=citra)
    paid = Delivery.objects.in_full().get()
    assert (paid.amount_idr, paid.payment_on(TODAY)) == (800_000, PaymentStatus.PAID)
    verbs = LogEntry.objects.order_by("sequence").values_list("verb", flat=True)
    assert list(verbs)[1:] == ["market.delivery_confirmed", "market.delivery_paid", "market.delivery_received"]


def test_nobody_signs_for_both_sides(stated, cast):
    with pytest.raises(Refused, match="other side"):
        services.say(delivery=stated, kind=StepKind.CONFIRMED, quantity=50, by=cast["citra"])
    services.say(delivery=stated, kind=StepKind.CONFIRMED, quantity=50, by=cast["eko"])
    services.say(delivery=stated, kind=StepKind.PAID, dated=TODAY, by=cast["eko"])
    with pytest.raises(Refused, match="other side"):
        services.say(delivery=stated, kind=StepKind.RECEIVED, dated=TODAY, by=cast["eko"])


def test_a_disputed_delivery_is_corrected_by_a_new_row_that_alone_counts(programme, stated, cast):
    services.say(delivery=stated, kind=StepKind.DISPUTED, note="48 boxes came", by=cast["eko"])
    new = services.correct_delivery(delivery=stated, quantity=48, by=cast["citra"])
    stated.refresh_from_db()
    assert (stated.quantity, new.quantity, new.replaces) == (50, 48, stated)
    assert list(Delivery.objects.standing()) == [new]
    with pytest.raises(Refused, match="correction replaced"):
        services.say(delivery=stated, kind=StepKind.CONFIRMED, quantity=50, by=cast["eko"])
    services.say(delivery=new, kind=StepKind.CONFIRMED, quantity=48, by=cast["eko"])
    assert queries.contracts_of(programme, TODAY).get().delivered == 48


def test_money_that_did_not_come_stays_due(stated, cast):
    services.say(delivery=stated, kind=StepKind.CONFIRMED, quantity=50, by=cast["eko"])
    with pytest.raises(Refused, match="First the offtaker says that it paid"):
        services.say(delivery=stated, kind=StepKind.RECEIVED, dated=TODAY, by=cast["citra"])
    services.say(delivery=stated, kind=StepKind.PAID, dated=TODAY, by=cast["eko"])
    services.say(delivery=stated, kind=StepKind.NOT_RECEIVED, note="not on the account", by=cast["citra"])
    assert Delivery.objects.in_full().get().payment_on(TODAY) == PaymentStatus.DUE
    assert list(Delivery.objects.overdue_on(datetime.date(2023, 1, 1))) == [stated]


def test_the_days_to_pay_are_those_of_the_contract(contract, cast):
    contract.payment_days = 7
    made = services.record_delivery(contract=contract, delivered_on=TODAY, quantity=1, by=cast["citra"])
    assert made.due_on == datetime.date(2022, 12, 8)


def test_more_is_not_accepted_than_came(stated, cast):
    with pytest.raises(Refused, match="Only 50"):
        services.say(delivery=stated, kind=StepKind.CONFIRMED, quantity=50.5, by=cast["eko"])
    stated.refresh_from_db()
    assert stated.accepted_quantity is None


def test_the_database_holds_no_payment_of_what_was_not_judged(contract):
    with pytest.raises(IntegrityError):
        factories.delivery(contract, accepted_quantity=None, paid_on=TODAY)


def test_a_balance_counts_running_contracts_and_last_months_deliveries(programme, demand, contract, enterprise):
    factories.contract(demand, enterprise, 2, ends_on=datetime.date(2022, 11, 30))
    factories.delivery(contract, 1, accepted_quantity=45)
    factories.delivery(contract, 2, accepted_quantity=None, quantity=5)
    factories.delivery(contract, 3, delivered_on=datetime.date(2022, 10, 31))
    (found,) = queries.balances(programme, TODAY)
    balance = queries.balance_of(found)
    assert (balance.demanded, balance.contracted, balance.delivered) == (100, 60, 45)


def test_the_best_served_demand_comes_first_then_the_one_worth_most(programme, demand, enterprise):
    served, small = factories.demand(programme, 2), factories.demand(programme, 3, price_idr=5)
    nothing = factories.demand(programme, 4, quantity_per_month=0)
    factories.contract(served, enterprise)
    assert list(queries.balances(programme, TODAY)) == [served, demand, small, nothing]


def test_the_set_of_overdue_deliveries_is_the_one_the_rule_names(contract):
    number = 0
    for days in (29, 30, 31, 60):
        for accepted in (None, 0, 50):
            for paid_on in (None, TODAY):
                if paid_on and accepted is None:
                    continue
                number += 1
                delivered_on = TODAY - datetime.timedelta(days=days)
                factories.delivery(
                    contract, number, delivered_on=delivered_on, accepted_quantity=accepted, paid_on=paid_on
                )
    by_rule = {row for row in Delivery.objects.all() if row.payment_on(TODAY) == PaymentStatus.OVERDUE}
    assert len(by_rule) == 4
    assert set(Delivery.objects.overdue_on(TODAY)) == by_rule


def test_the_list_of_contracts_is_one_query(programme, contract, django_assert_num_queries):
    factories.delivery(contract, delivered_on=datetime.date(2022, 10, 5))
    with django_assert_num_queries(1):
        (row,) = queries.contracts_of(programme, TODAY)
        assert (row.delivered, row.overdue, str(row.demand.offtaker)) == (50, 1, "Hotel Contoh")
