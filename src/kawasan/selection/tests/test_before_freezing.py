"""Whoever objects is heard before the pool is frozen, and whoever freezes it knows what is still open."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client

from kawasan.applicants import services as applicants
from kawasan.applicants.models import Applicant, Objection, Paper
from kawasan.applicants.queries import before_the_pool
from kawasan.applicants.services.objections import answer_objection
from kawasan.applicants.tests import factories
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.programmes.models import Programme, RuleSet
from kawasan.selection import services

ClientOf = Callable[[User], Client]
DAY = datetime.date(2022, 9, 1)
REASONS = "Refused people who may still object: 1, the last until"


@pytest.fixture
def refused(programme: Programme) -> Applicant:
    """One who is refused beside four who are not."""
    for number in (1, 2, 3, 4):
        factories.applicant(programme, number)
    made = factories.applicant(programme, 5, activity_now="employed")
    applicants.assess(programme=programme, by=None, on=DAY)
    return made


def test_a_pool_is_not_frozen_while_somebody_waits_for_an_answer(programme: Programme, refused: Applicant) -> None:
    objection = Objection.objects.create(
        programme=programme, applicant=refused, text="Saya tidak bekerja", filed_on=DAY
    )
    with pytest.raises(Refused, match="Objections that wait for an answer: 1"):
        services.freeze_pool(programme=programme, source="IHSG 9 September 2022", by=None)
    answer_objection(objection=objection, outcome="rejected", answer="Surat keterangan kerja ada.", by=None, on=DAY)
    assert [
        str(reason) for reason in services.pool_now(programme=programme).reasons if "Objections" in str(reason)
    ] == []


@pytest.mark.parametrize(("days_later", "is_said"), [(0, True), (7, True), (8, False)])
def test_it_is_said_how_long_refused_people_may_object(
    programme: Programme, refused: Applicant, days_later: int, is_said: bool
) -> None:
    said = [str(text) for text in before_the_pool(programme, DAY + datetime.timedelta(days=days_later))]
    assert [text.startswith(REASONS) for text in said] == ([True] if is_said else [])


def test_it_is_said_of_how_many_papers_are_missing(
    programme: Programme, refused: Applicant, ani: User, client_of: ClientOf
) -> None:
    RuleSet.objects.update(required_papers="ktp disability")
    one, two, three, four = programme.applicants.in_pool().order_by("code")
    two.person.disability = "sight"
    two.person.save(update_fields=["disability"])
    for applicant, kind in ((one, "ktp"), (two, "ktp"), (three, "kk")):
        Paper.objects.create(
            programme=programme,
            applicant=applicant,
            kind=kind,
            file=f"{applicant}{kind}",
            received_at="2022-09-01T00:00Z",
        )
    assert "papers are not all here: 3" in str(before_the_pool(programme, DAY + datetime.timedelta(days=30))[0])
    page = client_of(ani).get(f"/p/{programme.code}/applicants/?papers=missing&status=eligible").context["page"]
    assert list(page) == [two, three, four]


def test_the_page_says_so_beside_the_button(
    programme: Programme, refused: Applicant, ani: User, client_of: ClientOf
) -> None:
    programme.as_of = DAY
    programme.save(update_fields=["as_of"])
    assert REASONS in client_of(ani).get(f"/p/{programme.code}/selection/").content.decode()
