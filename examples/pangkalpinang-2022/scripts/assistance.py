# ruff: noqa: INP001 - script of an example folder, not a package
"""Invent assistance at every stage of its chain, with trouble planted, and the bank's statement beside it.

    kawasan run examples/pangkalpinang-2022
    python scripts/assistance.py        writes entitlements.csv … assistance_items.csv and bank-statement.csv

It reads the database that the run filled (KAWASAN_DATA). Same run, same files. Papers and photos are not made: a
folder does not carry them.
"""

import csv
import datetime
import os
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import django

FOLDER = Path(__file__).parents[1]
SEED = "bantuan 2022"
SOURCE = "synthetic"
CODE = "pangkalpinang-2022"
MANAGER, VERIFIER, TREASURER = "Ani Rahmawati", "Budi Santoso", "Maya Sartika"
FIRST = datetime.date(2022, 11, 1)
WAY = ("proposed", "verified", "decreed", "agreed", "committed", "pledged", "paid", "received")
NUMBERS = {
    "decreed": "SYN/SK",
    "agreed": "SYN/PKS",
    "paid": "SYN/SP2D",
    "refunded": "SYN/STS",
    "handed_over": "SYN/BAST",
}
BUDGETS = {
    "ternak": [
        ("Kandang rakit", "tools", 4, "unit", 2_000_000), ("Mesin pakan mini", "tools", 1, "unit", 4_500_000),
        ("Bibit ayam", "materials", 150, "ekor", 30_000), ("Pakan", "materials", 300, "kg", 10_000),
    ],
    "kuliner": [
        ("Freezer", "tools", 2, "unit", 3_500_000), ("Kompor dan panci", "tools", 5, "set", 1_000_000),
        ("Vacuum sealer", "tools", 1, "unit", 600_000), ("Ikan", "materials", 200, "kg", 25_000),
        ("Kemasan", "materials", 1_200, "lembar", 2_000),
    ],
    "souvenir": [
        ("Mesin poles", "tools", 2, "unit", 3_250_000), ("Alat tenun", "tools", 3, "unit", 2_000_000),
        ("Timah dan benang", "materials", 50, "kg", 150_000),
    ],
    "digital": [
        ("Laptop rakitan", "tools", 2, "unit", 5_500_000), ("Lampu dan tripod", "tools", 4, "set", 450_000),
        ("Kertas dan tinta", "materials", 60, "paket", 70_000), ("Paket internet", "materials", 60, "paket", 50_000),
    ],
    "": [("Peralatan kerja", "tools", 1, "set", 950_000), ("Bahan baku", "materials", 11, "paket", 50_000)],
}  # fmt: skip
GROUPS = {
    "G01": "handed_over", "G02": "handed_over", "G03": "reported", "G04": "received", "G05": "received", "G06": "paid",
    "G07": "received", "G08": "pledged", "G09": "verified", "G10": "sent_back",
}  # fmt: skip
PEOPLE = ("paid", "received", "handed_over", "rejected", "proposed", "decreed", "", "committed")
SHOPS = ("Toko Sumber Rejeki", "UD Bangka Makmur", "Toko Alat Sejahtera", "CV Timah Jaya", "Pasar Pembangunan")
LEFT = {"B010": 350_000}  # rupiah that were returned
LESS = {"B013": 18_500_000}  # rupiah in hand of 20 million
LATE_PAID = datetime.date(2022, 12, 5)
NOT_AT_BANK, OTHER_AT_BANK = "B014", "B013"


def dice(*what: object) -> random.Random:
    """A generator of its own for each thing, so that one more row elsewhere does not change it."""
    return random.Random(f"{SEED} {' '.join(map(str, what))}")  # noqa: S311 - repeatable on purpose, nothing secret


