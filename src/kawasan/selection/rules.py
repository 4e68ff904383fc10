"""How seats move from one status to the next, what stands in the way of a draw, and which group somebody counts to."""

import datetime
import hashlib
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kawasan.core.text import Labelled, Text, _
from kawasan.programmes.rules import AND, COUNTED, QuotaLine, feature_text, parts_of

BILLION = 10**9  # parts of the proven bound are whole numbers of a billionth
AGE_GROUPS = ((17, 24), (25, 34), (35, 44), (45, 55))  # years, both included
TRIAL = "REHEARSAL "  # begins the public value of a rehearsal, and that of no draw
CHANGED = _("What is frozen does not have the hash that was published; do not draw from it, and do not trust it.")
MOST_VALUE = 200  # characters of a public value
MOST_SOURCE = 300  # characters that say where it comes from
LEAST_REASON = 15  # characters; a reason for everybody to read is at least a few words
NO_CHANCE = 1e-6  # less is the rounding of one who has none
OTHER_AGE = "other"
OTHER_AGE_LABEL = _("other ages")


class DrawStatus(Labelled):
    FROZEN = "frozen", _("Pool frozen")
    DRAWN = "drawn", _("Drawn")
    CANCELLED = "cancelled", _("Cancelled before the draw")


class ExceptionKind(Labelled):
    GUARANTEED = "guaranteed", _("Guaranteed a seat")
    BARRED = "barred", _("Kept out of the draw")


class SeatKind(Labelled):
    DRAWN = "drawn", _("Drawn")
    RESERVE = "reserve", _("Reserve")


class SeatStatus(Labelled):
    WAITING = "waiting", _("On the waiting list")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class DecreeStatus(Labelled):
    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")


SEAT_MOVES: Mapping[SeatStatus, frozenset[SeatStatus]] = {
    SeatStatus.WAITING: frozenset({SeatStatus.OFFERED, SeatStatus.WITHDRAWN}),
    SeatStatus.OFFERED: frozenset({SeatStatus.ACCEPTED, SeatStatus.DECLINED, SeatStatus.WITHDRAWN}),
    SeatStatus.ACCEPTED: frozenset({SeatStatus.WITHDRAWN}),
    SeatStatus.DECLINED: frozenset(),
    SeatStatus.WITHDRAWN: frozenset(),
}


HELD = (SeatStatus.OFFERED, SeatStatus.ACCEPTED)
LEFT = (SeatStatus.DECLINED, SeatStatus.WITHDRAWN)


# What a certificate claims, in the order in which it is checked.
CLAIMS: Mapping[str, str] = {
    "form": _("It is a certificate of this kind."),
    "pool": _("Everybody stands in the pool once, and households are told apart."),
    "hashes": _("The pool, the rules and the panels have the hashes that this file names."),
    "quotas": _("Every panel fills the seats and keeps every quota and the household limit."),
    "exceptions": _(
        "Whoever is certain of a seat is named with a reason or stands in a guaranteed need band, and whoever is kept "
        "out is not in the pool."
    ),
    "bound": _("What is said of the proven bound on chances agrees with the quotas and the panels."),
    "chances": _("The chances are what the panels give."),
    "commitment": _("The secret is the one that was committed to before the draw."),
    "seed": _("The seed follows from what was frozen, the secret and the public value."),
    "panel": _("The number of the panel follows from the seed."),
    "people": _("The people follow from the panel and the seed."),
    "reserves": _("The order of the reserves follows from the seed."),
    "calls": _("Every reserve who was called was the one whose turn it was."),
}


@dataclass(frozen=True, slots=True)
class Bound:
    """A quota in words: of which people there shall be how many, and how many the pool has."""

    feature: Text | str
    value: str
    least: int
    most: int
    available: int


def came_from(status: SeatStatus) -> frozenset[SeatStatus]:
    """The statuses from which a seat may move to this one."""
    return frozenset(old for old, allowed in SEAT_MOVES.items() if status in allowed)


