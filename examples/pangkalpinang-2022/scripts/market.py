# ruff: noqa: INP001 - script of an example folder, not a package
"""Invent orders, who brings what, what both sides signed, and whose products everybody sees. Same files, same rows.

    python scripts/market.py        after after_the_draw.py wrote contracts.csv and deliveries.csv

It needs no database. Planted: an order that is late and one that is short, a disputed delivery, a corrected one, a
payment that the enterprise misses, an owner who took the consent back. All of it is invented.
"""

import csv
import datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1]
SOURCE = "synthetic"
AS_OF = datetime.date(2023, 2, 15)
OFFICE, BUYER, MENTOR = "Ani Rahmawati", "Eko Prasetyo", "pendamping"
DAYS_TO_PAY = {"ORG-TELUR": 14, "ORG-PASAR": 7}
GRADES = {"KOM-TELUR": "bersih, ukuran sedang sampai besar", "KOM-LELE": "7 sampai 9 ekor sekilogram"}
PENALTY = "Kekurangan di atas 10 persen dipotong 5 persen dari tagihan bulan itu"
CONTRACTS = (
    "code", "demand", "enterprise", "quantity_per_month", "price_idr", "signed_on", "starts_on", "ends_on", "grade",
    "penalty", "payment_days", "source",
)  # fmt: skip
DELIVERIES = (
    "code", "contract", "order", "enterprise", "delivered_on", "quantity", "grade", "accepted_quantity", "price_idr",
    "pay_by", "paid_on", "who", "replaces", "source",
)  # fmt: skip
Row = dict[str, Any]


def read(name: str) -> list[Row]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(name: str, columns: tuple[str, ...], rows: list[Row]) -> None:
    with (FOLDER / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def later(day: str, days: int) -> str:
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=days)).isoformat()


