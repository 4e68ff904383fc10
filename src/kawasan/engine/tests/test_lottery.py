from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kawasan.engine.errors import InvalidInputError
from kawasan.engine.fairness import fair_lottery
from kawasan.engine.lottery import Excess, Problem, Quota, Relaxation, check

WOMAN, MAN = 0, 1


def problem(features, quotas, *, seats, households=None, most_per_household=1):
    table = np.array(features, dtype=np.int64).reshape(len(features), -1 if features else 0)
    homes = np.arange(len(table)) if households is None else np.array(households, dtype=np.int64)
    return Problem(table, tuple(quotas), seats, homes, most_per_household)


@st.composite
def problems(draw, most_people=7):
    people = draw(st.integers(1, most_people))
    features = draw(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), min_size=people, max_size=people))
    households = draw(st.lists(st.integers(0, people), min_size=people, max_size=people))
    quotas = []
    for feature, value in draw(st.lists(st.sampled_from([(0, 0), (0, 1), (1, 0), (1, 1), (1, 2)]), max_size=4)):
        least = draw(st.integers(0, 3))
        quotas.append(Quota(feature, value, least, draw(st.integers(least, 4))))
    seats = draw(st.integers(1, people))
    return problem(features, quotas, seats=seats, households=households, most_per_household=draw(st.integers(1, 2)))


def count(instance, panel, quota):
    return sum(instance.features[person, quota.feature] == quota.value for person in panel)


def keeps_households(instance, panel):
    homes = [instance.households[person] for person in panel]
    return all(homes.count(home) <= instance.most_per_household for home in homes)


def meets(instance, panel, quotas):
    return keeps_households(instance, panel) and all(
        quota.least <= count(instance, panel, quota) <= quota.most for quota in quotas
    )


def panels(instance, quotas, people=None):
    """Every complete panel, in the dictionary order of ``people``: the oracle."""
    people = range(len(instance.households)) if people is None else people
    return [panel for panel in combinations(people, instance.seats) if meets(instance, panel, quotas)]


# Hand-derived


def test_conflicting_quotas_are_named_and_the_least_change_proposed():
    # Three seats cannot hold two women and two men; quota 0 does not take part. Listed first, women keep their quota.
    quotas = [Quota(1, 5, 0, 3), Quota(0, WOMAN, 2, 3), Quota(0, MAN, 2, 3)]
    instance = problem([(WOMAN, 5), (WOMAN, 5), (WOMAN, 6), (MAN, 5), (MAN, 6)], quotas, seats=3)
    result = check(instance)
    assert not result.feasible
    assert result.conflict == (1, 2)
    assert result.relaxation == (Relaxation(2, 1, 3),)
    assert result.most_seats == 3 + 2


def test_a_smaller_conflict_beside_the_one_that_is_found_first_is_named():
    # A deletion filter drops quota 0 and is left with 1, 2 and 3: five seats cannot hold six people of three kinds.
    quotas = [Quota(1, 9, 4, 5), Quota(0, 0, 2, 5), Quota(0, 1, 2, 5), Quota(0, 2, 2, 5)]
    features = [(0, 9), (0, 8), (1, 9), (1, 8), (2, 9), (2, 8)]
    found = check(problem(features, quotas, seats=5))
    assert (found.conflict, found.is_smallest) == ((0,), True)


def test_a_search_for_the_smallest_conflict_that_ends_early_says_so(monkeypatch):
    monkeypatch.setattr("kawasan.engine.lottery.MOST_ROUNDS", 1)
    quotas = [Quota(0, WOMAN, 2, 3), Quota(0, MAN, 2, 3)]
    found = check(problem([WOMAN] * 3 + [MAN] * 3, quotas, seats=3))
    assert (found.conflict, found.is_smallest) == ((0, 1), False)


def test_of_two_equal_changes_of_a_quota_the_one_that_keeps_its_least_is_proposed():
    # The first two quotas allow only the two men (0, 1) or the two women (2, 3); the third wants one of each.
    features = [(0, 0, MAN), (1, 1, MAN), (0, 1, WOMAN), (1, 0, WOMAN)]
    instance = problem(features, [Quota(0, 0, 1, 1), Quota(1, 0, 1, 1), Quota(2, WOMAN, 1, 1)], seats=2)
    assert check(instance).relaxation == (Relaxation(2, 1, 2),)