def reason_not_movable(old: str, new: SeatStatus) -> Text:
    """Why a seat cannot get a status."""
    return Text(
        _("This seat is “{old}” and cannot become “{new}”. Perhaps somebody else was quicker; load the page again."),
        {"old": Text(SeatStatus(old).label), "new": Text(new.label)},
    )


def not_reached(reached: int, least: int) -> list[Text]:
    """What was not reached of the proven bound on chances, parts in billionths; nothing when everything was."""
    if reached >= BILLION:
        return []
    template = _(
        "Panels that give everybody all of the proven bound on their chance were not found: everybody gets at least "
        "{reached} % of it, and nobody less than {least} % of the greatest least chance."
    )
    return [Text(template, {"reached": _percent(reached), "least": _percent(least)})]


def _percent(part: int) -> float:
    """Per cent with one digit, rounded down: what is not everything is not shown as everything."""
    return part * 1000 // BILLION / 10


def pseudonym(salt: str, text: str) -> str:
    """SHA-256 of the salt and a text, e.g. an applicant's code."""
    return hashlib.sha256((salt + text).encode()).hexdigest()


def age_group(age: int) -> str:
    """The age group that quotas count, e.g. 25-34."""
    return next((f"{least}-{most}" for least, most in AGE_GROUPS if least <= age <= most), OTHER_AGE)


def masked_name(name: str) -> str:
    """The first letter of each word, and a star for every other: S*** R*****. A word of one letter is hidden whole."""
    return " ".join(word[0] + "*" * (len(word) - 1) if len(word) > 1 else "*" for word in name.split())


def reason_not_drawn() -> Text:
    """Why there are no papers of a draw."""
    return Text(_("Nothing is drawn yet. Minutes and announcement are of the draw itself; a rehearsal has none."))


def reasons_no_source(source: str) -> list[Text]:
    """Which public value decides must be said before anybody can know it."""
    if len(source) > MOST_SOURCE:
        template = _("Say in at most {most} characters which public value will decide, and where everybody can see it.")
        return [Text(template, {"most": MOST_SOURCE})]
    if source:
        return []
    template = _("Say which public value will decide, and where everybody can see it, before the pool is frozen.")
    return [Text(template)]


def reasons_not_ready(*, eligible: int, unassessed: int, has_rule_set: bool) -> list[Text]:
    """What must be done before the quotas of a pool can be looked at."""
    found = []
    if unassessed:
        template = _("Applications not assessed yet: {unassessed}. Assess them under Applicants first.")
        found.append(Text(template, {"unassessed": unassessed}))
    if not eligible:
        found.append(Text(_("Nobody is eligible, so there is no pool to draw from.")))
    if not has_rule_set:
        found.append(Text(_("No rule set is valid today, so nobody knows how many of a household may have a seat.")))
    return found


def reasons_unanswered(objections: int) -> list[Text]:
    """Whoever objects is heard before it is fixed who takes part."""
    if not objections:
        return []
    template = _("Objections that wait for an answer: {objections}. Answer them under Applicants first.")
    return [Text(template, {"objections": objections})]


def reasons_infeasible(
    *,
    conflict: Iterable[Bound],
    is_smallest: bool,
    relaxation: Iterable[Bound],
    seats: int,
    most_seats: int,
    most_per_household: int | None,
) -> list[Text]:
    """Say which quotas cannot hold together, and the smallest change that makes a draw possible.

    ``most_per_household`` is None where no household has more people than may be seated.
    """
    conflict, relaxation = list(conflict), list(relaxation)
    found = []
    if conflict:
        found.append(Text(_("These quotas cannot hold together:")))
        found += [
            _bound(_("{feature} “{value}”: {least} to {most} seats; the pool has {available}"), b) for b in conflict
        ]
        if not is_smallest:
            found.append(
                Text(_("Perhaps fewer quotas conflict already; the search for them ended before that was known."))
            )
    if relaxation:
        template = _("{feature} “{value}”: {least} to {most} seats")
        found += [Text(_("The smallest change that makes a draw possible:"))]
        found += [_bound(template, bound) for bound in relaxation]
    if not relaxation and most_per_household is None:
        template = _("Only {most_seats} of the {seats} seats can be filled within every quota.")
        found.append(Text(template, {"most_seats": most_seats, "seats": seats}))
    elif not relaxation:
        template = _(
            "Only {most_seats} of the {seats} seats can be filled within every quota, at most {most} of a household."
        )
        found.append(Text(template, {"most_seats": most_seats, "seats": seats, "most": most_per_household}))
    return found


