from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kawasan.applicants.models import Applicant
from kawasan.applicants.rules import Sex
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.outcomes import charts, forms, listings, queries, rules, services
from kawasan.outcomes.models import AnalysisPlan, Round
from kawasan.outcomes.rules import SEE_PEOPLE
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import EVERYBODY, Feature, Role
from kawasan.selection.rules import DrawStatus, SeatKind

MEASURERS = (Role.MANAGER, Role.VERIFIER, Role.MENTOR)
COMPARERS = (Role.MANAGER, Role.VERIFIER)
ANALYSTS = (Role.MANAGER, Role.PLANNER)
ROWS_PER_PAGE = 100


def _people(request: ProgrammeRequest, measured_in: Round) -> QuerySet[Applicant]:
    """Whom the reader may look at one by one: a mentor the members of the own groups, the others everybody."""
    people = queries.people_of(measured_in)
    if has_role(request, *SEE_PEOPLE):
        return people
    return people.filter(group_memberships__group__mentor__user=request.user)


def _person(request: ProgrammeRequest, measured_in: Round, code: str) -> tuple[Applicant, str]:
    """Whom the reader may measure, and the list that they stand on: the office measures people to compare with too."""
    person = _people(request, measured_in).select_related("person").filter(code=code).first()
    if person:
        return person, "outcomes:round"
    if not has_role(request, *COMPARERS):
        raise Http404
    return get_object_or_404(queries.comparison_people(measured_in), code=code), "outcomes:comparison"


