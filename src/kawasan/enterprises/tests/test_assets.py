"""What stays with an enterprise, and whether what the assistance paid is still there."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.enterprises import rules, services
from kawasan.enterprises.models import Asset, Enterprise
from kawasan.enterprises.rules import AssetCondition, AssetOrigin
from kawasan.enterprises.tests import factories
from kawasan.programmes.models import Programme

ClientOf = Callable[[User], Client]
TODAY = datetime.date(2022, 12, 1)  # the test programme's as_of
GOT = datetime.date(2022, 11, 1)
SAID = {
    "name": "Mesin segel", "quantity": "1", "value_idr": "1500000", "acquired_on": "2022-11-01", "origin": "assistance",
    "condition": "good", "seen_on": "2022-11-20", "note": "",
}  # fmt: skip


def told(origin: AssetOrigin, condition: AssetCondition, seen_on: datetime.date = TODAY, note: str = "") -> list[str]:
    return [str(text) for text in rules.asset_warnings([("Mesin segel", origin, condition, seen_on, note)], TODAY)]


def test_only_what_the_assistance_paid_is_watched() -> None:
    gone = AssetCondition.GONE
    assert told(AssetOrigin.ASSISTANCE, gone) == [
        "“Mesin segel” of the assistance is gone. Write down what became of it."
    ]
    assert told(AssetOrigin.ASSISTANCE, gone, note="dijual") == ["“Mesin segel” of the assistance is gone: dijual"]
    assert told(AssetOrigin.ASSISTANCE, AssetCondition.BROKEN) == [
        "“Mesin segel” of the assistance is broken. Have it repaired."
    ]
    assert told(AssetOrigin.OWN, gone) == []


def test_what_was_not_seen_for_half_a_year_is_to_be_looked_at() -> None:
    good, assistance = AssetCondition.GOOD, AssetOrigin.ASSISTANCE
    assert told(assistance, good, TODAY - rules.SEEN_AGAIN) == []
    (warning,) = told(assistance, good, TODAY - rules.SEEN_AGAIN - datetime.timedelta(days=1))
    assert "was last seen on" in warning


@pytest.fixture
def enterprise(programme: Programme, citra: User) -> Enterprise:
    owner = factories.participant(programme)
    factories.mentored_group(programme, owner, user=citra)
    return factories.enterprise(owner)


def add(enterprise: Enterprise, **changes: object) -> Asset:
    answers = {
        "name": "Mesin segel", "quantity": 1, "value_idr": 1_500_000, "acquired_on": GOT, "origin": "assistance",
        "condition": "good", "seen_on": TODAY, "note": "",
    }  # fmt: skip
    return services.add_asset(enterprise=enterprise, by=None, **answers | changes)


@pytest.mark.django_db
def test_days_to_come_and_seen_before_it_was_got_are_refused(enterprise: Enterprise) -> None:
    with pytest.raises(Refused, match="still to come"):
        add(enterprise, seen_on=TODAY + datetime.timedelta(days=1))
    with pytest.raises(Refused, match="seen before it was got"):
        add(enterprise, seen_on=GOT - datetime.timedelta(days=1))


@pytest.mark.django_db
def test_a_mentor_writes_it_down_and_says_later_that_it_is_gone(
    enterprise: Enterprise, client_of: ClientOf, citra: User
) -> None:
    mentor, at = client_of(citra), [enterprise.programme.code, enterprise.code]
    assert mentor.post(reverse("enterprises:add_asset", args=at), SAID).status_code == 302
    asset = Asset.objects.get()
    page = mentor.get(reverse("enterprises:enterprise", args=at)).text
    assert "Mesin segel" in page
    assert "Rp1,500,000" in page
    assert "Assistance of the programme" in page
    said = {"condition": "gone", "seen_on": "2022-12-01", "note": "dijual"}
    assert mentor.post(reverse("enterprises:see_asset", args=[*at, asset.code]), said).status_code == 302
    asset.refresh_from_db()
    assert (asset.condition, asset.note, asset.value_idr) == ("gone", "dijual", 1_500_000)
    assert "of the assistance is gone" in mentor.get(reverse("enterprises:enterprise", args=at)).text


@pytest.mark.django_db
def test_an_older_look_does_not_write_over_a_newer_one(
    enterprise: Enterprise, client_of: ClientOf, citra: User
) -> None:
    asset = add(enterprise)
    at = [enterprise.programme.code, enterprise.code, asset.code]
    said = {"condition": "gone", "seen_on": "2022-11-20", "note": ""}
    answer = client_of(citra).post(reverse("enterprises:see_asset", args=at), said)
    assert "It was seen after that already, on 1 December 2022" in answer.text
    asset.refresh_from_db()
    assert (asset.condition, asset.seen_on) == ("good", TODAY)


@pytest.mark.django_db
def test_a_worth_beyond_all_sense_is_refused_in_one_sentence(
    enterprise: Enterprise, client_of: ClientOf, citra: User
) -> None:
    at = [enterprise.programme.code, enterprise.code]
    address = reverse("enterprises:add_asset", args=at)
    answer = client_of(citra).post(address, SAID | {"value_idr": str(10**20)})
    assert len(answer.context["form"].errors["value_idr"]) == 1
    assert "9223372036854775807" not in answer.text


@pytest.mark.django_db
def test_another_mentor_changes_nothing(
    enterprise: Enterprise, programme: Programme, client_of: ClientOf, citra: User
) -> None:
    other = factories.enterprise(factories.participant(programme, 2), 2)
    asset = add(other)
    at = [programme.code, other.code]
    assert client_of(citra).post(reverse("enterprises:add_asset", args=at), SAID).status_code == 404
    assert client_of(citra).get(reverse("enterprises:see_asset", args=[*at, asset.code])).status_code == 404
