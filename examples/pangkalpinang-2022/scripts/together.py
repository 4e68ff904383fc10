# ruff: noqa: INP001 - script of an example folder, not a package
"""Make what participants, groups and mentors did with one another. Same run, same files.

    kawasan run examples/pangkalpinang-2022    forms groups and makes the timetable
    python scripts/after_the_draw.py           writes visits.csv and more
    python scripts/together.py                 votes, points, plans, problems, requests, canvases, confirmations

It reads the database that the run filled (KAWASAN_DATA) and visits.csv, so run it with Kawasan's own Python.
"""

import csv
import datetime
import os
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import django
from after_the_draw import AS_OF, CODE, FOLDER, describe, dice, write

VOTED_FROM = datetime.date(2022, 10, 4)
OFFICES = ("head", "secretary", "treasurer")
FOLLOW_UP = "applicant made_on done_on outcome"
STEPS = {
    "ternak": (
        (
            "Panen pertama terjual",
            "Membersihkan kandang dan menyiapkan pakan sebulan",
            "Kandang bersih, pakan dua karung",
        ),
        ("Panen pertama terjual", "Mencari dua pembeli tetap di pasar", "Pedagang Pasar Pagi memesan setiap Jumat"),
        ("Catatan rapi", "Mencatat pakan dan hewan mati setiap hari", "Buku catatan terisi sejak awal bulan"),
    ),
    "kuliner": (
        ("Produk siap dijual di toko", "Menyiapkan berkas PIRT dan denah dapur", "Berkas diterima, nomor menunggu"),
        ("Produk siap dijual di toko", "Mencetak label dengan tanggal kedaluwarsa", "Label 500 lembar sudah dicetak"),
        (
            "Harga jual yang benar",
            "Menghitung biaya per bungkus bersama pendamping",
            "Harga naik Rp1.000, pembeli tetap",
        ),
    ),
    "souvenir": (
        (
            "Barang masuk katalog kota",
            "Memotret sepuluh barang dengan latar putih",
            "Sepuluh foto dikirim ke Diskominfo",
        ),
        ("Barang masuk katalog kota", "Menulis ukuran, bahan, dan harga setiap barang", "Daftar harga selesai"),
        ("Dua toko baru", "Menawarkan titip jual ke dua toko oleh-oleh", "Satu toko menerima dua puluh barang"),
    ),
    "digital": (
        ("Lima pelanggan tetap", "Membuat paket jasa dengan harga tertulis", "Tiga paket sudah di media sosial"),
        ("Lima pelanggan tetap", "Menawarkan desain label kepada kelompok kuliner", "Empat anggota memesan label"),
        ("Pekerjaan tepat waktu", "Menulis kesepakatan revisi sebelum mulai", "Formulir kesepakatan dipakai"),
    ),
}
ADVICE = (
    ("obstacle", "Buku kas belum terisi tiga minggu", "Mencatat penjualan setiap malam selama dua minggu", "high"),
    (
        "positive",
        "Pesanan datang kembali dari pembeli yang sama",
        "Menawarkan kesepakatan pemasokan enam bulan",
        "medium",
    ),
    ("warning", "Hanya satu pembeli mengambil sebagian besar hasil", "Mencari pembeli kedua sebelum Lebaran", "high"),
    ("positive", "Catatan rapi dan laba naik", "Diusulkan menjadi contoh bagi kelompok lain", "low"),
)
QUESTIONS = {
    "ternak": (
        "animal_health",
        "Ayam lesu setelah pindah kandang, apa yang diberikan?",
        "Vitamin tiga hari, air hangat.",
    ),
    "kuliner": ("food_safety", "Berapa lama kerupuk tahan dalam kemasan plastik?", "Tiga bulan bila kadar air rendah."),
    "souvenir": (
        "design",
        "Bagaimana membuat kartu gantung untuk pewter?",
        "Contoh desain sudah dikirim, ukuran 5 x 9 cm.",
    ),
    "digital": (
        "programming",
        "Bagaimana memasang pembayaran QRIS di situs?",
        "Daftar lewat bank, lalu pakai tautannya.",
    ),
}
PROBLEMS = (
    ("aid_unused", "Mesin bantuan masih terbungkus di rumah", "Mesin dipasang bersama kelompok"),
    ("refuses", "Tidak mau didampingi karena sibuk bekerja", "Sepakat bertemu Sabtu sore"),
    ("not_found", "Rumah kosong dua kali, tetangga tidak tahu", "Pindah ke rumah orang tua, alamat dicatat"),
    ("no_contact", "Nomor tidak aktif sejak tahun baru", "Nomor baru dari ketua kelompok"),
    ("unsafe", "Jalan ke kandang terendam banjir", "Kunjungan dipindah ke balai warga"),
)
WANTED = (  # the field of who asks, what for, and how it ended; rows that name a visit are loaded after the others
    ("souvenir", "Apakah formulir izin boleh difotokopi?", "answered"),
    ("ternak", "Dua ekor kambing tidak mau makan", "open"),
    ("kuliner", "Mohon dibantu mengisi buku kas Januari", "open"),
    ("kuliner", "Label baru tidak menempel, perlu contoh bahan lain", "open"),
    ("digital", "Bingung memilih toko daring", "taken_back"),
    ("kuliner", "Oven tidak panas merata, mohon dilihat sebelum pesanan Jumat", "visited"),
    ("souvenir", "Ingin menghitung harga untuk pesanan hotel", "visited"),
)
ANSWER = "Boleh, asal tanda tangan asli. Bawa juga fotokopi KTP ke kantor Dinas."
CANVAS = {
    "segments": "Pembeli harian di sekitar rumah; {buyer} sebagai pembeli tetap.",
    "value": "{goods} yang dibuat sendiri, mutu tetap, tepat waktu.",
    "channels": "Pesanan lewat WhatsApp, titip jual di dua kios, pasar hari Minggu.",
    "relationships": "Pembeli lama dihubungi setiap pekan; keluhan diganti hari itu juga.",
    "revenue": "Penjualan {goods} setiap minggu; harga lebih murah untuk pesanan banyak.",
    "resources": "Alat bantuan program, tempat di rumah, keahlian dari pelatihan, modal awal.",
    "activities": "Membeli bahan, membuat, mengemas, mengantar, menulis buku kas.",
    "partners": "Kelompok {group}, pemasok bahan, pendamping, Dinas.",
    "costs": "Bahan baku, gas dan listrik, kemasan, ongkos antar.",
}
BUYERS = {
    "ternak": "pedagang Pasar Pagi",
    "kuliner": "toko oleh-oleh",
    "souvenir": "galeri kota",
    "digital": "UMKM kota",
}
LOANS = (  # the one for everybody waits for no group, and is loaded first
    ("EXP-KONTEN2", None, datetime.date(2023, 1, 12), 3, "Kelas singkat konten media sosial"),
    ("EXP-DESAIN", "G01", datetime.date(2022, 11, 17), 4, "Desain kemasan untuk kelompok kuliner"),
    ("EXP-KONTEN1", "G08", datetime.date(2022, 12, 6), 6, "Foto barang untuk katalog"),
    ("EXP-DESAIN", "G05", datetime.date(2023, 1, 24), 5, "Label dengan tanggal kedaluwarsa"),
)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kawasan.config.settings")
    django.setup()
    from kawasan.programmes.models import Programme

    programme = Programme.objects.get(code=CODE)
    related = ("group__field", "group__mentor", "applicant__person")
    members = list(programme.group_members.select_related(*related).order_by("applicant__code"))
    with (FOLDER / "visits.csv").open(encoding="utf-8", newline="") as file:
        logbook = list(csv.DictReader(file))
    by_group = defaultdict(list)
    for member in members:
        by_group[member.group.code].append(member)
    votes = [vote(number, by_group[code]) for number, code in enumerate(sorted(by_group), 1)]
    write("votes", "code group held_on present minutes source", [row for row, _ballots in votes])
    write("ballots", "vote applicant office votes source", [row for _row, ballots in votes for row in ballots])
    write("wishes", "code applicant kind other language most_km source", wishes(members))
    loans = [[f"L{number:03}", *loan] for number, loan in enumerate(LOANS, 1)]
    write("loans", "code expert group day hours need source", loans)
    write("scores", "module applicant moment points assessed_on source", scores(programme, by_group))
    write_mentoring(members, logbook)
    describe(programme)


