"""The cash book on paper, for whoever writes by hand; in Indonesian as it is used at the stall."""

import json
from pathlib import Path
from typing import Any

import segno
import typst
from django.utils.translation import gettext, override

from kawasan.core import language
from kawasan.enterprises.models import Enterprise

TYPST = Path(__file__).parent / "typst"
LINES = 22  # that fit on a page and are tall enough for a hand


def cash_sheet(enterprise: Enterprise, address: str) -> bytes:
    """A page of an enterprise's cash book to write by hand, as PDF; its lines are entered at the address."""
    with override("id"):
        data = json.dumps(_sheet(enterprise, address), ensure_ascii=False)
    return typst.compile(TYPST / "cash_book.typ", sys_inputs={"data": data})


def _sheet(enterprise: Enterprise, address: str) -> dict[str, Any]:
    products = enterprise.products.filter(is_sold=True)
    return {
        "title": gettext("Cash book"),
        "enterprise": f"{enterprise.name} ({enterprise.code})",
        "owner": enterprise.owner.person.name,
        "programme": enterprise.programme.name,
        "month": gettext("Month:"),
        "page": gettext("Page:"),
        "prices": gettext("Prices"),
        "products": [f"{one.name} {language.rupiah(one.price_idr)} / {one.unit}" for one in products],
        "columns": [
            gettext("Day"),
            gettext("What"),
            gettext("How many"),
            gettext("Came in (Rp)"),
            gettext("Went out (Rp)"),
            gettext("For what"),
        ],
        "hint": gettext(
            "For what: B materials, U wages, T rent, electricity, transport, A tools, M capital put in, P taken out. "
            "Write every line on its day; strike a wrong one through and write it anew."
        ),
        "signatures": [gettext("Owner"), gettext("Mentor, after entering it")],
        "lines": LINES,
        "address": address,
        "svg": segno.make(address, error="m", micro=False).svg_inline(border=0),
    }
