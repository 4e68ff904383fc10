"""What the minutes of a draw say: what was fixed before it, how it was done, what followed. They name no applicant."""

from typing import Any

from django.utils.translation import gettext

from kawasan.core import language
from kawasan.core.language import number, percent
from kawasan.core.models import LogEntry
from kawasan.core.services import entries_about
from kawasan.core.text import _
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.reports.proof import proof
from kawasan.selection import queries, services
from kawasan.selection.models import Draw
from kawasan.selection.rules import DrawStatus, Spread

UNKNOWN = "–"
SHORT = 12  # signs of a pseudonym, as the page of the pool shows it


def data(draw: Draw) -> dict[str, Any]:
    """The minutes of a draw that took place, in the active language."""
    programme, seen = draw.programme, queries.overview(draw)
    gaps = {
        "programme": programme.name,
        "area": programme.area_name,
        "drawn_on": language.date(draw.drawn_on),
        "frozen_on": language.date(draw.frozen_on),
        "day": language.date(today(programme)),
    }
    log = {entry.verb: entry for entry in entries_about(draw, "selection.frozen", "selection.drawn")}
    entered = str(draw.entered_by or UNKNOWN)
    confirmed = _name(log.get("selection.drawn"))
    return {
        "title": gettext("Minutes of the draw"),
        "language": language.locale(),
        "office": gettext("Expansion of employment by area, {area}").format(**gaps),
        "programme": programme.name,
        "number": draw.code,
        "note": "" if language.locale() == "id" else gettext("Translation; the Indonesian minutes count."),
        "opening": gettext(
            "On {drawn_on} the seats of {programme} were drawn from the pool that was frozen on {frozen_on}. "
            "These minutes keep what was fixed before the draw, how it was done and what followed."
        ).format(**gaps),
        "sections": [
            {"title": gettext("Before the draw"), "rows": _before(draw, seen, _name(log.get("selection.frozen")))},
            *_exceptions(draw, seen),
            *_taken_back(programme),
            *_corrected(draw),
            {"title": gettext("The draw"), "rows": _drawn(draw, entered, confirmed)},
        ],
        "quota_columns": [gettext(c) for c in (_("Who"), "", _("Least"), _("Most"), _("In the pool"), _("Drawn"))],
        "quotas": [_quota(row) for row in seen["quotas"]],
        "call_columns": [gettext(c) for c in (_("No."), _("Left"), _("Called"), _("Quotas"))],
        "calls": [_call(place, entry) for place, entry in enumerate((draw.result or {})["calls"], start=1)],
        "given_up": _given_up(programme),
        "proof": proof(services.certificate_hash(draw=draw)),
        "place": programme.area_name,
        "date": gaps["drawn_on"],
        "signatures": _signatures(entered, confirmed),
        "footer": f"{programme.name} · {draw.code} · {gaps['day']}",
        "words": {
            "number": gettext("NUMBER"),
            "quotas": gettext("Quotas, and how many of such people were drawn"),
            "calls": gettext("Calls from the waiting list until {day}, by the beginning of the pseudonyms").format(
                **gaps
            ),
            "no_calls": gettext("Nobody was called."),
            "given_up": gettext("Pools given up before they were drawn from"),
            "signing": gettext(
                "Signed by who entered and who confirmed the public value, and by witnesses who saw it at its source."
            ),
        },
    }


def _name(entry: LogEntry | None) -> str:
    """Who did it; the log does not know it of a draw that came in a folder or was run by the command."""
    return entry.by_name if entry and entry.by_id else UNKNOWN


def _row(label: str, text: str, *, is_code: bool = False) -> dict[str, Any]:
    return {"label": label, "text": text, "is_code": is_code}


def _before(draw: Draw, seen: dict[str, Any], frozen_by: str) -> list[dict[str, Any]]:
    hashes = services.certificate_of(draw=draw)["hashes"]
    sizes = {name: number(seen[name]) for name in ("people", "households")} | {"most": number(draw.most_per_household)}
    people = gettext("{people} people of {households} households; at most {most} of a household").format(**sizes)
    panels = gettext("{panels}, equally likely and numbered from 0").format(panels=number(seen["panels"]))
    return [
        _row(gettext("Pool frozen"), language.date(draw.frozen_on)),
        _row(gettext("Frozen by"), frozen_by),
        _row(gettext("People and households"), people),
        _row(gettext("Seats"), number(draw.seats)),
        _row(gettext("Panels"), panels),
        _row(gettext("Chance of a seat"), _chances(seen["spread"])),
        *(_row(gettext("Proven bound on chances"), language.in_words(one)) for one in seen["not_reached"]),
        _row(gettext("Public value that decides"), draw.public_value_source),
        _row(gettext("Commitment to the secret"), draw.frozen["commitment"], is_code=True),
        _row(gettext("SHA-256 of the pool"), hashes["pool"], is_code=True),
        _row(gettext("SHA-256 of the rules"), hashes["rules"], is_code=True),
        _row(gettext("SHA-256 of the panels"), hashes["panels"], is_code=True),
        _row(gettext("SHA-256 of all that was frozen"), hashes["frozen"], is_code=True),
    ]


