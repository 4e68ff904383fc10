import datetime
import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from kawasan.applicants.models import Applicant, Person
from kawasan.applicants.services import assess, mark_withdrawn
from kawasan.applicants.tests import factories as applicants
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.core.services import verify_log
from kawasan.core.text import Text
from kawasan.engine import certificate
from kawasan.engine.randomness import seed_of
from kawasan.programmes.models import Programme, Quota
from kawasan.selection import services
from kawasan.selection.models import Decree, Draw, Seat
from kawasan.selection.rules import pseudonym
from kawasan.selection.tests import factories
from kawasan.selection.tests.factories import DAY, SALT, SOURCE

pytestmark = pytest.mark.django_db
DECREE = {"number": "SK/1/2022", "dated": DAY, "signer": "Kepala Dinas", "signer_title": "Kepala"}


def refusal(call, **arguments: object) -> str:
    with pytest.raises(Refused) as refused:
        call(by=None, **arguments)
    return str(refused.value)


def test_a_frozen_pool_holds_the_eligible_by_pseudonym_only(programme: Programme, ani: User):
    factories.pool(programme, 6)
    Applicant.objects.filter(code="A006").update(status="refused", reasons=["…"])
    draw = services.freeze_pool(programme=programme, source=SOURCE, by=ani, on=DAY)
    assert [row[0] for row in draw.pool] == sorted(pseudonym(draw.salt, f"A{n:03}") for n in range(1, 6))
    assert draw.pool[0][3].keys() == {"field", "sex", "district", "age_group", "need_band", "disability"}
    assert "Orang Contoh" not in json.dumps(draw.pool)
    assert LogEntry.objects.get(verb="selection.frozen").by == ani


def test_what_is_published_before_the_draw_has_its_hash_and_neither_salt_nor_secret(programme: Programme):
    draw = Draw.objects.get(pk=factories.frozen(programme).pk)
    published = json.loads(json.dumps(services.certificate_of(draw=draw)))
    assert published["hashes"] == certificate.hashes_of(published["frozen"])
    assert published["hashes"]["frozen"] == draw.frozen_hash
    assert published["frozen"]["people"] == certificate.hash_of(draw.pool)
    assert published["frozen"]["commitment"] == certificate.commitment_of(draw.secret)
    assert published["frozen"]["source"] == SOURCE
    assert draw.secret not in json.dumps(published)
    assert draw.salt not in json.dumps(published)


def test_no_pool_is_frozen_before_it_is_said_which_value_decides(programme: Programme):
    factories.pool(programme)
    assert "Say which public value will decide" in refusal(services.freeze_pool, programme=programme, source=" ")


def test_every_claim_of_the_certificate_holds_also_after_calls(programme: Programme):
    draw = factories.drawn(programme, 12)
    waiting = Seat.objects.waiting().first()
    services.withdraw(applicant=waiting.applicant, reason="Moved away", by=None, on=DAY)
    for seat in list(Seat.objects.held()[:3]):
        services.decline(seat=seat, by=None, on=DAY)
        services.call_reserve(programme=programme, by=None, on=DAY)
    draw.refresh_from_db()
    read = json.loads(json.dumps(services.certificate_of(draw=draw)))
    assert [check.name for check in certificate.verify(read) if not check.holds] == []
    assert len([entry for entry in read["calls"] if entry["reserve"]]) == 3
    sitting, _waiting = certificate.seats_now(read)
    held = Seat.objects.held().values_list("applicant__code", flat=True)
    assert sorted(sitting) == sorted(pseudonym(SALT, code) for code in held)


def test_the_fields_bounds_are_quotas(programme: Programme):
    assert factories.frozen(programme).quotas == [
        ["field", "digital", 1, 3],
        ["field", "kuliner", 1, 3],
        ["sex", "female", 1, 4],
    ]


def test_the_district_is_that_of_the_kelurahan(programme: Programme):
    assert {row[3]["district"] for row in factories.frozen(programme).pool} == {"19.71.01"}


