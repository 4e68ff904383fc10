from itertools import combinations, product
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kawasan.engine.assignment import Groups, assign_mentors, distance_km, form_groups
from kawasan.engine.errors import InfeasibleError, InvalidInputError

# Kelurahan Semabung Lama and Bukit Merapen, and a third point between them, in Pangkalpinang.
NORTH, MIDDLE, SOUTH = (-2.10, 106.12), (-2.11, 106.12), (-2.16, 106.12)


def groups_of(places, *, field=None, household=None, identifier=None, least, most) -> Groups:
    n = len(places)
    lat, lon = zip(*places, strict=True)
    return form_groups(
        lat,
        lon,
        field=field or [0] * n,
        household=household or list(range(n)),
        identifier=identifier or [f"{i:03}" for i in range(n)],
        least=least,
        most=most,
    )


def test_a_degree_of_the_equator_is_111_km():
    # 2 pi R / 360 with R = 6371.0088 km
    assert distance_km([0], [0], [0, 0], [0, 1]) == pytest.approx(np.array([[0, 111.1951]]), abs=1e-4)


def test_the_distance_between_antipodes_is_half_the_circumference():
    assert distance_km([-2.1], [106.1], [2.1], [-73.9])[0, 0] == pytest.approx(np.pi * 6371.0088)


def test_neighbours_form_a_group_and_meet_where_most_of_them_live():
    groups = groups_of([NORTH, SOUTH, NORTH, SOUTH, MIDDLE], least=2, most=3)
    # One group would have 5 > 3 people. The two pairs stay at home, the fifth goes 0.01 degrees north.
    assert groups.group.tolist() == [0, 1, 0, 1, 0]
    assert groups.centre.tolist() == [0, 1]
    assert groups.distance_km == pytest.approx([0, 0, 0, 0, 1.111951], abs=1e-5)
    assert (groups.gap, groups.is_optimal) == (0, True)


def test_the_meeting_place_is_that_of_a_member_when_a_member_lives_there():
    groups = groups_of([NORTH, NORTH, NORTH, NORTH], identifier=["d", "c", "b", "a"], least=2, most=2)
    assert [groups.group[i] for i in groups.centre] == [0, 1]


@pytest.mark.parametrize(
    ("people", "least", "most", "expected"),
    # 14 people: 14 is 4 from ten, 7 is 3 from ten. 30 people in groups of at most 8: at least 4 groups.
    [(10, 8, 12, 1), (14, 7, 14, 2), (25, 8, 12, 3), (30, 8, 12, 3), (30, 5, 8, 4), (12, 3, 6, 2)],
)
def test_the_number_of_groups_is_the_one_nearest_to_ten_people_each(people, least, most, expected):
    assert len(groups_of([NORTH] * people, least=least, most=most).centre) == expected


def test_groups_never_mix_fields():
    groups = groups_of([NORTH] * 6, field=[7, 3, 7, 3, 7, 3], least=3, most=3)
    assert groups.field.tolist() == [3, 7]
    assert groups.group.tolist() == [1, 0, 1, 0, 1, 0]


def test_members_of_one_household_go_to_different_groups():
    groups = groups_of([NORTH, NORTH, SOUTH, SOUTH], household=[1, 1, 2, 2], least=2, most=2)
    assert groups.group[0] != groups.group[1]
    assert groups.group[2] != groups.group[3]


def test_a_household_larger_than_the_number_of_groups_is_spread_as_far_as_it_goes():
    groups = groups_of([NORTH] * 6, household=[5, 5, 5, 1, 2, 3], least=3, most=3)
    assert sorted(np.bincount(groups.group[:3])) == [1, 2]


def test_a_household_in_the_only_group_stays_together():
    assert set(groups_of([NORTH] * 4, household=[1] * 4, least=2, most=4).group) == {0}


def test_nobody_gives_no_groups():
    groups = form_groups([], [], field=[], household=[], identifier=[], least=8, most=12)
    assert (len(groups.centre), groups.total_km, groups.is_optimal) == (0, 0, True)


