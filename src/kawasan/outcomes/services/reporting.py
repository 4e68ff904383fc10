"""A reporting date is frozen: its rows are read, what must be withheld is found, and all of it recorded at once."""

import datetime

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.outcomes import queries, rules
from kawasan.outcomes.models import ReportingDate
from kawasan.outcomes.rules import Facts
from kawasan.outcomes.services.protection import Day, withheld
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme


def freeze_reporting_date(*, programme: Programme, reported_on: datetime.date, by: User | None) -> ReportingDate:
    """Freeze the indicators of a day; what is withheld of them also protects against every earlier date."""
    earlier = list(programme.reporting_dates.order_by("reported_on"))
    people = queries.facts_on(programme, reported_on)
    reasons = rules.reasons_not_reportable(
        reported_on=reported_on,
        today=today(programme),
        latest=earlier[-1].reported_on if earlier else None,
        people=len(people),
    )
    if reasons:
        raise Refused(*reasons)
    made = ReportingDate(programme=programme, reported_on=reported_on, frozen_on=today(programme))
    made.people = [one.stored() for one in people]
    made.parts = earlier[0].parts if earlier else rules.shown_parts(people)  # alike on all dates, to be compared
    made.withheld, exposed = _withheld(people, made.parts, earlier)
    made.content_hash = queries.hash_of_date(made)
    return _record(made, [one.pk for one in earlier], exposed=exposed, by=by)


def report_today(*, programme: Programme, by: User | None) -> ReportingDate | None:
    """Freeze the day at which the programme is shown, where it was not and there is somebody to report of."""
    day = today(programme)
    if programme.reporting_dates.filter(reported_on__gte=day).exists() or not queries.facts_on(programme, day):
        return None
    return freeze_reporting_date(programme=programme, reported_on=day, by=by)


def _withheld(people: list[Facts], parts: dict[str, list[str]], earlier: list[ReportingDate]) -> tuple[list[str], int]:
    days = [Day(rules.pooled(queries.people_of_date(one), parts), frozenset(one.withheld)) for one in earlier]
    return withheld(rules.pooled(people, parts), days)


@transaction.atomic
def _record(made: ReportingDate, earlier: list[int], *, exposed: int, by: User | None) -> ReportingDate:
    programme = Programme.objects.select_for_update().get(pk=made.programme_id)
    if list(programme.reporting_dates.order_by("reported_on").values_list("pk", flat=True)) != earlier:
        raise Refused(Text(_("Somebody froze another reporting date at the same time. Look at it, then freeze again.")))
    made.full_clean()
    made.save()
    log(
        "outcomes.reporting_date_frozen",
        made,
        by=by,
        day=made.reported_on.isoformat(),
        people=len(made.people),
        withheld=len(made.withheld),
        exposed=exposed,
        content_hash=made.content_hash,
    )
    return made
