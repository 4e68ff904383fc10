# ruff: noqa: INP001, T201 - a command that speaks by printing
"""How well attendance sheets are read from bad photos: python benchmarks/attendance_sheet.py [PHOTOS]

Each sheet is drawn, marked with a pen (crosses, ticks, slashes; some rows empty) and photographed as the tests do it:
turned by any angle, tilted, bent, shaded, blurred, noisy, compressed. Once as it is, once made small as uploads are.
"""

import sys
import time

import numpy as np
from PIL import Image

from kawasan.core.photos import LONGEST_SIDE
from kawasan.engine import sheet
from kawasan.engine.errors import InfeasibleError
from kawasan.engine.tests.test_sheet import ROWS, drawn, photographed, random_marks


def main(photos: int) -> None:
    for name, longest in (("as taken, 2000 × 2700", 9999), (f"made small, {LONGEST_SIDE}", LONGEST_SIDE)):
        counts = {"not read": 0, "rows": 0, "sure and right": 0, "sure and wrong": 0, "unsure": 0}
        seconds = 0.0
        for seed in range(1000, 1000 + photos):
            marks = random_marks(np.random.default_rng(seed))
            photo = photographed(drawn(marks), seed)
            photo.thumbnail((longest, longest), Image.Resampling.BICUBIC)
            start = time.perf_counter()
            try:
                page = sheet.read(photo, {"ABCDEFGH": ROWS})
            except InfeasibleError:
                counts["not read"] += 1
                continue
            seconds += time.perf_counter() - start
            for row, (box, _how, _signed) in zip(page.rows, marks, strict=True):
                counts["rows"] += 1
                right = "sure and right" if row.choice == box else "sure and wrong"
                counts[right if row.is_sure else "unsure"] += 1
        print(f"{name}: {photos} photos, {counts}, {seconds / max(1, photos - counts['not read']):.2f} s a photo")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