def reasons_too_certain(
    *,
    certain: int,
    beyond_seats: int,
    quotas: Iterable[tuple[Bound, int]],
    households: int,
    seats: int,
    most_per_household: int,
) -> list[Text]:
    """Say where the people who are guaranteed a seat are alone too many for any panel."""
    found = []
    if beyond_seats:
        template = _("The guaranteed people alone are {certain}, but there are only {seats} seats.")
        found.append(Text(template, {"certain": certain, "seats": seats}))
    template = _(
        "The guaranteed people alone take {taken} seats of {feature} “{value}”, which may have at most {most}."
    )
    for bound, taken in quotas:
        gaps = {"taken": taken, "feature": bound.feature, "value": bound.value, "most": bound.most}
        found.append(Text(template, gaps))
    if households:
        template = _(
            "The guaranteed people alone are more than {most} in some households ({households}); "
            "at most {most} of a household may have a seat."
        )
        found.append(Text(template, {"households": households, "most": most_per_household}))
    return found


def why_certain(*, is_guaranteed: bool, all_needed: Bound | None) -> Text:
    """Why everybody of a cell sits in every panel, as far as one quota says it."""
    if is_guaranteed:
        return Text(_("guaranteed a seat before the draw"))
    if all_needed:
        template = _("{feature} “{value}”: at least {least} seats, and the pool has {available}")
        return _bound(template, all_needed)
    return Text(_("the fairest list that the quotas allow seats them in every panel"))


def why_none(*, no_room: Bound | None, is_full: bool) -> Text:
    """Why nobody of a cell sits in any panel, as far as one quota or the guaranteed people say it."""
    if is_full:
        return Text(_("guaranteed people take every seat, or every seat of the household"))
    if no_room:
        template = _("{feature} “{value}”: at most {most} seats, and guaranteed people take as many")
        return _bound(template if no_room.most else _("{feature} “{value}”: no seats"), no_room)
    return Text(_("the fairest list that the quotas allow seats them in no panel"))


def reasons_unconfirmed(waiting: int) -> list[Text]:
    """Nobody alone decides who is guaranteed a seat or kept out."""
    if not waiting:
        return []
    template = _("Exceptions that nobody else confirmed yet: {waiting}. Confirm or remove them first.")
    return [Text(template, {"waiting": waiting})]


def reasons_exception_undecided(*, decided_on: datetime.date, today: datetime.date) -> list[Text]:
    """What is not decided yet cannot be entered."""
    if decided_on <= today:
        return []
    return [
        Text(
            _("The decision is dated {day}, which has not come yet. Enter the day on which it was made."),
            {"day": decided_on},
        )
    ]


def reasons_exception_unchangeable(*, is_frozen: bool, is_own: bool = False) -> list[Text]:
    """Why somebody may not add, confirm or remove an exception now."""
    if is_frozen:
        return [Text(_("The pool is frozen; who is guaranteed a seat or kept out does not change any more."))]
    if is_own:
        return [Text(_("You entered this exception yourself. Somebody else confirms or removes it."))]
    return []


def _bound(template: str, bound: Bound) -> Text:
    numbers = {"least": bound.least, "most": bound.most, "available": bound.available}
    return Text(template, {"feature": bound.feature, "value": bound.value, **numbers})


def reasons_wrong_bounds(lines: Iterable[QuotaLine], names: Mapping[tuple[str, str], str]) -> list[Text]:
    """Which quotas ask for more people than they allow."""
    template = _("{feature} “{value}”: at least {least} is above at most {most}. Correct the one that is wrong.")
    return [_about(template, line, names) for line in lines if line.least > line.most]


