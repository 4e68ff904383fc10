"""A bank's statement is read, matched with the books in one transaction, and its differences are closed by people."""

import csv
import datetime
import hashlib
import io
from collections.abc import Collection, Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from kawasan.assistance import queries
from kawasan.assistance import rules as assistance_rules
from kawasan.assistance.models import BankDifference, BankLine, BankWord, Statement, Step
from kawasan.assistance.rules import Maker, StepKind
from kawasan.assistance.rules import bank as rules
from kawasan.assistance.rules.bank import Booked, Difference, Movement, StatementStatus
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 10_000
MOST_CELL = 1000
DELIMITERS = ";,\t|"
HEAD_WITHIN = 20  # rows; banks write name and period above the heading


@transaction.atomic
def read_statement(*, programme: Programme, file: UploadedFile, by: User | None) -> Statement:
    """Keep a statement as it was sent; the same file twice is refused."""
    content = file.read(MOST_BYTES + 1)
    digest = hashlib.sha256(content).hexdigest()
    Programme.objects.select_for_update().get(pk=programme.pk)
    stand = Statement.objects.filter(programme=programme).exclude(status=StatementStatus.TAKEN_BACK)
    if stand.filter(digest=digest).exists():
        raise Refused(Text(_("This file was taken over already. The same statement is not counted twice.")))
    name = str(file.name)[-200:]
    table, head = _table(content)
    made = Statement.objects.create(
        programme=programme, name=name, digest=digest, table=table, head=head, entered_by=by
    )
    log("assistance.statement_read", made, by=by, rows_read=len(made.table) - 1)
    return made


@transaction.atomic
def match_statement(*, statement: Statement, columns: Sequence[str], by: User | None) -> None:
    """Match every movement with a step; all of the statement or nothing of it is taken over."""
    if reasons := rules.reasons_columns(columns):
        raise Refused(*reasons)
    moved, faults = rules.movements(statement.table, columns, statement.head)
    if reasons := [*faults[:20], *rules.reasons_taken_over(moved, _earlier(statement))]:
        raise Refused(*reasons)
    days = [one.dated for one in moved]
    updated = Statement.objects.filter(pk=statement.pk, status=StatementStatus.READ).update(
        status=StatementStatus.MATCHED, first_day=min(days), last_day=max(days)
    )
    if updated != 1:
        raise Refused(Text(_("This statement was matched already.")))
    statement.refresh_from_db()
    lines = {one.row: _line(statement, one) for one in moved}
    steps = {step.pk: step for step in _open_steps(statement, days)}
    result = rules.reconcile(
        moved, [_booked(step, days) for step in steps.values()], queries.team_names(statement.programme)
    )
    for move, book, why in result.pairs:
        lines[move.row].step, lines[move.row].why = steps[book.step], [text.stored() for text in why]
    BankLine.objects.bulk_create(lines.values())
    differences = BankDifference.objects.bulk_create(
        BankDifference(
            programme=statement.programme, statement=statement, kind=kind,
            line=lines[move.row] if move else None, step=steps[book.step] if book else None,
        )
        for kind, move, book in result.differences
    )  # fmt: skip
    _close_earlier(statement)
    rows = [*statement.lines.all(), *differences]
    matched, different = len(result.pairs), len(result.differences)
    log("assistance.statement_matched", statement, by=by, rows=rows, matched=matched, different=different)


@transaction.atomic
def take_statement_back(*, statement: Statement, reason: str, by: User | None) -> None:
    """Take a matched statement back, so that its file may come again; one that was only read is removed."""
    statement = Statement.objects.select_for_update().get(pk=statement.pk)
    reasons = assistance_rules.reasons_no_reason(reason) + reasons_not_taken_back(statement, by=by)
    if reasons:
        raise Refused(*reasons)
    if statement.status == StatementStatus.READ:
        log("assistance.statement_removed", statement.programme, by=by, name=statement.name, reason=reason.strip())
        statement.delete()
        return
    steps = list(statement.lines.exclude(step=None).values_list("step", flat=True))
    statement.lines.update(step=None)
    statement.status, statement.note = StatementStatus.TAKEN_BACK, reason.strip()
    statement.save(update_fields=("status", "note"))
    for one in _missing(statement, steps).filter(closed_by=None).exclude(closed_on=None):
        BankDifference.objects.filter(pk=one.pk).update(word="", closed_on=None)
        _say(one, reason.strip(), by, is_closing=False)
    log("assistance.statement_taken_back", statement, by=by, rows=[*statement.lines.all()], reason=reason.strip())


