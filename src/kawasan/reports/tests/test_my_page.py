import datetime
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kawasan.applicants import services as applicants
from kawasan.applicants.models import Applicant, Person
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.enterprises.tests import factories as enterprises
from kawasan.market.tests import factories as market
from kawasan.partners import services as partners
from kawasan.partners.models import Representative
from kawasan.partners.tests.factories import commitment, meeting, organisation
from kawasan.programmes.models import Programme
from kawasan.selection.models import DrawException, Seat
from kawasan.training.tests.factories import session

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def at(programme: Programme, name: str, *arguments: object) -> str:
    return reverse(f"reports:{name}", args=[programme.code, *arguments])


def page(client: Client, programme: Programme) -> str:
    return client.get(at(programme, "my_page")).content.decode()


@pytest.fixture
def own(programme: Programme, dewi: User) -> Applicant:
    """The application of Dewi, who is in a group with one other and has an enterprise."""
    mine, other, stranger = (enterprises.participant(programme, number) for number in (1, 2, 3))
    group = enterprises.mentored_group(programme, mine, other)
    enterprises.enterprise(mine, 1, name="Kemplang Dewi")
    enterprises.enterprise(stranger, 3, name="Usaha Orang Lain")
    group.mentor.phone = "081234567890"
    group.mentor.save(update_fields=("phone",))
    starts = datetime.datetime(2022, 12, 5, 8, tzinfo=datetime.UTC)
    session(group, starts_at=starts)
    applicants.link_account(person=mine.person, user=dewi, by=None)
    return mine


def test_a_participant_sees_the_own_application_group_and_enterprise(own, programme, dewi, client_of):
    shown = page(client_of(dewi), programme)
    for words in (
        "Orang 1",
        "A001",
        "Accepted",
        "Orang 2",
        "tel:+6281234567890",
        "Kemplang Dewi",
        "5 Dec 2022 15:00–18:00 WIB",
    ):
        assert words in shown, words


def test_a_participant_sees_nothing_of_anybody_else(own, programme, dewi, client_of):
    shown = page(client_of(dewi), programme)
    for words in ("Orang 3", "A002", "A003", "Usaha Orang Lain", own.person.nik):
        assert words not in shown, words


def test_a_seat_that_is_offered_asks_for_an_answer(own, programme, dewi, client_of):
    Seat.objects.filter(applicant=own).update(status="offered")
    assert "Tell the office whether you take it." in page(client_of(dewi), programme)


@pytest.mark.parametrize("confirmed_on", [None, datetime.date(2022, 9, 1)])
def test_a_guarantee_and_its_reason_stand_on_the_own_page_once_it_counts(own, programme, dewi, client_of, confirmed_on):
    DrawException.objects.create(
        programme=programme,
        applicant=own,
        kind="guaranteed",
        reason="Keputusan 12/2022 tentang X",
        decided_by="Kepala Dinas",
        decided_on=datetime.date(2022, 8, 20),
        confirmed_on=confirmed_on,
    )
    shown = page(client_of(dewi), programme)
    assert ("Keputusan 12/2022 tentang X" in shown) is (confirmed_on is not None)
    assert ("Guaranteed a seat" in shown) is (confirmed_on is not None)


def test_why_somebody_was_refused_stands_on_the_own_page(own, programme, dewi, client_of):
    reason = {"template": "Applicants must live in the area of the programme.", "params": {}}
    Applicant.objects.filter(pk=own.pk).update(status="refused", reasons=[reason])
    assert "Applicants must live in the area" in page(client_of(dewi), programme)


@pytest.mark.parametrize("who", ["dewi", "eko", "kiki"])
def test_an_account_that_is_not_linked_is_told_who_can_link_it(who, cast, programme, client_of):
    assert "A programme manager can link it" in page(client_of(cast[who]), programme)


def test_an_organisation_sees_what_it_buys_promised_and_meets_for(own, programme, eko, client_of):
    demand = market.demand(programme)
    contract = market.contract(demand, programme.enterprises.get(code="E001"))
    market.delivery(contract)
    commitment(demand.offtaker, what="Kios gratis", what_en="Free stalls")
    commitment(organisation(programme, "ORG-7"), "COM-7", what="Bukan milik kami", what_en="Not ours")
    meeting(programme, held_on=programme.as_of, name_en="Buyers meet")
    partners.link_account(organisation=demand.offtaker, user=eko, by=None)
    shown = page(client_of(eko), programme)
    for words in ("Hotel Contoh", "Cake 1", "Kemplang Dewi", "Rp1,000,000", "Free stalls", "Buyers meet"):
        assert words in shown, words
    assert "Not ours" not in shown


