"""Official documents and tables, made from what the stages hold. They write nothing but the log of who took them."""

import csv
import datetime
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import typst
import xlsxwriter
from django.db import transaction
from django.utils.translation import gettext, override

from kawasan.core import language
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import _
from kawasan.matching.models import Group, GroupMember
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Announcement, rule_set_on
from kawasan.reports import minutes, verification_minutes
from kawasan.reports.proof import proof
from kawasan.selection import queries as selection
from kawasan.selection.models import Decree, Draw, Seat
from kawasan.selection.rules import DrawStatus, SeatKind, reason_not_drawn
from kawasan.selection.services import certificate_hash, refuse_changed

TYPST = Path(__file__).parent.parent / "typst"
OFFICIAL = "id"  # documents of the office are in Indonesian, whoever asks for them


def typeset(template: str, data: dict[str, Any]) -> bytes:
    return typst.compile(TYPST / f"{template}.typ", sys_inputs={"data": json.dumps(data, ensure_ascii=False)})


@transaction.atomic
def take_decree(*, decree: Decree, by: User | None) -> bytes:
    """The decree as PDF; it names people, so taking it is logged."""
    log("reports.decree_taken", decree, by=by, is_written=False, number=decree.number)
    return decree_pdf(decree)


def decree_pdf(decree: Decree) -> bytes:
    """The decree with its frozen list (SK)."""
    with override(OFFICIAL):
        return typeset("decree", _decree_data(decree))


def _decree_data(decree: Decree) -> dict[str, Any]:
    programme = decree.programme
    rule_set = rule_set_on(programme.rule_sets.all(), decree.dated)
    draw = programme.draws.filter(status="drawn").first()
    gaps = {
        "programme": programme.name,
        "area": programme.area_name,
        "count": len(decree.lines),
        "rule_set": rule_set.number if rule_set else "–",
        "hash": draw.frozen_hash if draw else "–",
        "value": draw.public_value if draw else "–",
        "draw": draw.code if draw else "–",
        "drawn_on": language.date(draw.drawn_on) if draw else "–",
    }
    return {
        "title": f"{gettext('Decree')} {decree.number}",
        "office": gettext("Expansion of employment by area, {area}").format(**gaps),
        "number": decree.number,
        "subject": gettext("Participants of {programme}").format(**gaps),
        "draft": decree.status == "draft",
        "considering": [
            gettext("that {count} participants of {programme} have to be fixed;").format(**gaps),
            gettext("that the applications were verified and the seats drawn from the frozen pool;").format(**gaps),
        ],
        "recalling": [
            gettext("Guideline {rule_set};").format(**gaps),
            gettext("Minutes of the draw {draw} of {drawn_on};").format(**gaps),
            gettext("Draw from the pool with SHA-256 {hash} and the public value {value}.").format(**gaps),
        ],
        "proof": proof(decree.certificate_hash),
        "decisions": _decisions(gaps),
        "place": programme.area_name,
        "date": language.date(decree.dated),
        "signer": decree.signer,
        "signer_title": decree.signer_title,
        "footer": f"{decree.number} · SHA-256 {decree.lines_hash}",
        "list_title": gettext("List of participants of {programme}").format(**gaps),
        "columns": [gettext(c) for c in (_("No."), _("Number"), _("Name"), _("Field"), _("Kelurahan"), _("Kecamatan"))],
        "rows": _decree_rows(decree),
        "words": _decree_words(),
    }


def _decisions(gaps: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "label": gettext("FIRST"),
            "text": gettext("The {count} people in the annex are fixed as participants of {programme}.").format(**gaps),
        },
        {
            "label": gettext("SECOND"),
            "text": gettext(
                "They get training, mentoring and assistance under the guideline named above, free of any charge."
            ),
        },
        {"label": gettext("THIRD"), "text": gettext("This decree is in force from the day on which it is fixed.")},
    ]


def _decree_words() -> dict[str, str]:
    return {
        "draft": gettext("DRAFT – NOT SIGNED"),
        "decree": gettext("DECREE"),
        "number": gettext("NUMBER"),
        "about": gettext("ON"),
        "considering": gettext("Considering"),
        "recalling": gettext("Recalling"),
        "decides": gettext("DECIDES"),
        "fixed_in": gettext("Fixed in"),
        "on_date": gettext("on"),
        "annex": gettext("ANNEX OF THE DECREE"),
    }


def _decree_rows(decree: Decree) -> list[list[str]]:
    keys = ("applicant", "name", "field_name", "village", "district")
    return [[str(n), *(str(line[key]) for key in keys)] for n, line in enumerate(decree.lines, start=1)]


@transaction.atomic
def take_minutes(*, programme: Programme, code: str, by: User | None) -> bytes:
    """The minutes of the draw as PDF, in Indonesian or, as a translation, in another language."""
    draw = _drawn(programme)
    log("reports.minutes_taken", draw, by=by, is_written=False)
    return minutes_pdf(draw, code)


