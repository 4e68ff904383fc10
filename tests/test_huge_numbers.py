"""A number that no row can have, in an address or in a form, is nothing that is found; the database does not break."""

from collections.abc import Callable

import pytest
from django import forms
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kawasan.core.forms import Form
from kawasan.core.models import User
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db
HUGE = 10**24
NUMBERS = {"pk", "number", "sequence", "photo", "page", "place", "year"}
NOTHING = {403, 404, 405}  # not found; or refused before anything is looked for


def numbered(resolver: URLResolver, namespace: str = "") -> list[tuple[str, list[str]]]:
    """Every address with a number in it, and what else it is made of."""
    found = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            found += numbered(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern) and "<int:" in str(pattern.pattern):
            found.append((f"{namespace}{pattern.name}", list(pattern.pattern.converters)))
    return found


class PeopleForm(Form):
    people = forms.ModelMultipleChoiceField(User.objects.all())
    person = forms.ModelChoiceField(User.objects.all(), required=False)


@pytest.mark.parametrize(("name", "parts"), numbered(get_resolver()))
def test_an_address_with_a_huge_number_is_not_found(
    name: str, parts: list[str], programme: Programme, ani: User, client_of: Callable[[User], Client]
) -> None:
    given = {part: HUGE if part in NUMBERS else "x" for part in parts}
    address = reverse(name, kwargs={**given, "programme": programme.code})
    client = client_of(ani)
    assert client.get(address).status_code in NOTHING
    assert client.post(address, {"entries": HUGE}).status_code in NOTHING


@pytest.mark.parametrize("huge", [HUGE, 2**63, -HUGE, "9" * 5000])
def test_a_form_with_the_key_of_no_row_says_so(huge: int | str) -> None:
    form = PeopleForm({"people": [huge], "person": huge})
    assert set(form.errors) == {"people", "person"}


def test_the_other_keys_are_still_found(ani: User, budi: User) -> None:
    assert set(User.objects.filter(pk__in=[ani.pk, budi.pk, HUGE])) == {ani, budi}
    assert not User.objects.filter(pk__in=[HUGE]).exists()
    assert User.objects.exclude(pk__in=[HUGE, ani.pk]).filter(pk=budi.pk).exists()
