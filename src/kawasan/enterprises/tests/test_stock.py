"""The stock of a product: from the last count on, with what was made, lost and sold."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import verify_log
from kawasan.enterprises import queries, rules, services
from kawasan.enterprises.models import Enterprise, Product
from kawasan.enterprises.rules import StockKind, StockMove
from kawasan.enterprises.tests import factories
from kawasan.programmes.models import Programme

ClientOf = Callable[[User], Client]
TODAY = datetime.date(2022, 12, 1)  # the test programme's as_of
MADE, LOST, COUNTED = StockKind.MADE, StockKind.LOST, StockKind.COUNTED


def day(number: int) -> datetime.date:
    return datetime.date(2022, 11, number)


def left(*moves: tuple[int, StockKind, float], sales: tuple[tuple[int, float], ...] = ()) -> rules.Stock:
    written = [StockMove(day(dated), kind, quantity) for dated, kind, quantity in moves]
    return rules.stock(written, [(day(dated), quantity) for dated, quantity in sales], TODAY)


def test_where_nothing_was_written_nothing_is_said() -> None:
    assert left(sales=((2, 5.0),)).quantity is None


def test_what_was_made_and_lost_counts_from_the_first_line_on() -> None:
    stock = left((10, MADE, 50), (12, LOST, 4), sales=((9, 100.0), (10, 6.0), (20, 10.0)))
    assert (stock.quantity, stock.counted_on) == (30, None)


def test_a_count_is_of_the_evening_and_begins_anew() -> None:
    stock = left((1, MADE, 500), (15, COUNTED, 20), (16, MADE, 10), sales=((15, 7.0), (16, 4.0)))
    assert (stock.quantity, stock.counted_on) == (26, day(15))


def test_what_happened_before_a_count_and_is_written_after_it_was_counted_already() -> None:
    assert left((15, COUNTED, 20), (14, MADE, 5), (15, MADE, 3)).quantity == 23


def test_nothing_may_be_counted_and_a_sale_too_many_is_seen() -> None:
    assert left((15, COUNTED, 0)).quantity == 0
    assert left((15, COUNTED, 2), sales=((16, 5.0),)).is_impossible


def test_a_sale_that_was_taken_back_is_there_again() -> None:
    assert left((15, COUNTED, 20), sales=((16, 5.0), (16, -5.0))).quantity == 20


def test_how_long_it_lasts_follows_from_the_sales_of_four_weeks() -> None:
    stock = left((30, COUNTED, 30), sales=((10, 40.0), (20, 44.0), (1, 1000.0)))
    assert stock.days_left == 10
    assert left((30, COUNTED, 30)).days_left is None


@pytest.fixture
def enterprise(programme: Programme, dewi: User) -> Enterprise:
    owner = factories.participant(programme)
    owner.person.user = dewi
    owner.person.save()
    return factories.enterprise(owner)


@pytest.fixture
def product(enterprise: Enterprise, ani: User) -> Product:
    return services.add_product(enterprise=enterprise, by=ani, name="Getas", unit="bungkus", price_idr=7_500)


def write(product: Product, kind: StockKind, quantity: float, dated: datetime.date = TODAY) -> None:
    services.add_stock_move(product=product, by=None, kind=kind, quantity=quantity, dated=dated, note="")


@pytest.mark.django_db
def test_stock_of_an_enterprise_with_its_sales(enterprise: Enterprise, product: Product, ani: User) -> None:
    write(product, COUNTED, 40, day(20))
    sale = {"kind": "sale", "amount_idr": 75_000, "what": "Getas", "product": product, "quantity": 10.0}
    entry = services.add_entry(enterprise=enterprise, by=ani, dated=day(21), **sale)
    assert [(one.name, stock.quantity) for one, stock in queries.stocks_of(enterprise, TODAY)] == [("Getas", 30)]
    services.reverse_entry(entry=entry, by=ani)
    assert queries.stocks_of(enterprise, TODAY)[0][1].quantity == 40
    assert not [fault for fault in verify_log() if "StockMove" in str(fault)]


@pytest.mark.django_db
def test_a_day_to_come_and_nothing_made_are_refused(product: Product) -> None:
    with pytest.raises(Refused, match="is still to come"):
        write(product, MADE, 5, TODAY + datetime.timedelta(days=1))
    with pytest.raises(Refused, match="The enterprise started on 2022-10-01"):
        write(product, MADE, 5, datetime.date(1900, 1, 1))
    with pytest.raises(Refused, match="Only a count can find nothing"):
        write(product, LOST, 0)


@pytest.mark.django_db
def test_spoiled_goods_that_were_never_there_are_not_called_sold(
    enterprise: Enterprise, product: Product, client_of: ClientOf, ani: User
) -> None:
    write(product, COUNTED, 2)
    write(product, LOST, 5)
    page = client_of(ani).get(reverse("enterprises:stock", args=[enterprise.programme.code, enterprise.code])).text
    assert "More was sold or lost than there was" in page


@pytest.mark.django_db
def test_the_owner_writes_and_others_read_or_see_nothing(
    enterprise: Enterprise, product: Product, client_of: ClientOf, dewi: User, ani: User, eko: User
) -> None:
    place = reverse("enterprises:stock", args=[enterprise.programme.code, enterprise.code])
    said = {"product": product.code, "kind": "counted", "quantity": "12,5", "dated": "2022-11-30", "note": "malam"}
    owner = client_of(dewi)
    assert owner.post(place, said).status_code == 302
    page = owner.get(place).text
    assert "12.5 bungkus" in page
    assert "counted on" in page
    assert "malam" in client_of(ani).get(place).text
    assert client_of(eko).get(place).status_code == 403
    bad = owner.post(place, said | {"quantity": "-3"})
    assert bad.status_code == 200
    assert product.stock_moves.count() == 1


@pytest.mark.django_db
def test_a_product_of_another_enterprise_is_none_of_the_list(
    enterprise: Enterprise, product: Product, programme: Programme, client_of: ClientOf, ani: User
) -> None:
    other = factories.enterprise(factories.participant(programme, 2), 2)
    place = reverse("enterprises:stock", args=[programme.code, other.code])
    said = {"product": product.code, "kind": "made", "quantity": "5", "dated": "2022-11-30"}
    client_of(ani).post(place, said)
    assert product.stock_moves.count() == 0
