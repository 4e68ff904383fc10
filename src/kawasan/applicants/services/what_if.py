"""Who would pass by other rules; nothing is stored, and no application is judged by it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kawasan.applicants import rules
from kawasan.applicants.models import Applicant, Rule
from kawasan.applicants.queries import place_names, requirements, requirements_of
from kawasan.applicants.rules import Requirement, Status, Trouble
from kawasan.applicants.services.applications import CHUNK, circumstances_of
from kawasan.core.text import Text
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import rule_set_on

MOST_SHOWN = 20  # people whose result would change, in each direction

GROUPS: Mapping[str, Callable[[Applicant], Any]] = {
    "sex": lambda applicant: applicant.person.get_sex_display(),
    "district": lambda applicant: (applicant.person.place.parent or applicant.person.place).name,
    "field": lambda applicant: str(applicant.field),
}


@dataclass(slots=True)
class Passing:
    """How many pass by the rules as they are, and would by those tried."""

    now: int = 0
    then: int = 0

    @property
    def change(self) -> int:
        return self.then - self.now


@dataclass(slots=True)
class Tried:
    """What other rules would do.

    ``gained`` and ``lost`` are people whose result would change, with the reasons that now stand against them, or then
    would; no more than are shown. ``at_limit`` are those who would pass at the very limit of a rule, by its number.
    """

    people: int = 0
    everybody: Passing = field(default_factory=Passing)
    gained: list[tuple[Applicant, list[Text]]] = field(default_factory=list)
    lost: list[tuple[Applicant, list[Text]]] = field(default_factory=list)
    gained_count: int = 0
    lost_count: int = 0
    at_limit: dict[int, tuple[Text, int, list[Applicant]]] = field(default_factory=dict)
    groups: dict[str, dict[str, Passing]] = field(
        default_factory=lambda: {name: defaultdict(Passing) for name in GROUPS}
    )


def try_rules(*, programme: Programme, rows: Sequence[Rule]) -> Tried:
    """Hold every standing application against the rules of its day, and against these instead.

    Whoever applied before, as the last assessment found, passes by neither. Applications of a day without a rule set
    are left out. Shares of the poverty line are of that of the day.
    """
    rule_sets = list(programme.rule_sets.all())
    names = place_names(programme)
    now = requirements_of(rule_sets, names)
    then = {one.pk: requirements(rows, one, names) for one in rule_sets}
    standing = programme.applicants.exclude(status=Status.WITHDRAWN).in_full().order_by("code")
    tried = Tried()
    for applicant in standing.iterator(chunk_size=CHUNK):
        if rule_set := rule_set_on(rule_sets, applicant.applied_on):
            against = [_against(applicant, one[rule_set.pk]) for one in (now, then)]
            _count(tried, applicant, against)
            if not against[1]:
                _count_limits(tried, applicant, then[rule_set.pk])
    tried.groups = {name: dict(sorted(found.items())) for name, found in tried.groups.items()}
    return tried


def _against(applicant: Applicant, held: Sequence[Requirement]) -> list[Text]:
    reasons = rules.reasons_ineligible(circumstances_of(applicant), held)
    again = [Text.restored(text) for text in applicant.reasons if text.get("kind") == Trouble.AGAIN]
    return [*reasons, *again]


def _count_limits(tried: Tried, applicant: Applicant, held: Sequence[Requirement]) -> None:
    """Whoever would pass with not one unit to spare, by rule."""
    stated = circumstances_of(applicant)
    for number, requirement in enumerate(held):
        if requirement.is_limit(requirement.read(stated)):
            said, count, people = tried.at_limit.get(number, (requirement.said(), 0, []))
            shown = [*people, applicant] if len(people) < MOST_SHOWN else people
            tried.at_limit[number] = (said, count + 1, shown)


def _count(tried: Tried, applicant: Applicant, against: list[list[Text]]) -> None:
    now, then = (not reasons for reasons in against)
    tried.people += 1
    for passing in (tried.everybody, *(tried.groups[name][of(applicant)] for name, of in GROUPS.items())):
        passing.now += now
        passing.then += then
    if then > now:
        tried.gained_count += 1
        tried.gained += [(applicant, against[0])] if len(tried.gained) < MOST_SHOWN else []
    if now > then:
        tried.lost_count += 1
        tried.lost += [(applicant, against[1])] if len(tried.lost) < MOST_SHOWN else []
