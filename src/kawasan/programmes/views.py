from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kawasan.core import services as accounts
from kawasan.core.listing import listed
from kawasan.programmes import listings, rules, services
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.forms import KeyForm, MilestoneForm, RoleForm
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import EVERYBODY, OFFICE, Role


@who_may(*EVERYBODY)
def programme_page(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Fields, need bands, rule sets and calendar; quotas are shown where people are counted against them."""
    fields, rule_sets = list(programme.fields.all()), list(programme.rule_sets.prefetch_related("rules"))
    day = today(programme)
    context = {
        "fields": fields,
        "rule_sets": rule_sets,
        "valid": rules.rule_set_on(rule_sets, day),
        "bands": programme.need_bands.all(),
        "milestones": programme.milestones.all(),
        "day": day,
        "reasons": rules.reasons_fields_do_not_fit(programme.seats, [(f.least_seats, f.most_seats) for f in fields]),
        "is_manager": has_role(request, Role.MANAGER),
        "is_office": has_role(request, *OFFICE),
    }
    return render(request, "programmes/programme.html", context)


@who_may(Role.MANAGER)
def milestone(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    form = MilestoneForm(request.POST or None, instance=get_object_or_404(programme.milestones, code=code))
    if form.is_valid():
        services.change_milestone(milestone=form.instance, by=request.user)
        messages.success(request, _("The calendar was changed."))
        return redirect("programmes:programme", programme.code)
    back = reverse("programmes:programme", args=[programme.code])
    context = {
        "form": form,
        "heading": str(form.instance),
        "purpose": _("Move this step of the calendar."),
        "back": back,
    }
    return render(request, "form_page.html", context)


@who_may(Role.MANAGER)
def roles(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Who may do what in the programme."""
    form = RoleForm(request.POST or None)
    if form.is_valid():
        services.give_role(programme=programme, by=request.user, **form.cleaned_data)
        messages.success(request, _("The role was given."))
        return redirect("programmes:roles", programme.code)
    memberships = list(programme.memberships.select_related("user").order_by("user__name", "role"))
    locks = accounts.locks({membership.user.username for membership in memberships})
    rows = [(membership, locks.get(membership.user.username)) for membership in memberships]
    return listed(request, "programmes/roles.html", {"form": form, "rows": rows}, listings.ROLES, rows=memberships)


@require_POST
@who_may(Role.MANAGER)
def take_role(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    membership = get_object_or_404(programme.memberships.select_related("user", "programme"), pk=pk)
    services.take_role(membership=membership, by=request.user)
    messages.success(request, _("The role was taken away."))
    return redirect("programmes:roles", programme.code)


@require_POST
@who_may(Role.MANAGER)
def let_in(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    membership = get_object_or_404(programme.memberships.select_related("user", "programme"), pk=pk)
    accounts.let_in(user=membership.user, by=request.user, about=membership)
    messages.success(request, _("The account can sign in again."))
    return redirect("programmes:roles", programme.code)


@who_may(*EVERYBODY)
def keys(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """One's own keys for programs such as QGIS; a new one is shown once, on the page that answers."""
    form, secret = KeyForm(request.POST or None), ""
    if form.is_valid():
        secret = services.make_key(programme=programme, by=request.user, **form.cleaned_data)
        form = KeyForm()
    own = programme.access_keys.filter(user=request.user)
    return listed(
        request, "programmes/keys.html", {"form": form, "secret": secret, "keys": own}, listings.KEYS, rows=own
    )


@require_POST
@who_may(*EVERYBODY)
def revoke_key(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    """One's own keys, and for the manager anybody's."""
    found = programme.access_keys.select_related("programme")
    if not has_role(request, Role.MANAGER):
        found = found.filter(user=request.user)
    services.revoke_key(key=get_object_or_404(found, pk=pk), by=request.user)
    messages.success(request, _("The key was taken back; nothing can be read with it any more."))
    return redirect("programmes:keys", programme.code)
