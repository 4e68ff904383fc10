import json
import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from kawasan.areas.models import Resource
from kawasan.areas.tests import factories

pytestmark = pytest.mark.django_db
PAGES = ("area", "resources", "geojson")
ANSWERS = {
    "name": "Kambing",
    "code": "RES-9",
    "capital": "natural",
    "quantity": "500",
    "unit": "ekor",
    "as_of": "2022-08-01",
    "source": "synthetic",
}


def address(name, *args):
    return reverse(f"areas:{name}", args=["contoh-2022", *args])


def text_of(response):
    return response.content.decode()


@pytest.fixture
def rows(programme):
    """A district with two villages, one with an outline; a resource, sectors and indicators."""
    district = factories.place(programme, "19.71.01", level="district", name="Bukit Intan")
    village = factories.place(programme, "19.71.01.1004", name="Semabung Lama", parent=district)
    factories.place(programme, "19.71.02.1001", name="Opas Indah")
    factories.boundary(village)
    factories.resource(village, sustainable_yield=500, used=450)
    factories.sector_share(programme, "G", 2021, 24.58, 14.74)
    factories.sector_share(programme, "A", 2021, None, 19.66)
    factories.indicator(programme, "AST-1", value=80)
    factories.indicator(programme, "AST-2", capital="human", value=None)
    return village


def test_everybody_in_the_programme_reads_and_nobody_else(rows, dewi, eko, fajar, client_of):
    for name in PAGES:
        assert client_of(dewi).get(address(name)).status_code == 200
        assert client_of(eko).get(address(name)).status_code == 200
        assert client_of(fajar).get(address(name)).status_code == 404


def test_only_manager_and_planner_write(rows, cast, client_of):
    for page in (address("add_resource"), address("change_resource", "RES-1")):
        assert client_of(cast["ani"]).get(page).status_code == 200
        assert client_of(cast["gita"]).get(page).status_code == 200
        assert client_of(cast["budi"]).get(page).status_code == 403
        assert client_of(cast["fajar"]).get(page).status_code == 404


def test_the_area_page_shows_quotients_scores_and_their_sources(rows, ani, client_of):
    shown = text_of(client_of(ani).get(address("area")))
    assert "<strong>1.67</strong>" in shown
    assert "BPS 2021" in shown
    assert "Natural capital 80, Human capital unknown, Physical capital unknown" in shown
    assert "Resources that run short: 1." in shown


def test_an_empty_area_says_what_to_do(programme, ani, client_of):
    shown = text_of(client_of(ani).get(address("area")))
    assert "Enter the places of the area in places.csv" in shown
    assert "No capital can be scored yet" in shown
    assert "No sector figures yet" in shown


def test_shares_that_add_up_to_more_than_the_whole_are_said(rows, programme, ani, client_of):
    factories.sector_share(programme, "F", 2021, 80.0, 9.67)
    shown = text_of(client_of(ani).get(address("area")))
    assert "The sector shares of 2021 in the area add up to 104.58 %." in shown


def test_a_resource_shows_its_head_room_and_that_it_runs_short(rows, ani, client_of):
    shown = text_of(client_of(ani).get(address("resources")))
    assert "50 kg" in shown
    assert "90 % of the yield is used." in shown


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, 1),
        ({"capital": "natural"}, 1),
        ({"capital": "human"}, 0),
        ({"capital": "magic"}, 1),
        ({"place": "19.71.01.1004"}, 1),
        ({"place": "19.71.01"}, 1),
        ({"place": "19.71.02.1001"}, 0),
    ],
)
def test_resources_are_filtered_by_capital_and_by_place_with_its_parts(rows, ani, client_of, filters, found):
    assert len(client_of(ani).get(address("resources"), filters).context["page"]) == found


@pytest.mark.parametrize(
    ("language", "entered", "shown"),
    [("en", "tenaga kerja", "workforce"), ("id", "tenaga kerja", "tenaga kerja"), ("en", "madu hutan", "madu hutan")],
)
def test_a_known_kind_of_resource_is_shown_in_the_readers_language(rows, language, entered, shown):
    found = factories.resource(rows, "RES-2", kind=entered)
    with override(language):
        assert found.kind_in_words == shown


