"""The endpoint as somebody else's client reads it: owslib, over a real connection, with a key."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from owslib.ogcapi.features import Features
from owslib.util import Authentication
from pytest_django.live_server_helper import LiveServer

from kawasan.areas.shapes import shapes
from kawasan.areas.tests import factories
from kawasan.core.models import User
from kawasan.programmes import services
from kawasan.programmes.models import Programme

PAGE = 7


@pytest.fixture
def rows(transactional_db: None, programme: Programme) -> Programme:
    """A kecamatan with twenty kelurahan, half of them with a boundary, and thirty resources."""
    district = factories.place(programme, "19.71.01", level="district", name="Bukit Intan")
    for number in range(20):
        village = factories.place(
            programme, f"19.71.01.{1001 + number}", parent=district, longitude=106.1 + number / 100
        )
        if number % 2:
            factories.boundary(village)
    for number in range(30):
        factories.resource(village, f"RES-{number:02}", as_of=datetime.date(2022, 8, 1 + number))
    return programme


@pytest.fixture
def client(live_server: LiveServer, rows: Programme, cast: dict[str, User]) -> Features:
    key = services.make_key(programme=rows, name="owslib", by=cast["lina"])
    return Features(f"{live_server.url}/p/{rows.code}/ogc/", auth=Authentication(username="lina", password=key))


def pages(client: Features, collection: str) -> Iterator[list[dict[str, Any]]]:
    """Page after page, until none is left."""
    offset = 0
    while found := client.collection_items(collection, limit=PAGE, offset=offset)["features"]:
        yield found
        offset += PAGE


def test_the_client_finds_the_collections_and_what_the_endpoint_conforms_to(client: Features) -> None:
    assert client.feature_collections() == ["places", "boundaries", "resources"]
    assert any(name.endswith("/conf/core") for name in client.conformance()["conformsTo"])
    assert client.api()["openapi"].startswith("3.0")


def test_the_client_reads_every_collection_page_by_page_to_its_last_feature(client: Features, rows: Programme) -> None:
    with_ground = len(shapes(rows, list(rows.places.all())))
    expected = {"places": rows.places.count(), "boundaries": with_ground, "resources": rows.resources.count()}
    assert min(expected.values()) > 2 * PAGE
    for name, count in expected.items():
        seen = [feature["id"] for page in pages(client, name) for feature in page]
        assert len(seen) == len(set(seen)) == count
        assert client.collection_items(name, limit=1)["numberMatched"] == count


def test_the_client_reads_one_feature_and_what_lies_in_a_box_on_a_day(client: Features) -> None:
    assert client.collection("resources")["itemType"] == "feature"
    assert client.collection_item("resources", "RES-07")["properties"]["as_of"] == "2022-08-08"
    found = client.collection_items("resources", bbox=[106, -3, 107, -2], datetime_="2022-08-08/2022-08-10")
    assert [feature["id"] for feature in found["features"]] == ["RES-07", "RES-08", "RES-09"]


def test_a_key_that_was_taken_back_reads_nothing(client: Features, rows: Programme) -> None:
    services.revoke_key(key=rows.access_keys.get(), by=None)
    with pytest.raises(RuntimeError, match="Unauthorized"):
        client.collections()
