"""What was fixed by hand is released; a group gets its meeting day; its vote gets minutes to sign."""

import datetime
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.matching import services
from kawasan.matching.models import Group, GroupMember
from kawasan.matching.rules import GroupRole
from kawasan.matching.tests.factories import group, mentor

pytestmark = pytest.mark.django_db


def url(name, programme, *args):
    return reverse(f"matching:{name}", args=[programme.code, *args])


def test_a_mentor_and_a_member_fixed_by_hand_are_released_once(programme, ani, budi, client_of):
    found = group(programme, people=2, mentor=mentor(programme), is_mentor_fixed=True)
    member = found.members.first()
    GroupMember.objects.filter(pk=member.pk).update(is_fixed=True)
    client = client_of(ani)
    page = client.get(url("group", programme, "G01")).content.decode()
    assert "Release the mentor" in page
    assert page.count("/release/") == 2
    client.post(url("release_mentor", programme, "G01"))
    client.post(url("release_member", programme, member.pk))
    assert not Group.objects.get().is_mentor_fixed
    assert not GroupMember.objects.filter(is_fixed=True).exists()
    assert "/release/" not in client.get(url("group", programme, "G01")).content.decode()
    with pytest.raises(Refused, match="not fixed"):
        services.release_mentor(group=found, by=ani)
    assert client_of(budi).post(url("release_member", programme, member.pk)).status_code == 403


def test_a_group_gets_a_day_that_its_mentor_has(programme, ani, client_of):
    found = group(programme, people=1, mentor=mentor(programme, days="mon tue"))
    client = client_of(ani)
    refused = client.post(url("meeting_day", programme, "G01"), {"meets_on": "wed"})
    assert refused.status_code == 422
    assert Group.objects.get().meets_on == ""
    client.post(url("meeting_day", programme, "G01"), {"meets_on": "tue"})
    assert Group.objects.get().meets_on == "tue"
    assert "Meets on Tuesday" in client.get(url("group", programme, found.code)).content.decode()


def test_the_minutes_name_who_was_chosen_with_how_many_votes_and_have_room_to_sign(programme, ani, budi, client_of):
    found = group(programme, people=3, mentor=mentor(programme))
    a, b, c = found.members.select_related("applicant__person")
    counts = {GroupRole.HEAD: {a.pk: 2, b.pk: 1}, GroupRole.SECRETARY: {b.pk: 3}, GroupRole.TREASURER: {c.pk: 3}}
    day = datetime.date(2022, 10, 3)
    vote = services.record_vote(
        group=found, held_on=day, present=3, minutes="Rapat tertib.", counts=counts, by=ani, on=day
    )
    client = client_of(ani)
    address = url("vote_minutes", programme, "G01", vote.pk)
    assert address in client.get(url("officers", programme, "G01")).content.decode()
    assert address in client.get(url("group", programme, "G01")).content.decode()
    text = PdfReader(BytesIO(client.get(address).content)).pages[0].extract_text()
    for said in ("BERITA ACARA", "Senin, 3 Oktober 2022", "Rapat tertib.", a.applicant.person.name, "Bendahara"):
        assert said in text
    assert LogEntry.objects.filter(verb="matching.vote_minutes_taken").exists()
    assert client_of(budi).get(address).status_code == 403
    assert client.get(url("vote_minutes", programme, "G99", vote.pk)).status_code == 404
