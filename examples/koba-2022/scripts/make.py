# ruff: noqa: INP001 - a script of an example folder, not a package
"""Make what is invented row by row. Same seed, same files.

    python scripts/make.py                      writes persons.csv and applicants.csv
    kawasan run examples/koba-2022              stops and asks for answers
    kawasan dump koba-2022 FOLDER
    python scripts/make.py FOLDER               writes answers.csv
    kawasan run examples/koba-2022              and dump it once more
    python scripts/make.py FOLDER               writes what followed

Everybody is invented: identity numbers end in the serial 0000, which is never issued.
"""

import csv
import datetime
import random
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1]
sys.path.insert(0, str(FOLDER.parent / "pangkalpinang-2022" / "scripts"))
from people import full_name, nik_of  # noqa: E402

SEED = 19042022
PEOPLE = 44
FIRST_DAY = datetime.date(2022, 8, 29)
IDEAS = {
    "laut": (
        ("ACT-GETAS", "Getas", "Membuat getas dari ikan yang dibeli di pelabuhan."),
        ("ACT-TERASI", "Terasi", "Menjemur rebon dan membuat terasi seperti keluarga saya dahulu."),
        ("ACT-SAMBAL", "Sambal", "Sambal terasi dalam botol untuk toko oleh-oleh."),
    ),
    "kebun": (
        ("ACT-CABAI", "Cabai", "Menanam cabai rawit di kebun kas desa."),
        ("ACT-MADU", "Madu", "Memelihara kelulut di pekarangan."),
    ),
}
KBLI = {"ACT-GETAS": "10794", "ACT-TERASI": "10295", "ACT-SAMBAL": "10779", "ACT-CABAI": "01283", "ACT-MADU": "01493"}
SALES = {
    "ACT-GETAS": (340_000, 620_000),
    "ACT-TERASI": (260_000, 540_000),
    "ACT-SAMBAL": (280_000, 600_000),
    "ACT-CABAI": (180_000, 700_000),
    "ACT-MADU": (90_000, 320_000),
}  # rupiah a week, least and most
NOT_ELIGIBLE = {5: {"activity_now": "employed"}, 17: {"activity_now": "student"}, 30: {"years": 58}}
SHARING = {9: 8, 23: 22}  # people of one household
REACHED = 22  # places of the order that were asked for an answer
DECLINES = 2  # the one of them who has found work meanwhile
COMPARED = 10  # people without a seat who were measured too
OPENING = 13  # participants who opened an enterprise
OPENED = datetime.date(2022, 11, 14)
AS_OF = datetime.date(2023, 2, 15)


def write(name: str, rows: list[dict[str, Any]]) -> None:
    with (FOLDER / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | {"source": "synthetic"} for row in rows)


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def person(rng: random.Random, number: int, villages: list[str], homes: dict[int, str]) -> dict[str, Any]:
    sex = "female" if rng.random() < 0.5 else "male"
    years = NOT_ELIGIBLE.get(number, {}).get("years") or rng.choice((19, 22, 24, 27, 31, 36, 41, 47, 52))
    born = datetime.date(2022 - years, rng.randint(1, 7), rng.randint(1, 28))
    place = rng.choice(villages)
    name = full_name(rng, sex, years)
    homes[number] = homes[SHARING[number]] if number in SHARING else nik_of(place, born, "male")[:12] + f"{number:04}"
    return {
        "code": f"P{number:03}",
        "nik": nik_of(place, born, sex),
        "name": name,
        "sex": sex,
        "birth_date": born,
        "family_card": homes[number],
        "phone": f"+6281200008{number:03}",
        "address": f"Jalan Contoh No. {number}",
        "place": place,
        "education": rng.choice(("primary", "junior", "senior", "senior", "vocational", "bachelor")),
        "source": "",
    }


def application(rng: random.Random, number: int) -> dict[str, Any]:
    field = rng.choice(tuple(IDEAS))
    size = rng.randint(2, 6)
    return {
        "code": f"A{number:03}",
        "person": f"P{number:03}",
        "field": field,
        "idea": rng.choice(IDEAS[field])[2],
        "applied_on": FIRST_DAY + datetime.timedelta(days=rng.randrange(14)),
        "activity_now": NOT_ELIGIBLE.get(number, {}).get("activity_now", "unemployed"),
        "months_without_work": rng.choice((2, 4, 7, 9, 13, 20)),
        "household_size": size,
        "household_income_idr": rng.choice((0, 900_000, 1_400_000, 2_100_000, 2_800_000, 3_900_000)),
        "dependants": rng.randrange(size),
        "household_workers": rng.choice((0, 0, 1, 1, 2)),
        "source": "",
    }