def write_mentoring(members: list[Any], logbook: list[dict[str, str]]) -> None:
    said = "visit applicant took_place remark said_on source"
    write("visit_confirmations", said, confirmations(members, logbook))
    asked = "code applicant asked_on wanted state closed_on answer visit source"
    write("visit_requests", asked, requests(members, logbook))
    write("action_steps", f"code {FOLLOW_UP} source goal step who due_on", steps(members))
    advice = f"code {FOLLOW_UP} source kind finding advice priority"
    write("recommendations", advice, recommendations(members))
    questions = f"code {FOLLOW_UP} source skill question expert"
    write("expert_requests", questions, questions_to_experts(members))
    problems = "code applicant kind seen_on what settled_on outcome source"
    write("problem_cases", problems, problem_cases(members))
    blocks = "code applicant group block version text written_on source"
    write("canvas_blocks", blocks, ([f"B{n:04}", *row] for n, row in enumerate(canvases(members), 1)))


def wishes(members: list[Any]) -> Iterator[list[Any]]:
    """What some asked for before groups were formed; the groups that were formed hold to all of it."""
    rng = dice("wishes")
    women = [one for one in members if one.applicant.person.sex == "female" and one.group.mentor.sex == "female"]
    kinds = [("woman_mentor", one, None, "", None) for one in rng.sample(women, 4)]
    kinds += [("reach", one, None, "", float(round(one.distance_km + 1.5))) for one in rng.sample(members, 3)]
    for first in rng.sample(members, 4):
        fellows = [one for one in members if one.group_id == first.group_id and one != first]
        kinds.append(("together", first, rng.choice(fellows), "", None))
    speakers = [one for one in members if "hakka" in one.group.mentor.languages.split()]
    kinds += [("language", one, None, "hakka", None) for one in rng.sample(speakers, 2)]
    for number, (kind, member, other, language, most_km) in enumerate(kinds, 1):
        about = other.applicant.code if other else None
        yield [f"W{number:03}", member.applicant.code, kind, about, language, most_km]