def test_a_field_with_too_few_people_is_named():
    with pytest.raises(InfeasibleError, match="field 4 has 2") as refusal:
        groups_of([NORTH] * 5, field=[1, 4, 1, 4, 1], least=3, most=5)
    assert refusal.value.conflict == ("field 4",)


def test_a_number_of_people_between_two_multiples_is_refused():
    with pytest.raises(InfeasibleError, match="groups of 8 to 12"):
        groups_of([NORTH] * 13, least=8, most=12)


@pytest.mark.parametrize(
    "change",
    [{"identifier": ["a", "a"]}, {"field": [1]}, {"least": 3}, {"least": 0}, {"places": [NORTH, (91, 0)]}],
)
def test_malformed_people_are_refused(change):
    with pytest.raises(InvalidInputError):
        groups_of(**{"places": [NORTH, SOUTH], "least": 1, "most": 2, **change})


people = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 1), st.integers(0, 5)), min_size=4, max_size=24
)


@settings(max_examples=40, deadline=None)
@given(people, st.randoms(use_true_random=False))
def test_sizes_hold_households_are_apart_and_the_order_of_rows_does_not_matter(people, random):
    def formed(rows):
        places = [(-2.1 + 0.01 * people[i][0], 106.1 + 0.01 * people[i][1]) for i in rows]
        return groups_of(
            places,
            field=[people[i][2] for i in rows],
            household=[people[i][3] for i in rows],
            identifier=[f"{i:03}" for i in rows],
            least=1,
            most=5,
        )

    groups = formed(range(len(people)))
    assert set(np.bincount(groups.group)) <= {1, 2, 3, 4, 5}
    for field, household in {(f, h) for _, _, f, h in people}:
        own = [i for i, (_, _, f, h) in enumerate(people) if (f, h) == (field, household)]
        assert np.bincount(groups.group[own]).max() == -(-len(own) // np.sum(groups.field == field))
    rows = random.sample(range(len(people)), len(people))
    again = formed(rows)
    assert again.group.tolist() == groups.group[rows].tolist()
    assert [rows[i] for i in again.centre] == groups.centre.tolist()


def partitions(people, groups, least, most):
    if groups == 0:
        yield from [[]] if not people else []
        return
    for size in range(least, min(most, len(people)) + 1):
        for others in combinations(people[1:], size - 1):
            rest = [i for i in people[1:] if i not in others]
            yield from ([[people[0], *others], *more] for more in partitions(rest, groups - 1, least, most))


def least_metres(metres, household, groups, least, most):
    def is_apart(group):
        together = {h: sum(household[i] == h for i in group) for h in household}
        return all(k <= -(-household.count(h) // groups) for h, k in together.items())

    people = list(range(len(household)))
    return min(
        sum(metres[group].sum(axis=0).min() for group in division)
        for division in partitions(people, groups, least, most)
        if all(map(is_apart, division))
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 4)), min_size=6, max_size=8))
def test_no_division_at_all_is_shorter(people):
    places = [(-2.1 + 0.013 * a, 106.1 + 0.017 * b) for a, b, _ in people]
    household = [h for _, _, h in people]
    lat, lon = zip(*places, strict=True)
    groups = groups_of(places, household=household, least=2, most=4)
    metres = np.rint(1000 * distance_km(lat, lon, lat, lon))
    assert groups.is_optimal
    assert np.rint(1000 * groups.distance_km).sum() == least_metres(metres, household, len(groups.centre), 2, 4)


def test_a_programme_of_a_hundred_people_in_42_places_is_divided_optimally():
    random = np.random.default_rng(2022)
    place = np.column_stack([random.uniform(-2.18, -2.07, 42), random.uniform(106.08, 106.18, 42)])
    groups = groups_of(
        place[random.integers(0, 42, 100)].tolist(),
        field=random.integers(0, 4, 100).tolist(),
        household=random.integers(0, 80, 100).tolist(),
        least=8,
        most=12,
    )
    assert groups.is_optimal
    assert set(np.bincount(groups.group)) <= set(range(8, 13))


