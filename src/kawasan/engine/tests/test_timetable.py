from itertools import combinations, product
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kawasan.engine.errors import EngineError, InfeasibleError, InvalidInputError
from kawasan.engine.timetable import Clash, Equipment, Timetable, Travel, clashes, timetable


def programme(**change):
    """Two groups with two sessions each, two trainers, two rooms, two days of two slots."""
    task = {
        "group": [0, 0, 1, 1],
        "trainer": [0, 1, 0, 1],
        "position": [1, 2, 1, 2],
        "people": [10, 10, 10, 10],
        "day": [1, 1, 2, 2],
        "capacity": [10, 12],
        "trainer_free": np.ones((2, 4), bool),
        "group_free": np.ones((2, 4), bool),
        "most_per_day": 2,
    }
    return {**task, **change}


def faults(task, slot, room=None) -> list[str]:
    """Return what is wrong with a timetable, without any code of the engine."""
    group, day, people = task["group"], task["day"], task["people"]
    found = []
    for s, t in enumerate(slot):
        if not (task["group_free"][group[s]][t] and task["trainer_free"][task["trainer"][s]][t]):
            found.append(f"session {s} is held when its group or trainer is not free")
        if sum(g == group[s] and day[u] == day[t] for g, u in zip(group, slot, strict=True)) > task["most_per_day"]:
            found.append(f"group {group[s]} has too many sessions on day {day[t]}")
        if room is not None and task["capacity"][room[s]] < people[s]:
            found.append(f"session {s} does not fit its room")
    found += [f"equipment {e} is lacking in slot {t}" for e, t in lacking_equipment(task, slot)]
    return found + [fault for pair in combinations(range(len(slot)), 2) for fault in faults_of(task, slot, room, *pair)]


def lacking_equipment(task, slot) -> list[tuple[int, int]]:
    """Kinds and slots in which more sessions use the kind than there are sets."""
    there = task.get("equipment")
    return [
        (e, t)
        for e in range(len(there.sets) if there else 0)
        for t in set(slot)
        if t >= 0 and sum(bool(there.uses[e][s]) for s, u in enumerate(slot) if u == t) > there.sets[e]
    ]


def faults_of(task, slot, room, a, b) -> list[str]:
    same_group = task["group"][a] == task["group"][b]
    step = task["position"][b] - task["position"][a]
    wrong = {
        "have one group": slot[a] == slot[b] and same_group,
        "have one trainer": slot[a] == slot[b] and task["trainer"][a] == task["trainer"][b],
        "have one room": room is not None and slot[a] == slot[b] and room[a] == room[b],
        "are in the wrong order": same_group and step * (slot[b] - slot[a]) < 0,
    }
    return [f"sessions {a} and {b} {what}" for what, is_wrong in wrong.items() if is_wrong]


def fits_rooms(task, slot) -> bool:
    for t in set(slot):
        people = sorted((task["people"][s] for s in range(len(slot)) if slot[s] == t), reverse=True)
        rooms = sorted(task["capacity"], reverse=True)
        if len(people) > len(rooms) or any(p > r for p, r in zip(people, rooms, strict=False)):
            return False
    return True


def crowding_of(task, slot) -> int:
    pairs = [(a, b) for b in range(len(slot)) for a in range(b) if task["group"][a] == task["group"][b]]
    return sum(task["day"][slot[a]] == task["day"][slot[b]] for a, b in pairs)


def test_two_groups_swap_trainers_as_early_as_the_order_allows():
    # Both groups begin with trainer 0, so one of them not before slot 1, and it ends with trainer 1 in slot 2, on the
    # second day. Trainer 1 is then taken, so the other group has slots 0 and 1: a pair on the first day.
    table = timetable(**programme())
    assert table.last_slot == 2
    assert table.crowding == 1
    assert table.is_optimal
    assert (table.gap, table.crowding_gap) == (0, 0)
    assert faults(programme(), table.slot, table.room) == []


def test_sessions_of_equal_position_may_be_held_in_any_order():
    table = timetable(**programme(position=[1, 1, 1, 1]))
    assert table.last_slot == 1


def test_sessions_spread_over_days_when_that_ends_no_later():
    task = programme(
        group=[0, 0, 1], trainer=[0, 0, 1], position=[1, 2, 1], people=[5] * 3,
        trainer_free=[[1, 1, 1, 0], [0, 0, 1, 0]],
    )  # fmt: skip
    assert timetable(**task).slot.tolist()[1] == 2
    assert timetable(**task).crowding == 0


def test_a_large_group_gets_the_large_room_and_a_small_one_the_smallest_that_fits():
    task = programme(group=[0, 1], trainer=[0, 1], position=[1, 1], people=[12, 8], capacity=[30, 12, 8])
    assert timetable(**task).room.tolist() == [1, 2]


