"""What the list of applicants shows, and the same as a spreadsheet."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from io import BytesIO
from operator import or_
from typing import Any

import xlsxwriter
from django.db import models
from django.db.models import Count, Exists, Max, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kawasan.applicants import codes, rules
from kawasan.applicants.models import (
    TO_CHECK,
    Applicant,
    ApplicantQuerySet,
    AppliedGroup,
    AppliedMember,
    Appraisal,
    Draft,
    PairQuerySet,
    Paper,
    Person,
    PossibleDouble,
    PublicForm,
    ViabilityScheme,
)
from kawasan.applicants.rules import STILL_TO_DECIDE, TO_DO, Settled, Status, Trouble
from kawasan.areas.models import Place
from kawasan.core.language import in_words
from kawasan.core.models import User
from kawasan.core.templatetags.kawasan import masked, yes_no
from kawasan.core.text import Text
from kawasan.programmes.models import Milestone, Programme
from kawasan.programmes.rules import PaperKind, Role, Stage, rule_set_on
from kawasan.value_chain.queries import in_place, shown_plan
from kawasan.value_chain.rules import Direction

APPRAISERS = (Role.VERIFIER, Role.PLANNER, Role.EXPERT)  # who may be asked to mark ideas
MOST_SHOWN = 50  # people of one kind of trouble; the list of applicants has the others
SORTS = {
    "code": ("code",),
    "name": ("person__name", "code"),
    "need": ("-need_score", "code"),
    "applied": ("-applied_on", "code"),
}


def districts(programme: Programme) -> Any:
    """The districts in which applicants of the programme may live."""
    return Place.objects.filter(programme=programme, level="district")


def matching(programme: Programme, wanted: dict[str, Any]) -> ApplicantQuerySet:
    """The applicants that a filter asks for; what it leaves open is not filtered."""
    found = Applicant.objects.filter(programme=programme).in_full()
    if text := wanted.get("q"):
        found = found.filter(Q(person__name__icontains=text) | Q(code__icontains=text))
    for column in ("field", "status", "need_band"):
        if value := wanted.get(column):
            found = found.filter(**{column: value})
    if district := wanted.get("district"):
        found = found.filter(Q(person__place__parent=district) | Q(person__place=district))
    if kind := wanted.get("trouble"):
        found = found.in_trouble(kind)
    if wanted.get("warnings"):
        found = found.filter(warnings=[]) if wanted["warnings"] == "no" else found.to_check()
    return found.order_by(*SORTS[wanted.get("sort") or "code"])


def counts(programme: Programme) -> dict[str, int]:
    """How many applications there are of each status, and with warnings to look at."""
    found = Applicant.objects.filter(programme=programme)
    by_status = {status.value: Count("pk", filter=Q(status=status)) for status in Status}
    return found.aggregate(total=Count("pk"), with_warnings=Count("pk", filter=TO_CHECK), **by_status)


@dataclass(frozen=True, slots=True)
class InTrouble:
    """A kind of trouble: how many it was found in, and the first of them with what was found."""

    kind: Trouble
    to_do: str
    count: int
    people: list[tuple[Applicant, list[dict[str, Any]]]]


def troubles(programme: Programme) -> list[InTrouble]:
    """All trouble by kind, in two queries however many people apply."""
    standing = programme.applicants.exclude(status=Status.WITHDRAWN)
    counts = standing.exclude(trouble="").aggregate(
        **{kind.value: Count("pk", filter=Q(trouble__contains=f",{kind.value},")) for kind in Trouble}
    )
    there = [kind for kind in Trouble if counts[kind.value]]
    firsts = (Q(pk__in=standing.in_trouble(kind).order_by("code").values("pk")[:MOST_SHOWN]) for kind in there)
    people = list(standing.in_full().filter(reduce(or_, firsts)).order_by("code")) if there else []
    return [InTrouble(kind, TO_DO[kind], counts[kind.value], _told_of(kind, people)) for kind in there]


def _told_of(kind: Trouble, people: list[Applicant]) -> list[tuple[Applicant, list[dict[str, Any]]]]:
    """Those of whom something of a kind is said, with what is said; no more of them than are shown."""
    told: list[tuple[Applicant, list[dict[str, Any]]]] = []
    for applicant in people:
        said = [text for text in (*applicant.reasons, *applicant.warnings) if text.get("kind") == kind]
        if said and len(told) < MOST_SHOWN:
            told.append((applicant, said))
    return told


def unfinished(programme: Programme) -> tuple[int, list[Person]]:
    """How many persons did not apply, and the first of them."""
    found = programme.persons.filter(applicants=None).order_by("code")
    return found.count(), list(found.select_related("place__parent")[:MOST_SHOWN])


def standing_in_pool(applicant: Applicant) -> dict[str, Any]:
    """The day on which the pool was frozen, if it was, and whether the applicant is in it."""
    frozen_on = applicant.programme.applicants.aggregate(day=Max("frozen_on"))["day"]
    return {"frozen_on": frozen_on, "is_in_pool": applicant.frozen_on is not None}


def spreadsheet(applicants: Iterable[Applicant]) -> bytes:
    """An XLSX with one row an applicant; a file leaves the house, so it has the last digits of numbers only."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(_("Applicants")[:31])
        sheet.write_row(0, 0, _headings(), book.add_format({"bold": True}))
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        number = 0
        for number, applicant in enumerate(applicants, start=1):
            for column, value in enumerate(_cells(applicant)):
                sheet.write(number, column, value, *([day] if hasattr(value, "isoformat") else []))
        sheet.autofilter(0, 0, number, len(_headings()) - 1)
        sheet.freeze_panes(1, 2)
        sheet.autofit()
    return file.getvalue()


