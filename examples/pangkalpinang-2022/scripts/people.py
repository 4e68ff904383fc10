# ruff: noqa: INP001, SIM905 - scripts of an example folder, not a package
"""Make persons.csv and applicants.csv: invented people with planted trouble. Same seed, same files.

Run from anywhere: python scripts/people.py. It reads places.csv beside the folder's other files and prints the planted
trouble as the table of scripts/README.md.
"""

import csv
import datetime
import hashlib
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path

from ideas import BUYERS, IDEAS, NEAR

FOLDER = Path(__file__).parents[1]
SEED = 19712022
PEOPLE = 392  # before duplicates are added
FIRST_DAY = datetime.date(2022, 8, 29)
DAYS = 15  # of registration
LAST_DAY = FIRST_DAY + datetime.timedelta(DAYS - 1)
SOURCE = "synthetic"
BANK = "Bank Contoh"  # there is none
OUTSIDE = "19.01"  # Kabupaten Bangka
RURAL = {"19.71.01.1009", "19.71.05.1005", "19.71.05.1007", "19.71.06.1001", "19.71.06.1006", "19.71.01.1010"}

MALAY = {
    "female": "Rohani Jamilah Maimunah Zubaidah Halimah Nurhayati Sakinah Aisyah Fatimah Rosmala Yusnani Hamidah "
    "Nurlela Mardiana Sulastri Rohana Salmah Nuraini Yuliana Fitriani Dewi Rina Ratna Melati Sari Indah Permata "
    "Lestari Safitri Anggraini Oktavia Marlina Hartati Novita Wulandari Ayu",
    "male": "Suparman Zainudin Rusli Hasan Ismail Ibrahim Sulaiman Marwan Firdaus Junaidi Syahrul Effendi Hidayat "
    "Ridwan Saputra Ramadhan Kurniawan Iskandar Yusuf Hamzah Azhar Rizal Fauzi Ardiansyah Maulana Akbar Pratama "
    "Hendri Romli Suhaimi Abdullah Mustofa Bahri Darmawan Apriyadi Yulizar",
}
JAVANESE = {
    "female": "Sri Tri Dwi Endang Sumiati Suparti Wahyuni Rahayu Suryani Ningsih Handayani Utami Purwanti Astuti",
    "male": "Slamet Sugeng Bambang Joko Eko Wahyu Sutrisno Suryanto Purnomo Widodo Riyadi Hartono Santoso Nugroho",
}
SURNAMES = "Lie Bong Lim Tjhin Liu Phang Djie Kho Tan Tjung Fu Hiu Jung Tjen Chia Ngo Thjia Sim Lay Kwee"
CHINESE = {
    "female": ["Mei Ling", "Sui Fa", "Kim Moi", "Nyuk Lan", "Siu Lan", "Ai Ling", "Fung Moi", "Su Jin", "Kim Lian"],
    "male": ["Khim Fo", "Sin Kong", "Fuk Sen", "Kim Sun", "Jun Khiong", "Bui Khong", "Tet Min", "Su Kiat", "Kian Hin"],
}
BAPTISED = {
    "female": "Susanti Yuliana Merry Lina Fransiska Natalia Jessica Silvia",
    "male": "Hendra Kevin Steven Yanto Andreas Felix Robby Johan",
}
FAMILY = "Wijaya Halim Gunawan Salim Hartanto Kusuma Susanto Tanujaya"
STREETS = (
    "Jalan Depati Hamzah|Jalan Melati|Jalan Kenanga|Jalan Balai|Jalan Mentok|Jalan Toniwen|Gang Manggis|Gang Rukem|"
    "Jalan Ketapang|Jalan Kampung Melayu|Gang Duku|Jalan Air Itam|Jalan Raya Selindung|Gang Mawar|Jalan Pahlawan|"
    "Gang Cempedak|Jalan Batu Nirwana|Gang Nangka II|Jalan Letkol Saleh Ode|Gang Pelangi"
).split("|")