class Steps:
    """What both sides said, in the order in which it was said."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def say(self, delivery: str, kind: str, dated: str, who: str, **more: Any) -> None:
        code = f"T{len(self.rows) + 1:04}"
        row = {"code": code, "delivery": delivery, "kind": kind, "dated": dated, "who": who, "source": SOURCE}
        self.rows.append(row | more)


def contracts(demands: dict[str, Row]) -> list[Row]:
    rows = read("contracts")
    for row in rows:
        demand = demands[row["demand"]]
        row["grade"] = GRADES.get(demand["commodity"], "")
        row["penalty"] = PENALTY if demand["offtaker"] == "ORG-TELUR" else ""
        row["payment_days"] = DAYS_TO_PAY.get(demand["offtaker"], 30)
    return rows


def deliveries(of: dict[str, Row], demands: dict[str, Row], steps: Steps) -> list[Row]:
    """Those of the contracts, each with what both sides said; D003 is disputed, D006 missed by the enterprise."""
    rows = [row for row in read("deliveries") if row["contract"] and not row.get("replaces") and not row.get("order")]
    for row in rows:
        contract = of[row["contract"]]
        offtaker = demands[contract["demand"]]["offtaker"]
        who = BUYER if offtaker == "ORG-OLEHOLEH" else offtaker
        row |= {"enterprise": contract["enterprise"], "grade": contract["grade"], "who": MENTOR}
        row["pay_by"] = later(row["delivered_on"], contract["payment_days"])
        dated = min(later(row["delivered_on"], 1), AS_OF.isoformat())
        if row["accepted_quantity"]:
            steps.say(row["code"], "confirmed", dated, who, quantity=row["accepted_quantity"])
        if row["paid_on"]:
            amount = round(float(row["accepted_quantity"]) * int(row["price_idr"]))
            steps.say(row["code"], "paid", row["paid_on"], who, amount_idr=amount)
            steps.say(row["code"], "received", row["paid_on"], MENTOR, amount_idr=amount)
    return rows


def planted(rows: list[Row], steps: Steps) -> list[Row]:
    """A disputed delivery, one that was corrected, and a payment that never came."""
    open_rows = [row for row in rows if not row["accepted_quantity"]]
    disputed, corrected = open_rows[0], open_rows[1]
    day = AS_OF.isoformat()
    steps.say(disputed["code"], "disputed", day, BUYER, note="Yang datang lebih sedikit daripada yang tertulis")
    steps.say(corrected["code"], "disputed", day, BUYER, note="Satu peti pecah")
    new = corrected | {"code": f"D{len(rows) + 1:03}", "replaces": corrected["code"]}
    new["quantity"] = f"{float(corrected['quantity']) * 0.9:g}"
    missed = next(row for row in rows if row["accepted_quantity"] and not row["paid_on"])
    amount = round(float(missed["accepted_quantity"]) * int(missed["price_idr"]))
    steps.say(missed["code"], "paid", day, BUYER, amount_idr=amount)
    steps.say(missed["code"], "not_received", day, MENTOR, note="Belum masuk ke rekening kelompok")
    return [*rows, new]


YES = "accepted"
ORDERS = (
    # offtaker, commodity, quantity, price, due, placed; parts: enterprise by rank, quantity, answer
    ("ORG-OLEHOLEH", "KOM-KEMPLANG", 60, 95_000, "2023-02-27", "2023-02-06", ((0, 30, YES), (1, 20, YES))),
    ("ORG-OLEHOLEH", "KOM-KRITCU", 40, 110_000, "2023-02-11", "2023-01-25", ((0, 25, YES), (1, 15, YES))),
    ("ORG-OLEHOLEH", "KOM-KRITCU", 50, 110_000, "2023-03-06", "2023-02-13", ((0, 30, ""), (2, 20, ""))),
    ("ORG-HOTEL", "KOM-TELUR", 1000, 29_500, "2023-03-24", "2023-02-10", ((0, 200, YES), (1, 150, "declined"))),
    ("ORG-HOTEL", "KOM-KEMPLANG", 12, 98_000, "2023-02-03", "2023-01-20", ((2, 12, YES),)),
    ("ORG-MUSEUM", "KOM-PEWTER", 20, 90_000, "2023-04-14", "2023-02-14", ()),
)  # fmt: skip


def orders(makers: dict[str, list[str]], steps: Steps, number: int) -> tuple[list[Row], list[Row], list[Row]]:
    placed, parts, brought = [], [], []
    for n, (offtaker, commodity, quantity, price, due, day, asked) in enumerate(ORDERS, 1):
        code = f"O{n:03}"
        terms = {"grade": GRADES.get(commodity, ""), "payment_days": DAYS_TO_PAY.get(offtaker, 30)}
        placed.append(
            {"code": code, "offtaker": offtaker, "commodity": commodity, "quantity": quantity, "due_on": due,
             "price_idr": price, "placed_on": day, "source": SOURCE} | terms
        )  # fmt: skip
        for rank, share, answer in asked:
            enterprise = makers[commodity][rank]
            part = {"code": f"P{len(parts) + 1:03}", "order": code, "enterprise": enterprise, "quantity": share}
            part |= {"proposed_on": day, "who": OFFICE, "answer": answer or "proposed", "source": SOURCE}
            part["answered_on"] = later(day, 2) if answer else ""
            part["note"] = "Ayam sedang rontok bulu" if answer == "declined" else ""
            parts.append(part)
        for rank, share, _answer in asked if code in ("O002", "O005") else ():
            if code == "O002" and rank == 1:
                continue  # so that it is late
            row = {"code": f"D{number + len(brought) + 1:03}", "order": code, "enterprise": makers[commodity][rank]}
            row |= {"delivered_on": later(due, -2), "quantity": share, "price_idr": price, "who": MENTOR}
            row |= terms | {"pay_by": later(later(due, -2), terms["payment_days"]), "accepted_quantity": share}
            brought.append(row | {"source": SOURCE})
            steps.say(row["code"], "confirmed", later(due, -1), BUYER, quantity=share)
    placed.append(
        {"code": f"O{len(placed) + 1:03}", "offtaker": "ORG-HOTEL", "commodity": "KOM-LELE", "quantity": 80,
         "due_on": "2023-03-01", "price_idr": 26_000, "placed_on": "2023-01-30", "payment_days": 30,
         "cancelled_on": "2023-02-05", "reason": "Acara dibatalkan", "source": SOURCE}
    )  # fmt: skip
    return placed, parts, brought


def makers_of(enterprises: list[Row]) -> dict[str, list[str]]:
    """The running enterprises by what they make, in the order of their codes."""
    found: dict[str, list[str]] = {}
    for flow in read("activity_flows"):
        if flow["direction"] == "output":
            rows = [e["code"] for e in enterprises if e["activity"] == flow["activity"] and e["status"] == "running"]
            found.setdefault(flow["commodity"], []).extend(rows)
    return found


def catalogue(enterprises: list[Row]) -> tuple[list[Row], list[Row]]:
    """Every second running enterprise agreed, one of them took it back; nobody's number is in an example."""
    running = [row for row in enterprises if row["status"] == "running"][::2]
    rows = [
        {"code": f"S{n:03}", "enterprise": row["code"], "is_shown": "true", "dated": "2023-01-16", "who": "pemilik",
         "source": SOURCE}
        for n, row in enumerate(running, 1)
    ]  # fmt: skip
    taken_back = rows[3] | {"code": f"S{len(rows) + 1:03}", "is_shown": "false", "dated": "2023-02-01"}
    shown = {row["code"] for row in running}
    words = [
        {"product": one["code"], "about": "Dibuat sesuai pesanan; pesan tiga hari sebelumnya.", "source": SOURCE}
        for one in read("products")
        if one["enterprise"] in shown
    ]
    return [*rows, taken_back], words[:12]


def main() -> None:
    enterprises, steps = read("enterprises"), Steps()
    demands = {row["code"]: row for row in read("demands")}
    agreed = contracts(demands)
    came = planted(deliveries({row["code"]: row for row in agreed}, demands, steps), steps)
    placed, parts, brought = orders(makers_of(enterprises), steps, len(came))
    write("contracts", CONTRACTS, agreed)
    write("deliveries", DELIVERIES, came + brought)
    write(
        "orders",
        (
            "code", "offtaker", "contract", "commodity", "grade", "quantity", "due_on", "price_idr", "payment_days",
            "placed_on", "cancelled_on", "reason", "source",
        ),
        placed,
    )  # fmt: skip
    write(
        "order_parts",
        (
            "code", "order", "enterprise", "quantity", "proposed_on", "who", "answer", "answered_on", "note", "source",
        ),
        parts,
    )  # fmt: skip
    write(
        "delivery_steps",
        ("code", "delivery", "kind", "dated", "quantity", "amount_idr", "note", "who", "source"),
        steps.rows,
    )
    showings, words = catalogue(enterprises)
    write("showings", ("code", "enterprise", "is_shown", "phone", "dated", "who", "source"), showings)
    write("catalogue_entries", ("product", "photo", "about", "source"), words)


if __name__ == "__main__":
    main()
