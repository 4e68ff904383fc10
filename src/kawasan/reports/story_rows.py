"""The rows behind the figures of report.html: codes, days and sums, and nothing of a person that a figure does not say.

What is measured of people stays in the office, so their figures lead to the sums that they are made of. Who may take
part, who was refused and why, and of whom something looks odd stays there too: these figures lead nowhere.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kawasan.assistance.models import Purchase, PurchaseItem, Step
from kawasan.assistance.rules import StepKind
from kawasan.core.language import date, in_language, in_words, number, percent, rupiah
from kawasan.core.text import _
from kawasan.outcomes.rules import Figure, Indicator, Unit
from kawasan.programmes.models import Programme
from kawasan.reports import queries

CODES: Mapping[str, tuple[str, str]] = {
    "applicants": (_("Applicants"), "code"),
    "accepted": (_("Participants"), "applicant__code"),
    "groups": (_("Groups"), "code"),
    "enterprises": (_("Enterprises"), "code"),
    "enterprises_running": (_("Enterprises running"), "code"),
    "workers": (_("Workers besides the owners"), "code"),
    "contracts": (_("Contracts with buyers"), "code"),
    "deliveries": (_("Deliveries"), "code"),
}
"""Counts whose rows are named by a code."""
STEPS = {
    StepKind.PROPOSED: _("Proposed"),
    StepKind.REJECTED: _("Refused"),
    StepKind.PAID: _("Paid out"),
    StepKind.RECEIVED: _("Confirmed in hand"),
    StepKind.REFUNDED: _("Returned"),
    StepKind.REPORTED: _("Reported"),
    StepKind.HANDED_OVER: _("Handed over"),
}


@dataclass(frozen=True, slots=True)
class Behind:
    """The rows of a figure; of rows that are only counted, there are codes alone."""

    key: str
    title: str
    codes: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def behind(programme: Programme, day: datetime.date, told: Mapping[str, Any]) -> list[Behind]:
    """Everything that a figure of the page leads to, in the order of the page."""
    found = [
        *_capitals(told),
        *_plan(told),
        *_counted(programme, day),
        *_groups(told),
        *_money(programme),
        *_measured(told),
    ]
    withheld = StepKind.REJECTED.value if told["has_few_rejected"] else ""
    return [one for one in found if (one.codes or one.rows) and one.key != withheld]


def links(told: Mapping[str, Any], behind: Iterable[Behind]) -> dict[str, SafeString]:
    """Each figure as it stands on the page, leading to its rows where there are any."""
    counts, money = told["counts"], told["money"]
    words = {key: number(counts[key]) for key in CODES}
    for kind in STEPS:
        words[f"n_{kind.value}"] = number(money[f"n_{kind.value}"])
    words |= {kind: rupiah(money[kind]) for kind in ("paid", "received", "refunded", "spent")}
    if told["chain"]:
        result = told["chain"]["result"]
        words |= {"plan": number(sum(row["enterprises"] for row in result["activities"]))}
        words |= {"plan_income": rupiah(result["income_idr"])}
    keys = {one.key for one in behind}
    return {key: _link(_key(key), said, keys) for key, said in words.items()}


def _link(key: str, said: str, keys: Iterable[str]) -> SafeString:
    return format_html('<a href="#rows-{}">{}</a>', key, said) if key in keys else format_html("{}", said)


def _key(figure: str) -> str:
    """Numbers and sums of the same rows lead to one table."""
    return {"plan_income": "plan"}.get(figure, figure.removeprefix("n_"))


def _counted(programme: Programme, day: datetime.date) -> Iterator[Behind]:
    sets: dict[str, QuerySet[Any]] = queries.counted_sets(day)
    for key, (title, code) in CODES.items():
        codes = sets[key].filter(programme=programme).order_by(code).values_list(code, flat=True)
        yield Behind(key, gettext(title), codes=tuple(codes))


def _capitals(told: Mapping[str, Any]) -> Iterator[Behind]:
    """The indicators of each capital; their scores, weighted, are its score."""
    heads = (gettext("Indicator"), gettext("Value"), gettext("Score"), gettext("Weight"), gettext("Source"))
    for one in [score for score in told["scores"] if score.score is not None]:
        rows = [
            (
                each.name,
                "–" if each.value is None else f"{number(each.value)} {each.unit}",
                number(each.score, 1),
                number(each.weight),
                in_words(each.source),
            )
            for each in one.indicators
        ]
        yield Behind(f"capital-{one.capital.value}", in_words(one.capital.label), heads=heads, rows=tuple(rows))


def _plan(told: Mapping[str, Any]) -> Iterator[Behind]:
    if not told["chain"]:
        return
    heads = (gettext("Business activity"), gettext("Enterprises"), gettext("Income of one"), gettext("Income of all"))
    rows = [
        (
            in_language(row["name"], row["name_en"]),
            number(row["enterprises"]),
            rupiah(row["income_idr"]),
            rupiah(row["enterprises"] * row["income_idr"]),
        )
        for row in told["chain"]["result"]["activities"]
        if row["enterprises"]
    ]
    yield Behind("plan", gettext("The plan"), heads=heads, rows=tuple(rows))


def _groups(told: Mapping[str, Any]) -> Iterator[Behind]:
    for group in told["groups"].prefetch_related("members__applicant"):
        codes = sorted(member.applicant.code for member in group.members.all())
        yield Behind(f"group-{group.code}", group.name, codes=tuple(codes))


def _money(programme: Programme) -> Iterator[Behind]:
    """The steps of each kind that stand, and what receipts paid for."""
    heads = (gettext("Step"), gettext("Assistance"), gettext("Day"), gettext("Rupiah"))
    steps = Step.objects.standing().filter(programme=programme).select_related("assistance").order_by("dated", "code")
    for kind, title in STEPS.items():
        rows = [
            (one.code, one.assistance.code, date(one.dated, "short"), rupiah(one.amount_idr))
            for one in steps
            if one.kind == kind
        ]
        yield Behind(kind.value, gettext(title), heads=heads, rows=tuple(rows))
    heads = (gettext("Receipt"), gettext("Line of the budget"), gettext("Day"), gettext("Rupiah"))
    items = PurchaseItem.objects.filter(programme=programme, purchase__in=Purchase.objects.standing())
    told = items.select_related("purchase", "line").order_by("purchase__dated", "purchase__code", "pk")
    spent = [
        (one.purchase.code, one.line.code, date(one.purchase.dated, "short"), rupiah(one.amount_idr)) for one in told
    ]
    yield Behind("spent", gettext("Spent, with receipts"), heads=heads, rows=tuple(spent))


def _measured(told: Mapping[str, Any]) -> Iterator[Behind]:
    """What each indicator of a round is made of: whose answers stay in the office, how many and what sum do not."""
    heads = (
        gettext("Indicator"),
        gettext("Figure"),
        gettext("People measured"),
        gettext("Their sum"),
        gettext("How it is made"),
    )
    for position, measured_in in enumerate(told["rounds"]):
        cells = [(indicator, row[position]) for indicator, row in told["table"]]
        rows = [_made(indicator, one.figure) for indicator, one in cells if one.is_shown and one.figure.counted]
        yield Behind(f"round-{measured_in.code}", str(measured_in), heads=heads, rows=tuple(rows))


def _made(indicator: Indicator, figure: Figure) -> tuple[str, ...]:
    in_unit = rupiah if indicator.unit == Unit.RUPIAH else number
    said = percent(figure.value, 1) if indicator.unit == Unit.SHARE else in_unit(figure.value)
    total = "–" if figure.numerator is None else in_unit(figure.numerator)
    return (
        in_words(indicator.label), said, number(figure.denominator), total, in_words(indicator.explanation),
    )  # fmt: skip
