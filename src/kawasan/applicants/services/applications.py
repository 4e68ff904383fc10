"""Applications are entered, corrected, assessed and withdrawn; identity numbers are shown against a stated purpose."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Length

from kawasan.applicants import rules
from kawasan.applicants.models import Applicant, Person
from kawasan.applicants.queries import place_names, requirements_of
from kawasan.applicants.rules import Circumstances, Requirement, Status
from kawasan.applicants.services.names import index_names
from kawasan.applicants.services.others import NUMBERS, Coming, Others
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.programmes.models import NeedBand, Programme, RuleSet
from kawasan.programmes.rules import band_of, rule_set_on

DEVICE_LENGTH = 32  # characters of a hash: 128 bits
CHUNK = 500  # applicants held in memory at once while they are assessed
ASSESSMENT = (
    "status",
    "reasons",
    "need_score",
    "need_parts",
    "need_band",
    "warnings",
    "trouble",
    "assessed_on",
    "rule_set",
)
PERSON_COLUMNS = tuple(
    f.name for f in Person._meta.concrete_fields if f.name not in ("id", "programme", "code", "user")
)
ANSWERS = (
    "field",
    "idea",
    "applied_on",
    "activity_now",
    "months_without_work",
    "household_size",
    "household_income_idr",
    "dependants",
    "household_workers",
    "earlier_assistance",
    "earlier_assistance_reported",
    "latitude",
    "longitude",
    "helped_by",
    "desil",
    "desil_source",
    "desil_on",
    "disaster",
    "disaster_on",
)
SYNTHETIC = "synthetic"


@transaction.atomic
def submit(
    *, programme: Programme, person: Person, applicant: Applicant, by: User | None, on: datetime.date, device: str = ""
) -> Applicant:
    """Record somebody's application and assess it at once.

    ``device`` is the secret that the device keeps which sent it, of which a hash is stored; none for the office.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)  # so that two people do not get one code
    person.programme = applicant.programme = programme
    person.code, applicant.code = next_code(Person, programme, "P"), next_code(Applicant, programme, "A")
    person.source = applicant.source = person.source or "office"
    person.full_clean()
    person.save()
    index_names(programme=programme, persons=[person])
    applicant.person = person
    applicant.entered_by = by
    applicant.device = hashlib.sha256(device.encode()).hexdigest()[:DEVICE_LENGTH] if device else ""
    applicant.full_clean()
    applicant.save()
    assess_these([applicant], Yardstick.of(programme, around=[applicant]), on)
    log("applicants.submitted", applicant, by=by, rows=[person], status=applicant.status)
    return applicant


@transaction.atomic
def reassess(
    *, applicant: Applicant, verb: str, by: User | None, on: datetime.date, rows: Sequence[models.Model] = ()
) -> Applicant:
    """Assess every application of a person anew of whom something was changed, and log both as one deed."""
    person = applicant.person
    index_names(programme=person.programme, persons=[person])
    others = person.applicants.filter(status__in=rules.OPEN_TO_ASSESSMENT).exclude(pk=applicant.pk)
    affected = [applicant] if applicant.status in rules.OPEN_TO_ASSESSMENT else []
    affected += others.select_related("person__place")
    changed = assess_these(affected, Yardstick.of(applicant.programme, around=affected), on)
    log(verb, applicant, by=by, rows=[person, *changed, *rows], on=on, status=applicant.status)
    return applicant


@transaction.atomic
def assess(*, programme: Programme, by: User | None, on: datetime.date) -> dict[str, int]:
    """Hold every application against the rule set of its day and against all others; write what comes out otherwise.

    The outcome depends on nothing but the stored answers, so that an application whose answers, rule set and namesakes
    are as they were keeps its assessment and the day of it. What a frozen pool holds is never judged anew.
    """
    open_ones = programme.applicants.filter(status__in=rules.OPEN_TO_ASSESSMENT).select_related("person__place")
    yardstick, rows = Yardstick.of(programme), open_ones.order_by("pk").iterator(chunk_size=CHUNK)
    assessed: list[Applicant] = []
    changed: list[Applicant] = []
    while chunk := list(islice(rows, CHUNK)):
        changed += assess_these(chunk, yardstick, on)
        assessed += chunk
    counts = {
        "eligible": sum(applicant.status == Status.ELIGIBLE for applicant in assessed),
        "refused": sum(applicant.status == Status.REFUSED for applicant in assessed),
        "not_assessed": sum(applicant.status == Status.SUBMITTED for applicant in assessed),
        "with_warnings": sum(bool(applicant.warnings) for applicant in assessed),
        "changed": len(changed),
    }
    if changed:
        log("applicants.assessed", programme, by=by, rows=changed, on=on, counts=counts)
    return counts


