"""Whose cash book somebody may read or write: an own one, those of the own groups, or all."""

from django.db.models import QuerySet

from kawasan.enterprises.models import Enterprise
from kawasan.programmes.access import ProgrammeRequest, has_role
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import FIELD_TEAM, OFFICE, OVERSIGHT, Role

READERS = (*OFFICE, *FIELD_TEAM, *OVERSIGHT)
WRITERS = (Role.MANAGER, Role.MENTOR)


def writable(request: ProgrammeRequest, programme: Programme) -> QuerySet[Enterprise]:
    """A manager writes for every enterprise, a mentor for those of the own groups, a participant for the own ones."""
    enterprises = programme.enterprises.select_related("programme")
    if has_role(request, Role.MANAGER):
        return enterprises
    own = enterprises.owned_by(request.user)
    return (own | enterprises.mentored_by(request.user)).distinct() if has_role(request, Role.MENTOR) else own


def readable(request: ProgrammeRequest, programme: Programme) -> QuerySet[Enterprise]:
    """The team and those who oversee read every cash book, participants their own."""
    enterprises = programme.enterprises.select_related("programme")
    return enterprises if has_role(request, *READERS) else enterprises.owned_by(request.user)


def may_write(request: ProgrammeRequest, enterprise: Enterprise) -> bool:
    return writable(request, enterprise.programme).filter(pk=enterprise.pk).exists()
