"""The picture of a plan: five columns from inputs to buyers, ribbons as wide as the money that flows, as one SVG.

It needs no request: pages and reports ask for it in the reader's language.
"""

import math
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import copysign
from typing import Any

import altair
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext, override

from kawasan.core import charts
from kawasan.core.charts import COLOURS
from kawasan.core.language import in_language, in_words, locale, number, rupiah, unit
from kawasan.core.text import Text
from kawasan.value_chain import layout, rules
from kawasan.value_chain.rules import MOST_TOLD, OFFTAKERS, Aim, Firmness, Stage

FAMILY = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif"
OUTSIDE = "outside"
GREY = "#667382"
BUYER = "#1d273b"
RED = "#c92a2a"
STAGE_COLOURS = ["#495057", "#1c7ed6", "#f08c00", "#74b816"]
SEATS = 390  # pixels of the width of the picture of seats
MARKED = MOST_TOLD  # bottlenecks that are marked and told
LINE = 15.0  # height of a line of words
LETTERS = 14  # letters that fit into a line of a card
LETTER = 7.2  # width of a letter, about
MARGIN = 10.0
HEAD = 58.0
LEGEND = 24.0  # height of a line of the legend
BEND = 30.0  # how far a ribbon that goes back swings out


@dataclass(frozen=True, slots=True)
class Card:
    """What is written on a node, and its colour."""

    key: str
    column: int
    name: str
    details: tuple[str, ...]
    colour: str
    is_unmet: bool = False

    @property
    def lines(self) -> tuple[str, ...]:
        return (*_wrapped(self.name), *self.details)


@dataclass(frozen=True, slots=True)
class Trade:
    """All that goes from one card to another in a year."""

    source: str
    target: str
    value_idr: float
    goods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """A plan's cards and trades in words: what the picture draws and what the list for phones tells."""

    cards: tuple[Card, ...]
    trades: tuple[Trade, ...]
    marks: Mapping[str, tuple[int, ...]]


def story(result: dict[str, Any]) -> dict[str, Any]:
    """Everything a page or a report tells of a plan, in the reader's language."""
    drawn = {
        "picture": svg(result),
        "steps": steps(result),
        "seats_chart": charts.on_every_screen(partial(seats_chart, result), SEATS),
    }
    return drawn | told(result)


def told(result: dict[str, Any]) -> dict[str, Any]:
    """What is told of a plan in words and figures."""
    return {
        "result": result,
        "tightest": tightest(result),
        "stages": list(zip(Stage, (row["seats"] for row in result["stages"]), strict=True)),
        "fields": _labelled(result["fields"]),
        "planned": _labelled(a for a in result["activities"] if a["enterprises"]),
        "not_planned": _labelled(a for a in result["activities"] if not a["enterprises"]),
        "unmet": _labelled(d for d in result["demands"] if d["unmet"]),
        "idle": _labelled(result["resources"]),
        "skills": _labelled(result.get("skills", [])),
        "markets": _labelled(result.get("markets", [])),
        "places": result.get("places", []),
        "aims": [Aim(aim).label for aim in result.get("wishes", {}).get("aims", [])],
        "outside": _labelled(c for c in result["commodities"] if c["bought"]),
        "left_over": _labelled(c for c in result["commodities"] if c["left_over"]),
        "left_out": _labelled(result["left_out"]),
        "firmness": [(_firmness(row["firmness"]), row["sold_idr"]) for row in result["firmness"]],
    }


def scenarios(
    rows: Sequence[dict[str, Any]], result: dict[str, Any], robust: dict[str, Any] | None
) -> list[dict[str, Any]]:
    """Scenarios with what each changes against the plan as expected, and the seats with hindsight by field."""
    fields = _labelled(result["fields"])
    robust_idr = robust["incomes_idr"] if robust else [None] * len(rows)
    return [
        {
            **row,
            "name": in_words(_in_language(row["text"])),
            "change": row["income_idr"] / rows[0]["income_idr"] - 1 if rows[0]["income_idr"] else None,
            "by_field": list(zip((field["label"] for field in fields), row["fields"], strict=True)),
            "robust_idr": income,
        }
        for row, income in zip(rows, robust_idr, strict=True)
    ]