def test_a_family_card_makes_a_household_and_none_makes_one_alone(programme: Programme):
    factories.pool(programme, 6)
    Person.objects.filter(code__in=["P001", "P002"]).update(family_card="1971010101200001")
    Person.objects.filter(code__in=["P003", "P004"]).update(family_card="")
    draw = services.freeze_pool(programme=programme, source=SOURCE, by=None, salt=SALT)
    assert len({row[1] for row in draw.pool}) == 5


def test_a_pool_is_frozen_once_however_often_it_is_asked(programme: Programme):
    factories.frozen(programme)
    assert (
        refusal(services.freeze_pool, programme=programme, source=SOURCE)
        == "The pool of this programme is frozen already."
    )
    assert Draw.objects.count() == 1


def test_nobody_waits_for_panels_of_a_pool_that_is_frozen_already(
    programme: Programme, django_assert_max_num_queries: Any
):
    factories.frozen(programme)
    with django_assert_max_num_queries(1), pytest.raises(Refused, match="is frozen already"):
        services.freeze_pool(programme=programme, source=SOURCE, by=None)


def test_a_pool_that_changed_while_being_frozen_is_not_recorded(programme: Programme):
    draw = factories.frozen(programme)
    services.cancel_draw(draw=draw, reason="forgotten somebody", by=None)
    stale = services.pool_now(programme=programme).candidates
    mark_withdrawn(applicant=Applicant.objects.get(code="A001"), reason="Moved away", by=None, on=DAY)
    draw.pk = None
    with pytest.raises(Refused, match="changed while"):
        services.draw._record_pool(draw, stale, by=None)


def test_nobody_is_frozen_before_all_are_assessed(programme: Programme):
    factories.pool(programme)
    applicants.applicant(programme, 99)
    assert "Applications not assessed yet: 1" in refusal(services.freeze_pool, programme=programme, source=SOURCE)


def test_quotas_that_cannot_hold_are_named_with_what_would_help(programme: Programme):
    factories.pool(programme)
    Quota.objects.create(programme=programme, feature="disability", value="yes", least=1, most=4, reason="Contoh")
    with translation.override("en"):
        said = refusal(services.freeze_pool, programme=programme, source=SOURCE)
    assert "Disability “Yes”: 1 to 4 seats; the pool has 0" in said
    assert "Disability “Yes”: 0 to 4 seats" in said
    assert not Draw.objects.exists()


def test_more_seats_than_people_are_refused(programme: Programme):
    factories.pool(programme, 3)
    assert "Only 3 of the 4 seats can be filled" in refusal(services.freeze_pool, programme=programme, source=SOURCE)


def test_the_seed_comes_from_what_was_frozen_the_secret_and_the_public_value(programme: Programme):
    draw = factories.drawn(programme)
    assert draw.seed == seed_of(draw.frozen_hash, draw.secret, "6.812,19")


def test_a_draw_meets_every_quota_and_everybody_else_waits(programme: Programme):
    draw = Draw.objects.get(pk=factories.drawn(programme).pk)
    features = {row[0]: row[3] for row in draw.pool}
    chosen = [features[name] for name in draw.result["people"]]
    assert len(chosen) == 4
    assert 1 <= sum(one["field"] == "digital" for one in chosen) <= 3
    assert sum(one["sex"] == "female" for one in chosen) >= 1
    assert Seat.objects.filter(kind="drawn", status="offered").count() == 4
    waiting = Seat.objects.waiting().values_list("place_in_order", flat=True)
    assert list(waiting) == [1, 2, 3, 4, 5, 6]


def test_seats_follow_the_published_result(programme: Programme):
    draw = factories.drawn(programme)
    seats = Seat.objects.filter(kind="drawn").order_by("place_in_order").select_related("applicant")
    assert [pseudonym(SALT, seat.applicant.code) for seat in seats] == draw.result["people"]


