"""What everybody may see: products of living enterprises whose owners agreed."""

import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from kawasan.enterprises.models import CashEntry, Enterprise, Product, Sighting
from kawasan.enterprises.rules import ALIVE_FOR, EnterpriseStatus, EntryKind
from kawasan.market.models import Showing
from kawasan.programmes.models import Programme


def shown_products(programme: Programme, day: datetime.date) -> QuerySet[Product]:
    """Products that are sold, of enterprises that live, whose owner's last word is to show them."""
    since = day - ALIVE_FOR
    last = Showing.objects.filter(enterprise=OuterRef("enterprise")).order_by("-pk").values("is_shown")[:1]
    sales = CashEntry.objects.filter(
        programme=programme, kind=EntryKind.SALE, dated__range=(since, day), reverses=None, reversed_by=None
    )
    seen = Sighting.objects.filter(programme=programme, seen_on__range=(since, day))
    lives = Q(enterprise__in=sales.order_by().values("enterprise")) | Q(
        enterprise__in=seen.order_by().values("enterprise")
    )
    return (
        Product.objects.filter(lives, programme=programme, is_sold=True, enterprise__status=EnterpriseStatus.RUNNING)
        .annotate(is_shown=Subquery(last))
        .filter(is_shown=True)
        .select_related("enterprise__place", "enterprise__field", "catalogue_entry")
        .order_by("name", "pk")
    )


def found(products: QuerySet[Product], search: str) -> QuerySet[Product]:
    """The products with these words in their name, their maker's or their village."""
    for word in search.split():
        products = products.filter(
            Q(name__icontains=word) | Q(enterprise__name__icontains=word) | Q(enterprise__place__name__icontains=word)
        )
    return products


def showing_of(enterprise: Enterprise) -> Showing | None:
    """What the owner said last about being shown."""
    return enterprise.showings.order_by("-pk").first()


def phone_of(enterprise: Enterprise) -> str:
    """The number for customers, if the owner agreed; nothing once that was taken back."""
    last = showing_of(enterprise)
    return last.phone if last and last.is_shown else ""
