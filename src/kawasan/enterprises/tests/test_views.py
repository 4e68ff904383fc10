from functools import partial
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from kawasan.enterprises.models import CashEntry, Enterprise
from kawasan.enterprises.tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue(programme):
    factories.kbli(programme, "10216", "10794")


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
    for user, route, expected in (
        (dewi, "enterprise", 403),
        (dewi, "cash_book", 404),
        (dewi, "result", 404),
        (dewi, "add_entry", 404),
        (eko, "enterprise", 403),
        (eko, "cash_book", 403),
    ):
        assert client_of(user).get(_url(route, enterprise)).status_code == expected


@pytest.fixture
def own(programme, dewi):
    """An enterprise of Dewi's own."""
    owner = factories.participant(programme)
    owner.person.user = dewi
    owner.person.save()
    return factories.enterprise(owner)


def test_an_owner_keeps_the_own_book(client_of, dewi, own, django_assert_max_num_queries):
    client = client_of(dewi)
    client.post(_url("add_product", own), {"name": "Getas", "unit": "bungkus", "price_idr": "7500"})
    product = own.products.get()
    client.post(_url("add_entry", own), _entry(product=product.pk, quantity="3", amount_idr="", what=""))
    entry = own.cash_entries.get()
    assert (entry.amount_idr, entry.what, entry.product, entry.quantity) == (22_500, "3 bungkus Getas", product, 3)
    with django_assert_max_num_queries(14):
        page = client.get(_url("cash_book", own)).content.decode()
    assert "3 bungkus Getas" in page
    assert f'href="{_list(own.programme)}"' not in page  # the list of everybody's is not the owner's to open
    client.post(_url("reverse_entry", own, entry.code))
    assert client.get(_url("result", own)).status_code == 200
    assert sum(one.signed_idr for one in own.cash_entries.all()) == 0


def test_a_cost_has_no_product_and_a_sale_no_kind_of_cost(client_of, dewi, own):
    client, product = client_of(dewi), factories.product(own)
    client.post(_url("add_entry", own), _entry(kind="cost", product=product.pk, quantity="2", cost_kind="wages"))
    client.post(_url("add_entry", own), _entry(kind="sale", cost_kind="wages", what="Tunai"))
    found = own.cash_entries.order_by("pk").values_list("kind", "product", "cost_kind")
    assert list(found) == [("cost", None, "wages"), ("sale", None, "")]


def test_another_enterprises_product_is_not_sold(client_of, dewi, own, foreign):
    page = client_of(dewi).post(_url("add_entry", own), _entry(product=factories.product(foreign).pk))
    assert (page.status_code, CashEntry.objects.count()) == (200, 0)


def test_what_a_phone_sends_again_is_stored_once(client_of, dewi, own):
    client, sent = client_of(dewi), _entry(form_key="1669000000000-abc")
    answers = [client.post(_url("add_entry", own), sent, headers={"accept": "application/json"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 302]
    assert own.cash_entries.count() == 1


def test_a_note_is_photographed_and_seen_by_those_who_read_the_book(client_of, dewi, ani, eko, own):
    client = client_of(dewi)
    client.post(_url("add_entry", own), _entry(photo=SimpleUploadedFile("nota.png", picture(), "image/png")))
    address = _url("note_photo", own, own.cash_entries.get().code)
    assert client.get(address)["Content-Type"] == "image/jpeg"
    assert client_of(ani).get(address).status_code == 200
    assert client_of(eko).get(address).status_code == 403
    page = client.post(_url("add_entry", own), _entry(photo=SimpleUploadedFile("nota.png", b"<script>", "image/png")))
    assert "not a photo" in page.content.decode()


def picture():
    made = BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "PNG")
    return made.getvalue()


def test_a_debt_is_paid_in_parts_and_the_rest_given_up(client_of, dewi, own):
    client = client_of(dewi)
    typed = {"owed": "us", "who": "Bu Ros", "what": "Getas", "amount_idr": "100000"}
    client.post(_url("add_debt", own), typed | {"dated": "2022-11-20", "due_on": "2022-11-27"})
    debt = own.debts.get()
    pay = partial(client.post, _url("pay_debt", own, debt.code))
    pay({"amount_idr": "40000", "dated": "2022-11-25"})
    assert "Only Rp60,000" in pay({"amount_idr": "60001", "dated": "2022-11-25"}).content.decode()
    client.post(_url("reverse_entry", own, own.cash_entries.get().code))
    assert own.debts.with_left().get().left_idr == 100_000  # a payment that is taken back is owed again
    pay({"amount_idr": "70000", "dated": "2022-11-26"})
    page = client.get(_url("cash_book", own)).content.decode()
    assert ("Bu Ros" in page, "Rp30,000" in page, "late" in page) == (True, True, True)
    client.post(_url("forgive_debt", own, debt.code))
    assert "Nobody owes anything." in client.get(_url("cash_book", own)).content.decode()
    assert pay({"amount_idr": "1", "dated": "2022-11-26"}).status_code == 422


def test_of_an_enterprise_that_sells_nothing_a_visit_says_that_it_lives(client_of, ani, programme, enterprise):
    Enterprise.objects.update(started_on="2022-09-01")
    client = client_of(ani)
    assert "0%" in client.get(reverse("enterprises:alive", args=[programme.code])).content.decode()
    client.post(_url("add_sighting", enterprise), {"seen_on": "2022-11-20", "what": "Menggoreng"})
    page = client.get(reverse("enterprises:alive", args=[programme.code])).content.decode()
    assert ("100%" in page, "Nothing was written in the cash book" in page) == (True, True)


def test_the_page_of_who_lives_on_asks_as_many_questions_for_many(
    client_of, ani, programme, django_assert_max_num_queries
):
    for number in range(12):
        one = factories.enterprise(factories.participant(programme, number + 1), number + 1)
        factories.entry(one, "sale", 1_000)
        factories.debt(one)
    client = client_of(ani)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("enterprises:alive", args=[programme.code]))
    assert "Customers are late with Rp5,000: 1." in page.content.decode()


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
        "kbli": "10216 2020",
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
        "kbli": "10794 2020",
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
    assert queries() == few <= 14


