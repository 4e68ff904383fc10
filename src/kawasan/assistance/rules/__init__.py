"""What assistance may be given, which step of its chain is possible, how its sums add up, and what looks odd."""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kawasan.assistance.rules import names
from kawasan.core.text import Found, Labelled, Text, _

REMIND_WITHIN = datetime.timedelta(days=14)
FAR_KM = 15
ROUND_TO = 100_000  # rupiah; of three receipts or more, half ending in five zeros are seldom real
LEAST_ROUND = 3
MOST_APART = 3  # bits of 64 in which two looks of one picture differ
CODE_DAYS = 14


class Recipient(Labelled):
    GROUP = "group", _("Group")
    PERSON = "person", _("Person")


class Form(Labelled):
    MONEY = "money", _("Money")
    KIND = "kind", _("Goods")


class Category(Labelled):
    TOOLS = "tools", _("Tools")
    MATERIALS = "materials", _("Materials")
    OTHER = "other", _("Other")


class StepKind(Labelled):
    """What is recorded of one assistance, in order; a rejection ends it."""

    PROPOSED = "proposed", _("Proposal with budget (RAB)")
    VERIFIED = "verified", _("Verification")
    REJECTED = "rejected", _("Rejection")
    DECREED = "decreed", _("Decree (SK)")
    AGREED = "agreed", _("Agreement")
    COMMITTED = "committed", _("Commitment letter")
    PLEDGED = "pledged", _("Integrity pact")
    PAID = "paid", _("Disbursement")
    RECEIVED = "received", _("Received in hand")
    REPORTED = "reported", _("Report (LPJ)")
    REFUNDED = "refunded", _("Unspent money returned")
    HANDED_OVER = "handed_over", _("Hand-over (BAST)")


class Manner(Labelled):
    """How somebody confirmed what they have in hand."""

    OWN = "own", _("With the own account")
    CODE = "code", _("With a one-time code")
    WITNESS = "witness", _("On paper, with a witness")


class WarningKind(Labelled):
    ACCOUNT = "account", _("One account for several")
    HOLDER = "holder", _("Account of somebody else")
    ROUND = "round", _("Round receipts")
    PHOTO = "photo", _("Same photo twice")
    FAR = "far", _("Shop far away")
    AFTER_REPORT = "after_report", _("Bought after the report")
    IN_HAND = "in_hand", _("Less in hand than paid")
    OVER_LINE = "over_line", _("Above the budget line")
    LATE = "late", _("Report overdue")
    SPLIT = "split", _("Spent otherwise than the rule")


BRIEFED, BOUGHT = "briefed", "bought"  # follow from attendance and from receipts, so nobody records them
LABELS = {BRIEFED: _("Briefing attended"), BOUGHT: _("Purchases with receipts")}
BEFORE_HANDS = (
    StepKind.PROPOSED, StepKind.VERIFIED, StepKind.DECREED, StepKind.AGREED, StepKind.COMMITTED, StepKind.PLEDGED,
    BRIEFED, StepKind.PAID, StepKind.RECEIVED,
)  # fmt: skip
CHAINS: dict[str, tuple[str, ...]] = {
    Form.MONEY: (*BEFORE_HANDS, BOUGHT, StepKind.REPORTED, StepKind.REFUNDED, StepKind.HANDED_OVER),
    Form.KIND: (*BEFORE_HANDS, StepKind.REPORTED, StepKind.HANDED_OVER),
}
NOT_BY_MAKER_OF: dict[str, tuple[StepKind, ...]] = {
    StepKind.VERIFIED: (StepKind.PROPOSED,),
    StepKind.REJECTED: (StepKind.PROPOSED,),
    StepKind.PAID: (StepKind.PROPOSED, StepKind.VERIFIED, StepKind.DECREED),
    StepKind.HANDED_OVER: (StepKind.PAID, StepKind.REPORTED),
}


NOT_WITH_WITNESS = (StepKind.AGREED, StepKind.PAID)  # whoever made these does not enter what a witness saw
ON_ITS_WAY = (StepKind.PROPOSED, StepKind.VERIFIED, StepKind.DECREED, StepKind.AGREED, StepKind.PAID)


def label(kind: str) -> str:
    """What a step is called, also one that nobody records."""
    return LABELS.get(kind) or StepKind(kind).label


