"""The sample of applicants whose living is verified: drawn by a manager, filled in by who verifies."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kawasan.applicants import listings
from kawasan.applicants.models import LivingCheck, LivingSample
from kawasan.applicants.queries import in_living_frame
from kawasan.applicants.services import targeting as services
from kawasan.applicants.targeting_forms import LivingForm, SampleForm
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role, rule_set_on

VERIFIERS = (Role.MANAGER, Role.VERIFIER)


@who_may(*VERIFIERS, Role.AUDITOR)
def samples(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The samples that were drawn, and drawing one."""
    day = today(programme)
    rule_set = rule_set_on(programme.rule_sets.all(), day)
    form = SampleForm(request.POST or None, initial={"line_idr": rule_set.poverty_line_idr if rule_set else None})
    if has_role(request, Role.MANAGER) and form.is_valid():
        made = services.draw_sample(programme=programme, by=request.user, on=day, **form.cleaned_data)
        messages.success(request, _("The sample was drawn. Give its list to who visits."))
        return redirect("applicants:sample", programme.code, made.code)
    context: dict[str, Any] = {
        "samples": programme.living_samples.with_counts(),
        "form": form if has_role(request, Role.MANAGER) else None,
        "people": in_living_frame(programme).count(),
    }
    return listed(request, "applicants/samples.html", context, listings.SAMPLES, rows=context["samples"])


@who_may(*VERIFIERS, Role.AUDITOR)
def sample(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Whom to visit, and what was found."""
    found: LivingSample = get_object_or_404(programme.living_samples, code=code)
    checks = found.checks.select_related("sample", "applicant__person__place__parent").order_by(
        "applicant__person__place__parent__name", "applicant__person__place__name", "applicant__code"
    )
    is_open = request.GET.get("show") == "open"
    context = {
        "sample": found,
        "page": page_of(request, checks.to_do() if is_open else checks),
        "is_open": is_open,
        "total": found.checks.count(),
        "to_do": found.checks.to_do().count(),
        "verified": found.checks.verified().count(),
        "unverified": found.checks.exclude(why_not="").count(),
        "can_write": has_role(request, *VERIFIERS),
    }
    return listed(request, "applicants/sample.html", context, listings.SAMPLE)


@never_cache
@who_may(*VERIFIERS)
def living(request: ProgrammeRequest, programme: Programme, code: str, applicant: str) -> HttpResponse:
    """What was seen of one household."""
    checks = programme.living_checks.select_related("sample", "applicant__person__place__parent")
    found: LivingCheck = get_object_or_404(checks, sample__code=code, applicant__code=applicant)
    form = LivingForm(
        request.POST or None, instance=found, initial={"verified_on": found.verified_on or today(programme)}
    )
    if form.is_valid():
        services.record_living(check=found, by=request.user, on=today(programme), **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("applicants:sample", programme.code, code)
    return render(request, "applicants/living.html", {"check": found, "sample": found.sample, "form": form})
