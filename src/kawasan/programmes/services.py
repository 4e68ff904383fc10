"""Roles are given and taken away; the calendar is kept; quotas are set."""

import secrets
from collections.abc import Iterable, Mapping

from django.db import models, transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.programmes.models import AccessKey, Field, Membership, Milestone, Programme, Quota
from kawasan.programmes.queries import quota_lines
from kawasan.programmes.rules import Feature, QuotaLine, Role, key_digest

Wanted = Mapping[tuple[str, str], QuotaLine]


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
def make_key(*, programme: Programme, name: str, by: User) -> str:
    """A new key with which a program reads as somebody. Only its hash is stored, so it is shown once."""
    secret = secrets.token_urlsafe(32)
    key = AccessKey.objects.create(programme=programme, user=by, name=name, digest=key_digest(secret))
    log("programmes.key_made", key, by=by, name=name)
    return secret


@transaction.atomic
def revoke_key(*, key: AccessKey, by: User | None) -> None:
    """Take a key back: what uses it reads nothing any more."""
    log("programmes.key_revoked", key.programme, by=by, deleted=[key], is_written=False, name=key.name)
    key.delete()


@transaction.atomic
def change_milestone(*, milestone: Milestone, by: User | None) -> Milestone:
    """Move a date of the calendar."""
    milestone.full_clean()
    milestone.save(update_fields=("starts_on", "ends_on"))
    log("programmes.milestone_changed", milestone, by=by, starts_on=milestone.starts_on, ends_on=milestone.ends_on)
    return milestone


@transaction.atomic
def set_quotas(*, programme: Programme, lines: Iterable[QuotaLine], by: User | None) -> None:
    """Replace the quotas, and the seats of the fields that the lines name; the log keeps old and new.

    Whoever calls this makes sure that no pool is frozen with the old ones.
    """
    wanted = {line.counts: line for line in lines}
    old = {line.counts: line for line in quota_lines(programme)}
    if wanted == old:
        return
    gone = [quota for quota in programme.quotas.all() if (quota.feature, quota.value) not in wanted]
    programme.quotas.filter(pk__in=[quota.pk for quota in gone]).delete()
    written: list[models.Model] = [*_set_seats(programme, wanted), *_set_quotas(programme, wanted)]
    log(
        "programmes.quotas_set",
        programme,
        by=by,
        rows=written,
        deleted=gone,
        is_written=False,
        old=_logged(old, wanted),
        new=_logged(wanted, old),
    )


def _set_seats(programme: Programme, wanted: Wanted) -> list[Field]:
    changed = []
    for field in programme.fields.all():
        line = wanted.get((Feature.FIELD.value, field.code))
        if line and line.bounds != (field.least_seats, field.most_seats):
            field.least_seats, field.most_seats = line.bounds
            field.full_clean()
            field.save(update_fields=("least_seats", "most_seats"))
            changed.append(field)
    return changed


def _set_quotas(programme: Programme, wanted: Wanted) -> list[Quota]:
    changed, rows = [], {(quota.feature, quota.value): quota for quota in programme.quotas.all()}
    for line in wanted.values():
        if line.feature == Feature.FIELD:
            continue
        quota = rows.get(line.counts) or Quota(programme=programme, feature=line.feature, value=line.value)
        if quota.pk is None or (*line.bounds, line.reason) != (quota.least, quota.most, quota.reason):
            quota.least, quota.most, quota.reason = *line.bounds, line.reason
            quota.full_clean()
            quota.save()
            changed.append(quota)
    return changed


def _logged(lines: Wanted, others: Wanted) -> list[list[str | int]]:
    """The lines that the others do not have."""
    return [[*line.counts, *line.bounds, line.reason] for line in lines.values() if others.get(line.counts) != line]