@dataclass(frozen=True, slots=True)
class Maker:
    """Who recorded something: an account and a name; what came from a folder has a name alone."""

    user: int | None = None
    name: str = ""

    def is_also(self, other: "Maker") -> bool:
        """The same account; where one has none, the same name."""
        if self.user is not None and other.user is not None:
            return self.user == other.user
        return names.is_same(self.name, other.name)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of one assistance: its steps with who made them, and its sums in rupiah."""

    form: str = Form.MONEY
    makers: Mapping[str, Maker] = field(default_factory=dict)
    days: Mapping[str, datetime.date] = field(default_factory=dict)
    not_briefed: tuple[Text, ...] = ()
    receipts: int = 0
    approved: int = 0
    paid: int = 0
    in_hand: int = 0
    spent: int = 0
    refunded: int = 0
    holder: str = ""  # of the account in the agreement

    @property
    def unspent(self) -> int:
        """What is neither spent nor returned; goods are not spent."""
        return self.in_hand - self.spent - self.refunded if self.form == Form.MONEY else 0

    def is_done(self, kind: str) -> bool:
        if kind == BRIEFED:
            return not self.not_briefed
        if kind == BOUGHT:
            has_nothing = StepKind.RECEIVED in self.makers and self.unspent == 0
            return self.receipts > 0 or has_nothing or StepKind.REPORTED in self.makers
        if kind == StepKind.REFUNDED and kind not in self.makers:
            return StepKind.REPORTED in self.makers and self.unspent == 0
        return kind in self.makers


def reasons_not_yet(kind: str, standing: Standing) -> list[Text]:
    """Why a step cannot be recorded; an empty list means that it can."""
    if kind != StepKind.REJECTED and StepKind.REJECTED in standing.makers:
        return [Text(_("The proposal was rejected. Take the rejection back first, or leave it."))]
    if kind == StepKind.REFUNDED and StepKind.REPORTED in standing.makers and standing.unspent == 0:
        return [Text(_("All the money was spent, so nothing is to be returned."))]
    if kind in standing.makers:
        return [Text(_("“{step}” is recorded already. Take it back first if it is wrong."), {"step": _words(kind)})]
    chain = CHAINS[standing.form]
    if kind == StepKind.REJECTED:
        missing = [] if StepKind.PROPOSED in standing.makers else [StepKind.PROPOSED]
        later = [Text(_("The proposal was verified already, so it is not rejected."))]
        return _before(missing, standing) or (later if StepKind.VERIFIED in standing.makers else [])
    if kind not in chain:
        return [Text(_("“{step}” is not a step of assistance in goods."), {"step": _words(kind)})]
    earlier = [one for one in chain[: chain.index(kind)] if not standing.is_done(one)]
    return _before([one for one in earlier if one != BOUGHT], standing)  # a report may say that nothing was bought


def _before(missing: Sequence[str], standing: Standing) -> list[Text]:
    if not missing:
        return []
    if missing[0] == BRIEFED:
        return list(standing.not_briefed)
    if missing[0] == StepKind.REFUNDED:
        return [Text(_("{sum} rupiah were neither spent nor returned."), {"sum": standing.unspent})]
    return [Text(_("First comes “{step}”."), {"step": _words(missing[0])})]


def _words(kind: str) -> Text:
    return Text(label(kind))


def reasons_not_by(kind: str, maker: Maker | None, standing: Standing, *, is_recipient: bool = False) -> list[Text]:
    """Why this person may not record a step: whoever checks did not make, and nobody checks the own assistance."""
    reasons = [
        Text(_("You recorded “{step}”, so somebody else records this."), {"step": _words(one)})
        for one in recorded_by(maker, standing, NOT_BY_MAKER_OF.get(kind, ()))
    ]
    if is_recipient and kind in NOT_BY_MAKER_OF:
        reasons.append(Text(_("This assistance is yours or of somebody close to you, so somebody else records this.")))
    return reasons


def reasons_no_code(maker: Maker | None, standing: Standing) -> list[Text]:
    """Whoever brought the money on its way does not hand out the code that says it arrived."""
    template = _("You recorded “{step}”, so somebody else hands out the code.")
    return [Text(template, {"step": _words(one)}) for one in recorded_by(maker, standing, ON_ITS_WAY)]


def recorded_by(maker: Maker | None, standing: Standing, kinds: Iterable[StepKind]) -> list[StepKind]:
    """Which of these steps somebody recorded."""
    made = standing.makers
    return [kind for kind in kinds if maker is not None and kind in made and made[kind].is_also(maker)]


def reasons_not_reversible(kind: str, standing: Standing) -> list[Text]:
    """Why a step cannot be taken back: the newest first, and nothing under receipts."""
    if kind not in standing.makers:
        return [Text(_("This step was taken back already."))]
    if kind == StepKind.REJECTED:
        return []
    chain = CHAINS[standing.form]
    later = [one for one in chain[chain.index(kind) + 1 :] if one in standing.makers]
    if StepKind.REJECTED in standing.makers:
        later.append(StepKind.REJECTED)
    if not later and standing.receipts and kind in BEFORE_HANDS:
        later.append(BOUGHT)
    return [Text(_("“{step}” came after it. Take that back first."), {"step": _words(later[-1])})] if later else []


def reasons_not_alone(manner: str, *, is_receiver: bool, asked: Maker | None, maker: Maker | None) -> list[Text]:
    """What the receiver said is undone by the receiver, or by two people: one asks, another agrees."""
    if not manner or is_receiver:
        return []
    if manner == Manner.OWN:
        return [Text(_("Only the receiver can take back what they confirmed themselves."))]
    if asked is None:
        return [Text(_("The receiver said this sum. One person asks to take it back, and another agrees."))]
    if maker is None or asked.is_also(maker):
        return [Text(_("You asked to take it back, so somebody else agrees."))]
    return []


def reasons_no_reason(reason: str) -> list[Text]:
    return [] if reason.strip() else [Text(_("Write why; it stays beside the entry."))]


def reasons_day(dated: datetime.date, *, earliest: datetime.date | None, today: datetime.date) -> list[Text]:
    """A step has the day on which it happened: not to come, and not before the step before it."""
    if dated > today:
        return [Text(_("{day} is still to come. Enter the day on which it happened."), {"day": dated})]
    if earliest and dated < earliest:
        return [Text(_("The step before was on {day}, so this was not earlier."), {"day": earliest})]
    return []


@dataclass(frozen=True, slots=True)
class Share:
    """What a guideline asks of one category of spending, in percent of all of it."""

    category: str
    least: int = 0
    most: int = 100


def reasons_budget(sums: Mapping[str, int], *, amount: int, shares: Iterable[Share]) -> list[Text]:
    """Why a budget is not within its entitlement."""
    total = sum(sums.values())
    if not total:
        return [Text(_("A budget has at least one line with a price."))]
    reasons = []
    if total > amount:
        gaps = {"total": total, "amount": amount}
        reasons.append(Text(_("The budget is {total} rupiah; at most {amount} can be given."), gaps))
    return reasons + reasons_shares(sums, shares)


def reasons_shares(sums: Mapping[str, int], shares: Iterable[Share]) -> list[Text]:
    """What of the spending is not as the guideline asks; compared in whole rupiah, so that nothing is rounded."""
    total, reasons = sum(sums.values()), []
    for share in shares:
        part = sums.get(share.category, 0) * 100
        gaps = {"category": Text(Category(share.category).label), "least": share.least, "most": share.most}
        if part < share.least * total:
            reasons.append(Text(_("At least {least} % must be for “{category}”."), gaps))
        if part > share.most * total:
            reasons.append(Text(_("At most {most} % may be for “{category}”."), gaps))
    return reasons


def reasons_no_purchase(standing: Standing, *, amount: int, dated: datetime.date, today: datetime.date) -> list[Text]:
    """Why a receipt cannot be entered."""
    if standing.form == Form.KIND:
        return [Text(_("This assistance is in goods, so there is nothing to buy with it."))]
    if StepKind.RECEIVED not in standing.makers:
        return [Text(_("First comes “{step}”."), {"step": _words(StepKind.RECEIVED)})]
    if StepKind.REFUNDED in standing.makers or StepKind.HANDED_OVER in standing.makers:
        return [Text(_("What was left is settled, so no receipt is entered any more."))]
    reasons = reasons_day(dated, earliest=None, today=today)
    paid_on = standing.days.get(StepKind.PAID)
    if paid_on and dated < paid_on:
        reasons.append(Text(_("The money was paid on {day}, so nothing was bought of it before."), {"day": paid_on}))
    if amount <= 0:
        reasons.append(Text(_("Enter for which line of the budget how much was paid.")))
    if amount > standing.unspent:
        gaps = {"amount": amount, "left": standing.unspent}
        template = _("The receipt is {amount} rupiah and {left} are left. Enter only what was paid of the assistance.")
        reasons.append(Text(template, gaps))
    return reasons


def reasons_in_hand(in_hand: int, paid: int) -> list[Text]:
    """More cannot have arrived than was paid; less is stored, and warned of."""
    if in_hand > paid:
        return [Text(_("{paid} rupiah were paid, so more cannot have reached you. Count again."), {"paid": paid})]
    return []


def reasons_hand_over(standing: Standing, note: str) -> list[Text]:
    """What was paid and is not in hand is not passed over: whoever hands over says what became of it."""
    gap = standing.paid - standing.in_hand
    if gap <= 0 or note.strip():
        return []
    template = _("{gap} rupiah were paid and are not in hand. Write in the note what became of them.")
    return [Text(template, {"gap": gap})]


def reasons_witness_by(maker: Maker | None, standing: Standing) -> list[Text]:
    template = _("You recorded “{step}”, so somebody else records this.")
    return [Text(template, {"step": _words(one)}) for one in recorded_by(maker, standing, NOT_WITH_WITNESS)]


def reasons_witness(
    *, organisation: int | None, ours: Collection[int], witness: str, reason: str, team: Iterable[str] = ()
) -> list[Text]:
    """Who confirms on paper has a witness from outside the programme's team, and a reason."""
    reasons = []
    if any(names.is_like(witness, name) for name in team):
        reasons.append(Text(_("The witness works for the programme. Take somebody from outside.")))
    if organisation in ours:
        reasons.append(Text(_("The witness must be of another organisation than the host and the mentor.")))
    if not witness.strip():
        reasons.append(Text(_("Write who the witness is.")))
    if not reason.strip():
        reasons.append(Text(_("Write why neither an account nor a code could be used.")))
    return reasons


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the trace: a sum, what it should be, and the difference under its name."""

    name: str
    sum: int
    expected: int | None = None
    difference: Text | None = None

    @property
    def gap(self) -> int:
        """By how much the sum is not what it should be."""
        return abs((self.expected or 0) - self.sum)


def trace(standing: Standing, *, entitled: int) -> list[Level]:
    """From the entitlement to what is left; each level is compared with the one before."""
    not_approved = _("Not asked for") if StepKind.VERIFIED in standing.makers else _("Not approved")
    levels = [
        Level(_("Entitlement"), entitled),
        _level(_("Approved budget"), standing.approved, entitled, not_approved),
        _level(_("Disbursed"), standing.paid, standing.approved, _("Approved and not disbursed")),
        _level(_("Received in hand"), standing.in_hand, standing.paid, _("Paid and not in hand")),
    ]
    if standing.form == Form.KIND:
        return levels
    used = standing.spent + standing.refunded
    return [
        *levels,
        _level(_("Receipts and returned money"), used, standing.in_hand, _("In hand, without receipt")),
    ]


def _level(name: str, amount: int, expected: int, difference: str) -> Level:
    if amount == expected:
        return Level(name, amount, expected)
    template = difference if amount < expected else _("More than the level before")
    return Level(name, amount, expected, Text(template))


def due_on(paid_on: datetime.date | None, days: int) -> datetime.date | None:
    """The day by which the report is due."""
    return paid_on + datetime.timedelta(days=days) if paid_on else None


def reminder(due: datetime.date | None, *, is_reported: bool, today: datetime.date) -> Text | None:
    """What participant and mentor are told before the report is due, and after."""
    if due is None or is_reported:
        return None
    if due < today:
        return Text(_("The report on the assistance was due on {day}."), {"day": due})
    if due - today <= REMIND_WITHIN:
        return Text(_("The report on the assistance is due on {day}."), {"day": due})
    return None


# -- warnings ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bought:
    """What a warning looks at in one receipt."""

    code: str
    amount: int
    dated: datetime.date
    look: str = ""
    km: float | None = None


def warning_account(others: Sequence[str]) -> list[Found]:
    if not others:
        return []
    template = _("The account is also that of {others}.")
    return [Found(template, {"others": ", ".join(others)}, WarningKind.ACCOUNT)]


def warning_holder(holder: str, recipients: Iterable[str]) -> list[Found]:
    """The account should be the receiver's or the group's."""
    if not holder or any(names.is_like(holder, name) for name in recipients):
        return []
    template = _("The account is that of {holder}, who is neither the receiver nor the group.")
    return [Found(template, {"holder": holder}, WarningKind.HOLDER)]


def warnings_of_receipts(bought: Sequence[Bought], reported_on: datetime.date | None) -> list[Found]:
    """What looks odd in the receipts of one assistance."""
    found = []
    even = [one for one in bought if one.amount % ROUND_TO == 0]
    if len(bought) >= LEAST_ROUND and 2 * len(even) >= len(bought):
        gaps = {"round": len(even), "all": len(bought)}
        found.append(Found(_("{round} of {all} receipts are round sums."), gaps, WarningKind.ROUND))
    for one in bought:
        if one.km is not None and one.km > FAR_KM:
            far = {"receipt": one.code, "km": round(one.km)}
            found.append(Found(_("The shop of receipt {receipt} is {km} km away."), far, WarningKind.FAR))
        if reported_on and one.dated > reported_on:
            after = {"receipt": one.code, "day": reported_on}
            template = _("Receipt {receipt} is from after the report of {day}.")
            found.append(Found(template, after, WarningKind.AFTER_REPORT))
    return found


def same_photos(looks: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Receipts (code, look) whose photos are the same to the eye, for each the others."""
    seen = [(code, int(look, 16)) for code, look in looks if look]
    alike: dict[str, list[str]] = {}
    for at, (code, look) in enumerate(seen):
        for other, its_look in seen[at + 1 :]:
            if (look ^ its_look).bit_count() <= MOST_APART:
                alike.setdefault(code, []).append(other)
                alike.setdefault(other, []).append(code)
    return alike


