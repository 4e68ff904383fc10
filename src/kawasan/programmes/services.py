"""Roles are given and taken away; the calendar is kept."""

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.programmes.models import Membership, Milestone, Programme
from kawasan.programmes.rules import Role


@transaction.atomic
def give_role(*, programme: Programme, username: str, role: str, by: User | None) -> Membership:
    """Let somebody with an account do what a role may do."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Refused(Text(_("Nobody has the account “{username}”. Check the spelling."), {"username": username}))
    membership, is_new = Membership.objects.get_or_create(programme=programme, user=user, role=role)
    if is_new:
        log("programmes.role_given", membership, by=by, user=user.username, role=role)
    return membership


@transaction.atomic
def take_role(*, membership: Membership, by: User | None) -> None:
    """Take a role away; the last manager stays, so that the programme is never without one."""
    programme = membership.programme
    managers = Membership.objects.select_for_update().filter(programme=programme, role=Role.MANAGER)
    if membership.role == Role.MANAGER and managers.count() == 1:
        raise Refused(Text(_("This is the last programme manager. Give the role to somebody else first.")))
    log(
        "programmes.role_taken",
        programme,
        by=by,
        deleted=[membership],
        user=membership.user.username,
        role=membership.role,
    )
    membership.delete()


@transaction.atomic
def change_milestone(*, milestone: Milestone, by: User | None) -> Milestone:
    """Move a date of the calendar."""
    milestone.full_clean()
    milestone.save(update_fields=("starts_on", "ends_on"))
    log("programmes.milestone_changed", milestone, by=by, starts_on=milestone.starts_on, ends_on=milestone.ends_on)
    return milestone