def reasons_unexplained(
    lines: Iterable[QuotaLine], saved: Iterable[QuotaLine], names: Mapping[tuple[str, str], str]
) -> list[Text]:
    """Whoever changes a quota says why; the reason for the numbers before is none for others."""
    before = {line.counts: line for line in saved}
    template = _("{feature} “{value}”: say why these are the numbers; the log keeps it.")
    changed = [line for line in lines if line.counts not in before or before[line.counts].bounds != line.bounds]
    return [_about(template, line, names) for line in changed if not _is_new_reason(line, before.get(line.counts))]


def _is_new_reason(line: QuotaLine, before: QuotaLine | None) -> bool:
    reason = line.reason.strip()
    return bool(reason) and (before is None or reason != before.reason.strip())


def _about(template: str, line: QuotaLine, names: Mapping[tuple[str, str], str]) -> Text:
    gaps = {"value": names[line.counts], "least": line.least, "most": line.most}
    return Text(template, {"feature": feature_text(line.feature), **gaps})


def pair_of(first: tuple[str, str], second: tuple[str, str]) -> tuple[str, str]:
    """The pair of two features with their values, in the order in which pairs are named."""
    (feature, value), (other, other_value) = sorted((first, second), key=lambda part: COUNTED.index(part[0]))
    return feature + AND + other, value + AND + other_value


def is_pair(feature: str, value: str) -> bool:
    """Whether a quota on two features can be written so."""
    return AND in feature and feature in COUNTED and value.count(AND) == 1


def reasons_no_pair(
    first: tuple[str, str], second: tuple[str, str], *, names: Mapping[tuple[str, str], str]
) -> list[Text]:
    """Why two values make no new quota; ``names`` are the words of what quotas may count by now."""
    if not {first, second} <= {counts for counts in names if AND not in counts[0]}:
        return [Text(_("Choose two values from the lists."))]
    if first[0] == second[0]:
        template = _("Both values are of the feature “{feature}”, so nobody has both. Choose two different features.")
        return [Text(template, {"feature": feature_text(first[0])})]
    if (pair := pair_of(first, second)) in names:
        return [Text(_("“{value}” is in the table already. Change its numbers there."), {"value": names[pair]})]
    return []


def reasons_unknown_pairs(lines: Iterable[QuotaLine], names: Mapping[tuple[str, str], str]) -> list[Text]:
    """Which quotas count a value that the programme does not have: nobody could ever have both."""
    template = _("{feature} “{value}”: the programme does not have this value. Empty both numbers to remove the quota.")
    pairs = [line for line in lines if AND in line.feature]
    unknown = [line for line in pairs if not all(part in names for part in parts_of(*line.counts))]
    return [_about(template, line, names) for line in unknown]


def proposed(population: int, *, of: int, seats: int) -> tuple[int, int]:
    """The seats that a share of the population comes to, rounded down and up."""
    return population * seats // of, -(-population * seats // of)


def reasons_no_value(value: str) -> list[Text]:
    """A draw needs a value that nobody in the office could choose."""
    if len(value) > MOST_VALUE:
        return [
            Text(
                _("The public value has more than {most} characters. Enter it as its source shows it."),
                {"most": MOST_VALUE},
            )
        ]
    if not value:
        return [Text(_("Enter the public value; without it anybody could work out the draw beforehand."))]
    if value.upper().startswith(TRIAL.strip()):
        return [Text(_("This is the value of a rehearsal. Enter the public value that was named before."))]
    return []


def reasons_not_confirmed(*, value: str, seen: str | None, is_own: bool) -> list[Text]:
    """Nobody draws alone: somebody else than who entered the public value confirms the value they saw."""
    if not value:
        return [Text(_("No public value is entered, or it was taken back. Load the page again to see it."))]
    if seen is not None and seen != value:
        return [Text(_("The public value is not the one that this page showed. Load the page again to see it."))]
    if is_own:
        return [Text(_("You entered the public value yourself. Somebody else must confirm it; nobody draws alone."))]
    return []


