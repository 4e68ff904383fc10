"""Who may do what with sessions, and the page of one form."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from kawasan.programmes.access import ProgrammeRequest, has_role
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import FIELD_TEAM, OFFICE, OVERSIGHT, Role
from kawasan.training.models import SessionQuerySet

INSIDE = (*OFFICE, *FIELD_TEAM, *OVERSIGHT)
WRITERS = (Role.MANAGER, Role.PLANNER)
RECORDERS = (*WRITERS, Role.MENTOR)


def own_sessions(request: ProgrammeRequest, programme: Programme) -> SessionQuerySet:
    """The sessions whose attendance the reader may record: all for the office, else those of the own groups."""
    sessions = programme.sessions.in_full()
    return sessions if has_role(request, *WRITERS) else sessions.of_mentor(request.user)


def form_page(
    request: ProgrammeRequest, form: forms.BaseForm, back: str, heading: str, purpose: str, **more: Any
) -> HttpResponse:
    context = {"form": form, "back": back, "heading": heading, "purpose": purpose, **more}
    return render(request, "form_page.html", context)
