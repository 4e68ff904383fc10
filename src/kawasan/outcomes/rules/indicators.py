"""The rounds, the indicators as plain functions over rows, and who may see the figures of few people."""

import calendar
import datetime
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kawasan.core.text import Labelled, Text, _
from kawasan.programmes.rules import OFFICE, Role

SEE_PEOPLE = (*OFFICE, Role.AUDITOR)
LEAST_PEOPLE = 5  # a figure of fewer people could be traced to one of them
MONTHS_OF_A_YEAR = 12


class RoundStatus(Labelled):
    OPEN = "open", _("Being measured")
    FROZEN = "frozen", _("Frozen")


class CashBook(Labelled):
    NONE = "none", _("No cash book")
    MANUAL = "manual", _("By hand")
    EXCEL = "excel", _("Spreadsheet")
    APPLICATION = "application", _("Phone or computer application")


class MarketingArea(Labelled):
    VILLAGE = "village", _("Own kelurahan")
    DISTRICT = "district", _("Own kecamatan")
    CITY = "city", _("City or regency")
    PROVINCE = "province", _("Province")
    NATIONAL = "national", _("Indonesia")
    INTERNATIONAL = "international", _("Abroad")


class Unit(Labelled):
    SHARE = "share", _("share of participants")
    PEOPLE = "people", _("jobs")
    PER_PERSON = "per_person", _("jobs per participant")
    RUPIAH = "rupiah", _("rupiah a month")


@dataclass(frozen=True, slots=True)
class StandardRound:
    """A round that every programme has."""

    code: str
    months_after: int
    name: str
    name_en: str


