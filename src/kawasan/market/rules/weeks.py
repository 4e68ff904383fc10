"""What will fall short in the coming weeks: what is promised against what is made, week by week."""

import datetime
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kawasan.core.text import Text, _

WEEKS_AHEAD = 8
TOLD = 0.5  # units; a forecast knows no better


@dataclass(frozen=True, slots=True)
class Week:
    """A calendar week, or what is left of it."""

    first: datetime.date
    last: datetime.date

    @property
    def number(self) -> int:
        return self.last.isocalendar().week


def weeks_from(day: datetime.date, number: int = WEEKS_AHEAD) -> list[Week]:
    """The rest of a day's week, and the weeks after it."""
    monday = day - datetime.timedelta(days=day.weekday())
    starts = [monday + datetime.timedelta(weeks=w) for w in range(number)]
    return [Week(max(start, day), start + datetime.timedelta(days=6)) for start in starts]


def days_of_month(day: datetime.date) -> int:
    """How many days the month of a day has."""
    return ((day.replace(day=1) + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)).day


def spread(per_month: Sequence[float], start: datetime.date, first: datetime.date, last: datetime.date) -> float:
    """What falls on the days from first to last of quantities by month; the months begin with that of ``start``.

    The last quantity counts for every month after it.
    """
    total = 0.0
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = datetime.date.fromordinal(ordinal)
        month = (day.year - start.year) * 12 + day.month - start.month
        total += per_month[min(month, len(per_month) - 1)] / days_of_month(day)
    return total


def keeps_weeks(perishable_days: int | None) -> int | None:
    """For how many weeks after the one in which it is made a commodity can still be delivered; None for ever."""
    return None if perishable_days is None else math.ceil(perishable_days / 7) - 1 if perishable_days > 0 else 0


def short_by_week(asked: Sequence[float], made: Sequence[float], keeps: int | None) -> list[float]:
    """What is missing of each week's promises. What is left of a week waits as long as it keeps, the oldest goes first.

    Nothing is there at the start: nobody counts what lies in store.
    """
    stock: list[tuple[int, float]] = []
    short = []
    for week, (wanted, fresh) in enumerate(zip(asked, made, strict=True)):
        stock = [(w, left) for w, left in stock if keeps is None or week - w <= keeps]
        stock.append((week, fresh))
        rest = []
        for w, left in stock:
            taken = min(left, wanted)
            wanted -= taken
            if left > taken:
                rest.append((w, left - taken))
        stock = rest
        short.append(wanted if wanted > TOLD else 0.0)
    return short


def told(quantity: float) -> float:
    """A quantity as exactly as a forecast knows it."""
    return float(round(quantity)) if quantity >= 10 else round(quantity, 1)


@dataclass(frozen=True, slots=True)
class Makers:
    """Who makes a commodity in one week."""

    number: int
    made: float
    full: float
    without_book: int


def why_short_in_week(makers: Makers, unit: str) -> Iterator[Text]:
    """Why so little is made in a week."""
    if not makers.number:
        yield Text(_("No enterprise that runs makes it."))
        return
    if makers.full <= TOLD:
        yield Text(_("It is not the season: the {number} enterprises that make it rest."), {"number": makers.number})
        return
    gaps = {"number": makers.number, "made": told(makers.made), "unit": unit}
    yield Text(_("The {number} enterprises that make it make {made} {unit} in that week."), gaps)
    if makers.made < makers.full - TOLD:
        share = round(100 * makers.made / makers.full)
        yield Text(_("That is {share}% of their recipes, as their cash books show."), {"share": share})
    if makers.without_book:
        yield Text(
            _("{number} of them recorded no sale in three months and count in full."), {"number": makers.without_book}
        )
