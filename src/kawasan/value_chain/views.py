from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kawasan.core.charts import on_every_screen
from kawasan.core.jobs import underway
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.core.text import Text
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.job_views import answer
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import EVERYBODY, Role
from kawasan.value_chain import charts, listings, picture, queries, rules, services
from kawasan.value_chain.balance import balance, trade
from kawasan.value_chain.comparison import MOST_PLANS, side_by_side
from kawasan.value_chain.forms import (
    ActivityForm,
    CommodityForm,
    DemandForm,
    PriceForm,
    RemoveForm,
    RowForm,
    WishesForm,
)
from kawasan.value_chain.kinds import GONE, KINDS, PARTS, PLANNED, SAVED
from kawasan.value_chain.models import Activity, Demand, Plan, Price
from kawasan.value_chain.plan_input import Wishes
from kawasan.value_chain.why import why_not_more

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
    plans = list(programme.plans.defer("input", "result", "scenarios", "robust"))
    adopted = next((p for p in plans if p.is_adopted), None)
    counts = {"activities": programme.activities.count(), "demands": programme.demands.count()}
    context = {
        "plan": shown,
        "underway": underway(programme, "value_chain"),
        "plans": plans,
        "adopted": adopted,
        "can_plan": has_role(request, *PLANNERS),
        "reasons": rules.reasons_not_plannable(**counts),
        "next": rules.next_step(
            plan=shown.code if shown else "",
            adopted=adopted.code if adopted else "",
            is_solved=bool(shown and shown.result),
            **counts,
        ),
    }
    if shown and shown.result:
        rows = picture.scenarios(shown.scenarios or [], shown.result, shown.robust)
        robust = picture.robust(shown.robust, rows, shown.result) if shown.robust else None
        context |= picture.story(shown.result) | {"scenarios": rows, "robust": robust}
    return render(request, "value_chain/chain.html", context)