@dataclass
class Person:
    """A row of persons.csv and, unless the registration was not finished, of applicants.csv."""

    nik: str
    name: str
    sex: str
    birth_date: datetime.date | None
    family_card: str
    mother_name: str
    phone: str
    address: str
    rt: str
    rw: str
    place: str
    education: str
    disability: str
    activity: str
    idea: str
    applied_on: datetime.date
    activity_now: str
    months_without_work: int
    household_size: int
    household_income_idr: int
    dependants: int
    household_workers: int
    earlier_assistance: bool = False
    earlier_assistance_reported: bool = False
    account: str = ""
    bank: str = ""
    account_holder: str = ""
    latitude: float | None = None
    longitude: float | None = None
    device: str = ""
    helped_by: str = ""
    desil: int | None = None
    desil_source: str = ""
    desil_on: datetime.date | None = None
    disaster: str = ""
    disaster_on: datetime.date | None = None
    second_idea: str = ""
    has_applied: bool = True
    trouble: list[str] = field(default_factory=list)


Trouble = tuple[str, Callable[[Person], None], int]
"""A code, the change that makes the trouble, and how many people get it."""

PERSON = (
    "nik name sex birth_date family_card mother_name phone account bank account_holder address rt rw place education "
    "disability"
).split()
APPLICATION = (
    "applied_on activity_now months_without_work household_size household_income_idr dependants household_workers "
    "earlier_assistance earlier_assistance_reported latitude longitude device helped_by desil desil_source "
    "desil_on disaster disaster_on"
).split()


def full_name(rng: random.Random, sex: str, age: int) -> str:
    """A name as people of Bangka have them; older people more often have a single one."""
    kind = rng.random()
    if kind < 0.52:
        words = rng.sample(MALAY[sex].split(), 1 if rng.random() < 0.1 + age / 250 else rng.choice((2, 2, 2, 3)))
    elif kind < 0.68:
        words = rng.sample(JAVANESE[sex].split(), 1 if rng.random() < 0.2 else 2)
    elif kind < 0.86:
        words = [rng.choice(SURNAMES.split()), rng.choice(CHINESE[sex])]
    else:
        words = [rng.choice(BAPTISED[sex].split()), rng.choice(FAMILY.split())]
    return " ".join(words)


def nik_of(place: str, birth_date: datetime.date, sex: str) -> str:
    """An identity number with the serial 0000, which is never issued."""
    day = birth_date.day + 40 * (sex == "female")
    region = place.replace(".", "")[:6].ljust(6, "1")
    return f"{region}{day:02}{birth_date:%m%y}0000"


def birthday(born: datetime.date, years: int) -> datetime.date:
    return born.replace(year=born.year + years)


