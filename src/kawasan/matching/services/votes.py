"""A group votes for its officers; the office records it."""

import datetime
from collections import defaultdict

from django.db import transaction
from django.db.models import Max

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.matching import papers, rules
from kawasan.matching.models import Ballot, Group, GroupMember, Vote
from kawasan.matching.queries import next_code
from kawasan.matching.rules import Counts, GroupRole
from kawasan.programmes.models import Programme


@transaction.atomic
def record_vote(
    *,
    group: Group,
    held_on: datetime.date,
    present: int,
    minutes: str,
    counts: Counts,
    by: User | None,
    on: datetime.date,
) -> Vote:
    """Record a vote with its counts (by member) and give the offices to those with the most votes."""
    members = {m.pk: m for m in group.members.select_for_update().select_related("applicant__person")}
    latest = group.votes.aggregate(day=Max("held_on"))["day"]
    reasons = rules.reasons_vote_day(held_on=held_on, today=on, latest=latest, year=group.programme.year)
    reasons += rules.reasons_no_vote(
        counts,
        present=present,
        members=len(members),
        names={pk: member.applicant.person.name for pk, member in members.items()},
        households={pk: member.applicant.person.family_card for pk, member in members.items()},
    )
    if reasons:
        raise Refused(*reasons)
    vote = Vote(programme=group.programme, group=group, held_on=held_on, present=present, minutes=minutes)
    vote.code, vote.source = next_code(group.programme, Vote, "P", 3), f"entered by {by}"
    vote.full_clean()
    vote.save()
    ballots = _ballots(vote, members, counts)
    _give_offices(group, rules.winners(counts))
    log("matching.officers_set", vote, by=by, rows=[*members.values(), *ballots], present=present)
    return vote


@transaction.atomic
def seat_officers(*, programme: Programme, by: User | None) -> int:
    """Give the offices of votes that came with a folder to groups that have no officers yet; to how many groups."""
    waiting = programme.groups.exclude(members__role__in=rules.OFFICES).filter(votes__isnull=False).distinct()
    groups = list(waiting.order_by("code"))
    for group in groups:
        _seat(group, group.votes.order_by("-held_on", "-pk")[0], by)
    return len(groups)


def _seat(group: Group, vote: Vote, by: User | None) -> None:
    members = {member.applicant_id: member for member in group.members.all()}
    counts = defaultdict[GroupRole, dict[int, int]](dict)
    for ballot in vote.ballots.filter(applicant__in=members):
        counts[GroupRole(ballot.office)][members[ballot.applicant_id].pk] = ballot.votes
    _give_offices(group, rules.winners(counts))
    log("matching.officers_set", vote, by=by, rows=members.values(), is_written=False, present=vote.present)


def take_vote_minutes(*, vote: Vote, by: User | None) -> bytes:
    """The minutes of a vote as PDF; they name people, so taking them is logged."""
    log("matching.vote_minutes_taken", vote, by=by, is_written=False)
    return papers.vote_minutes(vote)


def _ballots(vote: Vote, members: dict[int, GroupMember], counts: Counts) -> list[Ballot]:
    given_by = {"programme": vote.programme, "source": vote.source}
    made = [
        Ballot(vote=vote, applicant=members[pk].applicant, office=office.value, votes=votes, **given_by)
        for office, given in counts.items()
        for pk, votes in given.items()
        if votes
    ]
    return Ballot.objects.bulk_create(made)


def _give_offices(group: Group, chosen: dict[GroupRole, int]) -> None:
    group.members.update(role=GroupRole.MEMBER)
    for role, pk in chosen.items():
        group.members.filter(pk=pk).update(role=role)
