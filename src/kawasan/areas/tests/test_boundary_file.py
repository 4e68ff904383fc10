"""Files as offices have them, good and bad: each fault has a sentence that says what to do."""

import json
from dataclasses import dataclass

import pytest

from kawasan.areas import boundary_file


@dataclass
class Spot:
    code: str
    name: str
    level: str = "village"
    latitude: float = -2.105
    longitude: float = 106.105
    area_km2: float | None = None


ONE, TWO = Spot("19.71.01.1001", "Bacang"), Spot("19.71.01.1002", "Temberan", longitude=106.115)
PLACES = (Spot("19.71.01", "Bukit Intan", "district"), ONE, TWO)


def ring(west, south=-2.11, side=0.01):
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(code, coordinates=None, **more):
    geometry = {"type": "Polygon", "coordinates": [coordinates or ring(106.1)]}
    return {"type": "Feature", "properties": {"kode": code, **more}, "geometry": geometry}


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


GOOD = (feature("19.71.01.1001"), feature("19.71.01.1002", ring(106.11)))


def read(content, **more):
    return boundary_file.read(content, PLACES, **more)


def said(reading, *, fault):
    return " | ".join(str(finding.text) for finding in reading.findings if finding.is_fault is fault)


def test_outlines_are_found_by_their_codes():
    reading = read(collection(*GOOD))
    assert reading.is_usable
    assert list(reading.outlines) == ["19.71.01.1001", "19.71.01.1002"]
    assert (reading.levels, reading.points) == (("village",), 10)
    assert said(reading, fault=False) == "The codes stand in “kode”."


@pytest.mark.parametrize("code", ["1971011001", 1971011001, 1971011001.0, " 19.71.01.1001 "])
def test_a_code_may_be_written_as_files_have_it(code):
    assert list(read(collection(feature(code))).outlines) == ["19.71.01.1001"]


def test_the_property_may_be_named_and_the_id_of_a_feature_counts():
    named = feature("x", ring(106.1), nomor="19.71.01.1001")
    assert read(collection(named), code_property="nomor").is_usable
    assert read(collection({**feature(None), "id": "19.71.01.1002"})).is_usable


