import datetime
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils.translation import override

from kawasan.applicants import rules
from kawasan.applicants.rules import Circumstances
from kawasan.applicants.tests.factories import USUAL
from kawasan.core.language import in_words
from kawasan.engine import linkage_people

BORN = datetime.date(1990, 5, 7)
WOMAN = "1971014705900000"
MAN = "1971010705900000"


@dataclass(frozen=True)
class Guideline:
    number: str = "TEST/1"
    poverty_line_idr: int = 1_000_000
    weight_income: int = 40
    weight_unemployed: int = 20
    weight_dependants: int = 15
    weight_no_worker: int = 15
    weight_disability: int = 10
    weight_desil: int = 0
    weight_disaster: int = 0


STATED = {
    "birth_date": BORN,
    "applied_on": datetime.date(2022, 8, 10),
    "place_code": "19.71.01.1004",
    "activity_now": "unemployed",
    "earlier_assistance": False,
    "earlier_assistance_reported": False,
    "months_without_work": 12,
    "household_size": 4,
    "household_income_idr": 4_000_000,
    "dependants": 2,
    "household_workers": 1,
    "disability": "",
}


@dataclass(frozen=True)
class Row:
    field: str
    comparison: str
    value: str
    reason: str = ""
    reason_en: str = ""
    source: str = "Pasal 3"


def held(*rows: Row) -> list[rules.Requirement]:
    names = {"19.71": "Contoh"}
    return [rules.Requirement.of(row, names=names, poverty_line_idr=1_000_000) for row in rows]


USUAL_RULES = held(*(Row(*said) for said in USUAL))
OPEN_RULES = held(Row("age", "at_least", "17"))


def reasons(requirements: list[rules.Requirement] = USUAL_RULES, **changes: object) -> list[str]:
    stated = Circumstances(**(STATED | changes))
    with override("en"):
        return [in_words(reason) for reason in rules.reasons_ineligible(stated, requirements)]


def points(guideline: Guideline | None = None, **changes: object) -> dict[str, float]:
    parts = rules.need_parts(Circumstances(**(STATED | changes)), guideline or Guideline())
    return {part.label: part.points for part in parts}


def warnings(nik: str = WOMAN, born: datetime.date | None = BORN, sex: str = "female", **more: object) -> list[str]:
    place = more.pop("place", "19.71.01.1004")
    return [
        str(text)
        for text in rules.warnings_nik(
            nik, born, sex, place, applied_on=datetime.date(2022, 8, 10), is_invented=True, **more
        )
    ]


def test_somebody_within_every_rule_has_no_reason_against_them():
    assert reasons() == []


@pytest.mark.parametrize(
    ("born", "refused"),
    [
        (datetime.date(2005, 8, 10), False),  # 17 on the day of applying
        (datetime.date(2005, 8, 11), True),  # 17 the day after
        (datetime.date(1966, 8, 11), False),  # 55 until the day after
        (datetime.date(1966, 8, 10), True),  # 56 on the day of applying
    ],
)
def test_age_counts_in_full_years_on_the_day_of_applying(born: datetime.date, refused: bool):
    assert bool(reasons(birth_date=born)) is refused


def test_somebody_born_on_leap_day_has_a_birthday_in_march():
    born = datetime.date(2004, 2, 29)
    assert rules.age_on(born, datetime.date(2022, 2, 28)) == 17
    assert rules.age_on(born, datetime.date(2022, 3, 1)) == 18


def test_a_missing_birth_date_is_a_reason():
    assert reasons(birth_date=None) == ["The date of birth is missing, so the age cannot be checked."]


def test_a_place_belongs_to_the_area_by_whole_parts_of_its_code():
    assert reasons(place_code="19.71") == []
    assert reasons(place_code="19.710.01") != []
    assert reasons(place_code="19.01.02.2001") == ["Lives outside the area that the rules take (Contoh). (Pasal 3)"]


