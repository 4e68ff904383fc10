"""Freeze the pool, draw from it, keep who accepts and who is called next, and sign the decree."""

import datetime
import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any

import numpy as np
from django.db import transaction

from kawasan.applicants.models import Applicant
from kawasan.applicants.rules import Status
from kawasan.applicants.services import enter_pool, leave_pool, mark_withdrawn
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import entries_about, log
from kawasan.core.text import Text, _
from kawasan.engine import certificate, fairness, lottery
from kawasan.engine.cells import cells_of
from kawasan.engine.certificate import Certificate, Frozen
from kawasan.engine.errors import InfeasibleError
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.programmes.queries import quota_lines
from kawasan.programmes.rules import Feature, QuotaLine, rule_set_on
from kawasan.programmes.services import set_quotas
from kawasan.selection import queries, rules
from kawasan.selection.models import Decree, Draw, DrawException, Seat, SeatQuerySet
from kawasan.selection.queries import Candidate
from kawasan.selection.rules import Bound, DecreeStatus, DrawStatus, SeatKind, SeatStatus, pseudonym

CHUNK = 500  # rows written by one query
WORTH_SAYING = 0.0005  # of a chance; a rise by less would be shown as none
CODE = "kawasan selection 2"  # changes whenever the same pool would give other panels


@dataclass(frozen=True, slots=True)
class Pool:
    """The pool as it would be frozen now, everything that speaks against freezing it, and the names of values."""

    candidates: list[Candidate]
    quotas: list[list[Any]]
    names: dict[tuple[str, str], str]
    most_per_household: int
    reasons: list[Text]
    found: lottery.Feasibility | None = None  # nothing where there is no pool to look at

    @property
    def certain(self) -> list[int]:
        """The row numbers of those who are guaranteed a seat."""
        return [row for row, candidate in enumerate(self.candidates) if candidate.certain]


