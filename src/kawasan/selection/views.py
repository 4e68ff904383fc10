from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kawasan.applicants.queries import before_the_pool
from kawasan.core.jobs import underway
from kawasan.core.language import in_words, percent
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.core.services import entries_about
from kawasan.core.text import Text
from kawasan.programmes.access import ProgrammeRequest, has_role, may_open, today, who_may
from kawasan.programmes.job_views import answer
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import EVERYBODY, OFFICE, Announcement, Feature, Role, feature_text
from kawasan.selection import listings, queries, rules, services
from kawasan.selection.forms import (
    AnnouncementForm,
    DecreeForm,
    ExceptionForm,
    PairForm,
    PublicValueForm,
    QuotasForm,
    ReasonForm,
    SeatFilterForm,
    SourceForm,
    TrialForm,
    typed_pairs,
)
from kawasan.selection.models import Decree, Draw, DrawException, Seat
from kawasan.selection.queries import QuotaChoice
from kawasan.selection.rules import DecreeStatus, DrawStatus

NAMES_READERS = (*OFFICE, Role.AUDITOR, Role.MINISTRY)
CHECKERS = (Role.MANAGER, Role.VERIFIER)
PUBLISHED = 5  # draws a page, since each asks the log
PUBLIC_STEPS = (
    "selection.frozen",
    "selection.cancelled",
    "selection.value_entered",
    "selection.value_taken_back",
    "selection.drawn",
)


