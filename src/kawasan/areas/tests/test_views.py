import json
import re
from io import BytesIO

import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from kawasan.areas.models import Resource
from kawasan.areas.tests import factories

pytestmark = pytest.mark.django_db
PAGES = ("area", "resources", "potential", "assets", "kinds", "geojson")
ANSWERS = {
    "name": "Kambing",
    "code": "RES-9",
    "quantity": "500",
    "unit": "kg",
    "period": "year",
    "as_of": "2022-08-01",
    "source": "synthetic",
}


def address(name, *args):
    return reverse(f"areas:{name}", args=["contoh-2022", *args])


def answers(place):
    return ANSWERS | {"place": place.pk, "kind": factories.kind(place.programme).pk}


def text_of(response):
    return response.content.decode()


@pytest.fixture
def rows(programme):
    """A district with two villages, one with an outline; a resource, sectors and indicators."""
    whole = factories.whole(programme)
    district = factories.place(programme, "19.71.01", level="district", name="Bukit Intan", parent=whole)
    village = factories.place(programme, "19.71.01.1004", name="Semabung Lama", parent=district)
    factories.place(programme, "19.71.02.1001", name="Opas Indah")
    factories.boundary(village)
    factories.resource(village, sustainable_yield=500, used=450)
    factories.figure(programme, "G", 2021, 24.58, 14.74)
    factories.figure(programme, "A", 2021, None, 19.66)
    for year, here, there in ((2019, 400, 9000), (2022, 500, 9500)):
        factories.figure(programme, "G", year, here / 4, there / 8, basis="employment")
        factories.figure(programme, "TOTAL", year, here, there, basis="employment")
    factories.indicator(programme, "AST-1", value=80)
    factories.indicator(programme, "AST-2", capital="human", value=None)
    return village


def test_everybody_in_the_programme_reads_and_nobody_else(rows, dewi, eko, fajar, client_of):
    for name in PAGES:
        assert client_of(dewi).get(address(name)).status_code == 200
        assert client_of(eko).get(address(name)).status_code == 200
        assert client_of(fajar).get(address(name)).status_code == 404


def test_only_manager_and_planner_write(rows, cast, client_of):
    of_resource = [
        address(name, "RES-1") for name in ("change_resource", "remove_resource", "set_photo", "remove_photo")
    ]
    of_kind = [address(name, "lahan") for name in ("change_kind", "remove_kind")]
    for page in (address("add_resource"), address("add_kind"), *of_resource, *of_kind):
        assert client_of(cast["ani"]).get(page).status_code == 200
        assert client_of(cast["gita"]).get(page).status_code == 200
        assert client_of(cast["budi"]).get(page).status_code == 403
        assert client_of(cast["fajar"]).get(page).status_code == 404


def test_the_area_page_shows_quotients_and_scores(rows, ani, client_of):
    shown = text_of(client_of(ani).get(address("area")))
    assert "1.67" in shown
    assert "Natural capital 80, Human capital unknown, Physical capital unknown" in shown
    assert "Resources that run short: 1." in shown


def test_an_empty_area_says_what_to_do(programme, ani, client_of):
    shown = text_of(client_of(ani).get(address("area")))
    assert "Enter the places of the area in places.csv" in shown
    assert "No capital can be scored yet" in shown
    assert "No sector figures yet" in shown


def test_shares_that_add_up_to_more_than_the_whole_are_said(rows, programme, ani, client_of):
    factories.figure(programme, "F", 2021, 80.0, 9.67)
    shown = text_of(client_of(ani).get(address("potential")))
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


def test_the_kind_on_the_page_is_in_english_and_money_is_rupiah(rows, programme, ani, client_of):
    credit = factories.kind(programme, "kredit", capital="financial", name="kredit", name_en="credit", unit="Rp")
    factories.resource(rows, "RES-2", kind=credit, quantity=61000000, unit="Rp")
    shown = text_of(client_of(ani).get(address("resources")))
    assert "Financial capital · credit" in shown
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
    assert client_of(ani).post(address("add_resource"), answers(rows) | {"place": rows.pk}).status_code == 302
    client_of(ani).post(address("change_resource", "RES-9"), answers(rows) | {"place": rows.pk, "used": "20"})
    assert Resource.objects.get(code="RES-9").used == 20


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": "RES-1"}, "This code is used already. Choose another."),
        ({"latitude": "-2.1"}, "Enter latitude and longitude together, or neither."),
        ({"quantity": "-1"}, "greater than or equal to 0"),
        ({"sustainable_yield": "-1"}, "greater than or equal to 0"),
        ({"sustainable_yield": "300", "unit": ""}, "Write the unit in which quantity, yield and use are given"),
        ({"used": "501"}, "More is used than there is; correct the quantity or the use."),
        ({"unit": "ekor"}, "is measured in kg; give the quantity in that, or choose another kind."),
    ],
)
def test_an_answer_that_cannot_be_stored_is_said_in_the_form(rows, ani, client_of, change, sentence):
    response = client_of(ani).post(address("add_resource"), answers(rows) | {"place": rows.pk} | change)
    assert sentence in text_of(response)
    assert Resource.objects.count() == 1


