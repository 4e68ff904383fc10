"""A spreadsheet becomes rows: read, looked at, then stored whole or thrown away."""

import csv
import io
import tempfile
from pathlib import Path

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.exchange.checker import Folder, sentences
from kawasan.exchange.models import Upload, Waiting
from kawasan.exchange.preview import preview
from kawasan.exchange.reader import Fault, Unreadable, read_table
from kawasan.exchange.services.load import Loaded, load_table
from kawasan.exchange.tables import Table
from kawasan.programmes.models import Programme

MOST_ROWS = 2000  # that somebody would look through before they store them
BOM = b"\xef\xbb\xbf"


@transaction.atomic
def read_spreadsheet(*, programme: Programme, table: Table, name: str, content: bytes, by: User) -> Upload:
    """Keep a sheet's cells until its owner has looked at them; it takes the place of an earlier one."""
    faults: list[Fault] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{table.name}{Path(name).suffix.lower()}"
        path.write_bytes(_with_commas(content) if path.suffix == ".csv" else content)
        try:
            sheet = read_table(table, path, faults)
        except Unreadable as error:
            raise Refused(*sentences([Fault(name, error.text, error.row)])) from None
    if faults:
        raise Refused(*sentences(faults))
    if reasons := _reasons_unusable(table, [row.number for row in sheet.rows], sheet.columns):
        raise Refused(*reasons)
    Upload.objects.filter(programme=programme, by=by, table=table.name).delete()
    rows = [[row.number, [row.cells.get(column, "") for column in sheet.columns]] for row in sheet.rows]
    upload = Upload.objects.create(
        programme=programme, by=by, table=table.name, file=name[:200], columns=sheet.columns, rows=rows
    )
    log("exchange.spreadsheet_read", programme, by=by, is_written=False, table=table.name, count=len(rows))
    return upload


def _with_commas(content: bytes) -> bytes:
    """A CSV file as we read it: Indonesian Excel parts columns with semicolons and begins with a byte order mark."""
    content = content.removeprefix(BOM)
    head = content.partition(b"\n")[0]
    if b";" not in head or b"," in head:
        return content
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), delimiter=";", strict=True))
    except (UnicodeDecodeError, csv.Error):
        return content  # the reader says what is wrong with it
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _reasons_unusable(table: Table, numbers: list[int], columns: list[str]) -> list[Text]:
    if not numbers:
        return [Text(_("The sheet has no rows below its first. Fill in at least one."))]
    if len(numbers) > MOST_ROWS:
        gaps = {"rows": len(numbers), "most": MOST_ROWS}
        return [Text(_("The sheet has {rows} rows. Split it into sheets of at most {most}."), gaps)]
    if not {column.name for column in table.columns} & set(columns):
        return [Text(_("None of its columns is one of this table. Use the template: its first row names the columns."))]
    return []


@transaction.atomic
def store_spreadsheet(*, upload: Upload, by: User) -> Loaded:
    """Store every row of a sheet or none. It is checked once more, for others may have changed rows since."""
    programme = Programme.objects.select_for_update().get(pk=upload.programme_id)
    seen = preview(upload)
    if seen.faults:
        raise Refused(*sentences(seen.faults), Text(_("Nothing was stored.")))
    if Upload.objects.filter(pk=upload.pk).delete()[0] != 1:
        raise Refused(Text(_("This sheet was stored or thrown away already.")))
    folder = Folder(tables={seen.table.name: seen.rows}, files={seen.table.name: upload.file})
    waiting = Waiting.objects.filter(programme=programme, table=seen.table.name).first()
    waiting = waiting or Waiting(programme=programme, table=seen.table.name)
    return load_table(seen.table, folder, waiting, {}, by=by, verb="exchange.spreadsheet_stored")


@transaction.atomic
def discard_spreadsheet(*, upload: Upload, by: User) -> None:
    """Throw a sheet away; the programme stays as it is."""
    Upload.objects.filter(pk=upload.pk).delete()
    log("exchange.spreadsheet_discarded", upload.programme, by=by, is_written=False, table=upload.table)