def test_the_same_pool_and_value_give_the_same_draw(programme: Programme):
    first = factories.drawn(programme)
    again = Draw.objects.get(pk=first.pk)
    Seat.objects.all().delete()
    Draw.objects.filter(pk=first.pk).update(status="frozen", result=None)
    assert services.run_draw(draw=again, by=None).result == first.result


def test_another_public_value_gives_another_seed(programme: Programme):
    draw = factories.drawn(programme, value="6.812,20")
    assert draw.seed != seed_of(draw.frozen_hash, draw.secret, "6.812,19")


def test_two_people_of_one_household_are_not_both_seated(programme: Programme):
    factories.pool(programme, 8)
    Person.objects.filter(code__in=[f"P{n:03}" for n in range(1, 6)]).update(family_card="1971010101200001")
    draw = services.freeze_pool(programme=programme, source=SOURCE, by=None, salt=SALT)
    factories.draw_from(draw)
    cards = Seat.objects.filter(kind="drawn").values_list("applicant__person__family_card", flat=True)
    assert len(set(cards)) == 4


def test_a_draw_needs_a_public_value(programme: Programme):
    draw = factories.frozen(programme)
    assert "Enter the public value" in refusal(services.enter_value, draw=draw, public_value=" ")
    assert "No public value is entered" in refusal(services.run_draw, draw=draw)


def test_the_value_of_a_rehearsal_decides_no_draw(programme: Programme):
    draw = factories.frozen(programme)
    assert "the value of a rehearsal" in refusal(services.enter_value, draw=draw, public_value="REHEARSAL 1")


def test_nobody_draws_alone(programme: Programme, ani: User, budi: User):
    draw = factories.frozen(programme)
    services.enter_value(draw=draw, public_value="7", by=ani)
    with pytest.raises(Refused, match="nobody draws alone"):
        services.run_draw(draw=draw, by=ani)
    assert services.run_draw(draw=draw, by=budi, seen="7").status == "drawn"
    assert [entry.by for entry in LogEntry.objects.filter(verb__in=["selection.value_entered", "selection.drawn"])] == [
        budi,
        ani,
    ]


def test_a_value_other_than_the_one_seen_is_not_confirmed(programme: Programme, ani: User, budi: User):
    draw = factories.frozen(programme)
    services.enter_value(draw=draw, public_value="7", by=ani)
    with pytest.raises(Refused, match="not the one that this page showed"):
        services.run_draw(draw=draw, by=budi, seen="8")
    assert not Seat.objects.exists()


def test_a_wrong_value_is_taken_back_with_a_reason_and_entered_anew(programme: Programme, ani: User, budi: User):
    draw = factories.frozen(programme)
    services.enter_value(draw=draw, public_value="7", by=ani)
    assert "entered already" in refusal(services.enter_value, draw=draw, public_value="8")
    assert "Only a frozen pool without" in refusal(services.cancel_draw, draw=draw, reason="do not like it")
    assert "Say why" in refusal(services.take_value_back, draw=draw, reason=" ")
    services.take_value_back(draw=draw, reason="mistyped", by=budi)
    assert "no public value to take back" in refusal(services.take_value_back, draw=draw, reason="again")
    services.enter_value(draw=draw, public_value="8", by=budi)
    assert services.run_draw(draw=draw, by=ani).public_value == "8"


@pytest.mark.parametrize("length", [201, 5_000])
def test_a_public_value_is_not_longer_than_what_is_stored(programme: Programme, length: int):
    draw = factories.frozen(programme)
    assert "more than 200 characters" in refusal(services.enter_value, draw=draw, public_value="7" * length)
    draw.refresh_from_db()
    assert draw.public_value == ""


def test_where_the_public_value_comes_from_is_not_longer_than_what_is_stored(programme: Programme):
    factories.pool(programme)
    refused = refusal(services.freeze_pool, programme=programme, source="x" * 301)
    assert "at most 300 characters" in refused
    assert not Draw.objects.exists()


def test_a_draw_set_back_to_before_the_draw_is_not_drawn_again(programme: Programme):
    draw = factories.drawn(programme)
    Seat.objects.all().delete()
    Draw.objects.update(status="frozen", result=None, seed="", drawn_on=None)
    draw.refresh_from_db()
    assert "does not have the hash that was published" in refusal(services.run_draw, draw=draw)


