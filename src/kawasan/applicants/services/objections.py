"""Applicants object to their assessment; the office answers once, with reasons."""

import datetime

from django.db import transaction

from kawasan.applicants import rules
from kawasan.applicants.models import Applicant, Objection
from kawasan.applicants.rules import Outcome
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _


@transaction.atomic
def file_objection(*, applicant: Applicant, text: str, by: User | None, on: datetime.date) -> Objection:
    """Keep what somebody says against the own assessment."""
    Applicant.objects.select_for_update().get(pk=applicant.pk)  # so that a double click files one
    if reasons := applicant.reasons_no_objection(on):
        raise Refused(*reasons)
    made = Objection.objects.create(programme=applicant.programme, applicant=applicant, text=text.strip(), filed_on=on)
    log("applicants.objection_filed", made, by=by, on=on)
    return made


@transaction.atomic
def answer_objection(
    *, objection: Objection, outcome: str, answer: str, by: User | None, on: datetime.date
) -> Objection:
    """Answer an objection, once; what follows for the application is corrected there."""
    if reasons := rules.reasons_not_answered(outcome, answer):
        raise Refused(*reasons)
    written = {"outcome": outcome, "answer": answer.strip(), "answered_on": on, "answered_by": by}
    if Objection.objects.filter(pk=objection.pk, outcome=Outcome.OPEN).update(**written) != 1:
        raise Refused(Text(_("Somebody has answered this objection in the meantime.")))
    objection.refresh_from_db()
    log("applicants.objection_answered", objection, by=by, on=on, outcome=outcome)
    return objection
