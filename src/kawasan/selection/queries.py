"""The pool as it is now, how far quotas are met, and the lists that pages and the decree show."""

import datetime
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext

from kawasan.applicants.models import Applicant
from kawasan.applicants.rules import age_on
from kawasan.core.models import LogEntry
from kawasan.core.templatetags.kawasan import masked
from kawasan.core.text import Text
from kawasan.programmes.models import Field, Programme
from kawasan.programmes.queries import quota_lines
from kawasan.programmes.rules import VALUE_LABELS, Announcement, Feature, QuotaLine
from kawasan.selection import rules
from kawasan.selection.models import Decree, Draw, DrawException, Seat, SeatQuerySet
from kawasan.selection.rules import (
    LEFT,
    OTHER_AGE,
    OTHER_AGE_LABEL,
    DecreeStatus,
    DrawStatus,
    ExceptionKind,
    SeatKind,
    SeatStatus,
    age_group,
    pseudonym,
)

CANDIDATE_COLUMNS = (
    "code",
    "applied_on",
    "field__code",
    "need_band__code",
    "need_band__tickets",
    "need_band__is_guaranteed",
    "person__code",
    "person__family_card",
    "person__sex",
    "person__birth_date",
    "person__disability",
    "person__place__level",
    "person__place__code",
    "person__place__parent__code",
)