class Maker:
    """Draws people one after the other; what must be unique is kept here."""

    def __init__(self, places: list[dict[str, str]]) -> None:
        self.rng = random.Random(SEED)  # noqa: S311 - repeatable on purpose, nothing secret
        self.kelurahan = [row for row in places if row["level"] == "village"]
        self.name_of = {row["code"]: row["name"] for row in places}
        self.centre_of = {row["code"]: (float(row["latitude"]), float(row["longitude"])) for row in places}
        self.niks: set[str] = set()
        self.names: set[str] = set()
        self.cards: set[str] = set()
        self.phones = iter(self.rng.sample(range(1000, 10_000), 900))

    def person(self) -> Person:
        rng = self.rng
        sex = "female" if rng.random() < 0.56 else "male"
        place = rng.choices(self.kelurahan, [int(row["population"]) for row in self.kelurahan])[0]["code"]
        age = round(rng.triangular(18, 54, 27))
        applied_on = FIRST_DAY + datetime.timedelta(days=round(rng.triangular(0, DAYS - 1, DAYS - 1)))
        born, nik = self._identity(place, sex, age)
        activity = self._activity(sex, age, place)
        now, months = self._work(sex, age)
        size = rng.choices(range(1, 9), (3, 10, 20, 27, 20, 11, 6, 3))[0]
        workers = min(size, rng.choices(range(4), (30, 45, 19, 6))[0])
        if now in ("employed", "civil_servant"):
            workers = max(workers, 1)
        per_worker = round(rng.lognormvariate(14.35, 0.5), -4)
        income = int(workers * per_worker) if workers else self._gifts()
        return Person(
            nik=nik,
            name=self._name(sex, age),
            sex=sex,
            birth_date=born,
            family_card=self.card(place),
            mother_name=full_name(rng, "female", 70) if rng.random() < 0.85 else "",
            phone=self.phone() if rng.random() < 0.96 else "",
            address=f"{rng.choice(STREETS)} No. {rng.randint(1, 240)}",
            rt=f"{rng.randint(1, 9):03}",
            rw=f"{rng.randint(1, 4):03}",
            place=place,
            education=self._education(age),
            disability=rng.choice(("physical", "physical", "sight", "hearing", "speech", "intellectual", "mental"))
            if rng.random() < 0.05
            else "",
            activity=activity,
            idea=self.idea(activity, place),
            applied_on=applied_on,
            activity_now=now,
            months_without_work=months,
            household_size=size,
            household_income_idr=income,
            dependants=rng.randint(0, max(0, min(size - 1, 5))) if age > 21 else 0,
            household_workers=workers,
        )

    def _gifts(self) -> int:
        """What a household lives from in which nobody has work."""
        return int(round(self.rng.choice((0, 1, 1)) * self.rng.uniform(2, 9) * 1e5, -4))

    def _identity(self, place: str, sex: str, age: int) -> tuple[datetime.date, str]:
        while True:
            born = datetime.date(2022 - age, 1, 1) + datetime.timedelta(days=self.rng.randrange(240))
            origin = place if self.rng.random() < 0.94 else self.rng.choice(("19.01.05", "19.04.01", "16.71.02"))
            nik = nik_of(origin, born, sex)
            if nik not in self.niks:
                self.niks.add(nik)
                return born, nik

    def _name(self, sex: str, age: int) -> str:
        while True:
            name = full_name(self.rng, sex, age)
            if name not in self.names:
                self.names.add(name)
                return name

    def card(self, place: str) -> str:
        while True:
            day = datetime.date(2008, 1, 1) + datetime.timedelta(days=self.rng.randrange(5000))
            card = f"{place.replace('.', '')[:6].ljust(6, '1')}{day:%d%m%y}0000"
            if card not in self.cards:
                self.cards.add(card)
                return card

    def phone(self) -> str:
        self.rng.random()  # once chose how the number is written; without it everybody after would be another person
        return f"+628120000{next(self.phones)}"

    def _activity(self, sex: str, age: int, place: str) -> str:
        weights = {"ternak": 24, "kuliner": 36, "souvenir": 16, "digital": 22}
        weights["ternak"] += (14 if place in RURAL else 0) + (12 if sex == "male" else -8)
        weights["kuliner"] += 16 if sex == "female" else -12
        weights["digital"] += 22 if age < 27 else (-10 if age < 38 else -18)
        chosen = self.rng.choices(list(weights), list(weights.values()))[0]
        options = [(activity, len(texts)) for activity, (of, texts) in IDEAS.items() if of == chosen]
        return self.rng.choices([a for a, _ in options], [n for _, n in options])[0]

    def idea(self, activity: str, place: str) -> str:
        template = self.rng.choice(IDEAS[activity][1])
        near, buyer = self.rng.choice(NEAR), self.rng.choice(BUYERS)
        return template.format(place=self.name_of[place], near=near, buyer=buyer)

    def _work(self, sex: str, age: int) -> tuple[str, int]:
        options = {"unemployed": 56, "under_employed": 20, "employed": 6, "student": 9 if age < 22 else 0}
        options["housewife"] = 22 if sex == "female" and age > 23 else 0
        now = self.rng.choices(list(options), list(options.values()))[0]
        if now == "unemployed":
            return now, min(60, 1 + int(self.rng.expovariate(1 / 11)))
        return now, self.rng.randint(10, 60) if now == "housewife" else 0

    def _education(self, age: int) -> str:
        levels = ("none", "primary", "junior", "senior", "vocational", "diploma", "bachelor")
        return self.rng.choices(levels, (1, 6, 14, 40, 28, 5, 6) if age < 35 else (4, 24, 24, 32, 10, 3, 3))[0]


