"""The map over all stages: who sees what of it, on the page, on paper and as files."""

import csv
import datetime
import io
import json

import pypdf
import pytest
from django.urls import reverse
from django.utils.translation import override

from kawasan.applicants.tests import factories as applicants
from kawasan.areas.tests import factories as areas
from kawasan.matching.models import Mentor
from kawasan.partners.models import Organisation
from kawasan.programmes.rules import Role
from kawasan.reports import atlas as atlases
from kawasan.reports.atlas import Figure, Layer
from kawasan.value_chain.models import Commodity, Demand

pytestmark = pytest.mark.django_db
HOSTILE = "=1+1 </script><script>alert(1)</script>"
PAGES = ("map", "map_pdf")


def address(name, *args):
    return reverse(f"reports:{name}", args=["contoh-2022", *args])


def text_of(response):
    return response.content.decode()


@pytest.fixture
def rows(programme):
    """A kecamatan with three kelurahan, from which 3, 9 and 12 people applied; a mentor and a buyer in the first."""
    district = areas.place(programme, "19.71.01", level="district", name="Bukit Intan", population=1000)
    villages = [
        areas.place(
            programme, f"19.71.01.100{n}", name=name, parent=district, population=500, longitude=106.1 + n / 100
        )
        for n, name in enumerate(("Bacang", "Temberan", "Air Itam"), start=1)
    ]
    for village, numbers in zip(villages, (range(3), range(3, 12), range(12, 24)), strict=True):
        for number in numbers:
            applicants.applicant(programme, number, of=applicants.person(programme, number, place=village))
    areas.resource(villages[0], sustainable_yield=500, used=450)
    organisation = Organisation.objects.create(
        programme=programme, code="ORG-1", name=HOSTILE, kind="company", role="offtaker", source="synthetic"
    )
    Mentor.objects.create(
        programme=programme, code="M1", name="Rizki", sex="male", organisation=organisation, fields="kuliner",
        place=villages[0], most_groups=2, most_people=20, source="synthetic",
    )  # fmt: skip
    _demand(programme, organisation, villages[0])
    return villages


def _demand(programme, organisation, place):
    commodity = Commodity.objects.create(programme=programme, code="KOM-1", name="Telur", unit="kg", source="synthetic")
    day = datetime.date(2022, 1, 1)
    Demand.objects.create(
        programme=programme, code="DEM-1", offtaker=organisation, commodity=commodity, place=place, price_idr=1,
        quantity_per_month=1, firmness="wish", valid_from=day, valid_to=day, source="synthetic",
    )  # fmt: skip


def shown_to(programme, *roles, figure=Figure.APPLICANTS):
    found = atlases.atlas(programme, level="village", roles=roles)
    with override("en"):
        return {row.place.name: row.cells[figure].words(figure) for row in found.rows}


def test_the_office_sees_every_count(programme, rows):
    assert shown_to(programme, Role.PLANNER) == {"Bacang": "3", "Temberan": "9", "Air Itam": "12"}


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.PARTICIPANT, Role.MENTOR, Role.MINISTRY])
def test_others_see_small_counts_as_such_and_not_what_would_give_them_away(programme, rows, role):
    hidden = "withheld"
    assert shown_to(programme, role) == {"Bacang": "<5", "Temberan": hidden, "Air Itam": "12"}
    rates = shown_to(programme, role, figure=Figure.APPLICANTS_PER_1000)
    assert rates == {"Bacang": hidden, "Temberan": hidden, "Air Itam": "24"}


def test_figures_of_a_kecamatan_hold_those_of_its_kelurahan(programme, rows):
    found = atlases.atlas(programme, level="district", roles=[Role.MANAGER])
    (row,) = found.rows
    values = {figure: cell.value for figure, cell in row.cells.items()}
    assert values[Figure.APPLICANTS] == 24
    assert values[Figure.APPLICANTS_PER_1000] == 24
    assert values[Figure.RESOURCES] == 1
    assert values[Figure.HEAD_ROOM] == pytest.approx(10)  # 50 of 500 kg are left


@pytest.mark.parametrize(("role", "sees"), [(Role.MENTOR, True), (Role.MINISTRY, True), (Role.PUBLIC, False)])
def test_who_is_named_is_named_to_the_team_only(programme, rows, role, sees):
    found = atlases.atlas(programme, level="village", roles=[role])
    assert ("Rizki" in {name for spot in found.spots for name in spot.names}) is sees
    assert (Layer.MENTORS in found.layers) is sees


def test_everybody_in_the_programme_opens_the_map_and_nobody_else(rows, dewi, eko, fajar, client_of):
    for name in PAGES:
        assert client_of(dewi).get(address(name)).status_code == 200
        assert client_of(eko).get(address(name)).status_code == 200
        assert client_of(fajar).get(address(name)).status_code == 404