@transaction.atomic
def mark_withdrawn(*, applicant: Applicant, reason: str, by: User | None, on: datetime.date) -> Applicant:
    """Take an application out of everything that follows, and keep why. Seats are freed by ``selection``."""
    if reasons := rules.reasons_no_reason(reason):
        raise Refused(*reasons)
    standing = Applicant.objects.filter(pk=applicant.pk).exclude(status=Status.WITHDRAWN)
    written = {"status": Status.WITHDRAWN, "withdrawn_on": on, "withdrawal_reason": reason.strip()}
    if standing.update(**written) != 1:
        raise Refused(Text(_("This application was withdrawn already.")))
    applicant.refresh_from_db(fields=list(written))
    log("applicants.withdrawn", applicant, by=by, on=on, reason=reason.strip())
    return applicant


@transaction.atomic
def enter_pool(*, programme: Programme, codes: Sequence[str], by: User | None, on: datetime.date) -> None:
    """Mark who is in a pool that is frozen: from now on nobody of them is assessed anew."""
    entered = list(programme.applicants.filter(code__in=codes))
    for applicant in entered:
        applicant.frozen_on = on
    Applicant.objects.bulk_update(entered, ("frozen_on",), batch_size=CHUNK)
    log("applicants.entered_pool", programme, by=by, rows=entered, on=on, people=len(entered))


@transaction.atomic
def leave_pool(*, programme: Programme, by: User | None) -> None:
    """Take everybody out of a pool that is given up."""
    left = list(programme.applicants.exclude(frozen_on=None))
    programme.applicants.update(frozen_on=None)
    log("applicants.left_pool", programme, by=by, rows=left, people=len(left))


@transaction.atomic
def link_account(*, person: Person, user: User, by: User | None) -> Person:
    """Let the account of somebody show what the programme keeps of this person."""
    persons = Programme.objects.select_for_update().get(pk=person.programme_id).persons  # one who links at a time
    if persons.filter(user=user).exists():
        raise Refused(
            Text(_("The account “{account}” is linked already. Unlink it first."), {"account": user.username})
        )
    if persons.filter(pk=person.pk, user=None).update(user=user) != 1:
        raise Refused(Text(_("{name} has an account already. Unlink it first."), {"name": person.name}))
    person.user = user
    log("applicants.account_linked", person, by=by, account=user.username)
    return person


@transaction.atomic
def unlink_account(*, person: Person, by: User | None) -> Person:
    """Take a person's page from an account."""
    if Person.objects.filter(pk=person.pk).exclude(user=None).update(user=None) != 1:
        raise Refused(Text(_("{name} has no account."), {"name": person.name}))
    person.user = None
    log("applicants.account_unlinked", person, by=by)
    return person


@transaction.atomic
def reveal_numbers(*, applicant: Applicant, purpose: str, by: User | None) -> dict[str, str]:
    """Return the person's numbers in clear, by what they are; the log keeps who read them and why."""
    if reasons := rules.reasons_no_purpose(purpose):
        raise Refused(*reasons)
    log("applicants.numbers_read", applicant, by=by, purpose=purpose.strip())
    return {name: getattr(applicant.person, name) for name in NUMBERS}


def next_code(model: type[Person] | type[Applicant], programme: Programme, letter: str) -> str:
    """The letter and the next free number, three digits or more."""
    numbered = model._base_manager.filter(programme=programme, code__regex=rf"^{letter}[0-9]+$")
    last = numbered.order_by(Length("code").desc(), "-code").values_list("code", flat=True).first()
    return f"{letter}{int(last[1:]) + 1 if last else 1:03}"


@dataclass(frozen=True, slots=True)
class Yardstick:
    """Everything an application is held against."""

    rule_sets: list[RuleSet]
    requirements: dict[int, list[Requirement]]
    bands: dict[str, NeedBand]
    others: Others

    @classmethod
    def of(
        cls, programme: Programme, *, around: Sequence[Applicant] | None = None, coming: Iterable[Coming] = ()
    ) -> "Yardstick":
        """What all applications are held against, those that are about to be stored too, or only those given."""
        bands = {band.code: band for band in programme.need_bands.all()}
        rule_sets = list(programme.rule_sets.all())
        others = Others.of(programme, coming) if around is None else Others.around(programme, around)
        return cls(rule_sets, requirements_of(rule_sets, place_names(programme)), bands, others)

    def band(self, score: float) -> NeedBand:
        return self.bands[band_of(score, [(band.code, band.least_score) for band in self.bands.values()])]


