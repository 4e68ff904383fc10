# ruff: noqa: INP001 - script of an example folder, not a package
"""Write down the tools that the assistance paid, as a mentor saw them in February. Same files, same rows.

    python scripts/assets.py        after after_the_draw.py and assistance.py wrote their files

It needs no database. Planted: one tool is broken and one is gone. All of it is invented.
"""

import csv
from collections import defaultdict
from pathlib import Path

FOLDER = Path(__file__).parents[1]
SEEN, BROKEN, GONE = "2023-02-08", 3, 6  # which rows are no longer in use
COLUMNS = (
    "code", "enterprise", "name", "quantity", "value_idr", "acquired_on", "origin", "condition", "seen_on", "note",
    "source",
)  # fmt: skip


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def bought() -> dict[str, tuple[int, str]]:
    """What was paid of each line of a budget, and the last day."""
    dated = {one["code"]: one["dated"] for one in read("assistance_purchases") if not one["reverses"]}
    found: dict[str, tuple[int, str]] = defaultdict(lambda: (0, ""))
    for item in read("assistance_items"):
        if item["purchase"] in dated:
            paid, last = found[item["line"]]
            found[item["line"]] = paid + int(item["amount_idr"]), max(last, dated[item["purchase"]])
    return found


def rows() -> list[list[object]]:
    receiver = {one["code"]: one["receiver"] for one in read("assistances")}
    proposal = {one["code"]: receiver[one["assistance"]] for one in read("assistance_steps")}
    enterprise = {one["owner"]: one["code"] for one in read("enterprises")}
    paid, made = bought(), []
    for line in read("budget_lines"):
        owner = enterprise.get(proposal[line["proposal"]])
        if line["category"] == "tools" and owner and line["code"] in paid:
            value, day = paid[line["code"]]
            number = len(made) + 1
            condition = {BROKEN: "broken", GONE: "gone"}.get(number, "good")
            note = {BROKEN: "menunggu suku cadang", GONE: "menurut pemilik dipinjam saudara"}.get(number, "")
            told = [line["quantity"], value, day, "assistance", condition, SEEN, note, "synthetic"]
            made.append([f"AS{number:04}", owner, line["item"], *told])
    return made


def main() -> None:
    with (FOLDER / "assets.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows())


if __name__ == "__main__":
    main()
