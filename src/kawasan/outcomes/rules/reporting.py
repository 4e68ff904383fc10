"""The indicators that a programme reports, what they are made of, and what a table shows of them outside the office."""

import datetime
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kawasan.core.text import Labelled, Text, _

AGE_BANDS = ((0, 24), (25, 34), (35, 44), (45, 54), (55, 200))
NOT_KNOWN = "unknown"
VISITED_WITHIN = datetime.timedelta(days=30)
ALL = ""
MOST_APART = 31  # days between reporting dates that are compared without a word
OTHERS = "others"
LEAST_OF_A_PART = 10  # people; of smaller parts nearly all would have to be withheld


class Dimension(Labelled):
    """By what a number is taken apart."""

    SEX = "sex", _("Sex")
    AGE = "age", _("Age")
    DISTRICT = "district", _("Kecamatan")
    FIELD = "field", _("Field")
    DISABILITY = "disability", _("Disability")


class Measure(Labelled):
    """What kind of number it is."""

    SHARE = "share", _("share of people")
    MEAN = "mean", _("rupiah a month, mean")


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator: who is counted, of whom, and from which records.

    What follows from another indicator by its meaning must be ``of`` it, so that the protection knows what an attacker
    knows; no two may add up to a third.
    ``of`` is the indicator whose people are the denominator, "" for all participants. Of who ``grows`` nobody is taken
    away later, as everybody knows, so that the difference between two dates tells of those who were added.
    """

    code: str
    label: str
    counted: str
    source: str
    of: str = ""
    measure: Measure = Measure.SHARE
    grows: bool = False


PARTICIPANTS = Definition(
    "participants",
    _("Participants"),
    _("People who accepted their seat by the reporting date and still have it."),
    _("Answers to the offer of a seat"),
    grows=True,
)
DEFINITIONS = (
    Definition(
        "measured",
        _("Measured"),
        _("Measured in the last round that was due, by the reporting date."),
        _("Measurement rounds"),
    ),
    Definition(
        "working",
        _("Working"),
        _("Work now, in the own enterprise or elsewhere."),
        _("Measurement rounds"),
        of="measured",
    ),
    Definition(
        "asked",
        _("Asked about the last week"),
        _("Answered what says where they stand in the labour force: hours last week, looking for work."),
        _("Measurement rounds"),
        of="measured",
    ),
    Definition(
        "labour_force",
        _("In the labour force"),
        _("Worked an hour or more last week, were away from a job, or looked for work and could start (ICLS 19)."),
        _("Measurement rounds"),
        of="asked",
    ),
    Definition(
        "employed",
        _("Employed in the last week"),
        _("Worked an hour or more last week or were away from a job. The rest of the labour force is unemployed."),
        _("Measurement rounds"),
        of="labour_force",
    ),
    Definition(
        "under_employed",
        _("Under-employed"),
        _("Worked, but less than 35 hours last week, and want and could work more (ICLS 19, Sakernas)."),
        _("Measurement rounds"),
        of="employed",
    ),
    Definition(
        "wider_market",
        _("Sells beyond the kecamatan"),
        _("Sell in the whole city or regency, or further."),
        _("Measurement rounds"),
        of="measured",
    ),
    Definition(
        "trained",
        _("Trained"),
        _("Attended 80 % or more of the lesson hours that were held for them by the reporting date."),
        _("Attendance of the training"),
    ),
    Definition(
        "visited",
        _("Visited"),
        _("Visited by their mentor, alone or with their group, in the 30 days before the reporting date."),
        _("Logbook of the mentors"),
    ),
    Definition(
        "assisted",
        _("Got assistance"),
        _("Confirmed assistance in hand, or belong to a group for which it was confirmed."),
        _("Steps of the assistance"),
        grows=True,
    ),
    Definition(
        "reported",
        _("Reported the assistance"),
        _("Handed in the report (LPJ) of an assistance in hand, or their group did."),
        _("Steps of the assistance"),
        of="assisted",
        grows=True,
    ),
    Definition(
        "enterprise",
        _("Own an enterprise"),
        _("Own an enterprise that started by the reporting date."),
        _("Enterprises"),
        grows=True,
    ),
    Definition(
        "alive",
        _("Enterprise alive"),
        _("Whose enterprise sold, or was seen at work, in the 60 days before the reporting date."),
        _("Cash books and sightings"),
        of="enterprise",
    ),
    Definition(
        "legal",
        _("Has a NIB"),
        _("Whose enterprise has a business identification number (NIB)."),
        _("Enterprises"),
        of="enterprise",
    ),
    Definition(
        "employs",
        _("Employs workers"),
        _("In whose enterprise somebody besides the owner works on the reporting date."),
        _("Workers of the enterprises"),
        of="enterprise",
    ),
    Definition(
        "contract",
        _("Sells under contract"),
        _("Whose enterprise has a contract with an offtaker that runs on the reporting date."),
        _("Contracts with offtakers"),
        of="enterprise",
    ),
    Definition(
        "cash_book",
        _("Has sales in the cash book"),
        _("Whose cash book has a sale in the last full month before the reporting date."),
        _("Cash books"),
        of="alive",
    ),
    Definition(
        "turnover",
        _("Mean turnover by cash book"),
        _("Sales of the last full month by the cash book, divided by the people whose book has a sale in it."),
        _("Cash books"),
        of="cash_book",
        measure=Measure.MEAN,
    ),
)
BY_NAME = {one.code: one for one in (PARTICIPANTS, *DEFINITIONS)}
SHARES = tuple(one for one in DEFINITIONS if one.measure == Measure.SHARE)
COUNTED = (PARTICIPANTS, *SHARES)


def denominator(of: Definition) -> Definition:
    """Whose people a number is about."""
    return BY_NAME[of.of or PARTICIPANTS.code]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the records say of one participant on a reporting date.

    ``parts`` is the value of each dimension. ``values`` has a number for each indicator whose denominator the person
    belongs to: 1 or 0 for a share, rupiah for a mean.
    """

    code: str
    parts: Mapping[str, str]
    values: Mapping[str, int]

    def counts_in(self, name: str) -> bool:
        """Whether the person is counted by an indicator of people, or is a participant at all."""
        return name == PARTICIPANTS.code or bool(self.values.get(name))

    def stored(self) -> dict[str, Any]:
        return {"code": self.code, "parts": dict(self.parts), "values": dict(self.values)}


