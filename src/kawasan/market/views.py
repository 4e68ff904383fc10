from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kawasan.core.charts import on_every_screen
from kawasan.core.models import User
from kawasan.core.paging import page_of
from kawasan.core.responses import form_page
from kawasan.market import charts, forms, queries, rules, services
from kawasan.market.models import Contract, Delivery
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import FIELD_TEAM, OFFICE, OVERSIGHT, Role

READERS = (*OFFICE, *FIELD_TEAM, *OVERSIGHT)
PLANNERS = (Role.MANAGER, Role.PLANNER)
WRITERS = (Role.MANAGER, Role.PLANNER, Role.MENTOR)


def _mentor(request: ProgrammeRequest) -> User | None:
    """The mentor whose own enterprises alone may be written for; nobody for the office."""
    return None if has_role(request, Role.MANAGER, Role.PLANNER) else request.user


def _writable(request: ProgrammeRequest, programme: Programme) -> QuerySet[Contract]:
    contracts = Contract.objects.filter(programme=programme).select_related("programme", "demand__commodity")
    mentor = _mentor(request)
    return contracts.mentored_by(mentor) if mentor else contracts


def _delivery(request: ProgrammeRequest, programme: Programme, contract: str, code: str) -> Delivery:
    deliveries = Delivery.objects.filter(contract__in=_writable(request, programme), contract__code=contract)
    return get_object_or_404(deliveries.select_related("contract", "programme"), code=code)


@who_may(*READERS, Role.OFFTAKER)
def market(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Each demand against its contracts and the deliveries of the last full month."""
    day = today(programme)
    page = page_of(request, queries.balances(programme, day))
    rows = [(demand, queries.balance_of(demand)) for demand in page]
    counts = queries.counts(programme, day)
    context = {
        "page": page,
        "rows": rows,
        "chart": on_every_screen(partial(charts.market_chart, rows)),
        "counts": counts,
        "next_step": rules.next_step(**counts),
        "day": day,
        "sees_contracts": has_role(request, *READERS),
    }
    return render(request, "market/market.html", context)


@who_may(*READERS)
def contracts(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Every contract with what came under it."""
    day = today(programme)
    form = forms.FilterForm(request.GET)
    rows = queries.chosen(queries.contracts_of(programme, day), today=day, **form.wanted())
    can_add = has_role(request, *WRITERS)
    return render(
        request, "market/contracts.html", {"form": form, "page": page_of(request, rows), "day": day, "can_add": can_add}
    )


@who_may(*READERS)
def contract(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """One contract and its deliveries."""
    day = today(programme)
    found = get_object_or_404(queries.contracts_of(programme, day), code=code)
    page = page_of(request, found.deliveries.all())
    context = {
        "contract": found,
        "page": page,
        "rows": [(delivery, delivery.payment_on(day)) for delivery in page],
        "warnings": queries.warnings_of(found),
        "is_running": found.starts_on <= day <= found.ends_on,
        "can_write": has_role(request, *WRITERS) and _writable(request, programme).filter(pk=found.pk).exists(),
    }
    return render(request, "market/contract.html", context)


@who_may(*READERS)
def supply(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Who could supply whom this month, and what will fall short in the coming ones."""
    outlook = queries.newest_outlook(programme)
    context: dict[str, Any] = {"outlook": outlook, "can_compute": has_role(request, *PLANNERS)}
    if outlook:
        rows = queries.shortfalls(outlook)
        firm = sum(row["is_firm"] for row in rows)
        context |= {
            "rows": rows,
            "firm_short": firm,
            "months": [queries.month_in_words(month) for month in outlook.result["months"]],
            "page": page_of(request, queries.matches(outlook)),
            "next_step": rules.next_step_of_supply(
                is_current=services.is_current(outlook), firm_short=firm, short=len(rows)
            ),
        }
    return render(request, "market/supply.html", context)


@require_POST
@who_may(*PLANNERS)
def compute_supply(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    services.make_outlook(programme=programme, by=request.user)
    messages.success(request, _("The supply of the next three months was computed."))
    return redirect("market:supply", programme.code)


@who_may(*WRITERS)
def add_contract(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = forms.ContractForm(request.POST or None, programme=programme, mentor=_mentor(request))
    if form.is_valid():
        made = services.add_contract(by=request.user, **form.cleaned_data)
        messages.success(request, _("The contract was recorded."))
        return redirect("market:contract", programme.code, made.code)
    back = reverse("market:contracts", args=[programme.code])
    purpose = gettext_lazy("What an enterprise will deliver to an offtaker, at which price and until when.")
    return form_page(request, form, gettext_lazy("Record a contract"), purpose, back)


@who_may(*WRITERS)
def record_delivery(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(_writable(request, programme), code=code)
    form = forms.DeliveryForm(request.POST or None, programme=programme, contract=found, today=today(programme))
    if form.is_valid():
        services.record_delivery(contract=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The delivery was recorded."))
        return redirect("market:contract", programme.code, code)
    back = reverse("market:contract", args=[programme.code, code])
    purpose = gettext_lazy("Goods handed over to the offtaker, in the unit of the contract.")
    return form_page(request, form, gettext_lazy("Record a delivery"), purpose, back)


@who_may(*WRITERS)
def judge_delivery(request: ProgrammeRequest, programme: Programme, code: str, delivery: str) -> HttpResponse:
    found = _delivery(request, programme, code, delivery)
    form = forms.JudgementForm(request.POST or None, delivery=found)
    if form.is_valid():
        services.judge_delivery(delivery=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The accepted quantity was recorded."))
        return redirect("market:contract", programme.code, code)
    back = reverse("market:contract", args=[programme.code, code])
    purpose = gettext_lazy("How much of the delivery the offtaker accepted; the rest is not paid.")
    return form_page(request, form, gettext_lazy("Accepted quantity"), purpose, back)


@who_may(*WRITERS)
def record_payment(request: ProgrammeRequest, programme: Programme, code: str, delivery: str) -> HttpResponse:
    found = _delivery(request, programme, code, delivery)
    form = forms.PaymentForm(request.POST or None, initial={"paid_on": today(programme)})
    if form.is_valid():
        services.record_payment(delivery=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The payment was recorded."))
        return redirect("market:contract", programme.code, code)
    back = reverse("market:contract", args=[programme.code, code])
    purpose = gettext_lazy("The day on which the enterprise had the money.")
    return form_page(request, form, gettext_lazy("Record a payment"), purpose, back)