def reasons_not_taken_back(statement: Statement, *, by: User | None) -> list[Text]:
    """Whoever pays does not take the bank's word away."""
    if statement.status == StatementStatus.TAKEN_BACK:
        return [Text(_("This statement was taken back already."))]
    if statement.status == StatementStatus.MATCHED and _pays(statement.programme, by):
        return [Text(_("You recorded payments of this programme, so somebody else takes the statement back."))]
    return []


def _missing(statement: Statement, steps: Collection[int | None]) -> QuerySet[BankDifference]:
    """Where another statement should have had these steps and has not."""
    rows = BankDifference.objects.filter(kind=Difference.BOOKS_ONLY, step__in=list(steps))
    return rows.exclude(statement=statement).exclude(statement__status=StatementStatus.TAKEN_BACK)


def _close_earlier(statement: Statement) -> None:
    """What an earlier statement should have had and this one has is explained by it."""
    rows = {line.step_id: line.row for line in statement.lines.exclude(step=None)}
    for one in _missing(statement, rows).filter(closed_on=None):
        word = gettext("Row {row} of {name} has it.").format(row=rows[one.step_id], name=statement.name)[:300]
        BankDifference.objects.filter(pk=one.pk).update(word=word, closed_on=today(statement.programme))
        _say(one, word, None, is_closing=True)


def _earlier(statement: Statement) -> set[tuple[datetime.date, int]]:
    lines = BankLine.objects.filter(programme=statement.programme, statement__status=StatementStatus.MATCHED)
    return set(lines.exclude(statement=statement).values_list("dated", "amount_idr"))


@transaction.atomic
def close_difference(*, difference: BankDifference, word: str, by: User | None) -> None:
    """Say what a difference is; nobody who recorded a disbursement of the programme closes one."""
    if not word.strip():
        raise Refused(Text(_("Write what the difference is.")))
    if reasons := reasons_not_closed_by(difference, by=by):
        raise Refused(*reasons)
    open_ones = BankDifference.objects.filter(pk=difference.pk, closed_on=None)
    if open_ones.update(word=word.strip(), closed_by=by, closed_on=today(difference.programme)) != 1:
        raise Refused(Text(_("This difference was closed already.")))
    _say(difference, word.strip(), by, is_closing=True)


@transaction.atomic
def reopen_difference(*, difference: BankDifference, reason: str, by: User | None) -> None:
    """Open a closed difference again; the word that had closed it stays beside the reason."""
    difference = (
        BankDifference.objects.select_for_update(of=("self",)).select_related("statement").get(pk=difference.pk)
    )
    if reasons := [*assistance_rules.reasons_no_reason(reason), *reasons_not_reopened(difference)]:
        raise Refused(*reasons)
    BankDifference.objects.filter(pk=difference.pk).update(word="", closed_by=None, closed_on=None)
    _say(difference, reason.strip(), by, is_closing=False)


def reasons_not_reopened(difference: BankDifference) -> list[Text]:
    return [] if difference.closed_on else [Text(_("This difference is open already."))]


def reasons_not_closed_by(difference: BankDifference, *, by: User | None) -> list[Text]:
    """Why somebody may not close it: whoever pays does not explain what the bank says of the payments."""
    maker, step = queries.maker_of(by), difference.step
    is_mine = maker is not None and step is not None and Maker(step.entered_by_id, step.who).is_also(maker)
    if is_mine or _pays(difference.programme, by):
        return [Text(_("You recorded payments of this programme, so somebody else closes the difference."))]
    return []


