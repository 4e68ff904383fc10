"""Who may take part and why not, how great somebody's need is, and what looks odd about an application."""

from kawasan.core.text import Labelled, _


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
