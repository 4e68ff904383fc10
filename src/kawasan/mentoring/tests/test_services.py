import datetime

import pytest

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.matching.services import dissolve_groups
from kawasan.matching.tests.factories import group, mentor, participant
from kawasan.mentoring import services
from kawasan.mentoring.models import Visit
from kawasan.mentoring.tests.factories import TODAY, visit

pytestmark = pytest.mark.django_db


def new_visit(of, **columns):
    given = {
        "visited_on": TODAY,
        "starts_at": datetime.time(9),
        "ends_at": datetime.time(10),
        "summary": "Mencatat kas harian.",
    } | columns
    return Visit(programme=of.programme, group=of, **given)


def test_a_visit_is_kept_in_the_name_of_the_groups_mentor(programme, ani):
    found = group(programme, people=1, mentor=mentor(programme))
    services.log_visit(visit=new_visit(found), by=ani, on=TODAY)
    stored = Visit.objects.get()
    assert (stored.code, stored.mentor, stored.source) == ("V001", found.mentor, f"entered by {ani}")
    assert LogEntry.objects.first().verb == "mentoring.visit_logged"


def test_a_group_without_a_mentor_has_no_visits(programme, ani):
    with pytest.raises(Refused, match="has no mentor"):
        services.log_visit(visit=new_visit(group(programme)), by=ani, on=TODAY)


def test_only_a_member_of_the_group_can_be_visited(programme, ani):
    found, stranger = group(programme, mentor=mentor(programme)), participant(programme, 5)
    with pytest.raises(Refused, match="not in this group"):
        services.log_visit(visit=new_visit(found, applicant=stranger), by=ani, on=TODAY)
    assert not Visit.objects.exists()


def test_every_reason_comes_at_once(programme, ani):
    found = group(programme, mentor=mentor(programme))
    with pytest.raises(Refused) as refusal:
        services.log_visit(
            visit=new_visit(found, visited_on=TODAY + datetime.timedelta(days=1), summary=" "), by=ani, on=TODAY
        )
    assert len(refusal.value.reasons) == 2


def test_a_correction_keeps_what_stood_there_before(programme, ani):
    found = visit(group(programme, mentor=mentor(programme)), obstacle="")
    found.summary = "Mencatat kas mingguan."
    services.correct_visit(visit=found, why="salah ketik", by=ani, on=TODAY)
    entry = LogEntry.objects.first()
    assert Visit.objects.get().summary == "Mencatat kas mingguan."
    assert entry.data == {
        "why": "salah ketik",
        "before": {"summary": "Menghitung biaya satu kali produksi bersama anggota."},
    }


def test_a_correction_follows_the_same_rules(programme, ani):
    found = visit(group(programme, mentor=mentor(programme)))
    found.ends_at = datetime.time(8)
    with pytest.raises(Refused, match="ends before it starts"):
        services.correct_visit(visit=found, why="x", by=ani, on=TODAY)


def test_visited_groups_are_not_dissolved(programme, ani):
    visit(group(programme, mentor=mentor(programme)))
    with pytest.raises(Refused, match="cannot be dissolved"):
        dissolve_groups(programme=programme, by=ani)


def test_logging_takes_few_queries_however_many_visits_there_are(programme, ani, django_assert_max_num_queries):
    found = group(programme, people=2, mentor=mentor(programme))
    for number in range(1, 20):
        visit(found, f"V{number:03}")
    with django_assert_max_num_queries(26):
        services.log_visit(visit=new_visit(found), by=ani, on=TODAY)
    assert Visit.objects.filter(code="V020").exists()
