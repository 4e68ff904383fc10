"""Owners agree to be shown to everybody, take it back, and add a picture to a product."""

from django.db import transaction

from kawasan.core import photos
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.enterprises.models import Enterprise, Product
from kawasan.enterprises.queries import next_code
from kawasan.market.catalogue import showing_of
from kawasan.market.models import CatalogueEntry, Showing
from kawasan.programmes.access import today


@transaction.atomic
def set_showing(*, enterprise: Enterprise, is_shown: bool, phone: str, by: User | None) -> Showing:
    """Record what the owner says about being shown; the newest word counts, the earlier ones stay."""
    programme = enterprise.programme
    showing = Showing(
        programme=programme,
        code=next_code(programme, programme.showings.all(), "S", 3),
        enterprise=enterprise,
        is_shown=is_shown,
        phone=phone if is_shown else "",
        dated=today(programme),
        who=str(by or "system"),
        source=str(by or "system"),
    )
    showing.full_clean()
    showing.save()
    log("market.shown" if is_shown else "market.hidden", showing, by=by, has_phone=bool(showing.phone))
    return showing


@transaction.atomic
def hide(*, enterprise: Enterprise, reason: str, by: User | None) -> None:
    """Take an enterprise out of the catalogue for the office; its owner may come back in once the reason is gone."""
    last = showing_of(enterprise)
    if not last or not last.is_shown:
        raise Refused(Text(_("This enterprise is not in the catalogue.")))
    hidden = set_showing(enterprise=enterprise, is_shown=False, phone="", by=by)
    log("market.hidden_by_office", hidden, by=by, reason=reason)


@transaction.atomic
def describe_product(*, product: Product, about: str, photo: photos.Photo | bool | None, by: User | None) -> None:
    """Set the few words and the picture of a product; a picture that is replaced is forgotten."""
    entry = CatalogueEntry.objects.filter(product=product).first() or CatalogueEntry(
        programme=product.programme, product=product
    )
    before = entry.photo
    entry.about, entry.source = about, str(by or "system")
    if photo is False:
        entry.photo = ""
    elif isinstance(photo, photos.Photo):
        entry.photo = photos.keep(photo)
    entry.full_clean()
    entry.save()
    log("market.product_described", entry, by=by, has_photo=bool(entry.photo))
    if before and before != entry.photo and not CatalogueEntry.objects.filter(photo=before).exists():
        transaction.on_commit(lambda: photos.forget(before))
