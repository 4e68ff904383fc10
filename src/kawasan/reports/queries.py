"""Reads over many stages: the cockpit's counts and one person's case."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Avg, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from kawasan.applicants.models import Applicant, Objection, ProposedChange
from kawasan.applicants.queries.changes import labels
from kawasan.applicants.rules import Status
from kawasan.applicants.rules.changes import ChangeState
from kawasan.applicants.rules.verification import CheckStage, Finding
from kawasan.areas.models import Place, Resource
from kawasan.assistance.models import Assistance, Step
from kawasan.assistance.rules import StepKind
from kawasan.core.language import in_language, rupiah
from kawasan.core.models import LogEntry
from kawasan.core.services import entries_about
from kawasan.core.text import Text, _
from kawasan.enterprises.models import Enterprise, Worker
from kawasan.enterprises.queries import months_of
from kawasan.market.models import Contract, Delivery, Order
from kawasan.market.queries import firm_shortfalls, is_of_month, newest_outlook
from kawasan.matching.models import Group, GroupMember, Mentor
from kawasan.mentoring.models import Visit
from kawasan.mentoring.rules import State
from kawasan.outcomes.models import Measurement
from kawasan.outcomes.queries import is_about
from kawasan.outcomes.rules import is_shown
from kawasan.partners.models import Commitment, Organisation
from kawasan.programmes.models import Programme
from kawasan.reports import rules
from kawasan.reports.logbook import verbs_saying
from kawasan.reports.rules import MOST_DAYS_WITHOUT_VISIT, Stuck
from kawasan.selection.models import Decree, Draw, Seat
from kawasan.selection.rules import DecreeStatus
from kawasan.training.models import Attendance, Session
from kawasan.value_chain.models import Activity, Demand, Plan


def counted_sets(day: datetime.date) -> dict[str, QuerySet[Any]]:
    """The rows behind every count that the cockpit shows, of all programmes."""
    recent = Visit.objects.standing().filter(
        group=OuterRef("pk"), visited_on__gt=day - datetime.timedelta(days=MOST_DAYS_WITHOUT_VISIT)
    )
    seated = Seat.objects.participants().filter(applicant=OuterRef("owner"))
    return {
        "organisations": Organisation.objects.all(),
        "commitments": Commitment.objects.all(),
        "commitments_delivered": Commitment.objects.exclude(delivered_on=None),
        "changes_waiting": ProposedChange.objects.to_decide(),
        "objections_waiting": Objection.objects.to_answer(),
        "visits_waiting": Visit.objects.filter(state=State.PENDING),
        "commitments_overdue": Commitment.objects.filter(delivered_on=None, due_on__lt=day),
        "places": Place.objects.all(),
        "resources": Resource.objects.all(),
        "activities": Activity.objects.all(),
        "demands": Demand.objects.all(),
        "plans_adopted": Plan.objects.filter(is_adopted=True),
        "applicants": Applicant.objects.all(),
        "eligible": Applicant.objects.filter(status="eligible"),
        "refused": Applicant.objects.filter(status="refused"),
        "unassessed": Applicant.objects.filter(status="submitted"),
        "withdrawn": Applicant.objects.filter(status="withdrawn"),
        "with_warnings": Applicant.objects.to_check(),
        "drawn": Draw.objects.filter(status="drawn"),
        "accepted": Seat.objects.filter(status="accepted"),
        "offered": Seat.objects.filter(status="offered"),
        "waiting": Seat.objects.filter(status="waiting"),
        "mentors": Mentor.objects.all(),
        "groups": Group.objects.all(),
        "members": GroupMember.objects.filter(applicant__seat__status="accepted"),
        "groups_unvisited": Group.objects.filter(~Exists(recent)),
        "sessions": Session.objects.all(),
        "sessions_held": Session.objects.filter(status="held"),
        "visits": Visit.objects.standing(),
        "assistances": Assistance.objects.all(),
        "assistances_paid": Step.objects.standing().filter(kind=StepKind.PAID),
        "assistances_received": Step.objects.standing().filter(kind=StepKind.RECEIVED),
        "assistances_handed_over": Step.objects.standing().filter(kind=StepKind.HANDED_OVER),
        "enterprises": Enterprise.objects.all(),
        "enterprises_running": Enterprise.objects.filter(status="running"),
        "outsiders": Enterprise.objects.filter(~Exists(seated)),
        "workers": Worker.objects.working_on(day),
        "contracts": Contract.objects.all(),
        "deliveries": Delivery.objects.standing(),
        "orders_late": Order.objects.late_on(day),
        "orders_short": Order.objects.short_on(day),
        "measurements": Measurement.objects.filter(is_about()),
    }


def counts(programme: Programme, day: datetime.date) -> dict[str, int]:
    """Every count that the cockpit shows, in one query."""
    # "applicants" alone is a relation
    columns = {f"n_{name}": _count(rows) for name, rows in counted_sets(day).items()}
    row = Programme.objects.filter(pk=programme.pk).annotate(**columns).values(*columns).get()
    return {name.removeprefix("n_"): n for name, n in row.items()}


def _count(rows: QuerySet[Any]) -> Coalesce:
    per_programme = (
        rows.filter(programme=OuterRef("pk")).order_by().values("programme").annotate(n=Count("pk")).values("n")
    )
    return Coalesce(Subquery(per_programme, output_field=IntegerField()), 0)


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """A field of business: seats that the adopted plan gives it, people who took a seat, and enterprises that run."""

    code: str
    name: str
    planned: int | None
    participants: int
    running: int


def plan_against_fact(programme: Programme) -> list[FieldFacts]:
    """What the adopted plan foresaw for each field beside what became of it; without a plan nothing was foreseen."""
    seats = Seat.objects.filter(applicant__field=OuterRef("pk"), status="accepted")
    enterprises = Enterprise.objects.filter(field=OuterRef("pk"), status="running")
    rows = programme.fields.annotate(participants=_per_field(seats), running=_per_field(enterprises))
    plan = programme.plans.filter(is_adopted=True).values_list("result__fields", flat=True).first()
    planned = {row["code"]: row["seats"] for row in plan or ()}
    return [FieldFacts(row.code, str(row), planned.get(row.code), row.participants, row.running) for row in rows]


def _per_field(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one person, in one stage."""

    day: datetime.date
    stage: str
    icon: str
    text: Text
    details: tuple[Text | str, ...] = field(default_factory=tuple)


