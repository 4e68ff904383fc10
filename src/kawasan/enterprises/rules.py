"""What an enterprise lacks, which cash entries are possible, and what a cash book says of a month."""

import datetime
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kawasan.core.text import Labelled, Text, _
from kawasan.matching.rules import GroupRole

NIB_DIGITS = 13
PIRT_DIGITS = 15
MONTHS_SHOWN = 12
BREAK_EVEN_MONTHS = 3
RENEW_WITHIN = datetime.timedelta(days=90)
ALIVE_FOR = datetime.timedelta(days=60)  # after the last sale, or the last day on which it was seen at work
USUAL_CREDIT = datetime.timedelta(days=14)  # until a debt is to be paid, unless somebody says otherwise
NO_ENTRY_FOR = datetime.timedelta(days=14)
NO_SALE_FOR = datetime.timedelta(days=21)
AFTER_A_CYCLE = datetime.timedelta(days=7)  # until what takes long to grow is sold
FALL = 0.5  # of the sales of the month before
MONTHS_OF_LIFE = (1, 3, 6, 12)  # after which a share alive is told
DAYS_OF_A_MONTH = 365.25 / 12
FEWEST_LIVES = 5  # of a field, below which its share alive would say who it was
HOME_FOOD_DIVISIONS = frozenset({"10", "11"})  # KBLI: making food and drink, which needs PIRT when sold in packages
ANIMAL_FEED = "108"  # a KBLI group of division 10 that is no food for people
FOOD_DIVISIONS = HOME_FOOD_DIVISIONS | {"56"}  # and serving it: all of these fall under halal certification


class EnterpriseStatus(Labelled):
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")


class EntryKind(Labelled):
    """Only sales and costs make profit: capital and withdrawals move money between owner and enterprise."""

    SALE = "sale", _("Sale")
    COST = "cost", _("Cost")
    CAPITAL = "capital", _("Capital put in")
    WITHDRAWAL = "withdrawal", _("Withdrawal by the owner")


class AssetOrigin(Labelled):
    """With whose money something that stays was got."""

    OWN = "own", _("Own money")
    ASSISTANCE = "assistance", _("Assistance of the programme")
    CREDIT = "credit", _("Credit")
    GIFT = "gift", _("Given or lent")


class AssetCondition(Labelled):
    """How it was when it was last seen."""

    GOOD = "good", _("In use")
    BROKEN = "broken", _("Broken")
    GONE = "gone", _("Sold, lost or given away")


class StockKind(Labelled):
    """What happened to the stock of a product besides sales, which the cash book knows."""

    MADE = "made", _("Made or got in")
    LOST = "lost", _("Spoiled, used or given away")
    COUNTED = "counted", _("Counted: so much is there")


class CostKind(Labelled):
    """What a cost was for: materials grow with what is sold, wages and rent are there every month, tools stay."""

    MATERIALS = "materials", _("Materials and goods")
    WAGES = "wages", _("Wages")
    RUNNING = "running", _("Rent, electricity, phone, transport")
    TOOLS = "tools", _("Tools")


class Owed(Labelled):
    US = "us", _("A customer owes the enterprise")
    THEM = "them", _("The enterprise owes a supplier")


PAYMENT_OF = {Owed.US: EntryKind.SALE, Owed.THEM: EntryKind.COST}
"""What a payment of a debt is in the cash book: income counts when the money came."""

MONEY_IN = (EntryKind.SALE, EntryKind.CAPITAL)


@dataclass(frozen=True, slots=True)
class MonthTotals:
    """A month of a cash book, in rupiah; corrections are already taken off."""

    month: datetime.date
    sales: int = 0
    costs: int = 0
    capital: int = 0
    withdrawals: int = 0
    by_cost_kind: Mapping[str, int] = field(default_factory=dict)

    def costs_of(self, kind: str) -> int:
        """Costs of one kind; those of which nobody said what they were for are the kind of no name."""
        return self.by_cost_kind.get(kind, 0)

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


