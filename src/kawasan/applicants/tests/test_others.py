"""An application alone is held against the same others as it is among all."""

import datetime

import pytest

from kawasan.applicants.models import Applicant, PossibleDouble
from kawasan.applicants.rules import PairState
from kawasan.applicants.services.applications import Yardstick, outcome_of
from kawasan.applicants.tests import factories
from kawasan.programmes.models import Programme

SPOT = {"latitude": -2.13, "longitude": 106.12}
HERE = {"rt": "003", "rw": "001"}


@pytest.fixture
def people(programme: Programme) -> list[Applicant]:
    """Fourteen who share in pairs and in crowds whatever can be shared, and one who shares nothing."""
    persons = [
        {"phone": "+6281200000001", **HERE} if number < 4 else HERE if number < 12 else {} for number in range(15)
    ]
    persons[1] |= {"account": "1234567890", "bank": "BRI", "account_holder": "Orang Contoh 1"}
    persons[5] |= {"account": "1234567890", "bank": "BRI", "account_holder": "Orang Contoh 5"}
    persons[6]["nik"] = persons[7]["nik"] = "1971014607800000"
    persons[8]["family_card"] = persons[13]["family_card"] = "1971010101200009"
    applied = [{"device": "abc"} if number < 6 else {} for number in range(15)]
    applied[9], applied[10], applied[11] = SPOT, SPOT, {"latitude": -2.13, "longitude": 106.120004}
    made = [
        factories.applicant(
            programme, number + 1, of=factories.person(programme, number + 1, **persons[number]), **applied[number]
        )
        for number in range(15)
    ]
    again = factories.applicant(programme, 16, of=made[12].person, applied_on=datetime.date(2022, 8, 20))
    for one, other, state in ((2, 12, PairState.SAME), (12, 14, PairState.SAME), (3, 13, PairState.OPEN)):
        first, second = sorted((made[one].person, made[other].person), key=lambda person: person.pk)
        PossibleDouble.objects.create(
            programme=programme, first=first, second=second, probability=0.9, found_on="2022-09-01", state=state
        )
    return [*made, again]


def test_the_outcome_is_the_same(programme: Programme, people: list[Applicant]) -> None:
    everybody = Yardstick.of(programme)
    among_all = [outcome_of(applicant, everybody) for applicant in people]
    alone = [outcome_of(applicant, Yardstick.of(programme, around=[applicant])) for applicant in people]
    assert alone == among_all
    kinds = {kind for outcome in among_all for kind in outcome["trouble"].split(",") if kind}
    assert {"phone", "account", "same_nik", "household", "device", "point", "rt", "again", "double"} <= kinds


def test_others_are_few_however_many_applied(
    programme: Programme, people: list[Applicant], django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(10):
        others = Yardstick.of(programme, around=[people[-2]]).others
    assert sum(map(len, others.by_common.values())) < len(people)
