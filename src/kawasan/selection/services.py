"""Freeze the pool, draw from it, keep who accepts and who is called next, and sign the decree."""

import datetime
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction

from kawasan.applicants.models import Applicant
from kawasan.applicants.rules import Status
from kawasan.applicants.services import enter_pool, leave_pool, mark_withdrawn
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.engine import lottery
from kawasan.engine.errors import InfeasibleError
from kawasan.engine.randomness import order, seed_of
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Feature, rule_set_on
from kawasan.selection import queries, rules
from kawasan.selection.models import Decree, Draw, Seat
from kawasan.selection.queries import Candidate
from kawasan.selection.rules import Bound, DecreeStatus, DrawStatus, SeatKind, SeatStatus, pseudonym

CHUNK = 500  # rows written by one query
METHOD = "kawasan draw 1"  # changes whenever the same pool and seed would give another result


@dataclass(frozen=True, slots=True)
class Pool:
    """The pool as it would be frozen now, everything that speaks against freezing it, and the names of values."""

    candidates: list[Candidate]
    quotas: list[list[Any]]
    names: dict[tuple[str, str], str]
    most_per_household: int
    reasons: list[Text]


def pool_now(*, programme: Programme) -> Pool:
    """Look at the eligible applicants and the quotas; say what stands in the way of a draw."""
    found, fields = queries.candidates(programme), list(programme.fields.order_by("code"))
    quotas, names = queries.quotas(programme, fields), queries.value_names(programme, fields)
    rule_set = rule_set_on(programme.rule_sets.all(), today(programme))
    unassessed = programme.applicants.filter(status=Status.SUBMITTED).count()
    reasons = rules.reasons_not_ready(eligible=len(found), unassessed=unassessed, has_rule_set=rule_set is not None)
    if rule_set is None or not found:
        return Pool(found, quotas, names, 1, reasons)
    pool = Pool(found, quotas, names, rule_set.most_per_household, reasons)
    reasons += _reasons_infeasible(pool, seats=programme.seats)
    return pool


def freeze_pool(
    *, programme: Programme, by: User | None, salt: str | None = None, on: datetime.date | None = None
) -> Draw:
    """Fix who is in the draw, by pseudonym, and what every result must satisfy; its hash can be published.

    The pseudonyms hang on a secret salt; a given ``salt`` repeats an earlier freezing exactly.
    """
    pool = pool_now(programme=programme)
    if pool.reasons:
        raise Refused(*pool.reasons)
    salt = salt or secrets.token_hex(16)
    rows = sorted(
        [pseudonym(salt, c.code), pseudonym(salt, f"household {c.household}"), c.tickets, c.features]
        for c in pool.candidates
    )
    draw = Draw(
        programme=programme,
        seats=programme.seats,
        most_per_household=pool.most_per_household,
        pool=rows,
        quotas=pool.quotas,
        salt=salt,
        frozen_on=on or today(programme),
    )
    draw.pool_hash = hash_of_pool(draw)
    return _record_pool(draw, pool.candidates, by=by)


@transaction.atomic
def _record_pool(draw: Draw, candidates: list[Candidate], *, by: User | None) -> Draw:
    Programme.objects.select_for_update().get(pk=draw.programme_id)  # of two people who freeze, one waits here
    if draw.programme.draws.standing().exists():
        raise Refused(Text(_("The pool of this programme is frozen already.")))
    if queries.candidates(draw.programme) != candidates:
        raise Refused(Text(_("The applications changed while the pool was being frozen. Look at it and try again.")))
    draw.code = f"DRAW-{draw.programme.draws.count() + 1}"
    draw.full_clean()
    draw.save()
    codes = [candidate.code for candidate in candidates]
    enter_pool(programme=draw.programme, codes=codes, by=by, on=draw.frozen_on)
    log("selection.frozen", draw, by=by, pool_hash=draw.pool_hash, people=len(draw.pool))
    return draw


@transaction.atomic
def cancel_draw(*, draw: Draw, reason: str, by: User | None) -> Draw:
    """Give up a frozen pool that must not be drawn from, before the draw; its hash stays published."""
    if not reason.strip():
        raise Refused(Text(_("Say why the frozen pool is given up; the log keeps it.")))
    if Draw.objects.filter(pk=draw.pk, status=DrawStatus.FROZEN).update(status=DrawStatus.CANCELLED) != 1:
        raise Refused(Text(_("Only a frozen pool that was not drawn from can be given up.")))
    draw.status = DrawStatus.CANCELLED
    log("selection.cancelled", draw, by=by, reason=reason.strip())
    leave_pool(programme=draw.programme, by=by)
    return draw


