"""What this device may open for a while, without an account: a signed cookie for one address and what is below it."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


@dataclass(frozen=True, slots=True)
class Ticket:
    """Opens something for so many seconds."""

    name: str
    seconds: int

    def of(self, request: HttpRequest) -> str:
        """What the device may open; nothing without a ticket, with an old or a forged one."""
        return request.get_signed_cookie(self.name, default="", max_age=self.seconds) or ""

    def give(self, response: HttpResponseBase, value: str, address: str) -> None:
        response.set_signed_cookie(
            self.name,
            value,
            max_age=self.seconds,
            path=address,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )

    def take_back(self, response: HttpResponseBase, address: str) -> None:
        response.delete_cookie(self.name, path=address)