def robust(found: dict[str, Any], rows: Sequence[dict[str, Any]], result: dict[str, Any]) -> dict[str, Any]:
    """What holds in the worst scenario: which that is, what it brings and costs, and what would start otherwise."""
    planned = {activity["code"]: activity["enterprises"] for activity in result["activities"]}
    otherwise = [
        {**activity, "planned": planned.get(activity["code"], 0)}
        for activity in _labelled(found["activities"])
        if activity["enterprises"] != planned.get(activity["code"], 0)
    ]
    worst = min(rows, key=lambda row: row["income_idr"])
    return {
        **found,
        "name": rows[found["which"]]["name"],
        "plan_worst": worst["name"],
        "gained_idr": found["worst_idr"] - worst["income_idr"],
        "lost_idr": rows[0]["income_idr"] - found["incomes_idr"][0],
        "otherwise": otherwise,
    }


def _in_language(text: dict[str, Any]) -> Text:
    """A stored sentence that carries a name in both languages."""
    params = text["params"]
    name = {"name": in_language(params["name"], params["name_en"])} if params else {}
    return Text(text["template"], name)


def _firmness(code: str) -> str:
    return rules.LOCAL_MARKET if code == "market" else Firmness(code).label


def tightest(result: dict[str, Any], most: int = MARKED) -> list[str]:
    """The tightest bottlenecks as sentences, the tightest first."""
    return [in_words(b["text_en"] if locale() == "en" else b["text"]) for b in result["bottlenecks"][:most]]


def seats_chart(result: dict[str, Any], width: int = SEATS) -> SafeString:
    """Seats of each field, by stage."""
    letters = 15 if width == charts.NARROW else 20
    rows = [
        {"field": charts.wrapped(row["label"], letters), "stage": gettext(stage.label), "order": s, "seats": seats}
        for row in _labelled(result["fields"])
        for s, (stage, seats) in enumerate(zip(Stage, row["by_stage"], strict=True))
        if seats
    ]
    chart = altair.Chart(altair.Data(values=rows), height=50 * max(len(result["fields"]), 1))
    return charts.svg(
        chart.mark_bar(size=26).encode(
            x=altair.X("sum(seats):Q", title=gettext("Seats"), axis=altair.Axis(tickMinStep=1)),
            y=altair.Y("field:N", title=None, sort=None, axis=charts.labels(letters)),
            color=altair.Color(
                "stage:N",
                title=None,
                legend=altair.Legend(orient="top", direction="horizontal", columns=2),
                scale=altair.Scale(domain=[gettext(stage.label) for stage in Stage], range=STAGE_COLOURS),
            ),
            order=altair.Order("order:Q"),
        ),
        width=width,
    )


def _labelled(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "label": in_language(row["name"], row["name_en"])} for row in rows]


def svg(result: dict[str, Any], *, language: str | None = None, family: str = FAMILY) -> SafeString:
    """Draw the result of a plan in a language, the reader's unless another one is named."""
    with override(language or locale()):
        return mark_safe(_drawn(result, family))  # noqa: S308 - every word in it is escaped by _text and _title


def chain(result: dict[str, Any]) -> Chain:
    """Who stands where and trades what, in the reader's language."""
    trades = _trades(result)
    return Chain(tuple(_cards(result, trades)), trades, _marks(result))


