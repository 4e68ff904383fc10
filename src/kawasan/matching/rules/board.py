"""What a move from one group to another costs, and which rule forbids it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kawasan.applicants.rules import Sex
from kawasan.core.text import Text, _
from kawasan.matching.rules.groups import GroupRole, reasons_member_stays
from kawasan.matching.rules.wishes import Asked, Offer, reasons_mentor_not_asked_for

FRIENDS_M = 5_000
"""Metres of way that one broken wish to be together weighs: about once across a city like Pangkalpinang."""
BOOKS_M = 10_000
"""Metres for a group in which nobody keeps books: more than a wish, as it then cannot account for its money."""
SKILL_M = 2_000
"""Metres for each experienced member more or fewer than a group's fair share."""


@dataclass(frozen=True, slots=True)
class Card:
    """A member as the board knows them; ``km`` from home to where each group meets."""

    member: int
    applicant: int
    name: str
    sex: str
    role: str
    km: Mapping[int, float]
    keeps_books: bool = False
    is_experienced: bool = False
    wants_women_only: bool = False
    reach_km: float | None = None
    asked: Asked = field(default_factory=Asked)
    together: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()
    is_fixed: bool = False

    @property
    def has_wishes(self) -> bool:
        """Whether anything is to be looked at before a move."""
        asks = self.asked.sexes or self.asked.languages or self.together or self.apart or self.wants_women_only
        return bool(asks) or self.reach_km is not None

    @property
    def role_label(self) -> str:
        """The office."""
        return GroupRole(self.role).label


@dataclass(frozen=True, slots=True)
class Column:
    """A group as the board knows it; the mentor's people are those of all the mentor's groups."""

    group: int
    code: str
    name: str
    field: int
    cards: tuple[Card, ...]
    place: str = ""
    mentor: int | None = None
    mentor_name: str = ""
    offer: Offer | None = None
    mentor_people: int = 0
    mentor_most: int = 0
    day: str = ""

    @property
    def mean_km(self) -> float | None:
        """How far the members have to go."""
        return sum(card.km[self.group] for card in self.cards) / len(self.cards) if self.cards else None


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many members a group may have."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What a division into groups costs, each part in its own unit."""

    km: float = 0.0
    broken: int = 0
    without_books: int = 0
    uneven: int = 0

    @property
    def total_km(self) -> float:
        """All of it as kilometres of way."""
        metres = FRIENDS_M * self.broken + BOOKS_M * self.without_books + SKILL_M * self.uneven
        return self.km + metres / 1000