def _exceptions(draw: Draw, seen: dict[str, Any]) -> list[dict[str, Any]]:
    """Of whom the draw did not decide, and why; no section when it decided of all."""
    bands = draw.frozen.get("guaranteed_bands", [])
    rows = [_row(gettext("Guaranteed need bands"), ", ".join(bands))] if bands else []
    rows += [
        _row(f"{language.in_words(one['kind'].label)}: {one['pseudonym'][:SHORT]}", one["reason"])
        for one in seen["exceptions"]
    ]
    return [{"title": gettext("Guaranteed or kept out"), "rows": rows}] if rows else []


def _taken_back(programme: Programme) -> list[dict[str, Any]]:
    """The public values that were entered and taken back; no section when there was none."""
    rows = [
        _row(
            one.value, gettext("{reason} ({by}, {day})").format(reason=one.reason, by=one.by, day=language.date(one.at))
        )
        for one in queries.undone(programme)
        if one.value
    ]
    return [{"title": gettext("Public values taken back before the draw"), "rows": rows}] if rows else []


def _corrected(draw: Draw) -> list[dict[str, Any]]:
    """Whose name, number or date of birth was corrected after the freeze; no section when nobody's was."""
    rows = [
        _row(one.pseudonym[:SHORT], f"{', '.join(one.columns)}, {language.date(one.on)}")
        for one in queries.corrected_people(draw)
    ]
    return [{"title": gettext("Corrected by two people after the pool was frozen"), "rows": rows}] if rows else []


def _chances(spread: Spread) -> str:
    gaps = {"least": spread.least, "median": spread.median, "most": spread.most}
    shown = {name: percent(chance, 1) for name, chance in gaps.items()}
    return gettext("from {least} to {most}, median {median}").format(**shown)


def _drawn(draw: Draw, entered: str, confirmed: str) -> list[dict[str, Any]]:
    result = draw.result or {}
    return [
        _row(gettext("Drawn"), language.date(draw.drawn_on)),
        _row(gettext("Public value"), draw.public_value),
        _row(gettext("Entered by"), entered),
        _row(gettext("Confirmed and drawn by"), confirmed),
        *([_row(gettext("Two people"), _alone())] if confirmed == UNKNOWN else []),
        _row(gettext("Secret, opened by the draw"), draw.secret, is_code=True),
        _row(gettext("Seed"), draw.seed, is_code=True),
        _row(gettext("Number of the panel"), number(result["panel"])),
        _row(gettext("Seats drawn"), number(len(result["people"]))),
        _row(gettext("On the waiting list"), number(len(result["reserves"]))),
    ]


def _alone() -> str:
    return gettext(
        "None is recorded: a command of the server drew, or a folder brought the draw. It proves the arithmetic, "
        "and not that nobody tried other values."
    )


def _quota(row: queries.QuotaRow) -> list[str]:
    counts = (row.least, row.most, row.available, row.drawn)
    return [language.in_words(row.feature), row.label, *map(number, counts)]


def _call(place: int, entry: dict[str, Any]) -> dict[str, str]:
    short = entry["short"]
    missed = gettext("missed by {short}").format(short=number(short)) if short else gettext("all hold")
    return {
        "number": number(place),
        "leaver": entry["leaver"][:SHORT],
        "reserve": entry["reserve"][:SHORT] or UNKNOWN,
        "quotas": missed if entry["reserve"] else gettext("left the waiting list"),
    }


def _given_up(programme: Programme) -> list[dict[str, str]]:
    draws = programme.draws.filter(status=DrawStatus.CANCELLED).defer("pool", "frozen", "result")
    return [{"text": f"{old.code}, {language.date(old.frozen_on)}", "hash": old.frozen_hash} for old in draws]


def _signatures(entered: str, confirmed: str) -> list[dict[str, str]]:
    own = [(gettext("Entered the public value"), entered), (gettext("Confirmed it and drew"), confirmed)]
    signing = [*own, *[(gettext("Witness {number}").format(number=place), "") for place in (1, 2)]]
    return [{"as": label, "name": "" if name == UNKNOWN else name} for label, name in signing]
