"""What an application may not have in common with those of other people, and who these are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import polars as pl
from django.db.models import Q, QuerySet

from kawasan.applicants import rules
from kawasan.applicants.models import Applicant, Paper, PossibleDouble
from kawasan.applicants.rules import Status
from kawasan.core import secrets
from kawasan.core.secrets import Stored
from kawasan.core.text import Text
from kawasan.programmes.models import Programme

POINT_DIGITS = 5  # of a degree: about a metre, finer than any receiver
Known = tuple[int, str]  # the key of a person, and the code of an application
Rows = QuerySet[Applicant, Any]
NUMBERS = ("nik", "phone", "family_card", "account")  # of a person, encrypted
COMPARED = ("device", "latitude", "longitude", "person__place_id", "person__rw", "person__rt")
READ = {name: attrgetter(name.replace("__", ".")) for name in COMPARED}


def _common(numbers: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, Any]:
    """What an application may have in common with others, by what it is; nothing where it is not known."""
    found: dict[str, Any] = {name: mark for name, mark in numbers.items() if mark}
    if row.get("device"):
        found["device"] = row["device"]
    if row.get("latitude") is not None and row.get("longitude") is not None:
        found["point"] = (round(row["latitude"], POINT_DIGITS), round(row["longitude"], POINT_DIGITS))
    if row.get("person__rt"):
        found["rt"] = (row["person__place_id"], row["person__rw"], row["person__rt"])
    return found


def _common_of(applicant: Applicant) -> dict[str, Any]:
    person = applicant.person
    numbers = {name: secrets.mark(name, getattr(person, name)) for name in NUMBERS}
    return _common(numbers, {name: read(applicant) for name, read in READ.items()})


@dataclass(frozen=True, slots=True)
class Coming:
    """An application that is about to be stored: its person's key, its code, and what it is compared by, in clear."""

    person: int
    code: str
    row: Mapping[str, Any]

    def common(self) -> dict[str, Any]:
        return _common({name: secrets.mark(name, self.row.get(name, "")) for name in NUMBERS}, self.row)


@dataclass(frozen=True, slots=True)
class Others:
    """All standing applications by what two of them should not share: lists of (person, applicant code)."""

    by_common: dict[str, list[Known]]
    possible: dict[int, list[Known]]
    photos: dict[int, list[Known]]
    same: dict[int, int]
    first_of_person: dict[int, str]

    @classmethod
    def of(cls, programme: Programme, coming: Iterable[Coming] = ()) -> "Others":
        """All of a programme, and those that are about to be stored."""
        same, pairs = one_person(programme), programme.possible_doubles.to_decide()
        alike = Paper.alike.through.objects.filter(from_paper__programme=programme)
        return cls._of(_standing(programme), coming, pairs, alike, same)

    @classmethod
    def around(cls, programme: Programme, applicants: Sequence[Applicant]) -> "Others":
        """Those with whom some have anything in common: few, however many applied."""
        same, people = one_person(programme), {applicant.person_id for applicant in applicants}
        pairs = programme.possible_doubles.to_decide().filter(Q(first__in=people) | Q(second__in=people))
        kept = {same.get(person, person) for person in people}
        known = {*people, *kept, *(person for person, one in same.items() if one in kept)}
        known |= {person for pair in pairs.values_list("first_id", "second_id") for person in pair}
        alike = Paper.alike.through.objects.filter(from_paper__applicant__in=applicants)
        return cls._of(_standing(programme).filter(_near(programme, applicants, known)), (), pairs, alike, same)

    @classmethod
    def _of(
        cls,
        standing: Rows,
        coming: Iterable[Coming],
        pairs: QuerySet[PossibleDouble],
        alike: QuerySet[Any],
        same: dict[int, int],
    ) -> "Others":
        shared, first = _Shared(), dict[int, str]()
        for row in standing.iterator():
            marks = {name: secrets.mark_now(name, row[f"stored_{name}"]) for name in NUMBERS}
            shared.add(row["person_id"], row["code"], _common(marks, row))
            first.setdefault(same.get(row["person_id"], row["person_id"]), row["code"])
        for one in coming:
            shared.add(one.person, one.code, one.common())
        return cls(shared.by_common(), _possible(pairs, shared.applications), _photos(alike), same, first)

    def first_of(self, applicant: Applicant) -> str:
        """The application that counts of this person, whatever names the person is entered under."""
        return self.first_of_person.get(self.same.get(applicant.person_id, applicant.person_id), applicant.code)

    def warnings(self, applicant: Applicant) -> list[Text]:
        common = _common_of(applicant).items()
        alike = {what: _others_of(self.by_common.get(f"{what} {value}", ()), applicant) for what, value in common}
        alike["photo"] = _others_of(self.photos.get(applicant.pk, ()), applicant)
        same_nik = alike.pop("nik", [])
        doubles = _others_of(self.possible.get(applicant.person_id, ()), applicant)
        possible = [code for code in doubles if code not in same_nik]
        return rules.warnings_others(same_nik=same_nik, possible_same=possible, sharing=alike)


@dataclass(slots=True)
class _Shared:
    """Gathers what applications have in common, and lets go of what only one has: most, of most applications."""

    applications: list[Known] = field(default_factory=list)
    common: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def add(self, person: int, code: str, found: Mapping[str, Any]) -> None:
        for what, value in found.items():
            self.common.append(f"{what} {value}")
            self.numbers.append(len(self.applications))
        self.applications.append((person, code))

    def by_common(self) -> dict[str, list[Known]]:
        frame = pl.DataFrame([self.common, self.numbers], {"common": pl.String, "number": pl.Int64})
        of_several = frame.filter(pl.len().over("common") > 1).group_by("common", maintain_order=True).agg("number")
        return {common: [self.applications[number] for number in numbers] for common, numbers in of_several.iter_rows()}


def _photos(alike: QuerySet[Any]) -> dict[int, list[Known]]:
    """By application: those of others with a photo that is alike."""
    to = ("to_paper__applicant__person", "to_paper__applicant__code")
    standing = alike.exclude(to_paper__applicant__status=Status.WITHDRAWN).order_by("to_paper__applicant")
    photos = defaultdict(list)
    for applicant, person, code in standing.values_list("from_paper__applicant", *to):
        photos[applicant].append((person, code))
    return photos


def _possible(pairs: QuerySet[PossibleDouble], applications: Sequence[Known]) -> dict[int, list[Known]]:
    """By person: the applications of those who perhaps are the same."""
    both = list(pairs.values_list("first_id", "second_id"))
    people = {person for pair in both for person in pair}
    of_person: dict[int, list[Known]] = defaultdict(list)
    possible: dict[int, list[Known]] = defaultdict(list)
    for person, code in applications:
        if person in people:
            of_person[person].append((person, code))
    for one, other in both:
        possible[one] += of_person[other]
        possible[other] += of_person[one]
    return possible


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


def _others_of(alike: Sequence[Known], applicant: Applicant) -> list[str]:
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
