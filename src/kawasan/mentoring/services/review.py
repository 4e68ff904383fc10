"""Entries are reviewed, several at once; participants say whether a visit took place."""

import datetime
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Model

from kawasan.applicants.models import Applicant
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.mentoring import rules
from kawasan.mentoring.models import Confirmation, Visit
from kawasan.mentoring.rules import State, Verdict
from kawasan.mentoring.services.requests import reopen_requests
from kawasan.mentoring.services.visits import VERDICT_COLUMNS, is_frozen
from kawasan.programmes.models import Programme

VERBS = {
    Verdict.APPROVE: "mentoring.visit_approved",
    Verdict.RETURN: "mentoring.visit_returned",
    Verdict.REJECT: "mentoring.visit_rejected",
}


@transaction.atomic
def review(
    *,
    programme: Programme,
    read: Mapping[int, int],
    verdict: Verdict,
    note: str,
    by: User | None,
    on: datetime.date,
) -> list[Visit]:
    """Approve, return or reject entries, all or none; ``read`` says which version of each the reviewer saw."""
    found = programme.visits.select_for_update(of=("self",)).filter(pk__in=read)
    visits = list(found.select_related("mentor__user", "replaces__mentor").order_by("pk"))
    if not visits:
        raise Refused(Text(_("Choose the entries first.")))
    reasons = list(_reasons(visits, read, verdict, note, by))
    if reasons:
        raise Refused(*reasons)
    for visit in visits:
        _judge(visit, verdict, note, by, on)
    return visits


def _reasons(
    visits: Iterable[Visit], read: Mapping[int, int], verdict: Verdict, note: str, by: User | None
) -> Iterable[Text]:
    for visit in visits:
        own = {visit.entered_by_id, visit.mentor.user_id} - {None}
        found = rules.reasons_not_reviewable(
            state=visit.state,
            is_as_read=visit.version == read[visit.pk],
            is_own=by is not None and by.pk in own,
            verdict=verdict,
            note=note,
            is_frozen=is_frozen(visit.mentor, visit.visited_on),
        )
        for reason in found:
            yield Text(_("{code}: {reason}"), {"code": visit.code, "reason": reason})


def _judge(visit: Visit, verdict: Verdict, note: str, by: User | None, on: datetime.date) -> None:
    visit.state, visit.reviewer_note, visit.reviewed_on, visit.reviewed_by = State(verdict), note, on, by
    visit.save(update_fields=("state", *VERDICT_COLUMNS))
    rows: list[Model] = list(reopen_requests(visit.requests.all())) if verdict == Verdict.REJECT else []
    if verdict == Verdict.APPROVE and visit.replaces:
        visit.replaces.state = State.REPLACED
        visit.replaces.save(update_fields=["state"])
        rows = [visit.replaces]
    log(VERBS[verdict], visit, by=by, rows=rows, note=note, version=visit.version)


@transaction.atomic
def confirm_visit(
    *, visit: Visit, applicant: Applicant, took_place: bool, remark: str, by: User | None, on: datetime.date
) -> Confirmation:
    """Keep what a participant says of a visit; said again, the later counts, and the log has both."""
    if not Visit.objects.standing().of_participant(applicant).filter(pk=visit.pk).exists():
        raise Refused(Text(_("Only who was to be visited can say whether it took place.")))
    said, _made = Confirmation.objects.update_or_create(
        visit=visit,
        applicant=applicant,
        defaults={
            "programme": visit.programme,
            "took_place": took_place,
            "remark": remark.strip(),
            "said_on": on,
            "source": f"entered by {by}",
        },
    )
    verb = "mentoring.visit_confirmed" if took_place else "mentoring.visit_denied"
    log(verb, visit, by=by, rows=[said], is_written=False, applicant=applicant.code, remark=said.remark)
    return said
