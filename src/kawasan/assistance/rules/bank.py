"""A bank's statement: what its columns are, what a cell says, and which movement is which step of the books."""

import datetime
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from kawasan.assistance.rules import names
from kawasan.core.text import Labelled, Text, _

LEAST_AGAIN = 3  # movements that make two exports the same
MOST_DAYS = 5  # between the day in the books and the day at the bank
DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2}|[A-Za-z]{3,9})[/.\- ](\d{4}|\d{2})(?:[ T].*)?", re.ASCII)
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?", re.ASCII)
SUM = re.compile(
    r"(?:Rp\.? ?)?([-−+]?)(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](\d{1,2}))?(?: ?(CR|DB|DR|K|D))?", re.IGNORECASE
)
MONTHS = {
    "jan": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8, "agt": 8,
    "ags": 8, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}  # fmt: skip
OUT = {"DB", "DR", "D"}
ACCOUNT = re.compile(r"(?<!\d)\d{8,20}(?!\d)")  # as banks write one; a day has no more than 8 digits
WRITTEN_DAY = re.compile(r"(?:19|20)\d{6}|\d{4}(?:19|20)\d{2}")
LONG = re.compile(r"\d(?:[ .\-]?\d){4,}")  # digits that may be of an account, also when they are grouped
MOST_IDR = 10**15


class StatementStatus(Labelled):
    READ = "read", _("Columns to be confirmed")
    MATCHED = "matched", _("Matched")
    TAKEN_BACK = "taken_back", _("Taken back")


class Difference(Labelled):
    """What the bank and the books do not say alike."""

    BANK_ONLY = "bank_only", _("In the bank and not in the books")
    BOOKS_ONLY = "books_only", _("In the books and not in the bank")
    OTHER_SUM = "other_sum", _("Other sum")
    TWICE = "twice", _("Twice in the bank")
    NOT_WHOLE = "not_whole", _("Not whole rupiah")
    OTHER_ACCOUNT = "other_account", _("To another account than the agreed one")


class Target(Labelled):
    """What a column of a statement may be."""

    DAY = "day", _("Day")
    TEXT = "text", _("Text, account or name")
    OUT = "out", _("Money out (debit)")
    IN = "in", _("Money in (credit)")
    AMOUNT = "amount", _("Sum with its sign")
    DIRECTION = "direction", _("Direction (DB or CR)")


HEADS = {
    Target.DAY: ("tanggal", "tgl", "date", "tanggaltransaksi", "tgltransaksi", "postdate", "tanggalefektif"),
    Target.TEXT: (
        "keterangan", "uraian", "deskripsi", "description", "remark", "remarks", "berita", "uraiantransaksi",
        "keterangantransaksi", "namarekening", "rekeningtujuan", "norekening", "noreferensi", "referensi",
    ),
    Target.OUT: ("debet", "debit", "keluar", "mutasidebet", "mutasidebit", "pengeluaran"),
    Target.IN: ("kredit", "credit", "masuk", "mutasikredit", "penerimaan"),
    Target.AMOUNT: ("mutasi", "jumlah", "nominal", "amount"),
    Target.DIRECTION: ("dbcr", "dk", "jenis", "jenismutasi", "db/cr"),
}  # fmt: skip


def guess(head: Sequence[str]) -> list[str]:
    """What each column is by its heading; the day and every sum once, texts as often as they come."""
    found: list[str] = []
    for cell in head:
        name = re.sub(r"[^a-z/]", "", cell.lower())
        fits = [target for target, heads in HEADS.items() if name in heads]
        is_new = bool(fits) and (fits[0] == Target.TEXT or fits[0] not in found)
        found.append(fits[0].value if is_new else "")
    return found


