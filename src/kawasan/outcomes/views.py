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
from kawasan.core.paging import page_of
from kawasan.outcomes import charts, forms, queries, rules, services
from kawasan.outcomes.models import Round
from kawasan.outcomes.rules import SEE_PEOPLE
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import EVERYBODY, Role

MEASURERS = (Role.MANAGER, Role.VERIFIER, Role.MENTOR)
ROWS_PER_PAGE = 100


def _people(request: ProgrammeRequest, measured_in: Round) -> QuerySet[Applicant]:
    """Whom the reader may look at one by one: a mentor the members of the own groups, the others everybody."""
    people = queries.people_of(measured_in)
    if has_role(request, *SEE_PEOPLE):
        return people
    return people.filter(group_memberships__group__mentor__user=request.user)


@who_may(*EVERYBODY)
def outcomes(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Every indicator in every round, and the last measured round by field and sex."""
    form = forms.FilterForm(request.GET, programme=programme)
    wanted, sees_people, day = form.wanted(), has_role(request, *SEE_PEOPLE), today(programme)
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
        "parts": queries.breakdown(programme, last, rows[last.pk], **wanted, sees_people=sees_people) if last else [],
        "pictures": charts.pictures(table) if last else None,
        "next_step": rules.next_step(progress),
        "day": day,
        "least_people": rules.LEAST_PEOPLE,
        "sees_people": sees_people,
        "sees_rounds": has_role(request, *SEE_PEOPLE, Role.MENTOR),
        "is_manager": has_role(request, Role.MANAGER),
    }
    return render(request, "outcomes/outcomes.html", context)


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
    page.object_list = [queries.Shown.of(row, value, fields) for row, value in page.object_list]
    context = {
        "round": measured_in,
        "figure": figure,
        "unknown": len(measured) - figure.denominator,
        "page": page,
        "field": fields.get(wanted["field"]),
        "sex": Sex(wanted["sex"]) if wanted["sex"] else None,
    }
    return render(request, "outcomes/rows.html", context)


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
    }
    return render(request, "outcomes/round.html", context)


@who_may(*MEASURERS)
def measure(request: ProgrammeRequest, programme: Programme, code: str, applicant: str) -> HttpResponse:
    found = get_object_or_404(programme.rounds, code=code)
    person = get_object_or_404(_people(request, found).select_related("person"), code=applicant)
    earlier = found.measurements.filter(applicant=person).first()
    form = forms.MeasurementForm(request.POST or None, instance=earlier, programme=programme, today=today(programme))
    if form.is_valid():
        services.record_measurement(round=found, applicant=person, by=request.user, **form.cleaned_data)
        messages.success(request, _("The measurement was recorded."))
        return redirect("outcomes:round", programme.code, code)
    purpose = gettext_lazy("What is known of this participant in this round. Leave empty what is not known.")
    back = reverse("outcomes:round", args=[programme.code, code])
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
