import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kawasan.enterprises.models import CashEntry, Enterprise
from kawasan.enterprises.tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprise(programme, citra):
    """An enterprise of a member of Citra's group."""
    owner = factories.participant(programme)
    factories.mentored_group(programme, owner, user=citra)
    return factories.enterprise(owner)


@pytest.fixture
def foreign(programme):
    """An enterprise of another mentor's group."""
    owner = factories.participant(programme, 2, field="digital", sex="male")
    factories.mentored_group(programme, owner, code="G2")
    return factories.enterprise(owner, 2, field=owner.field, kbli_code="74130")


def _url(route, of, *more):
    return reverse(f"enterprises:{route}", args=[of.programme.code, of.code, *more])


def _list(programme):
    return reverse("enterprises:enterprises", args=[programme.code])


def _entry(**changes):
    return {"kind": "sale", "amount_idr": "75000", "what": "Getas 10 bungkus", "dated": "2022-11-20"} | changes


def test_the_list_shows_turnover_of_the_last_full_month(client_of, ani, programme, enterprise):
    factories.entry(enterprise, "sale", 1_250_000)
    page = client_of(ani).get(_list(programme)).content.decode()
    assert "Usaha 1" in page
    assert "Rp1,250,000" in page


def test_an_empty_programme_says_what_to_do(client_of, ani, programme):
    page = client_of(ani).get(_list(programme)).content.decode()
    assert "No enterprises yet" in page
    assert "No enterprise found" not in page  # no filter hides any


def test_a_filter_that_finds_nothing_says_so(client_of, ani, programme, enterprise):
    assert "No enterprise found" in client_of(ani).get(f"{_list(programme)}?search=xyz").content.decode()


@pytest.mark.parametrize(
    "query", ["?field=kuliner", "?status=running&field=kuliner", "?search=usaha+1", "?search=Orang+1"]
)
def test_the_list_is_narrowed(client_of, ani, programme, enterprise, foreign, query):
    page = client_of(ani).get(_list(programme) + query).content.decode()
    assert "Usaha 1" in page
    assert "Usaha 2" not in page


@pytest.mark.parametrize("query", ["?field=none&status=x&sort=y&page=z", "?sort=turnover&page=99"])
def test_odd_addresses_still_show_the_list(client_of, ani, programme, enterprise, query):
    assert client_of(ani).get(_list(programme) + query).status_code == 200


def test_participants_and_offtakers_do_not_see_other_peoples_books(client_of, dewi, eko, enterprise):
    for user in (dewi, eko):
        for route in ("enterprise", "cash_book"):
            assert client_of(user).get(_url(route, enterprise)).status_code == 403


def test_people_of_another_programme_see_nothing(client_of, fajar, enterprise):
    for route in ("enterprise", "cash_book", "change_enterprise", "add_entry"):
        assert client_of(fajar).get(_url(route, enterprise)).status_code == 404


def test_a_page_names_the_papers_that_are_missing(client_of, budi, enterprise):
    page = client_of(budi).get(_url("enterprise", enterprise)).content.decode()
    assert "There is no NIB yet" in page
    assert "10794" in page


def test_the_months_show_profit_without_capital(client_of, budi, enterprise):
    for kind, amount in (("sale", 900_000), ("cost", 350_000), ("capital", 5_000_000)):
        factories.entry(enterprise, kind, amount)
    page = client_of(budi).get(_url("enterprise", enterprise)).content.decode()
    assert "<strong>Rp550,000</strong>" in page
    assert "<svg" in page


def test_a_mentor_writes_for_members_of_the_own_groups_only(client_of, citra, enterprise, foreign):
    client = client_of(citra)
    assert client.post(_url("add_entry", enterprise), _entry()).status_code == 302
    assert client.post(_url("add_entry", foreign), _entry()).status_code == 404
    assert [line.enterprise for line in CashEntry.objects.all()] == [enterprise]


def test_a_mentor_is_offered_no_form_for_others(client_of, citra, enterprise, foreign):
    client = client_of(citra)
    assert "New entry" in client.get(_url("cash_book", enterprise)).content.decode()
    assert "New entry" not in client.get(_url("cash_book", foreign)).content.decode()


def test_a_verifier_reads_and_does_not_write(client_of, budi, enterprise):
    assert client_of(budi).get(_url("cash_book", enterprise)).status_code == 200
    assert client_of(budi).post(_url("add_entry", enterprise), _entry()).status_code == 403


def test_a_wrong_entry_gets_its_form_back_with_the_reason(client_of, ani, enterprise):
    page = client_of(ani).post(_url("add_entry", enterprise), _entry(amount_idr="0"))
    assert "greater than or equal to 1" in page.content.decode()
    assert not CashEntry.objects.exists()


def test_an_entry_of_the_future_is_refused_with_a_sentence(client_of, ani, enterprise):
    page = client_of(ani).post(_url("add_entry", enterprise), _entry(dated="2022-12-02"))
    assert page.status_code == 422
    assert "still to come" in page.content.decode()