def plant(maker: Maker, people: list[Person]) -> None:
    """Give some people trouble that later stages must find, and add the doubles."""
    seeking = [p for p in people if p.activity_now in ("unemployed", "under_employed", "housewife")]
    clean = iter(maker.rng.sample(seeking, 150))
    for code, change, times in (*_ages(), *_numbers(), *_circumstances(maker), *_names()):
        for _ in range(times):
            person = next(clean)
            change(person)
            person.trouble.append(code)
    for number in range(4):
        _household(f"household-of-three-{number + 1}", [next(clean) for _ in range(3)])
    for number in range(12):
        _household(f"household-of-two-{number + 1}", [next(clean) for _ in range(2)])
    _one_nik(next(clean), next(clean))
    _doubles(maker, people, clean)
    _apply_twice(maker, [next(clean), next(clean)])
    people += [replace(maker.person(), has_applied=False, trouble=["registration-not-finished"]) for _ in range(5)]
    _give_accounts_devices_and_spots(maker, people)


def _give_accounts_devices_and_spots(maker: Maker, people: list[Person]) -> None:
    """What no draw looks at, with what too many have in common. Dice of its own: the people stay who they are."""
    rng = random.Random(SEED + 1)  # noqa: S311 - repeatable on purpose, nothing secret
    applied = [person for person in people if person.has_applied]
    for number, person in enumerate(applied):
        if rng.random() < 0.4:
            person.account, person.bank, person.account_holder = f"0000{700_000 + number}", BANK, person.name
        if rng.random() < 0.5:
            person.device = hashlib.sha256(f"perangkat {number}".encode()).hexdigest()[:32]
        if rng.random() < 0.3:
            _put_near(maker.centre_of[person.place], person, rng)
    seeking = [p for p in applied if not p.trouble and p.activity_now in ("unemployed", "under_employed", "housewife")]
    clean = rng.sample(seeking, 40)
    _in_common("one-account-on-four", clean[:4], account="0000999901", bank=BANK, account_holder=clean[0].name)
    _in_common("one-device-on-six", clean[4:10], device=hashlib.sha256(b"satu perangkat").hexdigest()[:32])
    _in_common("three-businesses-in-one-spot", clean[10:13], latitude=-2.13051, longitude=106.11412)
    _many_from_one_rt([person for person in seeking if not person.trouble])


def _put_near(centre: tuple[float, float], person: Person, rng: random.Random) -> None:
    """Within some hundred metres of the middle of the kelurahan."""
    person.latitude, person.longitude = (round(degrees + rng.uniform(-0.003, 0.003), 5) for degrees in centre)


def _in_common(trouble: str, people: list[Person], **values: object) -> None:
    for person in people:
        for name, value in values.items():
            setattr(person, name, value)
        person.trouble.append(trouble)


def _many_from_one_rt(people: list[Person]) -> None:
    """Twelve of the kelurahan from which most apply."""
    home = Counter(sorted(person.place for person in people)).most_common(1)[0][0]
    _in_common("twelve-from-one-rt", [person for person in people if person.place == home][:12], rt="001", rw="001")


def _ages() -> list[Trouble]:
    return [
        ("age-16", _born(16, 364), 1),
        ("age-16", _born(16, 40), 1),
        ("age-exactly-17", _born(17, 0), 2),
        ("age-exactly-55", _born(55, 0), 1),
        ("age-exactly-55", _born(55, 364), 1),
        ("age-56", _born(56, 0), 1),
        ("age-over-56", _born(61, 120), 2),
        ("no-birth-date", lambda p: setattr(p, "birth_date", None), 3),
    ]