def minutes_pdf(draw: Draw, code: str = OFFICIAL) -> bytes:
    """The minutes of the draw (berita acara)."""
    with override(code):
        return typeset("minutes", minutes.data(draw))


def _drawn(programme: Programme) -> Draw:
    draw = programme.draws.standing().filter(status=DrawStatus.DRAWN).first()
    if draw is None:
        raise Refused(reason_not_drawn())
    refuse_changed(draw=draw)
    return draw


@transaction.atomic
def take_verification_minutes(*, programme: Programme, scope: verification_minutes.Scope, by: User | None) -> bytes:
    """The minutes of a verification as PDF; they name people, so taking them is logged."""
    rows = list(verification_minutes.rows_of(programme, scope))
    if not rows:
        raise Refused(verification_minutes.reason_nothing(scope))
    log(
        "reports.verification_minutes_taken",
        programme,
        by=by,
        is_written=False,
        number=scope.number,
        people=len({row.applicant_id for row in rows}),
    )
    with override(OFFICIAL):
        return typeset("verification", verification_minutes.data(programme, scope, rows))


BY_PSEUDONYM = {
    SeatKind.DRAWN: _("Drawn"),
    SeatKind.RESERVE: _("Waiting list, in the order in which people are called"),
}
HELD_OR_WAITING = {SeatKind.DRAWN: _("Holds a seat"), SeatKind.RESERVE: _("Waiting list")}
BY_NUMBER = {
    SeatKind.DRAWN: _("Who holds a seat, in order of the numbers of applications"),
    SeatKind.RESERVE: _("Waiting list, in order of the numbers of applications"),
}


def announcement_pdf(programme: Programme) -> bytes:
    """Who was drawn and who waits, told apart as the programme sets; everybody may have it."""
    draw, how = _drawn(programme), Announcement(programme.announcement)
    with override(OFFICIAL):
        gaps = {"programme": programme.name, "drawn_on": language.date(draw.drawn_on)}
        opening = gettext(
            "Drawn on {drawn_on}. Whoever gave up a seat, or the place on the waiting list, is not named. "
            "Taking part in the programme costs nothing."
        )
        data = {
            "title": gettext("Announcement of the draw"),
            "programme": programme.name,
            "opening": opening.format(**gaps),
            "proof": proof(certificate_hash(draw=draw)),
            "is_pseudonym": how == Announcement.PSEUDONYM,
            "columns": [gettext("No."), *_announced_columns(how)],
            "lists": [
                {"title": gettext(title), "rows": [[str(n), *cells] for n, *cells in _announced(draw, kind)]}
                for kind, title in (BY_PSEUDONYM if how == Announcement.PSEUDONYM else BY_NUMBER).items()
            ],
            "nobody": gettext("Nobody."),
            "footer": f"{programme.name} · {draw.code} · {language.date(today(programme))}",
        }
        return typeset("announcement", data)


def announcement_csv(programme: Programme) -> bytes:
    """The same lists as a table."""
    draw, text = _drawn(programme), io.StringIO(newline="")
    how = Announcement(programme.announcement)
    with override(OFFICIAL):
        writer = csv.writer(text)
        writer.writerow([gettext("List"), gettext("No."), *_announced_columns(how)])
        for kind in SeatKind:
            label = kind.label if how == Announcement.PSEUDONYM else HELD_OR_WAITING[kind]
            writer.writerows([gettext(label), *map(_plain, row)] for row in _announced(draw, kind))
    return text.getvalue().encode()


def _plain(cell: str | int) -> str | int:
    """A name that a spreadsheet would take for a formula is marked as text."""
    return f"'{cell}" if str(cell).startswith(("=", "+", "-", "@")) else cell


def _announced_columns(how: Announcement) -> list[str]:
    if how == Announcement.PSEUDONYM:
        return [gettext("Pseudonym"), gettext("Status")]
    village = [gettext("Kelurahan")] if how == Announcement.NAMED else []
    return [gettext("Number"), gettext("Name"), *village]


def _announced(draw: Draw, kind: SeatKind) -> Iterator[list[Any]]:
    how = Announcement(draw.programme.announcement)
    for line in selection.announced(draw, kind):
        if how == Announcement.PSEUDONYM:
            yield [line.number, line.known_as, gettext(line.status)]
        else:
            yield [line.number, line.known_as, line.name, *([line.village] if how == Announcement.NAMED else [])]


def map_pdf(sheet: dict[str, Any]) -> bytes:
    """A map on a sheet of paper. It names nobody, so taking it is not logged."""
    return typeset("map", sheet)


def chain_pdf(sheet: dict[str, Any]) -> bytes:
    """A plan of the value chain on paper. It names no participant, so taking it is not logged."""
    return typeset("chain", sheet)


