"""Freeze the pool, draw from it, and show what anybody may check; rehearse all of it before."""

import datetime
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
from django.db import transaction

from kawasan.applicants.models import Applicant
from kawasan.applicants.rules import Status
from kawasan.applicants.services import enter_pool, leave_pool
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import entries_about, log
from kawasan.core.text import Text, _
from kawasan.engine import certificate, fairness
from kawasan.engine.certificate import Certificate, Frozen
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Feature
from kawasan.selection import queries, rules
from kawasan.selection.models import Draw, Seat
from kawasan.selection.queries import Candidate
from kawasan.selection.rules import DrawStatus, SeatKind, SeatStatus, pseudonym
from kawasan.selection.services.pool import Pool, pool_now, problem_of_rows

CHUNK = 500  # rows written by one query
DRAWN_ALREADY = _("This pool was drawn already, or given up. Load the page again to see the result.")
CODE = "kawasan selection 2"  # changes whenever the same pool would give other panels


def freeze_pool(
    *,
    programme: Programme,
    source: str,
    by: User | None,
    salt: str | None = None,
    secret: str | None = None,
    on: datetime.date | None = None,
) -> Draw:
    """Fix who is in the draw, by pseudonym, the panels that may be drawn, and which public value decides.

    The pseudonyms hang on a secret salt, and a commitment binds a secret that nobody outside knows before the draw;
    given ones repeat an earlier freezing exactly. Holds no transaction open, though it may take most of a minute.
    """
    refuse_frozen(programme)  # nobody waits for panels that cannot be recorded
    pool = pool_now(programme=programme)
    if reasons := pool.reasons + rules.reasons_no_source(source.strip()):
        raise Refused(*reasons)
    draw = Draw(
        programme=programme,
        seats=programme.seats,
        most_per_household=pool.most_per_household,
        salt=salt or secrets.token_hex(16),
        secret=secret or secrets.token_hex(16),
        public_value_source=source.strip(),
        frozen_on=on or today(programme),
    )
    draw.pool = _rows(pool.candidates, draw.salt)
    draw.frozen = _frozen(draw, pool)
    draw.frozen_hash = certificate.hashes_of(draw.frozen)["frozen"]
    return _record_pool(draw, pool.candidates, by=by)


def _rows(candidates: Sequence[Candidate], salt: str) -> list[list[Any]]:
    return sorted(
        [pseudonym(salt, c.code), pseudonym(salt, f"household {c.household}"), c.tickets, c.features]
        for c in candidates
    )


def _frozen(draw: Draw, pool: Pool) -> Frozen:
    """What the certificate starts from; the rows of the pool, with what the draw knew of each, are bound by a hash."""
    problem = problem_of_rows(draw.pool, pool.quotas, seats=draw.seats, most_per_household=draw.most_per_household)
    tickets = np.array([row[2] for row in draw.pool], dtype=np.int64)
    guaranteed = {pseudonym(draw.salt, candidate.code) for candidate in pool.candidates if candidate.certain}
    certain = [number for number, row in enumerate(draw.pool) if row[0] in guaranteed]
    frozen = certificate.freeze(
        problem,
        fairness.fair_lottery(problem, weights=tickets, certain=certain),
        pseudonyms=[row[0] for row in draw.pool],
        names=[(quota[0], quota[1]) for quota in pool.quotas],
        code=f"{CODE}, kawasan {version('kawasan')}",
        commitment=certificate.commitment_of(draw.secret) if draw.secret else "",
        source=draw.public_value_source,
    )
    return frozen | {"programme": draw.programme.code, "people": certificate.hash_of(draw.pool)} | _excepted(draw)


def _excepted(draw: Draw) -> Frozen:
    """Of whom the draw does not decide, and why: by pseudonym, and by need band. Nothing when it decides of all."""
    bands = list(draw.programme.need_bands.filter(is_guaranteed=True).values_list("code", flat=True))
    rows = [[pseudonym(draw.salt, code), kind, reason] for code, kind, reason in queries.exceptions(draw.programme)]
    of_band = [(row[0], row[3][Feature.NEED_BAND]) for row in draw.pool]
    inside = [[name, band] for name, band in of_band if band in bands]
    found = {"exceptions": sorted(rows), "guaranteed_bands": sorted(bands), "in_bands": inside}
    return {key: value for key, value in found.items() if value}


def refuse_frozen(programme: Programme) -> None:
    """One pool is frozen at a time."""
    if programme.draws.standing().exists():
        raise Refused(Text(_("The pool of this programme is frozen already.")))


