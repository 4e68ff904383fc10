"""The papers of a draw: what stands in the minutes and the announcement, and the hash that all of them carry."""

import datetime
import io
import re
from collections.abc import Callable
from hashlib import sha256

import pypdf
import pytest
from django.test import Client, override_settings
from django.urls import reverse

from kawasan.applicants import services as applicants
from kawasan.applicants.services.changes import approve_change
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.core.services import verify_log
from kawasan.programmes.models import Programme
from kawasan.reports import services
from kawasan.reports.proof import payload, proof
from kawasan.selection import services as selection
from kawasan.selection.models import Decree, Draw, Seat
from kawasan.selection.rules import ExceptionKind, pseudonym
from kawasan.selection.tests import factories
from kawasan.selection.tests.factories import DAY

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def draw(programme: Programme, ani: User, budi: User) -> Draw:
    """Frozen and entered by Ani, confirmed by Budi."""
    factories.pool(programme)
    made = selection.freeze_pool(programme=programme, source="Closing value", by=ani, secret="rahasia-12", on=DAY)
    selection.enter_value(draw=made, public_value="6.812,19", by=ani)
    return selection.run_draw(draw=made, by=budi, on=DAY)


def call_somebody(draw: Draw) -> None:
    selection.decline(seat=Seat.objects.filter(draw=draw, status="offered").first(), by=None, on=DAY)
    selection.call_reserve(programme=draw.programme, by=None, on=DAY)


def decree_of(draw: Draw, by: User) -> Decree:
    for seat in Seat.objects.filter(draw=draw, status="offered"):
        selection.accept(seat=seat, by=by, on=DAY)
    return selection.draft_decree(
        programme=draw.programme, number="SK/1", dated=DAY, signer="Siti", signer_title="PPK", by=by
    )


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def packed(pdf: bytes) -> str:
    return re.sub(r"\s", "", text_of(pdf))


def minutes(draw: Draw, code: str = "id") -> bytes:
    return services.minutes_pdf(Draw.objects.select_related("programme").get(pk=draw.pk), code)


def test_the_minutes_say_a_quota_on_two_features_in_words(programme: Programme) -> None:
    counts = {"feature": "field & sex", "value": "kuliner & female", "least": 1, "most": 3}
    programme.quotas.create(**counts, reason="Rapat")
    assert re.search(
        r"Bidang & jenis kelamin\s+Kuliner & Perempuan\s+1\s+3\s+4\s+\d", text_of(minutes(factories.drawn(programme)))
    )


def test_the_minutes_say_what_was_fixed_who_did_what_and_what_followed(draw: Draw) -> None:
    text = text_of(minutes(draw))
    assert "BERITA ACARA PENGUNDIAN" in text
    for fact in ("1 September 2022", "Closing value", "6.812,19", "rahasia-12", "10 orang dari 10 keluarga"):
        assert fact in text, fact
    for value in (draw.seed, draw.frozen["commitment"], *selection.certificate_of(draw=draw)["hashes"].values()):
        assert value in packed(minutes(draw))
    assert re.search(r"Dibekukan oleh\s+Ani", text)
    assert re.search(r"Dimasukkan oleh\s+Ani", text)
    assert re.search(r"Dicocokkan dan diundi oleh\s+Budi", text)
    assert re.search(rf"Nomor panel\s+{draw.result['panel']}\b", text)
    assert re.search(r"Perempuan\s+1\s+4\s+5\s+\d", text)
    assert "Saksi 2" in text
    assert "Belum ada yang dipanggil." in text


def test_the_minutes_name_no_applicant(draw: Draw) -> None:
    text = packed(minutes(draw))
    for applicant in draw.programme.applicants.select_related("person"):
        assert re.sub(r"\s", "", applicant.person.name) not in text
        assert applicant.code not in text
        assert applicant.person.nik not in text


