"""The whole programme on one page that needs nothing else: pictures drawn in, no address to load from."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.template.loader import render_to_string

from kawasan.areas import charts as area_charts
from kawasan.core.charts import on_every_screen
from kawasan.market import charts as market_charts
from kawasan.outcomes import charts as outcome_charts
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.reports.programme_facts import facts
from kawasan.reports.story_rows import Behind, behind, links
from kawasan.value_chain import picture


def story(programme: Programme) -> str:
    """report.html in the language that is active; it shows no names of people."""
    day = today(programme)
    told = facts(programme, day)
    rows = behind(programme, day, told)
    return render_to_string("reports/story.html", told | _pictures(told) | _linked(told, rows))


def _linked(told: Mapping[str, Any], rows: list[Behind]) -> dict[str, Any]:
    """The figures of the page as links to their rows, and the rows."""
    return {"behind": rows, "keys": {one.key for one in rows}, "link": links(told, rows)}


def _pictures(told: Mapping[str, Any]) -> dict[str, Any]:
    """A picture beside each of the facts that has one."""
    pentagon = partial(area_charts.pentagon, told["scores"])
    potential = partial(area_charts.potential, told["sectors"])
    return {
        "pentagon": on_every_screen(pentagon, area_charts.PENTAGON) if told["has_score"] else "",
        "potential": on_every_screen(potential) if told["has_quotient"] else "",
        "chain": picture.story(told["chain"]["result"]) if told["chain"] else None,
        "pictures": outcome_charts.pictures(told["table"]) if told["rounds"] else None,
        "market_chart": on_every_screen(partial(market_charts.market_chart, told["demands"])),
        "effects": [(one, sentence, outcome_charts.forest(one)) for one, sentence in told["effects"]],
    }
