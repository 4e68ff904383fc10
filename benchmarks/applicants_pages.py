# ruff: noqa: INP001, T201, S311, S101 - a command that speaks by printing, runs fixed programs and invents people
"""How long the pages of applicants take when very many applied: list, search by name, filters, case file.

python benchmarks/applicants_pages.py [--people 100000] [--postgresql] [--requests 40] [--keep FOLDER]

People are invented (benchmarks/linkage_people_made.py) and stored with their numbers encrypted, beside a raw limit in
the same run: fetching 25 rows of the list by their keys. Each page is asked for again and again with other values,
through the whole of Django: middleware, permission, queries, template. Reported are the median and the 95th percentile.
"""

import argparse
import datetime
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path += [str(Path(__file__).parent)]

from linkage_people_made import Made, Maker
from page_times import FOLDER, Times, analyse, asked_by_a_manager, server, start, tell, timed

BATCH = 20_000


def fill(people: int, seed: int) -> None:
    """An empty programme with so many applicants, each assessed in so far as the pages show it."""
    from kawasan.applicants.models import Person
    from kawasan.exchange.checker import check
    from kawasan.exchange.services import load

    folder, _faults = check(FOLDER)
    keep = {"programme", "fields", "rule_sets", "rules", "need_bands", "places"}
    folder.tables = {name: rows for name, rows in folder.tables.items() if name in keep}
    load(folder=folder, by=None)
    rng, maker = random.Random(seed), Maker(seed)
    for first in range(0, people, BATCH):
        _store(maker.made(min(BATCH, people - first)), first, rng)
    assert Person.objects.count() == people
    analyse()


def _store(rows: list[Made], first: int, rng: random.Random) -> None:
    from kawasan.applicants.models import Applicant, Person
    from kawasan.applicants.services.names import index_names
    from kawasan.programmes.models import Programme

    programme = Programme.objects.get()
    places = list(programme.places.filter(level="village"))
    fields, bands = list(programme.fields.all()), list(programme.need_bands.all())
    rule_set, warning = (
        programme.rule_sets.first(),
        {"template": "The NIK has {digits} digits instead of 16.", "params": {"digits": 15}, "kind": "nik"},
    )
    reason = {"template": "Is a student; students may not take part.", "params": {}, "kind": "work"}
    persons, applicants = [], []
    for number, row in enumerate(rows, start=first + 1):
        person = Person(
            programme=programme, code=f"P{number:03}", nik=row.nik, name=row.name, sex=row.sex,
            birth_date=_born(row.birth_date), family_card=row.family_card, mother_name=row.mother_name, phone=row.phone,
            address=row.address, rt=f"{rng.randrange(1, 12):03}", rw=f"{rng.randrange(1, 6):03}",
            place=rng.choice(places), education="senior", source="synthetic",
        )  # fmt: skip
        refused, odd, score = rng.random() < 0.2, rng.random() < 0.25, rng.randrange(0, 1000) / 10
        persons.append(person)
        applicants.append(Applicant(
            programme=programme, code=f"A{number:03}", person=person, field=rng.choice(fields), idea="Otak-otak",
            applied_on=datetime.date(2022, 8, 29) + datetime.timedelta(rng.randrange(20)), activity_now="unemployed",
            months_without_work=5, household_size=4, household_income_idr=1_500_000, dependants=2, household_workers=1,
            source="synthetic", status="refused" if refused else "eligible", reasons=[reason] if refused else [],
            need_score=score, need_band=next(band for band in bands if score >= band.least_score), rule_set=rule_set,
            warnings=[warning] if odd else [], trouble=",nik," if odd else "", assessed_on=datetime.date(2022, 9, 20),
        ))  # fmt: skip
    Person.objects.bulk_create(persons, batch_size=500)
    Applicant.objects.bulk_create(applicants, batch_size=500)
    index_names(programme=programme, persons=persons)


def _born(written: str) -> datetime.date | None:
    """No date when a slip of the pen made one that no calendar has."""
    try:
        return datetime.date.fromisoformat(written)
    except ValueError:
        return None


def pages(rng: random.Random) -> dict[str, Callable[[], str]]:
    """Addresses by what they are, with other values each time."""
    from kawasan.applicants.models import Applicant
    from kawasan.programmes.models import Programme

    code, people = Programme.objects.get().code, Applicant.objects.count()
    names = list(
        Applicant.objects.filter(code__in=[f"A{rng.randrange(1, people):03}" for _ in range(200)]).values_list(
            "person__name", flat=True
        )
    )

    def slip(name: str) -> str:
        at = rng.randrange(1, max(len(name) - 1, 2))
        return name[:at] + name[at + 1 :]

    base, fields = f"/p/{code}/applicants/", ("ternak", "kuliner", "souvenir", "digital")
    return {
        "list, first page": lambda: base,
        "list, some page of the first 400": lambda: f"{base}?page={rng.randrange(1, 400)}",
        "list by name": lambda: f"{base}?sort=name",
        "list by need": lambda: f"{base}?sort=need",
        "list latest first": lambda: f"{base}?sort=applied",
        "refused, one field": lambda: f"{base}?status=refused&field={rng.choice(fields)}",
        "one kecamatan": lambda: f"{base}?district=19.71.0{rng.randrange(1, 8)}",
        "with warnings": lambda: f"{base}?warnings=yes",
        "search, whole name": lambda: f"{base}?q={rng.choice(names)}",
        "search, a slip of the pen": lambda: f"{base}?q={slip(rng.choice(names))}",
        "search, first letters of one word": lambda: f"{base}?q={rng.choice(names).split()[0][:4]}",
        "search, a common word": lambda: f"{base}?q={rng.choice(('siti', 'sri', 'muhammad'))}",
        "one application": lambda: f"{base}a/A{rng.randrange(1, people):03}/",
        "case file": lambda: f"/p/{code}/people/A{rng.randrange(1, people):03}/",
    }


def measured(requests: int, rng: random.Random) -> Times:
    """Seconds of each page, and of the raw limit first."""
    from kawasan.applicants.models import Applicant

    people = Applicant.objects.count()

    def rows() -> None:
        list(Applicant.objects.in_full().filter(code__in=[f"A{rng.randrange(1, people):03}" for _ in range(25)]))

    yield "25 rows by their codes", [timed(rows) for _ in range(requests)]
    yield from asked_by_a_manager(pages(rng), requests)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as data, server(wanted=options.postgresql) as database:
        start(database, data)
        began = time.perf_counter()
        fill(options.people, options.seed)
        print(f"{options.people} people stored in {time.perf_counter() - began:.0f} s", flush=True)
        tell(measured(options.requests, random.Random(options.seed)))


if __name__ == "__main__":
    main()
