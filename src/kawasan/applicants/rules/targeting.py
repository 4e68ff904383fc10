"""The sample that shows whether need is found: how it is drawn, who is in need by it, and who would have a seat."""

from collections.abc import Mapping, Sequence

from kawasan.core.text import Labelled, Text, _

LEAST_SAMPLE = 30  # people; below it every interval is so wide that a sample says next to nothing
LEAST_OF_STRATUM = 2  # people of a kecamatan, or all it has: one alone does not show how people there differ
LEAST_FOR_FIGURE = 10  # people of the sample on whom a figure rests
SAMPLE_SEED = "kawasan living sample 1"


class Chosen(Labelled):
    """By what people would be chosen for the seats."""

    SEATED = "seated", _("Who has a seat by the draw")
    SCORE = "score", _("Greatest need first, by the assessments as they stand")
    TRIED = "tried", _("Greatest need first, by the weights below")
    RULES = "rules", _("Greatest need first, by rule set {number}")
    LOT = "lot", _("By lot among the eligible")


class GroupedBy(Labelled):
    """By what groups the figures are shown."""

    SEX = "sex", _("Sex")
    DISTRICT = "district", _("Kecamatan")
    DISABILITY = "disability", _("Disability")


class Figure(Labelled):
    """What is measured, each with what a reader is told about it."""

    INCLUSION = "inclusion_error", _("Seats that go to people who are not in need")
    EXCLUSION = "exclusion_error", _("People in need without a seat")
    COVERAGE = "coverage", _("People in need with a seat")
    INDEX = "index", _("Targeting index (1 = as by lot)")


def is_in_need(household_income_idr: int, household_size: int, line_idr: int) -> bool:
    """Whether a household has less than the line for each of its people."""
    return household_income_idr < line_idr * household_size


def allocation(people: Mapping[str, int], size: int) -> dict[str, int]:
    """How many of each stratum are drawn: in proportion, two or more of each where it has so many."""
    total = sum(people.values())
    exact = {name: size * count / total for name, count in people.items()}
    taken = {name: min(count, max(LEAST_OF_STRATUM, int(exact[name]))) for name, count in people.items()}
    by_rest = sorted(people, key=lambda name: (int(exact[name]) - exact[name], name))
    for name in by_rest:
        if sum(taken.values()) < size and taken[name] < people[name]:
            taken[name] += 1
    return taken


def shares_of_seats(scores: Sequence[float], seats: int) -> list[float]:
    """The share of a seat that each has when the highest scores come first; people with one score share the last."""
    left, shares = float(seats), dict[float, float]()
    counts: dict[float, int] = {}
    for score in scores:
        counts[score] = counts.get(score, 0) + 1
    for score in sorted(counts, reverse=True):
        shares[score] = min(1.0, left / counts[score])
        left = max(left - counts[score], 0.0)
    return [shares[score] for score in scores]


def reasons_no_sample(*, people: int, size: int, line_idr: int) -> list[Text]:
    """Why a sample cannot be drawn."""
    if people == 0:
        return [Text(_("Nobody has applied whose application was assessed. Assess the applications first."))]
    found = []
    if size > people:
        template = _("There are {people} applicants to draw from; ask for so many or fewer.")
        found.append(Text(template, {"people": people}))
    if size < min(LEAST_SAMPLE, people):
        template = _("Draw {least} people or more, or all; fewer say next to nothing.")
        found.append(Text(template, {"least": LEAST_SAMPLE}))
    if line_idr < 1:
        found.append(Text(_("Write below how many rupiah per head and month a household is in need.")))
    return found


def reasons_not_recorded(*, size: int | None, income_idr: int | None, why_not: str) -> list[Text]:
    """Somebody of the sample was either verified, or there is a reason why not."""
    is_complete = size is not None and income_idr is not None
    if is_complete and not why_not:
        return []
    if why_not and size is None and income_idr is None:
        return []
    return [Text(_("Write people and income of the household as verified, or only why it could not be verified."))]
