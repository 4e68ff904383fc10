"""The list of applicants as a spreadsheet."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from kawasan.applicants.models import (
    Applicant,
)
from kawasan.core.language import in_words
from kawasan.core.templatetags.kawasan import masked, yes_no


def spreadsheet(applicants: Iterable[Applicant]) -> bytes:
    """An XLSX with one row an applicant; a file leaves the house, so it has the last digits of numbers only."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(_("Applicants")[:31])
        sheet.write_row(0, 0, _headings(), book.add_format({"bold": True}))
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        number = 0
        for number, applicant in enumerate(applicants, start=1):
            for column, value in enumerate(_cells(applicant)):
                sheet.write(number, column, value, *([day] if hasattr(value, "isoformat") else []))
        sheet.autofilter(0, 0, number, len(_headings()) - 1)
        sheet.freeze_panes(1, 2)
        sheet.autofit()
    return file.getvalue()


def _headings() -> list[str]:
    return [
        _("Code"),
        _("Name"),
        _("Sex"),
        _("Date of birth"),
        _("NIK (last digits)"),
        _("Family card (last digits)"),
        _("Phone (last digits)"),
        _("Address"),
        _("Kelurahan"),
        _("Kecamatan"),
        _("Field"),
        _("Applied on"),
        _("Activity"),
        _("Got assistance before"),
        _("Status"),
        _("Reasons"),
        _("Need score"),
        _("Need band"),
        _("Warnings"),
    ]


def _cells(applicant: Applicant) -> list[Any]:
    person = applicant.person
    return [
        applicant.code,
        person.name,
        person.get_sex_display(),
        person.birth_date,
        masked(person.nik),
        masked(person.family_card),
        masked(person.phone),
        person.address,
        person.place.name,
        person.place.parent.name if person.place.parent else "",
        str(applicant.field),
        applicant.applied_on,
        applicant.get_activity_now_display(),
        yes_no(applicant.earlier_assistance),
        applicant.get_status_display(),
        " ".join(map(in_words, applicant.reasons)),
        applicant.need_score,
        applicant.need_band.code if applicant.need_band else "",
        " ".join(map(in_words, applicant.warnings)),
    ]
