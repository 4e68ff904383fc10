"""The public form: open when the calendar says so, kept page by page, sent once, and closed to guesses."""

import datetime
import hashlib
import re
from itertools import count
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from kawasan.applicants import codes, rules
from kawasan.applicants.models import Applicant, Consent, Draft, Person
from kawasan.applicants.services import drafts
from kawasan.applicants.tests import factories
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.core.services import verify_log
from kawasan.core.text import Text
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.django_db
OPEN_DAY = datetime.date(2022, 8, 10)


@pytest.fixture
def opened(programme: Programme) -> Programme:
    """The programme on a day on which its calendar takes applications."""
    programme.as_of = OPEN_DAY
    programme.save(update_fields=["as_of"])
    factories.place(programme)
    return programme


@pytest.fixture
def phone() -> Client:
    return Client(headers={"accept-language": "en"})


def pages(programme: Programme, **changes: Any) -> dict[str, dict[str, Any]]:
    """What somebody answers, page by page."""
    said: dict[str, Any] = {
        "nik": factories.nik(datetime.date(1990, 5, 17)),
        "name": "Orang Contoh",
        "sex": "female",
        "birth_date": "1990-05-17",
        "family_card": "1971010101200001",
        "mother_name": "Ibu Contoh",
        "phone": "0812-0000-0001",
        "place": str(factories.place(programme).pk),
        "address": "Jalan Contoh 1",
        "rt": "001",
        "rw": "002",
        "education": "senior",
        "disability": "",
        "activity_now": "unemployed",
        "months_without_work": "12",
        "household_size": "4",
        "household_income_idr": "1,500,000",
        "dependants": "2",
        "household_workers": "1",
        "field": str(programme.fields.all()[0].pk),
        "helped_by": "Ketua RT",
        "idea": "Membuat getas untuk toko oleh-oleh",
    } | changes
    return {step.code: {name: said[name] for name in step.fields if name in said} for step in rules.STEPS}


def address(programme: Programme, route: str, *arguments: str) -> str:
    return reverse(f"applicants:{route}", args=[programme.code, *arguments])


def begin(phone: Client, programme: Programme) -> str:
    """Begin as somebody without a script does; the code of the draft."""
    page = phone.get(address(programme, "apply")).content.decode()
    token = re.search(r'name="challenge" value="(.+?)"', page)
    assert token
    total = sum(rules.question(signing.loads(token[1], salt="kawasan.proof")))
    phone.post(address(programme, "apply"), {"challenge": token[1], "total": str(total)})
    shown = phone.get(address(programme, "step", "card")).content.decode()
    code = re.search(r'<p class="code">(.+?)</p>', shown)
    assert code
    return code[1]


def fill(phone: Client, programme: Programme, /, **changes: Any) -> None:
    for step, said in pages(programme, **changes).items():
        fill_page(phone, programme, step, said)


def fill_page(phone: Client, programme: Programme, step: str, said: dict[str, Any]) -> None:
    """Answer one page; what is remarked about a number is read and confirmed."""
    answer = phone.post(address(programme, "step", step), said)
    if answer.status_code == 200:
        seen = re.search(r'name="seen" value="(.+?)"', answer.content.decode())
        assert seen, answer.content.decode()
        answer = phone.post(address(programme, "step", step), said | {"seen": seen[1]})
    assert answer.status_code == 302, re.findall(r"invalid-feedback.+?</div>", answer.content.decode())


def send(phone: Client, programme: Programme) -> Any:
    return phone.post(address(programme, "check"), {"notice": "on"}, follow=True)


def apply(phone: Client, programme: Programme, /, **changes: Any) -> Any:
    begin(phone, programme)
    fill(phone, programme, **changes)
    return send(phone, programme)


def test_somebody_without_a_script_applies_and_gets_a_receipt(phone: Client, opened: Programme) -> None:
    page = apply(phone, opened).content.decode()
    made = Applicant.objects.get()
    assert codes.receipt_code(opened.code, made.code) in page
    assert "<svg" in page
    assert (made.source, made.person.source, made.applied_on) == ("public form", "public form", OPEN_DAY)
    assert made.household_income_idr == 1_500_000
    assert made.person.phone == "+6281200000001"
    assert made.helped_by == "Ketua RT"
    assert made.status == "eligible"