@pytest.mark.parametrize("work", ["employed", "civil_servant", "student"])
def test_people_with_an_occupation_are_refused(work: str):
    assert len(reasons(activity_now=work)) == 1


@pytest.mark.parametrize("work", ["unemployed", "under_employed", "housewife"])
def test_people_without_enough_work_are_not_refused(work: str):
    assert reasons(activity_now=work) == []


def test_a_guideline_can_open_the_programme():
    for work in ("employed", "civil_servant", "student"):
        assert reasons(OPEN_RULES, activity_now=work, place_code="31.71.01.1001", earlier_assistance=True) == []


def test_unreported_earlier_assistance_is_a_reason_and_reported_is_not():
    assert len(reasons(earlier_assistance=True)) == 1
    assert reasons(earlier_assistance=True, earlier_assistance_reported=True) == []


def test_all_reasons_are_given_at_once():
    assert len(reasons(birth_date=None, place_code="31.71", activity_now="student", earlier_assistance=True)) == 4


def test_the_parts_of_a_middling_need_are_as_worked_by_hand():
    # Income 4,000,000 for four is exactly the line: half of 40. 12 of 24 months: half of 20. 2 of 5: 6 of 15.
    assert points() == {
        "Income": 20.0,
        "Months without work": 10.0,
        "Dependants": 6.0,
        "Nobody working": 0.0,
        "Disability": 0.0,
    }


def test_the_greatest_need_is_100_and_the_least_0():
    most = {"household_income_idr": 0, "months_without_work": 99, "dependants": 9, "household_workers": 0}
    assert sum(points(**most, disability="sight").values()) == 100
    none = {"household_income_idr": 99_000_000, "months_without_work": 0, "dependants": 0}
    assert sum(points(**none).values()) == 0


def test_points_are_rounded_half_up_to_one_decimal():
    assert points(months_without_work=1)["Months without work"] == 0.8  # 20/24 = 0.8333
    assert points(Guideline(weight_unemployed=3), months_without_work=2)["Months without work"] == 0.3  # exactly 0.25


def test_the_score_is_the_sum_of_the_parts_as_shown():
    parts = rules.need_parts(Circumstances(**(STATED | {"months_without_work": 1})), Guideline())
    assert rules.need_score(parts) == 26.8


def test_weights_must_add_up_to_100_and_a_line_is_needed():
    assert rules.reasons_not_assessable(Guideline(), [60, 0]) == []
    assert len(rules.reasons_not_assessable(Guideline(weight_income=41), [60, 0])) == 1
    assert len(rules.reasons_not_assessable(Guideline(poverty_line_idr=0), [60, 0])) == 1
    assert len(rules.reasons_not_assessable(None, [60])) == 2


def test_a_nik_that_fits_gives_no_warning():
    assert warnings() == []
    assert warnings(MAN, sex="male") == []


@pytest.mark.parametrize(
    ("nik", "said"),
    [
        ("197101470590", "12 digits"),
        ("197101470590000X", "not digits"),
        ("1971013205900000", "no possible day of birth"),
        ("1971014013900000", "no possible day of birth"),  # 40 is nobody's day
        ("1971014713900000", "no possible month of birth"),
        ("1971014805900000", "born on 1990-05-08, the application 1990-05-07"),
        ("1971014805110000", "born on 2011-05-08"),  # no year after the day of applying
        ("1971014805890000", "born on 1989-05-08"),
        ("1971017102900000", "no possible day of birth (71)"),  # 31 February
        ("3171014705900000", "another city or regency (code 31.71)"),
    ],
)
def test_a_nik_that_does_not_fit_is_warned_about(nik: str, said: str):
    assert any(said in warning for warning in warnings(nik))


def test_a_nik_of_the_other_sex_is_warned_about():
    assert warnings(MAN) == ["The NIK is a man's, the application says woman."]
    assert warnings(WOMAN, sex="male") == ["The NIK is a woman's, the application says man."]


def test_a_missing_birth_date_cannot_contradict_a_nik():
    assert warnings(born=None) == []


