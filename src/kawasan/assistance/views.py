"""The office's pages: what is given, to whom, how far it is, and where every rupiah went."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kawasan.assistance import forms, listings, papers, queries, rules
from kawasan.assistance.access import (
    READERS,
    RECORDERS,
    REVEALERS,
    SEE_ALL,
    SEE_PAPERS,
    WRITERS,
    may_record,
    seen,
)
from kawasan.assistance.models import Assistance, Purchase, Step
from kawasan.assistance.queries import sheet
from kawasan.assistance.rules import CHAINS, StepKind
from kawasan.assistance.services import chain, codes, odd
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.core.responses import form_page, uploaded
from kawasan.core.templatetags.kawasan import masked
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _find(request: ProgrammeRequest, programme: Programme, code: str) -> Assistance:
    return get_object_or_404(seen(request, programme), code=code)


def _page_of(request: ProgrammeRequest, row: Assistance) -> HttpResponse:
    """Where somebody goes on after a step: the chain, or the own page of who takes part."""
    code = row.programme.code
    return (
        redirect("assistance:assistance", code, row.code)
        if has_role(request, *READERS)
        else redirect("assistance:own", code)
    )


@who_may(*READERS)
def assistances(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Every assistance with its last step and its sums."""
    form = forms.FilterForm(request.GET, programme=programme)
    rows = queries.overview(programme).filter(pk__in=seen(request, programme).values("pk"))
    page = page_of(request, queries.chosen(rows, **form.wanted()))

    def with_sums(part: Iterable[Any]) -> list[tuple[Any, ...]]:
        standings = queries.standings(list(part), with_briefing=False)
        return [(row, standings[row.pk], StepKind(row.last).label if row.last else "") for row in part]

    counts = queries.counts(programme) if has_role(request, *SEE_ALL) else {}
    context = {
        "form": form,
        "page": page,
        "lines": with_sums(page),
        "counts": counts,
        "next_step": rules.next_step(has_entitlements=form.has_entitlements, has_rows=bool(page))
        if counts and not request.GET
        else None,
        "is_office": has_role(request, Role.MANAGER),
        "sees_all": bool(counts),
    }
    return listed(request, "assistance/assistances.html", context, listings.ASSISTANCES, with_sums)


