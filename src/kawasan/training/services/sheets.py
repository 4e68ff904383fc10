"""Attendance sheets: printed with codes, read back from a photo as a proposal, stored once the office checked it."""

import datetime
import secrets
from collections.abc import Mapping
from io import BytesIO

from django.db import transaction
from PIL import Image

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.photos import Photo
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.engine import sheet as engine
from kawasan.engine.errors import InfeasibleError
from kawasan.programmes.models import Programme
from kawasan.training import papers, queries, rules
from kawasan.training.models import Attendance, Session, Sheet, SheetPage
from kawasan.training.rules import Said
from kawasan.training.services.attendance import record_attendance

NUMBER_SIGNS = 8
QUALITY = 80  # of the straightened page


@transaction.atomic
def take_sheet(*, session: Session, by: User | None, on: datetime.date) -> bytes:
    """The attendance list of a session as PDF. It keeps who stands in which row, and names people: it is logged."""
    people = list(queries.people_of(session))
    if not people:
        raise Refused(Text(_("The group has no members, so there is nobody to sign.")))
    sheet = _same_sheet(session, [person.pk for person in people]) or Sheet(
        programme_id=session.programme_id,
        session=session,
        number="".join(secrets.choice(rules.SIGNS) for _sign in range(NUMBER_SIGNS)),
        rows=[person.pk for person in people],
        printed_on=on,
    )
    if sheet.pk is None:
        sheet.full_clean()
        sheet.save()
    log("training.sheet_taken", session, by=by, is_written=False, rows=[sheet], number=sheet.number)
    return papers.attendance_sheet(sheet, session, people, engine.layout(sheet.number, len(people)))


def _same_sheet(session: Session, rows: list[int]) -> Sheet | None:
    """A sheet that was printed with the same rows already: a second print is the same paper."""
    newest = session.sheets.first()
    return newest if newest and newest.rows == rows else None


def read_sheet(*, programme: Programme, photo: Photo, by: User | None) -> SheetPage:
    """Read a page from a photo. What was read is a proposal; a better photo of the same page replaces it."""
    sheets = {sheet.number: sheet for sheet in programme.attendance_sheets.all()}
    try:
        page = engine.read(
            Image.open(BytesIO(photo.content)), {number: len(sheet.rows) for number, sheet in sheets.items()}
        )
    except InfeasibleError as error:
        raise Refused(rules.reason_not_read(error.conflict[0])) from None
    return _keep(sheets[page.sheet], page, by)


@transaction.atomic
def _keep(sheet: Sheet, page: engine.Page, by: User | None) -> SheetPage:
    row = SheetPage.objects.select_for_update().filter(sheet=sheet, page=page.page).first()
    row = row or SheetPage(programme_id=sheet.programme_id, sheet=sheet, page=page.page)
    row.picture, row.is_stored = _as_jpeg(page.picture), False
    row.marks = [
        {"row": number, "choice": r.choice, "is_sure": r.is_sure, "is_signed": r.is_signed}
        for number, r in enumerate(page.rows, start=page.page * engine.MOST_ROWS)
    ]
    row.save()
    log("training.sheet_read", row, by=by, number=sheet.number, unsure=sum(not r.is_sure for r in page.rows))
    return row


def row_picture(*, page: SheetPage, place: int) -> bytes:
    """One row of a page as it was photographed, as JPEG."""
    return _as_jpeg(engine.cut(Image.open(BytesIO(page.picture)), place))


def _as_jpeg(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


@transaction.atomic
def store_sheet(
    *,
    sheet: Sheet,
    presences: Mapping[int, Said],
    by: User | None,
    on: datetime.date,
    shown: Mapping[int, Said | None] | None = None,
) -> list[Attendance]:
    """Store what the office has checked as the attendance of the session; rows that changed meanwhile stay.

    A sheet of which such a row stayed is not stored yet.
    """
    pages = list(SheetPage.objects.select_for_update().filter(sheet=sheet))
    if len(pages) < len(engine.layout(sheet.number, len(sheet.rows))):
        raise Refused(Text(_("A page of the sheet was not read yet. Photograph it too.")))
    if set(sheet.rows) != set(queries.people_of(sheet.session).values_list("pk", flat=True)):
        raise Refused(Text(_("The group changed after the sheet was printed. Record the attendance by the list.")))
    rows = record_attendance(session=sheet.session, presences=presences, by=by, on=on, shown=shown)
    for page in pages:
        page.is_stored = len(rows) == len(presences)
        page.save(update_fields=("is_stored",))
    log("training.sheet_stored", sheet, by=by, is_written=False, rows=pages, number=sheet.number)
    return rows
