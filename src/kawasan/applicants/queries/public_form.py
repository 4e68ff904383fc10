"""When the public form is open, and what somebody left unfinished in it."""

import datetime

from django.db.models import Exists, Q
from django.utils import timezone

from kawasan.applicants import codes, rules
from kawasan.applicants.models import (
    Draft,
    PublicForm,
)
from kawasan.core.text import Text
from kawasan.programmes.models import Milestone, Programme
from kawasan.programmes.rules import Stage


def draft_of(programme: Programme, code: str) -> Draft | None:
    """The unfinished application, or the one that was sent, of somebody who has its code."""
    found = programme.drafts.filter(digest=codes.digest_of(code), expires_at__gt=timezone.now())
    weighed = programme.rule_sets.filter(Q(weight_desil__gt=0) | Q(weight_disaster__gt=0))
    return found.select_related("applicant").annotate(asks_hardship=Exists(weighed)).first()


def public_form_of(programme: Programme) -> PublicForm:
    """How the public form is set; nothing set is a form that follows the calendar."""
    found = PublicForm.objects.filter(programme=programme).select_related("milestone").first()
    return found or PublicForm(programme=programme)


def registration(form: PublicForm) -> Milestone | None:
    """The step of the calendar in which applications are open: as set, or the first of the stage."""
    return form.milestone or form.programme.milestones.filter(stage=Stage.APPLICANTS).first()


def reasons_closed(programme: Programme, day: datetime.date) -> list[Text]:
    """Why nobody can apply by the public form on a day."""
    form = public_form_of(programme)
    step = registration(form)
    return rules.reasons_closed(
        day=day,
        opens=step.starts_on if step else None,
        closes=step.ends_on if step else None,
        is_open=form.is_open,
        is_frozen=programme.applicants.exclude(frozen_on=None).exists(),
    )


def steps_after(programme: Programme, day: datetime.date) -> list[Milestone]:
    """What comes next for an applicant, until there are participants."""
    return list(programme.milestones.filter(stage__in=(Stage.APPLICANTS, Stage.SELECTION), ends_on__gte=day))