def test_an_impossible_serial_is_reported_of_real_people_only():
    real = rules.warnings_nik(WOMAN, BORN, "female", "19.71.01.1004", applied_on=datetime.date(2022, 8, 10))
    assert [str(text) for text in real] == ["The NIK ends in 0000, which is never issued."]
    assert warnings() == []


def test_a_decision_about_two_people_says_on_what_it_rests():
    assert rules.reasons_not_decided("same", "both cards seen") == []
    assert rules.reasons_not_decided("unsure", "") == []
    assert len(rules.reasons_not_decided("different", " ")) == 1
    assert len(rules.reasons_not_decided("open", "both cards seen")) == 1


def test_all_that_the_comparison_finds_has_its_word():
    compared = [c for c in linkage_people.COMPARISONS if c.name in rules.COMPARED]
    assert len(compared) == len(rules.COMPARED)
    assert {level.label for c in compared for level in c.levels} == set(rules.FOUND)


@pytest.mark.parametrize(("what", "least"), [(what, shared.least) for what, shared in rules.SHARED.items()])
def test_what_is_shared_is_reported_from_a_stated_number_on(what: str, least: int):
    codes = [f"A{number:03}" for number in range(2, least + 1)]
    assert rules.warnings_others(same_nik=[], possible_same=[], sharing={what: codes[:-1]}) == []
    found = rules.warnings_others(same_nik=[], possible_same=[], sharing={what: codes})
    assert [text.kind for text in found] == [rules.SHARED[what].kind]
    assert codes[0] in str(found[0])


def test_a_sentence_names_ten_others_and_no_more():
    found = rules.warnings_others(same_nik=[str(number) for number in range(30)], possible_same=[], sharing={})
    assert str(found[0]) == "The same NIK as 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …."


def stated_warnings(requirements: list[rules.Requirement] = USUAL_RULES, **changes: Any) -> list[str]:
    return [str(text) for text in rules.warnings_stated(Circumstances(**(STATED | changes)), requirements)]


def test_whoever_is_just_old_or_young_enough_is_looked_at():
    day = STATED["applied_on"]
    for age, said in ((17, "the least age"), (18, ""), (54, ""), (55, "the most")):
        assert said in " ".join(stated_warnings(birth_date=day.replace(year=day.year - age)))


def test_what_the_rule_set_refuses_is_no_warning_too():
    for changes in ({"activity_now": "employed"}, {"activity_now": "student"}, {"earlier_assistance": True}):
        assert stated_warnings(**changes) == []
        assert len(stated_warnings(OPEN_RULES, **changes)) == 1
        assert "the rule set allows" in stated_warnings(OPEN_RULES, **changes)[0]


def test_assistance_that_was_reported_is_looked_at():
    assert "was handed in" in stated_warnings(earlier_assistance=True, earlier_assistance_reported=True)[0]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Siti", []),
        ("Tjhin Nyuk-Fa", []),
        ("Nur’aini", ["The name has signs (’), as titles and apostrophes have."]),
        ("H. Rusli, S.E.", ["The name has signs (,.), as titles and apostrophes have."]),
        ("A" * 61, ["The name has 61 characters; a new identity card holds 60."]),
    ],
)
def test_a_name_that_will_not_stand_so_on_the_identity_card_is_said(name: str, said: list[str]):
    assert [str(text) for text in rules.warnings_name(name)] == said


def test_an_account_needs_bank_and_holder_and_the_holder_is_the_person():
    assert rules.warnings_account("Ayu Sari", "", "", "") == []
    assert rules.warnings_account("Ayu Sari", "0717123456", "Bank Contoh", "AYU  SARI") == []
    assert len(rules.warnings_account("Ayu Sari", "0717123456", "", "")) == 2
    said = rules.warnings_account("Ayu Sari", "0717123456", "Bank Contoh", "Ketua Kelompok")
    assert [str(text) for text in said] == ["The account is held by Ketua Kelompok."]


def test_every_kind_of_trouble_says_what_to_do():
    assert set(rules.TO_DO) == set(rules.Trouble)


