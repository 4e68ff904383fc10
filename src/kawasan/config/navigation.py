"""The navigation: stages in programme order, each reader sees what they may open."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from kawasan.core.text import _
from kawasan.programmes.access import may_open


@dataclass(frozen=True, slots=True)
class Item:
    """One page of the navigation."""

    label: str
    icon: str
    route: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as one reader sees it."""

    label: str
    icon: str
    address: str
    is_current: bool


NAVIGATION = (
    Item(_("My page"), "circle-user-round", "reports:my_page"),
    Item(_("Cockpit"), "gauge", "reports:cockpit"),
    Item(_("Programme"), "flag", "programmes:programme"),
    Item(_("Partners"), "handshake", "partners:organisations"),
    Item(_("Area"), "map", "areas:area"),
    Item(_("Value chain"), "workflow", "value_chain:chain"),
    Item(_("Applicants"), "users", "applicants:applicants"),
    Item(_("Selection"), "dices", "selection:selection"),
    Item(_("Groups and mentors"), "network", "matching:groups"),
    Item(_("Training"), "calendar-days", "training:timetable"),
    Item(_("Mentoring"), "messages-square", "mentoring:visits"),
    Item(_("Assistance"), "hand-coins", "assistance:assistances"),
    Item(_("Enterprises"), "store", "enterprises:enterprises"),
    Item(_("Market"), "shopping-basket", "market:market"),
    Item(_("Outcomes"), "trending-up", "outcomes:outcomes"),
    Item(_("Documents and log"), "file-text", "reports:documents"),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The pages that the reader may open in the programme of this request."""
    programme = getattr(request, "programme", None)
    if programme is None:
        return {"navigation": []}
    namespace = request.resolver_match.namespace if request.resolver_match else ""
    shown = []
    for item in NAVIGATION:
        address = reverse(item.route, args=[programme.code])
        if may_open(request, item.route):
            is_current = request.path == address or _is_below(request.path, address, item.route, namespace)
            shown.append(Shown(item.label, item.icon, address, is_current))
    return {"navigation": shown}


def _is_below(path: str, address: str, route: str, namespace: str) -> bool:
    """Whether a page belongs to an item: by its stage or, where reports shows a stage's page, by its address."""
    if route.startswith("reports:"):
        return False
    return route.startswith(namespace + ":") if namespace != "reports" else path.startswith(address)
