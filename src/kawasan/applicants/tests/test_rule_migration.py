"""What rule sets said in columns, earlier versions' way, becomes rows that decide the same."""

import importlib
from types import SimpleNamespace

from kawasan.applicants import rules

rules_of = importlib.import_module("kawasan.applicants.migrations.0016_rules_from_columns").rules_of
STRICT = {
    "least_age": 17,
    "most_age": 55,
    "must_live_in_area": True,
    "must_not_be_employed": True,
    "may_be_student": False,
    "must_report_earlier_assistance": True,
    "programme": SimpleNamespace(area_code="19.71"),
}
OPEN = {
    "must_live_in_area": False,
    "must_not_be_employed": False,
    "may_be_student": True,
    "must_report_earlier_assistance": False,
}


def rows(**changed: object) -> list[tuple[str, ...]]:
    return list(rules_of(SimpleNamespace(**(STRICT | changed))))


def test_each_column_that_asked_for_something_becomes_a_row() -> None:
    assert [row[:3] for row in rows()] == [
        ("age", "at_least", "17"),
        ("age", "at_most", "55"),
        ("place", "within", "19.71"),
        ("activity_now", "is_none_of", "employed civil_servant"),
        ("activity_now", "is_not", "student"),
        ("unreported_assistance", "is", "false"),
    ]


def test_a_column_that_asked_for_nothing_becomes_none() -> None:
    assert [row[:3] for row in rows(**OPEN, least_age=20)] == [("age", "at_least", "20"), ("age", "at_most", "55")]


def test_the_rows_are_such_as_a_page_would_take() -> None:
    for field, comparison, value, reason, reason_en in rows():
        assert rules.reasons_bad_comparison(field, comparison) == []
        assert rules.reasons_bad_value(field, comparison, value) == []
        assert rules.reasons_bad_reason(reason) == rules.reasons_bad_reason(reason_en) == []