def _headings() -> list[str]:
    return [
        _("Code"),
        _("Name"),
        _("Sex"),
        _("Date of birth"),
        _("NIK (last digits)"),
        _("Family card (last digits)"),
        _("Phone (last digits)"),
        _("Address"),
        _("Kelurahan"),
        _("Kecamatan"),
        _("Field"),
        _("Applied on"),
        _("Activity"),
        _("Got assistance before"),
        _("Status"),
        _("Reasons"),
        _("Need score"),
        _("Need band"),
        _("Warnings"),
    ]


def _cells(applicant: Applicant) -> list[Any]:
    person = applicant.person
    return [
        applicant.code,
        person.name,
        person.get_sex_display(),
        person.birth_date,
        masked(person.nik),
        masked(person.family_card),
        masked(person.phone),
        person.address,
        person.place.name,
        person.place.parent.name if person.place.parent else "",
        str(applicant.field),
        applicant.applied_on,
        applicant.get_activity_now_display(),
        yes_no(applicant.earlier_assistance),
        applicant.get_status_display(),
        " ".join(map(in_words, applicant.reasons)),
        applicant.need_score,
        applicant.need_band.code if applicant.need_band else "",
        " ".join(map(in_words, applicant.warnings)),
    ]


def pairs(programme: Programme, state: str) -> PairQuerySet:
    """Pairs of persons who may be one, the most probable first."""
    found = programme.possible_doubles.in_full()
    if state == "all":
        return found
    return found.filter(state=state) if state else found.to_decide()


def pair_counts(programme: Programme) -> dict[str, int]:
    """How many pairs there are, and how many nobody has decided about."""
    to_decide = Count("pk", filter=Q(state__in=STILL_TO_DECIDE))
    return programme.possible_doubles.aggregate(total=Count("pk"), to_decide=to_decide)


def applications_of(pair: PossibleDouble) -> dict[int, list[Applicant]]:
    """The applications of both persons of a pair."""
    found: dict[int, list[Applicant]] = {pair.first_id: [], pair.second_id: []}
    for applicant in pair.programme.applicants.in_full().filter(person__in=found):
        found[applicant.person_id].append(applicant)
    return found


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


def papers_of(applicant: Applicant) -> list[tuple[PaperKind, Paper | None]]:
    """The papers that the rule set asks of somebody, and others that were handed in."""
    received = {paper.kind: paper for paper in applicant.papers.all()}
    rule_set = applicant.rule_set or rule_set_on(applicant.programme.rule_sets.all(), applicant.applied_on)
    asked = rules.papers_asked(
        rule_set.required_papers if rule_set else "",
        disability=applicant.person.disability,
        earlier_assistance=applicant.earlier_assistance,
    )
    return [(kind, received.get(kind)) for kind in PaperKind if kind in asked or kind in received]


def in_living_frame(programme: Programme) -> ApplicantQuerySet:
    """Everybody of whom it is seen whether seats reach those in need: each person's first standing application."""
    standing = programme.applicants.exclude(status__in=(Status.WITHDRAWN, Status.SUBMITTED))
    return standing.exclude(trouble__contains=f",{Trouble.AGAIN},").select_related("person__place__parent")