@transaction.atomic
def _record_pool(draw: Draw, candidates: list[Candidate], *, by: User | None) -> Draw:
    Programme.objects.select_for_update().get(pk=draw.programme_id)  # of two people who freeze, one waits here
    refuse_frozen(draw.programme)
    if reasons := rules.reasons_unconfirmed(draw.programme.draw_exceptions.waiting().count()):
        raise Refused(*reasons)
    if queries.candidates(draw.programme) != candidates or not _excepted(draw).items() <= draw.frozen.items():
        raise Refused(Text(_("The applications changed while the pool was being frozen. Look at it and try again.")))
    if queries.quotas(draw.programme, draw.programme.fields.order_by("code")) != draw.quotas:
        raise Refused(Text(_("The quotas changed while the pool was being frozen. Look at them and try again.")))
    draw.code = f"DRAW-{draw.programme.draws.count() + 1}"
    draw.full_clean()
    draw.save()
    codes = [candidate.code for candidate in candidates]
    enter_pool(programme=draw.programme, codes=codes, by=by, on=draw.frozen_on)
    log("selection.frozen", draw, by=by, frozen_hash=draw.frozen_hash, people=len(draw.pool))
    return draw


@transaction.atomic
def cancel_draw(*, draw: Draw, reason: str, by: User | None) -> Draw:
    """Give up a frozen pool that must not be drawn from, before the draw; its hash stays published."""
    if not reason.strip():
        raise Refused(Text(_("Say why the frozen pool is given up; the log keeps it.")))
    waits = Draw.objects.filter(pk=draw.pk, status=DrawStatus.FROZEN, public_value="")
    if waits.update(status=DrawStatus.CANCELLED) != 1:
        raise Refused(Text(_("Only a frozen pool without a public value can be given up.")))
    draw.status = DrawStatus.CANCELLED
    log("selection.cancelled", draw, by=by, reason=reason.strip())
    leave_pool(programme=draw.programme, by=by)
    return draw


@transaction.atomic
def enter_value(*, draw: Draw, public_value: str, by: User | None) -> Draw:
    """Keep the public value once it is known; somebody else confirms it, and draws."""
    value = public_value.strip()
    if reasons := rules.reasons_no_value(value):
        raise Refused(*reasons)
    empty = Draw.objects.filter(pk=draw.pk, status=DrawStatus.FROZEN, public_value="")
    if empty.update(public_value=value, entered_by=by) != 1:
        raise Refused(Text(_("A public value was entered already, or the pool given up. Load the page again.")))
    draw.public_value, draw.entered_by = value, by
    log("selection.value_entered", draw, by=by, public_value=value)
    return draw


@transaction.atomic
def take_value_back(*, draw: Draw, reason: str, by: User | None) -> Draw:
    """Empty a public value that is not the one its source shows."""
    if not reason.strip():
        raise Refused(Text(_("Say why the public value is taken back; the log keeps it.")))
    entered = Draw.objects.filter(pk=draw.pk, status=DrawStatus.FROZEN).exclude(public_value="")
    if entered.update(public_value="", entered_by=None) != 1:
        raise Refused(Text(_("There is no public value to take back. Load the page again.")))
    value, draw.public_value, draw.entered_by = draw.public_value, "", None
    log("selection.value_taken_back", draw, by=by, public_value=value, reason=reason.strip())
    return draw


def run_draw(*, draw: Draw, by: User | None, seen: str | None = None, on: datetime.date | None = None) -> Draw:
    """Confirm the public value that somebody else entered, and draw. Holds no transaction open.

    ``seen`` is the value that whoever confirms read, unless it is that of ``draw``.
    """
    is_own = by is not None and by.pk == draw.entered_by_id
    if reasons := rules.reasons_not_confirmed(value=draw.public_value, seen=seen, is_own=is_own):
        raise Refused(*reasons)
    if not Draw.objects.filter(pk=draw.pk, status=DrawStatus.FROZEN).exists():
        raise Refused(Text(DRAWN_ALREADY))
    refuse_changed(draw=draw)
    made = certificate.draw(draw.frozen, secret=draw.secret, public_value=draw.public_value)
    draw.result = {name: made[name] for name in ("counts", "panel", "people", "reserves", "calls")}
    draw.seed, draw.status, draw.drawn_on = made["seed"], DrawStatus.DRAWN, on or today(draw.programme)
    return _record_draw(draw, draw.result, by=by)


def is_as_published(*, draw: Draw) -> bool:
    """Whether pool, panels and result have the hashes that were logged; a folder's draw has no log to compare with."""
    try:
        return _is_whole(draw) and _is_as_logged(draw)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):  # not even of the right shape
        return False


def _is_whole(draw: Draw) -> bool:
    """Whether the rows of the pool, the salt of their pseudonyms and what is frozen belong together."""
    people = {row[0] for row in draw.pool}
    known = {pseudonym(draw.salt, code) for code in draw.programme.applicants.values_list("code", flat=True)}
    return (
        draw.frozen["people"] == certificate.hash_of(draw.pool)
        and certificate.hashes_of(draw.frozen)["frozen"] == draw.frozen_hash
        and people <= known
    )


