"""The demo's accounts."""

import pytest

from kawasan.core.models import User
from kawasan.core.services import verify_log
from kawasan.enterprises.tests import factories
from kawasan.exchange.services.accounts import _give_cast
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db


def test_whoever_signs_in_as_a_mentor_or_a_participant_has_their_name(programme: Programme) -> None:
    one, other = factories.participant(programme, 1), factories.participant(programme, 2)
    group = factories.mentored_group(programme, one, other)
    factories.enterprise(other)
    _give_cast(programme.code, None)
    citra, dewi = (User.objects.get(username=username) for username in ("citra", "dewi"))
    assert (dewi.name, dewi.persons.get()) == (other.person.name, other.person)
    assert (citra.name, citra.mentors.get()) == (group.mentor.name, group.mentor)
    assert not [fault for fault in map(str, verify_log()) if "User" in fault]


def test_giving_the_accounts_again_changes_nothing(programme: Programme) -> None:
    participant = factories.participant(programme)
    factories.mentored_group(programme, participant)
    factories.enterprise(participant)
    first = _give_cast(programme.code, None)
    before = list(User.objects.values())
    assert _give_cast(programme.code, None) == first
    assert list(User.objects.values()) == before
