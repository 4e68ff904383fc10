"""The board on which people are moved between groups."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kawasan.core.models import LogEntry
from kawasan.matching import queries, services
from kawasan.matching.forms import MoveForm
from kawasan.matching.rules import Sizes, cost_of
from kawasan.programmes.access import ProgrammeRequest, who_may
from kawasan.programmes.models import Field, Programme
from kawasan.programmes.rules import Role

WRITERS = (Role.MANAGER, Role.PLANNER)


@who_may(*WRITERS)
def board(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The groups of one field beside each other."""
    fields = list(programme.fields.filter(groups__isnull=False).distinct())
    asked = request.GET.get("field", "")
    field = next((one for one in fields if one.code == asked), fields[0] if fields else None)
    columns = services.board_of(programme, field) if field else []
    context = {
        "fields": fields,
        "field": field,
        "columns": columns,
        "cost": cost_of(columns),
        "moves": queries.latest_moves(programme, programme.groups.all()),
        "rule_set": queries.valid_rule_set(programme),
    }
    return render(request, "matching/board.html", context)


@who_may(*WRITERS)
def move_member(request: ProgrammeRequest, programme: Programme, pk: int) -> HttpResponse:
    """Where somebody could go, what each place costs, and which rule forbids it; then the move."""
    member = get_object_or_404(queries.members_in_full(programme), pk=pk)
    form = MoveForm(request.POST or None, member=member)
    back = _board_of(programme, member.group.field)
    if form.is_valid():
        services.move_member(member=member, by=request.user, **form.cleaned_data)
        messages.success(request, _("The member was moved."))
        return redirect(back)
    columns = services.board_of(programme, member.group.field)
    card = next((one for column in columns for one in column.cards if one.member == pk), None)
    rule_set = queries.valid_rule_set(programme)
    if card is None:
        raise Http404
    sizes = Sizes(rule_set.least_group, rule_set.most_group) if rule_set else Sizes(0, 0)
    choices = services.choices_for(columns, card, sizes)
    context = {
        "member": member,
        "card": card,
        "form": form,
        "choices": choices,
        "may_move": any(not choice.reasons for choice in choices),
        "wanted": request.POST.get("group") or request.GET.get("to", ""),
        "why": request.POST.get("why", ""),
        "back": back,
    }
    return render(request, "matching/move.html", context)


@require_POST
@who_may(*WRITERS)
def take_back(request: ProgrammeRequest, programme: Programme, sequence: int) -> HttpResponse:
    """Undo a move that the log tells of."""
    moves = LogEntry.objects.filter(programme_code=programme.code, verb="matching.member_moved")
    member = services.take_back_move(entry=get_object_or_404(moves, sequence=sequence), by=request.user)
    messages.success(request, _("The move was taken back."))
    return redirect(_board_of(programme, member.group.field))


def _board_of(programme: Programme, field: Field) -> str:
    return f"{reverse('matching:board', args=[programme.code])}?{urlencode({'field': field.code})}"
