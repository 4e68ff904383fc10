"""What is told of a whole programme, on one page or in a report: figures and words, no pictures and no applicants."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Avg, Count, Max
from django.utils.translation import gettext

from kawasan.areas import services as areas
from kawasan.assistance import queries as assistance
from kawasan.core.language import in_words
from kawasan.market import queries as market
from kawasan.outcomes import queries as outcomes
from kawasan.outcomes.rules import LEAST_PEOPLE, sentence, shown
from kawasan.programmes.models import Programme
from kawasan.reports import queries
from kawasan.selection import queries as selection
from kawasan.value_chain import picture


def facts(programme: Programme, day: datetime.date) -> dict[str, Any]:
    """Everything, by name, in the language that is active; figures of few people are left out."""
    return {
        "programme": programme,
        "day": day,
        "counts": queries.counts(programme, day),
        **_area(programme),
        "chain": _chain(programme),
        **_people(programme),
        **_groups(programme),
        "money": assistance.counts(programme),
        **_results(programme),
        "demands": [(demand, market.balance_of(demand)) for demand in market.balances(programme, day)],
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


def _reasons(programme: Programme) -> list[tuple[str, int | None]]:
    """Why applicants were refused, the most frequent reason first; one person may have several.

    Reasons of few people are told together, and without their number where all of them are few.
    """
    return [(reason, len(codes) or None) for reason, codes in told_reasons(refused_by_reason(programme))]


def refused_by_reason(programme: Programme) -> dict[str, list[str]]:
    """The codes of the applications that were refused for each reason."""
    found: dict[str, list[str]] = {}
    refused = programme.applicants.filter(status="refused").order_by("code")
    for code, reasons in refused.values_list("code", "reasons"):
        for reason in reasons:
            found.setdefault(in_words(reason), []).append(code)
    return found


def told_reasons(found: Mapping[str, Sequence[str]]) -> list[tuple[str, tuple[str, ...]]]:
    """Reasons with their applications, those of few people together; nobody is named where all of them are few."""
    told = [(reason, tuple(codes)) for reason, codes in found.items() if len(codes) >= LEAST_PEOPLE]
    rest = tuple(sorted(code for codes in found.values() if len(codes) < LEAST_PEOPLE for code in codes))
    others = gettext("Other reasons, each of fewer than {n} people").format(n=LEAST_PEOPLE)
    few = [(others, rest if len(rest) >= LEAST_PEOPLE else ())] if rest else []
    return sorted(told, key=lambda item: (-len(item[1]), item[0])) + few


def _groups(programme: Programme) -> dict[str, Any]:
    groups = programme.groups.select_related("field", "mentor", "place").annotate(
        people=Count("members"), mean_km=Avg("members__distance_km"), far_km=Max("members__distance_km")
    )
    sessions = programme.sessions.order_by("starts_at")
    return {"groups": groups.order_by("code"), "sessions": sessions, "rooms": programme.rooms.count()}


def _results(programme: Programme) -> dict[str, Any]:
    rounds, rows = list(programme.rounds.all()), outcomes.rows_by_round(programme)
    measured = [one for one in rounds if one.pk in rows]
    return {"rounds": measured, "table": outcomes.table(measured, rows, sees_people=False)}


def _effect(programme: Programme) -> dict[str, Any]:
    """What a seat changed by the newest round that was estimated."""
    plan = outcomes.plan_of(programme)
    estimate = plan.estimates.order_by("-round__months_after").first() if plan else None
    effects = shown(estimate.result["effects"]) if estimate else []
    return {"estimate": estimate, "effects": [(one, sentence(one)) for one in effects]}
