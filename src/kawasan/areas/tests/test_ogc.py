"""OGC API – Features: held to the requirements of Part 1: Core (OGC 17-069r4) by hand; owslib reads it elsewhere."""

import base64
import datetime
import json

import jsonschema
import pytest
from django.test import Client
from django.urls import reverse

from kawasan.areas.tests import factories
from kawasan.core.models import LogEntry
from kawasan.core.services import verify_log
from kawasan.programmes import services as programmes
from kawasan.programmes.models import AccessKey

pytestmark = pytest.mark.django_db
LINK = {
    "type": "object",
    "required": ["href", "rel", "type"],
    "properties": {"href": {"type": "string", "pattern": "^http"}, "rel": {"type": "string"}},
}
LINKS = {"type": "array", "minItems": 1, "items": LINK}
COLLECTION = {
    "type": "object",
    "required": ["id", "links", "extent"],
    "properties": {
        "id": {"type": "string"},
        "links": LINKS,
        "itemType": {"const": "feature"},
        "extent": {
            "type": "object",
            "properties": {
                "spatial": {
                    "required": ["bbox"],
                    "properties": {
                        "bbox": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "array", "minItems": 4, "maxItems": 4},
                        }
                    },
                },
                "temporal": {
                    "required": ["interval"],
                    "properties": {
                        "interval": {"type": "array", "items": {"type": "array", "minItems": 2, "maxItems": 2}}
                    },
                },
            },
        },
    },
}
FEATURE = {
    "type": "object",
    "required": ["type", "id", "geometry", "properties"],
    "properties": {
        "type": {"const": "Feature"},
        "id": {"type": "string"},
        "geometry": {"type": "object", "required": ["type", "coordinates"]},
        "properties": {"type": "object"},
    },
}
FEATURES = {
    "type": "object",
    "required": ["type", "features", "links", "timeStamp", "numberMatched", "numberReturned"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {"type": "array", "items": FEATURE},
        "links": LINKS,
        "numberMatched": {"type": "integer", "minimum": 0},
        "numberReturned": {"type": "integer", "minimum": 0},
        "timeStamp": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$"},
    },
}
"""After the schemas of the standard: link, collection, featureGeoJSON, featureCollectionGeoJSON (.yaml)."""


@pytest.fixture
def rows(programme):
    """A kecamatan with two kelurahan, one with a boundary, and five resources on five days."""
    district = factories.place(programme, "19.71.01", level="district", name="Bukit Intan")
    village = factories.place(programme, "19.71.01.1004", name="Semabung Lama", parent=district)
    factories.place(programme, "19.71.01.1005", name="Bacang", parent=district, longitude=107.5)
    factories.boundary(village)
    for day in range(1, 6):
        kind = factories.kind(programme, f"jenis-{day == 5}", capital="human" if day == 5 else "natural")
        factories.resource(village, f"RES-{day}", as_of=datetime.date(2022, 8, day), kind=kind)
    return programme


@pytest.fixture
def read(rows, dewi, client_of):
    """What a path of the endpoint answers, with the status expected."""
    client = client_of(dewi)

    def ask(path="", status=200, **parameters):
        response = client.get(f"/p/contoh-2022/ogc/{path}", parameters)
        assert response.status_code == status, response.content
        return response

    return ask


def codes(response):
    return [feature["id"] for feature in response.json()["features"]]


def href(document, rel):
    return next((link["href"] for link in document["links"] if link["rel"] == rel), None)


def test_the_landing_page_leads_to_everything(read, client):
    document = read(f="json").json()
    for rel, kind in (
        ("service-desc", "application/vnd.oai.openapi+json;version=3.0"),
        ("conformance", "application/json"),
        ("data", "application/json"),
    ):
        path = href(document, rel).removeprefix("http://testserver/p/contoh-2022/ogc/")
        assert read(path)["Content-Type"] == kind
    jsonschema.validate(document["links"], LINKS)


def test_it_claims_the_classes_that_are_tested_here(read):
    assert read("conformance").json()["conformsTo"] == [
        f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "geojson")
    ]


def test_every_collection_says_where_and_how_it_is_read(read):
    found = read("collections").json()["collections"]
    assert [one["id"] for one in found] == ["places", "boundaries", "resources"]
    for one in found:
        jsonschema.validate(one, COLLECTION)
        assert read(f"collections/{one['id']}").json() == one
        assert href(one, "items").endswith(f"/collections/{one['id']}/items")
    assert found[2]["extent"]["temporal"]["interval"] == [["2022-08-01T00:00:00Z", "2022-08-05T00:00:00Z"]]


@pytest.mark.parametrize(("name", "count"), [("places", 3), ("boundaries", 3), ("resources", 5)])
def test_items_are_valid_features_with_their_number(read, name, count):
    response = read(f"collections/{name}/items")
    document = response.json()
    assert response["Content-Type"] == "application/geo+json"
    jsonschema.validate(document, FEATURES)
    assert (document["numberMatched"], document["numberReturned"]) == (count, count)
    assert href(document, "next") is None


