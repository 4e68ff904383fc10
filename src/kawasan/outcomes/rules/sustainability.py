"""Whether what a programme began lasts: three signs, each with a light, its limits in the open and its reason."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from kawasan.areas.rules import WARNING_SHARE
from kawasan.core.rules import Labelled
from kawasan.core.text import Text, _
from kawasan.outcomes.rules.indicators import LEAST_PEOPLE, is_shown

MONTHS_LOOKED_AT = 3
MOST_ON_THEIR_OWN = 2 / 3
SOME_ON_THEIR_OWN = 1 / 3
MOST_UNDER_CONTRACT = 1 / 2
SOME_UNDER_CONTRACT = 1 / 4
LEAST_KNOWN = 1 / 2  # of the enterprises, before anything is said of all


class Light(Labelled):
    """From the best to the worst; what is not known is no light."""

    GREEN = "green", _("Lasts")
    YELLOW = "yellow", _("Watch")
    RED = "red", _("At risk")
    UNKNOWN = "unknown", _("Not known yet")


LIGHTS = (Light.GREEN, Light.YELLOW, Light.RED)


@dataclass(frozen=True, slots=True)
class Sign:
    """A light with the sentence that it rests on."""

    light: Light
    reason: Text


def worst(lights: Sequence[Light]) -> Light:
    """The worst of those that are known: one sign at risk is not made good by the others."""
    known = [light for light in lights if light != Light.UNKNOWN]
    return max(known, key=LIGHTS.index, default=Light.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken of a resource in a year, in its unit: before the programme, by its plan, and by who runs now.

    ``before`` and ``planned`` are none where they are not known; ``planned`` and ``now`` come on top of ``before``.
    """

    name: str
    code: str
    unit: str
    sustainable_yield: float
    before: float | None
    planned: float | None
    now: float

    @property
    def share(self) -> float | None:
        """The share of the sustainable yield that is taken now."""
        if self.before is None or not self.sustainable_yield:
            return None
        return (self.before + self.now) / self.sustainable_yield

    @property
    def light(self) -> Light:
        if self.before is None:
            return Light.UNKNOWN
        if self.before + self.now > self.sustainable_yield:
            return Light.RED
        return Light.YELLOW if self.before + self.now > WARNING_SHARE * self.sustainable_yield else Light.GREEN


def sign_of_resources(rows: Sequence[Taken]) -> Sign:
    """The light of the resource that is used most."""
    light = worst([row.light for row in rows])
    if light == Light.UNKNOWN:
        return Sign(light, Text(_("Of no resource are both the sustainable yield and the use known.")))
    known = [row.light for row in rows if row.light != Light.UNKNOWN]
    gaps = {"all": len(known), "of": known.count(light), "limit": round(100 * WARNING_SHARE)}
    words = {
        Light.GREEN: _("Of each of {all} resources at most {limit}% of the sustainable yield is taken."),
        Light.YELLOW: _("Of {of} of {all} resources more than {limit}% of the sustainable yield is taken."),
        Light.RED: _("Of {of} of {all} resources more than the sustainable yield is taken."),
    }
    return Sign(light, Text(words[light], gaps))


@dataclass(frozen=True, slots=True)
class After:
    """An enterprise since its owner had the assistance in hand.

    months : full months looked at;  profit_idr : mean profit of such a month, none where nothing was written in any
    before_idr : mean profit of the full months before, none where there are none
    """

    code: str
    name: str
    received_on: datetime.date
    is_closed: bool
    months: int
    profit_idr: float | None
    before_idr: float | None

    @property
    def is_known(self) -> bool:
        return self.is_closed or self.profit_idr is not None

    def is_on_its_own(self, line_idr: int) -> bool:
        return not self.is_closed and self.profit_idr is not None and self.profit_idr >= line_idr


def months_after(received_on: datetime.date, last_month: datetime.date) -> list[datetime.date]:
    """The first days of the last full months that began on a day or later, oldest first."""
    months: list[datetime.date] = []
    month = last_month.replace(day=1)
    while month >= received_on and len(months) < MONTHS_LOOKED_AT:
        months.insert(0, month)
        month = (month - datetime.timedelta(days=1)).replace(day=1)
    return months


def sign_of_income(rows: Sequence[After], line_idr: int | None) -> Sign:
    """How many earn at least the poverty line of one person without further assistance."""
    if not rows:
        return Sign(Light.UNKNOWN, Text(_("No enterprise has an owner who had assistance in hand.")))
    if line_idr is None:
        return Sign(Light.UNKNOWN, Text(_("No rule set with a poverty line was valid.")))
    known = [row for row in rows if row.is_known]
    if len(known) < LEAST_KNOWN * len(rows):
        words = _("A full month after the assistance is known of {known} of {all} enterprises only.")
        return Sign(Light.UNKNOWN, Text(words, {"known": len(known), "all": len(rows)}))
    alone = sum(row.is_on_its_own(line_idr) for row in known)
    words = _("{alone} of {known} enterprises earn the poverty line of one person or more after the assistance.")
    light = _light(alone / len(known), most=MOST_ON_THEIR_OWN, some=SOME_ON_THEIR_OWN)
    return Sign(light, Text(words, {"alone": alone, "known": len(known)}))


def outside(sign: Sign, enterprises: int, words: Text | None = None) -> Sign:
    """A sign as told outside the office: nothing of few enterprises, else the light, in other words where given."""
    if not is_shown(enterprises, sees_people=False):
        said = _("Figures of fewer than {least} people are shown to the office only.")
        return Sign(Light.UNKNOWN, Text(said, {"least": LEAST_PEOPLE}))
    return Sign(sign.light, words or sign.reason)


def in_few_words(light: Light) -> Text:
    """The sign of income for who may not know how many exactly."""
    words = {
        Light.GREEN: _("At least two of three enterprises earn the poverty line of one person after the assistance."),
        Light.YELLOW: _("Between one and two of three enterprises earn the poverty line of one person."),
        Light.RED: _("Fewer than one of three enterprises earn the poverty line of one person after the assistance."),
        Light.UNKNOWN: _("It is not known of enough enterprises what they earn after the assistance."),
    }
    return Text(words[light])


@dataclass(frozen=True, slots=True)
class Contracted:
    """Sales of some months, in rupiah: all that the cash books show, and what was delivered under contracts.

    selling, delivering : how many enterprises sold anything, and delivered under a contract
    planned : the share of the sales that the plan has under contract, none without a plan
    """

    first: datetime.date
    last: datetime.date
    selling: int
    delivering: int
    sold_idr: int
    delivered_idr: int
    planned: float | None

    @property
    def fewest(self) -> int:
        """The enterprises of the smaller sum; of none there is nothing to tell."""
        return min(self.selling, self.delivering) or max(self.selling, self.delivering)

    @property
    def share(self) -> float | None:
        """What was delivered but stands in no cash book yet, as it is not paid, is sold all the same."""
        sold = max(self.sold_idr, self.delivered_idr)
        return self.delivered_idr / sold if sold else None


def sign_of_contracts(found: Contracted) -> Sign:
    """The share of what was sold that was delivered under contracts."""
    if found.share is None:
        return Sign(Light.UNKNOWN, Text(_("Nothing was sold in the last full months.")))
    words = _("{share}% of what was sold was delivered under contracts.")
    light = _light(found.share, most=MOST_UNDER_CONTRACT, some=SOME_UNDER_CONTRACT)
    return Sign(light, Text(words, {"share": round(100 * found.share)}))


def _light(share: float, *, most: float, some: float) -> Light:
    if share >= most:
        return Light.GREEN
    return Light.YELLOW if share >= some else Light.RED
