"""Rows that stood as they were logged are recognised, though the columns of their model stood in another order."""

import pytest

from kawasan.core.upgrade import order_before


@pytest.mark.parametrize(
    ("made", "present", "before"),
    [
        (["id", "a", "b"], ["id", "a", "b"], ["id", "a", "b"]),
        (["id", "a", "c", "late"], ["id", "a", "late", "c"], ["id", "a", "late", "c"]),  # added in the middle
        (["id", "a", "gone", "gone_too", "c"], ["id", "a", "c"], ["id", "a", "gone", "gone_too", "c"]),
        (["id", "a", "gone", "c", "late"], ["id", "a", "late", "c"], ["id", "a", "gone", "late", "c"]),
        (["first", "id"], ["id"], ["first", "id"]),
        (["id", "a"], ["id", "a", "new"], ["id", "a"]),  # what the upgrade adds was in no fingerprint
    ],
)
def test_columns_stand_as_the_earlier_model_had_them(made: list[str], present: list[str], before: list[str]) -> None:
    assert order_before(made, present) == before
