"""The sample whose living is verified: drawn so that anyone can repeat it, filled in, and measured."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kawasan.applicants import rules, services
from kawasan.applicants.models import LivingCheck, LivingSample
from kawasan.applicants.queries import in_living_frame
from kawasan.applicants.rules import Chosen, GroupedBy
from kawasan.applicants.services.targeting import (
    draw_sample,
    drawn_of,
    measured,
    record_living,
    sample_rows,
    verified_of,
    versions,
)
from kawasan.applicants.targeting_forms import WEIGHTS
from kawasan.applicants.tests import factories
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.programmes.models import Programme

DAY = datetime.date(2022, 8, 20)
LINE = 800_000


@pytest.fixture
def applied(programme: Programme) -> Programme:
    """Forty people of two kecamatan, the poorest first."""
    for number in range(1, 41):
        where = factories.place(programme, "19.71.01.1004" if number % 4 else "19.71.02.1001")
        person = factories.person(programme, number, sex="female" if number % 2 else "male", place=where)
        factories.applicant(programme, number, of=person, household_income_idr=200_000 * number)
    services.assess(programme=programme, by=None, on=DAY)
    return programme


def drawn(programme: Programme, size: int = 30) -> LivingSample:
    return draw_sample(programme=programme, size=size, line_idr=LINE, by=None, on=DAY)


def verified(sample: LivingSample) -> LivingSample:
    """Everybody earns what they said; households are of four."""
    for check in sample.checks.select_related("applicant", "sample"):
        record_living(
            check=check,
            by=None,
            on=DAY,
            household_size=4,
            household_income_idr=check.applicant.household_income_idr,
            evidence="visit",
        )
    return sample


def test_a_household_is_in_need_below_the_line_and_not_at_it() -> None:
    assert rules.is_in_need(4 * LINE - 1, 4, LINE)
    assert not rules.is_in_need(4 * LINE, 4, LINE)


def test_a_sample_is_in_proportion_with_two_of_each_at_least() -> None:
    assert rules.allocation({"a": 60, "b": 30, "c": 10}, 20) == {"a": 12, "b": 6, "c": 2}
    assert rules.allocation({"a": 97, "b": 2, "c": 1}, 10) == {"a": 9, "b": 2, "c": 1}
    assert sum(rules.allocation({"a": 33, "b": 33, "c": 34}, 10).values()) == 10


def test_ties_share_the_last_seats() -> None:
    assert rules.shares_of_seats([50, 70, 50, 90], 3) == [0.5, 1, 0.5, 1]
    assert rules.shares_of_seats([50, 70], 5) == [1, 1]


def test_anyone_can_draw_the_sample_again_from_its_seed(applied: Programme) -> None:
    sample = drawn(applied)
    again = drawn_of(in_living_frame(applied), seed=sample.seed, size=30)
    assert sorted(code for code, _people in again) == list(sample.checks.values_list("applicant__code", flat=True))
    assert {(c.stratum, c.stratum_people) for c in sample.checks.all()} == {("19.71.01", 30), ("19.71.02", 10)}
    assert LogEntry.objects.filter(verb="applicants.living_sample_drawn").count() == 1


def test_every_applicant_is_drawn_as_often_as_any_other_of_the_kecamatan(applied: Programme) -> None:
    """Of 400 seeds each is drawn 200 times; the standard error is 10."""
    frame = list(in_living_frame(applied))
    times = dict.fromkeys((one.code for one in frame), 0)
    for seed in range(400):
        for code, _people in drawn_of(frame, seed=str(seed), size=20):
            times[code] += 1
    assert min(times.values()) > 155
    assert max(times.values()) < 245


def test_a_sample_of_too_few_or_too_many_is_refused(applied: Programme) -> None:
    for size in (29, 41):
        with pytest.raises(Refused):
            drawn(applied, size)
    assert not applied.living_samples.exists()


def test_what_was_seen_is_kept_with_its_day_and_logged(applied: Programme, budi: User) -> None:
    check = drawn(applied).checks.select_related("applicant", "sample")[0]
    record_living(
        check=check, by=budi, on=DAY, household_size=5, household_income_idr=3_999_999, evidence="visit at home"
    )
    check.refresh_from_db()
    assert (check.per_head_idr, check.is_in_need, check.verified_on, check.verified_by) == (
        799_999,
        True,
        DAY,
        str(budi),
    )
    assert LogEntry.objects.filter(verb="applicants.living_verified", by=budi).count() == 1
    with pytest.raises(Refused):
        record_living(check=check, by=budi, on=DAY, household_size=5)
    with pytest.raises(IntegrityError):
        LivingCheck.objects.filter(pk=check.pk).update(why_not="moved away")


def test_who_could_not_be_verified_is_stood_for_by_the_others_of_the_kecamatan(applied: Programme) -> None:
    sample = verified(drawn(applied))
    away = sample.checks.filter(stratum="19.71.02").first()
    assert away
    record_living(check=away, by=None, on=DAY, why_not="moved away")
    rows = sample_rows(verified_of(sample), {})
    weights = {row.check.stratum: row.weight for row in rows}
    assert len(rows) == 29
    assert weights["19.71.02"] == pytest.approx(10 / sample.checks.verified().filter(stratum="19.71.02").count())
    assert sum(row.weight for row in rows) == pytest.approx(40)


def test_a_score_that_follows_need_has_no_error_a_lot_has(applied: Programme) -> None:
    """Income per head below 800,000 in a household of four: the first 15 of 40. Everybody is in the sample."""
    sample = verified(drawn(applied, 40))
    ways = versions(programme=applied, seats=15, seated=[], tried=None)
    by_code = {one.version.code: one for one in measured(checks=verified_of(sample), ways=ways)}
    score, lot = by_code[Chosen.SCORE].whole, by_code[Chosen.LOT]
    assert (score.inclusion_error.value, score.exclusion_error.value) == (0, 0)
    assert score.index.value == pytest.approx(40 / 15)
    assert (score.in_need.low, score.in_need.high) == (0.375, 0.375)
    assert lot.whole.index.value == pytest.approx(1)
    assert lot.against_first is not None
    assert lot.against_first.exclusion_error.value == pytest.approx(25 / 40)


def test_weights_that_are_tried_change_who_would_have_a_seat_and_store_nothing(applied: Programme) -> None:
    rule_set = applied.rule_sets.get()
    tried = dict.fromkeys(WEIGHTS, 0) | {"weight_disability": 100}
    entries = LogEntry.objects.count()
    ways = versions(programme=applied, seats=15, seated=[], rule_set=rule_set, tried=tried)
    seats = {way.code: way.seats for way in ways}
    assert set(seats[Chosen.TRIED].values()) == {15 / 40}  # nobody has points, so all share
    assert sum(seats[Chosen.SCORE].values()) == pytest.approx(15)
    assert LogEntry.objects.count() == entries
    assert applied.rule_sets.get().weight_income == rule_set.weight_income


def test_groups_too_small_are_counted_and_get_no_figure(applied: Programme) -> None:
    sample = verified(drawn(applied))
    [first, *_rest] = measured(
        checks=verified_of(sample), ways=versions(programme=applied, seats=15, seated=[1], tried=None)
    )
    small = first.groups[GroupedBy.DISTRICT]["Kecamatan 19.71.02"]
    assert small.people == 7
    assert small.exclusion_error.value is None
    assert (
        first.groups[GroupedBy.SEX]["Perempuan" if "Perempuan" in first.groups[GroupedBy.SEX] else "Woman"].people > 9
    )


def page(client: Client, programme: Programme, **query: str) -> str:
    return client.get(reverse("reports:targeting", args=[programme.code]), query).content.decode()


def test_the_page_says_how_to_get_a_sample_then_shows_the_errors(
    applied: Programme, ani: User, client_of: Callable[[User], Client], django_assert_max_num_queries: Any
) -> None:
    client = client_of(ani)
    assert "No sample yet" in page(client, applied)
    sample = drawn(applied)
    assert "Nobody of the sample is verified yet" in page(client, applied)
    verified(sample)
    with django_assert_max_num_queries(12):
        shown = page(client, applied)
    assert "Greatest need first, by the assessments as they stand" in shown
    assert "too few (" in shown
    with django_assert_max_num_queries(14):
        opened = page(client, applied, version="lot", figure="inclusion_error", by="sex", group="Woman")
    assert "The people behind: Seats that go to people who are not in need" in opened
    assert "Orang Contoh 39" in opened
    assert "Orang Contoh 38" not in opened.split('id="behind"')[1]


def test_the_page_tries_weights_and_says_when_they_do_not_add_up(
    applied: Programme, ani: User, client_of: Callable[[User], Client]
) -> None:
    verified(drawn(applied))
    client, weights = client_of(ani), dict.fromkeys(WEIGHTS[:5], "20") | dict.fromkeys(WEIGHTS[5:], "0")
    tried = page(client, applied, **weights, poverty_line_idr="800000")
    assert "Greatest need first, by the weights below" in tried
    wrong = page(client, applied, **(weights | {"weight_income": "30"}), poverty_line_idr="800000")
    assert "The weights add up to 110" in wrong
    assert "Greatest need first, by the weights below" not in wrong


def test_the_figures_leave_as_files(applied: Programme, ani: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(ani)
    address = reverse("reports:targeting_csv", args=[applied.code])
    assert client.get(address).content.decode("utf-8-sig").count("\n") == 1  # the headings alone
    verified(drawn(applied))
    rows = client.get(address).content.decode("utf-8-sig").splitlines()
    [lot] = [row.split(",") for row in rows if row.startswith("By lot among the eligible,,,Targeting index")]
    assert float(lot[4]) == pytest.approx(1)
    assert client.get(reverse("reports:targeting_xlsx", args=[applied.code])).content.startswith(b"PK")


def test_a_manager_draws_and_a_verifier_fills_in(
    applied: Programme, ani: User, budi: User, client_of: Callable[[User], Client]
) -> None:
    samples = reverse("applicants:samples", args=[applied.code])
    refused = client_of(ani).post(samples, {"size": "10", "line_idr": "800000"})
    assert "Draw 30 people or more" in refused.content.decode()
    client_of(budi).post(samples, {"size": "30", "line_idr": "800000"})
    assert not applied.living_samples.exists()  # not for a verifier
    client_of(ani).post(samples, {"size": "30", "line_idr": "800000"})
    check = applied.living_checks.select_related("applicant").first()
    assert check
    assert "30 people, 30 of them still to visit" in client_of(budi).get(samples).content.decode()
    address = reverse("applicants:living", args=[applied.code, "S1", check.applicant.code])
    facts = {"household_size": "4", "household_income_idr": "2000000", "verified_on": timezone.localdate().isoformat()}
    early = client_of(budi).post(address, facts | {"evidence": "visit", "verified_on": "2020-01-01"})
    assert "Write the day of the visit: from the day of the sample" in early.content.decode()
    wrong = client_of(budi).post(address, facts)
    assert "Say in a few words what the facts rest on." in wrong.content.decode()
    client_of(budi).post(address, facts | {"evidence": "visit"})
    check.refresh_from_db()
    assert (check.household_income_idr, check.verified_on) == (2_000_000, timezone.localdate())
    shown = client_of(budi).get(reverse("applicants:sample", args=[applied.code, "S1"])).content.decode()
    assert "Still to visit: 29" in shown


def test_another_programme_s_sample_is_not_found(
    applied: Programme, fajar: User, ani: User, other_programme: Programme, client_of: Callable[[User], Client]
) -> None:
    drawn(applied)
    applicant = applied.living_checks.select_related("applicant")[0].applicant
    for route, arguments in (("sample", ["S1"]), ("living", ["S1", applicant.code])):
        address = reverse(f"applicants:{route}", args=[other_programme.code, *arguments])
        assert client_of(fajar).get(address).status_code == 404
        assert client_of(ani).get(address).status_code == 404
