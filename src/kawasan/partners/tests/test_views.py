import datetime

import pytest
from django.urls import reverse

from kawasan.partners.models import Commitment, Meeting, MeetingAttendance, Organisation
from kawasan.partners.tests import factories
from kawasan.programmes.models import Membership

pytestmark = pytest.mark.django_db
ORGANISATION = {"name": "Bank Contoh", "code": "ORG-9", "kind": "bank", "source": "synthetic"}


@pytest.fixture
def rows(programme):
    """One organisation with a commitment of each status, and a meeting it came to."""
    organisation, meeting = factories.organisation(programme), factories.meeting(programme)
    factories.attendance(meeting, organisation)
    late, early = datetime.date(2022, 10, 2), datetime.date(2022, 9, 1)
    factories.commitment(organisation, "COM-1", meeting=meeting)
    factories.commitment(organisation, "COM-2", due_on=datetime.date(2023, 1, 1))
    factories.commitment(organisation, "COM-3", delivered_on=early, delivered_quantity=7)
    factories.commitment(organisation, "COM-4", delivered_on=late)
    return organisation


def address(name, *args):
    return reverse(f"partners:{name}", args=["contoh-2022", *args])


def text_of(response):
    return response.content.decode()


def pages():
    return [
        address("organisations"),
        address("organisation", "ORG-1"),
        address("commitments"),
        address("meetings"),
        address("meeting", "MTG-1"),
    ]


def writing_pages():
    return [
        address("add_organisation"),
        address("add_commitment"),
        address("add_meeting"),
        address("change_organisation", "ORG-1"),
        address("change_commitment", "COM-1"),
        address("record_delivery", "COM-1"),
        address("change_meeting", "MTG-1"),
        address("record_minutes", "MTG-1"),
    ]


def test_everybody_in_the_programme_reads_and_nobody_else(rows, dewi, eko, fajar, client_of):
    for page in pages():
        assert client_of(dewi).get(page).status_code == 200
        assert client_of(eko).get(page).status_code == 200
        assert client_of(fajar).get(page).status_code == 404


def test_only_manager_and_planner_write(rows, cast, client_of):
    for page in writing_pages():
        assert client_of(cast["ani"]).get(page).status_code == 200
        assert client_of(cast["gita"]).get(page).status_code == 200
        assert client_of(cast["budi"]).get(page).status_code == 403
        assert client_of(cast["eko"]).get(page).status_code == 403
        assert client_of(cast["fajar"]).get(page).status_code == 404


def test_a_reader_is_not_shown_what_they_may_not_do(rows, eko, client_of):
    for page in pages():
        assert "Change" not in text_of(client_of(eko).get(page))
        assert "Add a" not in text_of(client_of(eko).get(page))


def test_the_list_counts_what_each_organisation_promised_and_delivered(rows, ani, client_of):
    response = client_of(ani).get(address("organisations"))
    (shown,) = response.context["page"]
    assert (shown.count_promised, shown.count_delivered, shown.count_delivered_late, shown.count_overdue) == (1,) * 4
    assert "One commitment is overdue: ask the organisation for it" in text_of(response)


def test_organisations_are_found_by_kind_and_by_words(rows, programme, ani, client_of):
    factories.organisation(programme, "ORG-2", name="Bank Contoh", kind="bank", role="Kredit usaha")
    shown = client_of(ani).get(address("organisations"), {"kind": "bank", "q": "kredit"}).context["page"]
    assert [o.code for o in shown] == ["ORG-2"]
    assert "No organisation found" in text_of(client_of(ani).get(address("organisations"), {"q": "tidak ada"}))


@pytest.mark.parametrize(
    ("status", "code"),
    [("overdue", "COM-1"), ("promised", "COM-2"), ("delivered", "COM-3"), ("delivered_late", "COM-4")],
)
def test_commitments_are_filtered_by_where_they_stand(rows, ani, client_of, status, code):
    shown = client_of(ani).get(address("commitments"), {"status": status}).context["rows"]
    assert [(c.code, s) for c, s in shown] == [(code, status)]


def test_an_unknown_filter_shows_everything(rows, ani, client_of):
    assert len(client_of(ani).get(address("commitments"), {"status": "lost"}).context["rows"]) == 4
    assert len(client_of(ani).get(address("organisations"), {"kind": "club"}).context["page"]) == 1


def test_an_organisation_is_added_and_changed(programme, ani, client_of):
    assert client_of(ani).post(address("add_organisation"), ORGANISATION).status_code == 302
    changed = ORGANISATION | {"phone": "0717 421234"}
    client_of(ani).post(address("change_organisation", "ORG-9"), changed)
    assert Organisation.objects.get().phone == "+62717421234"


def test_a_code_that_is_taken_is_said_in_the_form(rows, ani, client_of):
    response = client_of(ani).post(address("add_organisation"), ORGANISATION | {"code": "ORG-1"})
    assert "This code is used already. Choose another." in text_of(response)
    assert Organisation.objects.count() == 1


def test_a_commitment_is_added_with_its_organisation_chosen(rows, ani, client_of):
    page = client_of(ani).get(address("add_commitment") + "?organisation=ORG-1")
    assert page.context["form"]["organisation"].initial == rows
    answers = {"organisation": rows.pk, "what": "Lapak", "code": "COM-9", "due_on": "2022-12-24", "source": "synthetic"}
    client_of(ani).post(address("add_commitment"), answers)
    assert Commitment.objects.get(code="COM-9").due_on == datetime.date(2022, 12, 24)