def case(applicant: Applicant) -> list[Event]:
    """Everything the programme knows happened to one person, in time order."""
    events = [
        *_application(applicant),
        *_verified(applicant),
        *_changed(applicant),
        *_seat(applicant),
        *_group(applicant),
        *_training(applicant),
        *_mentoring(applicant),
        *_assistance(applicant),
        *_enterprise(applicant),
        *_market(applicant),
        *_outcomes(applicant),
    ]
    return sorted(events, key=lambda event: event.day)


def _application(applicant: Applicant) -> Iterator[Event]:
    yield Event(
        applicant.applied_on,
        _("Applicants"),
        "file-pen",
        Text(_("Applied for {field}"), {"field": str(applicant.field)}),
        (applicant.idea,),
    )
    if applicant.assessed_on:
        details = (*map(Text.restored, applicant.reasons), *map(Text.restored, applicant.warnings))
        text = Text(
            _("Assessed under rule set {rule_set}: {status}, need score {score}"),
            {
                "rule_set": str(applicant.rule_set or "–"),
                "status": Text((Status.REFUSED if applicant.reasons else Status.ELIGIBLE).label),
                "score": applicant.need_score if applicant.need_score is not None else "–",
            },
        )
        yield Event(applicant.assessed_on, _("Applicants"), "clipboard-check", text, details)
    for entry in entries_about(applicant, "applicants.corrected"):
        day = datetime.date.fromisoformat(entry.data["on"])
        yield Event(day, _("Applicants"), "pencil", Text(_("Corrected by {name}"), {"name": entry.by_name}))
    if applicant.withdrawn_on:
        yield Event(
            applicant.withdrawn_on, _("Applicants"), "pencil", _withdrawn(applicant), (applicant.withdrawal_reason,)
        )


def _withdrawn(applicant: Applicant) -> Text:
    """That an application was withdrawn, and by whom; the log does not know it of one that came in a folder."""
    entry = entries_about(applicant, "applicants.withdrawn").last()
    return Text(_("Withdrawn, entered by {name}"), {"name": entry.by_name}) if entry else Text(Status.WITHDRAWN.label)


