import datetime
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from kawasan.applicants import services
from kawasan.applicants.models import Applicant, Person
from kawasan.applicants.services import applications, changes
from kawasan.applicants.tests import factories
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.core.services import verify_log
from kawasan.core.text import Text
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db
DAY = datetime.date(2022, 9, 1)


def assessed(programme: Programme, applicant: Applicant) -> Applicant:
    services.assess(programme=programme, by=None, on=DAY)
    applicant.refresh_from_db()
    return applicant


def words(stored: list[dict]) -> list[str]:
    return [str(Text.restored(text)) for text in stored]


def test_an_application_is_recorded_with_the_next_codes_and_assessed_at_once(programme: Programme, ani: User):
    factories.applicant(programme, 7)
    known = factories.person(programme, 8)
    person = Person(
        **{f: getattr(known, f) for f in ("nik", "name", "sex", "birth_date", "address", "place", "education")}
    )
    answers = {f: getattr(programme.applicants.get(code="A007"), f) for f in services.ANSWERS}
    made = services.submit(programme=programme, person=person, applicant=Applicant(**answers), by=ani, on=DAY)
    assert (made.code, made.person.code, made.status) == ("A008", "P009", "eligible")
    entry = LogEntry.objects.get(verb="applicants.submitted")
    assert (entry.by, entry.rows.count()) == (ani, 2)


def test_codes_go_on_after_999(programme: Programme):
    factories.person(programme, 1, code="P999")
    factories.person(programme, 2, code="P1000")
    factories.person(programme, 3, code="PX")
    assert applications.next_code(Person, programme, "P") == "P1001"


def test_an_application_with_an_impossible_answer_is_not_recorded(programme: Programme, ani: User):
    applicant = factories.applicant(programme)
    applicant.household_size = 0
    with pytest.raises(ValidationError):
        services.correct(applicant=applicant, by=ani, on=DAY)
    assert Applicant.objects.get().household_size == 4


def test_somebody_within_the_rules_becomes_eligible_with_score_band_and_rule_set(programme: Programme):
    found = assessed(programme, factories.applicant(programme))
    assert (found.status, found.reasons, found.warnings) == ("eligible", [], [])
    # 1,717,680 for four is half the line of 858,840: 30 of 40; 12 of 24 months: 10 of 20; 2 of 5 dependants: 6 of 15.
    assert (found.need_score, found.need_band.code) == (46.0, "B")
    assert (found.rule_set.number, found.assessed_on) == ("TEST/1/2022", DAY)


def test_somebody_outside_the_rules_is_refused_with_every_reason(programme: Programme):
    person = factories.person(programme, birth_date=None)
    found = assessed(programme, factories.applicant(programme, of=person, activity_now="student"))
    assert found.status == "refused"
    assert len(found.reasons) == 2


def test_the_rule_set_of_the_day_of_applying_counts(programme: Programme):
    new = programme.rule_sets.get()
    new.pk, new.number, new.valid_from = None, "TEST/2/2022", datetime.date(2022, 8, 20)
    new.save()
    factories.rule(new, "age", "at_most", "30")
    before = factories.applicant(programme, 1)
    after = factories.applicant(programme, 2, applied_on=datetime.date(2022, 8, 20))
    assert assessed(programme, before).status == "eligible"
    after.refresh_from_db()
    assert (after.status, after.rule_set) == ("refused", new)


def test_without_a_valid_rule_set_nobody_is_refused_but_warned_about(programme: Programme):
    early = factories.applicant(programme, applied_on=datetime.date(2021, 12, 31))
    found = assessed(programme, early)
    assert (found.status, found.need_score, found.assessed_on) == ("submitted", None, None)
    assert words(found.warnings) == ["No rule set was valid on the day of applying, so it cannot be assessed."]


def test_two_people_on_one_nik_are_both_warned_about_and_not_refused(programme: Programme):
    one, two = factories.person(programme, 1), factories.person(programme, 2)
    Person.objects.filter(pk=two.pk).update(nik=one.nik, birth_date=one.birth_date)
    first, second = factories.applicant(programme, 1, of=one), factories.applicant(programme, 2, of=two)
    assert words(assessed(programme, first).warnings) == ["The same NIK as A002."]
    assert assessed(programme, second).status == "eligible"
    assert words(second.warnings) == ["The same NIK as A001."]


