import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils.translation import override

from kawasan.programmes.models import Programme
from kawasan.value_chain import picture, services
from kawasan.value_chain.tests.factories import make_chain, make_commodity, make_demand

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def result(programme: Programme) -> dict[str, Any]:
    make_chain(programme)
    return services.make_plan(programme=programme, by=None).result


def drawn(result: dict[str, Any], language: str = "en") -> ElementTree.Element:
    return ElementTree.fromstring(picture.svg(result, language=language))  # noqa: S314 - our own picture


def words(root: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def ribbons(root: ElementTree.Element) -> list[str]:
    return [p[0].text or "" for p in root.iter(f"{SVG}path") if len(p)]


def test_the_picture_has_a_column_for_every_stage_and_for_the_buyers(result: dict[str, Any]) -> None:
    shown = words(drawn(result))
    columns = ["Upstream inputs", "Primary production", "Processing", "Supporting services", "Committed buyers"]
    assert [title for title in shown if title in columns] == columns


def test_the_picture_speaks_the_language_it_is_asked_for(result: dict[str, Any]) -> None:
    shown = words(drawn(result, "id"))
    assert [title for title in ("Hulu", "On farm", "Hilir", "Off farm", "Offtaker") if title not in shown] == []
    assert "Ayam petelur" in shown


def test_every_flow_is_a_ribbon_that_tells_what_it_carries(result: dict[str, Any]) -> None:
    assert "Laying hens → Cake kitchen: Eggs 1,200 kg; Rp33,600,000 a year" in ribbons(drawn(result))


def test_goods_from_outside_have_a_card_of_their_own(result: dict[str, Any]) -> None:
    assert any(ribbon.startswith("Bought outside → Laying hens: Chicken feed") for ribbon in ribbons(drawn(result)))


def test_a_buyer_who_does_not_get_all_is_marked(result: dict[str, Any]) -> None:
    root = drawn(result)
    assert any(text.startswith("unmet Rp") for text in words(root))
    assert [rect.get("stroke-dasharray") for rect in root.iter(f"{SVG}rect")].count("5 3") == 2  # card and legend


def test_the_picture_is_described_to_those_who_cannot_see_it(result: dict[str, Any]) -> None:
    root = drawn(result)
    assert root.get("role") == "img"
    labels = (root.get("aria-labelledby") or "").split()
    described = {element.get("id"): element.text for element in root if element.get("id")}
    assert [described[label] for label in labels][1].startswith("4 enterprises earn Rp")


def test_the_tightest_bottlenecks_are_marked_with_their_place(result: dict[str, Any]) -> None:
    marks = [t.text for t in drawn(result).iter(f"{SVG}text") if t.get("text-anchor") == "middle"]
    assert {"1", "2", "3"} <= set(marks)


def test_names_are_written_as_text_never_as_markup(programme: Programme) -> None:
    make_chain(programme)
    programme.commodities.filter(code="KOM-kue").update(name_en="<b>Cakes & co</b>")
    programme.activities.filter(code="ACT-kue").update(name_en="<script>")
    root = drawn(services.make_plan(programme=programme, by=None).result)
    assert "<script>" in words(root)


def test_long_names_stay_within_their_card(programme: Programme) -> None:
    make_chain(programme)
    programme.activities.filter(code="ACT-kue").update(name_en="A very long name of a kitchen " * 4)
    shown = words(drawn(services.make_plan(programme=programme, by=None).result))
    lines = [line for line in shown if re.search("very|name|kitchen", line)]
    assert len(lines) == 3
    assert all(len(line) <= picture.LETTERS for line in lines)


def test_no_word_is_under_eleven_pixels_on_a_desk(result: dict[str, Any]) -> None:
    """At 1280 pixels the page leaves the picture 950."""
    root = drawn(result)
    shrunk = 950 / float(root.get("viewBox", "").split()[2])
    assert min(float(text.get("font-size", "0")) for text in root.iter(f"{SVG}text")) * shrunk >= 11


def test_the_list_for_phones_tells_the_same_trades(result: dict[str, Any]) -> None:
    told = [
        (card["name"], name, trade.value_idr)
        for step in picture.steps(result)
        for card in step["cards"]
        for name, trade in card["takes"]
    ]
    assert len(told) == len(ribbons(drawn(result)))
    assert sum(value for _name, _from, value in told) == sum(flow["value_idr"] for flow in result["flows"])


def test_bottlenecks_name_things_in_the_readers_language(result: dict[str, Any]) -> None:
    result["bottlenecks"] = [b for b in result["bottlenecks"] if b["kind"] == "demand"]
    with override("id"):
        assert picture.tightest(result)[0].startswith("Tambahan satu kotak Kue kotak sebulan untuk Hotel Contoh")
    with override("en"):
        assert picture.tightest(result)[0].startswith("One more box of Boxes of cake a month for Hotel Contoh")


def test_a_buyer_without_any_goods_still_stands_in_its_column(programme: Programme) -> None:
    make_chain(programme)
    make_demand(programme.commodities.get(code="KOM-telur"), "DEM-murah", price_idr=1, quantity_per_month=1)
    make_commodity(programme, "KOM-lain")
    assert drawn(services.make_plan(programme=programme, by=None).result) is not None
