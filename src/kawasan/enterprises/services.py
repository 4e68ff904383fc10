"""Enterprises are registered and changed; workers come and go; cash entries and debts are written and taken back."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from kawasan.core import photos
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.photos import Photo
from kawasan.core.services import log
from kawasan.core.text import Text
from kawasan.engine.survival import Survival, survival
from kawasan.enterprises import queries, rules
from kawasan.enterprises.models import (
    Asset,
    Capacity,
    CashEntry,
    Debt,
    Enterprise,
    Member,
    Product,
    Sighting,
    StockMove,
    Worker,
)
from kawasan.enterprises.queries import next_code
from kawasan.enterprises.rules import EnterpriseStatus, Owed, StockKind
from kawasan.matching.models import GroupMember
from kawasan.matching.rules import GroupRole
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme


@transaction.atomic
def add_enterprise(*, programme: Programme, by: User | None, **answers: Any) -> Enterprise:
    """Register the enterprise of a participant."""
    code = next_code(programme, programme.enterprises.all(), "E", 3)
    enterprise = Enterprise(programme=programme, code=code, **answers)
    enterprise.full_clean()
    enterprise.save()
    log("enterprises.enterprise_added", enterprise, by=by, name=enterprise.name, status=enterprise.status)
    return enterprise


@transaction.atomic
def change_enterprise(*, enterprise: Enterprise, by: User | None, **answers: Any) -> Enterprise:
    """Change what is known of an enterprise; the answers are its columns. Closing it ends the work of its workers."""
    for name, value in answers.items():
        setattr(enterprise, name, value)
    enterprise.full_clean()
    enterprise.save(update_fields=list(answers))
    log("enterprises.enterprise_changed", enterprise, by=by, status=enterprise.status, columns=sorted(answers))
    if enterprise.status == EnterpriseStatus.CLOSED:
        _end_work(enterprise, by=by)
    return enterprise


def _end_work(enterprise: Enterprise, *, by: User | None) -> None:
    day = today(enterprise.programme)
    for worker in enterprise.workers.filter(until=None, since__lte=day):
        end_worker(worker=worker, until=day, by=by)


@transaction.atomic
def add_worker(*, enterprise: Enterprise, by: User | None, **answers: Any) -> Worker:
    """Record that somebody began to work in an enterprise."""
    programme = enterprise.programme
    code = next_code(programme, programme.workers.all(), "W", 3)  # from here on nobody else adds one
    if reasons := _reasons_not_worker(enterprise, answers.get("nik", ""), answers["since"]):
        raise Refused(*reasons)
    worker = Worker(programme=programme, code=code, enterprise=enterprise, source=_author(by), **answers)
    worker.full_clean()
    worker.save()
    log("enterprises.worker_added", worker, by=by, enterprise=enterprise.code, since=worker.since)
    return worker


def _reasons_not_worker(enterprise: Enterprise, nik: str, since: datetime.date) -> list[Text]:
    there = enterprise.programme.workers.of_nik_from(nik, since) if nik else Worker.objects.none()
    found = there.select_related("enterprise").first()
    return rules.reasons_not_worker(
        is_closed=enterprise.status == EnterpriseStatus.CLOSED,
        is_owner=bool(nik) and enterprise.owner.person.nik == nik,
        works_at=str(found.enterprise) if found else "",
    )


@transaction.atomic
def end_worker(*, worker: Worker, until: datetime.date, by: User | None) -> Worker:
    """Record the last day of somebody's work."""
    worker = Worker.objects.select_for_update().get(pk=worker.pk)
    reasons = rules.reasons_worker_cannot_end(since=worker.since, until=until, has_ended=worker.until is not None)
    if reasons:
        raise Refused(*reasons)
    worker.until = until
    worker.save(update_fields=("until",))
    log("enterprises.worker_ended", worker, by=by, until=until)
    return worker


@transaction.atomic
def add_members(
    *, enterprise: Enterprise, people: Iterable[GroupMember], since: datetime.date, by: User | None
) -> list[Member]:
    """Record that people of the group are members from a day on, in the role that they have in the group."""
    programme, chosen = enterprise.programme, list(people)
    code = next_code(programme, programme.enterprise_members.all(), "EM", 4)  # from here on nobody else adds one
    held = set(enterprise.members.now().values_list("role", flat=True))
    roles = [GroupRole(one.role) for one in chosen]
    if reasons := rules.reasons_not_members(since=since, today=today(programme), roles=roles, held=held):
        raise Refused(*reasons)
    made = []
    for one in chosen:
        member = Member(enterprise=enterprise, applicant=one.applicant, role=one.role, since=since)
        made.append(_write_member(member, code, by=by))
        code = next_code(programme, programme.enterprise_members.all(), "EM", 4)
    return made


