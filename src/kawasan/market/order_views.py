"""Orders: the list, one order with who brings what, and the verbs of the office, the offtaker and the owners."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.core.responses import form_page
from kawasan.market import forms, listings, queries, rules, services
from kawasan.market.access import (
    BUYERS,
    EVERY_SIDE,
    READERS,
    STATERS,
    WRITERS,
    deliveries_seen,
    orders_bought,
    orders_seen,
    organisation_of,
    own_enterprises,
    parts_to_answer,
)
from kawasan.market.models import Contract, Order
from kawasan.market.rules import PartAnswer
from kawasan.market.rules import orders as order_rules
from kawasan.market.supply_weeks import suppliers_for
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role


def _order(request: ProgrammeRequest, programme: Programme, code: str) -> Order:
    return get_object_or_404(orders_seen(request, programme).in_full().with_sums(), code=code)


@who_may(*READERS, Role.OFFTAKER)
def orders(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The orders that the reader may see, with what is late and what is short."""
    day, form = today(programme), forms.OrderFilterForm(request.GET)
    page = page_of(request, queries.chosen_orders(orders_seen(request, programme), today=day, **form.wanted()))
    context = {
        "form": form,
        "page": page,
        "rows": [queries.order_row(one, day) for one in page],
        "can_order": has_role(request, *BUYERS),
        "is_team": has_role(request, *READERS),
    }
    return listed(
        request,
        "market/orders.html",
        context,
        listings.ORDERS,
        lambda part: [queries.order_row(one, day) for one in part],
    )


