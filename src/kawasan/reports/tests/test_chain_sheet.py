"""A plan on paper."""

import io

import pypdf
import pytest
from django.urls import reverse

from kawasan.value_chain import services
from kawasan.value_chain.tests.factories import make_chain

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("paper", "width"), [("a4", 595), ("a3", 842)])
def test_a_plan_comes_as_pdf_with_its_picture_bottlenecks_and_seats(programme, ani, client_of, paper, width):
    make_chain(programme)
    services.make_plan(programme=programme, by=ani)
    response = client_of(ani).get(reverse("reports:chain_pdf", args=[programme.code, "PLAN-1"]), {"paper": paper})
    assert response["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(response.content)).pages
    assert {round(page.mediabox.width) for page in pages} == {width}
    first, rest = (" ".join(text.split()) for text in (pages[0].extract_text(), pages[1].extract_text()))
    assert "Value chain of PLAN-1" in first
    assert "Bought outside" in first  # the picture's words are text, not shapes
    for part in ("The tightest bottlenecks", "Seats per field and stage", "Seats per field and district"):
        assert part in rest


def test_a_plan_without_a_result_has_no_paper(programme, ani, client_of):
    make_chain(programme)
    services.freeze_plan(programme=programme, by=ani)
    assert client_of(ani).get(reverse("reports:chain_pdf", args=[programme.code, "PLAN-1"])).status_code == 404
