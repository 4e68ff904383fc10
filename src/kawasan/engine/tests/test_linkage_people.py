from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kawasan.engine.errors import InvalidInputError
from kawasan.engine.linkage_people import COMPARISONS, find_people

ONE = {
    "name": "Rina Wulandari",
    "birth_date": "1995-03-17",
    "sex": "female",
    "nik": "9901015703959001",
    "family_card": "9901010101010001",
    "mother_name": "Siti Aminah",
    "phone": "+6281200000001",
    "address": "Jalan Melati No. 4",
}


def probability(**changes: Any) -> float:
    """That ``ONE`` and the same with these changes are one person, among a few hundred others."""
    found = find_people(table(ONE, ONE | changes, *OTHERS), least=0)
    pairs = dict(zip(zip(found.first, found.second, strict=True), found.probability, strict=True))
    return pairs.get((0, 1), 0.0)


def table(*people: dict[str, str]) -> dict[str, list[str]]:
    return {name: [person[name] for person in people] for name in ONE}


OTHERS = [
    {name: f"{value[:-2]}{chr(97 + number // 26)}{chr(97 + number % 26)}" for name, value in ONE.items()}
    | {"birth_date": ""}
    for number in range(300)
]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Hj. RINA WOELANDARI, S.E.", "phone": ""},
        {"name": "Wulandari Rina", "nik": ""},
        {"name": "Rina", "phone": "+6281277777777"},
        {"birth_date": "1995-01-01", "phone": "+6281277777777"},
        {"birth_date": "1995-03-18", "address": "Jl. Mawar 9"},
        {"nik": "9901035703959001", "family_card": "", "phone": ""},
    ],
)
def test_the_same_person_written_otherwise_is_found(changes: dict[str, str]):
    assert probability(**changes) > 0.9


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Dewi Wulandari", "nik": "9901015703959002"},
        {"name": "Rini Wulandari", "nik": "9901015703959002"},  # however alike the names of twins
        {"name": "Rino Wulandari", "sex": "male", "nik": "9901011703959002"},
        {"name": "Dewi Wulandari", "nik": ""},
    ],
)
def test_twins_are_two_people(changes: dict[str, str]):
    assert probability(**changes) < 0.1


def test_a_family_s_phone_and_house_make_nobody_one_person():
    assert probability(name="Budi Santoso", sex="male", birth_date="1998-07-02", nik="9901010207989001") < 0.1


def test_a_first_of_january_counts_less_than_another_birthday():
    kept = {"mother_name": "", "phone": "", "address": "", "family_card": "", "nik": ""}
    known = find_people(table(ONE | kept, ONE | kept, *OTHERS), least=0)
    unknown = find_people(table(*[ONE | kept | {"birth_date": "1995-01-01"}] * 2, *OTHERS), least=0)
    day = known.names.index("birth_date")
    assert unknown.weights[0, day] < known.weights[0, day] / 2


def test_two_people_on_one_nik_are_brought_together_and_not_held_to_be_one():
    found = find_people(table(ONE, ONE | {"name": "Budi Santoso", "sex": "male", "birth_date": "1970-05-05"}), least=0)
    assert found.first.tolist() == [0]
    assert COMPARISONS[3].levels[found.levels[0, 3]].label == "same"


def test_a_column_that_is_unknown_or_no_name_is_refused():
    with pytest.raises(InvalidInputError, match="unknown"):
        find_people({"name": ["a"], "shoe": ["42"]}, least=0)
    with pytest.raises(InvalidInputError, match="name"):
        find_people({"phone": ["1"]}, least=0)


@settings(deadline=None, max_examples=5)
@given(st.permutations(range(6)))
def test_the_order_of_rows_changes_nothing_but_their_numbers(order: list[int]):
    people = [ONE, ONE | {"name": "Rina"}, ONE | {"name": "Rini W", "phone": ""}, *OTHERS[:3]]
    plain = find_people(table(*people), least=0)
    turned = find_people(table(*(people[place] for place in order)), least=0)
    back = [tuple(sorted((order[i], order[j]))) for i, j in zip(turned.first, turned.second, strict=True)]
    expected = dict(zip(zip(plain.first, plain.second, strict=True), plain.weights.round(6).tolist(), strict=True))
    assert dict(zip(back, turned.weights.round(6).tolist(), strict=True)) == expected
    assert np.all(turned.first < turned.second)
