"""Deliveries: what the enterprise says, what the offtaker says, the money, and the pages of both sides."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.core.responses import form_page
from kawasan.market import forms, listings, queries, rules, services
from kawasan.market.access import (
    EVERY_SIDE,
    READERS,
    SPEAKERS,
    STATERS,
    deliveries_seen,
    deliveries_stated,
    deliveries_to_speak_of,
    may_say,
    orders_seen,
    organisation_of,
    own_enterprises,
    parts_to_answer,
)
from kawasan.market.catalogue import showing_of
from kawasan.market.models import Contract
from kawasan.market.rules import PartAnswer, StepKind
from kawasan.market.rules.weeks import WEEKS_AHEAD
from kawasan.market.supply_weeks import forecasts, part_of
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role

VERBS: dict[str, tuple[Promise | str, Promise | str]] = {
    StepKind.CONFIRMED: (
        gettext_lazy("Confirm a delivery"),
        gettext_lazy("How much of it you accept. The rest is not paid. What both sides signed counts."),
    ),
    StepKind.DISPUTED: (
        gettext_lazy("Dispute a delivery"),
        gettext_lazy("What is wrong with quantity, grade or price. The enterprise corrects it or speaks with you."),
    ),
    StepKind.PAID: (
        gettext_lazy("Record a payment"),
        gettext_lazy("The day on which the offtaker paid. The enterprise confirms that it has the money."),
    ),
    StepKind.RECEIVED: (
        gettext_lazy("The money is there"),
        gettext_lazy("The day on which the enterprise had the whole sum. Then the payment counts."),
    ),
    StepKind.NOT_RECEIVED: (
        gettext_lazy("The money is not there"),
        gettext_lazy("What is missing, so that the offtaker can look for it. The payment stays due."),
    ),
}


@who_may(*READERS)
def deliveries(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """All deliveries that stand, the newest first."""
    day = today(programme)
    page = page_of(request, deliveries_seen(request, programme).standing().in_full())
    rows = [(one, one.payment_on(day)) for one in page]
    return listed(
        request,
        "market/deliveries.html",
        {"page": page, "rows": rows},
        listings.DELIVERIES,
        lambda part: [(one, one.payment_on(day)) for one in part],
    )


@who_may(*EVERY_SIDE)
def delivery(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """One delivery with everything that both sides said of it, and what the reader may say next."""
    found = get_object_or_404(deliveries_seen(request, programme).in_full(), code=code)
    so_far = queries.signed_of(found)
    sayable = [
        kind for kind in StepKind if not rules.reasons_not_to_say(kind, so_far) and may_say(request, found, kind)
    ]
    can_correct = (
        has_role(request, *STATERS)
        and not rules.reasons_not_correctable(so_far)
        and deliveries_stated(request, programme).filter(pk=found.pk).exists()
    )
    context = {
        "delivery": found,
        "payment": found.payment_on(today(programme)),
        "steps": found.steps.all(),
        "replaced_by": getattr(found, "replaced_by", None),
        "sayable": [(kind, VERBS[kind][0]) for kind in sayable],
        "can_correct": can_correct,
        "is_team": has_role(request, *READERS),
    }
    return render(request, "market/delivery.html", context)


@who_may(*STATERS)
def record_delivery(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """State what was handed over under a contract."""
    contracts = Contract.objects.filter(programme=programme, enterprise__in=own_enterprises(request, programme))
    found = get_object_or_404(contracts.select_related("programme", "demand__commodity", "enterprise"), code=code)
    form = forms.DeliveryForm(request.POST or None, programme=programme, terms=found, today=today(programme))
    if form.is_valid():
        made = services.record_delivery(contract=found, by=request.user, **form.stated())
        messages.success(request, _("The delivery was recorded. The offtaker confirms it next."))
        return redirect("market:delivery", programme.code, made.code)
    is_team = has_role(request, *READERS)
    back = reverse("market:contract", args=[programme.code, code]) if is_team else _mine(programme)
    purpose = gettext_lazy("Goods handed over to the offtaker, in the unit of the contract.")
    return form_page(request, form, gettext_lazy("Record a delivery"), purpose, back)


def _mine(programme: Programme) -> str:
    return reverse("market:mine", args=[programme.code])


@who_may(*STATERS)
def record_order_delivery(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """State what one enterprise handed over for an order."""
    found = get_object_or_404(orders_seen(request, programme).in_full(), code=code)
    accepted = found.parts.filter(answer=PartAnswer.ACCEPTED).values("enterprise")
    enterprises = own_enterprises(request, programme).filter(pk__in=accepted)
    form = forms.OrderDeliveryForm(
        request.POST or None, programme=programme, terms=found, today=today(programme), enterprises=enterprises
    )
    if form.is_valid():
        made = services.record_delivery(order=found, by=request.user, **form.stated())
        messages.success(request, _("The delivery was recorded. The offtaker confirms it next."))
        return redirect("market:delivery", programme.code, made.code)
    instead = (
        [] if enterprises.exists() else [_("No enterprise for which you speak has accepted a part of this order.")]
    )
    back = reverse("market:order", args=[programme.code, code])
    purpose = gettext_lazy("Goods handed over to the offtaker for this order.")
    return form_page(request, form, gettext_lazy("Record a delivery"), purpose, back, instead=instead)


@who_may(*STATERS)
def correct_delivery(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """State a delivery anew."""
    found = get_object_or_404(deliveries_stated(request, programme).in_full(), code=code)
    said = {name: getattr(found, name) for name in ("delivered_on", "quantity", "grade", "price_idr")}
    form = forms.DeliveryForm(
        request.POST or None, programme=programme, terms=found, today=today(programme), initial=said
    )
    if form.is_valid():
        made = services.correct_delivery(delivery=found, by=request.user, **form.stated())
        messages.success(request, _("The correction was recorded. The offtaker confirms it next."))
        return redirect("market:delivery", programme.code, made.code)
    back = reverse("market:delivery", args=[programme.code, code])
    purpose = gettext_lazy(
        "The first row stays and counts no more. Write 0 as the quantity if nothing was handed over."
    )
    return form_page(request, form, gettext_lazy("Correct a delivery"), purpose, back)


@who_may(Role.MANAGER, Role.MENTOR, Role.OFFTAKER, Role.PARTICIPANT)
def say(request: ProgrammeRequest, programme: Programme, code: str, kind: str) -> HttpResponse:
    """One side says something of a delivery."""
    if kind not in SPEAKERS:
        raise Http404
    if not has_role(request, *SPEAKERS[kind]):
        raise PermissionDenied
    found = get_object_or_404(deliveries_to_speak_of(request, programme, kind).in_full(), code=code)
    by_paper = Role.MANAGER in SPEAKERS[kind] and organisation_of(request, programme) != found.offtaker
    form = forms.SAY_FORMS[kind](request.POST or None, delivery=found, by_paper=by_paper, today=today(programme))
    if form.is_valid():
        services.say(delivery=found, kind=StepKind(kind), by=request.user, **form.cleaned_data)
        messages.success(request, _("It was recorded."))
        return redirect("market:delivery", programme.code, code)
    back, (heading, purpose) = reverse("market:delivery", args=[programme.code, code]), VERBS[kind]
    instead = rules.reasons_not_to_say(kind, queries.signed_of(found))
    return form_page(request, form, heading, purpose, back, instead=instead)


@who_may(Role.OFFTAKER)
def buyer(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What the own organisation ordered, what comes, what falls short, what to confirm and what to pay."""
    ours, day = organisation_of(request, programme), today(programme)
    if ours is None:
        return render(request, "market/buyer.html", {"ours": None})
    own = deliveries_seen(request, programme)
    orders = queries.chosen_orders(orders_seen(request, programme), search="", state="open", today=day)
    context: dict[str, Any] = {
        "ours": ours,
        "contracts": list(queries.contracts_of(programme, day).filter(demand__offtaker=ours, ends_on__gte=day)),
        "orders": [queries.order_row(one, day) for one in orders],
        "to_confirm": [(one, one.payment_on(day)) for one in queries.to_confirm(own)],
        "to_pay": [(one, one.payment_on(day)) for one in queries.to_pay(own)],
        "short": _short(programme, day, ours.pk),
        "weeks": WEEKS_AHEAD,
    }
    return render(request, "market/buyer.html", context)


