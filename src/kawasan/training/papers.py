"""Papers of the training as PDF: cards, attendance sheets, certificates. Official ones are in Indonesian."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from kawasan.applicants.models import Applicant
from kawasan.core import language
from kawasan.matching.models import Group
from kawasan.training import rules
from kawasan.training.models import Card, Certificate, Room, Session, Sheet

TYPST = Path(__file__).parent / "typst"
OFFICIAL = "id"


def pdf(template: str, data: dict[str, Any]) -> bytes:
    return typst.compile(TYPST / f"{template}.typ", sys_inputs={"data": json.dumps(data, ensure_ascii=False)})


def code(text: str, *, error: str = "m") -> str:
    """A code that a telephone reads, as SVG without a size: as large as what it stands in."""
    return segno.make(text, error=error, micro=False).svg_inline(border=0, omitsize=True)


def in_fours(token: str) -> str:
    """ABCD-EFGH-JKLM-NPQR, as it is read to somebody."""
    return "-".join(token[start : start + 4] for start in range(0, len(token), 4))


def card_code(card: Card) -> dict[str, str]:
    """What a card shows: the code to scan, as SVG, and the token to type."""
    svg = code(rules.card_text(card.programme.code, card.token))
    return {"svg": svg, "token": in_fours(card.token)}


def cards(group: Group, people: Iterable[tuple[Applicant, Card]]) -> bytes:
    """The cards of a group, to cut out."""
    with override(OFFICIAL):
        return pdf(
            "cards",
            {
                "title": gettext("Cards of {group}").format(group=group),
                "programme": group.programme.name,
                "group": str(group),
                "cards": [
                    {
                        "name": person.person.name,
                        "number": person.code,
                        **card_code(card),
                    }
                    for person, card in people
                ],
                "words": {
                    "card": gettext("Participant's card"),
                    "found": gettext("Found? Please return it to the programme's office."),
                },
            },
        )


def attendance_sheet(
    sheet: Sheet, session: Session, people: Sequence[Applicant], pages: Sequence[dict[str, Any]]
) -> bytes:
    """The attendance list to sign. Everything that is read back stands where the engine's layout says, in mm."""
    with override(OFFICIAL):
        return pdf("sheet", sheet_data(sheet, session, people, pages))


def sheet_data(
    sheet: Sheet, session: Session, people: Sequence[Applicant], pages: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """What stands on an attendance list, and where."""
    return {
        "title": gettext("Attendance list"),
        "programme": session.programme.name,
        "facts": _facts(session),
        "pages": [_page(page, people) for page in pages],
        "number": sheet.number,
        "trainer": str(session.trainer),
        "words": {
            "boxes": [gettext(word) for word in rules.SHEET_WORDS],
            "name": gettext("Name and number"),
            "signature": gettext("Signature"),
            "how": gettext("Cross one box in each row, and sign. Photograph the whole sheet, flat and in light."),
            "trainer": gettext("Trainer"),
            "sheet": gettext("Sheet"),
        },
    }


def _facts(session: Session) -> list[list[str]]:
    starts_at, ends_at = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return [
        [gettext("Session"), f"{session.code} – {session.module}"],
        [gettext("Name of the group"), str(session.group)],
        [gettext("Day"), f"{language.date(starts_at.date())}, {starts_at:%H.%M}–{ends_at:%H.%M}"],
        [gettext("Room"), f"{session.room}, {session.room.place}"],
        [gettext("Trainer"), str(session.trainer)],
    ]


def _page(page: dict[str, Any], people: Sequence[Applicant]) -> dict[str, Any]:
    """The page's layout with names and drawn codes in it."""
    rows = [row | {"name": people[row["row"]].person.name, "code": people[row["row"]].code} for row in page["rows"]]
    return page | {"rows": rows, "codes": [one | {"svg": code(one["text"])} for one in page["codes"]]}


def check_address(certificate: Certificate, host: str) -> str:
    """Where anybody checks a certificate: at the public address; without one at that at which the reader is."""
    path = reverse("training:check_certificate", args=[certificate.programme.code, certificate.token])
    return f"{settings.PUBLIC_ADDRESS or host.rstrip('/')}{path}"


def certificate(found: Certificate, host: str) -> bytes:
    """A certificate with its number, and the address and code by which anybody checks it."""
    programme, address = found.programme, check_address(found, host)
    with override(OFFICIAL):
        gaps = {"programme": programme.name, "hours": language.number(found.hours)}
        return pdf(
            "certificate",
            {
                "title": gettext("Certificate"),
                "office": gettext("Expansion of employment by area, {area}").format(area=programme.area_name),
                "number": found.code,
                "name": found.name,
                "text": gettext("completed the training of {programme} with {hours} JPL.").format(**gaps),
                "modules": [[module["name"], language.number(module["hours"])] for module in found.modules],
                "place": programme.area_name,
                "date": language.date(found.issued_on),
                "svg": code(address),
                "address": address,
                "words": {
                    "number": gettext("Number"),
                    "given": gettext("This is to certify that"),
                    "module": gettext("Module"),
                    "hours": gettext("Hours (JPL)"),
                    "check": gettext("Check whether this certificate holds:"),
                    "signer": gettext("Programme manager"),
                },
            },
        )


def door_list(room: Room, days: Iterable[tuple[str, Sequence[Session]]], period: str) -> bytes:
    """What is held in a room, to hang at its door. It names no participant."""
    with override(OFFICIAL):
        return pdf(
            "door",
            {
                "title": str(room),
                "place": str(room.place),
                "period": period,
                "programme": room.programme.name,
                "days": [{"day": day, "rows": [_door_row(one) for one in sessions]} for day, sessions in days],
                "nothing": gettext("Nothing is held in this room."),
            },
        )


def _door_row(session: Session) -> list[str]:
    starts_at, ends_at = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return [f"{starts_at:%H.%M}–{ends_at:%H.%M}", str(session.group), str(session.module), str(session.trainer)]
