"""Roles are given and taken with a name in the log; the last manager stays."""

import datetime

import pytest

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.programmes import services
from kawasan.programmes.models import Membership, Programme

pytestmark = pytest.mark.django_db


def test_a_role_is_given_once_and_logged(programme: Programme, ani: User, budi: User) -> None:
    for _again in range(2):
        services.give_role(programme=programme, username="budi", role="planner", by=ani)
    assert budi.memberships.filter(role="planner").count() == 1
    assert LogEntry.objects.filter(verb="programmes.role_given", by=ani).count() == 1


def test_an_account_that_does_not_exist_is_named(programme: Programme, ani: User) -> None:
    with pytest.raises(Refused, match="budy"):
        services.give_role(programme=programme, username="budy", role="planner", by=ani)


def test_a_role_is_taken_and_logged(programme: Programme, ani: User, budi: User) -> None:
    services.take_role(membership=Membership.objects.get(programme=programme, user=budi), by=ani)
    assert not budi.memberships.exists()
    assert LogEntry.objects.filter(verb="programmes.role_taken", data__user="budi").exists()


def test_the_last_manager_stays(programme: Programme, ani: User) -> None:
    with pytest.raises(Refused, match="last programme manager"):
        services.take_role(membership=Membership.objects.get(programme=programme, user=ani), by=ani)


def test_a_milestone_is_moved_and_logged(programme: Programme, ani: User) -> None:
    milestone = programme.milestones.get()
    milestone.ends_on = datetime.date(2022, 9, 15)
    services.change_milestone(milestone=milestone, by=ani)
    assert programme.milestones.get().ends_on == datetime.date(2022, 9, 15)
    assert LogEntry.objects.filter(verb="programmes.milestone_changed", by=ani).exists()