def month_totals(sums: Iterable[tuple[datetime.date, str, str, int]]) -> list[MonthTotals]:
    """Totals by month, oldest first, from (first day of the month, kind, kind of cost, signed rupiah)."""
    months: dict[datetime.date, Counter[str]] = {}
    costs: dict[datetime.date, Counter[str]] = {}
    for month, kind, cost_kind, amount in sums:
        months.setdefault(month, Counter())[COLUMN[EntryKind(kind)]] += amount
        if kind == EntryKind.COST:
            costs.setdefault(month, Counter())[cost_kind] += amount
    return [
        MonthTotals(month, **totals, by_cost_kind=costs.get(month, Counter()))
        for month, totals in sorted(months.items())
    ]


@dataclass(frozen=True, slots=True)
class BreakEven:
    """From how much is sold in a month on an enterprise earns more than it costs; rupiah a month, on average."""

    months: int
    sales: int
    materials: int
    standing: int

    @property
    def kept_of_a_sale(self) -> float:
        """What a rupiah of sales leaves after its materials; 0 or less when a sale costs more than it brings."""
        return 1 - self.materials / self.sales

    @property
    def sales_needed(self) -> int | None:
        """Standing costs over what a rupiah of sales leaves (cost–volume–profit); none when no sales would do."""
        return math.ceil(self.standing / self.kept_of_a_sale) if self.kept_of_a_sale > 0 else None

    @property
    def scale(self) -> int:
        """Where a picture of both ends: a tenth beyond the larger one."""
        return round(1.1 * max(self.sales, self.sales_needed or 0))

    @property
    def said(self) -> Text:
        needed = self.sales_needed
        if needed is None:
            return Text(
                _("What is sold costs more in materials than it brings. Look at prices and waste before selling more.")
            )
        if self.sales < needed:
            words = _(
                "To cover its costs it must sell for Rp{needed} a month. It sells for Rp{sales}: Rp{gap} too little."
            )
            return Text(words, {"needed": needed, "sales": self.sales, "gap": needed - self.sales})
        words = _("From Rp{needed} of sales a month on it covers its costs. It sells for Rp{sales} a month.")
        return Text(words, {"needed": needed, "sales": self.sales})


def break_even(months: Sequence[MonthTotals], today: datetime.date) -> BreakEven | None:
    """By the last full months with sales, three at most; tools are left out, as they serve for longer than a month."""
    before = [one for one in months if one.month < today.replace(day=1)][-BREAK_EVEN_MONTHS:]
    sales = sum(one.sales for one in before)
    if sales <= 0:
        return None
    count = len(before)
    materials = sum(one.costs_of(CostKind.MATERIALS) + one.costs_of("") for one in before)
    standing = sum(one.costs_of(CostKind.WAGES) + one.costs_of(CostKind.RUNNING) for one in before)
    return BreakEven(count, round(sales / count), round(materials / count), round(standing / count))


def cash_by_day(
    days: Iterable[tuple[datetime.date, int, int]], before: int
) -> list[tuple[datetime.date, int, int, int]]:
    """Each day with what came in, what went out, and what was in the cash box in the evening; rupiah."""
    found, cash = [], before
    for day, inward, outward in days:
        cash += inward - outward
        found.append((day, inward, outward, cash))
    return found


