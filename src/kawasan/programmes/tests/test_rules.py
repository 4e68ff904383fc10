"""Which rule set applies on a day, which band a score falls into, whether the fields fit."""

import datetime
from dataclasses import dataclass

import pytest

from kawasan.programmes import rules


@dataclass
class Dated:
    number: str
    valid_from: datetime.date


RULE_SETS = [Dated("old", datetime.date(2022, 1, 1)), Dated("new", datetime.date(2022, 6, 1))]


@pytest.mark.parametrize(
    ("day", "number"), [("2022-05-31", "old"), ("2022-06-01", "new"), ("2023-01-01", "new"), ("2022-01-01", "old")]
)
def test_the_latest_valid_rule_set_applies(day: str, number: str) -> None:
    found = rules.rule_set_on(RULE_SETS, datetime.date.fromisoformat(day))
    assert found is not None
    assert found.number == number


def test_before_the_first_rule_set_none_applies() -> None:
    assert rules.rule_set_on(RULE_SETS, datetime.date(2021, 12, 31)) is None


@pytest.mark.parametrize(("score", "band"), [(0, "C"), (29.9, "C"), (30, "B"), (60, "A"), (100, "A")])
def test_a_score_falls_into_the_highest_band_it_reaches(score: float, band: str) -> None:
    assert rules.band_of(score, [("B", 30), ("A", 60), ("C", 0)]) == band


def test_bands_that_do_not_start_at_zero_are_named() -> None:
    assert rules.reasons_bands_incomplete([30, 60])
    assert not rules.reasons_bands_incomplete([0, 60])


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ([(6, 8), (5, 9)], "The fields ask for at least 11 seats, but there are only 10."),
        ([(0, 4), (0, 5)], "The fields take at most 9 people, but there are 10 seats to fill."),
    ],
)
def test_fields_that_do_not_fit_the_seats_are_named(fields: list[tuple[int, int]], sentence: str) -> None:
    assert [str(reason) for reason in rules.reasons_fields_do_not_fit(10, fields)] == [sentence]


def test_fields_that_just_fit_are_fine() -> None:
    assert rules.reasons_fields_do_not_fit(10, [(5, 5), (5, 5)]) == []


def test_every_role_and_stage_has_words() -> None:
    assert all(code.label for codes in (rules.Role, rules.Stage, rules.Feature) for code in codes)
