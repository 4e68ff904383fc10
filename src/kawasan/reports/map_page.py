"""The map of an atlas as a page and as a picture: colours, legend, marks, and what the island draws."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kawasan.areas import picture
from kawasan.areas.charts import CAPITAL_COLOURS
from kawasan.areas.rules import Level
from kawasan.core.charts import on_every_screen
from kawasan.core.language import in_words, number
from kawasan.reports import withholding
from kawasan.reports.atlas import CAPITALS, DIGITS, Atlas, Cell, Figure, Layer, Row, Spot

SHADES = ("#e3eef9", "#b5d3ee", "#7fb2de", "#4a8cc7", "#2a6aa8")
UNKNOWN, WITHHELD = "#f1f3f5", "#d5c9b8"
COLOURS: dict[Layer, str] = {
    **{Layer(capital.value): colour for capital, colour in CAPITAL_COLOURS.items()},
    Layer.ENTERPRISES: "#ad2626",
    Layer.APPLICANTS: "#334155",
    Layer.OFFTAKERS: "#0a6b62",
    Layer.MENTORS: "#7d5a00",
}
"""White figures on each of them can be read (contrast of 4.5 and more)."""
NUMBERS = {layer: str(step) for step, layer in enumerate(CAPITALS, start=1)}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader wants to see."""

    figure: Figure
    level: str
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class Shade:
    """A line of the legend: a colour, what it means, and how many places have it."""

    colour: str
    label: str
    places: int


def choice(query: QueryDict, layers: Collection[Layer]) -> Choice:
    """What an address asks for; what it does not know is left out."""
    figure = query.get("figure", "")
    wanted = set(query.getlist("layer")) if "figure" in query else {layer.value for layer in CAPITALS}
    return Choice(
        figure=Figure(figure) if figure in set(Figure) else Figure.POPULATION,
        level=query.get("level", ""),
        layers=tuple(layer for layer in layers if layer.value in wanted),
    )


def legend(atlas: Atlas, figure: Figure) -> tuple[dict[int, str], list[Shade]]:
    """The colour of each place, and the classes with the values that are in them."""
    cells = {row.place.pk: row.cells[figure] for row in atlas.rows}
    known = [cell.value for cell in cells.values() if cell.value is not None]
    found = withholding.classes(known, len(SHADES))
    shades = _spread(len(found))
    colours = {place: _colour(cell, found, shades) for place, cell in cells.items()}
    lines = [
        Shade(shade, _range(least, most, figure), sum(colour == shade for colour in colours.values()))
        for shade, (least, most) in zip(shades, found, strict=True)
    ]
    lines += [
        Shade(colour, label, places)
        for colour, label in ((WITHHELD, _("withheld, being of few people")), (UNKNOWN, _("unknown")))
        if (places := sum(one == colour for one in colours.values()))
    ]
    return colours, lines


def _spread(count: int) -> list[str]:
    """So many shades, from the lightest to the darkest."""
    return [SHADES[round(step * (len(SHADES) - 1) / max(count - 1, 1))] for step in range(count)]


def _colour(cell: Cell, found: Sequence[tuple[float, float]], shades: Sequence[str]) -> str:
    if cell.value is None:
        return WITHHELD if cell.is_withheld else UNKNOWN
    return shades[withholding.class_of(cell.value, found)]


def _range(least: float, most: float, figure: Figure) -> str:
    first, last = (number(value, DIGITS.get(figure, 2)) for value in (least, most))
    return first if first == last else f"{first} – {last}"


def svg(atlas: Atlas, chosen: Choice, width: float, **look: Any) -> SafeString:
    """The picture of the map."""
    colours, _lines = legend(atlas, chosen.figure)
    grounds = [
        picture.Ground(
            outline=row.shape.outline,
            title=f"{row.place.name}: {row.cells[chosen.figure].words(chosen.figure)}",
            fill=colours[row.place.pk],
            is_approximate=row.shape.is_approximate,
        )
        for row in atlas.rows
        if row.shape
    ]
    return picture.svg(
        [*grounds, *_names(atlas)],
        [_mark(spot) for spot in atlas.spots if spot.layer in chosen.layers],
        width=width,
        label=title(atlas, chosen),
        **look,
    )


def _names(atlas: Atlas) -> list[picture.Ground]:
    """The names of the kecamatan, drawn over their villages with a stronger border."""
    return [
        picture.Ground(
            outline=row.shape.outline, title=row.place.name, fill="none", name=row.place.name, centre=row.centre
        )
        for row in atlas.frames
        if row.shape
    ]


def _mark(spot: Spot) -> picture.Mark:
    return picture.Mark(spot.at, _text(spot), _label(spot), COLOURS[spot.layer], is_count=spot.layer not in CAPITALS)


def _text(spot: Spot) -> str:
    return NUMBERS.get(spot.layer, spot.count)


def _label(spot: Spot) -> str:
    """What a mark is called: a resource by its name, others by their number and place."""
    if spot.layer in CAPITALS:
        return f"{spot.names[0]}, {in_words(spot.layer.label)}"
    return f"{in_words(spot.layer.label)}, {spot.where}: {spot.count}"