def test_an_organisation_of_another_programme_cannot_be_chosen(rows, other_programme, ani, client_of):
    stranger = factories.organisation(other_programme, "ORG-X")
    answers = {"organisation": stranger.pk, "what": "L", "code": "COM-9", "due_on": "2022-12-24", "source": "synthetic"}
    assert client_of(ani).post(address("add_commitment"), answers).status_code == 200
    assert not Commitment.objects.filter(code="COM-9").exists()


@pytest.mark.parametrize(("language", "said"), [("en", "In doses."), ("id", "Dalam dosis.")])
def test_a_delivery_is_asked_for_in_the_unit_of_its_reader(rows, ani, client_of, language, said):
    Commitment.objects.filter(code="COM-1").update(unit="dosis")
    shown = client_of(ani).get(address("record_delivery", "COM-1"), headers={"accept-language": language})
    assert said in text_of(shown)


def test_a_delivery_is_recorded_and_a_second_is_refused_with_the_reason(rows, ani, client_of):
    answers = {"delivered_on": "2022-11-30", "delivered_quantity": "9"}
    assert client_of(ani).post(address("record_delivery", "COM-1"), answers).status_code == 302
    assert Commitment.objects.get(code="COM-1").delivered_quantity == 9
    again = client_of(ani).post(address("record_delivery", "COM-1"), answers)
    assert again.status_code == 422
    assert "The delivery is recorded already" in text_of(again)


def test_a_commitment_is_corrected(rows, ani, client_of):
    answers = {"organisation": rows.pk, "what": "Lapak", "code": "COM-3", "due_on": "2022-08-31", "source": "synthetic"}
    client_of(ani).post(address("change_commitment", "COM-3"), answers)
    assert Commitment.objects.get(code="COM-3").delivered_on is None


def test_a_meeting_is_added_and_gets_its_minutes(programme, ani, client_of):
    answers = {"name": "Rapat koordinasi", "code": "MTG-9", "held_on": "2022-08-26", "source": "synthetic"}
    client_of(ani).post(address("add_meeting"), answers)
    client_of(ani).post(address("change_meeting", "MTG-9"), answers | {"location": "Bappeda"})
    client_of(ani).post(address("record_minutes", "MTG-9"), {"minutes": "Disepakati empat bidang."})
    stored = Meeting.objects.get()
    assert (stored.location, stored.minutes) == ("Bappeda", "Disepakati empat bidang.")
    assert "Disepakati empat bidang." in text_of(client_of(ani).get(address("meeting", "MTG-9")))


def test_somebody_is_put_on_the_attendance_list_once(rows, ani, client_of):
    answers = {"name": "Sari", "organisation": rows.pk, "position": "Kepala bidang"}
    assert client_of(ani).post(address("record_attendance", "MTG-1"), answers).status_code == 302
    again = client_of(ani).post(address("record_attendance", "MTG-1"), answers)
    assert "This person is on the attendance list already." in text_of(again)
    assert MeetingAttendance.objects.filter(name="Sari").count() == 1


def test_somebody_is_taken_off_the_attendance_list_by_writers_only(rows, ani, eko, fajar, client_of):
    page = address("remove_attendance", MeetingAttendance.objects.get().pk)
    assert client_of(eko).post(page).status_code == 403
    assert client_of(fajar).post(page).status_code == 404
    assert client_of(ani).get(page).status_code == 405
    assert client_of(ani).post(page).status_code == 302
    assert not MeetingAttendance.objects.exists()


def test_rows_of_another_programme_are_not_found(rows, programme, other_programme, fajar, client_of):
    factories.commitment(factories.organisation(other_programme, "ORG-X"), "COM-X")
    Membership.objects.create(programme=programme, user=fajar, role="manager")
    for page in (
        address("organisation", "ORG-X"),
        address("change_commitment", "COM-X"),
        address("record_delivery", "COM-X"),
    ):
        assert client_of(fajar).get(page).status_code == 404


def test_names_with_markup_are_shown_as_text(programme, ani, client_of):
    factories.organisation(programme, name="<script>alert(1)</script>")
    assert "<script>alert(1)" not in text_of(client_of(ani).get(address("organisations")))


def queries_of(client, page, django_assert_max_num_queries):
    with django_assert_max_num_queries(12) as counted:
        assert client.get(page).status_code == 200
    return len(counted)


def test_pages_take_the_same_few_queries_with_ten_times_the_rows(
    rows, programme, ani, client_of, django_assert_max_num_queries
):
    client = client_of(ani)
    few = [queries_of(client, page, django_assert_max_num_queries) for page in pages()]
    meeting = Meeting.objects.get()
    for number in range(20):
        more = factories.organisation(programme, f"MORE-{number}")
        factories.commitment(more, f"MORE-{number}", meeting=meeting)
        factories.commitment(rows, f"OWN-{number}")
        factories.attendance(meeting, more, f"Orang {number}")
        factories.attendance(factories.meeting(programme, f"MORE-{number}"), rows)
    many = [queries_of(client, page, django_assert_max_num_queries) for page in pages()]
    assert many == few


def test_a_row_keeps_the_code_that_files_refer_to_it_by(rows, ani, client_of):
    client_of(ani).post(address("change_organisation", "ORG-1"), ORGANISATION | {"code": "ORG-OTHER"})
    assert (Organisation.objects.get().code, Organisation.objects.get().name) == ("ORG-1", "Bank Contoh")


def test_a_quantity_that_is_a_slip_of_the_keyboard_is_a_form_error(rows, ani, client_of):
    answers = {"delivered_on": "2022-10-01", "delivered_quantity": "9" * 29}
    response = client_of(ani).post(address("record_delivery", "COM-1"), answers)
    assert response.status_code == 200
    assert "less than or equal to" in text_of(response)