@who_may(*EVERYBODY)
def outcomes(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Every indicator in every round, and the last measured round by field and sex."""
    form = forms.FilterForm(request.GET, programme=programme)
    sees_people, day = has_role(request, *SEE_PEOPLE), today(programme)
    wanted = form.wanted() if sees_people else {}  # parts of the participants are on the reporting dates, protected
    rounds = list(programme.rounds.all())
    rows = queries.rows_by_round(programme, **wanted)
    table = queries.table(rounds, rows, sees_people=sees_people)
    expected = queries.expected_by_round(programme, rounds, **wanted)
    progress = queries.progress(rounds, rows, expected=expected, today=day)
    last = next((one for one in reversed(rounds) if rows.get(one.pk)), None)
    context = {
        "form": form,
        "wanted": wanted,
        "rounds": list(zip(rounds, progress, strict=True)),
        "table": table,
        "indicators": rules.INDICATORS,
        "last": last,
        "parts": queries.breakdown(programme, last, rows[last.pk], **wanted, sees_people=True)
        if last and sees_people
        else [],
        "pictures": charts.pictures(table) if last else None,
        "next_step": rules.next_step(progress),
        "day": day,
        "least_people": rules.LEAST_PEOPLE,
        "sees_people": sees_people,
        "sees_rounds": has_role(request, *SEE_PEOPLE, Role.MENTOR),
        "is_manager": has_role(request, Role.MANAGER),
    }
    cells = [cell for _indicator, of_indicator in table for cell in of_indicator]
    return listed(request, "outcomes/outcomes.html", context, listings.FIGURES, rows=cells)


@who_may(*SEE_PEOPLE)
def rows(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Exactly the rows that make one number, and the number made anew from them."""
    measured_in = get_object_or_404(programme.rounds, code=request.GET.get("round", ""))
    indicator = rules.BY_CODE.get(request.GET.get("indicator", ""))
    if indicator is None:
        raise Http404
    wanted = forms.FilterForm(request.GET, programme=programme).wanted()
    measured = queries.rows_by_round(programme, **wanted)[measured_in.pk]
    figure = rules.figure(indicator, measured)
    fields = {field.code: field for field in programme.fields.all()}
    page = page_of(request, figure.counted, ROWS_PER_PAGE)

    def shown(part: Iterable[Any]) -> list[queries.Shown]:
        return [queries.Shown.of(row, value, fields) for row, value in part]

    page.object_list = shown(page.object_list)
    context = {
        "round": measured_in,
        "figure": figure,
        "unknown": len(measured) - figure.denominator,
        "page": page,
        "field": fields.get(wanted["field"]),
        "sex": Sex(wanted["sex"]) if wanted["sex"] else None,
    }
    return listed(request, "outcomes/rows.html", context, listings.of_unit(listings.ROWS, indicator.unit), shown)


@who_may(*SEE_PEOPLE, Role.MENTOR)
def round_page(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Who was measured in a round and who is missing."""
    found = get_object_or_404(programme.rounds, code=code)
    everybody = queries.people_of_round(found, _people(request, found))
    measured = everybody.filter(measurements__round=found).count()
    context = {
        "round": found,
        "page": page_of(request, everybody),
        "measured": measured,
        "missing": everybody.count() - measured,
        "reasons": rules.reasons_not_freezable(is_frozen=found.status == "frozen", measured=measured),
        "is_manager": has_role(request, Role.MANAGER),
        "can_measure": has_role(request, *MEASURERS) and found.status == "open",
        "sees_people": has_role(request, *SEE_PEOPLE),
    }
    return listed(request, "outcomes/round.html", context, listings.PEOPLE)


@who_may(*SEE_PEOPLE)
def comparison(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Who of the pool has no seat, and was or was not measured in a round to compare with."""
    found = get_object_or_404(programme.rounds, code=code)
    people = queries.comparison_people(found)
    context = {
        "round": found,
        "page": page_of(request, people),
        "measured": found.measurements.filter(is_comparison=True).count(),
        "people": people.count(),
        "can_measure": has_role(request, *COMPARERS) and found.status == "open",
    }
    return listed(request, "outcomes/comparison.html", context, listings.PEOPLE)


@who_may(*MEASURERS)
def measure(request: ProgrammeRequest, programme: Programme, code: str, applicant: str) -> HttpResponse:
    found = get_object_or_404(programme.rounds, code=code)
    person, its_list = _person(request, found, applicant)
    earlier = found.measurements.filter(applicant=person).first()
    day = today(programme)
    known = {} if earlier else queries.capacity_reported(person, day)
    form = forms.MeasurementForm(request.POST or None, instance=earlier, programme=programme, today=day, initial=known)
    if form.is_valid():
        services.record_measurement(round=found, applicant=person, by=request.user, **form.cleaned_data)
        messages.success(request, _("The measurement was recorded."))
        return redirect(its_list, programme.code, code)
    purpose = gettext_lazy("What is known of this person in this round. Leave empty what is not known.")
    back = reverse(its_list, args=[programme.code, code])
    context: dict[str, Any] = {"form": form, "heading": f"{found}: {person.person}", "purpose": purpose, "back": back}
    return render(request, "form_page.html", context)


@require_POST
@who_may(Role.MANAGER)
def freeze_round(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.rounds, code=code)
    services.freeze_round(round=found, by=request.user)
    messages.success(request, _("The round is frozen; its figures stay as they are."))
    return redirect("outcomes:round", programme.code, code)


@who_may(Role.MANAGER)
def plan_rounds(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = forms.PlanForm(request.POST or None, initial={"starts_on": today(programme)})
    if form.is_valid():
        services.plan_rounds(programme=programme, by=request.user, **form.cleaned_data)
        messages.success(request, _("The rounds were planned."))
        return redirect("outcomes:outcomes", programme.code)
    context = {
        "form": form,
        "heading": gettext_lazy("Plan the rounds"),
        "purpose": gettext_lazy("When participants are measured, counted from the first day of the work."),
        "back": reverse("outcomes:outcomes", args=[programme.code]),
    }
    return render(request, "form_page.html", context)


@who_may(*EVERYBODY)
def effect(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What being drawn changed: the registered plan, and the estimates of the rounds."""
    plan, draw = queries.plan_of(programme), queries.draw_of(programme)
    rounds = [one for one in programme.rounds.all() if one.months_after]
    wanted = request.GET.get("round", plan.round.code if plan else "")
    measured_in = next((one for one in rounds if one.code == wanted), None)
    found = plan.estimates.filter(round=measured_in).first() if plan and measured_in else None
    drawn, others = queries.answered(draw, measured_in) if draw and measured_in else (0, 0)
    effects = rules.shown(found.result["effects"]) if found else []
    context = {
        "plan": plan,
        "is_changed": plan is not None and plan.plan_hash != queries.hash_of_plan(plan),
        "draw": draw,
        "round": measured_in,
        "rounds": rounds,
        "estimate": found,
        "effects": [(one, rules.sentence(one), charts.forest(one)) for one in effects],
        "untold": [rules.OUTCOMES[code] for code in plan.outcomes if code not in {one.outcome.code for one in effects}]
        if plan and found
        else [],
        "outcomes": [rules.OUTCOMES[code].label for code in plan.outcomes] if plan else [],
        "covariates": [Feature(name).label for name in plan.covariates] if plan else [],
        "drawn": drawn,
        "others": others,
        "reasons": rules.reasons_not_estimable(is_registered=plan is not None, drawn=drawn, others=others),
        "next_step": rules.effect_step(
            is_drawn=draw is not None, is_registered=plan is not None, has_estimate=found is not None, others=others
        ),
        "is_analyst": has_role(request, *ANALYSTS),
        "sees_people": has_role(request, *SEE_PEOPLE),
    }
    return render(request, "outcomes/effect.html", context)


@who_may(*ANALYSTS)
def register_plan(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = forms.AnalysisForm(request.POST or None, programme=programme)
    if form.is_valid():
        plan = services.register_plan(programme=programme, by=request.user, **form.cleaned_data)
        template = _("The analysis plan is registered. Publish its hash: %(hash)s")
        messages.success(request, template % {"hash": plan.plan_hash})
        return redirect("outcomes:effect", programme.code)
    context: dict[str, Any] = {
        "form": form,
        "instead": queries.reasons_not_registrable(programme),
        "heading": gettext_lazy("Register the analysis plan"),
        "purpose": gettext_lazy(
            "It says what will be compared before anybody knows the answers, and then stays as it is."
        ),
        "submit": gettext_lazy("Register"),
        "back": reverse("outcomes:effect", args=[programme.code]),
    }
    return render(request, "form_page.html", context)


@require_POST
@who_may(*ANALYSTS)
def estimate(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    plan = get_object_or_404(AnalysisPlan, programme=programme)
    measured_in = get_object_or_404(programme.rounds.filter(months_after__gt=0), code=code)
    services.estimate(plan=plan, round=measured_in, by=request.user)
    messages.success(request, _("The effect was estimated from what is known now."))
    return redirect(f"{reverse('outcomes:effect', args=[programme.code])}?round={code}")


@who_may(*SEE_PEOPLE)
def effect_rows(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Everybody of the pool, with what each answered in a round."""
    measured_in = get_object_or_404(programme.rounds, code=request.GET.get("round", ""))
    draw = get_object_or_404(programme.draws, status=DrawStatus.DRAWN)
    seats = draw.seats_given.select_related("applicant").order_by("kind", "place_in_order")
    page = page_of(request, seats, ROWS_PER_PAGE)

    def with_answers(part: Iterable[Any]) -> list[tuple[Any, Any]]:
        seated = list(part)
        answers = queries.answers(measured_in, [seat.applicant.code for seat in seated])
        return [(seat, answers.get(seat.applicant.code)) for seat in seated]

    page.object_list = with_answers(page)
    drawn, others = queries.answered(draw, measured_in)
    context = {
        "round": measured_in,
        "page": page,
        "drawn": drawn,
        "others": others,
        "of_drawn": seats.filter(kind=SeatKind.DRAWN).count(),
        "of_others": seats.filter(kind=SeatKind.RESERVE).count(),
    }
    return listed(request, "outcomes/effect_rows.html", context, listings.EFFECT_ROWS, with_answers)


@who_may(*EVERYBODY)
def sustainability(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Three signs of whether it lasts, each with the rows it rests on; outside the office without the enterprises."""
    day, sees_people = today(programme), has_role(request, *SEE_PEOPLE)
    signs = queries.signs(programme, day, sees_people=sees_people)
    context = {
        "day": day,
        "signs": signs,
        "light": signs.light,
        "page": page_of(request, signs.after, ROWS_PER_PAGE) if sees_people else None,
        "sees_people": sees_people,
    }
    if sees_people:
        return listed(request, "outcomes/sustainability.html", context, listings.SUSTAINABILITY)
    return render(request, "outcomes/sustainability.html", context)


@who_may(*EVERYBODY)
def unemployment(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What jobs of participants are to the open unemployment rate of the area."""
    years, rounds = list(programme.labour_forces.all()), queries.rounds_after(programme)
    year = next((one for one in years if str(one.year) == request.GET.get("year")), years[0] if years else None)
    measured_in = next((one for one in rounds if one.code == request.GET.get("round")), rounds[-1] if rounds else None)
    found = queries.contribution_in(measured_in, year) if measured_in and year else None
    sees_people = has_role(request, *SEE_PEOPLE)
    is_seen = found is not None and rules.is_shown(found.measured, sees_people=sees_people)
    context = {
        "years": years,
        "year": year,
        "rounds": rounds,
        "round": measured_in,
        "contribution": found if is_seen else None,
        "hides_few": found is not None and found.tells_of_few and not sees_people,
        "sees_people": sees_people,
        "baseline": programme.rounds.filter(months_after=0).first(),
        "is_withheld": found is not None and not is_seen,
        "least_people": rules.LEAST_PEOPLE,
        "caused": queries.caused_in(measured_in, queries.plan_of(programme)) if measured_in else None,
        "workers": programme.workers.working_on(today(programme)).count(),
        "can_write": has_role(request, *ANALYSTS),
    }
    return listed(request, "outcomes/unemployment.html", context, listings.LABOUR_FORCES, rows=years)


@who_may(*ANALYSTS)
def add_labour_force(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = forms.LabourForceForm(request.POST or None, programme=programme)
    if form.is_valid():
        services.add_labour_force(programme=programme, by=request.user, **form.cleaned_data)
        messages.success(request, _("The figures were entered."))
        return redirect("outcomes:unemployment", programme.code)
    context = {
        "form": form,
        "heading": gettext_lazy("Enter figures of the labour force"),
        "purpose": gettext_lazy("By the official statistics, for one year, with where they were published."),
        "back": reverse("outcomes:unemployment", args=[programme.code]),
    }
    return render(request, "form_page.html", context)


@require_POST
@who_may(*ANALYSTS)
def remove_labour_force(request: ProgrammeRequest, programme: Programme, year: int) -> HttpResponse:
    services.remove_labour_force(labour_force=get_object_or_404(programme.labour_forces, year=year), by=request.user)
    messages.success(request, _("The figures were removed."))
    return redirect("outcomes:unemployment", programme.code)