@transaction.atomic
def take_participants(*, programme: Programme, form: Literal["pdf", "xlsx"], by: User | None) -> bytes:
    """The participants' list; it holds personal data, so taking it is logged."""
    log("reports.participants_taken", programme, by=by, is_written=False, form=form)
    return participants_pdf(programme) if form == "pdf" else participants_xlsx(programme)


def participants(programme: Programme) -> list[dict[str, Any]]:
    """One row a participant, with group and mentor; identity numbers are masked."""
    groups = {
        member.applicant_id: member.group
        for member in GroupMember.objects.filter(programme=programme).select_related("group__mentor")
    }
    seats = Seat.objects.participants().filter(programme=programme).in_full().order_by("applicant__code")
    return [_participant(seat, groups.get(seat.applicant_id)) for seat in seats]


def _participant(seat: Seat, group: Group | None) -> dict[str, Any]:
    applicant, person = seat.applicant, seat.applicant.person
    return {
        "code": applicant.code,
        "name": person.name,
        "sex": str(person.get_sex_display()),
        "field": str(applicant.field),
        "place": person.place.name,
        "district": person.place.parent.name if person.place.parent else "",
        "need_band": str(applicant.need_band or ""),
        "group": group.name if group else "",
        "mentor": group.mentor.name if group and group.mentor else "",
    }


def participants_pdf(programme: Programme) -> bytes:
    """The list of participants with room for signatures."""
    with override(OFFICIAL):
        rows = participants(programme)
        keys = ("code", "name", "sex", "field", "place", "group")
        data = {
            "title": gettext("List of participants"),
            "subtitle": programme.name,
            "columns": [
                gettext(c)
                for c in (
                    _("No."),
                    _("Number"),
                    _("Name"),
                    _("Sex"),
                    _("Field"),
                    _("Kelurahan"),
                    _("Group"),
                    _("Signature"),
                )
            ],
            "rows": [[str(n), *(row[key] for key in keys), ""] for n, row in enumerate(rows, start=1)],
            "footer": f"{programme.name} · {language.date(today(programme))}",
        }
        return typeset("participants", data)


def participants_xlsx(programme: Programme) -> bytes:
    """The participants as a workbook."""
    with override(OFFICIAL):
        heads = {
            "code": gettext("Number"),
            "name": gettext("Name"),
            "sex": gettext("Sex"),
            "field": gettext("Field"),
            "place": gettext("Kelurahan"),
            "district": gettext("Kecamatan"),
            "need_band": gettext("Need band"),
            "group": gettext("Group"),
            "mentor": gettext("Mentor"),
        }
        return _workbook(gettext("Participants"), heads, participants(programme), programme)


def groups_xlsx(programme: Programme) -> bytes:
    """The groups with their mentors and members as a workbook."""
    with override(OFFICIAL):
        heads = {
            "group": gettext("Group"),
            "field": gettext("Field"),
            "mentor": gettext("Mentor"),
            "reason": gettext("Why this mentor"),
            "code": gettext("Number"),
            "name": gettext("Name"),
            "role": gettext("Role"),
            "distance_km": gettext("Distance (km)"),
        }
        members = GroupMember.objects.filter(programme=programme).select_related(
            "group__field", "group__mentor", "applicant__person"
        )
        rows = [_member(member) for member in members.order_by("group__code", "applicant__code")]
        return _workbook(gettext("Groups"), heads, rows, programme)


def _member(member: GroupMember) -> dict[str, Any]:
    group = member.group
    return {
        "group": group.name,
        "field": str(group.field),
        "mentor": group.mentor.name if group.mentor else "",
        "reason": language.in_words(group.reason) if group.reason else "",
        "code": member.applicant.code,
        "name": member.applicant.person.name,
        "role": str(member.get_role_display()),
        "distance_km": round(member.distance_km, 2),
    }


def _workbook(title: str, heads: dict[str, str], rows: list[dict[str, Any]], programme: Programme) -> bytes:
    """One sheet with a frozen head and filters; dated by the programme, so that the same rows give the same bytes."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"{title} – {programme.name}", "created": _midnight(programme)})
    sheet, head = book.add_worksheet(title[:31]), book.add_format({"bold": True, "bg_color": "#E8EEF5"})
    for column, (key, label) in enumerate(heads.items()):
        sheet.write(0, column, label, head)
        sheet.set_column(column, column, min(max([len(label), *(len(str(row[key])) for row in rows)]) + 2, 60))
        for number, row in enumerate(rows, start=1):
            sheet.write(number, column, row[key])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
    book.close()
    return file.getvalue()


def _midnight(programme: Programme) -> datetime.datetime:
    return datetime.datetime.combine(today(programme), datetime.time(), tzinfo=datetime.UTC).replace(tzinfo=None)
