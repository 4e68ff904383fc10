"""The business model canvas of a participant or a group: read, written one block at a time, and printed."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kawasan.applicants.models import Applicant
from kawasan.matching.models import Group
from kawasan.mentoring import queries, rules, services
from kawasan.mentoring.forms import BlockForm
from kawasan.mentoring.models import CanvasBlock
from kawasan.mentoring.rules import Block
from kawasan.mentoring.views import SEE_ALL, groups_of, loggable_by
from kawasan.programmes.access import ProgrammeRequest, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role

Owner = Applicant | Group


@who_may(*SEE_ALL, Role.MENTOR, Role.PARTICIPANT)
def canvas(request: ProgrammeRequest, programme: Programme, kind: str, code: str) -> HttpResponse:
    """The nine blocks; on a phone below one another, in the order in which they are filled."""
    owner = _owner(request, programme, kind, code, groups_of(request, programme))
    written = queries.canvas_of(owner)
    context = {
        "kind": kind,
        "owner": owner,
        "name": _name(owner),
        "blocks": [(block, rules.QUESTIONS[block], written.get(block)) for block in Block],
        "written": len(written),
        "all": len(Block),
        "may_write": _may_write(request, programme, owner),
        "is_own": _is_own(request, owner),
    }
    return render(request, "mentoring/canvas.html", context)


@who_may(Role.MANAGER, Role.MENTOR, Role.PARTICIPANT)
def write_block(request: ProgrammeRequest, programme: Programme, kind: str, code: str, block: str) -> HttpResponse:
    """One block: its question, an example, what stands there, and what stood there before."""
    owner = _owner(request, programme, kind, code, loggable_by(request, programme))
    if block not in set(Block):
        raise Http404
    versions = list(owner.canvas_blocks.filter(block=block).select_related("entered_by"))
    row = CanvasBlock(programme=programme, block=block, written_on=today(programme), **_of(owner))
    initial = {"text": versions[0].text if versions else ""}
    form = BlockForm(request.POST or None, instance=row, programme=programme, initial=initial)
    if form.is_valid():
        services.write_block(block=form.instance, read=form.cleaned_data["read"], by=request.user)
        messages.success(request, _("The block is kept."))
        return redirect(
            _next(owner, programme, kind, block) if "next" in request.POST else _address(programme, kind, code)
        )
    context = {
        "form": form,
        "heading": Block(block).label,
        "question": rules.QUESTIONS[Block(block)],
        "example": rules.EXAMPLES[Block(block)],
        "versions": versions,
        "read": versions[0].version if versions else 0,
        "back": _address(programme, kind, code),
        "name": _name(owner),
    }
    return render(request, "mentoring/canvas_block.html", context)


@require_POST
@who_may(*SEE_ALL, Role.MENTOR, Role.PARTICIPANT)
def canvas_pdf(request: ProgrammeRequest, programme: Programme, kind: str, code: str) -> HttpResponse:
    """The canvas on one page; the log keeps who took it."""
    owner = _owner(request, programme, kind, code, groups_of(request, programme))
    written = queries.canvas_of(owner)
    content = services.print_canvas(owner=owner, name=_name(owner), blocks=written, by=request.user)
    name = f"bmc-{owner.code}.pdf"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=disposition)


def _owner(request: ProgrammeRequest, programme: Programme, kind: str, code: str, groups: Any) -> Owner:
    """A participant or a group: of these groups, or the reader's own."""
    if kind == "person":
        own = Q(group_memberships__group__in=groups) | Q(person__user=request.user, group_memberships__isnull=False)
        people = programme.applicants.select_related("person", "programme")
        return get_object_or_404(people.filter(own).distinct(), code=code)
    if kind == "group":
        seen = Q(pk__in=groups.values("pk")) | Q(members__applicant__person__user=request.user)
        return get_object_or_404(programme.groups.filter(seen).select_related("programme").distinct(), code=code)
    raise Http404


def _may_write(request: ProgrammeRequest, programme: Programme, owner: Owner) -> bool:
    groups = loggable_by(request, programme)
    named = Q(pk=owner.pk) if isinstance(owner, Group) else Q(members__applicant=owner)
    return _is_own(request, owner) or groups.filter(named).exists()


def _is_own(request: ProgrammeRequest, owner: Owner) -> bool:
    if isinstance(owner, Applicant):
        return owner.person.user_id == request.user.pk
    return owner.members.filter(applicant__person__user=request.user).exists()


def _name(owner: Owner) -> str:
    return str(owner) if isinstance(owner, Group) else owner.person.name


def _of(owner: Owner) -> dict[str, Owner]:
    return {"group": owner} if isinstance(owner, Group) else {"applicant": owner}


def _address(programme: Programme, kind: str, code: str) -> str:
    return reverse("mentoring:canvas", args=[programme.code, kind, code])


def _next(owner: Owner, programme: Programme, kind: str, block: str) -> str:
    """The next block that is empty, after this one and around; the whole canvas when none is."""
    written, order = queries.canvas_of(owner), [one.value for one in Block]
    after = order.index(block) + 1
    empty = [one for one in order[after:] + order[:after] if one not in written]
    if not empty:
        return _address(programme, kind, owner.code)
    return reverse("mentoring:write_block", args=[programme.code, kind, owner.code, empty[0]])
