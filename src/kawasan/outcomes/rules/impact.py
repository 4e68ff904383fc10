"""What is compared between people with and without a seat, when it may be, and how it is said."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kawasan.core.text import Labelled, Text, _
from kawasan.programmes.rules import Feature

REDRAWS = 1_000
LEAST_OF_AN_ARM = 10  # people; with fewer an estimate says little and its error is not to be trusted
SURE = 0.05  # of a true world without an effect, this part shows one


class OutcomeUnit(Labelled):
    POINTS = "points", _("percentage points")
    HOURS = "hours", _("hours a week")
    RUPIAH = "rupiah", _("rupiah a month")
    PEOPLE = "people", _("people")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one round knows of one person of the pool; ``None`` is not known."""

    is_working: bool
    hours_per_week: int | None
    turnover_idr: int | None
    profit_idr: int | None
    workers: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that a seat may change, and what each answer says of it."""

    code: str
    label: str
    unit: OutcomeUnit
    of: Callable[[Answer], float | None]


def _hours(answer: Answer) -> float | None:
    return answer.hours_per_week if answer.is_working else 0


OUTCOMES: Mapping[str, Outcome] = {
    one.code: one
    for one in (
        Outcome("working", _("Working"), OutcomeUnit.POINTS, lambda answer: 100.0 * answer.is_working),
        Outcome("hours", _("Hours of work"), OutcomeUnit.HOURS, _hours),
        Outcome("profit", _("Profit of the own enterprise"), OutcomeUnit.RUPIAH, lambda answer: answer.profit_idr),
        Outcome("turnover", _("Turnover"), OutcomeUnit.RUPIAH, lambda answer: answer.turnover_idr),
        Outcome("workers", _("Workers besides the owner"), OutcomeUnit.PEOPLE, lambda answer: answer.workers),
    )
}


COVARIATES = tuple(Feature)
"""What was known of everybody before the draw, and stands in the frozen pool."""


def reasons_not_registrable(*, is_drawn: bool, is_registered: bool, followed_up: int) -> list[Text]:
    """Why no plan of the comparison can be registered, whatever it says."""
    if is_registered:
        return [Text(_("The analysis plan is registered; it stays as it is."))]
    reasons = []
    if not is_drawn:
        reasons.append(Text(_("There was no draw yet: the comparison rests on the chances that it gave.")))
    if followed_up:
        template = _(
            "{people} people were measured after the start already. A plan that is written when answers are known "
            "can be made to fit them, so it cannot be registered any more."
        )
        reasons.append(Text(template, {"people": followed_up}))
    return reasons


def reasons_no_plan(*, outcomes: Sequence[str], months_after: int) -> list[Text]:
    """Why this is no plan."""
    reasons = []
    if not outcomes:
        reasons.append(Text(_("Choose at least one outcome.")))
    if not months_after:
        reasons.append(Text(_("Choose a round after the start: before it a seat cannot have changed anything.")))
    return reasons


def reasons_not_estimable(*, is_registered: bool, drawn: int, others: int) -> list[Text]:
    """Why the effect cannot be estimated yet: drawn and others are those with an answer."""
    if not is_registered:
        return [Text(_("Register the analysis plan first."))]
    if min(drawn, others) < LEAST_OF_AN_ARM:
        template = _(
            "At least {least} people on each side are needed; "
            "measured are {drawn} who were drawn and {others} who were not."
        )
        return [Text(template, {"least": LEAST_OF_AN_ARM, "drawn": drawn, "others": others})]
    return []


@dataclass(frozen=True, slots=True)
class Shown:
    """An effect as a page shows it: stored figures, and the outcome that they are about."""

    outcome: Outcome
    effect: float
    low: float
    high: float
    drawn: float
    others: float
    people_drawn: int
    people_others: int
    p_value: float
    corrected: float
    redraw_low: float | None
    redraw_high: float | None
    naive: float
    naive_low: float
    naive_high: float
    bound_low: float
    bound_high: float
    answered_drawn: float
    answered_others: float

    @property
    def is_effect(self) -> bool:
        """Whether chance alone would hardly show as much, with all outcomes looked at."""
        return self.corrected <= SURE


def shown(stored: Iterable[Mapping[str, Any]]) -> list[Shown]:
    """The stored effects of outcomes that still exist."""
    return [
        Shown(OUTCOMES[one["outcome"]], **{name: value for name, value in one.items() if name != "outcome"})
        for one in stored
        if one["outcome"] in OUTCOMES
    ]


def sentence(one: Shown) -> Text:
    """What the effect says, without more than it can say."""
    params = {"outcome": Text(one.outcome.label)}
    if not one.is_effect:
        return Text(_("No effect on “{outcome}” could be shown; neither is it shown that there is none."), params)
    if one.effect > 0:
        return Text(_("Being drawn raised “{outcome}”."), params)
    return Text(_("Being drawn lowered “{outcome}”."), params)


def effect_step(*, is_drawn: bool, is_registered: bool, has_estimate: bool, others: int) -> Text:
    """What the comparison needs next."""
    if not is_drawn:
        return Text(_("The effect can be estimated once seats were drawn: the draw gives everybody a known chance."))
    if not is_registered:
        return Text(_("Register what will be compared, before anybody is measured after the start."))
    if others < LEAST_OF_AN_ARM:
        return Text(_("Measure people of the pool without a seat too: without them nothing can be compared."))
    if not has_estimate:
        return Text(_("Estimate the effect in this round."))
    return Text(_("Read what it says, and what it does not say."))