@transaction.atomic
def change_role(*, member: Member, role: str, since: datetime.date, by: User | None) -> Member:
    """Record another role of a member: the one before ends the day before, or was wrong when it began that day."""
    member = Member.objects.select_for_update().select_related("enterprise__programme").get(pk=member.pk)
    enterprise = member.enterprise
    held = set(enterprise.members.now().exclude(pk=member.pk).values_list("role", flat=True))
    reasons = [
        *rules.reasons_role_stays(
            has_ended=member.until is not None, is_same=member.role == role, member_since=member.since, since=since
        ),
        *rules.reasons_not_members(since=since, today=today(enterprise.programme), roles=[GroupRole(role)], held=held),
    ]
    if reasons:
        raise Refused(*reasons)
    if since == member.since:
        member.role = role
        member.save(update_fields=("role",))
        log("enterprises.member_corrected", member, by=by, enterprise=enterprise.code, role=role)
        return member
    _end_member(member, since - datetime.timedelta(days=1), by=by)
    code = next_code(enterprise.programme, enterprise.programme.enterprise_members.all(), "EM", 4)
    return _write_member(Member(enterprise=enterprise, applicant=member.applicant, role=role, since=since), code, by=by)


@transaction.atomic
def end_member(*, member: Member, until: datetime.date, by: User | None) -> Member:
    """Record the last day of somebody as a member."""
    member = Member.objects.select_for_update().select_related("enterprise__programme").get(pk=member.pk)
    reasons = rules.reasons_member_cannot_end(
        since=member.since, until=until, has_ended=member.until is not None, today=today(member.enterprise.programme)
    )
    if reasons:
        raise Refused(*reasons)
    return _end_member(member, until, by=by)


def _write_member(member: Member, code: str, *, by: User | None) -> Member:
    member.programme, member.code, member.source = member.enterprise.programme, code, _author(by)
    member.full_clean()
    member.save()
    log("enterprises.member_added", member, by=by, enterprise=member.enterprise.code, role=member.role)
    return member


def _end_member(member: Member, until: datetime.date, *, by: User | None) -> Member:
    member.until = until
    member.save(update_fields=("until",))
    log("enterprises.member_ended", member, by=by, enterprise=member.enterprise.code, until=until)
    return member


@transaction.atomic
def report_capacity(*, enterprise: Enterprise, by: User | None, **answers: Any) -> Capacity:
    """Write down what an enterprise can make in a month; what was reported before stays."""
    programme = enterprise.programme
    reasons = rules.reasons_no_capacity(
        since=answers["since"], started_on=enterprise.started_on, today=today(programme)
    )
    if reasons:
        raise Refused(*reasons)
    code = next_code(programme, programme.capacities.all(), "PC", 4)
    made = Capacity(programme=programme, code=code, enterprise=enterprise, **answers)
    made.full_clean()
    made.save()
    log("enterprises.capacity_reported", made, by=by, enterprise=enterprise.code, quantity=made.quantity_per_month)
    return made


@transaction.atomic
def add_asset(*, enterprise: Enterprise, by: User | None, **answers: Any) -> Asset:
    """Write down something that stays with an enterprise, as it was seen."""
    programme = enterprise.programme
    code = next_code(programme, programme.assets.all(), "AS", 4)
    asset = Asset(programme=programme, code=code, enterprise=enterprise, source=_author(by), **answers)
    _check_asset(asset)
    asset.save()
    log("enterprises.asset_added", asset, by=by, enterprise=enterprise.code, value_idr=asset.value_idr)
    return asset


@transaction.atomic
def see_asset(*, asset: Asset, by: User | None, **answers: Any) -> Asset:
    """Record how an asset is now; what it was worth and whose money it was stays, and an older look changes nothing."""
    asset = Asset.objects.select_for_update().get(pk=asset.pk)
    if reasons := rules.reasons_asset_seen_later(seen_on=answers["seen_on"], last=asset.seen_on):
        raise Refused(*reasons)
    for name, value in answers.items():
        setattr(asset, name, value)
    _check_asset(asset)
    asset.save(update_fields=list(answers))
    log("enterprises.asset_seen", asset, by=by, condition=asset.condition, seen_on=asset.seen_on)
    return asset


