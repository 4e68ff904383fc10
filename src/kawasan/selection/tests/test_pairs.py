"""Quotas on two features at once: what they count, how they are drawn, and how an officer adds and removes them."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kawasan.core.errors import Refused
from kawasan.core.language import in_words
from kawasan.core.models import LogEntry, User
from kawasan.engine import certificate
from kawasan.programmes.models import Programme, Quota
from kawasan.programmes.queries import quota_lines
from kawasan.programmes.rules import COUNTED, QuotaLine, feature_text, parts_of, value_of
from kawasan.selection import queries, rules, services
from kawasan.selection.models import Draw, Seat
from kawasan.selection.tests import factories
from kawasan.selection.tests.factories import DAY
from kawasan.selection.tests.test_quotas import at, names, typed, value

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
VERIFIER = Path(__file__).parents[4] / "tools" / "verify_draw.py"
COOKS = ("field & sex", "kuliner & female")  # seven of twenty people


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def quota(programme: Programme, least: int, most: int, counts: tuple[str, str] = COOKS) -> Quota:
    feature, counted = counts
    made = Quota(programme=programme, feature=feature, value=counted, least=least, most=most, reason="Rapat")
    made.full_clean()
    made.save()
    return made


def frozen(programme: Programme, least: int = 2, most: int = 2) -> Draw:
    quota(programme, least, most)
    return factories.frozen(programme, 20)


def are_cooks(draw: Draw) -> dict[str, bool]:
    return {row[0]: value_of(row[3], COOKS[0]) == COOKS[1] for row in draw.pool}


# --- rules


def test_a_pair_is_named_in_the_order_of_features() -> None:
    assert len(COUNTED) == len(set(COUNTED)) == 6 + 15
    assert rules.pair_of(("age_group", "17-24"), ("sex", "female")) == ("sex & age_group", "female & 17-24")
    assert rules.is_pair("sex & age_group", "female & 17-24")
    wrong = [("age_group & sex", "17-24 & female"), ("sex & sex", "a & b"), ("sex", "female"), ("sex & age_group", "x")]
    assert [pair for pair in wrong if rules.is_pair(*pair)] == []


def test_a_pair_counts_who_has_both_values() -> None:
    features = {"sex": "female", "age_group": "17-24", "field": "kuliner"}
    assert value_of(features, "sex & age_group") == "female & 17-24"
    assert parts_of("sex & age_group", "female & 17-24") == [("sex", "female"), ("age_group", "17-24")]


@pytest.mark.parametrize(("language", "words"), [("en", "Sex & age group"), ("id", "Jenis kelamin & kelompok umur")])
def test_a_pair_has_a_heading_in_words(language: str, words: str) -> None:
    with translation.override(language):
        assert in_words(feature_text("sex & age_group")) == words


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (("sex", "female"), ("sex", "male"), "Both values are of the feature “Sex”, so nobody has both."),
        (("sex", "female"), ("age_group", "9-10"), "Choose two values from the lists."),
        (("", ""), ("sex", "male"), "Choose two values from the lists."),
        (("sex & age_group", "female & 17-24"), ("field", "x"), "Choose two values from the lists."),
        (("age_group", "17-24"), ("sex", "female"), "“Women & 17-24” is in the table already."),
    ],
)
def test_two_values_that_make_no_new_quota_are_refused(first: Any, second: Any, reason: str) -> None:
    known = {("sex", "female"): "Women", ("sex", "male"): "Men", ("age_group", "17-24"): "17-24"}
    known[("sex & age_group", "female & 17-24")] = "Women & 17-24"
    (said,) = rules.reasons_no_pair(first, second, names=known)
    assert str(said).startswith(reason)


def test_two_values_of_two_features_make_a_quota() -> None:
    known = {("sex", "female"): "Women", ("age_group", "17-24"): "17-24"}
    assert rules.reasons_no_pair(("age_group", "17-24"), ("sex", "female"), names=known) == []


# --- the row


@pytest.mark.parametrize(
    ("feature", "counted", "why"),
    [
        ("sex & age_group", "female", "A quota on two features has a value of each"),
        ("sex", "female & 17-24", "A quota on two features has a value of each"),
        ("age_group & sex", "17-24 & female", "is not a valid choice"),
        ("sex & sex", "female & male", "is not a valid choice"),
    ],
)
def test_a_pair_of_another_form_is_not_stored(programme: Programme, feature: str, counted: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        quota(programme, 0, 1, (feature, counted))


def test_a_value_without_its_second_feature_is_refused_by_the_database(programme: Programme) -> None:
    with pytest.raises(IntegrityError):
        Quota.objects.create(programme=programme, feature=COOKS[0], value="kuliner", least=0, most=1, reason="x")


def test_a_pair_may_name_a_field(programme: Programme) -> None:
    quota(programme, 1, 2)
    assert str(Quota.objects.get(feature=COOKS[0])) == "field & sex kuliner & female"


# --- the draw


def test_every_panel_honours_a_quota_on_two_features(programme: Programme) -> None:
    draw = frozen(programme)
    assert [*COOKS, 2, 2] in draw.quotas
    cooks, cells = are_cooks(draw), {name: cell for name, cell, _home in draw.frozen["pool"]}
    of_cell = {cell: cooks[name] for name, cell in cells.items()}
    seats = [sum(number for cell, number in panel if of_cell[cell]) for panel in draw.frozen["panels"]]
    assert set(seats) == {2}
    assert {row[0]: sorted(row[3]) for row in draw.pool}.popitem()[1] == sorted(COUNTED[:6])


def test_all_verifiers_accept_a_draw_with_a_quota_on_two_features(programme: Programme, tmp_path: Path) -> None:
    draw = factories.draw_from(frozen(programme))
    assert sum(are_cooks(draw)[name] for name in draw.result["people"]) == 2
    cook = next(seat for seat in Seat.objects.held().select_related("applicant__person") if is_cook(seat))
    services.decline(seat=cook, by=None, on=DAY)
    called = services.call_reserve(programme=programme, by=None, on=DAY)
    assert called.keeps_quotas
    assert is_cook(called)
    draw.refresh_from_db()
    made = services.certificate_of(draw=draw)
    assert [check.name for check in certificate.verify(json.loads(json.dumps(made))) if not check.holds] == []
    (tmp_path / "draw.json").write_text(json.dumps(made))
    done = subprocess.run([sys.executable, VERIFIER, tmp_path / "draw.json"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def is_cook(seat: Seat) -> bool:
    return (seat.applicant.field.code, seat.applicant.person.sex) == ("kuliner", "female")


def test_pages_and_papers_say_a_pair_in_words(programme: Programme, ani: User, client_of: ClientOf) -> None:
    draw = factories.draw_from(frozen(programme))
    row = next(row for row in queries.overview(draw)["quotas"] if row.value == COOKS[1])
    assert (in_words(row.feature), row.label) == ("Field & sex", "Culinary & Women")
    assert (row.available, row.drawn, row.held, row.least, row.most) == (7, 2, 2, 2, 2)
    assert row.chance is not None
    assert row.chance.median == pytest.approx(2 / 7, abs=0.01)
    page = client_of(ani).get(reverse("selection:selection", args=[programme.code])).content.decode()
    assert "Culinary &amp; Women" in page


def test_a_conflict_with_a_pair_is_said_in_words(programme: Programme) -> None:
    factories.pool(programme, 20)
    lines = [*quota_lines(programme), QuotaLine(*COOKS, 4, 4, "Rapat")]
    known = names(programme) | {COOKS: "Culinary & Women"}
    found = services.outlook(programme=programme, lines=lines, names=known)
    said = [in_words(reason) for reason in found.reasons]
    assert "Field & sex “Culinary & Women”: 4 to 4 seats; the pool has 7" in said
    assert found.relaxation


def test_why_somebody_is_certain_names_the_pair(programme: Programme) -> None:
    quota(programme, 1, 4, ("field & sex", "digital & female"))
    draw = factories.frozen(programme, 10)  # one woman in the field
    said = [in_words(row.why) for row in queries.settled(draw, queries.value_names(programme, programme.fields.all()))]
    assert "Field & sex “Digital services & Women”: at least 1 seats, and the pool has 1" in said


def test_a_rehearsal_shows_the_pair(programme: Programme) -> None:
    quota(programme, 2, 2)
    factories.pool(programme, 20)
    row = next(row for row in services.rehearse(programme=programme, seed="1").quotas if row.value == COOKS[1])
    assert row.drawn == 2


def test_what_a_pair_costs_is_seen_in_the_outlook(programme: Programme) -> None:
    factories.pool(programme, 20)
    lines = [*quota_lines(programme), QuotaLine(*COOKS, 3, 3, "Rapat")]
    found = services.outlook(programme=programme, lines=lines, names=names(programme) | {COOKS: "x"})
    assert found.chances[COOKS] is not None
    assert found.chances[COOKS].median == pytest.approx(3 / 7)
    assert found.gains[COOKS] > found.spread.least


def test_disability_says_what_it_is_in_a_pair(programme: Programme) -> None:
    assert queries.value_label({}, "sex & disability", "female & yes") == "Women & with a disability"


# --- the page


def test_a_pair_is_added_without_losing_what_was_typed(programme: Programme, ani: User, client_of: ClientOf) -> None:
    factories.pool(programme, 20)
    changes = {"least:sex:female": 3, "first": "sex:female", "second": "field:kuliner"}
    page = client_of(ani).post(at(programme), typed(programme, "add_pair", **changes))
    assert value(page, "least:sex:female") == "3"
    feature, rows = page.context["groups"][-1]
    assert feature == "Field & sex"
    assert [(row["choice"].label, row["choice"].available) for row in rows] == [("Culinary & Women", 7)]
    assert 'name="pair" value="field &amp; sex:kuliner &amp; female"' in page.content.decode()
    assert 'name="least:field+sex:kuliner+female"' in page.content.decode()
    assert len(re.findall(r'name="least:field\+sex:kuliner\+female"[^>]* autofocus', page.content.decode())) == 1
    assert not Quota.objects.filter(feature=COOKS[0]).exists()


def row_of(**changes: Any) -> dict[str, Any]:
    """What a page with a row for the pair sends."""
    return {"pair": ":".join(COOKS)} | {f"{name}:field+sex:kuliner+female": text for name, text in changes.items()}


def test_an_added_pair_is_saved_and_removed_like_any_other(
    programme: Programme, ani: User, client_of: ClientOf
) -> None:
    factories.pool(programme, 20)
    browser = client_of(ani)
    browser.post(at(programme), typed(programme, "save", **row_of(least=1, most=2, reason="Rapat")))
    assert Quota.objects.get(feature=COOKS[0]).value == COOKS[1]
    assert [*COOKS, 1, 2, "Rapat"] in LogEntry.objects.get(verb="programmes.quotas_set").data["new"]
    page = browser.get(at(programme))
    assert value(page, "most:field+sex:kuliner+female") == 2
    Quota.objects.exclude(feature=COOKS[0]).delete()
    sent = {"do": "save", "seen": queries.quota_state(programme), **row_of(least="", most="", reason="")}
    sent |= {f"{b}:field:{c}": n for c in ("digital", "kuliner") for b, n in (("least", 1), ("most", 3))}
    browser.post(at(programme), sent)
    assert not Quota.objects.exists()
    assert browser.get(at(programme)).context["groups"][-1][0] == "Disability"


def test_a_pair_without_numbers_stays_while_it_is_checked(programme: Programme, ani: User, client_of: ClientOf) -> None:
    factories.pool(programme, 20)
    page = client_of(ani).post(at(programme), typed(programme, "check", **row_of(least="", most="")))
    assert page.context["groups"][-1][0] == "Field & sex"
    live = client_of(ani).post(at(programme), typed(programme, "check", **row_of()), headers={"hx-request": "true"})
    assert live.content.decode().count('hx-swap-oob="true"') == len(queries.quota_choices(programme)) + 1


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("sex:female", "sex:male", "Both values are of the feature “Sex”"),
        ("", "sex:male", "Choose two values from the lists."),
        ("sex:female", "sex:none", "Select a valid choice"),
        ("field:kuliner", "sex:female", "“Culinary &amp; Women” is in the table already."),
    ],
)
def test_a_pair_that_cannot_be_added_is_refused_beside_the_lists(
    first: str, second: str, sentence: str, programme: Programme, ani: User, client_of: ClientOf
) -> None:
    factories.pool(programme, 20)
    sent = typed(programme, "add_pair", **row_of(least=1), first=first, second=second)
    page = client_of(ani).post(at(programme), sent)
    assert sentence in page.content.decode()
    assert re.search(r'<select name="first"[^>]* autofocus', page.content.decode())
    assert value(page, "least:field+sex:kuliner+female") == "1"
    assert Counter(feature for feature, _rows in page.context["groups"])["Field & sex"] == 1


@pytest.mark.parametrize("pair", ["field & sex:kuliner & x", "sex & field:female & kuliner", "x & y:a & b", "&", "sex"])
def test_a_forged_pair_is_not_saved(pair: str, programme: Programme, ani: User, client_of: ClientOf) -> None:
    factories.pool(programme, 20)
    name = pair.replace(" & ", "+")
    sent = typed(programme, "save", pair=pair, **{f"least:{name}": 1, f"most:{name}": 2, f"reason:{name}": "Rapat"})
    page = client_of(ani).post(at(programme), sent)
    assert not Quota.objects.exclude(feature="sex").exists()
    if pair.startswith("field"):
        assert page.status_code == 422
        assert "the programme does not have this value" in page.content.decode()


def test_a_service_refuses_a_pair_of_unknown_values(programme: Programme) -> None:
    lines = [*quota_lines(programme), QuotaLine("sex & district", "female & 99.99", 0, 1, "Rapat")]
    with pytest.raises(Refused, match="the programme does not have this value"):
        services.change_quotas(programme=programme, lines=lines, seen=queries.quota_state(programme), by=None)


def test_readers_see_a_pair_and_no_form(programme: Programme, budi: User, client_of: ClientOf) -> None:
    factories.pool(programme)
    quota(programme, 1, 2)
    page = client_of(budi).get(at(programme)).content.decode()
    assert "Culinary &amp; Women" in page
    assert 'name="pair"' not in page
    assert 'value="add_pair"' not in page
