"""The logbook as it is printed and handed in: every entry with all that the official outline asks."""

import json
from pathlib import Path
from typing import Any

import typst
from django.db.models import QuerySet
from django.utils.translation import gettext, override

from kawasan.core import language
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.mentoring import queries
from kawasan.mentoring.models import Visit
from kawasan.mentoring.rules import PhotoKind
from kawasan.programmes.models import Programme

TYPST = Path(__file__).parents[1] / "typst" / "logbook.typ"
MOST_PRINTED = 500  # entries; a mentor makes fewer in a year
OFFICIAL = "id"


def take_logbook(*, programme: Programme, visits: QuerySet[Visit], by: User | None) -> bytes:
    """These entries as PDF, the oldest first; they name people, so taking them is logged."""
    number = visits.count()
    if not 0 < number <= MOST_PRINTED:
        template = _(
            "From 1 to {most} entries are printed at once, and these are {number}. Choose a mentor or a group."
        )
        raise Refused(Text(template, {"most": MOST_PRINTED, "number": number}))
    log("mentoring.logbook_taken", programme, by=by, is_written=False, entries=number)
    rows = queries.with_all_of_the_outline(list(visits))
    with override(OFFICIAL):
        data = _data(programme, sorted(rows, key=lambda one: (one.visited_on, one.starts_at, one.pk)))
    return typst.compile(TYPST, sys_inputs={"data": json.dumps(data, ensure_ascii=False)})


def _data(programme: Programme, visits: list[Visit]) -> dict[str, Any]:
    mentors = sorted({str(visit.mentor) for visit in visits})
    days = [language.date(visit.visited_on) for visit in (visits[0], visits[-1])]
    return {
        "title": gettext("Logbook of the mentoring"),
        "programme": programme.name,
        "mentors": ", ".join(mentors),
        "days": days[0] if days[0] == days[1] else gettext("{first} to {last}").format(first=days[0], last=days[1]),
        "entries": [_entry(visit) for visit in visits],
        "signatures": [gettext("Mentor"), gettext("Supervisor")],
        "name": mentors[0] if len(mentors) == 1 else "",
    }


def _entry(visit: Visit) -> dict[str, Any]:
    head = f"{visit.code} · {language.date(visit.visited_on)}, {visit.starts_at:%H:%M}–{visit.ends_at:%H:%M}"
    return {
        "head": f"{head} · {visit.lessons} JPL",
        "state": visit.get_state_display(),
        "rows": [[label, text.replace("\r\n", "\n")] for label, text in _rows(visit) if text],
    }


def _rows(visit: Visit) -> list[tuple[str, str]]:
    """What an entry says, each part under its name."""
    people = who_was_there(visit)
    kind = gettext("single") if len(people) == 1 else gettext("group")
    how = f"{visit.get_method_display()} · {kind} · {visit.get_reach_display()}"
    return [
        (gettext("Mentor"), str(visit.mentor)),
        (gettext("Group"), str(visit.group)),
        (gettext("How"), how),
        (gettext("Where"), visit.venue),
        (gettext("Who was there"), ", ".join(people) or gettext("the whole group")),
        (gettext("Material"), visit.material),
        (gettext("What was done"), visit.summary),
        (gettext("Obstacle"), visit.obstacle),
        (gettext("Solution"), visit.solution),
        (gettext("Next step"), visit.next_step),
        (gettext("Expense"), _expense(visit)),
        (gettext("Photos"), str(photos_of(visit, PhotoKind.ACTIVITY))),
        (gettext("Note of the reviewer"), _note(visit)),
        (gettext("Answer of the mentor"), visit.answer),
    ]


def who_was_there(visit: Visit) -> list[str]:
    """Names of those who were there; nobody where it was the whole group. Load ``participants`` with their persons."""
    people = [visit.applicant] if visit.applicant else list(visit.participants.all())
    return sorted(one.person.name for one in people)


def photos_of(visit: Visit, kind: PhotoKind) -> int:
    """How many photos of a kind an entry has."""
    return sum(photo.kind == kind for photo in visit.photos.all())


def _expense(visit: Visit) -> str:
    """What was spent, and its proof or why there is none."""
    proofs = photos_of(visit, PhotoKind.PROOF)
    proof = gettext("proof: {n} photos").format(n=proofs) if proofs else visit.no_expense_reason
    return f"{language.rupiah(visit.expense_idr)} ({proof})" if proof else language.rupiah(visit.expense_idr)


def _note(visit: Visit) -> str:
    day = language.date(visit.reviewed_on) if visit.reviewed_on else ""
    return " · ".join(filter(None, [str(visit.reviewed_by or ""), day, visit.reviewer_note]))
