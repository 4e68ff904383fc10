"""How viable a business idea is: a rubric in words, marked blind by two people. No chance of a seat hangs on it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kawasan.applicants.rules.need import Part
from kawasan.core.text import Labelled, Text, _

MOST_MARK = 4
BOTH, THIRD = 2, 3  # how many mark an idea at first, and who decides when these two are too far apart


class Criterion(Labelled):
    """What an idea is marked by."""

    EXPERIENCE = "experience", _("Experience with this kind of business")
    PLACE = "place", _("Place and premises")
    DEMAND = "demand", _("Demand")
    COST = "cost", _("Cost to start")
    SKILL = "skill", _("Skill")


DESCRIPTORS: Mapping[Criterion, tuple[str, str, str, str]] = {
    Criterion.EXPERIENCE: (
        _("Says nothing of ever having made, kept or sold anything like it."),
        _("Has seen or helped at it, in the family or at somebody's."),
        _("Has made or sold it before, at times."),
        _("Has made or sold it regularly, or runs it already."),
    ),
    Criterion.PLACE: (
        _("Nothing is said of where, or the place cannot be used for it."),
        _("There is a place, but room, water, power or the way there is missing."),
        _("There is a place that fits after small changes."),
        _("There is a place that fits and can be used at once."),
    ),
    Criterion.DEMAND: (
        _("Nobody is named who would buy, and the plan knows no buyer."),
        _("Neighbours might buy; the plan has more sellers of it than buyers."),
        _("Buyers are named, or the plan has room for it in this place."),
        _("A buyer of the plan wants it, and the plan has seats for it here."),
    ),
    Criterion.COST: (
        _("Costs far more to start than a beginner with assistance can have."),
        _("Costs more than that; a loan would be needed first."),
        _("Can start small with assistance and grow."),
        _("Can start at once with what the applicant has and the assistance."),
    ),
    Criterion.SKILL: (
        _("Needs a skill that a training of weeks cannot give."),
        _("Needs much training."),
        _("Needs some training, which the programme has."),
        _("Has the skill by school, course or work."),
    ),
}
"""What each mark of a criterion means, 1 to 4."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of the marks of one idea: the score, its parts, and on whose marks it rests.

    ``score`` is none as long as it waits, for marks or for a third person.
    """

    score: float | None
    parts: list[Part]
    counted: int
    needs_third: bool


def viability_parts(marks: Sequence[Mapping[str, int]], weights: Mapping[str, int]) -> list[Part]:
    """The parts of the score: of each criterion the mean mark above 1 as a share of its weight, to one decimal."""
    return [_part(criterion, [of[criterion] for of in marks], weights[criterion]) for criterion in Criterion]


def _part(criterion: Criterion, marks: Sequence[int], weight: int) -> Part:
    above, most = sum(mark - 1 for mark in marks), len(marks) * (MOST_MARK - 1)
    points = (20 * weight * above + most) // (2 * most) / 10  # rounded half up in whole numbers
    words = [Text(DESCRIPTORS[criterion][mark - 1]) for mark in sorted(set(marks))]
    if len(words) == 1:
        return Part(criterion.label, points, weight, words[0])
    return Part(
        criterion.label,
        points,
        weight,
        Text(_("One says: {lower} The other says: {upper}"), {"lower": words[0], "upper": words[-1]}),
    )


def viability_score(marks: Mapping[str, int], weights: Mapping[str, int]) -> float:
    """The score that one person's marks give, 0 to 100."""
    return round(sum(part.points for part in viability_parts([marks], weights)), 1)


def settled(given: Sequence[Mapping[str, int]], weights: Mapping[str, int], most_apart: int) -> Settled:
    """What the marks that were given come to: the mean of two, or those of a third when the two are too far apart."""
    if len(given) < BOTH:
        return Settled(None, [], 0, needs_third=False)
    first, second = (viability_score(of, weights) for of in given[:BOTH])
    is_apart = abs(first - second) > most_apart
    if is_apart and len(given) < THIRD:
        return Settled(None, [], 0, needs_third=True)
    counted = given[BOTH:THIRD] if is_apart else given[:BOTH]
    parts = viability_parts(counted, weights)
    return Settled(round(sum(part.points for part in parts), 1), parts, len(counted), needs_third=False)


def blinded(text: str, name: str, helped_by: str = "") -> str:
    """An idea without what would tell who had it: words of the name, numbers as of phones, addresses of mail."""
    hidden = {re.escape(word) for word in f"{name} {helped_by}".split() if len(word) > 2}
    shown = re.sub(r"\S+@\S+|\+?\d[\d\s.\-]{6,}\d", "…", text)
    return re.sub(rf"\b(?:{'|'.join(sorted(hidden))})\b", "…", shown, flags=re.IGNORECASE) if hidden else shown


def reasons_no_appraisers(people: int) -> list[Text]:
    """Why nobody can be assigned."""
    if people >= BOTH:
        return []
    return [Text(_("Choose two people or more who mark the ideas; each idea is marked by two of them."))]


def reasons_not_marked(*, is_given: bool, marks: Mapping[str, int | None]) -> list[Text]:
    """Why marks cannot be kept."""
    if is_given:
        return [Text(_("Your marks of this idea are in already. They stay as they are, so that nobody adjusts them."))]
    if any(mark is None or not 1 <= mark <= MOST_MARK for mark in marks.values()):
        return [Text(_("Give every criterion a mark from 1 to 4."))]
    return []


def reasons_weights_fixed(*, total: int, are_given: bool) -> list[Text]:
    """Why the weights of the criteria cannot be set."""
    if are_given:
        return [Text(_("Marks were given already, so the weights stay as they are."))]
    if total != 100:
        template = _("The weights add up to {total}; change them until they add up to 100.")
        return [Text(template, {"total": total})]
    return []
