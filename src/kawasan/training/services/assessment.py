"""What participants could do before and after a module, and what they think of it."""

import datetime
from collections.abc import Mapping

from django.db import transaction

from kawasan.applicants.models import Applicant
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.matching.models import Group
from kawasan.training import queries
from kawasan.training.models import Feedback, FeedbackGiven, Module, Score


@transaction.atomic
def record_scores(
    *, module: Module, group: Group, points: Mapping[tuple[int, str], int], by: User | None, on: datetime.date
) -> list[Score]:
    """Store the points of a group's members, by applicant's id and moment; what is left out stays as it was."""
    Group.objects.select_for_update().get(pk=group.pk)  # of two people who enter points, one waits here
    members = set(group.members.values_list("applicant", flat=True))
    before = {(row.applicant_id, row.moment): row for row in Score.objects.filter(module=module)}
    rows = []
    for (applicant, moment), number in points.items():
        row = before.get((applicant, moment))
        if applicant in members and (row is None or row.points != number):
            made = row or Score(programme_id=module.programme_id, module=module, applicant_id=applicant, moment=moment)
            made.points, made.assessed_on, made.source = number, on, f"entered by {by}"
            made.full_clean()
            rows.append(made)
    for row in rows:
        row.save()
    if rows:
        log("training.scored", module, by=by, rows=rows, group=group.code)
    return rows


@transaction.atomic
def give_feedback(*, module: Module, applicant: Applicant, by: User | None, **answers: int | str) -> FeedbackGiven:
    """Keep what a participant thinks of a module. The log knows that they said something, and not what."""
    Applicant.objects.select_for_update().get(pk=applicant.pk)
    if reasons := queries.reasons_not_answerable(module, applicant):
        raise Refused(*reasons)
    given = FeedbackGiven.objects.create(programme_id=module.programme_id, module=module, applicant=applicant)
    said = Feedback(programme_id=module.programme_id, module=module, **answers)
    said.full_clean()
    said.save()
    log("training.feedback_given", given, by=by)
    return given