def faults() -> set[str]:
    with override("en"):
        return {str(fault) for fault in verify_log()}


def test_the_log_covers_what_was_sent_and_leaves_unfinished_ones_out(phone: Client, opened: Programme) -> None:
    before = faults()
    begin(Client(headers={"accept-language": "en"}), opened)
    apply(phone, opened)
    assert faults() == before
    assert LogEntry.objects.filter(verb="applicants.consented").count() == 1


def test_a_consent_names_the_very_text_that_was_shown(phone: Client, opened: Programme) -> None:
    apply(phone, opened)
    given = Consent.objects.get()
    with override("en"):
        shown = drafts.text_of(rules.ConsentKind.NOTICE)
    assert (given.kind, given.language, given.version) == ("notice", "en", rules.NOTICE_VERSION)
    assert given.text_hash == hashlib.sha256(shown.encode()).hexdigest()


def test_nothing_is_sent_without_the_notice(phone: Client, opened: Programme) -> None:
    begin(phone, opened)
    fill(phone, opened)
    assert phone.post(address(opened, "check"), {"photos": "on"}).status_code == 422
    assert not Applicant.objects.exists()


def test_an_application_that_is_sent_twice_is_entered_once(phone: Client, opened: Programme) -> None:
    first = apply(phone, opened).content
    second = send(phone, opened).content
    assert Applicant.objects.count() == 1
    assert re.findall(rb'class="code">(.+?)<', first) == re.findall(rb'class="code">(.+?)<', second)


def test_a_device_is_known_again_by_a_mark_and_another_device_has_another(phone: Client, opened: Programme) -> None:
    apply(phone, opened)
    apply(phone, opened, nik=factories.nik(datetime.date(1991, 5, 17)), birth_date="1991-05-17", phone="081200000002")
    other = Client(headers={"accept-language": "en"})
    apply(other, opened, nik=factories.nik(datetime.date(1992, 5, 17)), birth_date="1992-05-17", phone="081200000003")
    first, second, third = opened.applicants.order_by("code").values_list("device", flat=True)
    assert first == second != third
    assert len(third) == len(first) == 32


def test_a_person_is_known_again_however_the_numbers_are_written(phone: Client, opened: Programme) -> None:
    apply(phone, opened)
    nik = factories.nik(datetime.date(1990, 5, 17))
    spaced = {"nik": f"{nik[:4]} {nik[4:8]} {nik[8:12]} {nik[12:]}", "family_card": "1971-0101-0120-0001"}
    again = apply(Client(headers={"accept-language": "en"}), opened, **spaced)
    page = again.content.decode()
    assert again.status_code == 422
    assert "Nothing was entered a second time" in page
    assert "public.css" in page  # the light page, not the office's
    assert reverse("reports:own_application", args=[opened.code]) in page
    assert Applicant.objects.count() == 1


def test_two_devices_with_one_code_enter_it_once(phone: Client, opened: Programme) -> None:
    code = begin(phone, opened)
    fill(phone, opened)
    other = Client(headers={"accept-language": "en"})
    other.post(address(opened, "resume"), {"code": code})
    send(phone, opened)
    assert "Your application was received" in send(other, opened).content.decode()
    assert Applicant.objects.count() == 1


def test_the_service_sends_a_draft_once_whoever_asks(opened: Programme) -> None:
    code = drafts.start(programme=opened, by=None)
    draft = Draft.objects.get(digest=codes.digest_of(code))

    def attempt() -> Applicant:
        person = Person(**{"sex": "female", "name": "A", "nik": "1" * 16, "address": "B", "education": "none"})
        person.place, person.birth_date = factories.place(opened), datetime.date(1990, 1, 1)
        applicant = Applicant(
            field=opened.fields.all()[0], idea="C", activity_now="unemployed", months_without_work=1,
            household_size=1, household_income_idr=0, dependants=0, household_workers=0,
        )  # fmt: skip
        consents = [rules.ConsentKind.NOTICE]
        return drafts.send(
            draft=draft, person=person, applicant=applicant, consents=consents, device="a", by=None, on=OPEN_DAY
        )

    assert attempt() == attempt()
    assert Person.objects.count() == 1