class Book:
    """The rows as they are made, numbered in their order."""

    def __init__(self) -> None:
        self.assistances: list[list[Any]] = []
        self.steps: list[list[Any]] = []
        self.lines: list[list[Any]] = []
        self.purchases: list[list[Any]] = []
        self.items: list[list[Any]] = []
        self.paid: list[tuple[datetime.date, int, str, str, str]] = []

    def step(self, code: str, kind: str, day: datetime.date, who: str, **more: Any) -> str:
        made = f"S{len(self.steps) + 1:04}"
        number = f"{NUMBERS[kind]}/{code}/{day.year}" if kind in NUMBERS else ""
        names = ("amount", "bank", "account", "holder", "manner", "note", "reverses")
        amount, bank, account, holder, manner, note, reverses = (more.get(name, "") for name in names)
        self.steps.append(
            [made, code, kind, day, number, amount, bank, account, holder, manner, "", "", note, "", who, reverses]
        )
        return made

    def budget(self, proposal: str, field: str) -> list[tuple[str, int]]:
        made = []
        for item, category, quantity, unit, price in BUDGETS[field]:
            code = f"RAB{len(self.lines) + 1:04}"
            self.lines.append([code, proposal, item, category, quantity, unit, price])
            made.append((code, quantity * price))
        return made

    def buy(
        self, code: str, day: datetime.date, shop: str, place: str, who: str, line: str, amount: int, look: str
    ) -> None:
        receipt = f"K{len(self.purchases) + 1:04}"
        self.purchases.append([receipt, code, day, shop, place, "", look, "", who, ""])
        self.items.append([receipt, line, amount])


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kawasan.config.settings")
    django.setup()
    from kawasan.programmes.models import Programme

    programme, book = Programme.objects.get(code=CODE), Book()
    members = programme.group_members.select_related("group__mentor", "group__place", "applicant__person")
    owners = members.filter(applicant__enterprises__isnull=False).order_by("applicant__code")
    seen = [one.applicant for one in owners][: len(PEOPLE)]
    for applicant, last in zip(seen, PEOPLE, strict=True):
        give(book, last, "ENT-2", None, applicant)
    # Groups follow: they are formed by a run, so that their rows wait behind those of people.
    for group in programme.groups.select_related("field", "mentor", "place").order_by("code"):
        give(book, GROUPS.get(group.code, ""), "ENT-1", group, receiver_of(programme, group))
    write_all(book)
    write_bank(book)
    from after_the_draw import describe

    describe(programme)


def receiver_of(programme: Any, group: Any) -> Any:
    """The first member who attended the briefing; the treasurer of a group is voted for later."""
    from kawasan.training.services import reasons_not_briefed

    members = group.members.select_related("applicant__person").order_by("applicant__code")
    for member in members:
        if not reasons_not_briefed(programme=programme, applicant=member.applicant):
            return member.applicant
    return members[0].applicant


def give(book: Book, last: str, entitlement: str, group: Any, receiver: Any) -> None:
    code = f"B{len(book.assistances) + 1:03}"
    book.assistances.append([code, entitlement, group.code if group else "", receiver.code])
    if not last:
        return
    mentor = group.mentor.name if group else "Rizki Pratama"
    rng, day = dice(code), FIRST + datetime.timedelta(len(book.assistances) % 7)
    proposal = book.step(code, "proposed", day, mentor, note="Proposal dan RAB")
    lines = book.budget(proposal, group.field.code if group else "")
    if last == "sent_back":
        day += datetime.timedelta(4)
        book.step(code, "proposed", day, VERIFIER, note="Harga mesin di atas harga pasar", reverses=proposal)
        return
    if last == "rejected":
        book.step(code, "rejected", day + datetime.timedelta(5), VERIFIER, note="Sudah menerima bantuan lain")
        return
    if last != "proposed":
        walk(book, code, last, group, receiver.person.name, lines, day, rng)


def walk(
    book: Book, code: str, last: str, group: Any, name: str, lines: list[tuple[str, int]], day: datetime.date,
    rng: random.Random,
) -> None:  # fmt: skip
    """From the verification to the last step."""
    total = sum(amount for _line, amount in lines)
    account = "0000000777" if code in ("B015", "B016") else f"0000{rng.randrange(10**6, 10**7)}"
    for kind in WAY[1:]:
        day += datetime.timedelta(rng.choice((2, 3, 4)))
        if kind == "paid":
            day = paid_on(code, last, day)
            book.paid.append((day, total, account, name, code))
        book.step(code, kind, day, who(kind, name), **columns(code, kind, total, account, name))
        if kind == last != "received":
            return
    after(book, code, last, group, name, lines, day, LESS.get(code, total))


def who(kind: str, receiver: str) -> str:
    return {"verified": VERIFIER, "paid": TREASURER, "received": receiver}.get(kind, MANAGER)


def paid_on(code: str, last: str, day: datetime.date) -> datetime.date:
    """One report is overdue; of what only arrived lately nobody could say so yet."""
    if code == "B015":
        return LATE_PAID
    return datetime.date(2023, 2, 7) if last == "paid" else max(day, datetime.date(2022, 12, 19))


def columns(code: str, kind: str, total: int, account: str, name: str) -> dict[str, Any]:
    if kind == "agreed":
        return {"bank": "BNI", "account": account, "holder": name}
    if kind == "received":
        return {"amount": LESS.get(code, total), "manner": "own"}
    return {"amount": total} if kind == "paid" else {"note": "Lengkap dan sesuai" if kind == "verified" else ""}


