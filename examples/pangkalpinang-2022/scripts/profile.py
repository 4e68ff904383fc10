# ruff: noqa: INP001 - script of an example folder, not a package
"""Write down what enterprises can make and who the members of a few of them are. Same files, same rows.

    python scripts/profile.py        after after_the_draw.py and together.py wrote their files

It needs no database. Two of three enterprises reported their capacity when it was measured; the others did not. Heads
of groups took the officers of their group into their enterprise. Planted: one member left, one changed the role. All of
it is invented.
"""

import csv
import datetime
from pathlib import Path

FOLDER = Path(__file__).parents[1]
REPORTING = 3  # every enterprise whose number this divides says nothing
CHANGE = 0.05  # of the capacity, from which on it was written down again
JOINED, LEFT = "2022-12-01", "2023-01-20"
SOURCE = "synthetic"
CAPACITIES = ("code", "enterprise", "commodity", "quantity_per_month", "since", "source")
MEMBERS = ("code", "enterprise", "applicant", "role", "since", "until", "source")


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(name: str, columns: tuple[str, ...], prefix: str, rows: list[list[object]]) -> None:
    with (FOLDER / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([f"{prefix}{number:04}", *row, SOURCE] for number, row in enumerate(rows, 1))


def capacities() -> list[list[object]]:
    """What was measured of each, from the day of the measurement on; again where it changed."""
    units = {one["code"]: one["unit"] for one in read("commodities")}
    makes: dict[tuple[str, str], str] = {}
    for flow in read("activity_flows"):
        if flow["direction"] == "output":
            makes.setdefault((flow["activity"], units[flow["commodity"]]), flow["commodity"])
    enterprises = {one["owner"]: one for one in read("enterprises") if int(one["code"][1:]) % REPORTING}
    made, last = [], dict[str, float]()
    for one in read("measurements"):
        enterprise = enterprises.get(one["applicant"])
        if not (enterprise and one["capacity"]):
            continue
        code, quantity = enterprise["code"], float(one["capacity"])
        commodity = makes.get((enterprise["activity"], one["capacity_unit"]))
        since = max(one["measured_on"], enterprise["started_on"])
        if commodity and abs(quantity - last.get(code, 0.0)) > CHANGE * last.get(code, 0.0):
            made.append([code, commodity, one["capacity"], since])
            last[code] = quantity
    return sorted(made, key=lambda row: (str(row[3]), str(row[0])))


def members() -> list[list[object]]:
    """The officers whom a group voted, in the enterprise of its head."""
    enterprises = {one["owner"]: one for one in read("enterprises") if one["status"] == "running"}
    voted: dict[str, dict[str, str]] = {}
    for ballot in sorted(read("ballots"), key=lambda one: (one["vote"], -int(one["votes"]), one["applicant"])):
        voted.setdefault(ballot["vote"], {}).setdefault(ballot["office"], ballot["applicant"])
    made: list[list[object]] = [
        [
            enterprises[officers["head"]]["code"],
            person,
            office,
            max(JOINED, enterprises[officers["head"]]["started_on"]),
            "",
        ]
        for officers in voted.values()
        if officers["head"] in enterprises
        for office, person in officers.items()
    ]
    treasurers = [row for row in made if row[2] == "treasurer"]
    treasurers[0][4] = LEFT  # left, and nobody followed
    day = datetime.date.fromisoformat(LEFT)
    treasurers[1][4] = (day - datetime.timedelta(days=1)).isoformat()
    made.append([*treasurers[1][:2], "member", LEFT, ""])  # is a member without an office since
    return made


def main() -> None:
    write("capacities", CAPACITIES, "PC", capacities())
    write("enterprise_members", MEMBERS, "EM", members())


if __name__ == "__main__":
    main()
