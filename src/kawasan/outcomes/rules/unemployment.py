"""What jobs of participants are to the open unemployment rate of the area."""

from collections.abc import Mapping
from dataclasses import dataclass

from kawasan.core.text import Text, _
from kawasan.outcomes.rules.impact import Shown
from kawasan.outcomes.rules.indicators import LEAST_PEOPLE


@dataclass(frozen=True, slots=True)
class Contribution:
    """Who found and who lost work between the baseline and a round, against the area's labour force."""

    measured: int
    found: int
    lost: int
    labour_force: int
    unemployed: int

    @property
    def net(self) -> int:
        return self.found - self.lost

    @property
    def rate(self) -> float:
        """The open unemployment rate: unemployed over labour force."""
        return self.unemployed / self.labour_force

    @property
    def share(self) -> float:
        """The net number of jobs over the labour force: by so much at most the rate is lower."""
        return self.net / self.labour_force

    @property
    def tells_of_few(self) -> bool:
        """Whether who found or who lost work are few or none: told of 0 too, nothing says which of them it is."""
        return min(self.found, self.lost) < LEAST_PEOPLE

    @property
    def net_said(self) -> Text:
        """For whoever may not see the people, where one of the two is few."""
        words = _(
            "Of {measured} participants who were measured at the start and now, the number who work changed by {net}. "
            "How many found and how many lost work is shown to the office only, since one of the two is few or none."
        )
        return Text(words, {"measured": self.measured, "net": self.net})

    @property
    def said(self) -> Text:
        words = _(
            "Of {measured} participants who were measured at the start and now, {found} did not work then and work now "
            "and {lost} worked then and do not now: {net} jobs more."
        )
        return Text(words, {"measured": self.measured, "found": self.found, "lost": self.lost, "net": self.net})


@dataclass(frozen=True, slots=True)
class Caused:
    """Jobs that being drawn made, with the 95% interval of the effect."""

    jobs: float
    low: float
    high: float
    people: int


def contribution(
    before: Mapping[str, bool], after: Mapping[str, bool], *, labour_force: int, unemployed: int
) -> Contribution:
    """From whether each participant worked at the start and in a round; only who was measured in both counts."""
    both = [(before[code], after[code]) for code in before.keys() & after.keys()]
    found = sum(not then and now for then, now in both)
    lost = sum(then and not now for then, now in both)
    return Contribution(len(both), found, lost, labour_force, unemployed)


def caused(effect: Shown) -> Caused:
    """The effect on working, in percentage points, times the people who were drawn and compared."""
    people = effect.people_drawn / 100
    return Caused(effect.effect * people, effect.low * people, effect.high * people, effect.people_drawn)


def reasons_no_year(year: int, this_year: int) -> list[Text]:
    """Statistics are of years that were."""
    return (
        [Text(_("{year} is still to come; statistics are of years that were."), {"year": str(year)})]
        if year > this_year
        else []
    )