def test_of_two_people_who_draw_at_once_one_gets_a_sentence(programme: Programme):
    first = factories.frozen(programme)
    services.enter_value(draw=first, public_value="7", by=None)
    second = Draw.objects.get(pk=first.pk)
    services.run_draw(draw=first, by=None)
    assert "drawn already" in refusal(services.run_draw, draw=second)
    assert Seat.objects.count() == 10


def test_a_rehearsal_stores_nothing_and_keeps_every_quota(programme: Programme):
    factories.pool(programme)
    before = LogEntry.objects.count()
    found = services.rehearse(programme=programme, seed="x")
    assert found.seed == "REHEARSAL x"
    assert all(row.least <= row.drawn <= row.most for row in found.quotas)
    assert 0 < found.spread.least <= found.spread.most <= 1
    assert (Draw.objects.count(), Seat.objects.count(), LogEntry.objects.count()) == (0, 0, before)
    assert [row.drawn for row in services.rehearse(programme=programme, seed="x").quotas] == [
        row.drawn for row in found.quotas
    ]


def test_a_rehearsal_says_what_stands_in_the_way(programme: Programme):
    factories.pool(programme, 3)
    assert "Only 3 of the 4 seats" in str(services.rehearse(programme=programme, seed="").reasons[-1])


@pytest.mark.parametrize("column", ["pool", "frozen"])
def test_a_pool_changed_behind_the_logs_back_is_not_drawn_from(column: str, programme: Programme):
    draw = factories.frozen(programme)
    services.enter_value(draw=draw, public_value="7", by=None)
    if column == "pool":
        draw.pool[0][2] = 99
    else:
        draw.frozen["seats"] = 5
    Draw.objects.filter(pk=draw.pk).update(**{column: getattr(draw, column)})
    assert "does not have the hash that was published" in refusal(services.run_draw, draw=Draw.objects.get())


def test_a_pool_changed_with_its_hash_or_its_salt_is_not_drawn_from(programme: Programme):
    draw = factories.frozen(programme)
    services.enter_value(draw=draw, public_value="7", by=None)
    Draw.objects.update(salt="another")
    assert "does not have the hash that was published" in refusal(services.run_draw, draw=Draw.objects.get())
    draw.pool[0][2] = 99
    frozen = draw.frozen | {"people": certificate.hash_of(draw.pool)}
    hashed = certificate.hashes_of(frozen)["frozen"]
    Draw.objects.update(salt=SALT, pool=draw.pool, frozen=frozen, frozen_hash=hashed)
    assert "does not have the hash that was published" in refusal(services.run_draw, draw=Draw.objects.get())
    assert not Seat.objects.exists()


def test_somebody_who_withdrew_after_freezing_gets_no_seat(programme: Programme):
    draw = factories.frozen(programme)
    for number in range(1, 5):
        mark_withdrawn(applicant=Applicant.objects.get(code=f"A{number:03}"), reason="Moved away", by=None, on=DAY)
    factories.draw_from(draw)
    gone = Seat.objects.filter(applicant__status="withdrawn")
    assert set(gone.values_list("status", flat=True)) == {"withdrawn"}


def test_a_frozen_pool_can_be_given_up_with_a_reason_but_a_drawn_one_cannot(programme: Programme):
    draw = factories.frozen(programme)
    assert "Say why" in refusal(services.cancel_draw, draw=draw, reason=" ")
    services.cancel_draw(draw=draw, reason="somebody was forgotten", by=None)
    again = services.freeze_pool(programme=programme, source=SOURCE, by=None)
    assert again.code == "DRAW-2"
    factories.draw_from(again)
    assert "Only a frozen pool" in refusal(services.cancel_draw, draw=again, reason="do not like it")


