"""Lists as files, seen from the stages: whose they are, what the log says, and how they are read."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from kawasan.applicants.listings import APPLICANTS
from kawasan.applicants.tests import factories
from kawasan.core.listing import Listing, dictionary
from kawasan.core.models import LogEntry, User
from kawasan.programmes.models import Programme

ClientOf = Callable[[User], Client]


def listings() -> list[Listing]:
    """Every list that a stage declares."""
    found: list[Listing] = []
    for config in apps.get_app_configs():
        if config.name.startswith("kawasan.") and config.name != "kawasan.core":
            values = vars(import_module(f"{config.name}.listings")).values()
            found += [one for value in values for one in (value.values() if isinstance(value, dict) else [value])]
    return [one for one in found if isinstance(one, Listing)]


@pytest.mark.parametrize("shown", listings(), ids=lambda shown: shown.name)
def test_every_column_has_a_name_of_its_own_and_words_in_both_languages(shown: Listing) -> None:
    names = [column.name for column in shown.columns]
    assert len(set(names)) == len(names)
    for _name, indonesian, english, kind, _about, _personal in dictionary(shown):
        assert indonesian
        assert english
        assert kind


def test_a_dictionary_says_what_stands_in_a_column_and_whether_it_tells_who_somebody_is() -> None:
    with override("en"):
        found = {row[0]: row for row in dictionary(APPLICANTS)}
    assert found["applied_on"][1:4] == ["Tanggal mendaftar", "Applied on", "day, as year-month-day"]
    assert found["name"][-1] == found["nik"][-1] == "yes"
    assert found["status"][3].startswith("one of these:")
    assert found["need_score"][-1] == "no"


def test_whoever_takes_names_out_of_the_house_stands_in_the_log(
    programme: Programme, ani: User, client_of: ClientOf
) -> None:
    factories.applicant(programme, 1)
    address = reverse("applicants:applicants", args=[programme.code])
    read(client_of(ani).get(address, {"export": "dictionary"}))
    assert not LogEntry.objects.filter(verb="core.list_exported").exists()
    read(client_of(ani).get(address, {"export": "csv", "q": "A001"}))
    entry = LogEntry.objects.get(verb="core.list_exported")
    assert (entry.by, entry.data) == (ani, {"list": "applicants", "kind": "csv", "count": 1})


def test_a_file_is_for_whom_the_page_is_for(programme: Programme, cast: dict[str, User], client_of: ClientOf) -> None:
    address = reverse("applicants:applicants", args=[programme.code]) + "?export=csv"
    assert client_of(cast["dewi"]).get(address).status_code == 403
    assert client_of(cast["fajar"]).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_list_of_many_is_read_in_parts(programme: Programme, ani: User, client_of: ClientOf) -> None:
    client, address = client_of(ani), reverse("applicants:applicants", args=[programme.code]) + "?export=csv"

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(client.get(address))
        return len(captured)

    factories.applicant(programme, 1)
    queries()
    before = queries()
    for number in range(2, 12):
        factories.applicant(programme, number)
    assert queries() == before


def read(response: Any) -> bytes:
    return b"".join(response.streaming_content)