def viability_scheme_of(programme: Programme) -> ViabilityScheme:
    """What the criteria weigh; as usual until a manager sets it."""
    return ViabilityScheme.objects.filter(programme=programme).first() or ViabilityScheme(programme=programme)


def may_appraise(programme: Programme) -> models.QuerySet[User]:
    """Who may mark ideas: who works for the programme, but for managers, who see all marks."""
    managers = programme.memberships.filter(role=Role.MANAGER).values("user")
    members = User.objects.filter(memberships__programme=programme, memberships__role__in=APPRAISERS, is_active=True)
    return members.exclude(pk__in=managers).distinct().order_by("name", "username")


def viability_of(applicant: Applicant) -> tuple[Settled, list[Appraisal]]:
    """What the marks of somebody's idea come to, and whose hands it is or was in."""
    scheme = viability_scheme_of(applicant.programme)
    everybody = list(applicant.appraisals.select_related("appraiser").order_by("turn"))
    marks = [one.marks for one in everybody if one.given_on]
    return rules.settled(marks, scheme.weights, scheme.most_apart), everybody


def shown_marks(appraisal: Appraisal) -> list[Appraisal]:
    """What somebody may see of the marks of an idea: the own ones, and all others once nobody's are open."""
    if appraisal.given_on is None:
        return []
    everybody = list(appraisal.applicant.appraisals.order_by("turn"))
    others = [one for one in everybody if one.pk != appraisal.pk]
    return [appraisal, *(others if others and all(one.given_on for one in others) else [])]


def appraisal_counts(programme: Programme) -> dict[str, int]:
    """How many marks were asked for and how many are in, and how many ideas wait for somebody to be asked."""
    marks = programme.appraisals.aggregate(asked=Count("pk"), given=Count("pk", filter=Q(given_on__isnull=False)))
    left = programme.applicants.in_pool().filter(appraisals=None).count()
    return {**marks, "left": left}


def marked_ideas(programme: Programme) -> ApplicantQuerySet:
    """Everybody whose idea is in somebody's hands, with all marks."""
    rows = Prefetch("appraisals", Appraisal.objects.order_by("turn"))
    return programme.applicants.in_full().filter(appraisals__isnull=False).distinct().prefetch_related(rows)


def plan_facts(applicant: Applicant) -> dict[str, Any]:
    """What the plan knows of the field and the place of an idea: activities, seats, who does it already, buyers."""
    programme, place = applicant.programme, applicant.person.place
    district = place.parent or place
    plan = shown_plan(programme)
    result = plan.result if plan and plan.result else {}
    planned = {row["code"]: row for row in result.get("activities", [])}
    activities = list(programme.activities.filter(field=applicant.field))
    existing = programme.existing_enterprises.filter(activity__in=activities)
    made = programme.activity_flows.filter(activity__in=activities, direction=Direction.OUTPUT).values("commodity")
    return {
        "plan": plan,
        "district": district,
        "place_seats": next((row["seats"] for row in result.get("places", []) if row["code"] == district.code), None),
        "activities": [(one, *_seats_in(planned.get(one.code), district.code)) for one in activities],
        "existing": existing.filter(in_place(district.code)).count(),
        "buyers": programme.demands.filter(commodity__in=made).select_related("offtaker", "commodity"),
    }


def _seats_in(planned: dict[str, Any] | None, district: str) -> tuple[int, int]:
    """How many enterprises a plan has of an activity, and how many of them in a district."""
    if planned is None:
        return 0, 0
    return planned["enterprises"], sum(site["enterprises"] for site in planned["sites"] if site["place"] == district)


def membership_of(applicant: Applicant) -> AppliedMember | None:
    """The group with which somebody applies, and what they do in it."""
    found = AppliedMember.objects.filter(applicant=applicant)
    return found.select_related("group__field", "programme", "applicant__rule_set").first()


def members_of(group: AppliedGroup) -> list[AppliedMember]:
    """Who joined a group, in the order of joining."""
    return list(group.members.select_related("applicant__person"))


def missing_in(member: AppliedMember, members: Sequence[AppliedMember]) -> list[Text]:
    """What the group of somebody still needs."""
    rule_set = member.applicant.rule_set
    return rules.missing_in_group(
        len(members), [one.role for one in members], least=rule_set.least_group if rule_set else 0
    )