def test_an_accepted_seat_makes_a_participant(programme: Programme, ani: User):
    factories.drawn(programme)
    seat = Seat.objects.held().first()
    services.accept(seat=seat, by=ani, on=DAY)
    assert list(Seat.objects.participants()) == [seat]
    assert LogEntry.objects.get(verb="selection.accepted").by == ani


def test_a_seat_is_decided_once(programme: Programme):
    factories.drawn(programme)
    seat = Seat.objects.held().first()
    same = Seat.objects.get(pk=seat.pk)
    services.decline(seat=seat, by=None, on=DAY, note="found work")
    assert "“Declined” and cannot become “Accepted”" in refusal(services.accept, seat=same, on=DAY)
    seat.refresh_from_db()
    assert (seat.status, seat.note) == ("declined", "found work")


def test_whoever_leaves_gives_seat_and_application_back_and_says_why(programme: Programme):
    factories.drawn(programme)
    seat = Seat.objects.held().first()
    assert "Say why" in refusal(services.withdraw, applicant=seat.applicant, reason=" ", on=DAY)
    seat.refresh_from_db()
    assert seat.status == "offered"
    services.withdraw(applicant=seat.applicant, reason="Moved away", by=None, on=DAY)
    seat.refresh_from_db()
    assert (seat.status, seat.note) == ("withdrawn", "Moved away")
    assert Applicant.objects.get(pk=seat.applicant_id).status == "withdrawn"


def test_whoever_has_no_seat_can_leave_too(programme: Programme):
    draw = factories.drawn(programme)
    declined = Seat.objects.held().first()
    services.decline(seat=declined, by=None, on=DAY, note="found work")
    late = applicants.applicant(programme, 99)
    for applicant in (declined.applicant, late):
        services.withdraw(applicant=applicant, reason="Moved away", by=None, on=DAY)
    declined.refresh_from_db()
    assert (declined.status, declined.note) == ("declined", "found work")
    assert set(
        Applicant.objects.filter(code__in=[declined.applicant.code, "A099"]).values_list("status", flat=True)
    ) == {"withdrawn"}
    assert "withdrawn already" in refusal(services.withdraw, applicant=late, reason="again", on=DAY)
    assert Draw.objects.get() == draw


def test_no_reserve_is_called_while_no_seat_is_free(programme: Programme):
    factories.drawn(programme)
    assert "all 4 are offered or accepted" in refusal(services.call_reserve, programme=programme, on=DAY)


def test_no_reserve_is_called_before_the_draw(programme: Programme):
    factories.frozen(programme)
    assert "before the draw" in refusal(services.call_reserve, programme=programme, on=DAY)


def test_the_first_reserve_with_whom_the_quotas_hold_is_called(programme: Programme):
    factories.drawn(programme)
    only = Seat.objects.held().filter(applicant__field__code="digital").order_by("place_in_order")
    for seat in only:
        services.decline(seat=seat, by=None, on=DAY)
    called = services.call_reserve(programme=programme, by=None, on=DAY)
    assert (called.kind, called.status, called.keeps_quotas) == ("reserve", "offered", True)
    while Seat.objects.held().count() < 4:
        services.call_reserve(programme=programme, by=None, on=DAY)
    fields = list(Seat.objects.held().values_list("applicant__field__code", flat=True))
    assert 1 <= fields.count("digital") <= 3


def test_when_no_reserve_keeps_the_quotas_the_seat_says_so(programme: Programme):
    factories.drawn(programme)
    digital = Seat.objects.filter(applicant__field__code="digital").exclude(status="declined")
    for seat in digital:
        services.withdraw(applicant=seat.applicant, reason="Moved away", by=None, on=DAY)
    called = services.call_reserve(programme=programme, by=None, on=DAY)
    called.refresh_from_db()
    assert called.keeps_quotas is False


def test_an_empty_waiting_list_is_said(programme: Programme):
    factories.drawn(programme, 4)
    services.decline(seat=Seat.objects.held().first(), by=None, on=DAY)
    assert "Nobody on the waiting list" in refusal(services.call_reserve, programme=programme, on=DAY)


