"""Verification in the office and on site: checklist, photo, place, and nobody verifies their own."""

import datetime
import random
from io import BytesIO
from itertools import combinations
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse
from PIL import Image

from kawasan.applicants import services as applications
from kawasan.applicants.models import Applicant, CheckedItem, Closeness, Person, SitePhoto, Verification
from kawasan.applicants.queries import verification as queries
from kawasan.applicants.rules.verification import (
    CHECKLIST,
    FINDINGS,
    NEXT_STATES,
    TIES,
    TOLD,
    CheckStage,
    CheckState,
    Report,
    Ties,
    faults,
    items_of,
    length,
    reasons_tied,
    shared_out,
    stage_due,
    tour,
)
from kawasan.applicants.services import verification as services
from kawasan.applicants.tests import factories
from kawasan.applicants.verification_forms import RecordForm
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.core.photos import Photo
from kawasan.core.services import verify_log
from kawasan.programmes.models import Membership, Programme

DAY = datetime.date(2022, 9, 1)
PAPERS, VISIT = CheckStage.ADMINISTRATIVE, CheckStage.FIELD


def yes(stage: str, **changes: tuple[str, str]) -> dict[str, tuple[str, str]]:
    items = items_of(stage, has_disability=False, earlier_assistance=False)
    return {item.code: ("yes", "") for item in items} | changes


def report(stage: str = PAPERS, **changes: Any) -> Report:
    values = {"result": "confirmed", "reason": "", "differences": "", "answers": yes(stage), "photos": 1}
    return Report(**values | changes)


def jpeg() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "JPEG")
    return file.getvalue()


def photo() -> Photo:
    return Photo(jpeg())


def assigned(applicant: Applicant, verifier: User, stage: str = PAPERS) -> Verification:
    return services.assign(applicant=applicant, stage=stage, verifier=verifier, by=None, on=DAY)


def recorded(verification: Verification, **changes: Any) -> Verification:
    given = {"where": None, "seen_at": "", "photo": None, "by": verification.verifier, "on": DAY}
    said = changes.pop("report", report(verification.stage, photos=0))
    if verification.stage == VISIT and "photo" not in changes:
        given["photo"] = photo()
        said = Report(said.result, said.reason, said.differences, said.answers, photos=1)
    return services.record(verification=verification, report=said, **given | changes)


# Rules


def test_every_state_is_in_the_table_and_what_is_over_stays():
    assert set(NEXT_STATES) == set(CheckState)
    assert [state for state, following in NEXT_STATES.items() if following] == [CheckState.ASSIGNED]


def test_codes_of_a_checklist_are_unique_and_fit_their_column():
    for items in CHECKLIST.values():
        codes = [item.code for item in items]
        assert len(set(codes)) == len(codes)
        assert max(map(len, codes)) <= CheckedItem._meta.get_field("item").max_length


def test_every_finding_of_a_stage_has_kind_words():
    assert set(TOLD) == {(stage, finding) for stage, found in FINDINGS.items() for finding in found}


@pytest.mark.parametrize(
    ("papers", "visit", "due"),
    [
        (None, None, PAPERS),
        ("differs", None, PAPERS),
        ("not_found", None, PAPERS),
        ("confirmed", None, VISIT),
        ("confirmed", "not_found", VISIT),
        ("confirmed", "not_safe", VISIT),
        ("confirmed", "refuses", VISIT),
        ("confirmed", "differs", None),
        ("confirmed", "confirmed", None),
        ("differs", "confirmed", PAPERS),
    ],
)
def test_the_visit_follows_on_confirmed_papers(papers: str | None, visit: str | None, due: str | None):
    assert stage_due(papers, visit) == due


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, set()),
        ({"result": "not_safe"}, {"result", "reason"}),  # papers are seen in the office
        (
            {"answers": {}},
            {"result", *(item.code for item in items_of(PAPERS, has_disability=False, earlier_assistance=False))},
        ),
        ({"answers": yes(PAPERS, nik=("unseen", ""))}, {"nik", "result"}),
        ({"answers": yes(PAPERS, nik=("unseen", "card is at the bank"))}, {"result"}),  # who was not seen
        ({"answers": yes(PAPERS, phone=("unseen", "no answer at noon"))}, set()),
        ({"answers": yes(PAPERS, nik=("no", "another number"))}, {"result"}),
        ({"result": "not_found"}, {"reason"}),
        ({"result": "differs", "reason": "Born in another year"}, {"differences"}),
        ({"result": "differs", "reason": "Born in another year", "differences": "The card says 1981"}, set()),
    ],
)
def test_a_report_is_whole(changes: dict[str, Any], wrong: set[str]):
    asked = items_of(PAPERS, has_disability=False, earlier_assistance=False)
    assert set(faults(report(**changes), PAPERS, asked)) == wrong