def _verified(applicant: Applicant) -> Iterator[Event]:
    for one in applicant.verifications.recorded().select_related("verifier"):
        gaps = {
            "stage": Text(CheckStage(one.stage).label),
            "result": Text(Finding(one.result).label),
            "verifier": str(one.verifier),
        }
        said = tuple(text for text in (one.reason, one.differences) if text)
        text = Text(_("Verification, {stage}: {result}, by {verifier}"), gaps)
        yield Event(one.verified_on or one.assigned_on, _("Applicants"), "user-check", text, said)


def _changed(applicant: Applicant) -> Iterator[Event]:
    """What two people changed, or one proposed and another did not approve."""
    for change in applicant.proposed_changes.select_related("proposed_by", "decided_by").prefetch_related("values"):
        gaps = {
            "state": Text(ChangeState(change.state).label),
            "proposer": str(change.proposed_by or "–"),
            "decider": str(change.decided_by or "–"),
        }
        text = Text(_("Change proposed by {proposer}: {state} ({decider})"), gaps)
        columns = ", ".join(str(label) for label in labels(change))
        said = tuple(part for part in (columns, change.reason, change.why) if part)
        yield Event(change.decided_on or change.proposed_on, _("Applicants"), "git-compare", text, said)


def _seat(applicant: Applicant) -> Iterator[Event]:
    seat = getattr(applicant, "seat", None)
    if seat is None:
        return
    kind = Text(
        _("Drawn, number {number}") if seat.kind == "drawn" else _("On the waiting list, number {number}"),
        {"number": seat.place_in_order},
    )
    yield Event(seat.draw.drawn_on or seat.draw.frozen_on, _("Selection"), "dices", kind, (f"{seat.draw}",))
    if seat.decided_on and seat.status != "waiting":
        yield Event(
            seat.decided_on,
            _("Selection"),
            "circle-check",
            Text(str(seat.get_status_display())),
            (seat.note,) if seat.note else (),
        )
    for decree in Decree.objects.filter(programme=applicant.programme_id, status=DecreeStatus.SIGNED):
        if any(line["applicant"] == applicant.code for line in decree.lines):
            text = Text(_("Named in the decree {number}"), {"number": decree.number})
            yield Event(decree.signed_on or decree.dated, _("Selection"), "scroll-text", text)


def _group(applicant: Applicant) -> Iterator[Event]:
    member = GroupMember.objects.filter(applicant=applicant).select_related("group__mentor").first()
    if member:
        first = (
            Session.objects.filter(group=member.group).order_by("starts_at").values_list("starts_at", flat=True).first()
        )
        seat_day = getattr(applicant, "seat", None)
        day = first.date() if first else (seat_day.decided_on if seat_day else applicant.applied_on)
        text = Text(
            _("Member of {group}, mentor {mentor}"),
            {"group": member.group.name, "mentor": member.group.mentor.name if member.group.mentor else "–"},
        )
        yield Event(day or applicant.applied_on, _("Groups and mentors"), "users", text)


def _training(applicant: Applicant) -> Iterator[Event]:
    attended = (
        Attendance.objects.filter(applicant=applicant).select_related("session__module").order_by("session__starts_at")
    )
    for row in attended:
        text = Text(
            _("{module}: {presence}"),
            {"module": str(row.session.module), "presence": Text(str(row.get_status_display()))},
        )
        yield Event(row.session.starts_at.date(), _("Training"), "calendar-days", text)


def _mentoring(applicant: Applicant) -> Iterator[Event]:
    for visit in Visit.objects.standing().of_participant(applicant).select_related("mentor"):
        text = Text(_("Visit of {mentor}: {summary}"), {"mentor": visit.mentor.name, "summary": visit.summary})
        details = [Text(_("Obstacle: {obstacle}"), {"obstacle": visit.obstacle})] if visit.obstacle else []
        if visit.solution:
            details.append(Text(_("Solution: {solution}"), {"solution": visit.solution}))
        details.append(Text(_("Next step: {step}"), {"step": visit.next_step}))
        yield Event(visit.visited_on, _("Mentoring"), "messages-square", text, tuple(details))


