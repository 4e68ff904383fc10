import datetime

import pytest
from django.test import Client

from kawasan.applicants import services
from kawasan.applicants.models import Applicant, Person, PossibleDouble
from kawasan.applicants.services import doubles
from kawasan.applicants.tests import factories
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.core.services import verify_log
from kawasan.core.text import Text
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db
DAY = datetime.date(2022, 9, 1)
NOTE = "both identity cards seen"


@pytest.fixture
def pair(programme: Programme) -> PossibleDouble:
    """One person entered twice, and two others."""
    one = factories.person(programme, 1, name="Nur'aini Permata")
    twice = {"birth_date": one.birth_date, "nik": one.nik[:-1] + "1", "family_card": one.family_card}
    two = factories.person(programme, 2, name="Hj. NOERAINI Permata", **twice)
    factories.applicant(programme, 1, of=one)
    factories.applicant(programme, 2, of=two)
    factories.applicant(programme, 3)
    factories.applicant(programme, 4)
    seek(programme)
    return programme.possible_doubles.get()


def seek(programme: Programme) -> dict[str, int]:
    return doubles.seek(programme=programme, by=None, on=DAY)


def decide(pair: PossibleDouble, state: str) -> PossibleDouble:
    return doubles.decide(pair=pair, state=state, note=NOTE, by=None, on=DAY)


def standing(code: str) -> Applicant:
    return Applicant.objects.get(code=code)


def warnings(code: str) -> list[str]:
    return [str(Text.restored(text)) for text in standing(code).warnings]


def test_one_person_entered_twice_is_found_with_what_speaks_for_it(pair: PossibleDouble):
    assert (pair.first.code, pair.second.code, pair.state) == ("P001", "P002", "open")
    assert pair.probability > 0.9
    assert {"label": "Name", "found": "other spelling or order"}.items() <= pair.parts[0].items()


def test_both_applications_are_warned_about_and_neither_refused(programme: Programme, pair: PossibleDouble):
    services.assess(programme=programme, by=None, on=DAY)
    assert "Perhaps the same person as A002. Compare them under “Possible doubles”." in warnings("A001")
    assert {standing("A001").status, standing("A002").status} == {"eligible"}


def test_of_one_person_the_first_application_counts_and_both_stay(pair: PossibleDouble):
    decide(pair, "same")
    assert (standing("A001").status, standing("A002").status) == ("eligible", "refused")
    assert str(Text.restored(standing("A002").reasons[0])).startswith("This person applied before (A001)")
    assert Person.objects.count() == 4


def test_taking_a_decision_back_restores_both(pair: PossibleDouble):
    doubles.reopen(pair=decide(pair, "same"), by=None, on=DAY)
    assert (standing("A001").status, standing("A002").status) == ("eligible", "eligible")
    pair.refresh_from_db()
    assert (pair.state, pair.note, pair.decided_on) == ("open", "", None)


def test_a_chain_of_three_is_one_person_until_a_link_is_taken_away(programme: Programme, pair: PossibleDouble):
    third = Person.objects.get(code="P003")
    link = PossibleDouble.objects.create(
        programme=programme, first=pair.second, second=third, probability=0.5, found_on=DAY
    )
    decide(pair, "same")
    decide(link, "same")
    assert [standing(code).status for code in ("A001", "A002", "A003")] == ["eligible", "refused", "refused"]
    doubles.reopen(pair=pair, by=None, on=DAY)
    assert [standing(code).status for code in ("A001", "A002", "A003")] == ["eligible", "eligible", "refused"]


@pytest.mark.parametrize("state", ["different", "same"])
def test_a_decision_is_respected_by_later_searches(programme: Programme, pair: PossibleDouble, state: str):
    decide(pair, state)
    Person.objects.filter(code="P002").update(name="Nuraini Permata")
    assert seek(programme)["to_decide"] == 0
    assert programme.possible_doubles.get().state == state


def test_different_persons_are_no_longer_warned_about(pair: PossibleDouble):
    decide(pair, "different")
    assert not [text for text in warnings("A001") if text.startswith("Perhaps")]


def test_a_pair_that_a_correction_resolved_is_gone(programme: Programme, pair: PossibleDouble):
    born = datetime.date(1970, 5, 5)
    other = {"name": "Budi Santoso", "birth_date": born, "sex": "male", "nik": factories.nik(born, "male")}
    Person.objects.filter(code="P002").update(**other)
    assert seek(programme)["gone"] == 1
    assert not programme.possible_doubles.exists()


def test_two_people_on_one_nik_are_shown_however_unlike(programme: Programme):
    one, two = factories.person(programme, 1), factories.person(programme, 2, name="Budi Santoso", sex="male")
    Person.objects.filter(pk=two.pk).update(nik=one.nik)
    for number, person in ((1, one), (2, two)):
        factories.applicant(programme, number, of=person)
    seek(programme)
    assert programme.possible_doubles.get().parts[3]["found"] == "the same"