def test_who_says_that_a_photo_was_taken_adds_it():
    asked = items_of(VISIT, has_disability=False, earlier_assistance=False)
    assert set(faults(report(VISIT, photos=0), VISIT, asked)) == {"photo"}
    assert not faults(report(VISIT, photos=1), VISIT, asked)


def test_what_is_asked_only_of_some_is_not_asked_of_others():
    everything = items_of(PAPERS, has_disability=True, earlier_assistance=True)
    assert {item.code for item in everything} - set(yes(PAPERS)) == {"disability", "report"}


def test_each_tie_has_its_own_reason():
    assert set(TIES) == set(Ties.__dataclass_fields__)
    said = [str(reasons_tied(Ties(**{tie: True}))[0]) for tie in TIES]
    assert len(set(said)) == len(TIES)


def test_cases_are_shared_out_evenly_neighbours_together_and_never_to_who_is_tied():
    shares = shared_out([(case, frozenset()) for case in range(6)], {1: 0, 2: 0})
    assert shares.given == {0: 1, 1: 1, 2: 1, 3: 2, 4: 2, 5: 2}
    assert shared_out([(case, frozenset()) for case in range(3)], {1: 3, 2: 0}).given == {0: 2, 1: 2, 2: 2}
    tied = shared_out([(0, frozenset({1})), (1, frozenset({1, 2}))], {1: 0, 2: 0})
    assert (tied.given, tied.left) == ({0: 2}, [1])
    assert shared_out([(0, frozenset())], {}).left == [0]


def test_a_tour_has_every_point_once_and_no_needless_way():
    square = [(0.0, 0.0), (0.0, 3.0), (0.0, 1.0), (0.0, 2.0)]
    assert tour(square) == [0, 2, 3, 1]
    crossed = [(0.0, 0.0), (1.0, 1.0), (0.0, 1.0), (1.0, 0.0), (0.5, 2.0)]
    found = tour(crossed)
    assert sorted(found) == list(range(5))
    assert length(found, crossed) <= length([0, 3, 1, 2, 4], crossed) + 1e-9
    assert tour([]) == []


@pytest.mark.parametrize("seed", range(20))
def test_no_part_of_a_tour_can_be_turned_round_to_make_it_shorter(seed: int):
    chance = random.Random(seed)
    points = [(-2 + chance.random(), 106 + chance.random()) for _ in range(12)]
    way = tour(points)
    assert sorted(way) == list(range(12))
    for start, end in combinations(range(1, 12), 2):
        turned = way[:start] + way[start : end + 1][::-1] + way[end + 1 :]
        assert length(way, points) <= length(turned, points) + 1e-9


# Services


@pytest.fixture
def hers(programme: Programme) -> Applicant:
    factories.applicant(programme)
    applications.assess(programme=programme, by=None, on=DAY)
    return Applicant.objects.select_related("person__place", "programme").get()


@pytest.mark.django_db
def test_papers_then_visit(hers: Applicant, budi: User):
    recorded(assigned(hers, budi))
    assert queries.due_of(hers) == VISIT
    done = recorded(assigned(hers, budi, VISIT), where=(-2.13, 106.13), seen_at="Di rumah")
    assert queries.due_of(hers) is None
    assert (done.result, done.verified_on, done.seen_at) == ("confirmed", DAY, "Di rumah")
    # 0.01 degrees of longitude at 2.13 degrees south: 111.195 km * 0.01 * cos(2.13 degrees) = 1.11 km.
    assert (done.km_to_centre, done.km_to_business) == (1.11, None)
    assert done.items.count() == len(CHECKLIST[VISIT])
    assert done.photos.count() == 1
    assert not [fault for fault in verify_log() if "Verification" in str(fault) or "Item" in str(fault)]
    entry = LogEntry.objects.filter(verb="applicants.verified").last()
    assert (entry.by, entry.data["result"]) == (budi, "confirmed")