def pool_now(*, programme: Programme, lines: Iterable[QuotaLine] | None = None) -> Pool:
    """Look at the eligible applicants and the quotas, saved or tried out; say what stands in the way of a draw."""
    found, fields = queries.candidates(programme), list(programme.fields.order_by("code"))
    quotas, names = queries.quotas(programme, fields), queries.value_names(programme, fields)
    if lines is not None:
        quotas = [[*line.counts, *line.bounds] for line in lines]
    rule_set = rule_set_on(programme.rule_sets.all(), today(programme))
    unassessed = programme.applicants.filter(status=Status.SUBMITTED).count()
    reasons = rules.reasons_not_ready(eligible=len(found), unassessed=unassessed, has_rule_set=rule_set is not None)
    reasons += rules.reasons_unconfirmed(programme.draw_exceptions.waiting().count())
    if rule_set is None or not found:
        return Pool(found, quotas, names, 1, reasons)
    pool = Pool(found, quotas, names, rule_set.most_per_household, reasons)
    feasibility = lottery.check(_problem_of(pool, quotas, seats=programme.seats), certain=pool.certain)
    reasons += _reasons_infeasible(pool, feasibility, seats=programme.seats)
    return replace(pool, found=feasibility)


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
    given ones repeat an earlier freezing exactly. Holds no transaction open.
    """
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
    problem = _problem(draw.pool, pool.quotas, seats=draw.seats, most_per_household=draw.most_per_household)
    tickets = np.array([row[2] for row in draw.pool], dtype=np.int64)
    guaranteed = {pseudonym(draw.salt, candidate.code) for candidate in pool.candidates if candidate.certain}
    certain = [number for number, row in enumerate(draw.pool) if row[0] in guaranteed]
    frozen = certificate.freeze(
        problem,
        fairness.leximin(problem, weights=tickets, certain=certain),
        pseudonyms=[row[0] for row in draw.pool],
        names=[(quota[0], quota[1]) for quota in pool.quotas],
        code=f"{CODE}, kawasan {version('kawasan')}",
        commitment=certificate.commitment_of(draw.secret) if draw.secret else "",
        source=draw.public_value_source,
    )
    return frozen | {"programme": draw.programme.code, "people": certificate.hash_of(draw.pool)} | _excepted(draw)


def _excepted(draw: Draw) -> Frozen:
    """Of whom the draw does not decide, and why: by pseudonym, and by need band. Nothing when it decides of all."""
    bands = draw.programme.need_bands.filter(is_guaranteed=True).values_list("code", flat=True)
    rows = [[pseudonym(draw.salt, code), kind, reason] for code, kind, reason in queries.exceptions(draw.programme)]
    found = {"exceptions": sorted(rows), "guaranteed_bands": sorted(bands)}
    return {key: value for key, value in found.items() if value}


@transaction.atomic
def _record_pool(draw: Draw, candidates: list[Candidate], *, by: User | None) -> Draw:
    Programme.objects.select_for_update().get(pk=draw.programme_id)  # of two people who freeze, one waits here
    if draw.programme.draws.standing().exists():
        raise Refused(Text(_("The pool of this programme is frozen already.")))
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
def add_exception(*, exception: DrawException, by: User | None) -> DrawException:
    """Keep that somebody shall be guaranteed a seat or kept out; it counts once somebody else confirms it."""
    _refuse_change(exception, by=None)
    exception.entered_by = by
    exception.full_clean()
    exception.save()
    log("selection.exception_added", exception, by=by, kind=exception.kind, reason=exception.reason)
    return exception


@transaction.atomic
def confirm_exception(*, exception: DrawException, by: User | None, on: datetime.date) -> DrawException:
    """Let an exception count that somebody else entered."""
    _refuse_change(exception, by=by)
    _write_exception(exception, was_confirmed=False, confirmed_by=by, confirmed_on=on)
    log("selection.exception_confirmed", exception, by=by, kind=exception.kind)
    return exception


@transaction.atomic
def doubt_exception(*, exception: DrawException, reason: str, by: User | None) -> DrawException:
    """Take a confirmation back: it counts no more, and somebody else says what becomes of it."""
    _refuse_change(exception, by=None, why=reason)
    _write_exception(exception, was_confirmed=True, entered_by=by, confirmed_by=None, confirmed_on=None)
    log("selection.exception_doubted", exception, by=by, kind=exception.kind, reason=reason.strip())
    return exception


@transaction.atomic
def remove_exception(*, exception: DrawException, reason: str, by: User | None) -> None:
    """Remove an exception that is not confirmed and that somebody else entered, or took the confirmation of."""
    _refuse_change(exception, by=by, why=reason)
    programme, code, kind = exception.programme, exception.applicant.code, exception.kind
    gone = DrawException(pk=exception.pk)
    if not DrawException.objects.waiting().filter(pk=exception.pk).delete()[0]:
        raise Refused(Text(_("This exception was changed meanwhile. Load the page again to see it.")))
    log(
        "selection.exception_removed",
        programme,
        by=by,
        deleted=[gone],
        applicant=code,
        kind=kind,
        reason=reason.strip(),
    )


def _refuse_change(exception: DrawException, *, by: User | None, why: str = "-") -> None:
    """``by`` must be somebody else than who entered the exception, unless it is None."""
    Programme.objects.select_for_update().get(pk=exception.programme_id)  # so that nobody freezes meanwhile
    is_own = by is not None and by.pk == exception.entered_by_id
    is_frozen = Draw.objects.standing().filter(programme=exception.programme_id).exists()
    if reasons := rules.reasons_exception_unchangeable(is_frozen=is_frozen, is_own=is_own):
        raise Refused(*reasons)
    if not why.strip():
        raise Refused(Text(_("Say why; the log keeps it.")))


def _write_exception(exception: DrawException, *, was_confirmed: bool, **values: Any) -> None:
    """Write unless somebody else was quicker."""
    as_seen = DrawException.objects.filter(pk=exception.pk, entered_by=exception.entered_by_id)
    if as_seen.filter(confirmed_on__isnull=not was_confirmed).update(**values) != 1:
        raise Refused(Text(_("This exception was changed meanwhile. Load the page again to see it.")))
    for name, value in values.items():
        setattr(exception, name, value)


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
    if not is_as_published(draw=draw):
        raise Refused(Text(rules.CHANGED))
    made = certificate.draw(draw.frozen, secret=draw.secret, public_value=draw.public_value)
    draw.result = {name: made[name] for name in ("counts", "panel", "people", "reserves", "calls")}
    draw.seed, draw.status, draw.drawn_on = made["seed"], DrawStatus.DRAWN, on or today(draw.programme)
    return _record_draw(draw, draw.result, by=by)


def is_as_published(*, draw: Draw) -> bool:
    """Whether pool and panels have the hash that was logged when they were frozen; a folder's draw has no log."""
    logged = [entry.data["frozen_hash"] for entry in entries_about(draw, "selection.frozen")]
    is_whole = draw.frozen["people"] == certificate.hash_of(draw.pool)
    return is_whole and {certificate.hashes_of(draw.frozen)["frozen"], *logged} == {draw.frozen_hash}