def test_the_kind_on_the_page_is_in_english_and_money_is_rupiah(rows, ani, client_of):
    factories.resource(rows, "RES-2", kind="kredit", quantity=61000000, unit="Rp")
    shown = text_of(client_of(ani).get(address("resources")))
    assert "· credit<" in shown
    assert "Rp61,000,000<" in shown


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_area_page_of_a_regency_says_nothing_of_a_city(rows, programme, ani, client_of, language):
    programme.area_name = "Kabupaten Contoh"
    programme.save()
    rows.name = "Kecamatan Contoh"
    rows.save()
    shown = text_of(client_of(ani).get(address("area"), headers={"accept-language": language}))
    assert not re.search(r"\b(city|kota)\b", shown, re.IGNORECASE)


def test_a_resource_is_added_and_changed(rows, ani, client_of):
    assert client_of(ani).post(address("add_resource"), ANSWERS | {"place": rows.pk}).status_code == 302
    client_of(ani).post(address("change_resource", "RES-9"), ANSWERS | {"place": rows.pk, "used": "20"})
    assert Resource.objects.get(code="RES-9").used == 20


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": "RES-1"}, "This code is used already. Choose another."),
        ({"latitude": "-2.1"}, "Enter latitude and longitude together, or neither."),
        ({"quantity": "-1"}, "greater than or equal to 0"),
    ],
)
def test_an_answer_that_cannot_be_stored_is_said_in_the_form(rows, ani, client_of, change, sentence):
    response = client_of(ani).post(address("add_resource"), ANSWERS | {"place": rows.pk} | change)
    assert sentence in text_of(response)
    assert Resource.objects.count() == 1


def test_a_place_of_another_programme_cannot_be_chosen(rows, other_programme, ani, client_of):
    stranger = factories.place(other_programme, "19.72")
    assert client_of(ani).post(address("add_resource"), ANSWERS | {"place": stranger.pk}).status_code == 200
    assert Resource.objects.count() == 1


def test_the_geojson_holds_outlines_centres_and_resources(rows, other_programme, ani, client_of):
    factories.resource(factories.place(other_programme, "19.72"), "RES-X")
    response = client_of(ani).get(address("geojson"))
    assert response["Content-Type"] == "application/geo+json"
    assert response["Content-Disposition"] == 'attachment; filename="contoh-2022.geojson"'
    features = {f["properties"]["code"]: f for f in json.loads(response.content)["features"]}
    known_by = {code: f["properties"].get("outline") for code, f in features.items()}
    assert known_by == {"19.71.01": "parts", "19.71.01.1004": "boundary", "19.71.02.1001": "cell", "RES-1": None}
    assert features["19.71.01.1004"]["geometry"] == factories.SQUARE
    assert features["RES-1"]["geometry"] == {"type": "Point", "coordinates": [106.11, -2.13]}
    assert [code for code, f in features.items() if f["properties"].get("approximate")] == ["19.71.02.1001"]


def test_a_resource_with_a_position_of_its_own_stands_there(rows, ani, client_of):
    factories.resource(rows, "RES-2", latitude=-2.2, longitude=106.2)
    features = client_of(ani).get(address("geojson")).json()["features"]
    (found,) = (f for f in features if f["properties"]["code"] == "RES-2")
    assert found["geometry"]["coordinates"] == [106.2, -2.2]
    assert found["properties"]["head_room"] is None


def test_names_with_markup_are_shown_as_text(rows, ani, client_of):
    factories.resource(rows, "RES-2", name="</script><script>alert(1)</script>", name_en="")
    assert "<script>alert(1)" not in text_of(client_of(ani).get(address("resources")))


def queries_of(client, page, django_assert_max_num_queries):
    with django_assert_max_num_queries(12) as counted:
        assert client.get(page).status_code == 200
    return len(counted)


def test_pages_take_the_same_few_queries_with_ten_times_the_rows(
    rows, programme, ani, client_of, django_assert_max_num_queries
):
    client, pages = client_of(ani), [address(name) for name in PAGES]
    few = [queries_of(client, page, django_assert_max_num_queries) for page in pages]
    for number in range(30):
        place = factories.place(programme, f"19.71.03.{number}", parent=rows)
        factories.boundary(place)
        factories.resource(place, f"MORE-{number}")
        factories.indicator(programme, f"MORE-{number}")
        factories.sector_share(programme, "G", 1990 + number, 20, 20)
    assert [queries_of(client, page, django_assert_max_num_queries) for page in pages] == few
