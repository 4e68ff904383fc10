"""A participant's own pages on a phone, and the page for a one-time code."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from kawasan.assistance import forms, queries, rules
from kawasan.assistance.models import Assistance, Step
from kawasan.assistance.rules import CHAINS, Manner, StepKind
from kawasan.assistance.services import chain, codes
from kawasan.core.addresses import network
from kawasan.core.language import in_words
from kawasan.core.responses import form_page
from kawasan.core.tallies import Limit
from kawasan.programmes.access import ProgrammeRequest, anyone_may, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role

WRONG_CODES = Limit("assistance.code", 10, datetime.timedelta(hours=1))


@who_may(Role.PARTICIPANT)
def own(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What I am entitled to, what I must do, what I have and what I spent."""
    rows = list(programme.assistances.of_person(request.user).in_full().order_by("code"))
    standings, day = queries.standings(rows), today(programme)
    context = {"mine": [_mine(request, row, standings[row.pk], day) for row in rows]}
    return render(request, "assistance/own.html", context)


def _mine(request: ProgrammeRequest, row: Assistance, standing: rules.Standing, day: datetime.date) -> dict[str, Any]:
    due = rules.due_on(standing.days.get(StepKind.PAID), row.entitlement.report_days)
    is_receiver = row.receiver.person.user_id == request.user.pk
    chain_ = CHAINS[row.entitlement.form]
    return {
        "row": row,
        "standing": standing,
        "is_receiver": is_receiver,
        "slip": _slip(row, standing) if is_receiver else None,
        "can_confirm": is_receiver and not rules.reasons_not_yet(StepKind.RECEIVED, standing),
        "can_buy": standing.unspent > 0 and StepKind.REFUNDED not in standing.makers,
        "can_report": not rules.reasons_not_yet(StepKind.REPORTED, standing),
        "due": due,
        "reminder": rules.reminder(due, is_reported=StepKind.REPORTED in standing.makers, today=day),
        "next": next((rules.label(kind) for kind in chain_ if not standing.is_done(kind)), ""),
        "done": sum(1 for kind in chain_ if standing.is_done(kind)),
        "steps": len(chain_),
        "purchases": queries.purchases_of(row),
    }


def _slip(row: Assistance, standing: rules.Standing) -> Step | None:
    """The own confirmation, while nothing came after it and it can be taken back."""
    if rules.reasons_not_reversible(StepKind.RECEIVED, standing):
        return None
    return row.steps.standing().filter(kind=StepKind.RECEIVED).first()


@who_may(Role.PARTICIPANT)
def confirm(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The receiver counts and types what is in hand."""
    row = get_object_or_404(programme.assistances.in_full().filter(receiver__person__user=request.user), code=code)
    form, standing = forms.HandForm(request.POST or None), queries.standing_of(row)
    if form.is_valid() and form.cleaned_data["is_sure"]:
        chain.confirm(assistance=row, manner=Manner.OWN, by=request.user, **form.answers())
        messages.success(request, _("Thank you. What you have in hand was stored as you wrote it."))
        return redirect("assistance:own", programme.code)
    instead = rules.reasons_not_yet(StepKind.RECEIVED, standing)
    if form.is_valid() and not instead:
        for reason in rules.reasons_in_hand(form.cleaned_data["amount_idr"], standing.paid):
            form.add_error("amount_idr", in_words(reason))
    if form.is_valid() and not instead:
        return render(request, "assistance/read_back.html", {"row": row, "answers": form.answers()})
    said = gettext_lazy(
        "{row}. Only you can say this. Nobody may ask you for a part; tell the office if somebody does."
    )
    back = reverse("assistance:own", args=[programme.code])
    heading, purpose = gettext_lazy("What I have in hand"), format_lazy(said, row=row)
    return form_page(request, form, heading, purpose, back, instead=instead, submit=gettext_lazy("Go on"))


def _works_here(request: ProgrammeRequest, programme: Programme) -> bool:
    """Whether somebody of the team is signed in: they hand codes out, and do not enter them."""
    if not request.user.is_authenticated:
        return False
    return programme.memberships.filter(user=request.user).exclude(role=Role.PARTICIPANT).exists()


@never_cache
@anyone_may
def by_code(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The same without an account, with a one-time code."""
    form = forms.CodeHandForm(request.POST or None)
    who = network(request)
    if request.method == "POST" and WRONG_CODES.is_reached(who):
        form.add_error(None, _("Too many wrong codes came from here. Try again in an hour."))
    if request.method == "POST" and _works_here(request, programme):
        form.add_error(None, _("Sign out first. The receiver does this alone; nobody can do it for them."))
    if form.is_valid():
        if codes.assistance_of(programme, form.cleaned_data["code"]) is None:
            WRONG_CODES.count(who)
            form.add_error("code", _("This code is not known, was used, or is too old. Ask the office for a new one."))
        elif not form.cleaned_data["is_sure"]:
            return render(request, "assistance/by_code.html", {"programme": programme, "answers": form.answers()})
        else:
            codes.confirm_by_code(programme=programme, by=None, **form.answers())
            return render(request, "assistance/by_code.html", {"programme": programme, "is_stored": True})
    context = {"programme": programme, "form": form}
    return render(request, "assistance/by_code.html", context, status=422 if form.errors else 200)