@dataclass(frozen=True, slots=True)
class Spot:
    """One count of people: of an indicator, in a part of all; the part of a total is "" in both."""

    name: str
    dimension: str = ALL
    part: str = ALL

    def __str__(self) -> str:
        return f"{self.name}|{self.dimension}|{self.part}"

    def holds(self, facts: Facts) -> bool:
        """Whether the person belongs to the part."""
        return not self.dimension or facts.parts[self.dimension] == self.part


@dataclass(frozen=True, slots=True)
class Reported:
    """A number of a table. A count that is withheld is None, and so is what could be worked out from it."""

    definition: Definition
    dimension: str
    part: str
    count: int | None
    whole: int | None
    value: float | None
    is_withheld: bool

    @property
    def has_count(self) -> bool:
        """Whether a count is left to show."""
        return self.count is not None or self.whole is not None

    @property
    def is_empty(self) -> bool:
        """Whether there is nobody whom it could be about."""
        return not self.is_withheld and not self.whole


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: a part of all, and its numbers."""

    dimension: str
    part: str
    cells: list[Reported] = field(default_factory=list)


def age_band(year_born: int | None, year: int) -> str:
    """The band of the age that somebody reaches in the programme's year, so that nobody changes it later."""
    if year_born is None:
        return NOT_KNOWN
    low, high = next(band for band in AGE_BANDS if year - year_born <= band[1])
    return f"{low}-{high}"


def band_label(low: int, high: int) -> Text:
    """A band of ages in words."""
    if not low:
        return Text(_("up to {high} years"), {"high": high})
    template = _("{low} to {high} years") if high < AGE_BANDS[-1][1] else _("{low} years and older")
    return Text(template, {"low": low, "high": high})


def parts_of(people: Sequence[Facts], dimension: str) -> list[str]:
    """The parts that there are, in order."""
    return sorted({one.parts[dimension] for one in people})


