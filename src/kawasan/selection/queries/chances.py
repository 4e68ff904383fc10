"""Everybody's chance in a frozen pool, who has none or is certain, and why."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from kawasan.core.text import Text
from kawasan.programmes.rules import counts_among, feature_text
from kawasan.selection import rules
from kawasan.selection.models import Draw
from kawasan.selection.queries.quotas import QuotaRow, quota_rows, value_label


@dataclass(frozen=True, slots=True)
class Settled:
    """People of whom the draw decides nothing: certain of a seat or without a chance, why, and how many."""

    is_certain: bool
    why: Text
    people: int


def quota_rows_of(
    draw: Draw, names: dict[tuple[str, str], str], *, held: Iterable[dict[str, str]] = ()
) -> list[QuotaRow]:
    """The quotas of a frozen pool, with the chances and, after the draw, who was drawn."""
    features = {row[0]: row[3] for row in draw.pool}
    by_value: dict[tuple[str, str], list[float]] = defaultdict(list)
    among = list({quota[0] for quota in draw.quotas})
    for name, chance in chances(draw).items():
        for counted in counts_among(features[name], among):
            by_value[counted].append(float(chance))
    people = draw.result["people"] if draw.result else []
    drawn = [features[name] for name in people]
    return quota_rows(names, draw.quotas, pool=features.values(), drawn=drawn, held=held, chances=by_value)


def chances(draw: Draw) -> dict[str, Fraction]:
    """Everybody's chance by pseudonym: the panels' seats of their cell over the panels and its people."""
    of_cell = _chance_of_cell(draw)
    return {name: of_cell[cell] for name, cell, _household in draw.frozen["pool"]}


def _chance_of_cell(draw: Draw) -> dict[int, Fraction]:
    seats: Counter[int] = Counter()
    for panel in draw.frozen["panels"]:
        seats.update(dict(panel))
    size = Counter(cell for _name, cell, _household in draw.frozen["pool"])
    return {cell: Fraction(seats[cell], len(draw.frozen["panels"]) * people) for cell, people in size.items()}


def settled(draw: Draw, names: dict[tuple[str, str], str]) -> list[Settled]:
    """Of whom the draw decides nothing: those certain first, and the largest group first."""
    size, texts = Counter(cell for _name, cell, _household in draw.frozen["pool"]), {}
    people: Counter[tuple[bool, str]] = Counter()
    for cell, (is_certain, why) in settled_cells(draw, names).items():
        texts[str(why)] = why
        people[is_certain, str(why)] += size[cell]
    rows = [Settled(is_certain, texts[why], number) for (is_certain, why), number in people.items()]
    return sorted(rows, key=lambda row: (not row.is_certain, -row.people))


def settled_cells(draw: Draw, names: dict[tuple[str, str], str]) -> dict[int, tuple[bool, Text]]:
    """The cells whose people sit in every panel (true) or in none (false), and why."""
    bounds, taken = _bounds_and_taken(draw, names)
    full = _full_kinds(draw)
    found = {}
    for number, chance in _chance_of_cell(draw).items():
        cell = draw.frozen["cells"][number]
        if chance == 1:
            needed = (bounds[quota] for quota in cell["counts"] if bounds[quota].available <= bounds[quota].least)
            found[number] = True, rules.why_certain(is_guaranteed=cell["certain"], all_needed=next(needed, None))
        elif chance == 0:
            no_room = (bounds[quota] for quota in cell["counts"] if bounds[quota].most <= taken[quota])
            found[number] = False, rules.why_none(no_room=next(no_room, None), is_full=cell["kind"] in full)
    return found


def _bounds_and_taken(draw: Draw, names: dict[tuple[str, str], str]) -> tuple[list[rules.Bound], Counter[int]]:
    """The quotas in words, and how many seats of each the guaranteed people take."""
    available: Counter[int] = Counter()
    taken: Counter[int] = Counter()
    for _name, cell, _household in draw.frozen["pool"]:
        available.update(draw.frozen["cells"][cell]["counts"])
        if draw.frozen["cells"][cell]["certain"]:
            taken.update(draw.frozen["cells"][cell]["counts"])
    bounds = [
        rules.Bound(feature_text(name), value_label(names, name, value), least, most, available[number])
        for number, (name, value, least, most) in enumerate(draw.quotas)
    ]
    return bounds, taken


def _full_kinds(draw: Draw) -> set[int]:
    """The kinds of household in which guaranteed people leave no seat; all, when they take every seat."""
    cells, sure = draw.frozen["cells"], 0
    room: dict[int, int] = defaultdict(int)
    met = set()
    for _name, cell, household in draw.frozen["pool"]:
        kind = cells[cell]["kind"]
        if kind and household not in met:
            met.add(household)
            room[kind] += draw.frozen["most_per_household"]
        if cells[cell]["certain"]:
            sure += 1
            room[kind] -= 1
    is_full = sure >= draw.frozen["seats"]
    return {cell["kind"] for cell in cells if is_full or (cell["kind"] and room[cell["kind"]] <= 0)}
