"""Two people verify, assign or approve the same thing at the same moment: one does, the other is told why not."""

import datetime

import pytest

from kawasan.applicants import services as applicants
from kawasan.applicants.models import Applicant, ProposedChange, Verification
from kawasan.applicants.rules.verification import Report
from kawasan.applicants.services import changes, verification
from kawasan.applicants.tests import factories
from kawasan.applicants.tests.test_verification import yes
from kawasan.core.models import User
from kawasan.programmes.models import Programme
from test_two_at_once import assert_one_did, at_once, know

pytestmark = pytest.mark.django_db(transaction=True)
DAY = datetime.date(2022, 9, 1)


@pytest.fixture
def hers(programme: Programme) -> Applicant:
    factories.applicant(programme)
    know(programme)
    applicants.assess(programme=programme, by=None, on=DAY)
    return Applicant.objects.select_related("person__place", "programme").get()


def test_a_change_is_approved_once(hers: Applicant, ani: User, budi: User) -> None:
    know(hers.programme)
    hers.dependants = 4
    made = applicants.correct(applicant=hers, by=budi, on=DAY, reason="Family card seen")
    assert made
    told = at_once(
        lambda seen: changes.approve_change(change=seen, by=ani, on=DAY),
        look=lambda: ProposedChange.objects.select_related("programme").get(pk=made.pk),
    )
    assert_one_did(told, "This change was decided already. Load the page again.")
    assert Applicant.objects.get().dependants == 4


def test_of_two_proposals_for_one_answer_one_is_approved(hers: Applicant, ani: User, budi: User) -> None:
    know(hers.programme)
    made = []
    for dependants in (4, 5):
        hers.dependants = dependants
        made.append(applicants.correct(applicant=hers, by=budi, on=DAY, reason="Family card seen"))
    waiting = [change.pk for change in made if change]
    told = at_once(
        lambda seen: changes.approve_change(change=seen, by=ani, on=DAY),
        look=lambda: ProposedChange.objects.select_related("programme").get(pk=waiting.pop()),
    )
    assert told[0] == ""
    assert "was changed since this was proposed" in told[1]
    assert ProposedChange.objects.filter(state="approved").count() == 1


def test_an_application_is_given_to_one_verifier(hers: Applicant, ani: User, budi: User) -> None:
    know(hers.programme)
    people = [ani, budi]
    told = at_once(
        lambda seen: verification.assign(applicant=seen[0], stage="administrative", verifier=seen[1], by=None, on=DAY),
        look=lambda: (Applicant.objects.select_related("person__place", "programme").get(), people.pop()),
    )
    assert_one_did(told, "Somebody verifies this application already.")
    assert Verification.objects.count() == 1


def test_a_verification_is_recorded_once(hers: Applicant, budi: User) -> None:
    made = verification.assign(applicant=hers, stage="administrative", verifier=budi, by=None, on=DAY)
    know(hers.programme)
    report = Report("confirmed", "", "", yes("administrative"))
    told = at_once(
        lambda seen: verification.record(
            verification=seen, report=report, where=None, seen_at="", photo=None, by=budi, on=DAY
        ),
        look=lambda: Verification.objects.select_related("applicant__person__place", "verifier").get(pk=made.pk),
    )
    assert_one_did(told, "This verification is over already.")
    assert made.items.count() == len(report.answers)
