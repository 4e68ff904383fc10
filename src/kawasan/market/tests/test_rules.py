import datetime
from dataclasses import replace

import pytest

from kawasan.market import rules
from kawasan.market.rules import Balance, PaymentStatus, Signed, StepKind

DAY = datetime.date(2022, 11, 1)
CONTRACT = {
    "enterprise_is_closed": False,
    "signed_on": datetime.date(2022, 9, 20),
    "starts_on": datetime.date(2022, 10, 1),
    "ends_on": datetime.date(2023, 3, 31),
    "demand_from": datetime.date(2022, 9, 1),
    "demand_to": datetime.date(2023, 8, 31),
}
PAYMENT = {"delivered_on": DAY, "paid_on": DAY, "today": DAY}
STATED = Signed(quantity=50, accepted_quantity=None, is_paid=False, is_replaced=False, last_step="")
CONFIRMED = replace(STATED, accepted_quantity=50, last_step=StepKind.CONFIRMED)
PAID = replace(CONFIRMED, last_step=StepKind.PAID)


def after(days):
    return DAY + datetime.timedelta(days=days)


def test_a_contract_inside_its_demand_can_be_made():
    assert rules.reasons_no_contract(**CONTRACT) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"enterprise_is_closed": True}, "closed"),
        ({"ends_on": datetime.date(2022, 9, 30)}, "end before it starts"),
        ({"signed_on": datetime.date(2023, 4, 1)}, "signed after it has ended"),
        ({"demand_to": datetime.date(2022, 9, 30)}, "lies outside"),
        ({"demand_from": datetime.date(2023, 4, 1)}, "lies outside"),
    ],
)
def test_each_fault_of_a_contract_has_its_reason(change, words):
    (reason,) = rules.reasons_no_contract(**CONTRACT | change)
    assert words in str(reason)


def test_all_reasons_are_given_at_once():
    wrong = {"enterprise_is_closed": True, "ends_on": datetime.date(2022, 9, 30), "signed_on": DAY}
    assert len(rules.reasons_no_contract(**CONTRACT | wrong)) == 3


def test_a_contract_that_takes_all_that_is_left_is_no_warning():
    assert rules.contract_warnings(quantity=40, open_quantity=40, unit="kg") == []
    assert "leaves 40" in str(rules.contract_warnings(quantity=41, open_quantity=40, unit="kg")[0])


def test_contracts_beyond_the_demand_leave_nothing_and_not_less():
    balance = Balance(demanded=100, contracted=130, delivered=25)
    assert (balance.open, balance.excess, balance.fulfilment) == (0, 30, 0.25)


def test_a_demand_of_nothing_has_no_fulfilment():
    assert Balance(0, 0, 0).fulfilment is None


@pytest.mark.parametrize(
    ("days", "accepted", "is_paid", "last_step", "status"),
    [
        (30, 50.0, False, "", PaymentStatus.DUE),
        (31, 50.0, False, "", PaymentStatus.OVERDUE),
        (30, None, False, "", PaymentStatus.NOT_JUDGED),
        (31, None, False, "", PaymentStatus.OVERDUE),
        (31, 0.0, False, "", PaymentStatus.NOTHING_DUE),
        (99, 50.0, True, "", PaymentStatus.PAID),
        (31, None, False, StepKind.DISPUTED, PaymentStatus.DISPUTED),
        (31, 50.0, False, StepKind.PAID, PaymentStatus.STATED),
        (31, 50.0, False, StepKind.NOT_RECEIVED, PaymentStatus.OVERDUE),
    ],
)
def test_a_payment_is_overdue_after_its_day(days, accepted, is_paid, last_step, status):
    found = rules.payment_status(
        due_on=after(30),
        accepted_quantity=accepted,
        paid_on=DAY if is_paid else None,
        last_step=last_step,
        today=after(days),
    )
    assert found == status


