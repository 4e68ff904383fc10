"""Who may do what with sessions, and the page of one form."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kawasan.applicants.models import Applicant
from kawasan.programmes.access import ProgrammeRequest, has_role
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import FIELD_TEAM, OFFICE, OVERSIGHT, Role
from kawasan.training import queries
from kawasan.training.models import Attendance, Session, SessionQuerySet
from kawasan.training.rules import Said

INSIDE = (*OFFICE, *FIELD_TEAM, *OVERSIGHT)
SEE_ALL = (*OFFICE, *OVERSIGHT)
WRITERS = (Role.MANAGER, Role.PLANNER)
RECORDERS = (*WRITERS, Role.MENTOR)


def own_sessions(request: ProgrammeRequest, programme: Programme) -> SessionQuerySet:
    """The sessions whose attendance the reader may record: all for the office, else those of the own groups."""
    sessions = programme.sessions.in_full()
    return sessions if has_role(request, *WRITERS) else sessions.of_mentor(request.user)


def own_membership(request: ProgrammeRequest, programme: Programme) -> QuerySet[Applicant]:
    """The reader as a member of a group."""
    return programme.applicants.filter(person__user=request.user, group_memberships__isnull=False)


def kept_meanwhile(
    request: ProgrammeRequest, session: Session, people: Iterable[Applicant], rows: Iterable[Attendance]
) -> dict[int, Said]:
    """What others recorded while the list was open, and what therefore stayed; whoever saved it is told of whom."""
    stored, recorded = {row.applicant_id for row in rows}, queries.said_of(session)
    kept = {one: recorded[one.pk] for one in people if one.pk not in stored and one.pk in recorded}
    if kept:
        names = ", ".join(one.person.name for one in kept)
        said = _("Changed since you opened the list, and kept as it is: %(names)s. The rest was recorded.")
        messages.warning(request, said % {"names": names})
    return {one.pk: said for one, said in kept.items()}