@pytest.mark.parametrize("name", ["places", "boundaries", "resources"])
def test_paging_gives_every_feature_once_and_leads_back(read, name):
    path, seen = f"collections/{name}/items?limit=2", []
    while path:
        document = read(path).json()
        seen += [feature["id"] for feature in document["features"]]
        last, path = document, (href(document, "next") or "").removeprefix("http://testserver/p/contoh-2022/ogc/")
    assert len(seen) == len(set(seen)) == document["numberMatched"]
    assert "offset=" in href(last, "prev")


def test_the_links_of_a_page_keep_its_filters(read):
    document = read("collections/resources/items", capital="natural", limit=3).json()
    assert document["numberMatched"] == 4
    assert "capital=natural" in href(document, "next")


@pytest.mark.parametrize("name", ["places", "boundaries", "resources"])
def test_a_feature_is_found_by_its_id(read, name):
    first = read(f"collections/{name}/items", limit=1).json()["features"][0]
    response = read(f"collections/{name}/items/{first['id']}")
    assert response["Content-Type"] == "application/geo+json"
    assert {key: response.json()[key] for key in first} == first
    assert href(response.json(), "collection").endswith(f"/collections/{name}")


@pytest.mark.parametrize(
    ("name", "box", "found"),
    [
        ("places", "106,-3,107,-2", ["19.71.01", "19.71.01.1004"]),
        ("places", "107,-3,-170,-2", ["19.71.01.1005"]),  # over the antimeridian
        ("places", "106,-3,0,107,-2,100", ["19.71.01", "19.71.01.1004"]),  # with heights
        ("boundaries", "106.15,-2.15,106.16,-2.14", ["19.71.01.1004"]),
        ("resources", "106.11,-2.13,106.11,-2.13", ["RES-1", "RES-2", "RES-3", "RES-4", "RES-5"]),
        ("resources", "0,0,1,1", []),
    ],
)
def test_a_box_chooses_what_lies_in_it(read, name, box, found):
    assert set(found) <= set(codes(read(f"collections/{name}/items", bbox=box)))
    assert name == "boundaries" or codes(read(f"collections/{name}/items", bbox=box)) == found


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ("2022-08-02", ["RES-2"]),
        ("2022-08-02T12:00:00Z", ["RES-2"]),
        ("2022-08-04/..", ["RES-4", "RES-5"]),
        ("/2022-08-01", ["RES-1"]),
        ("2022-08-02/2022-08-03", ["RES-2", "RES-3"]),
    ],
)
def test_a_time_chooses_the_resources_of_those_days_and_all_of_what_has_none(read, days, found):
    assert codes(read("collections/resources/items", datetime=days)) == found
    assert read("collections/places/items", datetime=days).json()["numberMatched"] == 3


@pytest.mark.parametrize(
    ("name", "values", "count"),
    [
        ("places", {"level": "district"}, 1),
        ("places", {"part_of": "19.71.01"}, 2),
        ("boundaries", {"outline": "boundary"}, 1),
        ("resources", {"capital": "human"}, 1),
        ("resources", {"place": "19.71.01.1004", "capital": "natural"}, 4),
    ],
)
def test_properties_choose_too(read, name, values, count):
    assert read(f"collections/{name}/items", **values).json()["numberMatched"] == count


