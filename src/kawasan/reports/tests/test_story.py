"""The figures of report.html lead to rows that make them."""

import re
from collections.abc import Callable

import pytest
from django.utils.translation import override

from kawasan.applicants.models import Applicant
from kawasan.core.text import Text
from kawasan.enterprises.tests import factories
from kawasan.outcomes.rules import LEAST_PEOPLE
from kawasan.programmes.models import Programme
from kawasan.reports.story import story

pytestmark = pytest.mark.django_db


def sections(page: str) -> dict[str, str]:
    """What stands below each heading to which a figure can lead."""
    parts = re.split(r'<h3 id="rows-([^"]+)">', page)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def figures(page: str) -> list[tuple[str, str]]:
    return [(key, said.strip()) for key, said in re.findall(r'<a href="#rows-([^"]+)">(.*?)</a>', page, re.DOTALL)]


def codes(section: str) -> list[str]:
    return re.findall(r"<li>(.*?)</li>", section)


@pytest.fixture
def tell(programme: Programme) -> Callable[[], str]:
    def told() -> str:
        with override("en"):
            return story(programme)

    return told


def test_a_figure_leads_to_as_many_codes_as_it_says(programme: Programme, tell: Callable[[], str]) -> None:
    people = [factories.participant(programme, number) for number in range(1, 8)]
    for number, owner in enumerate(people[:3], 1):
        factories.enterprise(owner, number, status="paused" if number == 3 else "running")
    told = tell()
    below = sections(told)
    assert {("accepted", "7"), ("enterprises", "3"), ("enterprises_running", "2")} <= set(figures(told))
    assert codes(below["enterprises_running"]) == ["E001", "E002"]
    assert all(len(codes(below[key])) == int(said) for key, said in figures(told) if codes(below[key]))
    assert "Orang 1" not in told


def test_a_figure_of_nothing_leads_nowhere(tell: Callable[[], str]) -> None:
    assert figures(tell()) == []
    assert "The rows behind the figures" not in tell()


def test_no_row_says_who_was_refused_or_why(programme: Programme, tell: Callable[[], str]) -> None:
    for number in range(1, LEAST_PEOPLE + 2):
        factories.participant(programme, number)
    Applicant.objects.exclude(code="A001").update(status="refused", reasons=[Text("Is a student.").stored()])
    told = tell()
    assert "Is a student." in told
    assert {key for key, _said in figures(told)} == {"applicants", "accepted"}