def _born(years: int, days: int) -> Callable[[Person], None]:
    """Born so many years before applying, and so many days earlier still."""

    def change(person: Person) -> None:
        born = birthday(person.applied_on, -years) - datetime.timedelta(days=days)
        person.birth_date, person.nik = born, nik_of(person.place, born, person.sex)

    return change


def _numbers() -> list[Trouble]:
    return [
        ("nik-other-birth-date", _shift_nik_date, 3),
        ("nik-other-sex", _turn_nik_sex, 2),
        ("nik-15-digits", lambda p: setattr(p, "nik", p.nik[:-1]), 1),
        ("nik-letter", lambda p: setattr(p, "nik", p.nik[:-1] + "O"), 1),
    ]


def _circumstances(maker: Maker) -> list[Trouble]:
    phone = maker.phone()
    return [
        ("civil-servant", lambda p: _set_work(p, "civil_servant"), 2),
        ("employed", lambda p: _set_work(p, "employed"), 2),
        ("student", lambda p: _set_work(p, "student"), 2),
        ("outside-area", lambda p: _move_out(p, maker), 7),
        ("assistance-unreported", lambda p: setattr(p, "earlier_assistance", True), 9),
        ("assistance-reported", _reported, 6),
        ("one-phone-on-eight", lambda p: setattr(p, "phone", phone), 8),
    ]


def _names() -> list[Trouble]:
    named = (
        ("Nur'aini", "female"),
        ("Ma'ruf Amirudin", "male"),
        ("Sa'adah", "female"),
        ("H. Rusli Effendi, S.E.", "male"),
        ("Suhaimi, A.Md.", "male"),
        ("Hj. Zubaidah, S.Pd., M.M.", "female"),
    )
    marked = [("apostrophe-or-comma", partial(_rename, name=name, sex=sex), 1) for name, sex in named]
    return [("long-name", lambda p: setattr(p, "name", _long_name(p.sex)), 1), *marked]


def _one_nik(first: Person, second: Person) -> None:
    second.nik = first.nik
    for person in (first, second):
        person.trouble.append("two-people-one-nik")


def _apply_twice(maker: Maker, people: list[Person]) -> None:
    for person in people:
        person.second_idea = maker.idea("ACT-KUE", person.place)
        person.trouble.append("applied-twice")


def _doubles(maker: Maker, people: list[Person], clean: Iterator[Person]) -> None:
    """The same person twice, written differently."""
    variants: list[tuple[str, str, str, str]] = [
        ("Siti Rohanah", "Siti Rohana", "female", "same-nik"),
        ("Mohammad Yusuf Akbar", "Muhammad Yusup Akbar", "male", "same-nik"),
        ("Hj. Maimunah", "MAIMUNAH", "female", "same-name-and-birth-date"),
        ("Nur’aini Permata", "Nuraini  Permata", "female", "same-name-and-birth-date"),
        ("Tjhin Nyuk Fa", "Tjhin Nyuk Fa", "female", "same-name-and-birth-date"),
    ]
    for number, (name, other, sex, kind) in enumerate(variants, 1):
        person = next(clean)
        _rename(person, name=name, sex=sex)
        double = replace(person, name=other, idea=maker.idea(person.activity, person.place), trouble=[])
        double.applied_on = min(person.applied_on + datetime.timedelta(days=2), LAST_DAY)
        double.phone = maker.phone()
        if kind == "same-name-and-birth-date":
            double.nik = person.nik[:4] + f"{int(person.nik[4:6]) % 7 + 1:02}" + person.nik[6:]
            double.family_card = maker.card(person.place)
        for one in (person, double):
            one.trouble.append(f"duplicate-{number}-{kind}")
        people.append(double)


def _shift_nik_date(person: Person) -> None:
    month = person.birth_date.month % 12 + 1
    person.nik = f"{person.nik[:8]}{month:02}{person.nik[10:]}"


