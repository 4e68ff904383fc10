import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kawasan.applicants.services import assess
from kawasan.applicants.tests import factories as applicants
from kawasan.core.models import Job, User
from kawasan.engine import certificate
from kawasan.programmes.models import Programme, Quota
from kawasan.programmes.services import give_role
from kawasan.selection import queries, services
from kawasan.selection.models import Decree, Draw, Seat
from kawasan.selection.rules import CHANGED, ExceptionKind, pseudonym
from kawasan.selection.tests import factories
from kawasan.selection.tests.factories import DAY

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def at(programme: Programme, name: str, *args: object) -> str:
    return reverse(f"selection:{name}", args=[programme.code, *args])


def test_the_page_shows_what_the_pool_has_beside_each_quota(programme: Programme, ani: User, client_of: ClientOf):
    factories.pool(programme)
    page = client_of(ani).get(at(programme, "selection"))
    rows = {row.label: (row.least, row.most, row.available) for row in page.context["quotas"]}
    assert rows == {"Digital services": (1, 3, 3), "Culinary": (1, 3, 7), "Women": (1, 4, 5)}
    assert "All quotas can hold together." in page.content.decode()


def test_a_programme_without_fields_shows_no_empty_table(programme: Programme, ani: User, client_of: ClientOf):
    programme.quotas.all().delete()
    programme.fields.all().delete()
    page = client_of(ani).get(at(programme, "selection")).content.decode()
    assert "The programme has no fields and no quotas yet." in page
    assert "<table" not in page


def test_freezing_is_not_offered_while_quotas_conflict_and_the_page_says_why(
    programme: Programme, ani: User, client_of: ClientOf
):
    factories.pool(programme)
    Quota.objects.create(programme=programme, feature="disability", value="yes", least=1, most=4, reason="Contoh")
    page = client_of(ani).get(at(programme, "selection")).content.decode()
    assert "Disability “Yes”: 1 to 4 seats; the pool has 0" in page
    assert at(programme, "freeze") not in page
    assert client_of(ani).post(at(programme, "freeze")).status_code == 422


def test_a_manager_freezes_and_enters_the_value_and_a_verifier_draws(
    programme: Programme, ani: User, budi: User, client_of: ClientOf
):
    factories.pool(programme)
    manager, verifier = client_of(ani), client_of(budi)
    source = {"public_value_source": "Closing index of 2 September"}
    frozen = manager.post(at(programme, "freeze"), source, follow=True).content.decode()
    draw = Draw.objects.get()
    assert draw.frozen_hash in frozen
    assert "Closing index of 2 September" in frozen
    page = manager.post(at(programme, "enter_value", draw.code), {"public_value": "6.812,19"}, follow=True)
    assert "Nobody draws alone." in page.content.decode()
    assert at(programme, "draw", draw.code) not in page.content.decode()
    assert manager.post(at(programme, "draw", draw.code), {"seen": "6.812,19"}).status_code == 422
    drawn = verifier.post(at(programme, "draw", draw.code), {"seen": "6.812,19"}, follow=True).content.decode()
    assert "seats 4, waiting list 6" in drawn
    assert Draw.objects.get().seed in drawn


def test_a_wrong_value_is_taken_back_on_the_page(programme: Programme, ani: User, budi: User, client_of: ClientOf):
    draw = factories.frozen(programme)
    services.enter_value(draw=draw, public_value="7", by=ani)
    page = client_of(budi).get(at(programme, "selection")).content.decode()
    assert at(programme, "take_value_back", draw.code) in page
    client_of(budi).post(at(programme, "take_value_back", draw.code), {"reason": "mistyped"})
    assert Draw.objects.get().public_value == ""


def test_everybody_sees_which_values_were_taken_back_and_why_before_the_draw_and_after_it(
    programme: Programme, ani: User, budi: User, dewi: User, client_of: ClientOf
):
    draw = factories.frozen(programme)
    for value, reason in (("1-2-3", "read wrongly"), ("4-5-6", "read <b>wrongly</b> again")):
        services.enter_value(draw=draw, public_value=value, by=ani)
        services.take_value_back(draw=draw, reason=reason, by=budi)
    for _drawn in (False, True):
        page = client_of(dewi).get(at(programme, "selection")).content.decode()
        for words in ("<strong>1-2-3</strong>", "by Budi Santoso: read wrongly", "4-5-6", "&lt;b&gt;wrongly"):
            assert words in page, words
        if draw.status == "frozen":
            factories.draw_from(draw)