def test_taking_back_shows_both_lines(client_of, ani, enterprise):
    wrong = factories.entry(enterprise, "sale", 80_000)
    client = client_of(ani)
    assert client.post(_url("reverse_entry", enterprise, wrong.code)).status_code == 302
    page = client.get(_url("cash_book", enterprise)).content.decode()
    assert "takes back C00001" in page
    assert "taken back by C00002" in page


def test_taking_back_is_not_a_link(client_of, ani, enterprise):
    wrong = factories.entry(enterprise, "sale", 80_000)
    assert client_of(ani).get(_url("reverse_entry", enterprise, wrong.code)).status_code == 405


def test_an_entry_of_another_enterprise_is_not_taken_back(client_of, citra, enterprise, foreign):
    theirs = factories.entry(foreign, "sale", 80_000)
    assert client_of(citra).post(_url("reverse_entry", enterprise, theirs.code)).status_code == 404


def test_the_cash_book_lists_by_day(client_of, ani, enterprise):
    factories.entry(enterprise, "cost", 20_000)
    page = client_of(ani).get(_url("cash_book", enterprise)).content.decode()
    assert "15 November 2022" in page
    assert "−Rp20,000" in page


def _answers(owner, **changes):
    return {
        "owner": owner.pk,
        "name": "Otak-otak Keramat",
        "field": owner.field.pk,
        "kbli_version": "2020",
        "kbli_code": "10216",
        "place": owner.person.place.pk,
        "started_on": "2022-11-01",
        "status": "running",
        "source": "visit",
    } | changes


def test_a_manager_registers_an_enterprise(client_of, ani, programme):
    owner = factories.participant(programme)
    page = client_of(ani).post(reverse("enterprises:add_enterprise", args=[programme.code]), _answers(owner))
    assert page.status_code == 302
    assert Enterprise.objects.get().owner == owner


def test_a_code_sent_along_is_not_taken(client_of, ani, programme, enterprise, foreign):
    add, change = reverse("enterprises:add_enterprise", args=[programme.code]), _url("change_enterprise", enterprise)
    client, answers = client_of(ani), _answers(enterprise.owner, code=foreign.code)
    assert [client.post(address, answers).status_code for address in (add, change)] == [302, 302]
    assert sorted(Enterprise.objects.values_list("code", flat=True)) == ["E001", "E002", "E003"]


def test_a_field_of_another_programme_cannot_be_chosen(client_of, ani, enterprise, other_programme):
    theirs = other_programme.fields.create(code="x", name="X", name_en="X", least_seats=0, most_seats=1)
    page = client_of(ani).post(_url("change_enterprise", enterprise), _answers(enterprise.owner, field=theirs.pk))
    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {"field"}


def test_a_mentor_registers_for_the_own_groups_only(client_of, citra, programme, enterprise, foreign):
    page = client_of(citra).get(reverse("enterprises:add_enterprise", args=[programme.code])).content.decode()
    assert "Orang 1" in page
    assert "Orang 2" not in page


def test_an_enterprise_is_changed(client_of, citra, enterprise):
    form = {
        "name": "Usaha Baru",
        "field": enterprise.field.pk,
        "kbli_version": "2020",
        "kbli_code": "10794",
        "place": enterprise.place.pk,
        "started_on": "2022-10-01",
        "status": "paused",
        "source": "visit",
    }
    assert client_of(citra).post(_url("change_enterprise", enterprise), form).status_code == 302
    enterprise.refresh_from_db()
    assert (enterprise.name, enterprise.status) == ("Usaha Baru", "paused")


def test_a_worker_is_added_and_ended(client_of, citra, enterprise):
    client = client_of(citra)
    answers = {"name": "Rudi", "sex": "male", "is_paid": "on", "since": "2022-11-01"}
    assert client.post(_url("add_worker", enterprise), answers).status_code == 302
    worker = enterprise.workers.get()
    assert client.post(_url("end_worker", enterprise, worker.code), {"until": "2022-11-30"}).status_code == 302
    worker.refresh_from_db()
    assert worker.until.isoformat() == "2022-11-30"


@pytest.mark.parametrize("route", ["enterprises", "enterprise", "cash_book"])
def test_a_page_asks_as_many_questions_for_ten_times_the_rows(client_of, citra, programme, enterprise, route):
    client = client_of(citra)
    url = _list(programme) if route == "enterprises" else _url(route, enterprise)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    factories.entry(enterprise, "sale", 10_000)
    factories.worker(enterprise)
    few = queries()
    for number in range(2, 20):
        factories.entry(factories.enterprise(enterprise.owner, number), "sale", 10_000)
        factories.entry(enterprise, "sale", 10_000)
        factories.worker(enterprise, number)
    assert queries() == few <= 12


@pytest.mark.parametrize(("name", "value"), [("amount_idr", str(2**63 - 1)), ("dated", "0001-01-01")])
def test_an_entry_that_cannot_be_meant_gets_its_form_back(client_of, ani, enterprise, name, value):
    page = client_of(ani).post(_url("add_entry", enterprise), _entry(**{name: value}))
    assert page.status_code == 200
    assert not CashEntry.objects.exists()