def run_draw(
    *, draw: Draw, public_value: str, public_value_source: str, by: User | None, on: datetime.date | None = None
) -> Draw:
    """Draw from a frozen pool with a public value that became known afterwards. Holds no transaction open."""
    value, source = public_value.strip(), public_value_source.strip()
    if reasons := rules.reasons_no_public_value(value, source):
        raise Refused(*reasons)
    if hash_of_pool(draw) != draw.pool_hash:
        raise Refused(Text(_("The frozen pool does not have the hash that was published; it must not be drawn from.")))
    seed = seed_of(draw.pool_hash, value)
    names = [row[0] for row in draw.pool]
    drawn = lottery.draw(_problem_of(draw), order=order(seed, names, [row[2] for row in draw.pool]))
    result = {
        "method": METHOD,
        "chosen": [names[person] for person in drawn.chosen],
        "waiting": [names[person] for person in drawn.waiting],
    }
    draw.public_value, draw.public_value_source, draw.seed, draw.result = value, source, seed, result
    draw.status, draw.drawn_on = DrawStatus.DRAWN, on or today(draw.programme)
    return _record_draw(draw, result, by=by)


@transaction.atomic
def _record_draw(draw: Draw, result: dict[str, Any], *, by: User | None) -> Draw:
    Programme.objects.select_for_update().get(pk=draw.programme_id)  # so that nobody withdraws meanwhile
    written = ("public_value", "public_value_source", "seed", "result", "status", "drawn_on")
    frozen = Draw.objects.filter(pk=draw.pk, status=DrawStatus.FROZEN, pool_hash=draw.pool_hash)
    if frozen.update(**{column: getattr(draw, column) for column in written}) != 1:
        raise Refused(Text(_("This pool was drawn already, or given up. Load the page again to see the result.")))
    applicants = {pseudonym(draw.salt, a.code): a for a in draw.programme.applicants.all()}
    lists = ((SeatKind.DRAWN, result["chosen"]), (SeatKind.RESERVE, result["waiting"]))
    seats = [
        _seat(draw, applicants[name], kind, number)
        for kind, names in lists
        for number, name in enumerate(names, start=1)
    ]
    Seat.objects.bulk_create(seats, batch_size=CHUNK)
    log("selection.drawn", draw, by=by, rows=seats, seed=draw.seed, seats=len(result["chosen"]))
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


@transaction.atomic
def accept(*, seat: Seat, by: User | None, on: datetime.date) -> Seat:
    """Keep that somebody takes the seat: from now on they are a participant."""
    return _move(seat, SeatStatus.ACCEPTED, "selection.accepted", by=by, on=on)


@transaction.atomic
def decline(*, seat: Seat, by: User | None, on: datetime.date, note: str = "") -> Seat:
    """Keep that somebody does not take the seat; it is free for the waiting list."""
    return _move(seat, SeatStatus.DECLINED, "selection.declined", by=by, on=on, note=note)


@transaction.atomic
def withdraw(*, applicant: Applicant, reason: str, by: User | None, on: datetime.date) -> Applicant:
    """Take somebody out of the programme, whether they hold a seat, wait for one or have none."""
    Programme.objects.select_for_update().get(pk=applicant.programme_id)  # so that nobody draws a seat meanwhile
    seat = Seat.objects.filter(applicant=applicant, status__in=rules.came_from(SeatStatus.WITHDRAWN)).first()
    if seat:
        _move(seat, SeatStatus.WITHDRAWN, "selection.withdrawn", by=by, on=on, note=reason)
    return mark_withdrawn(applicant=applicant, reason=reason, by=by, on=on)