def test_neither_salt_nor_secret_stands_on_a_page_before_the_draw(programme: Programme, ani: User, client_of: ClientOf):
    draw = factories.frozen(programme)
    for name in ("selection", "pool", "draw_json", "seats"):
        page = client_of(ani).get(at(programme, name)).content.decode()
        assert draw.salt not in page
        assert draw.secret not in page


def test_drawing_twice_gives_a_sentence(programme: Programme, ani: User, client_of: ClientOf):
    draw = factories.drawn(programme)
    response = client_of(ani).post(at(programme, "draw", draw.code), {"seen": draw.public_value})
    assert response.status_code == 422
    assert "This pool was drawn already" in response.content.decode()


def test_what_was_not_reached_is_said_of_the_frozen_pool(programme: Programme, ani: User, client_of: ClientOf):
    factories.frozen_short_of_the_bound(programme)
    page = client_of(ani).get(at(programme, "selection")).content.decode()
    assert "everybody gets at least 98.7 % of it, and nobody less than 99.9 % of the greatest least chance." in page
    assert "come as near to equal as such panels were found" in page
    assert "are as equal as the quotas allow" not in page


def test_a_rehearsal_is_marked_and_draws_nothing(programme: Programme, budi: User, client_of: ClientOf):
    factories.pool(programme)
    page = client_of(budi).get(at(programme, "rehearsal"), {"seed": "<script>"}).content.decode()
    assert "Rehearsal: this is not the draw." in page
    assert "REHEARSAL &lt;script&gt;" in page
    assert "Chances go from" in page
    assert not Draw.objects.exists()


def test_it_is_said_how_many_were_passed_over_by_a_call_and_why(programme: Programme, budi: User, client_of: ClientOf):
    factories.drawn(programme, 20, value="3")
    for seat in Seat.objects.held().filter(applicant__field__code="digital"):
        services.decline(seat=seat, by=None, on=DAY)
    fields = list(Seat.objects.waiting().order_by("place_in_order").values_list("applicant__field__code", flat=True))
    passed = fields.index("digital")
    assert passed > 0  # the first who wait are of the field whose seats are kept
    said = client_of(budi).post(at(programme, "call_reserve"), follow=True).content.decode()
    assert f"Passed over, and still waiting: {passed}." in said
    waiting = client_of(budi).get(at(programme, "seats"), {"list": "waiting"}).content.decode()
    assert "Called next is the first of this list" in waiting


def test_what_is_frozen_can_be_checked_before_the_draw(programme: Programme, dewi: User, client_of: ClientOf):
    factories.frozen(programme)
    assert "Check what is frozen" in client_of(dewi).get(at(programme, "selection")).content.decode()


def test_an_applicant_sees_the_own_chance_and_how_to_check_before_and_after_the_draw(
    programme: Programme, dewi: User, client_of: ClientOf
):
    draw = factories.frozen(programme)
    programme.persons.filter(code="P001").update(user=dewi)
    chance = float(queries.chances(draw)[pseudonym(draw.salt, "A001")])
    for _drawn in (False, True):
        page = client_of(dewi).get(reverse("reports:my_page", args=[programme.code])).content.decode()
        assert f"Your chance of a seat before the draw: <strong>{100 * chance:.1f}%</strong>" in page
        assert reverse("check_draw") in page
        if draw.status == "frozen":
            factories.draw_from(draw)


def test_a_page_where_nothing_waits_says_so(programme: Programme, ani: User, client_of: ClientOf):
    factories.accepted(programme)
    decree = services.draft_decree(
        programme=programme, number="SK/1", dated=DAY, signer="Siti", signer_title="PPK", by=ani
    )
    services.sign_decree(decree=decree, by=ani, on=DAY)
    programme.groups.create(
        code="G1", name="Kelompok 1", field=programme.fields.first(), place=programme.places.first(), source="x"
    )
    assert "Nothing waits to be done here." in client_of(ani).get(at(programme, "selection")).content.decode()


def test_everybody_may_open_the_page_that_checks_a_draw(client: Client):
    page = client.get(reverse("check_draw")).content.decode()
    assert "crypto.subtle" in page
    assert page.count("data-claim=") == 13


