"""The server is killed while a draw is written: the officer finds the page as before, and draws."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kawasan.core.testing import PASSWORD

pytestmark = pytest.mark.sqlite_only  # the server has a database of its own, which is SQLite's
TESTS = Path(__file__).parents[1]
START = "import sys, django; django.setup(); import kill; kill.start(*sys.argv[1:])"
PAGE = "/p/kecil-2022/selection/"


@contextmanager
def serving(folder: Path, *, writes: int = 0) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server of its own over a database of its own, which dies of so many writes of a draw."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("KAWASAN_", "DJANGO_"))}
    own = {
        "DJANGO_SETTINGS_MODULE": "kawasan.config.test_settings",
        "KAWASAN_DATA": str(folder / "data"),
        "KAWASAN_LANGUAGE": "en",
        "PYTHONPATH": f"{TESTS.parent / 'src'}:{TESTS}",
    }
    command = [sys.executable, "-c", START, "server", str(folder / "programme"), str(writes)]
    with subprocess.Popen(command, env=ours | own, text=True, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}", process
        process.kill()


def draw(page: Page) -> None:
    page.get_by_role("button", name="The value is right: draw").click(no_wait_after=True)


def test_an_officer_whose_server_is_killed_in_the_middle_of_the_draw_draws_afterwards(
    browser: Browser, tmp_path: Path
) -> None:
    page = browser.new_context(locale="en").new_page()
    for writes in (2, 6):
        with serving(tmp_path, writes=writes) as (address, process):
            page.goto(address + PAGE)
            if writes == 2:
                page.get_by_label("Username").fill("budi")
                page.get_by_label("Password").fill(PASSWORD)
                page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_role("main")).to_contain_text("Compare the value with its source")
            draw(page)
            assert process.wait(timeout=30) == -signal.SIGKILL
    with serving(tmp_path) as (address, _process):
        page.goto(address + PAGE)
        draw(page)
        expect(page.get_by_role("main")).to_contain_text("seats 30, waiting list 172")
    page.context.close()