def fair_share(experienced: int, groups: int) -> tuple[int, int]:
    """The least and most experienced members of a group when they are spread evenly."""
    return (experienced // groups, -(-experienced // groups)) if groups else (0, 0)


def cost_of(columns: Sequence[Column]) -> Cost:
    """What the groups of one field cost as they are."""
    where = {card.applicant: column.group for column in columns for card in column.cards}
    pairs = {
        frozenset((card.applicant, other))
        for column in columns
        for card in column.cards
        for other in card.together
        if other in where
    }
    skilled = [sum(card.is_experienced for card in column.cards) for column in columns]
    low, high = fair_share(sum(skilled), len(columns))
    can_keep = any(card.keeps_books for column in columns for card in column.cards)
    return Cost(
        km=sum(card.km[column.group] for column in columns for card in column.cards),
        broken=sum(len({where[person] for person in pair}) > 1 for pair in pairs),
        without_books=sum(can_keep and not any(card.keeps_books for card in column.cards) for column in columns),
        uneven=sum(max(low - n, n - high, 0) for n in skilled),
    )


def moved(columns: Sequence[Column], card: Card, to: int) -> list[Column]:
    """The groups after a move."""
    after = []
    for column in columns:
        cards = tuple(one for one in column.cards if one.member != card.member)
        after.append(replace(column, cards=(*cards, card) if column.group == to else cards))
    return after


def reasons_not_moved(card: Card, old: Column, new: Column, sizes: Sizes) -> list[Text]:
    """Every rule that forbids a move."""
    reasons = reasons_member_stays(
        is_same_group=new.group == old.group,
        is_same_field=new.field == old.field,
        left_behind=len(old.cards) - 1,
        size=len(new.cards),
        least=sizes.least,
        most=sizes.most,
        is_officer=card.role != GroupRole.MEMBER,
    )
    if new.group == old.group:
        return reasons
    return [*reasons, *reasons_left(card, old), *reasons_not_welcome(card, new), *_reasons_mentor(card, old, new)]


def reasons_left(card: Card, old: Column) -> list[Text]:
    """Why a group cannot do without a member."""
    if card.keeps_books and sum(one.keeps_books for one in old.cards) == 1:
        return [Text(_("Nobody would keep books in {group} any more."), {"group": old.name})]
    return []


def reasons_not_welcome(card: Card, new: Column) -> list[Text]:
    """Which wishes of a person or of a group's members keep the person out of the group."""
    names = {"name": card.name, "group": new.name}
    reasons = [
        Text(_("{name} and {other} asked not to be in one group."), {"name": card.name, "other": one.name})
        for one in new.cards
        if one.applicant in card.apart or card.applicant in one.apart
    ]
    if card.wants_women_only and any(one.sex != Sex.FEMALE for one in new.cards):
        reasons.append(Text(_("{name} asked for a group of women only; there are men in {group}."), names))
    if card.sex != Sex.FEMALE and any(one.wants_women_only for one in new.cards):
        reasons.append(Text(_("A member of {group} asked for a group of women only."), names))
    if card.reach_km is not None and card.km[new.group] > card.reach_km:
        gaps = {**names, "reach": card.reach_km, "km": round(card.km[new.group], 1)}
        reasons.append(Text(_("{name} can go {reach} km; {group} meets {km} km away."), gaps))
    return reasons


def _reasons_mentor(card: Card, old: Column, new: Column) -> list[Text]:
    reasons = reasons_mentor_not_asked_for(new.offer, replace(card.asked, day="")) if new.offer else []
    if new.mentor and new.mentor != old.mentor and new.mentor_people + 1 > new.mentor_most:
        gaps = {"mentor": new.mentor_name, "most": new.mentor_most}
        reasons.append(Text(_("{mentor} takes at most {most} people and has them."), gaps))
    return reasons


def effects(before: Cost, after: Cost) -> list[Text]:
    """What a move changes, in words; the whole last."""
    told = [_way(after.km - before.km)]
    told += _counted(
        after.broken - before.broken,
        _("Broken wishes to be together: {n} more."),
        _("Broken wishes to be together: {n} fewer."),
    )
    told += _counted(
        after.without_books - before.without_books,
        _("Groups in which nobody keeps books: {n} more."),
        _("Groups in which nobody keeps books: {n} fewer."),
    )
    told += _counted(
        after.uneven - before.uneven,
        _("Experienced people away from a fair share: {n} more."),
        _("Experienced people away from a fair share: {n} fewer."),
    )
    return told


def verdict(before: Cost, after: Cost) -> Text:
    """Whether a move makes the groups better or worse, all in all."""
    gaps = {"before": round(before.total_km, 1), "after": round(after.total_km, 1)}
    if gaps["after"] > gaps["before"]:
        return Text(_("Worse all in all: {before} before, {after} after."), gaps)
    if gaps["after"] < gaps["before"]:
        return Text(_("Better all in all: {before} before, {after} after."), gaps)
    return Text(_("As good as before: {before}."), gaps)


def _way(change: float) -> Text:
    km = round(abs(change), 1)
    if not km:
        return Text(_("The way stays as long."))
    return Text(_("{km} km more to go."), {"km": km}) if change > 0 else Text(_("{km} km less to go."), {"km": km})


def _counted(change: int, worse: str, better: str) -> list[Text]:
    return [Text(worse if change > 0 else better, {"n": abs(change)})] if change else []
