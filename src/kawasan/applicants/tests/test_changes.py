"""What decides about an application is changed by two people."""

import datetime
from dataclasses import fields
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils.translation import override

from kawasan.applicants import services
from kawasan.applicants.models import Applicant, ProposedChange
from kawasan.applicants.rules import Circumstances
from kawasan.applicants.rules.changes import (
    FREE_ANSWERS,
    FREE_OF_PERSON,
    NEXT_CHANGE_STATES,
    ChangeState,
)
from kawasan.applicants.services import ANSWERS, changes
from kawasan.applicants.services.applications import PERSON_COLUMNS
from kawasan.applicants.services.verification import declare_closeness
from kawasan.applicants.tests import factories
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.core.services import verify_log
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db
DAY = datetime.date(2022, 9, 1)


@pytest.fixture
def hers(programme: Programme) -> Applicant:
    factories.applicant(programme)
    services.assess(programme=programme, by=None, on=DAY)
    return Applicant.objects.select_related("person").get()


def proposed(hers: Applicant, by: User, **values: object) -> ProposedChange:
    """A proposal of columns of the application, or of its person."""
    for name, value in values.items():
        setattr(hers.person if name in PERSON_COLUMNS else hers, name, value)
    made = services.correct(applicant=hers, by=by, on=DAY, reason="Seen on the card")
    assert made
    return made


def test_every_state_of_a_change_is_in_the_table():
    assert set(NEXT_CHANGE_STATES) == set(ChangeState)
    assert {state for states in NEXT_CHANGE_STATES.values() for state in states} == set(ChangeState) - {
        ChangeState.OPEN
    }


def test_what_one_person_may_change_is_a_column_that_can_be_corrected_and_no_rule_or_score_reads_it():
    assert set(FREE_OF_PERSON) <= set(PERSON_COLUMNS)
    assert set(FREE_ANSWERS) <= set(ANSWERS)
    assert not {*FREE_OF_PERSON, *FREE_ANSWERS} & {field.name for field in fields(Circumstances)}


@pytest.mark.parametrize(
    "changed",
    [{"education": "diploma"}, {"desil": 1}, {"disaster": "banjir"}, {"disaster_on": datetime.date(2022, 8, 1)}],
)
def test_what_weighs_or_may_stand_in_a_rule_needs_two_people(hers: Applicant, budi: User, changed: dict[str, Any]):
    made = proposed(hers, budi, **changed)
    assert [value.column for value in made.values.all()] == list(changed)
    stored = Applicant.objects.select_related("person").get()
    assert all(getattr(stored.person if name in PERSON_COLUMNS else stored, name) != changed[name] for name in changed)


def test_whoever_is_close_does_not_approve(hers: Applicant, budi: User, ani: User):
    made = proposed(hers, budi, household_size=7)
    declare_closeness(applicant=hers, relation="adik ipar", by=ani, on=DAY)
    with pytest.raises(Refused, match="close to this person"):
        changes.approve_change(change=made, by=ani, on=DAY)


def test_what_decides_stays_as_it_was_until_a_second_person_approves(hers: Applicant, ani: User, budi: User):
    made = proposed(hers, budi, activity_now="student", household_size=7)
    assert Applicant.objects.values_list("activity_now", "household_size", "status").get() == (
        "unemployed",
        4,
        "eligible",
    )
    changes.approve_change(change=made, by=ani, on=DAY)
    stored = Applicant.objects.get()
    assert (stored.activity_now, stored.household_size, stored.status) == ("student", 7, "refused")
    verbs = LogEntry.objects.values_list("verb", "by__username")
    assert {("applicants.change_proposed", "budi"), ("applicants.change_approved", "ani")} <= set(verbs)
    assert not LogEntry.objects.filter(verb="applicants.corrected").exists()


def test_what_does_not_decide_is_kept_at_once_beside_a_proposal(hers: Applicant, budi: User):
    hers.idea = "Membuat kue"
    proposed(hers, budi, dependants=3)
    assert Applicant.objects.values_list("idea", "dependants").get() == ("Membuat kue", 2)
    assert LogEntry.objects.filter(verb="applicants.corrected").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nik", "1971014107990000"),
        ("family_card", "1971010101209999"),
        ("name", "Nama Betul"),
        ("sex", "male"),
        ("birth_date", datetime.date(1990, 5, 5)),
        ("disability", "sight"),
        ("account", "0000123456"),
    ],
)
def test_who_somebody_is_takes_two_people(hers: Applicant, ani: User, budi: User, name: str, value: object):
    before = getattr(hers.person, name)
    made = proposed(hers, budi, **{name: value})
    assert getattr(Applicant.objects.get().person, name) == before
    changes.approve_change(change=made, by=ani, on=DAY)
    assert getattr(Applicant.objects.get().person, name) == value


