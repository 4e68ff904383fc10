"""Certificates of who completed the training: issued, taken as PDF, revoked with a reason."""

import datetime
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.matching.queries import next_code
from kawasan.programmes.models import Programme
from kawasan.training import papers, queries, rules
from kawasan.training.models import Certificate, Module

TOKEN_BYTES = 12


@transaction.atomic
def issue_certificates(*, programme: Programme, by: User | None, on: datetime.date) -> list[Certificate]:
    """A certificate for everybody who has completed the training and never had one."""
    Programme.objects.select_for_update().get(pk=programme.pk)  # two people at once issue one each
    modules = _modules(programme)
    rows = [_issue(programme, one, modules, on) for one in queries.to_certify(programme, on)]
    if not rows:
        raise Refused(Text(_("Nobody has completed the training without having had a certificate.")))
    log("training.certificates_issued", programme, by=by, is_written=False, rows=rows, certificates=len(rows))
    return rows


@transaction.atomic
def issue_certificate_again(*, revoked: Certificate, by: User | None, on: datetime.date) -> Certificate:
    """A new certificate for somebody whose last one was revoked: only when somebody decides so."""
    programme = Programme.objects.select_for_update().get(pk=revoked.programme_id)
    ready = {last.pk: one for one, last in queries.to_certify_again(programme, on)}
    if revoked.pk not in ready:
        raise Refused(Text(_("The participant has a newer certificate, or has not completed the training.")))
    row = _issue(programme, ready[revoked.pk], _modules(programme), on)
    log("training.certificate_issued_again", row, by=by, certificate=row.code, revoked=revoked.code)
    return row


def _modules(programme: Programme) -> dict[str, Module]:
    return {module.code: module for module in programme.modules.all()}


def _issue(
    programme: Programme, one: queries.MemberAttended, modules: Mapping[str, Module], on: datetime.date
) -> Certificate:
    row = Certificate(
        programme=programme,
        code=next_code(programme, Certificate, "CERT-", 3),
        applicant=one.member.applicant,
        token=secrets.token_urlsafe(TOKEN_BYTES),
        issued_on=on,
        name=one.member.applicant.person.name,
        modules=[_certified(modules[taught.code], taught) for taught in one.modules if taught.attended],
    )
    row.full_clean()
    row.save()
    return row


def _certified(module: Module, taught: rules.Attended) -> dict[str, Any]:
    """A module as a certificate keeps it: by its Indonesian name, which is printed, whoever issues it."""
    return {"name": module.name, "name_en": module.name_en, "hours": taught.counted}


@transaction.atomic
def take_certificate(*, certificate: Certificate, host: str, by: User | None) -> bytes:
    """The certificate as PDF; it names somebody, so taking it is logged. A revoked one is not printed any more."""
    if certificate.revoked_on:
        raise Refused(rules.reason_revoked(certificate.revoked_on))
    log("training.certificate_taken", certificate, by=by, is_written=False)
    return papers.certificate(certificate, host)


@transaction.atomic
def revoke_certificate(*, certificate: Certificate, reason: str, by: User | None, on: datetime.date) -> Certificate:
    """Whoever checks it is told from now on that it does not hold."""
    stored = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if stored.revoked_on:
        raise Refused(rules.reason_revoked(stored.revoked_on))
    stored.revoked_on, stored.reason = on, reason
    stored.save(update_fields=("revoked_on", "reason"))
    log("training.certificate_revoked", stored, by=by, reason=reason)
    return stored
