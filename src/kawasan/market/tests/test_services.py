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
from kawasan.market.rules import PaymentStatus
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


def test_a_delivery_is_judged_then_paid(contract, ani):
    delivery = factories.delivery(contract, accepted_quantity=None)
    services.judge_delivery(delivery=delivery, accepted_quantity=40, by=ani)
    paid = services.record_payment(delivery=delivery, paid_on=TODAY, by=ani)
    assert (paid.amount_idr, paid.payment_on(TODAY)) == (800_000, PaymentStatus.PAID)
    verbs = list(LogEntry.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["market.delivery_judged", "market.delivery_paid"]


def test_a_delivery_is_paid_once(contract, ani):
    delivery = factories.delivery(contract, paid_on=TODAY)
    with pytest.raises(Refused, match="already recorded"):
        services.record_payment(delivery=delivery, paid_on=TODAY, by=ani)


def test_more_is_not_accepted_than_came(contract, ani):
    delivery = factories.delivery(contract, accepted_quantity=None)
    with pytest.raises(Refused, match="Only 50"):
        services.judge_delivery(delivery=delivery, accepted_quantity=50.5, by=ani)
    delivery.refresh_from_db()
    assert delivery.accepted_quantity is None


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
    assert (balance.demanded, balance.contracted, balance.delivered) == (100, 60, 50)


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
