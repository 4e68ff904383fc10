# ruff: noqa: INP001 - scripts of an example folder, not a package
"""Make what followed the draw, from what a run of the folder drew and formed. Same run, same files.

    kawasan run examples/pangkalpinang-2022     stops and asks for answers
    python scripts/after_the_draw.py            writes answers.csv; run the folder again
    python scripts/after_the_draw.py            when groups and sessions are there, writes everything else

It reads the database that the run filled (KAWASAN_DATA), so run it with Kawasan's own Python.
"""

import csv
import datetime
import json
import os
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django
from ideas import activity_of
from people import full_name

FOLDER = Path(__file__).parents[1]
SEED = 20230215
SOURCE = "synthetic"
CODE = "pangkalpinang-2022"
AS_OF = datetime.date(2023, 2, 15)
DECIDES = "M3"  # the round at which those with and without a seat are compared
REGISTERED_ON = datetime.date(2022, 10, 31)
DECLINING = 5  # of those who were drawn
RESERVES = 12  # on the waiting list who say in advance what they would answer
MENTORING = datetime.date(2022, 10, 31), datetime.date(2023, 2, 10)
BOOKS_FROM = datetime.date(2022, 12, 1)
RAMP = {11: 0.3, 12: 0.5, 1: 0.75, 2: 0.9}  # share of the recipe's trade that a beginner reaches, by month
LONG_CYCLE = 45  # days; from here on nothing is sold until the animals are grown
PIRT_UNTIL = datetime.date(2027, 10, 31)
CUSTOMERS = ("Warung Bu Ros", "Toko Sinar", "Kantin sekolah", "Pak RT")
REASONS = (
    "Sudah mendapat pekerjaan di toko modern",
    "Pindah ikut suami ke Bandung",
    "Merawat orang tua yang sakit",
    "Tidak dapat mengikuti pembekalan empat minggu",
    "Memilih program lain",
    "Tidak ada kabar sampai batas waktu",
)
NAMES = {
    "ACT-PAKAN": "Pakan", "ACT-PULLET": "Ayam Dara", "ACT-BIBIT-KAMBING": "Bibit Kambing",
    "ACT-BENIH-LELE": "Benih Lele", "ACT-MAGGOT": "Maggot", "ACT-PETELUR": "Telur Segar", "ACT-KAMBING": "Kambing",
    "ACT-LELE": "Kolam Lele", "ACT-OTAK": "Otak-otak", "ACT-KEMPLANG": "Kemplang", "ACT-KRITCU": "Kritcu",
    "ACT-TERASI": "Terasi", "ACT-MARTABAK": "Martabak", "ACT-KATERING": "Dapur", "ACT-KUE": "Kue", "ACT-SERAT": "Resam",
    "ACT-PEWTER": "Pewter", "ACT-PLAKAT": "Plakat", "ACT-TENUN": "Tenun Cual", "ACT-CUAL-CETAK": "Cual",
    "ACT-RESAM": "Anyaman", "ACT-KOTAK": "Oleh-oleh", "ACT-DESAIN": "Desain", "ACT-FOTO": "Foto", "ACT-VIDEO": "Video",
    "ACT-TOKO": "Toko Daring", "ACT-MEDSOS": "Media Sosial", "ACT-SITUS": "Situs", "ACT-JARINGAN": "Jaringan",
    "ACT-SERVIS": "Servis",
}  # fmt: skip
TALKS = {
    "ternak": [
        (
            "Memeriksa kandang dan kebersihan air minum; menghitung kebutuhan pakan sebulan.",
            "Harga pakan naik",
            "Mencampur pakan bersama kelompok",
        ),
        (
            "Menimbang hasil panen dan mencatat hewan yang mati.",
            "Tiga ekor sakit",
            "Menghubungi petugas kesehatan hewan",
        ),
        ("Melihat kolam dan kandang; membahas jadwal panen dan pembeli.", "", ""),
        (
            "Membandingkan catatan pakan antaranggota.",
            "Catatan dua anggota kosong",
            "Bendahara mengingatkan setiap Jumat",
        ),
    ],
    "kuliner": [
        (
            "Mencicipi hasil produksi dan memeriksa tanggal kedaluwarsa pada label.",
            "Kemasan mudah robek",
            "Mencoba pouch yang lebih tebal",
        ),
        (
            "Menghitung ulang biaya per potong dan harga jual.",
            "Harga ikan naik karena cuaca",
            "Membeli bersama di pelelangan ikan",
        ),
        (
            "Menyiapkan berkas PIRT dan denah dapur.",
            "Dapur belum memenuhi syarat",
            "Memakai dapur bersama dua hari seminggu",
        ),
        ("Membahas pesanan kios dan pembagian tugas produksi.", "", ""),
    ],
    "souvenir": [
        (
            "Memeriksa mutu barang yang akan dikirim ke toko.",
            "Sambungan pewter kurang halus",
            "Mengulang latihan poles dengan narasumber",
        ),
        ("Memotret barang baru untuk katalog.", "", ""),
        (
            "Membahas harga titip jual dan waktu pembayaran.",
            "Toko membayar setelah barang laku",
            "Menawarkan harga lebih rendah bila tunai",
        ),
    ],
    "digital": [
        (
            "Meninjau desain kemasan untuk kelompok kuliner.",
            "Pelanggan meminta revisi berkali-kali",
            "Membatasi dua kali revisi dalam kesepakatan",
        ),
        ("Menyusun daftar pelanggan dan jadwal unggahan.", "", ""),
        (
            "Memeriksa pembukuan dan harga paket jasa.",
            "Internet di rumah sering putus",
            "Bekerja di balai warga pada pagi hari",
        ),
    ],
}