@pytest.mark.django_db
def test_the_visit_waits_for_the_papers(hers: Applicant, budi: User):
    with pytest.raises(Refused, match="not confirmed yet"):
        assigned(hers, budi, VISIT)
    said = report(result="differs", reason="Another year on the card", differences="The card says 1981")
    recorded(assigned(hers, budi), report=said)
    with pytest.raises(Refused, match="not confirmed yet"):
        assigned(hers, budi, VISIT)


@pytest.mark.django_db
def test_one_verification_is_to_do_at_a_time(hers: Applicant, ani: User, budi: User):
    made = assigned(hers, budi)
    with pytest.raises(Refused, match="Somebody verifies this application already"):
        assigned(hers, ani)
    with pytest.raises(IntegrityError):
        Verification.objects.create(
            programme=hers.programme, applicant=hers, stage=made.stage, verifier=ani, assigned_on=DAY
        )


@pytest.mark.django_db
def test_a_refused_application_is_not_verified(hers: Applicant, budi: User):
    Applicant.objects.update(status="refused")
    hers.refresh_from_db()
    with pytest.raises(Refused, match="is not eligible"):
        assigned(hers, budi)


def test_a_withdrawn_application_is_not_verified(hers: Applicant, budi: User):
    made = assigned(hers, budi)
    applications.mark_withdrawn(applicant=hers, reason="Moved away", by=budi, on=DAY)
    made.applicant.refresh_from_db()
    with pytest.raises(Refused, match="was withdrawn"):
        recorded(made)


@pytest.mark.django_db
def test_only_who_has_it_records_and_once(hers: Applicant, ani: User, budi: User):
    made = assigned(hers, budi)
    with pytest.raises(Refused, match="assigned to somebody else"):
        recorded(made, by=ani)
    stale = Verification.objects.select_related("applicant__person__place", "verifier").get(pk=made.pk)
    recorded(made)
    with pytest.raises(Refused, match="over already"):
        recorded(stale)
    assert LogEntry.objects.filter(verb="applicants.verified").count() == 1


@pytest.mark.django_db
def test_what_is_not_whole_is_not_recorded(hers: Applicant, budi: User):
    made = assigned(hers, budi)
    with pytest.raises(Refused, match="Say in a sentence why"):
        recorded(made, report=report(result="not_found"))
    assert not CheckedItem.objects.exists()


def tie(name: str, hers: Applicant, budi: User) -> str:
    """Tie Budi to an application in one way; returns the stage from which it keeps him."""
    if name == "entered":
        Applicant.objects.update(entered_by=budi)
    elif name == "helped":
        Applicant.objects.update(helped_by="Pak budi santoso, RT 03")
    elif name == "is_applicant":
        Person.objects.update(user=budi)
    elif name == "family_card":
        factories.person(hers.programme, 2, user=budi, family_card=hers.person.family_card)
    elif name == "declared":
        services.declare_closeness(applicant=hers, relation="Cousin", by=budi, on=DAY)
    else:
        recorded(assigned(hers, budi))
        other = User.objects.create(username="vera", name="Vera")
        Membership.objects.create(programme=hers.programme, user=other, role="verifier")
        return VISIT
    return PAPERS


@pytest.mark.django_db
@pytest.mark.parametrize("name", TIES)
def test_nobody_verifies_what_they_are_tied_to(hers: Applicant, budi: User, name: str):
    stage = tie(name, hers, budi)
    with pytest.raises(Refused) as refused:
        assigned(hers, budi, stage)
    assert TIES[name] in str(refused.value)
    counts = services.share_out(programme=hers.programme, stage=stage, places=[], verifiers=[budi], by=None, on=DAY)
    assert counts == {"assigned": 0, "left": 1}


@pytest.mark.django_db
def test_a_verifier_states_the_own_family_card_and_gets_nobody_on_it(hers: Applicant, budi: User, client_of):
    client, address = client_of(budi), at(hers.programme, "own_card")
    assert "does not have 16 digits" in client.post(address, {"family_card": "1971"}).content.decode()
    assert client.post(address, {"family_card": f" {hers.person.family_card} "}).status_code == 302
    with pytest.raises(Refused, match="on your family card"):
        assigned(hers, budi)
    assert hers.person.family_card not in client.get(address).content.decode()
    assert LogEntry.objects.get(verb="applicants.own_card_stated").by == budi
    other = {"family_card": "1971010101209999"}
    assert client.post(address, other).status_code == 302
    assert assigned(hers, budi).state == "assigned"


