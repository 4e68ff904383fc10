"""When a new version of a guideline may be written or taken back, and how it differs from the one before."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kawasan.applicants.rules.requirements import Requirement, Row
from kawasan.core.text import Text, _


def reasons_no_version(
    *,
    valid_from: datetime.date,
    last: datetime.date | None,
    last_number: str,
    frozen: int,
) -> list[Text]:
    """Why a new version cannot be valid from a day on; ``frozen`` applications of such days are in a frozen pool."""
    found = []
    if last is not None and valid_from <= last:
        template = _("It is valid from {day} on, but {number} is valid from {last} on. Write a later day.")
        found.append(Text(template, {"day": valid_from, "number": last_number, "last": last}))
    if frozen:
        template = _(
            "Applications of {day} or later are in the frozen pool ({count}) and keep the assessment they were frozen "
            "with. Cancel the pool under Selection first, or write a day after them."
        )
        found.append(Text(template, {"count": frozen, "day": valid_from}))
    return found


MOST_DAYS_TO_OBJECT = 90
MOST_POVERTY_LINE_IDR = 20_000_000  # a head and month; more would make everybody poor


def reasons_no_settings(
    *,
    issued_on: datetime.date,
    valid_from: datetime.date,
    least_group: int,
    most_group: int,
    days_to_object: int,
    poverty_line_idr: int,
) -> list[Text]:
    """What of a guideline cannot be meant."""
    found = []
    if issued_on > valid_from:
        template = _("It is issued on {issued} but valid from {day} on already. Correct the day that is wrong.")
        found.append(Text(template, {"issued": issued_on, "day": valid_from}))
    if least_group > most_group:
        template = _("A group would have at least {least} but at most {most} members.")
        found.append(Text(template, {"least": least_group, "most": most_group}))
    if days_to_object > MOST_DAYS_TO_OBJECT:
        template = _("{days} days to object are more than a programme lasts; write at most {most}.")
        found.append(Text(template, {"days": days_to_object, "most": MOST_DAYS_TO_OBJECT}))
    if poverty_line_idr > MOST_POVERTY_LINE_IDR:
        template = _("By a poverty line of Rp{line} a head and month everybody is poor. Write that of the statistics.")
        found.append(Text(template, {"line": poverty_line_idr}))
    return found


def reasons_no_rules(rows: Sequence[Row]) -> list[Text]:
    """A guideline without any rule would let everybody in."""
    return [] if rows else [Text(_("There is no rule left, so everybody would pass. Keep at least one."))]


def reasons_not_removed(*, applied: int, replaced_by: str) -> list[Text]:
    """Why a version stays: somebody was judged by it, or another one was written after it."""
    if applied:
        template = _(
            "Applications were assessed by this rule set ({count}), so it stays as it is. Write a new version."
        )
        return [Text(template, {"count": applied})]
    if replaced_by:
        return [Text(_("{number} replaces this rule set. Remove that one first."), {"number": replaced_by})]
    return []


def reasons_in_use(number: str, applied: int) -> list[Text]:
    """Why what a rule set says cannot be changed any more."""
    if not applied:
        return []
    template = _(
        "Applications were assessed by rule set {number} ({count}), so what it says cannot change. Write a new rule "
        "set with a later date."
    )
    return [Text(template, {"count": applied, "number": number})]


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule before and after; nothing where there was or is none."""

    before: Text | None
    after: Text | None

    @property
    def is_in_words_only(self) -> bool:
        return self.before == self.after


def differences(before: Sequence[Requirement], after: Sequence[Requirement]) -> list[Difference]:
    """What a version changed: rules that came, went, have another value, or say it in other words."""
    old, new = _by_subject(before), _by_subject(after)
    return [
        Difference(old[key].said() if key in old else None, new[key].said() if key in new else None)
        for key in dict.fromkeys((*old, *new))
        if key not in old or key not in new or _content(old[key]) != _content(new[key])
    ]


def _by_subject(requirements: Sequence[Requirement]) -> dict[tuple[str, str, int], Requirement]:
    """Rules by what they look at and how; of several alike the first, the second and so on."""
    seen: Counter[tuple[str, str]] = Counter()
    found = {}
    for requirement in requirements:
        subject = (requirement.row.field, requirement.row.comparison)
        found[*subject, seen[subject]] = requirement
        seen[subject] += 1
    return found


def _content(requirement: Requirement) -> tuple[object, ...]:
    row = requirement.row
    return requirement.value, row.reason, row.reason_en, row.source