def test_everybody_finds_what_was_frozen_and_the_certificate(programme: Programme, client: Client):
    Programme.objects.filter(pk=programme.pk).update(announcement="pseudonym")
    draw = factories.frozen(programme)
    page = client.get(reverse("public_draws")).content.decode()
    certificate = reverse("public_certificate", args=[programme.code, draw.code])
    assert draw.frozen_hash in page
    assert certificate in page
    assert client.get(certificate).json()["hashes"]["frozen"] == draw.frozen_hash
    factories.draw_from(draw)
    assert set(client.get(certificate).json()["people"]) < {row[0] for row in draw.pool}


def test_a_certificate_is_not_public_where_an_announcement_tells_whom_a_pseudonym_means(
    programme: Programme, client: Client
):
    draw = factories.frozen(programme)
    Programme.objects.filter(pk=programme.pk).update(announcement="masked")
    certificate = reverse("public_certificate", args=[programme.code, draw.code])
    assert client.get(certificate).status_code == 404
    page = client.get(reverse("public_draws")).content.decode()
    assert draw.frozen_hash in page
    assert certificate not in page


def test_everybody_reads_when_a_pool_was_frozen_and_why_it_was_given_up(
    programme: Programme, ani: User, client: Client
):
    draw = factories.frozen(programme)
    services.enter_value(draw=draw, public_value="6812.19", by=ani)
    services.take_value_back(draw=draw, reason="the wrong day", by=None)
    services.cancel_draw(draw=draw, reason="somebody was forgotten", by=ani)
    page = client.get(reverse("public_draws"), headers={"accept-language": "en"}).content.decode()
    said = [
        "pool frozen",
        "entered: 6812.19",
        "6812.19 taken back, because: the wrong day",
        "because: somebody was forgotten",
    ]
    places = [page.find(words) for words in said]
    assert places == sorted(places)
    assert min(places) > 0
    assert str(timezone.localdate().year) in page


def test_without_any_draw_everybody_reads_when_there_will_be_one(client: Client, db: None):
    page = client.get(reverse("public_draws"), headers={"accept-language": "en"}).content.decode()
    assert "No pool was frozen yet" in page


def test_a_frozen_pool_is_given_up_with_a_reason(programme: Programme, ani: User, client_of: ClientOf):
    draw = factories.frozen(programme)
    page = client_of(ani).post(at(programme, "cancel", draw.code), {"reason": "somebody was forgotten"}, follow=True)
    shown = page.content.decode()
    assert "Pools given up before a draw" in shown
    assert draw.frozen_hash in shown
    assert "by Ani Rahmawati: somebody was forgotten" in shown


def test_whoever_freezes_second_with_another_value_is_told_that_it_was_not_used(
    programme: Programme, ani: User, client_of: ClientOf
):
    factories.pool(programme)
    Job.objects.create(
        programme_code=programme.code,
        subject="selection-pool",
        by=ani,
        about={"template": "Freeze the pool for the draw", "params": {}},
        address=at(programme, "selection"),
        work="kawasan.selection.services.later._freeze",
        given={"programme_number": programme.pk, "source": "dice thrown at noon"},
    )
    page = client_of(ani).get(at(programme, "selection")).content.decode()
    assert "Being worked at" in page
    assert at(programme, "freeze") not in page
    source = {"public_value_source": "closing index of Friday"}
    refused = client_of(ani).post(at(programme, "freeze"), source)
    assert refused.status_code == 422
    assert "dice thrown at noon. Yours was not used." in refused.content.decode()


@pytest.mark.parametrize("player", ["budi", "gita", "hadi", "dewi"])
def test_only_the_manager_freezes_enters_the_value_and_signs(
    programme: Programme, cast: dict[str, User], client_of: ClientOf, player: str
):
    draw = factories.drawn(programme)
    client = client_of(cast[player])
    for address in (
        at(programme, "freeze"),
        at(programme, "enter_value", draw.code),
        at(programme, "cancel", draw.code),
        at(programme, "draft"),
        at(programme, "sign", "SK-1"),
    ):
        assert client.post(address).status_code == 403


def test_names_are_for_office_and_oversight_and_the_pool_for_everybody(
    programme: Programme, cast: dict[str, User], client_of: ClientOf
):
    factories.accepted(programme)
    for player, status in (
        ("gita", 200),
        ("hadi", 200),
        ("indah", 200),
        ("dewi", 403),
        ("citra", 403),
        ("eko", 403),
        ("lina", 403),
    ):
        client = client_of(cast[player])
        assert client.get(at(programme, "seats")).status_code == status
        assert client.get(at(programme, "decree")).status_code == status
        for name in ("selection", "pool", "draw_json"):
            page = client.get(at(programme, name))
            assert page.status_code == 200
            assert "Orang Contoh" not in page.content.decode()


