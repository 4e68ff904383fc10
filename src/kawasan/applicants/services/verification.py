"""Verifications are assigned, carried out and given back; nobody verifies what they are tied to."""

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.utils import timezone

from kawasan.applicants import sealed_files
from kawasan.applicants.models import Applicant, Appraisal, CheckedItem, Closeness, OwnCard, SitePhoto, Verification
from kawasan.applicants.queries.ties import tied, ties_of
from kawasan.applicants.queries.verification import checklist_of, due_of, in_order_of_the_way, waiting_for
from kawasan.applicants.rules import Status
from kawasan.applicants.rules import verification as rules
from kawasan.applicants.rules.verification import CheckState, Report
from kawasan.areas.models import Place
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.photos import Photo
from kawasan.core.services import RowMark, log, row_mark
from kawasan.core.text import Text, _
from kawasan.engine.assignment import distance_km
from kawasan.programmes.models import Programme

KM_DIGITS = 2  # ten metres, as fine as a phone knows where it is
Where = tuple[float, float]


@transaction.atomic
def assign(*, applicant: Applicant, stage: str, verifier: User, by: User | None, on: datetime.date) -> Verification:
    """Give a stage of an application to somebody who is not tied to it."""
    Applicant.objects.select_for_update().get(pk=applicant.pk)  # so that two who assign give it to one
    reasons = reasons_not_assigned(applicant=applicant, stage=stage)
    if reasons := reasons or rules.reasons_tied(ties_of(applicant, verifier, stage)):
        raise Refused(*reasons)
    made = Verification.objects.create(
        programme=applicant.programme,
        applicant=applicant,
        stage=stage,
        verifier=verifier,
        assigned_by=by,
        assigned_on=on,
    )
    log("applicants.verification_assigned", made, by=by, on=on, stage=stage, verifier=str(verifier))
    return made


def reasons_not_assigned(*, applicant: Applicant, stage: str) -> list[Text]:
    """Why a stage of an application cannot be given to anybody now."""
    return rules.reasons_not_assigned(
        stage=stage,
        due=due_of(applicant),
        is_open=applicant.verifications.to_do().exists(),
        status=applicant.status,
    )


