"""The people of each field are divided into groups: by distance first, then by all that they wish and can do."""

from dataclasses import dataclass

import numpy as np

from kawasan.core.errors import Refused
from kawasan.core.text import Text, _
from kawasan.engine.assignment import Ints, distance_km, form_groups
from kawasan.engine.errors import InfeasibleError
from kawasan.engine.reassignment import Limits, Reassignment, reassign
from kawasan.matching import rules
from kawasan.matching.rules import Sizes
from kawasan.matching.services.people import Person, has_wishes, points, reach_of, rules_of

ROUNDS = 10  # of moving people and meeting places in turn; it ends by itself after two or three


@dataclass(frozen=True, slots=True)
class Division:
    """group: of each person. centre: a person of each group at whose place it meets. cost, bound: metres."""

    group: Ints
    centre: Ints
    metres: Ints
    cost: int
    bound: int

    def members(self, g: int) -> list[int]:
        """Who is in a group."""
        return [int(i) for i in np.flatnonzero(self.group == g)]

    def km(self, i: int) -> float:
        """How far somebody has to go."""
        return round(int(self.metres[i]) / 1000, 3)

    @property
    def total_km(self) -> float:
        """The way of all."""
        return int(self.metres.sum()) / 1000

    @property
    def gap(self) -> float:
        """The share of the cost that a better division might still save, 0 to 1."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0


def divide(people: list[Person], least: int, most: int) -> Division:
    """Form the groups; where nobody has a wish or an ability that counts, distance alone decides."""
    fields = sorted({person["field"] for person in people})
    found = form_groups(
        *points(people),
        field=[fields.index(person["field"]) for person in people],
        household=[person["household"] for person in people],
        identifier=[person["applicant"] for person in people],
        least=least,
        most=most,
    )
    metres = np.rint(1000 * found.distance_km).astype(np.int64)
    total = int(metres.sum())
    division = Division(found.group, found.centre, metres, total, total - round(found.gap * total))
    for number, code in enumerate(fields):
        if has_wishes([person for person in people if person["field"] == code]):
            division = _refined(division, people, np.flatnonzero(found.field == number), Sizes(least, most))
    return division


def _refined(division: Division, people: list[Person], groups: Ints, sizes: Sizes) -> Division:
    """The division of one field for all rules: people and meeting places move in turn until nothing gets better."""
    inside = np.flatnonzero(np.isin(division.group, groups))
    members = [people[i] for i in inside]
    centre = [people[i] for i in division.centre[groups]]
    places = list({(person["latitude"], person["longitude"]): person for person in members}.values())
    best: Reassignment | None = None
    for _round in range(ROUNDS):
        new = _reassigned(members, centre, sizes)
        if best and new.cost >= best.cost:
            break
        best, centre_of_best = new, centre
        centre = [_middle(members, places, centre[g], np.flatnonzero(new.bin == g)) for g in range(len(groups))]
    if best is None:
        return division
    return _merged(division, people, inside, groups, best, centre_of_best)


def _reassigned(members: list[Person], centre: list[Person], sizes: Sizes) -> Reassignment:
    metres = np.rint(1000 * distance_km(*points(members), *points(centre))).astype(np.int64)
    reach = np.array([1000 * reach_of(person) for person in members])
    groups, n = len(centre), len(members)
    try:
        return reassign(
            np.where(metres <= reach[:, None], metres, -1),
            weight=np.ones(n, np.int64),
            limits=Limits(np.full(groups, sizes.least), np.full(groups, sizes.most), np.full(groups, n)),
            now=np.full(n, -1),
            fixed=np.zeros(n, bool),
            rules=rules_of(members, groups),
        )
    except InfeasibleError as error:
        no_room = rules.no_room_in_groups(people=n, group_room=groups * sizes.most, mentor_room=n)
        why = rules.reasons_no_rematch(error.conflict, no_room)
        raise Refused(Text(_("The wishes of the participants cannot all be kept.")), *why) from None


def _middle(members: list[Person], places: list[Person], old: Person, inside: Ints) -> Person:
    """The place that is nearest to all members of a group and that everybody of them can reach."""
    chosen = [members[i] for i in inside]
    km = distance_km(*points(places), *points(chosen))
    near = [p for p in range(len(places)) if (km[p] <= [reach_of(person) for person in chosen]).all()]
    return places[min(near, key=lambda p: float(km[p].sum()))] if near else old


def _merged(
    division: Division, people: list[Person], inside: Ints, groups: Ints, best: Reassignment, centre: list[Person]
) -> Division:
    group, centres, metres = division.group.copy(), division.centre.copy(), division.metres.copy()
    before = int(metres[inside].sum())
    group[inside] = groups[best.bin]
    number = {person["applicant"]: i for i, person in enumerate(people)}
    centres[groups] = [number[person["applicant"]] for person in centre]
    way = distance_km(*points([people[i] for i in inside]), *points(centre))
    metres[inside] = np.rint(1000 * way[np.arange(len(inside)), best.bin]).astype(np.int64)
    return Division(group, centres, metres, division.cost - before + best.cost, division.bound)