def test_another_programmes_manager_finds_nothing(programme: Programme, fajar: User, client_of: ClientOf):
    factories.drawn(programme)
    seat = Seat.objects.first()
    client = client_of(fajar)
    assert client.get(at(programme, "selection")).status_code == 404
    assert client.post(at(programme, "accept", seat.pk)).status_code == 404


def test_a_seat_of_another_programme_is_not_found(
    programme: Programme, other_programme: Programme, ani: User, cast: dict[str, User], client_of: ClientOf
):
    factories.drawn(programme)
    seat = Seat.objects.first()
    other_programme.memberships.create(user=ani, role="manager")
    assert client_of(ani).post(at(other_programme, "accept", seat.pk)).status_code == 404


def test_the_published_draw_can_be_repeated_and_names_nobody(programme: Programme, dewi: User, client_of: ClientOf):
    draw = factories.drawn(programme)
    said = json.loads(client_of(dewi).get(at(programme, "draw_json")).content)
    assert said["people"] == draw.result["people"]
    assert said["hashes"]["frozen"] == draw.frozen_hash
    assert all(check.holds for check in certificate.verify(said))
    text = json.dumps(said)
    for secret in (draw.salt, "Orang Contoh", "A001", "1971010101200001"):
        assert secret not in text


def test_there_is_no_published_draw_before_freezing(programme: Programme, dewi: User, client_of: ClientOf):
    assert client_of(dewi).get(at(programme, "draw_json")).status_code == 404
    assert client_of(dewi).get(at(programme, "pool")).status_code == 404


def test_somebody_finds_themselves_by_their_pseudonym(programme: Programme, dewi: User, client_of: ClientOf):
    draw = factories.drawn(programme)
    chosen = draw.result["people"][0]
    page = client_of(dewi).get(at(programme, "pool"), {"start": chosen[:10].upper()})
    assert [one["pseudonym"] for one in page.context["page"]] == [chosen]
    assert "Seat 1" in page.content.decode()


def test_seats_are_accepted_declined_and_called_from_the_list(programme: Programme, budi: User, client_of: ClientOf):
    factories.drawn(programme)
    client = client_of(budi)
    first, second, third = Seat.objects.held()[:3]
    assert "has accepted the seat" in client.post(at(programme, "accept", first.pk), follow=True).content.decode()
    client.post(at(programme, "decline", second.pk), {"reason": "found work"})
    withdraw = at(programme, "withdraw", third.applicant.code) + "?page=1"
    page = client.post(withdraw, {"reason": "moved"}, follow=True).content.decode()
    assert "Free seats: 2" in page
    assert "found work" in page
    assert "was offered a seat" in client.post(at(programme, "call_reserve"), follow=True).content.decode()
    assert Seat.objects.held().count() == 3


@pytest.mark.parametrize("reason", ["", "  "])
def test_leaving_and_declining_need_a_reason(reason: str, programme: Programme, budi: User, client_of: ClientOf):
    factories.drawn(programme)
    seat = Seat.objects.held().first()
    for page in (at(programme, "withdraw", seat.applicant.code), at(programme, "decline", seat.pk)):
        assert "Fill this in." in client_of(budi).post(page, {"reason": reason}).content.decode()
    assert Seat.objects.get(pk=seat.pk).status == "offered"


def test_an_application_without_a_seat_is_withdrawn_and_shown(programme: Programme, budi: User, client_of: ClientOf):
    factories.pool(programme, 1)
    client, page = client_of(budi), at(programme, "withdraw", "A001")
    assert page in client.get(reverse("applicants:applicant", args=[programme.code, "A001"])).content.decode()
    shown = client.post(page, {"reason": "Moved away"}, follow=True)
    assert shown.request["PATH_INFO"] == reverse("applicants:applicant", args=[programme.code, "A001"])
    assert "Moved away" in shown.content.decode()


def test_a_refused_withdrawal_is_said_in_its_form(programme: Programme, budi: User, client_of: ClientOf):
    factories.pool(programme, 1)
    client, page = client_of(budi), at(programme, "withdraw", "A001")
    client.post(page, {"reason": "Moved away"})
    again = client.post(page, {"reason": "Found work"})
    assert again.status_code == 422
    assert "This application was withdrawn already." in again.content.decode()
    assert 'value="Found work"' in again.content.decode()


