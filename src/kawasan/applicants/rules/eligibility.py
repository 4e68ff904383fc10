"""Who may take part by a rule set, and every reason why not."""

from collections.abc import Sequence
from typing import Protocol

from kawasan.applicants.rules.stated import Circumstances, Work, age_on
from kawasan.applicants.rules.trouble import Trouble, of_kind
from kawasan.core.text import Found, Text, _
from kawasan.programmes.rules import reasons_bands_incomplete


class Guideline(Protocol):
    """The columns of a rule set that these rules read."""

    number: str
    least_age: int
    most_age: int
    must_live_in_area: bool
    must_not_be_employed: bool
    may_be_student: bool
    must_report_earlier_assistance: bool
    poverty_line_idr: int
    weight_income: int
    weight_unemployed: int
    weight_dependants: int
    weight_no_worker: int
    weight_disability: int
    weight_desil: int
    weight_disaster: int


def reasons_ineligible(stated: Circumstances, guideline: Guideline, *, area_code: str, area: str) -> list[Text]:
    """Return every reason against entry by the guideline of the day of applying; none means eligible."""
    return [
        *of_kind(Trouble.AGE if stated.birth_date else Trouble.BIRTH_DATE, _reasons_age(stated, guideline)),
        *of_kind(Trouble.PLACE, _reasons_place(stated, guideline, area_code, area)),
        *of_kind(Trouble.WORK, _reasons_work(stated, guideline)),
        *of_kind(Trouble.ASSISTANCE, _reasons_assistance(stated, guideline)),
    ]


def _reasons_age(stated: Circumstances, guideline: Guideline) -> list[Text]:
    if stated.birth_date is None:
        return [Text(_("The date of birth is missing, so the age cannot be checked."))]
    age = age_on(stated.birth_date, stated.applied_on)
    if age < guideline.least_age:
        template = _("{age} years old on the day of applying; the least age is {least}.")
        return [Text(template, {"age": age, "least": guideline.least_age})]
    if age > guideline.most_age:
        template = _("{age} years old on the day of applying; the most is {most}.")
        return [Text(template, {"age": age, "most": guideline.most_age})]
    return []


def _reasons_place(stated: Circumstances, guideline: Guideline, area_code: str, area: str) -> list[Text]:
    if not guideline.must_live_in_area or f"{stated.place_code}.".startswith(f"{area_code}."):
        return []
    return [Text(_("Lives outside the area of the programme ({area})."), {"area": area})]


def _reasons_work(stated: Circumstances, guideline: Guideline) -> list[Text]:
    if guideline.must_not_be_employed and stated.activity_now == Work.EMPLOYED:
        return [Text(_("Is employed; the programme is for people without work."))]
    if guideline.must_not_be_employed and stated.activity_now == Work.CIVIL_SERVANT:
        return [Text(_("Is a civil servant, soldier or police officer; the programme is for people without work."))]
    if not guideline.may_be_student and stated.activity_now == Work.STUDENT:
        return [Text(_("Is a student; students may not take part."))]
    return []


def _reasons_assistance(stated: Circumstances, guideline: Guideline) -> list[Text]:
    unreported = stated.earlier_assistance and not stated.earlier_assistance_reported
    if not guideline.must_report_earlier_assistance or not unreported:
        return []
    return [Text(_("Got assistance before without handing in its accountability report (LPJ)."))]


def reason_applied_before(first: str) -> Text:
    """A person applies once; of several applications the first one counts."""
    template = _("This person applied before ({code}); the first application counts.")
    return Found(template, {"code": first}, Trouble.AGAIN)


def warnings_stated(stated: Circumstances, guideline: Guideline) -> list[Text]:
    """What the guideline allows and somebody who verifies should look at all the same."""
    return [
        *of_kind(Trouble.AGE_LIMIT, _warnings_age(stated, guideline)),
        *of_kind(Trouble.WORK, _warnings_work(stated, guideline)),
        *of_kind(Trouble.ASSISTANCE, _warnings_assistance(stated, guideline)),
    ]


def _warnings_age(stated: Circumstances, guideline: Guideline) -> list[Text]:
    age = age_on(stated.birth_date, stated.applied_on) if stated.birth_date else None
    if age == guideline.least_age:
        return [Text(_("{age} years old on the day of applying, which is the least age."), {"age": age})]
    if age == guideline.most_age:
        return [Text(_("{age} years old on the day of applying, which is the most."), {"age": age})]
    return []


def _warnings_work(stated: Circumstances, guideline: Guideline) -> list[Text]:
    if guideline.must_not_be_employed or stated.activity_now not in (Work.EMPLOYED, Work.CIVIL_SERVANT):
        is_student = guideline.may_be_student and stated.activity_now == Work.STUDENT
        return [Text(_("Is a student, which the rule set allows."))] if is_student else []
    return [Text(_("Is employed, which the rule set allows."))]


def _warnings_assistance(stated: Circumstances, guideline: Guideline) -> list[Text]:
    if not stated.earlier_assistance:
        return []
    if stated.earlier_assistance_reported:
        return [Text(_("Got assistance before and says that its report (LPJ) was handed in."))]
    if guideline.must_report_earlier_assistance:
        return []  # a reason against entry says it
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
