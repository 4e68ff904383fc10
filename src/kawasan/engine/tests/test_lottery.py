from itertools import combinations
from time import perf_counter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kawasan.engine import randomness
from kawasan.engine.errors import InfeasibleError, InvalidInputError
from kawasan.engine.lottery import Problem, Quota, Relaxation, check, draw, replacement

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


@st.composite
def problems_in_order(draw):
    instance = draw(problems())
    return instance, draw(st.permutations(range(len(instance.households))))


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


def test_a_person_is_passed_over_only_when_no_complete_panel_could_follow():
    # Women 0, 1, 2, man 3; two seats, one man at least: after woman 0 another woman would leave no seat for him.
    instance = problem([WOMAN, WOMAN, WOMAN, MAN], [Quota(0, MAN, 1, 2)], seats=2)
    result = draw(instance, order=(0, 1, 2, 3))
    assert (result.chosen, result.waiting) == ((0, 3), (1, 2))


def test_guaranteed_people_go_first_in_the_drawn_order():
    instance = problem([WOMAN, WOMAN, WOMAN, WOMAN], [], seats=3)
    result = draw(instance, order=(0, 1, 2, 3), guaranteed=(3, 2))
    assert (result.chosen, result.waiting) == ((2, 3, 0), (1,))


def test_a_guaranteed_person_whom_a_quota_excludes_heads_the_waiting_list():
    instance = problem([WOMAN, WOMAN, MAN], [Quota(0, MAN, 0, 0)], seats=1)
    result = draw(instance, order=(0, 1, 2), guaranteed=(2,))
    assert (result.chosen, result.waiting) == ((0,), (2, 1))


def test_a_household_fills_no_more_seats_than_it_may():
    instance = problem([WOMAN] * 4, [], seats=2, households=[7, 7, 7, 9])
    assert draw(instance, order=(0, 1, 2, 3)).chosen == (0, 3)


def test_a_household_of_the_limit_itself_is_not_cut():
    instance = problem([WOMAN] * 4, [], seats=3, households=[7, 7, 9, 9], most_per_household=2)
    assert draw(instance, order=(0, 1, 2, 3)).chosen == (0, 1, 2)


def test_no_solve_is_spent_on_people_the_panel_last_found_holds():
    instance = problem([WOMAN] * 50, [], seats=20)
    assert draw(instance, order=range(50)).solves == 1


def test_a_quota_that_is_full_costs_one_solve_however_many_are_passed_over():
    instance = problem([MAN] * 50 + [WOMAN], [Quota(0, MAN, 0, 0)], seats=1)
    assert draw(instance, order=range(51)).solves == 2


def test_conflicting_quotas_are_named_and_the_least_change_proposed():
    # Three seats cannot hold two women and two men; quota 0 does not take part. Listed first, women keep their quota.
    quotas = [Quota(1, 5, 0, 3), Quota(0, WOMAN, 2, 3), Quota(0, MAN, 2, 3)]
    instance = problem([(WOMAN, 5), (WOMAN, 5), (WOMAN, 6), (MAN, 5), (MAN, 6)], quotas, seats=3)
    result = check(instance)
    assert not result.feasible
    assert result.conflict == (1, 2)
    assert result.relaxation == (Relaxation(2, 1, 3),)
    assert result.most_seats == 3 + 2


def test_of_two_equal_changes_of_a_quota_the_one_that_keeps_its_least_is_proposed():
    # The first two quotas allow only the two men (0, 1) or the two women (2, 3); the third wants one of each.
    features = [(0, 0, MAN), (1, 1, MAN), (0, 1, WOMAN), (1, 0, WOMAN)]
    instance = problem(features, [Quota(0, 0, 1, 1), Quota(1, 0, 1, 1), Quota(2, WOMAN, 1, 1)], seats=2)
    assert check(instance).relaxation == (Relaxation(2, 1, 2),)


def test_an_empty_pool_seats_nobody_and_says_so():
    instance = problem([], [], seats=1)
    assert (check(instance).feasible, check(instance).most_seats) == (False, 0)
    with pytest.raises(InfeasibleError):
        draw(instance, order=())
    with pytest.raises(InfeasibleError):
        replacement(instance, staying=(), waiting=())


