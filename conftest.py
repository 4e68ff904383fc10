"""Two programmes, the cast, and a session for each of them; what could not be run is said in the last lines."""

import datetime
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from kawasan.applicants.tests.factories import usual_rules
from kawasan.core.models import User
from kawasan.core.testing import CAST, MORE, Player
from kawasan.programmes.models import Field, Membership, Milestone, NeedBand, Programme, Quota, RuleSet

SLICES = Path(__file__).parent / "src"  # what their tests need of a database they ask for; others start programs
DATABASE = {"db", "transactional_db"}


def asks_for_database(item: pytest.Item) -> bool:
    asked = DATABASE & set(getattr(item, "fixturenames", ()))
    return bool(asked or item.get_closest_marker("django_db"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What has nothing to do with the database is left out on another one than SQLite: it was tested there."""
    if connection.vendor != "sqlite":
        pure = {item for item in items if SLICES in item.path.parents and not asks_for_database(item)}
        left_out = pure | {item for item in items if item.get_closest_marker("sqlite_only")}
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(autouse=True)
def untranslated() -> Iterator[None]:
    """A test reads the words of the code, whatever language the page of an earlier one was in."""
    with translation.override(None):
        yield


@pytest.fixture
def programme(db: None) -> Programme:
    made = Programme.objects.create(
        code="contoh-2022",
        name="Contoh 2022",
        year=2022,
        area_code="19.71",
        area_name="Contoh",
        seats=4,
        as_of=datetime.date(2022, 12, 1),
    )
    for code, name, name_en in (("kuliner", "Kuliner", "Culinary"), ("digital", "Jasa digital", "Digital services")):
        Field.objects.create(programme=made, code=code, name=name, name_en=name_en, least_seats=1, most_seats=3)
    rule_set = RuleSet.objects.create(
        programme=made,
        number="TEST/1/2022",
        issued_on=datetime.date(2022, 1, 1),
        valid_from=datetime.date(2022, 1, 1),
        poverty_line_idr=858_840,
        weight_income=40,
        weight_unemployed=20,
        weight_dependants=15,
        weight_no_worker=15,
        weight_disability=10,
        least_group=2,
        most_group=4,
        source="synthetic",
    )
    usual_rules(rule_set)
    for code, name, name_en, least, tickets in (
        ("A", "Sangat membutuhkan", "Greatest need", 60, 3),
        ("B", "Membutuhkan", "Need", 30, 2),
        ("C", "Kurang membutuhkan", "Less need", 0, 1),
    ):
        NeedBand.objects.create(
            programme=made, code=code, name=name, name_en=name_en, least_score=least, tickets=tickets
        )
    Quota.objects.create(programme=made, feature="sex", value="female", least=1, most=4, reason="Contoh")
    Milestone.objects.create(
        programme=made,
        code="daftar",
        stage="applicants",
        name="Pendaftaran",
        name_en="Applications",
        starts_on=datetime.date(2022, 8, 1),
        ends_on=datetime.date(2022, 8, 31),
    )
    return made


@pytest.fixture
def other_programme(db: None) -> Programme:
    return Programme.objects.create(
        code="lain-2022", name="Lain 2022", year=2022, area_code="19.72", area_name="Lain", seats=2
    )


def _join(player: Player, programme: Programme) -> User:
    user, _made = User.objects.get_or_create(username=player.username, defaults={"name": player.name})
    Membership.objects.get_or_create(programme=programme, user=user, role=player.role)
    return user


@pytest.fixture
def cast(programme: Programme, other_programme: Programme) -> dict[str, User]:
    """Everybody by username; Fajar belongs to the other programme."""
    return {p.username: _join(p, other_programme if p.username == "fajar" else programme) for p in CAST + MORE}


@pytest.fixture
def ani(cast: dict[str, User]) -> User:
    return cast["ani"]


@pytest.fixture
def budi(cast: dict[str, User]) -> User:
    return cast["budi"]


@pytest.fixture
def citra(cast: dict[str, User]) -> User:
    return cast["citra"]


@pytest.fixture
def dewi(cast: dict[str, User]) -> User:
    return cast["dewi"]


@pytest.fixture
def eko(cast: dict[str, User]) -> User:
    return cast["eko"]


@pytest.fixture
def fajar(cast: dict[str, User]) -> User:
    return cast["fajar"]


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A signed-in session that asks for English, so that tests read what they assert."""

    def make(user: User) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return make


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not_run := os.environ.get("KAWASAN_NOT_RUN"):
        terminalreporter.write_line(f"NOT RUN: {not_run}", yellow=True, bold=True)
