"""A map as SVG: ground in the colours of its figures, numbered marks, names and a scale bar; needs no script.

Pages show it where no script runs and on paper, and the PDF has it too.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from shapely.geometry.base import BaseGeometry

from kawasan.areas.outlines import KM_A_DEGREE, Point
from kawasan.core.language import number

Box = tuple[float, float, float, float]
LINE, TEXT, PLAIN = "#44546a", "#1f2937", "#dbe4ee"
FAMILY = "Arial, Helvetica, Liberation Sans, sans-serif"
MARGIN = 14.0
SCALE_STRIP = 40.0  # pixels below the map for the bar
TALLEST = 1.25  # height of the map as a multiple of its width
RADIUS = 10.0  # pixels of a mark
OVERLAP = 2.5  # pixels by which marks may cover one another
NUDGES = (0, -1.5, 1.5, -3, 3, -4.5, 4.5)  # heights of a name by which it may move out of the way of marks
LETTER = 0.56  # width of a letter as a share of its height, about


@dataclass(frozen=True, slots=True)
class Ground:
    """A place as it is drawn: its outline, colour, what is said of it, and the name written on it, if any."""

    outline: BaseGeometry
    title: str
    fill: str = PLAIN
    is_approximate: bool = False
    centre: Point | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered point of a layer: round where it is one thing, square where it counts some."""

    at: Point
    text: str
    title: str
    colour: str
    is_count: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """How degrees become pixels."""

    west: float
    north: float
    across: float
    scale: float
    width: float
    height: float

    def put(self, point: Point) -> Point:
        x = MARGIN + (point[0] - self.west) * self.across * self.scale
        return x, MARGIN + (self.north - point[1]) * self.scale


def svg(
    grounds: Sequence[Ground],
    marks: Sequence[Mark],
    *,
    width: float,
    label: str,
    font: float = 12,
    tallest: float = TALLEST,
    family: str = FAMILY,
) -> SafeString:
    """The whole picture; nothing where there is nothing to draw."""
    frame = _frame(grounds, marks, width, tallest)
    if frame is None:
        return mark_safe("")
    height = frame.height + SCALE_STRIP
    drawn, taken = _marks(marks, frame)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img" aria-label="{escape(label)}" font-family="{family}" font-size="{font}" '
        f'fill="{TEXT}">',
        *(_ground(ground, frame) for ground in grounds),
        *_names(grounds, frame, font, taken),
        *drawn,
        *_scale_bar(frame, font),
        "</svg>",
    ]
    return mark_safe("".join(parts))  # noqa: S308 - every word in it is escaped


def _frame(grounds: Sequence[Ground], marks: Sequence[Mark], width: float, tallest: float) -> Frame | None:
    """The ground fills the picture; marks widen it only where there is no ground, since some lie far away."""
    shapes = [ground.outline for ground in grounds] or [shapely.Point(mark.at).buffer(0.01) for mark in marks]
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds(shapes)
    across = math.cos(math.radians((south + north) / 2))
    room = width - 2 * MARGIN
    scale = min(room / ((east - west) * across), tallest * room / (north - south))
    west -= (room / scale / across - (east - west)) / 2
    return Frame(west, north, across, scale, width, (north - south) * scale + 2 * MARGIN)


def _ground(ground: Ground, frame: Frame) -> str:
    dashes = ' stroke-dasharray="4 3"' if ground.is_approximate else ""
    return (
        f'<path d="{_path(ground.outline, frame)}" fill="{ground.fill}" fill-rule="evenodd" stroke="{LINE}" '
        f'stroke-width="0.8"{dashes}><title>{escape(ground.title)}</title></path>'
    )


def _path(outline: BaseGeometry, frame: Frame) -> str:
    """Points that fall on the same tenth of a pixel are left out: a telephone pays for each."""
    lines = []
    for ring in shapely.get_rings(outline):
        points = (frame.put((x, y)) for x, y in ring.coords)
        steps = list(dict.fromkeys(f"{x:.1f} {y:.1f}" for x, y in points))
        if len(steps) > 2:
            lines.append(f"M{'L'.join(steps)}Z")
    return "".join(lines)


def _names(grounds: Sequence[Ground], frame: Frame, font: float, taken: Sequence[Box]) -> list[str]:
    """A name stands aside of marks; one that would cover another is left out, a table beside the map has them all."""
    drawn: list[Box] = []
    texts = []
    for ground in grounds:
        if not ground.name or ground.centre is None:
            continue
        boxes = [box for box in _boxes(ground.name, frame.put(ground.centre), frame, font) if not _any(box, drawn)]
        if not boxes:
            continue
        box = next((one for one in boxes if not _any(one, taken)), boxes[0])
        drawn.append(box)
        x, y = (box[0] + box[2]) / 2, box[1] + font * 4 / 3
        texts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-weight="600" stroke="#fff" '
            f'stroke-width="3" stroke-linejoin="round" paint-order="stroke">{escape(ground.name)}</text>'
        )
    return texts