def test_one_free_seat_is_offered_once(programme: Programme):
    factories.drawn(programme)
    services.decline(seat=Seat.objects.held().first(), by=None, on=DAY)
    services.call_reserve(programme=programme, by=None, on=DAY)
    assert "No seat is free" in refusal(services.call_reserve, programme=programme, on=DAY)


def test_a_reserve_who_left_is_passed_over_and_the_certificate_says_so(programme: Programme):
    draw = factories.drawn(programme)
    services.decline(seat=Seat.objects.held().first(), by=None, on=DAY)
    for seat in list(Seat.objects.waiting()[:2]):
        services.withdraw(applicant=seat.applicant, reason="Moved away", by=None, on=DAY)
    called = services.call_reserve(programme=programme, by=None, on=DAY)
    draw.refresh_from_db()
    *gone, last = draw.result["calls"]
    assert [entry["reserve"] for entry in gone] == ["", ""]
    assert last["reserve"] == pseudonym(SALT, called.applicant.code)


def test_the_decree_freezes_everybody_who_accepted_a_seat(programme: Programme, ani: User):
    factories.accepted(programme)
    decree = services.draft_decree(programme=programme, by=ani, **DECREE)
    assert [line["number"] for line in decree.lines] == [1, 2, 3, 4]
    assert {line["applicant"] for line in decree.lines} == set(
        Seat.objects.held().values_list("applicant__code", flat=True)
    )
    assert all(line["nik"].startswith("••••") for line in decree.lines)
    assert LogEntry.objects.get(verb="selection.decree_drafted").by == ani


def test_no_decree_is_drafted_before_the_draw(programme: Programme):
    factories.frozen(programme)
    assert "Nobody has accepted a seat yet" in refusal(services.draft_decree, programme=programme, **DECREE)


def test_a_draft_is_replaced_by_the_next_one(programme: Programme):
    factories.accepted(programme)
    first = services.draft_decree(programme=programme, by=None, **DECREE)
    services.draft_decree(programme=programme, by=None, **(DECREE | {"number": "SK/2/2022", "seen": first.state}))
    assert (Decree.objects.get().number, Decree.objects.get().code) == ("SK/2/2022", "SK-1")
    assert not [fault for fault in map(str, verify_log()) if "Decree" in fault]


def test_whoever_did_not_see_the_newest_decree_drafts_none(programme: Programme):
    factories.accepted(programme)
    first = services.draft_decree(programme=programme, by=None, **DECREE)
    second = services.draft_decree(programme=programme, by=None, **DECREE, seen=first.state)
    services.sign_decree(decree=second, by=None, on=DAY)
    for seen in ("", first.state, f"{second.pk} draft"):
        asked = DECREE | {"number": "SK/2/2022", "seen": seen}
        assert "drafted or signed a decree meanwhile" in refusal(services.draft_decree, programme=programme, **asked)
    assert Decree.objects.get().number == "SK/1/2022"


def test_two_people_cannot_both_sign(programme: Programme, ani: User):
    factories.accepted(programme)
    first = services.draft_decree(programme=programme, by=None, **DECREE)
    second = Decree.objects.get(pk=first.pk)
    services.sign_decree(decree=first, by=ani, on=DAY)
    assert "signed already" in refusal(services.sign_decree, decree=second, on=DAY)
    assert LogEntry.objects.filter(verb="selection.decree_signed").count() == 1


def test_a_list_that_changed_since_drafting_is_not_signed(programme: Programme):
    factories.accepted(programme)
    decree = services.draft_decree(programme=programme, by=None, **DECREE)
    services.withdraw(applicant=Seat.objects.held().first().applicant, reason="Moved away", by=None, on=DAY)
    assert "Draft the decree again" in refusal(services.sign_decree, decree=decree, on=DAY)


def test_no_decree_is_drafted_while_an_offer_is_open(programme: Programme):
    factories.drawn(programme)
    services.accept(seat=Seat.objects.held().first(), by=None, on=DAY)
    assert "Offers not answered yet: 3" in refusal(services.draft_decree, programme=programme, **DECREE)