def test_whoever_works_through_the_list_stays_where_they_were(programme: Programme, budi: User, client_of: ClientOf):
    factories.drawn(programme)
    seat = Seat.objects.held().first()
    query = f"?q={seat.applicant.code}&page=1"
    client = client_of(budi)
    listed = client.get(at(programme, "seats") + query).content.decode()
    for name, key in (("accept", seat.pk), ("decline", seat.pk), ("withdraw", seat.applicant.code)):
        assert (at(programme, name, key) + query).replace("&", "&amp;") in listed
    assert client.post(at(programme, "accept", seat.pk) + query)["Location"] == at(programme, "seats") + query


def test_the_office_can_tell_people_their_pseudonym(programme: Programme, budi: User, client_of: ClientOf):
    draw = factories.drawn(programme)
    page = client_of(budi).get(at(programme, "seats")).content.decode()
    assert all(f"?start={name[:12]}" in page for name in draw.result["people"])


@pytest.mark.parametrize(
    ("query", "people"), [("", 4), ("list=waiting", 6), ("status=accepted", 1), ("q=A0", 4), ("q=nobody", 0)]
)
def test_the_seats_are_filtered(programme: Programme, ani: User, client_of: ClientOf, query: str, people: int):
    factories.drawn(programme)
    services.accept(seat=Seat.objects.held().first(), by=None, on=DAY)
    page = client_of(ani).get(at(programme, "seats") + "?" + query)
    assert page.context["page"].paginator.count == people


def test_the_decree_is_drafted_and_signed(programme: Programme, ani: User, client_of: ClientOf):
    factories.accepted(programme)
    client = client_of(ani)
    asked = {"number": "SK/1/2022", "dated": "2022-09-05", "signer": "Kepala Dinas", "signer_title": "Kepala"}
    page = client.post(at(programme, "draft"), asked, follow=True).content.decode()
    decree = Decree.objects.get()
    assert "4 participants" in page
    assert decree.lines_hash in page
    signed = client.post(at(programme, "sign", decree.code), {"seen": decree.state}, follow=True)
    assert "The decree is signed." in signed.content.decode()


def test_a_decree_is_offered_once_everybody_has_answered_and_until_then_the_page_says_what_is_missing(
    programme: Programme, ani: User, client_of: ClientOf
):
    client, draft = client_of(ani), at(programme, "draft")
    before = client.get(at(programme, "decree")).content.decode()
    assert draft not in before
    assert "Nobody has accepted a seat yet." in before
    factories.drawn(programme)
    offered = client.get(at(programme, "decree")).content.decode()
    assert draft not in offered
    assert "Offers not answered yet: 4." in offered
    for seat in Seat.objects.held():
        services.accept(seat=seat, by=None, on=DAY)
    assert draft in client.get(at(programme, "decree")).content.decode()


def test_the_next_decree_waits_for_the_answer_of_a_reserve(programme: Programme, ani: User, client_of: ClientOf):
    signed_decree(programme)
    gone = Seat.objects.held().select_related("applicant").first()
    services.withdraw(applicant=gone.applicant, reason="Moved away", by=None, on=DAY)
    services.call_reserve(programme=programme, by=None, on=DAY)
    page = client_of(ani).get(at(programme, "decree")).content.decode()
    assert at(programme, "draft") not in page
    assert "Draft the next decree" not in page
    assert "Offers not answered yet: 1." in page


def test_a_number_of_a_signed_decree_is_an_error_of_the_form(programme: Programme, ani: User, client_of: ClientOf):
    factories.accepted(programme)
    asked = {"number": "SK/1/2022", "dated": DAY, "signer": "Kepala Dinas", "signer_title": "Kepala"}
    signed = services.draft_decree(programme=programme, by=None, **asked)
    services.sign_decree(decree=signed, by=None, on=DAY)
    page = client_of(ani).post(at(programme, "draft"), asked)
    assert page.status_code == 200
    assert "There is a decree with this number already." in page.content.decode()