def test_answers_are_kept_at_each_page_and_taken_up_on_another_device(phone: Client, opened: Programme) -> None:
    code = begin(phone, opened)
    fill_page(phone, opened, "card", pages(opened)["card"])
    other = Client(headers={"accept-language": "en"})
    answer = other.post(address(opened, "resume"), {"code": code.lower().replace("-", " ")})
    assert answer["Location"] == address(opened, "step", "family")
    assert "Orang Contoh" in other.get(address(opened, "step", "card")).content.decode()


def test_the_database_holds_neither_code_nor_answers_of_a_draft(phone: Client, opened: Programme) -> None:
    code = begin(phone, opened)
    fill(phone, opened)
    draft = Draft.objects.get()
    stored = f"{draft.digest} {draft.sealed}"
    assert code not in stored
    assert codes.plain(code) not in stored
    assert "Contoh" not in stored
    assert codes.unsealed(draft.sealed, codes.new_draft_code()) == {}


def test_after_thirty_days_a_code_opens_nothing_and_the_draft_is_deleted(phone: Client, opened: Programme) -> None:
    code = begin(phone, opened)
    with time_machine.travel(datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(days=31)):
        assert phone.post(address(opened, "resume"), {"code": code}).status_code == 422
        begin(Client(headers={"accept-language": "en"}), opened)
    assert Draft.objects.filter(digest=codes.digest_of(code)).count() == 0


def test_a_stranger_with_a_guessed_code_gets_nothing_and_is_stopped(phone: Client, opened: Programme) -> None:
    code = begin(phone, opened)
    stranger = Client(headers={"accept-language": "en"})
    for _try in range(10):
        answer = stranger.post(address(opened, "resume"), {"code": codes.new_draft_code()})
        assert "No application has this code" in answer.content.decode()
    assert "Too many wrong codes" in stranger.post(address(opened, "resume"), {"code": code}).content.decode()
    assert stranger.get(address(opened, "step", "card"))["Location"] == address(opened, "apply")


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (datetime.date(2022, 7, 31), "Applications open on 1 August 2022 and close on 31 August 2022."),
        (datetime.date(2022, 9, 1), "Applications closed on 31 August 2022."),
    ],
)
def test_the_form_is_closed_outside_the_days_of_the_calendar(
    phone: Client, opened: Programme, day: datetime.date, sentence: str
) -> None:
    begin(phone, opened)
    fill(phone, opened)
    Programme.objects.update(as_of=day)
    assert sentence in phone.get(address(opened, "apply")).content.decode()
    send(phone, opened)
    assert not Applicant.objects.exists()


def test_the_last_day_counts(phone: Client, opened: Programme) -> None:
    Programme.objects.update(as_of=datetime.date(2022, 8, 31))
    apply(phone, opened)
    assert Applicant.objects.count() == 1


def test_without_a_calendar_the_office_s_switch_decides(
    phone: Client, opened: Programme, ani: Any, client_of: Any
) -> None:
    opened.milestones.all().delete()
    assert "Applications are not open now" in phone.get(address(opened, "apply")).content.decode()
    client_of(ani).post(address(opened, "public_form"), {"is_open": "on", "complaints": "Dinas, 0717 421234"})
    page = phone.get(address(opened, "apply")).content.decode()
    assert "Applications are open." in page
    assert "Complain here: Dinas, 0717 421234" in page


def test_a_frozen_pool_closes_the_form(phone: Client, opened: Programme) -> None:
    factories.applicant(opened, frozen_on=OPEN_DAY)
    assert "nobody can apply any more" in phone.get(address(opened, "apply")).content.decode()


