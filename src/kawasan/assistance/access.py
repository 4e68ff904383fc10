"""Who may do which step, and what the reader of a page may see."""

from kawasan.assistance.models import AssistanceQuerySet
from kawasan.assistance.rules import BOUGHT, StepKind
from kawasan.programmes.access import ProgrammeRequest, has_role
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import OFFICE, OVERSIGHT, Role

READERS = (*OFFICE, Role.TREASURER, Role.MENTOR, *OVERSIGHT)
SEE_ALL = (*OFFICE, Role.TREASURER, *OVERSIGHT)
SEE_PAPERS = (Role.MANAGER, Role.VERIFIER, Role.TREASURER, Role.AUDITOR)
REVEALERS = (Role.MANAGER, Role.TREASURER, Role.AUDITOR)
BOOKKEEPERS = (Role.MANAGER, Role.TREASURER)
RECORDERS: dict[str, tuple[Role, ...]] = {
    StepKind.PROPOSED: (Role.MANAGER, Role.MENTOR),
    StepKind.VERIFIED: (Role.MANAGER, Role.VERIFIER),
    StepKind.REJECTED: (Role.MANAGER, Role.VERIFIER),
    StepKind.DECREED: (Role.MANAGER,),
    StepKind.AGREED: (Role.MANAGER,),
    StepKind.COMMITTED: (Role.MANAGER,),
    StepKind.PLEDGED: (Role.MANAGER,),
    StepKind.PAID: (Role.TREASURER,),
    StepKind.RECEIVED: (Role.MANAGER, Role.VERIFIER),
    BOUGHT: (Role.MANAGER, Role.MENTOR, Role.PARTICIPANT),
    StepKind.REPORTED: (Role.MANAGER, Role.MENTOR, Role.PARTICIPANT),
    StepKind.REFUNDED: (Role.TREASURER,),
    StepKind.HANDED_OVER: (Role.MANAGER,),
}
WRITERS = (Role.MANAGER, Role.VERIFIER, Role.TREASURER, Role.MENTOR, Role.PARTICIPANT)


def seen(request: ProgrammeRequest, programme: Programme) -> AssistanceQuerySet:
    """The office and the oversight see all, a mentor those of the own groups, a participant the own."""
    rows: AssistanceQuerySet = programme.assistances.in_full()
    if has_role(request, *SEE_ALL):
        return rows
    own = rows.none()
    if has_role(request, Role.MENTOR):
        own = own | rows.of_mentor(request.user)
    if has_role(request, Role.PARTICIPANT):
        own = own | rows.of_person(request.user)
    return own


def may_record(request: ProgrammeRequest, kind: str) -> bool:
    return has_role(request, *RECORDERS.get(kind, ()))
