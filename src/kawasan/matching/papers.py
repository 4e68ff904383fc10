"""Papers of the groups as PDF, in Indonesian."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import typst
from babel.dates import format_date
from django.utils.translation import gettext, override

from kawasan.core import language
from kawasan.matching.models import Ballot, Vote
from kawasan.matching.rules import OFFICES

TYPST = Path(__file__).parent / "typst"
OFFICIAL = "id"


def vote_minutes(vote: Vote) -> bytes:
    """The minutes of a group's vote (berita acara), to sign."""
    with override(OFFICIAL):
        data = json.dumps(vote_data(vote), ensure_ascii=False)
        return typst.compile(TYPST / "vote.typ", sys_inputs={"data": data})


def vote_data(vote: Vote) -> dict[str, Any]:
    """What the minutes say: who was voted for with how many votes, who has each office, and who signs."""
    group, programme = vote.group, vote.programme
    members = [member.applicant.person.name for member in group.members.select_related("applicant__person")]
    ballots: dict[str, list[Ballot]] = defaultdict(list)
    for ballot in vote.ballots.select_related("applicant__person"):
        ballots[ballot.office].append(ballot)
    offices = [_office(language.in_words(office.label), ballots[office.value]) for office in OFFICES]
    return {
        "title": gettext("Minutes of the vote for the officers of the group"),
        "office": gettext("Expansion of employment by area, {area}").format(area=programme.area_name),
        "programme": programme.name,
        "group": str(group),
        "opening": gettext(
            "On {day} the members of {group}, field {field}, met in {place} and voted for their officers. {present} of "
            "the members were present, more than half, so that the vote counts."
        ).format(
            day=format_date(vote.held_on, "EEEE, d MMMM y", locale=OFFICIAL),
            group=group,
            field=group.field,
            place=group.place,
            present=vote.present,
        ),
        "offices": offices,
        "chosen": gettext("Chosen"),
        "minutes": vote.minutes.strip(),
        "closing": gettext("These minutes were read to those present and signed as true."),
        "place": programme.area_name,
        "date": language.date(vote.held_on),
        "signatures": [*({"as": one["office"], "name": one["chosen"]} for one in offices), _mentor(vote)],
        "members": sorted(members),
        "words": {
            "number": gettext("No."),
            "name": gettext("Name"),
            "votes": gettext("Votes"),
            "minutes": gettext("Minutes"),
            "present": gettext("Members present"),
            "signature": gettext("Signature"),
        },
    }


def _office(office: str, ballots: list[Ballot]) -> dict[str, Any]:
    rows = [{"name": one.applicant.person.name, "votes": one.votes} for one in ballots]
    return {"office": office, "rows": rows, "chosen": rows[0]["name"] if rows else "–"}


def _mentor(vote: Vote) -> dict[str, str]:
    mentor = vote.group.mentor
    return {"as": gettext("Witnessed by the mentor"), "name": mentor.name if mentor else "–"}
