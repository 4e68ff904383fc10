"""The public catalogue: who agreed, what everybody sees, and how it is taken back; prices and files."""

import datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from kawasan.core.models import LogEntry, User
from kawasan.enterprises.models import Product
from kawasan.enterprises.tests.factories import enterprise as make_enterprise
from kawasan.enterprises.tests.factories import entry, participant
from kawasan.market import queries, services
from kawasan.market.models import CatalogueEntry
from kawasan.market.rules import StepKind
from kawasan.market.tests import factories
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2022, 12, 1)  # the test programme's as_of


@pytest.fixture
def cake(programme: Programme, dewi: User) -> Product:
    """What Dewi's living enterprise sells."""
    owner = participant(programme)
    owner.person.user = dewi
    owner.person.save(update_fields=("user",))
    made_by = make_enterprise(owner)
    entry(made_by, "sale", 50_000, datetime.date(2022, 11, 20))
    return Product.objects.create(
        programme=programme, code="B0001", enterprise=made_by, name="Kue lapis", unit="loyang", price_idr=75_000,
        source="synthetic",
    )  # fmt: skip


def url(programme: Programme, route: str, *more: str) -> str:
    return reverse(f"market:{route}", args=[programme.code, *more])


def test_nobody_is_shown_who_did_not_agree_and_it_can_be_taken_back(
    programme: Programme, cake: Product, client: Any, client_of: Any, dewi: User
) -> None:
    page, owner = url(programme, "product", cake.code), client_of(dewi)
    assert client.get(page).status_code == 404
    agree = {"is_shown": "on", "phone": ""}
    assert owner.post(url(programme, "showing", cake.enterprise.code), agree).status_code == 302
    text = client.get(page).text
    assert "Kue lapis" in text
    assert "<svg" in text
    assert "wa.me" not in text
    assert cake.enterprise.owner.person.name not in text
    assert owner.post(url(programme, "showing", cake.enterprise.code), {"phone": ""}).status_code == 302
    assert client.get(page).status_code == 404
    assert "Kue lapis" not in client.get(url(programme, "catalogue")).text
    assert set(LogEntry.objects.values_list("verb", flat=True)) >= {"market.shown", "market.hidden"}


def test_a_number_is_shown_only_where_the_owner_agreed(programme: Programme, cake: Product, client: Any) -> None:
    services.set_showing(enterprise=cake.enterprise, is_shown=True, phone="+6281234567890", by=None)
    assert "https://wa.me/6281234567890" in client.get(url(programme, "product", cake.code)).text
    assert "6281234567890" not in client.get(url(programme, "catalogue_sheet")).text


def test_what_lives_no_more_is_not_shown(programme: Programme, cake: Product, client: Any) -> None:
    services.set_showing(enterprise=cake.enterprise, is_shown=True, phone="", by=None)
    assert client.get(url(programme, "catalogue") + "?search=lapis").text.count("Kue lapis") == 1
    assert "Tidak ada yang ditemukan" in client.get(url(programme, "catalogue") + "?search=goat").text
    programme.cash_entries.update(dated=datetime.date(2022, 9, 1))
    assert client.get(url(programme, "product", cake.code)).status_code == 404


def test_a_photo_is_seen_while_the_product_is(
    programme: Programme, cake: Product, client: Any, client_of: Any, dewi: User
) -> None:
    picture = BytesIO()
    Image.new("RGB", (40, 30), "orange").save(picture, "PNG")
    sent = {"about": "20 cm", "photo": SimpleUploadedFile("a.png", picture.getvalue(), "image/png")}
    assert client_of(dewi).post(url(programme, "describe_product", cake.code), sent).status_code == 302
    address = url(programme, "product_photo", cake.code)
    assert client.get(address).status_code == 404
    services.set_showing(enterprise=cake.enterprise, is_shown=True, phone="", by=None)
    assert client.get(address)["Content-Type"] == "image/jpeg"
    assert CatalogueEntry.objects.get().about == "20 cm"


def test_the_office_takes_out_and_only_the_owner_comes_back(
    programme: Programme, cake: Product, client: Any, client_of: Any, ani: User, citra: User
) -> None:
    services.set_showing(enterprise=cake.enterprise, is_shown=True, phone="", by=None)
    assert client_of(citra).get(url(programme, "showing", cake.enterprise.code)).status_code == 403
    sent = {"reason": "people on the photo"}
    assert client_of(ani).post(url(programme, "hide", cake.enterprise.code), sent).status_code == 302
    assert client.get(url(programme, "product", cake.code)).status_code == 404


def test_only_signed_prices_are_history_and_files_say_what_columns_are(
    programme: Programme, cake: Product, client_of: Any, cast: dict[str, User]
) -> None:
    demand = factories.demand(programme)
    contract = factories.contract(demand, cake.enterprise)
    made = services.record_delivery(
        contract=contract, delivered_on=TODAY, quantity=5, price_idr=21_000, by=cast["citra"]
    )
    services.record_delivery(contract=contract, delivered_on=TODAY, quantity=6, price_idr=99_000, by=cast["citra"])
    services.say(delivery=made, kind=StepKind.CONFIRMED, quantity=5, by=cast["eko"])
    (row,) = queries.paid_commodities(programme)
    assert (row.deliveries, row.lowest_idr, row.highest_idr, row.newest_idr) == (1, 21_000, 21_000, 21_000)
    budi = client_of(cast["budi"])
    assert "Rp21,000" in budi.get(url(programme, "prices")).text
    page = budi.get(url(programme, "price_history", demand.commodity.code)).text
    assert made.code in page
    assert "99,000" not in page
    files = ZipFile(BytesIO(budi.get(url(programme, "market_xlsx")).content))
    words = files.read("xl/sharedStrings.xml").decode()
    assert "Code of the delivery that it replaces" in words
    assert made.code in b"".join(budi.get(url(programme, "deliveries") + "?export=csv").streaming_content).decode()
    assert client_of(cast["eko"]).get(url(programme, "deliveries") + "?export=csv").status_code == 403
