"""Valid rows, invented."""

import datetime
from typing import Any

from kawasan.applicants.models import Applicant
from kawasan.assistance.models import Assistance, Entitlement, SpendingRule
from kawasan.assistance.papers import Evidence
from kawasan.assistance.services import chain
from kawasan.core.models import User
from kawasan.matching.models import Group
from kawasan.programmes.models import Membership, Programme

PAPER = Evidence(b"%PDF-1.4 contoh %%EOF")
PHOTO = Evidence(b"\xff\xd8 contoh", "0123456789abcdef")
DAY = datetime.date(2022, 11, 1)
LINES = (
    {"item": "Kompor", "category": "tools", "quantity": 2, "unit": "buah", "price_idr": 600_000},
    {"item": "Ikan", "category": "materials", "quantity": 40, "unit": "kg", "price_idr": 20_000},
)


def entitlement(programme: Programme, **columns: Any) -> Entitlement:
    given = {
        "name": "Bantuan kelompok",
        "name_en": "Assistance for groups",
        "number": "TEST/1/2022",
        "valid_from": datetime.date(2022, 10, 1),
        "recipient": "person",
        "form": "money",
        "amount_idr": 2_000_000,
        "fund": "DIPA contoh",
        "source": "synthetic",
    } | columns
    made = Entitlement.objects.create(programme=programme, code=f"ENT-{Entitlement.objects.count() + 1}", **given)
    for category, least, most in (("tools", 60, 100), ("materials", 0, 40)):
        SpendingRule.objects.create(
            programme=programme, entitlement=made, category=category, least_percent=least, most_percent=most
        )
    return made


def assistance(receiver: Applicant, group: Group | None = None, of: Entitlement | None = None) -> Assistance:
    of = of or entitlement(receiver.programme, recipient="group" if group else "person")
    return chain.begin(entitlement=of, group=group, receiver=receiver, by=None)


def up_to(last: str, row: Assistance, users: dict[str, User], in_hand: int = 2_000_000) -> Assistance:
    """Walk the chain with the people who may, until the step is recorded."""
    ani, budi, maya, dewi = (users[name] for name in ("ani", "budi", "maya", "dewi"))
    more: dict[str, dict[str, Any]] = {
        "decreed": {"number": "SK/1"},
        "agreed": {"number": "PKS/1", "bank": "BNI", "account": "1234567890", "account_holder": "Orang 1"},
        "paid": {"number": "SP2D/1"},
        "reported": {"note": "Semua dibeli"},
    }
    who = {"proposed": ani, "verified": budi, "paid": maya, "handed_over": ani, "reported": dewi}
    for kind in ("proposed", "verified", "decreed", "agreed", "committed", "pledged", "paid", "received"):
        if kind == "proposed":
            chain.propose(assistance=row, lines=LINES, dated=DAY, note="", paper=PAPER, by=ani)
        elif kind == "received":
            chain.confirm(assistance=row, amount_idr=in_hand, manner="own", by=dewi, dated=DAY)
        else:
            chain.record(assistance=row, kind=kind, paper=PAPER, by=who.get(kind, ani), dated=DAY, **more.get(kind, {}))
        if kind == last:
            break
    return row


def second_verifier(programme: Programme) -> User:
    """Somebody of the office who took part in no step before."""
    sari = User.objects.create(username="sari", name="Sari Wulan")
    Membership.objects.create(programme=programme, user=sari, role="verifier")
    return sari