def test_a_family_card_may_be_missing_but_not_malformed():
    assert rules.warnings_family_card("") == []
    assert rules.warnings_family_card("1971010101200001") == []
    assert len(rules.warnings_family_card("19710101")) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"total": 0, "eligible": 0}, "first application"),
        ({"submitted": 2, "with_warnings": 1}, "not assessed yet: 2"),
        ({"with_warnings": 1}, "with warnings (1), then freeze the pool"),
        ({}, "Freeze the pool"),
        ({"eligible": 0}, "Nobody is eligible"),
        ({"is_frozen": True}, "cannot enter it"),
        ({"is_frozen": True, "with_warnings": 1}, "whoever must not take part is withdrawn"),
    ],
)
def test_the_next_step_is_the_first_thing_not_done(changes: dict, said: str):
    all_assessed = {"total": 9, "submitted": 0, "eligible": 7, "with_warnings": 0, "is_frozen": False}
    assert said in str(rules.next_step(**(all_assessed | changes)))


@pytest.mark.parametrize(
    ("size", "dependants", "workers", "said"),
    [(4, 2, 1, 0), (4, 2, 4, 0), (4, 2, 5, 1), (4, 9, 1, 0), (4, 10, 1, 1), (1, 12, 2, 2)],
)
def test_numbers_of_a_household_that_do_not_fit_are_asked_about(size: int, dependants: int, workers: int, said: int):
    assert len(rules.warnings_household(size=size, dependants=dependants, workers=workers)) == said


WEIGHED = Guideline(weight_income=20, weight_disability=0, weight_desil=20, weight_disaster=10)
SEEN = {"desil_source": "DTSEN", "desil_on": datetime.date(2022, 7, 1)}


def test_a_desil_gives_all_at_1_nothing_at_10_and_is_not_asked_where_it_has_no_weight():
    assert points(WEIGHED, desil=1, **SEEN)["Desil"] == 20
    assert points(WEIGHED, desil=4, **SEEN)["Desil"] == 13.3  # 20 x 6/9
    assert points(WEIGHED, desil=10, **SEEN)["Desil"] == 0
    assert "Desil" not in points(desil=1, **SEEN)


def test_a_desil_that_is_not_known_or_has_no_source_and_day_gives_nothing_and_says_so():
    for changes in ({}, {"desil": 1}, {"desil": 1, "desil_source": "DTSEN"}):
        [part] = [p for p in rules.need_parts(Circumstances(**(STATED | changes)), WEIGHED) if p.label == "Desil"]
        assert part.points == 0
        assert "no points" in str(part.why)


def test_a_disaster_counts_for_a_year_before_applying_with_who_says_so():
    applied = STATED["applied_on"]
    assert points(WEIGHED, disaster="banjir, BPBD", disaster_on=applied)["Disaster"] == 10
    a_year_ago = applied - datetime.timedelta(days=365)
    assert points(WEIGHED, disaster="banjir, BPBD", disaster_on=a_year_ago)["Disaster"] == 10
    before = a_year_ago - datetime.timedelta(days=1)
    assert points(WEIGHED, disaster="banjir, BPBD", disaster_on=before)["Disaster"] == 0
    assert points(WEIGHED, disaster_on=applied)["Disaster"] == 0
    later = applied + datetime.timedelta(days=1)
    assert points(WEIGHED, disaster="banjir, BPBD", disaster_on=later)["Disaster"] == 0


def test_weights_with_desil_and_disaster_add_up_to_100_too():
    assert rules.reasons_not_assessable(WEIGHED, [0]) == []
    assert rules.reasons_not_assessable(Guideline(weight_desil=1), [0]) != []


def test_the_form_asks_for_desil_and_disaster_only_where_they_weigh():
    assert "hardship" not in [step.code for step in rules.steps_asked(weighs_hardship=False)]
    asked = [step.code for step in rules.steps_asked(weighs_hardship=True)]
    assert asked[-2:] == ["hardship", "business"]