def _turn_nik_sex(person: Person) -> None:
    other = "male" if person.sex == "female" else "female"
    person.nik = nik_of(person.place, person.birth_date, other)


def _set_work(person: Person, now: str) -> None:
    person.activity_now, person.months_without_work = now, 0
    person.household_workers = max(person.household_workers, int(now != "student"))
    person.household_income_idr = max(person.household_income_idr, 2_600_000)


def _move_out(person: Person, maker: Maker) -> None:
    person.place, person.rt, person.rw = OUTSIDE, "", ""
    village = maker.rng.choice(("Desa Air Duren", "Desa Kace", "Sungailiat", "Desa Petaling"))
    person.address = f"{village}, Kabupaten Bangka"
    person.nik = nik_of("19.01.05", person.birth_date, person.sex)


def _reported(person: Person) -> None:
    person.earlier_assistance = person.earlier_assistance_reported = True


def _rename(person: Person, *, name: str, sex: str) -> None:
    if person.sex != sex:
        person.sex, person.nik = sex, nik_of(person.place, person.birth_date, sex)
        person.activity_now = "unemployed" if person.activity_now == "housewife" else person.activity_now
    person.name = name


def _long_name(sex: str) -> str:
    first = "Siti Nurul" if sex == "female" else "Muhammad Al-Fatih"
    return f"{first} Rachmawatiningsih Kusumadiningrat Tirtonegoro Suryawijayakusuma Hadiningrat Pangkalpinang Bangka"


def _household(code: str, members: list[Person]) -> None:
    first = members[0]
    for person in members:
        for name in ("family_card", "address", "rt", "rw", "household_income_idr", "household_workers"):
            setattr(person, name, getattr(first, name))
        person.household_size = max(member.household_size for member in members)
        if person.place != first.place:
            person.place = first.place
        person.trouble.append(code)
    for person in members:
        person.household_size = max(first.household_size, len(members))
        person.dependants = min(person.dependants, person.household_size - 1)


def show(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def write(name: str, columns: list[str], rows: list[list[object]]) -> None:
    with (FOLDER / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([[show(value) for value in row] for row in rows])


def main() -> None:
    with (FOLDER / "places.csv").open(encoding="utf-8", newline="") as file:
        maker = Maker(list(csv.DictReader(file)))
    people = [maker.person() for _ in range(PEOPLE)]
    plant(maker, people)
    people.sort(key=lambda person: person.applied_on)
    persons, applications, planted = [], [], []
    again: list[tuple[str, Person]] = []
    for number, person in enumerate(people, 1):
        code, row = f"P{number:03}", asdict(person)
        persons.append([code, *(row[name] for name in PERSON), SOURCE])
        if person.has_applied:
            applications.append((person.applied_on, code, IDEAS[person.activity][0], person.idea, row))
        if person.second_idea:
            again.append((code, person))
        planted += [(trouble, code) for trouble in person.trouble]
    for code, person in again:
        row = asdict(person) | {"applied_on": LAST_DAY}
        applications.append((LAST_DAY, code, "kuliner", person.second_idea, row))
    rows, application_of = [], {}
    for number, (_day, person_code, field_code, idea, row) in enumerate(sorted(applications, key=lambda a: a[0]), 1):
        code = f"A{number:03}"
        application_of.setdefault(person_code, []).append(code)
        rows.append([code, person_code, field_code, idea, *(row[name] for name in APPLICATION), SOURCE])
    write("persons", ["code", *PERSON, "source"], persons)
    write("applicants", ["code", "person", "field", "idea", *APPLICATION, "source"], rows)
    print("| trouble | persons (applications) |\n|---|---|")  # noqa: T201
    for trouble in sorted({trouble for trouble, _ in planted}):
        codes = [code for name, code in planted if name == trouble]
        shown = ", ".join(f"{code} ({' '.join(application_of.get(code, ['–']))})" for code in codes)
        print(f"| {trouble} | {shown} |")  # noqa: T201


if __name__ == "__main__":
    main()
