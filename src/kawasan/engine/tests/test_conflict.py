"""The smallest conflict against brute force: the named limits cannot be held to, without any one of them they can."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kawasan.engine.conflict import Limit, smallest_conflict
from kawasan.engine.errors import InvalidInputError
from kawasan.engine.tests.test_timetable import lacking_equipment, programme, tasks
from kawasan.engine.timetable import Equipment, Travel


def holds(task, limits, where) -> bool:
    """Whether sessions at (slot, site), or nowhere, hold to these limits. Without any code of the engine."""
    held = {s: at for s, at in enumerate(where) if at is not None}
    missing = any(s not in held and Limit("sessions", g) in limits for s, g in enumerate(task["group"]))
    alone = all(holds_alone(task, limits, held, s) for s in held)
    return (
        not missing
        and alone
        and all(holds_beside(task, limits, held, a, b) for a in held for b in range(len(where)) if a != b)
        and (Limit("rooms") not in limits or rooms_suffice(task, held))
        and not any(Limit("equipment", e) in limits for e, _t in lacking_equipment(task, slots_of(where)))
    )


def slots_of(where) -> list[int]:
    """The slot of each session, -1, -2 … for those that are held nowhere."""
    return [at[0] if at is not None else -1 - s for s, at in enumerate(where)]


def holds_alone(task, limits, held, s) -> bool:
    g, k, t = task["group"][s], task["trainer"][s], held[s][0]
    today = sum(task["group"][b] == g and task["day"][u] == task["day"][t] for b, (u, _) in held.items())
    broken = {
        Limit("blocked", g): not task["group_free"][g][t],
        Limit("busy", k): not task["trainer_free"][k][t],
        Limit("day", g): today > task["most_per_day"],
    }
    return not any(is_broken and limit in limits for limit, is_broken in broken.items())


def holds_beside(task, limits, held, a, b) -> bool:
    group, trainer, position = task["group"], task["trainer"], task["position"]
    same_group, same_trainer, t = group[a] == group[b], trainer[a] == trainer[b], held[a][0]
    if same_group and position[b] < position[a] and not (b in held and held[b][0] < t):
        return Limit("order", group[a]) not in limits
    if b not in held:
        return True
    if held[b][0] == t:
        return not same_group and not (same_trainer and Limit("trainer", trainer[a]) in limits)
    is_near = (same_group or same_trainer) and "travel" in task and t < held[b][0]
    return not (is_near and Limit("ways") in limits and is_late(task["travel"], a, held[a], held[b]))


def is_late(travel, a, left, reached) -> bool:
    arrival = travel.starts[left[0]] + travel.minutes[a] + travel.way[left[1]][reached[1]]
    return bool(arrival > travel.starts[reached[0]])


def rooms_suffice(task, held) -> bool:
    site = task["travel"].site.tolist() if "travel" in task else [0] * len(task["capacity"])
    for at in set(held.values()):
        people = sorted((task["people"][s] for s, other in held.items() if other == at), reverse=True)
        rooms = sorted((c for c, x in zip(task["capacity"], site, strict=True) if x == at[1]), reverse=True)
        if len(people) > len(rooms) or any(p > r for p, r in zip(people, rooms, strict=False)):
            return False
    return True


def can_be(task, limits) -> bool:
    """Every way to hold each session somewhere, or nowhere, is tried."""
    sites = range(len(task["travel"].way) if "travel" in task else 1)
    places = [None, *product(range(len(task["day"])), sites)]
    return any(holds(task, limits, where) for where in product(places, repeat=len(task["group"])))


def all_limits(task) -> set[Limit]:
    of_group = [Limit(kind, g) for kind in ("sessions", "order", "day", "blocked") for g in set(task["group"])]
    of_trainer = [Limit(kind, k) for kind in ("trainer", "busy") for k in set(task["trainer"])]
    of_equipment = [Limit("equipment", e) for e in range(len(task["equipment"].sets) if "equipment" in task else 0)]
    return {*of_group, *of_trainer, *of_equipment, Limit("rooms"), Limit("ways")}


@st.composite
def tasks_with_ways(draw):
    """Small tasks whose slots are an hour apart and whose rooms are at two sites up to three hours apart."""
    task = draw(tasks(sessions=4, slots=4))
    way = draw(st.sampled_from([0, 60, 120]))
    task["travel"] = Travel(
        60 * np.arange(len(task["day"])),
        np.array(draw(st.lists(st.sampled_from([30, 60]), min_size=len(task["group"]), max_size=len(task["group"])))),
        np.array(draw(st.lists(st.integers(0, 1), min_size=len(task["capacity"]), max_size=len(task["capacity"])))),
        np.array([[0, way], [way, 0]]),
    )
    return task


@settings(max_examples=60, deadline=None)
@given(st.one_of(tasks(sessions=4, slots=4), tasks_with_ways()))
def test_the_conflict_is_one_and_no_part_of_it_is(task):
    found = smallest_conflict(**task)
    assert (found is None) == can_be(task, all_limits(task))
    if found:
        limits = set(found.limits)
        assert found.is_smallest
        assert not can_be(task, limits)
        assert all(can_be(task, limits - {limit}) for limit in limits)


def test_what_contradicts_is_named_and_nothing_else():
    # Four sessions in two slots: both groups begin with trainer 0, who holds one at a time, and the order keeps the
    # other from beginning with trainer 1. Rooms and days are not to blame.
    found = smallest_conflict(**programme(group_free=[[1, 1, 0, 0]] * 2))
    assert found
    assert {limit.kind for limit in found.limits} == {"blocked", "order", "sessions", "trainer"}
    assert len(found.limits) == len({(limit.kind, limit.index) for limit in found.limits})


def test_a_way_is_named_where_nothing_else_contradicts():
    # One group has two sessions on one morning, of which one needs the large room an hour away.
    travel = Travel(np.array([0, 240]), np.array([225, 225]), np.array([0, 1]), np.array([[0, 60], [60, 0]]))
    task = {
        "group": [0, 0], "trainer": [0, 0], "position": [1, 1], "people": [5, 30], "day": [1, 1],
        "capacity": [10, 30], "trainer_free": [[1, 1]], "group_free": [[1, 1]], "most_per_day": 2, "travel": travel,
    }  # fmt: skip
    assert smallest_conflict(**task) is None  # both fit into the large room
    task |= {"group": [0, 0, 1], "trainer": [0, 0, 1], "position": [1, 1, 1], "people": [5, 30, 30]}
    task |= {"trainer_free": [[1, 1]] * 2, "group_free": [[1, 1], [1, 1]]}
    task["travel"] = Travel(travel.starts, np.array([225] * 3), travel.site, travel.way)
    found = smallest_conflict(**task)
    assert found
    assert found.limits == (Limit("rooms"), Limit("sessions", 0), Limit("sessions", 1), Limit("ways"))


def test_equipment_is_named_where_nothing_else_contradicts():
    # Four sessions use the one set that there is, in three slots.
    one_set = Equipment(np.ones((1, 4), bool), np.array([1]))
    found = smallest_conflict(**programme(equipment=one_set, group_free=[[1, 1, 1, 0]] * 2))
    assert found
    assert Limit("equipment") in found.limits


def test_where_all_can_be_held_to_there_is_no_conflict():
    assert smallest_conflict(**programme()) is None


def test_malformed_input_is_refused():
    with pytest.raises(InvalidInputError):
        smallest_conflict(**programme(people=[-1, 1, 1, 1]))
