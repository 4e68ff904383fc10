"""Two people decide the same thing at the same moment: one of them does, the other is told, and the log stays whole."""

import datetime
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from kawasan.applicants.tests import test_public_form as public_form
from kawasan.applicants.tests.test_views import answers as application
from kawasan.assistance.models import Assistance
from kawasan.assistance.services import chain
from kawasan.assistance.tests import factories as assistance_factories
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.core.services import covered_models, log, verify_log
from kawasan.matching import services as matching
from kawasan.matching.models import Matching
from kawasan.matching.tests.factories import group, mentor, participant
from kawasan.programmes.models import Programme
from kawasan.programmes.queries import quota_lines
from kawasan.selection import services as selection
from kawasan.selection.models import Decree, Draw, Seat
from kawasan.selection.queries import quota_state
from kawasan.selection.tests import factories
from kawasan.training import services as training
from kawasan.training.models import Timetable
from kawasan.training.tests.factories import module, room, weeks
from kawasan.value_chain import services as value_chain
from kawasan.value_chain.models import Plan
from kawasan.value_chain.tests.factories import make_chain

pytestmark = pytest.mark.django_db(transaction=True)
DAY = datetime.date(2022, 9, 1)
Row = TypeVar("Row")


def at_once(act: Callable[[Row], Any], *, look: Callable[[], Row], people: int = 2) -> list[str]:
    """Everybody looks, waits for the others, and acts; returns what each was told, nothing when it was done."""
    told: list[str] = []
    broken: list[BaseException] = []
    start = threading.Barrier(people, timeout=30)

    def person() -> None:
        try:
            seen = look()
            start.wait()
            act(seen)
            told.append("")
        except Refused as refused:
            told.append(str(refused))
        except BaseException as error:  # in a thread it would be lost, and must fail the test
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=person) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broken:
        raise broken[0]
    return sorted(told)


def know(programme: Programme) -> None:
    """Put every row that the factories made into the log, so that what is missing later is a fault of the services."""
    rows = [row for model in covered_models() for row in model._base_manager.all()]
    log("test.made", programme, rows=rows, by=None)
    assert verify_log() == []


def assert_one_did(told: list[str], *sentences: str) -> None:
    assert told[0] == "", told
    assert told[1] in sentences
    assert verify_log() == []


def test_a_pool_is_frozen_once(programme: Programme, ani: User) -> None:
    factories.pool(programme)
    know(programme)
    told = at_once(
        lambda seen: selection.freeze_pool(programme=seen, source="dice", by=ani, on=DAY),
        look=lambda: Programme.objects.get(pk=programme.pk),
    )
    assert_one_did(told, "The pool of this programme is frozen already.")
    assert Draw.objects.count() == 1


def test_of_two_public_values_one_is_entered(programme: Programme, ani: User) -> None:
    factories.frozen(programme)
    know(programme)
    values = iter(["1-2-3", "4-5-6"])
    told = at_once(
        lambda seen: selection.enter_value(draw=seen[0], public_value=seen[1], by=ani),
        look=lambda: (Draw.objects.get(), next(values)),
    )
    assert_one_did(told, "A public value was entered already, or the pool given up. Load the page again.")
    entered = LogEntry.objects.get(verb="selection.value_entered")
    assert Draw.objects.get().public_value == entered.data["public_value"]


def test_quotas_are_changed_by_one(programme: Programme, ani: User) -> None:
    know(programme)
    lines = [replace(line, most=line.most + 1, reason="Rapat") for line in quota_lines(programme)]
    told = at_once(
        lambda seen: selection.change_quotas(programme=programme, lines=lines, seen=seen, by=ani),
        look=lambda: quota_state(programme),
    )
    assert told[0] == "", told
    assert told[1].startswith("Somebody else changed the quotas meanwhile.")
    assert verify_log() == []
    assert LogEntry.objects.filter(verb="programmes.quotas_set").count() == 1


def test_of_two_who_confirm_one_draws_and_the_other_reads_why_not(programme: Programme, ani: User, budi: User) -> None:
    selection.enter_value(draw=factories.frozen(programme), public_value="6.812,19", by=None)
    know(programme)
    people = iter([ani, budi])
    told = at_once(
        lambda seen: selection.run_draw(draw=seen[0], by=seen[1], seen="6.812,19", on=DAY),
        look=lambda: (Draw.objects.select_related("programme").get(), next(people)),
    )
    assert_one_did(told, "This pool was drawn already, or given up. Load the page again to see the result.")
    assert Seat.objects.count() == 10
    assert LogEntry.objects.filter(verb="selection.drawn").count() == 1