def _boxes(name: str, at: Point, frame: Frame, font: float) -> Iterator[Box]:
    """Where a name may stand, the best first: in the middle of its place, then above and below it."""
    half = len(name) * font * LETTER / 2
    x = min(max(at[0], half), frame.width - half)
    for step in NUDGES:
        y = at[1] + step * font
        if font <= y <= frame.height:
            yield x - half, y - font, x + half, y + font / 2


def _any(box: Box, others: Sequence[Box]) -> bool:
    return any(_cover(box, other) for other in others)


def _cover(one: Box, other: Box) -> bool:
    left, top, right, bottom = one
    west, north, east, south = other
    return left < east and west < right and top < south and north < bottom


def _marks(marks: Sequence[Mark], frame: Frame) -> tuple[list[str], list[Box]]:
    """What is drawn, and the room it takes.

    Marks at one spot stand around it. One that would cover another is a dot; a table beside the map tells all.
    """
    spots: dict[Point, list[Mark]] = defaultdict(list)
    for mark in marks:
        spots[mark.at].append(mark)
    drawn: list[str] = []
    taken: list[Box] = []
    for at, here in spots.items():
        x, y = frame.put(at)
        if not (0 <= x <= frame.width and 0 <= y <= frame.height):
            continue
        for step, mark in enumerate(here):
            dx, dy = around(step, len(here), RADIUS)
            box = _box(mark, x + dx, y + dy)
            if any(_cover(box, other) for other in taken):
                drawn.insert(0, _dot(mark, x + dx, y + dy))
            else:
                taken.append(box)
                drawn.append(_mark(mark, x + dx, y + dy))
    return drawn, taken


def _box(mark: Mark, x: float, y: float) -> Box:
    half = _half(mark) - OVERLAP
    return x - half, y - RADIUS + OVERLAP, x + half, y + RADIUS - OVERLAP


def _half(mark: Mark) -> float:
    """Half the width of a mark."""
    return max(RADIUS, 11 * LETTER * len(mark.text) / 2 + 3)


def _dot(mark: Mark, x: float, y: float) -> str:
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{mark.colour}" stroke="#fff"><title>{escape(mark.title)}'
        "</title></circle>"
    )


def around(step: int, count: int, radius: float) -> Point:
    """How far a mark stands from the spot that it shares with others."""
    if count == 1:
        return 0, 0
    angle, distance = 2 * math.pi * step / count, max(radius * 1.1, count * radius * 2.1 / (2 * math.pi))
    return distance * math.sin(angle), -distance * math.cos(angle)


def _mark(mark: Mark, x: float, y: float) -> str:
    paint = f'fill="{mark.colour}" stroke="#fff" stroke-width="1.5"'
    half = _half(mark)
    shape = (
        f'<rect x="{x - half:.1f}" y="{y - RADIUS:.1f}" width="{2 * half:.1f}" height="{2 * RADIUS}" rx="3" {paint}/>'
        if mark.is_count
        else f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}" {paint}/>'
    )
    return (
        f'<g><title>{escape(mark.title)}</title>{shape}<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" '
        f'font-size="11" font-weight="600" fill="#fff">{escape(mark.text)}</text></g>'
    )


def _scale_bar(frame: Frame, font: float) -> list[str]:
    """A round number of kilometres, at most a third of the width, and where north is."""
    per_km = frame.scale / KM_A_DEGREE
    most = (frame.width - 2 * MARGIN) / 3 / per_km
    power = 10 ** math.floor(math.log10(most))
    km = max(step * power for step in (1, 2, 5) if step * power <= most)
    y, right = frame.height + 10, MARGIN + km * per_km
    words = f"{number(km * 1000)} m" if km < 1 else f"{number(km)} km"
    return [
        f'<path d="M{MARGIN} {y - 4}V{y + 4}M{MARGIN} {y}H{right:.1f}M{right:.1f} {y - 4}V{y + 4}" stroke="{TEXT}" '
        'stroke-width="1.5" fill="none"/>',
        f'<text x="{MARGIN}" y="{y + 6 + font}">{words}</text>',
        f'<text x="{frame.width - MARGIN}" y="{y + 6 + font}" text-anchor="end">↑ {escape(gettext("north"))}</text>',
    ]
