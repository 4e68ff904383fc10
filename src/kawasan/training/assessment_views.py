"""Points before and after each module with the gain, and what participants think of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kawasan.applicants.models import Applicant
from kawasan.core.listing import listed
from kawasan.core.responses import form_page
from kawasan.matching.models import Group
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role
from kawasan.training import listings, queries, rules, services
from kawasan.training.access import INSIDE, RECORDERS, WRITERS, own_membership
from kawasan.training.forms import FeedbackForm, ScoresForm


def _own_groups(request: ProgrammeRequest, programme: Programme) -> list[Group]:
    """The groups whose points the reader may see and enter: all for the office, else the own ones."""
    groups = programme.groups.order_by("code")
    return list(groups if has_role(request, *WRITERS) else groups.filter(mentor__user=request.user))


@who_may(*INSIDE)
def assessments(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What each module brought, and what participants think of it."""
    modules = list(programme.modules.select_related("field"))
    scores, opinions = queries.scores_of(modules), queries.opinions_of(modules)
    context: dict[str, Any] = {
        "rows": [(one, rules.gain(scores[one.pk].values()), opinions[one.pk]) for one in modules],
        "may_record": has_role(request, *RECORDERS),
        "least": rules.LEAST_ANSWERS,
    }
    return listed(request, "training/assessments.html", context, listings.ASSESSMENTS, rows=context["rows"])


@who_may(*RECORDERS)
def scores(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The points of one group's members before and after a module."""
    module = get_object_or_404(programme.modules, code=code)
    groups = [one for one in _own_groups(request, programme) if module.field_id in (None, one.field_id)]
    group = next((one for one in groups if one.code == request.GET.get("group", "")), groups[0] if groups else None)
    people = Applicant.objects.filter(group_memberships__group=group).select_related("person").order_by("person__name")
    known = queries.scores_of([module], group)[module.pk] if group else {}
    form = ScoresForm(request.POST or None, people=people if group else [], known=known)
    if group and form.is_valid():
        rows = services.record_scores(
            module=module, group=group, points=form.points(), by=request.user, on=today(programme)
        )
        messages.success(request, _("%(number)s points were stored.") % {"number": len(rows)})
        return redirect(f"{reverse('training:scores', args=[programme.code, code])}?group={group.code}")
    context = {"module": module, "groups": groups, "group": group, "form": form, "gain": rules.gain(known.values())}
    return render(request, "training/scores.html", context)


@who_may(Role.PARTICIPANT)
def own_feedback(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The modules that a participant may say something about."""
    me = own_membership(request, programme).first()
    modules = queries.to_answer(programme, me) if me else programme.modules.none()
    return render(request, "training/own_feedback.html", {"modules": modules})


@who_may(Role.PARTICIPANT)
def feedback(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """What a participant thinks of a module, without their name."""
    module, me = get_object_or_404(programme.modules, code=code), get_object_or_404(own_membership(request, programme))
    form, back = FeedbackForm(request.POST or None), reverse("training:own_feedback", args=[programme.code])
    if form.is_valid():
        services.give_feedback(module=module, applicant=me, by=request.user, **form.cleaned_data)
        messages.success(request, _("Thank you. Nobody can see that it was you who said it."))
        return redirect(back)
    purpose = _("Your name is not kept with your answers, and they are shown only together with those of others.")
    instead = queries.reasons_not_answerable(module, me)
    return form_page(request, form, str(module), purpose, back, submit=_("Send"), instead=instead)
