"""The cash book on a phone: lines, products, debts; written by the owner, or by the mentor together with the owner."""

import datetime
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kawasan.core import photos
from kawasan.core.charts import on_every_screen
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.core.responses import form_page, stored, uploaded
from kawasan.enterprises import charts, forms, listings, papers, queries, rules, services
from kawasan.enterprises.access import READERS, WRITERS, may_write, readable, writable
from kawasan.enterprises.models import Enterprise, StockMove
from kawasan.enterprises.rules import MonthTotals
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role

BOOK_READERS = (*READERS, Role.PARTICIPANT)
BOOK_WRITERS = (*WRITERS, Role.PARTICIPANT)


def _book_of(enterprise: Enterprise, request: ProgrammeRequest) -> dict[str, Any]:
    """What every page of a cash book is shown with."""
    return {"enterprise": enterprise, "sees_all": has_role(request, *READERS)}


def _back(programme: Programme, code: str) -> str:
    return reverse("enterprises:cash_book", args=[programme.code, code])


@who_may(*BOOK_READERS)
def cash_book(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Every line by day, what is owed, and the form for the next line."""
    found = get_object_or_404(readable(request, programme), code=code)
    return _book(request, found, None)


def _book(request: ProgrammeRequest, found: Enterprise, form: forms.EntryForm | None) -> HttpResponse:
    programme, day = request.programme, today(request.programme)
    months, can_write = queries.months_of(found), may_write(request, found)
    if can_write and form is None:
        form = forms.EntryForm(programme=programme, enterprise=found, today=day)
    context = {
        **_book_of(found, request),
        "page": page_of(request, queries.entries_of(found)),
        "balance": sum(totals.cash_change for totals in months),
        "profit": sum(totals.profit for totals in months),
        "debts": queries.open_debts(found.debts.all()),
        "day": day,
        "can_write": can_write,
        "form": form,
        "products": found.products.filter(is_sold=True) if can_write else [],
        "usual_costs": queries.usual_costs(found) if can_write else [],
    }
    return listed(request, "enterprises/cash_book.html", context, listings.CASH_BOOK)


@who_may(*BOOK_READERS)
def result(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """What a cash book says in pictures: profit by month, cash by day, and from how much on it covers its costs."""
    found, day = get_object_or_404(readable(request, programme), code=code), today(programme)
    months = queries.months_of(found)
    shown = months[-rules.MONTHS_SHOWN :]
    days = _days(found, months)
    context = {
        **_book_of(found, request),
        "months": [(charts.month_label(totals.month), totals) for totals in reversed(shown)],
        "chart": on_every_screen(partial(charts.months_chart, shown)) if shown else "",
        "days": days[::-1],
        "cash_chart": on_every_screen(partial(charts.cash_chart, days)) if days else "",
        "break_even": rules.break_even(months, day),
    }
    return listed(request, "enterprises/result.html", context, listings.MONTHS, rows=shown)


def _days(enterprise: Enterprise, months: Sequence[MonthTotals]) -> list[tuple[datetime.date, int, int, int]]:
    """The days of the last two months that have entries, each with what was in the cash box in the evening."""
    shown = months[-2:]
    before = sum(one.cash_change for one in months[:-2])
    return rules.cash_by_day(queries.days_of(enterprise, shown[0].month), before) if shown else []


@who_may(*BOOK_WRITERS)
def add_entry(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(writable(request, programme), code=code)
    form = forms.EntryForm(
        request.POST or None, request.FILES or None, programme=programme, enterprise=found, today=today(programme)
    )
    if form.is_valid():
        services.add_entry(enterprise=found, by=request.user, **form.cleaned_data)
        return stored(request, _("The entry was written."), _back(programme, code))
    return _book(request, found, form)


@who_may(*BOOK_WRITERS)
def several(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The lines of a page that was written by hand, all at once."""
    found = get_object_or_404(writable(request, programme), code=code)
    options = {"programme": programme, "enterprise": found, "today": today(programme)}
    lines = forms.Lines(request.POST or None, form_kwargs=options)
    form = forms.SheetForm(request.POST or None)
    written = (
        [line.cleaned_data for line in lines if line.has_changed()] if lines.is_valid() and form.is_valid() else []
    )
    if written:
        services.add_entries(enterprise=found, lines=written, sheet=form.cleaned_data["sheet"], by=request.user)
        messages.success(request, _("The lines were written: {count}.").format(count=len(written)))
        return redirect(_back(programme, code))
    context = _book_of(found, request) | {"lines": lines, "form": form, "is_empty": lines.is_bound and lines.is_valid()}
    return render(request, "enterprises/several.html", context)


@who_may(*BOOK_WRITERS)
def cash_sheet(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """A page of the cash book to print and write by hand."""
    found = get_object_or_404(writable(request, programme).select_related("owner__person"), code=code)
    path = reverse("enterprises:several", args=[programme.code, code])
    address = f"{settings.PUBLIC_ADDRESS}{path}" if settings.PUBLIC_ADDRESS else request.build_absolute_uri(path)
    named = {"Content-Disposition": f'attachment; filename="{programme.code}-{code}.pdf"'}
    return HttpResponse(papers.cash_sheet(found, address), content_type="application/pdf", headers=named)


@require_POST
@who_may(*BOOK_WRITERS)
def reverse_entry(request: ProgrammeRequest, programme: Programme, code: str, entry: str) -> HttpResponse:
    enterprise = get_object_or_404(writable(request, programme), code=code)
    found = get_object_or_404(enterprise.cash_entries, code=entry)
    services.reverse_entry(entry=found, by=request.user)
    return stored(request, _("The entry was taken back. Enter the right one now."), _back(programme, code))


@never_cache
@who_may(*BOOK_READERS)
def note_photo(request: ProgrammeRequest, programme: Programme, code: str, entry: str) -> HttpResponse:
    """The photo of the note of one line."""
    enterprise = get_object_or_404(readable(request, programme), code=code)
    return uploaded(photos.content_of(get_object_or_404(enterprise.cash_entries, code=entry).photo))


@who_may(*BOOK_WRITERS)
def add_product(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(writable(request, programme), code=code)
    form = forms.ProductForm(request.POST or None, programme=programme, enterprise=found)
    if form.is_valid():
        services.add_product(enterprise=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The product was added."))
        return redirect(_back(programme, code))
    purpose = gettext_lazy("What is sold often, with its unit and price, so that a sale is written with three taps.")
    return form_page(request, form, gettext_lazy("Add a product"), purpose, _back(programme, code))


@who_may(*BOOK_WRITERS)
def change_product(request: ProgrammeRequest, programme: Programme, code: str, product: str) -> HttpResponse:
    enterprise = get_object_or_404(writable(request, programme), code=code)
    found = get_object_or_404(enterprise.products, code=product)
    form = forms.ChangeProductForm(request.POST or None, instance=found, programme=programme, enterprise=enterprise)
    if form.is_valid():
        services.change_product(product=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The product was changed."))
        return redirect(_back(programme, code))
    purpose = gettext_lazy("What was sold already keeps the price at which it was written down.")
    return form_page(request, form, found.name, purpose, _back(programme, code))


@who_may(*BOOK_READERS)
def stock(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """What should be there of each product, what happened to it, and the form for the next line."""
    found, day = get_object_or_404(readable(request, programme), code=code), today(programme)
    can_write = may_write(request, found)
    form = forms.StockForm(request.POST or None, enterprise=found, today=day) if can_write else None
    if form and form.is_valid():
        services.add_stock_move(by=request.user, **form.cleaned_data)
        return stored(request, _("It was written down."), request.path)
    if request.method == "POST" and not can_write:
        raise PermissionDenied
    moves = StockMove.objects.filter(product__enterprise=found).select_related("product").order_by("-dated", "-pk")
    context = {
        **_book_of(found, request),
        "stocks": queries.stocks_of(found, day),
        "page": page_of(request, moves),
        "form": form,
        "can_write": can_write,
    }
    return listed(request, "enterprises/stock.html", context, listings.STOCK)


@who_may(*BOOK_WRITERS)
def add_debt(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(writable(request, programme), code=code)
    form = forms.DebtForm(request.POST or None, programme=programme, today=today(programme))
    if form.is_valid():
        services.add_debt(enterprise=found, by=request.user, **form.cleaned_data)
        return stored(request, _("The debt was written down."), _back(programme, code))
    purpose = gettext_lazy("Goods without money yet. What is paid of it counts in the cash book on the day it is paid.")
    return form_page(request, form, gettext_lazy("Write down a debt"), purpose, _back(programme, code))


@who_may(*BOOK_WRITERS)
def pay_debt(request: ProgrammeRequest, programme: Programme, code: str, debt: str) -> HttpResponse:
    enterprise = get_object_or_404(writable(request, programme), code=code)
    found = get_object_or_404(enterprise.debts.with_left(), code=debt)
    form = forms.PaymentForm(request.POST or None, initial={"amount_idr": found.left_idr, "dated": today(programme)})
    if form.is_valid():
        services.pay_debt(debt=found, by=request.user, **form.cleaned_data)
        return stored(request, _("The payment was written."), _back(programme, code))
    return form_page(request, form, f"{found.who}: {found.what}", found.get_owed_display(), _back(programme, code))


@require_POST
@who_may(*BOOK_WRITERS)
def forgive_debt(request: ProgrammeRequest, programme: Programme, code: str, debt: str) -> HttpResponse:
    enterprise = get_object_or_404(writable(request, programme), code=code)
    services.forgive_debt(debt=get_object_or_404(enterprise.debts, code=debt), by=request.user)
    return stored(request, _("The rest of the debt was given up."), _back(programme, code))