def test_a_draft_is_replaced_under_its_own_number(programme: Programme, ani: User, client_of: ClientOf):
    factories.accepted(programme)
    asked = {"number": "SK/1/2022", "dated": DAY, "signer": "Kepala Dinas", "signer_title": "Kepala"}
    seen = services.draft_decree(programme=programme, by=None, **asked).state
    assert client_of(ani).get(at(programme, "draft")).context["form"]["seen"].value() == seen
    changed = asked | {"signer": "Wali Kota", "seen": seen}
    assert client_of(ani).post(at(programme, "draft"), changed).status_code == 302
    assert Decree.objects.get().signer == "Wali Kota"


def test_a_list_other_than_the_one_shown_is_not_signed(programme: Programme, ani: User, client_of: ClientOf):
    factories.accepted(programme)
    asked = {"number": "SK/1/2022", "dated": DAY, "signer": "Kepala Dinas", "signer_title": "Kepala"}
    seen = services.draft_decree(programme=programme, by=None, **asked).state
    assert seen in client_of(ani).get(at(programme, "decree")).content.decode()
    services.draft_decree(programme=programme, by=None, **(asked | {"signer": "Wali Kota", "seen": seen}))
    assert client_of(ani).post(at(programme, "sign", "SK-1"), {"seen": seen}).status_code == 422
    assert Decree.objects.get().status == "draft"


def signed_decree(programme: Programme) -> Decree:
    factories.accepted(programme)
    draft = services.draft_decree(
        programme=programme, number="SK/1/2022", dated=DAY, signer="Nurhayati", signer_title="Kepala Dinas", by=None
    )
    return services.sign_decree(decree=draft, by=None, on=DAY)


def test_a_signed_decree_says_which_seats_changed_since(programme: Programme, ani: User, client_of: ClientOf):
    signed_decree(programme)
    assert "since SK no" not in client_of(ani).get(at(programme, "decree")).content.decode()
    gone = Seat.objects.held().select_related("applicant__person").first()
    services.withdraw(applicant=gone.applicant, reason="Moved away", by=None, on=DAY)
    called = services.call_reserve(programme=programme, by=None, on=DAY)
    services.accept(seat=called, by=None, on=DAY)
    page = client_of(ani).get(at(programme, "decree"))
    assert "2 seats changed since SK no SK/1/2022 of 1 September 2022 was signed." in page.content.decode()
    assert [(change.seat.pk, change.has_left) for change in page.context["changes"]] == [
        (gone.pk, True),
        (called.pk, False),
    ]
    assert "Moved away" in page.content.decode()
    assert "Draft the next decree" in page.content.decode()
    assert (
        "Seats changed since the decree was signed: 2"
        in client_of(ani).get(at(programme, "selection")).content.decode()
    )


def test_the_next_decree_has_no_number_yet_and_the_date_of_today(programme: Programme, ani: User, client_of: ClientOf):
    programme.decree_number, programme.decree_date = "SK/1/2022", DAY
    programme.save(update_fields=("decree_number", "decree_date"))
    first = client_of(ani).get(at(programme, "draft")).context["form"]
    assert (first["number"].value(), first["dated"].value()) == ("SK/1/2022", DAY)
    signed_decree(programme)
    form = client_of(ani).get(at(programme, "draft")).context["form"]
    assert (form["number"].value(), form["dated"].value()) == (None, programme.as_of)
    assert (form["signer"].value(), form["signer_title"].value()) == ("Nurhayati", "Kepala Dinas")


def test_a_waiting_draft_is_drafted_again_from_itself(programme: Programme, ani: User, client_of: ClientOf):
    programme.decree_number = "SK/1/2022"
    programme.save(update_fields=("decree_number",))
    factories.accepted(programme)
    services.draft_decree(programme=programme, number="2/X", dated=DAY, signer="Wali", signer_title="Kota", by=None)
    assert client_of(ani).get(at(programme, "draft")).context["form"]["number"].value() == "2/X"


@pytest.mark.parametrize("state", ["drawn", "signed"])
@pytest.mark.parametrize("name", ["selection", "seats", "pool", "decree"])
def test_a_page_needs_few_queries(programme: Programme, ani: User, client_of: ClientOf, name: str, state: str):
    if state == "signed":
        signed_decree(programme)
        services.withdraw(applicant=Seat.objects.held().first().applicant, reason="Moved away", by=None, on=DAY)
    else:
        factories.accepted(programme, 40)
    client = client_of(ani)
    with CaptureQueriesContext(connection) as queries:
        client.get(at(programme, name))
    assert len(queries) <= 15


