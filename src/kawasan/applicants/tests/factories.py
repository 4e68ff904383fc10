"""Valid rows for the tests; everybody in them is invented."""

import datetime
from typing import Any

from kawasan.applicants.models import Applicant, Person, Rule
from kawasan.applicants.services.names import index_names
from kawasan.areas.models import Place
from kawasan.programmes.models import Programme, RuleSet


def place(programme: Programme, code: str = "19.71.01.1004") -> Place:
    """A kelurahan with its kecamatan."""
    centre = {"latitude": -2.13, "longitude": 106.12, "source": "synthetic"}
    district, _made = Place.objects.get_or_create(
        programme=programme, code=code[:8], defaults={"name": f"Kecamatan {code[:8]}", "level": "district", **centre}
    )
    village, _made = Place.objects.get_or_create(
        programme=programme, code=code, defaults={"name": f"Kelurahan {code}", "level": "village", **centre}
    )
    if village.parent is None:
        village.parent = district
        village.save(update_fields=["parent"])
    return village


def nik(birth_date: datetime.date, sex: str = "female", region: str = "197101") -> str:
    """A NIK that fits, with a serial that nobody has."""
    day = birth_date.day + (40 if sex == "female" else 0)
    return f"{region}{day:02}{birth_date:%m%y}0000"


def person(programme: Programme, number: int = 1, **changes: Any) -> Person:
    birth_date = datetime.date(1980, 1, 1) + datetime.timedelta(days=17 * number)
    sex = changes.get("sex", "female")
    values = {
        "code": f"P{number:03}",
        "nik": nik(birth_date, sex),
        "name": f"Orang Contoh {number}",
        "sex": sex,
        "birth_date": birth_date,
        "family_card": f"197101010120{number:04}",
        "phone": f"0812000{number:05}",
        "address": f"Jalan Contoh {number}",
        "education": "senior",
        "source": "synthetic",
    } | changes
    if "place" not in values:
        values["place"] = place(programme)
    made = Person.objects.create(programme=programme, **values)
    index_names(programme=programme, persons=[made])
    return made


def applicant(programme: Programme, number: int = 1, *, of: Person | None = None, **changes: Any) -> Applicant:
    """An application; ``of`` is its person, made when not given."""
    values = {
        "code": f"A{number:03}",
        "idea": "Membuat getas dan kemplang untuk toko oleh-oleh",
        "applied_on": datetime.date(2022, 8, 10),
        "activity_now": "unemployed",
        "months_without_work": 12,
        "household_size": 4,
        "household_income_idr": 1_717_680,
        "dependants": 2,
        "household_workers": 1,
        "source": "synthetic",
    } | changes
    if "field" not in values:
        values["field"] = programme.fields.first()
    return Applicant.objects.create(programme=programme, person=of or person(programme, number), **values)


USUAL = (
    ("age", "at_least", "17"),
    ("age", "at_most", "55"),
    ("place", "within", "19.71"),
    ("activity_now", "is_none_of", "employed civil_servant"),
    ("activity_now", "is_not", "student"),
    ("unreported_assistance", "is", "false"),
)


def usual_rules(rule_set: RuleSet) -> list[Rule]:
    """What most guidelines ask for, so that a programme of the tests refuses somebody."""
    return [rule(rule_set, *said, order=order) for order, said in enumerate(USUAL, start=1)]


def rule(rule_set: RuleSet, field: str, comparison: str, value: str, **more: Any) -> Rule:
    values = {"order": 1, "source": "Pasal 3"} | more
    return Rule.objects.create(
        programme=rule_set.programme, rule_set=rule_set, field=field, comparison=comparison, value=value, **values
    )