def test_a_group_keeps_its_room_for_the_day():
    # In slot 1 room 1 would be the smallest for the 5 people of group 0, but it sat in room 0 in slot 0.
    task = programme(
        group=[0, 0, 1], trainer=[0, 0, 1], position=[1, 2, 1], people=[9, 5, 4], capacity=[9, 5],
        trainer_free=[[1, 1, 0, 0], [0, 0, 1, 0]],
    )  # fmt: skip
    assert timetable(**task).room.tolist() == [0, 0, 1]


def test_a_group_leaves_its_room_to_a_larger_one_that_fits_nowhere_else():
    task = programme(
        group=[0, 0, 1], trainer=[0, 0, 1], position=[1, 2, 1], people=[12, 5, 12], capacity=[12, 5],
        trainer_free=[[1, 1, 0, 0], [0, 1, 0, 0]],
    )  # fmt: skip
    assert timetable(**task).room.tolist() == [0, 1, 0]


def test_no_sessions_need_no_slot():
    table = timetable(**programme(group=[], trainer=[], position=[], people=[]))
    assert (table.last_slot, len(table.slot), table.is_optimal) == (-1, 0, True)


@pytest.mark.parametrize(
    ("change", "conflict"),
    [
        ({"trainer_free": [[1, 1, 1, 1], [0, 1, 0, 0]]}, {"trainer 1"}),
        ({"group_free": [[1, 1, 1, 1], [0, 0, 1, 0]]}, {"group 1"}),
        ({"most_per_day": 1, "day": [1, 1, 1, 1]}, {"group 0", "group 1"}),
        ({"capacity": []}, {"rooms"}),
        ({"people": [13, 1, 1, 1]}, {"rooms"}),
        ({"equipment": Equipment(np.array([[1, 0, 0, 0]], bool), np.array([0]))}, {"equipment 0"}),
        (
            {"equipment": Equipment(np.ones((1, 4), bool), np.array([1])), "group_free": [[1, 1, 1, 0]] * 2},
            {"equipment 0"},
        ),
        ({"people": [12, 12, 12, 12], "group_free": [[1, 1, 1, 0], [1, 1, 1, 0]]}, {"rooms"}),
        ({"trainer_free": [[1, 1, 1, 1], [1, 1, 0, 0]], "group_free": [[0, 0, 1, 1], [1, 1, 1, 1]]}, {"session 1"}),
    ],
)
def test_what_lacks_slots_is_named(change, conflict):
    with pytest.raises(InfeasibleError) as refusal:
        timetable(**programme(**change))
    assert conflict <= set(refusal.value.conflict)


def test_a_session_that_finds_no_slot_beside_the_others_is_named_with_group_and_trainer():
    # Trainer 0 has slots 1 and 2, one for each group; who meets him in slot 2 would need trainer 1 in slot 3, when he
    # is away.
    with pytest.raises(InfeasibleError) as refusal:
        timetable(**programme(trainer_free=[[0, 1, 1, 0], [1, 1, 1, 0]]))
    assert refusal.value.conflict in {
        ("session 1", "group 0", "trainer 1"),
        ("session 3", "group 1", "trainer 1"),
    }


def test_an_order_that_keeps_trainers_idle_is_refused():
    # Two slots of two rooms hold four sessions, but in slot 0 only trainer 0 can begin, and in slot 1 only trainer 1.
    with pytest.raises(InfeasibleError, match="order") as refusal:
        timetable(**programme(group_free=[[1, 1, 0, 0]] * 2))
    assert refusal.value.conflict == ("rooms", "trainers", "order")


@pytest.mark.parametrize(
    "change",
    [
        {"trainer": [0, 1]},
        {"trainer": [0, 1, 2, 0]},
        {"group": [0, 0, -1, 1]},
        {"day": [2, 1, 1, 1]},
        {"most_per_day": 0},
        {"people": [-1, 1, 1, 1]},
        {"equipment": Equipment(np.ones((1, 3), bool), np.array([1]))},
        {"equipment": Equipment(np.ones((1, 4), bool), np.array([-1]))},
        {"group_free": [[1, 1], [1, 1]]},
    ],
)
def test_malformed_input_is_refused(change):
    with pytest.raises(InvalidInputError):
        timetable(**programme(**change))


def test_the_checker_names_every_kind_of_clash():
    found = clashes(slot=[0, 0, 0, 1], room=[0, 0, 1, 0], group=[0, 1, 0, 0], trainer=[0, 1, 1, 1])
    assert found == (Clash("group", 0, 2), Clash("room", 0, 1), Clash("trainer", 1, 2))