def test_a_nik_that_does_not_fit_is_remarked_upon_once_and_accepted(phone: Client, opened: Programme) -> None:
    begin(phone, opened)
    said = pages(opened, birth_date="1991-05-17")["card"]
    page = phone.post(address(opened, "step", "card"), said).content.decode()
    assert "Your NIK says that you were born on 17 May 1990; you wrote 17 May 1991." in page
    fill(phone, opened, birth_date="1991-05-17")
    send(phone, opened)
    assert Applicant.objects.get().status == "eligible"


def test_whoever_applies_again_is_told_and_entered_once(phone: Client, opened: Programme) -> None:
    apply(phone, opened)
    page = apply(Client(headers={"accept-language": "en"}), opened, name="O. Contoh").content.decode()
    assert f"You have applied already, on 10 August 2022, with number {Applicant.objects.get().code}." in page
    assert Applicant.objects.count() == 1


def test_a_stranger_who_knows_a_nik_learns_nothing_and_blocks_nobody(phone: Client, opened: Programme) -> None:
    apply(phone, opened)
    other = {"family_card": "1971010101209999", "phone": "0812-0000-0009", "name": "Orang Lain"}
    page = apply(Client(headers={"accept-language": "en"}), opened, **other).content.decode()
    assert "applied already" not in page
    assert Applicant.objects.count() == 2
    found = [str(Text.restored(one)) for one in Applicant.objects.get(person__name="Orang Lain").warnings]
    assert any(one.startswith("The same NIK as") for one in found)


def test_whoever_withdrew_may_apply_again(phone: Client, opened: Programme) -> None:
    apply(phone, opened)
    Applicant.objects.update(status="withdrawn", withdrawn_on=OPEN_DAY, withdrawal_reason="Pindah")
    apply(Client(headers={"accept-language": "en"}), opened)
    assert Applicant.objects.count() == 2


def test_a_filled_trap_is_refused(phone: Client, opened: Programme) -> None:
    page = phone.get(address(opened, "apply")).content.decode()
    token = re.findall(r'name="challenge" value="(.+?)"', page)[0]
    total = sum(rules.question(signing.loads(token, salt="kawasan.proof")))
    said = {"challenge": token, "total": str(total), "website": "https://example.org"}
    assert phone.post(address(opened, "apply"), said).status_code == 422
    assert not Draft.objects.exists()


def test_a_machine_that_worked_begins_without_the_sum_and_once(phone: Client, opened: Programme) -> None:
    page = phone.get(address(opened, "apply")).content.decode()
    token = re.findall(r'name="challenge" value="(.+?)"', page)[0]
    proof = next(number for number in count() if rules.has_proof(token, str(number)))
    assert phone.post(address(opened, "apply"), {"challenge": token, "proof": str(proof)}).status_code == 302
    assert phone.post(address(opened, "apply"), {"challenge": token, "proof": str(proof)}).status_code == 422
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("said", [{"total": "0"}, {"proof": "1"}, {}])
def test_neither_sum_nor_work_begins_nothing(phone: Client, opened: Programme, said: dict[str, str]) -> None:
    page = phone.get(address(opened, "apply")).content.decode()
    token = re.findall(r'name="challenge" value="(.+?)"', page)[0]
    if rules.has_proof(token, said.get("proof", "")):
        return
    assert phone.post(address(opened, "apply"), {"challenge": token, **said}).status_code == 422
    assert not Draft.objects.exists()


def test_without_work_an_address_begins_ten_an_hour(phone: Client, opened: Programme) -> None:
    with time_machine.travel(datetime.datetime(2026, 1, 1, 8, 10, tzinfo=datetime.UTC), tick=False):
        for _one in range(10):
            begin(Client(headers={"accept-language": "en"}), opened)
        page = phone.get(address(opened, "apply")).content.decode()
        token = re.findall(r'name="challenge" value="(.+?)"', page)[0]
        total = sum(rules.question(signing.loads(token, salt="kawasan.proof")))
        answer = phone.post(address(opened, "apply"), {"challenge": token, "total": str(total)})
    assert "Try again in an hour" in answer.content.decode()
    assert Draft.objects.count() == 10


