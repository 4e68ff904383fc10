import numpy as np
import pytest

from kawasan.engine.chain import Entries, changed
from kawasan.engine.errors import InvalidInputError
from kawasan.engine.supply import supply
from kawasan.engine.tests.chains import FISH

# Two farms and three kitchens over two months. A farm makes 100 kg a month and a kitchen turns 50 into 30 packs; in the
# second month the farms report a half. Kitchens need 150 kg: there are 200, then 100.
REAL = changed(
    FISH,
    period_months=np.ones(2),
    activities={"capacity": np.ones((2, 2)), "running_cost_idr": np.array([1000.0, 500.0])},
    pools={"available": np.full((1, 2), 6.0)},
    existing={
        "codes": ("farms", "kitchens"),
        "activity": np.array([0, 1]),
        "place": np.array([0, 0]),
        "number": np.array([2.0, 3.0]),
        "share": np.array([[1.0, 0.5], [1.0, 1.0]]),
    },
    outlets={
        "firmness": np.array([1, 3]),
        "quantity": np.array([[400.0, 400.0], [80.0, 80.0]]),
        "price_idr": np.array([[20.0, 20.0], [100.0, 100.0]]),
        "least": np.array([[0.0, 0.0], [80.0, 80.0]]),
    },
)


def test_who_supplies_whom_and_what_falls_short_is_told_by_month():
    found = supply(REAL)
    assert found.plan.short == pytest.approx(np.array([[0, 0], [0, 20]]))  # 100 kg are 60 of 80 packs
    assert found.firm_unmet == pytest.approx(found.plan.short)
    links = found.plan.links
    to_kitchens = (links.target_kind == 1) & (links.commodity == 0)
    assert links.source[to_kitchens].tolist() == [0, 0]
    assert links.quantity[to_kitchens] == pytest.approx([80 / 30 * 50, 100])


def test_an_enterprise_that_stands_still_for_want_of_an_input_is_told():
    found = supply(REAL)
    assert found.idle == pytest.approx(np.array([[0, 0], [3 - 80 / 30, 1]]))
    assert found.lacks.existing.tolist() == [1]  # in the first month buyers, not fish, hold the kitchens back
    assert (found.lacks.commodity.tolist(), found.lacks.period.tolist()) == ([0], [1])
    assert found.lacks.quantity == pytest.approx([50])


def test_who_lacks_an_input_makes_its_maker_lack_his_own():
    # Two farms stand still for want of feed; so the kitchens' fish is lacking, and so is the farms' feed.
    fed = changed(
        REAL,
        commodities={"codes": ("fish", "pack", "feed")},
        activities={"input": Entries(row=np.array([0, 1]), column=np.array([2, 0]), value=np.array([10.0, 50.0]))},
        suppliers={
            "codes": ("t",),
            "commodity": np.array([2]),
            "price_idr": np.ones((1, 2)),
            "quantity": np.full((1, 2), 5.0),
        },
    )  # 5 of feed a month are half a farm's month: 50 kg of fish
    found = supply(fed).lacks
    rows = sorted(zip(found.existing.tolist(), found.commodity.tolist(), found.period.tolist(), strict=True))
    assert rows == [(0, 2, 0), (0, 2, 1), (1, 0, 0), (1, 0, 1)]
    assert found.quantity == pytest.approx([15, 5, 100, 100])


def test_what_somebody_sells_without_limit_is_not_lacking():
    bought = changed(REAL, suppliers={"codes": ("t",), "commodity": np.array([0]), "price_idr": np.full((1, 2), 90.0)})
    found = supply(bought)
    assert found.lacks.existing.size == 0
    assert found.plan.short.sum() == 0  # a contract is kept at a loss: 50 kg at 90 for 30 packs at 100


def test_seats_fields_and_budgets_do_not_matter_after_the_start():
    assert supply(changed(REAL, fields={"least": np.array([9.0, 1.0])}, budget_idr=0.0)).plan.enterprises.size == 0


def test_without_enterprises_nobody_supplies():
    with pytest.raises(InvalidInputError, match="no enterprise"):
        supply(FISH)
