# ruff: noqa: INP001 - script of an example folder, not a package
"""Invent what was counted, made and lost of the goods that some enterprises keep. Same files, same rows.

    python scripts/stock.py         after after_the_draw.py wrote products.csv and cash_entries.csv

It needs no database. Planted: one enterprise sold more than it wrote down. All of it is invented.
"""

import csv
import datetime
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parents[1]
COUNTED, MADE, LOST = datetime.date(2023, 1, 31), datetime.date(2023, 2, 6), datetime.date(2023, 2, 10)
SINCE = datetime.date(2022, 12, 15)
GOODS = {"buah", "kg", "kotak", "potong", "helai"}  # units of what can lie on a shelf
Move = tuple[str, datetime.date, str, float, str]


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def moves() -> Iterator[Move]:
    """A count at the end of January, what was made since, and what spoiled: one of three products keeps a stock."""
    sold: dict[str, float] = defaultdict(float)
    for entry in read("cash_entries"):
        day = datetime.date.fromisoformat(entry["dated"])
        if entry["product"] and entry["quantity"] and day >= SINCE:
            sold[entry["product"]] += -float(entry["quantity"]) if entry["reverses"] else float(entry["quantity"])
    kept = [one for one in read("products") if one["unit"] in GOODS and one["is_sold"] == "true" and sold[one["code"]]]
    for place, product in enumerate(kept[::3]):
        rng = random.Random(f"stock {product['code']}")  # noqa: S311 - invented
        week = sold[product["code"]] / 9
        yield (
            product["code"],
            COUNTED,
            "counted",
            round(week * rng.uniform(0.6, 1.6)) + 1,
            "dihitung bersama pendamping",
        )
        if place:  # the first wrote nothing of what it made
            yield product["code"], MADE, "made", round(week * rng.uniform(1.5, 3.0)) + 1, ""
        if rng.random() < 0.3:
            yield product["code"], LOST, "lost", max(1, round(week * 0.1)), "rusak"


def main() -> None:
    with (FOLDER / "stock_moves.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "product", "dated", "kind", "quantity", "note", "source"])
        for number, (product, dated, kind, quantity, note) in enumerate(sorted(moves(), key=lambda one: one[1]), 1):
            writer.writerow([f"S{number:05}", product, dated, kind, quantity, note, "synthetic"])


if __name__ == "__main__":
    main()
