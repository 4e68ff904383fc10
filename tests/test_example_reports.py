"""Every report can be made of both example programmes."""

from pathlib import Path

import pytest

from kawasan.exchange import services
from kawasan.exchange.checker import check
from kawasan.programmes.models import Programme
from kawasan.reports.report_kinds import ReportKind
from kawasan.reports.services import draft

pytestmark = pytest.mark.django_db
EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.mark.parametrize("code", ["koba-2022", "pangkalpinang-2022"])
def test_every_report_of_an_example_is_made(code: str) -> None:
    folder, _faults = check(EXAMPLES / code)
    services.load(folder=folder, by=None)
    programme = Programme.objects.get(code=code)
    for kind in ReportKind:
        assert draft(programme=programme, kind=kind).startswith(b"%PDF")