def _is_as_logged(draw: Draw) -> bool:
    entries = {entry.verb: entry.data for entry in entries_about(draw, "selection.frozen", "selection.drawn")}
    frozen, drawn = entries.get("selection.frozen"), entries.get("selection.drawn")
    return (frozen is None or frozen["frozen_hash"] == draw.frozen_hash) and (
        drawn is None or drawn["certificate_hash"] == certificate_hash(draw=draw)
    )


def refuse_changed(*, draw: Draw) -> None:
    """Neither draw from a pool nor show what follows from it when it is not as it was published."""
    if not is_as_published(draw=draw):
        raise Refused(Text(rules.CHANGED))


@transaction.atomic
def _record_draw(draw: Draw, result: dict[str, Any], *, by: User | None) -> Draw:
    Programme.objects.select_for_update().get(pk=draw.programme_id)  # so that nobody withdraws meanwhile
    written = ("seed", "result", "status", "drawn_on")
    frozen = Draw.objects.filter(pk=draw.pk, status=DrawStatus.FROZEN, frozen_hash=draw.frozen_hash)
    if (
        frozen.filter(public_value=draw.public_value).update(**{column: getattr(draw, column) for column in written})
        != 1
    ):
        raise Refused(Text(DRAWN_ALREADY))
    applicants = {pseudonym(draw.salt, a.code): a for a in draw.programme.applicants.all()}
    lists = ((SeatKind.DRAWN, result["people"]), (SeatKind.RESERVE, result["reserves"]))
    seats = [
        _seat(draw, applicants[name], kind, number)
        for kind, names in lists
        for number, name in enumerate(names, start=1)
    ]
    Seat.objects.bulk_create(seats, batch_size=CHUNK)
    made = certificate_hash(draw=draw)
    log("selection.drawn", draw, by=by, rows=seats, seed=draw.seed, seats=len(result["people"]), certificate_hash=made)
    return draw


def _seat(draw: Draw, applicant: Applicant, kind: SeatKind, number: int) -> Seat:
    """Whoever withdrew between freezing and drawing keeps the drawn number, but gets no seat."""
    given = SeatStatus.OFFERED if kind == SeatKind.DRAWN else SeatStatus.WAITING
    status = SeatStatus.WITHDRAWN if applicant.status == Status.WITHDRAWN else given
    return Seat(
        programme=draw.programme,
        draw=draw,
        applicant=applicant,
        kind=kind,
        place_in_order=number,
        status=status,
        source=draw.code,
    )


def certificate_of(*, draw: Draw) -> Certificate:
    """The draw as anybody may check it: what is frozen and, after the draw, the secret and all that follows from it."""
    published = {
        "format": certificate.FORMAT,
        "frozen": draw.frozen,
        "hashes": certificate.hashes_of(draw.frozen),
    }
    if not draw.result:
        return published
    opened = {"secret": draw.secret, "public_value": draw.public_value, "seed": draw.seed}
    return published | opened | draw.result


def broken_claims(*, draw: Draw) -> list[str]:
    """The claims of a drawn draw's certificate that do not hold; only its form where it is not even a certificate."""
    try:
        return [check.name for check in certificate.verify(certificate_of(draw=draw)) if not check.holds]
    except (KeyError, TypeError, ValueError, AttributeError):
        return ["form"]


def certificate_hash(*, draw: Draw) -> str:
    """The hash that the papers of a draw carry; it stays the same whoever is called afterwards."""
    return certificate.hash_as_drawn(certificate_of(draw=draw))


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a draw would look like: the quotas with the seats they got on a trial seed, and chances before it."""

    seed: str
    draw: Draw | None
    quotas: list[queries.QuotaRow]
    spread: rules.Spread | None
    reasons: list[Text]
    settled: Sequence[queries.Settled] = ()
    not_reached: Sequence[Text] = ()


def rehearse(*, programme: Programme, seed: str) -> Rehearsal:
    """Draw on a trial seed from the pool as it is now; nothing is stored, and nobody gets a seat."""
    pool = pool_now(programme=programme)
    seed = rules.TRIAL + (seed.strip() or "1")
    if pool.reasons:
        return Rehearsal(seed, None, [], None, pool.reasons)
    trial = Draw(
        programme=programme, seats=programme.seats, most_per_household=pool.most_per_household, salt=rules.TRIAL
    )
    trial.pool, trial.public_value_source = _rows(pool.candidates, trial.salt), rules.TRIAL
    trial.frozen = _frozen(trial, pool)
    made = certificate.draw(trial.frozen, secret=trial.secret, public_value=seed)
    trial.result = {"people": made["people"]}
    rows = queries.quota_rows_of(trial, pool.names)
    spread = rules.spread(float(chance) for chance in queries.chances(trial).values())
    return Rehearsal(seed, trial, rows, spread, [], queries.settled(trial, pool.names), queries.not_reached(trial))
