"""A group votes for its officers; the office records it."""

import datetime

from django.db import transaction

from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.matching import papers, rules
from kawasan.matching.models import Ballot, Group, GroupMember, Vote
from kawasan.matching.rules import Counts, GroupRole


@transaction.atomic
def record_vote(
    *, group: Group, held_on: datetime.date, present: int, minutes: str, counts: Counts, by: User | None
) -> Vote:
    """Record a vote with its counts (by member) and give the offices to those with the most votes."""
    members = {m.pk: m for m in group.members.select_for_update().select_related("applicant__person")}
    reasons = rules.reasons_no_vote(
        counts,
        present=present,
        members=len(members),
        names={pk: member.applicant.person.name for pk, member in members.items()},
        households={pk: member.applicant.person.family_card for pk, member in members.items()},
    )
    if reasons:
        raise Refused(*reasons)
    vote = Vote(programme=group.programme, group=group, held_on=held_on, present=present, minutes=minutes)
    vote.full_clean()
    vote.save()
    ballots = _ballots(vote, members, counts)
    _give_offices(group, rules.winners(counts))
    log("matching.officers_set", vote, by=by, rows=[*members.values(), *ballots], present=present)
    return vote


def take_vote_minutes(*, vote: Vote, by: User | None) -> bytes:
    """The minutes of a vote as PDF; they name people, so taking them is logged."""
    log("matching.vote_minutes_taken", vote, by=by, is_written=False)
    return papers.vote_minutes(vote)


def _ballots(vote: Vote, members: dict[int, GroupMember], counts: Counts) -> list[Ballot]:
    made = [
        Ballot(programme=vote.programme, vote=vote, applicant=members[pk].applicant, office=office.value, votes=votes)
        for office, given in counts.items()
        for pk, votes in given.items()
        if votes
    ]
    return Ballot.objects.bulk_create(made)


def _give_offices(group: Group, chosen: dict[GroupRole, int]) -> None:
    group.members.update(role=GroupRole.MEMBER)
    for role, pk in chosen.items():
        group.members.filter(pk=pk).update(role=role)
