"""The timetable is published; after that only what changed is told, to those whom it concerns."""

import datetime

from django.db import transaction
from django.utils import timezone

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.programmes.models import Programme
from kawasan.training import queries
from kawasan.training.models import Publication
from kawasan.training.rules.publishing import published_rows, reasons_not_published
from kawasan.training.services.clashes import clashing


@transaction.atomic
def publish(*, programme: Programme, by: User | None, on: datetime.date) -> Publication:
    """Store what is in force from now on, with what changed since the last time and who is told of it."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    last = programme.publications.first()
    changes = queries.pending_changes(queries.Known.of(programme), last)
    if reasons := reasons_not_published(changed=len(changes), clashing=len(clashing(programme))):
        raise Refused(*reasons)
    rows = published_rows(queries.rows_of(last), queries.rows_now(programme), timezone.now())
    publication = Publication(
        programme=programme,
        number=last.number + 1 if last else 1,
        published_on=on,
        sessions=[row.stored() for row in rows],
        changes=[change.stored() for change in changes],
    )
    publication.full_clean()
    publication.save()
    log("training.published", publication, by=by, number=publication.number, changes=len(changes))
    return publication