@dataclass
class Participant:
    """Somebody with a seat, their group, and the recipe that their idea was made from."""

    applicant: Any
    group: Any
    activity: Any
    enterprise: str = ""
    started_on: datetime.date = BOOKS_FROM
    status: str = ""
    strength: float = 1.0
    workers: int = 0
    product: str = ""
    price: int = 1
    months: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    @property
    def code(self) -> str:
        return str(self.applicant.code)

    @property
    def name(self) -> str:
        return str(self.applicant.person.name)


def dice(*what: object) -> random.Random:
    """A generator of its own for each thing, so that one more row elsewhere does not change it."""
    return random.Random(f"{SEED} {' '.join(map(str, what))}")  # noqa: S311 - repeatable on purpose, nothing secret


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kawasan.config.settings")
    django.setup()
    from kawasan.programmes.models import Programme

    programme = Programme.objects.get(code=CODE)
    if not programme.sessions.exists():
        write("answers", "applicant is_accepted answered_on note source", answers(programme))
    else:
        people = participants(programme)
        write_trade(programme, people)
        write_follow_up(programme, people)
    describe(programme)


def write(name: str, columns: str, rows: Iterable[Iterable[Any]]) -> None:
    place = columns.split().index("source")
    made = [[_shown(value) for value in row] for row in rows]
    for row in made:
        row.insert(place, SOURCE)
    with (FOLDER / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns.split())
        writer.writerows(made)
    print(f"{name}.csv: {len(made)} rows")  # noqa: T201