def test_the_list_of_seats_needs_as_many_queries_for_forty_as_for_four(
    programme: Programme, ani: User, client_of: ClientOf
):
    factories.drawn(programme, 40)
    client, counts = client_of(ani), []
    for query in ("", "?list=waiting"):
        with CaptureQueriesContext(connection) as queries:
            client.get(at(programme, "seats") + query)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_before_freezing_needs_few_queries(programme: Programme, ani: User, client_of: ClientOf):
    factories.pool(programme, 40)
    client = client_of(ani)
    with CaptureQueriesContext(connection) as queries:
        client.get(at(programme, "selection"))
    assert len(queries) <= 17


def test_the_page_of_a_late_applicant_says_that_nobody_enters_a_frozen_pool(
    programme: Programme, ani: User, client_of: ClientOf
):
    factories.frozen(programme)
    applicants.applicant(programme, 99)
    assess(programme=programme, by=None, on=DAY)
    client = client_of(ani)

    def page(name: str, *code: str) -> str:
        return client.get(reverse(f"applicants:{name}", args=[programme.code, *code])).content.decode()

    assert "the pool was frozen on 1 September 2022 without this application" in page("applicant", "A099")
    assert "In the pool that was frozen on 1 September 2022" in page("applicant", "A001")
    assert "cannot enter it" in page("applicants")


def test_a_late_applicant_reads_on_the_own_page_why_they_are_not_in_the_draw(
    programme: Programme, dewi: User, client_of: ClientOf
):
    draw = factories.frozen(programme)
    applicants.applicant(programme, 99)
    assess(programme=programme, by=None, on=DAY)
    programme.persons.filter(code="P099").update(user=dewi)
    why = "You are not in this draw: its pool was frozen on 1 September 2022, without your application"

    def mine() -> str:
        return client_of(dewi).get(reverse("reports:my_page", args=[programme.code])).content.decode()

    assert why in mine()
    services.cancel_draw(draw=draw, reason="somebody was forgotten", by=None)
    assert why not in mine()


def change_frozen(draw: Draw) -> None:
    draw.frozen["pool"].pop()


def change_result(draw: Draw) -> None:
    draw.result = draw.result | {"people": draw.result["people"][1:] + draw.result["reserves"][:1]}


@pytest.mark.parametrize(
    "change",
    [
        change_frozen,
        change_result,
        lambda draw: draw.pool.pop(),
        lambda draw: setattr(draw, "salt", "another"),
        lambda draw: setattr(draw, "public_value", "8"),
        lambda draw: setattr(draw, "frozen", {}),
        lambda draw: setattr(draw, "result", {}),
        lambda draw: draw.frozen.pop("cells"),
    ],
)
def test_nothing_that_follows_from_a_changed_draw_is_shown(
    change: Callable[[Draw], object], programme: Programme, ani: User, dewi: User, client_of: ClientOf
):
    draw = factories.drawn(programme)
    programme.persons.filter(code="P001").update(user=dewi)
    change(draw)
    draw.save()
    pages = [at(programme, name) for name in ("selection", "pool", "announcement", "draw_json")]
    pages += [reverse(f"reports:{name}", args=[programme.code]) for name in ("minutes_pdf", "announcement_pdf")]
    for address in pages:
        assert CHANGED in client_of(ani).get(address).content.decode(), address
    assert CHANGED in client_of(dewi).get(reverse("reports:my_page", args=[programme.code])).content.decode()


def test_who_is_kept_out_reads_the_reason_and_not_that_they_came_too_late(
    programme: Programme, dewi: User, client_of: ClientOf
):
    factories.pool(programme)
    exception = factories.excepted(programme, "A001", ExceptionKind.BARRED)
    services.freeze_pool(programme=programme, source="closing index", by=None)
    programme.persons.filter(code="P001").update(user=dewi)
    page = client_of(dewi).get(reverse("reports:my_page", args=[programme.code])).content.decode()
    assert exception.reason in page
    assert "without your application" not in page


def test_the_seats_lead_to_case_files_only_who_may_read_them(programme: Programme, ani: User, client_of: ClientOf):
    factories.drawn(programme)
    ika = User.objects.create_user(username="ika", name="Ika")
    give_role(programme=programme, username="ika", role="ministry", by=None)
    case = reverse("reports:case_file", args=[programme.code, "A001"])
    assert case in client_of(ani).get(at(programme, "seats")).content.decode()
    assert case not in client_of(ika).get(at(programme, "seats")).content.decode()
