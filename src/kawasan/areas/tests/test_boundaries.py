"""From the file to the rows: nothing is stored before it is confirmed, and everything in one step."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kawasan.areas import queries, services
from kawasan.areas.models import Boundary
from kawasan.areas.shapes import shapes
from kawasan.areas.tests import factories
from kawasan.areas.tests.test_boundary_file import BAD, BOW_TIE, collection, feature, ring
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.core.services import verify_log

pytestmark = pytest.mark.django_db
GOOD = collection(feature("19.71.01.1001"), feature("19.71.01.1002", ring(106.11)))
EAST = {"longitude": 106.115, "latitude": -2.105}


def address(name):
    return reverse(f"areas:{name}", args=["contoh-2022"])


@pytest.fixture
def places(programme):
    district = factories.place(programme, "19.71.01", level="district", name="Bukit Intan")
    factories.place(programme, "19.71.01.1001", name="Bacang", parent=district, longitude=106.105, latitude=-2.105)
    factories.place(programme, "19.71.01.1002", name="Temberan", parent=district, **EAST)
    return programme


def upload(client, content, **more):
    file = SimpleUploadedFile("batas.geojson", content, content_type="application/geo+json")
    return client.post(address("boundaries"), {"file": file, "source": "Bappeda 2022", **more})


def confirm(client, preview):
    return client.post(address("store_boundaries"), preview.context["confirm"].initial)


def store(programme, **changes):
    given = {
        "outlines": {"19.71.01.1001": factories.SQUARE},
        "levels": ("village",),
        "source": "Bappeda 2022",
        "seen": queries.boundaries_hash(programme),
        "by": None,
    }
    services.replace_boundaries(programme=programme, **(given | changes))


def test_a_file_is_shown_first_and_stored_when_confirmed(places, ani, client_of):
    preview = upload(client_of(ani), GOOD)
    assert "Nothing is stored yet" in preview.content.decode()
    assert "<svg" in preview.content.decode()
    assert Boundary.objects.count() == 0
    assert confirm(client_of(ani), preview).status_code == 302
    assert {(b.place.name, b.source) for b in Boundary.objects.select_related("place")} == {
        ("Bacang", "Bappeda 2022"),
        ("Temberan", "Bappeda 2022"),
    }
    assert LogEntry.objects.get(verb="areas.boundaries_replaced").by == ani


@pytest.mark.parametrize(("content", "sentence"), BAD, ids=[sentence for _content, sentence in BAD])
def test_the_page_answers_every_bad_file_with_its_sentence(places, ani, client_of, content, sentence):
    response = upload(client_of(ani), content)
    assert response.status_code == 200
    assert sentence in response.content.decode().replace("&#x27;", "'")
    assert Boundary.objects.count() == 0


def test_a_file_of_twenty_megabytes_is_refused_by_its_size(places, ani, client_of):
    shown = upload(client_of(ani), b" " * 20_000_000).content.decode()
    assert "The file has 20 MB; at most 5 MB are read." in shown
    assert 'value="Bappeda 2022"' in shown, "what was typed is not lost"


def test_all_boundaries_of_the_levels_are_replaced_and_others_stay(places):
    store(places, outlines={"19.71.01": factories.SQUARE}, levels=("district",))
    store(places)
    store(places, outlines={"19.71.01.1002": factories.SQUARE})
    assert {b.place.code for b in Boundary.objects.select_related("place")} == {"19.71.01", "19.71.01.1002"}


def test_the_log_covers_the_rows_that_were_replaced_and_removed(places):
    store(places)
    store(places, outlines={"19.71.01.1002": factories.SQUARE})
    assert [fault for fault in verify_log() if "oundary" in str(fault)] == []
    services.remove_boundaries(programme=places, seen=queries.boundaries_hash(places), by=None)
    assert [fault for fault in verify_log() if "oundary" in str(fault)] == []
    assert Boundary.objects.count() == 0


def test_whoever_saw_older_boundaries_is_refused(places):
    seen = queries.boundaries_hash(places)
    store(places)
    with pytest.raises(Refused, match="Somebody else changed the boundaries"):
        store(places, seen=seen)
    with pytest.raises(Refused, match="Somebody else changed the boundaries"):
        services.remove_boundaries(programme=places, seen=seen, by=None)


def test_outlines_that_were_changed_on_the_way_are_not_stored(places, ani, client_of):
    preview = upload(client_of(ani), GOOD)
    sent = preview.context["confirm"].initial | {"outlines": collection(feature("19.71.01.1001", ring(20))).decode()}
    shown = client_of(ani).post(address("store_boundaries"), sent, follow=True).content.decode()
    assert "came back changed and were not stored" in shown
    assert Boundary.objects.count() == 0


def test_places_of_another_programme_get_no_boundary(places, other_programme, ani, client_of):
    factories.place(other_programme, "19.72.01.1001", longitude=106.105, latitude=-2.105)
    shown = upload(client_of(ani), collection(feature("19.72.01.1001"))).content.decode()
    assert "No property of the outlines holds codes" in shown


def test_the_present_boundaries_can_be_taken_and_brought_back(places, ani, client_of):
    """To undo an upload is to upload the earlier file."""
    confirm(client_of(ani), upload(client_of(ani), GOOD))
    before = {b.place.code: b.geometry for b in Boundary.objects.select_related("place")}
    taken = client_of(ani).get(address("boundaries_geojson")).content
    services.remove_boundaries(programme=places, seen=queries.boundaries_hash(places), by=None)
    confirm(client_of(ani), upload(client_of(ani), taken))
    assert {b.place.code: b.geometry for b in Boundary.objects.select_related("place")} == before


def known_by(programme):
    every = list(programme.places.all())
    return {p.code: str(s.known_by) for p in every for pk, s in shapes(programme, every).items() if pk == p.pk}


def test_without_boundaries_places_have_approximate_cells_within_their_parent(places):
    assert known_by(places) == {"19.71.01": "cell", "19.71.01.1001": "cell", "19.71.01.1002": "cell"}
    every = list(places.places.all())
    found = shapes(places, every)
    whole, one, two = (found[place.pk].outline for place in every)
    assert one.area + two.area == pytest.approx(whole.area)


def test_a_place_whose_parts_are_known_is_put_together_and_a_missing_part_gets_what_is_left(places):
    store(places, outlines={"19.71.01": factories.SQUARE}, levels=("district",))
    store(places)
    assert known_by(places) == {"19.71.01": "boundary", "19.71.01.1001": "boundary"}, "nothing of it is left"
    store(places, outlines={"19.71.01.1001": feature("", ring(106.1))["geometry"]})
    assert known_by(places)["19.71.01.1002"] == "cell"


def test_a_boundary_from_a_folder_that_crosses_itself_does_not_break_the_map(places, ani, client_of):
    tie = {"type": "Polygon", "coordinates": [BOW_TIE]}
    Boundary.objects.create(programme=places, place=places.places.get(name="Bacang"), geometry=tie, source="synthetic")
    assert client_of(ani).get(address("geojson")).status_code == 200
