"""A form on paper whose boxes are read back from a photo: where everything stands, and what was marked."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from kawasan.engine.errors import InfeasibleError, InvalidInputError

WIDTH, HEIGHT = 210.0, 297.0  # mm; A4
CODE = 16.0  # mm; a code's side
CODE_AT = ((10.0, 10.0), (184.0, 10.0), (10.0, 271.0), (184.0, 271.0))  # mm; corners of the page in reading order
TOP, ROW, MOST_ROWS = 66.0, 11.0, 16  # mm, mm, rows a page
BOX, BOX_Y = 6.0, 2.5  # mm: side of a box, and its distance from the top of the row
BOX_X = (84.0, 97.0, 110.0, 123.0)  # mm
SIGN_X, SIGN_WIDTH = 140.0, 58.0  # mm
SCALE = 6.0  # pixels a mm of the straightened page, about 150 dpi
LEAST_CODES = 3  # of four: one corner may be folded or under a thumb

INSIDE = 1.1  # mm of a box's edge that are not looked at: the printed line, and what the photo moved
SHIFT = 1.2  # mm that a row may lie beside its place: paper is not flat
DARK = 0.72  # of the paper's brightness nearby; below it is ink
MARKED, EMPTY = 0.07, 0.025  # share of a box's inside that is ink; between the two nobody can tell
SIGNED = 0.012  # share of the field for the signature

Grey = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Row:
    """What stands in a row. ink : share of each box that is ink, 0 to 1, in order of the boxes.

    choice: the box that is marked most, -1 when none is. is_sure: whether it alone is marked, or none is at all.
    is_signed: whether there is ink in the field for the signature. shift: (x, y) in mm by which the row lay beside.
    """

    ink: tuple[float, ...]
    choice: int
    is_sure: bool
    is_signed: bool
    shift: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Page:
    """A page made straight. sheet, page: what its codes say. picture: RGB, SCALE pixels a mm. codes: how many read."""

    sheet: str
    page: int
    rows: tuple[Row, ...]
    picture: Image.Image
    codes: int


def layout(sheet: str, rows: int) -> list[dict[str, Any]]:
    """Return for each page where codes, rows and boxes stand, in mm from the top left corner.

    Parameters  sheet : letters and digits, the number of the sheet. rows : of the whole list, ≥ 1.
    Raises      InvalidInputError
    """
    if rows < 1 or not sheet.isalnum():
        raise InvalidInputError("A sheet has a number of letters and digits, and at least one row.")
    return [_page_layout(sheet, page, range(start, min(start + MOST_ROWS, rows)))
            for page, start in enumerate(range(0, rows, MOST_ROWS))]  # fmt: skip


def _page_layout(sheet: str, page: int, rows: range) -> dict[str, Any]:
    return {
        "codes": [
            {"x": x, "y": y, "size": CODE, "text": f"KWS/{sheet}/{page}/{corner}"}
            for corner, (x, y) in enumerate(CODE_AT)
        ],
        "top": TOP,
        "bottom": TOP + ROW * len(rows),
        "row": ROW,
        "box": BOX,
        "box_x": list(BOX_X),
        "box_y": BOX_Y,
        "sign": {"x": SIGN_X, "width": SIGN_WIDTH},
        "rows": [{"row": row, "y": TOP + ROW * place} for place, row in enumerate(rows)],
    }


def read(photo: Image.Image, rows_of: dict[str, int]) -> Page:
    """Read a page from a photo or a scan, turned, tilted and shaded as it may be.

    The corners of the codes, whose places on the paper are known, give the projection that makes the page straight
    (least squares over all corners found). In it each row is moved to where the printed edges of its boxes are darkest,
    because paper is not flat. Ink is what is darker than the paper nearby, so that a shadow is none.

    Parameters  photo : any mode. rows_of : how many rows the list of each sheet has, by the sheet's number.
    Returns     Page
    Raises      InfeasibleError — conflict is ("codes",) when fewer than three of one page's four codes can be read,
                ("pages",) when the photo shows several pages, ("sheet",) when the sheet is not known.
    Source      Direct linear transform with normalised points: Hartley, Zisserman (2004), Multiple View Geometry, 4.1.
    """
    found = _codes(photo.convert("L"))
    sheets = {key for key, _points in found.items()}
    if not sheets:
        raise InfeasibleError("No code of a sheet can be read.", ("codes",))
    if len(sheets) > 1:
        raise InfeasibleError("The photo shows several pages.", ("pages",))
    (sheet, page), corners = next(iter(found.items()))
    if len(corners) < LEAST_CODES:
        raise InfeasibleError(f"{len(corners)} of 4 codes can be read.", ("codes",))
    if sheet not in rows_of or page * MOST_ROWS >= rows_of[sheet]:
        raise InfeasibleError("The sheet is not known.", ("sheet",))
    straight = _straight(photo.convert("RGB"), corners)
    grey = np.asarray(straight.convert("L"), np.float32)
    many = min(MOST_ROWS, rows_of[sheet] - page * MOST_ROWS)
    return Page(sheet, page, tuple(_row(grey, place) for place in range(many)), straight, len(corners))


def cut(picture: Image.Image, place: int) -> Image.Image:
    """Return one row of a straightened page, from its boxes to its signature.

    Parameters  place : of the row on its page, from 0.
    """
    top = TOP + ROW * place
    edges = (BOX_X[0] - 70, top, SIGN_X + SIGN_WIDTH, top + ROW)
    left, upper, right, lower = (round(SCALE * mm) for mm in edges)
    return picture.crop((left, upper, right, lower))


def _codes(grey: Image.Image) -> dict[tuple[str, int], dict[int, NDArray[np.float64]]]:
    """The four corners of each code in the photo's pixels, by sheet and page, then by the corner of the page."""
    found: dict[tuple[str, int], dict[int, NDArray[np.float64]]] = {}
    for one in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])):
        parts = one.text.split("/")
        if len(parts) == 4 and parts[0] == "KWS" and parts[2].isdigit() and parts[3] in {"0", "1", "2", "3"}:
            at = one.position
            points = [(p.x, p.y) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
            found.setdefault((parts[1], int(parts[2])), {})[int(parts[3])] = np.array(points, float)
    return found


def _straight(photo: Image.Image, corners: dict[int, NDArray[np.float64]]) -> Image.Image:
    square = np.array([(0, 0), (CODE, 0), (CODE, CODE), (0, CODE)])
    paper = np.vstack([square + CODE_AT[corner] for corner in corners]) * SCALE
    pixels = np.vstack(list(corners.values()))
    h = _homography(paper, pixels)
    size = round(WIDTH * SCALE), round(HEIGHT * SCALE)
    coefficients = (h / h[2, 2]).ravel()[:8].tolist()
    return photo.transform(size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC, fillcolor="white")


def _homography(source: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """The projection that brings source to target, both (n, 2), n ≥ 4, with the least algebraic error."""
    a, b = _normalising(source), _normalising(target)
    s, t = _projected(a, source), _projected(b, target)
    rows = []
    for (x, y), (u, v) in zip(s, t, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y, -u], [0, 0, 0, x, y, 1, -v * x, -v * y, -v]]
    h = np.linalg.svd(np.array(rows))[2][-1].reshape(3, 3)
    return np.linalg.inv(b) @ h @ a


def _normalising(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Moves the points' mean to 0 and their mean distance from it to √2."""
    mean = points.mean(axis=0)
    scale = np.sqrt(2) / np.linalg.norm(points - mean, axis=1).mean()
    return np.array([[scale, 0, -scale * mean[0]], [0, scale, -scale * mean[1]], [0, 0, 1]])


def _projected(h: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    made = np.column_stack([points, np.ones(len(points))]) @ h.T
    return np.asarray(made[:, :2] / made[:, 2:])


def _row(grey: Grey, place: int) -> Row:
    top = TOP + ROW * place + BOX_Y
    x, y = _shift(grey, top)
    ink = tuple(_ink(grey, left + x + INSIDE, top + y + INSIDE, BOX - 2 * INSIDE, BOX - 2 * INSIDE) for left in BOX_X)
    signed = _ink(grey, SIGN_X + x, top + y - 1.5, SIGN_WIDTH, ROW - 3) >= SIGNED
    choice = int(np.argmax(ink)) if max(ink) > EMPTY else -1
    others = [share for box, share in enumerate(ink) if box != choice]
    is_sure = max(others) <= EMPTY and (choice < 0 or ink[choice] >= MARKED) and not (choice < 0 and signed)
    return Row(ink, choice, is_sure, signed, (x, y))


def _shift(grey: Grey, top: float) -> tuple[float, float]:
    """By how much (mm) the row lies beside its place: where the edges of its boxes are darkest."""
    reach = round(SHIFT * SCALE)
    steps = range(-reach, reach + 1)
    darkness = {(dx, dy): _edges(grey, top, dx, dy) for dx in steps for dy in steps}
    dx, dy = max(darkness, key=lambda step: (darkness[step], -abs(step[0]) - abs(step[1])))
    return dx / SCALE, dy / SCALE


def _edges(grey: Grey, top: float, dx: int, dy: int) -> float:
    side, total = round(BOX * SCALE), 0.0
    y = round(top * SCALE) + dy
    for left in BOX_X:
        x = round(left * SCALE) + dx
        total -= grey[y, x : x + side].sum() + grey[y + side, x : x + side].sum()
        total -= grey[y : y + side, x].sum() + grey[y : y + side, x + side].sum()
    return float(total)


def _ink(grey: Grey, x: float, y: float, width: float, height: float) -> float:
    """The share of a field (mm) that is darker than the paper around it."""
    left, top, right, bottom = (round(mm * SCALE) for mm in (x, y, x + width, y + height))
    margin = round(3 * SCALE)
    around = grey[max(0, top - margin) : bottom + margin, max(0, left - margin) : right + margin]
    paper = float(np.percentile(around, 75))
    return float((grey[top:bottom, left:right] < DARK * paper).mean())
