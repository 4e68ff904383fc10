import re

import pytest
from django.utils.translation import override

from kawasan.areas import charts, services
from kawasan.areas.tests import factories

pytestmark = pytest.mark.django_db


def fills(drawing):
    """How many wedges of the pentagon are filled."""
    return len(re.findall(r'fill-opacity="0.3"', drawing))


def test_the_pentagon_is_closed_when_all_five_capitals_are_known(programme):
    for capital in ("natural", "human", "physical", "social", "financial"):
        factories.indicator(programme, f"AST-{capital}", capital=capital)
    assert fills(charts.pentagon(services.pentagon(programme))) == 5


def test_an_unknown_capital_leaves_a_gap_and_is_named_unknown(programme):
    for capital in ("natural", "human", "physical", "financial"):
        factories.indicator(programme, f"AST-{capital}", capital=capital)
    with override("en"):
        drawing = charts.pentagon(services.pentagon(programme))
    assert fills(drawing) == 3
    assert drawing.count(">unknown<") == 1


def test_the_bars_name_sectors_and_quotients_as_the_reader_writes_them(programme):
    factories.figure(programme, "G", 2021, 24.58, 14.74)
    factories.figure(programme, "A", 2021, None, 19.66)
    with override("id"):
        drawing = charts.potential(services.potential(programme))
    assert "1,67" in drawing
    assert "1.67" not in re.sub(r'aria-label="[^"]*"', "", drawing)
    assert "Lapangan usaha A" not in drawing


def test_a_name_with_markup_stays_text(programme):
    factories.figure(programme, "G", 2021, 24.58, 14.74, name="<script>", name_en="<script>")
    assert "<script>" not in charts.potential(services.potential(programme))
