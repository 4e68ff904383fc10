"""Rounds are planned, measurements entered, and rounds frozen when their figures are reported."""

import datetime
from typing import Any

from django.db import transaction

from kawasan.applicants.models import Applicant
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.outcomes import rules
from kawasan.outcomes.models import Measurement, Round
from kawasan.outcomes.queries import comparison_people, participants
from kawasan.outcomes.rules import RoundStatus
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme


@transaction.atomic
def plan_rounds(*, programme: Programme, starts_on: datetime.date, by: User | None) -> list[Round]:
    """Set the baseline and the six rounds after it by the day on which the programme's work starts."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    if programme.rounds.exists():
        raise Refused(Text(_("The rounds are already planned.")))
    made = [
        Round.objects.create(
            programme=programme,
            code=standard.code,
            name=standard.name,
            name_en=standard.name_en,
            months_after=standard.months_after,
            due_on=rules.months_later(starts_on, standard.months_after),
        )
        for standard in rules.STANDARD_ROUNDS
    ]
    log("outcomes.rounds_planned", programme, by=by, rows=made, starts_on=starts_on)
    return made


@transaction.atomic
def record_measurement(*, round: Round, applicant: Applicant, by: User | None, **answers: Any) -> Measurement:
    """Enter what was measured of somebody, or correct it while the round is open.

    Besides participants, people of the pool without a seat are measured, to compare with.
    """
    programme = round.programme
    is_participant = participants(programme).filter(pk=applicant.pk).exists()
    locked = Round.objects.select_for_update().get(pk=round.pk)  # so that nothing slips in while it is frozen
    reasons = rules.reasons_not_measurable(
        is_frozen=locked.status == RoundStatus.FROZEN,
        is_participant=is_participant or comparison_people(round).filter(pk=applicant.pk).exists(),
        measured_on=answers["measured_on"],
        today=today(programme),
    )
    if reasons:
        raise Refused(*reasons)
    found = Measurement.objects.filter(round=locked, applicant=applicant).first()
    new = Measurement(programme=programme, round=locked, applicant=applicant, is_comparison=not is_participant)
    measurement = found or new
    for name, value in answers.items():
        setattr(measurement, name, value)
    measurement.full_clean()
    measurement.save(update_fields=list(answers) if found else None)
    log("outcomes.measured", measurement, by=by, round=locked.code, applicant=applicant.code, is_correction=bool(found))
    return measurement


@transaction.atomic
def freeze_round(*, round: Round, by: User | None) -> Round:
    """Close a round: from now on its figures stay as they are."""
    measured = round.measurements.count()
    reasons = rules.reasons_not_freezable(is_frozen=round.status == RoundStatus.FROZEN, measured=measured)
    if reasons:
        raise Refused(*reasons)
    frozen = Round.objects.filter(pk=round.pk, status=RoundStatus.OPEN).update(status=RoundStatus.FROZEN)
    if frozen != 1:
        raise Refused(*rules.reasons_not_freezable(is_frozen=True, measured=measured))
    round.refresh_from_db()
    log("outcomes.round_frozen", round, by=by, measured=measured)
    return round