def test_a_place_of_another_programme_cannot_be_chosen(rows, other_programme, ani, client_of):
    stranger = factories.place(other_programme, "19.72")
    assert client_of(ani).post(address("add_resource"), answers(rows) | {"place": stranger.pk}).status_code == 200
    assert Resource.objects.count() == 1


def test_the_geojson_holds_outlines_centres_and_resources(rows, other_programme, ani, client_of):
    factories.resource(factories.place(other_programme, "19.72"), "RES-X")
    response = client_of(ani).get(address("geojson"))
    assert response["Content-Type"] == "application/geo+json"
    assert response["Content-Disposition"] == 'attachment; filename="contoh-2022.geojson"'
    features = {f["properties"]["code"]: f for f in json.loads(response.content)["features"]}
    known_by = {code: f["properties"].get("outline") for code, f in features.items()}
    outlines = {"19.71": "parts", "19.71.01": "parts", "19.71.01.1004": "boundary", "19.71.02.1001": "cell"}
    assert known_by == outlines | {"RES-1": None}
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
        factories.kind(programme, f"MORE-{number}")
        of = factories.indicator(programme, f"MORE-{number}")
        factories.asset_value(of, rows.parent, 2022, number)
        factories.figure(programme, "G", 1990 + number, 20, 20)
    assert [queries_of(client, page, django_assert_max_num_queries) for page in pages] == few


def test_the_pages_of_one_thing_take_few_queries(rows, ani, client_of, django_assert_max_num_queries):
    client = client_of(ani)
    for page in (address("resource", "RES-1"), address("sector", "G"), address("place_assets", "19.71", 2022)):
        queries_of(client, page, django_assert_max_num_queries)


def test_a_figure_leads_to_what_it_was_worked_out_from(rows, ani, client_of):
    client = client_of(ani)
    shown = text_of(client.get(address("potential")))
    assert 'href="/p/contoh-2022/area/potential/G/?basis=grdp_share&amp;end=2021#lq"' in shown
    worked = text_of(client.get(address("sector", "G"), {"basis": "grdp_share", "end": "2021"}))
    assert "(24.58 ÷ 100) ÷ (14.74 ÷ 100) = 1.67" in worked
    assert "BPS 2021" in worked


def test_the_reader_chooses_employment_and_sees_why_it_changed(rows, ani, client_of):
    shown = text_of(client_of(ani).get(address("potential"), {"basis": "employment"}))
    assert "Why it changed: shift-share" in shown
    assert "#allocation" in shown
    assert "cannot be computed from shares" not in shown
    assert "A share does not say" not in shown


def test_shares_say_what_they_cannot_tell(rows, programme, ani, client_of):
    factories.figure(programme, "G", 2018, 25.1, 14.9)
    shown = text_of(client_of(ani).get(address("potential")))
    assert "Shift-share and the growth quadrant cannot be computed from shares" in shown
    assert "Why it changed" not in shown


@pytest.mark.parametrize("query", ["?basis=x&start=y&end=z", "?start=²&end=9999999999999999999999", "?year=x&spread=x"])
def test_an_address_that_makes_no_sense_is_no_error(rows, ani, client_of, query):
    for name in ("potential", "assets"):
        assert client_of(ani).get(address(name) + query).status_code == 200


def test_an_unknown_sector_or_place_is_not_found(rows, ani, client_of):
    client = client_of(ani)
    for page in (address("sector", "Z"), address("place_assets", "19.71.01", 2022), address("place_assets", "9", 2022)):
        assert client.get(page).status_code == 404