@transaction.atomic
def share_out(
    *,
    programme: Programme,
    stage: str,
    places: Sequence[Place],
    verifiers: Sequence[User],
    by: User | None,
    on: datetime.date,
) -> dict[str, int]:
    """Give all that waits for a stage to verifiers, so that each has as many to do and nobody what they are tied to."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    waiting = in_order_of_the_way(list(waiting_for(programme, stage, places)))
    barred = {one.pk: _tied_to(programme, one, stage) for one in verifiers}
    cases = [(row.pk, frozenset(one for one, theirs in barred.items() if row.pk in theirs)) for row in waiting]
    loads = {one.pk: programme.verifications.to_do().filter(verifier=one).count() for one in verifiers}
    shares = rules.shared_out(cases, loads)
    made = Verification.objects.bulk_create(
        Verification(
            programme=programme, applicant_id=pk, stage=stage, verifier_id=verifier, assigned_by=by, assigned_on=on
        )
        for pk, verifier in shares.given.items()
    )
    counts = {"assigned": len(made), "left": len(shares.left)}
    if made:
        data: dict[str, Any] = {"on": on, "stage": stage, **counts}
        log("applicants.verifications_shared_out", programme, by=by, rows=made, **data)
    return counts


def _tied_to(programme: Programme, verifier: User, stage: str) -> set[int]:
    """The applications that somebody does not verify."""
    is_tied = reduce(or_, tied(programme, verifier, stage).values())
    return set(programme.applicants.filter(is_tied).values_list("pk", flat=True))


@transaction.atomic
def record(
    *,
    verification: Verification,
    report: Report,
    where: Where | None,
    seen_at: str,
    photo: Photo | None,
    by: User | None,
    on: datetime.date,
) -> Verification:
    """Write down what came of a verification, once."""
    applicant = verification.applicant
    if reasons := reasons_not_recorded(verification=verification, by=by):
        raise Refused(*reasons)
    if wrong := rules.faults(report, verification.stage, checklist_of(verification)):
        raise Refused(*wrong.values())
    written = {
        "state": CheckState.RECORDED,
        "verified_on": on,
        "result": report.result,
        "reason": report.reason.strip(),
        "differences": report.differences.strip(),
        "seen_at": seen_at.strip(),
        **_distances(applicant, where),
    }
    if Verification.objects.filter(pk=verification.pk, state=CheckState.ASSIGNED).update(**written) != 1:
        raise Refused(*rules.reasons_not_recorded(CheckState.RECORDED, is_assigned_to_me=True))
    verification.refresh_from_db()
    rows = [*_items(verification, report.answers), *([_photo(verification, photo)] if photo else [])]
    log("applicants.verified", verification, by=by, rows=rows, on=on, stage=verification.stage, result=report.result)
    return verification


def reasons_not_recorded(*, verification: Verification, by: User | None) -> list[Text]:
    """Why somebody cannot write down what came of a verification."""
    is_mine = by is not None and verification.verifier_id == by.pk
    if reasons := rules.reasons_not_recorded(verification.state, is_assigned_to_me=is_mine):
        return reasons
    if verification.applicant.status == Status.WITHDRAWN:
        return [Text(_("This application was withdrawn, so nobody verifies it."))]
    return rules.reasons_tied(ties_of(verification.applicant, verification.verifier, verification.stage))


def _items(verification: Verification, answers: Mapping[str, tuple[str, str]]) -> list[CheckedItem]:
    asked = {item.code for item in checklist_of(verification)}
    return CheckedItem.objects.bulk_create(
        CheckedItem(
            programme=verification.programme,
            verification=verification,
            item=code,
            answer=answer,
            note=note.strip(),
        )
        for code, (answer, note) in answers.items()
        if code in asked
    )


def _distances(applicant: Applicant, where: Where | None) -> dict[str, float | None]:
    """Where somebody was, and how far that is from what the application says."""
    if where is None:
        return dict.fromkeys(("latitude", "longitude", "km_to_centre", "km_to_business"))
    place = applicant.person.place
    business = (applicant.latitude, applicant.longitude)
    return {
        "latitude": where[0],
        "longitude": where[1],
        "km_to_centre": _km(where, (place.latitude, place.longitude)),
        "km_to_business": _km(where, business),  # type: ignore[arg-type]  # it is looked whether both are known
    }


def _km(one: Where, other: Where) -> float | None:
    if None in other:
        return None
    return round(float(distance_km([one[0]], [one[1]], [other[0]], [other[1]])[0, 0]), KM_DIGITS)


@transaction.atomic
def add_photo(*, verification: Verification, photo: Photo, by: User | None) -> SitePhoto:
    """Keep one more photo of a verification; its verifier alone adds it."""
    if by is None or verification.verifier_id != by.pk:
        raise Refused(Text(_("Only the verifier adds photos to a verification.")))
    if verification.state == CheckState.TAKEN_OFF:
        raise Refused(Text(_("This verification was given back, so it takes no photos.")))
    made = _photo(verification, photo)
    log("applicants.site_photo_added", verification, by=by, rows=[made])
    return made


def _photo(verification: Verification, photo: Photo) -> SitePhoto:
    """The file is written before the row that names it."""
    name = sealed_files.new_name()
    sealed_files.keep(name, photo.content)
    return SitePhoto.objects.create(
        programme=verification.programme,
        verification=verification,
        file=name,
        digest=hashlib.sha256(photo.content).hexdigest(),
        taken_at=timezone.now(),
    )


def read_photo(*, photo: SitePhoto, by: User | None) -> bytes:
    """The picture; the log keeps who looked at it."""
    log("applicants.site_photo_read", photo.verification, by=by, is_written=False)
    return sealed_files.content_of(photo.file)


def read_route(*, programme: Programme, verifier: User, people: int, by: User | None) -> None:
    """Keep that somebody opened a list of addresses and phones."""
    log("applicants.route_read", programme, by=by, is_written=False, verifier=str(verifier), people=people)


@transaction.atomic
def take_off(*, verification: Verification, reason: str, by: User | None, on: datetime.date) -> Verification:
    """Take a verification from who has it, so that it can be given to somebody else."""
    if reasons := rules.reasons_not_taken_off(verification.state, reason):
        raise Refused(*reasons)
    _close(verification, reason)
    log("applicants.verification_given_back", verification, by=by, on=on, reason=reason.strip())
    return verification


@transaction.atomic
def declare_closeness(*, applicant: Applicant, relation: str, by: User, on: datetime.date) -> Closeness:
    """Keep that somebody is close to an applicant; a verification that they have goes back, for somebody else."""
    if reasons := rules.reasons_no_conflict(relation):
        raise Refused(*reasons)
    made, is_new = Closeness.objects.get_or_create(
        applicant=applicant,
        user=by,
        defaults={"programme": applicant.programme, "relation": relation.strip(), "declared_on": on},
    )
    if not is_new:
        raise Refused(Text(_("You said so already.")))
    theirs = list(applicant.verifications.to_do().filter(verifier=by))
    for verification in theirs:
        _close(verification, relation)
    unmarked = applicant.appraisals.filter(appraiser=by, given_on=None)
    gone: list[RowMark] = [(Appraisal._meta.label, str(pk), "") for pk in unmarked.values_list("pk", flat=True)]
    unmarked.delete()  # the next time that ideas are handed out, this one comes to somebody else
    marks = [row_mark(row) for row in (made, *theirs)] + gone
    log("applicants.closeness_declared", made, by=by, marks=marks, on=on, relation=relation.strip())
    return made


@transaction.atomic
def state_card(*, programme: Programme, family_card: str, by: User, on: datetime.date) -> OwnCard:
    """Keep the family card of somebody who verifies; its number stands in the log as its mark only."""
    values = {"family_card": family_card, "stated_on": on}
    made, _is_new = OwnCard.objects.update_or_create(programme=programme, user=by, defaults=values)
    log("applicants.own_card_stated", made, by=by, on=on)
    return made


def _close(verification: Verification, because: str) -> None:
    written = {"state": CheckState.TAKEN_OFF, "taken_off_because": because.strip()[:300]}
    if Verification.objects.filter(pk=verification.pk, state=CheckState.ASSIGNED).update(**written) != 1:
        raise Refused(*rules.reasons_not_taken_off(CheckState.RECORDED, because))
    verification.refresh_from_db()