def describe(programme: Any) -> None:
    """Write datapackage.json for the files that are in the folder now."""
    from kawasan.exchange.schema import datapackage
    from kawasan.exchange.tables import CSV_TABLES

    present = [table for table in CSV_TABLES if (FOLDER / table.file).exists()]
    text = json.dumps(datapackage(programme.code, programme.name, present), ensure_ascii=False, indent=1)
    (FOLDER / "datapackage.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


# -- answers -----------------------------------------------------------------------------------------------------------


def answers(programme: Any) -> Iterator[list[Any]]:
    """Everybody who was drawn answers, the first of the waiting list (one declines), and whoever was called already."""
    seats = programme.seats_given.select_related("applicant").order_by("kind", "place_in_order")
    drawn = [seat.applicant.code for seat in seats if seat.kind == "drawn"]
    declining = set(dice("decline").sample(drawn, DECLINING))
    called = [seat for seat in seats if seat.kind == "reserve"]
    reserves = [seat.applicant.code for seat in called[:RESERVES] + [s for s in called[RESERVES:] if s.decided_on]]
    for number, code in enumerate([*drawn, *reserves]):
        rng = dice("answer", code)
        declines = code in declining or code == reserves[1]
        day = datetime.date(2022, 9, 23) + datetime.timedelta(rng.choice((0, 0, 1, 3)) if number < len(drawn) else 5)
        yield [code, not declines, day, rng.choice(REASONS) if declines else ""]


# -- enterprises and trade ---------------------------------------------------------------------------------------------


def participants(programme: Any) -> list[Participant]:
    activities = {activity.code: activity for activity in programme.activities.prefetch_related("flows__commodity")}
    members = programme.group_members.select_related("group__mentor", "applicant__person__place", "applicant__field")
    return [
        Participant(member.applicant, member.group, activities[activity_of(member.applicant.idea)])
        for member in members.order_by("applicant__code")
    ]


def write_trade(programme: Any, people: list[Participant]) -> None:
    names = "name owner activity field kbli_version kbli_code place started_on"
    names += " nib pirt pirt_until halal halal_until status source"
    write("enterprises", f"code {names}", enterprises(people))
    owners = [person for person in people if person.enterprise]
    write("workers", "code enterprise name nik sex is_paid since until source", workers(owners))
    prices = _prices(programme)
    write("products", "code enterprise name unit price_idr is_sold source", products(owners, prices))
    columns = "code enterprise dated kind amount_idr what cost_kind product quantity debt photo reverses source"
    write("cash_entries", columns, [_told(row, owners) for row in cash_entries(owners, prices)])
    write("debts", "code enterprise owed who what amount_idr dated due_on forgiven_on source", debts(owners))
    write("sightings", "enterprise seen_on what source", sightings(owners))
    signed = list(contracts(programme, owners))
    columns = "code demand enterprise quantity_per_month price_idr signed_on starts_on ends_on source"
    write("contracts", columns, [contract[:8] for contract in signed])
    columns = "code contract delivered_on quantity accepted_quantity price_idr paid_on source"
    write("deliveries", columns, deliveries(signed))


def enterprises(people: list[Participant]) -> Iterator[list[Any]]:
    for number, person in enumerate(people, 1):
        rng = dice("enterprise", person.code)
        if rng.random() < 0.05:
            continue
        person.enterprise = f"E{number:03}"
        person.started_on = MENTORING[0] + datetime.timedelta(rng.randrange(0, 34))
        person.status = rng.choices(("running", "paused", "closed", "planned"), (91, 4, 2, 3))[0]
        person.strength = min(1.5, max(0.45, rng.lognormvariate(0, 0.28)))
        if person.status == "planned":
            person.started_on = datetime.date(2023, 3, 1)
        activity, division = person.activity, person.activity.kbli_code[:2]
        has_pirt = division == "10" and activity.stage == "processing" and rng.random() < 0.35
        yield [
            person.enterprise,
            f"{NAMES[activity.code]} {person.name.split(',')[0].removeprefix('Hj. ').removeprefix('H. ').split()[0]}",
            person.code,
            activity.code,
            activity.field.code,
            activity.kbli_version,
            activity.kbli_code,
            person.applicant.person.place.code,
            person.started_on,
            f"0000000{number:06}" if rng.random() < 0.88 else "",
            f"000000000{number:06}" if has_pirt else "",
            PIRT_UNTIL if has_pirt else None,
            f"SYN-HALAL-{number:03}" if has_pirt and rng.random() < 0.4 else "",
            None,
            person.status,
        ]


def workers(owners: list[Participant]) -> Iterator[list[Any]]:
    number = 0
    for person in owners:
        rng = dice("workers", person.code)
        if person.status == "planned":
            continue
        for _ in range(rng.choices((0, 1, 2), (62, 30, 8))[0]):
            number += 1
            sex = rng.choice(("female", "male"))
            since = person.started_on + datetime.timedelta(rng.randrange(0, 60))
            left = rng.random() < 0.08 and since + datetime.timedelta(30) < AS_OF
            until = since + datetime.timedelta(30) if left else None
            person.workers += until is None
            yield [
                f"W{number:03}",
                person.enterprise,
                full_name(rng, sex, 30),
                "",
                sex,
                rng.random() < 0.55,
                since,
                until,
            ]


def _prices(programme: Any) -> dict[str, int]:
    """Rupiah per unit: what buyers pay most often, else what it costs outside."""
    prices = {commodity.code: commodity.outside_price_idr or 0 for commodity in programme.commodities.all()}
    for demand in programme.demands.select_related("commodity").order_by("price_idr"):
        prices[demand.commodity.code] = demand.price_idr
    return prices


def cash_entries(owners: list[Participant], prices: dict[str, int]) -> Iterator[list[Any]]:
    number = 0
    rows: list[list[Any]] = []
    for person in owners:
        if person.status == "planned":
            continue
        for dated, kind, amount, what in sorted(_book(person, prices), key=lambda row: (row[0], row[1])):
            number += 1
            rows.append([f"C{number:05}", person.enterprise, dated, kind, amount, what, None])
    for row in dice("wrong lines").sample([row for row in rows if row[3] == "sale" and row[2] < AS_OF], 3):
        number += 1
        rows.append(
            [f"C{number:05}", row[1], row[2], row[3], row[4], f"Pembatalan {row[0]}: tertulis dua kali", row[0]]
        )
        number += 1
        rows.append([f"C{number:05}", row[1], row[2], row[3], round(row[4] * 0.9, -3), row[5], None])
    for row in rows:
        yield row


def products(owners: list[Participant], prices: dict[str, int]) -> Iterator[list[Any]]:
    """What each enterprise makes, at what buyers pay for it."""
    for number, person in enumerate(owners, 1):
        made = next(flow.commodity for flow in person.activity.flows.all() if flow.direction == "output")
        person.product, person.price = f"B{number:04}", max(prices[made.code], 1)
        yield [person.product, person.enterprise, made.name, made.unit, person.price, person.status != "closed"]


def _told(row: list[Any], owners: list[Participant]) -> list[Any]:
    """A line with what the cost was for, or how much of which product was sold; none pays a debt or has a photo."""
    *line, what, reverses = row
    _code, enterprise, _dated, kind, amount = line
    cost_kind = ("materials" if "Beli" in what else "running") if kind == "cost" else None
    told = [cost_kind, None, None]
    person = next(one for one in owners if one.enterprise == enterprise)
    if kind == "sale" and (quantity := round(amount / person.price, 1)):
        told = [None, person.product, quantity]
    return [*line, what, *told, None, None, reverses]


def debts(owners: list[Participant]) -> Iterator[list[Any]]:
    """One owner in six let a customer take goods without money; of a few the day to pay is past."""
    number = 0
    for person in owners:
        rng = dice("debt", person.code)
        if person.status != "running" or rng.random() >= 1 / 6:
            continue
        number += 1
        dated = datetime.date(2023, 1, 16) + datetime.timedelta(rng.randrange(0, 28))
        what, amount = f"Titip {_goods(person, 'output')[0]}", rng.randrange(5, 40) * 10_000
        due = dated + datetime.timedelta(14)
        yield [f"D{number:05}", person.enterprise, "us", rng.choice(CUSTOMERS), what, amount, dated, due, None]


def sightings(owners: list[Participant]) -> Iterator[list[Any]]:
    """Who sells seldom, such as fish that grow for months, was seen at work."""
    for person in owners:
        rng = dice("sighting", person.code)
        if person.status == "running" and (person.activity.cycle_days > LONG_CYCLE or rng.random() < 0.1):
            yield [
                person.enterprise,
                AS_OF - datetime.timedelta(rng.randrange(3, 40)),
                "Pemilik sedang bekerja di tempat usaha",
            ]


def _book(person: Participant, prices: dict[str, int]) -> Iterator[tuple[datetime.date, str, int, str]]:
    """A cash book by the week; one in twelve owners stopped writing after December."""
    rng = dice("book", person.code)
    ends = datetime.date(2022, 12, 31) if rng.random() < 0.08 or person.status == "closed" else AS_OF
    day = max(BOOKS_FROM, person.started_on)
    if rng.random() < 0.9:
        yield day, "capital", round(person.activity.capital_idr * rng.uniform(0.25, 0.6), -5), "Modal awal"
    earned, spent = _weekly(person.activity, prices)
    is_long = person.activity.cycle_days > LONG_CYCLE
    week = day + datetime.timedelta(rng.randrange(1, 7))
    while week <= ends:
        share = RAMP[week.month] * person.strength * rng.uniform(0.8, 1.2)
        if not is_long and rng.random() < 0.93:
            yield _sold(person, week, earned * share)
        if rng.random() < 0.8:
            yield _bought(person, week, spent * share * rng.uniform(0.85, 1.15), rng)
        if week.day <= 7 and week.month != 12 and rng.random() < 0.5:
            yield week, "withdrawal", round(earned * share * 0.4, -4) or 50_000, "Kebutuhan rumah tangga"
        week += datetime.timedelta(7)
    harvest = person.started_on + datetime.timedelta(person.activity.cycle_days)
    if is_long and harvest <= ends:
        yield _sold(person, harvest, earned * 52 / person.activity.cycles_per_year * person.strength * 0.85)


def _weekly(activity: Any, prices: dict[str, int]) -> tuple[float, float]:
    """What a full enterprise sells and spends a week."""
    cycles = activity.cycles_per_year / 52
    flows = [(flow.direction, flow.net_quantity * prices[flow.commodity.code]) for flow in activity.flows.all()]
    earned = sum(value for direction, value in flows if direction == "output")
    spent = sum(value for direction, value in flows if direction == "input") + activity.running_cost_idr
    return earned * cycles, spent * cycles


def _goods(person: Participant, direction: str) -> list[str]:
    return [str(flow.commodity.name) for flow in person.activity.flows.all() if flow.direction == direction]


def _sold(person: Participant, day: datetime.date, amount: float) -> tuple[datetime.date, str, int, str]:
    rupiah = max(int(round(amount, -3)), 5000)
    person.months[day.month][0] += rupiah
    return day, "sale", rupiah, f"Penjualan {_goods(person, 'output')[0]}"


def _bought(
    person: Participant, day: datetime.date, amount: float, rng: random.Random
) -> tuple[datetime.date, str, int, str]:
    rupiah = max(int(round(amount, -3)), 5000)
    person.months[day.month][1] += rupiah
    bought = [f"Beli {name}" for name in _goods(person, "input")] + ["Gas, listrik, dan ongkos"]
    return day, "cost", rupiah, rng.choice(bought)


def contracts(programme: Any, owners: list[Participant]) -> Iterator[list[Any]]:
    """Buyers who gave a letter sign with the strongest enterprises that make what they want."""
    number = 0
    letters = programme.demands.filter(firmness="letter").select_related("commodity").order_by("code")
    taken: set[str] = set()
    for demand in letters:
        makers = [p for p in owners if p.status == "running" and p.enterprise not in taken and _makes(p, demand) > 0]
        for person in sorted(makers, key=lambda p: -p.strength)[:3]:
            taken.add(person.enterprise)
            number += 1
            rng = dice("contract", person.code)
            signed = datetime.date(2022, 11, 28) + datetime.timedelta(rng.randrange(0, 16))
            month = _makes(person, demand) * person.activity.cycles_per_year / 12
            quantity = _rounded(min(month * 0.5, demand.quantity_per_month / 3))
            yield [
                f"K{number:03}",
                demand.code,
                person.enterprise,
                quantity,
                int(round(demand.price_idr * rng.choice((1, 1, 1, 0.97)), -2)),
                signed,
                signed + datetime.timedelta(3),
                datetime.date(2023, 9, 30),
                person,
            ]


def _makes(person: Participant, demand: Any) -> float:
    made = [f for f in person.activity.flows.all() if f.direction == "output" and f.commodity_id == demand.commodity_id]
    return sum(flow.net_quantity for flow in made)


def _rounded(quantity: float) -> float:
    return float(round(quantity)) if quantity >= 3 else round(max(quantity, 0.5) * 2) / 2


def deliveries(signed: list[list[Any]]) -> Iterator[list[Any]]:
    """About one a month; most is accepted and paid within two weeks, some is late, refused in part or unpaid."""
    number = 0
    for code, _demand, _enterprise, quantity, price, _signed, starts, _ends, person in signed:
        grown = person.activity.cycle_days if person.activity.cycle_days > LONG_CYCLE else 10
        day = max(starts, person.started_on) + datetime.timedelta(grown)
        rng = dice("delivery", code)
        while day <= AS_OF:
            number += 1
            sent = _rounded(quantity * rng.choice((1, 1, 1, 0.8, 0.5, 1.1)))
            judged = day < AS_OF - datetime.timedelta(4)
            accepted = (sent if rng.random() < 0.8 else _rounded(sent * 0.85)) if judged else None
            paid = day + datetime.timedelta(rng.choice((3, 7, 7, 14, 21)))
            is_paid = judged and paid <= AS_OF and rng.random() < 0.85
            yield [
                f"D{number:03}",
                code,
                day,
                sent,
                None if accepted is None else min(accepted, sent),
                price,
                paid if is_paid else None,
            ]
            day += datetime.timedelta(rng.choice((26, 28, 31)))


# -- training, mentoring and measurements ------------------------------------------------------------------------------


def write_follow_up(programme: Any, people: list[Participant]) -> None:
    write("attendances", "session applicant status minutes_late excuse source", attendances(programme, people))
    columns = (
        "code mentor group applicant visited_on starts_at ends_at method lesson_hours reach venue latitude longitude"
    )
    columns += " material summary obstacle solution next_step next_visit_on expense_idr no_expense_reason state version"
    columns += " replaces correction_reason reviewer_note answer reviewed_on"
    logbook = list(visits(people))
    write("visits", f"{columns} source", logbook)
    write("visit_participants", "visit applicant source", who_was_there(logbook, people))
    columns = "round applicant is_comparison measured_on is_working hours_per_week hours_last_week was_absent"
    columns += " wants_more_hours seeks_work is_available turnover_idr profit_idr"
    columns += " capacity capacity_unit sales_volume sales_unit workers"
    rows = [*measurements(people, _prices(programme)), *comparisons(programme, {person.code for person in people})]
    asked = [[*row[:6], *last_week(*row[:2], works=row[4], hours=row[5]), *row[6:]] for row in rows]
    write("measurements", f"{columns} cash_book marketing_area note source", asked)
    write_plan(programme)


def attendances(programme: Any, people: list[Participant]) -> Iterator[list[Any]]:
    """Nearly everybody comes; one in twelve often stays away."""
    members = defaultdict(list)
    for person in people:
        members[person.group.pk].append(person)
    for session in programme.sessions.order_by("code"):
        for person in members[session.group_id]:
            rng = dice("attendance", session.code, person.code)
            weights = (50, 10, 15, 25) if dice("truant", person.code).random() < 0.08 else (89, 6, 4, 1)
            status = rng.choices(("present", "late", "excused", "absent"), weights)[0]
            yield [session.code, person.code, status, 0, ""]  # sheets on paper said neither how late nor why


UNKNOWN: list[Any] = [None, "", None, ""]  # capacity and sales with their units
REVIEWED_UNTIL = datetime.date(2023, 2, 1)
MATERIALS = {
    "biaya": "Harga pokok dan harga jual",
    "kas": "Buku kas harian",
    "kemasan": "Kemasan dan label",
    "foto": "Foto produk",
    "panen": "Pencatatan ternak",
    "pakan": "Pakan dan kandang",
    "mutu": "Pengendalian mutu",
    "pesanan": "Pembagian tugas dan pesanan",
    "toko": "Toko daring",
}


def visits(people: list[Participant]) -> Iterator[list[Any]]:
    groups = {person.group.code: person.group for person in people}
    rows = [row for code in sorted(groups) for row in _visits_to(groups[code], people)]
    rows.sort(key=lambda row: (row[3], row[0], row[4]))
    for number, row in enumerate(rows, 1):
        yield [f"V{number:03}", *row, *_reviewed(row[3], number)]


def _reviewed(day: datetime.date, number: int) -> list[Any]:
    """Approved within days, but for the last two weeks: these wait, and every tenth came back with a question."""
    if day < REVIEWED_UNTIL:
        return ["approved", 1, None, None, None, None, day + datetime.timedelta(4)]
    if number % 10 == 5:
        return [
            "returned",
            1,
            None,
            None,
            "Siapa yang hadir? Tulis nama peserta.",
            None,
            REVIEWED_UNTIL + datetime.timedelta(13),
        ]
    return ["pending", 1, None, None, None, None, None]


def who_was_there(logbook: list[list[Any]], people: list[Participant]) -> Iterator[list[Any]]:
    """Most members of a group come; before the new year nobody wrote down who."""
    for code, _mentor, group, person, day, *_rest in logbook:
        if person is None and day.year > 2022:
            members = [one for one in people if one.group.code == group]
            there = [one for one in members if dice("there", code, one.code).random() < 0.85]
            yield from ([code, one.code] for one in (there if len(there) > 1 else members))


def _visits_to(group: Any, people: list[Participant]) -> Iterator[list[Any]]:
    """The group every ten days or so, single members between; one group was not visited since Christmas."""
    rng = dice("visits", group.code)
    members = [person for person in people if person.group.pk == group.pk]
    last = datetime.date(2022, 12, 24) if group.code == "G07" else MENTORING[1]
    day = MENTORING[0] + datetime.timedelta(rng.randrange(0, 5))
    while day <= last:
        next_day = _weekday(day + datetime.timedelta(rng.choice((8, 10, 11, 12))))
        yield _visit(group, None, day, next_day, rng)
        single = _weekday(day + datetime.timedelta(rng.choice((2, 3, 4))))
        if single <= last and rng.random() < 0.92:
            yield _visit(group, rng.choice(members), single, None, rng)
        day = next_day


def _weekday(day: datetime.date) -> datetime.date:
    """The day itself or the Monday after it."""
    return day + datetime.timedelta(max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _visit(
    group: Any, person: Participant | None, day: datetime.date, following: datetime.date | None, rng: random.Random
) -> list[Any]:
    summary, obstacle, solution = rng.choice(TALKS[group.field.code])
    hour = rng.randrange(8, 16)
    method = "online" if rng.random() < 0.14 else "in_person"
    step = f"{solution} sebelum kunjungan berikut" if solution else "Mengisi buku kas setiap hari"
    return [
        group.mentor.code,
        group.code,
        person.code if person else None,
        day,
        f"{hour:02}:{rng.choice((0, 30)):02}",
        f"{hour + 2:02}:{rng.choice((0, 30)):02}" if person is None else f"{hour + 1:02}:45",
        method,
        None,
        "none" if method == "online" else "local",
        None if method == "online" else group.place.name,
        None,
        None,
        next((material for word, material in MATERIALS.items() if word in summary.lower()), "Pendampingan usaha"),
        summary,
        obstacle,
        solution,
        step,
        following,
        *_expense(method, dice("expense", group.code, day)),
    ]


def _expense(method: str, rng: random.Random) -> list[Any]:
    """A fifth of the journeys cost fuel, for which there is no receipt."""
    if method == "in_person" and rng.random() < 0.2:
        return [rng.choice((15_000, 20_000, 25_000, 40_000)), "Bensin tanpa nota"]
    return [0, "Tidak ada biaya"]


def measurements(people: list[Participant], prices: dict[str, int]) -> Iterator[list[Any]]:
    for round_code, first, share in (
        ("B0", datetime.date(2022, 11, 3), 1.0),
        ("M1", datetime.date(2022, 12, 5), 0.96),
        ("M2", datetime.date(2023, 1, 5), 0.94),
        ("M3", datetime.date(2023, 2, 3), 0.57),
    ):
        for person in people:
            rng = dice("measurement", round_code, person.code)
            if rng.random() < share:
                day = first + datetime.timedelta(rng.randrange(0, 10))
                yield [round_code, person.code, False, day, *_measured(round_code, person, rng, prices)]


def _measured(round_code: str, person: Participant, rng: random.Random, prices: dict[str, int]) -> list[Any]:
    if round_code == "B0":
        works = person.applicant.activity_now == "under_employed"
        return [works, rng.randrange(8, 28) if works else 0, None, None, *UNKNOWN, 0, "none", "", ""]
    if person.status not in ("running", "paused") or (person.status == "paused" and round_code == "M3"):
        return [rng.random() < 0.2, None, None, None, *UNKNOWN, 0, "none", "", "Usaha tidak berjalan"]
    turnover, profit = _month(round_code, person, rng)
    book = rng.choices(("none", "manual", "excel", "application"), (12, 58, 12, 18))[0]
    if person.activity.field.code == "digital":
        book = rng.choices(("manual", "excel", "application"), (25, 35, 40))[0]
    area = rng.choices(("village", "district", "city", "province", "national"), (18, 22, 46, 9, 5))[0]
    hours = rng.randrange(18, 52)
    volumes = _volumes(round_code, person, turnover, prices)
    return [True, hours, turnover, profit, *volumes, person.workers, book, area if turnover else "", ""]


def last_week(round_code: str, code: str, *, works: bool, hours: int | None) -> list[Any]:
    """Hours of the last week, away from a job, more hours wanted, looks for work, could start; one in ten not asked."""
    rng = dice("last week", round_code, code)
    if rng.random() < 0.1:
        return [None] * 5
    if not works:
        seeks = rng.random() < (0.7 if round_code == "B0" else 0.5)
        return [0, False, None, seeks, rng.random() < 0.9]
    if rng.random() < 0.04:
        return [0, True, None, None, None]
    worked = max((hours or 20) + rng.randrange(-6, 7), 1)
    return [worked, False, rng.random() < 0.45 if worked < 35 else None, None, None]


def _volumes(round_code: str, person: Participant, turnover: int | None, prices: dict[str, int]) -> list[Any]:
    """What could be made and what was sold of the main product; a third of the owners cannot say it."""
    rng = dice("volume", person.code)
    good = next(flow.commodity for flow in person.activity.flows.all() if flow.direction == "output")
    if not turnover or not prices[good.code] or rng.random() < 0.33:
        return UNKNOWN
    sold = max(_rounded(turnover / prices[good.code]), 1)
    grown = {"M1": 1.0, "M2": 1.1, "M3": 1.25}[round_code] if rng.random() < 0.6 else 1.0
    made = _rounded(max(_makes_a_month(person) * grown, sold))
    return [made, good.unit, sold, good.unit]


def _makes_a_month(person: Participant) -> float:
    """The recipe's output of the main product in a month, by the owner's strength."""
    flow = next(flow for flow in person.activity.flows.all() if flow.direction == "output")
    return float(flow.net_quantity * person.activity.cycles_per_year / 12 * person.strength)


def comparisons(programme: Any, with_seat: set[str]) -> Iterator[list[Any]]:
    """Of those without a seat, two in three answer at the round that decides."""
    for seat in programme.seats_given.select_related("applicant__person").order_by("applicant__code"):
        rng = dice("comparison", seat.applicant.code)
        if seat.applicant.code in with_seat or rng.random() > 0.65:
            continue
        day = datetime.date(2023, 2, 6) + datetime.timedelta(rng.randrange(0, 10))
        works = rng.random() < (0.62 if seat.applicant.activity_now == "under_employed" else 0.34)
        sells = works and rng.random() < 0.3
        turnover = rng.randrange(40, 260) * 10_000 if sells else 0
        profit = round(turnover * rng.uniform(0.25, 0.6), -4)
        book = "manual" if sells and rng.random() < 0.25 else "none"
        hours = rng.randrange(10, 46) if works else 0
        area = "village" if sells else ""
        yield [DECIDES, seat.applicant.code, True, day, works, hours, turnover, profit, *UNKNOWN, 0, book, area, ""]


def write_plan(programme: Any) -> None:
    """The plan as it was registered before the first round after the start."""
    from kawasan.outcomes.models import AnalysisPlan
    from kawasan.outcomes.queries import hash_of_plan
    from kawasan.outcomes.rules import COVARIATES

    plan = AnalysisPlan(programme=programme, round=programme.rounds.get(code=DECIDES), registered_on=REGISTERED_ON)
    plan.outcomes, plan.covariates = ["working", "hours", "profit"], [feature.value for feature in COVARIATES]
    columns = ["round", "outcomes", "covariates", "redraws", "registered_on", "plan_hash"]
    cells = [
        plan.round.code,
        *(json.dumps(codes, separators=(",", ":")) for codes in (plan.outcomes, plan.covariates)),
        plan.redraws,
    ]
    with (FOLDER / "analysis_plans.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, [*cells, plan.registered_on, hash_of_plan(plan)]])


def _month(round_code: str, person: Participant, rng: random.Random) -> tuple[int | None, int | None]:
    """Turnover and profit of the month before, as the owner tells them; one in fourteen cannot."""
    if rng.random() < 0.07:
        return None, None
    sales, costs = person.months[{"M1": 12, "M2": 12, "M3": 1}[round_code]]
    share = 0.55 if round_code == "M1" else 1
    return round(sales * share, -4), round((sales - costs) * share, -4)


if __name__ == "__main__":
    main()