def test_places_and_years_are_compared_side_by_side(rows, programme, ani, client_of):
    indicators = list(programme.asset_indicators.all())
    for year in (2021, 2022):
        factories.asset_value(indicators[0], rows.parent, year, 30)
    client = client_of(ani)
    both = text_of(client.get(address("assets"), {"compared": ["2021", "2022"]}))
    assert both.count("<figure") == 3
    one = text_of(client.get(address("assets"), {"compared": "2021", "place": "19.71.01"}))
    assert one.count("<figure") == 1
    assert "Not ranked, because a capital is unknown there: Bukit Intan" in " ".join(both.split())


def test_resources_are_searched_sorted_and_narrowed_to_what_runs_short(rows, programme, ani, client_of):
    factories.resource(rows, "RES-2", name="Kolam", owner="Koperasi", sustainable_yield=10, used=1)
    client = client_of(ani)

    def codes(**filters):
        return [r.code for r in client.get(address("resources"), filters).context["page"]]

    assert codes(q="koperasi") == codes(q="kolam") == ["RES-2"]
    assert codes(short="yes") == ["RES-1"]
    factories.resource(rows, "RES-3", sustainable_yield=0, used=0)
    assert codes(sort="left") == ["RES-1", "RES-2", "RES-3"]
    assert codes(kind="lahan", sort="name") == ["RES-2", "RES-1", "RES-3"]


def file_of(response):
    return b"".join(response.streaming_content)


def test_the_files_hold_what_the_list_shows(rows, ani, client_of):
    factories.resource(rows, "RES-2")
    client = client_of(ani)
    lines = file_of(client.get(address("resources"), {"q": "RES-2", "export": "csv"})).decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["code", "RES-2"]
    book = client.get(address("resources"), {"export": "xlsx"})
    assert book["Content-Disposition"] == 'attachment; filename="resources-contoh-2022.xlsx"'
    assert python_calamine.CalamineWorkbook.from_filelike(BytesIO(file_of(book))).get_sheet_by_index(0).height == 3


def upload(content, name="photo.jpg"):
    return SimpleUploadedFile(name, content, "image/jpeg")


def jpeg():
    written = BytesIO()
    Image.new("RGB", (40, 30), "red").save(written, "JPEG")
    return written.getvalue()


def test_a_photo_is_sent_shown_to_the_programme_and_removed(
    rows, ani, dewi, fajar, client_of, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        sent = client_of(ani).post(address("set_photo", "RES-1"), {"photo": upload(jpeg())})
    assert sent.status_code == 302
    shown = client_of(dewi).get(address("photo", "RES-1"))
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert client_of(fajar).get(address("photo", "RES-1")).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        client_of(ani).post(address("remove_photo", "RES-1"))
    assert client_of(dewi).get(address("photo", "RES-1")).status_code == 404


def test_what_is_no_photo_is_refused_with_a_sentence(rows, ani, client_of):
    response = client_of(ani).post(address("set_photo", "RES-1"), {"photo": upload(b"<svg onload=alert(1)>")})
    assert "This is not a photo that can be read." in text_of(response)
    assert Resource.objects.get().photo == ""


def test_a_resource_is_removed_after_being_asked(rows, ani, client_of):
    client = client_of(ani)
    assert "Remove “Resource RES-1”?" in text_of(client.get(address("remove_resource", "RES-1")))
    assert client.post(address("remove_resource", "RES-1")).status_code == 302
    assert not Resource.objects.exists()


def test_a_kind_in_use_is_not_removed_and_says_by_what(rows, ani, client_of):
    response = client_of(ani).post(address("remove_kind", "lahan"), {"form_key": "x"})
    assert "It is used by: Resource RES-1." in text_of(response)


def test_a_kind_is_added_through_its_page(rows, ani, client_of):
    given = {"code": "madu", "capital": "natural", "name": "madu", "unit": "kg"}
    assert client_of(ani).post(address("add_kind"), given).status_code == 302
    assert "madu" in text_of(client_of(ani).get(address("kinds")))


def test_only_the_office_sees_who_did_what_to_a_resource(rows, ani, dewi, client_of):
    client_of(ani).post(address("change_resource", "RES-1"), answers(rows) | {"owner": "Kelurahan Contoh"})
    assert "– → Kelurahan Contoh" in text_of(client_of(ani).get(address("resource", "RES-1")))
    assert "History" not in text_of(client_of(dewi).get(address("resource", "RES-1")))


def test_the_form_has_a_map_to_press_on_and_works_without_it(rows, ani, client_of):
    shown = text_of(client_of(ani).get(address("add_resource")))
    assert 'id="point-data"' in shown
    assert re.search(r'id="point" hidden', shown)
    assert 'name="latitude"' in shown
