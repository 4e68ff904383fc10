"""Reporting dates: what is counted, what stays, who sees what, and an attacker with SciPy's solver."""

import datetime
import random

import numpy as np
import pytest
from django.urls import reverse
from scipy.optimize import linprog

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.enterprises.tests.factories import participant
from kawasan.outcomes import queries, rules, services
from kawasan.outcomes.rules import LEAST_PEOPLE, Facts, Spot
from kawasan.outcomes.services.protection import Day, withheld
from kawasan.outcomes.tests import factories
from kawasan.programmes.models import Membership

DAY = datetime.date(2022, 11, 10)
NEXT = datetime.date(2022, 11, 30)


def made_up(number: int, *, rng: random.Random, before: Facts | None = None) -> Facts:
    """Somebody with parts and answers of chance; who had assistance or an enterprise before still has."""

    def chance(name: str, share: float) -> int:
        kept = before is not None and rules.BY_NAME[name].grows and before.values.get(name)
        return 1 if kept else int(rng.random() < share)

    parts = {
        "sex": rng.choice(["female", "male"]),
        "age": rng.choice(["0-24", "25-34"]),
        "district": rng.choice("ab"),
        "field": rng.choice("cd"),
        "disability": "no",
    }
    values = {name: chance(name, 0.8) for name in ("measured", "trained", "visited", "assisted", "enterprise")}
    for one in rules.COUNTED:
        if values.get(one.of):
            values[one.code] = chance(one.code, 0.8)
    if values.get("cash_book"):
        values["turnover"] = rng.randrange(1_000_000, 3_000_000)
    return Facts(f"A{number:03}", before.parts if before else parts, values)


def published(people: list[Facts], hidden: set[str]) -> dict[str, int]:
    """What stands in the tables: every count that is not withheld."""
    counts = {
        Spot(of.code, *part): sum(Spot(of.code, *part).holds(one) and one.counts_in(of.code) for one in people)
        for of in rules.COUNTED
        for part in rules.spots(people)
    }
    return {str(spot): count for spot, count in counts.items() if str(spot) not in hidden}


def attacked(dates: list[tuple[list[Facts], set[str]]], name: str, dimension: str) -> list[tuple[float, float]]:
    """What an attacker who has the tables of all dates can say of one indicator of the last date, part by part.

    The unknowns are the counts of each part and date. Parts add up to all, who is counted is some of the denominator,
    and of some nobody is taken away.
    """
    known = [published(people, hidden) for people, hidden in dates]
    parts = [part for one, part in rules.spots(dates[0][0]) if one == dimension]
    index = {
        (day, of.code, part): number
        for number, (day, of, part) in enumerate(
            (day, of, part) for day in range(len(dates)) for of in rules.COUNTED for part in ("", *parts)
        )
    }
    unit, equal, equals, below = np.eye(len(index)), [], [], []
    for day, told in enumerate(known):
        for of in rules.COUNTED:
            row = np.zeros(len(index))
            row[index[day, of.code, ""]] = -1
            row[[index[day, of.code, part] for part in parts]] = 1
            equal.append(row)
            equals.append(0)
            for part in ("", *parts):
                at = index[day, of.code, part]
                if (key := str(Spot(of.code, dimension if part else "", part))) in told:
                    equal.append(unit[at])
                    equals.append(told[key])
                if of is not rules.PARTICIPANTS:
                    below.append(unit[at] - unit[index[day, rules.denominator(of).code, part]])
                if of.grows and day:
                    below.append(unit[index[day - 1, of.code, part]] - unit[at])
    found = []
    for part in parts:
        aim = unit[index[len(dates) - 1, name, part]]
        sides = [
            linprog(sign * aim, np.array(below), np.zeros(len(below)), np.array(equal), equals) for sign in (1, -1)
        ]
        found.append((sides[0].fun, np.inf if sides[1].fun is None else -sides[1].fun))  # none: nothing limits it
    return found


def test_an_attacker_with_the_tables_of_two_dates_learns_no_small_count() -> None:
    rng = random.Random(7)
    first = [made_up(number, rng=rng) for number in range(60)]
    second = [made_up(number, rng=rng, before=one) for number, one in enumerate(first)]
    hidden, exposed = withheld(first, [])
    later, exposed_later = withheld(second, [Day(first, hidden)])
    assert (exposed, exposed_later) == (0, 0)
    dates = [(first, set(hidden)), (second, set(later))]
    assert 0 < len(later) < len(rules.COUNTED) * len(list(rules.spots(second)))
    for of in rules.COUNTED:
        for dimension in ("sex", "field"):
            parts = [part for one, part in rules.spots(second) if one == dimension]
            for part, (low, high) in zip(parts, attacked(dates, of.code, dimension), strict=True):
                count = sum(one.parts[dimension] == part and one.counts_in(of.code) for one in second)
                if 0 < count < LEAST_PEOPLE:
                    assert low <= 1e-6
                    assert high >= LEAST_PEOPLE - 1e-6


def test_small_parts_are_put_together_and_a_single_part_is_not_shown() -> None:
    people = [
        Facts(str(n), dict.fromkeys(rules.Dimension, "x") | {"district": d}, {})
        for n, d in enumerate("a" * 20 + "bbbc")
    ]
    shown = rules.shown_parts(people)
    assert shown["sex"] == []
    assert shown["district"] == []  # the small ones are 10 only together with the large one
    people += [Facts(f"z{n}", people[0].parts | {"district": "d"}, {}) for n in range(8)]
    assert rules.shown_parts(people)["district"] == ["a"]
    assert {one.parts["district"] for one in rules.pooled(people, rules.shown_parts(people))} == {"a", rules.OTHERS}


