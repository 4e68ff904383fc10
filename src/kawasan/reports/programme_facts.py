"""What is told of a whole programme, on one page or in a report: figures and words, no pictures and no applicants."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Max
from django.utils.translation import gettext

from kawasan.areas import services as areas
from kawasan.assistance import queries as assistance
from kawasan.core.language import in_words, number
from kawasan.core.text import _
from kawasan.market import queries as market
from kawasan.outcomes import queries as outcomes
from kawasan.outcomes.models import LabourForce, ReportingDate, Round
from kawasan.outcomes.rules import LEAST_PEOPLE, TOLD, Caused, Contribution, sentence, shown
from kawasan.programmes.models import Programme
from kawasan.reports import queries
from kawasan.selection import queries as selection
from kawasan.value_chain import picture

BARS = (
    (_("With the draw’s chances"), _("the estimate, to be reported, with its 95% interval")),
    (_("Refuted by no redraw"), _("the effects that agree with what was seen when the frozen pool is drawn again")),
    (_("Whoever did not answer"), _("how far unlike answering can have moved the effect")),
    (_("Plain difference (misleading)"), _("what one would say without the chances that the draw gave")),
)
NOT_SHOWN = (
    _("Whether work that participants found is missing to others: displacement is unknown."),
    _("Which part did it: training, money, mentor and group come together."),
    _("What it would do elsewhere, or for people whose seat was certain."),
    _("That there is no effect, where none could be shown: with few people only large effects are seen."),
    _("Whoever did not answer may have fared otherwise than those who did."),
)


def facts(programme: Programme, day: datetime.date) -> dict[str, Any]:
    """Everything, by name, in the language that is active; figures of few people are left out."""
    counts = queries.counts(programme, day)
    return {
        "programme": programme,
        "day": day,
        "counts": counts,
        "applied": _applied(counts),
        "has_few_refused": _is_few(counts["refused"]),
        **_area(programme),
        "chain": _chain(programme),
        **_people(programme),
        **_groups(programme),
        **_money(programme),
        **_results(programme, day),
        **_demands(programme, day),
        **_effect(programme),
        "signs": outcomes.signs(programme, day, sees_people=False),
    }


def _area(programme: Programme) -> dict[str, Any]:
    scores, sectors = areas.pentagon(programme), areas.potential(programme)
    return {
        "scores": scores,
        "has_score": any(one.score is not None for one in scores),
        "sectors": sectors,
        "has_quotient": any(one.location_quotient is not None for one in sectors),
    }


def _chain(programme: Programme) -> dict[str, Any] | None:
    plan = programme.plans.filter(is_adopted=True).first()
    return picture.told(plan.result) if plan and plan.result else None


def _people(programme: Programme) -> dict[str, Any]:
    draw = programme.draws.standing().first()
    return {
        "reasons": _reasons(programme),
        "draw": draw,
        "overview": selection.overview(draw) if draw and draw.result else None,
    }


@dataclass(frozen=True, slots=True)
class Jobs:
    """What the jobs of the newest round that compares are to the labour force of the newest year."""

    round: Round
    year: LabourForce
    contribution: Contribution
    caused: Caused | None

    @property
    def tells_of_few(self) -> bool:
        """Whether one of the two counts behind the net number is of few people."""
        return _is_few(self.contribution.found) or _is_few(self.contribution.lost)


def jobs(programme: Programme) -> Jobs | None:
    """What is told of unemployment; nothing without figures of the labour force, or of few people who were measured."""
    year, rounds = programme.labour_forces.first(), outcomes.rounds_after(programme)
    found = outcomes.contribution_in(rounds[-1], year) if year and rounds else None
    if year is None or found is None or found.measured < LEAST_PEOPLE:
        return None
    return Jobs(rounds[-1], year, found, outcomes.caused_in(rounds[-1], outcomes.plan_of(programme)))


def parts(programme: Programme) -> tuple[ReportingDate, list[outcomes.Section]] | None:
    """The newest reporting date by each part of the participants, as it is shown outside the office."""
    frozen = programme.reporting_dates.first()
    if frozen is None:
        return None
    lines = outcomes.lines_of(frozen, sees_people=False)
    return frozen, outcomes.sections(lines, outcomes.labels_of(programme))


def _is_few(people: int) -> bool:
    return 0 < people < LEAST_PEOPLE


def _applied(counts: Mapping[str, int]) -> str:
    """How many applied and were refused; where few were refused, neither their number nor that of the others."""
    words = gettext(
        "{applicants} people applied; {eligible} may take part, {refused} were refused. {warned} applications have "
        "warnings for people to judge."
    )
    if _is_few(counts["refused"]):
        words = gettext("{applicants} people applied; fewer than {least} were refused.")
    told = {name: number(counts[name]) for name in ("applicants", "eligible", "refused")}
    return words.format(**told, warned=number(counts["with_warnings"]), least=number(LEAST_PEOPLE))


def _money(programme: Programme) -> dict[str, Any]:
    money = assistance.counts(programme)
    return {"money": money, "has_few_rejected": _is_few(money["n_rejected"])}


def _reasons(programme: Programme) -> list[tuple[str, int | None]]:
    """Why applicants were refused, the most frequent reason first; one person may have several.

    Reasons of few people are told together, and without their number where all of them are few.
    """
    found: dict[str, int] = {}
    for reasons in programme.applicants.filter(status="refused").order_by("code").values_list("reasons", flat=True):
        for reason in reasons:
            sentence = in_words(reason)
            found[sentence] = found.get(sentence, 0) + 1
    told = [(reason, count) for reason, count in found.items() if count >= LEAST_PEOPLE]
    rest = sum(found.values()) - sum(count for _reason, count in told)
    others = gettext("Other reasons, each of fewer than {n} people").format(n=LEAST_PEOPLE)
    few = [(others, rest if rest >= LEAST_PEOPLE else None)] if rest else []
    return sorted(told, key=lambda item: (-item[1], item[0])) + few


def _groups(programme: Programme) -> dict[str, Any]:
    groups = programme.groups.select_related("field", "mentor", "place").annotate(
        people=Count("members"), mean_km=Avg("members__distance_km"), far_km=Max("members__distance_km")
    )
    sessions = programme.sessions.order_by("starts_at")
    return {"groups": groups.order_by("code"), "sessions": sessions, "rooms": programme.rooms.count()}


def _results(programme: Programme, day: datetime.date) -> dict[str, Any]:
    rows = outcomes.rows_by_round(programme)
    measured = [one for one in programme.rounds.all() if one.pk in rows]
    expected = outcomes.expected_by_round(programme, measured)
    progress = outcomes.progress(measured, rows, expected=expected, today=day)
    return {
        "rounds": measured,
        "table": outcomes.table(measured, rows, sees_people=False, indicators=TOLD),
        "progress": progress,
        "still_measured": ", ".join(one.name for one in progress if not one.is_frozen),
    }


def _demands(programme: Programme, day: datetime.date) -> dict[str, Any]:
    demands = [(demand, market.balance_of(demand)) for demand in market.balances(programme, day)]
    served = gettext(
        "Demand of buyers, and how much of it is under contract and delivered: {served} of {all} demands; of the "
        "others nothing is."
    ).format(served=number(sum(balance.is_drawn for _demand, balance in demands)), all=number(len(demands)))
    return {"demands": demands, "served": served}


def _effect(programme: Programme) -> dict[str, Any]:
    """What a seat changed by the newest round that was estimated."""
    plan = outcomes.plan_of(programme)
    estimate = plan.estimates.order_by("-round__months_after").first() if plan else None
    effects = shown(estimate.result["effects"]) if estimate else []
    return {
        "estimate": estimate,
        "effects": [(one, sentence(one)) for one in effects],
        "bars": BARS,
        "not_shown": NOT_SHOWN,
    }