def test_an_empty_pool_seats_nobody_and_says_so():
    instance = problem([], [], seats=1)
    assert (check(instance).feasible, check(instance).most_seats) == (False, 0)


def test_seats_that_households_cannot_fill_have_no_conflict_of_quotas():
    instance = problem([WOMAN] * 4, [Quota(0, WOMAN, 1, 4)], seats=3, households=[1, 1, 2, 2])
    result = check(instance)
    assert (result.feasible, result.conflict, result.relaxation, result.most_seats) == (False, (), (), 2)


# Properties and the oracle


@settings(deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(instance, random):
    people = len(instance.households)
    rows = random.sample(range(people), people)  # new row i holds the old person rows[i]
    renamed = {home: 100 - home for home in instance.households.tolist()}
    homes = [renamed[instance.households[row]] for row in rows]
    shuffled = Problem(
        instance.features[rows], instance.quotas, instance.seats, np.array(homes), instance.most_per_household
    )
    assert check(shuffled) == check(instance)


@settings(deadline=None)
@given(problems())
def test_a_panel_is_said_to_exist_exactly_when_one_does(instance):
    assert check(instance).feasible == bool(panels(instance, instance.quotas))


@settings(deadline=None)
@given(problems())
def test_the_most_seats_agree_with_every_panel_tried(instance):
    def fits(panel):
        return keeps_households(instance, panel) and all(
            count(instance, panel, quota) <= quota.most for quota in instance.quotas
        )

    people = range(len(instance.households))
    most = max(size for size in range(len(people) + 1) if any(map(fits, combinations(people, size))))
    assert check(instance).most_seats == most


@settings(deadline=None)
@given(problems())
def test_a_conflict_cannot_hold_and_any_one_fewer_can(instance):
    quotas, conflict = instance.quotas, check(instance).conflict
    assume(not panels(instance, quotas))
    assert not panels(instance, [quotas[number] for number in conflict])
    for dropped in conflict:
        assert panels(instance, [quotas[number] for number in conflict if number != dropped])


@settings(deadline=None)
@given(problems())
def test_no_fewer_quotas_conflict(instance):
    found = check(instance)
    assume(found.conflict)
    for size in range(len(found.conflict)):
        for fewer in combinations(instance.quotas, size):
            assert panels(instance, fewer)
    assert found.is_smallest


@settings(deadline=None)
@given(problems())
def test_the_relaxation_is_the_least_and_spares_the_quotas_listed_first(instance):
    quotas = instance.quotas
    assume(not panels(instance, quotas))
    allowed = panels(instance, [])
    result = check(instance).relaxation
    if not allowed:
        assert result == ()
        return
    # Smallest total, then smallest change of quota 0 and of its ``least``, then of quota 1, and so on.
    changes = []
    for panel in allowed:
        counts = [count(instance, panel, quota) for quota in quotas]
        down = [max(quota.least - seated, 0) for quota, seated in zip(quotas, counts, strict=True)]
        up = [max(seated - quota.most, 0) for quota, seated in zip(quotas, counts, strict=True)]
        changes.append((sum(down) + sum(up), [(d + u, d) for d, u in zip(down, up, strict=True)]))
    _, best = min(changes)
    expected = [
        Relaxation(number, quota.least - down, quota.most + change - down)
        for number, (quota, (change, down)) in enumerate(zip(quotas, best, strict=True))
        if change
    ]
    assert list(result) == expected


# People who are certain of a seat


@st.composite
def problems_with_certain(draw):
    instance = draw(problems())
    return instance, draw(st.sets(st.integers(0, len(instance.households) - 1), max_size=3))


def panels_with(certain, instance, quotas):
    return [panel for panel in panels(instance, quotas) if certain <= set(panel)]


@settings(deadline=None)
@given(problems_with_certain())
def test_a_panel_with_everybody_certain_is_said_to_exist_exactly_when_one_does(drawn):
    instance, certain = drawn
    assert check(instance, certain=list(certain)).feasible == bool(panels_with(certain, instance, instance.quotas))


@settings(deadline=None)
@given(problems_with_certain())
def test_a_conflict_beside_people_who_are_certain_cannot_hold_and_any_one_fewer_can(drawn):
    instance, certain = drawn
    quotas, allowed = instance.quotas, panels_with(certain, instance, [])
    assume(allowed and not panels_with(certain, instance, quotas))
    found = check(instance, certain=list(certain))
    assert not panels_with(certain, instance, [quotas[number] for number in found.conflict])
    for dropped in found.conflict:
        assert panels_with(certain, instance, [quotas[number] for number in found.conflict if number != dropped])
    relaxed = list(quotas)
    for change in found.relaxation:
        old = quotas[change.quota]
        relaxed[change.quota] = Quota(old.feature, old.value, change.least, change.most)
    assert panels_with(certain, instance, relaxed)


@settings(deadline=None)
@given(problems_with_certain())
def test_the_most_seats_do_not_depend_on_who_is_certain(drawn):
    instance, certain = drawn
    assert check(instance, certain=list(certain)).most_seats == check(instance).most_seats


@pytest.mark.parametrize(
    ("certain", "excess"),
    [
        ([0, 1], Excess(0, ((0, 2),), 0)),
        ([0, 3], Excess(0, (), 1)),
        ([0, 1, 3, 4], Excess(1, ((0, 2),), 1)),
    ],
)
def test_where_the_certain_alone_are_too_many_is_said(certain, excess):
    quotas = [Quota(0, WOMAN, 0, 1), Quota(0, MAN, 2, 3)]
    instance = problem([WOMAN, WOMAN, WOMAN, MAN, MAN, MAN], quotas, seats=3, households=[1, 2, 3, 1, 4, 5])
    assert check(instance, certain=certain).excess == excess


def test_certain_people_who_are_not_too_many_may_still_leave_too_few_seats_for_a_quota():
    instance = problem([WOMAN, WOMAN, MAN, MAN], [Quota(0, WOMAN, 0, 3), Quota(0, MAN, 2, 3)], seats=3)
    found = check(instance, certain=[0, 1])
    assert (found.feasible, found.excess, found.conflict) == (False, None, (1,))
    assert found.relaxation == (Relaxation(1, 1, 3),)


# Refusals


def test_nobody_outside_the_pool_can_be_certain():
    with pytest.raises(InvalidInputError, match="in the pool"):
        check(problem([WOMAN], [], seats=1), certain=[1])


@pytest.mark.parametrize(
    "changes",
    [
        {"quotas": [Quota(1, 0, 0, 1)]},
        {"quotas": [Quota(-1, 0, 0, 1)]},
        {"quotas": [Quota(0, 0, 2, 1)]},
        {"quotas": [Quota(0, 0, -1, 1)]},
        {"seats": 0},
        {"most_per_household": 0},
        {"households": [1]},
    ],
    ids=str,
)
def test_a_problem_that_is_not_well_formed_is_refused(changes):
    with pytest.raises(InvalidInputError):
        problem(**({"features": [WOMAN, MAN], "quotas": [], "seats": 1} | changes))


WHOLE = {"features": np.array([[0], [1]]), "households": np.arange(2), "seats": 1, "most_per_household": 1}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("features", np.array([["a"], ["b"]])),
        ("features", np.array([[0.0], [np.nan]])),
        ("features", [[0], [1]]),
        ("households", None),
        ("seats", 1.5),
        ("most_per_household", 1.5),
    ],
)
def test_what_is_no_whole_number_is_refused(name: str, value: object) -> None:
    with pytest.raises(InvalidInputError, match="whole numbers"):
        Problem(quotas=[], **WHOLE | {name: value})


@pytest.mark.parametrize(
    "more", [{"weights": np.array([1.5, 2.0])}, {"certain": np.array([True, False])}, {"certain": [True, False]}]
)
def test_weights_that_are_parts_and_masks_are_refused(more: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError, match=r"whole numbers|flatnonzero"):
        fair_lottery(Problem(quotas=[], **WHOLE), **more)
