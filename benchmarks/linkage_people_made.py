# ruff: noqa: INP001, S311 - a module of the benchmark; its people are invented, from a seed
"""Invented Indonesian applicants with known doubles, harder than an office's own. Same seed and size, same people.

Households share phone, address and family card; brothers and sisters the mother; twins the birthday, the registry of
the NIK and often half of the name; some phones belong to a shop that many strangers name. One in twenty was born on a
1 January that nobody is sure of. Who applies twice is written with other titles, spellings, order, a slip of the pen,
another phone, no NIK or the NIK of another registry, a known or an unknown day of birth.

All NIK end in 0 and a serial above 9000 of a region that does not exist (99), so that no real person is hit.
"""

import datetime
import random
from dataclasses import dataclass, replace


def _words(text: str) -> list[str]:
    return text.split()


MEN = _words(
    "Agus Ahmad Akbar Aldi Amirudin Andi Anton Arif Bambang Bayu Budi Burhan Cahyo Candra Darmawan Dedi Deni "
    "Didik Djoko Dwi Edi Eko Fajar Farid Faisal Feri Gilang Guntur Hadi Hamzah Handoko Haris Hasan Hendra Heri "
    "Husein Ibrahim Ilham Imam Indra Irfan Iskandar Ismail Iwan Jamal Joko Junaidi Kamarudin Kurniawan Lukman "
    "Mahmud Mansur Marwan Maulana Mulyadi Nasrudin Nugroho Pratama Purnomo Rahmat Ramadhan Rangga Rendi Reza "
    "Rizki Rudi Rusdi Rusli Rustam Sabri Samsul Sandi Saputra Slamet Subhan Sudirman Sugeng Suhaimi Sulaiman "
    "Sunardi Supriyadi Suryanto Susanto Sutrisno Syahrul Syarif Taufik Teguh Toni Tri Ujang Umar Usman Wahyu "
    "Wawan Wijaya Yanto Yoga Yudi Yusuf Zainal Zulkifli"
)
WOMEN = _words(
    "Aisyah Amelia Anisa Asih Astuti Aulia Ayu Cahyani Citra Dahlia Desi Devi Dewi Diah Dian Dina Dini Eka Elisa "
    "Endang Erna Eva Farida Fatimah Fitri Fitriani Halimah Handayani Hartati Hasanah Ida Indah Intan Ira Jamilah "
    "Juliana Kartika Khadijah Kurnia Lestari Lia Lina Maimunah Marlina Maryati Maya Mega Melati Mira Mulyani "
    "Murni Nadia Nani Nia Ningsih Novi Novita Nur Nuraini Nurhayati Nurjanah Nurlaila Permata Pertiwi Puji "
    "Purnama Puspita Puteri Putri Rahayu Rahma Rahmawati Ratna Ratih Retno Rina Rini Riska Rita Rohana Rosmala "
    "Rosita Safitri Salma Sari Septiani Siti Sri Sulastri Sumarni Susanti Suryani Tika Tina Titin Tuti Umi Utami "
    "Wati Widya Winarti Wulandari Yani Yanti Yuliana Yuni Yusnani Zahra Zainab Zubaidah"
)
CLANS = _words("Bong Chia Lim Tjhin Kho Fung Liu Tan Oei Njoo Tjong Thio Liem Phang Lie Jap Wong Chau")
SYLLABLES = _words("Sui Fa Nyuk Moi Khiun Lan Mei Fen Jin Hok Kian Seng Bun Swie Hwa Ngo Tjin Fuk Sian Loi")
STREETS = _words(
    "Melati Mawar Anggrek Kenanga Merdeka Sudirman Mentok Depati Hamzah Kampak Batin Tikal Balai Toboali Koba "
    "Rangkui Semabung Girimaya Selindung Pasir Putih Air Itam Bacang Temberan Gabek Kacang Pedang Rustam Effendi "
    "Ahmad Yani Basuki Rahmat Gatot Subroto Diponegoro Imam Bonjol Kartini Cut Nyak Dien"
)
OLD = (("u", "oe"), ("j", "dj"), ("c", "tj"), ("y", "j"), ("f", "p"), ("z", "s"), ("kh", "ch"), ("i", "y"), ("dh", "d"))
MUHAMMADS = ("M.", "Moh.", "Mhd.", "Mohammad", "Muhamad", "Mochamad", "Muhammad")
TITLED = {
    "male": ("H. {}", "{}, S.E.", "Drs. {}", "{}, S.Pd."),
    "female": ("Hj. {}", "{}, S.Pd.", "Dra. {}", "{}, A.Md."),
}
LAST_BIRTH = datetime.date(2005, 8, 1)
DAYS = 40 * 365


