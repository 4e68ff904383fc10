"""People with their wishes as they are frozen, and the engine's rules that follow from them."""

from collections import defaultdict
from itertools import product
from typing import Any

from kawasan.applicants.models import Applicant
from kawasan.applicants.rules import Sex
from kawasan.areas.models import Place
from kawasan.engine.reassignment import AtMost, Pool, Rules, Share, Together
from kawasan.matching import rules
from kawasan.matching.models import Mentor
from kawasan.matching.queries import abilities_of, wishes_by_person
from kawasan.matching.rules import Asked, Offer, WishKind
from kawasan.programmes.models import Programme

Person = dict[str, Any]


def where(place: Place) -> dict[str, Any]:
    return {"place": place.code, "latitude": place.latitude, "longitude": place.longitude}


def points(rows: list[dict[str, Any]]) -> tuple[list[float], list[float]]:
    return [row["latitude"] for row in rows], [row["longitude"] for row in rows]


def people_frozen(programme: Programme, participants: list[Applicant]) -> list[Person]:
    """People as codes and numbers. Family cards are personal: households are numbered in order of applicants."""
    households: dict[str, int] = {}
    wishes, abilities = wishes_by_person(programme), abilities_of(programme)
    codes = {applicant.pk: applicant.code for applicant in participants}
    people = []
    for applicant in participants:
        household = applicant.person.family_card or f"alone {applicant.code}"
        books, skill = abilities.get(applicant.pk, (False, False))
        person = {
            "applicant": applicant.code,
            "field": applicant.field.code,
            "household": households.setdefault(household, len(households)),
            "sex": applicant.person.sex,
            "keeps_books": books,
            "is_experienced": skill,
            "wishes": [
                {
                    "kind": wish.kind,
                    "other": codes.get(wish.other_id, "") if wish.other_id else "",
                    "language": wish.language,
                    "most_km": wish.most_km,
                }
                for wish in wishes.get(applicant.pk, [])
            ],
        }
        people.append(person | where(applicant.person.place))
    return people


def mentors_frozen(mentors: list[Mentor]) -> list[dict[str, Any]]:
    return [
        {
            "mentor": mentor.code,
            "fields": mentor.field_codes,
            "most_groups": mentor.most_groups,
            "most_people": mentor.most_people,
            "sex": mentor.sex,
            "languages": mentor.languages.split(),
            "days": mentor.days.split(),
            **where(mentor.place),
        }
        for mentor in mentors
    ]


def offer_of(mentor: dict[str, Any]) -> Offer:
    return Offer(mentor["sex"], frozenset(mentor["languages"]), frozenset(mentor["days"]))


def asked_of(people: list[Person], day: str = "") -> Asked:
    """What these people together ask of a mentor."""
    return rules.asked_by(((w["kind"], w["language"]) for person in people for w in person["wishes"]), day)


def has_wishes(people: list[Person]) -> bool:
    """Whether distance alone is not all that counts."""
    return any(person["wishes"] or person["keeps_books"] or person["is_experienced"] for person in people)


def reach_of(person: Person) -> float:
    """How far somebody can go, km."""
    return min((w["most_km"] for w in person["wishes"] if w["most_km"] is not None), default=float("inf"))


def rules_of(people: list[Person], groups: int, pools: tuple[Pool, ...] = ()) -> Rules:
    """The engine's rules for the people of one field in so many groups."""
    skilled = _having(people, "is_experienced")
    low, high = rules.fair_share(len(skilled), groups)
    books = _having(people, "keeps_books")
    shares = (Share(books, 1, len(people), rules.BOOKS_M),) if books else ()
    return Rules(
        at_most=(*_apart(people), *_households(people, groups)),
        pools=pools,
        together=tuple(Together(i, j, rules.FRIENDS_M) for i, j in _pairs(people, WishKind.TOGETHER)),
        shares=(*shares, Share(skilled, low, high, rules.SKILL_M)),
    )


def _having(people: list[Person], what: str) -> tuple[int, ...]:
    return tuple(i for i, person in enumerate(people) if person[what])


def _asking(people: list[Person], kind: WishKind) -> list[int]:
    return [i for i, person in enumerate(people) if any(wish["kind"] == kind for wish in person["wishes"])]


def _pairs(people: list[Person], kind: WishKind) -> list[tuple[int, int]]:
    number = {person["applicant"]: i for i, person in enumerate(people)}
    found = {
        (min(i, number[wish["other"]]), max(i, number[wish["other"]]))
        for i, person in enumerate(people)
        for wish in person["wishes"]
        if wish["kind"] == kind and wish["other"] in number
    }
    return sorted(found)


def _apart(people: list[Person]) -> list[AtMost]:
    """Who asked to be apart; women who asked for women only, and men; who asked for opposite mentors."""
    men = [i for i, person in enumerate(people) if person["sex"] != Sex.FEMALE]
    pairs = {
        *_pairs(people, WishKind.APART),
        *product(_asking(people, WishKind.WOMEN_ONLY), men),
        *product(_asking(people, WishKind.WOMAN_MENTOR), _asking(people, WishKind.MAN_MENTOR)),
    }
    return [AtMost(pair, 1) for pair in sorted(pairs)]


def _households(people: list[Person], groups: int) -> list[AtMost]:
    """No group gets more of one household than cannot be avoided."""
    homes: dict[int, list[int]] = defaultdict(list)
    for i, person in enumerate(people):
        homes[person["household"]].append(i)
    return [AtMost(tuple(home), -(-len(home) // groups)) for home in homes.values() if len(home) > 1]