def test_a_group_gets_the_cheaper_mentor_until_that_one_is_full():
    # Mentor 0 is cheaper by 5 for group 0 and by 9 for group 1, and can take one: group 1 keeps him.
    mentors = assign_mentors([[1, 6], [1, 10]], size=[10, 10], most_groups=[1, 2], most_people=[40, 40])
    assert mentors.mentor.tolist() == [1, 0]
    assert (mentors.total_cost, mentors.is_optimal) == (7, True)


def test_a_mentor_who_is_not_allowed_is_never_chosen():
    assert assign_mentors([[-1, 900]], size=[8], most_groups=[1, 1], most_people=[9, 9]).mentor.tolist() == [1]


def test_the_mentor_whose_number_of_groups_is_too_small_is_named():
    with pytest.raises(InfeasibleError) as refusal:
        assign_mentors([[3, -1], [3, -1], [-1, 3]], size=[8, 8, 8], most_groups=[1, 5], most_people=[99, 99])
    assert refusal.value.conflict == ("mentor 0: 1 more group",)


def test_the_people_that_mentors_cannot_take_are_counted():
    with pytest.raises(InfeasibleError) as refusal:
        assign_mentors([[3], [3]], size=[8, 12], most_groups=[2], most_people=[17])
    assert refusal.value.conflict == ("mentor 0: 3 more people",)


def test_more_people_are_asked_of_mentors_before_more_groups():
    with pytest.raises(InfeasibleError) as refusal:
        assign_mentors([[3, 3]], size=[8], most_groups=[0, 1], most_people=[99, 0])
    assert refusal.value.conflict == ("mentor 1: 8 more people",)


def test_a_group_that_no_mentor_may_take_is_named():
    with pytest.raises(InfeasibleError) as refusal:
        assign_mentors([[3], [-1]], size=[8, 12], most_groups=[2], most_people=[20])
    assert refusal.value.conflict == ("group 1: no mentor allowed",)


@pytest.mark.parametrize(
    "change", [{"cost": [[-2]]}, {"size": [1, 2]}, {"size": [-1]}, {"most_groups": [1, 1]}, {"most_people": [-1]}]
)
def test_malformed_mentors_are_refused(change):
    with pytest.raises(InvalidInputError):
        assign_mentors(**{"cost": [[1]], "size": [1], "most_groups": [1], "most_people": [1], **change})


def least_cost(cost, size, most_groups, most_people):
    def price(choice):
        for m in range(len(most_groups)):
            own = [g for g, mentor in enumerate(choice) if mentor == m]
            if len(own) > most_groups[m] or sum(size[g] for g in own) > most_people[m]:
                return inf
        prices = [cost[g][m] for g, m in enumerate(choice)]
        return inf if min(prices) < 0 else sum(prices)

    return min(price(choice) for choice in product(range(len(most_groups)), repeat=len(size)))


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_no_assignment_at_all_is_cheaper_and_none_exists_when_refused(data):
    groups, mentors = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 3))
    cost = [[data.draw(st.integers(-1, 9)) for _ in range(mentors)] for _ in range(groups)]
    size = [data.draw(st.integers(0, 12)) for _ in range(groups)]
    most_groups = [data.draw(st.integers(0, 4)) for _ in range(mentors)]
    most_people = [data.draw(st.integers(0, 30)) for _ in range(mentors)]
    expected = least_cost(cost, size, most_groups, most_people)
    if expected == inf:
        with pytest.raises(InfeasibleError) as refusal:
            assign_mentors(cost, size=size, most_groups=most_groups, most_people=most_people)
        assert refusal.value.conflict
    else:
        found = assign_mentors(cost, size=size, most_groups=most_groups, most_people=most_people)
        assert found.total_cost == expected