def spots(people: Sequence[Facts]) -> Iterator[tuple[str, str]]:
    """All parts of all dimensions that tell apart, the whole first."""
    yield ALL, ALL
    for dimension in Dimension:
        parts = parts_of(people, dimension)
        yield from ((dimension.value, part) for part in parts if parts != [OTHERS])


def shown_parts(people: Sequence[Facts]) -> dict[str, list[str]]:
    """The parts that are told apart outside the office, by dimension; a dimension of one part tells nothing.

    Small parts are put together until they are as many as a part must have.
    """
    shown = {}
    for dimension in Dimension:
        sizes = Counter(one.parts[dimension] for one in people)
        ordered = sorted(sizes, key=lambda part: (sizes[part], part))
        few = [part for part in ordered if sizes[part] < LEAST_OF_A_PART]
        while few and sum(sizes[part] for part in few) < LEAST_OF_A_PART and len(few) < len(ordered):
            few.append(ordered[len(few)])
        parts = sorted(set(ordered) - set(few))
        shown[dimension.value] = parts if len(parts) + bool(few) > 1 else []
    return shown


def pooled(people: Sequence[Facts], shown: Mapping[str, Sequence[str]]) -> list[Facts]:
    """The same people, with the parts that are not told apart as one."""
    return [
        replace(one, parts={name: part if part in shown[name] else OTHERS for name, part in one.parts.items()})
        for one in people
    ]


def behind(of: Definition, people: Sequence[Facts], dimension: str, part: str) -> list[tuple[Facts, int]]:
    """The people whom a number is about, with what each gives."""
    spot = Spot(of.code, dimension, part)
    return [(one, 1 if of is PARTICIPANTS else one.values[of.code]) for one in people if _is_about(of, one, spot)]


def _is_about(of: Definition, one: Facts, spot: Spot) -> bool:
    return spot.holds(one) and (of is PARTICIPANTS or of.code in one.values)


def reported(of: Definition, people: Sequence[Facts], spot: Spot, withheld: Collection[str]) -> Reported:
    """One number, without what is withheld of it."""
    found = behind(of, people, spot.dimension, spot.part)
    whole, total = len(found), sum(value for _one, value in found)
    is_count = of.measure == Measure.SHARE
    hides_whole = str(Spot(denominator(of).code, spot.dimension, spot.part)) in withheld
    hides_count = str(spot) in withheld if is_count else hides_whole
    hides_value = hides_count or hides_whole or not whole
    return Reported(
        definition=of,
        dimension=spot.dimension,
        part=spot.part,
        count=None if hides_count or not is_count else total,
        whole=None if hides_whole else whole,
        value=None if hides_value else total / whole,
        is_withheld=hides_count or hides_whole,
    )


def table(people: Sequence[Facts], withheld: Collection[str]) -> list[Line]:
    """Every number of every part, the participants first."""
    return [
        Line(
            dimension, part, [reported(of, people, Spot(of.code, dimension, part), withheld) for of in BY_NAME.values()]
        )
        for dimension, part in spots(people)
    ]


def reasons_not_comparable(dates: Mapping[str, datetime.date | None]) -> list[Text]:
    """What the numbers of programmes, by name, do not say of one another; a programme without a date has none."""
    reasons = [
        Text(_("{programme} has no reporting date yet. Its manager or a planner freezes one."), {"programme": name})
        for name, day in dates.items()
        if day is None
    ]
    days = [day for day in dates.values() if day]
    apart = (max(days) - min(days)).days if days else 0
    if apart > MOST_APART:
        template = _("The reporting dates are {days} days apart: what differs may have come with time alone.")
        reasons.append(Text(template, {"days": apart}))
    return reasons


def reasons_not_reportable(
    *, reported_on: datetime.date, today: datetime.date, latest: datetime.date | None, people: int
) -> list[Text]:
    """Why a reporting date cannot be frozen."""
    reasons = []
    if reported_on > today:
        reasons.append(Text(_("{day} is still to come. Choose today or an earlier day."), {"day": reported_on}))
    if latest and reported_on <= latest:
        reasons.append(
            Text(
                _("{day} is frozen already, and what comes after it cannot change what was said. Choose a later day."),
                {"day": latest},
            )
        )
    if not people:
        reasons.append(Text(_("Nobody had accepted a seat by this day, so there is nothing to report.")))
    return reasons
