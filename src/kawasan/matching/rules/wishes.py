"""What participants wish of group and mentor, and which wishes a group or mentor would break."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kawasan.applicants.rules import Sex
from kawasan.core.text import Labelled, Text, _


class WishKind(Labelled):
    """What somebody may ask for. All but the first are kept without exception."""

    TOGETHER = "together", _("With somebody in one group")
    APART = "apart", _("Not with somebody in one group")
    WOMEN_ONLY = "women_only", _("A group of women only")
    WOMAN_MENTOR = "woman_mentor", _("A woman as mentor")
    MAN_MENTOR = "man_mentor", _("A man as mentor")
    LANGUAGE = "language", _("A mentor who speaks a language")
    REACH = "reach", _("A meeting place no farther than so many kilometres")


class Language(Labelled):
    """What is spoken beside Indonesian."""

    MALAY = "malay", _("Bangka Malay")
    HAKKA = "hakka", _("Hakka")
    SIGN = "sign", _("Indonesian sign language (Bisindo)")


class Day(Labelled):
    MONDAY = "mon", _("Monday")
    TUESDAY = "tue", _("Tuesday")
    WEDNESDAY = "wed", _("Wednesday")
    THURSDAY = "thu", _("Thursday")
    FRIDAY = "fri", _("Friday")
    SATURDAY = "sat", _("Saturday")
    SUNDAY = "sun", _("Sunday")


OF_SOMEBODY = (WishKind.TOGETHER, WishKind.APART)
OF_MENTOR = (WishKind.WOMAN_MENTOR, WishKind.MAN_MENTOR, WishKind.LANGUAGE)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a mentor brings that members may have asked for. No days: every day."""

    sex: str
    languages: frozenset[str]
    days: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a group needs of its mentor: what its members asked for, and the day on which it meets."""

    sexes: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    day: str = ""


def asked_by(wishes: Iterable[tuple[str, str]], day: str = "") -> Asked:
    """What all of these wishes (kind, language) together ask of a mentor."""
    given = list(wishes)
    sex_of = {WishKind.WOMAN_MENTOR.value: Sex.FEMALE.value, WishKind.MAN_MENTOR.value: Sex.MALE.value}
    return Asked(
        frozenset(sex_of[kind] for kind, _language in given if kind in sex_of),
        frozenset(language for kind, language in given if kind == WishKind.LANGUAGE),
        day,
    )


def reasons_mentor_not_asked_for(offer: Offer, asked: Asked) -> list[Text]:
    """Why a mentor is not what the members of a group asked for."""
    reasons = []
    if asked.sexes - {offer.sex}:
        wanted = Sex.FEMALE if Sex.FEMALE in asked.sexes - {offer.sex} else Sex.MALE
        reasons.append(
            Text(_("A member asked for a woman as mentor."))
            if wanted == Sex.FEMALE
            else Text(_("A member asked for a man as mentor."))
        )
    reasons += [
        Text(_("A member needs a mentor who speaks {language}."), {"language": Text(Language(code).label)})
        for code in sorted(asked.languages - offer.languages)
    ]
    if asked.day and offer.days and asked.day not in offer.days:
        reasons.append(
            Text(_("The group meets on {day}; the mentor does not come then."), {"day": Text(Day(asked.day).label)})
        )
    return reasons


def reasons_bad_wish(
    *, kind: str, is_own: bool, is_same_field: bool, sex: str, between: Collection[str] = ()
) -> list[Text]:
    """Why a wish cannot be kept by anybody; ``is_own``: it names the person who has it.

    ``between`` are the kinds of the wishes that either of the two has of the other already.
    """
    if set(OF_SOMEBODY) <= {*between, kind}:
        return [Text(_("Of these two one wish is to be together, and one to be apart. Remove one of them first."))]
    if is_own:
        return [Text(_("Choose somebody else than the person who has the wish."))]
    if kind == WishKind.TOGETHER and not is_same_field:
        return [Text(_("The two work in different fields, so they cannot be in one group."))]
    if kind == WishKind.WOMEN_ONLY and sex != Sex.FEMALE:
        return [Text(_("Only a woman can ask for a group of women only."))]
    return []


def contradiction(kinds: Collection[str]) -> list[Text]:
    """Why one person cannot have all of these wishes."""
    if {WishKind.WOMAN_MENTOR.value, WishKind.MAN_MENTOR.value} <= set(kinds):
        return [Text(_("The person asked for a woman and for a man as mentor. Remove one of the two wishes."))]
    return []