def test_the_minutes_list_the_calls_and_the_pools_given_up(programme: Programme, ani: User) -> None:
    given_up = factories.frozen(programme)
    selection.cancel_draw(draw=given_up, reason="somebody was forgotten", by=ani)
    made = selection.freeze_pool(programme=programme, source="Dice", by=ani, on=DAY)
    drawn = factories.draw_from(made)
    call_somebody(drawn)
    (called,) = Draw.objects.get(pk=drawn.pk).result["calls"]
    text = text_of(minutes(drawn))
    assert called["leaver"][:12] in text
    assert called["reserve"][:12] in text
    assert given_up.frozen_hash in packed(minutes(drawn))


def test_the_minutes_say_of_whom_the_draw_did_not_decide_and_which_values_were_taken_back(
    programme: Programme, ani: User, budi: User
) -> None:
    factories.pool(programme)
    kept_out = factories.excepted(programme, "A001", ExceptionKind.BARRED)
    made = selection.freeze_pool(programme=programme, source="Dice", by=ani, on=DAY)
    selection.enter_value(draw=made, public_value="9999", by=ani)
    selection.take_value_back(draw=made, reason="typed wrongly", by=budi)
    text = text_of(minutes(factories.draw_from(made), "en"))
    assert kept_out.reason in text
    assert "9999" in text
    assert "typed wrongly" in text


def test_the_minutes_of_a_draw_that_reached_everything_say_no_bound(draw: Draw) -> None:
    assert "Batas terbukti" not in text_of(minutes(draw))


def test_the_minutes_say_what_was_not_reached(programme: Programme) -> None:
    made = factories.draw_from(factories.frozen_short_of_the_bound(programme))
    text = " ".join(text_of(minutes(made)).split())
    assert "setiap orang mendapat paling sedikit 98,7 % dari batas itu" in text


def test_the_minutes_are_translated_when_asked_for(draw: Draw) -> None:
    text = text_of(minutes(draw, "en"))
    assert "MINUTES OF THE DRAW" in text
    assert "Translation; the Indonesian minutes count." in text
    assert "10 people of 10 households" in text


def test_all_papers_carry_the_hash_of_the_certificate_as_it_is_downloaded_after_the_draw(
    draw: Draw, programme: Programme, ani: User, client_of: ClientOf
) -> None:
    certificate = client_of(ani).get(reverse("selection:draw_json", args=[programme.code])).content
    expected = sha256(certificate).hexdigest()
    call_somebody(draw)
    decree = decree_of(draw, ani)
    assert decree.certificate_hash == expected
    for pdf in (minutes(draw), services.announcement_pdf(programme), services.decree_pdf(decree)):
        assert expected in packed(pdf)
    for page in ("selection", "decree"):
        assert expected in client_of(ani).get(reverse(f"selection:{page}", args=[programme.code])).text


def test_a_signed_decree_stays_as_it_is_whoever_is_called(draw: Draw, programme: Programme, ani: User) -> None:
    signed = selection.sign_decree(decree=decree_of(draw, ani), by=ani, on=DAY)
    before = services.decree_pdf(signed)
    leaver = Seat.objects.participants().first()
    selection.withdraw(applicant=leaver.applicant, reason="moved", by=ani, on=DAY)
    selection.call_reserve(programme=programme, by=ani, on=DAY)
    assert services.decree_pdf(Decree.objects.get(pk=signed.pk)) == before


def test_the_code_says_the_hash_or_the_page_that_checks_it() -> None:
    found = "ab" * 32
    assert payload(found) == f"kawasan sha256 {found}"
    with override_settings(PUBLIC_ADDRESS="https://kawasan.example"):
        assert payload(found) == f"https://kawasan.example/check-a-draw/#sha256={found}"


def test_the_code_is_a_picture_of_its_own_for_every_hash() -> None:
    assert proof("ab" * 32)["svg"] == proof("ab" * 32)["svg"] != proof("ac" * 32)["svg"]