@require_POST
@who_may(*PLANNERS)
def make_plan(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    return answer(request, services.make_plan_later(programme=programme, by=request.user))


@who_may(*PLANNERS)
def new_plan(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """A plan that wants something else than income alone, or under other conditions."""
    form, back = WishesForm(request.POST or None), reverse("value_chain:chain", args=[programme.code])
    if form.is_valid():
        wishes = Wishes(**form.wishes)
        return answer(request, services.make_plan_later(programme=programme, by=request.user, wishes=wishes))
    context = {
        "form": form,
        "heading": _("A plan with other aims"),
        "purpose": _("What the plan should reach first, and under which conditions. It takes some seconds."),
        "submit": _("Compute the plan"),
        "back": back,
    }
    return render(request, "form_page.html", context)


@who_may(*EVERYBODY)
def compare_plans(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Plans side by side: those that are asked for, or the shown one and the newest other."""
    choices = programme.plans.filter(status=rules.PlanStatus.SOLVED)
    shown = queries.plans_to_compare(programme, request.GET.getlist("plan")[:MOST_PLANS])
    context = {"choices": choices.defer("input", "result", "scenarios", "robust"), "plans": shown}
    return render(request, "value_chain/comparison.html", context | (side_by_side(shown) if len(shown) > 1 else {}))


@require_POST
@who_may(*PLANNERS)
def compare_plan(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """What becomes of a plan when things turn out otherwise."""
    found = get_object_or_404(programme.plans, code=code)
    return answer(request, services.compare_plan_later(plan=found, by=request.user))


@require_POST
@who_may(*PLANNERS)
def find_robust_plan(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Which enterprises are best in the worst of a plan's scenarios."""
    found = get_object_or_404(programme.plans, code=code)
    return answer(request, services.find_robust_plan_later(plan=found, by=request.user))


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
    filters = {name: request.GET.get(name, "").strip() for name in ("words", "field", "stage", "sort")}
    page = page_of(request, queries.activities(programme, **filters))
    obtainable = queries.obtainable(programme)

    def with_reasons(part: Iterable[Activity]) -> list[tuple[Activity, list[Text]]]:
        return [(activity, queries.reasons_against_activity(activity, obtainable)) for activity in part]

    context = {
        "page": page,
        "rows": with_reasons(page),
        "fields": programme.fields.all(),
        "stages": tuple(rules.Stage),
        "filters": filters,
        "can_plan": has_role(request, *PLANNERS),
    }
    return listed(request, "value_chain/activities.html", context, listings.ACTIVITIES, with_reasons)


@who_may(*EVERYBODY)
def activity(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """One recipe: what goes in, what comes out, what it takes of the area, what a year brings."""
    found = get_object_or_404(queries.with_goods(programme), code=code)
    shown, known = queries.shown_plan(programme, request.GET.get("plan", "")), trade(found)
    result = shown.result if shown and shown.result else {"activities": []}
    season = found.seasons.first()
    context = {
        "activity": found,
        "balance": balance(found, known),
        "uses": found.resource_uses.all(),
        "season": season,
        "season_chart": on_every_screen(partial(charts.season, season.shares)) if season else "",
        "places": found.places.select_related("place"),
        "skills": found.skills.select_related("kind"),
        "existing": found.existing_enterprises.select_related("place"),
        "reasons": queries.reasons_against_activity(found, known.obtainable(found)),
        "plan": shown,
        "planned": next((a for a in result["activities"] if a["code"] == code), None),
        "why": why_not_more(code, shown.code, shown.input, shown.result) if shown and shown.result else [],
        "can_plan": has_role(request, *PLANNERS),
    }
    flows = found.flows.select_related("activity", "commodity")
    return listed(request, "value_chain/activity.html", context, listings.FLOWS, rows=flows)


@who_may(*EVERYBODY)
def commodities(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    filters = {name: request.GET.get(name, "").strip() for name in ("words", "sort")}
    context = {
        "page": page_of(request, queries.commodities(programme, **filters)),
        "filters": filters,
        "can_plan": has_role(request, *PLANNERS),
    }
    return listed(request, "value_chain/commodities.html", context, listings.COMMODITIES)


@who_may(*EVERYBODY)
def commodity(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """What a commodity costs over time, who makes, uses, sells and buys it."""
    found = get_object_or_404(programme.commodities, code=code)
    prices, flows = queries.prices(found), found.flows.select_related("activity__field").order_by("activity__code")
    context = {
        "commodity": found,
        "page": page_of(request, prices, per_page=10),
        "chart": on_every_screen(partial(charts.prices, prices, found.unit)) if prices else "",
        "makers": [flow for flow in flows if flow.direction == rules.Direction.OUTPUT],
        "users": [flow for flow in flows if flow.direction == rules.Direction.INPUT],
        "demands": found.demands.select_related("offtaker", "place"),
        "suppliers": found.suppliers.select_related("organisation", "place", "commodity"),
        "markets": found.local_markets.select_related("place"),
        "storages": found.storages.select_related("place"),
        "can_plan": has_role(request, *PLANNERS),
    }
    return listed(request, "value_chain/commodity.html", context, listings.PRICES)


@who_may(*EVERYBODY)
def demands(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What buyers will take, with what stands against planning for it."""
    filters = {name: request.GET.get(name, "").strip() for name in ("words", "firmness", "sort")}
    page = page_of(request, queries.demands(programme, **filters))
    made, day = queries.made_in_area(programme), today(programme)

    def with_reasons(part: Iterable[Demand]) -> list[tuple[Demand, list[Text]]]:
        return [(demand, queries.reasons_against_demand(demand, made, day)) for demand in part]

    context = {
        "page": page,
        "rows": with_reasons(page),
        "firmnesses": tuple(rules.Firmness),
        "filters": filters,
        "can_plan": has_role(request, *PLANNERS),
    }
    return listed(request, "value_chain/demands.html", context, listings.DEMANDS, with_reasons)


@who_may(*EVERYBODY)
def rows(request: ProgrammeRequest, programme: Programme, kind: str) -> HttpResponse:
    """Suppliers, enterprises that exist, steps of markets or storages."""
    about = KINDS[kind]
    filters = {name: request.GET.get(name, "").strip() for name in about.filters}
    context = {
        "page": page_of(request, about.found(programme, **filters)),
        "places": programme.places.exclude(level="village").order_by("code"),
        "filters": filters,
        "versions": tuple(rules.KbliVersion),
        "can_plan": has_role(request, *PLANNERS),
    }
    return listed(request, f"value_chain/{kind}.html", context, listings.ROWS[kind])


@who_may(*PLANNERS)
def add_row(request: ProgrammeRequest, programme: Programme, kind: str) -> HttpResponse:
    about = KINDS[kind]
    form = about.form(request.POST or None, programme=programme)
    return _form(request, form, about.add, _to(programme, kind), purpose=about.purpose, saved=about.saved)


@who_may(*PLANNERS)
def change_row(request: ProgrammeRequest, programme: Programme, kind: str, pk: int) -> HttpResponse:
    about = KINDS[kind]
    found = get_object_or_404(about.found(programme, **dict.fromkeys(about.filters, "")), pk=pk)
    form = about.form(request.POST or None, instance=found, programme=programme)
    remove, heading = _to(programme, f"remove_{about.one}", pk), f"{about.change} · {found}"
    return _form(request, form, heading, _to(programme, kind), remove, purpose=about.purpose, saved=about.saved)


@who_may(*PLANNERS)
def remove_row(request: ProgrammeRequest, programme: Programme, kind: str, pk: int) -> HttpResponse:
    found = get_object_or_404(KINDS[kind].found(programme, **dict.fromkeys(KINDS[kind].filters, "")), pk=pk)
    return _removal(request, found, KINDS[kind].remove, _to(programme, kind), KINDS[kind].gone)


@who_may(*PLANNERS)
def add_part(request: ProgrammeRequest, programme: Programme, kind: str, code: str) -> HttpResponse:
    found = get_object_or_404(programme.activities, code=code)
    row = getattr(found, kind).model(activity=found, programme=programme)
    form = PARTS[kind].form(request.POST or None, instance=row, programme=programme)
    return _form(request, form, f"{PARTS[kind].add} · {found}", _to(programme, "activity", code))


@who_may(*PLANNERS)
def change_part(request: ProgrammeRequest, programme: Programme, kind: str, code: str, pk: int) -> HttpResponse:
    found = get_object_or_404(programme.activities, code=code)
    row = get_object_or_404(getattr(found, kind), pk=pk)
    form = PARTS[kind].form(request.POST or None, instance=row, programme=programme)
    return _form(request, form, f"{PARTS[kind].change} · {found}", _to(programme, "activity", code))


@who_may(*PLANNERS)
def remove_part(request: ProgrammeRequest, programme: Programme, kind: str, code: str, pk: int) -> HttpResponse:
    found = get_object_or_404(programme.activities, code=code)
    row = get_object_or_404(getattr(found, kind), pk=pk)
    return _removal(request, row, PARTS[kind].remove, _to(programme, "activity", code))


@who_may(*PLANNERS)
def add_commodity(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = CommodityForm(request.POST or None, programme=programme)
    return _form(request, form, _("Add a commodity"), _to(programme, "commodities"))


@who_may(*PLANNERS)
def change_commodity(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.commodities, code=code)
    form = CommodityForm(request.POST or None, instance=found, programme=programme)
    remove = _to(programme, "remove_commodity", code)
    heading = f"{_('Change the commodity')} · {found}"
    return _form(request, form, heading, _to(programme, "commodity", code), remove)


@who_may(*PLANNERS)
def remove_commodity(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.commodities, code=code)
    return _removal(request, found, _("Remove the commodity"), _to(programme, "commodities"))


@who_may(*PLANNERS)
def add_price(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.commodities, code=code)
    row = Price(commodity=found, as_of=today(programme))
    form = PriceForm(request.POST or None, instance=row, programme=programme)
    return _form(request, form, f"{_('Add a price')} · {found}", _to(programme, "commodity", code))


@who_may(*PLANNERS)
def change_price(request: ProgrammeRequest, programme: Programme, code: str, pk: int) -> HttpResponse:
    row = _price(programme, code, pk)
    form = PriceForm(request.POST or None, instance=row, programme=programme)
    return _form(request, form, f"{_('Change the price')} · {row.commodity}", _to(programme, "commodity", code))


@who_may(*PLANNERS)
def remove_price(request: ProgrammeRequest, programme: Programme, code: str, pk: int) -> HttpResponse:
    row = _price(programme, code, pk)
    return _removal(request, row, _("Remove the price"), _to(programme, "commodity", code))


def _price(programme: Programme, code: str, pk: int) -> Price:
    return get_object_or_404(programme.prices.select_related("commodity"), commodity__code=code, pk=pk)


@who_may(*PLANNERS)
def add_activity(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = ActivityForm(request.POST or None, programme=programme)
    if _was_saved(request, form):
        return redirect("value_chain:activity", programme.code, form.instance.code)
    return _form_page(request, form, _("Add an activity"), _to(programme, "activities"))


@who_may(*PLANNERS)
def change_activity(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.activities, code=code)
    form = ActivityForm(request.POST or None, instance=found, programme=programme)
    remove = _to(programme, "remove_activity", code)
    return _form(request, form, f"{_('Change the activity')} · {found}", _to(programme, "activity", code), remove)


@who_may(*PLANNERS)
def remove_activity(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.activities, code=code)
    return _removal(request, found, _("Remove the activity"), _to(programme, "activities"))


@who_may(*PLANNERS)
def add_demand(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = DemandForm(request.POST or None, programme=programme)
    return _form(request, form, _("Add a demand"), _to(programme, "demands"))


@who_may(*PLANNERS)
def change_demand(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.demands.select_related("offtaker", "commodity"), code=code)
    form = DemandForm(request.POST or None, instance=found, programme=programme)
    remove = _to(programme, "remove_demand", code)
    return _form(request, form, f"{_('Change the demand')} · {found}", _to(programme, "demands"), remove)


@who_may(*PLANNERS)
def remove_demand(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.demands.select_related("offtaker", "commodity"), code=code)
    return _removal(request, found, _("Remove the demand"), _to(programme, "demands"))


def _to(programme: Programme, page: str, *arguments: Any) -> str:
    return reverse(f"value_chain:{page}", args=[programme.code, *arguments])


def _form(
    request: ProgrammeRequest,
    form: RowForm,
    heading: str | Promise,
    back: str,
    remove: str = "",
    *,
    purpose: Promise = PLANNED,
    saved: Promise = SAVED,
) -> HttpResponse:
    """A form about a row; it comes from a page and returns there."""
    if _was_saved(request, form, saved):
        return redirect(back)
    return _form_page(request, form, heading, back, remove, purpose)


def _was_saved(request: ProgrammeRequest, form: RowForm, saved: Promise = SAVED) -> bool:
    if not form.is_valid():
        return False
    if form.instance.pk is None:
        services.add(row=form.instance, by=request.user)
    else:
        services.change(row=form.instance, changed=form.changed_data, by=request.user)
    messages.success(request, str(saved))
    return True


def _form_page(
    request: ProgrammeRequest,
    form: RowForm,
    heading: str | Promise,
    back: str,
    remove: str = "",
    purpose: Promise = PLANNED,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "heading": heading,
        "purpose": purpose,
        "back": back,
        "remove": remove,
    }
    return render(request, "form_page.html", context)


def _removal(
    request: ProgrammeRequest, row: services.Row, heading: str | Promise, back: str, purpose: Promise = GONE
) -> HttpResponse:
    """Ask once more before a row goes; a row that others need stays, and they are named."""
    form = RemoveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.remove(row=row, by=request.user)
        messages.success(request, _("It was removed. The log keeps that it was there."))
        return redirect(back)
    context = {
        "form": form,
        "heading": f"{heading} · {row}",
        "purpose": purpose,
        "submit": _("Yes, remove"),
        "back": back,
        "instead": services.reasons_not_removable(row),
    }
    return render(request, "form_page.html", context)
