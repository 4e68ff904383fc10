"""Rules of a guideline, held against what applicants stated."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from kawasan.applicants.rules.catalogue import (
    CATALOGUE,
    GENERAL,
    GENERAL_AT_LIMIT,
    MEASURED,
    Comparison,
    Kind,
    Looked,
    Stated,
    Value,
    in_text,
    parse,
)
from kawasan.applicants.rules.stated import Circumstances
from kawasan.core.text import Found, Own, Text, _


class Row(Protocol):
    """A rule as it is stored."""

    field: str
    comparison: str
    value: str
    reason: str
    reason_en: str
    source: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """A rule that is ready to be held against many applications.

    ``names`` are those of the places that it names, by code.
    """

    row: Row
    looked: Looked
    comparison: Comparison
    value: Value
    names: Mapping[str, str]
    poverty_line_idr: int

    @classmethod
    def of(cls, row: Row, *, names: Mapping[str, str], poverty_line_idr: int) -> "Requirement":
        looked, comparison = CATALOGUE[row.field], Comparison(row.comparison)
        return cls(row, looked, comparison, parse(looked, comparison, row.value), names, poverty_line_idr)

    def read(self, stated: Circumstances) -> Stated | None:
        return self.looked.read(stated, self.poverty_line_idr)

    def holds(self, found: Stated) -> bool:
        """Whether the rule holds of something that was stated."""
        return HOLDS[self.comparison](found, self.value)

    def is_limit(self, found: Stated | None) -> bool:
        """Whether a number that passes is the very limit; where nothing beyond it exists, there is none."""
        if not self.is_measured or found != self.value:
            return False
        return not (self.comparison == Comparison.AT_MOST and self.value == 0)

    @property
    def is_measured(self) -> bool:
        return self.looked.kind in MEASURED

    def said(self) -> Text:
        """The rule in a few words, such as “Age on the day of applying: at least 17 years”."""
        gaps = {
            "what": Text(self.looked.label),
            "comparison": Text(self.comparison.label),
            "value": self.text(self.value),
        }
        return Text("{what}: {value}" if self.looked.kind == Kind.YES_NO else "{what}: {comparison} {value}", gaps)

    def wording(self) -> Text:
        """The sentence of the rule as it is written, with an ellipsis where what was stated will stand."""
        return self._sentence(Text("…"))

    def text(self, value: Any) -> Text:
        return in_text(self.looked, value, self.names)

    def reason(self, stated: Circumstances) -> Text | None:
        """Why the rule speaks against somebody; nothing when it holds."""
        found = self.read(stated)
        if found is None:
            return Found(self.looked.missing, {}, self.looked.trouble_missing)
        return None if self.holds(found) else self.reason_against(found)

    def reason_against(self, found: Stated) -> Text:
        """What the rule says to whoever stated this, and where it stands."""
        gaps = {"reason": self._sentence(self.text(found)), "source": self.row.source}
        return Found("{reason} ({source})", gaps, self.looked.trouble)

    def _sentence(self, stated: Text) -> Text:
        gaps = {"what": Text(self.looked.label), "value": self.text(self.value), "stated": stated}
        if self.row.reason:
            return Own(self.row.reason, gaps, self.row.reason_en)
        return Text(self.looked.sentences.get(self.comparison, GENERAL[self.comparison]), gaps)

    def warning(self, stated: Circumstances) -> Text | None:
        """What is said of somebody who passes at the very limit."""
        if not self.is_measured or not self.is_limit(found := self.read(stated)) or found is None:
            return None
        template = self.looked.sentences_at_limit.get(self.comparison, GENERAL_AT_LIMIT[self.comparison])
        gaps = {"what": Text(self.looked.label), "stated": self.text(found)}
        return Found(template, gaps, self.looked.trouble_at_limit)

    def tried_around_limit(self) -> list[tuple[Text, bool]]:
        """One below the limit, the limit and one above it, each with what the rule decides; nothing below zero."""
        if not isinstance(self.value, int) or not self.is_measured:
            return []
        around = (self.value - 1, self.value, self.value + 1)
        return [(self.text(value), self.holds(value)) for value in around if value >= 0]


HOLDS: dict[Comparison, Any] = {
    Comparison.AT_LEAST: lambda found, value: found >= value,
    Comparison.AT_MOST: lambda found, value: found <= value,
    Comparison.IS: lambda found, value: found == value,
    Comparison.IS_NOT: lambda found, value: found != value,
    Comparison.IS_ONE_OF: lambda found, value: found in value,
    Comparison.IS_NONE_OF: lambda found, value: found not in value,
    Comparison.WITHIN: lambda found, value: any(f"{found}.".startswith(f"{code}.") for code in value),
}
"""What each comparison asks; places lie within one another by whole parts of their codes."""


def reasons_rules_clash(rows: Iterable[Row]) -> list[Text]:
    """Why rules cannot stand together: one is there twice, or nobody could satisfy both."""
    found, limits = [], defaultdict[tuple[str, str], list[int]](list)
    for row in rows:
        if CATALOGUE[row.field].kind in MEASURED:
            limits[row.field, row.comparison].append(int(row.value))
    for (looked_at, comparison), values in limits.items():
        gaps: dict[str, Any] = {"what": Text(CATALOGUE[looked_at].label)}
        if len(values) > 1:
            said = gaps | {"comparison": Text(Comparison(comparison).label)}
            found.append(Text(_("{what}: there are two rules with “{comparison}”. Leave one of them out."), said))
        most = limits.get((looked_at, Comparison.AT_MOST))
        if comparison == Comparison.AT_LEAST and most and values[0] > most[0]:
            gaps |= {"least": values[0], "most": most[0]}
            found.append(Text(_("{what}: the least, {least}, is above the most, {most}. Correct one of them."), gaps))
    return found
