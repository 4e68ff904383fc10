"""People who are guaranteed a seat or kept out of the draw: what counts, who may say so, and what is published."""

import datetime
import json
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kawasan.applicants.models import Person
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.core.services import verify_log
from kawasan.engine import certificate
from kawasan.programmes.models import Programme
from kawasan.selection import queries, services
from kawasan.selection.models import Draw, DrawException, Seat
from kawasan.selection.rules import ExceptionKind, pseudonym
from kawasan.selection.tests import factories
from kawasan.selection.tests.factories import DAY, SALT, SOURCE, excepted

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def freeze(programme: Programme) -> Draw:
    return services.freeze_pool(programme=programme, source=SOURCE, by=None, salt=SALT, secret="rahasia", on=DAY)


def refusal(call: Callable[..., object], **arguments: object) -> str:
    with translation.override("en"), pytest.raises(Refused) as refused:
        call(**arguments)
    return str(refused.value)


def at(programme: Programme, name: str, *args: object) -> str:
    return reverse(f"selection:{name}", args=[programme.code, *args])


def test_whoever_is_guaranteed_sits_in_every_panel_and_whoever_is_barred_is_not_in_the_pool(programme: Programme):
    factories.pool(programme)
    excepted(programme, "A001", "guaranteed")
    excepted(programme, "A002", "barred")
    draw = freeze(programme)
    chance = queries.chances(draw)
    assert chance[pseudonym(SALT, "A001")] == 1
    assert pseudonym(SALT, "A002") not in chance
    assert len(chance) == 9
    factories.draw_from(draw)
    assert Seat.objects.held().filter(applicant__code="A001").exists()
    assert not Seat.objects.filter(applicant__code="A002").exists()


def test_everybody_of_a_guaranteed_band_has_a_seat_in_every_panel(programme: Programme):
    factories.pool(programme)
    band = programme.applicants.get(code="A003").need_band
    programme.applicants.exclude(code="A003").update(need_band=programme.need_bands.exclude(pk=band.pk).first())
    programme.need_bands.filter(pk=band.pk).update(is_guaranteed=True)
    draw = freeze(programme)
    assert queries.chances(draw)[pseudonym(SALT, "A003")] == 1
    assert draw.frozen["guaranteed_bands"] == [band.code]
    assert draw.frozen["in_bands"] == [[pseudonym(SALT, "A003"), band.code]]
    checks = certificate.verify(services.certificate_of(draw=factories.draw_from(draw)))
    assert all(check.holds for check in checks)


def test_a_barred_person_of_a_guaranteed_band_stays_out(programme: Programme):
    factories.pool(programme)
    excepted(programme, "A003", "barred")
    programme.need_bands.update(is_guaranteed=True)
    assert "A003" not in {one.code for one in queries.candidates(programme)}


def test_the_certificate_shows_exceptions_by_pseudonym_and_the_rules_hash_binds_them(programme: Programme):
    factories.pool(programme)
    made = excepted(programme, "A001", "guaranteed")
    excepted(programme, "A002", "barred")
    draw = factories.draw_from(freeze(programme))
    read = json.loads(json.dumps(services.certificate_of(draw=draw)))
    assert [pseudonym(SALT, "A001"), "guaranteed", made.reason] in read["frozen"]["exceptions"]
    assert len(read["frozen"]["exceptions"]) == 2
    assert "A001" not in json.dumps(read)
    assert not [check.name for check in certificate.verify(read) if not check.holds]
    read["frozen"]["exceptions"].pop()
    assert {check.name for check in certificate.verify(read) if not check.holds} >= {"hashes"}


def test_without_exceptions_nothing_more_is_frozen_than_before(programme: Programme):
    assert not {"exceptions", "guaranteed_bands"} & factories.frozen(programme).frozen.keys()


def test_an_exception_of_somebody_who_is_not_eligible_is_not_published(programme: Programme):
    factories.pool(programme)
    excepted(programme, "A001", "guaranteed")
    programme.applicants.filter(code="A001").update(status="refused", reasons=["…"])
    assert "exceptions" not in freeze(programme).frozen


def test_an_exception_that_nobody_confirmed_blocks_freezing_and_does_not_count(programme: Programme):
    factories.pool(programme)
    excepted(programme, "A001", "guaranteed", confirmed=False)
    assert not any(one.certain for one in queries.candidates(programme))
    said = refusal(services.freeze_pool, programme=programme, source=SOURCE, by=None)
    assert "Exceptions that nobody else confirmed yet: 1." in said


def test_an_exception_that_changes_while_the_pool_is_frozen_is_not_passed_over(programme: Programme):
    draw = factories.frozen(programme)
    candidates = queries.candidates(programme)
    services.cancel_draw(draw=draw, reason="forgotten somebody", by=None)
    excepted(programme, "A001", "guaranteed")
    draw.pk = None
    with pytest.raises(Refused, match="changed while"):
        services.draw._record_pool(draw, queries.candidates(programme), by=None)
    assert candidates != queries.candidates(programme)


