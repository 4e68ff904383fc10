"""The secret address of a person's calendar: made anew or taken back by its owner."""

import datetime
import secrets

from django.db import transaction

from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import key_digest
from kawasan.training.models import CalendarFeed

TOKEN_BYTES = 24


@transaction.atomic
def make_feed(*, programme: Programme, user: User, by: User | None, on: datetime.date) -> str:
    """A new secret for the address; the one before opens nothing any more. It is shown once and not stored."""
    old = list(CalendarFeed.objects.select_for_update().filter(programme=programme, user=user))
    CalendarFeed.objects.filter(pk__in=[feed.pk for feed in old]).delete()
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed.objects.create(programme=programme, user=user, digest=key_digest(secret), made_on=on)
    log("training.feed_made", programme, by=by, is_written=False, rows=[feed], deleted=old)
    return secret


@transaction.atomic
def revoke_feed(*, programme: Programme, user: User, by: User | None) -> None:
    """The address opens nothing any more."""
    old = list(CalendarFeed.objects.select_for_update().filter(programme=programme, user=user))
    if old:
        log("training.feed_revoked", programme, by=by, is_written=False, deleted=old)
        CalendarFeed.objects.filter(pk__in=[feed.pk for feed in old]).delete()