@who_may(*EVERY_SIDE)
def order(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """One order: who brings what, what came, what is missing and who could bring it."""
    found, day = _order(request, programme, code), today(programme)
    row = queries.order_row(found, day)
    context: dict[str, Any] = {
        "row": row,
        "order": found,
        "parts": _parts(request, found),
        "deliveries": [
            (one, one.payment_on(day))
            for one in deliveries_seen(request, programme).standing().in_full().filter(order=found)
        ],
        "is_team": has_role(request, *READERS),
        "is_buyer": has_role(request, Role.OFFTAKER),
        "can_propose": has_role(request, *WRITERS),
        "can_call_off": orders_bought(request, programme).filter(pk=found.pk).exists() and has_role(request, *BUYERS),
        "can_state": has_role(request, *STATERS) and _bringers(request, found).exists(),
        "is_open": not order_rules.reasons_not_open(is_cancelled=row.standing.is_cancelled, left=row.standing.left),
    }
    if context["can_propose"] and context["is_open"] and row.standing.to_propose > order_rules.LEAST:
        proposals = queries.proposals_of(found, suppliers_for(found, day))
        missing = order_rules.missing_after(row.standing.to_propose, proposals)
        context |= {"proposals": proposals, "missing": missing if missing > order_rules.LEAST else 0}
    parts = [part for part, _may_answer in context["parts"]]
    return listed(request, "market/order.html", context, listings.PARTS, rows=parts)


def _parts(request: ProgrammeRequest, found: Order) -> list[tuple[Any, bool]]:
    """Who was asked for what, and whether the reader may answer; an owner sees the own part alone."""
    parts = found.parts.select_related("enterprise")
    if not has_role(request, *READERS, Role.OFFTAKER):
        parts = parts.filter(enterprise__owner__person__user=request.user)
    if not has_role(request, *READERS):
        parts = parts.exclude(answer__in=(PartAnswer.DECLINED, PartAnswer.WITHDRAWN))
    mine = set(parts_to_answer(request, found.programme).filter(order=found).values_list("pk", flat=True))
    return [(one, one.pk in mine and one.answer == PartAnswer.PROPOSED) for one in parts]


def _bringers(request: ProgrammeRequest, found: Order) -> Any:
    """For which enterprises with an accepted part the reader speaks."""
    accepted = found.parts.filter(answer=PartAnswer.ACCEPTED).values("enterprise")
    return own_enterprises(request, found.programme).filter(pk__in=accepted)


@who_may(*BUYERS)
def add_order(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Place an order that stands alone."""
    is_office = has_role(request, Role.MANAGER, Role.PLANNER)
    ours = None if is_office else organisation_of(request, programme)
    form = forms.OrderForm(request.POST or None, programme=programme, ours=ours, is_office=is_office)
    if form.is_valid():
        made = services.place_order(programme=programme, contract=None, by=request.user, **form.cleaned_data)
        messages.success(request, _("The order was placed."))
        return redirect("market:order", programme.code, made.code)
    instead = [] if is_office or ours else [_("Your account acts for no organisation yet. Ask the office to link it.")]
    back = reverse("market:orders", args=[programme.code])
    purpose = gettext_lazy("What is wanted by which day. The office asks several enterprises to bring it together.")
    return form_page(request, form, gettext_lazy("Place an order"), purpose, back, instead=instead)


@who_may(*BUYERS)
def add_contract_order(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Place an order under a contract."""
    contracts = Contract.objects.filter(programme=programme).select_related("demand__offtaker", "demand__commodity")
    if not has_role(request, Role.MANAGER, Role.PLANNER):
        contracts = contracts.filter(demand__offtaker__representatives__user=request.user)
    found = get_object_or_404(contracts, code=code)
    form = forms.ContractOrderForm(request.POST or None, programme=programme, contract=found)
    if form.is_valid():
        made = services.place_order(
            programme=programme, contract=found, by=request.user, offtaker=found.demand.offtaker,
            commodity=found.commodity, grade=found.grade, price_idr=found.price_idr,
            payment_days=found.payment_days, **form.cleaned_data,
        )  # fmt: skip
        messages.success(request, _("The order was placed."))
        return redirect("market:order", programme.code, made.code)
    back = reverse("market:orders", args=[programme.code])
    purpose = format_lazy(
        gettext_lazy("{commodity} from {enterprise}, at the terms of contract {code}."),
        commodity=found.commodity, enterprise=found.enterprise, code=code,
    )  # fmt: skip
    return form_page(request, form, gettext_lazy("Order under a contract"), purpose, back)


@who_may(*BUYERS)
def cancel_order(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(orders_bought(request, programme), code=code)
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        services.cancel_order(order=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The order was called off."))
        return redirect("market:order", programme.code, code)
    back = reverse("market:order", args=[programme.code, code])
    purpose = gettext_lazy("Possible until something was brought. Those who accepted a part are told on their page.")
    return form_page(request, form, gettext_lazy("Call an order off"), purpose, back)


@require_POST
@who_may(*WRITERS)
def propose(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Ask those whom the page names for what it says of them."""
    parts = services.propose(order=_order(request, programme, code), by=request.user)
    messages.success(request, _("Enterprises asked: %(number)s. Their owners answer next.") % {"number": len(parts)})
    return redirect("market:order", programme.code, code)


@who_may(*WRITERS)
def add_part(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = _order(request, programme, code)
    left = queries.standing(found).to_propose
    form = forms.PartForm(request.POST or None, programme=programme, order=found, left=left)
    if form.is_valid():
        services.ask_for(order=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The enterprise was asked. Its owner answers next."))
        return redirect("market:order", programme.code, code)
    back = reverse("market:order", args=[programme.code, code])
    purpose = gettext_lazy("Which enterprise should bring how much. Its owner accepts or declines.")
    return form_page(request, form, gettext_lazy("Ask an enterprise"), purpose, back)


@require_POST
@who_may(*WRITERS)
def withdraw_part(request: ProgrammeRequest, programme: Programme, code: str, part: str) -> HttpResponse:
    found = get_object_or_404(_order(request, programme, code).parts, code=part)
    services.withdraw_part(part=found, by=request.user)
    messages.success(request, _("The proposal was taken back."))
    return redirect("market:order", programme.code, code)


@who_may(Role.PARTICIPANT, Role.MENTOR)
def answer_part(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The owner accepts or declines a part; a mentor passes the owner's word on."""
    found = get_object_or_404(parts_to_answer(request, programme), code=code)
    is_own = programme.enterprises.owned_by(request.user).filter(pk=found.enterprise_id).exists()
    form = forms.AnswerForm(request.POST or None, is_own=is_own)
    page = ("market:mine", programme.code) if is_own else ("market:order", programme.code, found.order.code)
    if form.is_valid():
        services.answer_part(part=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Thank you. The answer was stored."))
        return redirect(*page)
    purpose = rules.what_is_asked(
        quantity=found.quantity,
        unit=found.order.commodity.unit,
        commodity=str(found.order.commodity),
        offtaker=str(found.order.offtaker),
        due_on=found.order.due_on,
        price_idr=found.order.price_idr,
        grade=found.order.grade,
    )
    return form_page(request, form, found.enterprise.name, purpose, reverse(page[0], args=page[1:]))