def _short(programme: Programme, day: Any, offtaker: int) -> list[tuple[Any, list[Any]]]:
    """Each commodity that the buyer is promised, with the weeks in which something of it is missing."""
    rows = [(one.commodity, part_of(one, offtaker)) for one in forecasts(programme, day)]
    return [(commodity, [week for week in weeks if week[2]]) for commodity, weeks in rows if weeks]


@who_may(Role.PARTICIPANT)
def mine(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What an owner is asked to bring, brought, and is owed."""
    day, own = today(programme), deliveries_seen(request, programme)
    enterprises = programme.enterprises.owned_by(request.user)
    parts = parts_to_answer(request, programme).filter(enterprise__in=enterprises)
    context = {
        "enterprises": [(one, showing_of(one), list(one.products.filter(is_sold=True))) for one in enterprises],
        "asked": parts.filter(answer=PartAnswer.PROPOSED),
        "accepted": parts.filter(answer=PartAnswer.ACCEPTED, order__cancelled_on=None).order_by("-order__due_on")[:25],
        "contracts": queries.contracts_of(programme, day).filter(enterprise__in=enterprises, ends_on__gte=day),
        "money": [(one, one.payment_on(day)) for one in queries.money_to_confirm(own)],
        "deliveries": [(one, one.payment_on(day)) for one in own.standing().in_full()[:25]],
    }
    return render(request, "market/mine.html", context)