def test_a_sent_draft_takes_no_more_answers(opened: Programme) -> None:
    code = drafts.start(programme=opened, by=None)
    draft = Draft.objects.get()
    draft.applicant = factories.applicant(opened)
    draft.save(update_fields=["applicant"])
    with pytest.raises(Refused, match="sent already"):
        drafts.keep(draft=draft, code=code, answers={"name": "X"}, by=None)


def test_places_are_listed_under_their_district(phone: Client, opened: Programme) -> None:
    begin(phone, opened)
    page = phone.get(address(opened, "step", "home")).content.decode()
    assert '<optgroup label="Kecamatan 19.71.01">' in page


def test_a_page_of_the_form_takes_few_queries(
    phone: Client, opened: Programme, django_assert_max_num_queries: Any
) -> None:
    begin(phone, opened)
    fill(phone, opened)
    for page in (address(opened, "apply"), address(opened, "step", "home"), address(opened, "check")):
        with django_assert_max_num_queries(12):
            assert phone.get(page).status_code == 200


def test_the_office_prints_a_receipt_again(opened: Programme, budi: Any, client_of: Any) -> None:
    made = factories.applicant(opened)
    page = client_of(budi).get(address(opened, "office_receipt", made.code)).content.decode()
    assert codes.receipt_code(opened.code, made.code) in page


def test_desil_and_disaster_are_asked_where_they_weigh_and_may_stay_empty(phone: Client, opened: Programme) -> None:
    opened.rule_sets.update(weight_income=20, weight_desil=20)
    begin(phone, opened)
    said = {"desil": "2", "desil_source": "DTSEN", "desil_on": "2022-07-01"}
    for step, answers in (pages(opened) | {"hardship": said}).items():
        fill_page(phone, opened, step, answers)
    assert "DTSEN" in phone.get(address(opened, "check")).content.decode()
    send(phone, opened)
    made = Applicant.objects.get()
    assert (made.desil, made.desil_on, made.disaster, made.disaster_on) == (2, datetime.date(2022, 7, 1), "", None)
    assert {part["label"]: part["points"] for part in made.need_parts}["Desil"] == 17.8  # 20 x 8/9


def test_who_knows_no_desil_goes_on_and_gets_no_points_for_it(phone: Client, opened: Programme) -> None:
    opened.rule_sets.update(weight_income=20, weight_desil=20)
    begin(phone, opened)
    nothing = dict.fromkeys(("desil", "desil_source", "desil_on", "disaster", "disaster_on"), "")
    for step, answers in (pages(opened) | {"hardship": nothing}).items():
        fill_page(phone, opened, step, answers)
    send(phone, opened)
    made = Applicant.objects.get()
    assert made.desil is None
    assert {part["label"]: part["points"] for part in made.need_parts}["Desil"] == 0
    assert made.status == "eligible"


@pytest.mark.parametrize(
    "said",
    [{"desil": "2"}, {"desil": "2", "desil_source": "DTSEN"}, {"disaster": "Banjir, kata RT"}],
)
def test_what_would_give_no_points_is_asked_for(phone: Client, opened: Programme, said: dict[str, str]) -> None:
    opened.rule_sets.update(weight_income=20, weight_desil=20)
    begin(phone, opened)
    for step, answers in pages(opened).items():
        if step != "business":
            fill_page(phone, opened, step, answers)
    page = phone.post(address(opened, "step", "hardship"), said).content.decode()
    assert "without it the answer gives no points" in page


def test_an_idea_is_no_book(opened: Programme) -> None:
    factories.applicant(opened, 1, idea="x" * 2000).full_clean()
    with pytest.raises(ValidationError, match="2000"):
        factories.applicant(opened, 2, idea="x" * 2001).full_clean()


@pytest.mark.parametrize("name", ["desil_on", "disaster_on"])
def test_nobody_saw_anything_on_a_day_that_is_still_to_come(opened: Programme, name: str) -> None:
    applicant = factories.applicant(opened, **{name: datetime.date(2999, 1, 1)})
    with override("en"), pytest.raises(ValidationError, match="still to come"):
        applicant.full_clean()
