"""What an application may not have in common with those of other people, and who these are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db.models import Q, QuerySet

from kawasan.applicants import rules
from kawasan.applicants.models import Applicant, Paper, PossibleDouble
from kawasan.applicants.rules import Status
from kawasan.core import secrets
from kawasan.core.secrets import Stored
from kawasan.core.text import Text
from kawasan.programmes.models import Programme

POINT_DIGITS = 5  # of a degree: about a metre, finer than any receiver
Rows = QuerySet[Applicant, Any]
NUMBERS = ("nik", "phone", "family_card", "account")  # of a person, encrypted
COMPARED = ("device", "latitude", "longitude", "person__place_id", "person__rw", "person__rt")


def _common(numbers: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, Any]:
    """What an application may have in common with others, by what it is; nothing where it is not known."""
    found: dict[str, Any] = {name: mark for name, mark in numbers.items() if mark}
    if row["device"]:
        found["device"] = row["device"]
    if row["latitude"] is not None and row["longitude"] is not None:
        found["point"] = (round(row["latitude"], POINT_DIGITS), round(row["longitude"], POINT_DIGITS))
    if row["person__rt"]:
        found["rt"] = (row["person__place_id"], row["person__rw"], row["person__rt"])
    return found


def _common_of(applicant: Applicant) -> dict[str, Any]:
    person = applicant.person
    numbers = {name: secrets.mark(name, getattr(person, name)) for name in NUMBERS}
    return _common(numbers, {name: reduce(getattr, name.split("__"), applicant) for name in COMPARED})


@dataclass(frozen=True, slots=True)
class Others:
    """All standing applications by what two of them should not share: lists of (person, applicant code)."""

    by_common: dict[tuple[str, Any], list[tuple[int, str]]]
    possible: dict[int, list[tuple[int, str]]]
    photos: dict[int, list[tuple[int, str]]]
    same: dict[int, int]
    first_of_person: dict[int, str]

    @classmethod
    def of(cls, programme: Programme) -> "Others":
        """All of a programme."""
        same, pairs = one_person(programme), programme.possible_doubles.to_decide()
        alike = Paper.alike.through.objects.filter(from_paper__programme=programme)
        return cls._of(_standing(programme), pairs, alike, same)

    @classmethod
    def around(cls, programme: Programme, applicants: Sequence[Applicant]) -> "Others":
        """Those with whom some have anything in common: few, however many applied."""
        same, people = one_person(programme), {applicant.person_id for applicant in applicants}
        pairs = programme.possible_doubles.to_decide().filter(Q(first__in=people) | Q(second__in=people))
        kept = {same.get(person, person) for person in people}
        known = {*people, *kept, *(person for person, one in same.items() if one in kept)}
        known |= {person for pair in pairs.values_list("first_id", "second_id") for person in pair}
        alike = Paper.alike.through.objects.filter(from_paper__applicant__in=applicants)
        return cls._of(_standing(programme).filter(_near(programme, applicants, known)), pairs, alike, same)

    @classmethod
    def _of(
        cls, standing: Rows, pairs: QuerySet[PossibleDouble], alike: QuerySet[Any], same: dict[int, int]
    ) -> "Others":
        others = cls(defaultdict(list), defaultdict(list), defaultdict(list), same, {})
        to = ("to_paper__applicant__person", "to_paper__applicant__code")
        standing_papers = alike.exclude(to_paper__applicant__status=Status.WITHDRAWN).order_by("to_paper__applicant")
        for applicant, person, code in standing_papers.values_list("from_paper__applicant", *to):
            others.photos[applicant].append((person, code))
        codes: dict[int, list[str]] = defaultdict(list)
        for row in standing.iterator():
            person, code = row["person_id"], row["code"]
            marks = {name: secrets.mark_now(name, row[f"stored_{name}"]) for name in NUMBERS}
            for common in _common(marks, row).items():
                others.by_common[common].append((person, code))
            others.first_of_person.setdefault(others.same.get(person, person), code)
            codes[person].append(code)
        for one, other in pairs.values_list("first_id", "second_id"):
            others.possible[one] += [(other, code) for code in codes[other]]
            others.possible[other] += [(one, code) for code in codes[one]]
        return others

    def add(self, applicant: Applicant) -> None:
        """Count an application that is being stored, too; its person is stored already."""
        person = applicant.person.pk
        for common in _common_of(applicant).items():
            self.by_common[common].append((person, applicant.code))
        self.first_of_person.setdefault(self.same.get(person, person), applicant.code)

    def first_of(self, applicant: Applicant) -> str:
        """The application that counts of this person, whatever names the person is entered under."""
        return self.first_of_person[self.same.get(applicant.person_id, applicant.person_id)]

    def warnings(self, applicant: Applicant) -> list[Text]:
        alike = {
            what: _others_of(self.by_common[what, value], applicant) for what, value in _common_of(applicant).items()
        }
        alike["photo"] = _others_of(self.photos[applicant.pk], applicant)
        same_nik = alike.pop("nik", [])
        possible = [code for code in _others_of(self.possible[applicant.person_id], applicant) if code not in same_nik]
        return rules.warnings_others(same_nik=same_nik, possible_same=possible, sharing=alike)


def _standing(programme: Programme) -> Rows:
    """What is compared of every standing application, the first one first; numbers stay closed."""
    standing = programme.applicants.exclude(status=Status.WITHDRAWN).order_by("applied_on", "code")
    stored = {f"stored_{name}": Stored(f"person__{name}") for name in NUMBERS}
    return standing.values("person_id", "code", *COMPARED, **stored)


def _near(programme: Programme, applicants: Sequence[Applicant], known: set[int]) -> Q:
    """Which applications may have something in common with some: of one table, so that indexes find them."""
    alike, near = Q(pk__in=known), Q()
    for applicant in applicants:
        person = applicant.person
        for name in NUMBERS:
            alike |= Q(**{name: number}) if (number := getattr(person, name)) else Q()
        alike |= Q(place=person.place_id, rw=person.rw, rt=person.rt) if person.rt else Q()
        near |= Q(device=applicant.device) if applicant.device else Q()
        near |= _in_the_spot(applicant)
    return near | Q(person__in=list(programme.persons.filter(alike).values_list("pk", flat=True)))


def _in_the_spot(applicant: Applicant) -> Q:
    if applicant.latitude is None or applicant.longitude is None:
        return Q()
    reach = 10.0**-POINT_DIGITS
    return Q(
        latitude__range=(applicant.latitude - reach, applicant.latitude + reach),
        longitude__range=(applicant.longitude - reach, applicant.longitude + reach),
    )


def _others_of(alike: Sequence[tuple[int, str]], applicant: Applicant) -> list[str]:
    """The first application of each other person among those alike, by code."""
    first: dict[int, str] = {}
    for person, code in alike:
        first.setdefault(person, code)
    return sorted(code for person, code in first.items() if person != applicant.person_id)


def one_person(programme: Programme) -> dict[int, int]:
    """For each person who was decided to be another too: the first entered of all that are this one."""
    first: dict[int, int] = {}
    for one, other in (
        programme.possible_doubles.one_person().order_by("first_id", "second_id").values_list("first_id", "second_id")
    ):
        kept, gone = sorted((first.get(one, one), first.get(other, other)))
        first |= {person: kept for person, now in first.items() if now == gone}
        first |= {gone: kept, other: kept, one: kept}
    return first