@pytest.mark.parametrize(("name", "value"), [("amount_idr", str(2**63 - 1)), ("dated", "0001-01-01")])
def test_an_entry_that_cannot_be_meant_gets_its_form_back(client_of, ani, enterprise, name, value):
    page = client_of(ani).post(_url("add_entry", enterprise), _entry(**{name: value}))
    assert page.status_code == 200
    assert not CashEntry.objects.exists()


def _page(*lines, sheet="Januari, hal. 1"):
    sent = {"form-TOTAL_FORMS": "22", "form-INITIAL_FORMS": "0", "sheet": sheet}
    for number in range(22):
        given = {"dated": "2022-12-01", "kind": "sale"} | (lines[number] if number < len(lines) else {})
        sent |= {f"form-{number}-{name}": value for name, value in given.items()}
    return sent


def test_a_page_of_paper_is_entered_at_once_and_empty_lines_are_none(client_of, dewi, own):
    sold = {"dated": "2022-11-20", "product": str(factories.product(own).pk), "quantity": "2"}
    bought = {"kind": "cost", "amount_idr": "9000", "what": "Gas", "cost_kind": "running"}
    client_of(dewi).post(_url("several", own), _page(sold, {}, bought))
    assert list(own.cash_entries.order_by("pk").values_list("what", "amount_idr", "source")) == [
        ("2 ikat Barang 1", 10_000, "Dewi Anggraini · Januari, hal. 1"),
        ("Gas", 9_000, "Dewi Anggraini · Januari, hal. 1"),
    ]


@pytest.mark.parametrize(
    ("wrong", "said"), [({"dated": "2022-12-02"}, "still to come"), ({"amount_idr": "x", "what": "y"}, "not clear")]
)
def test_of_a_page_with_a_wrong_line_nothing_is_stored(client_of, dewi, own, wrong, said):
    right = {"amount_idr": "9000", "what": "Getas"}
    page = client_of(dewi).post(_url("several", own), _page(right, right | wrong)).content.decode()
    assert (said in page, "Nothing was stored yet" in page, CashEntry.objects.count()) == (True, True, 0)


def test_a_page_of_paper_is_entered_once(client_of, dewi, own):
    client, right = client_of(dewi), {"amount_idr": "9000", "what": "Getas"}
    client.post(_url("several", own), _page(right))
    again = client.post(_url("several", own), _page(right))
    assert "was entered already, with 1 lines" in again.content.decode()
    client.post(_url("several", own), _page(right, sheet="Januari, hal. 2"))
    assert CashEntry.objects.count() == 2


def test_an_empty_page_says_so(client_of, dewi, own):
    assert "No line is filled in yet." in client_of(dewi).post(_url("several", own), _page()).content.decode()


def test_a_page_to_write_by_hand_names_the_enterprise_and_its_prices(client_of, dewi, own, settings):
    settings.PUBLIC_ADDRESS = "https://kawasan.example"
    factories.product(own)
    text = PdfReader(BytesIO(client_of(dewi).get(_url("cash_sheet", own)).content)).pages[0].extract_text()
    for said in ("Buku kas", "Usaha 1", "Barang 1 Rp5.000 / ikat", "https://kawasan.example/p/", "Uang keluar"):
        assert said in text