@pytest.mark.django_db
def test_a_tie_that_comes_later_stops_the_record(hers: Applicant, budi: User):
    made = assigned(hers, budi)
    Applicant.objects.update(entered_by=budi)
    with pytest.raises(Refused, match="You entered this application yourself"):
        recorded(made)


@pytest.mark.django_db
def test_who_enters_an_application_is_kept_with_it(programme: Programme, budi: User):
    known = factories.applicant(programme, 7)
    names = ("nik", "name", "sex", "birth_date", "address", "place", "education")
    answers = {f: getattr(known, f) for f in applications.ANSWERS}
    person = Person(**{name: getattr(known.person, name) for name in names})
    made = applications.submit(programme=programme, person=person, applicant=Applicant(**answers), by=budi, on=DAY)
    assert made.entered_by == budi
    with pytest.raises(Refused, match="entered"):
        assigned(made, budi)


@pytest.mark.django_db
def test_a_declaration_gives_the_case_back_for_somebody_else(hers: Applicant, ani: User, budi: User):
    made = assigned(hers, budi)
    with pytest.raises(Refused, match="Say in a few words"):
        services.declare_closeness(applicant=hers, relation=" ", by=budi, on=DAY)
    services.declare_closeness(applicant=hers, relation="My cousin", by=budi, on=DAY)
    made.refresh_from_db()
    assert (made.state, made.taken_off_because) == ("taken_off", "My cousin")
    assert assigned(hers, ani).state == "assigned"
    with pytest.raises(Refused, match="already"):
        services.declare_closeness(applicant=hers, relation="My cousin", by=budi, on=DAY)
    assert Closeness.objects.count() == 1


@pytest.mark.django_db
def test_a_manager_takes_a_verification_back_with_a_reason(hers: Applicant, ani: User, budi: User):
    made = assigned(hers, budi)
    with pytest.raises(Refused):
        services.take_off(verification=made, reason="", by=ani, on=DAY)
    services.take_off(verification=made, reason="On leave", by=ani, on=DAY)
    with pytest.raises(Refused, match="over already"):
        recorded(Verification.objects.select_related("applicant__person__place").get())


@pytest.mark.django_db
def test_all_that_waits_is_shared_out_and_what_is_shared_out_does_not_wait(programme: Programme, ani: User, budi: User):
    for number in range(1, 6):
        factories.applicant(programme, number)
    applications.assess(programme=programme, by=None, on=DAY)
    Applicant.objects.filter(code="A001").update(status="refused")
    given = {"programme": programme, "stage": PAPERS, "places": [], "verifiers": [ani, budi], "by": ani, "on": DAY}
    assert services.share_out(**given) == {"assigned": 4, "left": 0}
    assert sorted(Verification.objects.values_list("verifier__username", flat=True)) == ["ani", "ani", "budi", "budi"]
    assert services.share_out(**given) == {"assigned": 0, "left": 0}
    assert LogEntry.objects.filter(verb="applicants.verifications_shared_out").count() == 1
    assert not [fault for fault in verify_log() if "Verification" in str(fault)]


@pytest.mark.django_db
def test_the_database_and_the_rule_agree_on_who_waits_for_what(hers: Applicant, budi: User):
    for papers in (None, "confirmed", "differs", "not_found", "refuses"):
        for visit in (None, *FINDINGS[VISIT]):
            Verification.objects.all().delete()
            for stage, result in ((PAPERS, papers), (VISIT, visit)):
                if result:
                    Verification.objects.create(
                        programme=hers.programme, applicant=hers, stage=stage, state="recorded", verifier=budi,
                        assigned_on=DAY, verified_on=DAY, result=result, reason="Contoh",
                    )  # fmt: skip
            due = queries.due_of(hers)
            assert [s for s in CheckStage if queries.waiting_for(hers.programme, s).exists()] == ([due] if due else [])
            assert queries.counts(hers.programme)["done"] == (due is None)