def test_a_decree_is_not_dated_before_its_draw_nor_signed_before_its_date(programme: Programme):
    factories.accepted(programme)
    early, late = DAY - datetime.timedelta(days=1), DAY + datetime.timedelta(days=1)
    assert "before the draw" in refusal(services.draft_decree, programme=programme, **(DECREE | {"dated": early}))
    decree = services.draft_decree(programme=programme, by=None, **(DECREE | {"dated": late}))
    assert "from that day on" in refusal(services.sign_decree, decree=decree, on=DAY)


def test_nothing_signed_changes(programme: Programme):
    factories.accepted(programme)
    signed = services.sign_decree(decree=services.draft_decree(programme=programme, by=None, **DECREE), by=None, on=DAY)
    before = Decree.objects.values().get(pk=signed.pk)
    assert "was signed already" in refusal(services.draft_decree, programme=programme, **DECREE, seen=signed.state)
    services.draft_decree(programme=programme, by=None, **(DECREE | {"number": "SK/2/2022", "seen": signed.state}))
    assert Decree.objects.values().get(pk=signed.pk) == before
    assert Decree.objects.count() == 2


def test_a_decree_needs_a_signer(programme: Programme):
    factories.accepted(programme)
    with pytest.raises(ValidationError):
        services.draft_decree(programme=programme, by=None, **(DECREE | {"signer": ""}))


def test_everything_written_is_in_the_log(programme: Programme):
    factories.accepted(programme)
    services.withdraw(applicant=Seat.objects.held().last().applicant, reason="Moved away", by=None, on=DAY)
    services.accept(seat=services.call_reserve(programme=programme, by=None, on=DAY), by=None, on=DAY)
    services.sign_decree(decree=services.draft_decree(programme=programme, by=None, **DECREE), by=None, on=DAY)
    said = [str(fault) for fault in verify_log()]
    assert not [fault for fault in said if fault.startswith("selection.") or "changed" in fault]


def test_freezing_and_drawing_ask_the_database_as_often_for_forty_as_for_ten(
    programme: Programme, django_assert_max_num_queries
):
    factories.pool(programme, 40)
    with django_assert_max_num_queries(79):
        draw = services.freeze_pool(programme=programme, source=SOURCE, by=None)
        factories.draw_from(draw)


def test_who_is_in_a_frozen_pool_keeps_the_assessment_and_is_warned_about(programme: Programme):
    factories.frozen(programme)
    before = programme.applicants.order_by("code").values().first()
    programme.persons.filter(code="P001").update(birth_date=datetime.date(2010, 1, 1))
    assess(programme=programme, by=None, on=DAY)
    after = programme.applicants.order_by("code").values().first()
    assert str(Text.restored(after.pop("warnings")[-1])).startswith("Known only after the pool was frozen: ")
    assert after.pop("trouble")  # found, and said with the warning
    assert after.pop("has_warnings")
    for column in ("warnings", "has_warnings", "trouble"):
        before.pop(column)
    assert after == before


def test_a_late_applicant_is_assessed_alone(programme: Programme):
    draw = factories.frozen(programme)
    before = list(programme.applicants.order_by("code").values())
    late = applicants.applicant(programme, 99)
    assert assess(programme=programme, by=None, on=DAY)["changed"] == 1
    late.refresh_from_db()
    assert late.status == "eligible"
    assert (late.frozen_on, Applicant.objects.get(code="A001").frozen_on) == (None, draw.frozen_on)
    assert list(programme.applicants.exclude(pk=late.pk).order_by("code").values()) == before


def test_a_pool_that_was_given_up_fixes_nobody(programme: Programme):
    services.cancel_draw(draw=factories.frozen(programme), reason="Somebody was forgotten", by=None)
    programme.persons.filter(code="P001").update(birth_date=datetime.date(2010, 1, 1))
    assess(programme=programme, by=None, on=DAY)
    assert programme.applicants.get(code="A001").status == "refused"