def _pays(programme: Programme, by: User | None) -> bool:
    maker = queries.maker_of(by)
    paid = Step.objects.filter(programme=programme, kind=StepKind.PAID, reverses=None)
    makers = [Maker(*one) for one in paid.order_by().values_list("entered_by", "who").distinct()]
    return maker is not None and any(one.is_also(maker) for one in makers)


def _say(difference: BankDifference, word: str, by: User | None, *, is_closing: bool) -> None:
    said = BankWord.objects.create(
        programme=difference.programme, difference=difference, is_closing=is_closing, word=word, who=str(by or ""),
        said_by=by, said_on=today(difference.programme),
    )  # fmt: skip
    difference.refresh_from_db()
    verb = "assistance.difference_closed" if is_closing else "assistance.difference_reopened"
    log(verb, difference.statement, by=by, is_written=False, rows=[difference, said], word=word)


def _line(statement: Statement, one: Movement) -> BankLine:
    return BankLine(
        programme=statement.programme, statement=statement, row=one.row, dated=one.dated, amount_idr=one.amount,
        text=one.text,
    )  # fmt: skip


def _open_steps(statement: Statement, days: Sequence[datetime.date]) -> list[Step]:
    """Payments and returns of the statement's days, and of few days around, that no earlier statement has."""
    around = datetime.timedelta(days=rules.MOST_DAYS)
    steps = queries.moved_money(statement.programme).filter(
        bank_line=None, dated__range=(min(days) - around, max(days) + around)
    )
    return list(steps.select_related("assistance__group", "assistance__receiver__person").order_by("dated", "pk"))


def _booked(step: Step, days: Sequence[datetime.date]) -> Booked:
    agreed = step.assistance.steps.standing().filter(kind=StepKind.AGREED).first()
    names = [step.assistance.receiver.person.name]
    names += [step.assistance.group.name] if step.assistance.group else []
    sign = -1 if step.kind == StepKind.PAID else 1
    return Booked(
        step.pk, step.dated, sign * (step.amount_idr or 0), account=agreed.account if agreed else "",
        holder=agreed.account_holder if agreed else "", names=tuple(names), code=step.assistance.code,
        number=step.number, is_due=min(days) <= step.dated <= max(days),
    )  # fmt: skip


def _table(content: bytes) -> tuple[list[list[str]], int]:
    """The rows from the heading on and which row of the file that is; whatever parts the cells, however encoded."""
    if len(content) > MOST_BYTES:
        raise Refused(Text(_("The file is larger than 5 MB. Take the statement of fewer days.")))
    text = _text(content)
    best = max(DELIMITERS, key=lambda sign: _score(_rows(text, sign)))
    rows = _rows(text, best)
    first = next((at for at, row in enumerate(rows) if row), 0)
    at = next((at for at, row in enumerate(rows[:HEAD_WITHIN]) if _known(row) >= 2), first)
    rows = rows[at:]
    if len(rows) == 1 and _known(rows[0]) >= 2:
        raise Refused(Text(_("The file has no movements below its heading.")))
    if len(rows) < 2 or len(rows[0]) < 2:
        raise Refused(Text(_("This is no statement in CSV: no row has two columns. Export the statement as CSV.")))
    if len(rows) > MOST_ROWS:
        raise Refused(Text(_("The file has more than 10,000 rows. Take the statement of fewer days.")))
    return rows, at + 1


def _text(content: bytes) -> str:
    if b"\x00" in content:
        raise Refused(Text(_("This is no CSV file. Export the statement as CSV, not as a workbook or PDF.")))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        return [
            [cell[:MOST_CELL] for cell in row] if any(row) else []
            for row in csv.reader(io.StringIO(text), delimiter=delimiter)
        ]
    except csv.Error:
        return []


def _known(row: Sequence[str]) -> int:
    return sum(1 for target in rules.guess(row) if target)


def _score(rows: list[list[str]]) -> int:
    return max((_known(row) for row in rows[:HEAD_WITHIN]), default=0) * 100 + max(
        map(len, rows[:HEAD_WITHIN]), default=0
    )
