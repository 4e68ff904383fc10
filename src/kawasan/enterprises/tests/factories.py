"""Participants in groups, and their enterprises: plain functions that make valid rows."""

import datetime
from typing import Any

from kawasan.applicants.models import Applicant, Person
from kawasan.areas.models import Place
from kawasan.core.models import User
from kawasan.enterprises.models import CashEntry, Debt, Enterprise, Product, Worker
from kawasan.matching.models import Group, GroupMember, Mentor
from kawasan.partners.models import Organisation
from kawasan.programmes.models import Programme
from kawasan.selection.models import Draw, Seat
from kawasan.value_chain.models import KbliCode


def place(programme: Programme) -> Place:
    columns = {"name": "Keramat", "level": "village", "latitude": -2.1, "longitude": 106.1, "source": "synthetic"}
    return Place.objects.get_or_create(programme=programme, code="19.71.03.1001", defaults=columns)[0]


def participant(programme: Programme, number: int = 1, *, field: str = "kuliner", sex: str = "female") -> Applicant:
    """Somebody whose seat is accepted."""
    person = Person.objects.create(
        programme=programme,
        code=f"P{number:03}",
        nik=f"197103{number:06}0000",
        name=f"Orang {number}",
        sex=sex,
        address="Jalan Contoh",
        place=place(programme),
        education="senior",
        source="synthetic",
    )
    applicant = Applicant.objects.create(
        programme=programme,
        code=f"A{number:03}",
        person=person,
        field=programme.fields.get(code=field),
        idea="Contoh",
        applied_on=datetime.date(2022, 8, 10),
        activity_now="unemployed",
        months_without_work=6,
        household_size=4,
        household_income_idr=1_000_000,
        dependants=2,
        household_workers=0,
        earlier_assistance=False,
        source="synthetic",
    )
    Seat.objects.create(
        programme=programme,
        applicant=applicant,
        draw=_draw(programme),
        place_in_order=number,
        kind="drawn",
        status="accepted",
        source="synthetic",
    )
    return applicant


def _draw(programme: Programme) -> Draw:
    columns = {
        "status": "frozen",
        "seats": programme.seats,
        "pool": [],
        "frozen": {"pool": [], "cells": [], "quotas": [], "panels": []},
        "salt": "contoh",
        "secret": "rahasia",
        "frozen_hash": "0" * 64,
        "frozen_on": datetime.date(2022, 9, 1),
    }
    return Draw.objects.get_or_create(programme=programme, code="DRAW-1", defaults=columns)[0]


def mentored_group(programme: Programme, *members: Applicant, user: User | None = None, code: str = "G1") -> Group:
    """A group of these people, with a mentor who may have an account."""
    organisation, _made = Organisation.objects.get_or_create(
        programme=programme, code="ORG-1", defaults={"name": "Dinas", "kind": "host", "source": "synthetic"}
    )
    mentor = Mentor.objects.create(
        programme=programme,
        code=f"M-{code}",
        name="Pendamping",
        sex="female",
        organisation=organisation,
        fields="kuliner",
        place=place(programme),
        most_groups=2,
        most_people=20,
        user=user,
        source="synthetic",
    )
    group = Group.objects.create(
        programme=programme,
        code=code,
        field=programme.fields.first(),
        name=f"Kelompok {code}",
        place=place(programme),
        mentor=mentor,
        source="synthetic",
    )
    for member in members:
        GroupMember.objects.create(
            programme=programme, group=group, applicant=member, distance_km=1, source="synthetic"
        )
    return group


def kbli(programme: Programme, *codes: str, version: str = "2020") -> None:
    """Codes of the catalogue, titled by their number."""
    for code in codes:
        columns = {"name": f"Judul {code}", "name_en": f"Title {code}", "source": "BPS"}
        KbliCode.objects.create(programme=programme, version=version, code=code, **columns)


def enterprise(owner: Applicant, number: int = 1, **columns: Any) -> Enterprise:
    defaults = {
        "name": f"Usaha {number}",
        "field": owner.field,
        "kbli_version": "2020",
        "kbli_code": "10794",
        "place": place(owner.programme),
        "started_on": datetime.date(2022, 10, 1),
        "status": "running",
        "source": "synthetic",
    }
    programme = owner.programme
    return Enterprise.objects.create(programme=programme, owner=owner, code=f"E{number:03}", **(defaults | columns))


def entry(
    of: Enterprise, kind: str, amount_idr: int, dated: datetime.date = datetime.date(2022, 11, 15), **columns: Any
) -> CashEntry:
    number = CashEntry.objects.count() + 1
    return CashEntry.objects.create(
        programme=of.programme,
        enterprise=of,
        code=f"C{number:05}",
        kind=kind,
        amount_idr=amount_idr,
        dated=dated,
        what=f"Baris {number}",
        source="synthetic",
        **columns,
    )


def product(of: Enterprise, number: int = 1) -> Product:
    columns = {"name": f"Barang {number}", "unit": "ikat", "price_idr": 5_000, "source": "synthetic"}
    return Product.objects.create(programme=of.programme, enterprise=of, code=f"B{of.pk}-{number}", **columns)


def debt(of: Enterprise, amount_idr: int = 5_000, due_on: datetime.date = datetime.date(2022, 11, 20)) -> Debt:
    columns = {"owed": "us", "who": "Bu Ros", "what": "Getas", "dated": due_on, "due_on": due_on, "source": "synthetic"}
    code = f"D{of.pk}"
    return Debt.objects.create(programme=of.programme, enterprise=of, code=code, amount_idr=amount_idr, **columns)


def worker(of: Enterprise, number: int = 1, **columns: Any) -> Worker:
    defaults = {"name": f"Pekerja {number}", "sex": "male", "is_paid": True, "since": datetime.date(2022, 11, 1)}
    return Worker.objects.create(
        programme=of.programme, enterprise=of, code=f"W{number:03}", source="synthetic", **(defaults | columns)
    )
