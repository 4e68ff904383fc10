"""What applicants state about themselves, and what an application can be."""

import datetime
import re
import unicodedata
from dataclasses import dataclass

from kawasan.core.text import Labelled, _

IDENTITY_DIGITS = 16  # of a NIK and of a family card number
BETWEEN_DIGITS = re.compile(r"[\s.\-–—]+")  # how people group the digits of a number


def as_one_number(written: str) -> str:
    """A number without what stands between its digits, so that one number is one text however it is written."""
    return BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", written))


class Sex(Labelled):
    FEMALE = "female", _("Woman")
    MALE = "male", _("Man")


class Education(Labelled):
    NONE = "none", _("No school finished")
    PRIMARY = "primary", _("Primary school (SD)")
    JUNIOR = "junior", _("Junior secondary school (SMP)")
    SENIOR = "senior", _("Senior secondary school (SMA)")
    VOCATIONAL = "vocational", _("Vocational secondary school (SMK)")
    DIPLOMA = "diploma", _("Diploma")
    BACHELOR = "bachelor", _("Bachelor's degree or higher")


class Disability(Labelled):
    PHYSICAL = "physical", _("Physical")
    SIGHT = "sight", _("Sight")
    HEARING = "hearing", _("Hearing")
    SPEECH = "speech", _("Speech")
    INTELLECTUAL = "intellectual", _("Intellectual")
    MENTAL = "mental", _("Mental")


class Work(Labelled):
    """What somebody does for a living on the day of applying."""

    UNEMPLOYED = "unemployed", _("Unemployed")
    UNDER_EMPLOYED = "under_employed", _("Works too few hours")
    EMPLOYED = "employed", _("Employed")
    STUDENT = "student", _("Student")
    HOUSEWIFE = "housewife", _("Housewife")
    CIVIL_SERVANT = "civil_servant", _("Civil servant, soldier or police")


class Status(Labelled):
    SUBMITTED = "submitted", _("Not yet assessed")
    ELIGIBLE = "eligible", _("Eligible")
    REFUSED = "refused", _("Not eligible")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN_TO_ASSESSMENT = (Status.SUBMITTED, Status.ELIGIBLE, Status.REFUSED)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an applicant stated, as far as rules read it."""

    birth_date: datetime.date | None
    applied_on: datetime.date
    place_code: str
    activity_now: str
    earlier_assistance: bool
    earlier_assistance_reported: bool
    months_without_work: int
    household_size: int
    household_income_idr: int
    dependants: int
    household_workers: int
    disability: str
    education: str = ""
    sex: str = ""
    desil: int | None = None
    desil_source: str = ""
    desil_on: datetime.date | None = None
    disaster: str = ""
    disaster_on: datetime.date | None = None


def age_on(birth_date: datetime.date, day: datetime.date) -> int:
    """Full years; somebody born on 29 February has a birthday on 1 March in other years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


BORN_FROM_AGE = "date of birth from age"  # in the source of an imported person whose file had no date


def born_from_age(age: int, on: datetime.date) -> datetime.date:
    """1 January of the year that gives this age on the day: the date that everywhere means “not known”."""
    return datetime.date(on.year - age, 1, 1)