def test_a_participant_gets_a_picture_and_the_heavy_map_when_asking_for_it(rows, dewi, client_of):
    light, heavy = (text_of(client_of(dewi).get(address("map") + query)) for query in ("", "?show=map"))
    assert "<svg" in light
    assert "Show the map to move in" in light
    assert 'id="map-data"' not in light
    assert 'id="map-data"' in heavy


def test_the_page_tells_in_a_table_what_the_map_shows(rows, ani, client_of):
    shown = text_of(client_of(ani).get(address("map"), {"figure": "applicants", "layer": ["mentors", "natural"]}))
    assert "Applicants by Village (kelurahan), Contoh" in shown
    assert "Natural capital:</span> Resource RES-1" in shown
    assert "Mentors:</span> Rizki" in shown
    assert "Dashed: an approximate cell" in shown


def test_what_an_address_asks_for_in_vain_is_left_out(rows, ani, client_of):
    response = client_of(ani).get(address("map"), {"figure": "x", "level": "x", "layer": "x", "page": "x"})
    assert response.status_code == 200


def test_names_with_markup_are_shown_as_text(rows, ani, client_of):
    shown = text_of(client_of(ani).get(address("map"), {"figure": "population", "layer": "offtakers"}))
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert(1)" not in shown


@pytest.mark.parametrize(("paper", "width"), [("a4", 595), ("a3", 842)])
def test_the_map_comes_as_pdf_with_its_legend_scale_sources_and_date(rows, ani, client_of, paper, width):
    response = client_of(ani).get(address("map_pdf"), {"figure": "applicants", "layer": "mentors", "paper": paper})
    assert response["Content-Type"] == "application/pdf"
    page = pypdf.PdfReader(io.BytesIO(response.content)).pages[0]
    assert round(page.mediabox.width) == width
    words = " ".join(page.extract_text().split())
    for part in ("Applicants by Village", "Contoh 2022", "Dashed: an approximate cell", "Sources: synthetic", "500 m"):
        assert part in words
    assert "1 December 2022" in words or "December 1, 2022" in words
    assert len(pypdf.PdfReader(io.BytesIO(response.content)).pages) == 1


def test_a_programme_without_places_has_a_page_and_a_sheet_that_say_so(programme, ani, client_of):
    assert "No places yet" in text_of(client_of(ani).get(address("map")))
    assert client_of(ani).get(address("map_pdf")).status_code == 200


@pytest.mark.parametrize("layer", ["places", "resources", "offtakers", "enterprises", "mentors"])
def test_each_layer_comes_as_geojson_and_csv_of_the_same_rows(rows, ani, client_of, layer):
    taken = client_of(ani).get(address("map_geojson", layer))
    table = client_of(ani).get(address("map_csv", layer))
    assert taken["Content-Type"] == "application/geo+json"
    lines = list(csv.DictReader(io.StringIO(text_of(table))))
    features = json.loads(taken.content)["features"]
    assert [line["code"] for line in lines] == [feature["properties"]["code"] for feature in features]
    assert all(float(line["longitude"]) > 100 for line in lines)


@pytest.mark.parametrize(("layer", "status"), [("mentors", 403), ("enterprises", 403), ("places", 200), ("x", 404)])
def test_a_participant_takes_only_what_names_nobody(rows, dewi, client_of, layer, status):
    for name in ("map_geojson", "map_csv"):
        assert client_of(dewi).get(address(name, layer)).status_code == status


def test_files_withhold_what_the_page_withholds(rows, dewi, client_of):
    lines = list(csv.DictReader(io.StringIO(text_of(client_of(dewi).get(address("map_csv", "places"))))))
    assert [line["applicants"] for line in lines] == ["<5", "withheld", "12"]


def test_a_name_that_a_spreadsheet_would_compute_is_marked_as_text(rows, ani, client_of):
    (line,) = csv.DictReader(io.StringIO(text_of(client_of(ani).get(address("map_csv", "offtakers")))))
    assert line["name"].startswith("'=1+1")


def test_pages_take_the_same_few_queries_with_ten_times_the_rows(
    rows, programme, ani, client_of, django_assert_max_num_queries
):
    client = client_of(ani)

    def queries():
        with django_assert_max_num_queries(12) as counted:
            assert client.get(address("map")).status_code == 200
        return len(counted)

    few = queries()
    for number in range(30):
        place = areas.place(programme, f"19.71.03.{number}", longitude=106 + number / 100)
        areas.resource(place, f"MORE-{number}")
        applicants.applicant(programme, 100 + number, of=applicants.person(programme, 100 + number, place=place))
    assert queries() == few
