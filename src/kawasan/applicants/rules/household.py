"""What looks odd about the numbers of a household; none refuses anybody."""

from kawasan.applicants.rules.trouble import Trouble, of_kind
from kawasan.core.text import Text, _

MOST_PEOPLE = 40  # of a household that a form takes; the largest in a census are half of it
MOST_MONTHS = 600  # without work: fifty years
MOST_INCOME_IDR = 1_000_000_000  # a month; more is a slip of the keys
MANY_DEPENDANTS = 10  # from which on somebody should count once more


def warnings_household(*, size: int, dependants: int, workers: int) -> list[Text]:
    """Numbers that cannot be right together, or hardly."""
    found = []
    if workers > size:
        template = _("{workers} people of the household work, but only {size} live in it.")
        found.append(Text(template, {"workers": workers, "size": size}))
    if dependants >= MANY_DEPENDANTS:
        template = _("{dependants} people live from the applicant's income; count once more.")
        found.append(Text(template, {"dependants": dependants}))
    return of_kind(Trouble.HOUSEHOLD_NUMBERS, found)
