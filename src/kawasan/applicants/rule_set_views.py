"""The guidelines of a programme, their versions, and what other rules would do."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kawasan.applicants import queries, rule_forms
from kawasan.applicants.rule_forms import AddRuleForm, RuleSetForm, TriedRules, WrittenRules
from kawasan.applicants.services.rule_sets import add_rule_set, remove_rule_set
from kawasan.applicants.services.what_if import try_rules
from kawasan.applicants.views import CHECKERS, READERS
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme, RuleSet
from kawasan.programmes.rules import EVERYBODY, Role, rule_set_on


@who_may(*EVERYBODY)
def rule_sets(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Every version of the guideline, the latest first."""
    versions = queries.versions(programme)
    context = {
        "versions": versions,
        "valid": rule_set_on([one.rule_set for one in versions], today(programme)),
        "can_write": has_role(request, Role.MANAGER),
        "can_try": has_role(request, *READERS),
    }
    return render(request, "applicants/rule_sets.html", context)


@who_may(*EVERYBODY)
def rule_set(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    """One version: its rules with their sources, what it changed, and what it decides at each limit."""
    version = queries.version(programme, _find(programme, pk))
    context = {
        "version": version,
        "rule_set": version.rule_set,
        "can_write": has_role(request, Role.MANAGER),
        "can_assess": has_role(request, *CHECKERS),
        "can_try": has_role(request, *READERS),
    }
    return render(request, "applicants/rule_set.html", context)


@who_may(Role.MANAGER)
def new_rule_set(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Write a new version, which begins as a copy of the last one or with the rules that were tried."""
    last = programme.rule_sets.last()
    sent = request.POST if request.method == "POST" else None
    copy = queries.copy_of(last)
    form = RuleSetForm(sent, instance=copy, programme=programme)
    rows = _written_rules(request, programme, last)
    added = AddRuleForm(sent)
    if sent is not None and (code := _added(added)):
        form = RuleSetForm(initial=_typed(form), instance=queries.copy_of(last), programme=programme)
        rows = rule_forms.rules_form(WrittenRules, programme, initial=rule_forms.grown(rows, code))
        added = AddRuleForm()
    elif sent is not None and form.is_valid() & rows.is_valid():
        made = add_rule_set(rule_set=form.instance, rows=rows.rows(), by=request.user)
        messages.success(
            request, _("The new version is stored. If applications of its days wait, assess them anew on this page.")
        )
        return redirect("applicants:rule_set", programme.code, made.pk)
    context = {"form": form, "rows": rows, "added": added, "last": last}
    return render(request, "applicants/new_rule_set.html", context)


@require_POST
@who_may(Role.MANAGER)
def remove(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    remove_rule_set(rule_set=_find(programme, pk), by=request.user)
    messages.success(request, _("The version was taken back."))
    return redirect("applicants:rule_sets", programme.code)


@who_may(*READERS)
def what_if(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Who would pass by other rules."""
    valid = rule_set_on(programme.rule_sets.all(), today(programme))
    sent = request.GET if rule_forms.is_sent(request.GET) else None
    stored = [rule_forms.initial_of(row) for row in valid.rules.all()] if valid else []
    rows, tried = rule_forms.rules_form(TriedRules, programme, sent=sent, initial=stored), None
    added = AddRuleForm(sent)
    if sent is not None and (code := _added(added)):
        rows = rule_forms.rules_form(TriedRules, programme, initial=rule_forms.grown(rows, code))
        added = AddRuleForm()
    elif valid and sent is not None and rows.is_valid():
        tried = try_rules(programme=programme, rows=rows.rows())
    context = {
        "rows": rows,
        "added": added,
        "rule_set": valid,
        "tried": tried,
        "can_write": has_role(request, Role.MANAGER),
    }
    return render(request, "applicants/what_if.html", context)


def _written_rules(request: ProgrammeRequest, programme: Programme, last: RuleSet | None) -> Any:
    """The rules of a new version: as sent, as tried before, or those of the last one."""
    if request.method == "POST":
        return rule_forms.rules_form(WrittenRules, programme, sent=request.POST)
    stored = list(last.rules.all()) if last else []
    if not rule_forms.is_sent(request.GET):
        return rule_forms.rules_form(WrittenRules, programme, initial=map(rule_forms.initial_of, stored))
    valid = rule_set_on(programme.rule_sets.all(), today(programme))
    made_from = list(valid.rules.all()) if valid else stored
    tried = rule_forms.rules_form(TriedRules, programme, sent=QueryDict(request.GET.urlencode()))
    initial = rule_forms.with_words_of(tried.typed(), made_from)
    return rule_forms.rules_form(WrittenRules, programme, initial=initial)


def _added(form: AddRuleForm) -> str:
    """What a further rule shall look at, if one is asked for."""
    return str(form.cleaned_data["add"]) if form.is_valid() else ""


def _typed(form: RuleSetForm) -> dict[str, Any]:
    return {name: form[name].value() for name in form.fields}


def _find(programme: Programme, pk: int) -> RuleSet:
    return get_object_or_404(programme.rule_sets, pk=pk)
