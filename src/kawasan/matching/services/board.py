"""The groups of one field as a board: who could go where, at what cost, and which rule forbids it."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.engine.assignment import distance_km
from kawasan.matching import rules
from kawasan.matching.models import Group, GroupMember, Wish
from kawasan.matching.queries import abilities_of, members_in_full, wishes_by_person
from kawasan.matching.rules import Card, Column, Cost, Sizes, WishKind
from kawasan.matching.services.locking import locked_rule_set
from kawasan.programmes.models import Field, Programme

MOVED, TAKEN_BACK = "matching.member_moved", "matching.move_taken_back"


@dataclass(frozen=True, slots=True)
class Choice:
    """A group to which somebody could go: what it would cost, or which rules forbid it."""

    column: Column
    reasons: list[Text]
    effects: list[Text]
    verdict: Text


def board_of(programme: Programme, field: Field) -> list[Column]:
    """The groups of a field with their members, and how far each would have to go to each group."""
    groups = list(programme.groups.filter(field=field).select_related("place", "mentor"))
    members = list(members_in_full(programme).filter(group__in=groups))
    km = _distances(groups, members)
    wishes, abilities = wishes_by_person(programme), abilities_of(programme)
    loads = {m.pk: m.people_now for m in programme.mentors.with_load()}  # type: ignore[attr-defined]
    cards: dict[int, list[Card]] = defaultdict(list)
    for member in members:
        asked, ability = wishes.get(member.applicant_id, []), abilities.get(member.applicant_id)
        cards[member.group_id].append(_card(member, km[member.pk], asked, ability))
    return [_column(group, tuple(cards[group.pk]), loads) for group in groups]


def choices_for(columns: list[Column], card: Card, sizes: Sizes) -> list[Choice]:
    """Every other group with the cost of going there."""
    old = next(column for column in columns if card in column.cards)
    before = rules.cost_of(columns)
    return [_choice(columns, card, old, new, sizes, before) for new in columns if new is not old]


def _choice(columns: list[Column], card: Card, old: Column, new: Column, sizes: Sizes, before: Cost) -> Choice:
    after = rules.cost_of(rules.moved(columns, card, new.group))
    return Choice(
        new,
        rules.reasons_not_moved(card, old, new, sizes),
        rules.effects(before, after),
        rules.verdict(before, after),
    )


@transaction.atomic
def move_member(*, member: GroupMember, group: Group, why: str, by: User | None) -> GroupMember:
    """Put a member into another group of the same field."""
    old = _moved(member, group, is_fixed=True)
    log(MOVED, member, by=by, old=old.code, new=group.code, why=why, member=member.pk)
    return member


@transaction.atomic
def take_back_move(*, entry: LogEntry, by: User | None) -> GroupMember:
    """Undo a member's latest move; the rules count as for any other."""
    member = GroupMember.objects.select_related("programme", "group").filter(pk=entry.data["member"]).first()
    if member is None or member.group.code != entry.data["new"]:
        raise Refused(Text(_("The participant is in another group by now. Move them by hand.")))
    old = member.programme.groups.filter(code=entry.data["old"]).first()
    if old is None:
        raise Refused(Text(_("The group {group} is no longer there."), {"group": entry.data["old"]}))
    _moved(member, old, is_fixed=False)
    log(TAKEN_BACK, member, by=by, old=entry.data["new"], new=old.code, member=member.pk)
    return member


def _moved(member: GroupMember, group: Group, *, is_fixed: bool) -> Group:
    """Move a member when no rule forbids it; returns the group before. What somebody chose stays in a re-matching."""
    rule_set = locked_rule_set(member.programme)
    member.refresh_from_db(fields=("group", "role"))
    old = member.group
    if reasons := _reasons(member, group, Sizes(rule_set.least_group, rule_set.most_group)):
        raise Refused(*reasons)
    member.distance_km = float(_distances([group], [member])[member.pk][group.pk])
    member.group, member.is_fixed = group, is_fixed
    member.full_clean()
    member.save(update_fields=("group", "distance_km", "is_fixed"))
    return old


def _reasons(member: GroupMember, group: Group, sizes: Sizes) -> list[Text]:
    columns = {column.group: column for column in board_of(member.programme, member.group.field)}
    old = columns[member.group_id]
    card = next(card for card in old.cards if card.member == member.pk)
    if group.pk not in columns:
        return [Text(_("The other group works in another field."))]
    return rules.reasons_not_moved(card, old, columns[group.pk], sizes)


def _distances(groups: list[Group], members: list[GroupMember]) -> dict[int, dict[int, float]]:
    """Kilometres from each member's place to where each group meets, by their keys."""
    homes, halls = [member.applicant.person.place for member in members], [group.place for group in groups]
    km = distance_km(
        [p.latitude for p in homes],
        [p.longitude for p in homes],
        [p.latitude for p in halls],
        [p.longitude for p in halls],
    )
    keys = [group.pk for group in groups]
    return {member.pk: dict(zip(keys, map(float, row), strict=True)) for member, row in zip(members, km, strict=True)}


def _card(member: GroupMember, km: dict[int, float], wishes: list[Wish], ability: tuple[bool, bool] | None) -> Card:
    person = member.applicant.person
    keeps_books, is_experienced = ability or (False, False)
    return Card(
        member=member.pk,
        applicant=member.applicant_id,
        name=person.name,
        sex=person.sex,
        role=member.role,
        km=km,
        keeps_books=keeps_books,
        is_experienced=is_experienced,
        wants_women_only=any(wish.kind == WishKind.WOMEN_ONLY for wish in wishes),
        reach_km=min((wish.most_km for wish in wishes if wish.most_km is not None), default=None),
        asked=rules.asked_by((wish.kind, wish.language) for wish in wishes),
        together=_others(wishes, WishKind.TOGETHER),
        apart=_others(wishes, WishKind.APART),
        is_fixed=member.is_fixed,
    )


def _others(wishes: list[Wish], kind: WishKind) -> frozenset[int]:
    return frozenset(wish.other_id for wish in wishes if wish.kind == kind and wish.other_id)


def _column(group: Group, cards: tuple[Card, ...], loads: dict[int, int]) -> Column:
    mentor = group.mentor
    return Column(
        group=group.pk,
        code=group.code,
        name=group.name,
        field=group.field_id,
        cards=cards,
        place=str(group.place),
        mentor=group.mentor_id,
        mentor_name=mentor.name if mentor else "",
        offer=mentor.offer if mentor else None,
        mentor_people=loads.get(mentor.pk, 0) if mentor else 0,
        mentor_most=mentor.most_people if mentor else 0,
        day=group.meets_on,
    )
