"""The announcement names people as the programme sets, and lets nothing else out."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kawasan.core.models import User
from kawasan.core.testing import MORE
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Announcement
from kawasan.selection import queries, rules, services
from kawasan.selection.models import Draw, Seat
from kawasan.selection.rules import SeatKind
from kawasan.selection.tests import factories
from kawasan.selection.tests.factories import DAY

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
NAMES = (
    "Siti Rahmah",
    "Tomi",
    "Al Amin",
    "Nur Aini Putri",
    "Made Sari",
    "Wawan",
    "Dedi Hasan",
    "Ina",
    "Rudiyanto",
    "Yuli S",
)


@pytest.fixture
def draw(programme: Programme) -> Draw:
    drawn = factories.drawn(programme)
    for person, name in zip(programme.persons.order_by("code"), NAMES, strict=True):
        person.name = name
        person.save(update_fields=["name"])
    return drawn


@pytest.fixture
def lina(cast: dict[str, User]) -> User:
    """Somebody of the public."""
    return cast["lina"]


def announce(programme: Programme, how: Announcement) -> None:
    programme.announcement = how
    programme.save(update_fields=["announcement"])


def shown(client: Client, programme: Programme, **asked: str) -> str:
    """Both lists on the page, and the table."""
    at = reverse("selection:announcement", args=[programme.code])
    pages = [client.get(at, {"list": name, **asked}).text for name in ("", "waiting")]
    main = [page[page.index("<main") : page.index("</main>")] for page in pages]
    return " ".join([*main, client.get(reverse("reports:announcement_csv", args=[programme.code])).text])


def test_lina_is_of_the_public() -> None:
    assert [player.role for player in MORE if player.username == "lina"] == ["public"]


@pytest.mark.parametrize("how", Announcement)
def test_no_identity_number_phone_or_address_is_announced(
    how: Announcement, draw: Draw, programme: Programme, lina: User, client_of: ClientOf
) -> None:
    announce(programme, how)
    page = shown(client_of(lina), programme)
    for person in programme.persons.all():
        private = (person.nik, person.family_card, person.phone, str(person.phone)[-8:], person.address)
        assert [value for value in private if value in page] == []


def test_by_pseudonym_nobody_is_named_and_no_number_stands_beside_it(
    draw: Draw, programme: Programme, lina: User, client_of: ClientOf
) -> None:
    announce(programme, Announcement.PSEUDONYM)
    page = shown(client_of(lina), programme)
    assert "***" not in page
    for applicant in programme.applicants.select_related("person"):
        assert applicant.code not in page
        assert applicant.person.name not in page
        assert rules.pseudonym(draw.salt, applicant.code) in page


@pytest.mark.parametrize("how", [Announcement.MASKED, Announcement.NAMED])
def test_no_pseudonym_stands_beside_a_name(
    how: Announcement, draw: Draw, programme: Programme, lina: User, client_of: ClientOf
) -> None:
    announce(programme, how)
    assert not re.search(r"[0-9a-f]{64}", shown(client_of(lina), programme))


def test_a_masked_name_shows_the_beginnings_of_words_and_no_place(
    draw: Draw, programme: Programme, lina: User, client_of: ClientOf
) -> None:
    page = shown(client_of(lina), programme)
    assert programme.announcement == "masked"
    assert "S*** R*****" in page
    assert [name for name in NAMES if name in page] == []
    assert "Kelurahan 19" not in page


def test_a_full_name_comes_with_the_kelurahan(
    draw: Draw, programme: Programme, lina: User, client_of: ClientOf
) -> None:
    announce(programme, Announcement.NAMED)
    page = shown(client_of(lina), programme)
    assert [name for name in NAMES if name not in page] == []
    assert "Kelurahan 19.71.01.1004" in page


@pytest.mark.parametrize("how", [Announcement.MASKED, Announcement.NAMED])
def test_whoever_left_is_on_no_list_beside_names(
    how: Announcement, draw: Draw, programme: Programme, ani: User, lina: User, client_of: ClientOf
) -> None:
    announce(programme, how)
    declined, withdrawn = Seat.objects.filter(kind="drawn")[0], Seat.objects.filter(kind="reserve")[2]
    services.decline(seat=declined, by=ani, on=DAY)
    services.withdraw(applicant=withdrawn.applicant, reason="moved", by=ani, on=DAY)
    page = shown(client_of(lina), programme)
    for seat in (declined, withdrawn):
        assert seat.applicant.code not in page
        assert seat.applicant.person.name not in page
        assert rules.masked_name(seat.applicant.person.name) not in page
    assert "Withdrawn" not in page
    assert "moved" not in page


@pytest.mark.parametrize("how", [Announcement.MASKED, Announcement.NAMED])
def test_beside_names_nobody_is_told_to_have_been_called(
    how: Announcement, draw: Draw, programme: Programme, ani: User, lina: User, client_of: ClientOf
) -> None:
    """Of one call the certificate says the pseudonym, and what the quotas count of it."""
    announce(programme, how)
    declined = Seat.objects.filter(kind="drawn")[0]
    services.decline(seat=declined, by=ani, on=DAY)
    called = services.call_reserve(programme=programme, by=ani, on=DAY)
    for seat in Seat.objects.filter(status="offered", kind="drawn"):
        services.accept(seat=seat, by=ani, on=DAY)
    lists = [queries.announced(Draw.objects.get(), kind) for kind in (SeatKind.DRAWN, SeatKind.RESERVE)]
    held, waiting = ([line.known_as for line in lines] for lines in lists)
    assert called.applicant.code in held
    assert called.applicant.code not in waiting
    assert held == sorted(held)
    assert [line.number for line in lists[0]] == [1, 2, 3, 4]
    assert {line.status for lines in lists for line in lines} == {""}
    page = shown(client_of(lina), programme)
    assert [word for word in ("Offered", "Accepted", "Ditawarkan", "Diterima", "Cadangan") if word in page] == []


def test_by_pseudonym_the_calls_are_told(draw: Draw, programme: Programme, ani: User) -> None:
    announce(programme, Announcement.PSEUDONYM)
    declined = Seat.objects.filter(kind="drawn")[0]
    services.decline(seat=declined, by=ani, on=DAY)
    called = services.call_reserve(programme=programme, by=ani, on=DAY)
    lists = [queries.announced(Draw.objects.get(), kind) for kind in (SeatKind.DRAWN, SeatKind.RESERVE)]
    drawn, reserves = ({line.known_as: line.status for line in lines} for lines in lists)
    assert drawn[rules.pseudonym(draw.salt, declined.applicant.code)] == "Declined"
    assert reserves[rules.pseudonym(draw.salt, called.applicant.code)] == "Offered"


def test_the_waiting_list_stands_in_the_order_of_the_certificate(draw: Draw, programme: Programme) -> None:
    announce(programme, Announcement.PSEUDONYM)
    waiting = queries.announced(Draw.objects.get(), SeatKind.RESERVE)
    assert [line.known_as for line in waiting] == draw.result["reserves"]
    assert [line.number for line in waiting] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("how", [Announcement.MASKED, Announcement.NAMED])
def test_beside_names_the_waiting_list_has_not_the_order_of_the_certificate(
    how: Announcement, draw: Draw, programme: Programme, lina: User, client_of: ClientOf
) -> None:
    announce(programme, how)
    codes = [line.known_as for line in queries.announced(Draw.objects.get(), SeatKind.RESERVE)]
    assert codes == sorted(codes)
    assert codes != list(Seat.objects.filter(kind="reserve").values_list("applicant__code", flat=True))
    assert "everybody finds their own place on their page" in shown(client_of(lina), programme)


def test_the_numbers_of_the_drawn_do_not_tell_their_pseudonyms(draw: Draw) -> None:
    """The drawn are numbered by pseudonym, so that those numbers beside names would tell who is who in the pool."""
    lines = queries.announced(draw, SeatKind.DRAWN)
    codes = [line.known_as for line in lines]
    assert codes == sorted(codes)
    assert [line.number for line in lines] == [1, 2, 3, 4]
    assert codes != list(Seat.objects.filter(kind="drawn").values_list("applicant__code", flat=True))


def test_the_pool_tells_numbers_of_the_waiting_list_only_where_nobody_is_named(
    draw: Draw, programme: Programme, lina: User, client_of: ClientOf
) -> None:
    at = reverse("selection:pool", args=[programme.code])
    assert not re.search(r"Reserve \d", client_of(lina).get(at).text)
    announce(programme, Announcement.PSEUDONYM)
    assert re.search(r"Reserve \d", client_of(lina).get(at).text)


def test_people_find_themselves_by_their_number_and_nobody_by_name(
    draw: Draw, programme: Programme, lina: User, client_of: ClientOf
) -> None:
    seat = Seat.objects.filter(kind="reserve").first()
    at = reverse("selection:announcement", args=[programme.code])
    found = client_of(lina).get(at, {"list": "waiting", "start": seat.applicant.code.lower()})
    assert [line.known_as for line in found.context["page"]] == [seat.applicant.code]
    by_name = client_of(lina).get(at, {"list": "waiting", "start": seat.applicant.person.name})
    assert "Nobody on this list" in by_name.text
    announce(programme, Announcement.PSEUDONYM)
    assert "Nobody on this list" in client_of(lina).get(at, {"list": "waiting", "start": seat.applicant.code}).text


def test_nothing_is_announced_before_the_draw(programme: Programme, lina: User, client_of: ClientOf) -> None:
    factories.frozen(programme)
    page = client_of(lina).get(reverse("selection:announcement", args=[programme.code])).text
    assert "The announcement appears here after the draw." in page
    for name in ("announcement_pdf", "announcement_csv"):
        assert reverse(f"reports:{name}", args=[programme.code]) not in page
        response = client_of(lina).get(reverse(f"reports:{name}", args=[programme.code]))
        assert response.status_code == 422
        assert "Nothing is drawn yet" in response.text


def test_a_name_like_a_formula_stays_text_in_the_table(
    draw: Draw, programme: Programme, lina: User, client_of: ClientOf
) -> None:
    programme.persons.filter(code="P001").update(name="=1+1")
    announce(programme, Announcement.NAMED)
    table = client_of(lina).get(reverse("reports:announcement_csv", args=[programme.code])).text
    assert ",'=1+1," in table


def test_the_own_page_leads_to_the_announcement(
    draw: Draw, programme: Programme, dewi: User, client_of: ClientOf
) -> None:
    programme.persons.filter(code="P001").update(user=dewi)
    page = client_of(dewi).get(reverse("reports:my_page", args=[programme.code])).text
    assert reverse("selection:announcement", args=[programme.code]) in page
    assert str(Seat.objects.get(applicant__code="A001").get_kind_display()) in page


def test_the_announcement_needs_few_queries(
    draw: Draw, programme: Programme, lina: User, client_of: ClientOf, django_assert_max_num_queries: Callable
) -> None:
    client = client_of(lina)
    with django_assert_max_num_queries(8):
        client.get(reverse("selection:announcement", args=[programme.code]), {"list": "waiting"})
