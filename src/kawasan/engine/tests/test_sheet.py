"""Sheets are drawn as the layout says, marked by a pen, photographed badly, and read back."""

from io import BytesIO

import numpy as np
import pytest
import segno
from PIL import Image, ImageDraw, ImageFilter

from kawasan.engine import sheet
from kawasan.engine.errors import InfeasibleError, InvalidInputError

ROWS = 14
PIXELS = 10  # a mm of the drawn sheet
Marks = list[tuple[int, str, bool]]  # of each row: the box (-1: none), how it is marked, whether it is signed


def drawn(marks: Marks, number: str = "ABCDEFGH", page: int = 0, rows: int = ROWS, *, codes: int = 4) -> Image.Image:
    """A printed sheet with a pen's marks on it."""
    made = sheet.layout(number, rows)[page]
    picture = Image.new("L", (round(sheet.WIDTH * PIXELS), round(sheet.HEIGHT * PIXELS)), 255)
    draw = ImageDraw.Draw(picture)
    for code in made["codes"][:codes]:
        png = BytesIO()
        segno.make(code["text"], error="m", micro=False).save(png, kind="png", scale=12, border=0)
        side, at = round(code["size"] * PIXELS), (round(code["x"] * PIXELS), round(code["y"] * PIXELS))
        picture.paste(Image.open(png).convert("L").resize((side, side), Image.Resampling.NEAREST), at)
    for row, (box, how, signed) in zip(made["rows"], marks, strict=True):
        for x in made["box_x"]:
            top, side = row["y"] + made["box_y"], made["box"]
            draw.rectangle([v * PIXELS for v in (x, top, x + side, top + side)], outline=0, width=3)
        if box >= 0:
            pen(draw, made["box_x"][box], row["y"] + made["box_y"], how)
        if signed:
            x, y = made["sign"]["x"] + 8, row["y"] + 6
            points = [((x + t) * PIXELS, (y + 2.2 * np.sin(t * 1.7)) * PIXELS) for t in np.arange(0, 25, 0.4)]
            draw.line(points, fill=60, width=5)
    return picture


def pen(draw: ImageDraw.ImageDraw, x: float, y: float, how: str) -> None:
    strokes = {
        "cross": [[(1, 1), (5, 5)], [(5, 1), (1, 5)]],
        "tick": [[(1.2, 3.2), (2.5, 4.8), (5.2, 1.2)]],
        "slash": [[(1.2, 4.9), (4.9, 1.2)]],
        "dot": [[(2.9, 2.9), (3.3, 3.2)]],
    }[how]
    for stroke in strokes:
        draw.line([((x + a) * PIXELS, (y + b) * PIXELS) for a, b in stroke], fill=70, width=6)