def title(atlas: Atlas, chosen: Choice) -> str:
    """What the map shows, in one line."""
    words = _("{figure} by {level}, {area}")
    gaps = {"figure": in_words(chosen.figure.label), "level": in_words(atlas.level.label)}
    return words.format(**gaps, area=atlas.programme.area_name)


def context(atlas: Atlas, chosen: Choice, *, is_interactive: bool) -> dict[str, Any]:
    """Everything that the page shows but its table."""
    colours, shades = legend(atlas, chosen.figure)
    return {
        "atlas": atlas,
        "chosen": chosen,
        "title": title(atlas, chosen),
        "figures": tuple(Figure),
        "shades": shades,
        "layers": [(layer, layer in chosen.layers, COLOURS[layer], NUMBERS.get(layer, "n")) for layer in atlas.layers],
        "picture": on_every_screen(partial(svg, atlas, chosen)),
        "island": island(atlas, chosen, colours) if is_interactive else None,
    }


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: what the map says of a place, in words."""

    row: Row
    figure: str
    marks: tuple[tuple[str, str], ...]


def lines(atlas: Atlas, chosen: Choice, rows: Iterable[Row]) -> list[Line]:
    """The map as a table for whoever sees none."""
    found = []
    for row in rows:
        spots = atlas.spots_in(row.place.pk)
        by_layer = [(layer, [spot for spot in spots if spot.layer == layer]) for layer in chosen.layers]
        marks = tuple((in_words(layer.label), _told(here)) for layer, here in by_layer if here)
        found.append(Line(row, row.cells[chosen.figure].words(chosen.figure), marks))
    return found


def _told(spots: Sequence[Spot]) -> str:
    """The names on some marks; where there are none, their numbers."""
    names = [name for spot in spots for name in spot.names] or [spot.count for spot in spots]
    more = sum(spot.more for spot in spots)
    return ", ".join(names) + (f" {_('and {count} more').format(count=number(more))}" if more else "")


def island(atlas: Atlas, chosen: Choice, colours: Mapping[int, str]) -> dict[str, Any]:
    """What the interactive map draws; every word of it in the reader's language."""
    return {
        "grounds": {
            "type": "FeatureCollection",
            "features": [_ground(row, chosen.figure, colours[row.place.pk]) for row in atlas.rows if row.shape],
        },
        "names": [{"at": row.centre, "name": row.place.name} for row in atlas.frames],
        "marks": [
            {
                "layer": spot.layer.value,
                "at": spot.at,
                "text": _text(spot),
                "label": _label(spot),
                "colour": COLOURS[spot.layer],
                "isCount": spot.layer not in CAPITALS,
                "lines": _lines(spot),
            }
            for spot in atlas.spots
        ],
        "shown": [layer.value for layer in chosen.layers],
        "baseMap": settings.BASE_MAP,
        "controls": _controls(),
    }


def _lines(spot: Spot) -> list[str]:
    """The popup of a mark, its first line as the heading."""
    if spot.layer in CAPITALS:
        return [spot.names[0], *spot.lines, f"{_('Place')}: {spot.where}"]
    more = [_("and {count} more").format(count=number(spot.more))] if spot.more else []
    return [f"{in_words(spot.layer.label)}, {spot.where}: {spot.count}", *spot.names, *more]


def _ground(row: Row, figure: Figure, colour: str) -> dict[str, Any]:
    place, shape = row.place, row.shape
    lines = [place.name, in_words(Level(place.level).label)]
    lines += [place.parent.name] if place.parent else []
    lines.append(f"{in_words(figure.label)}: {row.cells[figure].words(figure)}")
    is_approximate = shape is not None and shape.is_approximate
    lines += [in_words(shape.known_by.label)] if shape and is_approximate else []
    return {
        "type": "Feature",
        "geometry": shape.geometry if shape else None,
        "properties": {"lines": lines, "colour": colour, "approximate": is_approximate},
    }


def _controls() -> dict[str, str]:
    return {
        "Map.Title": _("Map of the area"),
        "NavigationControl.ZoomIn": _("Zoom in"),
        "NavigationControl.ZoomOut": _("Zoom out"),
        "AttributionControl.ToggleAttribution": _("Sources of the base map"),
        "Popup.Close": _("Close"),
        "CooperativeGesturesHandler.WindowsHelpText": _("Use Ctrl and the wheel to zoom the map"),
        "CooperativeGesturesHandler.MacHelpText": _("Use ⌘ and the wheel to zoom the map"),
        "CooperativeGesturesHandler.MobileHelpText": _("Use two fingers to move the map"),
    }


def sources(atlas: Atlas) -> list[str]:
    """Where the outlines and the figures of the places come from, each once."""
    drawn = atlas.programme.boundaries.filter(place__level__in=(atlas.level, Level.VILLAGE, Level.DISTRICT))
    of_boundaries = drawn.order_by("source").values_list("source", flat=True).distinct()
    of_places = sorted({row.place.source for row in atlas.rows})
    return [in_words(source) for source in dict.fromkeys([*of_boundaries, *of_places]) if source]
