"""A service refuses what a form sent: its page comes back as it was filled in, with the reasons; nothing is lost."""

from collections.abc import Callable

import pytest
from django.test import Client

from kawasan.core.models import LogEntry, User
from kawasan.enterprises.tests.factories import enterprise, participant
from kawasan.programmes.models import Membership, Programme

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def test_a_role_for_nobody_keeps_what_was_typed(ani: User, programme: Programme, client_of: ClientOf) -> None:
    answers = {"username": "nobody-yet", "role": "auditor", "form_key": "key"}
    page = client_of(ani).post(f"/p/{programme.code}/programme/roles/", answers)
    assert page.status_code == 422
    assert "Nobody has the account “nobody-yet”. Check the spelling." in page.text
    assert 'value="nobody-yet"' in page.text
    assert '<option value="auditor" selected>' in page.text
    assert not LogEntry.objects.exists()


def test_an_entry_of_the_future_keeps_what_was_typed(ani: User, programme: Programme, client_of: ClientOf) -> None:
    business = enterprise(participant(programme))
    answers = {"dated": "2022-12-02", "kind": "sale", "amount_idr": "75.000", "what": "Otak-otak", "form_key": "key"}
    client = client_of(ani)
    client.cookies["django_language"] = "id"
    page = client.post(f"/p/{programme.code}/enterprises/{business.code}/cash-book/add/", answers)
    assert page.status_code == 422
    assert all(f'value="{answers[name]}"' in page.text for name in ("dated", "amount_idr", "what"))
    assert not business.cash_entries.exists()


def test_what_is_mended_after_a_refusal_is_stored(ani: User, programme: Programme, client_of: ClientOf) -> None:
    client, page = client_of(ani), f"/p/{programme.code}/programme/roles/"
    client.post(page, {"username": "nobody-yet", "role": "auditor", "form_key": "key"})
    User.objects.create_user("nobody-yet")
    assert client.post(page, {"username": "nobody-yet", "role": "auditor", "form_key": "key"}).status_code == 302
    assert Membership.objects.filter(user__username="nobody-yet", role="auditor").exists()


def test_a_button_that_is_refused_has_its_page_with_a_way_back(
    ani: User, programme: Programme, client_of: ClientOf
) -> None:
    manager = Membership.objects.get(user=ani)
    roles = f"http://testserver/p/{programme.code}/programme/roles/"
    page = client_of(ani).post(f"{roles}{manager.pk}/take/", headers={"referer": roles})
    assert page.status_code == 422
    assert "This is the last programme manager." in page.text
    assert f'<a href="{roles}"' in page.text
    assert f'name="next" value="{roles}"' in page.text


def test_an_entry_with_a_hole_says_so_at_the_top_of_the_form(
    ani: User, programme: Programme, client_of: ClientOf
) -> None:
    """On a phone the hole may be far below the edge of the screen."""
    business = enterprise(participant(programme))
    address, said = f"/p/{programme.code}/enterprises/{business.code}/cash-book/add/", "This was not accepted yet."
    assert said not in client_of(ani).get(address).text
    page = client_of(ani).post(
        address, {"dated": "", "kind": "sale", "amount_idr": "75,000", "what": "Es", "form_key": "key"}
    )
    assert page.text.index(said) < page.text.index('name="dated"') < page.text.index("Fill this in.")