def measured(rng: random.Random, round_code: str, applicant: str, has_seat: bool, activity: str) -> dict[str, Any]:
    later = round_code == "M3"
    works = later and rng.random() < (0.9 if has_seat else 0.45)
    hours = rng.choice((18, 24, 30, 40, 48)) if works else 0
    turnover = 4 * rng.randint(*SALES[activity]) if works and has_seat else ""
    return {
        "round": round_code,
        "applicant": applicant,
        "is_comparison": str(not has_seat).lower(),
        "measured_on": AS_OF - datetime.timedelta(days=rng.randint(2, 12)) if later else OPENED,
        "is_working": str(works).lower(),
        "hours_per_week": hours,
        "hours_last_week": hours,
        "was_absent": "false",
        "wants_more_hours": str(hours < 35).lower() if works else "",
        "seeks_work": "" if works else str(rng.random() < 0.6).lower(),
        "is_available": "true" if not works or hours < 35 else "",
        "turnover_idr": turnover,
        "profit_idr": turnover // 3 if turnover else "",
        "workers": 0,
        "cash_book": "manual" if works and has_seat else "none",
        "source": "",
    }


def cash_book(rng: random.Random, enterprise: str, activity: str, started: datetime.date) -> list[dict[str, Any]]:
    rows = [{"dated": started, "kind": "capital", "amount_idr": 2_000_000, "what": "Modal awal", "cost_kind": ""}]
    day = started + datetime.timedelta(days=7)
    while day < AS_OF:
        sale = rng.randint(*SALES[activity]) // 1000 * 1000
        rows.append({"dated": day, "kind": "sale", "amount_idr": sale, "what": "Penjualan seminggu", "cost_kind": ""})
        cost = {"kind": "cost", "amount_idr": sale * 55 // 100, "what": "Bahan", "cost_kind": "materials"}
        rows.append({"dated": day, **cost})
        day += datetime.timedelta(days=7)
    return [{"enterprise": enterprise, **row} for row in rows]


def before_the_draw() -> None:
    rng, homes = random.Random(SEED), dict[int, str]()  # noqa: S311 - repeatable on purpose
    villages = [row["code"] for row in read(FOLDER, "places") if row["level"] == "village"]
    numbers = range(1, PEOPLE + 1)
    write("persons", [person(rng, number, villages, homes) for number in numbers])
    write("applicants", [application(rng, number) for number in numbers])


def answers(seats: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Everybody accepts but one; some of the waiting list say in advance that they would."""
    asked = [row for row in seats if int(row["place_in_order"]) <= REACHED]
    no = {"is_accepted": "false", "answered_on": "2022-09-23", "note": "Mendapat pekerjaan di tempat lain"}
    yes = {"is_accepted": "true", "answered_on": "2022-09-26", "note": ""}
    return [{"applicant": row["applicant"], **(no if row is asked[DECLINES] else yes), "source": ""} for row in asked]


def enterprise(rng: random.Random, number: int, code: str, activity: str, owner: dict[str, str]) -> dict[str, Any]:
    field, short = next((f, one[1]) for f, ideas in IDEAS.items() for one in ideas if one[0] == activity)
    return {
        "code": f"E{number:03}",
        "name": f"{short} {owner['name'].split()[0]}",
        "owner": code,
        "activity": activity,
        "field": field,
        "kbli_version": 2020,
        "kbli_code": KBLI[activity],
        "place": owner["place"],
        "started_on": OPENED + datetime.timedelta(days=rng.randrange(14)),
        "status": "running",
        "source": "",
    }


def after_the_draw(seats: list[dict[str, str]]) -> None:
    rng = random.Random(SEED + 1)  # noqa: S311 - repeatable on purpose
    fields = {row["code"]: row["field"] for row in read(FOLDER, "applicants")}
    persons = {row["code"].replace("P", "A"): row for row in read(FOLDER, "persons")}
    participants = [row["applicant"] for row in seats if row["status"] == "accepted"]
    comparison = [row["applicant"] for row in seats if row["status"] == "waiting"][-COMPARED:]
    activity_of = {code: rng.choice(IDEAS[fields[code]])[0] for code in participants + comparison}
    people = [(code, code in participants) for code in sorted(activity_of)]
    write("measurements", [measured(rng, name, *one, activity_of[one[0]]) for name in ("B0", "M3") for one in people])
    owners = enumerate(sorted(participants)[:OPENING], 1)
    opened = [enterprise(rng, number, code, activity_of[code], persons[code]) for number, code in owners]
    books = [row for one in opened for row in cash_book(rng, one["code"], one["activity"], one["started_on"])]
    write("enterprises", opened)
    write("cash_entries", [{"code": f"C{number:04}", **row, "source": ""} for number, row in enumerate(books, 1)])


def main(dumped: str = "") -> None:
    seats = read(Path(dumped), "seats") if dumped else []
    if not seats:
        before_the_draw()
    elif any(row["status"] == "accepted" for row in seats):
        after_the_draw(seats)
    else:
        write("answers", answers(seats))


if __name__ == "__main__":
    main(*sys.argv[1:])