def test_what_a_table_withholds_it_does_not_tell_by_another_number() -> None:
    people = [made_up(number, rng=random.Random(number)) for number in range(20)]
    of = rules.BY_NAME["working"]
    cell = rules.reported(of, people, Spot("working"), {"measured||"})
    assert (cell.whole, cell.value, cell.is_withheld) == (None, None, True)
    mean = rules.reported(rules.BY_NAME["turnover"], people, Spot("turnover"), {"cash_book||"})
    assert (mean.whole, mean.value) == (None, None)


@pytest.fixture
def people(programme):
    """Six participants, five of whom work; one sells beyond the kecamatan."""
    made = [participant(programme, number, sex="male" if number > 3 else "female") for number in range(1, 7)]
    measured = factories.round_(programme)
    for number, person in enumerate(made, 1):
        factories.measurement(
            measured, person, is_working=number != 1, marketing_area="city" if number == 2 else "village"
        )
    return made


@pytest.fixture
def frozen(programme, people):
    return services.freeze_reporting_date(programme=programme, reported_on=DAY, by=None)


@pytest.mark.django_db
def test_a_reporting_date_keeps_what_was_known_then(programme, people, frozen):
    people[1].measurements.update(is_working=False, hours_per_week=0)
    lines = queries.lines_of(frozen, sees_people=True)
    working = next(cell for cell in lines[0].cells if cell.definition.code == "working")
    assert (working.count, working.whole) == (5, 6)
    assert frozen.content_hash == queries.hash_of_date(frozen)
    assert LogEntry.objects.filter(verb="outcomes.reporting_date_frozen").count() == 1


@pytest.mark.django_db
def test_no_earlier_day_follows_and_nothing_is_reported_of_tomorrow(programme, frozen):
    for day, said in ((DAY, "frozen already"), (datetime.date(2100, 1, 1), "still to come")):
        with pytest.raises(Refused, match=said):
            services.freeze_reporting_date(programme=programme, reported_on=day, by=None)
    assert services.freeze_reporting_date(programme=programme, reported_on=NEXT, by=None).parts == frozen.parts


@pytest.mark.django_db
def test_the_office_opens_each_number_and_others_see_no_small_one(client_of, ani, eko, programme, frozen):
    address = reverse("outcomes:reporting_date", args=[programme.code, DAY])
    office, public = (client_of(user).get(address).content.decode() for user in (ani, eko))
    assert "rows/?indicator=working" in office
    assert "withheld" not in office
    assert "rows/?indicator" not in public
    assert "withheld" in public
    rows = reverse("outcomes:reported_rows", args=[programme.code, DAY]) + "?indicator=working&by=sex&part=female"
    assert client_of(ani).get(rows).content.decode().count("<tr><td>") == 3
    assert client_of(eko).get(rows).status_code == 403


@pytest.mark.django_db
def test_what_the_page_of_the_rounds_tells_everybody_is_not_withheld_of_a_reporting_date(
    client_of, eko, programme, frozen
):
    outcomes = client_of(eko).get(reverse("outcomes:outcomes", args=[programme.code])).content.decode()
    assert "5 of 6" in outcomes
    assert not {"measured||", "working||"} & set(frozen.withheld)
    later = services.freeze_reporting_date(programme=programme, reported_on=NEXT, by=None)
    assert not {"measured||", "working||"} & set(later.withheld)


@pytest.mark.django_db
def test_work_of_fewer_than_five_measured_people_is_withheld(programme):
    measured = factories.round_(programme)
    for number in range(1, 13):
        person = participant(programme, number)
        if number < 4:
            factories.measurement(measured, person, is_working=number != 1)
    frozen = services.freeze_reporting_date(programme=programme, reported_on=DAY, by=None)
    assert "working||" in frozen.withheld


@pytest.mark.django_db
def test_the_sheet_of_others_has_no_more_than_their_page(client_of, ani, eko, programme, frozen):
    address = reverse("outcomes:reporting_date_csv", args=[programme.code, DAY])
    office, public = (client_of(user).get(address).content.decode("utf-8-sig") for user in (ani, eko))
    assert f"{DAY},wider_market,Sells beyond the kecamatan,,All participants,1,6,0.16" in office
    assert f"{DAY},wider_market,Sells beyond the kecamatan,,All participants,,6,,share of people,yes" in public
    xlsx = reverse("outcomes:reporting_date_xlsx", args=[programme.code, DAY])
    assert client_of(eko).get(xlsx).content.startswith(b"PK")


@pytest.mark.django_db
def test_two_programmes_are_compared_by_what_is_shown_outside(client_of, ani, programme, other_programme, frozen):
    address = reverse("outcomes:compare", args=[programme.code])
    assert "only one programme" in client_of(ani).get(address).content.decode()
    Membership.objects.create(user=ani, programme=other_programme, role="ministry")
    page = client_of(ani).get(address).content.decode()
    assert "has no reporting date yet" in page
    assert (
        'class="table table-vcenter card-table table-mobile-md"' in page
    )  # stacked on a phone, each cell with its name
    assert 'data-label="contoh-2022"' in page
    assert "withheld" in page
    assert rules.reasons_not_comparable({"a": DAY, "b": NEXT}) == []
    apart = rules.reasons_not_comparable({"a": DAY, "b": DAY.replace(year=2023)})
    assert "365 days apart" in str(apart[0])


@pytest.mark.django_db
def test_a_date_that_somebody_changed_says_so(client_of, ani, programme, frozen):
    frozen.people[0]["values"]["working"] = 1
    frozen.save(update_fields=["people"])
    page = client_of(ani).get(reverse("outcomes:reporting_date", args=[programme.code, DAY])).content.decode()
    assert "its hash differs" in page
