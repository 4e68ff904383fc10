"""What participants wish of their group and mentor, and what they can do."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kawasan.applicants.models import Applicant
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.matching import listings, queries, services
from kawasan.matching.forms import AbilityForm, WishForm
from kawasan.programmes.access import ProgrammeRequest, has_role, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role

WRITERS = (Role.MANAGER, Role.PLANNER)


@who_may(*WRITERS)
def wishes(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Participants with their wishes; whom nobody asked yet how far they can go comes first."""
    page = page_of(request, queries.participants_with_wishes(programme))
    return listed(request, "matching/wishes.html", {"page": page}, listings.WISHES)


@who_may(*WRITERS, Role.PARTICIPANT)
def wishes_of(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """The wishes and abilities of one participant; a participant sees the own ones."""
    applicant, is_office = _applicant(request, programme, code), has_role(request, *WRITERS)
    form = WishForm(request.POST or None, applicant=applicant, is_office=is_office)
    if form.is_valid():
        services.add_wish(wish=form.instance, by=request.user)
        messages.success(request, _("The wish was entered."))
        return redirect("matching:wishes_of", programme.code, code)
    ability = programme.abilities.filter(applicant=applicant).first()
    context = {
        "applicant": applicant,
        "form": form,
        "ability_form": AbilityForm(instance=ability),
        "wishes": applicant.wishes.select_related("other__person"),
        "is_office": is_office,
    }
    return render(request, "matching/wishes_of.html", context)


@require_POST
@who_may(*WRITERS, Role.PARTICIPANT)
def set_abilities(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    applicant, form = _applicant(request, programme, code), AbilityForm(request.POST)
    if form.is_valid():
        services.set_abilities(applicant=applicant, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
    return redirect("matching:wishes_of", programme.code, code)


@require_POST
@who_may(*WRITERS, Role.PARTICIPANT)
def remove_wish(request: ProgrammeRequest, programme: Programme, code: str, wish: str) -> HttpResponse:
    applicant = _applicant(request, programme, code)
    services.remove_wish(
        wish=get_object_or_404(applicant.wishes.select_related("applicant"), code=wish), by=request.user
    )
    messages.success(request, _("The wish was removed."))
    return redirect("matching:wishes_of", programme.code, code)


def _applicant(request: ProgrammeRequest, programme: Programme, code: str) -> Applicant:
    """Somebody of the programme; whoever is not of the office finds only themselves."""
    found = get_object_or_404(Applicant.objects.filter(programme=programme).in_full(), code=code)
    if not has_role(request, *WRITERS) and found.person.user_id != request.user.pk:
        raise Http404
    return found