def steps(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The same as a list for narrow screens: column by column, each card with what it takes and gives."""
    told = chain(result)
    names = {card.key: card.name for card in told.cards}
    columns = []
    for c, title in enumerate(column_titles()):
        cards = [
            {
                "name": card.name,
                "details": card.details,
                "colour": card.colour,
                "marks": told.marks.get(card.key, ()),
                "takes": [(names[t.source], t) for t in told.trades if t.target == card.key],
            }
            for card in told.cards
            if card.column == c
        ]
        columns.append({"title": title, "cards": cards})
    return columns


def column_titles() -> list[str]:
    """Bought outside, the four stages, the buyers."""
    return [gettext("Bought outside"), *(gettext(stage.label) for stage in Stage), gettext(OFFTAKERS)]


def colours(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Each field: code, name, colour."""
    return [
        (field["code"], in_language(field["name"], field["name_en"]), COLOURS[f % len(COLOURS)])
        for f, field in enumerate(result["fields"])
    ]


def _trades(result: dict[str, Any]) -> tuple[Trade, ...]:
    """Flows between the same two are one ribbon, however many goods they are."""
    goods = {c["code"]: c for c in result["commodities"]}
    merged: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for flow in result["flows"]:
        merged[flow["source"], flow["target"]].append(flow)
    return tuple(
        Trade(
            source,
            target,
            math.fsum(flow["value_idr"] for flow in flows),
            tuple(_amount(goods[flow["commodity"]], flow["quantity"]) for flow in flows),
        )
        for (source, target), flows in merged.items()
    )


def _amount(commodity: dict[str, Any], quantity: float) -> str:
    name = in_language(commodity["name"], commodity["name_en"])
    return f"{name} {number(quantity, 0 if quantity >= 10 else 2)} {unit(commodity['unit'], one=quantity == 1)}"


def _cards(result: dict[str, Any], trades: Sequence[Trade]) -> list[Card]:
    cards = []
    bought = math.fsum(trade.value_idr for trade in trades if trade.source == OUTSIDE)
    if any(trade.source == OUTSIDE for trade in trades):
        cards.append(Card(OUTSIDE, 0, gettext("Bought outside"), (short_rupiah(bought),), GREY))
    colour = {code: shade for code, _name, shade in colours(result)}
    stages = [stage.value for stage in Stage]
    there = {one["code"]: one["number"] for one in result.get("existing", [])}
    for activity in result["activities"]:
        if activity["enterprises"] or activity["code"] in there:
            cards.append(
                Card(
                    key=f"activity:{activity['code']}",
                    column=1 + stages.index(activity["stage"]),
                    name=in_language(activity["name"], activity["name_en"]),
                    details=tuple(_numbers(activity["enterprises"], there.get(activity["code"], 0))),
                    colour=colour[activity["field"]],
                )
            )
    return cards + [_buyer_card(buyer) for buyer in result["buyers"]]


def _numbers(started: int, there: int) -> Iterator[str]:
    if started:
        yield _enterprises(started)
    if there:
        yield gettext("{count} there already").format(count=number(there))


def _buyer_card(buyer: dict[str, Any]) -> Card:
    details = [short_rupiah(buyer["sold_idr"])]
    if buyer["unmet_idr"]:
        details.append(gettext("unmet {amount}").format(amount=short_rupiah(buyer["unmet_idr"])))
    return Card(
        key=f"buyer:{buyer['code']}",
        column=1 + len(Stage),
        name=in_language(buyer["name"], buyer.get("name_en", buyer["name"])),
        details=tuple(details),
        colour=BUYER,
        is_unmet=bool(buyer["unmet_idr"]),
    )


def _enterprises(count: int) -> str:
    return ngettext("{count} enterprise", "{count} enterprises", count).format(count=number(count))


def short_rupiah(amount: float) -> str:
    """Rp1,2 miliar: what fits into a card."""
    if abs(amount) >= 1e9:
        return gettext("Rp{amount} bn").format(amount=number(amount / 1e9, 1))
    if abs(amount) >= 1e6:
        return gettext("Rp{amount} m").format(amount=number(amount / 1e6, 0 if abs(amount) >= 1e7 else 1))
    return rupiah(amount)


def _marks(result: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """The numbers of the tightest bottlenecks at each card."""
    marks: dict[str, list[int]] = defaultdict(list)
    for place, found in enumerate(result["bottlenecks"][:MARKED], start=1):
        for key in found["at"]:
            marks[key].append(place)
    return {key: tuple(places) for key, places in marks.items()}


def _wrapped(name: str) -> list[str]:
    return textwrap.wrap(name, LETTERS, max_lines=3, placeholder="…")


def _drawn(result: dict[str, Any], family: str) -> str:
    told = chain(result)
    nodes = [layout.Node(card.key, card.column, (len(card.lines) + 0.5) * LINE) for card in told.cards]
    flows = [layout.Flow(trade.source, trade.target, trade.value_idr) for trade in told.trades]
    placed = layout.lay_out(nodes, flows)
    legend, rows = _legend(result, placed.width)
    width, height = placed.width + 2 * MARGIN, HEAD + placed.height + (rows + 1) * LEGEND
    boxes = {box.key: box for box in placed.boxes}
    title = gettext("Value chain of the plan")
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img"'
            ' aria-labelledby="chain-title chain-description" class="value-chain-picture"'
            f' font-family="{family}">',
            f'<title id="chain-title">{escape(title)}</title>',
            f'<desc id="chain-description">{escape(description(result))}</desc>',
            f'<g transform="translate({MARGIN:g} {HEAD:g})">',
            *_heads(told),
            *(_ribbon(ribbon, told) for ribbon in placed.ribbons),
            *(_card(card, boxes[card.key], told) for card in told.cards),
            "</g>",
            f'<g transform="translate({MARGIN:g} {HEAD + placed.height + LEGEND:.1f})">{legend}</g></svg>',
        )
    )


