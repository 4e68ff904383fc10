from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kawasan.core.paging import page_of
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import EVERYBODY, Role
from kawasan.value_chain import picture, queries, rules, services
from kawasan.value_chain.forms import ActivityForm, CommodityForm, DemandForm, FlowForm, ResourceUseForm, RowForm
from kawasan.value_chain.models import Activity, ActivityFlow, ActivityResource, Plan

PLANNERS = (Role.MANAGER, Role.PLANNER)


@who_may(*EVERYBODY)
def chain(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The picture of the adopted plan, or of the newest."""
    return _plan_page(request, programme, queries.shown_plan(programme))


@who_may(*EVERYBODY)
def plan(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Any plan, also an earlier one."""
    return _plan_page(request, programme, get_object_or_404(programme.plans, code=code))


def _plan_page(request: ProgrammeRequest, programme: Programme, shown: Plan | None) -> HttpResponse:
    plans = list(programme.plans.defer("input", "result"))
    adopted = next((p for p in plans if p.is_adopted), None)
    counts = {"activities": programme.activities.count(), "demands": programme.demands.count()}
    context = {
        "plan": shown,
        "plans": plans,
        "adopted": adopted,
        "can_plan": has_role(request, *PLANNERS),
        "reasons": rules.reasons_not_plannable(**counts),
        "next": rules.next_step(plan=shown.code if shown else "", adopted=adopted.code if adopted else "", **counts),
    }
    if shown and shown.result:
        context |= picture.story(shown.result)
    return render(request, "value_chain/chain.html", context)


@require_POST
@who_may(*PLANNERS)
def make_plan(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    made = services.make_plan(programme=programme, by=request.user)
    messages.success(request, _("%(plan)s was computed.") % {"plan": made.code})
    return redirect("value_chain:plan", programme.code, made.code)


@require_POST
@who_may(*PLANNERS)
def adopt_plan(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.plans, code=code)
    services.adopt_plan(plan=found, by=request.user, instead_of=request.POST.get("instead_of", ""))
    messages.success(request, _("%(plan)s is now the programme's plan.") % {"plan": code})
    return redirect("value_chain:chain", programme.code)


@who_may(*EVERYBODY)
def activities(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """All recipes, with what stands against planning them."""
    filters = {name: request.GET.get(name, "").strip() for name in ("words", "field", "stage")}
    page = page_of(request, queries.activities(programme, **filters))
    obtainable = queries.obtainable(programme)
    context = {
        "page": page,
        "rows": [(activity, queries.reasons_against_activity(activity, obtainable)) for activity in page],
        "fields": programme.fields.all(),
        "stages": tuple(rules.Stage),
        "filters": filters,
        "can_plan": has_role(request, *PLANNERS),
    }
    return render(request, "value_chain/activities.html", context)


@who_may(*EVERYBODY)
def activity(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """One recipe: what goes in, what comes out, what it takes of the area, what a year brings."""
    found = get_object_or_404(queries.with_recipe(programme), code=code)
    shown = queries.shown_plan(programme)
    result = shown.result if shown and shown.result else {"activities": []}
    context = {
        "activity": found,
        "balance": queries.balance(found),
        "uses": found.resource_uses.all(),
        "reasons": queries.reasons_against_activity(found, queries.obtainable(programme)),
        "plan": shown,
        "planned": next((a for a in result["activities"] if a["code"] == code), None),
        "can_plan": has_role(request, *PLANNERS),
    }
    return render(request, "value_chain/activity.html", context)


@who_may(*EVERYBODY)
def commodities(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    words = request.GET.get("words", "").strip()
    context = {
        "page": page_of(request, queries.commodities(programme, words=words)),
        "words": words,
        "can_plan": has_role(request, *PLANNERS),
    }
    return render(request, "value_chain/commodities.html", context)


@who_may(*EVERYBODY)
def demands(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What buyers will take, with what stands against planning for it."""
    filters = {name: request.GET.get(name, "").strip() for name in ("words", "firmness")}
    page = page_of(request, queries.demands(programme, **filters))
    made, day = queries.made_in_area(programme), today(programme)
    context = {
        "page": page,
        "rows": [(demand, queries.reasons_against_demand(demand, made, day)) for demand in page],
        "firmnesses": tuple(rules.Firmness),
        "filters": filters,
        "can_plan": has_role(request, *PLANNERS),
    }
    return render(request, "value_chain/demands.html", context)


@who_may(*PLANNERS)
def add_commodity(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = CommodityForm(request.POST or None, programme=programme)
    if _was_saved(request, form):
        return redirect("value_chain:commodities", programme.code)
    return _form_page(request, form, _("Add a commodity"), reverse("value_chain:commodities", args=[programme.code]))


@who_may(*PLANNERS)
def change_commodity(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.commodities, code=code)
    form = CommodityForm(request.POST or None, instance=found, programme=programme)
    if _was_saved(request, form):
        return redirect("value_chain:commodities", programme.code)
    heading = f"{_('Change the commodity')} · {found}"
    return _form_page(request, form, heading, reverse("value_chain:commodities", args=[programme.code]))


@who_may(*PLANNERS)
def add_activity(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = ActivityForm(request.POST or None, programme=programme)
    if _was_saved(request, form):
        return redirect("value_chain:activity", programme.code, form.instance.code)
    return _form_page(request, form, _("Add an activity"), reverse("value_chain:activities", args=[programme.code]))


@who_may(*PLANNERS)
def change_activity(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.activities, code=code)
    form = ActivityForm(request.POST or None, instance=found, programme=programme)
    return _recipe_form(request, found, form, _("Change the activity"))


@who_may(*PLANNERS)
def add_flow(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.activities, code=code)
    row = ActivityFlow(activity=found)
    form = FlowForm(request.POST or None, instance=row, programme=programme)
    return _recipe_form(request, found, form, _("Add an input or output"))


@who_may(*PLANNERS)
def change_flow(request: ProgrammeRequest, programme: Programme, code: str, pk: int) -> HttpResponse:
    row = get_object_or_404(programme.activity_flows.select_related("activity"), activity__code=code, pk=pk)
    form = FlowForm(request.POST or None, instance=row, programme=programme)
    return _recipe_form(request, row.activity, form, _("Change the input or output"))


@require_POST
@who_may(*PLANNERS)
def remove_flow(request: ProgrammeRequest, programme: Programme, code: str, pk: int) -> HttpResponse:
    row = get_object_or_404(programme.activity_flows, activity__code=code, pk=pk)
    services.remove(row=row, by=request.user)
    messages.success(request, _("It was taken out of the recipe."))
    return redirect("value_chain:activity", programme.code, code)


@who_may(*PLANNERS)
def add_resource_use(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.activities, code=code)
    row = ActivityResource(activity=found)
    form = ResourceUseForm(request.POST or None, instance=row, programme=programme)
    return _recipe_form(request, found, form, _("Add the use of a resource"))


@who_may(*PLANNERS)
def change_resource_use(request: ProgrammeRequest, programme: Programme, code: str, pk: int) -> HttpResponse:
    row = get_object_or_404(programme.activity_resources.select_related("activity"), activity__code=code, pk=pk)
    form = ResourceUseForm(request.POST or None, instance=row, programme=programme)
    return _recipe_form(request, row.activity, form, _("Change the use of a resource"))


@require_POST
@who_may(*PLANNERS)
def remove_resource_use(request: ProgrammeRequest, programme: Programme, code: str, pk: int) -> HttpResponse:
    row = get_object_or_404(programme.activity_resources, activity__code=code, pk=pk)
    services.remove(row=row, by=request.user)
    messages.success(request, _("It was taken out of the recipe."))
    return redirect("value_chain:activity", programme.code, code)


@who_may(*PLANNERS)
def add_demand(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = DemandForm(request.POST or None, programme=programme)
    if _was_saved(request, form):
        return redirect("value_chain:demands", programme.code)
    return _form_page(request, form, _("Add a demand"), reverse("value_chain:demands", args=[programme.code]))


@who_may(*PLANNERS)
def change_demand(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.demands.select_related("offtaker", "commodity"), code=code)
    form = DemandForm(request.POST or None, instance=found, programme=programme)
    if _was_saved(request, form):
        return redirect("value_chain:demands", programme.code)
    heading = f"{_('Change the demand')} · {found}"
    return _form_page(request, form, heading, reverse("value_chain:demands", args=[programme.code]))


def _recipe_form(request: ProgrammeRequest, activity: Activity, form: RowForm, heading: str) -> HttpResponse:
    """A form about an activity or a part of its recipe; it comes from the activity's page and returns there."""
    back = reverse("value_chain:activity", args=[activity.programme.code, activity.code])
    if _was_saved(request, form):
        return redirect(back)
    return _form_page(request, form, f"{heading} · {activity}", back)


def _was_saved(request: ProgrammeRequest, form: RowForm) -> bool:
    if not form.is_valid():
        return False
    if form.instance.pk is None:
        services.add(row=form.instance, by=request.user)
    else:
        services.change(row=form.instance, changed=form.changed_data, by=request.user)
    messages.success(request, _("Saved. The next plan will use it."))
    return True


def _form_page(request: ProgrammeRequest, form: RowForm, heading: str, back: str) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "heading": heading,
        "purpose": _("What is entered here is what plans are computed from."),
        "back": back,
    }
    return render(request, "form_page.html", context)
