"""Take the README's pictures from a running demo: python tools/pictures.py http://127.0.0.1:8000"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from kawasan.core.testing import CAST, PASSWORD

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PROGRAMME = "/p/pangkalpinang-2022/"


def main(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1280, "height": 960}, locale="en").new_page()
        sign_in(page, address)
        page.goto(address + PROGRAMME)
        page.screenshot(path=FOLDER / "cockpit.png")
        page.set_viewport_size({"width": 1440, "height": 1000})
        page.goto(f"{address}{PROGRAMME}value-chain/")
        page.locator("svg.value-chain-picture").screenshot(path=FOLDER / "value-chain.png")
        browser.close()


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.fill("[name=username]", CAST[0].username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


if __name__ == "__main__":
    main(sys.argv[1])
