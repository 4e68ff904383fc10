import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kawasan.enterprises.tests.factories import enterprise as make_enterprise
from kawasan.enterprises.tests.factories import mentored_group, participant
from kawasan.market.models import Contract
from kawasan.market.tests import factories
from kawasan.partners.models import Representative

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprise(programme, citra):
    owner = participant(programme)
    mentored_group(programme, owner, user=citra)
    return make_enterprise(owner)


@pytest.fixture
def contract(programme, enterprise):
    return factories.contract(factories.demand(programme), enterprise)


@pytest.fixture
def foreign(programme, contract):
    """A contract of somebody whom Citra does not mentor."""
    return factories.contract(contract.demand, make_enterprise(participant(programme, 2), 2), 2)


def _url(route, programme, *more):
    return reverse(f"market:{route}", args=[programme.code, *more])


def _terms(contract, **changes):
    return {
        "demand": contract.demand.pk,
        "enterprise": contract.enterprise.pk,
        "quantity_per_month": "50",
        "price_idr": "19000",
        "signed_on": "2022-10-20",
        "starts_on": "2022-11-01",
        "ends_on": "2023-01-31",
        "payment_days": "14",
        "source": "letter 7",
    } | changes


def test_an_offtaker_reads_its_own_demands_and_no_contract(client_of, eko, programme, contract):
    assert "Cake 1" not in client_of(eko).get(_url("market", programme)).content.decode()
    Representative.objects.create(programme=programme, organisation=contract.demand.offtaker, user=eko)
    client = client_of(eko)
    page = client.get(_url("market", programme)).content.decode()
    assert "Cake 1" in page
    assert _url("contracts", programme) not in page
    assert client.get(_url("contract", programme, contract.code)).status_code == 403


def test_a_participant_may_not_and_a_stranger_finds_nothing(client_of, dewi, fajar, programme):
    assert client_of(dewi).get(_url("market", programme)).status_code == 403
    assert client_of(fajar).get(_url("market", programme)).status_code == 404


def test_the_market_shows_what_is_open_and_fulfilled(client_of, ani, programme, contract):
    factories.delivery(contract, quantity=25, accepted_quantity=25)
    page = client_of(ani).get(_url("market", programme)).content.decode()
    assert 'data-label="Still open" class="numeric">40 box<' in page
    assert 'data-label="Fulfilled" class="numeric">25%<' in page
    assert "<svg" in page


def test_a_market_without_demand_says_what_to_do(client_of, ani, programme):
    assert "No offtaker has said" in client_of(ani).get(_url("market", programme)).content.decode()


def test_the_contracts_say_in_which_unit_goods_were_delivered(client_of, ani, programme, contract):
    factories.delivery(contract, quantity=25, accepted_quantity=25)
    page = client_of(ani).get(_url("contracts", programme)).content.decode()
    assert 'data-label="Delivered" class="numeric">25 box<' in page


def test_the_contracts_are_searched_and_narrowed(client_of, ani, programme, contract, foreign):
    client = client_of(ani)
    assert "K002" not in client.get(_url("contracts", programme) + "?search=Usaha+1").content.decode()
    assert "No contract found" in client.get(_url("contracts", programme) + "?state=overdue").content.decode()
    assert "K001" in client.get(_url("contracts", programme) + "?state=nonsense").content.decode()


def test_a_contract_shows_its_deliveries_and_what_is_overdue(client_of, budi, programme, contract):
    factories.delivery(contract, delivered_on="2022-10-10")
    page = client_of(budi).get(_url("contract", programme, contract.code)).content.decode()
    assert "Overdue" in page
    assert "Rp1,000,000" in page


def test_a_planner_records_a_contract_and_is_told_that_it_is_much(client_of, cast, programme, contract):
    client = client_of(cast["gita"])
    page = client.post(_url("add_contract", programme), _terms(contract), follow=True).content.decode()
    assert "The contract was recorded." in page
    assert "the demand leaves 40" in page


def test_a_contract_outside_the_demand_is_refused_with_a_sentence(client_of, ani, programme, contract):
    terms = _terms(contract, starts_on="2024-01-01", ends_on="2024-12-31")
    page = client_of(ani).post(_url("add_contract", programme), terms)
    assert page.status_code == 422
    assert "lies outside" in page.content.decode()


def test_a_contract_that_ends_before_it_starts_gets_its_form_back(client_of, ani, programme, contract):
    page = client_of(ani).post(_url("add_contract", programme), _terms(contract, ends_on="2022-01-01"))
    assert page.status_code == 200
    assert "The last day is before the first. Choose a later day." in page.content.decode()


def test_a_code_sent_along_with_a_new_contract_is_not_taken(client_of, ani, programme, contract):
    assert client_of(ani).post(_url("add_contract", programme), _terms(contract, code="K001")).status_code == 302
    assert set(Contract.objects.values_list("code", flat=True)) == {"K001", "K002"}


def test_a_mentor_makes_contracts_for_own_enterprises_only(client_of, citra, programme, contract, foreign):
    client = client_of(citra)
    assert client.post(_url("add_contract", programme), _terms(contract)).status_code == 302
    assert client.post(_url("add_contract", programme), _terms(foreign)).status_code == 200
    assert Contract.objects.filter(enterprise=foreign.enterprise).count() == 1


def test_a_mentor_records_deliveries_of_own_enterprises_only(client_of, citra, programme, contract, foreign):
    client, answers = client_of(citra), {"delivered_on": "2022-11-20", "quantity": "30"}
    assert client.post(_url("record_delivery", programme, contract.code), answers).status_code == 302
    assert client.post(_url("record_delivery", programme, foreign.code), answers).status_code == 404


def test_a_verifier_reads_and_does_not_write(client_of, budi, programme, contract):
    assert client_of(budi).get(_url("contract", programme, contract.code)).status_code == 200
    assert client_of(budi).get(_url("record_delivery", programme, contract.code)).status_code == 403


@pytest.mark.parametrize("route", ["market", "contracts", "contract"])
def test_a_page_asks_as_many_questions_for_ten_times_the_rows(client_of, citra, programme, contract, route):
    client = client_of(citra)
    url = _url(route, programme, contract.code) if route == "contract" else _url(route, programme)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    factories.delivery(contract)
    few = queries()
    for number in range(2, 20):
        factories.delivery(factories.contract(factories.demand(programme, number), contract.enterprise, number), number)
        factories.delivery(contract, 100 + number)
    assert queries() == few <= 12