@pytest.mark.parametrize(
    "parameters",
    [
        {"limit": "0"}, {"limit": "-1"}, {"limit": "x"}, {"limit": "²"}, {"offset": "-1"}, {"bbox": "1,2,3"},
        {"bbox": "a,b,c,d"},
        {"bbox": "106,-2,107,-3"}, {"bbox": "106,nan,107,inf"}, {"datetime": "yesterday"}, {"datetime": ".."},
        {"datetime": "../.."}, {"datetime": "2022-08-05/2022-08-01"}, {"datetime": "a/b/c"}, {"capital": "magic"},
        {"unknown": "1"}, {"level": "district"}, {"f": "xml"},
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_read_is_answered_in_json(read, parameters):
    response = read("collections/resources/items", status=400, **parameters)
    assert response["Content-Type"] == "application/json"
    assert response.json()["code"] == "InvalidParameterValue"


def test_more_than_a_page_may_hold_is_a_full_page(read):
    assert read("collections/resources/items", limit=999999).json()["numberReturned"] == 5


@pytest.mark.parametrize(
    "path", ["collections/people", "collections/people/items", "collections/places/items/99", "collections/x/items/1"]
)
def test_what_is_not_there_is_answered_in_json(read, path):
    assert read(path, status=404).json()["code"] == "NotFound"


def test_nothing_can_be_written(rows, ani, client_of):
    response = client_of(ani).post("/p/contoh-2022/ogc/collections/places/items")
    assert response.status_code == 405
    assert response.json()["code"] == "MethodNotAllowed"


def test_approximate_cells_say_so(read):
    by_code = {f["id"]: f["properties"] for f in read("collections/boundaries/items").json()["features"]}
    assert by_code["19.71.01.1004"]["approximate"] is False
    assert by_code["19.71.01.1005"]["approximate"] is True


def test_the_definition_names_every_path_and_parameter(read):
    document = read("api").json()
    assert document["openapi"].startswith("3.0")
    for path in document["paths"]:
        read(path.lstrip("/").replace("{featureId}", "RES-1" if "resources" in path else "19.71.01"))
    names = {one["name"] for one in document["paths"]["/collections/resources/items"]["get"]["parameters"]}
    assert names == {"f", "limit", "offset", "bbox", "datetime", "capital", "place"}
    operations = [path["get"]["operationId"] for path in document["paths"].values()]
    assert len(operations) == len(set(operations))


def test_addresses_are_those_under_which_everybody_reaches_it(read, settings):
    settings.PUBLIC_ADDRESS = "https://kawasan.example"
    document = read("collections/places/items", limit=1).json()
    assert href(document, "next").startswith("https://kawasan.example/p/contoh-2022/ogc/collections/places/items?")


def test_a_person_sees_how_to_open_it_in_qgis(rows, dewi, client_of):
    shown = client_of(dewi).get("/p/contoh-2022/ogc/", headers={"accept": "text/html,*/*;q=0.8"}).content.decode()
    assert "<code>http://testserver/p/contoh-2022/ogc/</code>" in shown


def with_key(secret, *, basic=True):
    token = base64.b64encode(f"dewi:{secret}".encode()).decode()
    return {"Authorization": f"Basic {token}" if basic else f"Bearer {secret}"}


def test_without_a_key_a_program_is_asked_for_one_and_a_person_to_sign_in(rows):
    program = Client().get("/p/contoh-2022/ogc/collections")
    assert program.status_code == 401
    assert program["WWW-Authenticate"].startswith("Basic")
    assert program.json()["code"] == "Unauthorized"
    assert Client().get("/p/contoh-2022/ogc/", headers={"accept": "text/html"}).status_code == 302


@pytest.mark.parametrize("basic", [True, False])
def test_a_key_opens_the_endpoint_and_nothing_else(rows, dewi, basic):
    secret = programmes.make_key(programme=rows, name="QGIS", by=dewi)
    headers = with_key(secret, basic=basic)
    assert Client().get("/p/contoh-2022/ogc/collections", headers=headers).status_code == 200
    assert Client().get("/p/contoh-2022/area/", headers=headers).status_code == 302
    assert not AccessKey.objects.filter(digest=secret).exists(), "the key itself is not stored"


@pytest.mark.parametrize(
    "headers", [with_key("wrong"), {"Authorization": "Basic ?"}, {"Authorization": "Bearer "}, {"Authorization": "x"}]
)
def test_a_wrong_key_opens_nothing(rows, headers):
    assert Client().get("/p/contoh-2022/ogc/collections", headers=headers).status_code == 401


def test_a_key_ends_when_it_is_taken_back_or_its_owner_loses_the_role(rows, dewi, cast):
    first, second = (programmes.make_key(programme=rows, name="QGIS", by=dewi) for _n in range(2))
    programmes.revoke_key(key=AccessKey.objects.order_by("pk")[0], by=dewi)
    assert Client().get("/p/contoh-2022/ogc/collections", headers=with_key(first)).status_code == 401
    dewi.memberships.all().delete()
    assert Client().get("/p/contoh-2022/ogc/collections", headers=with_key(second)).status_code == 404


def test_a_key_opens_no_other_programme(rows, other_programme, dewi):
    secret = programmes.make_key(programme=rows, name="QGIS", by=dewi)
    assert Client().get("/p/lain-2022/ogc/collections", headers=with_key(secret)).status_code == 401


def test_a_key_is_made_and_shown_once_and_taken_back_by_its_owner(rows, dewi, eko, client_of):
    page = reverse("programmes:keys", args=["contoh-2022"])
    made = client_of(dewi).post(page, {"name": "QGIS"})
    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert secret not in client_of(dewi).get(page).content.decode()
    revoke = reverse("programmes:revoke_key", args=["contoh-2022", AccessKey.objects.get().pk])
    assert client_of(eko).post(revoke).status_code == 404
    assert client_of(dewi).post(revoke).status_code == 302
    assert [entry.verb for entry in LogEntry.objects.order_by("sequence")][-2:] == [
        "programmes.key_made",
        "programmes.key_revoked",
    ]
    assert [fault for fault in verify_log() if "AccessKey" in str(fault)] == []
    assert secret not in json.dumps(list(LogEntry.objects.values_list("data", flat=True)))


def test_a_page_takes_the_same_few_queries_with_ten_times_the_rows(
    rows, dewi, client_of, django_assert_max_num_queries
):
    client = client_of(dewi)
    for name in ("places", "boundaries", "resources"):
        with django_assert_max_num_queries(8):
            client.get(f"/p/contoh-2022/ogc/collections/{name}/items")
