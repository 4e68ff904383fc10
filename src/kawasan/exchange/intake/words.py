"""What an import of applicants takes: its columns, under which names other files have them, and the words in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kawasan.applicants.models import Applicant, Person
from kawasan.applicants.rules import Disability, Education, Sex, Work
from kawasan.core.text import Text, _
from kawasan.exchange.columns import Column

AGE, HAS_DISABILITY = "age", "has_disability"
LABELS = {"code": _("number of the application")}
EXTRA = {
    AGE: _("age, where the date of birth is missing"),
    HAS_DISABILITY: _("whether the person lives with a disability"),
}
PERSON = (
    "nik", "name", "sex", "birth_date", "family_card", "mother_name", "phone", "address", "rt", "rw", "place",
    "education", "disability",
)  # fmt: skip
APPLICANT = (
    "code", "field", "idea", "applied_on", "activity_now", "months_without_work", "household_size",
    "household_income_idr", "dependants", "household_workers", "earlier_assistance", "earlier_assistance_reported",
    "desil", "desil_source", "desil_on", "disaster", "disaster_on",
)  # fmt: skip
COLUMNS = {name: Column(name, Person._meta.get_field(name)) for name in PERSON} | {  # type: ignore[arg-type]
    name: Column(name, Applicant._meta.get_field(name))  # type: ignore[arg-type]
    for name in APPLICANT
}
TARGETS = ("code", *PERSON, *APPLICANT[1:], *EXTRA)
CHOSEN = ("sex", "education", "disability", "activity_now", "place", "field")
"""Columns of words, each of which stands for a code."""
NEEDED = tuple(name for name in TARGETS if name in COLUMNS and name != "code" and COLUMNS[name].is_required)
MASKED = ("nik", "family_card", "phone")


@dataclass(frozen=True, slots=True)
class Portal:
    """An export that is known by its header."""

    name: str
    marks: frozenset[str]
    columns: dict[str, str]


NATIONAL = {
    "id_tkm": "code",
    "tanggal_daftar": "applied_on",
    "nama": "name",
    "nik": "nik",
    "tgl_lahir": "birth_date",
    "umur": AGE,
    "gender": "sex",
    "aktivitas_saat_ini": "activity_now",
    "no_kk": "family_card",
    "pendidikan_terakhir": "education",
    "alamat_domisili": "address",
    "desa_domisili": "place",
    "kelurahan_domisili": "place",
    "penyandang_disabilitas": HAS_DISABILITY,
    "jenis_disabilitas": "disability",
    "no_telp": "phone",
    "no_whatsapp": "phone",
    "sektor_usaha": "field",
    "deskripsi": "idea",
    "bukti_lpj_bantuan_sebelumnya": "earlier_assistance_reported",
}
PORTALS = (
    Portal(_("the national portal's export"), frozenset({"id_tkm", "nik", "tanggal_daftar"}), NATIONAL),
    Portal(_("our own template"), frozenset({"nik", "applied_on", "months_without_work"}), {n: n for n in TARGETS}),
)
OTHER_NAMES = {
    "no_nik": "nik", "nomor_induk_kependudukan": "nik", "nik_ktp": "nik", "nama_lengkap": "name",
    "jenis_kelamin": "sex", "jk": "sex", "tanggal_lahir": "birth_date", "tgl_lhr": "birth_date", "usia": AGE,
    "kk": "family_card", "no_kk": "family_card",
    "nomor_kk": "family_card", "no_kartu_keluarga": "family_card", "nama_ibu": "mother_name",
    "nama_ibu_kandung": "mother_name", "no_hp": "phone", "hp": "phone", "telepon": "phone", "nomor_telepon": "phone",
    "alamat": "address", "alamat_ktp": "address", "kelurahan": "place", "desa": "place", "desa_kelurahan": "place",
    "pendidikan": "education", "disabilitas": HAS_DISABILITY, "bidang": "field", "bidang_usaha": "field",
    "jenis_usaha": "idea", "ide_usaha": "idea", "rencana_usaha": "idea", "tgl_daftar": "applied_on",
    "pekerjaan": "activity_now", "aktivitas": "activity_now", "lama_menganggur": "months_without_work",
    "jumlah_anggota_keluarga": "household_size", "penghasilan_keluarga": "household_income_idr",
    "tanggungan": "dependants", "jumlah_tanggungan": "dependants", "kode": "code",
    "desil_dtsen": "desil", "desil_kesejahteraan": "desil", "desil_dtks": "desil", "sumber_desil": "desil_source",
    "tanggal_desil": "desil_on", "bencana": "disaster", "tanggal_bencana": "disaster_on", "tgl_bencana": "disaster_on",
}  # fmt: skip
WORDS: dict[str, dict[str, str]] = {
    "sex": {
        "l": "male", "lk": "male", "laki laki": "male", "laki": "male", "pria": "male", "m": "male",
        "p": "female", "pr": "female", "perempuan": "female", "wanita": "female", "f": "female",
    },
    "education": {
        "tidak sekolah": "none", "tidak tamat sd": "none", "belum sekolah": "none", "sd": "primary", "mi": "primary",
        "sd sederajat": "primary", "paket a": "primary", "smp": "junior", "sltp": "junior", "mts": "junior",
        "smp sederajat": "junior", "paket b": "junior", "sma": "senior", "slta": "senior", "ma": "senior",
        "sma sederajat": "senior", "sma smk sederajat": "senior", "paket c": "senior", "smk": "vocational",
        "stm": "vocational", "d1": "diploma", "d2": "diploma", "d3": "diploma", "diploma": "diploma",
        "d4": "bachelor", "s1": "bachelor", "sarjana": "bachelor", "s2": "bachelor", "s3": "bachelor",
    },
    "disability": {
        "fisik": "physical", "daksa": "physical", "tuna daksa": "physical", "tunadaksa": "physical",
        "netra": "sight", "tuna netra": "sight", "tunanetra": "sight", "rungu": "hearing", "tuna rungu": "hearing",
        "tunarungu": "hearing", "wicara": "speech", "tuna wicara": "speech", "tunawicara": "speech",
        "grahita": "intellectual", "tuna grahita": "intellectual", "intelektual": "intellectual", "mental": "mental",
        "tidak": "", "tidak ada": "", "non disabilitas": "", "none": "",
    },
    "activity_now": {
        "menganggur": "unemployed", "tidak bekerja": "unemployed", "belum bekerja": "unemployed",
        "pencari kerja": "unemployed", "pengangguran": "unemployed", "setengah menganggur": "under_employed",
        "pekerja lepas": "under_employed", "serabutan": "under_employed", "bekerja": "employed",
        "karyawan": "employed", "wirausaha": "employed", "pelajar": "student", "mahasiswa": "student",
        "sekolah": "student", "kuliah": "student", "ibu rumah tangga": "housewife", "irt": "housewife",
        "mengurus rumah tangga": "housewife", "pns": "civil_servant", "asn": "civil_servant", "tni": "civil_servant",
        "polri": "civil_servant",
    },
}  # fmt: skip
CODES = {"sex": Sex, "education": Education, "disability": Disability, "activity_now": Work}
YES = frozenset(
    {"ya", "iya", "y", "yes", "1", "true", "benar", "ada", "sudah", "disabilitas", "penyandang disabilitas"}
)
NO = frozenset(
    {"tidak", "tdk", "t", "n", "no", "0", "false", "salah", "tidak ada", "belum", "non disabilitas", "bukan"}
)
MARKS = re.compile(r"[^a-z0-9]+")


def folded(name: str) -> str:
    """A header as names are compared: lower case, one underscore between words."""
    return MARKS.sub("_", name.lower()).strip("_")


def spoken(word: str) -> str:
    """A word as words are compared."""
    return MARKS.sub(" ", word.lower()).strip()


def recognised(head: Sequence[str]) -> Portal | None:
    """The export that this header is of."""
    names = {folded(name) for name in head}
    return next((portal for portal in PORTALS if portal.marks <= names), None)


def suggested(head: Sequence[str]) -> list[str]:
    """Which of our columns each column of a file is, each once; empty where nothing fits."""
    portal = recognised(head)
    known = OTHER_NAMES | {name: name for name in TARGETS} | (portal.columns if portal else {})
    taken: set[str] = set()
    found = []
    for name in head:
        target = known.get(folded(name), "")
        found.append("" if target in taken else target)
        taken.add(target)
    return found


def label_of(target: str) -> Text:
    """What one of our columns is called on the pages."""
    own = LABELS | EXTRA
    return Text(own[target] if target in own else str(COLUMNS[target].field.verbose_name))