def vote(number: int, members: list[Any]) -> tuple[list[Any], list[list[Any]]]:
    """Nearly all members come to the first meeting; the three officers come from three households."""
    group = members[0].group
    rng = dice("vote", group.code)
    present = len(members) - rng.choice((0, 1, 1, 2))
    code = f"P{number:03}"
    officers: list[Any] = []
    for member in rng.sample(members, len(members)):
        households = {one.applicant.person.family_card for one in officers}
        if len(officers) < len(OFFICES) and member.applicant.person.family_card not in households:
            officers.append(member)
    others = [member for member in members if member not in officers]
    ballots = []
    for office, first, second in zip(OFFICES, officers, rng.sample(others, len(OFFICES)), strict=True):
        most = present // 2 + rng.choice((1, 1, 2))
        ballots += [[code, first.applicant.code, office, most], [code, second.applicant.code, office, present - most]]
    day = VOTED_FROM + datetime.timedelta(number % 4)
    minutes = f"Rapat pertama di {group.place.name}; suara dihitung terbuka di depan anggota."
    return [code, group.code, day, present, minutes], [row for row in ballots if row[3]]


def scores(programme: Any, by_group: dict[str, list[Any]]) -> Iterator[list[Any]]:
    """Points on the days of the first and the last session of each module; nearly everybody gains."""
    days: dict[tuple[str, str], list[datetime.date]] = defaultdict(list)
    for session in programme.sessions.select_related("module", "group").order_by("starts_at"):
        days[session.module.code, session.group.code].append(session.starts_at.date())
    for (module, group), held in sorted(days.items()):
        for member in by_group[group]:
            rng = dice("score", module, member.applicant.code)
            before = rng.randrange(25, 70)
            yield [module, member.applicant.code, "before", before, held[0]]
            if rng.random() < 0.95:
                gain = rng.choices((-4, 6, 15, 25), (6, 24, 45, 25))[0]
                yield [module, member.applicant.code, "after", min(before + gain + rng.randrange(5), 100), held[-1]]


def confirmations(members: list[Any], logbook: list[dict[str, str]]) -> Iterator[list[Any]]:
    """Of visits to one participant, three in four are confirmed; two are denied."""
    known = {member.applicant.code for member in members}
    alone = [row for row in logbook if row["applicant"] in known]
    for number, row in enumerate(alone):
        rng = dice("confirmation", row["code"])
        day = datetime.date.fromisoformat(row["visited_on"]) + datetime.timedelta(rng.randrange(0, 4))
        if number in {20, 61}:
            yield [row["code"], row["applicant"], False, "Hari itu pendamping hanya menelepon", min(day, AS_OF)]
        elif rng.random() < 0.75:
            yield [row["code"], row["applicant"], True, "", min(day, AS_OF)]


def requests(members: list[Any], logbook: list[dict[str, str]]) -> Iterator[list[Any]]:
    """Some were visited or answered, three wait."""
    met = [row for row in logbook if row["applicant"] and "2022-12" <= row["visited_on"] < "2023-02"]
    busy = {row["applicant"] for row in met}
    for number, (field, wanted, state) in enumerate(WANTED, 1):
        code, answer, rng = f"R{number:03}", ANSWER if state == "answered" else "", dice("request", number)
        people = {one.applicant.code: one for one in members if one.group.field.code == field}
        if state == "visited":
            visit = rng.choice([row for row in met if row["applicant"] in people])
            day = datetime.date.fromisoformat(visit["visited_on"])
            yield [code, visit["applicant"], day - datetime.timedelta(2), wanted, state, day, answer, visit["code"]]
        else:
            nearest = min(one.group.mentor.code for one in people.values())  # whose day the demonstration shows
            free = [key for key, one in people.items() if key not in busy and one.group.mentor.code == nearest]
            asked, who = AS_OF - datetime.timedelta(3 * number), rng.choice(free or list(people))
            busy.add(who)
            closed = None if state == "open" else asked + datetime.timedelta(1)
            yield [code, who, asked, wanted, state, closed, answer, None]


