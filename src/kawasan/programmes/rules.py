"""Which roles, stages and features there are; which rule set applies; how a need score falls into a band."""

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol, TypeVar

from kawasan.core.text import Labelled, Text, _


class Role(Labelled):
    MANAGER = "manager", _("Programme manager")
    VERIFIER = "verifier", _("Verifier")
    PLANNER = "planner", _("Planner")
    TREASURER = "treasurer", _("Treasurer")
    MENTOR = "mentor", _("Mentor")
    EXPERT = "expert", _("Expert")
    PARTNER = "partner", _("Partner organisation")
    PARTICIPANT = "participant", _("Participant")
    OFFTAKER = "offtaker", _("Offtaker")
    AUDITOR = "auditor", _("Auditor")
    MINISTRY = "ministry", _("Ministry")
    PUBLIC = "public", _("Public")


OFFICE = (Role.MANAGER, Role.VERIFIER, Role.PLANNER)
OVERSIGHT = (Role.AUDITOR, Role.MINISTRY)
FIELD_TEAM = (Role.MENTOR, Role.EXPERT)
OUTSIDE = (Role.PARTICIPANT, Role.OFFTAKER, Role.PARTNER)
"""Who takes part without working for the programme: each sees a page of their own."""
EVERYBODY = tuple(Role)
MEMBERS = tuple(role for role in Role if role != Role.PUBLIC)
"""Who takes part or works for the programme; the public sees neither contacts nor who is where and when."""


class Stage(Labelled):
    """Where in the programme a thing happens, in order."""

    PROGRAMME = "programme", _("Programme")
    PARTNERS = "partners", _("Partners")
    AREA = "area", _("Area")
    VALUE_CHAIN = "value_chain", _("Value chain")
    APPLICANTS = "applicants", _("Applicants")
    SELECTION = "selection", _("Selection")
    MATCHING = "matching", _("Groups and mentors")
    TRAINING = "training", _("Training")
    MENTORING = "mentoring", _("Mentoring")
    ASSISTANCE = "assistance", _("Assistance")
    ENTERPRISES = "enterprises", _("Enterprises")
    MARKET = "market", _("Market")
    OUTCOMES = "outcomes", _("Outcomes")


class Feature(Labelled):
    """What a quota may count."""

    FIELD = "field", _("Field")
    SEX = "sex", _("Sex")
    DISTRICT = "district", _("District (kecamatan)")
    AGE_GROUP = "age_group", _("Age group")
    NEED_BAND = "need_band", _("Need band")
    DISABILITY = "disability", _("Disability")


AND = " & "  # joins the two features of a pair, and their values
COUNTED = (*(feature.value for feature in Feature), *(AND.join(pair) for pair in combinations(Feature, 2)))
"""What a quota may count, in order: each feature, then each pair of two, which are named in that order too."""


class PaperKind(Labelled):
    """Papers that a rule set may ask of applicants."""

    KTP = "ktp", _("Identity card (KTP)")
    KK = "kk", _("Family card (KK)")
    PORTRAIT = "portrait", _("Photo of yourself")
    DISABILITY = "disability", _("Letter about the disability")
    STATEMENT = "statement", _("Signed statement")
    REPORT = "report", _("Report of the earlier assistance (LPJ)")


class Announcement(Labelled):
    """How the public list of who was drawn tells people apart."""

    PSEUDONYM = "pseudonym", _("Pseudonym only")
    MASKED = "masked", _("Number of the application and masked name")
    NAMED = "named", _("Number of the application, full name and kelurahan")


SYNTHETIC = _("synthetic")  # what the source of an invented row says
VALUE_LABELS = {"female": _("Women"), "male": _("Men"), "yes": _("Yes"), "no": _("No")}
PAIRED_LABELS = {"yes": _("with a disability"), "no": _("without a disability")}  # yes and no say nothing of what
SECOND_LABELS = {
    Feature.FIELD: _("field"),
    Feature.SEX: _("sex"),
    Feature.DISTRICT: _("district (kecamatan)"),
    Feature.AGE_GROUP: _("age group"),
    Feature.NEED_BAND: _("need band"),
    Feature.DISABILITY: _("disability"),
}
"""Features inside a phrase, after the first word."""


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """A quota as it is saved or typed, and why it was set; the seats of a field carry no reason."""

    feature: str
    value: str
    least: int
    most: int
    reason: str = ""

    @property
    def counts(self) -> tuple[str, str]:
        """Which people it counts."""
        return self.feature, self.value

    @property
    def bounds(self) -> tuple[int, int]:
        return self.least, self.most


class Dated(Protocol):
    valid_from: datetime.date


R = TypeVar("R", bound=Dated)


def feature_text(feature: str) -> Text:
    """What a quota counts, in words: a feature, or a pair."""
    first, *second = feature.split(AND)
    text = Text(Feature(first).label)
    if not second:
        return text
    return Text(_("{first} & {second}"), {"first": text, "second": Text(SECOND_LABELS[Feature(second[0])])})


def parts_of(feature: str, value: str) -> list[tuple[str, str]]:
    """The feature and its value, or those of each feature of a pair."""
    return list(zip(feature.split(AND), value.split(AND), strict=True))


def value_of(features: Mapping[str, str], feature: str) -> str:
    """Somebody's value of a feature or a pair."""
    return AND.join(features[name] for name in feature.split(AND))


def counts_among(features: Mapping[str, str], among: Iterable[str]) -> list[tuple[str, str]]:
    """What somebody counts as, among features and pairs."""
    return [(feature, value_of(features, feature)) for feature in among]


def rule_set_on(rule_sets: Iterable[R], day: datetime.date) -> R | None:
    """The latest rule set that is valid on a day; none before the first one."""
    valid = [rule_set for rule_set in rule_sets if rule_set.valid_from <= day]
    return max(valid, key=lambda rule_set: rule_set.valid_from, default=None)


def band_of(score: float, bands: Sequence[tuple[str, int]]) -> str:
    """The code of the highest band whose least score is reached; bands are (code, least score)."""
    reached = [band for band in bands if score >= band[1]]
    return max(reached, key=lambda band: band[1])[0] if reached else ""


def reasons_bands_incomplete(least_scores: Sequence[int]) -> list[Text]:
    """Every score from 0 must fall into a band."""
    if 0 in least_scores:
        return []
    return [Text(_("No need band starts at score 0; people below the lowest band would have none."))]


def reasons_fields_do_not_fit(seats: int, fields: Sequence[tuple[int, int]]) -> list[Text]:
    """The fields' least seats must fit into the programme's seats, and their most seats must fill them."""
    least, most = sum(field[0] for field in fields), sum(field[1] for field in fields)
    reasons = []
    if least > seats:
        reasons.append(
            Text(
                _("The fields ask for at least {least} seats, but there are only {seats}."),
                {"least": least, "seats": seats},
            )
        )
    if most < seats:
        reasons.append(
            Text(
                _("The fields take at most {most} people, but there are {seats} seats to fill."),
                {"most": most, "seats": seats},
            )
        )
    return reasons


def key_digest(secret: str) -> str:
    """What is stored of a key. It is long and random, so that a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()