BOW_TIE = [[106.1, -2.11], [106.11, -2.1], [106.11, -2.11], [106.1, -2.1], [106.1, -2.11]]
BAD = [
    (b"", "The file is empty."),
    (b"  \n", "The file is empty."),
    (b"PK\x03\x04rest", "ZIP archive or a shapefile"),
    (b'{"type": "FeatureCollection", "features": ["\xe9"]}', "not in UTF-8"),
    ('{"type": "FeatureCollection"}'.encode("utf-16"), "not in UTF-8"),
    (b'{"type": "FeatureCollection", "features": [', "line 1, column"),
    (b"[" * 200_000, "nested so deeply"),
    (b'{"a":' * 100_000, "nested so deeply"),
    (b'{"type": "FeatureCollection", "features": [NaN]}', "a number that is none"),
    (b'{"type": "FeatureCollection", "features": [' + b"9" * 5000 + b"]}", "a number that is none"),
    (b'{"type": "Topology", "objects": {}}', "TopoJSON"),
    (b"[1, 2]", "no GeoJSON FeatureCollection"),
    (b'{"type": "FeatureCollection", "features": {}}', "no GeoJSON FeatureCollection"),
    (b'{"type": "FeatureCollection", "features": [1]}', "no GeoJSON FeatureCollection"),
    (b'{"type": "FeatureCollection", "features": []}', "holds no outline"),
    (
        collection(*GOOD, crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32748"}}),
        "in urn:ogc:def:crs:EPSG::32748. Export it in EPSG:4326",
    ),
    (collection(feature("19.71.01.1001", ring(622_000.0, 9_764_000.0, 900))), "metres of a projection such as UTM"),
    (collection(feature("19.71.01.1001", [[10**400, 1]] * 4)), "metres of a projection"),
    (collection(feature("19.71.01.1001", ring(1.5, 95.0))), "Latitude and longitude are swapped"),
    (
        collection(feature("19.71.01.1001", [[y, x] for x, y in ring(106.1)])),
        "Latitude and longitude are swapped",
    ),
    (collection(feature("19.71.01.1001", ring(95.0, 5.0))), "km from the nearest place of the programme"),
    (collection(feature("31.71.01.1001")), "No property of the outlines holds codes"),
    (collection(feature("Bacang")), "Names are not compared"),
    (collection(feature("1971020001")), "look like BPS codes"),
    (collection(feature("19.71.01.1001", BOW_TIE)), "The outline crosses itself at 106.10500, -2.10500"),
    (collection(feature("19.71.01.1001", ring(106.1)[:-1])), "the last as the first"),
    (collection(feature("19.71.01.1001", [[106.1, "x"]] * 4)), "Each ring of a boundary needs four"),
    (collection({**GOOD[0], "geometry": None}), "type Polygon or MultiPolygon"),
    (collection({**GOOD[0], "geometry": {"type": "Point", "coordinates": [106, -2]}}), "type Polygon or MultiPolygon"),
    (collection({**GOOD[0], "geometry": {"type": ["Polygon"], "coordinates": 3}}), "type Polygon or MultiPolygon"),
    (
        collection(feature("19.71.01.1001"), feature("19.71.01.1002", ring(106.105))),
        "Overlaps with Temberan by 50",
    ),
]


@pytest.mark.parametrize(("content", "sentence"), BAD, ids=[sentence for _content, sentence in BAD])
def test_a_bad_file_gets_a_sentence_and_no_outline(content, sentence):
    reading = read(content)
    assert sentence in said(reading, fault=True)
    assert not reading.is_usable
    assert reading.outlines == {}


def test_a_chosen_property_that_is_not_there_is_answered_with_those_that_are():
    assert "There are: id, kode." in said(read(collection(*GOOD), code_property="KODE_KEL"), fault=True)


def test_an_old_crs_member_that_says_the_same_is_no_fault():
    for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326"):
        assert read(collection(*GOOD, crs={"type": "name", "properties": {"name": name}})).is_usable


def test_a_spike_is_mended_and_said():
    spiked = [
        [106.1, -2.11],
        [106.11, -2.11],
        [106.11, -2.1],
        [106.11, -2.09],
        [106.11, -2.1],
        [106.1, -2.1],
        [106.1, -2.11],
    ]
    reading = read(collection(feature("19.71.01.1001", spiked)))
    assert reading.is_usable
    assert "mended without changing its area noticeably" in said(reading, fault=False)


def test_a_sliver_between_neighbours_is_said_and_closed():
    reading = read(collection(feature("19.71.01.1001"), feature("19.71.01.1002", ring(106.1098))))
    assert reading.is_usable
    assert "Overlaps with Temberan by 2.0 % of the smaller one; the common strip is given" in said(reading, fault=False)


def test_what_is_missing_or_strange_is_named():
    reading = read(
        collection(feature("19.71.01.1001"), feature("19.71.09.1009", ring(106.12)), feature(None, ring(106.13)))
    )
    assert "left out: 2 (19.71.09.1009, –)" in said(reading, fault=False)
    assert "approximate cell: 1 (Temberan)" in said(reading, fault=False)


def test_parts_with_one_code_are_put_together():
    reading = read(collection(feature("19.71.01.1001"), feature("19.71.01.1001", ring(106.15))))
    assert reading.outlines["19.71.01.1001"]["type"] == "MultiPolygon"
    assert "2 outlines with this code" in said(reading, fault=False)


def test_an_outline_that_does_not_fit_its_place_is_doubted():
    places = [Spot("19.71.01.1001", "Bacang", longitude=106.2, area_km2=9.9)]
    notes = said(boundary_file.read(collection(GOOD[0]), places), fault=False)
    assert "10 km outside its outline" in notes.replace("10.0", "10")
    assert "The outline has 1.24 km², the place is entered with 9.9 km²." in notes


def test_several_levels_may_stand_in_one_file():
    whole = feature("19.71.01", [[106.1, -2.11], [106.12, -2.11], [106.12, -2.1], [106.1, -2.1], [106.1, -2.11]])
    reading = read(collection(whole, *GOOD))
    assert reading.is_usable
    assert reading.levels == ("district", "village")


def test_heights_are_left_out():
    high = [[x, y, 12.5] for x, y in ring(106.1)]
    assert all(
        len(p) == 2
        for p in read(collection(feature("19.71.01.1001", high))).outlines["19.71.01.1001"]["coordinates"][0]
    )


def test_what_was_checked_passes_again_unchanged():
    first = read(collection(*GOOD))
    again = read(json.dumps(first.collection).encode(), simplify=False)
    assert again.outlines == first.outlines
