"""A browser, a server over the test database, and the example programme in it: made once a module, gone after it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import enumerate as enumerate_threads
from typing import Any

import pytest
from database_copy import Copy
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from kawasan.core.models import User
from kawasan.core.testing import PASSWORD
from kawasan.exchange.services import add_user, prepare_demo, run
from kawasan.mentoring.models import Visit

EXAMPLE = Path(__file__).parents[2] / "examples" / "pangkalpinang-2022"
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
WEBGL_WITHOUT_GPU = ("--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader")
PATIENCE = 20_000  # milliseconds; two workers share the cores with two browsers
expect.set_options(timeout=PATIENCE)
SignedIn = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """In place of pytest-playwright's, which lasts for the session: its event loop would stay in this thread."""
    found = os.environ.get("KAWASAN_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say("no Chromium: apt-get install chromium, or set KAWASAN_CHROMIUM")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Django refuses to query beside an event loop
        yield playwright.chromium.launch(executable_path=found, args=[*WEBGL_WITHOUT_GPU, *QUIET])


@pytest.fixture(scope="module")
def db(browser: Browser, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """In place of pytest-django's: rows stay for a whole module and its server, and are flushed after it."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", interactive=False, verbosity=0)
        connections.close_all()  # Django keeps a connection of its own beside an event loop


@pytest.fixture(scope="session")
def copy(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Copy]:
    """The database after the example's run: the first module that needs it runs it, the others take what it made."""
    made = Copy(connections[DEFAULT_DB_ALIAS])
    yield made
    with django_db_blocker.unblock():
        made.forget()


@pytest.fixture(scope="module")
def example(db: None, copy: Copy, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The code of the example programme after its run, with the cast."""
    if copy.is_made:
        copy.restore()
        return EXAMPLE.name
    run(folder=EXAMPLE, out=tmp_path_factory.mktemp("run"), by=None, say=print)
    prepare_demo(folder=EXAMPLE, by=None, say=print)
    add_user(username="fajar", name="Fajar Hidayat", password=PASSWORD, programme=None, role="", by=None)
    copy.make()
    return EXAMPLE.name


@pytest.fixture(scope="module")
def her_visit(example: str) -> Visit:
    """The newest visit of the mentor who signs in as Citra."""
    return Visit.objects.filter(programme__code=example, mentor__user__username="citra").latest("code")


@pytest.fixture(scope="module")
def other_visit(example: str) -> Visit:
    """The newest visit of another mentor."""
    return Visit.objects.filter(programme__code=example).exclude(mentor__user__username="citra").latest("code")


@pytest.fixture(scope="module")
def server(db: None) -> Iterator[LiveServer]:
    """A request that a page no longer waits for is answered before the rows that it works on are gone."""
    serving = LiveServer("127.0.0.1")
    yield serving
    for thread in (each for each in enumerate_threads() if "process_request_thread" in each.name):
        thread.join(timeout=60)
    serving.stop()


@pytest.fixture(scope="module")
def signed_in(browser: Browser, server: LiveServer) -> Iterator[SignedIn]:
    """A browser of its own for somebody (or for nobody), in a language and at a width."""
    opened = []

    def make(username: str, *, language: str = "id", width: int = 1280, **options: Any) -> BrowserContext:
        context = browser.new_context(
            base_url=server.url, locale=language, viewport={"width": width, "height": 800}, **options
        )
        opened.append(context)
        context.set_default_timeout(PATIENCE)
        if username:
            client = Client()
            client.force_login(User.objects.get(username=username))
            context.add_cookies(
                [{"name": name, "value": cookie.value, "url": server.url} for name, cookie in client.cookies.items()]
            )
        return context

    yield make
    for context in opened:
        context.close()
