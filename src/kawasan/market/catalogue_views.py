"""The public catalogue, and the pages on which owners decide what of theirs is in it."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kawasan.core import photos
from kawasan.core.paging import page_of
from kawasan.core.responses import form_page, uploaded
from kawasan.enterprises.models import Enterprise, Product
from kawasan.market import catalogue, forms, services
from kawasan.market.models import CatalogueEntry
from kawasan.programmes.access import ProgrammeRequest, anyone_may, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role

ON_A_SHEET = 40  # products; each has a code, which takes some 25 ms to draw


def _qr(address: str, scale: int = 3) -> str:
    return segno.make(address, error="m", micro=False).svg_inline(border=2, scale=scale)


def _address(request: HttpRequest, programme: Programme, product: Product | None = None) -> str:
    path = (
        reverse("market:product", args=[programme.code, product.code])
        if product
        else reverse("market:catalogue", args=[programme.code])
    )
    return f"{settings.PUBLIC_ADDRESS}{path}" if settings.PUBLIC_ADDRESS else request.build_absolute_uri(path)


@anyone_may
def products(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The products whose makers agreed to be shown, to everybody."""
    form = forms.SearchForm(request.GET)
    rows = catalogue.found(catalogue.shown_products(programme, today(programme)), form.words())
    context = {"programme": programme, "form": form, "page": page_of(request, rows, 24)}
    return render(request, "market/catalogue.html", context)


@anyone_may
def product(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """One product, with the code that leads to it."""
    found = get_object_or_404(catalogue.shown_products(programme, today(programme)), code=code)
    address = _address(request, programme, found)
    phone = catalogue.phone_of(found.enterprise)
    context = {
        "programme": programme,
        "product": found,
        "phone": phone,
        "chat": f"https://wa.me/{phone.removeprefix('+')}" if phone else "",
        "address": address,
        "qr": _qr(address),
    }
    return render(request, "market/product.html", context)


@anyone_may
def product_photo(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The picture, as long as the product is shown."""
    found = get_object_or_404(catalogue.shown_products(programme, today(programme)), code=code)
    entry = CatalogueEntry.objects.filter(product=found).first()
    return uploaded(photos.content_of(entry.photo) if entry else b"")


@anyone_may
def sheet(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The catalogue to print, each product with the code that leads to its page."""
    form = forms.SearchForm(request.GET)
    rows = catalogue.found(catalogue.shown_products(programme, today(programme)), form.words())
    page = page_of(request, rows, ON_A_SHEET)
    context = {
        "programme": programme,
        "page": page,
        "rows": [(one, _qr(_address(request, programme, one), 2)) for one in page],
        "address": _address(request, programme),
        "day": today(programme),
    }
    return render(request, "market/sheet.html", context)


def _own(request: ProgrammeRequest, programme: Programme, code: str) -> Enterprise:
    return get_object_or_404(programme.enterprises.owned_by(request.user).select_related("programme"), code=code)


@who_may(Role.PARTICIPANT)
def showing(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The owner agrees to be shown, with or without a number, or takes it back."""
    enterprise = _own(request, programme, code)
    last = catalogue.showing_of(enterprise)
    first = {"is_shown": last.is_shown, "phone": last.phone} if last else {}
    form = forms.ShowingForm(request.POST or None, initial=first)
    if form.is_valid():
        services.set_showing(enterprise=enterprise, by=request.user, **form.cleaned_data)
        messages.success(request, _("What you said was stored. It counts from now on."))
        return redirect("market:mine", programme.code)
    back = reverse("market:mine", args=[programme.code])
    purpose = gettext_lazy("Whether everybody may see your products in the catalogue. Only you decide this.")
    return form_page(request, form, enterprise.name, purpose, back)


@who_may(Role.PARTICIPANT)
def describe(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The owner adds a picture and a few words to a product."""
    owned = Product.objects.filter(enterprise__in=programme.enterprises.owned_by(request.user))
    found = get_object_or_404(owned.select_related("programme"), code=code)
    entry = CatalogueEntry.objects.filter(product=found).first()
    form = forms.ProductForm(
        request.POST or None, request.FILES or None, initial={"about": entry.about if entry else ""}
    )
    if form.is_valid():
        services.describe_product(product=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The product was described."))
        return redirect("market:mine", programme.code)
    back = reverse("market:mine", args=[programme.code])
    purpose = gettext_lazy("What customers see of it in the catalogue, once you agreed to be shown.")
    return form_page(request, form, found.name, purpose, back)


@who_may(Role.MANAGER)
def hide(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The office takes an enterprise out of the catalogue, e.g. for a photo that should not be there."""
    found = get_object_or_404(programme.enterprises.select_related("programme"), code=code)
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        services.hide(enterprise=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The enterprise is no longer in the catalogue."))
        return redirect("market:catalogue", programme.code)
    back = reverse("market:catalogue", args=[programme.code])
    purpose = gettext_lazy("Its products are shown to nobody until the owner agrees anew. Tell the owner why.")
    return form_page(request, form, found.name, purpose, back)