def test_a_value_is_confirmed_or_taken_back_never_both(programme: Programme, ani: User, budi: User) -> None:
    """Nor is a value drawn that was entered in place of the one that was confirmed."""
    selection.enter_value(draw=factories.frozen(programme), public_value="6.812,19", by=None)
    know(programme)

    def put_another(draw: Draw) -> None:
        selection.take_value_back(draw=draw, reason="A friend would win", by=ani)
        selection.enter_value(draw=draw, public_value="6.812,20", by=ani)

    deeds = iter([put_another, lambda draw: selection.run_draw(draw=draw, by=budi, seen="6.812,19", on=DAY)])
    told = at_once(
        lambda seen: seen[1](seen[0]),
        look=lambda: (Draw.objects.select_related("programme").get(), next(deeds)),
    )
    draw = Draw.objects.get()
    assert_one_did(
        told,
        "This pool was drawn already, or given up. Load the page again to see the result.",
        "There is no public value to take back. Load the page again.",
    )
    assert (draw.status, draw.public_value, Seat.objects.count()) in {
        ("drawn", "6.812,19", 10),
        ("frozen", "6.812,20", 0),
    }


def test_a_pool_is_given_up_or_gets_its_value_never_both(programme: Programme, ani: User) -> None:
    factories.frozen(programme)
    know(programme)
    deeds = iter(
        [
            lambda draw: selection.cancel_draw(draw=draw, reason="A friend was forgotten", by=ani),
            lambda draw: selection.enter_value(draw=draw, public_value="6.812,19", by=ani),
        ]
    )
    told = at_once(
        lambda seen: seen[1](seen[0]),
        look=lambda: (Draw.objects.select_related("programme").get(), next(deeds)),
    )
    assert_one_did(
        told,
        "A public value was entered already, or the pool given up. Load the page again.",
        "Only a frozen pool without a public value can be given up.",
    )
    draw = Draw.objects.get()
    assert (draw.status, draw.public_value) in {("cancelled", ""), ("frozen", "6.812,19")}


def test_a_free_seat_is_offered_to_one_reserve(programme: Programme, ani: User) -> None:
    factories.drawn(programme)
    selection.decline(seat=Seat.objects.filter(kind="drawn")[0], by=ani, on=DAY)
    know(programme)
    told = at_once(
        lambda seen: selection.call_reserve(programme=seen, by=ani, on=DAY),
        look=lambda: Programme.objects.get(pk=programme.pk),
    )
    assert told[0] == ""
    assert told[1]
    assert Seat.objects.held().count() == 4
    assert verify_log() == []


@pytest.mark.parametrize("is_drafted", [False, True])
def test_a_decree_is_drafted_by_one(is_drafted: bool, programme: Programme, ani: User) -> None:
    factories.accepted(programme)
    about = {"dated": DAY, "signer": "Nurhayati", "signer_title": "Kepala Dinas", "by": ani}
    if is_drafted:
        selection.draft_decree(programme=programme, number="1/2022", **about)
    know(programme)
    told = at_once(
        lambda seen: selection.draft_decree(programme=programme, number="1/2022", seen=seen, **about),
        look=lambda: Decree.objects.get().state if is_drafted else "",
    )
    assert_one_did(told, "Somebody drafted or signed a decree meanwhile. Look at it before you draft again.")
    assert Decree.objects.count() == 1


def test_a_decree_is_signed_once(programme: Programme, ani: User) -> None:
    factories.drawn(programme)
    for seat in Seat.objects.filter(kind="drawn"):
        selection.accept(seat=seat, by=ani, on=DAY)
    selection.draft_decree(
        programme=programme, number="1/2022", dated=DAY, signer="Nurhayati", signer_title="Kepala Dinas", by=ani
    )
    know(programme)
    told = at_once(
        lambda seen: selection.sign_decree(decree=seen, by=ani, on=DAY),
        look=Decree.objects.select_related("programme").get,
    )
    assert_one_did(told, "This decree was signed already, or drafted again. Load the page again to see it.")
    assert LogEntry.objects.filter(verb="selection.decree_signed").count() == 1


def test_a_plan_is_adopted_by_one(programme: Programme, ani: User) -> None:
    make_chain(programme)
    value_chain.make_plan(programme=programme, by=ani)
    know(programme)
    told = at_once(lambda seen: value_chain.adopt_plan(plan=seen, by=ani), look=Plan.objects.get)
    assert_one_did(told, "PLAN-1 was adopted in the meantime. Look at it before you choose.")
    assert Plan.objects.filter(is_adopted=True).count() == 1


def test_the_people_for_groups_are_frozen_once(programme: Programme, ani: User) -> None:
    for number in range(1, 7):
        participant(programme, number)
    mentor(programme)
    know(programme)
    told = at_once(
        lambda seen: matching.freeze_matching(programme=seen, by=ani),
        look=lambda: Programme.objects.get(pk=programme.pk),
    )
    assert told == ["", ""]  # the second takes up what the first froze
    assert Matching.objects.count() == LogEntry.objects.filter(verb="matching.frozen").count() == 1
    assert verify_log() == []


def test_groups_are_formed_once(programme: Programme, ani: User) -> None:
    for number in range(1, 7):
        participant(programme, number)
    mentor(programme)
    matching.freeze_matching(programme=programme, by=ani)
    know(programme)
    told = at_once(
        lambda seen: matching.form_groups(matching=seen, by=ani), look=Matching.objects.select_related("programme").get
    )
    assert_one_did(told, "Groups were formed in the meantime. Load the page again.")
    assert programme.group_members.count() == 6


