"""Freeze the list of participants under a number, and sign it."""

import datetime
import hashlib
import json
from typing import Any

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.programmes.models import Programme
from kawasan.selection import queries, rules
from kawasan.selection.models import Decree, Seat
from kawasan.selection.rules import DecreeStatus, SeatStatus
from kawasan.selection.services.draw import certificate_hash


@transaction.atomic
def draft_decree(
    *,
    programme: Programme,
    number: str,
    dated: datetime.date,
    signer: str,
    signer_title: str,
    by: User | None,
    seen: str = "",
) -> Decree:
    """Freeze the list of everybody who accepted a seat; an open draft is replaced by the new one.

    ``seen`` is the state of the newest decree as whoever drafts saw it; nothing when there was none.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)  # so that nobody signs a draft while it changes
    newest = programme.decrees.last()
    if seen != (newest.state if newest else ""):
        raise Refused(Text(_("Somebody drafted or signed a decree meanwhile. Look at it before you draft again.")))
    lines, draw = queries.decree_lines(programme), programme.draws.standing().first()
    offered = Seat.objects.filter(programme=programme, status=SeatStatus.OFFERED).count()
    drawn_on = draw.drawn_on if draw else None
    if reasons := rules.reasons_no_decree(people=len(lines), offered=offered, dated=dated, drawn_on=drawn_on):
        raise Refused(*reasons)
    if programme.decrees.filter(status=DecreeStatus.SIGNED, number=number).exists():
        raise Refused(Text(_("A decree with the number {number} was signed already."), {"number": number}))
    replaced = [newest] if newest and newest.status == DecreeStatus.DRAFT else []
    programme.decrees.filter(pk__in=[draft.pk for draft in replaced]).delete()
    decree = Decree(
        programme=programme,
        code=f"SK-{programme.decrees.count() + 1}",
        number=number,
        dated=dated,
        signer=signer,
        signer_title=signer_title,
        lines=lines,
        lines_hash=_hash(lines),
        certificate_hash=certificate_hash(draw=draw) if draw else "",
    )
    decree.full_clean()
    decree.save()
    people, lines_hash = len(lines), decree.lines_hash
    log(
        "selection.decree_drafted", decree, by=by, deleted=replaced, number=number, people=people, lines_hash=lines_hash
    )
    return decree


@transaction.atomic
def sign_decree(*, decree: Decree, by: User | None, on: datetime.date, seen: str | None = None) -> Decree:
    """Sign a draft: a list that has changed since cannot be signed, and nothing signed changes.

    ``seen`` is the state of the draft that whoever signs read, unless it is that of ``decree``.
    """
    Programme.objects.select_for_update().get(pk=decree.programme_id)
    if decree.status == DecreeStatus.DRAFT and _hash(queries.decree_lines(decree.programme)) != decree.lines_hash:
        raise Refused(Text(_("The seats have changed since this list was drafted. Draft the decree again.")))
    if decree.dated > on:
        raise Refused(
            Text(_("The decree is dated {dated}; it can be signed from that day on."), {"dated": decree.dated})
        )
    draft = Decree.objects.filter(pk=decree.pk, status=DecreeStatus.DRAFT)
    if seen not in (None, decree.state) or draft.update(status=DecreeStatus.SIGNED, signed_on=on) != 1:
        raise Refused(Text(_("This decree was signed already, or drafted again. Load the page again to see it.")))
    decree.status, decree.signed_on = DecreeStatus.SIGNED, on
    log("selection.decree_signed", decree, by=by, number=decree.number, lines_hash=decree.lines_hash)
    return decree


def _hash(value: Any) -> str:
    """SHA-256 of JSON in UTF-8 with sorted keys and no white space: everybody writes it alike."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
