"""Who would pass by other rules; nothing is stored, and no application is judged by it."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from kawasan.applicants import rules
from kawasan.applicants.models import Applicant
from kawasan.applicants.rules import Status, Trouble
from kawasan.applicants.services.applications import CHUNK, circumstances_of
from kawasan.core.text import Text
from kawasan.programmes.models import Programme, RuleSet
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
    would; no more than are shown.
    """

    people: int = 0
    everybody: Passing = field(default_factory=Passing)
    gained: list[tuple[Applicant, list[Text]]] = field(default_factory=list)
    lost: list[tuple[Applicant, list[Text]]] = field(default_factory=list)
    gained_count: int = 0
    lost_count: int = 0
    groups: dict[str, dict[str, Passing]] = field(
        default_factory=lambda: {name: defaultdict(Passing) for name in GROUPS}
    )


def try_rules(*, programme: Programme, changed: Mapping[str, Any]) -> Tried:
    """Hold every standing application against the rule set of its day, and against the same with columns changed.

    Whoever applied before, as the last assessment found, passes by neither. Applications of a day without a rule set
    are left out.
    """
    rule_sets = [(one, _with(one, changed)) for one in programme.rule_sets.all()]
    others = dict(rule_sets)
    standing = programme.applicants.exclude(status=Status.WITHDRAWN).in_full().order_by("code")
    tried = Tried()
    for applicant in standing.iterator(chunk_size=CHUNK):
        if rule_set := rule_set_on(others, applicant.applied_on):
            _count(tried, applicant, [_against(applicant, one) for one in (rule_set, others[rule_set])])
    tried.groups = {name: dict(sorted(found.items())) for name, found in tried.groups.items()}
    return tried


def _with(rule_set: RuleSet, changed: Mapping[str, Any]) -> RuleSet:
    other = copy(rule_set)
    for column, value in changed.items():
        setattr(other, column, value)
    return other


def _against(applicant: Applicant, rule_set: RuleSet) -> list[Text]:
    programme = applicant.programme
    reasons = rules.reasons_ineligible(
        circumstances_of(applicant), rule_set, area_code=programme.area_code, area=programme.area_name
    )
    again = [Text.restored(text) for text in applicant.reasons if text.get("kind") == Trouble.AGAIN]
    return [*reasons, *again]


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
