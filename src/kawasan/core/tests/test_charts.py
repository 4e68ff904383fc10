import re

import altair

from kawasan.core import charts


def drawing(width):
    labels = altair.Axis(labelExpr=charts.LINES)
    bars = altair.Chart(altair.Data(values=[{"name": charts.wrapped("Telur ayam kampung segar", 12), "value": 3}]))
    return charts.svg(bars.mark_bar().encode(y=altair.Y("name:N", axis=labels), x="value:Q"), width=width)


def test_a_picture_is_as_wide_as_asked_with_its_words():
    assert re.search(r'<svg [^>]*\bwidth="300"', drawing(charts.NARROW))


def test_no_word_of_a_picture_is_smaller_than_eleven_pixels():
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)px"', drawing(charts.NARROW))) >= 11


def test_a_long_name_stands_in_lines():
    assert ">Telur ayam</tspan>" in drawing(charts.NARROW)


def test_a_page_has_a_picture_for_each_screen():
    both = charts.on_every_screen(drawing)
    assert both.count("<svg") == 2
    assert 'class="chart-narrow"><svg' in both


def test_a_page_has_no_box_for_a_picture_of_nothing():
    assert charts.on_every_screen(lambda _width: "") == ""