@pytest.mark.parametrize(
    ("people", "of_person", "of_application", "said"),
    [
        (2, {"account": "0717123456"}, {}, "The bank account is that of 2 applicants, also of A002."),
        (5, {}, {"device": "a" * 32}, "One device sent 5 applications, also those of A002, A003, A004, A005."),
        (2, {}, {"latitude": -2.1312345, "longitude": 106.1}, "The business is in the same spot as those of A002."),
        (10, {"rw": "002", "rt": "001"}, {}, "10 applicants live in this RT, among them A002, A003,"),
    ],
    ids=["account", "device", "point", "rt"],
)
def test_what_too_many_have_in_common_is_warned_about(
    programme: Programme, people: int, of_person: dict, of_application: dict, said: str
):
    for number in range(1, people + 1):
        person = factories.person(programme, number, **of_person)
        factories.applicant(programme, number, of=person, **of_application)
    last = Applicant.objects.get(code=f"A{people:03}")
    Applicant.objects.filter(pk=last.pk).update(status="withdrawn", withdrawn_on="2022-08-11", withdrawal_reason="x")
    assert not any(said in text for text in words(assessed(programme, Applicant.objects.get(code="A001")).warnings))
    Applicant.objects.filter(pk=last.pk).update(status="submitted", withdrawn_on=None, withdrawal_reason="")
    found = assessed(programme, Applicant.objects.get(code="A001"))
    assert any(said in text for text in words(found.warnings))
    assert found.status == "eligible"


def test_two_applications_of_one_person_share_nothing_with_others(programme: Programme):
    person = factories.person(programme, account="0717123456", bank="Bank Contoh", account_holder="Orang Contoh 1")
    for number in (1, 2):
        factories.applicant(programme, number, of=person, latitude=-2.1, longitude=106.1)
    assert words(assessed(programme, Applicant.objects.get(code="A001")).warnings) == []


def test_numbers_under_an_older_key_are_compared_with_those_under_the_newest(programme: Programme, settings: Any):
    factories.applicant(programme, 1, of=factories.person(programme, 1, nik="1971014101800000"))
    settings.KEYS = [Fernet.generate_key().decode(), *settings.KEYS]
    factories.applicant(programme, 2, of=factories.person(programme, 2, nik="1971014101800000"))
    assert "The same NIK as A002." in words(assessed(programme, Applicant.objects.get(code="A001")).warnings)


def test_the_kinds_of_what_was_found_are_kept(programme: Programme):
    person = factories.person(programme, birth_date=None, name="Hj. Ayu")
    assert assessed(programme, factories.applicant(programme, of=person)).trouble == ",birth_date,name,"


@pytest.mark.parametrize(("device", "length"), [("kunci perangkat", 32), ("", 0)], ids=["device", "office"])
def test_a_device_is_stored_as_a_hash_and_the_office_has_none(programme: Programme, device: str, length: int):
    known = factories.applicant(programme)
    columns = ("nik", "name", "sex", "birth_date", "address", "place", "education")
    person = Person(**{name: getattr(known.person, name) for name in columns})
    answers = Applicant(**{name: getattr(known, name) for name in services.ANSWERS})
    made = services.submit(programme=programme, person=person, applicant=answers, by=None, on=DAY, device=device)
    made.refresh_from_db()
    assert len(made.device) == length
    assert device == "" or device not in made.device


def test_many_people_on_one_phone_and_a_household_with_several_are_warned_about(programme: Programme):
    for number in (1, 2, 3):
        person = factories.person(programme, number, phone="+62811111222", family_card="1971010101200001")
        factories.applicant(programme, number, of=person)
    found = assessed(programme, Applicant.objects.get(code="A001"))
    assert words(found.warnings) == [
        "The phone number is that of 3 applicants, also of A002, A003.",
        "3 applicants from one household (family card), also A002, A003.",
    ]


def test_people_without_phone_or_family_card_are_not_lumped_together(programme: Programme):
    for number in (1, 2, 3):
        factories.applicant(programme, number, of=factories.person(programme, number, phone="", family_card=""))
    assert assessed(programme, Applicant.objects.get(code="A001")).warnings == []


def test_of_two_applications_of_one_person_the_first_counts(programme: Programme):
    person = factories.person(programme)
    second = factories.applicant(programme, 1, of=person, applied_on=datetime.date(2022, 8, 12))
    first = factories.applicant(programme, 2, of=person, applied_on=datetime.date(2022, 8, 11))
    assert assessed(programme, first).status == "eligible"
    second.refresh_from_db()
    assert words(second.reasons) == ["This person applied before (A002); the first application counts."]


def test_a_withdrawn_application_stays_so_and_disturbs_nobody(programme: Programme):
    one = factories.person(programme, 1)
    gone = factories.applicant(programme, 1, of=one)
    services.mark_withdrawn(applicant=gone, reason="Moved away", by=None, on=DAY)
    again = factories.applicant(programme, 2, of=one, applied_on=datetime.date(2022, 8, 20))
    assert assessed(programme, again).status == "eligible"
    gone.refresh_from_db()
    assert gone.status == "withdrawn"
    with pytest.raises(Refused):
        services.mark_withdrawn(applicant=gone, reason="Moved away", by=None, on=DAY)


