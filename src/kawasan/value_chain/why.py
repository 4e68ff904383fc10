"""Why a plan starts fewer enterprises of an activity than fit, in sentences, from the plan as it is stored."""

from collections.abc import Iterator, Mapping
from typing import Any

from kawasan.core.language import in_language, locale
from kawasan.core.text import Text, _

TOLD = 4  # buyers and steps of markets that would take more
AT_ACTIVITY = ("commodity", "resource", "skill", "activity_most", "site_most")
Rows = Mapping[str, Any]


def why_not_more(code: str, plan: str, frozen: Rows, result: Rows) -> list[Text]:
    """Nothing when as many start as fit, or when the plan did not know the activity."""
    planned = next((row for row in result["activities"] if row["code"] == code), None)
    if planned is None or planned["enterprises"] >= planned["most"]:
        return []
    activity = next(row for row in frozen["activities"] if row["code"] == code)
    return [
        _started(plan, planned),
        *(text for good in activity["outputs"] for text in _sales(good, activity, frozen, result)),
        *_limits(planned, result),
    ]


def _started(plan: str, planned: Rows) -> Text:
    gaps = {"plan": plan, "count": planned["enterprises"], "most": planned["most"]}
    if not planned["enterprises"]:
        return Text(_("{plan} starts none of the {most} enterprises that fit in the area."), gaps)
    return Text(_("{plan} starts {count} of the {most} enterprises that fit in the area."), gaps)


def _sales(good: str, activity: Rows, frozen: Rows, result: Rows) -> Iterator[Text]:
    """What buyers got of a product, and who would take what one more enterprise makes, at which price."""
    commodity = next(row for row in frozen["commodities"] if row["code"] == good)
    names = {"name": in_language(commodity["name"], commodity["name_en"]), "unit": commodity["unit"]}
    demands = [row for row in result["demands"] if row["commodity"] == good]
    if asked := sum(row["quantity"] for row in demands):
        unmet = sum(row["unmet"] for row in demands)
        gaps = names | {"asked": _round(asked), "sold": _round(asked - unmet)}
        if unmet > 0:
            yield Text(_("Of {asked} {unit} of {name} that buyers ask for in a year, they get {sold}."), gaps)
        else:
            yield Text(_("Buyers get all {asked} {unit} of {name} that they ask for in a year."), gaps)
    made = _round(activity["outputs"][good])
    yield Text(_("One more enterprise makes {made} {unit} of {name} a year."), names | {"made": made})
    offers = sorted(_offers(good, frozen, result), key=lambda offer: -offer["price"])
    for offer in offers[:TOLD]:
        yield Text(_("{buyer} would take another {left} {unit} a year, at Rp{price}."), names | offer)
    if not offers and not _is_used(good, frozen):
        yield Text(_("Nobody would take more of it: win a buyer first."))


def _offers(good: str, frozen: Rows, result: Rows) -> Iterator[dict[str, Any]]:
    """Who would still take something: buyer, price, what is left of a year. A market's best step is filled first."""
    for row in result["demands"]:
        if row["commodity"] == good and row["unmet"] > 0:
            yield {"buyer": row["buyer_name"], "price": row["price_idr"], "left": _round(row["unmet"])}
    sold = {row["market"]: row["sold"] for row in result.get("markets", []) if row["commodity"] == good}
    steps = [row for row in frozen.get("markets", []) if row["commodity"] == good]
    for step in sorted(steps, key=lambda row: -row["price_idr"]):
        room = sum(step["by_month"])
        taken = min(room, sold.get(step["name"], 0.0))
        sold[step["name"]] = sold.get(step["name"], 0.0) - taken
        if room - taken > room / 1000:
            buyer = Text(_("The market of {place}"), {"place": step["name"]})
            yield {"buyer": buyer, "price": step["price_idr"], "left": _round(room - taken)}


def _round(quantity: float) -> float:
    """Without decimals that nobody counts."""
    return round(quantity, 0 if quantity >= 10 else 2)


def _is_used(good: str, frozen: Rows) -> bool:
    """Whether some activity works a good up."""
    return any(good in row["inputs"] for row in frozen["activities"])


def _limits(planned: Rows, result: Rows) -> Iterator[Text]:
    """The bottlenecks of the activity itself, of its field and of all seats, as the plan found them."""
    at = {f"activity:{planned['code']}"}
    own = [row for row in result["bottlenecks"] if row["kind"] in AT_ACTIVITY and at & set(row["at"])]
    if any(row["kind"] == "seats" and row["shadow_price_idr"] > 0 for row in result["bottlenecks"]):
        yield Text(_("It would take its seat from another enterprise, which earns more at these prices."))
    shared = [row for row in result["bottlenecks"] if {f"field:{planned['field']}", "seats"} & set(row["at"])]
    yield from (Text.restored(row["text_en" if locale() == "en" else "text"]) for row in [*own, *shared])