ANNOUNCED_COLUMNS = (
    "place_in_order",
    "status",
    "applicant__code",
    "applicant__person__name",
    "applicant__person__place__name",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An eligible applicant as the draw sees them."""

    code: str
    household: str
    tickets: int
    features: dict[str, str]
    certain: bool = False


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """A quota on the page: its bounds beside how many there are."""

    feature: str
    value: str
    label: str
    least: int
    most: int
    available: int
    drawn: int
    held: int
    chance: rules.Spread | None = None
    none: int = 0
    sure: int = 0

    @property
    def is_closed(self) -> bool:
        """Whether nobody of the pool's people with the value can have a seat."""
        return self.most == 0 and self.available > 0

    @property
    def needs_all(self) -> bool:
        """Whether all of the pool's people with the value must have a seat."""
        return 0 < self.available == self.least

    @property
    def is_short(self) -> bool:
        """Whether the pool has fewer such people than there must be."""
        return self.available < self.least


@dataclass(frozen=True, slots=True)
class Announced:
    """A line of the announcement, with nothing but what the programme lets everybody know."""

    number: int
    known_as: str
    name: str
    village: str
    status: str


@dataclass(frozen=True, slots=True)
class Undone:
    """A public value that was taken back, or (without a value) a frozen pool that was given up, as the log has it."""

    draw: str
    value: str
    reason: str
    by: str
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """People of whom the draw decides nothing: certain of a seat or without a chance, why, and how many."""

    is_certain: bool
    why: Text
    people: int


@dataclass(frozen=True, slots=True)
class SeatChange:
    """A seat that is not as the signed decree has it."""

    seat: Seat
    has_left: bool


def candidates(programme: Programme) -> list[Candidate]:
    """Everybody who may be drawn. Without a family card, a person is a household of their own."""
    kinds = {code: kind for code, kind, _reason in exceptions(programme)}
    rows = programme.applicants.in_pool().order_by("code").values(*CANDIDATE_COLUMNS)
    return [
        Candidate(
            code=row["code"],
            household=f"KK {row['person__family_card']}" if row["person__family_card"] else row["person__code"],
            tickets=row["need_band__tickets"],
            features=_features(row),
            certain=row["need_band__is_guaranteed"] or kinds.get(row["code"]) == ExceptionKind.GUARANTEED,
        )
        for row in rows
        if kinds.get(row["code"]) != ExceptionKind.BARRED
    ]


def exceptions(programme: Programme) -> list[tuple[str, str, str]]:
    """The exceptions that count: the code of an eligible applicant, guaranteed or barred, and the reason."""
    confirmed = DrawException.objects.confirmed().filter(applicant__in=programme.applicants.in_pool())
    return list(confirmed.values_list("applicant__code", "kind", "reason"))


def _features(row: dict[str, Any]) -> dict[str, str]:
    is_village = row["person__place__level"] == "village" and row["person__place__parent__code"]
    birth_date = row["person__birth_date"]
    return {
        Feature.FIELD.value: row["field__code"],
        Feature.SEX.value: row["person__sex"],
        Feature.DISTRICT.value: row["person__place__parent__code"] if is_village else row["person__place__code"],
        Feature.AGE_GROUP.value: age_group(age_on(birth_date, row["applied_on"])) if birth_date else OTHER_AGE,
        Feature.NEED_BAND.value: row["need_band__code"],
        Feature.DISABILITY.value: "yes" if row["person__disability"] else "no",
    }


def quotas(programme: Programme, fields: Iterable[Field]) -> list[list[Any]]:
    """The fields' bounds of seats, then the programme's quotas: rows of feature, value, least, most."""
    bounds = [[Feature.FIELD.value, field.code, field.least_seats, field.most_seats] for field in fields]
    return bounds + [[q.feature, q.value, q.least, q.most] for q in programme.quotas.all()]


def quota_state(programme: Programme) -> str:
    """Changes whenever somebody changes a quota: what a form that shows them sends back."""
    lines = [[*line.counts, *line.bounds, line.reason] for line in quota_lines(programme)]
    return hashlib.sha256(json.dumps(lines).encode()).hexdigest()


def quota_values(programme: Programme, pool: Iterable[dict[str, str]]) -> dict[tuple[str, str], str]:
    """What a quota may count, by feature, with its words: all that are known, in the pool or in a quota already."""
    names = value_names(programme, programme.fields.order_by("code"))
    ages = [f"{least}-{most}" for least, most in rules.AGE_GROUPS]
    known = [(Feature.SEX.value, sex) for sex in ("female", "male")]
    known += [(Feature.AGE_GROUP.value, age) for age in ages]
    known += [(Feature.DISABILITY.value, answer) for answer in ("yes", "no")]
    met = sorted({*_count(pool), *(line.counts for line in quota_lines(programme))})
    order = [feature.value for feature in Feature]
    found = sorted(dict.fromkeys([*names, *known, *met]), key=lambda pair: order.index(pair[0]))
    return {pair: value_label(names, *pair) for pair in found}


def populations(programme: Programme) -> dict[tuple[str, str], int]:
    """The inhabitants of each district of the area; nothing unless all are known, as they would give no shares."""
    districts = programme.places.filter(level="district", code__startswith=f"{programme.area_code}.")
    found = {(Feature.DISTRICT.value, place.code): place.population for place in districts}
    return {pair: people for pair, people in found.items() if people} if all(found.values()) else {}


@dataclass(frozen=True, slots=True)
class QuotaChoice:
    """A value that a quota may count: who has it in the pool and in the population, and what that comes to."""

    counts: tuple[str, str]
    feature: str
    label: str
    available: int
    pool_share: float | None
    population_share: float | None
    proposed: tuple[int, int] | None
    saved: QuotaLine | None


def quota_choices(programme: Programme) -> list[QuotaChoice]:
    """Every value that a quota may count."""
    pool = [candidate.features for candidate in candidates(programme)]
    in_pool, saved = _count(pool), {line.counts: line for line in quota_lines(programme)}
    population = populations(programme)
    inhabitants = sum(population.values())
    return [
        QuotaChoice(
            counts=pair,
            feature=Feature(pair[0]).label,
            label=label,
            available=in_pool[pair],
            pool_share=in_pool[pair] / len(pool) if pool else None,
            population_share=population[pair] / inhabitants if pair in population else None,
            proposed=rules.proposed(population[pair], of=inhabitants, seats=programme.seats)
            if pair in population
            else None,
            saved=saved.get(pair),
        )
        for pair, label in quota_values(programme, pool).items()
    ]


def value_names(programme: Programme, fields: Iterable[Field]) -> dict[tuple[str, str], str]:
    """The names of fields, districts and need bands, which are rows of the programme, by feature and code."""
    names = {(Feature.FIELD.value, field.code): str(field) for field in fields}
    names |= {(Feature.NEED_BAND.value, band.code): f"{band.code} · {band}" for band in programme.need_bands.all()}
    districts = programme.places.filter(level="district").values_list("code", "name")
    return names | {(Feature.DISTRICT.value, code): name for code, name in districts}


def value_label(names: dict[tuple[str, str], str], feature: str, value: str) -> str:
    """A value of a feature as people read it."""
    return names.get((feature, value)) or gettext((VALUE_LABELS | {OTHER_AGE: OTHER_AGE_LABEL}).get(value, value))


def quota_rows(
    names: dict[tuple[str, str], str],
    bounds: Iterable[Sequence[Any]],
    *,
    pool: Iterable[dict[str, str]],
    drawn: Iterable[dict[str, str]] = (),
    held: Iterable[dict[str, str]] = (),
    chances: Mapping[tuple[str, str], list[float]] | None = None,
) -> list[QuotaRow]:
    """Each quota beside how many of such people are in the pool, were drawn, hold a seat now, and their chances."""
    in_pool, were_drawn, hold = _count(pool), _count(drawn), _count(held)
    return [
        QuotaRow(
            feature=Feature(feature).label,
            value=value,
            label=value_label(names, feature, value),
            least=least,
            most=most,
            available=in_pool[feature, value],
            drawn=were_drawn[feature, value],
            held=hold[feature, value],
            chance=rules.spread((chances or {}).get((feature, value), [])),
            none=(chances or {}).get((feature, value), []).count(0.0),
            sure=(chances or {}).get((feature, value), []).count(1.0),
        )
        for feature, value, least, most in bounds
    ]


def quota_rows_of(
    draw: Draw, names: dict[tuple[str, str], str], *, held: Iterable[dict[str, str]] = ()
) -> list[QuotaRow]:
    """The quotas of a frozen pool, with the chances and, after the draw, who was drawn."""
    features = {row[0]: row[3] for row in draw.pool}
    by_value: dict[tuple[str, str], list[float]] = defaultdict(list)
    for name, chance in chances(draw).items():
        for pair in features[name].items():
            by_value[pair].append(float(chance))
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
        rules.Bound(Text(Feature(name).label), value_label(names, name, value), least, most, available[number])
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


def _count(people: Iterable[dict[str, str]]) -> Counter[tuple[str, str]]:
    return Counter(pair for features in people for pair in features.items())


def seat_counts(programme: Programme) -> dict[str, int]:
    """How many seats there are of each status."""
    by_status = {status.value: Count("pk", filter=Q(status=status)) for status in SeatStatus}
    return Seat.objects.filter(programme=programme).aggregate(**by_status)


def seats_matching(programme: Programme, wanted: dict[str, Any]) -> SeatQuerySet:
    """The seats given, by field, or the waiting list in its order; narrowed down by a filter."""
    seats = Seat.objects.filter(programme=programme).in_full()
    if wanted.get("list") == "waiting":
        seats = seats.filter(status=SeatStatus.WAITING).order_by("place_in_order")
    else:
        seats = seats.exclude(status=SeatStatus.WAITING).order_by("applicant__field_id", "kind", "place_in_order")
    if text := wanted.get("q"):
        seats = seats.filter(Q(applicant__person__name__icontains=text) | Q(applicant__code__icontains=text))
    if field := wanted.get("field"):
        seats = seats.filter(applicant__field=field)
    if status := wanted.get("status"):
        seats = seats.filter(status=status)
    return seats


def announced(draw: Draw, kind: SeatKind, start: str = "") -> list[Announced]:
    """Who was drawn, or the waiting list in its order, told apart as the programme sets.

    ``start`` begins the pseudonym or the number. Whoever gave up a seat, or the place on the waiting list, has no name.
    The drawn stand in order of what tells them apart, as their own order is that of the pseudonyms.
    """
    how = Announcement(draw.programme.announcement)
    seats = Seat.objects.filter(draw=draw, kind=kind).order_by("place_in_order").values(*ANNOUNCED_COLUMNS)
    lines = [_announced(seat, how, draw.salt) for seat in seats]
    if kind == SeatKind.DRAWN:
        in_order = sorted(lines, key=lambda line: line.known_as)
        lines = [replace(line, number=number) for number, line in enumerate(in_order, start=1)]
    return [line for line in lines if line.known_as.casefold().startswith(start.casefold())]


def _announced(seat: dict[str, Any], how: Announcement, salt: str) -> Announced:
    status, name = SeatStatus(seat["status"]), seat["applicant__person__name"]
    code, village = seat["applicant__code"], seat["applicant__person__place__name"]
    is_named = how == Announcement.NAMED
    is_hidden = how == Announcement.PSEUDONYM or status in LEFT
    return Announced(
        number=seat["place_in_order"],
        known_as=pseudonym(salt, code) if how == Announcement.PSEUDONYM else code,
        name="" if is_hidden else name if is_named else rules.masked_name(name),
        village=village if is_named and not is_hidden else "",
        status=status.label,
    )


def overview(draw: Draw, *, is_whole: bool = True) -> dict[str, Any]:
    """What the page shows of a frozen or drawn pool: sizes, and each quota beside pool, draw and seats held now.

    Of a pool that is not as it was published it counts nothing.
    """
    features = {row[0]: row[3] for row in draw.pool}
    counts = seat_counts(draw.programme)
    codes = Seat.objects.filter(draw=draw).held().values_list("applicant__code", flat=True)
    names = value_names(draw.programme, draw.programme.fields.all())
    held = [features[pseudonym(draw.salt, code)] for code in codes] if is_whole else []
    return {
        "people": len(draw.pool),
        "households": len({row[1] for row in draw.pool}),
        "quotas": quota_rows_of(draw, names, held=held) if is_whole else [],
        "spread": rules.spread(float(chance) for chance in chances(draw).values()) if is_whole else None,
        "settled": settled(draw, names) if is_whole else [],
        "exceptions": published_exceptions(draw),
        "panels": len(draw.frozen["panels"]),
        "seats": draw.seats,
        "counts": counts,
        "progress": {
            "offered": counts["offered"],
            "free": draw.seats - counts["offered"] - counts["accepted"],
            "waiting": counts["waiting"],
        },
    }


def undone(programme: Programme) -> list[Undone]:
    """What was tried and not drawn from, oldest first: whoever tries until a friend wins does so before everybody."""
    verbs = ("selection.value_taken_back", "selection.cancelled")
    entries = LogEntry.objects.filter(programme_code=programme.code, verb__in=verbs).order_by("sequence")
    return [
        Undone(
            draw=entry.subject.rpartition(" ")[2],
            value=entry.data.get("public_value", ""),
            reason=entry.data["reason"],
            by=entry.by_name,
            at=entry.at,
        )
        for entry in entries
    ]


def count_excepted(programme: Programme, found: Sequence[Candidate]) -> dict[str, int]:
    """Before freezing: how many are guaranteed a seat, how many are kept out, and what is not confirmed yet."""
    return {
        "guaranteed": sum(candidate.certain for candidate in found),
        "barred": sum(kind == ExceptionKind.BARRED for _code, kind, _reason in exceptions(programme)),
        "waiting": DrawException.objects.waiting().filter(programme=programme).count(),
    }


def published_exceptions(draw: Draw) -> list[dict[str, Any]]:
    """Who was guaranteed a seat or kept out, by pseudonym, with the reason that was published."""
    rows = draw.frozen.get("exceptions", [])
    return [{"pseudonym": name, "kind": ExceptionKind(kind), "reason": reason} for name, kind, reason in rows]


def pool_people(draw: Draw, names: dict[tuple[str, str], str], start: str = "") -> list[dict[str, Any]]:
    """The published pool with what was drawn, for people to look themselves up by the start of their pseudonym."""
    result, chance = draw.result or {"people": [], "reserves": []}, chances(draw)
    chosen = {name: number for number, name in enumerate(result["people"], start=1)}
    waiting = {name: number for number, name in enumerate(result["reserves"], start=1)}
    of_cell, cell = settled_cells(draw, names), {row[0]: row[1] for row in draw.frozen["pool"]}
    return [
        {
            "pseudonym": pseudonym,
            "household": household,
            "tickets": tickets,
            "chance": float(chance[pseudonym]),
            "settled": of_cell.get(cell[pseudonym]),
            "features": [value_label(names, feature.value, features[feature]) for feature in Feature],
            "seat": chosen.get(pseudonym),
            "reserve": waiting.get(pseudonym),
        }
        for pseudonym, household, tickets, features in draw.pool
        if pseudonym.startswith(start)
    ]


def decree_lines(programme: Programme) -> list[dict[str, Any]]:
    """Everybody who accepted a seat, by field and name, as the decree lists them."""
    seats = Seat.objects.filter(programme=programme).participants().in_full()
    seats = seats.order_by("applicant__field__code", "applicant__person__name", "applicant__code")
    return [_line(number, seat.applicant, seat.kind) for number, seat in enumerate(seats, start=1)]


def reasons_no_decree(programme: Programme, *, dated: datetime.date) -> list[Text]:
    """Why no decree of this date can be drafted now."""
    counts, draw = seat_counts(programme), programme.draws.standing().defer("pool", "frozen", "result").first()
    return rules.reasons_no_decree(
        people=counts[SeatStatus.ACCEPTED],
        offered=counts[SeatStatus.OFFERED],
        dated=dated,
        drawn_on=draw.drawn_on if draw else None,
    )


def changes_since(decree: Decree) -> list[SeatChange]:
    """Whose seat is no longer as a signed decree has it: those who left, then those who came, each by name."""
    is_named = Q(applicant__code__in={line["applicant"] for line in decree.lines})
    takes_part = Q(status=SeatStatus.ACCEPTED)
    seats = Seat.objects.filter((is_named & ~takes_part) | (takes_part & ~is_named), programme=decree.programme_id)
    changes = [SeatChange(seat, has_left=seat.status != SeatStatus.ACCEPTED) for seat in seats.in_full()]
    return sorted(changes, key=lambda change: (not change.has_left, change.seat.applicant.person.name))


def next_decree(programme: Programme, day: datetime.date) -> dict[str, Any]:
    """What the form of the next decree begins with: what the programme names for the first, else the last signer."""
    last = programme.decrees.filter(status=DecreeStatus.SIGNED).order_by("-pk").first()
    if last:
        return {"dated": day, "signer": last.signer, "signer_title": last.signer_title}
    planned = programme.decree_date
    is_past = planned and programme.draws.filter(drawn_on__gt=planned).exists()
    return {
        "number": programme.decree_number,
        "dated": day if is_past else planned or day,
        "signer": programme.decree_signer,
        "signer_title": programme.decree_signer_title,
    }


def after_drawing(programme: Programme, draw: Draw | None) -> dict[str, Any]:
    """What was done since the draw: the newest decree, how many seats changed since it was signed, and the groups."""
    if draw is None or draw.status != DrawStatus.DRAWN:
        return {"decree": None, "changed": 0, "has_groups": False}
    newest = programme.decrees.order_by("-pk").first()
    is_signed = newest is not None and newest.status == DecreeStatus.SIGNED
    return {
        "decree": newest.status if newest else None,
        "changed": len(changes_since(newest)) if newest and is_signed else 0,
        "has_groups": programme.groups.exists(),
    }


def _line(number: int, applicant: Applicant, kind: str) -> dict[str, Any]:
    place = applicant.person.place
    return {
        "number": number,
        "applicant": applicant.code,
        "name": applicant.person.name,
        "nik": masked(applicant.person.nik),
        "sex": applicant.person.sex,
        "field": applicant.field.code,
        "field_name": applicant.field.name,
        "village": place.name,
        "district": place.parent.name if place.parent else "",
        "kind": kind,
    }
