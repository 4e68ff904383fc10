"""Applicants are imported from somebody else's sheet: brought, mapped, checked, stored, and undone while they may."""

import datetime
import gc
import hashlib
import io
from collections.abc import Callable, Iterator
from typing import Any

import xlsxwriter
from django.db import IntegrityError, transaction
from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language, gettext, override

from kawasan.applicants.models import Applicant, Person, PersonWord, PossibleDouble
from kawasan.applicants.rules import BORN_FROM_AGE, DECIDED, Status
from kawasan.applicants.services.bulk import add_many, remove_many
from kawasan.core import jobs
from kawasan.core.errors import Refused
from kawasan.core.jobs import Progress
from kawasan.core.language import in_words
from kawasan.core.memory import give_back
from kawasan.core.models import Job, LogEntry, User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.exchange.intake.reading import Found, incoming, lacking, read
from kawasan.exchange.intake.sheet_file import MOST_ROWS, Cells, head_and_first, rows_of, text_of
from kawasan.exchange.intake.words import label_of, suggested
from kawasan.exchange.models import ColumnMapping, Intake
from kawasan.exchange.reader import Unreadable
from kawasan.exchange.rules import TO_STORE, IntakeState, reasons_not_undone
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme

SHOWN_ROWS = 10
READ, CHECKED_AGAIN = _("Rows read and checked"), _("Rows read and checked once more; then all are stored in one go")


@transaction.atomic
def bring(*, programme: Programme, name: str, content: bytes, by: User) -> Intake:
    """Keep a file until it is stored or thrown away, mapped as the last one with the same header was."""
    try:
        head, first = head_and_first(name, content, SHOWN_ROWS)
    except Unreadable as error:
        raise Refused(_in_file(name, error)) from None
    if not head or not first:
        raise Refused(Text(_("The file has no rows below its first, which names the columns.")))
    kept = ColumnMapping.objects.filter(programme=programme, header=_header(head)).first()
    intake = Intake.objects.create(
        programme=programme,
        by=by,
        file=name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        head=head,
        first=first,
        mapping=kept.mapping if kept else {"columns": suggested(head), "fixed": {}, "words": {}},
        brought_on=today(programme),
    )
    log("exchange.intake_brought", intake, by=by, sha256=intake.sha256)
    return intake


def _in_file(name: str, error: Unreadable) -> Text:
    where = f"{name[:100]}:{error.row}" if error.row else name[:100]
    return Text("{where}: {why}", {"where": where, "why": error.text})


def _header(head: list[str]) -> str:
    return hashlib.sha256("\n".join(head).encode()).hexdigest()


@transaction.atomic
def map_columns(*, intake: Intake, mapping: dict[str, Any], by: User) -> Intake:
    """Keep which of our columns the columns of the file are, also for the next such file."""
    twice = sorted({name for name in mapping["columns"] if name and mapping["columns"].count(name) > 1})
    if twice:
        names = Text("{names}", {"names": ", ".join(in_words(label_of(name)) for name in twice)})
        raise Refused(Text(_("Two columns of the file cannot both be: {names}. Leave one out."), {"names": names}))
    if missing := lacking(mapping):
        names = Text("{names}", {"names": ", ".join(in_words(label_of(name)) for name in missing)})
        template = _("Say from which column these come, or what is the same for all rows: {names}.")
        raise Refused(Text(template, {"names": names}))
    _to(intake, TO_STORE, {"mapping": mapping, "state": IntakeState.BROUGHT, "found": None, "faulty": None})
    kept, _made = ColumnMapping.objects.update_or_create(
        programme=intake.programme, header=_header(intake.head), defaults={"mapping": mapping}
    )
    log("exchange.intake_mapped", intake, by=by, rows=[kept])
    return intake


def check_later(*, intake: Intake, by: User) -> Job:
    """Have every row read and checked; nothing is stored."""
    return _start(_check, intake, Text(_("Check the applicants in {file}"), {"file": intake.file}), by)


def store_later(*, intake: Intake, only_good: bool, by: User) -> Job:
    """Have the good rows stored, or all if all are good, in one go."""
    about = Text(_("Import the applicants in {file}"), {"file": intake.file})
    return _start(_store, intake, about, by, only_good=only_good)


def undo_later(*, intake: Intake, by: User) -> Job:
    """Have everything taken out again that an import stored, unless it was used since."""
    if reasons := reasons_against_undoing(intake=intake):
        raise Refused(*reasons)
    return _start(_undo, intake, Text(_("Undo the import of {file}"), {"file": intake.file}), by)