def description(result: dict[str, Any]) -> str:
    """The picture in two sentences, for those who cannot see it."""
    unmet = sum(buyer["unmet_idr"] for buyer in result["buyers"])
    return gettext(
        "{seats} enterprises earn {income} a year together. Buyers would take goods of another {unmet} that the plan "
        "does not deliver."
    ).format(seats=number(result["seats"]), income=rupiah(result["income_idr"]), unmet=rupiah(unmet))


def _heads(told: Chain) -> list[str]:
    """The columns' names; a column without cards keeps its name, so that the gap in the chain is seen."""
    drawn = []
    used = {card.column for card in told.cards}
    for column, title in enumerate(column_titles()):
        if column == 0 and column not in used:
            continue
        x = column * (layout.COLUMN + layout.GAP)
        drawn.append(
            f'<path d="M{x:g} -16h{layout.COLUMN:g}" stroke="{GREY}" stroke-width="1.5"/>'
            + _text(x, -26, title, weight=600, size=13)
        )
    return drawn


def _ribbon(ribbon: layout.Ribbon, told: Chain) -> str:
    trade = told.trades[ribbon.flow]
    cards = {card.key: card for card in told.cards}
    colour = cards[trade.source].colour
    title = f"{cards[trade.source].name} → {cards[trade.target].name}: {', '.join(trade.goods)}"
    told_by = _title(title, trade.value_idr)
    if ribbon.lane is None:
        return f'<path d="{_band(ribbon)}" fill="{colour}" fill-opacity="0.4">{told_by}</path>'
    return (
        f'<path d="{_loop(ribbon)}" fill="none" stroke="{colour}" stroke-opacity="0.4"'
        f' stroke-width="{ribbon.width:.2f}">{told_by}</path>'
    )


def _loop(ribbon: layout.Ribbon) -> str:
    """Out of one card, down into the lane, back, and up into the other card."""
    (x, y), (end_x, end_y) = ribbon.points
    lane = ribbon.lane
    return (
        f"M{x:.1f} {y:.1f}C{x + BEND:.1f} {y:.1f} {x + BEND:.1f} {lane:.1f} {x:.1f} {lane:.1f}"
        f"L{end_x:.1f} {lane:.1f}C{end_x - BEND:.1f} {lane:.1f} {end_x - BEND:.1f} {end_y:.1f} {end_x:.1f} {end_y:.1f}"
    )


def _band(ribbon: layout.Ribbon) -> str:
    """Along the upper edge and back along the lower one."""
    half = ribbon.width / 2
    (x, y), (end_x, end_y) = ribbon.points[0], ribbon.points[-1]
    upper, lower = _edge(ribbon, ribbon.points, -half), _edge(ribbon, ribbon.points[::-1], half)
    return f"M{x:.1f} {y - half:.2f}{upper}L{end_x:.1f} {end_y + half:.2f}{lower}Z"