def assess_these(applicants: Sequence[Applicant], yardstick: Yardstick, on: datetime.date) -> list[Applicant]:
    """Assess; write and return those of whom something comes out otherwise than before, for the caller to log."""
    changed = []
    for applicant in applicants:
        outcome = outcome_of(applicant, yardstick)
        if applicant.frozen_on:
            outcome = {"warnings": _warnings_after_freezing(outcome), "trouble": outcome["trouble"]}
        if any(_plain(getattr(applicant, column)) != _plain(value) for column, value in outcome.items()):
            if not applicant.frozen_on:
                outcome["assessed_on"] = on if outcome["rule_set_id"] else None
            for column, value in outcome.items():
                setattr(applicant, column, value)
            changed.append(applicant)
    Applicant.objects.bulk_update(changed, ASSESSMENT, batch_size=CHUNK)
    return changed


def _plain(value: Any) -> Any:
    """As the database gives it back: JSON knows no tuples."""
    return json.loads(json.dumps(value))


def outcome_of(applicant: Applicant, yardstick: Yardstick) -> dict[str, Any]:
    """What the assessment makes of an application, by column."""
    rule_set = rule_set_on(yardstick.rule_sets, applicant.applied_on)
    obstacles = rules.reasons_not_assessable(rule_set, [band.least_score for band in yardstick.bands.values()])
    warnings = [*obstacles, *_warnings(applicant, yardstick.others)]
    if rule_set is None or obstacles:
        nothing = dict.fromkeys(("need_score", "need_band_id", "rule_set_id")) | {"need_parts": []}
        return {"status": Status.SUBMITTED, **_said([], warnings), **nothing}
    stated = circumstances_of(applicant)
    requirements = yardstick.requirements[rule_set.pk]
    reasons = rules.reasons_ineligible(stated, requirements)
    first = yardstick.others.first_of(applicant)
    if first != applicant.code:
        reasons.append(rules.reason_applied_before(first))
    parts = rules.need_parts(stated, rule_set)
    score = rules.need_score(parts)
    return {
        "status": Status.REFUSED if reasons else Status.ELIGIBLE,
        **_said(reasons, [*warnings, *rules.warnings_stated(stated, requirements)]),
        "need_score": score,
        "need_parts": [part.stored() for part in parts],
        "need_band_id": yardstick.band(score).pk,
        "rule_set_id": rule_set.pk,
    }


def _said(reasons: Sequence[Text], warnings: Sequence[Text]) -> dict[str, Any]:
    return {
        "reasons": [text.stored() for text in reasons],
        "warnings": [text.stored() for text in warnings],
        "trouble": rules.kinds_of([*reasons, *warnings]),
    }


def _warnings_after_freezing(outcome: dict[str, Any]) -> list[dict[str, Any]]:
    """Nobody leaves a frozen pool unseen: what would speak against them now is said to whoever decides."""
    late = (rules.warning_after_freezing(Text.restored(reason)).stored() for reason in outcome["reasons"])
    return [*outcome["warnings"], *late]


def _warnings(applicant: Applicant, others: Others) -> list[Text]:
    person = applicant.person
    is_invented = person.source == SYNTHETIC
    nik = rules.warnings_nik(
        person.nik,
        person.birth_date,
        person.sex,
        person.place.code,
        applied_on=applicant.applied_on,
        is_invented=is_invented,
    )
    return [
        *nik,
        *rules.warnings_birth_date(person.birth_date, person.source),
        *rules.warnings_family_card(person.family_card),
        *rules.warnings_name(person.name),
        *rules.warnings_account(person.name, person.account, person.bank, person.account_holder),
        *rules.warnings_household(
            size=applicant.household_size, dependants=applicant.dependants, workers=applicant.household_workers
        ),
        *others.warnings(applicant),
    ]


def circumstances_of(applicant: Applicant) -> Circumstances:
    person = applicant.person
    return Circumstances(
        birth_date=person.birth_date,
        applied_on=applicant.applied_on,
        place_code=person.place.code,
        activity_now=applicant.activity_now,
        earlier_assistance=applicant.earlier_assistance,
        earlier_assistance_reported=applicant.earlier_assistance_reported,
        months_without_work=applicant.months_without_work,
        household_size=applicant.household_size,
        household_income_idr=applicant.household_income_idr,
        dependants=applicant.dependants,
        household_workers=applicant.household_workers,
        disability=person.disability,
        education=person.education,
        sex=person.sex,
        desil=applicant.desil,
        desil_source=applicant.desil_source,
        desil_on=applicant.desil_on,
        disaster=applicant.disaster,
        disaster_on=applicant.disaster_on,
    )