def after(
    book: Book, code: str, last: str, group: Any, name: str, lines: list[tuple[str, int]], day: datetime.date, hand: int
) -> None:
    """Receipts, the report, what was returned and the hand-over."""
    rng, place = dice("after", code), group.place.code if group else ""
    spend = hand - LEFT.get(code, 0)
    parts = list(bought(code, lines, spend if last != "received" or code == "B012" else spend // 2, rng))
    for number, (line, amount) in enumerate(parts):
        where = "19.01" if code == "B013" and number == 0 else place
        look = f"{dice('look', code, 0 if code == 'B012' and number == 1 else number).getrandbits(64):016x}"
        book.buy(code, day + datetime.timedelta(1 + number * 2), rng.choice(SHOPS), where, name, line, amount, look)
    day += datetime.timedelta(2 * len(parts))
    if last == "received":
        return
    reported = day - datetime.timedelta(2 if code == "B011" else 0)
    book.step(code, "reported", reported, name, note="Semua barang sudah dipakai; produksi naik")
    if code in LEFT:
        day += datetime.timedelta(2)
        book.step(code, "refunded", day, TREASURER, amount=LEFT[code])
        book.paid.append((day, -LEFT[code], "", name, code))
    if last == "handed_over":
        book.step(code, "handed_over", day + datetime.timedelta(3), MANAGER, note="Alat dilihat di tempat usaha")


def bought(code: str, lines: list[tuple[str, int]], spend: int, rng: random.Random) -> Iterable[tuple[str, int]]:
    """Two receipts for most lines, in odd sums as shops write them; one group has round ones."""
    left = spend
    for line, total in lines:
        if not (amount := min(total, left)):
            return
        left -= amount
        first = amount if code == "B012" else min(amount, amount * rng.randrange(35, 60) // 100_000 * 1000 + 500)
        for part in (first, amount - first):
            if part > 0:
                yield line, part


def write(name: str, head: str, rows: Iterable[Iterable[Any]], *, source: bool = True) -> None:
    made = [[*("" if value is None else str(value) for value in row), *([SOURCE] if source else [])] for row in rows]
    with (FOLDER / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head.split() + (["source"] if source else []))
        writer.writerows(made)
    print(f"{name}.csv: {len(made)} rows")  # noqa: T201


def write_all(book: Book) -> None:
    guideline, fund = "SYN/2/2022", "APBN 2022, DIPA sintetis SP DIPA-026.04.0000"
    head = "code name name_en number valid_from valid_until recipient form amount_idr report_days fund"
    start = datetime.date(2022, 10, 1)
    group = [
        "ENT-1",
        "Bantuan usaha kelompok",
        "Business assistance for groups",
        guideline,
        start,
        "",
        "group",
        "money",
    ]
    person = ["ENT-2", "Modal awal perorangan", "Start-up money for a person", guideline, start, "", "person", "money"]
    write("entitlements", head, [[*group, 20_000_000, 60, fund], [*person, 1_500_000, 60, fund]])
    shares = [(code, *share) for code in ("ENT-1", "ENT-2") for share in (("tools", 60, 100), ("materials", 0, 40))]
    write("spending_rules", "entitlement category least_percent most_percent", shares, source=False)
    write("assistances", "code entitlement group receiver", book.assistances)
    head = (
        "code assistance kind dated number amount_idr bank account account_holder manner witness witness_organisation "
        "note paper who reverses"
    )
    write("assistance_steps", head, book.steps)
    write("budget_lines", "code proposal item category quantity unit price_idr", book.lines, source=False)
    write("assistance_purchases", "code assistance dated shop place paper look note who reverses", book.purchases)
    write("assistance_items", "purchase line amount_idr", book.items, source=False)


def write_bank(book: Book) -> None:
    """The programme's account as a bank exports it: one payment is missing, one has another sum, one is a fee."""
    balance = 500_000_000
    rows = [(day, amount, account, name, code) for day, amount, account, name, code in book.paid if code != NOT_AT_BANK]
    rows.append((datetime.date(2022, 12, 30), 12_500, "", "BIAYA ADM", ""))
    with Path(__file__).with_name("bank-statement.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerows([["Nomor Rekening", "0000000001 (sintetis)"], ["Periode", "01/12/2022 - 15/02/2023"]])
        writer.writerow(["Tanggal", "Keterangan", "Debet", "Kredit", "Saldo"])
        for day, amount, account, name, code in sorted(rows):
            at_bank = LESS[code] if code == OTHER_AT_BANK else amount
            balance -= at_bank
            kind = "SETORAN" if amount < 0 else "TRF KE" if account else ""
            text = " ".join(filter(None, (kind, account, name.upper(), code)))
            sums = ["", idr(-at_bank)] if at_bank < 0 else [idr(at_bank), ""]
            writer.writerow([f"{day:%d/%m/%Y}", text, *sums, idr(balance)])


def idr(amount: int) -> str:
    """20.000.000,00"""
    return f"{amount:,}".replace(",", ".") + ",00"


if __name__ == "__main__":
    main()
