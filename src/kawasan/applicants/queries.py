"""What the list of applicants shows, and the same as a spreadsheet."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import reduce
from io import BytesIO
from operator import or_
from typing import Any

import xlsxwriter
from django.core.cache import cache
from django.db import models
from django.db.models import Case, Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.base import ModelState
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from kawasan.applicants import codes, rules
from kawasan.applicants.models import (
    Applicant,
    ApplicantQuerySet,
    AppliedGroup,
    AppliedMember,
    Appraisal,
    Draft,
    Objection,
    PairQuerySet,
    Paper,
    Person,
    PossibleDouble,
    ProposedChange,
    PublicForm,
    Rule,
    ViabilityScheme,
)
from kawasan.applicants.rules import STILL_TO_DECIDE, TO_DO, Requirement, Settled, Status, Trouble
from kawasan.areas.models import Place
from kawasan.core.language import in_words
from kawasan.core.models import User
from kawasan.core.templatetags.kawasan import masked, yes_no
from kawasan.core.text import Text
from kawasan.programmes.models import Milestone, Programme, RuleSet
from kawasan.programmes.rules import PaperKind, Role, Stage, rule_set_on
from kawasan.value_chain.queries import in_place, shown_plan
from kawasan.value_chain.rules import Direction

APPRAISERS = (Role.VERIFIER, Role.PLANNER, Role.EXPERT)  # who may be asked to mark ideas
MANY = 100_000  # applications from which on their numbers are not counted for every page
COUNTS_LAST = 60  # seconds
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


def matching(
    programme: Programme, wanted: dict[str, Any], *, close: Sequence[int] = (), far: Sequence[int] = ()
) -> ApplicantQuerySet:
    """The applicants that a filter asks for; what it leaves open is not filtered.

    ``close`` and ``far`` are the keys of persons whose names fit the text that is sought; the close ones come first.
    """
    found = Applicant.objects.filter(programme=programme).in_full()
    if text := wanted.get("q"):
        found = found.filter(Q(person__in=[*close, *far]) | Q(code=text.strip().upper()))
    for name, narrowed in NARROWED.items():
        if value := wanted.get(name):
            found = narrowed(found, value)
    if wanted.get("papers"):
        found = lacking_papers(found, programme.rule_sets.all())
    if wanted.get("sort") == "name":
        found = found.filter(person__programme=programme)  # leaves nobody out; the index of names begins with it
    return _sorted(found, SORTS[wanted.get("sort") or "code"], far)


def _living_in(found: ApplicantQuerySet, district: Place) -> ApplicantQuerySet:
    """Those of a district. Compared in a way that no index helps with, so that a page is found by walking the order."""
    places = Place.objects.filter(Q(parent=district) | Q(pk=district.pk))
    return found.alias(lives_in=Coalesce("person__place", 0)).filter(lives_in__in=places.values("pk"))


def _with_warnings(found: ApplicantQuerySet, wanted: str) -> ApplicantQuerySet:
    return found.filter(has_warnings=False) if wanted == "no" else found.to_check()


NARROWED: dict[str, Callable[[ApplicantQuerySet, Any], ApplicantQuerySet]] = {
    "field": lambda found, field: found.filter(field=field),
    "status": lambda found, status: found.filter(status=status),
    "need_band": lambda found, band: found.filter(need_band=band),
    "district": _living_in,
    "trouble": ApplicantQuerySet.in_trouble,
    "warnings": _with_warnings,
}


def _sorted(found: ApplicantQuerySet, order: Sequence[str], far: Sequence[int]) -> ApplicantQuerySet:
    if not far:
        return found.order_by(*order)
    return found.alias(is_far=Case(When(person__in=far, then=1), default=0)).order_by("is_far", *order)


def counts(programme: Programme) -> dict[str, Any]:
    """How many applications there are of each status, and with warnings to look at.

    Of very many, which take longer to count than to show, the numbers are those of the last minute, and say so.
    """
    key = f"applicants.counts.{programme.pk}"
    if kept := cache.get(key):
        return kept
    found = _counted(programme)
    if found["total"] > MANY:
        found["counted_at"] = timezone.localtime()
        cache.set(key, found, COUNTS_LAST)
    return found


def _counted(programme: Programme) -> dict[str, Any]:
    rows = Applicant.objects.filter(programme=programme).values_list("status", "has_warnings")
    found: dict[str, Any] = {status.value: 0 for status in Status} | {"total": 0, "with_warnings": 0}
    for status, has_warnings, count in rows.annotate(people=Count("*")).order_by():
        found[status] += count
        found["total"] += count
        found["with_warnings"] += count if has_warnings and status != Status.WITHDRAWN else 0
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for somebody who checks applications, and whether the pool of the draw is fixed."""

    pairs: int
    objections: int
    changes: int
    is_frozen: bool