# Pages


def at(programme: Programme, name: str, *args: object) -> str:
    return reverse(f"applicants:{name}", args=[programme.code, *args])


def sent(stage: str = PAPERS, **changes: Any) -> dict[str, Any]:
    answers = {f"item_{code}": answer for code, (answer, _note) in yes(stage).items()}
    return answers | {"result": "confirmed", "seen_at": "Kantor", "latitude": "-2.13", "longitude": "106.12"} | changes


@pytest.mark.django_db
def test_a_verifier_records_on_the_page(hers: Applicant, budi: User, client_of):
    made, client = assigned(hers, budi), client_of(budi)
    page = client.get(at(hers.programme, "record_verification", made.pk)).content.decode()
    assert "Identity card (KTP) seen" in page
    answer = client.post(at(hers.programme, "record_verification", made.pk), sent())
    assert answer.status_code == 302
    made.refresh_from_db()
    assert (made.result, made.latitude, made.km_to_centre) == ("confirmed", -2.13, 0.0)


@pytest.mark.django_db
def test_a_visit_is_recorded_with_its_photo_on_the_page(hers: Applicant, budi: User, client_of):
    recorded(assigned(hers, budi))
    made, client = assigned(hers, budi, VISIT), client_of(budi)
    address = at(hers.programme, "record_verification", made.pk)
    page = client.post(address, sent(VISIT)).content.decode()
    assert "You say that a photo was taken. Add it here." in page
    upload = SimpleUploadedFile("site.jpg", jpeg(), "image/jpeg")
    assert client.post(address, sent(VISIT, photo=upload)).status_code == 302
    assert SitePhoto.objects.get().verification == made
    assert made.items.count() == len(CHECKLIST[VISIT])


@pytest.mark.django_db
def test_what_is_missing_is_said_beside_it_and_nothing_typed_is_lost(hers: Applicant, budi: User, client_of):
    made = assigned(hers, budi)
    typed = sent(item_nik="no", note_nik="Nomor lain", result="differs", reason="Nomor di kartu lain", longitude="")
    page = client_of(budi).post(at(hers.programme, "record_verification", made.pk), typed).content.decode()
    assert "Write both latitude and longitude, or neither." in page
    assert "Nomor lain" in page
    page = client_of(budi).post(at(hers.programme, "record_verification", made.pk), typed | {"latitude": ""})
    assert "Say what differs: what was stated, and what you saw." in page.content.decode()
    made.refresh_from_db()
    assert made.state == "assigned"


@pytest.mark.django_db
def test_what_differs_leads_to_a_proposal(hers: Applicant, budi: User, client_of):
    said = report(result="differs", reason="Another household", differences="Five people live there, four stated")
    made = recorded(assigned(hers, budi), report=said)
    page = client_of(budi).get(at(hers.programme, "verification", made.pk)).content.decode()
    address = f"{at(hers.programme, 'correct', hers.code)}?verification={made.pk}"
    assert address in page
    assert "Five people live there, four stated" in client_of(budi).get(address).content.decode()


@pytest.mark.django_db
def test_a_photo_is_sealed_and_looked_at_by_who_may_with_a_line_in_the_log(
    hers: Applicant, budi: User, cast: dict[str, User], client_of, settings, tmp_path
):
    made = assigned(hers, budi)
    upload = SimpleUploadedFile("site.jpg", jpeg(), "image/jpeg")
    assert client_of(budi).post(at(hers.programme, "add_site_photo", made.pk), {"photo": upload}).status_code == 302
    kept = SitePhoto.objects.get()
    answer = client_of(cast["hadi"]).get(at(hers.programme, "site_photo", made.pk, kept.pk))
    assert answer["Content-Type"] == "image/jpeg"
    assert LogEntry.objects.filter(verb="applicants.site_photo_read", by=cast["hadi"]).exists()
    assert client_of(cast["gita"]).get(at(hers.programme, "site_photo", made.pk, kept.pk)).status_code == 403
    with pytest.raises(Refused, match="Only the verifier"):
        services.add_photo(verification=made, photo=photo(), by=cast["ani"])