@transaction.atomic
def _record_draw(draw: Draw, result: dict[str, Any], *, by: User | None) -> Draw:
    Programme.objects.select_for_update().get(pk=draw.programme_id)  # so that nobody withdraws meanwhile
    written = ("seed", "result", "status", "drawn_on")
    frozen = Draw.objects.filter(pk=draw.pk, status=DrawStatus.FROZEN, frozen_hash=draw.frozen_hash)
    if (
        frozen.filter(public_value=draw.public_value).update(**{column: getattr(draw, column) for column in written})
        != 1
    ):
        raise Refused(Text(_("This pool was drawn already, or given up. Load the page again to see the result.")))
    applicants = {pseudonym(draw.salt, a.code): a for a in draw.programme.applicants.all()}
    if not applicants.keys() >= {row[0] for row in draw.pool}:
        raise Refused(Text(rules.CHANGED))
    lists = ((SeatKind.DRAWN, result["people"]), (SeatKind.RESERVE, result["reserves"]))
    seats = [
        _seat(draw, applicants[name], kind, number)
        for kind, names in lists
        for number, name in enumerate(names, start=1)
    ]
    Seat.objects.bulk_create(seats, batch_size=CHUNK)
    log("selection.drawn", draw, by=by, rows=seats, seed=draw.seed, seats=len(result["people"]))
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


@transaction.atomic
def call_reserve(*, programme: Programme, by: User | None, on: datetime.date) -> Seat:
    """Offer a free seat to the reserve whose turn it is: the first with whom the quotas are missed by fewest.

    Every call is a step of the certificate, and so is a reserve who left: the verifiers follow both.
    """
    draw = Draw.objects.standing().select_for_update().filter(programme=programme, status=DrawStatus.DRAWN).first()
    if draw is None:
        raise Refused(Text(_("There is no waiting list before the draw.")))
    draw.programme = programme
    seats = {pseudonym(draw.salt, seat.applicant.code): seat for seat in _seats_of(draw)}
    made = certificate_of(draw=draw)
    sitting, waiting = certificate.seats_now(made)
    free = [name for name in sitting if seats[name].status not in rules.HELD]
    if not free:
        raise Refused(Text(_("No seat is free: all {seats} are offered or accepted."), {"seats": draw.seats}))
    gone = [name for name in waiting if seats[name].status != SeatStatus.WAITING]
    leaver = min(free, key=lambda name: (seats[name].decided_on or draw.frozen_on, name))
    try:
        for name in (*gone, leaver):
            made = certificate.call(made, leaver=name)
    except InfeasibleError:
        raise Refused(Text(_("Nobody on the waiting list may take a seat within the household limit."))) from None
    return _offer(draw, seats, made["calls"], by=by, on=on)