def warnings_photo(receipts: Iterable[str], alike: Mapping[str, Sequence[str]]) -> list[Found]:
    """One warning for receipts whose photo is the same, however many of them are of this assistance."""
    found, said = [], set[str]()
    template = _("The photo of receipt {receipt} is also that of {others}.")
    for receipt in receipts:
        others = [one for one in alike.get(receipt, ()) if one not in said]
        said.add(receipt)
        if others:
            found.append(Found(template, {"receipt": receipt, "others": ", ".join(others)}, WarningKind.PHOTO))
    return found


def warnings_of_sums(standing: Standing, due: datetime.date | None, today: datetime.date) -> list[Found]:
    """Less in hand than was paid, and a report that did not come."""
    found = []
    if StepKind.RECEIVED in standing.makers and standing.in_hand < standing.paid:
        gaps = {"paid": standing.paid, "in_hand": standing.in_hand}
        template = _("{paid} rupiah were paid, and {in_hand} are said to be in hand.")
        found.append(Found(template, gaps, WarningKind.IN_HAND))
    if due and due < today and StepKind.REPORTED not in standing.makers:
        found.append(Found(_("The report was due on {day}."), {"day": due}, WarningKind.LATE))
    return found


def warnings_split(sums: Mapping[str, int], shares: Iterable[Share], *, is_reported: bool) -> list[Found]:
    """Spending is held against the rule once it was reported; before that it is not complete."""
    if not is_reported:
        return []
    return [Found(one.template, one.params, WarningKind.SPLIT) for one in reasons_shares(sums, shares)]


def warnings_of_lines(lines: Iterable[tuple[str, int, int]]) -> list[Found]:
    """Lines of the budget (item, its sum, what was spent on it) on which more was spent than was approved."""
    template = _("{spent} rupiah were spent on “{item}”; the budget has {total}.")
    return [
        Found(template, {"item": item, "spent": spent, "total": total}, WarningKind.OVER_LINE)
        for item, total, spent in lines
        if spent > total
    ]


def next_step(*, has_entitlements: bool, has_rows: bool) -> Text | None:
    """What the office should see to next."""
    if not has_entitlements:
        return Text(_("Say first what the guideline gives to whom: add an entitlement."))
    if not has_rows:
        return Text(_("Begin the assistance of the first group or person."))
    return None