def _check_asset(asset: Asset) -> None:
    reasons = rules.reasons_asset_impossible(
        acquired_on=asset.acquired_on, seen_on=asset.seen_on, today=today(asset.programme)
    )
    if reasons:
        raise Refused(*reasons)
    asset.full_clean()


@transaction.atomic
def add_product(*, enterprise: Enterprise, by: User | None, **answers: Any) -> Product:
    """Add something that an enterprise sells."""
    programme = enterprise.programme
    code = next_code(programme, programme.products.all(), "B", 4)
    product = Product(programme=programme, code=code, enterprise=enterprise, source=_author(by), **answers)
    product.full_clean()
    product.save()
    log("enterprises.product_added", product, by=by, enterprise=enterprise.code, price_idr=product.price_idr)
    return product


@transaction.atomic
def change_product(*, product: Product, by: User | None, **answers: Any) -> Product:
    """Change what is sold; entries keep what they were written with."""
    for name, value in answers.items():
        setattr(product, name, value)
    product.full_clean()
    product.save(update_fields=list(answers))
    log("enterprises.product_changed", product, by=by, price_idr=product.price_idr, columns=sorted(answers))
    return product


@transaction.atomic
def add_stock_move(*, product: Product, by: User | None, **answers: Any) -> StockMove:
    """Write down what happened to the stock of a product. A wrong line stays; a count says what is there."""
    programme = product.programme
    reasons = rules.reasons_stock_impossible(
        kind=StockKind(answers["kind"]),
        quantity=answers["quantity"],
        dated=answers["dated"],
        started_on=product.enterprise.started_on,
        today=today(programme),
    )
    if reasons:
        raise Refused(*reasons)
    code = next_code(programme, programme.stock_moves.all(), "S", 5)
    made = StockMove(programme=programme, code=code, product=product, source=_author(by), **answers)
    made.full_clean()
    made.save()
    log("enterprises.stock_written", made, by=by, product=product.code, kind=made.kind, quantity=made.quantity)
    return made


@transaction.atomic
def add_entry(*, enterprise: Enterprise, by: User | None, photo: Photo | None = None, **answers: Any) -> CashEntry:
    """Write a line into a cash book; the answers are its columns."""
    reasons = rules.reasons_entry_impossible(dated=answers["dated"], today=today(enterprise.programme))
    if reasons:
        raise Refused(*reasons)
    return _write(CashEntry(enterprise=enterprise, photo=photos.keep(photo) if photo else "", **answers), by=by)


@transaction.atomic
def add_entries(*, enterprise: Enterprise, lines: Iterable[dict[str, Any]], sheet: str, by: User | None) -> int:
    """Write the lines of a page of paper, all or none; returns how many."""
    Programme.objects.select_for_update().get(pk=enterprise.programme_id)
    before = enterprise.cash_entries.filter(reverses=None, source__endswith=f" · {sheet}").count()
    if reasons := rules.reasons_page_entered(lines=before, sheet=sheet):
        raise Refused(*reasons)
    source = f"{_author(by)} · {sheet}"
    entries = [CashEntry(enterprise=enterprise, source=source, **line) for line in lines]
    for entry in entries:
        if reasons := rules.reasons_entry_impossible(dated=entry.dated, today=today(enterprise.programme)):
            raise Refused(*reasons)
        _write(entry, by=by)
    return len(entries)


@transaction.atomic
def add_debt(*, enterprise: Enterprise, by: User | None, **answers: Any) -> Debt:
    """Write down goods that were given or taken without money yet."""
    programme = enterprise.programme
    reasons = rules.reasons_entry_impossible(dated=answers["dated"], today=today(programme))
    if reasons:
        raise Refused(*reasons)
    code = next_code(programme, programme.debts.all(), "D", 5)
    debt = Debt(programme=programme, code=code, enterprise=enterprise, source=_author(by), **answers)
    debt.full_clean()
    debt.save()
    log("enterprises.debt_added", debt, by=by, enterprise=enterprise.code, owed=debt.owed, amount_idr=debt.amount_idr)
    return debt