def test_an_application_is_withdrawn_with_a_reason_that_is_kept(programme: Programme, ani: User):
    applicant = factories.applicant(programme)
    with pytest.raises(Refused, match="Say why"):
        services.mark_withdrawn(applicant=applicant, reason=" ", by=ani, on=DAY)
    services.mark_withdrawn(applicant=applicant, reason=" found work ", by=ani, on=DAY)
    assert (applicant.withdrawn_on, applicant.withdrawal_reason) == (DAY, "found work")
    entry = LogEntry.objects.get()
    assert (entry.verb, entry.by, entry.data["reason"]) == ("applicants.withdrawn", ani, "found work")


def test_assessing_says_how_many_and_logs_every_row_once(programme: Programme, ani: User):
    for number in (1, 2, 3):
        factories.applicant(programme, number, activity_now="student" if number == 3 else "unemployed")
    counts = services.assess(programme=programme, by=ani, on=DAY)
    assert counts == {"eligible": 2, "refused": 1, "not_assessed": 0, "with_warnings": 0, "changed": 3}
    entry = LogEntry.objects.get()
    assert (entry.verb, entry.data["counts"]["eligible"], entry.rows.count()) == ("applicants.assessed", 2, 4)
    assert not [fault for fault in verify_log() if "changed" in str(fault)]


def test_assessing_twice_changes_nothing(programme: Programme):
    factories.applicant(programme)
    services.assess(programme=programme, by=None, on=DAY)
    before = Applicant.objects.values().get()
    services.assess(programme=programme, by=None, on=DAY + datetime.timedelta(days=9))
    assert Applicant.objects.values().get() == before
    assert LogEntry.objects.filter(verb="applicants.assessed").count() == 1


def test_only_whose_answers_changed_are_assessed_again(programme: Programme):
    for number in (1, 2):
        factories.applicant(programme, number)
    services.assess(programme=programme, by=None, on=DAY)
    later = DAY + datetime.timedelta(days=9)
    programme.persons.filter(code="P002").update(birth_date=datetime.date(2010, 1, 1))
    assert services.assess(programme=programme, by=None, on=later)["changed"] == 1
    assert list(Applicant.objects.values_list("status", "assessed_on")) == [("eligible", DAY), ("refused", later)]
    assert LogEntry.objects.order_by("sequence").last().rows.count() == 2


def test_a_corrected_person_is_assessed_in_every_application(programme: Programme, ani: User):
    first = factories.applicant(programme)
    second = factories.applicant(programme, 2, of=first.person)
    services.assess(programme=programme, by=None, on=DAY)
    first.refresh_from_db()
    first.person.birth_date = datetime.date(2010, 1, 1)
    proposed = services.correct(applicant=first, by=None, on=DAY, reason="As on the card")
    changes.approve_change(change=proposed, by=ani, on=DAY)
    second.refresh_from_db()
    assert len(second.reasons) == 2
    assert not [fault for fault in verify_log() if "changed" in str(fault)]


def test_assessing_asks_the_database_as_often_for_thirty_as_for_one(
    programme: Programme, django_assert_max_num_queries: DjangoAssertNumQueries
):
    for number in range(1, 31):
        factories.applicant(programme, number)
    with django_assert_max_num_queries(23):
        services.assess(programme=programme, by=None, on=DAY)


def test_a_correction_is_kept_and_assessed_again(programme: Programme, ani: User):
    applicant = factories.applicant(programme)
    applicant.idea, applicant.person.address = "Membuat kue", "Jalan Betul 1"
    services.correct(applicant=applicant, by=ani, on=DAY)
    stored = Applicant.objects.select_related("person").get()
    assert (stored.status, stored.idea, stored.person.address) == ("eligible", "Membuat kue", "Jalan Betul 1")
    assert LogEntry.objects.filter(verb="applicants.corrected", by=ani).exists()


def test_reading_a_nik_leaves_a_line_with_its_purpose_and_not_the_nik(programme: Programme, ani: User):
    applicant = factories.applicant(programme)
    shown = services.reveal_numbers(applicant=applicant, purpose=" compare with the card ", by=ani)
    columns = ("nik", "phone", "family_card", "account")
    assert shown == {name: getattr(applicant.person, name) for name in columns}
    entry = LogEntry.objects.get(verb="applicants.numbers_read")
    assert (entry.by, entry.data) == (ani, {"purpose": "compare with the card"})


def test_a_nik_is_not_shown_without_a_purpose(programme: Programme, ani: User):
    with pytest.raises(Refused):
        services.reveal_numbers(applicant=factories.applicant(programme), purpose="  - ", by=ani)
    assert not LogEntry.objects.exists()


def test_nobody_is_eligible_without_score_band_and_rule_set(programme: Programme):
    applicant = factories.applicant(programme)
    with pytest.raises(IntegrityError):
        Applicant.objects.filter(pk=applicant.pk).update(status="eligible")