def test_who_entered_an_exception_neither_confirms_nor_removes_it(programme: Programme, ani: User, budi: User):
    factories.pool(programme)
    made = excepted(programme, "A001", "guaranteed", confirmed=False)
    DrawException.objects.update(entered_by=ani)
    made.refresh_from_db()
    own = {"exception": made, "by": ani}
    assert "Somebody else confirms or removes it." in refusal(services.confirm_exception, **own, on=DAY)
    assert "Somebody else confirms or removes it." in refusal(services.remove_exception, **own, reason="typo")
    services.confirm_exception(exception=made, by=budi, on=DAY)
    assert DrawException.objects.confirmed().get().confirmed_by == budi


def test_nobody_alone_takes_a_guarantee_away(programme: Programme, ani: User, budi: User):
    factories.pool(programme)
    made = excepted(programme, "A001", "guaranteed")
    assert "changed meanwhile" in refusal(services.remove_exception, exception=made, by=budi, reason="revoked")
    services.doubt_exception(exception=made, reason="the decision was revoked", by=budi)
    assert "Somebody else" in refusal(services.remove_exception, exception=made, by=budi, reason="revoked")
    services.remove_exception(exception=made, by=ani, reason="revoked")
    assert not DrawException.objects.exists()


def test_taking_back_and_removing_need_a_reason(programme: Programme, ani: User):
    factories.pool(programme)
    made = excepted(programme, "A001", "guaranteed")
    assert "Say why" in refusal(services.doubt_exception, exception=made, reason=" ", by=ani)


def test_every_step_is_logged_and_the_log_stays_whole(programme: Programme, ani: User, budi: User):
    factories.pool(programme)
    made = excepted(programme, "A001", "barred")
    services.doubt_exception(exception=made, reason="another person was meant", by=ani)
    services.remove_exception(exception=made, reason="another person was meant", by=budi)
    verbs = LogEntry.objects.filter(verb__startswith="selection.exception").order_by("sequence")
    steps = ["added", "confirmed", "doubted", "removed"]
    assert list(verbs.values_list("verb", flat=True)) == [f"selection.exception_{step}" for step in steps]
    assert not [text for text in verify_log() if "DrawException" in str(text)]


@pytest.mark.parametrize("step", ["add", "confirm", "doubt", "remove"])
def test_after_freezing_no_exception_changes(programme: Programme, ani: User, step: str):
    factories.pool(programme)
    made = excepted(programme, "A001", "guaranteed")
    freeze(programme)
    more = {"add": {}, "confirm": {"on": DAY}}.get(step, {"reason": "revoked"})
    call = getattr(services, f"{step}_exception")
    assert "The pool is frozen" in refusal(call, exception=made, by=ani, **more)


def test_one_applicant_has_one_exception_and_a_reason_of_a_few_words(programme: Programme):
    factories.pool(programme)
    excepted(programme, "A001", "guaranteed")
    with translation.override("en"), pytest.raises(ValidationError, match="already"):
        excepted(programme, "A001", "barred")
    short = DrawException(
        programme=programme,
        applicant=programme.applicants.get(code="A002"),
        kind="barred",
        reason="Karena.",
        decided_by="Dinas",
        decided_on=DAY,
    )
    with pytest.raises(ValidationError, match="15"):
        services.add_exception(exception=short, by=None)


def test_guaranteed_people_who_are_alone_too_many_are_named_as_the_conflict(programme: Programme):
    factories.pool(programme)
    for code in ("A001", "A002", "A004", "A005", "A007"):
        excepted(programme, code, "guaranteed")
    Person.objects.filter(code__in=["P001", "P002"]).update(family_card="1971010101200001")
    said = refusal(services.freeze_pool, programme=programme, source=SOURCE, by=None)
    assert "The guaranteed people alone are 5, but there are only 4 seats." in said
    assert "The guaranteed people alone take 5 seats of Field “Culinary”, which may have at most 3." in said
    assert "The guaranteed people alone are more than 1 in some households (1)" in said


def test_why_the_draw_decides_nothing_of_somebody_is_said(programme: Programme):
    factories.pool(programme)
    programme.fields.filter(code="digital").update(least_seats=3)
    excepted(programme, "A001", "guaranteed")
    draw = freeze(programme)
    with translation.override("en"):
        names = queries.value_names(programme, programme.fields.all())
        found = [(row.is_certain, str(row.why), row.people) for row in queries.settled(draw, names)]
    assert found == [
        (True, "Field “Digital services”: at least 3 seats, and the pool has 3", 3),
        (True, "guaranteed a seat before the draw", 1),
        (False, "the fairest list that the quotas allow seats them in no panel", 6),
    ]


