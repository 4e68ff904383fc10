"""Where somebody stands in the labour force, by what they answered about the last week.

The definitions are those of the 19th International Conference of Labour Statisticians (ILO 2013, Resolution concerning
statistics of work, employment and labour underutilization, paragraphs 27, 43 and 47), with the hour of work and the 35
hours a week of the Sakernas survey of BPS. Sakernas counts people who gave up looking among the unemployed; they are
outside the labour force here, as in the resolution, so a rate made here is at most as high as that of Sakernas.
"""

from kawasan.core.text import Labelled, _

FULL_WEEK = 35  # hours; who works less is under-employed where more is wanted


class LabourStatus(Labelled):
    EMPLOYED = "employed", _("Employed")
    UNDER_EMPLOYED = "under_employed", _("Under-employed")
    UNEMPLOYED = "unemployed", _("Unemployed")
    OUTSIDE = "outside", _("Outside the labour force")


WORKING = (LabourStatus.EMPLOYED, LabourStatus.UNDER_EMPLOYED)
LABOUR_FORCE = (*WORKING, LabourStatus.UNEMPLOYED)


def labour_status(
    *,
    hours: int | None,
    was_absent: bool | None,
    wants_more_hours: bool | None,
    seeks_work: bool | None,
    is_available: bool | None,
) -> LabourStatus | None:
    """Say it from the answers; None where one that decides is missing. Who was away from a job has its usual hours."""
    if hours is None:
        return None
    if hours >= 1 or was_absent:
        is_short = 1 <= hours < FULL_WEEK
        if is_short and wants_more_hours is None:
            return None
        return LabourStatus.UNDER_EMPLOYED if is_short and wants_more_hours else LabourStatus.EMPLOYED
    if seeks_work is False or is_available is False:
        return LabourStatus.OUTSIDE
    return None if seeks_work is None or is_available is None else LabourStatus.UNEMPLOYED
