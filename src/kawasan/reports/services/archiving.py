"""Reports of a programme as documents: a draft at any time, and what was handed in, kept with its hashes."""

import datetime
import hashlib
import secrets
from typing import Any

import segno
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, override

from kawasan.core import language
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.core.services import entries_about, is_as_written, log
from kawasan.core.text import Text, _
from kawasan.mentoring.services import hash_of
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.reports import programme_report
from kawasan.reports.models import ArchivedReport, ReportTemplate, file_name
from kawasan.reports.report_kinds import SECTIONS, ReportKind
from kawasan.reports.services.papers import OFFICIAL, typeset

TOKEN_BYTES = 12
ARCHIVED = "reports.report_archived"


def template_of(programme: Programme, kind: ReportKind) -> ReportTemplate:
    """The office's template of a kind of report, or the usual one."""
    found = ReportTemplate.objects.filter(programme=programme, kind=kind).first()
    usual = {"place": programme.area_name, "sections": [*SECTIONS[kind]]}
    return found or ReportTemplate(programme=programme, kind=kind, **usual)


@transaction.atomic
def keep_template(*, template: ReportTemplate, by: User | None) -> ReportTemplate:
    """Keep how the office has a report from now on; reports that were archived stay as they are."""
    template.full_clean()
    template.save()
    log("reports.template_kept", template, by=by, kind=template.kind)
    return template


def draft(*, programme: Programme, kind: ReportKind) -> bytes:
    """The report as it would be now."""
    with override(OFFICIAL):
        said = _content(template_of(programme, kind), number="", dated=today(programme))
        return _pdf(said, gettext("Draft: figures may still change"), None)


def reason_no_page() -> Text | None:
    """Why whoever has a report on paper will not find its page, if so."""
    if settings.PUBLIC_ADDRESS:
        return None
    return Text(
        _(
            "This installation has no public address (KAWASAN_PUBLIC_ADDRESS), so the report will carry its hash alone "
            "and no address at which others can check it. An archived report cannot be changed later."
        )
    )


@transaction.atomic
def archive(
    *, programme: Programme, kind: ReportKind, number: str, dated: datetime.date, by: User | None
) -> ArchivedReport:
    """Keep a report as it is now, with its document, which carries the public address of its page if there is one.

    Raises
        Refused : nobody is named who signs, the number was given before, or the day is yet to come or too early.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)
    template = template_of(programme, kind)
    if reasons := _reasons_not_archivable(template, number, dated):
        raise Refused(*reasons)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    path = reverse("reports:check_report", args=[programme.code, token])
    page = f"{settings.PUBLIC_ADDRESS}{path}" if settings.PUBLIC_ADDRESS else ""
    with override(OFFICIAL):
        said = _content(template, number=number, dated=dated)
        document = _pdf(said, f"{number} · SHA-256 {hash_of(said)}", _proof(page, hash_of(said)))
    made = ArchivedReport(programme=programme, kind=kind, number=number, dated=dated, content=said, token=token)
    made.content_hash, made.document = hash_of(said), document
    made.document_hash = hashlib.sha256(document).hexdigest()
    made.full_clean()
    made.save()
    log(ARCHIVED, made, by=by, **_covered(made))
    return made


def _covered(report: ArchivedReport) -> dict[str, Any]:
    """What the log says of a report, computed from what is kept of it."""
    return {
        "number": report.number,
        "kind": report.kind,
        "dated": report.dated.isoformat(),
        "content_hash": hash_of(report.content),
        "document_hash": hashlib.sha256(report.document).hexdigest(),
    }


def _reasons_not_archivable(template: ReportTemplate, number: str, dated: datetime.date) -> list[Text]:
    programme = template.programme
    reasons = []
    if not template.signer:
        reasons.append(Text(_("Nobody is named who signs the report. Write it into the template first.")))
    given = programme.archived_reports.values_list("number", flat=True)
    if file_name(number) in map(file_name, given):
        taken = _(
            "The number {number} was given to a report before, or differs from one by capitals or signs alone. "
            "Choose another."
        )
        reasons.append(Text(taken, {"number": number}))
    if dated < (first := _first_day(programme)):
        sentence = _("The report is dated before the programme began, on {day}. Choose that day or a later one.")
        reasons.append(Text(sentence, {"day": first}))
    if dated > today(programme):
        reasons.append(Text(_("The report is dated on a day that is yet to come. Choose today or earlier.")))
    return reasons


def _first_day(programme: Programme) -> datetime.date:
    """The first day of the calendar, or of the year where there is none."""
    milestone = programme.milestones.order_by("starts_on").first()
    return milestone.starts_on if milestone else datetime.date(programme.year, 1, 1)


def is_as_archived(report: ArchivedReport) -> bool:
    """Whether what is kept is what was archived: the chained log decides, not what stands beside it in its row."""
    entry = entry_of(report)
    covered = _covered(report)
    hashes = (covered["content_hash"], covered["document_hash"])
    if entry is None or hashes != (report.content_hash, report.document_hash):
        return False
    return is_as_written(entry) and {**covered, **entry.data} == covered


def entry_of(report: ArchivedReport) -> LogEntry | None:
    """What the log says of when a report was archived, and by whom."""
    return entries_about(report, ARCHIVED).first()


def _content(template: ReportTemplate, *, number: str, dated: datetime.date) -> dict[str, Any]:
    programme, day = template.programme, today(template.programme)
    return {
        "title": language.in_words(ReportKind(template.kind).label),
        "programme": programme.name,
        "area": f"{programme.area_name}, {programme.year}",
        "number": number,
        "as_at": gettext("Figures as at {day}").format(day=language.date(day)),
        "office": template.office,
        "address": template.address,
        "opening": _paragraphs(template.opening or programme_report.opening(programme, day)),
        "sections": programme_report.sections(programme, template.told, day),
        "closing": _paragraphs(template.closing),
        "place": template.place,
        "date": language.date(dated),
        "signer": template.signer,
        "signer_title": template.signer_title,
    }


def _paragraphs(words: str) -> list[str]:
    return [" ".join(part.split()) for part in words.replace("\r", "").split("\n\n") if part.strip()]


def _proof(page: str, content_hash: str) -> dict[str, str]:
    """What the paper carries to be checked by: its page, or the hash alone where nobody else could open one."""
    code = segno.make(page or f"kawasan sha256 {content_hash}", error="m", micro=False)
    how = gettext("Whoever has this paper can check it on this page:")
    if not page:
        how = gettext("The office can check this paper by its hash (SHA-256):")
    return {"code": code.svg_inline(border=0), "how": how, "page": page or content_hash}


def _pdf(said: dict[str, Any], state: str, proof: dict[str, str] | None) -> bytes:
    words = {
        "contents": gettext("Contents"),
        "number": gettext("Number"),
        "opening": gettext("Introduction"),
        "closing": gettext("Conclusions and advice"),
    }
    return typeset("report", said | {"state": state, "words": words, "proof": proof})
