"""A plan of the value chain as it goes on paper, in the reader's language."""

from typing import Any

from django.utils.translation import gettext

from kawasan.core import language
from kawasan.programmes.access import today
from kawasan.value_chain import picture
from kawasan.value_chain.models import Plan

FAMILY = "Libertinus Serif"
Table = dict[str, Any]


def sheet(plan: Plan, paper: str) -> dict[str, Any]:
    """What is on the sheet of a plan that has a result."""
    result: dict[str, Any] = plan.result or {}
    told = picture.told(result)
    return {
        "paper": paper,
        "language": language.locale(),
        "title": gettext("Value chain of {plan}").format(plan=plan.code),
        "state": gettext("adopted") if plan.is_adopted else gettext("not adopted"),
        "programme": plan.programme.name,
        "picture": str(picture.svg(result, family=FAMILY)),
        "described": picture.description(result),
        "legend": gettext("Ribbons and the strips at the cards are as wide as the rupiah that flow in a year."),
        "reached": _reached(result),
        "tightest_title": gettext("The tightest bottlenecks"),
        "tightest": told["tightest"],
        "nothing_tight": gettext("Nothing holds the plan back."),
        "tables": [_by_stage(told), _by_place(told), _activities(told), *_unmet(told)],
        "source": gettext("SHA-256 of the input of this plan: {hash}").format(hash=plan.input_hash),
        "footer": f"{plan.programme.name} · {language.date(today(plan.programme))}",
    }


def _reached(result: dict[str, Any]) -> Table:
    rows = [
        [gettext("Income of all participants a year"), language.rupiah(result["income_idr"])],
        [gettext("Income per seat a year"), language.rupiah(result["income_per_seat_idr"])],
        [gettext("Capital to start all of them"), language.rupiah(result["capital_idr"])],
        [gettext("Demand not met"), language.rupiah(result["unmet_idr"])],
    ]
    return {"title": gettext("What the plan reaches"), "head": [gettext("Figure"), gettext("Value")], "rows": rows}


def _by_stage(told: dict[str, Any]) -> Table:
    stages = [language.in_words(stage.label) for stage, _seats in told["stages"]]
    return {
        "title": gettext("Seats per field and stage"),
        "head": [gettext("Field"), *stages, gettext("Seats")],
        "rows": [
            [field["label"], *map(language.number, field["by_stage"]), language.number(field["seats"])]
            for field in told["fields"]
        ],
    }


def _by_place(told: dict[str, Any]) -> Table:
    rows = [[field["label"], *map(language.number, field.get("by_place", []))] for field in told["fields"]]
    income = [picture.short_rupiah(place["income_idr"]) for place in told["places"]]
    return {
        "title": gettext("Seats per field and district"),
        "head": [gettext("Field"), *(place["name"] for place in told["places"])],
        "rows": [*rows, [gettext("Income a year"), *income]],
    }


def _activities(told: dict[str, Any]) -> Table:
    return {
        "title": gettext("Income by activity"),
        "head": [gettext("Activity"), gettext("Enterprises"), gettext("Room for"), gettext("Income of one a year")],
        "rows": [
            [
                one["label"],
                language.number(one["enterprises"]),
                language.number(one["most"]),
                language.rupiah(one["income_idr"]),
            ]
            for one in told["planned"]
        ],
    }


def _unmet(told: dict[str, Any]) -> list[Table]:
    rows = [
        [
            f"{one['buyer_name']} – {one['label']}",
            language.amount(one["unmet"], one["unit"]),
            language.rupiah(one["unmet_idr"]),
        ]
        for one in told["unmet"]
    ]
    head = [gettext("Buyer"), gettext("Not met a year"), gettext("Worth")]
    return [{"title": gettext("Demand that is not met"), "head": head, "rows": rows}] if rows else []
