"""Valid rows, invented."""

import datetime
from typing import Any

from kawasan.applicants.models import Applicant
from kawasan.applicants.tests.factories import applicant, person, place
from kawasan.matching.models import Ability, Expert, Group, GroupMember, Mentor, Wish
from kawasan.partners.models import Organisation
from kawasan.programmes.models import Programme
from kawasan.selection.models import Draw, Seat


def organisation(programme: Programme, code: str = "ORG-HOST") -> Organisation:
    given = {"name": f"Organisasi {code}", "kind": "host", "source": "synthetic"}
    return Organisation.objects.get_or_create(programme=programme, code=code, defaults=given)[0]


def mentor(programme: Programme, code: str = "M1", **columns: Any) -> Mentor:
    given = {
        "name": f"Pendamping {code}",
        "sex": "female",
        "fields": "kuliner",
        "most_groups": 5,
        "most_people": 60,
        "source": "synthetic",
    } | columns
    if "place" not in given:
        given["place"] = place(programme)
    return Mentor.objects.create(programme=programme, code=code, organisation=organisation(programme), **given)


def expert(programme: Programme, code: str = "EXP-1", **columns: Any) -> Expert:
    given = {
        "name": f"Narasumber {code}",
        "skill": "design",
        "hours_per_month": 20,
        "phone": "0717000000",
        "source": "synthetic",
    } | columns
    return Expert.objects.create(programme=programme, code=code, organisation=organisation(programme), **given)


def participant(programme: Programme, number: int, *, place_code: str = "19.71.01.1004", **columns: Any) -> Applicant:
    """Somebody who applied, was drawn and accepted."""
    found = applicant(programme, number, of=person(programme, number, place=place(programme, place_code)), **columns)
    draw, _made = Draw.objects.get_or_create(
        programme=programme,
        code="DRAW-1",
        defaults={
            "seats": programme.seats,
            "pool": [],
            "frozen": {"pool": [], "cells": [], "quotas": [], "panels": []},
            "salt": "garam",
            "secret": "rahasia",
            "frozen_hash": "0" * 64,
            "frozen_on": datetime.date(2022, 9, 1),
        },
    )
    Seat.objects.create(
        programme=programme,
        applicant=found,
        draw=draw,
        place_in_order=number,
        kind="drawn",
        status="accepted",
        source="synthetic",
    )
    return found


def group(programme: Programme, code: str = "G01", *, people: int = 0, first: int = 1, **columns: Any) -> Group:
    """A group with so many members, numbered from ``first``."""
    given = {"name": f"Kelompok {code}", "source": "synthetic"} | columns
    given.setdefault("field", programme.fields.first())
    given.setdefault("place", place(programme))
    made = Group.objects.create(programme=programme, code=code, **given)
    for number in range(first, first + people):
        member(made, participant(programme, number, field=made.field))
    return made


def member(of: Group, applicant: Applicant, **columns: Any) -> GroupMember:
    given = {"distance_km": 0.5, "source": "synthetic"} | columns
    return GroupMember.objects.create(programme=of.programme, group=of, applicant=applicant, **given)


def wish(of: Applicant, kind: str, **columns: Any) -> Wish:
    given = {"code": f"W{Wish.objects.count() + 1}", "source": "synthetic"} | columns
    return Wish.objects.create(programme=of.programme, applicant=of, kind=kind, **given)


def ability(of: Applicant, **columns: Any) -> Ability:
    return Ability.objects.create(programme=of.programme, applicant=of, source="synthetic", **columns)