STANDARD_ROUNDS = (
    StandardRound("B0", 0, "Data awal", "Baseline"),
    StandardRound("M1", 1, "Bulan ke-1", "Month 1"),
    StandardRound("M2", 2, "Bulan ke-2", "Month 2"),
    StandardRound("M3", 3, "Bulan ke-3", "Month 3"),
    StandardRound("M6", 6, "Bulan ke-6", "Month 6"),
    StandardRound("M12", 12, "Bulan ke-12", "Month 12"),
    StandardRound("M24", 24, "Bulan ke-24", "Month 24"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """What one round knows of one participant. ``None`` is not known, which is never a zero."""

    applicant: str
    name: str
    field: str
    sex: str
    measured_on: datetime.date
    is_working: bool
    turnover_idr: int | None
    profit_idr: int | None
    workers: int | None
    cash_book: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """How a number is made: what each row gives (``None``: the row cannot tell), and how rows are put together."""

    code: str
    label: str
    explanation: str
    unit: Unit
    of: Callable[[Row], float | None]
    combine: Callable[[Sequence[float]], float]
    has_numerator: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator's number, and the rows that it was made of with what each gave."""

    indicator: Indicator
    value: float | None
    counted: tuple[tuple[Row, float], ...]

    @property
    def denominator(self) -> int:
        """How many participants the number is about."""
        return len(self.counted)

    @property
    def numerator(self) -> float | None:
        """The sum of what the rows gave; a median has none."""
        return sum(value for _row, value in self.counted) if self.indicator.has_numerator else None


def _works(row: Row) -> float:
    return float(row.is_working)


def _jobs(row: Row) -> float | None:
    return None if row.workers is None else float(row.workers + row.is_working)


def _turnover(row: Row) -> float | None:
    return row.turnover_idr


def _profit(row: Row) -> float | None:
    return row.profit_idr


def _keeps_cash_book(row: Row) -> float:
    return float(row.cash_book != CashBook.NONE)


INDICATORS = (
    Indicator(
        "working",
        _("Working"),
        _("Participants who work now, in the own enterprise or elsewhere, out of all who were measured."),
        Unit.SHARE,
        _works,
        statistics.fmean,
    ),
    Indicator(
        "jobs",
        _("Jobs"),
        _("Participants who work plus the people who work for them, where the number of workers is known."),
        Unit.PEOPLE,
        _jobs,
        sum,
    ),
    Indicator(
        "median_turnover",
        _("Median turnover as answered"),
        _("Half of the participants sell more than this a month, half sell less."),
        Unit.RUPIAH,
        _turnover,
        statistics.median,
        has_numerator=False,
    ),
    Indicator(
        "mean_turnover",
        _("Mean turnover as answered"),
        _("All sales of a month, divided by the participants whose sales are known."),
        Unit.RUPIAH,
        _turnover,
        statistics.fmean,
    ),
    Indicator(
        "median_profit",
        _("Median profit"),
        _("Half of the participants earn more than this a month after costs, half earn less."),
        Unit.RUPIAH,
        _profit,
        statistics.median,
        has_numerator=False,
    ),
    Indicator(
        "cash_book",
        _("Keeps a cash book as answered"),
        _("Participants who write down what comes in and goes out, in any way, out of all who were measured."),
        Unit.SHARE,
        _keeps_cash_book,
        statistics.fmean,
    ),
)
JOBS_PER_PERSON = Indicator(
    "jobs_per_person",
    _("Jobs per participant measured"),
    _("Jobs, divided by the participants whose number of workers is known; so rounds of other numbers compare."),
    Unit.PER_PERSON,
    _jobs,
    statistics.fmean,
)
TOLD = tuple(JOBS_PER_PERSON if one.code == "jobs" else one for one in INDICATORS)
"""Those of a report, which sets rounds beside each other of which some may still be measured."""
BY_CODE = {indicator.code: indicator for indicator in (*INDICATORS, JOBS_PER_PERSON)}


def figure(indicator: Indicator, rows: Sequence[Row]) -> Figure:
    """The number that an indicator makes of some rows; rows that cannot tell are left out, not counted as zero."""
    given = [(row, indicator.of(row)) for row in rows]
    counted = tuple((row, value) for row, value in given if value is not None)
    value = indicator.combine([value for _row, value in counted]) if counted else None
    return Figure(indicator, value, counted)


def among(rows: Sequence[Row], *, field: str = "", sex: str = "") -> list[Row]:
    """The rows of one field, of one sex, or both."""
    return [row for row in rows if field in ("", row.field) and sex in ("", row.sex)]


def is_shown(people: int, *, sees_people: bool) -> bool:
    """Whether a reader may see a number made of so many people: of few, only those who may see the people."""
    return sees_people or people == 0 or people >= LEAST_PEOPLE


def months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day some months later, or the last day of that month where it has no such day."""
    year, month = divmod(day.year * MONTHS_OF_A_YEAR + day.month - 1 + months, MONTHS_OF_A_YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def reasons_not_measurable(
    *, is_frozen: bool, is_participant: bool, measured_on: datetime.date, today: datetime.date
) -> list[Text]:
    """Why a measurement cannot be entered."""
    reasons = []
    if is_frozen:
        reasons.append(Text(_("The round is frozen: its figures were reported and stay as they are.")))
    if not is_participant:
        reasons.append(
            Text(
                _(
                    "Only participants who accepted their seat are measured, "
                    "and people of the pool without one, to compare with."
                )
            )
        )
    if measured_on > today:
        reasons.append(Text(_("{day} is still to come. Enter the day of the measurement."), {"day": measured_on}))
    return reasons


def reasons_not_freezable(*, is_frozen: bool, measured: int) -> list[Text]:
    """Why a round cannot be frozen."""
    if is_frozen:
        return [Text(_("The round is already frozen."))]
    if not measured:
        return [Text(_("Nobody was measured in this round yet."))]
    return []


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is: how many participants were expected and how many measured."""

    name: str
    due_on: datetime.date
    is_due: bool
    is_frozen: bool
    expected: int
    measured: int

    @property
    def has_begun(self) -> bool:
        """Whether anybody could be missing: before it is due nobody is."""
        return self.is_due or self.measured > 0

    @property
    def missing(self) -> int:
        """Participants who were not measured."""
        return self.expected - self.measured

    @property
    def share(self) -> float | None:
        """Which share of the expected participants was measured."""
        return self.measured / self.expected if self.expected else None


def next_step(rounds: Sequence[Progress]) -> Text:
    """What should be measured or closed next."""
    if not rounds:
        return Text(_("Set the dates of the measurement rounds."))
    for progress in rounds:
        if progress.is_frozen or not progress.is_due:
            continue
        params = {"round": progress.name, "missing": progress.missing, "expected": progress.expected}
        if not progress.expected:
            return Text(_("{round} is due, but nobody has accepted a seat yet."), params)
        if progress.missing:
            return Text(_("{round} is due: {missing} of {expected} participants are not yet measured."), params)
        return Text(_("{round} is complete. Freeze it, so that its figures stay as reported."), params)
    to_come = [progress for progress in rounds if not progress.is_due]
    if to_come:
        return Text(_("{round} is due on {day}."), {"round": to_come[0].name, "day": to_come[0].due_on})
    return Text(_("All rounds are frozen."))