def _start(work: jobs.Work, intake: Intake, about: Text, by: User, **given: Any) -> Job:
    address = reverse("exchange:intake", args=[intake.programme.code, intake.pk])
    subject, programme = f"exchange.intake-{intake.pk}", intake.programme
    given |= {"number": intake.pk, "language": get_language() or "id"}  # in which the faults are written down
    return jobs.start(work, programme=programme, about=about, subject=subject, address=address, by=by, **given)


def _check(job: Job, number: int, language: str) -> Text:
    intake = _intake(number)
    found = _found(intake, Progress(job, READ))
    with override(language):
        keep_found(intake=intake, found=found, by=job.by)
    gaps = {"rows": found.rows, "good": len(found.good), "faulty": len(found.faulty), "known": found.known}
    return Text(_("Checked {rows} rows: {good} good, {faulty} faulty, {known} there already."), gaps)


@transaction.atomic
def keep_found(*, intake: Intake, found: Found, by: User | None) -> None:
    """Keep what a check found; the mapping must be the one that it was checked by."""
    faulty = _faulty_rows(found) if found.faulty else None
    written = {"state": IntakeState.CHECKED, "found": found.stored(), "faulty": faulty}
    _to(intake, TO_STORE, written, mapping=intake.mapping)
    log("exchange.intake_checked", intake, by=by, count=found.rows, faulty=len(found.faulty))


def _store(job: Job, number: int, language: str, only_good: bool) -> Text:
    intake = _intake(number)
    found = _found(intake, Progress(job, CHECKED_AGAIN))
    if found.faulty and not only_good:
        gaps = {"faulty": len(found.faulty)}
        raise Refused(Text(_("{faulty} rows are faulty, so nothing was stored. Look at the faults below."), gaps))
    with override(language):
        counts = store_found(intake=intake, found=found, by=job.by, on=today(intake.programme))
    gaps = {"people": counts["people"], "known": found.known, "faulty": len(found.faulty)}
    if not counts["people"]:
        return Text(_("Nothing was added: all {known} rows were there already, and stay as they are."), gaps)
    return Text(_("{people} applicants were added; {known} were there already; {faulty} faulty rows were left."), gaps)


@transaction.atomic
def store_found(*, intake: Intake, found: Found, by: User | None, on: datetime.date) -> dict[str, int]:
    """Store the good rows of an import, all of them or none, and let the file go."""
    written: dict[str, Any] = {
        "state": IntakeState.STORED,
        "found": found.stored(),
        "content": None,
        "first": [],
        "ended_on": on,
    }
    _to(intake, TO_STORE, written | {"faulty": _faulty_rows(found) if found.faulty else None})
    programme = intake.programme
    gc.freeze()  # the rows live to the end: to look for garbage among them takes a quarter of the time
    try:
        return add_many(
            programme=programme,
            incoming=incoming(programme, found.good, intake.source),
            about=intake,
            verb="exchange.intake_stored",
            by=by,
            on=on,
        )
    except IntegrityError:
        raise Refused(Text(_("Applicants were added in the meantime. Check the file once more."))) from None
    finally:
        gc.unfreeze()


def _undo(job: Job, number: int, language: str) -> Text:
    people = undo(intake=_intake(number), by=job.by)
    return Text(_("The import was undone: {people} applicants were taken out. The log keeps it."), {"people": people})


@transaction.atomic
def undo(*, intake: Intake, by: User | None) -> int:
    """Take out everything that an import stored; refused, with reasons, once it was used."""
    Programme.objects.select_for_update().get(pk=intake.programme_id)
    if reasons := reasons_against_undoing(intake=intake):
        raise Refused(*reasons)
    on = today(intake.programme)
    _to(intake, (IntakeState.STORED,), {"state": IntakeState.UNDONE, "ended_on": on, "faulty": None})
    rows = stored_by(intake)
    return remove_many(programme=intake.programme, applicants=rows, about=intake, verb="exchange.intake_undone", by=by)


@transaction.atomic
def discard(*, intake: Intake, by: User) -> None:
    """Throw a file away; the programme stays as it is."""
    on = today(intake.programme)
    gone: dict[str, Any] = {"state": IntakeState.DISCARDED, "content": None, "faulty": None, "first": []}
    _to(intake, TO_STORE, gone | {"head": [], "found": None, "ended_on": on})
    log("exchange.intake_discarded", intake, by=by)


