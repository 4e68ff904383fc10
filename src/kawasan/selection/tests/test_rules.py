import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawasan.selection import rules
from kawasan.selection.rules import Bound, SeatStatus


def test_every_status_has_its_moves_and_every_move_is_a_status():
    assert set(rules.SEAT_MOVES) == set(SeatStatus)
    assert set().union(*rules.SEAT_MOVES.values()) <= set(SeatStatus)


def test_a_seat_can_be_accepted_only_when_it_was_offered():
    assert rules.came_from(SeatStatus.ACCEPTED) == {SeatStatus.OFFERED}


def test_what_was_not_reached_is_said_and_never_rounded_up():
    assert not rules.not_reached(10**9, 10**9)
    (said,) = rules.not_reached(10**9 - 1, 10**9)
    assert said.params == {"reached": 99.9, "least": 100.0}


def test_whoever_left_does_not_come_back():
    assert rules.SEAT_MOVES[SeatStatus.DECLINED] == rules.SEAT_MOVES[SeatStatus.WITHDRAWN] == frozenset()


@pytest.mark.parametrize(
    ("age", "group"),
    [(16, "other"), (17, "17-24"), (24, "17-24"), (25, "25-34"), (45, "45-55"), (55, "45-55"), (56, "other")],
)
def test_age_groups_hold_both_their_bounds(age: int, group: str):
    assert rules.age_group(age) == group


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Siti Rahmah", "S*** R*****"),
        ("  Tomi ", "T***"),
        ("Yuli S", "Y*** *"),
        ("M. Nur'aini-Putri", "M* N*************"),
        ("Éva", "É**"),
        ("", ""),
    ],
)
def test_a_masked_name_has_the_first_letters_only(name: str, masked: str):
    assert rules.masked_name(name) == masked


@given(st.text())
def test_of_no_name_more_is_seen_than_the_first_letters(name: str):
    words, masked = name.split(), rules.masked_name(name).split(" ") if name.split() else []
    assert [len(word) for word in masked] == [len(word) for word in words]
    assert all(set(word[1:]) <= {"*"} for word in masked)
    assert all(word[0] == own[0] if len(own) > 1 else word == "*" for word, own in zip(masked, words, strict=True))


def test_a_pool_is_ready_when_all_are_assessed_and_somebody_is_eligible():
    assert rules.reasons_not_ready(eligible=9, unassessed=0, has_rule_set=True) == []
    assert len(rules.reasons_not_ready(eligible=0, unassessed=3, has_rule_set=False)) == 3


def reasons_infeasible(**found):
    known = {"is_smallest": True, "seats": 9, "most_per_household": 1}
    return rules.reasons_infeasible(**(known | found))


def test_a_conflict_that_is_perhaps_not_the_smallest_says_so():
    women = Bound("Sex", "Women", 5, 9, 3)
    said = reasons_infeasible(conflict=[women], is_smallest=False, relaxation=[women], most_seats=9)
    assert str(said[2]) == "Perhaps fewer quotas conflict already; the search for them ended before that was known."


def test_conflicting_quotas_are_named_with_the_smallest_change():
    women = Bound("Sex", "Women", 5, 9, 3)
    enough = Bound("Sex", "Women", 3, 9, 3)
    said = reasons_infeasible(conflict=[women], relaxation=[enough], most_seats=9)
    assert list(map(str, said)) == [
        "These quotas cannot hold together:",
        "Sex “Women”: 5 to 9 seats; the pool has 3",
        "The smallest change that makes a draw possible:",
        "Sex “Women”: 3 to 9 seats",
    ]


def test_too_few_people_are_said_when_no_quota_is_to_blame():
    said = reasons_infeasible(conflict=[], relaxation=[], most_seats=7)
    assert list(map(str, said)) == ["Only 7 of the 9 seats can be filled within every quota, at most 1 of a household."]
    said = reasons_infeasible(conflict=[], relaxation=[], most_seats=7, most_per_household=None)
    assert list(map(str, said)) == ["Only 7 of the 9 seats can be filled within every quota."]


def test_a_draw_needs_a_value_and_its_source():
    assert rules.reasons_no_value("6.812,19") == rules.reasons_no_source("Bourse") == []
    assert rules.reasons_no_value("")
    assert rules.reasons_no_source("")


@pytest.mark.parametrize(
    ("chances", "said"),
    [
        ([0.5, 0.5, 0.5], (0.5, 0.5, 0.5, 0.0)),
        ([1.0, 0.0], (0.0, 0.5, 1.0, 0.5)),  # one of two has all: (n - 1) / n
        ([0.1, 0.2, 0.3], (0.1, 0.2, 0.3, 2 / 9)),
        ([0.0, 0.0], (0.0, 0.0, 0.0, 0.0)),
    ],
)
def test_the_spread_of_chances(chances: list[float], said: tuple[float, ...]):
    found = rules.spread(chances)
    assert (found.least, found.median, found.most, found.gini) == pytest.approx(said)


def test_nobody_has_no_spread():
    assert rules.spread([]) is None


@pytest.mark.parametrize(
    ("status", "changes", "said"),
    [
        (None, {"has_reasons": True}, "Put right"),
        (None, {}, "Freeze the pool"),
        ("frozen", {}, "Wait for the public value"),
        ("frozen", {"has_value": True}, "Let somebody else"),
        ("drawn", {"free": 1, "waiting": 2, "offered": 3}, "free seats: 1"),
        ("drawn", {"free": 1, "offered": 3}, "not answered yet: 3"),
        ("drawn", {}, "Draft the decree"),
        ("drawn", {"decree": "draft"}, "A decree is drafted"),
        ("drawn", {"decree": "signed", "changed": 2}, "Seats changed since the decree was signed: 2"),
        ("drawn", {"decree": "signed"}, "Form the groups"),
        ("drawn", {"decree": "signed", "has_groups": True}, "None"),
    ],
)
def test_the_next_step_is_the_first_thing_not_done(status: str | None, changes: dict, said: str):
    nothing = {"has_reasons": False, "offered": 0, "free": 0, "waiting": 0}
    nothing |= {"decree": None, "changed": 0, "has_groups": False}
    assert said in str(rules.next_step(status, **(nothing | changes)))


def test_a_spread_says_how_many_have_no_chance():
    found = rules.spread([0.0, 1e-9, 0.5])
    assert found is not None
    assert found.without == 2