@who_may(*EVERYBODY)
def selection(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The pool, its quotas and what was drawn: everything that does not name anybody."""
    draws = list(programme.draws.all())
    draw = next((one for one in draws if one.status != DrawStatus.CANCELLED), None)
    if draw and not services.is_as_published(draw=draw):
        return render(request, "selection/changed.html", {"draw": draw, "reason": Text(rules.CHANGED)})
    context = queries.overview(draw) if draw else _before_freezing(programme)
    undone = queries.undone(programme)
    why = {one.draw: one for one in undone if not one.value}
    context |= {
        "draw": draw,
        "underway": None if draw else underway(programme, "selection-pool"),
        "certificate_hash": services.certificate_hash(draw=draw) if draw and draw.result else "",
        "cancelled": [(one, why.get(one.code)) for one in draws if one.status == DrawStatus.CANCELLED],
        "taken_back": [one for one in undone if one.value],
        "is_manager": has_role(request, Role.MANAGER),
        "can_see_names": has_role(request, *NAMES_READERS),
        "source_form": SourceForm(initial={"public_value_source": programme.draw_public_value_source}),
        "form": PublicValueForm(initial={"public_value": programme.draw_public_value}),
        "reason_form": ReasonForm(),
        "is_checker": has_role(request, *CHECKERS),
        "may_open_quotas": draw is None and has_role(request, *OFFICE),
        "may_rehearse": (draw is None or not draw.result) and has_role(request, *CHECKERS),
        "may_confirm": draw is not None and has_role(request, *CHECKERS) and draw.entered_by_id != request.user.pk,
        "next": rules.next_step(
            draw.status if draw else None,
            has_reasons=bool(context.get("reasons")),
            has_value=bool(draw and draw.public_value),
            **queries.after_drawing(programme, draw),
            **context["progress"],
        ),
    }
    return render(request, "selection/selection.html", context)


def _before_freezing(programme: Programme) -> dict[str, Any]:
    prefetch_related_objects([programme], "rule_sets")  # read twice
    pool = services.pool_now(programme=programme)
    rows = queries.quota_rows(pool.names, pool.quotas, pool=[candidate.features for candidate in pool.candidates])
    return {
        "people": len(pool.candidates),
        "quotas": rows,
        "reasons": pool.reasons,
        "notices": before_the_pool(programme, today(programme)),
        "seats": programme.seats,
        "excepted": queries.count_excepted(programme, pool.candidates),
        "progress": {"offered": 0, "free": 0, "waiting": 0},
    }


@who_may(*OFFICE)
def quotas(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The quotas and what they do to everybody's chance, tried out before anything is saved."""
    if request.method == "POST" and not has_role(request, Role.MANAGER):
        raise PermissionDenied
    todo = request.POST.get("do")
    choices, adding, added = _choices(request, programme)
    form = QuotasForm(request.POST or None, choices=choices, seats=programme.seats, added=added)
    if todo == "save" and form.is_valid() and form.lines is not None:
        return _save_quotas(request, programme, form)
    if todo == "propose":
        form = form.with_bounds(*_proposal(form.choices))
    if todo == "plan":
        form = form.with_bounds(*_planned(programme, form.choices))
    outlook = _outlook(programme, form)
    if todo == "relax" and outlook:
        form = form.with_bounds(outlook.relaxation, {})
        outlook = _outlook(programme, form)
    is_live = "HX-Request" in request.headers
    context = _quota_context(request, programme, form, outlook) | {"adding": adding, "is_live": is_live}
    return render(request, "selection/_quota_outlook.html" if is_live else "selection/quotas.html", context)


def _choices(
    request: ProgrammeRequest, programme: Programme
) -> tuple[list[QuotaChoice], PairForm, tuple[str, str] | None]:
    """The rows of the table with the pairs that were added to it, the form that adds one more, and which it added."""
    pairs = typed_pairs(request.POST)
    choices = queries.quota_choices(programme, pairs)
    adding = PairForm(request.POST if request.POST.get("do") == "add_pair" else None, choices=choices)
    if not adding.is_valid():
        return choices, adding, None
    choices = queries.quota_choices(programme, [*pairs, adding.pair])
    return choices, PairForm(choices=choices), adding.pair


def _save_quotas(request: ProgrammeRequest, programme: Programme, form: QuotasForm) -> HttpResponse:
    services.change_quotas(
        programme=programme, lines=form.lines or [], seen=request.POST.get("seen", ""), by=request.user
    )
    messages.success(request, _("The quotas are saved."))
    saved = QuotasForm(choices=queries.quota_choices(programme), seats=programme.seats)
    if (outlook := _outlook(programme, saved)) and outlook.spread is None:
        messages.warning(request, _("There can be no draw with them yet; this page says why."))
    return redirect("selection:quotas", programme.code)


def _proposal(
    choices: Sequence[QuotaChoice],
) -> tuple[dict[tuple[str, str], tuple[int, int]], dict[tuple[str, str], str]]:
    """Bounds from the shares of the population, and the reason that goes with them."""
    found = [choice for choice in choices if choice.proposed]
    reason = _("Share of the population: {share}")
    return (
        {choice.counts: choice.proposed for choice in found if choice.proposed},
        {choice.counts: reason.format(share=percent(choice.population_share, 1)) for choice in found},
    )


def _planned(
    programme: Programme, choices: Sequence[QuotaChoice]
) -> tuple[dict[tuple[str, str], tuple[int, int]], dict[tuple[str, str], str]]:
    """The fields' seats of the adopted plan, and the reason that goes with those that change."""
    code, seats = queries.planned_seats(programme)
    known = {choice.counts: choice.saved.bounds for choice in choices if choice.saved}
    found = {counts: bounds for counts, bounds in seats.items() if counts in known and known[counts] != bounds}
    return found, dict.fromkeys(found, _("Seats of {plan}").format(plan=code))


def _outlook(programme: Programme, form: QuotasForm) -> services.Outlook | None:
    names = {choice.counts: choice.label for choice in form.choices}
    return None if form.lines is None else services.outlook(programme=programme, lines=form.lines, names=names)


def _quota_context(
    request: ProgrammeRequest, programme: Programme, form: QuotasForm, outlook: services.Outlook | None
) -> dict[str, Any]:
    is_manager, is_possible = has_role(request, Role.MANAGER), outlook is not None and outlook.spread is not None
    is_fresh = not form.is_bound or form.non_field_errors()  # after a refusal the page shows what is saved now
    shown = _quota_rows(form, outlook)
    is_changed = any(row["is_changed"] for row in shown)
    return {
        "form": form,
        "outlook": outlook,
        "groups": [(in_words(feature_text(feature)), list(rows)) for feature, rows in groupby(shown, key=_feature)],
        "seen": queries.quota_state(programme) if is_fresh else form.data.get("seen", ""),
        "is_manager": is_manager,
        "is_frozen": request.method == "GET" and programme.draws.standing().exists(),
        "plan_code": queries.planned_seats(programme)[0],
        "can_propose": any(choice.proposed for choice in form.choices),
        "next": rules.quota_step(is_manager=is_manager, is_possible=is_possible, is_changed=is_changed),
    }


def _quota_rows(form: QuotasForm, outlook: services.Outlook | None) -> list[dict[str, Any]]:
    """A row of the table for every value, with its inputs, its chance and whether it differs from what is saved."""
    typed = {line.counts: line for line in form.lines or []}
    return [
        {
            "number": number,
            "choice": choice,
            **form.inputs(choice.counts),
            "line": typed.get(choice.counts),
            "chance": outlook.chances.get(choice.counts) if outlook else None,
            "gain": outlook.gains.get(choice.counts) if outlook else None,
            "is_changed": form.is_bound and form.lines is not None and typed.get(choice.counts) != choice.saved,
            "is_short": choice.counts in typed and choice.available < typed[choice.counts].least,
        }
        for number, choice in enumerate(form.choices)
    ]


def _feature(row: dict[str, Any]) -> str:
    return str(row["choice"].counts[0])


@require_POST
@who_may(Role.MANAGER)
def freeze(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    source = request.POST.get("public_value_source", "")
    return answer(request, services.freeze_pool_later(programme=programme, source=source, by=request.user))


@who_may(Role.MANAGER, Role.VERIFIER)
def rehearsal(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """What a draw from the pool as it is now would look like on a trial seed; nobody gets a seat."""
    form = TrialForm(request.GET or None)
    asked = form.is_valid()
    found = services.rehearse(programme=programme, seed=form.cleaned_data["seed"]) if asked else None
    return render(request, "selection/rehearsal.html", {"form": form, "rehearsal": found})


@who_may(*NAMES_READERS)
def exceptions(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Who is guaranteed a seat or kept out of the draw, by whose decision and why."""
    rows = DrawException.objects.filter(programme=programme).select_related(
        "applicant__person", "entered_by", "confirmed_by"
    )
    is_frozen = programme.draws.standing().exists()
    context = {
        "rows": rows,
        "bands": programme.need_bands.filter(is_guaranteed=True),
        "waiting": sum(row.confirmed_on is None for row in rows),
        "is_frozen": is_frozen,
        "may_add": has_role(request, Role.MANAGER) and not is_frozen,
        "may_judge": has_role(request, *CHECKERS) and not is_frozen,
    }
    return listed(request, "selection/exceptions.html", context, listings.EXCEPTIONS, rows=rows)


@who_may(Role.MANAGER)
def add_exception(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Enter that somebody is guaranteed a seat or kept out; somebody else confirms it."""
    form = ExceptionForm(request.POST or None, programme=programme, initial={"decided_on": today(programme)})
    if form.is_valid():
        services.add_exception(exception=form.save(commit=False), by=request.user)
        messages.success(request, _("The exception is entered. It counts once somebody else confirms it."))
        return redirect("selection:exceptions", programme.code)
    context = {
        "form": form,
        "heading": _("Enter an exception"),
        "purpose": _("Somebody has a seat in every panel, or stays out of the draw, by a decision with a reason."),
        "submit": _("Enter the exception"),
        "back": reverse("selection:exceptions", args=[programme.code]),
        "instead": rules.reasons_exception_unchangeable(is_frozen=programme.draws.standing().exists()),
    }
    return render(request, "form_page.html", context)


@require_POST
@who_may(*CHECKERS)
def confirm_exception(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    found = services.confirm_exception(exception=_exception(programme, pk), by=request.user, on=today(programme))
    messages.success(request, _("The exception for {name} counts now.").format(name=found.applicant.person))
    return redirect("selection:exceptions", programme.code)


@who_may(*CHECKERS)
def doubt_exception(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    """Take the confirmation of an exception back."""
    found = _exception(programme, pk)
    form, name = ReasonForm(request.POST or None), {"name": found.applicant.person}
    if form.is_valid():
        services.doubt_exception(exception=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The exception for {name} counts no more.").format(**name))
        return redirect("selection:exceptions", programme.code)
    context = {
        "form": form,
        "heading": _("The exception for {name} shall not count").format(**name),
        "purpose": _("The confirmation is taken back. Somebody else removes the exception, or confirms it again."),
        "submit": _("Take the confirmation back"),
        "back": reverse("selection:exceptions", args=[programme.code]),
    }
    return render(request, "form_page.html", context)


@who_may(*CHECKERS)
def remove_exception(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    """Remove an exception that does not count."""
    found = _exception(programme, pk)
    form, name = ReasonForm(request.POST or None), {"name": found.applicant.person}
    if form.is_valid():
        services.remove_exception(exception=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The exception for {name} was removed.").format(**name))
        return redirect("selection:exceptions", programme.code)
    context = {
        "form": form,
        "heading": _("Remove the exception for {name}").format(**name),
        "purpose": _("The draw decides of this applicant as of everybody else. The log keeps the exception."),
        "submit": _("Remove the exception"),
        "back": reverse("selection:exceptions", args=[programme.code]),
    }
    return render(request, "form_page.html", context)


def _exception(programme: Programme, pk: int) -> DrawException:
    return get_object_or_404(DrawException.objects.select_related("applicant__person"), programme=programme, pk=pk)


@require_POST
@who_may(Role.MANAGER)
def enter_value(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.draws, code=code)
    services.enter_value(draw=found, public_value=request.POST.get("public_value", ""), by=request.user)
    messages.success(request, _("The public value is entered. Somebody else must confirm it."))
    return redirect("selection:selection", programme.code)


@require_POST
@who_may(*CHECKERS)
def take_value_back(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    found = get_object_or_404(programme.draws, code=code)
    services.take_value_back(draw=found, reason=request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("The public value was taken back."))
    return redirect("selection:selection", programme.code)


@require_POST
@who_may(*CHECKERS)
def draw(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Somebody else than who entered the public value confirms it, and the seats are drawn."""
    found = get_object_or_404(programme.draws, code=code)
    services.run_draw(draw=found, by=request.user, seen=request.POST.get("seen", ""))
    messages.success(request, _("The seats are drawn."))
    return redirect("selection:selection", programme.code)


@require_POST
@who_may(Role.MANAGER)
def cancel(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Give up a frozen pool before it is drawn from."""
    found = get_object_or_404(programme.draws, code=code)
    services.cancel_draw(draw=found, reason=request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("The frozen pool was given up."))
    return redirect("selection:selection", programme.code)


@who_may(*EVERYBODY)
def pool(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The frozen pool by pseudonym, for anybody to look themselves up.

    Where the announcement names people, the number on the waiting list is left out here: it would tell what need or
    disability a named person has.
    """
    found = get_object_or_404(programme.draws.standing())
    services.refuse_changed(draw=found)
    start = request.GET.get("start", "").strip().lower()
    people = queries.pool_people(found, queries.value_names(programme, programme.fields.all()), start)
    context = {
        "draw": found,
        "page": page_of(request, people),
        "start": start,
        "features": list(Feature),
        "shows_order": (shows_order := programme.announcement == Announcement.PSEUDONYM),
    }
    shown = listings.POOL if shows_order else listings.POOL.without("reserve")
    return listed(request, "selection/pool.html", context, shown)


@who_may(*EVERYBODY)
def draw_json(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The certificate of the draw that stands."""
    return certificate_file(get_object_or_404(programme.draws.standing()))


def certificate_file(found: Draw) -> HttpResponse:
    """Everything needed to check a draw, and nothing that names anybody."""
    services.refuse_changed(draw=found)
    written = {"sort_keys": True, "separators": (",", ":")}  # as databases keep keys in orders of their own
    response = JsonResponse(services.certificate_of(draw=found), json_dumps_params=written)
    response["Content-Disposition"] = f'attachment; filename="{found.programme.code}-{found.code}.json"'
    return response


def public_draws(request: HttpRequest) -> HttpResponse:
    """For everybody: which pools were frozen, with the hash that fixes each, and what the log says of them."""
    page = page_of(request, Draw.objects.published().defer("pool", "frozen", "result"), PUBLISHED)
    steps = [(draw, entries_about(draw, *PUBLIC_STEPS), queries.corrected_people(draw)) for draw in page]
    return render(request, "selection/public_draws.html", {"page": page, "draws": steps})


def public_certificate(request: HttpRequest, programme: str, code: str) -> HttpResponse:
    """The certificate of one of them, a cancelled one too, where no announcement tells whom a pseudonym means."""
    public = Draw.objects.published().filter(programme__announcement=Announcement.PSEUDONYM)
    return certificate_file(get_object_or_404(public, programme__code=programme, code=code))


def check_draw(request: HttpRequest) -> HttpResponse:
    """A page for everybody that checks a certificate in the reader's browser; it asks nothing of the server."""
    return render(request, "selection/check_draw.html", {"claims": [(n, _(text)) for n, text in rules.CLAIMS.items()]})


@who_may(*EVERYBODY)
def announcement(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Who was drawn and who waits, told apart as the programme sets; neither contacts nor identity numbers."""
    form = AnnouncementForm(request.GET, programme=programme)
    kind, start = form.wanted()
    found = programme.draws.standing().filter(status=DrawStatus.DRAWN).first()
    if found:
        services.refuse_changed(draw=found)
    lines = queries.announced(found, kind, start) if found else []
    context = {
        "form": form,
        "draw": found,
        "page": page_of(request, lines),
        "is_waiting_list": kind == rules.SeatKind.RESERVE,
        "how": (how := Announcement(programme.announcement)),
    }
    return listed(request, "selection/announcement.html", context, listings.announced(how))


@who_may(*NAMES_READERS)
def seats(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Who was drawn and who waits, with what became of each."""
    form = SeatFilterForm(request.GET, programme=programme)
    wanted, found = form.wanted(), programme.draws.standing().defer("pool", "frozen", "result").first()
    counts = queries.seat_counts(programme)
    page = page_of(request, queries.seats_matching(programme, wanted))
    context = {
        "form": form,
        "draw": found,
        "counts": counts,
        "page": page,
        "rows": [(seat, rules.pseudonym(found.salt, seat.applicant.code)) for seat in page if found],
        "is_waiting_list": wanted.get("list") == "waiting",
        "free": (found.seats if found else 0) - counts["offered"] - counts["accepted"],
        "can_write": has_role(request, *CHECKERS),
        "may_read_case_files": may_open(request, "reports:case_file", "any"),
    }
    return listed(request, "selection/seats.html", context, listings.SEATS)


@require_POST
@who_may(*CHECKERS)
def accept(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    seat = services.accept(seat=_seat(programme, pk), by=request.user, on=today(programme))
    messages.success(request, _("{name} has accepted the seat.").format(name=seat.applicant.person))
    return redirect(_seats_as_before(request, programme))


@who_may(*CHECKERS)
def decline(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    """Somebody does not want the seat that was offered."""
    seat, form, back = _seat(programme, pk), ReasonForm(request.POST or None), _seats_as_before(request, programme)
    name = {"name": seat.applicant.person}
    if form.is_valid():
        services.decline(seat=seat, by=request.user, on=today(programme), note=form.cleaned_data["reason"])
        messages.success(request, _("{name} has declined; the seat is free.").format(**name))
        return redirect(back)
    context = {
        "form": form,
        "heading": _("{name} declines the seat").format(**name),
        "purpose": _("The seat becomes free for the waiting list. It cannot be taken back."),
        "submit": _("Decline the seat"),
        "back": back,
    }
    return render(request, "form_page.html", context)


@who_may(*CHECKERS)
def withdraw(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Somebody leaves the programme, from the list of seats or from the application."""
    found = get_object_or_404(programme.applicants.select_related("person"), code=code)
    form, name = ReasonForm(request.POST or None), {"name": found.person}
    application = reverse("applicants:applicant", args=[programme.code, code])
    back = _seats_as_before(request, programme) if request.GET else application
    if form.is_valid():
        services.withdraw(applicant=found, by=request.user, on=today(programme), **form.cleaned_data)
        messages.success(request, _("{name} has left the programme.").format(**name))
        return redirect(back)
    context = {
        "form": form,
        "heading": _("{name} leaves the programme").format(**name),
        "purpose": _(
            "The application is withdrawn, and a seat that goes with it becomes free. It cannot be taken back."
        ),
        "submit": _("Withdraw the application"),
        "back": back,
    }
    return render(request, "form_page.html", context)


def _seats_as_before(request: ProgrammeRequest, programme: Programme) -> str:
    """The list of seats, filtered and at the page from which somebody came here."""
    return f"{reverse('selection:seats', args=[programme.code])}?{request.GET.urlencode()}"


def _seat(programme: Programme, pk: int) -> Seat:
    return get_object_or_404(Seat.objects.select_related("applicant__person"), programme=programme, pk=pk)


@require_POST
@who_may(*CHECKERS)
def call_reserve(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    seat = services.call_reserve(programme=programme, by=request.user, on=today(programme))
    name = {"name": seat.applicant.person, "number": seat.place_in_order}
    messages.success(request, _("Reserve {number}, {name}, was offered a seat.").format(**name))
    if passed := queries.passed_over(seat):
        template = _(
            "Passed over, and still waiting: {passed}. With any of them the quotas would be missed by more, "
            "or too many of a household would be seated."
        )
        messages.info(request, template.format(passed=passed))
    if not seat.keeps_quotas:
        messages.warning(request, _("With nobody on the waiting list do all quotas hold; this person misses least."))
    return redirect("selection:seats", programme.code)


@who_may(*NAMES_READERS)
def decree(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The decrees, the newest opened."""
    decrees = list(programme.decrees.order_by("-pk"))
    shown = next((one for one in decrees if one.code == request.GET.get("code")), decrees[0] if decrees else None)
    signed = next((one for one in decrees if one.status == DecreeStatus.SIGNED), None)
    context = {
        "decrees": decrees,
        "shown": shown,
        "changes": queries.changes_since(signed) if signed and shown == signed else [],
        "is_draft_waiting": bool(decrees) and decrees[0].status == DecreeStatus.DRAFT,
        "is_manager": has_role(request, Role.MANAGER),
        "reasons": queries.reasons_no_decree(programme, dated=today(programme)),
    }
    if shown:
        return listed(request, "selection/decree.html", context, listings.DECREE, rows=shown.lines)
    return render(request, "selection/decree.html", context)


@who_may(Role.MANAGER)
def draft(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Freeze the list of participants under a number."""
    newest = programme.decrees.last()
    waiting = newest if newest and newest.status == DecreeStatus.DRAFT else None
    initial = {"seen": newest.state if newest else ""}
    if not waiting:
        initial |= queries.next_decree(programme, today(programme))
    form = DecreeForm(request.POST or None, instance=waiting, programme=programme, initial=initial)
    if form.is_valid():
        services.draft_decree(programme=programme, by=request.user, **form.cleaned_data)
        messages.success(request, _("The decree was drafted. Check the list, then have it signed."))
        return redirect("selection:decree", programme.code)
    context = {
        "form": form,
        "heading": _("Draft the decree"),
        "purpose": _("Freezes the list of everybody who holds a seat; an unsigned draft is replaced."),
        "submit": _("Draft the decree"),
        "back": reverse("selection:decree", args=[programme.code]),
    }
    return render(request, "form_page.html", context)


@require_POST
@who_may(Role.MANAGER)
def sign(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Sign the list that the page showed, and no other."""
    found: Decree = get_object_or_404(programme.decrees, code=code)
    services.sign_decree(decree=found, by=request.user, on=today(programme), seen=request.POST.get("seen", ""))
    messages.success(request, _("The decree is signed. Its list does not change any more."))
    return redirect("selection:decree", programme.code)
