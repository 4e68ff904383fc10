"""How great somebody's need is: a score that opens to its parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kawasan.applicants.rules.eligibility import Guideline
from kawasan.applicants.rules.stated import Circumstances
from kawasan.core.text import Text, _

MONTHS_FULL = 24  # months without work that give every point
MOST_DESIL = 10  # gives no point; 1 gives every point
DISASTER_DAYS = 365  # before applying within which a disaster counts
DEPENDANTS_FULL = 5  # dependants that give every point
GIVEN_WITH = {
    "desil": ("desil_source", "desil_on"),
    "disaster": ("disaster_on",),
}  # which answers count only with others
NO_POINTS_AT_LINES = 2  # times the poverty line per head at which income gives no point


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the need score: its points, the most it can give, and why it gave so many."""

    label: str
    points: float
    most: int
    why: Text

    def stored(self) -> dict[str, Any]:
        """The part as JSON."""
        return {"label": self.label, "points": self.points, "most": self.most, "why": self.why.stored()}


def need_parts(stated: Circumstances, guideline: Guideline) -> list[Part]:
    """The parts of the need score, each a share of its weight rounded half up to one decimal."""
    return [
        _income_part(stated, guideline),
        Part(
            _("Months without work"),
            _points(guideline.weight_unemployed, min(stated.months_without_work, MONTHS_FULL), MONTHS_FULL),
            guideline.weight_unemployed,
            Text(
                _("Months without work: {months}; full points from {full} on."),
                {"months": stated.months_without_work, "full": MONTHS_FULL},
            ),
        ),
        Part(
            _("Dependants"),
            _points(guideline.weight_dependants, min(stated.dependants, DEPENDANTS_FULL), DEPENDANTS_FULL),
            guideline.weight_dependants,
            Text(
                _("Dependants: {dependants}; full points from {full} on."),
                {"dependants": stated.dependants, "full": DEPENDANTS_FULL},
            ),
        ),
        _worker_part(stated, guideline),
        _disability_part(stated, guideline),
        *([_desil_part(stated, guideline)] if guideline.weight_desil else []),
        *([_disaster_part(stated, guideline)] if guideline.weight_disaster else []),
    ]


def need_score(parts: Sequence[Part]) -> float:
    """The sum of the parts as shown, so that anyone can add it up."""
    return round(sum(part.points for part in parts), 1)


def _points(weight: int, numerator: int, denominator: int) -> float:
    """``weight * numerator / denominator`` rounded half up to tenths, in whole numbers until the end."""
    return (20 * weight * numerator + denominator) // (2 * denominator) / 10


def _income_part(stated: Circumstances, guideline: Guideline) -> Part:
    none_at = NO_POINTS_AT_LINES * guideline.poverty_line_idr * stated.household_size
    missing = max(none_at - stated.household_income_idr, 0)
    why = Text(
        _(
            "Rp{per_head} a head and month, {share} % of the poverty line; "
            "full points without income, none from twice the line on."
        ),
        {
            "per_head": stated.household_income_idr // stated.household_size,
            "share": round(100 * stated.household_income_idr / (guideline.poverty_line_idr * stated.household_size)),
        },
    )
    return Part(_("Income"), _points(guideline.weight_income, missing, none_at), guideline.weight_income, why)


def _worker_part(stated: Circumstances, guideline: Guideline) -> Part:
    if stated.household_workers == 0:
        why, has_points = Text(_("Nobody in the household has work.")), 1
    else:
        template = _("People of the household who work: {workers}; points only when nobody does.")
        why, has_points = Text(template, {"workers": stated.household_workers}), 0
    weight = guideline.weight_no_worker
    return Part(_("Nobody working"), _points(weight, has_points, 1), weight, why)


def _disability_part(stated: Circumstances, guideline: Guideline) -> Part:
    if stated.disability:
        why, has_points = Text(_("Lives with a disability.")), 1
    else:
        why, has_points = Text(_("No disability stated.")), 0
    weight = guideline.weight_disability
    return Part(_("Disability"), _points(weight, has_points, 1), weight, why)


def _desil_part(stated: Circumstances, guideline: Guideline) -> Part:
    """A desil that is not known, or not with source and day, gives no points: nobody gains by leaving it out."""
    weight, label = guideline.weight_desil, _("Desil")
    if stated.desil is None:
        why = Text(_("The desil is not known, which gives no points. Ask the kelurahan for it."))
        return Part(label, 0.0, weight, why)
    if not stated.desil_source or stated.desil_on is None:
        why = Text(
            _("Desil {desil}, but not where and when it was seen, so it gives no points."), {"desil": stated.desil}
        )
        return Part(label, 0.0, weight, why)
    why = Text(
        _("Desil {desil} by {source}, {day}; full points at 1, none at {most}."),
        {"desil": stated.desil, "source": stated.desil_source, "day": stated.desil_on, "most": MOST_DESIL},
    )
    return Part(label, _points(weight, MOST_DESIL - stated.desil, MOST_DESIL - 1), weight, why)


def _disaster_part(stated: Circumstances, guideline: Guideline) -> Part:
    weight, label = guideline.weight_disaster, _("Disaster")
    if not stated.disaster or stated.disaster_on is None:
        why = Text(_("No disaster stated with its day and who says so."))
        return Part(label, 0.0, weight, why)
    days = (stated.applied_on - stated.disaster_on).days
    is_recent = 0 <= days <= DISASTER_DAYS
    template = (
        _("Hit by a disaster on {day}: {disaster}.")
        if is_recent
        else _("Hit by a disaster on {day}: {disaster}. Points only for the last {days} days before applying.")
    )
    why = Text(template, {"day": stated.disaster_on, "disaster": stated.disaster, "days": DISASTER_DAYS})
    return Part(label, _points(weight, int(is_recent), 1), weight, why)