def reasons_columns(columns: Sequence[str]) -> list[Text]:
    """Why a statement cannot be read with these columns."""
    reasons = []
    if columns.count(Target.DAY) != 1:
        reasons.append(Text(_("Say which one column is the day.")))
    if not {Target.OUT, Target.AMOUNT} & set(columns):
        reasons.append(Text(_("Say which column is the money out, or the sum with its sign.")))
    for target in (Target.OUT, Target.IN, Target.AMOUNT, Target.DIRECTION):
        if columns.count(target) > 1:
            reasons.append(Text(_("Only one column can be “{target}”."), {"target": Text(target.label)}))
    return reasons


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a statement; the sum is below 0 when money left."""

    row: int
    dated: datetime.date
    amount: int
    text: str = ""
    is_whole: bool = True  # with sen the sum is that of the whole rupiah, and it is no step of the books


class Unreadable(ValueError):
    """A cell is neither a day nor a sum."""


class NotWhole(Unreadable):
    """A sum with sen; ``value`` has its whole rupiah."""

    def __init__(self, cell: str, value: int) -> None:
        super().__init__(cell)
        self.value = value


def day_of(cell: str) -> datetime.date:
    """A day as banks write it: 31/12/2022, 31-Des-22, 2022-12-31."""
    text = cell.strip()
    try:
        if found := ISO.fullmatch(text):
            return datetime.date(*map(int, found.groups()))
        if found := DAY.fullmatch(text):
            day, month, year = found.groups()
            number = int(month) if month.isdigit() else MONTHS[month[:3].lower()]
            return datetime.date(int(year) + (2000 if len(year) == 2 else 0), number, int(day))
    except (ValueError, KeyError):
        pass
    raise Unreadable(cell)


def sum_of(cell: str) -> int:
    """A sum in whole rupiah with its sign: 20.000.000,00 or 20,000,000.00 DB. Sen are only read when they are 0."""
    text = cell.strip()
    if text in ("", "-", "–"):
        return 0
    found = SUM.fullmatch(text)
    value = int(re.sub(r"[.,]", "", found[2])) if found else MOST_IDR + 1
    if not found or value > MOST_IDR:
        raise Unreadable(cell)
    value = -value if found[1] in ("-", "−") or (found[4] or "").upper() in OUT else value
    if found[3] and int(found[3]):
        raise NotWhole(cell, value)
    return value


def movements(
    table: Sequence[Sequence[str]], columns: Sequence[str], head: int = 1
) -> tuple[list[Movement], list[Text]]:
    """The movements of a table whose first row is the heading, and a sentence for every row that cannot be read.

    ``head`` is the row of the heading in the file, so that rows are named as the file numbers them.
    """
    found, faults = [], []
    for row, cells in enumerate(table[1:], start=head + 1):
        if not any(cell.strip() for cell in cells) or not _has_day(columns, cells):
            continue
        try:
            found.append(_movement(row, dict(_cells(columns, cells)), _texts(columns, cells)))
        except Unreadable as error:
            gaps = {"row": row, "cell": str(error)[:60]}
            faults.append(Text(_("Row {row}: “{cell}” is neither a day nor a sum in rupiah. Correct the file."), gaps))
    if not found and not faults:
        faults.append(Text(_("The file has no movements below its heading.")))
    return found, faults


def _has_day(columns: Sequence[str], cells: Sequence[str]) -> bool:
    """Rows without any digit where the day stands are balances and totals, no movements."""
    return any(re.search(r"\d", cell) for target, cell in _cells(columns, cells) if target == Target.DAY)


def _cells(columns: Sequence[str], cells: Sequence[str]) -> Iterable[tuple[str, str]]:
    return ((target, cells[at] if at < len(cells) else "") for at, target in enumerate(columns) if target)


def _texts(columns: Sequence[str], cells: Sequence[str]) -> str:
    texts = (cell.strip() for target, cell in _cells(columns, cells) if target == Target.TEXT)
    return " ".join(filter(None, texts))[:500]


def _movement(row: int, cells: dict[str, str], text: str) -> Movement:
    if Target.AMOUNT in cells:
        amount, is_whole = _sum(cells[Target.AMOUNT])
        is_out = cells.get(Target.DIRECTION, "").strip().upper() in OUT | {"DEBET", "DEBIT", "KELUAR"}
        amount = -abs(amount) if is_out else amount
    else:
        (into, is_whole), (out, is_too) = _sum(cells.get(Target.IN, "")), _sum(cells.get(Target.OUT, ""))
        amount, is_whole = abs(into) - abs(out), is_whole and is_too
    return Movement(row, day_of(cells[Target.DAY]), amount, text, is_whole)


def _sum(cell: str) -> tuple[int, bool]:
    """The whole rupiah of a sum, and whether that is all of it."""
    try:
        return sum_of(cell), True
    except NotWhole as error:
        return error.value, False


def reasons_taken_over(moved: Sequence[Movement], earlier: Collection[tuple[datetime.date, int]]) -> list[Text]:
    """The same movements in another export are not counted twice."""
    again = sum(1 for move in moved if (move.dated, move.amount) in earlier)
    if again < LEAST_AGAIN or 2 * again <= len(moved):
        return []
    template = _(
        "{again} of {all} movements are by day and sum in a statement taken over before. Take that one back first, or "
        "take over the statement of other days."
    )
    return [Text(template, {"again": again, "all": len(moved)})]


@dataclass(frozen=True, slots=True)
class Booked:
    """A step of the books that moved money: paid out (below 0) or returned."""

    step: int
    dated: datetime.date
    amount: int
    account: str = ""
    holder: str = ""
    names: tuple[str, ...] = ()
    code: str = ""
    number: str = ""
    is_due: bool = True  # within the days of the statement, so that it should be in it


@dataclass(slots=True)
class Reconciled:
    """Which movement is which step and why, and what is different."""

    pairs: list[tuple[Movement, Booked, list[Text]]] = field(default_factory=list)
    differences: list[tuple[Difference, Movement | None, Booked | None]] = field(default_factory=list)


def reconcile(moved: Sequence[Movement], booked: Sequence[Booked], known: Collection[str] = ()) -> Reconciled:
    """Match movements with steps: the sum, the day, and whose account, name or number the text has.

    A movement that names somebody is never matched with another one's step, however well the sum fits, and one that
    names another account or holder than the agreed one is a difference. ``known`` are names that may stand in a text:
    of the team, beside the holders of all accounts. The surest pairs come first, so that the order of rows decides
    only between equals.
    """
    result, used_moves, used_books = Reconciled(), set[int](), set[int]()
    result.differences += [(Difference.NOT_WHOLE, move, None) for move in moved if not move.is_whole]
    moved = [move for move in moved if move.is_whole]
    others = {*known, *(book.holder for book in booked)}
    meant = {move.row: [book for book in booked if _named(move, book)] or booked for move in moved}
    pairs = [(_signs(move, book), move, book) for move in moved for book in meant[move.row]]
    ranked = sorted(
        (pair for pair in pairs if pair[0]), key=lambda pair: (-len(pair[0]), _apart(pair[1], pair[2]), pair[1].row)
    )
    for signs, move, book in ranked:
        if move.row in used_moves or book.step in used_books:
            continue
        used_moves.add(move.row)
        used_books.add(book.step)
        if _is_elsewhere(move, book, others):
            result.differences.append((Difference.OTHER_ACCOUNT, move, book))
        else:
            result.pairs.append((move, book, signs + _weak(move, book)))
    left = [move for move in moved if move.row not in used_moves]
    open_books = [book for book in booked if book.step not in used_books]
    for move in left:
        result.differences.append(_difference(move, open_books, result.pairs))
    result.differences += [(Difference.BOOKS_ONLY, None, book) for book in open_books if book.is_due]
    return result


def _difference(
    move: Movement, open_books: list[Booked], pairs: list[tuple[Movement, Booked, list[Text]]]
) -> tuple[Difference, Movement | None, Booked | None]:
    """The same money a second time, another sum for somebody who is named, or something that the books do not have."""
    for first, book, _why in pairs:
        if move.amount == first.amount and _named(move, book) and _apart(move, book) <= MOST_DAYS:
            return Difference.TWICE, move, book
    for book in open_books:
        if _named(move, book) and (move.amount < 0) == (book.amount < 0) and _apart(move, book) <= MOST_DAYS:
            open_books.remove(book)
            return Difference.OTHER_SUM, move, book
    return Difference.BANK_ONLY, move, None


def _signs(move: Movement, book: Booked) -> list[Text]:
    """Why a movement of the same sum is a step; nothing when it is not. The sum alone is not enough."""
    apart = _apart(move, book)
    if apart > MOST_DAYS or move.amount != book.amount:
        return []
    day = Text(_("The same day")) if apart == 0 else Text(_("{days} days apart"), {"days": apart})
    return [Text(_("The same sum")), day, *_named(move, book)]


def _named(move: Movement, book: Booked) -> list[Text]:
    text = move.text.lower()
    found = []
    if _has_account(move, book):
        found.append(Text(_("The account")))
    if names.is_in(book.holder, move.text):
        found.append(Text(_("The account's holder")))
    if any(names.is_in(name, move.text) for name in book.names if not names.is_same(name, book.holder)):
        found.append(Text(_("The name of the recipient")))
    if names.is_in(book.code, move.text):
        found.append(Text(_("The code of the assistance")))
    if book.number and book.number.lower() in text:
        found.append(Text(_("The number of the transfer")))
    return found


def _accounts(text: str) -> set[str]:
    return {number.lstrip("0") for number in ACCOUNT.findall(text) if not WRITTEN_DAY.fullmatch(number)}


def _has_account(move: Movement, book: Booked) -> bool:
    return bool(book.account) and book.account in re.sub(r"\D", " ", move.text).split()


def _is_elsewhere(move: Movement, book: Booked, others: Iterable[str]) -> bool:
    """Whether money that left went to another account than the agreed one, or to somebody else than its holder."""
    if move.amount >= 0 or not book.account or _has_account(move, book):
        return False
    text = move.text.replace(book.number, " ") if book.number else move.text
    if _accounts(text) - {book.account.lstrip("0")}:
        return True
    if names.is_in(book.holder, move.text):
        return False
    return any(names.is_in(name, move.text) for name in others if name not in book.names)


def _weak(move: Movement, book: Booked) -> list[Text]:
    """What is said of a match whose text has neither the account nor its holder."""
    if _has_account(move, book) or names.is_in(book.holder, move.text):
        return []
    if move.amount > 0:
        return [Text(_("Neither the account nor its holder is named: ask the bank who paid it in"))]
    return [Text(_("Neither the account nor its holder is named: ask the bank where the money went"))]


def masked(text: str) -> str:
    """A bank's text without the digits that may be of an account."""
    return LONG.sub(lambda found: "•" * max(len(found[0]) - 3, 2) + found[0][-3:], text)


def _apart(move: Movement, book: Booked) -> int:
    return abs((move.dated - book.dated).days)