def test_seats_that_households_cannot_fill_have_no_conflict_of_quotas():
    instance = problem([WOMAN] * 4, [Quota(0, WOMAN, 1, 4)], seats=3, households=[1, 1, 2, 2])
    result = check(instance)
    assert (result.feasible, result.conflict, result.relaxation, result.most_seats) == (False, (), (), 2)


def test_a_draw_without_a_panel_names_the_conflict():
    instance = problem([WOMAN, WOMAN, MAN], [Quota(0, MAN, 2, 2)], seats=2)
    with pytest.raises(InfeasibleError) as refused:
        draw(instance, order=(0, 1, 2))
    assert refused.value.conflict == ("quota 0",)


def test_a_free_seat_goes_to_the_first_waiting_who_keeps_the_quotas():
    instance = problem([WOMAN, WOMAN, MAN, WOMAN, MAN], [Quota(0, MAN, 1, 1)], seats=2)
    result = replacement(instance, staying=(0,), waiting=(1, 4, 2))
    assert (result.person, result.keeps_quotas) == (4, True)


def test_of_several_free_seats_the_first_goes_to_whom_the_rest_can_still_complete():
    instance = problem([WOMAN, WOMAN, MAN], [Quota(0, MAN, 1, 1)], seats=2)
    result = replacement(instance, staying=(), waiting=(0, 1, 2))
    assert (result.person, result.keeps_quotas) == (0, True)


def test_without_a_fitting_person_the_least_shortfall_is_called():
    # A man and a category-5 person left. Person 1 mends neither quota, person 2 one of them, as does person 3.
    quotas = [Quota(0, MAN, 1, 2), Quota(1, 5, 1, 2)]
    instance = problem([(WOMAN, 0), (WOMAN, 0), (MAN, 0), (WOMAN, 5)], quotas, seats=2)
    result = replacement(instance, staying=(0,), waiting=(1, 2, 3))
    assert (result.person, result.keeps_quotas) == (2, False)


def test_nobody_is_called_from_a_household_that_is_full():
    instance = problem([WOMAN, WOMAN], [], seats=2, households=[3, 3])
    with pytest.raises(InfeasibleError):
        replacement(instance, staying=(0,), waiting=(1,))


# Properties and the oracle


@settings(deadline=None)
@given(problems_in_order())
def test_every_draw_is_the_first_panel_in_dictionary_order(case):
    instance, order = case
    expected = panels(instance, instance.quotas, order)
    if not expected:
        with pytest.raises(InfeasibleError):
            draw(instance, order=order)
        return
    result = draw(instance, order=order)
    assert result.chosen == expected[0]
    assert result.waiting == tuple(person for person in order if person not in expected[0])


@settings(deadline=None)
@given(problems_in_order(), st.sets(st.integers(0, 6)))
def test_guaranteed_people_are_seated_whenever_a_panel_allows(case, guaranteed):
    instance, order = case
    guaranteed = guaranteed & set(order)
    sequence = sorted(order, key=lambda person: person not in guaranteed)
    expected = panels(instance, instance.quotas, sequence)
    assume(expected)
    assert draw(instance, order=order, guaranteed=tuple(guaranteed)).chosen == expected[0]