def test_a_date_that_was_not_known_and_a_place_are_changed_too(programme: Programme, ani: User, budi: User):
    hers = factories.applicant(programme, of=factories.person(programme, birth_date=None))
    other = factories.place(programme, "19.71.02.1001")
    made = proposed(hers, budi, birth_date=datetime.date(1990, 5, 5), place=other)
    changes.approve_change(change=made, by=ani, on=DAY)
    stored = Applicant.objects.select_related("person").get().person
    assert (stored.birth_date, stored.place) == (datetime.date(1990, 5, 5), other)


def test_a_proposal_says_why(hers: Applicant, budi: User):
    hers.dependants = 5
    with pytest.raises(Refused, match="Say why"):
        services.correct(applicant=hers, by=budi, on=DAY, reason=" - ")
    assert not ProposedChange.objects.exists()


def test_who_proposed_a_change_cannot_approve_or_reject_it(hers: Applicant, budi: User):
    made = proposed(hers, budi, dependants=3)
    with pytest.raises(Refused, match="another person"):
        changes.approve_change(change=made, by=budi, on=DAY)
    with pytest.raises(Refused, match="another person"):
        changes.reject_change(change=made, why="Not right", by=budi, on=DAY)
    assert Applicant.objects.get().dependants == 2


def test_the_database_too_knows_no_approval_by_one_person(hers: Applicant, budi: User):
    made = proposed(hers, budi, dependants=3)
    with pytest.raises(IntegrityError):
        ProposedChange.objects.filter(pk=made.pk).update(state="approved", decided_by=budi, decided_on=DAY)


def test_nobody_approves_a_change_of_their_own_household(hers: Applicant, ani: User, budi: User):
    card = hers.person.family_card
    factories.person(hers.programme, 2, user=ani, family_card=card)
    made = proposed(hers, budi, dependants=3)
    with pytest.raises(Refused, match="your household"):
        changes.approve_change(change=made, by=ani, on=DAY)


def test_of_two_who_approve_at_once_one_gets_a_sentence(hers: Applicant, cast: dict[str, User], budi: User):
    made = proposed(hers, budi, dependants=3)
    stale = ProposedChange.objects.get(pk=made.pk)
    changes.approve_change(change=made, by=cast["ani"], on=DAY)
    with pytest.raises(Refused, match="decided already"):
        changes.approve_change(change=stale, by=cast["hadi"], on=DAY)
    assert LogEntry.objects.filter(verb="applicants.change_approved").count() == 1


def test_a_proposal_for_a_value_that_was_changed_since_is_refused(hers: Applicant, ani: User, budi: User):
    first = proposed(hers, budi, dependants=3)
    second = proposed(hers, budi, dependants=4)
    changes.approve_change(change=first, by=ani, on=DAY)
    with pytest.raises(Refused, match="was changed since this was proposed"):
        changes.approve_change(change=second, by=ani, on=DAY)
    assert Applicant.objects.get().dependants == 3
    changes.reject_change(change=second, why="Is done already", by=ani, on=DAY)
    second.refresh_from_db()
    assert (second.state, second.why, second.decided_by) == ("rejected", "Is done already", ani)


def test_a_rejection_says_why_and_changes_nothing(hers: Applicant, ani: User, budi: User):
    made = proposed(hers, budi, dependants=3)
    with pytest.raises(Refused, match="why the change is rejected"):
        changes.reject_change(change=made, why=" ", by=ani, on=DAY)
    changes.reject_change(change=made, why="The card says two", by=ani, on=DAY)
    assert Applicant.objects.get().dependants == 2
    with pytest.raises(Refused, match="decided already"):
        changes.approve_change(change=made, by=ani, on=DAY)


def test_only_who_proposed_takes_back(hers: Applicant, ani: User, budi: User):
    made = proposed(hers, budi, dependants=3)
    with pytest.raises(Refused):
        changes.take_change_back(change=made, by=ani, on=DAY)
    changes.take_change_back(change=made, by=budi, on=DAY)
    made.refresh_from_db()
    assert made.state == "taken_back"