def school(programme: Programme) -> None:
    group(programme, people=3, mentor=mentor(programme))
    module(programme, hours=8)
    room(programme)
    weeks(programme)


def test_what_a_timetable_is_made_of_is_frozen_once(programme: Programme, ani: User) -> None:
    school(programme)
    know(programme)
    told = at_once(
        lambda seen: training.freeze_timetable(programme=seen, by=ani),
        look=lambda: Programme.objects.get(pk=programme.pk),
    )
    assert told == ["", ""]  # the second takes up what the first froze
    assert Timetable.objects.count() == LogEntry.objects.filter(verb="training.frozen").count() == 1
    assert verify_log() == []


def test_a_timetable_is_made_once(programme: Programme, ani: User) -> None:
    school(programme)
    training.freeze_timetable(programme=programme, by=ani)
    know(programme)
    told = at_once(
        lambda seen: training.make_timetable(timetable=seen, by=ani),
        look=Timetable.objects.select_related("programme").get,
    )
    assert_one_did(told, "A timetable was made in the meantime. Load the page again.")
    assert programme.sessions.count() == 2


def test_twenty_who_write_at_once_keep_one_chain(programme: Programme, ani: User) -> None:
    know(programme)
    told = at_once(
        lambda seen: log("test.written", seen, by=ani),
        look=lambda: Programme.objects.get(pk=programme.pk),
        people=20,
    )
    assert told == [""] * 20
    assert LogEntry.objects.filter(verb="test.written").count() == 20
    assert verify_log() == []


def test_twenty_who_write_the_first_entry_keep_one_chain(programme: Programme) -> None:
    told = at_once(
        lambda seen: log("test.written", seen, by=None),
        look=lambda: Programme.objects.get(pk=programme.pk),
        people=20,
    )
    assert told == [""] * 20
    assert list(LogEntry.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 21))
    assert [fault for fault in map(str, verify_log()) if "without a log entry" not in fault] == []


def test_a_form_that_is_sent_twice_at_once_is_stored_once(
    programme: Programme, budi: User, client_of: Callable[[User], Client]
) -> None:
    address = reverse("applicants:new", args=[programme.code])
    form = {**application(programme), "form_key": "pressed twice"}
    know(programme)
    answers: list[int] = []
    at_once(lambda client: answers.append(client.post(address, form).status_code), look=lambda: client_of(budi))
    assert answers == [302, 302]
    assert programme.applicants.count() == 1
    assert LogEntry.objects.filter(verb="applicants.submitted").count() == 1
    assert verify_log() == []


def _public_form(programme: Programme, day: datetime.date) -> str:
    """Applications are open; the address that sends one."""
    Programme.objects.update(as_of=day)
    public_form.factories.place(programme)
    return reverse("applicants:check", args=[programme.code])


def test_two_devices_that_send_one_draft_at_once_enter_one_application(programme: Programme) -> None:
    address = _public_form(programme, public_form.OPEN_DAY)
    phones = [Client(headers={"accept-language": "en"}) for _device in range(2)]
    code = public_form.begin(phones[0], programme)
    public_form.fill(phones[0], programme)
    phones[1].post(reverse("applicants:resume", args=[programme.code]), {"code": code})
    ready = iter(phones)
    answers: list[int] = []
    at_once(lambda phone: answers.append(phone.post(address, {"notice": "on"}).status_code), look=lambda: next(ready))
    assert answers == [302, 302]
    assert programme.applicants.count() == 1
    assert LogEntry.objects.filter(verb="applicants.submitted").count() == 1


def test_somebody_who_fills_in_two_forms_and_sends_both_at_once_is_entered_once(programme: Programme) -> None:
    address = _public_form(programme, public_form.OPEN_DAY)
    phones = [Client(headers={"accept-language": "en"}) for _device in range(2)]
    for phone in phones:
        public_form.begin(phone, programme)
        public_form.fill(phone, programme)
    ready = iter(phones)
    answers: list[int] = []
    at_once(lambda phone: answers.append(phone.post(address, {"notice": "on"}).status_code), look=lambda: next(ready))
    assert sorted(answers) == [302, 422]
    assert programme.applicants.count() == 1


def test_of_two_confirmations_of_one_sum_at_once_one_is_stored(programme: Programme, cast: dict[str, User]) -> None:
    receiver = participant(programme, 1)
    receiver.person.user = cast["dewi"]
    receiver.person.save(update_fields=("user",))
    row = assistance_factories.up_to("paid", assistance_factories.assistance(receiver), cast)

    def confirm(seen: Assistance) -> None:
        day = assistance_factories.DAY
        chain.confirm(assistance=seen, amount_idr=2_000_000, manner="own", by=cast["dewi"], dated=day)

    told = at_once(confirm, look=lambda: Assistance.objects.select_related("receiver__person").get(pk=row.pk))
    assert len([words for words in told if "recorded already" in words]) == 1
    assert row.steps.filter(kind="received").count() == 1