def _seats_of(draw: Draw) -> SeatQuerySet:
    return Seat.objects.filter(draw=draw).select_related("applicant")


def _offer(
    draw: Draw, seats: dict[str, Seat], calls: list[dict[str, Any]], *, by: User | None, on: datetime.date
) -> Seat:
    draw.result = (draw.result or {}) | {"calls": calls}
    draw.save(update_fields=["result"])
    seat = seats[calls[-1]["reserve"]]
    seat.keeps_quotas = calls[-1]["short"] == 0
    return _move(seat, SeatStatus.OFFERED, "selection.reserve_called", by=by, on=on, rows=[draw])


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
    return Rehearsal(seed, trial, rows, spread, [], queries.settled(trial, pool.names))


@dataclass(frozen=True, slots=True)
class Outlook:
    """What quotas would do to the pool as it is now.

    reasons      what stands in the way of a draw
    spread       of everybody's chance, the best that there is: any list of panels comes near to it
    free         the same with no quota, only the seats and the household limit
    chances      everybody's chance, by value
    gains        by quota, the least chance without it, where that is higher
    relaxation   by quota, the bounds of the smallest change with which there is a draw
    """

    reasons: list[Text]
    spread: rules.Spread | None = None
    free: rules.Spread | None = None
    chances: Mapping[tuple[str, str], rules.Spread | None] = field(default_factory=dict)
    gains: Mapping[tuple[str, str], float] = field(default_factory=dict)
    relaxation: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)


def outlook(*, programme: Programme, lines: Sequence[QuotaLine], names: Mapping[tuple[str, str], str]) -> Outlook:
    """Try quotas out on the pool as it is now; nothing is stored. ``names`` are the words of what they count."""
    if wrong := rules.reasons_wrong_bounds(lines, names):
        return Outlook(wrong)
    pool, seats = pool_now(programme=programme, lines=lines), programme.seats
    if pool.found is None:
        return Outlook(pool.reasons)
    if not pool.found.feasible:
        changes = {lines[one.quota].counts: (one.least, one.most) for one in pool.found.relaxation}
        free = rules.spread(_chances(pool, [], seats=seats)) if changes else None
        return Outlook(pool.reasons, free=free, relaxation=changes)
    return _outlook_of(pool, seats=seats)


def _outlook_of(pool: Pool, *, seats: int) -> Outlook:
    chances = _chances(pool, pool.quotas, seats=seats)
    by_value: dict[tuple[str, str], list[float]] = {}
    for candidate, chance in zip(pool.candidates, chances, strict=True):
        for pair in candidate.features.items():
            by_value.setdefault(pair, []).append(chance)
    gains = {}
    for number, quota in enumerate(pool.quotas):
        without = min(_chances(pool, pool.quotas[:number] + pool.quotas[number + 1 :], seats=seats))
        if without > min(chances) + WORTH_SAYING:
            gains[quota[0], quota[1]] = without
    return Outlook(
        pool.reasons,
        spread=rules.spread(chances),
        free=rules.spread(_chances(pool, [], seats=seats)),
        chances={pair: rules.spread(found) for pair, found in by_value.items()},
        gains=gains,
    )


def _chances(pool: Pool, quotas: Sequence[Sequence[Any]], *, seats: int) -> list[float]:
    """Everybody's chance where chances are as equal, in proportion to tickets, as these quotas allow."""
    tickets = np.array([candidate.tickets for candidate in pool.candidates], dtype=np.int64)
    cells = cells_of(_problem_of(pool, quotas, seats=seats), weights=tickets, certain=pool.certain)
    return [float(chance) for chance in (fairness.fairest_point(cells) / cells.size)[cells.cell]]