def test_the_checker_names_each_pair_of_three():
    found = clashes(slot=[4, 4, 4], room=[0, 1, 2], group=[0, 1, 2], trainer=[7, 7, 7])
    assert [(c.session_a, c.session_b) for c in found] == [(0, 1), (0, 2), (1, 2)]


def test_the_checker_refuses_lists_of_different_length():
    with pytest.raises(InvalidInputError):
        clashes(slot=[0, 1], room=[0], group=[0, 0], trainer=[0, 0])


@st.composite
def tasks(draw, sessions, slots, groups=2, trainers=2):
    n, t = draw(st.integers(1, sessions)), draw(st.integers(1, slots))

    def each(strategy, length):
        return draw(st.lists(strategy, min_size=length, max_size=length))

    usually = st.sampled_from([True, True, True, False])
    kinds = draw(st.integers(0, 2))
    uses = np.array([each(st.booleans(), n) for _ in range(kinds)], bool).reshape(kinds, n)
    return {
        "equipment": Equipment(uses, np.array(each(st.integers(0 if n < 4 else 1, 2), kinds), np.int64)),
        "group": each(st.integers(0, groups - 1), n),
        "trainer": each(st.integers(0, trainers - 1), n),
        "position": each(st.integers(1, 3), n),
        "people": each(st.integers(1, 3), n),
        "day": sorted(each(st.integers(1, 1 + slots // 3), t)),
        "capacity": draw(st.lists(st.integers(2, 3), min_size=1, max_size=3)),
        "trainer_free": [each(usually, t) for _ in range(trainers)],
        "group_free": [each(usually, t) for _ in range(groups)],
        "most_per_day": draw(st.integers(1, 3)),
    }


@settings(max_examples=150, deadline=None)
@given(tasks(sessions=5, slots=5))
def test_no_timetable_at_all_is_better_and_none_exists_when_refused(task):
    every = product(range(len(task["day"])), repeat=len(task["group"]))
    good = [slot for slot in every if not faults(task, slot) and fits_rooms(task, slot)]
    best = min(((max(slot), crowding_of(task, slot)) for slot in good), default=(inf, inf))
    if best == (inf, inf):
        with pytest.raises(InfeasibleError) as refusal:
            timetable(**task)
        assert refusal.value.conflict
    else:
        table = timetable(**task)
        assert (table.last_slot, table.crowding) == best
        assert table.is_optimal


@settings(max_examples=60, deadline=None)
@given(tasks(sessions=18, slots=24, groups=4, trainers=3))
def test_a_timetable_never_has_a_fault(task):
    try:
        table = timetable(**task)
    except EngineError:  # there is none, or the work limit came before one was found
        return
    assert faults(task, table.slot.tolist(), table.room.tolist()) == []
    assert clashes(table.slot, table.room, task["group"], task["trainer"]) == ()
    assert table.last_slot == table.slot.max()
    assert table.crowding == crowding_of(task, table.slot.tolist())


def late_ones(task, slot, site) -> list[tuple[int, int]]:
    """Pairs of one group or trainer between which the way takes too long, without any code of the engine."""
    travel = task["travel"]
    pairs = [(a, b) for a in range(len(slot)) for b in range(len(slot)) if slot[a] < slot[b]]
    same = [
        (a, b) for a, b in pairs if task["group"][a] == task["group"][b] or task["trainer"][a] == task["trainer"][b]
    ]
    return [
        (a, b)
        for a, b in same
        if travel.starts[slot[a]] + travel.minutes[a] + travel.way[site[a]][site[b]] > travel.starts[slot[b]]
    ]


def fits_sites(task, slot, site) -> bool:
    at = {
        x: {**task, "capacity": [c for c, y in zip(task["capacity"], task["travel"].site, strict=True) if y == x]}
        for x in set(site)
    }
    inside = {x: [s for s in range(len(slot)) if site[s] == x] for x in set(site)}
    return all(
        fits_rooms({**at[x], "people": [task["people"][s] for s in own]}, [slot[s] for s in own])
        for x, own in inside.items()
    )


@st.composite
def tasks_apart(draw, sessions, slots, sites=2):
    """Tasks whose slots start an hour apart and whose rooms are up to two hours apart."""
    task = draw(tasks(sessions=sessions, slots=slots))
    way = np.array(
        [[0 if x == y else draw(st.sampled_from([0, 30, 60, 120])) for x in range(sites)] for y in range(sites)]
    )
    rooms, n = len(task["capacity"]), len(task["group"])
    task["travel"] = Travel(
        60 * np.arange(len(task["day"])),
        np.array(draw(st.lists(st.sampled_from([30, 60]), min_size=n, max_size=n))),
        np.array(draw(st.lists(st.integers(0, sites - 1), min_size=rooms, max_size=rooms))),
        np.maximum(way, way.T),
    )
    return task


@settings(max_examples=80, deadline=None)
@given(tasks_apart(sessions=4, slots=4))
def test_no_timetable_with_ways_is_better_and_none_exists_when_refused(task):
    every = product(range(len(task["day"])), repeat=len(task["group"]))
    sites = list(product(range(len(task["travel"].way)), repeat=len(task["group"])))
    good = [
        slot
        for slot in every
        if not faults(task, slot)
        and any(not late_ones(task, slot, site) and fits_sites(task, slot, site) for site in sites)
    ]
    best = min(((max(slot), crowding_of(task, slot)) for slot in good), default=None)
    if best is None:
        with pytest.raises(InfeasibleError):
            timetable(**task)
    else:
        table = timetable(**task)
        assert (table.last_slot, table.crowding) == best


@settings(max_examples=60, deadline=None)
@given(tasks_apart(sessions=16, slots=20, sites=3))
def test_a_timetable_always_leaves_the_time_of_the_way(task):
    try:
        table = timetable(**task)
    except EngineError:
        return
    assert faults(task, table.slot.tolist(), table.room.tolist()) == []
    assert late_ones(task, table.slot, task["travel"].site[table.room]) == []
    assert clashes(table.slot, table.room, task["group"], task["trainer"], task["travel"]) == ()


def test_one_set_of_equipment_is_used_by_one_session_at_a_time():
    task = programme(trainer=[0, 1, 2, 3], trainer_free=np.ones((4, 4), bool))
    assert timetable(**task).last_slot == 1  # all four have trainers and rooms of their own
    first = Equipment(np.array([[1, 0, 1, 0]], bool), np.array([1]))
    with_one = timetable(**task, equipment=first)
    assert with_one.slot[0] != with_one.slot[2]
    assert with_one.last_slot == 2


def test_a_trainer_stays_where_the_way_is_too_long():
    # Both groups fit into either room. Trainer 0 teaches both on one morning, so both come to one room; without the way
    # each would get the smallest.
    travel = Travel(np.array([0, 240, 1440, 1680]), np.array([225] * 2), np.array([0, 1]), np.array([[0, 60], [60, 0]]))
    task = programme(group=[0, 1], trainer=[0, 0], position=[1, 1], people=[12, 8], capacity=[12, 10])
    assert timetable(**task).room.tolist() == [0, 1]
    near = timetable(**task, travel=travel)
    assert near.room.tolist() == [0, 0]
    assert near.last_slot == 1


def test_the_checker_names_a_way_that_takes_too_long():
    travel = Travel(np.array([0, 240]), np.array([225] * 3), np.array([0, 1]), np.array([[0, 60], [60, 0]]))
    found = clashes(slot=[1, 0, 0], room=[1, 0, 1], group=[0, 0, 1], trainer=[0, 1, 0], travel=travel)
    assert found == (Clash("group_way", 0, 1),)  # trainer 0 stays in room 1


@pytest.mark.parametrize(
    "change",
    [
        {"starts": np.array([0, 1])},
        {"starts": np.array([3, 2, 1, 0])},
        {"site": np.array([0, 2])},
        {"way": np.array([[0, 1], [2, 0]])},
        {"way": np.array([[0, -1], [-1, 0]])},
        {"minutes": np.array([1])},
    ],
)
def test_malformed_ways_are_refused(change):
    given = {"starts": np.arange(4), "minutes": np.ones(4, int), "site": np.array([0, 1]), "way": np.ones((2, 2), int)}
    with pytest.raises(InvalidInputError):
        timetable(**programme(), travel=Travel(**(given | change)))


def whole_programme(modules) -> Timetable:
    random = np.random.default_rng(2022)
    group, module = np.repeat(np.arange(10), modules), np.tile(np.arange(modules), 10)
    return timetable(
        group=group,
        trainer=module % 5,
        position=module // 2,
        people=random.integers(8, 13, 10)[group],
        day=np.repeat(np.arange(30), 4),
        capacity=[12, 15, 20, 40],
        trainer_free=random.random((5, 120)) < 0.85,
        group_free=random.random((10, 120)) < 0.95,
        most_per_day=2,
    )


def test_240_sessions_end_within_a_tenth_of_the_bound():
    table = whole_programme(24)
    assert table.gap < 0.1
    assert 0 < table.crowding_gap < 1


def test_the_work_limit_does_not_depend_on_the_clock():
    first, second = whole_programme(8), whole_programme(8)
    assert not first.is_optimal
    assert (first.slot.tolist(), first.room.tolist()) == (second.slot.tolist(), second.room.tolist())