@pytest.mark.parametrize(
    ("most", "guaranteed", "why"),
    [
        (0, (), "Field “Digital services”: no seats"),
        (1, ("A003",), "Field “Digital services”: at most 1 seats, and guaranteed people take as many"),
        (3, ("A001", "A002", "A003", "A004"), "guaranteed people take every seat, or every seat of the household"),
    ],
)
def test_why_somebody_has_no_chance_is_said(programme: Programme, most: int, guaranteed: tuple[str, ...], why: str):
    factories.pool(programme)
    programme.fields.filter(code="kuliner").update(most_seats=4)
    programme.fields.filter(code="digital").update(least_seats=0, most_seats=most)
    for code in guaranteed:
        excepted(programme, code, "guaranteed")
    draw = freeze(programme)
    with translation.override("en"):
        names = queries.value_names(programme, programme.fields.all())
        found = [str(row.why) for row in queries.settled(draw, names) if not row.is_certain]
    assert found == [why]


def test_of_a_household_with_somebody_guaranteed_the_others_have_no_chance(programme: Programme):
    factories.pool(programme)
    Person.objects.filter(code__in=["P001", "P002"]).update(family_card="1971010101200001")
    excepted(programme, "A001", "guaranteed")
    draw = freeze(programme)
    assert queries.chances(draw)[pseudonym(SALT, "A002")] == 0
    found = [(str(row.why), row.people) for row in queries.settled(draw, {}) if not row.is_certain]
    assert found == [("guaranteed people take every seat, or every seat of the household", 1)]


def test_a_manager_enters_an_exception_and_a_verifier_confirms_it(
    programme: Programme, ani: User, budi: User, client_of: ClientOf
):
    factories.pool(programme)
    given = {
        "applicant": "A001",
        "kind": "guaranteed",
        "reason": "Keputusan 12/2022",
        "decided_by": "Kepala Dinas",
        "decided_on": "2022-09-01",
    }
    manager, verifier = client_of(ani), client_of(budi)
    page = manager.post(at(programme, "add_exception"), given, follow=True).content.decode()
    made = DrawException.objects.get()
    assert "Keputusan 12/2022" in page
    assert at(programme, "confirm_exception", made.pk) not in page
    assert manager.post(at(programme, "confirm_exception", made.pk)).status_code == 422
    page = verifier.get(at(programme, "exceptions")).content.decode()
    assert at(programme, "confirm_exception", made.pk) in page
    verifier.post(at(programme, "confirm_exception", made.pk))
    assert DrawException.objects.confirmed().get().confirmed_by == budi
    again = manager.post(at(programme, "add_exception"), given)
    assert "There is an exception for this applicant already." in again.content.decode()


def test_an_applicant_who_does_not_exist_gets_no_exception(programme: Programme, ani: User, client_of: ClientOf):
    page = client_of(ani).post(at(programme, "add_exception"), {"applicant": "A999"})
    assert "No eligible applicant has this code." in page.content.decode()


def test_the_pool_shows_by_pseudonym_who_is_certain_and_the_page_the_reasons_without_names(
    programme: Programme, ani: User, client_of: ClientOf
):
    factories.pool(programme)
    made = excepted(programme, "A001", "guaranteed")
    name = made.applicant.person.name
    before = client_of(ani).get(at(programme, "selection"))
    assert before.context["excepted"] == {"guaranteed": 1, "barred": 0, "waiting": 0}
    freeze(programme)
    pool = client_of(ani).get(at(programme, "pool"), {"start": pseudonym(SALT, "A001")}).content.decode()
    assert "guaranteed a seat before the draw" in pool
    page = client_of(ani).get(at(programme, "selection")).content.decode()
    assert "1 certain of a seat" in page
    assert made.reason in page
    assert name not in page


def test_the_rehearsal_says_who_is_certain(programme: Programme, budi: User, client_of: ClientOf):
    factories.pool(programme)
    excepted(programme, "A001", "guaranteed")
    page = client_of(budi).get(at(programme, "rehearsal"), {"seed": "1"}).content.decode()
    assert "1 certain of a seat" in page


def test_a_decision_of_a_day_to_come_is_not_entered(programme: Programme):
    factories.pool(programme)
    exception = DrawException(
        programme=programme,
        applicant=programme.applicants.get(code="A001"),
        kind=ExceptionKind.GUARANTEED,
        reason="Keputusan 12/2022 tentang korban banjir",
        decided_by="Kepala Dinas",
        decided_on=datetime.date(2099, 1, 1),
    )
    with pytest.raises(Refused, match="has not come yet"):
        services.add_exception(exception=exception, by=None)
    assert not DrawException.objects.exists()
