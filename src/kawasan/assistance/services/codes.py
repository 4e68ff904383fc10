"""One-time codes: for a receiver without an account, who enters alone what is in hand."""

import datetime
import secrets

from django.db import transaction
from django.utils.crypto import salted_hmac

from kawasan.assistance import queries, rules
from kawasan.assistance.models import Assistance, OneTimeCode, Step
from kawasan.assistance.rules import Manner, StepKind
from kawasan.assistance.services.chain import confirm
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without what is taken for something else
NUMBER_SIGNS = 10  # 50 bits; with few wrong ones an hour nobody guesses it


@transaction.atomic
def issue_code(*, assistance: Assistance, by: User | None) -> str:
    """A new code for the receiver, in place of an earlier one; whoever took part before does not hand it out."""
    standing = queries.standing_of(assistance)
    reasons = rules.reasons_not_yet(StepKind.RECEIVED, standing)
    reasons += rules.reasons_no_code(queries.maker_of(by), standing)
    if reasons:
        raise Refused(*reasons)
    code = "".join(secrets.choice(SIGNS) for _sign in range(NUMBER_SIGNS))
    expires = today(assistance.programme) + datetime.timedelta(days=rules.CODE_DAYS)
    OneTimeCode.objects.filter(assistance=assistance, used_on=None).delete()
    row = OneTimeCode.objects.create(
        programme=assistance.programme, assistance=assistance, digest=_digest(assistance.programme, code),
        expires_on=expires, issued_by=by, who=str(by or ""),
    )  # fmt: skip
    log("assistance.code_issued", assistance, by=by, rows=[row], expires_on=expires)
    return code


def assistance_of(programme: Programme, code: str) -> Assistance | None:
    """What a code that can still be used is for."""
    found = OneTimeCode.objects.filter(programme=programme, digest=_digest(programme, code), used_on=None)
    row = found.filter(expires_on__gte=today(programme)).select_related("assistance").first()
    return row.assistance if row else None


@transaction.atomic
def confirm_by_code(*, programme: Programme, code: str, amount_idr: int, by: User | None) -> Step:
    """What the receiver enters with the code; the code is used up."""
    assistance = assistance_of(programme, code)
    used = OneTimeCode.objects.filter(programme=programme, digest=_digest(programme, code), used_on=None)
    if assistance is None or used.update(used_on=today(programme)) != 1:
        raise Refused(Text(_("This code is not known, was used, or is too old. Ask the office for a new one.")))
    step = confirm(assistance=assistance, amount_idr=amount_idr, manner=Manner.CODE, by=by)
    row = OneTimeCode.objects.get(programme=programme, digest=_digest(programme, code))
    row.step = step
    row.save(update_fields=("step",))
    log("assistance.code_used", assistance, by=by, is_written=False, rows=[row])
    return step


def _digest(programme: Programme, code: str) -> str:
    """A keyed hash, so that a copy of the database gives nobody a code."""
    signs = "".join(sign for sign in code.upper() if sign in SIGNS)
    return salted_hmac("kawasan.assistance.code", f"{programme.code} {signs}", algorithm="sha256").hexdigest()