@dataclass(frozen=True, slots=True)
class Spread:
    """How unlike chances are: from 0 to 1 each; the Gini index, 0 when all are alike; and how many have none."""

    least: float
    median: float
    most: float
    gini: float
    without: int = 0

    @property
    def bar(self) -> dict[str, str]:
        """Where a bar of 1,000 begins, its width, and where the median stands; as text, which no locale changes."""
        start, median, end = (round(1000 * chance) for chance in (self.least, self.median, self.most))
        return {"start": str(start), "width": str(max(end - start, 8)), "median": str(min(median, 988))}


def spread(chances: Iterable[float]) -> Spread | None:
    """The spread of chances; nothing when there is nobody."""
    rising = sorted(chances)
    if not rising:
        return None
    total, people = sum(rising), len(rising)
    weighted = sum(place * chance for place, chance in enumerate(rising, start=1))
    gini = 2 * weighted / (people * total) - (people + 1) / people if total else 0.0
    return Spread(rising[0], statistics.median(rising), rising[-1], gini, sum(chance < NO_CHANCE for chance in rising))


def reasons_no_decree(*, people: int, offered: int, dated: datetime.date, drawn_on: datetime.date | None) -> list[Text]:
    """A decree names participants, so everybody asked must have answered; and nothing is decreed before it is drawn."""
    found = []
    if offered:
        template = _("Offers not answered yet: {offered}. Record who accepts and who declines, then draft the decree.")
        found.append(Text(template, {"offered": offered}))
    elif not people:
        found.append(Text(_("Nobody has accepted a seat yet. Draw first, record who accepts, then draft the decree.")))
    if drawn_on and dated < drawn_on:
        template = _("A decree cannot be dated before the draw, which was on {drawn_on}.")
        found.append(Text(template, {"drawn_on": drawn_on}))
    return found


def next_step(
    status: str | None,
    *,
    has_reasons: bool,
    has_value: bool = False,
    offered: int,
    free: int,
    waiting: int,
    decree: str | None,
    changed: int,
    has_groups: bool,
) -> Text | None:
    """What should be done next with the selection; nothing when all is settled.

    ``status`` is that of the draw, None before there is one; ``decree`` that of the newest decree, and ``changed`` how
    many seats changed since the newest one was signed.
    """
    if status is None and has_reasons:
        return Text(_("Put right what stands in the way of the draw, then freeze the pool."))
    if status is None:
        return Text(_("Freeze the pool and publish its hash. Only then may the public value become known."))
    if status == DrawStatus.FROZEN and has_value:
        return Text(_("Let somebody else than who entered the public value compare it with its source and draw."))
    if status == DrawStatus.FROZEN:
        return Text(_("Wait for the public value, then enter it."))
    if free and waiting:
        return Text(_("Call people from the waiting list; free seats: {free}."), {"free": free})
    if offered:
        return Text(_("Record who accepts; not answered yet: {offered}."), {"offered": offered})
    return _decree_step(decree, changed=changed, has_groups=has_groups)


def quota_step(*, is_manager: bool, is_possible: bool, is_changed: bool) -> Text | None:
    """What to do about the quotas that a page shows."""
    if not is_possible and is_manager:
        return Text(_("Put right what stands in the way of the draw, then save."))
    if not is_possible:
        return Text(_("A manager puts right what stands in the way of the draw."))
    if is_changed:
        return Text(_("Nothing is saved yet. Look at what the quotas cost, say why, and save them."))
    return Text(_("Rehearse the draw with the saved quotas, then freeze the pool."))


def _decree_step(decree: str | None, *, changed: int, has_groups: bool) -> Text | None:
    if decree == DecreeStatus.DRAFT:
        return Text(_("A decree is drafted. Check its list, then have it signed."))
    if decree is None:
        return Text(_("Draft the decree and have it signed."))
    if changed:
        return Text(
            _("Seats changed since the decree was signed: {changed}. Draft the next one."), {"changed": changed}
        )
    if not has_groups:
        return Text(_("The participants are fixed. Form the groups next."))
    return None
