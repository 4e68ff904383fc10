"""Who may take part by a rule set, and every reason why not."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from kawasan.applicants.rules.requirements import Requirement
from kawasan.applicants.rules.stated import Circumstances, Work
from kawasan.applicants.rules.trouble import Trouble, of_kind
from kawasan.core.text import Found, Text, _
from kawasan.programmes.rules import reasons_bands_incomplete


class Guideline(Protocol):
    """The columns of a rule set that these rules read."""

    number: str
    poverty_line_idr: int
    weight_income: int
    weight_unemployed: int
    weight_dependants: int
    weight_no_worker: int
    weight_disability: int
    weight_desil: int
    weight_disaster: int


def reasons_ineligible(stated: Circumstances, requirements: Iterable[Requirement]) -> list[Text]:
    """Return every reason against entry by the rules of the day of applying; none means eligible."""
    found: list[Text] = []
    for requirement in requirements:
        reason = requirement.reason(stated)
        if reason is not None and reason not in found:  # what is missing is missing for two rules
            found.append(reason)
    return found


def reason_applied_before(first: str) -> Text:
    """A person applies once; of several applications the first one counts."""
    template = _("This person applied before ({code}); the first application counts.")
    return Found(template, {"code": first}, Trouble.AGAIN)


def warnings_stated(stated: Circumstances, requirements: Sequence[Requirement]) -> list[Text]:
    """What the rules allow and somebody who verifies should look at all the same."""
    refused = {one.looked.trouble for one in requirements if one.reason(stated)}
    at_limit = [one.warning(stated) for one in requirements]
    return [
        *(warning for warning in at_limit if warning),
        *of_kind(Trouble.WORK, [] if Trouble.WORK in refused else _warnings_work(stated)),
        *of_kind(Trouble.ASSISTANCE, [] if Trouble.ASSISTANCE in refused else _warnings_assistance(stated)),
    ]


def _warnings_work(stated: Circumstances) -> list[Text]:
    if stated.activity_now in (Work.EMPLOYED, Work.CIVIL_SERVANT):
        return [Text(_("Is employed, which the rule set allows."))]
    is_student = stated.activity_now == Work.STUDENT
    return [Text(_("Is a student, which the rule set allows."))] if is_student else []


def _warnings_assistance(stated: Circumstances) -> list[Text]:
    if not stated.earlier_assistance:
        return []
    if stated.earlier_assistance_reported:
        return [Text(_("Got assistance before and says that its report (LPJ) was handed in."))]
    return [Text(_("Got assistance before without handing in its report (LPJ), which the rule set allows."))]


def reasons_not_assessable(guideline: Guideline | None, least_scores: Sequence[int]) -> list[Text]:
    """What must be put right in the programme before applications of a day can be assessed."""
    found = reasons_bands_incomplete(least_scores)
    if guideline is None:
        found = [*found, Text(_("No rule set was valid on the day of applying, so it cannot be assessed."))]
        return of_kind(Trouble.RULES, found)
    total = sum(_weights(guideline))
    if total != 100:
        template = _("The points of need in rule set {number} add up to {total}; they must add up to 100.")
        found.append(Text(template, {"number": guideline.number, "total": total}))
    if guideline.poverty_line_idr == 0:
        found.append(Text(_("Rule set {number} has no poverty line."), {"number": guideline.number}))
    return of_kind(Trouble.RULES, found)


def _weights(guideline: Guideline) -> tuple[int, ...]:
    return (
        guideline.weight_income,
        guideline.weight_unemployed,
        guideline.weight_dependants,
        guideline.weight_no_worker,
        guideline.weight_disability,
        guideline.weight_desil,
        guideline.weight_disaster,
    )
