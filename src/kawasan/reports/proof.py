"""The hash of a draw's certificate as papers carry it: printed, and as a code that a telephone reads."""

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext


def payload(certificate_hash: str) -> str:
    """What the code says: the page that checks a draw with the hash to compare, or the hash alone."""
    if settings.PUBLIC_ADDRESS:
        return f"{settings.PUBLIC_ADDRESS}{reverse('check_draw')}#sha256={certificate_hash}"
    return f"kawasan sha256 {certificate_hash}"


def proof(certificate_hash: str) -> dict[str, str]:
    """The code as SVG beside the hash, and what to do with them."""
    code = segno.make(payload(certificate_hash), error="m", micro=False)
    return {
        "svg": code.svg_inline(border=0),
        "hash": certificate_hash,
        "label": gettext("SHA-256 of the draw's certificate"),
        "how": gettext("Anybody can check the draw: the page “Check a draw” must show this hash for the certificate."),
    }