def photographed(page: Image.Image, seed: int) -> Image.Image:
    """As a telephone would have it: turned, tilted, bent, shaded, blurred, noisy, compressed."""
    random = np.random.default_rng(seed)
    width, height = 2000, 2700
    corners = np.array([(0, 0), (page.width, 0), (page.width, page.height), (0, page.height)], float)
    turn = np.radians(random.uniform(-14, 14) + random.choice([0, 90, 180, 270]))
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    scale = 0.62 if abs(np.sin(turn)) > 0.6 else 0.72
    seen = (corners - corners.mean(axis=0)) @ spin.T * scale * 0.95 + (width / 2, height / 2)
    seen += random.uniform(-90, 90, (4, 2))  # the tilt
    h = sheet._homography(seen, corners)
    desk = Image.new("L", (page.width, page.height), 255)
    desk.paste(bent(page, random))
    tilt = (h / h[2, 2]).ravel()[:8].tolist()
    photo = desk.transform((width, height), Image.Transform.PERSPECTIVE, tilt, Image.Resampling.BICUBIC, fillcolor=150)
    light = np.asarray(photo.filter(ImageFilter.GaussianBlur(random.uniform(0.4, 1.4))), float)
    yy, xx = np.mgrid[0:height, 0:width]
    slope = random.uniform(-0.22, 0.22, 2)
    light *= 0.78 + slope[0] * (xx / width - 0.5) + slope[1] * (yy / height - 0.5)
    edge = xx * random.uniform(-1, 1) + yy > random.uniform(0.3, 1.0) * height
    shadow = Image.fromarray((edge * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(25))
    light *= 1 - 0.35 * np.asarray(shadow, float) / 255
    light += random.normal(0, 6, light.shape)
    written = BytesIO()
    Image.fromarray(light.clip(0, 255).astype(np.uint8)).save(written, "JPEG", quality=70)
    return Image.open(written)


def bent(page: Image.Image, random: np.random.Generator) -> Image.Image:
    """Paper that is not flat: its middle lies up to 0.8 mm beside where a flat sheet would have it."""
    moved = np.asarray(page)
    reach = random.uniform(-0.8, 0.8) * PIXELS
    shifts = np.round(reach * np.sin(np.linspace(0, np.pi, page.height))).astype(int)
    return Image.fromarray(np.stack([np.roll(line, by) for line, by in zip(moved, shifts, strict=True)]))


def random_marks(random: np.random.Generator, rows: int = ROWS) -> Marks:
    box = random.choice([0, 0, 0, 1, 2, 3, -1], rows)
    how = random.choice(["cross", "tick", "slash"], rows)
    return [(int(b), str(h), bool(b in (0, 1))) for b, h in zip(box, how, strict=True)]


def test_a_flat_scan_is_read_as_it_was_marked() -> None:
    marks: Marks = [(0, "cross", True), (1, "tick", True), (2, "slash", False), (3, "cross", False), (-1, "", False)]
    page = sheet.read(drawn(marks, rows=5), {"ABCDEFGH": 5})
    assert (page.sheet, page.page, page.codes) == ("ABCDEFGH", 0, 4)
    assert [row.choice for row in page.rows] == [0, 1, 2, 3, -1]
    assert [row.is_signed for row in page.rows] == [True, True, False, False, False]
    assert all(row.is_sure for row in page.rows)


@pytest.mark.parametrize("seed", range(4))
def test_a_bad_photo_is_read_as_it_was_marked(seed: int) -> None:
    """What is sure is right, and little is unsure; docs/methods/sheet.md has the figures of many more photos."""
    marks = random_marks(np.random.default_rng(seed))
    page = sheet.read(photographed(drawn(marks), seed), {"ABCDEFGH": ROWS})
    sure = [(row.choice, box) for row, (box, _how, _signed) in zip(page.rows, marks, strict=True) if row.is_sure]
    assert [read for read, _box in sure] == [box for _read, box in sure]
    assert len(sure) >= ROWS - 2


def test_what_is_not_clear_is_said_to_be_so() -> None:
    marks: Marks = [(0, "cross", True), (0, "dot", True), (-1, "", True)]
    picture = drawn(marks, rows=3)
    made = sheet.layout("ABCDEFGH", 3)[0]
    pen(ImageDraw.Draw(picture), made["box_x"][3], made["rows"][0]["y"] + made["box_y"], "tick")
    page = sheet.read(picture, {"ABCDEFGH": 3})
    assert [row.is_sure for row in page.rows] == [False, False, False]  # two boxes, a dot, a signature without a box


def test_the_second_page_has_the_rows_that_are_left() -> None:
    marks: Marks = [(3, "cross", False)] * 2
    page = sheet.read(drawn(marks, page=1, rows=sheet.MOST_ROWS + 2), {"ABCDEFGH": sheet.MOST_ROWS + 2})
    assert page.page == 1
    assert [row.choice for row in page.rows] == [3, 3]


def test_three_codes_are_enough_and_two_are_not() -> None:
    marks: Marks = [(0, "cross", True)]
    assert sheet.read(drawn(marks, rows=1, codes=3), {"ABCDEFGH": 1}).rows[0].choice == 0
    with pytest.raises(InfeasibleError, match="2 of 4 codes"):
        sheet.read(drawn(marks, rows=1, codes=2), {"ABCDEFGH": 1})


def test_what_is_no_sheet_of_ours_is_refused() -> None:
    with pytest.raises(InfeasibleError, match="No code"):
        sheet.read(Image.new("RGB", (400, 400), "white"), {"ABCDEFGH": 1})
    with pytest.raises(InfeasibleError, match="not known"):
        sheet.read(drawn([(0, "cross", True)], rows=1), {"ANDERE": 1})
    both = Image.new("L", (4300, 2970), 255)
    both.paste(drawn([(0, "cross", True)], rows=1))
    both.paste(drawn([(0, "cross", True)], "ZWEITE", rows=1), (2200, 0))
    with pytest.raises(InfeasibleError, match="several pages"):
        sheet.read(both, {"ABCDEFGH": 1, "ZWEITE": 1})


def test_a_sheet_needs_a_number_and_rows() -> None:
    with pytest.raises(InvalidInputError):
        sheet.layout("ABC/1", 3)
    with pytest.raises(InvalidInputError):
        sheet.layout("ABC", 0)


def test_a_projection_is_found_from_more_points_than_it_needs() -> None:
    """The oracle: points brought forward by a known projection come back to 1e-9."""
    truth = np.array([[1.1, 0.2, 30], [-0.1, 0.9, 50], [1e-4, -2e-4, 1]])
    points = np.random.default_rng(1).uniform(0, 2000, (16, 2))
    found = sheet._homography(points, sheet._projected(truth, points))
    assert np.allclose(found / found[2, 2], truth, atol=1e-9)
