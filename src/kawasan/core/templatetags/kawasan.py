"""What templates need to show values as people read them."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext

from kawasan.core import language, once

register = template.Library()
register.filter("in_words", language.in_words)
register.filter("in_gap", language.in_gap)
register.filter("number", language.number)
register.filter("rupiah", language.rupiah)
register.filter("percent", language.percent)
register.filter("likelihood", language.likelihood)
register.filter("unit", language.unit)
register.filter("amount", language.amount)
register.filter("months", language.months)


@register.filter
def day(value: Any) -> str:
    """26 Agustus 2022."""
    return language.date(value)


@register.filter
def short_day(value: Any) -> str:
    """26 Agt 2022."""
    return language.date(value, "short")


@register.filter
def yes_no(value: bool | None) -> str:
    """Yes, no, or a dash for unknown."""
    return "–" if value is None else gettext("yes") if value else gettext("no")


@register.filter
def masked(value: str) -> str:
    """All but the last four characters hidden: enough to recognise, not enough to use."""
    return "•" * max(len(value) - 4, 0) + value[-4:] if len(value) > 4 else "•" * len(value)


@register.simple_tag
def form_key() -> str:
    """What lets a form be stored once, however often it is sent."""
    return format_html('<input type="hidden" name="{}" value="{}">', once.FIELD, once.new_key())


@register.simple_tag(takes_context=True)
def address_with(context: dict[str, Any], **changes: Any) -> str:
    """The present address with some parameters changed: paging and sorting keep the filters. None takes one away."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return "?" + query.urlencode()