@transaction.atomic
def change_quotas(*, programme: Programme, lines: Sequence[QuotaLine], seen: str, by: User | None) -> None:
    """Replace the quotas and the fields' seats, before a pool is frozen with them.

    ``seen`` is the state of the quotas that whoever changes them saw.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)  # so that nobody freezes or changes them meanwhile
    if programme.draws.standing().exists():
        raise Refused(Text(_("The pool is frozen, and its quotas with it. They can be changed once it is given up.")))
    if seen != queries.quota_state(programme):
        template = _(
            "Somebody else changed the quotas meanwhile. Your numbers are still here, beside those that are saved now; "
            "save once more to replace them."
        )
        raise Refused(Text(template))
    names = {choice.counts: choice.label for choice in queries.quota_choices(programme)}
    wrong = rules.reasons_wrong_bounds(lines, names)
    if reasons := wrong + rules.reasons_unexplained(lines, quota_lines(programme), names):
        raise Refused(*reasons)
    set_quotas(programme=programme, lines=lines, by=by)


def _move(
    seat: Seat,
    status: SeatStatus,
    verb: str,
    *,
    by: User | None,
    on: datetime.date,
    note: str = "",
    rows: Sequence[Draw] = (),
) -> Seat:
    movable = Seat.objects.filter(pk=seat.pk, status__in=rules.came_from(status))
    note = note.strip()[:300]
    if movable.update(status=status, decided_on=on, note=note, keeps_quotas=seat.keeps_quotas) != 1:
        seat.refresh_from_db(fields=["status"])
        raise Refused(rules.reason_not_movable(seat.status, status))
    seat.status, seat.decided_on, seat.note = status, on, note
    log(verb, seat, by=by, rows=rows, on=on, note=note, keeps_quotas=seat.keeps_quotas)
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


def _problem(
    rows: Sequence[Sequence[Any]], quotas: Sequence[Sequence[Any]], *, seats: int, most_per_household: int
) -> lottery.Problem:
    """Number the values of every feature and the households, as the engine wants them."""
    names = [feature.value for feature in Feature]
    pairs = {(name, row[3][name]) for row in rows for name in names} | {(quota[0], quota[1]) for quota in quotas}
    number = {pair: index for index, pair in enumerate(sorted(pairs))}
    known: dict[str, int] = {}
    households = [known.setdefault(row[1], len(known)) for row in rows]
    return lottery.Problem(
        features=np.array([[number[name, row[3][name]] for name in names] for row in rows], dtype=np.int64),
        quotas=[lottery.Quota(names.index(q[0]), number[q[0], q[1]], q[2], q[3]) for q in quotas],
        seats=seats,
        households=np.array(households, dtype=np.int64),
        most_per_household=most_per_household,
    )


def _problem_of(pool: Pool, quotas: Sequence[Sequence[Any]], *, seats: int) -> lottery.Problem:
    rows = [["", candidate.household, candidate.tickets, candidate.features] for candidate in pool.candidates]
    return _problem(rows, quotas, seats=seats, most_per_household=pool.most_per_household)


def _reasons_infeasible(pool: Pool, found: lottery.Feasibility, *, seats: int) -> list[Text]:
    if found.feasible:
        return []
    shown = queries.quota_rows(pool.names, pool.quotas, pool=[one.features for one in pool.candidates])

    def bound(number: int, least: int, most: int) -> Bound:
        return Bound(
            Text(Feature(pool.quotas[number][0]).label), shown[number].label, least, most, shown[number].available
        )

    if found.excess:
        return rules.reasons_too_certain(
            certain=len(pool.certain),
            beyond_seats=found.excess.seats,
            quotas=[(bound(number, *pool.quotas[number][2:]), taken) for number, taken in found.excess.quotas],
            households=found.excess.households,
            seats=seats,
            most_per_household=pool.most_per_household,
        )
    return rules.reasons_infeasible(
        conflict=[bound(number, *pool.quotas[number][2:]) for number in found.conflict],
        relaxation=[bound(change.quota, change.least, change.most) for change in found.relaxation],
        seats=seats,
        most_seats=found.most_seats,
        most_per_household=pool.most_per_household,
    )
