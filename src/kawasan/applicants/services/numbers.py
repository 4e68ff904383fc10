"""People are found by a whole number of theirs; the log keeps that somebody looked, and not for which number."""

from django.db import transaction
from django.db.models import Q

from kawasan.applicants import rules
from kawasan.applicants.models import Applicant, ApplicantQuerySet
from kawasan.applicants.services.others import NUMBERS
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.phones import one_form
from kawasan.core.services import log
from kawasan.programmes.models import Programme

MOST_FOUND = 50  # applications that one number brings up


@transaction.atomic
def find_by_number(*, programme: Programme, number: str, by: User | None) -> ApplicantQuerySet:
    """The applications of whoever has a number, given as somebody writes it."""
    if reasons := rules.reasons_no_number(number):
        raise Refused(*reasons)
    written = {rules.as_one_number(number), one_form(number.strip())}
    having = Q()
    for name in NUMBERS:
        having |= Q(**{f"{name}__in": written})
    keys = list(programme.persons.filter(having).values_list("pk", flat=True)[:MOST_FOUND])
    found = Applicant.objects.filter(person__in=keys).in_full().order_by("code")
    log("applicants.number_sought", programme, by=by, found=found.count())
    return found