def call_reserve(*, programme: Programme, by: User | None, on: datetime.date) -> Seat:
    """Offer a free seat to the first on the waiting list with whom the quotas still hold.

    If there is nobody like that, to the one who misses the quotas least; the seat says so in ``keeps_quotas``.
    """
    draw = programme.draws.standing().filter(status=DrawStatus.DRAWN).first()
    if draw is None:
        raise Refused(Text(_("There is no waiting list before the draw.")))
    rows = {row[0]: number for number, row in enumerate(draw.pool)}
    held, waiting = Seat.objects.filter(draw=draw).held(), Seat.objects.filter(draw=draw).waiting()
    staying = [rows[pseudonym(draw.salt, code)] for code in held.values_list("applicant__code", flat=True)]
    queue = {rows[pseudonym(draw.salt, seat.applicant.code)]: seat for seat in waiting.select_related("applicant")}
    if len(staying) >= draw.seats:
        raise Refused(Text(_("No seat is free: all {seats} are offered or accepted."), {"seats": draw.seats}))
    try:
        found = lottery.replacement(_problem_of(draw), staying=staying, waiting=list(queue))
    except InfeasibleError:
        raise Refused(Text(_("Nobody on the waiting list may take a seat within the household limit."))) from None
    return _offer(queue[found.person], keeps_quotas=found.keeps_quotas, by=by, on=on)


@transaction.atomic
def _offer(seat: Seat, *, keeps_quotas: bool, by: User | None, on: datetime.date) -> Seat:
    Draw.objects.select_for_update().get(pk=seat.draw_id)  # so that two people do not fill one seat twice
    if Seat.objects.filter(draw=seat.draw_id).held().count() >= seat.draw.seats:
        raise Refused(Text(_("The seat was given to somebody else meanwhile.")))
    seat.keeps_quotas = keeps_quotas
    return _move(seat, SeatStatus.OFFERED, "selection.reserve_called", by=by, on=on)


def _move(seat: Seat, status: SeatStatus, verb: str, *, by: User | None, on: datetime.date, note: str = "") -> Seat:
    movable = Seat.objects.filter(pk=seat.pk, status__in=rules.came_from(status))
    note = note.strip()[:300]
    if movable.update(status=status, decided_on=on, note=note, keeps_quotas=seat.keeps_quotas) != 1:
        seat.refresh_from_db(fields=["status"])
        raise Refused(rules.reason_not_movable(seat.status, status))
    seat.status, seat.decided_on, seat.note = status, on, note
    log(verb, seat, by=by, on=on, note=note, keeps_quotas=seat.keeps_quotas)
    return seat


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


def hash_of_pool(draw: Draw) -> str:
    """SHA-256 of everything that is fixed when a pool is frozen."""
    return _hash(
        {
            "most_per_household": draw.most_per_household,
            "pool": draw.pool,
            "quotas": draw.quotas,
            "seats": draw.seats,
        }
    )


def _hash(value: Any) -> str:
    """SHA-256 of JSON in UTF-8 with sorted keys and no white space: everybody writes it alike."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _problem_of(draw: Draw) -> lottery.Problem:
    return _problem(draw.pool, draw.quotas, seats=draw.seats, most_per_household=draw.most_per_household)


def _problem(
    rows: Sequence[Sequence[Any]], quotas: Sequence[Sequence[Any]], *, seats: int, most_per_household: int
) -> lottery.Problem:
    """Number the values of every feature and the households, as the engine wants them."""
    names = [feature.value for feature in Feature]
    pairs = {(name, row[3][name]) for row in rows for name in names} | {(quota[0], quota[1]) for quota in quotas}
    number = {pair: index for index, pair in enumerate(sorted(pairs))}
    _unique, households = np.unique([row[1] for row in rows], return_inverse=True)
    return lottery.Problem(
        features=np.array([[number[name, row[3][name]] for name in names] for row in rows], dtype=np.int64),
        quotas=[lottery.Quota(names.index(q[0]), number[q[0], q[1]], q[2], q[3]) for q in quotas],
        seats=seats,
        households=households.astype(np.int64),
        most_per_household=most_per_household,
    )


def _reasons_infeasible(pool: Pool, *, seats: int) -> list[Text]:
    rows = [["", candidate.household, candidate.tickets, candidate.features] for candidate in pool.candidates]
    most = pool.most_per_household
    found = lottery.check(_problem(rows, pool.quotas, seats=seats, most_per_household=most))
    if found.feasible:
        return []
    shown = queries.quota_rows(pool.names, pool.quotas, pool=[one.features for one in pool.candidates])

    def bound(number: int, least: int, most: int) -> Bound:
        return Bound(pool.quotas[number][0], shown[number].label, least, most, shown[number].available)

    return rules.reasons_infeasible(
        conflict=[bound(number, *pool.quotas[number][2:]) for number in found.conflict],
        relaxation=[bound(change.quota, change.least, change.most) for change in found.relaxation],
        seats=seats,
        most_seats=found.most_seats,
        most_per_household=most,
    )
