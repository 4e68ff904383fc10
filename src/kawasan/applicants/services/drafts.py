"""An application that somebody enters alone: begun, kept at each page, and sent once."""

import datetime
import hashlib
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext

from kawasan.applicants import codes, rules
from kawasan.applicants.models import Applicant, Consent, Draft, Person, PublicForm
from kawasan.applicants.rules import ConsentKind, Status
from kawasan.applicants.services.applications import submit
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.programmes.models import Programme

KEPT = datetime.timedelta(days=30)  # so long an unfinished application can be taken up again


def start(*, programme: Programme, by: User | None) -> str:
    """Begin an application and return its code, which is stored nowhere. What is too old is forgotten."""
    Draft.objects.filter(expires_at__lt=timezone.now()).delete()
    code = codes.new_draft_code()
    Draft.objects.create(
        programme=programme,
        digest=codes.digest_of(code),
        sealed=codes.sealed({}, code),
        expires_at=timezone.now() + KEPT,
    )
    return code


def keep(*, draft: Draft, code: str, answers: dict[str, Any], by: User | None) -> None:
    """Keep the answers of one page with those of the others, unless the application was sent in the meantime."""
    with transaction.atomic():
        found = Draft.objects.select_for_update().get(pk=draft.pk)
        if found.applicant_id:
            raise Refused(Text(_("This application was sent already. Look at its receipt.")))
        found.sealed = codes.sealed(codes.unsealed(found.sealed, code) | answers, code)
        found.save(update_fields=("sealed",))


@transaction.atomic
def send(
    *,
    draft: Draft,
    person: Person,
    applicant: Applicant,
    consents: Iterable[ConsentKind],
    device: str,
    by: User | None,
    on: datetime.date,
) -> Applicant:
    """Turn a draft into an application, once; whoever sends it again, from whatever device, gets the same one.

    ``device`` is the secret that the device keeps for all that it sends.
    """
    programme = Programme.objects.select_for_update().get(pk=draft.programme_id)
    found = Draft.objects.select_for_update().get(pk=draft.pk)
    if found.applicant:
        return found.applicant
    if reasons := reasons_applied_already(programme, person):
        raise Refused(*reasons)
    person.source = applicant.source = rules.PUBLIC_FORM
    applicant.applied_on = on
    made = submit(programme=programme, person=person, applicant=applicant, by=by, on=on, device=device)
    record_consents(made, consents, by=by)
    found.applicant, found.sealed = made, ""
    found.save(update_fields=("applicant", "sealed"))
    return made


def reasons_applied_already(programme: Programme, person: Person) -> list[Text]:
    """Told only to who shares more with the earlier person than a stranger can know."""
    for earlier in programme.persons.filter(nik=person.nik, birth_date=person.birth_date):
        numbers = [(person.family_card, earlier.family_card), (person.phone, earlier.phone)]
        standing = earlier.applicants.exclude(status=Status.WITHDRAWN).order_by("applied_on", "code").first()
        if standing and rules.is_surely_the_same(numbers):
            return [rules.reason_applied_already(standing.code, standing.applied_on)]
    return []


def record_consents(applicant: Applicant, kinds: Iterable[ConsentKind], *, by: User | None) -> None:
    """Keep what was agreed to, when, in which language and to which text."""
    given = [
        Consent(
            programme=applicant.programme,
            applicant=applicant,
            kind=kind,
            version=rules.NOTICE_VERSION,
            language=get_language() or "id",
            text_hash=hashlib.sha256(text_of(kind).encode()).hexdigest(),
            given_at=timezone.now(),
        )
        for kind in kinds
    ]
    Consent.objects.bulk_create(given)
    log("applicants.consented", applicant, by=by, rows=given, kinds=[consent.kind for consent in given])


def text_of(kind: ConsentKind) -> str:
    """The notice and the sentence that is agreed to, as the reader of this language sees them."""
    return "\n".join(map(gettext, (*rules.NOTICE, kind.label)))


@transaction.atomic
def set_public_form(*, form: PublicForm, by: User | None) -> None:
    """Keep when the public form is open, and where people complain."""
    form.full_clean()
    form.save()
    log("applicants.public_form_set", form, by=by)