def waiting(programme: Programme) -> Waiting:
    frozen = programme.applicants.exclude(frozen_on=None)
    found = Programme.objects.filter(pk=programme.pk).values_list(
        number_of(PossibleDouble.objects.to_decide()),
        number_of(Objection.objects.to_answer()),
        number_of(ProposedChange.objects.to_decide()),
        Exists(frozen),
    )
    return Waiting(*found.get())


def number_of(rows: QuerySet[Any]) -> Coalesce:
    """How many rows belong to a programme, as a column of a query about programmes: several are one query."""
    counted = rows.filter(programme=OuterRef("pk")).order_by().values("programme").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


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


def lacking_papers(applicants: ApplicantQuerySet, rule_sets: Iterable[RuleSet]) -> ApplicantQuerySet:
    """Those of whom a paper is not here yet that the rule set of their day asks for."""
    return applicants.filter(_lacking(rule_sets))


def _lacking(rule_sets: Iterable[RuleSet]) -> Q:
    lacking = Q(pk__in=[])
    for rule_set in rule_sets:
        for kind in rules.papers_asked(rule_set.required_papers, disability="any", earlier_assistance=True):
            received = Q(Exists(Paper.objects.filter(applicant=OuterRef("pk"), kind=kind)))
            lacking |= Q(rule_set=rule_set) & _asked_of(kind) & ~received
    return lacking


def _asked_of(kind: PaperKind) -> Q:
    """Of whom a paper is asked, as ``rules.papers_asked`` has it."""
    if kind == PaperKind.DISABILITY:
        return ~Q(person__disability="")
    return Q(earlier_assistance=True) if kind == PaperKind.REPORT else Q()


def before_the_pool(programme: Programme, day: datetime.date) -> list[Text]:
    """What is still open about people on a day, and is not so any more once the pool is frozen."""
    rule_sets = list(programme.rule_sets.all())
    counted: dict[str, Any] = {"papers": Count("pk", filter=Q(status=Status.ELIGIBLE) & _lacking(rule_sets))}
    for number, rule_set in enumerate(rule_sets):
        first = day - datetime.timedelta(days=rule_set.days_to_object)
        may_object = Q(status=Status.REFUSED, rule_set=rule_set, assessed_on__gte=first)
        counted[f"people_{number}"] = Count("pk", filter=may_object)
        counted[f"last_{number}"] = Max("assessed_on", filter=may_object)
    found = programme.applicants.aggregate(**counted)
    days = (
        rules.last_day_to_object(found[f"last_{number}"], rule_set.days_to_object)
        for number, rule_set in enumerate(rule_sets)
    )
    return rules.notices_before_the_pool(
        may_object=sum(found[f"people_{number}"] for number in range(len(rule_sets))),
        last_day=max(filter(None, days), default=None),
        without_papers=found["papers"],
    )


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
    everybody = list(applicant.appraisals.select_related("appraiser").order_by("turn"))
    marks = [one.marks for one in everybody if one.given_on]
    scheme = viability_scheme_of(applicant.programme) if marks else ViabilityScheme()
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


def requirements_of(rule_sets: Sequence[RuleSet], names: Mapping[str, str]) -> dict[int, list[Requirement]]:
    """The rules of rule sets, ready to be held against applications, by the key of their rule set."""
    rows = list(Rule.objects.filter(rule_set__in=rule_sets))
    return {one.pk: requirements([row for row in rows if row.rule_set_id == one.pk], one, names) for one in rule_sets}


