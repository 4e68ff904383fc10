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
from kawasan.reports.programme_facts import told_reasons
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


def test_reasons_of_few_people_are_together_and_of_very_few_name_nobody() -> None:
    many, few = [f"A{n:03}" for n in range(LEAST_PEOPLE)], ["A900"]
    assert told_reasons({"many": many, "few": few}) == [("many", tuple(many)), (told_reasons({"x": few})[0][0], ())]
    others = told_reasons({"one": ["A905", "A901"], "two": ["A901", "A902", "A903"]})
    assert [codes for _reason, codes in others] == [("A901", "A901", "A902", "A903", "A905")]


def test_a_refused_application_is_listed_under_its_reason(programme: Programme, tell: Callable[[], str]) -> None:
    for number in range(1, LEAST_PEOPLE + 1):
        factories.participant(programme, number)
    factories.participant(programme, 50)
    Applicant.objects.update(status="refused", reasons=[Text("Is a student.").stored()])
    Applicant.objects.filter(code="A050").update(reasons=[Text("Is too old.").stored()])
    told = tell()
    below = sections(told)
    assert ("reason-1", str(LEAST_PEOPLE)) in figures(told)
    assert len(codes(below["reason-1"])) == LEAST_PEOPLE
    assert "A050" not in "".join(part for key, part in below.items() if key.startswith("reason"))
    assert "Is too old." not in told
