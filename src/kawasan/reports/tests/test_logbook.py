"""The log in words: every verb has its sentence, every subject its name."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import pytest
from django.test import Client

import kawasan
from kawasan.core.models import LogEntry, User
from kawasan.core.services import log
from kawasan.partners.tests.factories import organisation
from kawasan.programmes.models import Programme
from kawasan.programmes.services import give_role
from kawasan.reports.logbook import GAP, SENTENCES, SUBJECTS
from kawasan.value_chain.services import Row

PACKAGE = Path(kawasan.__file__).parent
VERB = re.compile(r"(\w+)\.[a-z_]+")


def constants() -> Iterator[str]:
    """Every text that stands in services and commands of ours."""
    for path in [*PACKAGE.rglob("services.py"), *PACKAGE.rglob("services/*.py"), *PACKAGE.rglob("commands/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_every_verb_that_is_logged_has_its_sentence() -> None:
    slices = {path.name for path in PACKAGE.iterdir()}
    verbs = {text for text in constants() if (found := VERB.fullmatch(text)) and found[1] in slices}
    verbs |= {f"value_chain.{model._meta.model_name}_{did}" for model in get_args(Row) for did in ("added", "changed")}
    assert len(verbs) > 80
    assert verbs - set(SENTENCES) == set()


@pytest.mark.django_db
def test_an_entry_says_what_was_done_and_leads_to_what_it_is_about(
    ani: User, programme: Programme, client_of: Callable[[User], Client]
) -> None:
    made = organisation(programme, code="koperasi", name="Koperasi Lada")
    log("partners.organisation_added", made, by=ani)
    give_role(programme=programme, username="budi", role="auditor", by=ani)
    page = client_of(ani).get(f"/p/{programme.code}/documents/log/").text
    assert "Role “Auditor” given to account “budi”" in page
    assert "Organisation added" in page
    assert f'<a href="/p/{programme.code}/partners/organisations/koperasi/">Koperasi Lada</a>' in page
    assert ">partners.organisation_added<" not in page


@pytest.mark.django_db
def test_a_table_that_was_loaded_has_a_name_in_the_readers_language(
    ani: User, programme: Programme, client_of: Callable[[User], Client]
) -> None:
    log("exchange.loaded", programme, by=ani, table="cash_entries", added=3, changed=0, waiting=0)
    client = client_of(ani)
    assert "Folder loaded, Cash books: 3 rows added" in client.get(f"/p/{programme.code}/documents/log/").text
    indonesian = client.get(f"/p/{programme.code}/documents/log/", headers={"accept-language": "id"}).text
    assert "Folder dimuat, Buku kas: 3" in indonesian


@pytest.mark.django_db
def test_what_is_gone_keeps_the_name_it_had(
    ani: User, programme: Programme, client_of: Callable[[User], Client]
) -> None:
    made = organisation(programme, code="koperasi", name="Koperasi Lada")
    log("partners.organisation_added", made, by=ani)
    made.delete()
    page = client_of(ani).get(f"/p/{programme.code}/documents/log/").text
    assert re.search(r"<td[^>]*>Koperasi Lada</td>", page)


@pytest.mark.django_db
def test_the_log_is_searched_by_the_words_that_are_shown(
    ani: User, programme: Programme, client_of: Callable[[User], Client]
) -> None:
    log("partners.organisation_added", organisation(programme, name="Koperasi Lada"), by=ani)
    log("exchange.dumped", programme, by=ani, files=3)
    client = client_of(ani)
    assert "Koperasi Lada" in client.get(f"/p/{programme.code}/documents/log/", {"q": "organisation ADDED"}).text
    assert "Koperasi Lada" not in client.get(f"/p/{programme.code}/documents/log/", {"q": "written to a folder"}).text


@pytest.mark.django_db
def test_every_sentence_fills_its_gaps_from_an_entry_without_data(
    ani: User, programme: Programme, client_of: Callable[[User], Client]
) -> None:
    for verb in SENTENCES:
        log(verb, programme, by=ani)
    client = client_of(ani)
    for number in (1, 2):
        page = client.get(f"/p/{programme.code}/documents/log/", {"page": number})
        assert page.status_code == 200
        assert not GAP.search(page.text)
    assert LogEntry.objects.count() == len(SENTENCES)


@pytest.mark.django_db
def test_a_longer_log_asks_no_more_of_the_database(
    ani: User, programme: Programme, client_of: Callable[[User], Client], django_assert_max_num_queries: Callable
) -> None:
    for number in range(30):
        log("partners.organisation_added", organisation(programme, code=f"org-{number}"), by=ani)
    client = client_of(ani)
    with django_assert_max_num_queries(8):
        client.get(f"/p/{programme.code}/documents/log/")


def test_every_page_that_a_subject_leads_to_exists_and_every_name_is_an_attribute() -> None:
    for subject in SUBJECTS.values():
        names = {field.name for field in subject.model._meta.get_fields()}
        assert {path.split(".")[0] for path in (subject.code, subject.name) if path} <= names