def steps(members: list[Any]) -> Iterator[list[Any]]:
    """Two steps for three participants in four: the earlier ones are done, a few are late."""
    number = 0
    for member in members:
        rng = dice("steps", member.applicant.code)
        if rng.random() > 0.75:
            continue
        for goal, step, evidence in rng.sample(STEPS[member.group.field.code], 2):
            number += 1
            made = datetime.date(2022, 11, 7) + datetime.timedelta(rng.randrange(0, 75))
            due = made + datetime.timedelta(rng.choice((14, 21, 30)))
            done = due - datetime.timedelta(rng.randrange(-5, 6)) if due < AS_OF and rng.random() < 0.8 else None
            done = done if done and done <= AS_OF else None
            agreed = [member.applicant.code, made, done, evidence if done else ""]
            yield [f"S{number:04}", *agreed, goal, step, member.applicant.person.name, due]


def recommendations(members: list[Any]) -> Iterator[list[Any]]:
    for number, member in enumerate(members[::6], 1):
        rng = dice("advice", member.applicant.code)
        kind, finding, advice, priority = rng.choice(ADVICE)
        made = datetime.date(2023, 1, 16) + datetime.timedelta(rng.randrange(0, 25))
        done = made + datetime.timedelta(9) if rng.random() < 0.3 and made < AS_OF - datetime.timedelta(9) else None
        agreed = [member.applicant.code, made, done, "Sudah dijalankan dua minggu" if done else ""]
        yield [f"T{number:04}", *agreed, kind, finding, advice, priority]


def questions_to_experts(members: list[Any]) -> Iterator[list[Any]]:
    experts = {"design": "EXP-DESAIN"}
    for number, member in enumerate(members[3::11], 1):
        rng = dice("question", member.applicant.code)
        skill, question, answer = QUESTIONS[member.group.field.code]
        made = datetime.date(2022, 11, 21) + datetime.timedelta(rng.randrange(0, 80))
        done = made + datetime.timedelta(rng.randrange(1, 12))
        is_done = done <= AS_OF and rng.random() < 0.75
        agreed = [member.applicant.code, made, done if is_done else None, answer if is_done else ""]
        yield [f"N{number:04}", *agreed, skill, question, experts.get(skill)]


def problem_cases(members: list[Any]) -> Iterator[list[Any]]:
    """One case of each kind is settled, one is open; the last two kinds happen once."""
    chosen = dice("problems").sample(members, 8)
    for number, member in enumerate(chosen):
        kind, what, outcome = PROBLEMS[number % len(PROBLEMS)]
        seen = datetime.date(2022, 12, 12) + datetime.timedelta(7 * number)
        is_settled = number < len(PROBLEMS)
        settled = seen + datetime.timedelta(10) if is_settled else None
        row = [f"C{number + 1:03}", member.applicant.code, kind, seen, what, settled, outcome if is_settled else ""]
        yield row


def canvases(members: list[Any]) -> Iterator[list[Any]]:
    """Half of the participants wrote at least a part; who has all of it wrote one block anew."""
    for member in members:
        rng = dice("canvas", member.applicant.code)
        if rng.random() < 0.5:
            continue
        words = {"buyer": BUYERS[member.group.field.code], "goods": goods_of(member), "group": member.group.name}
        written = list(CANVAS) if rng.random() < 0.6 else list(CANVAS)[: rng.randrange(2, 8)]
        day = datetime.date(2022, 11, 14) + datetime.timedelta(rng.randrange(0, 40))
        for block in written:
            yield [member.applicant.code, None, block, 1, CANVAS[block].format(**words), day]
        if len(written) == len(CANVAS):
            later, text = day + datetime.timedelta(35), "Penjualan mingguan dan pesanan hajatan; uang muka separuh."
            yield [member.applicant.code, None, "revenue", 2, text, later]
    group = min((one.group for one in members), key=lambda one: (one.mentor.code, one.code))
    day = datetime.date(2022, 12, 1)
    words = {"buyer": BUYERS[group.field.code], "goods": "Hasil bersama kelompok", "group": group.name}
    yield from ([None, group.code, block, 1, text.format(**words), day] for block, text in CANVAS.items())


def goods_of(member: Any) -> str:
    """What somebody makes, from the name of the activity of the idea."""
    from ideas import activity_of

    activity = member.programme.activities.get(code=activity_of(member.applicant.idea))
    return str(activity.flows.filter(direction="output")[0].commodity.name)


if __name__ == "__main__":
    main()
