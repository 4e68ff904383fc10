"""Which pages a browser keeps for the time without signal."""

from playwright.sync_api import Page

KEPT = """async () => {
    const pages = await (await caches.open("kawasan-pages")).keys();
    return pages.map(page => new URL(page.url).pathname + new URL(page.url).search);
}"""


def keep(page: Page, address: str, kept: str) -> None:
    """Visit a page with signal, until what it asks for is kept."""
    page.goto(address)
    for _second in range(60):
        if kept in page.evaluate(KEPT):
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{kept} is not among {page.evaluate(KEPT)}")
