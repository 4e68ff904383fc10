"""Every comparison is decided right at its limit, just below it and just above, and says so in both languages."""

import datetime
from dataclasses import dataclass, replace

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as some

from kawasan.applicants import rules
from kawasan.applicants.rules import CATALOGUE, MEASURED, Circumstances, Comparison, Kind, Requirement
from kawasan.core.language import in_words
from kawasan.core.text import Text

LINE = 1_000_000
PLAIN = Circumstances(
    birth_date=datetime.date(1990, 5, 7),
    applied_on=datetime.date(2022, 8, 10),
    place_code="19.71.01.1004",
    activity_now="unemployed",
    earlier_assistance=False,
    earlier_assistance_reported=False,
    months_without_work=12,
    household_size=4,
    household_income_idr=4_000_000,
    dependants=2,
    household_workers=1,
    disability="",
    education="senior",
    sex="female",
)
STATING = {
    "age": lambda value: {"birth_date": datetime.date(2022 - value, 8, 10)},
    "months_without_work": lambda value: {"months_without_work": value},
    "household_size": lambda value: {"household_size": value},
    "dependants": lambda value: {"dependants": value},
    "household_workers": lambda value: {"household_workers": value},
    "household_income_idr": lambda value: {"household_income_idr": value},
    "income_per_head_idr": lambda value: {"household_income_idr": 3 * value, "household_size": 3},
    "income_share": lambda value: {"household_income_idr": 3 * value * LINE // 100, "household_size": 3},
}
"""How an applicant states a number, for each number that a rule may look at."""


@dataclass(frozen=True)
class Row:
    field: str
    comparison: str
    value: str
    reason: str = ""
    reason_en: str = ""
    source: str = "Pasal 3"


def requirement(*said: str, **more: str) -> Requirement:
    return Requirement.of(Row(*said, **more), names={"19.71": "Contoh"}, poverty_line_idr=LINE)


def test_every_number_of_the_catalogue_is_tried_at_its_limit() -> None:
    assert set(STATING) == {code for code, looked in CATALOGUE.items() if looked.kind in MEASURED}


@pytest.mark.parametrize("field", STATING)
@given(limit=some.integers(min_value=2, max_value=90))
def test_a_number_is_decided_right_below_at_and_above_its_limit(field: str, limit: int) -> None:
    for comparison, expected in (("at_least", [False, True, True]), ("at_most", [True, True, False])):
        tried = requirement(field, comparison, str(limit))
        for value, passes in zip((limit - 1, limit, limit + 1), expected, strict=True):
            stated = replace(PLAIN, **STATING[field](value))
            assert (tried.reason(stated) is None) is passes
            assert tried.is_limit(tried.read(stated)) is (value == limit)


@pytest.mark.parametrize("field", STATING)
@given(limit=some.integers(min_value=1, max_value=90), value=some.integers(min_value=1, max_value=90))
def test_the_two_limits_of_a_number_disagree_off_the_limit_alone(field: str, limit: int, value: int) -> None:
    stated = replace(PLAIN, **STATING[field](value))
    refused = [requirement(field, one, str(limit)).reason(stated) is not None for one in ("at_least", "at_most")]
    assert refused == [value < limit, value > limit]


def test_what_the_page_shows_around_a_limit_is_what_is_decided() -> None:
    around = requirement("age", "at_least", "17").tried_around_limit()
    assert [(str(value), holds) for value, holds in around] == [
        ("16 tahun", False),
        ("17 tahun", True),
        ("18 tahun", True),
    ]
    assert [holds for _value, holds in requirement("household_workers", "at_most", "0").tried_around_limit()] == [
        True,
        False,
    ]
    assert requirement("activity_now", "is", "student").tried_around_limit() == []


def test_a_share_of_the_poverty_line_is_exact_to_the_rupiah() -> None:
    tried = requirement("income_share", "at_most", "100")
    at_line = replace(PLAIN, household_income_idr=4 * LINE)
    assert tried.reason(at_line) is None
    assert tried.reason(replace(at_line, household_income_idr=4 * LINE + 1)) is not None


def test_without_a_poverty_line_incomes_are_not_held_against_it() -> None:
    row = Row("income_share", "at_most", "100")
    lineless = Requirement.of(row, names={}, poverty_line_idr=0)
    assert "no poverty line" in str(lineless.reason(PLAIN))


@pytest.mark.parametrize("code", [code for code, looked in CATALOGUE.items() if looked.kind == Kind.CHOICE])
def test_a_choice_is_decided_right_for_each_of_its_codes(code: str) -> None:
    codes = list(CATALOGUE[code].choices)
    one, some_of = codes[0], codes[:-1] or codes
    for stated_code in codes:
        stated = replace(PLAIN, **{code: stated_code})
        passes = {
            said: requirement(code, said, value).reason(stated) is None
            for said, value in (
                ("is", one),
                ("is_not", one),
                ("is_one_of", " ".join(some_of)),
                ("is_none_of", " ".join(some_of)),
            )
        }
        assert passes["is"] is (stated_code == one) is not passes["is_not"]
        assert passes["is_one_of"] is (stated_code in some_of) is not passes["is_none_of"]


@pytest.mark.parametrize(
    ("code", "stating"),
    [
        ("earlier_assistance", {"earlier_assistance": True, "earlier_assistance_reported": True}),
        ("unreported_assistance", {"earlier_assistance": True}),
        ("has_disability", {"disability": "sight"}),
    ],
)
def test_yes_or_no_is_decided_right(code: str, stating: dict[str, object]) -> None:
    for value, stated in (("true", replace(PLAIN, **stating)), ("false", PLAIN)):
        other = "false" if value == "true" else "true"
        assert requirement(code, "is", value).reason(stated) is None
        assert requirement(code, "is", other).reason(stated) is not None


def test_places_lie_within_one_another_by_whole_parts_of_their_codes() -> None:
    within = requirement("place", "within", "19.71.01 19.71.02.1001")
    for code, passes in (("19.71.01.1004", True), ("19.71.02.1001", True), ("19.71.02.1002", False), ("19.71", False)):
        assert (within.reason(replace(PLAIN, place_code=code)) is None) is passes


def test_the_place_that_somebody_stated_is_named() -> None:
    row = Row("place", "within", "19.71", reason="Tinggal di {stated}, bukan di {value}.")
    names = {"19.71": "Contoh", "19.01.02.2001": "Desa Lain"}
    reason = Requirement.of(row, names=names, poverty_line_idr=LINE).reason(replace(PLAIN, place_code="19.01.02.2001"))
    assert in_words(reason) == "Tinggal di Desa Lain, bukan di Contoh. (Pasal 3)"


def test_every_kind_compares_in_every_way_that_the_catalogue_allows() -> None:
    values = {Kind.NUMBER: "3", Kind.RUPIAH: "3", Kind.YES_NO: "true", Kind.PLACE: "19.71"}
    for code, looked in CATALOGUE.items():
        for comparison in looked.comparisons:
            value = values.get(looked.kind) or next(iter(looked.choices))
            assert rules.reasons_bad_value(code, comparison, value) == []
            tried = requirement(code, comparison, value)
            for language in ("id", "en"):
                with override(language):
                    assert in_words(tried.said())
                    assert in_words(tried.wording())
                    assert "{" not in in_words(tried.reason_against(tried.read(PLAIN)))


@pytest.mark.parametrize(
    ("field", "comparison", "value", "said"),
    [
        ("age", "at_least", "17.5", "whole number"),
        ("age", "at_least", "", "whole number"),
        ("age", "at_least", "-1", "whole number"),
        ("unreported_assistance", "is", "ya", "write true or false"),
        ("activity_now", "is", "employed student", "write one of these: unemployed"),
        ("activity_now", "is_one_of", "employed pelajar", "“pelajar”"),
        ("place", "within", "Rangkui", "no code of a place"),
        ("place", "within", "", "no code of a place"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_what_would(
    field: str, comparison: str, value: str, said: str
) -> None:
    found = " ".join(str(text) for text in rules.reasons_bad_value(field, comparison, value))
    assert said.replace("“", '"').replace("”", '"') in found


def test_a_comparison_that_does_not_go_with_it_is_refused() -> None:
    assert rules.reasons_bad_comparison("age", "at_least") == []
    found = rules.reasons_bad_comparison("age", "is_one_of")
    assert str(found[0]) == '"is_one_of" does not go with age; write at_least, at_most'


def test_own_words_are_said_in_the_language_of_the_reader_wherever_they_were_stored() -> None:
    tried = requirement(
        "age", "at_least", "17", reason="Baru {stated}; paling muda {value}.", reason_en="Only {stated}."
    )
    stored = tried.reason(replace(PLAIN, birth_date=datetime.date(2006, 8, 10))).stored()
    with override("id"):
        assert in_words(Text.restored(stored)) == "Baru 16 tahun; paling muda 17 tahun. (Pasal 3)"
    with override("en"):
        assert in_words(Text.restored(stored)) == "Only 16 years. (Pasal 3)"
    assert stored["kind"] == "age"


def test_own_words_without_english_are_said_as_they_are() -> None:
    tried = requirement("age", "at_least", "17", reason="Terlalu muda.")
    with override("en"):
        assert (
            in_words(tried.reason(replace(PLAIN, birth_date=datetime.date(2006, 8, 10)))) == "Terlalu muda. (Pasal 3)"
        )


@pytest.mark.parametrize("said", ["{age} is too young", "{stated", "stated}", "{0}", "{stated.x}"])
def test_own_words_with_gaps_that_nothing_fills_are_refused(said: str) -> None:
    assert len(rules.reasons_bad_reason(said)) == 1


def test_own_words_may_name_the_value_and_what_was_stated() -> None:
    assert rules.reasons_bad_reason("{stated} < {value}") == []


def test_a_missing_date_of_birth_is_said_once_for_both_ends_of_the_age() -> None:
    ages = [requirement("age", "at_least", "17"), requirement("age", "at_most", "55")]
    found = rules.reasons_ineligible(replace(PLAIN, birth_date=None), ages)
    assert [str(text) for text in found] == ["The date of birth is missing, so the age cannot be checked."]


def test_numbers_at_the_limit_are_warned_about_and_where_nothing_is_beyond_it_not() -> None:
    at_limit = [requirement("months_without_work", "at_least", "12"), requirement("dependants", "at_least", "1")]
    found = rules.warnings_stated(PLAIN, at_limit)
    assert [(text.kind, text.params["what"].template) for text in found] == [("limit", "Months without work")]
    nobody_works = replace(PLAIN, household_workers=0)
    assert rules.warnings_stated(nobody_works, [requirement("household_workers", "at_most", "0")]) == []


def test_rules_that_nobody_can_satisfy_or_that_stand_twice_clash() -> None:
    ages = [Row("age", "at_least", "40"), Row("age", "at_most", "39")]
    assert "above the most" in str(rules.reasons_rules_clash(ages)[0])
    assert rules.reasons_rules_clash([ages[1], Row("age", "at_least", "39")]) == []
    assert "there are two rules" in str(rules.reasons_rules_clash([ages[0], ages[0]])[0])


def test_a_version_says_what_came_went_and_changed() -> None:
    before = [requirement("age", "at_least", "17"), requirement("activity_now", "is_not", "student")]
    after = [requirement("age", "at_least", "18"), requirement("sex", "is", "female")]
    found = rules.differences(before, after)
    assert [(bool(one.before), bool(one.after)) for one in found] == [(True, True), (True, False), (False, True)]
    other_article = requirement("age", "at_least", "17", source="Pasal 4")
    assert [one.is_in_words_only for one in rules.differences(before[:1], [other_article])] == [True]
    assert rules.differences(before, before) == []


def test_every_comparison_is_one_of_some_kind() -> None:
    assert {one for looked in CATALOGUE.values() for one in looked.comparisons} == set(Comparison)