def last_full_month(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First and last day of the month before the one that ``day`` is in."""
    last = day.replace(day=1) - datetime.timedelta(days=1)
    return last.replace(day=1), last


def _has_digits(value: str, digits: int) -> bool:
    return len(value) == digits and value.isascii() and value.isdigit()


def legality_warnings(
    *,
    kbli_code: str,
    nib: str,
    pirt: str,
    halal: str,
    today: datetime.date,
    pirt_until: datetime.date | None = None,
    halal_until: datetime.date | None = None,
) -> list[Text]:
    """What the papers of an enterprise lack, show wrongly or soon lose; it is advice, nothing is refused for it."""
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
    return warnings + _ends("PIRT", pirt and pirt_until, today) + _ends("Halal", halal and halal_until, today)


def _ends(paper: str, until: datetime.date | str | None, today: datetime.date) -> list[Text]:
    """That a paper ended, or ends within the time that renewing it takes."""
    if not isinstance(until, datetime.date) or until > today + RENEW_WITHIN:
        return []
    words = (
        _("{paper}: ended on {until}. Renew it before selling on.")
        if until < today
        else _("{paper}: ends on {until}. Begin to renew it now.")
    )
    return [Text(words, {"paper": paper, "until": until})]


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


def reasons_no_capacity(*, since: datetime.date, started_on: datetime.date, today: datetime.date) -> list[Text]:
    """A capacity is what an enterprise can make, so it begins neither before the enterprise nor in time to come."""
    if since > today:
        return [Text(_("{since} is still to come. Write down what it can make already."), {"since": since})]
    if since < started_on:
        return [
            Text(
                _("The enterprise started on {started_on}, after {since}. Correct one of the two days."),
                {"started_on": started_on, "since": since},
            )
        ]
    return []


def reasons_not_members(
    *, since: datetime.date, today: datetime.date, roles: Sequence[GroupRole], held: Collection[str]
) -> list[Text]:
    """Why people cannot become members on a day in these roles, beside those that are ``held`` already."""
    reasons = []
    if since > today:
        reasons.append(Text(_("{day} is still to come. Write down who is a member already."), {"day": since}))
    wanted = Counter(role for role in roles if role != GroupRole.MEMBER)
    twice = [role for role, count in wanted.items() if count > 1 or role in held]
    reasons += [
        Text(_("Only one member can be {role}. End the role of the other one first."), {"role": Text(role.label)})
        for role in twice
    ]
    return reasons


def reasons_role_stays(
    *, has_ended: bool, is_same: bool, member_since: datetime.date, since: datetime.date
) -> list[Text]:
    """Why somebody cannot have another role from a day on."""
    if has_ended:
        return [Text(_("This person is no member any more."))]
    if is_same:
        return [Text(_("This person has this role already."))]
    if since < member_since:
        return [
            Text(
                _("The role that this person has began on {day}. Choose that day or a later one."),
                {"day": member_since},
            )
        ]
    return []


def reasons_member_cannot_end(
    *, since: datetime.date, until: datetime.date, has_ended: bool, today: datetime.date
) -> list[Text]:
    if has_ended:
        return [Text(_("This person is no member any more."))]
    if until < since:
        return [Text(_("This person became a member on {since}. Choose that day or a later one."), {"since": since})]
    if until > today:
        return [Text(_("{day} is still to come. Write down who has left already."), {"day": until})]
    return []


def reasons_entry_impossible(*, dated: datetime.date, today: datetime.date) -> list[Text]:
    """A cash book says what happened, so nothing is entered for a day to come."""
    if dated > today:
        return [Text(_("{dated} is still to come. Enter the day on which the money moved."), {"dated": dated})]
    return []


SEEN_AGAIN = datetime.timedelta(days=180)  # tools of the assistance are looked at once in half a year


def reasons_asset_impossible(*, acquired_on: datetime.date, seen_on: datetime.date, today: datetime.date) -> list[Text]:
    """Why an asset cannot have been got or seen on these days."""
    reasons = []
    if max(acquired_on, seen_on) > today:
        reasons.append(Text(_("A day is still to come. Enter the day on which it was got or seen.")))
    if seen_on < acquired_on:
        reasons.append(Text(_("It was seen before it was got; correct one of the two days.")))
    return reasons


def reasons_asset_seen_later(*, seen_on: datetime.date, last: datetime.date) -> list[Text]:
    """What was seen later stays: an older look says nothing of how it is now."""
    template = _("It was seen after that already, on {day}. Enter how it was on that day or later.")
    return [Text(template, {"day": last})] if seen_on < last else []


def asset_warnings(
    assets: Iterable[tuple[str, AssetOrigin, AssetCondition, datetime.date, str]], today: datetime.date
) -> list[Text]:
    """Tools of the assistance that are gone, broken or unseen; assets are (name, origin, condition, seen on, note)."""
    found = []
    for name, origin, condition, seen_on, note in assets:
        if origin != AssetOrigin.ASSISTANCE:
            continue
        if condition == AssetCondition.GONE and note:
            found.append(Text(_("“{name}” of the assistance is gone: {note}"), {"name": name, "note": note}))
        elif condition == AssetCondition.GONE:
            found.append(Text(_("“{name}” of the assistance is gone. Write down what became of it."), {"name": name}))
        elif condition == AssetCondition.BROKEN:
            found.append(Text(_("“{name}” of the assistance is broken. Have it repaired."), {"name": name}))
        elif today - seen_on > SEEN_AGAIN:
            gaps = {"name": name, "day": seen_on}
            found.append(Text(_("“{name}” of the assistance was last seen on {day}. Look at it again."), gaps))
    return found


@dataclass(frozen=True, slots=True)
class StockMove:
    """What was made, lost or counted of a product on a day, in its unit; moves stand in the order of writing."""

    dated: datetime.date
    kind: StockKind
    quantity: float


@dataclass(frozen=True, slots=True)
class Stock:
    """What should be there of a product, in its unit: none where nothing was ever written of its stock.

    counted_on : the day of the last count, from whose evening on the rest was added and taken off
    days_left : how many days that lasts at the sales of the last weeks; none where nothing was sold
    """

    quantity: float | None
    counted_on: datetime.date | None
    days_left: int | None

    @property
    def is_impossible(self) -> bool:
        """Whether more was sold or lost than there was: something was not written down."""
        return self.quantity is not None and self.quantity < 0


STOCK_WEEKS = datetime.timedelta(days=28)  # of sales, from which it is told how long the stock lasts


def stock(moves: Sequence[StockMove], sales: Sequence[tuple[datetime.date, float]], today: datetime.date) -> Stock:
    """What is there of a product after all that was written; a sale that was taken back counts with a minus."""
    if not moves:
        return Stock(None, None, None)
    last = max((place for place, one in enumerate(moves) if one.kind == StockKind.COUNTED), default=None)
    counted = moves[last] if last is not None else None
    after = (
        moves
        if last is None
        else [one for place, one in enumerate(moves) if place > last and one.dated >= moves[last].dated]
    )
    since = counted.dated + datetime.timedelta(days=1) if counted else min(one.dated for one in moves)
    sign = {StockKind.MADE: 1, StockKind.LOST: -1}
    left = (counted.quantity if counted else 0.0) + sum(sign[one.kind] * one.quantity for one in after)
    left = round(left - sum(quantity for dated, quantity in sales if dated >= since), 2)
    recent = sum(quantity for dated, quantity in sales if dated > today - STOCK_WEEKS)
    days = int(left * STOCK_WEEKS.days // recent) if recent > 0 and left >= 0 else None
    return Stock(left, counted.dated if counted else None, days)


def reasons_stock_impossible(
    *, kind: StockKind, quantity: float, dated: datetime.date, started_on: datetime.date, today: datetime.date
) -> list[Text]:
    """Why something cannot have happened to a stock."""
    reasons = []
    if dated < started_on:
        template = _("The enterprise started on {day}. Enter that day or a later one.")
        reasons.append(Text(template, {"day": started_on}))
    if dated > today:
        reasons.append(Text(_("{dated} is still to come. Enter the day on which it happened."), {"dated": dated}))
    if quantity <= 0 and kind != StockKind.COUNTED:
        reasons.append(Text(_("How many? Only a count can find nothing.")))
    return reasons


def reasons_page_entered(*, lines: int, sheet: str) -> list[Text]:
    """A page of paper is entered once."""
    if not lines:
        return []
    words = _("The page “{sheet}” was entered already, with {lines} lines. If this is another one, call it otherwise.")
    return [Text(words, {"sheet": sheet, "lines": lines})]


def reasons_not_reversible(*, is_reversal: bool, is_reversed: bool) -> list[Text]:
    """An entry is taken back once, and a correction is not corrected: enter it anew instead."""
    if is_reversal:
        return [Text(_("This entry is itself a correction. Enter the right amount as a new entry."))]
    if is_reversed:
        return [Text(_("This entry was already taken back."))]
    return []


def reasons_not_worker(*, is_closed: bool, is_owner: bool, works_at: str) -> list[Text]:
    """Why somebody does not count as a worker of an enterprise: each job is counted once, and none where none is."""
    if is_closed:
        return [Text(_("The enterprise is closed, so nobody works there. If it runs again, change its status first."))]
    if is_owner:
        return [Text(_("This is the owner’s NIK; the owner is counted already."))]
    if works_at:
        words = _("Whoever has this NIK works at {enterprise} already. Record the end of that work first.")
        return [Text(words, {"enterprise": works_at})]
    return []


def reasons_worker_cannot_end(*, since: datetime.date, until: datetime.date, has_ended: bool) -> list[Text]:
    """Why somebody's work cannot end on a day."""
    if has_ended:
        return [Text(_("The end of this work was already recorded."))]
    if until < since:
        return [Text(_("The work began on {since}; it cannot end before that."), {"since": since})]
    return []


def reasons_not_paid(*, amount_idr: int, left_idr: int, is_forgiven: bool) -> list[Text]:
    """Why an amount is no payment of a debt."""
    if is_forgiven:
        return [Text(_("The rest of this debt was given up. Write what came as a sale."))]
    if amount_idr > left_idr:
        return [Text(_("Only Rp{left} of it is left to pay; write the rest as another entry."), {"left": left_idr})]
    return []


def reasons_not_forgiven(*, left_idr: int, is_forgiven: bool) -> list[Text]:
    """Why the rest of a debt is not given up."""
    if is_forgiven or left_idr <= 0:
        return [Text(_("Nothing of this debt is left to give up."))]
    return []


def last_sign(
    *, started_on: datetime.date, last_sale: datetime.date | None, last_seen: datetime.date | None
) -> datetime.date:
    """The last day on which an enterprise was alive for certain."""
    return max(day for day in (started_on, last_sale, last_seen) if day is not None)


def life(*, started_on: datetime.date, sign: datetime.date, is_closed: bool, today: datetime.date) -> tuple[int, bool]:
    """For how many days an enterprise lived, and whether it ended.

    It is alive when it sold, or was seen at work, in the last 60 days; otherwise it ended on the day of its last sign.
    """
    has_ended = is_closed or today - sign > ALIVE_FOR
    return ((sign if has_ended else today) - started_on).days, has_ended


@dataclass(frozen=True, slots=True)
class Book:
    """What signs of trouble are read from: the last days of a cash book, its two last full months, its debts."""

    started_on: datetime.date
    cycle: datetime.timedelta
    last_entry: datetime.date | None
    last_sale: datetime.date | None
    before: MonthTotals
    last: MonthTotals
    cash_idr: int
    overdue: int
    overdue_idr: int


def signs_of_trouble(book: Book, today: datetime.date) -> list[Text]:
    """What an office should look at before an enterprise ends; each is a stated sign, for people to judge."""
    return [*_silence(book, today), *_month_signs(book), *_money_signs(book)]


def _silence(book: Book, today: datetime.date) -> list[Text]:
    entry, sale = book.last_entry or book.started_on, book.last_sale or book.started_on
    patience = max(NO_SALE_FOR, book.cycle + AFTER_A_CYCLE)
    if today - entry > NO_ENTRY_FOR:
        return [Text(_("Nothing was written in the cash book since {day}."), {"day": entry})]
    if today - sale > patience:
        words = _("Nothing was sold since {day}.") if book.last_sale else _("Nothing was sold yet; it began on {day}.")
        return [Text(words, {"day": sale})]
    return []


def _month_signs(book: Book) -> list[Text]:
    last, signs = book.last, []
    if last.profit < 0:
        signs.append(Text(_("The last full month cost Rp{loss} more than it brought."), {"loss": -last.profit}))
    elif last.withdrawals > last.profit:
        words = _("In the last full month the owner took out Rp{out}, more than the profit of Rp{profit}.")
        signs.append(Text(words, {"out": last.withdrawals, "profit": last.profit}))
    if last.sales < FALL * book.before.sales:
        words = _("Sales fell from Rp{before} to Rp{last} within a month.")
        signs.append(Text(words, {"before": book.before.sales, "last": last.sales}))
    return signs


def _money_signs(book: Book) -> list[Text]:
    signs = []
    if book.cash_idr < 0:
        words = _("By the book Rp{lacking} more went out than came in, so something was not written down.")
        signs.append(Text(words, {"lacking": -book.cash_idr}))
    if book.overdue:
        words = _("Customers are late with Rp{amount}: {count}.")
        signs.append(Text(words, {"amount": book.overdue_idr, "count": book.overdue}))
    return signs