def requirements(rows: Iterable[Rule], rule_set: RuleSet, names: Mapping[str, str]) -> list[Requirement]:
    """Rules as rows, ready to be held against applications by the poverty line of a rule set."""
    return [Requirement.of(row, names=names, poverty_line_idr=rule_set.poverty_line_idr) for row in rows]


def place_names(programme: Programme) -> dict[str, str]:
    """What places are called, by code: those that rules name, and those that applicants state."""
    return dict(programme.places.values_list("code", "name")) | {programme.area_code: programme.area_name}


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the guideline with everything that its page shows.

    ``applied`` is how many applications were assessed by it; ``waiting`` of how many it is the rule set of their day
    and another one judged them.
    """

    rule_set: RuleSet
    requirements: list[Requirement]
    replaced: RuleSet | None
    changed: list[rules.Difference]
    settings: list[tuple[str, Any, Any]]
    applied: int
    waiting: int
    until: datetime.date | None
    reasons_not_removed: list[Text]


UNCOMPARED = {"id", "programme", "number", "issued_on", "valid_from", "replaces", "source"}


def versions(programme: Programme) -> list[Version]:
    """Every version of the guideline, the latest first."""
    rule_sets = list(programme.rule_sets.annotate(applied=Count("applicants")))
    requirements = requirements_of(rule_sets, place_names(programme))
    waiting = _waiting(programme, rule_sets)
    return [_version(rule_sets, position, requirements, waiting) for position in range(len(rule_sets))][::-1]


def version(programme: Programme, rule_set: RuleSet) -> Version:
    return next(one for one in versions(programme) if one.rule_set == rule_set)


def _version(
    rule_sets: Sequence[RuleSet], position: int, requirements: Mapping[int, list[Requirement]], waiting: Counter[int]
) -> Version:
    one = rule_sets[position]
    before = rule_sets[position - 1] if position else None
    after = rule_sets[position + 1] if position + 1 < len(rule_sets) else None
    return Version(
        one,
        requirements[one.pk],
        before,
        rules.differences(requirements[before.pk], requirements[one.pk]) if before else [],
        _settings_changed(before, one) if before else [],
        one.applied,  # type: ignore[attr-defined]
        waiting[one.pk],
        after.valid_from - datetime.timedelta(days=1) if after else None,
        rules.reasons_not_removed(applied=one.applied, replaced_by=after.number if after else ""),  # type: ignore[attr-defined]
    )


def _settings_changed(before: RuleSet, after: RuleSet) -> list[tuple[str, Any, Any]]:
    """What is no rule and differs: its name, and its value before and after."""
    columns = [column for column in RuleSet._meta.concrete_fields if column.name not in UNCOMPARED]
    both = [(str(one.verbose_name), _setting(before, one.name), _setting(after, one.name)) for one in columns]
    return [(name, old, new) for name, old, new in both if old != new]


def _setting(rule_set: RuleSet, name: str) -> Any:
    """A setting as people read it."""
    if name == "required_papers":
        return ", ".join(_(label) for label in rule_set.paper_labels)
    return getattr(rule_set, name)


def _waiting(programme: Programme, rule_sets: Sequence[RuleSet]) -> Counter[int]:
    """How many applications of the days of a rule set were judged by another one, or by none."""
    found: Counter[int] = Counter()
    open_ones = programme.applicants.filter(status__in=rules.OPEN_TO_ASSESSMENT, frozen_on=None)
    days = open_ones.values_list("applied_on", "rule_set").annotate(people=Count("pk")).order_by("applied_on")
    for day, judged_by, people in days:
        due = rule_set_on(rule_sets, day)
        if due and due.pk != judged_by:
            found[due.pk] += people
    return found


def copy_of(rule_set: RuleSet | None) -> RuleSet:
    """A rule set with the same settings, not stored, that has no number and no days yet."""
    made = RuleSet() if rule_set is None else copy(rule_set)
    made._state = ModelState()
    made.pk, made.number, made.issued_on, made.valid_from, made.source = None, "", None, None, ""  # type: ignore[assignment]
    return made