def test_what_does_not_go_together_is_refused_in_words(hers: Applicant, ani: User, budi: User):
    first = proposed(hers, budi, earlier_assistance=True, earlier_assistance_reported=True)
    changes.approve_change(change=first, by=ani, on=DAY)
    hers.refresh_from_db()
    made = ProposedChange.objects.create(
        programme=hers.programme, applicant=hers, reason="Contoh", proposed_by=budi, proposed_on=DAY
    )
    made.values.create(programme=hers.programme, column="earlier_assistance", before="True", after="False")
    with override("en"), pytest.raises(Refused, match="A report can only be handed in"):
        changes.approve_change(change=made, by=ani, on=DAY)


def test_a_frozen_pool_keeps_its_assessment_when_a_change_is_approved(hers: Applicant, ani: User, budi: User):
    services.enter_pool(programme=hers.programme, codes=[hers.code], by=None, on=DAY)
    hers.refresh_from_db()
    made = proposed(hers, budi, activity_now="student")
    changes.approve_change(change=made, by=ani, on=DAY)
    stored = Applicant.objects.get()
    assert (stored.activity_now, stored.status) == ("student", "eligible")
    assert "Known only after the pool was frozen" in str(stored.warnings)


def test_numbers_of_a_proposal_are_encrypted_and_the_log_stands(hers: Applicant, ani: User, budi: User):
    made = proposed(hers, budi, nik="1971014107990000")
    with connection.cursor() as cursor:
        cursor.execute("SELECT after, before FROM applicants_proposedvalue")
        assert "1971014107990000" not in str(cursor.fetchall())
    changes.approve_change(change=made, by=ani, on=DAY)
    assert not [fault for fault in verify_log() if "changed" in str(fault) or "Proposed" in str(fault)]


def at(programme: Programme, name: str, *args: object) -> str:
    return reverse(f"applicants:{name}", args=[programme.code, *args])


def test_before_and_after_stand_side_by_side_with_masked_numbers(hers: Applicant, ani: User, budi: User, client_of):
    made = proposed(hers, budi, nik="1971014107990000", household_income_idr=2_000_000)
    client, address = client_of(ani), at(hers.programme, "change", made.pk)
    page = client.get(address).content.decode()
    assert "Rp1,717,680" in page
    assert "Rp2,000,000" in page
    assert "1971014107990000" not in page
    shown = client.post(at(hers.programme, "reveal_change", made.pk), {"purpose": "compare with the card"})
    assert "1971014107990000" in shown.content.decode()
    assert LogEntry.objects.filter(verb="applicants.change_read", by=ani).exists()
    assert client.post(at(hers.programme, "reveal_change", made.pk), {"purpose": ""}).status_code == 200
    assert LogEntry.objects.filter(verb="applicants.change_read").count() == 1


def test_the_button_is_disabled_for_who_proposed_with_the_reason(hers: Applicant, ani: User, budi: User, client_of):
    made = proposed(hers, budi, dependants=3)
    own = client_of(budi).get(at(hers.programme, "change", made.pk)).content.decode()
    assert "You proposed this change" in own
    assert "disabled" in own
    assert client_of(budi).post(at(hers.programme, "approve_change", made.pk)).status_code == 422
    assert client_of(ani).post(at(hers.programme, "approve_change", made.pk)).status_code == 302
    assert Applicant.objects.get().dependants == 3


def test_the_list_counts_what_waits(hers: Applicant, ani: User, budi: User, client_of):
    made = proposed(hers, budi, dependants=3)
    page = client_of(ani).get(at(hers.programme, "applicants")).content.decode()
    assert "Changes to approve" in page
    assert "Dependants" in client_of(ani).get(at(hers.programme, "changes")).content.decode()
    sent = {"why": "The card says two"}
    assert client_of(ani).post(at(hers.programme, "reject_change", made.pk), sent).status_code == 302
    assert "No change waits" in client_of(ani).get(at(hers.programme, "changes")).content.decode()
    assert "The card says two" in client_of(budi).get(at(hers.programme, "change", made.pk)).content.decode()


def test_a_change_of_another_programme_is_not_found(
    hers: Applicant, other_programme: Programme, budi: User, fajar: User, client_of
):
    made = proposed(hers, budi, dependants=3)
    for name in ("change", "approve_change", "reject_change", "take_change_back", "reveal_change"):
        ask = client_of(fajar).get if name == "change" else client_of(fajar).post
        assert ask(at(other_programme, name, made.pk)).status_code == 404
        assert ask(at(hers.programme, name, made.pk)).status_code == 404
    assert ProposedChange.objects.get().state == "open"