@who_may(*SEE_ALL)
def assistances_xlsx(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="assistance-{programme.code}.xlsx"'}
    return HttpResponse(sheet.as_xlsx(programme), content_type=XLSX, headers=headers)


@who_may(*READERS)
def entitlements(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What the guidelines give to whom, with the versions that came after one another."""
    rows = programme.entitlements.prefetch_related("spending_rules")
    context = {"rows": rows, "is_office": has_role(request, Role.MANAGER)}
    return listed(request, "assistance/entitlements.html", context, listings.ENTITLEMENTS, rows=rows)


@who_may(Role.MANAGER)
def add_entitlement(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = forms.EntitlementForm(request.POST or None, programme=programme)
    if form.is_valid():
        chain.add_entitlement(programme=programme, by=request.user, **form.answers())
        messages.success(request, _("The entitlement was added."))
        return redirect("assistance:entitlements", programme.code)
    purpose = gettext_lazy("What a guideline gives. It stays as it is; a change is a new one with its own first day.")
    back = reverse("assistance:entitlements", args=[programme.code])
    return form_page(request, form, gettext_lazy("Add an entitlement"), purpose, back)


@who_may(Role.MANAGER)
def begin(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    form = forms.BeginForm(request.POST or None, programme=programme, today=today(programme))
    if form.is_valid():
        made = chain.begin(by=request.user, **form.cleaned_data)
        messages.success(request, _("The assistance was begun. The proposal comes next."))
        return redirect("assistance:assistance", programme.code, made.code)
    back = reverse("assistance:assistances", args=[programme.code])
    purpose = gettext_lazy("Say who gets what; every step after it follows from the one before.")
    return form_page(request, form, gettext_lazy("Begin an assistance"), purpose, back)


@who_may(*READERS)
def assistance(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    return _chain_page(request, _find(request, programme, code))


def _chain_page(request: ProgrammeRequest, row: Assistance, **more: Any) -> HttpResponse:
    """The chain as a stepper: what was done, and why what was not done is not possible yet."""
    file = queries.file_of(row)
    standing, latest = file.standing, {step.kind: step for step in file.steps}
    context = {
        "row": row,
        "standing": standing,
        "stepper": [_stop(request, kind, standing, latest.get(kind)) for kind in _kinds(standing)],
        "rejected": StepKind.REJECTED in standing.makers,
        "history": file.history,
        "budget": file.budget,
        "purchases": file.purchases,
        "warnings": odd.warnings_of_one(row, file, today(row.programme)),
        "due": rules.due_on(standing.days.get(StepKind.PAID), row.entitlement.report_days),
        "agreed": latest.get(StepKind.AGREED),
        "purpose_form": forms.PurposeForm() if has_role(request, *REVEALERS) else None,
        "can_buy": may_record(request, rules.BOUGHT),
        "can_issue": has_role(request, Role.MANAGER, Role.VERIFIER)
        and not rules.reasons_not_yet("received", standing)
        and not rules.reasons_no_code(queries.maker_of(request.user), standing),
        "sees_papers": has_role(request, *SEE_PAPERS),
        **more,
    }
    return listed(request, "assistance/assistance.html", context, listings.STEPS, rows=file.steps)


def _kinds(standing: rules.Standing) -> list[str]:
    """The whole chain; of a rejected proposal it ends there."""
    chain_ = CHAINS[standing.form]
    return [chain_[0], StepKind.REJECTED] if StepKind.REJECTED in standing.makers else list(chain_)


def _stop(request: ProgrammeRequest, kind: str, standing: rules.Standing, step: Step | None) -> dict[str, Any]:
    """One stop of the stepper."""
    is_done = standing.is_done(kind)
    reasons = [] if is_done else rules.reasons_not_yet(kind, standing) if kind not in rules.LABELS else []
    if kind == rules.BRIEFED:
        reasons = list(standing.not_briefed)
    me = queries.maker_of(request.user)
    not_me = rules.reasons_not_by(kind, me, standing)
    is_mine = not is_done and may_record(request, kind) and not reasons
    return {
        "kind": kind,
        "label": rules.label(kind),
        "is_done": is_done,
        "step": step,
        "reasons": reasons or ([] if is_done or not may_record(request, kind) else not_me),
        "can": is_mine and not not_me and kind in forms.FORMS,
        "can_reject": is_mine and not not_me and kind == StepKind.VERIFIED,
        "can_witness": is_mine and kind == StepKind.RECEIVED and not rules.reasons_witness_by(me, standing),
        "can_take_back": step is not None and _may_take_back(request, step)
        and not rules.reasons_not_reversible(kind, standing),
    }  # fmt: skip


def _may_take_back(request: ProgrammeRequest, step: Step) -> bool:
    """Who may record a step may take it back; a proposal also who verifies, which sends it back."""
    if step.manner == rules.Manner.OWN or (step.manner and has_role(request, Role.PARTICIPANT)):
        return queries.is_receiver(step.assistance, request.user)
    sends_back = step.kind == StepKind.PROPOSED and has_role(request, Role.VERIFIER)
    return may_record(request, step.kind) or sends_back


@who_may(*WRITERS)
def record(request: ProgrammeRequest, programme: Programme, code: str, kind: str) -> HttpResponse:
    """Record one step with its day and paper."""
    row = _find(request, programme, code)
    if kind not in forms.FORMS:
        raise Http404
    if not may_record(request, kind):
        raise PermissionDenied
    if kind == StepKind.PROPOSED:
        return _propose(request, row)
    more = {"is_money": row.entitlement.form == rules.Form.MONEY} if kind == StepKind.AGREED else {}
    form = forms.FORMS[kind](request.POST or None, request.FILES or None, initial={"dated": today(programme)}, **more)
    if form.is_valid():
        chain.record(assistance=row, kind=kind, by=request.user, **form.cleaned_data)
        messages.success(request, _("The step was recorded."))
        return _page_of(request, row)
    purpose = _account_of(row) if kind == StepKind.PAID else str(row)
    return form_page(request, form, StepKind(kind).label, purpose, _back(request, row))


def _account_of(row: Assistance) -> str:
    """To whose account the money goes, for the second person who looks at it."""
    agreed = row.steps.standing().filter(kind=StepKind.AGREED).first()
    if agreed is None or not agreed.account:
        return str(row)
    gaps = {"row": row, "bank": agreed.bank, "account": masked(agreed.account), "holder": agreed.account_holder}
    said = _("{row}. To {bank} {account} of {holder}; the receiver is {receiver}.")
    return said.format(receiver=row.receiver.person.name, **gaps)


def _back(request: ProgrammeRequest, row: Assistance) -> str:
    if has_role(request, *READERS):
        return reverse("assistance:assistance", args=[row.programme.code, row.code])
    return reverse("assistance:own", args=[row.programme.code])


def _propose(request: ProgrammeRequest, row: Assistance) -> HttpResponse:
    """A proposal with the lines of its budget."""
    data, files = request.POST or None, request.FILES or None
    form = forms.StepForm(data, files, initial={"dated": today(row.programme)})
    lines = forms.LineFormSet(data, prefix="line")
    if form.is_valid() and lines.is_valid():
        filled = [line.cleaned_data for line in lines if line.cleaned_data]
        chain.propose(assistance=row, lines=filled, by=request.user, **form.cleaned_data)
        messages.success(request, _("The proposal was recorded."))
        return _page_of(request, row)
    context = {
        "row": row,
        "form": form,
        "lines": lines,
        "shares": row.entitlement.spending_rules.all(),
        "back": _back(request, row),
    }
    return render(request, "assistance/propose.html", context)


@who_may(*RECORDERS[StepKind.RECEIVED])
def witness(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Enter what the receiver signed on paper before a witness."""
    row = _find(request, programme, code)
    form = forms.WitnessForm(
        request.POST or None, request.FILES or None, programme=programme, initial={"dated": today(programme)}
    )
    if form.is_valid():
        chain.confirm_with_witness(assistance=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("The step was recorded."))
        return _page_of(request, row)
    purpose = gettext_lazy("Only for somebody who can use neither an account nor a code. The receiver writes the sum.")
    return form_page(request, form, gettext_lazy("Received in hand, with a witness"), purpose, _back(request, row))


@never_cache
@require_POST
@who_may(Role.MANAGER, Role.VERIFIER)
def issue_code(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """A one-time code for the receiver; it is shown once."""
    row = _find(request, programme, code)
    shown = codes.issue_code(assistance=row, by=request.user)
    return _chain_page(request, row, code=shown)


@who_may(*WRITERS)
def take_back(request: ProgrammeRequest, programme: Programme, code: str, step: str) -> HttpResponse:
    """Take a step back with a reason."""
    row = _find(request, programme, code)
    found = get_object_or_404(row.steps.select_related("assistance"), code=step)
    if not _may_take_back(request, found):
        raise PermissionDenied
    form, asked = forms.ReasonForm(request.POST or None), queries.request_of(found)
    if _is_asking(request, row, found) and asked is None:
        return _ask(request, row, found, form)
    if form.is_valid():
        chain.take_back(step=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The step was taken back. It stays in the history."))
        return _page_of(request, row)
    purpose: Any = gettext_lazy("Nothing is deleted: a new entry takes it back, and your reason stays beside it.")
    if asked:
        template = gettext_lazy("{name} asks to take it back: {reason} If you agree, write why.")
        purpose = format_lazy(template, name=asked.who, reason=asked.reason)
    return form_page(request, form, gettext_lazy("Take a step back"), purpose, _back(request, row))


def _is_asking(request: ProgrammeRequest, row: Assistance, step: Step) -> bool:
    said_by_receiver = step.manner in (rules.Manner.CODE, rules.Manner.WITNESS)
    return said_by_receiver and not queries.is_receiver(row, request.user)


def _ask(request: ProgrammeRequest, row: Assistance, step: Step, form: forms.ReasonForm) -> HttpResponse:
    """What the receiver said is taken back by two people; the first one asks."""
    if form.is_valid():
        chain.ask_to_take_back(step=step, by=request.user, **form.cleaned_data)
        messages.success(request, _("A second person must agree now. Until then the sum stands."))
        return _page_of(request, row)
    purpose = gettext_lazy("The receiver said this sum. Ask to take it back; a second person agrees or does not.")
    return form_page(request, form, gettext_lazy("Ask to take a step back"), purpose, _back(request, row))


@who_may(*RECORDERS[rules.BOUGHT])
def buy(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Photograph a receipt and say for what it was."""
    row = _find(request, programme, code)
    lines = queries.budget_of(row)
    form = forms.PurchaseForm(
        request.POST or None, request.FILES or None, assistance=row, lines=lines, initial={"dated": today(programme)}
    )
    if form.is_valid():
        chain.buy(assistance=row, by=request.user, **form.answers())
        messages.success(request, _("The receipt was stored."))
        return _page_of(request, row)
    purpose = gettext_lazy("One receipt at a time. Where the photo was taken is removed from it.")
    return form_page(request, form, gettext_lazy("Photograph a receipt"), purpose, _back(request, row))


@who_may(*RECORDERS[rules.BOUGHT])
def take_purchase_back(request: ProgrammeRequest, programme: Programme, code: str, receipt: str) -> HttpResponse:
    row = _find(request, programme, code)
    found = get_object_or_404(row.purchases.select_related("assistance"), code=receipt)
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        chain.take_purchase_back(purchase=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The receipt was taken back. Enter the right one now."))
        return _page_of(request, row)
    purpose = gettext_lazy("Nothing is deleted: a new entry takes it back, and your reason stays beside it.")
    return form_page(request, form, gettext_lazy("Take a receipt back"), purpose, _back(request, row))


@never_cache
@who_may(*SEE_PAPERS)
def step_paper(request: ProgrammeRequest, programme: Programme, step: str) -> HttpResponse:
    return _paper(request, get_object_or_404(programme.assistance_steps.select_related("assistance"), code=step))


@never_cache
@who_may(*SEE_PAPERS, Role.MENTOR, Role.PARTICIPANT)
def receipt_paper(request: ProgrammeRequest, programme: Programme, receipt: str) -> HttpResponse:
    bought = Purchase.objects.filter(assistance__in=seen(request, programme)).select_related("assistance")
    return _paper(request, get_object_or_404(bought, code=receipt))


def _paper(request: ProgrammeRequest, row: Step | Purchase) -> HttpResponse:
    """The paper itself; the log keeps who looked."""
    content = chain.read_paper(row=row, by=request.user)
    return uploaded(content, papers.kind_of(content))


@require_POST
@never_cache
@who_may(*REVEALERS)
def reveal(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The same page with the account in clear; the log keeps the purpose."""
    row, form = _find(request, programme, code), forms.PurposeForm(request.POST)
    agreed = get_object_or_404(row.steps.standing().select_related("assistance"), kind=StepKind.AGREED)
    account = chain.reveal_account(step=agreed, by=request.user, **form.cleaned_data) if form.is_valid() else ""
    return _chain_page(request, row, purpose_form=form, account=account)


@who_may(*READERS)
def trace(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Where every rupiah of one assistance went, from the budget it came from to what is left."""
    row = _find(request, programme, code)
    file = queries.file_of(row)
    context = {
        "row": row,
        "standing": file.standing,
        "levels": rules.trace(file.standing, entitled=row.entitlement.amount_idr),
        "steps": file.steps,
        "budget": file.budget,
        "purchases": file.receipts,
        "bank": queries.bank_of(row),
        "sees_bank": has_role(request, *SEE_ALL),
        "sees_papers": has_role(request, *SEE_PAPERS),
    }
    return listed(request, "assistance/trace.html", context, listings.STEPS, rows=file.steps)


@who_may(*SEE_ALL)
def warnings(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What looks odd, by kind; a person judges it."""
    found = odd.warnings(programme, today(programme))
    kind = request.GET.get("kind", "")
    rows = [(row, [one for one in said if kind in ("", one.kind)]) for row, said in found]
    kinds = [
        (one.value, one.label, sum(1 for _row, said in found for text in said if text.kind == one))
        for one in rules.WarningKind
    ]
    context = {"page": page_of(request, [line for line in rows if line[1]]), "kinds": kinds, "kind": kind}
    return listed(request, "assistance/warnings.html", context, listings.WARNINGS)