def test_a_frozen_pool_and_a_rehearsal_have_no_minutes(programme: Programme, ani: User, client_of: ClientOf) -> None:
    factories.frozen(programme)
    page = client_of(ani).get(reverse("reports:documents", args=[programme.code])).text
    assert "Nothing is drawn yet. Minutes and announcement are of the draw itself; a rehearsal has none." in page
    assert reverse("reports:minutes_pdf", args=[programme.code]) not in page
    response = client_of(ani).get(reverse("reports:minutes_pdf", args=[programme.code]))
    assert response.status_code == 422
    assert "a rehearsal has none" in response.text
    with pytest.raises(Refused):
        services.announcement_pdf(programme)


def test_taking_the_minutes_is_logged(draw: Draw, programme: Programme, ani: User, client_of: ClientOf) -> None:
    at = reverse("reports:minutes_pdf", args=[programme.code])
    assert "BERITA ACARA" in text_of(client_of(ani).get(at).content)
    assert "MINUTES OF" in text_of(client_of(ani).get(at, {"language": "en"}).content)
    assert LogEntry.objects.filter(verb="reports.minutes_taken", by=ani).count() == 2


def test_taking_a_paper_does_not_make_the_log_accept_a_row_that_was_changed_behind_its_back(
    draw: Draw, programme: Programme, ani: User
) -> None:
    decree = decree_of(draw, ani)
    Decree.objects.filter(pk=decree.pk).update(signer="Somebody else")
    Draw.objects.filter(pk=draw.pk).update(frozen_on=datetime.date(2022, 8, 1))
    services.take_decree(decree=decree, by=ani)
    services.take_minutes(programme=programme, code="id", by=ani)
    faults = " ".join(map(str, verify_log()))
    assert "Decree" in faults
    assert "Draw" in faults


@pytest.mark.parametrize(("how", "is_named"), [("pseudonym", False), ("masked", False), ("named", True)])
def test_the_printed_announcement_names_people_as_the_programme_sets(
    how: str, is_named: bool, draw: Draw, programme: Programme
) -> None:
    programme.announcement = how
    programme.save(update_fields=["announcement"])
    text = packed(services.announcement_pdf(programme))
    for applicant in programme.applicants.select_related("person"):
        assert (re.sub(r"\s", "", applicant.person.name) + "Kelurahan" in text) is is_named
        assert (applicant.code in text) is (how != "pseudonym")
        assert applicant.person.nik not in text
        assert str(applicant.person.phone)[-8:] not in text
        assert re.sub(r"\s", "", applicant.person.address) not in text


def test_the_papers_are_the_same_for_the_same_rows(draw: Draw, programme: Programme) -> None:
    assert minutes(draw) == minutes(draw)
    assert services.announcement_pdf(programme) == services.announcement_pdf(programme)


def test_the_minutes_and_the_public_page_say_that_no_two_people_drew(draw: Draw, client: Client) -> None:
    assert "Dua orang" not in text_of(minutes(draw))
    assert "bukan oleh orang di halaman" not in client.get("/draws/").content.decode()
    LogEntry.objects.filter(verb="selection.drawn").update(by=None)
    assert "bukan bahwa tidak ada yang mencoba nilai lain" in " ".join(text_of(minutes(draw)).split())
    assert "bukan oleh orang di halaman" in client.get("/draws/").content.decode()


def test_whoever_is_put_behind_a_pseudonym_after_the_freeze_is_seen_by_everybody(
    draw: Draw, client: Client, ani: User, budi: User
) -> None:
    """A pseudonym stands for an application; two people may correct whom it is about, and everybody sees it."""
    seat = Seat.objects.filter(draw=draw, kind="drawn").select_related("applicant__person").first()
    assert seat
    applicant = seat.applicant
    applicant.person.name = "Keponakan Pejabat"
    change = applicants.correct(applicant=applicant, by=ani, on=DAY, reason="Salah ketik")
    assert change
    assert "Diperbaiki" not in text_of(minutes(draw))
    approve_change(change=change, by=budi, on=DAY)
    shown = pseudonym(draw.salt, applicant.code)[:12]
    paper, page = text_of(minutes(draw)), client.get("/draws/").content.decode()
    assert "Diperbaiki oleh dua orang sesudah daftar calon dibekukan" in paper
    assert shown in paper
    assert shown in page
    assert "Keponakan" not in paper + page