def _assistance(applicant: Applicant) -> Iterator[Event]:
    """Every step that stands of what the person or the group got; the receipts are with the assistance."""
    own = Assistance.objects.of_applicant(applicant)
    for step in Step.objects.standing().filter(assistance__in=own).select_related("assistance__entitlement"):
        gaps = {"step": Text(StepKind(step.kind).label), "code": step.assistance.code}
        said = (rupiah(step.amount_idr),) if step.amount_idr is not None else ()
        details = (str(step.assistance.entitlement), *said)
        yield Event(step.dated, _("Assistance"), "hand-coins", Text(_("{step} ({code})"), gaps), details)


def _enterprise(applicant: Applicant) -> Iterator[Event]:
    for enterprise in applicant.enterprises.all():
        sold = sum(totals.sales for totals in months_of(enterprise))
        gaps = {"enterprise": enterprise.name, "version": enterprise.kbli_version, "code": enterprise.kbli_code}
        sales = Text(_("Sales in the cash book: Rp{amount}"), {"amount": sold})
        text = Text(_("Started {enterprise}, KBLI {version} {code}"), gaps)
        yield Event(enterprise.started_on, _("Enterprises"), "store", text, (sales,))


def _market(applicant: Applicant) -> Iterator[Event]:
    rows = Delivery.objects.standing().from_enterprises(Enterprise.objects.filter(owner=applicant))
    for delivery in rows.in_full():
        text = Text(
            _("Delivered {quantity} {unit} {commodity} to {offtaker}"),
            {
                "quantity": delivery.quantity,
                "unit": delivery.commodity.unit,
                "commodity": str(delivery.commodity),
                "offtaker": str(delivery.offtaker),
            },
        )
        yield Event(delivery.delivered_on, _("Market"), "truck", text)


def _outcomes(applicant: Applicant) -> Iterator[Event]:
    for row in Measurement.objects.filter(applicant=applicant).select_related("round"):
        text = Text(
            _("{round}: working: {working}, turnover a month: {turnover}, profit a month: {profit}"),
            {
                "round": str(row.round),
                "working": row.is_working,
                "turnover": _measured(row.turnover_idr),
                "profit": _measured(row.profit_idr),
            },
        )
        yield Event(row.measured_on, _("Outcomes"), "trending-up", text)


def _measured(amount_idr: int | None) -> Text | str:
    return Text(_("not measured")) if amount_idr is None else rupiah(amount_idr)


def latest_results(programme: Programme, *, sees_people: bool) -> dict[str, Any] | None:
    """Work, turnover and profit in the newest round that was measured, of the people it is about.

    ``hidden`` names those that the reader may not see, being made of few people.
    """
    rounds = Measurement.objects.filter(is_about(), programme=programme).values("round__name", "round__name_en")
    found = (
        rounds.annotate(
            people=Count("pk"),
            working=Count("pk", filter=Q(is_working=True)),
            turnover=Avg("turnover_idr"),
            turnovers=Count("turnover_idr"),
            profit=Avg("profit_idr"),
            profits=Count("profit_idr"),
        )
        .order_by("-round__months_after")
        .first()
    )
    if found is None:
        return None
    of = {"working": found["people"], "turnover": found["turnovers"], "profit": found["profits"]}
    hidden = {name for name, people in of.items() if not is_shown(people, sees_people=sees_people)}
    return {**found, "hidden": hidden, "round": in_language(found["round__name"], found["round__name_en"])}


def supply_warnings(programme: Programme, counts: Mapping[str, int], day: datetime.date) -> list[Stuck]:
    """What contracts and letters will not get in the coming months, as it was computed this month."""
    outlook = newest_outlook(programme)
    return rules.supply_warnings(
        firm_shortfalls(outlook) if outlook and is_of_month(outlook, day) else None,
        contracts=counts["contracts"],
        enterprises_running=counts["enterprises_running"],
    )


def participant_count(programme: Programme) -> int:
    """How many people take part."""
    return Seat.objects.participants().filter(programme=programme).count()


def search_log(entries: QuerySet[LogEntry], words: str) -> QuerySet[LogEntry]:
    """The entries that name somebody or something, or whose sentence has the words."""
    is_said = Q(verb__icontains=words) | Q(verb__in=verbs_saying(words))
    return entries.filter(is_said | Q(by_name__icontains=words) | Q(subject__icontains=words))