@transaction.atomic
def pay_debt(*, debt: Debt, amount_idr: int, dated: datetime.date, by: User | None) -> CashEntry:
    """Write down that something of a debt was paid, as a sale or a cost of that day."""
    debt = _locked(debt)
    reasons = [
        *rules.reasons_entry_impossible(dated=dated, today=today(debt.programme)),
        *rules.reasons_not_paid(amount_idr=amount_idr, left_idr=_left(debt), is_forgiven=debt.forgiven_on is not None),
    ]
    if reasons:
        raise Refused(*reasons)
    kind = rules.PAYMENT_OF[Owed(debt.owed)]
    entry = CashEntry(
        enterprise=debt.enterprise, debt=debt, kind=kind, dated=dated, amount_idr=amount_idr, what=debt.what
    )
    return _write(entry, by=by)


@transaction.atomic
def forgive_debt(*, debt: Debt, by: User | None) -> Debt:
    """Give up what is left of a debt: it will not come, or was written down by mistake."""
    debt = _locked(debt)
    left = _left(debt)
    reasons = rules.reasons_not_forgiven(left_idr=left, is_forgiven=debt.forgiven_on is not None)
    if reasons:
        raise Refused(*reasons)
    debt.forgiven_on = today(debt.programme)
    debt.save(update_fields=("forgiven_on",))
    log("enterprises.debt_forgiven", debt, by=by, left_idr=left)
    return debt


def _locked(debt: Debt) -> Debt:
    return Debt.objects.select_for_update().select_related("enterprise__programme").get(pk=debt.pk)


def _left(debt: Debt) -> int:
    return Debt.objects.with_left().get(pk=debt.pk).left_idr


@transaction.atomic
def note_sighting(*, enterprise: Enterprise, by: User | None, **answers: Any) -> Sighting:
    """Record that somebody saw an enterprise at work."""
    reasons = rules.reasons_entry_impossible(dated=answers["seen_on"], today=today(enterprise.programme))
    if reasons:
        raise Refused(*reasons)
    seen = Sighting(programme=enterprise.programme, enterprise=enterprise, source=_author(by), **answers)
    seen.full_clean()
    seen.save()
    log("enterprises.sighting_noted", seen, by=by, enterprise=enterprise.code, seen_on=seen.seen_on)
    return seen


def survival_by_field(*, programme: Programme, on: datetime.date) -> list[tuple[str, int, Survival]]:
    """The curve of all enterprises, then of each field with enough of them: name, how many there are, curve."""
    lives = queries.lives(programme, on)
    fields = {one.field: [life for life in lives if life[0].field_id == one.field_id] for one, _days, _over in lives}
    told = [("", lives), *((str(field), found) for field, found in fields.items() if len(found) >= rules.FEWEST_LIVES)]
    return [
        (name, len(found), survival([one[1] for one in found], [one[2] for one in found]))
        for name, found in told
        if found
    ]


@transaction.atomic
def reverse_entry(*, entry: CashEntry, by: User | None) -> CashEntry:
    """Take a line back by a line that names it; what was written stays to be read."""
    entry = CashEntry.objects.select_for_update().get(pk=entry.pk)
    is_reversed = CashEntry.objects.filter(reverses=entry).exists()
    reasons = rules.reasons_not_reversible(is_reversal=entry.reverses_id is not None, is_reversed=is_reversed)
    if reasons:
        raise Refused(*reasons)
    counter = CashEntry(
        enterprise=entry.enterprise,
        dated=entry.dated,
        kind=entry.kind,
        amount_idr=entry.amount_idr,
        what=entry.what,
        cost_kind=entry.cost_kind,
        product=entry.product,
        quantity=entry.quantity,
        debt=entry.debt,
        reverses=entry,
    )
    return _write(counter, by=by)


def _write(entry: CashEntry, *, by: User | None) -> CashEntry:
    programme = entry.enterprise.programme
    entry.programme, entry.source = programme, entry.source or _author(by)
    entry.code = next_code(programme, programme.cash_entries.all(), "C", 5)
    entry.full_clean()
    entry.save()
    verb = "enterprises.entry_reversed" if entry.reverses_id else "enterprises.entry_added"
    log(verb, entry, by=by, enterprise=entry.enterprise.code, kind=entry.kind, amount_idr=entry.amount_idr)
    return entry


def _author(by: User | None) -> str:
    return str(by or "system")
