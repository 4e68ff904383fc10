"""An application that somebody enters for a person who sits beside."""

import datetime
from collections.abc import Iterable

from django.db import transaction

from kawasan.applicants.models import Applicant, Person
from kawasan.applicants.rules import ConsentKind
from kawasan.applicants.services.applications import submit
from kawasan.applicants.services.drafts import reasons_applied_already, record_consents
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.programmes.models import Programme


@transaction.atomic
def enter_for(
    *,
    programme: Programme,
    person: Person,
    applicant: Applicant,
    consents: Iterable[ConsentKind],
    by: User | None,
    on: datetime.date,
) -> Applicant:
    """Record the application of somebody who heard the notice and agreed, unless there is one already."""
    if reasons := reasons_applied_already(programme, person):
        raise Refused(*reasons)
    applicant.applied_on = on
    made = submit(programme=programme, person=person, applicant=applicant, by=by, on=on)
    record_consents(made, consents, by=by)
    return made