@settings(deadline=None)
@given(problems_in_order(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(case, random):
    instance, order = case
    assume(panels(instance, instance.quotas))
    rows = random.sample(range(len(order)), len(order))  # new row i holds the old person rows[i]
    renamed = {home: 100 - home for home in instance.households.tolist()}
    homes = [renamed[instance.households[row]] for row in rows]
    shuffled = Problem(
        instance.features[rows], instance.quotas, instance.seats, np.array(homes), instance.most_per_household
    )
    result = draw(shuffled, order=[rows.index(person) for person in order])
    assert [rows[row] for row in result.chosen] == list(draw(instance, order=order).chosen)
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


@settings(deadline=None)
@given(problems_in_order())
def test_a_replacement_agrees_with_every_person_tried(case):
    instance, order = case
    staying, waiting = order[: instance.seats - 1], order[instance.seats - 1 :]
    assume(keeps_households(instance, staying))
    candidates = [person for person in waiting if keeps_households(instance, [*staying, person])]
    if not candidates:
        with pytest.raises(InfeasibleError):
            replacement(instance, staying=staying, waiting=waiting)
        return

    def shortfall(person):
        panel = [*staying, person]
        counts = [(quota, count(instance, panel, quota)) for quota in instance.quotas]
        return sum(max(quota.least - seated, seated - quota.most, 0) for quota, seated in counts)

    best = min(candidates, key=shortfall)  # a full match has none; min keeps the first
    result = replacement(instance, staying=staying, waiting=waiting)
    assert (result.person, result.keeps_quotas) == (best, shortfall(best) == 0)


def city(people=400, seats=100, seed=7):
    """A pool with five features, households of up to three, and quotas within one seat of a reachable panel."""
    rng = np.random.default_rng(seed)
    sizes = [2, 3, 4, 7, 4]
    features = np.column_stack([rng.choice(size, people, p=rng.dirichlet(np.full(size, 3.0))) for size in sizes])
    households = np.arange(people)
    households[: people // 4] //= 3
    panel = rng.permutation(np.unique(households, return_index=True)[1])[:seats]
    quotas = []
    for feature, size in enumerate(sizes):
        for value in range(size):
            seated = int(np.count_nonzero(features[panel, feature] == value))
            quotas.append(Quota(feature, value, max(seated - 1, 0), seated + 1))
    return Problem(features, tuple(quotas), seats, households, 1)


@settings(max_examples=5, deadline=None)
@given(st.text(min_size=1))
def test_every_draw_of_a_city_meets_every_quota(seed):
    instance = city()
    order = randomness.order(seed, [f"applicant {row}" for row in range(400)], [1] * 400)
    chosen = draw(instance, order=order).chosen
    assert len(set(chosen)) == 100
    assert meets(instance, chosen, instance.quotas)


def test_a_city_is_drawn_within_seconds():
    order = randomness.order("seed", [f"applicant {row}" for row in range(400)], [1] * 400)
    start = perf_counter()
    draw(city(), order=order)
    assert perf_counter() - start < 20  # about 1 s on one core; the room is for a busy machine


def test_the_chance_of_a_seat_follows_from_the_order_alone():
    # Two of three women and one of two men: without tickets each woman has 2/3, each man 1/2.
    instance = problem([WOMAN, WOMAN, WOMAN, MAN, MAN], [Quota(0, WOMAN, 2, 2)], seats=3)
    draws = 1000
    seated = np.zeros(5)
    for number in range(draws):
        order = randomness.order(f"seed {number}", list("abcde"), [1] * 5)
        seated[list(draw(instance, order=order).chosen)] += 1
    chance = np.array([2 / 3] * 3 + [1 / 2] * 2)
    standard_error = np.sqrt(chance * (1 - chance) / draws)  # at most 0.016
    assert np.all(np.abs(seated / draws - chance) < 4 * standard_error)


# Refusals


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


@pytest.mark.parametrize(
    "arguments",
    [{"order": (0,)}, {"order": (0, 0)}, {"order": (0, 2)}, {"order": (0, 1), "guaranteed": (2,)}],
    ids=str,
)
def test_a_draw_refuses_an_order_that_does_not_name_everybody_once(arguments):
    with pytest.raises(InvalidInputError):
        draw(problem([WOMAN, MAN], [], seats=1), **arguments)


@pytest.mark.parametrize(("staying", "waiting"), [((0,), (0, 1)), ((0,), (5,)), ((0, 1), (2,)), ((-1,), (1,))])
def test_a_replacement_refuses_strangers_repeats_and_full_panels(staying, waiting):
    with pytest.raises(InvalidInputError):
        replacement(problem([WOMAN, MAN, MAN], [], seats=2), staying=staying, waiting=waiting)
