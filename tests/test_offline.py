"""What keeps pages in the browser is a program that is served with the scope it needs, anew with every other asset."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as conf
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.skipif(not (conf.BUILD / "manifest.json").exists(), reason="the assets are not built")


def test_the_worker_may_serve_the_pages_of_programmes_and_is_asked_for_each_time(client: Client) -> None:
    answer = client.get(reverse("offline_worker"))
    assert answer["Service-Worker-Allowed"] == "/p/"
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"].startswith("text/javascript")
    assert not re.search(r"^(?:import|export)\b", answer.content.decode(), re.MULTILINE)  # a classic program


def test_another_build_is_another_version(client: Client, settings: Any, tmp_path: Path) -> None:
    def version() -> str:
        return client.get(reverse("offline_worker")).content.decode().splitlines()[0]

    before, entry = version(), "src/kawasan/core/islands/offline_worker.ts"
    (tmp_path / "worker.js").write_text("1;")
    (tmp_path / "manifest.json").write_text(f'{{"{entry}": {{"file": "worker.js"}}}}')
    settings.BUILD = tmp_path
    assert re.fullmatch(r'const VERSION = "[0-9a-f]{12}";', version())
    assert version() != before