@dataclass(frozen=True, slots=True)
class Made:
    """One application; ``person`` is who it really is."""

    person: int
    name: str
    birth_date: str
    sex: str
    nik: str
    family_card: str
    mother_name: str
    phone: str
    address: str


class Maker:
    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.shops = [self.phone() for _ in range(40)]
        self.people = 0

    def made(self, size: int) -> list[Made]:
        """So many applications, about two in a hundred of them somebody's second, in an order that says nothing."""
        rows: list[Made] = []
        while len(rows) < size:
            for one in self.household():
                rows.append(one)
                if self.rng.random() < 0.02:
                    rows.append(self.again(one))
        rows = rows[:size]
        self.rng.shuffle(rows)
        return rows

    def household(self) -> list[Made]:
        """One applicant, or brothers and sisters, at times twins, or strangers with one shop's phone."""
        one = self.person()
        kind = self.rng.random()
        if kind < 0.70:
            return [one]
        if kind < 0.74:
            return [replace(one, phone=self.rng.choice(self.shops))]
        if kind < 0.78:
            return [one, self.twin(one)]
        return [one, *(self.sibling(one) for _ in range(self.rng.choice((1, 1, 2))))]

    def person(self) -> Made:
        self.people += 1
        sex = self.rng.choice(("male", "female"))
        born = self.day()
        return Made(
            person=self.people,
            name=self.name(sex),
            birth_date=born.isoformat(),
            sex=sex,
            nik=self.nik(self.region(), born, sex),
            family_card=f"{self.region()}{self.rng.randrange(10**10):010}",
            mother_name=self.name("female"),
            phone=self.phone(),
            address=self.address(),
        )

    def sibling(self, one: Made) -> Made:
        other = self.person()
        phone = one.phone if self.rng.random() < 0.6 else other.phone
        return replace(
            other, mother_name=one.mother_name, family_card=one.family_card, address=one.address, phone=phone
        )

    def twin(self, one: Made) -> Made:
        other = self.sibling(one)
        sex = one.sex if self.rng.random() < 0.7 else other.sex
        words = one.name.split()
        given = (
            self.like(words[0])
            if self.rng.random() < 0.3 and words[0] not in MUHAMMADS
            else self.rng.choice(MEN if sex == "male" else WOMEN)
        )
        name = " ".join([given, *words[1:]]) if self.rng.random() < 0.6 else self.name(sex)
        if name == one.name:
            name = f"{name} {self.rng.choice(MEN if sex == 'male' else WOMEN)}"
        day = int(one.nik[6:8]) % 40 + 40 * (sex == "female")
        nik = f"{one.nik[:6]}{day:02}{one.nik[8:12]}{int(one.nik[12:]) % 9999 + 1:04}"
        return replace(other, name=name, sex=sex, birth_date=one.birth_date, phone=one.phone, nik=nik)

    def like(self, word: str) -> str:
        """Rina for Rini, Hasan for Hasin: parents name twins alike."""
        vowels = [place for place, letter in enumerate(word) if letter in "aiu" and place]
        if not vowels:
            return f"{word}a"
        place = self.rng.choice(vowels)
        return word[:place] + self.rng.choice("aiu".replace(word[place], "")) + word[place + 1 :]

    def name(self, sex: str) -> str:
        if self.rng.random() < 0.12:
            return " ".join([self.rng.choice(CLANS), *self.rng.sample(SYLLABLES, 2)])
        words = self.rng.sample(MEN if sex == "male" else WOMEN, self.rng.choices((1, 2, 3), (12, 65, 23))[0])
        if self.rng.random() < (0.2 if sex == "male" else 0.12):
            words = [self.rng.choice(MUHAMMADS) if sex == "male" else "Siti", *words]
        return " ".join(dict.fromkeys(words))

    def day(self) -> datetime.date:
        born = LAST_BIRTH - datetime.timedelta(days=self.rng.randrange(DAYS))
        return born.replace(month=1, day=1) if self.rng.random() < 0.05 else born

    def region(self) -> str:
        return f"99{self.rng.randrange(1, 30):02}{self.rng.randrange(1, 12):02}"

    def nik(self, region: str, born: datetime.date, sex: str) -> str:
        return f"{region}{born.day + 40 * (sex == 'female'):02}{born:%m%y}{self.rng.randrange(9001, 9999)}"

    def phone(self) -> str:
        return f"+62812{self.rng.randrange(10**8):08}"

    def address(self) -> str:
        return f"Jalan {' '.join(self.rng.sample(STREETS, 2))} No. {self.rng.randrange(1, 250)}"

    def again(self, one: Made) -> Made:
        """The same person, as written down another time."""
        return replace(
            one,
            name=self.written(one.name, one.sex),
            birth_date=self.remembered(one.birth_date),
            nik=self.noted(one),
            phone=one.phone if self.rng.random() < 0.5 else self.phone(),
            mother_name=self.written(one.mother_name, "female") if self.rng.random() < 0.3 else one.mother_name,
            family_card=one.family_card if self.rng.random() < 0.6 else self.person().family_card,
            address=self.housed(one.address),
        )

    def written(self, name: str, sex: str) -> str:
        kind = self.rng.random()
        words = name.split()
        if kind < 0.25:
            return self.rng.choice(TITLED[sex]).format(name)
        if kind < 0.50:
            return self.spelt(name)
        if kind < 0.60:
            return " ".join(reversed(words))
        if kind < 0.68 and len(words) > 1:
            return " ".join(words[:-1]) if words[0] not in MUHAMMADS else " ".join(words[1:])
        if kind < 0.80:
            return self.slip(name)
        if kind < 0.90:
            return name.upper()
        return name

    def spelt(self, name: str) -> str:
        words = [self.rng.choice(MUHAMMADS) if word in MUHAMMADS else word for word in name.split()]
        spelt = " ".join(words)
        for new, old in self.rng.sample(OLD, 3):
            spelt = spelt.replace(new, old)
        return spelt

    def slip(self, text: str) -> str:
        place = self.rng.randrange(1, len(text))
        letter = self.rng.choice("aeinrstu")
        return self.rng.choice((text[:place] + text[place + 1 :], text[:place] + letter + text[place:])) or text

    def remembered(self, born: str) -> str:
        kind = self.rng.random()
        if kind < 0.08:
            return f"{born[:4]}-01-01"
        if kind < 0.12 and int(born[8:]) <= 12:
            return f"{born[:4]}-{born[8:]}-{born[5:7]}"
        if kind < 0.20:
            return f"{born[:3]}{self.rng.randrange(10)}{born[4:]}"
        return born

    def noted(self, one: Made) -> str:
        kind = self.rng.random()
        if kind < 0.45:
            return one.nik
        if kind < 0.65:
            place = self.rng.randrange(16)
            return one.nik[:place] + str(self.rng.randrange(10)) + one.nik[place + 1 :]
        if kind < 0.80:
            return ""
        return self.nik(self.region(), datetime.date.fromisoformat(one.birth_date), one.sex)

    def housed(self, address: str) -> str:
        kind = self.rng.random()
        if kind < 0.5:
            return address
        if kind < 0.8:
            return address.replace("Jalan", self.rng.choice(("Jl.", "Jln", "JL"))).replace("No. ", "")
        return self.address()
