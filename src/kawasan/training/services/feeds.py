"""The secret address of a person's calendar: made anew or taken back by its owner, or by the office for who asks."""

import datetime
import secrets

from django.db import transaction
from django.db.models import QuerySet

from kawasan.applicants.models import Applicant
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.matching.models import Expert, Mentor
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import key_digest
from kawasan.training.models import CalendarFeed

TOKEN_BYTES = 24
Owner = User | Applicant | Mentor | Expert


@transaction.atomic
def make_feed(*, programme: Programme, owner: Owner, by: User | None, on: datetime.date) -> str:
    """A new secret for the address; the one before opens nothing any more. It is shown once and not stored."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    old = list(_of(programme, owner).select_for_update())
    CalendarFeed.objects.filter(pk__in=[feed.pk for feed in old]).delete()
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed(programme=programme, digest=key_digest(secret), made_on=on)
    setattr(feed, _column(owner), owner)
    feed.save()
    log("training.feed_made", programme, by=by, is_written=False, rows=[feed], deleted=old)
    return secret


@transaction.atomic
def revoke_feed(*, programme: Programme, owner: Owner, by: User | None) -> None:
    """The address opens nothing any more."""
    old = list(_of(programme, owner).select_for_update())
    if old:
        log("training.feed_revoked", programme, by=by, is_written=False, deleted=old)
        CalendarFeed.objects.filter(pk__in=[feed.pk for feed in old]).delete()


def _of(programme: Programme, owner: Owner) -> QuerySet[CalendarFeed]:
    return CalendarFeed.objects.filter(programme=programme, **{_column(owner): owner})


def _column(owner: Owner) -> str:
    return {Applicant: "applicant", Mentor: "mentor", Expert: "expert"}.get(type(owner), "user")