def test_who_withdrew_or_never_applied_is_not_compared(programme: Programme, pair: PossibleDouble):
    services.mark_withdrawn(applicant=standing("A002"), reason="moved away", by=None, on=DAY)
    assert seek(programme) == {"people": 3, "new": 0, "gone": 1, "to_decide": 0}


def test_nobody_to_compare_is_no_fault(programme: Programme):
    assert seek(programme) == {"people": 0, "new": 0, "gone": 0, "to_decide": 0}


def test_a_search_over_what_has_changed_meanwhile_records_nothing(programme: Programme, pair: PossibleDouble):
    frozen = doubles._Frozen.of(programme)
    found = doubles.linkage_people.find_people(frozen.columns, least=0)
    Person.objects.filter(code="P001").update(name="Somebody Else")
    with pytest.raises(Refused, match="changed during the search"):
        doubles._record(programme, frozen, found, by=None, on=DAY)


def test_of_two_who_decide_at_once_one_gets_a_sentence(pair: PossibleDouble):
    same_pair = PossibleDouble.objects.get(pk=pair.pk)
    decide(pair, "different")
    with pytest.raises(Refused, match="in the meantime"):
        decide(same_pair, "same")


def test_a_decision_without_a_ground_is_refused(pair: PossibleDouble):
    with pytest.raises(Refused, match="rests on"):
        doubles.decide(pair=pair, state="same", note="", by=None, on=DAY)


def test_search_decision_and_return_are_in_a_log_that_holds(pair: PossibleDouble, ani: User):
    doubles.reopen(pair=doubles.decide(pair=pair, state="same", note=NOTE, by=ani, on=DAY), by=ani, on=DAY)
    verbs = list(LogEntry.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["applicants.doubles_sought", "applicants.double_decided", "applicants.double_reopened"]
    assert len(LogEntry.objects.get(verb=verbs[0]).data["input"]) == 64
    assert not [text for text in verify_log() if "PossibleDouble" in str(text)]


def test_a_person_in_a_frozen_pool_keeps_the_assessment_and_is_warned_about(programme: Programme, pair: PossibleDouble):
    services.assess(programme=programme, by=None, on=DAY)
    services.enter_pool(programme=programme, codes=["A001", "A002"], by=None, on=DAY)
    decide(pair, "same")
    assert standing("A002").status == "eligible"
    assert any("Known only after the pool was frozen" in text for text in warnings("A002"))


def address(programme: Programme, rest: str = "") -> str:
    return f"/p/{programme.code}/applicants/doubles/{rest}"


def test_the_list_shows_pairs_and_says_when_there_are_none(programme: Programme, pair: PossibleDouble, budi: User):
    client = Client()
    client.force_login(budi)
    assert "NOERAINI" in client.get(address(programme)).content.decode()
    assert "NOERAINI" not in client.get(address(programme, "?state=different")).content.decode()
    pair.delete()
    assert client.get(address(programme)).status_code == 200


def test_two_persons_are_compared_with_masked_numbers_and_decided_about(
    programme: Programme, pair: PossibleDouble, budi: User
):
    client = Client()
    client.force_login(budi)
    page = client.get(address(programme, f"{pair.pk}/")).content.decode()
    assert pair.first.nik not in page
    sent = client.post(address(programme, f"{pair.pk}/decide/"), {"state": "different", "note": NOTE})
    assert sent.status_code == 302
    assert PossibleDouble.objects.get().state == "different"
    client.post(address(programme, f"{pair.pk}/reopen/"))
    assert PossibleDouble.objects.get().state == "open"


def test_numbers_are_shown_for_a_purpose_that_is_logged(programme: Programme, pair: PossibleDouble, budi: User):
    client = Client()
    client.force_login(budi)
    sent = client.post(address(programme, f"{pair.pk}/reveal/"), {"purpose": "compare the cards"})
    assert pair.first.nik in sent.content.decode()
    assert LogEntry.objects.get(verb="applicants.double_read").data == {"purpose": "compare the cards"}


def test_looking_for_doubles_again_is_one_button(programme: Programme, pair: PossibleDouble, budi: User):
    client = Client()
    client.force_login(budi)
    assert client.post(address(programme, "seek/")).status_code == 302
    assert LogEntry.objects.filter(verb="applicants.doubles_sought").count() == 2


def test_the_list_of_pairs_takes_few_queries(
    programme: Programme, pair: PossibleDouble, budi: User, django_assert_max_num_queries
):
    client = Client()
    client.force_login(budi)
    with django_assert_max_num_queries(12):
        client.get(address(programme))
    with django_assert_max_num_queries(12):
        client.get(address(programme, f"{pair.pk}/"))