@pytest.mark.parametrize("who", ["dewi", "eko"])
def test_the_page_needs_few_queries(who, own, cast, programme, client_of):
    demand = market.demand(programme)
    for number in range(1, 15):
        market.delivery(market.contract(demand, programme.enterprises.get(code="E001"), number), number)
        commitment(demand.offtaker, f"COM-{number}")
    partners.link_account(organisation=demand.offtaker, user=cast["eko"], by=None)
    client = client_of(cast[who])
    with CaptureQueriesContext(connection) as queries:
        page(client, programme)
    assert len(queries) <= 12


@pytest.mark.parametrize(("who", "first"), [("dewi", "my_page"), ("eko", "my_page"), ("ani", "cockpit")])
def test_who_takes_part_begins_on_the_own_page(who, first, cast, programme, client_of):
    client = client_of(cast[who])
    assert client.get(reverse("home"))["Location"] == at(programme, first)
    if first == "my_page":
        assert client.get(at(programme, first)).context["navigation"][0].label == "My page"


def test_a_manager_links_and_unlinks_a_participant(programme, ani, dewi, client_of):
    person = enterprises.participant(programme).person
    client = client_of(ani)
    linked = client.post(at(programme, "link_person"), {"user": dewi.pk, "person": "a001"}, follow=True)
    assert "The account was linked." in linked.content.decode()
    assert Person.objects.get().user == dewi
    client.post(at(programme, "unlink_person", person.code))
    assert Person.objects.get().user is None
    verbs = LogEntry.objects.order_by("sequence").values_list("verb", "by__username")
    assert list(verbs) == [("applicants.account_linked", "ani"), ("applicants.account_unlinked", "ani")]


def test_a_manager_links_and_unlinks_an_organisation(programme, ani, eko, client_of):
    client, buyer = client_of(ani), organisation(programme)
    client.post(at(programme, "link_organisation"), {"user": eko.pk, "organisation": buyer.pk})
    acting = Representative.objects.get()
    assert (acting.user, acting.organisation) == (eko, buyer)
    assert buyer.name in client.get(at(programme, "accounts")).content.decode()
    client.post(at(programme, "unlink_organisation", acting.pk))
    assert not Representative.objects.exists()


def test_only_accounts_with_the_role_are_offered(programme, ani, eko, client_of):
    enterprises.participant(programme)
    answer = client_of(ani).post(at(programme, "link_person"), {"user": eko.pk, "person": "A001"})
    assert answer.context["person_form"].errors.keys() == {"user"}


def test_a_code_that_is_not_there_is_an_error_of_the_form(programme, ani, dewi, client_of):
    answer = client_of(ani).post(at(programme, "link_person"), {"user": dewi.pk, "person": "A999"})
    assert "There is no application with this code." in answer.content.decode()


def test_one_account_is_linked_to_one_person(own, programme, dewi, fajar):
    other = programme.persons.get(code="P002")
    with pytest.raises(Refused, match="linked already"):
        applicants.link_account(person=other, user=dewi, by=None)
    with pytest.raises(Refused, match="has an account already"):
        applicants.link_account(person=own.person, user=fajar, by=None)


def test_a_correction_leaves_the_account_as_it_is(own, dewi):
    stale = Applicant.objects.select_related("person").get(pk=own.pk)
    applicants.unlink_account(person=own.person, by=None)
    applicants.correct(applicant=stale, by=None, on=datetime.date(2022, 12, 1))
    assert Person.objects.get(pk=own.person_id).user is None


def test_the_links_of_another_programme_cannot_be_touched(own, programme, other_programme, fajar, client_of):
    client = client_of(fajar)
    assert client.post(at(other_programme, "unlink_person", own.person.code)).status_code == 404
    assert client.post(at(programme, "unlink_person", own.person.code)).status_code == 404
    assert Person.objects.get(pk=own.person_id).user is not None