@transaction.atomic
def hand_out_faulty(*, intake: Intake, by: User) -> bytes:
    """The workbook of faulty rows. It has identity numbers in full, so the log keeps who took it."""
    log("exchange.intake_faulty_read", intake, by=by)
    return bytes(intake.faulty or b"")


def stored_by(intake: Intake) -> Any:
    """The applications that an import stored and that are still there."""
    sources = (intake.source, f"{intake.source}; {BORN_FROM_AGE}")
    return Applicant.objects.filter(programme=intake.programme, source__in=sources)


def reasons_against_undoing(*, intake: Intake) -> list[Text]:
    """What was done since with the rows of an import."""
    if intake.state != IntakeState.STORED:
        return [Text(_("This import is not stored, or undone already."))]
    rows = stored_by(intake)
    persons = rows.values("person")
    pairs = intake.programme.possible_doubles.filter(state__in=DECIDED)
    counts = {
        "frozen": rows.exclude(frozen_on=None).count(),
        "withdrawn": rows.filter(status=Status.WITHDRAWN).count(),
        "corrected": _corrected(intake),
        "accounts": rows.exclude(person__user=None).count(),
        "decided": (pairs.filter(first__in=persons) | pairs.filter(second__in=persons)).count(),
        "others": _others(intake.programme, rows),
    }
    return reasons_not_undone(counts)


def _corrected(intake: Intake) -> int:
    """How many of its applications somebody has worked at by hand, by the log."""
    entries = LogEntry.objects.filter(programme_code=intake.programme.code, verb="applicants.corrected")
    keys = {int(subject.partition(":")[2].split()[0]) for subject in entries.values_list("subject", flat=True)}
    return stored_by(intake).filter(pk__in=keys).count() if keys else 0


def _others(programme: Programme, rows: Any) -> int:
    """Rows of later steps that refer to these applications or their people, counted in one query."""
    relations: list[tuple[Any, Any]] = [(one, rows.values("pk")) for one in Applicant._meta.related_objects]
    relations += [(one, rows.values("person")) for one in Person._meta.related_objects]
    later = [(one, keys) for one, keys in relations if one.related_model not in (Applicant, PersonWord, PossibleDouble)]
    counts = [_count(one.related_model, one.field.name, keys) for one, keys in later]
    return sum(Programme.objects.filter(pk=programme.pk).values_list(*counts).get())


def _count(model: Any, column: str, keys: Any) -> Coalesce:
    found = model._base_manager.filter(**{f"{column}__in": keys}).order_by().values(all=Value(1))
    return Coalesce(Subquery(found.annotate(number=Count("pk")).values("number")), 0)


def _intake(number: int) -> Intake:
    return Intake.objects.select_related("programme").get(pk=number)


def _found(intake: Intake, progress: Callable[[int, int], None]) -> Found:
    """Everything that is in the file, by its mapping."""
    if intake.content is None:
        raise Refused(Text(_("This file was stored or thrown away already.")))
    try:
        rows = rows_of(intake.file, bytes(intake.content))
        return read(intake.programme, rows, intake.mapping, progress, MOST_ROWS)
    except Unreadable as error:
        raise Refused(_in_file(intake.file, error)) from None
    finally:
        give_back()  # the sheet was in memory as a whole


def _to(intake: Intake, before: tuple[IntakeState, ...], written: dict[str, Any], **more: Any) -> None:
    """From one state to another, by one person at a time."""
    rows = Intake.objects.filter(pk=intake.pk, state__in=before, **more)
    if rows.update(**written) != 1:
        raise Refused(Text(_("Somebody has gone on with this import in the meantime. Load the page again.")))
    for name, value in written.items():
        setattr(intake, name, value)


def _faulty_rows(found: Found) -> bytes:
    """The rows that cannot be stored, as they were, with what is wrong in each."""
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(gettext("Faulty rows")[:31])
        bold = book.add_format({"bold": True, "bg_color": "#E8EEF5"})
        sheet.write_row(0, 0, [gettext("Row"), gettext("What is wrong"), *found.head], bold)
        for at, (number, cells, faults) in enumerate(found.faulty, start=1):
            why = "; ".join(f"{fault.column}: {in_words(fault.text)}" for fault in faults)
            sheet.write_row(at, 0, [str(number), why[:32000], *_written(cells)])
    return file.getvalue()


def _written(cells: Cells) -> Iterator[str]:
    """As text, so that Excel makes nothing else of it."""
    return (text_of(cell)[:32000] for cell in cells)