def _edge(ribbon: layout.Ribbon, points: Sequence[tuple[float, float]], offset: float) -> str:
    """One edge of a band. Where the band is steep its edges lean apart, so that it does not look thinner there."""
    drawn = ""
    for (x, y), (to_x, to_y) in pairwise(points):
        run, climb = abs(to_x - x), (to_y - y) * (to_x - x)
        steepness = abs(to_y - y) / (abs(to_y - y) + run)
        lean = min(ribbon.width * 2 / 3, run / 2) * steepness  # at its middle a curve leans by 3/4 of its controls
        bend = (x + to_x) / 2 - copysign(lean, climb) * copysign(1.0, offset)
        drawn += f"C{bend:.1f} {y + offset:.2f} {bend:.1f} {to_y + offset:.2f} {to_x:.1f} {to_y + offset:.2f}"
    return drawn


def _card(card: Card, box: layout.Box, told: Chain) -> str:
    dashed = ' stroke-dasharray="5 3"' if card.is_unmet else ""
    edge = RED if card.is_unmet else card.colour
    top = box.y + (box.height - len(card.lines) * LINE) / 2
    words = [
        _text(box.x + 13, top + (i + 0.78) * LINE, line, weight=600 if i < len(card.lines) - len(card.details) else 400)
        for i, line in enumerate(card.lines)
    ]
    return "".join(
        (
            f"<g><title>{escape(', '.join((card.name, *card.details)))}</title>",
            f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{layout.COLUMN:g}" height="{box.height:.1f}" rx="4"'
            f' fill="#fff" stroke="{edge}" stroke-width="1"{dashed}/>',
            _strip(box.x, box.arriving, card.colour),
            _strip(box.x + layout.COLUMN - 6, box.leaving, card.colour),
            *words,
            *(
                _mark(box.x + layout.COLUMN - 10 - 18 * i, box.y - 3, place)
                for i, place in enumerate(reversed(told.marks.get(card.key, ())))
            ),
            "</g>",
        )
    )


def _strip(x: float, strip: layout.Strip, colour: str) -> str:
    if not strip.height:
        return ""
    return f'<rect x="{x:.1f}" y="{strip.top:.1f}" width="6" height="{strip.height:.1f}" fill="{colour}"/>'


def _mark(x: float, y: float, place: int) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="{RED}"/>' + _text(
        x, y + 4, str(place), weight=700, size=13, colour="#fff", anchor="middle"
    )


def _legend(result: dict[str, Any], width: float) -> tuple[str, int]:
    """What the colours and signs mean, and how many lines it takes."""
    marks = _marks(result)
    drawn, x, row = [], 0.0, 0
    for name, sign, key in _legend_entries(result):
        end = 40 + LETTER * len(name)
        needed = end + 8 + 22 * len(marks.get(key, ()))
        if x + needed > width:
            x, row = 0.0, row + 1
        drawn.append(
            f'<g transform="translate({x:.0f} {row * LEGEND:g})">{sign}{_text(26, 12, name)}'
            + "".join(_mark(end + 22 * i, 7, place) for i, place in enumerate(marks.get(key, ())))
            + "</g>"
        )
        x += needed
    return "".join(drawn), row + 1


def _legend_entries(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Words, sign, and the key under which a bottleneck of a whole field or of all seats is marked."""
    entries = [(name, _swatch(colour), f"field:{code}") for code, name, colour in colours(result)]
    entries += [(gettext("Bought outside"), _swatch(GREY), ""), (gettext("Buyers"), _swatch(BUYER), "")]
    if "seats" in _marks(result):
        entries.append((gettext("All seats"), _swatch("none"), "seats"))
    unmet = f'<rect width="20" height="14" fill="#fff" stroke="{RED}" stroke-dasharray="5 3"/>'
    return [
        *entries,
        (gettext("Demand not met"), unmet, ""),
        (gettext("Bottleneck, the tightest first"), _mark(10, 7, 1), ""),
    ]


def _swatch(colour: str) -> str:
    return f'<rect width="20" height="14" rx="2" fill="{colour}" stroke="{BUYER}" stroke-width="0.5"/>'


def _text(
    x: float, y: float, words: str, *, weight: int = 400, size: int = 13, colour: str = BUYER, anchor: str = "start"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{colour}"'
        f' text-anchor="{anchor}">{escape(words)}</text>'
    )


def _title(words: str, value_idr: float) -> str:
    return f"<title>{escape(gettext('{trade}; {value} a year').format(trade=words, value=rupiah(value_idr)))}</title>"
