from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kawasan.core.charts import on_every_screen
from kawasan.core.listing import listed
from kawasan.core.models import User
from kawasan.core.paging import page_of
from kawasan.core.responses import form_page
from kawasan.market import charts, forms, listings, queries, rules, services
from kawasan.market.access import PLANNERS, READERS, WRITERS, organisation_of, own_enterprises
from kawasan.market.models import Delivery
from kawasan.market.supply_weeks import forecasts
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role


def _mentor(request: ProgrammeRequest) -> User | None:
    """The mentor whose own enterprises alone may be written for; nobody for the office."""
    return None if has_role(request, *PLANNERS) else request.user


@who_may(*READERS, Role.OFFTAKER)
def market(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Each demand against its contracts and the deliveries of the last full month; an offtaker sees the own ones."""
    day, is_team = today(programme), has_role(request, *READERS)
    ours = None if is_team else organisation_of(request, programme)
    demands = queries.balances(programme, day)
    page = page_of(request, demands if is_team else demands.filter(offtaker=ours))

    def with_balance(part: Iterable[Any]) -> list[tuple[Any, rules.Balance]]:
        return [(demand, queries.balance_of(demand)) for demand in part]

    rows = with_balance(page)
    counts = queries.counts(programme, day, None if is_team else ours.pk if ours else 0)
    context = {
        "page": page,
        "rows": rows,
        "chart": on_every_screen(partial(charts.market_chart, rows)),
        "counts": counts,
        "next_step": rules.next_step(**counts) if is_team else "",
        "day": day,
        "is_team": is_team,
    }
    return listed(request, "market/market.html", context, listings.DEMANDS, with_balance)


@who_may(*READERS)
def contracts(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Every contract with what came under it."""
    day = today(programme)
    form = forms.FilterForm(request.GET)
    rows = queries.chosen(queries.contracts_of(programme, day), today=day, **form.wanted())
    can_add = has_role(request, *WRITERS)
    return listed(
        request,
        "market/contracts.html",
        {"form": form, "page": page_of(request, rows), "day": day, "can_add": can_add},
        listings.CONTRACTS,
    )


@who_may(*READERS)
def contract(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """One contract and its deliveries."""
    day = today(programme)
    found = get_object_or_404(queries.contracts_of(programme, day), code=code)
    page = page_of(request, found.deliveries.in_full())

    def with_payment(part: Iterable[Delivery]) -> list[tuple[Delivery, rules.PaymentStatus]]:
        return [(delivery, delivery.payment_on(day)) for delivery in part]

    context = {
        "contract": found,
        "page": page,
        "rows": with_payment(page),
        "warnings": queries.warnings_of(found),
        "is_running": found.starts_on <= day <= found.ends_on,
        "orders": [queries.order_row(one, day) for one in found.orders.in_full().with_sums()],
        "can_write": has_role(request, *WRITERS)
        and own_enterprises(request, programme).filter(pk=found.enterprise_id).exists(),
        "can_order": has_role(request, *PLANNERS),
    }
    return listed(request, "market/contract.html", context, listings.DELIVERIES, with_payment)


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
    if outlook:
        return listed(request, "market/supply.html", context, listings.MATCHES)
    return render(request, "market/supply.html", context)


@who_may(*READERS)
def weeks(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What will fall short in which of the coming weeks, and why."""
    day = today(programme)
    found = forecasts(programme, day)
    context = {"forecasts": found, "short": sum(one.is_short for one in found), "day": day}
    return render(request, "market/weeks.html", context)


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