@pytest.mark.django_db
def test_the_way_shows_phones_to_the_verifier_alone_and_is_logged(hers: Applicant, ani: User, budi: User, client_of):
    assigned(hers, budi)
    own = client_of(budi).get(at(hers.programme, "route")).content.decode()
    assert f"tel:{hers.person.phone}" in own
    others = client_of(ani).get(at(hers.programme, "route") + f"?verifier={budi.pk}").content.decode()
    assert hers.person.name in others
    assert "tel:" not in others
    assert client_of(budi).get(at(hers.programme, "route") + f"?verifier={ani.pk}").status_code == 403
    assert LogEntry.objects.filter(verb="applicants.route_read").count() == 2


@pytest.mark.django_db
def test_the_way_goes_kelurahan_by_kelurahan_then_rw_rt_and_street(programme: Programme, budi: User):
    far = factories.place(programme, "19.71.02.1001")
    far.latitude = -2.2
    far.save()
    doors = [("10", "1", None), ("2", "2", None), ("2", "1", far), ("2", "1", None)]
    for number, (rw, rt, place) in enumerate(doors, start=1):
        where = {"place": place} if place else {}
        factories.applicant(programme, number, of=factories.person(programme, number, rw=rw, rt=rt, **where))
    applications.assess(programme=programme, by=None, on=DAY)
    services.share_out(programme=programme, stage=PAPERS, places=[], verifiers=[budi], by=None, on=DAY)
    stops = queries.route(list(queries.to_do_of(programme, budi)))
    assert [[one.applicant.code for one in stop.people] for stop in stops] == [["A004", "A002", "A001"], ["A003"]]


@pytest.mark.django_db
def test_the_manager_shares_out_and_gives_to_one(hers: Applicant, ani: User, budi: User, client_of):
    client = client_of(ani)
    answer = client.post(at(hers.programme, "share_out"), {"stage": PAPERS, "verifiers": [budi.pk]}, follow=True)
    assert "1 verifications were assigned." in answer.content.decode()
    assert client_of(budi).get(at(hers.programme, "share_out")).status_code == 403
    made = Verification.objects.get()
    assert client.post(at(hers.programme, "take_off", made.pk), {"reason": "On leave"}).status_code == 302
    assert client.post(at(hers.programme, "assign_verification", "A001"), {"verifier": ani.pk}).status_code == 302
    assert Verification.objects.to_do().get().verifier == ani


@pytest.mark.django_db
def test_a_refused_assignment_stands_on_the_form(hers: Applicant, ani: User, budi: User, client_of):
    Applicant.objects.update(entered_by=budi)
    answer = client_of(ani).post(at(hers.programme, "assign_verification", "A001"), {"verifier": budi.pk})
    assert answer.status_code == 422
    assert "somebody else verifies it" in answer.content.decode()


@pytest.mark.django_db
def test_verifications_of_another_programme_are_not_found(
    hers: Applicant, other_programme: Programme, budi: User, fajar: User, client_of
):
    made = recorded(assigned(hers, budi))
    kept = services.add_photo(verification=made, photo=photo(), by=budi)
    for programme in (hers.programme, other_programme):
        for name, *args in (
            ("verification", made.pk),
            ("record_verification", made.pk),
            ("add_site_photo", made.pk),
            ("site_photo", made.pk, kept.pk),
            ("take_off", made.pk),
            ("assign_verification", "A001"),
            ("declare_closeness", "A001"),
        ):
            assert client_of(fajar).get(at(programme, name, *args)).status_code == 404


@pytest.mark.django_db
def test_pages_of_the_verification_need_few_queries(
    programme: Programme, ani: User, budi: User, client_of, django_assert_max_num_queries
):
    for number in range(1, 13):
        factories.applicant(programme, number)
    applications.assess(programme=programme, by=None, on=DAY)
    services.share_out(programme=programme, stage=PAPERS, places=[], verifiers=[budi], by=None, on=DAY)
    client = client_of(budi)
    with django_assert_max_num_queries(12):
        client.get(at(programme, "verifications"))
    with django_assert_max_num_queries(20):  # the log's own among them
        client.get(at(programme, "route"))
    with django_assert_max_num_queries(12):
        client.get(at(programme, "applicant", "A001"))


def test_no_item_of_a_checklist_takes_the_name_of_another_field():
    codes = {item.code for items in CHECKLIST.values() for item in items}
    assert not codes & set(RecordForm.base_fields)
