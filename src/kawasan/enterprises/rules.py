"""What an enterprise lacks, which cash entries are possible, and what a cash book says of a month."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from kawasan.core.text import Labelled, Text, _

NIB_DIGITS = 13
PIRT_DIGITS = 15
MONTHS_SHOWN = 12
HOME_FOOD_DIVISIONS = frozenset({"10", "11"})  # KBLI: making food and drink, which needs PIRT when sold in packages
ANIMAL_FEED = "108"  # a KBLI group of division 10 that is no food for people
FOOD_DIVISIONS = HOME_FOOD_DIVISIONS | {"56"}  # and serving it: all of these fall under halal certification


class EnterpriseStatus(Labelled):
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")


class KbliVersion(Labelled):
    KBLI_2020 = "2020", _("KBLI 2020")
    KBLI_2025 = "2025", _("KBLI 2025")


class EntryKind(Labelled):
    """Only sales and costs make profit: capital and withdrawals move money between owner and enterprise."""

    SALE = "sale", _("Sale")
    COST = "cost", _("Cost")
    CAPITAL = "capital", _("Capital put in")
    WITHDRAWAL = "withdrawal", _("Withdrawal by the owner")


MONEY_IN = (EntryKind.SALE, EntryKind.CAPITAL)


@dataclass(frozen=True, slots=True)
class MonthTotals:
    """A month of a cash book, in rupiah; corrections are already taken off."""

    month: datetime.date
    sales: int = 0
    costs: int = 0
    capital: int = 0
    withdrawals: int = 0

    @property
    def profit(self) -> int:
        """Sales less costs; capital and withdrawals are no income."""
        return self.sales - self.costs

    @property
    def cash_change(self) -> int:
        """By how much the money in the cash box changed."""
        return self.profit + self.capital - self.withdrawals


COLUMN = {
    EntryKind.SALE: "sales",
    EntryKind.COST: "costs",
    EntryKind.CAPITAL: "capital",
    EntryKind.WITHDRAWAL: "withdrawals",
}


def month_totals(sums: Iterable[tuple[datetime.date, str, int]]) -> list[MonthTotals]:
    """Totals by month, oldest first, from (first day of the month, kind, signed rupiah)."""
    months: dict[datetime.date, dict[str, int]] = {}
    for month, kind, amount in sums:
        totals = months.setdefault(month, dict.fromkeys(COLUMN.values(), 0))
        totals[COLUMN[EntryKind(kind)]] += amount
    return [MonthTotals(month, **totals) for month, totals in sorted(months.items())]


def last_full_month(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First and last day of the month before the one that ``day`` is in."""
    last = day.replace(day=1) - datetime.timedelta(days=1)
    return last.replace(day=1), last


def _has_digits(value: str, digits: int) -> bool:
    return len(value) == digits and value.isascii() and value.isdigit()


def legality_warnings(*, kbli_code: str, nib: str, pirt: str, halal: str) -> list[Text]:
    """What the papers of an enterprise lack or show wrongly; it is advice, nothing is refused for it."""
    warnings = []
    division = "" if kbli_code.startswith(ANIMAL_FEED) else kbli_code[:2]
    if not nib:
        warnings.append(Text(_("There is no NIB yet. Register the enterprise with OSS.")))
    elif not _has_digits(nib, NIB_DIGITS):
        warnings.append(Text(_("A NIB has {digits} digits; check this one."), {"digits": NIB_DIGITS}))
    if pirt and not _has_digits(pirt, PIRT_DIGITS):
        warnings.append(Text(_("A PIRT number has {digits} digits; check this one."), {"digits": PIRT_DIGITS}))
    if not pirt and division in HOME_FOOD_DIVISIONS:
        warnings.append(Text(_("There is no PIRT number yet; packaged home-made food needs one.")))
    if not halal and division in FOOD_DIVISIONS:
        warnings.append(Text(_("There is no halal certificate yet; food and drink need one.")))
    return warnings


def next_step(*, enterprises: int, without_entries: int, without_nib: int, since: datetime.date) -> Text:
    """What the office should see to next."""
    if not enterprises:
        return Text(_("Register the enterprise of each participant who has accepted a seat, or ask the mentors to."))
    if without_entries:
        return Text(
            _("Running enterprises with nothing in the cash book since {since}: {count}. Ask their mentors to help."),
            {"count": without_entries, "since": since},
        )
    if without_nib:
        return Text(_("Enterprises without a NIB: {count}. Help them to register."), {"count": without_nib})
    return Text(_("Every running enterprise has entries in its cash book and every enterprise has its NIB."))


def reasons_entry_impossible(*, dated: datetime.date, today: datetime.date) -> list[Text]:
    """A cash book says what happened, so nothing is entered for a day to come."""
    if dated > today:
        return [Text(_("{dated} is still to come. Enter the day on which the money moved."), {"dated": dated})]
    return []


def reasons_not_reversible(*, is_reversal: bool, is_reversed: bool) -> list[Text]:
    """An entry is taken back once, and a correction is not corrected: enter it anew instead."""
    if is_reversal:
        return [Text(_("This entry is itself a correction. Enter the right amount as a new entry."))]
    if is_reversed:
        return [Text(_("This entry was already taken back."))]
    return []


def reasons_worker_cannot_end(*, since: datetime.date, until: datetime.date, has_ended: bool) -> list[Text]:
    """Why somebody's work cannot end on a day."""
    if has_ended:
        return [Text(_("The end of this work was already recorded."))]
    if until < since:
        return [Text(_("The work began on {since}; it cannot end before that."), {"since": since})]
    return []
