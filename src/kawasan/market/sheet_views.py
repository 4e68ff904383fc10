"""Orders and deliveries as files, and the prices that were paid."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from kawasan.core.charts import on_every_screen
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.market import charts, listings, queries, sheet
from kawasan.market.access import READERS, deliveries_seen, orders_seen
from kawasan.programmes.access import ProgrammeRequest, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@who_may(*READERS, Role.OFFTAKER)
def market_xlsx(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    content = sheet.as_xlsx(orders_seen(request, programme), deliveries_seen(request, programme), programme)
    return _file(content, f"market-{programme.code}.xlsx", XLSX)


@who_may(*READERS)
def prices(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What was paid of late for each commodity that was delivered."""
    return listed(
        request, "market/prices.html", {"page": page_of(request, queries.paid_commodities(programme))}, listings.PRICES
    )


@who_may(*READERS)
def price_history(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The prices of one commodity over time: those both sides signed, and those somebody stated."""
    commodity = get_object_or_404(programme.commodities, code=code)
    points = queries.price_points(commodity)
    context = {
        "commodity": commodity,
        "page": page_of(request, list(reversed(points))),
        "chart": on_every_screen(partial(charts.price_chart, points)) if points else "",
    }
    return listed(request, "market/price_history.html", context, listings.PRICE_HISTORY)
