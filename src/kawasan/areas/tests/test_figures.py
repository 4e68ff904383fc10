"""Figures of sectors, indicators and values are entered, corrected and removed by form."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kawasan.areas.models import AssetIndicator, AssetValue, SectorFigure
from kawasan.areas.tests import factories
from kawasan.core.models import LogEntry, User
from kawasan.programmes.models import Programme

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.django_db
FIGURE = {
    "sector": "G",
    "name": "Perdagangan",
    "year": "2021",
    "basis": "employment",
    "area": "28,098",
    "reference": "124,950",
    "source": "Sakernas 2021",
}


def at(programme: Programme, name: str, *arguments: object) -> str:
    return reverse(f"areas:{name}", args=[programme.code, *arguments])


@pytest.fixture
def client(ani: User, client_of: ClientOf) -> Client:
    return client_of(ani)


def test_a_sector_figure_is_entered_corrected_and_removed_and_the_log_keeps_all(
    programme: Programme, client: Client
) -> None:
    client.post(at(programme, "add_sector_figure"), FIGURE)
    row = SectorFigure.objects.get(programme=programme)
    assert (row.area, row.reference, row.basis) == (28098, 124950, "employment")

    page = client.post(at(programme, "change_sector_figure", row.pk), FIGURE | {"area": "28,100"})
    assert page.status_code == 302
    history = client.get(at(programme, "change_sector_figure", row.pk)).content.decode()
    assert "28098.0 → 28100.0" in history

    assert client.get(at(programme, "remove_sector_figure", row.pk)).status_code == 200
    assert SectorFigure.objects.filter(pk=row.pk).exists()  # asking is not removing
    client.post(at(programme, "remove_sector_figure", row.pk))
    assert not SectorFigure.objects.filter(pk=row.pk).exists()
    verbs = LogEntry.objects.filter(verb__startswith="areas.sectorfigure").values_list("verb", flat=True)
    assert sorted(verbs) == [
        "areas.sectorfigure_added",
        "areas.sectorfigure_changed",
        "areas.sectorfigure_removed",
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"area": "-1"}, "greater than or equal to 0"),
        ({"basis": "grdp_share", "area": "124"}, "at most 100 per cent"),
        ({"year": "20211"}, "2100"),
        ({"name": "x" * 5_000}, "200"),
    ],
)
def test_a_wrong_sector_figure_comes_back_with_a_sentence(
    wrong: dict[str, str], sentence: str, programme: Programme, client: Client
) -> None:
    page = client.post(at(programme, "add_sector_figure"), FIGURE | wrong).content.decode()
    assert sentence in page
    assert "Sakernas 2021" in page
    assert not SectorFigure.objects.exists()


def test_a_second_figure_of_the_same_sector_and_year_says_which_to_change(programme: Programme, client: Client) -> None:
    client.post(at(programme, "add_sector_figure"), FIGURE)
    page = client.post(at(programme, "add_sector_figure"), FIGURE | {"area": "5"}).content.decode()
    assert "Change that one, or choose another year." in page


def test_an_indicator_and_its_value_are_entered_and_an_indicator_with_values_stays(
    programme: Programme, client: Client
) -> None:
    whole = factories.whole(programme)
    given = {"code": "AST-X", "capital": "human", "name": "Melek huruf", "unit": "%", "direction": "more"}
    client.post(
        at(programme, "add_asset_indicator"),
        given | {"scale": "target", "worst": "80", "best": "100", "weight": "1", "source": "BPS"},
    )
    indicator = AssetIndicator.objects.get(programme=programme)
    value = {"indicator": indicator.pk, "place": whole.pk, "year": "2022", "value": "98.5", "source": "BPS"}
    client.post(at(programme, "add_asset_value"), value)
    assert AssetValue.objects.get(indicator=indicator).value == 98.5

    page = client.post(at(programme, "remove_asset_indicator", indicator.pk)).content.decode()
    assert "Change or remove that first" in page
    assert AssetIndicator.objects.filter(pk=indicator.pk).exists()


@pytest.mark.parametrize("kind", ["sector_figure", "asset_indicator", "asset_value"])
def test_figures_of_another_programme_are_not_there(
    kind: str, programme: Programme, fajar: User, client_of: ClientOf
) -> None:
    assert client_of(fajar).get(at(programme, f"add_{kind}")).status_code == 404