def test_only_what_was_accepted_is_to_be_paid():
    assert rules.amount_due(quantity=10, accepted_quantity=7.5, price_idr=1_000) == 7_500
    assert rules.amount_due(quantity=10, accepted_quantity=None, price_idr=1_000) == 10_000
    assert rules.amount_due(quantity=10, accepted_quantity=0, price_idr=1_000) == 0


@pytest.mark.parametrize(("days", "is_possible"), [(-1, False), (0, True), (5, True), (6, False)])
def test_a_delivery_lies_in_the_days_of_its_contract(days, is_possible):
    reasons = rules.reasons_no_delivery(delivered_on=after(days), starts_on=DAY, ends_on=after(5), today=after(90))
    assert (reasons == []) is is_possible


def test_a_delivery_to_come_is_none_yet():
    reasons = rules.reasons_no_delivery(delivered_on=after(1), starts_on=DAY, ends_on=after(5), today=DAY)
    assert "still to come" in str(reasons[0])


def test_no_more_is_accepted_than_came():
    assert rules.reasons_not_accepted(quantity=50, accepted_quantity=50) == []
    assert "Only 50" in str(rules.reasons_not_accepted(quantity=50, accepted_quantity=51)[0])


@pytest.mark.parametrize(
    ("kind", "so_far", "words"),
    [
        (StepKind.CONFIRMED, STATED, ""),
        (StepKind.DISPUTED, STATED, ""),
        (StepKind.PAID, STATED, "First the offtaker says how much"),
        (StepKind.CONFIRMED, CONFIRMED, "confirmed this delivery already"),
        (StepKind.DISPUTED, replace(STATED, last_step=StepKind.DISPUTED), "disputed already"),
        (StepKind.CONFIRMED, replace(STATED, last_step=StepKind.DISPUTED), ""),
        (StepKind.PAID, CONFIRMED, ""),
        (StepKind.PAID, replace(CONFIRMED, accepted_quantity=0), "nothing is to be paid"),
        (StepKind.PAID, PAID, "stated already"),
        (StepKind.PAID, replace(PAID, last_step=StepKind.NOT_RECEIVED), ""),
        (StepKind.RECEIVED, CONFIRMED, "First the offtaker says that it paid"),
        (StepKind.RECEIVED, PAID, ""),
        (StepKind.NOT_RECEIVED, PAID, ""),
        (StepKind.PAID, replace(PAID, is_paid=True), "Nothing is left to say"),
        (StepKind.CONFIRMED, replace(STATED, is_replaced=True), "Open the correction"),
    ],
)
def test_each_side_speaks_in_its_turn(kind, so_far, words):
    reasons = rules.reasons_not_to_say(kind, so_far)
    assert (words in str(reasons[0])) if words else reasons == []


def test_what_is_paid_is_not_corrected():
    assert rules.reasons_not_correctable(CONFIRMED) == []
    assert "both sides signed" in str(rules.reasons_not_correctable(PAID)[0])


def test_what_was_accepted_can_be_paid_on_the_same_day():
    assert rules.reasons_not_payable(**PAYMENT) == []


@pytest.mark.parametrize(
    ("change", "words"), [({"paid_on": after(1)}, "still to come"), ({"paid_on": after(-1)}, "before the delivery")]
)
def test_each_hindrance_of_a_payment_has_its_reason(change, words):
    (reason,) = rules.reasons_not_payable(**PAYMENT | change)
    assert words in str(reason)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((0, 0, 0, 0), "No offtaker"),
        ((2, 1, 3, 1), "after their day: 3"),
        ((2, 0, 0, 2), "no contract"),
        ((2, 1, 0, 1), "do not yet cover: 1"),
        ((2, 2, 0, 0), "cover every demand"),
    ],
)
def test_the_next_step_is_the_most_pressing(counts, words):
    names = ("demands", "contracts", "overdue", "open_demands")
    assert words in str(rules.next_step(**dict(zip(names, counts, strict=True))))
