from itertools import product

import numpy as np
import pytest

from kawasan.engine import nearest
from kawasan.engine.assignment import distance_km
from kawasan.engine.errors import InfeasibleError, InvalidInputError
from kawasan.engine.nearest import assign_nearest


def places(rng, n):
    return rng.uniform(-2.2, -2.0, n), rng.uniform(106.0, 106.2, n)


def best_of_all(people, mentors, room):
    """The least way in all of every assignment that the mentors have room for."""
    metres = np.rint(1000 * distance_km(*people, *mentors)).astype(int)
    ways = product(range(len(room)), repeat=len(people[0]))
    fits = (way for way in ways if (np.bincount(way, minlength=len(room)) <= room).all())
    return min(sum(metres[i, m] for i, m in enumerate(way)) for way in fits)


@pytest.mark.parametrize("seed", range(30))
def test_with_all_mentors_it_is_the_best_of_all_assignments_and_proves_it(seed):
    rng = np.random.default_rng(seed)
    people, mentors = places(rng, 6), places(rng, 3)
    room = np.array([2, 3, 2])
    found = assign_nearest(*people, mentor_lat=mentors[0], mentor_lon=mentors[1], most_people=room, neighbours=3)
    assert abs(found.cost - best_of_all(people, mentors, room)) <= 1  # the two round a chord and an arc
    assert found.bound == found.cost
    assert (np.bincount(found.mentor, minlength=3) <= room).all()


@pytest.mark.parametrize("seed", range(30))
def test_the_bound_holds_when_farther_mentors_are_left_out(seed):
    rng = np.random.default_rng(100 + seed)
    people, mentors = places(rng, 6), places(rng, 4)
    room = np.array([2, 2, 2, 2])
    found = assign_nearest(*people, mentor_lat=mentors[0], mentor_lon=mentors[1], most_people=room, neighbours=1)
    best = best_of_all(people, mentors, room)
    assert found.bound - 1 <= best <= found.cost + 1


def test_it_is_nearer_in_all_than_one_after_the_other():
    rng = np.random.default_rng(5)
    people, mentors = places(rng, 300), places(rng, 15)
    room = np.full(15, 22)
    found = assign_nearest(*people, mentor_lat=mentors[0], mentor_lon=mentors[1], most_people=room)
    metres = np.rint(1000 * distance_km(*people, *mentors)).astype(int)
    left, greedy = room.copy(), 0
    for row in metres:
        m = min(np.flatnonzero(left), key=lambda m: row[m])
        left[m] -= 1
        greedy += row[m]
    assert found.cost < greedy
    assert found.gap == 0


@pytest.mark.parametrize("seed", range(6))
def test_very_many_people_are_matched_nearly_as_well_and_the_bound_holds(seed, monkeypatch):
    rng = np.random.default_rng(200 + seed)
    towns = rng.uniform([-3, 105], [-1, 108], (8, 2))
    people = (towns[rng.choice(8, 900, p=np.arange(1, 9) / 36)] + rng.normal(0, 0.05, (900, 2))).T
    mentors = (towns[rng.integers(0, 8, 40)] + rng.normal(0, 0.05, (40, 2))).T
    room = np.full(40, 24)
    given = {"mentor_lat": mentors[0], "mentor_lon": mentors[1], "most_people": room, "neighbours": 3}
    best = assign_nearest(*people, **given | {"neighbours": 40})
    assert best.gap == 0
    monkeypatch.setattr(nearest, "MANY", 0)
    found = assign_nearest(*people, **given)
    assert found.bound <= best.cost <= found.cost
    assert found.gap <= nearest.GOOD_ENOUGH
    assert found.neighbours < 40
    assert (np.bincount(found.mentor, minlength=40) <= room).all()
    metres = np.rint(1000 * distance_km(*people, *mentors)).astype(int)
    assert abs(metres[np.arange(900), found.mentor] - found.metres).max() <= 1


def test_many_people_at_one_place_are_matched_together_too(monkeypatch):
    monkeypatch.setattr(nearest, "MANY", 0)
    found = assign_nearest([0] * 5, [0] * 5, mentor_lat=[0, 1], mentor_lon=[0, 0], most_people=[3, 2], neighbours=1)
    assert sorted(found.mentor) == [0, 0, 0, 1, 1]
    assert found.gap <= nearest.GOOD_ENOUGH


def test_too_little_room_is_said():
    with pytest.raises(InfeasibleError, match="no room for 1 people"):
        assign_nearest([0, 0], [0, 1], mentor_lat=[0], mentor_lon=[0], most_people=[1])
    with pytest.raises(InvalidInputError):
        assign_nearest([0], [0], mentor_lat=[0], mentor_lon=[0], most_people=[-1])
    with pytest.raises(InvalidInputError):
        assign_nearest([0], [0, 1], mentor_lat=[0], mentor_lon=[0], most_people=[1])
    with pytest.raises(InvalidInputError):
        assign_nearest([], [], mentor_lat=[0], mentor_lon=[0], most_people=[1])
