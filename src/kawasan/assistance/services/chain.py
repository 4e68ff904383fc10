"""The chain of one assistance: begun, proposed, checked, paid, confirmed in hand, bought, reported, handed over."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from kawasan.applicants.models import Applicant
from kawasan.assistance import papers, queries, rules
from kawasan.assistance.models import (
    Assistance,
    BudgetLine,
    Entitlement,
    Purchase,
    PurchaseItem,
    SpendingRule,
    Step,
    TakeBackRequest,
)
from kawasan.assistance.papers import Evidence
from kawasan.assistance.rules import Maker, Manner, StepKind
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.matching.models import Group
from kawasan.matching.queries import next_code
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme


@transaction.atomic
def add_entitlement(
    *, programme: Programme, shares: Sequence[rules.Share], by: User | None, **answers: Any
) -> Entitlement:
    """Say what a guideline gives to whom, and how it is to be spent."""
    made = Entitlement(programme=programme, code=next_code(programme, Entitlement, "ENT-", 1), **answers)
    made.full_clean()
    made.save()
    spending = [
        SpendingRule(
            programme=programme, entitlement=made, category=one.category, least_percent=one.least, most_percent=one.most
        )
        for one in shares
    ]
    for row in spending:
        row.full_clean()
        row.save()
    log("assistance.entitlement_added", made, by=by, rows=spending, amount_idr=made.amount_idr)
    return made


@transaction.atomic
def begin(*, entitlement: Entitlement, group: Group | None, receiver: Applicant, by: User | None) -> Assistance:
    """Begin the assistance of one group or person."""
    programme = entitlement.programme
    if (entitlement.recipient == rules.Recipient.GROUP) != (group is not None):
        raise Refused(Text(_("Choose a group for what is given to groups, and none for what is given to a person.")))
    if group and not group.members.filter(applicant=receiver).exists():
        raise Refused(Text(_("The receiver must be a member of the group.")))
    had = Assistance.objects.filter(entitlement=entitlement, group=group)
    if (had if group else had.filter(receiver=receiver)).exists():
        raise Refused(Text(_("This assistance was begun already for this group or person.")))
    made = Assistance(programme=programme, entitlement=entitlement, group=group, receiver=receiver, source=_author(by))
    made.code = next_code(programme, Assistance, "B", 3)
    made.full_clean()
    made.save()
    log("assistance.begun", made, by=by, entitlement=entitlement.code)
    return made


@transaction.atomic
def propose(
    *, assistance: Assistance, lines: Sequence[dict[str, Any]], dated: datetime.date, note: str, paper: Evidence,
    by: User | None,
) -> Step:  # fmt: skip
    """Record a proposal with its budget; it must be within what can be given."""
    rows = [BudgetLine(programme=assistance.programme, **line) for line in lines]
    shares = [one.share for one in assistance.entitlement.spending_rules.all()]
    amount = assistance.entitlement.amount_idr
    if reasons := rules.reasons_budget(queries.sums_by_category(rows), amount=amount, shares=shares):
        raise Refused(*reasons)
    step = _record(assistance, StepKind.PROPOSED, by, dated=dated, note=note, paper=paper)
    for row in rows:
        row.proposal, row.code = step, next_code(assistance.programme, BudgetLine, "RAB", 4)
        row.full_clean()
        row.save()
    log("assistance.proposed", assistance, by=by, rows=[step, *rows], total=sum(row.total_idr for row in rows))
    return step


@transaction.atomic
def record(*, assistance: Assistance, kind: str, paper: Evidence, by: User | None, **answers: Any) -> Step:
    """Record a step that somebody of the programme does; what is paid is what was approved."""
    if kind == StepKind.PAID:
        answers["amount_idr"] = queries.standing_of(assistance).approved
    if kind == StepKind.REFUNDED:
        left = queries.standing_of(assistance).unspent
        if answers["amount_idr"] != left:
            gaps = {"left": left}
            raise Refused(
                Text(_("{left} rupiah are left by the receipts. Return exactly that, or correct them."), gaps)
            )
    if kind == StepKind.HANDED_OVER:
        standing = queries.standing_of(assistance)
        if reasons := rules.reasons_hand_over(standing, answers.get("note", "")):
            raise Refused(*reasons)
    step = _record(assistance, kind, by, paper=paper, **answers)
    log(f"assistance.{kind}", assistance, by=by, rows=[step], step=step.code, amount_idr=step.amount_idr)
    return step


@transaction.atomic
def confirm(*, assistance: Assistance, amount_idr: int, manner: str, by: User | None, **answers: Any) -> Step:
    """The receiver says what is in hand."""
    standing = queries.standing_of(assistance)
    if manner == Manner.OWN and (by is None or assistance.receiver.person.user_id != by.pk):
        raise Refused(Text(_("Only the receiver can confirm what is in hand. Nobody can do it for them.")))
    if StepKind.PAID in standing.makers and (reasons := rules.reasons_in_hand(amount_idr, standing.paid)):
        raise Refused(*reasons)
    answers.setdefault("dated", today(assistance.programme))
    if manner == Manner.CODE:
        answers["who"] = assistance.receiver.person.name
    step = _record(assistance, StepKind.RECEIVED, by, amount_idr=amount_idr, manner=manner, **answers)
    log("assistance.received", assistance, by=by, rows=[step], amount_idr=amount_idr, manner=manner)
    return step


@transaction.atomic
def confirm_with_witness(*, assistance: Assistance, paper: Evidence, by: User | None, **answers: Any) -> Step:
    """What the receiver signed on paper before a witness of another organisation, because nothing else was possible."""
    organisation = answers["witness_organisation"]
    reasons = rules.reasons_witness(
        organisation=organisation.pk, ours=queries.organisations_of(assistance), witness=answers["witness"],
        reason=answers["note"], team=queries.team_names(assistance.programme),
    )  # fmt: skip
    reasons += rules.reasons_witness_by(queries.maker_of(by), queries.standing_of(assistance))
    if reasons:
        raise Refused(*reasons)
    return confirm(assistance=assistance, manner=Manner.WITNESS, paper=paper, by=by, **answers)


@transaction.atomic
def take_back(*, step: Step, reason: str, by: User | None) -> Step:
    """Take the newest step back by one that names it; a proposal can so be made anew, and nothing is lost."""
    assistance = _locked(step.assistance)
    standing = queries.standing_of(assistance)
    found = Step.objects.standing().filter(pk=step.pk).exists()
    reasons = rules.reasons_no_reason(reason)
    reasons += rules.reasons_not_reversible(step.kind if found else "", standing)
    asked = queries.request_of(step)
    reasons += rules.reasons_not_alone(
        step.manner, is_receiver=queries.is_receiver(assistance, by), maker=queries.maker_of(by),
        asked=Maker(asked.asked_by_id, asked.who) if asked else None,
    )  # fmt: skip
    if hasattr(step, "bank_line"):
        reasons.append(Text(_("The bank's statement has this payment, so it is not taken back.")))
    if reasons:
        raise Refused(*reasons)
    columns: dict[str, Any] = {"kind": step.kind, "dated": today(assistance.programme), "amount_idr": step.amount_idr}
    counter = _made(assistance, by, reverses=step, note=reason.strip(), **columns)
    log("assistance.taken_back", assistance, by=by, rows=[counter], step=step.code, reason=reason.strip())
    return counter


@transaction.atomic
def ask_to_take_back(*, step: Step, reason: str, by: User) -> TakeBackRequest:
    """Ask to take back what the receiver said by code or before a witness; it stands until a second person agrees."""
    assistance = _locked(step.assistance)
    reasons = rules.reasons_no_reason(reason)
    reasons += rules.reasons_not_reversible(step.kind, queries.standing_of(assistance))
    if step.manner not in (Manner.CODE, Manner.WITNESS) or queries.request_of(step):
        reasons.append(Text(_("Nobody needs to be asked for this.")))
    if reasons:
        raise Refused(*reasons)
    made = TakeBackRequest.objects.create(
        programme=assistance.programme, step=step, reason=reason.strip(), who=str(by), asked_by=by,
        asked_on=today(assistance.programme),
    )  # fmt: skip
    log("assistance.take_back_asked", assistance, by=by, rows=[made], step=step.code, reason=reason.strip())
    return made


@transaction.atomic
def buy(
    *, assistance: Assistance, dated: datetime.date, shop: str, items: dict[BudgetLine, int], photo: Evidence,
    by: User | None, **more: Any,
) -> Purchase:  # fmt: skip
    """Enter a receipt against lines of the budget."""
    assistance = _locked(assistance)
    programme = assistance.programme
    total = sum(items.values())
    reasons = rules.reasons_no_purchase(
        queries.standing_of(assistance), amount=total, dated=dated, today=today(programme)
    )
    known = {line.pk for line in queries.budget_of(assistance)}
    if any(line.pk not in known for line in items):
        reasons.append(Text(_("Choose lines of this budget.")))
    if reasons:
        raise Refused(*reasons)
    bought = Purchase(programme=programme, assistance=assistance, dated=dated, shop=shop, look=photo.look, **more)
    bought.code, bought.paper = next_code(programme, Purchase, "K", 4), papers.keep(photo)
    bought.who, bought.entered_by, bought.source = _author(by), by, _author(by)
    bought.full_clean()
    bought.save()
    rows = [
        PurchaseItem(programme=programme, purchase=bought, line=line, amount_idr=sum_) for line, sum_ in items.items()
    ]
    for row in rows:
        row.full_clean()
        row.save()
    log("assistance.bought", assistance, by=by, rows=[bought, *rows], receipt=bought.code, amount_idr=total)
    return bought


@transaction.atomic
def take_purchase_back(*, purchase: Purchase, reason: str, by: User | None) -> Purchase:
    """Take a receipt back by one that names it; its photo and items stay to be read."""
    assistance = _locked(purchase.assistance)
    standing = queries.standing_of(assistance)
    reasons = rules.reasons_no_reason(reason)
    if not Purchase.objects.standing().filter(pk=purchase.pk).exists():
        reasons.append(Text(_("This receipt was taken back already.")))
    if StepKind.REFUNDED in standing.makers or StepKind.HANDED_OVER in standing.makers:
        reasons.append(Text(_("What was left is settled, so no receipt is taken back any more.")))
    if reasons:
        raise Refused(*reasons)
    programme = assistance.programme
    counter = Purchase(programme=programme, assistance=assistance, dated=purchase.dated, shop=purchase.shop)
    counter.code, counter.reverses, counter.note = next_code(programme, Purchase, "K", 4), purchase, reason.strip()
    counter.who, counter.entered_by, counter.source = _author(by), by, _author(by)
    counter.full_clean()
    counter.save()
    log("assistance.purchase_taken_back", assistance, by=by, rows=[counter], receipt=purchase.code)
    return counter


def read_paper(*, row: Step | Purchase, by: User | None) -> bytes:
    """The paper of a step or a receipt; the log keeps who looked at it."""
    log("assistance.paper_read", row.assistance, by=by, is_written=False, row=row.code)
    return papers.content_of(row.paper)


def reveal_account(*, step: Step, purpose: str, by: User | None) -> str:
    """The account in clear; the log keeps who read it and why."""
    if not purpose.strip():
        raise Refused(Text(_("Say what you need the number for.")))
    log("assistance.account_read", step.assistance, by=by, is_written=False, purpose=purpose.strip())
    return str(step.account)


def _record(assistance: Assistance, kind: str, by: User | None, **answers: Any) -> Step:
    """Record a step after every reason against it; the lock lets one of two people through."""
    assistance = _locked(assistance)
    standing = queries.standing_of(assistance)
    close = by is not None and kind in rules.NOT_BY_MAKER_OF and queries.is_recipient(assistance, by)
    reasons = rules.reasons_not_yet(kind, standing)
    reasons += rules.reasons_not_by(kind, queries.maker_of(by), standing, is_recipient=close)
    earliest = max(standing.days.values(), default=None)
    reasons += rules.reasons_day(answers["dated"], earliest=earliest, today=today(assistance.programme))
    if reasons:
        raise Refused(*reasons)
    return _made(assistance, by, kind=kind, **answers)


def _made(assistance: Assistance, by: User | None, *, paper: Evidence | None = None, **columns: Any) -> Step:
    step = Step(programme=assistance.programme, assistance=assistance, **columns)
    step.code = next_code(assistance.programme, Step, "S", 4)
    step.paper = papers.keep(paper) if paper else ""
    step.who, step.entered_by, step.source = step.who or _author(by), by, _author(by)
    step.full_clean()
    step.save()
    return step


def _locked(assistance: Assistance) -> Assistance:
    return (
        Assistance.objects.select_for_update(of=("self",)).in_full().select_related("programme").get(pk=assistance.pk)
    )


def _author(by: User | None) -> str:
    return str(by or "system")
