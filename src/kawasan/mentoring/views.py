from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kawasan.applicants.queries import reasons_closed as reasons_not_to_apply
from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.core.responses import stored, uploaded
from kawasan.matching.models import Group
from kawasan.mentoring import listings, queries, rules, services
from kawasan.mentoring.forms import CorrectionForm, VisitForm
from kawasan.mentoring.models import Visit, VisitPhoto, VisitQuerySet
from kawasan.mentoring.rules import State
from kawasan.programmes.access import ProgrammeRequest, has_role, may_open, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import OFFICE, Role

SEE_ALL = (*OFFICE, Role.AUDITOR)
MOST_DUE = 25  # of the groups that are due; the longest not seen come first


@who_may(*SEE_ALL, Role.MENTOR)
def visits(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Who is due, then the logbook."""
    chosen, words, day = _chosen(request), request.GET.get("q", "").strip(), today(programme)
    groups, loggable = groups_of(request, programme), loggable_by(request, programme)
    rows, promised = queries.rows_of(groups, day), queries.promised_to_people(groups, day)
    due = sum(row.due is not None for row in rows) + promised.count()
    counts = queries.counts_of(programme, request.user)
    context = {
        "rows": [row for row in rows if row.due or row.group.is_mentored_by(request.user)][:MOST_DUE],
        "due": due,
        "promised": promised[:MOST_DUE],
        "next": rules.next_step(
            groups=len(rows), is_own=not has_role(request, *SEE_ALL), due=due, returned=counts["returned"]
        ),
        "page": page_of(request, _filtered(request, programme)),
        "chosen": chosen,
        "states": [(one.value, one.label) for one in State],
        "words": words,
        "groups": [row.group for row in rows],
        "mentors": sorted({row.group.mentor for row in rows}, key=str),
        "may_enter": may_open(request, "applicants:new") and not reasons_not_to_apply(programme, day),
        "has_day": may_open(request, "reports:mentor_day"),
        "may_review": may_open(request, "mentoring:review"),
        "may_supervise": may_open(request, "mentoring:mentors"),
        "waiting": counts["waiting"],
        "may_log": has_role(request, Role.MANAGER, Role.MENTOR),
        "to_log": loggable.filter(code=chosen["group"]).first() if chosen["group"] else None,
    }
    return listed(request, "mentoring/visits.html", context, listings.VISITS, queries.with_all_of_the_outline)


@who_may(Role.MANAGER, Role.MENTOR)
def log_visit(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """One short form for a visit to a group or to some of its members, with what is usual filled in."""
    groups = loggable_by(request, programme).select_related("place", "mentor")
    group, day = get_object_or_404(groups, code=code), today(programme)
    who = group.members.filter(applicant__code=request.GET.get("who", "")).select_related("applicant").first()
    usual = queries.usual(group, who.applicant if who else None, day)
    initial = usual | {"no_expense_reason": _("No cost arose")}
    visit = Visit(programme=programme, group=group, visited_on=day)
    form = VisitForm(
        request.POST or None, request.FILES or None, instance=visit, initial=initial, programme=programme, today=day
    )
    if form.is_valid():
        services.log_visit(visit=form.instance, added=form.added, is_draft=form.is_draft, by=request.user, on=day)
        said = _("The draft was kept.") if form.is_draft else _("The visit was logged.")
        return stored(request, said, reverse("mentoring:visits", args=[programme.code]))
    purpose = _("What was done, what stands in the way, what comes next.")
    return _form(request, form, heading=str(group), purpose=purpose)


@who_may(*SEE_ALL, Role.MENTOR)
def visit(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """One entry of the logbook, with its photos, what was said of it, and how it came about."""
    entries = _visits(request, programme).select_related("replaces", "reviewed_by", "entered_by", "group__mentor")
    found = get_object_or_404(entries, code=code)
    may_correct = found.state != State.REPLACED and loggable_by(request, programme).filter(pk=found.group_id).exists()
    context = {
        "visit": found,
        "people": services.people_of(found),
        "photos": found.photos.all(),
        "said": found.confirmations.select_related("applicant__person"),
        "corrected_by": found.corrections.exclude(state=State.REJECTED).first(),
        "history": queries.history(found),
        "may_correct": may_correct,
        "may_review": found.state == State.PENDING and may_open(request, "mentoring:review"),
    }
    return render(request, "mentoring/visit.html", context)


@who_may(Role.MANAGER, Role.MENTOR)
def correct_visit(request: ProgrammeRequest, programme: Programme, code: str) -> HttpResponse:
    """Change an entry, with the reason or the answer; of an approved one this makes a new version."""
    found = get_object_or_404(_visits(request, programme), code=code, group__in=loggable_by(request, programme))
    day = today(programme)
    form = CorrectionForm(request.POST or None, request.FILES or None, instance=found, programme=programme, today=day)
    if form.is_valid():
        said = {name: form.cleaned_data.get(name, "") for name in ("why", "answer")}
        kept = services.correct_visit(
            visit=form.instance, added=form.added, is_draft=form.is_draft, by=request.user, on=day, **said
        )
        return stored(
            request, _("The visit was corrected."), reverse("mentoring:visit", args=[programme.code, kept.code])
        )
    purpose = _("The log keeps who corrected it, why, and what stood there before.")
    return _form(request, form, heading=_("Correct a visit"), purpose=purpose)


@never_cache
@who_may(*SEE_ALL, Role.MENTOR)
def photo(request: ProgrammeRequest, programme: Programme, code: str, photo: int) -> HttpResponse:
    """A photo as it was sent; the log keeps who looked."""
    found = _photo(request, programme, code, photo)
    return uploaded(services.read_photo(photo=found, by=request.user))


@who_may(*SEE_ALL, Role.MENTOR)
def preview(request: ProgrammeRequest, programme: Programme, code: str, photo: int) -> HttpResponse:
    """A photo in small."""
    found = _photo(request, programme, code, photo)
    return uploaded(services.read_preview(photo=found, by=request.user))


def _photo(request: ProgrammeRequest, programme: Programme, code: str, photo: int) -> VisitPhoto:
    rows = programme.visit_photos.select_related("visit")
    return get_object_or_404(rows, pk=photo, visit__in=_visits(request, programme).filter(code=code))


def _form(request: ProgrammeRequest, form: VisitForm, **words: str) -> HttpResponse:
    visit = form.instance
    back = (
        reverse("mentoring:visit", args=[request.programme.code, visit.code])
        if visit.pk
        else reverse("mentoring:visits", args=[request.programme.code])
    )
    context = {"form": form, "visit": visit, "back": back, "may_keep": not visit.pk or visit.state == State.DRAFT}
    return render(request, "mentoring/visit_form.html", context | words)


def groups_of(request: ProgrammeRequest, programme: Programme) -> QuerySet[Group]:
    """The groups whose logbook the reader may open: a mentor's own, all for the office."""
    return programme.groups.all() if has_role(request, *SEE_ALL) else programme.groups.of_mentor(request.user)


def loggable_by(request: ProgrammeRequest, programme: Programme) -> QuerySet[Group]:
    """The groups to which the reader may log a visit."""
    return programme.groups.all() if has_role(request, Role.MANAGER) else programme.groups.of_mentor(request.user)


@who_may(*SEE_ALL, Role.MENTOR)
def logbook_pdf(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The entries that are chosen, to print, sign and hand in."""
    content = services.take_logbook(programme=programme, visits=_filtered(request, programme), by=request.user)
    headers = {"Content-Disposition": f'attachment; filename="{programme.code}-logbook.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _chosen(request: ProgrammeRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("mentor", "group", "state")}


def _filtered(request: ProgrammeRequest, programme: Programme) -> QuerySet[Visit]:
    """The entries that the reader may see and has chosen."""
    words = request.GET.get("q", "").strip()
    return queries.filtered(_visits(request, programme), words=words, **_chosen(request))


def _visits(request: ProgrammeRequest, programme: Programme) -> VisitQuerySet:
    visits = programme.visits.in_full()
    return visits if has_role(request, *SEE_ALL) else visits.of_mentor(request.user)
