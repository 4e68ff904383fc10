"""What the minutes of a verification say: who was verified, what came of it, who did it. They carry no number."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from kawasan.applicants.models import Verification
from kawasan.applicants.rules.verification import CheckStage, Finding
from kawasan.areas.models import Place
from kawasan.core import language
from kawasan.core.language import number
from kawasan.core.text import Text, _
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme

OF_STAGE = {
    CheckStage.ADMINISTRATIVE: (_("Minutes of the administrative verification"), "ADM"),
    CheckStage.FIELD: (_("Minutes of the field verification"), "LAP"),
}
ALL = "SEMUA"  # in a number, where no day or no kelurahan is named


@dataclass(frozen=True, slots=True)
class Scope:
    """Which verifications the minutes are of."""

    stage: str
    day: datetime.date | None = None
    place: Place | None = None

    @property
    def number(self) -> str:
        """The same minutes have the same number, whoever prints them."""
        day = f"{self.day:%Y%m%d}" if self.day else ALL
        place = self.place.code if self.place else ALL
        return f"BAV/{OF_STAGE[CheckStage(self.stage)][1]}/{day}/{place}"


def rows_of(programme: Programme, scope: Scope) -> QuerySet[Verification]:
    """The verifications of a scope, in the order of kelurahan and application."""
    found = programme.verifications.recorded().filter(stage=scope.stage)
    if scope.day:
        found = found.filter(verified_on=scope.day)
    if scope.place:
        found = found.filter(applicant__person__place=scope.place)
    return found.in_full().order_by("applicant__person__place__name", "applicant__code", "pk")


def reason_nothing(scope: Scope) -> Text:
    """Why there are no minutes."""
    return Text(
        _("Nothing was recorded for {stage} in this choice. Choose another day or kelurahan, or leave them empty."),
        {"stage": Text(CheckStage(scope.stage).label)},
    )


def data(programme: Programme, scope: Scope, rows: Sequence[Verification]) -> dict[str, Any]:
    """The minutes in the active language."""
    days = sorted({row.verified_on for row in rows if row.verified_on})
    when = language.date(days[0]) if len(days) == 1 else f"{language.date(days[0])} – {language.date(days[-1])}"
    gaps = {
        "when": when,
        "programme": programme.name,
        "area": programme.area_name,
        "place": scope.place.name if scope.place else gettext("all kelurahan"),
        "people": number(len({row.applicant_id for row in rows})),
        "day": language.date(today(programme)),
    }
    return {
        "title": gettext(OF_STAGE[CheckStage(scope.stage)][0]),
        "language": language.locale(),
        "office": gettext("Expansion of employment by area, {area}").format(**gaps),
        "programme": programme.name,
        "number": scope.number,
        "opening": gettext(
            "On {when} the applications below of {programme} were verified ({place}; {people} people). Nobody verified "
            "relatives, or applications that they had entered or helped with."
        ).format(**gaps),
        "columns": [
            gettext(c)
            for c in (
                _("No."),
                _("Number"),
                _("Name"),
                _("Kelurahan"),
                _("Day of verifying"),
                _("Result"),
                _("Verifier"),
            )
        ],
        "rows": [_line(place, row) for place, row in enumerate(rows, start=1)],
        "totals": _totals(rows),
        "differences": [_difference(place, row) for place, row in enumerate(rows, start=1) if row.reason],
        "team": [{"name": name, "as": gettext("Verifier")} for name in _team(rows)],
        "place": programme.area_name,
        "date": gaps["day"],
        "footer": f"{programme.name} · {scope.number} · {gaps['day']}",
        "words": {
            "number": gettext("NUMBER"),
            "totals": gettext("Totals"),
            "differences": gettext("What was not confirmed, and why"),
            "none": gettext("Everything was confirmed."),
            "team": gettext("Verification team"),
            "known": gettext("Known to the head of the office"),
        },
    }


def _line(place: int, row: Verification) -> list[str]:
    person = row.applicant.person
    result = str(row.get_result_display())
    day = language.date(row.verified_on, "short")
    return [str(place), row.applicant.code, person.name, person.place.name, day, result, str(row.verifier)]


def _totals(rows: Sequence[Verification]) -> list[list[str]]:
    counts = Counter(row.result for row in rows)
    lines = [[language.in_words(one.label), number(counts[one])] for one in Finding if counts[one]]
    return [*lines, [gettext("Sum"), number(len(rows))]]


def _difference(place: int, row: Verification) -> dict[str, str]:
    said = [row.reason, row.differences]
    return {"number": str(place), "name": row.applicant.person.name, "text": " ".join(part for part in said if part)}


def _team(rows: Sequence[Verification]) -> list[str]:
    return sorted({str(row.verifier) for row in rows})
