"""What somebody who takes part sees of the own application, or of the own organisation; of nobody else's."""

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from kawasan.applicants.models import Applicant
from kawasan.applicants.rules import Status as Eligibility
from kawasan.assistance import queries as assistance
from kawasan.assistance.models import Assistance
from kawasan.core.models import User
from kawasan.core.text import Text
from kawasan.enterprises.models import Enterprise
from kawasan.market import queries as market
from kawasan.market.models import Contract, Delivery
from kawasan.market.rules import Balance, PaymentStatus
from kawasan.matching.models import GroupMember
from kawasan.mentoring.models import Visit
from kawasan.outcomes.models import Round
from kawasan.partners.models import Commitment, Meeting, Organisation
from kawasan.partners.rules import Status
from kawasan.programmes.models import Programme
from kawasan.reports import rules
from kawasan.selection.models import Draw, DrawException, Seat
from kawasan.selection.queries import chances
from kawasan.selection.rules import CHANGED, ExceptionKind, pseudonym
from kawasan.selection.services import is_as_published
from kawasan.training.models import Session
from kawasan.value_chain.models import Demand

MOST_SESSIONS = 5  # the next ones; the timetable has them all
MOST_ROWS = 12  # of contracts, deliveries and commitments, the latest first


@dataclass(frozen=True, slots=True)
class Mine:
    """What the programme keeps of one participant or applicant."""

    applicant: Applicant
    seat: Seat | None
    draw: Draw | None
    missed: Draw | None
    pseudonym: str
    chance: float | None
    reason_changed: Text | None
    exception: DrawException | None
    member: GroupMember | None
    fellows: list[GroupMember]
    sessions: list[Session]
    enterprises: list[Enterprise]
    due: list[Text]
    assistances: list[Assistance]


def of_person(programme: Programme, user: User, day: datetime.date) -> Mine | None:
    """The page of the person to whom an account is linked; of two applications, the one that counts."""
    applications = programme.applicants.filter(person__user=user).in_full().select_related("seat")
    applicant = applications.order_by(F("seat").asc(nulls_last=True), "applied_on", "code").first()
    if applicant is None:
        return None
    mine = of_applicant(programme, applicant, day)
    given = assistance.of_page(Assistance.objects.of_applicant(applicant))
    return replace(
        mine, due=[*mine.due, *_due_of_assistance(given, day), *_due_of_market(mine.enterprises)], assistances=given
    )


def of_applicant(programme: Programme, applicant: Applicant, day: datetime.date) -> Mine:
    """What the programme keeps of one application."""
    seat = getattr(applicant, "seat", None)
    standing = programme.draws.standing().first()
    draw = standing if applicant.frozen_on else None
    name = pseudonym(draw.salt, applicant.code) if draw else ""
    is_changed = draw is not None and not is_as_published(draw=draw)
    exception = DrawException.objects.confirmed().filter(applicant=applicant).first()
    is_eligible = applicant.status == Eligibility.ELIGIBLE
    is_barred = exception is not None and exception.kind == ExceptionKind.BARRED
    members = GroupMember.objects.select_related("group__mentor", "group__place", "applicant__person")
    fellows = list(members.filter(group__members__applicant=applicant).order_by("applicant__person__name"))
    member = next((one for one in fellows if one.applicant_id == applicant.pk), None)
    return Mine(
        applicant=applicant,
        seat=seat,
        draw=draw,
        missed=standing if is_eligible and not applicant.frozen_on and not is_barred else None,
        pseudonym=name,
        chance=float(chances(draw)[name]) if draw and not is_changed else None,
        reason_changed=Text(CHANGED) if is_changed else None,
        exception=exception,
        member=member,
        fellows=[one for one in fellows if one != member],
        sessions=_sessions(member, day),
        enterprises=list(market.with_waiting(Enterprise.objects.filter(owner=applicant))),
        due=_due(applicant, seat, member, day),
        assistances=[],
    )


def _sessions(member: GroupMember | None, day: datetime.date) -> list[Session]:
    if member is None:
        return []
    start = timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
    coming = Session.objects.standing().in_full().filter(group=member.group_id, ends_at__gte=start)
    return list(coming.order_by("starts_at")[:MOST_SESSIONS])


def _due(applicant: Applicant, seat: Seat | None, member: GroupMember | None, day: datetime.date) -> list[Text]:
    rounds = Round.objects.filter(programme=applicant.programme_id, status="open").order_by("due_on")
    own = Visit.objects.standing().of_participant(applicant)
    visits = own.filter(group=member.group_id, next_visit_on__gte=day) if member else own.none()
    is_participant = seat is not None and seat.status == "accepted"
    return rules.due_of_participant(
        is_offered=seat is not None and seat.status == "offered",
        next_visit_on=visits.order_by("next_visit_on").values_list("next_visit_on", flat=True).first(),
        rounds=[(str(one), one.due_on) for one in rounds.exclude(measurements__applicant=applicant)]
        if is_participant
        else [],
        today=day,
    )


def _due_of_assistance(given: list[Assistance], day: datetime.date) -> list[Text]:
    """What is to be confirmed in hand, and which report is due soon or overdue."""
    waiting = [rules.confirm_in_hand(row.code) for row in given if assistance.is_awaiting_hands(row)]
    return [*waiting, *filter(None, (assistance.reminder_of(row, day) for row in given))]


def _due_of_market(enterprises: list[Any]) -> list[Text]:
    """How many parts of orders are to be answered, and payments to be confirmed."""
    asked, money = sum(one.parts_asked for one in enterprises), sum(one.payments_stated for one in enterprises)
    return [*([rules.answer_parts(asked)] if asked else []), *([rules.confirm_money(money)] if money else [])]


@dataclass(frozen=True, slots=True)
class Ours:
    """What the programme agreed with one organisation."""

    organisation: Organisation
    demands: list[tuple[Demand, Balance]]
    contracts: list[Contract]
    deliveries: list[tuple[Delivery, PaymentStatus]]
    commitments: list[tuple[Commitment, Status]]
    meetings: list[Meeting]


def of_organisation(programme: Programme, user: User, day: datetime.date) -> Ours | None:
    """The page of the organisation for which an account acts."""
    acting = programme.representatives.filter(user=user).select_related("organisation").first()
    if acting is None:
        return None
    ours: Any = acting.organisation
    deliveries = programme.deliveries.to_offtaker(ours).standing().in_full()
    meetings = Meeting.objects.filter(
        Q(attendances__organisation=ours) | Q(held_on__gte=day), programme=programme
    ).distinct()
    return Ours(
        organisation=ours,
        demands=[(one, market.balance_of(one)) for one in market.balances(programme, day).filter(offtaker=ours)],
        contracts=list(market.contracts_of(programme, day).filter(demand__offtaker=ours)[:MOST_ROWS]),
        deliveries=[(one, one.payment_on(day)) for one in deliveries[:MOST_ROWS]],
        commitments=[(one, one.status_on(day)) for one in ours.commitments.order_by("-due_on", "pk")[:MOST_ROWS]],
        meetings=list(meetings[:MOST_ROWS]),
    )
