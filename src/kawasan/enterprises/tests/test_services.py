import datetime

import pytest
from django.core.exceptions import ValidationError

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.core.services import verify_log
from kawasan.enterprises import queries, services
from kawasan.enterprises.models import CashEntry
from kawasan.enterprises.tests import factories

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2022, 12, 1)  # the test programme's as_of


@pytest.fixture
def enterprise(programme):
    return factories.enterprise(factories.participant(programme))


def _answers(owner, **changes):
    made = {
        "owner": owner,
        "name": "Getas Bu Ani",
        "field": owner.field,
        "kbli_version": "2020",
        "kbli_code": "10794",
        "place": factories.place(owner.programme),
        "started_on": TODAY,
        "status": "planned",
        "source": "synthetic",
    }
    return made | changes


def test_a_new_enterprise_gets_the_code_after_the_highest(programme, ani, enterprise):
    enterprise.code = "E099"
    enterprise.save(update_fields=("code",))
    owner = factories.participant(programme, 2)
    made = [services.add_enterprise(programme=programme, by=ani, **_answers(owner)).code for _time in range(2)]
    assert made == ["E100", "E101"]


def test_a_kbli_code_of_four_digits_is_no_code(programme, ani):
    owner = factories.participant(programme)
    with pytest.raises(ValidationError):
        services.add_enterprise(programme=programme, by=ani, **_answers(owner, kbli_code="1442"))


def test_a_registration_is_logged_with_the_name_of_who_did_it(programme, ani):
    services.add_enterprise(programme=programme, by=ani, **_answers(factories.participant(programme)))
    logged = LogEntry.objects.get(verb="enterprises.enterprise_added")
    assert (logged.by, logged.programme_code) == (ani, programme.code)


def test_a_change_is_stored_and_covered_by_the_log(enterprise, ani):
    services.change_enterprise(enterprise=enterprise, status="paused", by=ani)
    enterprise.refresh_from_db()
    assert enterprise.status == "paused"
    assert not [fault for fault in verify_log() if fault.params["table"] == "enterprises.Enterprise"]


def test_an_entry_is_stored_with_who_wrote_it(enterprise, ani):
    made = services.add_entry(enterprise=enterprise, dated=TODAY, kind="sale", amount_idr=50_000, what="Getas", by=ani)
    assert (made.code, made.source, made.programme) == ("C00001", ani.name, enterprise.programme)


def test_an_entry_of_tomorrow_is_refused(enterprise, ani):
    tomorrow = TODAY + datetime.timedelta(days=1)
    with pytest.raises(Refused, match="still to come"):
        services.add_entry(enterprise=enterprise, dated=tomorrow, kind="sale", amount_idr=1, what="Getas", by=ani)
    assert not CashEntry.objects.exists()


def test_an_entry_of_nothing_is_no_entry(enterprise, ani):
    with pytest.raises(ValidationError):
        services.add_entry(enterprise=enterprise, dated=TODAY, kind="sale", amount_idr=0, what="Getas", by=ani)


def test_what_is_taken_back_stays_and_no_longer_counts(enterprise, ani):
    right, wrong = factories.entry(enterprise, "sale", 70_000), factories.entry(enterprise, "sale", 700_000)
    counter = services.reverse_entry(entry=wrong, by=ani)
    (totals,) = queries.months_of(enterprise)
    assert (totals.sales, counter.reverses, CashEntry.objects.count()) == (right.amount_idr, wrong, 3)


def test_an_entry_is_taken_back_once(enterprise, ani):
    wrong = factories.entry(enterprise, "cost", 5_000)
    services.reverse_entry(entry=wrong, by=ani)
    with pytest.raises(Refused, match="already taken back"):
        services.reverse_entry(entry=wrong, by=ani)


def test_taking_back_is_logged(enterprise, ani):
    services.reverse_entry(entry=factories.entry(enterprise, "cost", 5_000), by=ani)
    assert LogEntry.objects.filter(verb="enterprises.entry_reversed", by=ani).count() == 1


def test_the_cash_left_follows_from_every_kind_of_entry(enterprise):
    for kind, amount in (("capital", 1000), ("sale", 500), ("cost", 200), ("withdrawal", 100)):
        factories.entry(enterprise, kind, amount)
    assert sum(totals.cash_change for totals in queries.months_of(enterprise)) == 1200
    assert sum(line.cash_idr for line in enterprise.cash_entries.all()) == 1200


def test_a_worker_comes_and_goes(enterprise, ani):
    made = services.add_worker(
        enterprise=enterprise, name="Rudi", sex="male", is_paid=True, since=datetime.date(2022, 11, 1), by=ani
    )
    services.end_worker(worker=made, until=datetime.date(2022, 11, 20), by=ani)
    assert enterprise.workers.working_on(datetime.date(2022, 11, 20)).count() == 1
    assert enterprise.workers.working_on(datetime.date(2022, 11, 21)).count() == 0


def test_closing_an_enterprise_ends_its_workers(programme, enterprise, ani):
    stays = factories.worker(factories.enterprise(factories.participant(programme, 2), 2), 1)
    ends, ended = factories.worker(enterprise, 2), factories.worker(enterprise, 3, until=datetime.date(2022, 11, 5))
    services.change_enterprise(enterprise=enterprise, status="closed", by=ani)
    for worker in (stays, ends, ended):
        worker.refresh_from_db()
    assert (stays.until, ends.until, ended.until) == (None, TODAY, datetime.date(2022, 11, 5))
    assert LogEntry.objects.filter(verb="enterprises.worker_ended", by=ani).count() == 1


def test_nobody_begins_to_work_in_an_enterprise_that_closed(enterprise, ani):
    services.change_enterprise(enterprise=enterprise, status="closed", by=ani)
    with pytest.raises(Refused, match="closed, so nobody works there"):
        services.add_worker(enterprise=enterprise, name="Rudi", sex="male", is_paid=True, since=TODAY, by=ani)
    assert not enterprise.workers.exists()


def test_nobody_is_counted_in_an_enterprise_that_closed_without_a_last_day(enterprise):
    known, day = factories.worker(enterprise, 1, until=TODAY), datetime.timedelta(days=1)
    unknown = factories.worker(enterprise, 2, nik="1971010101900001")
    assert enterprise.workers.working_on(TODAY).count() == 2
    enterprise.status = "closed"
    enterprise.save(update_fields=("status",))
    assert list(enterprise.workers.working_on(TODAY)) == [known]
    assert not enterprise.workers.working_on(TODAY + day).exists()
    assert not enterprise.workers.of_nik_from(unknown.nik, TODAY).exists()


def test_work_ends_once(enterprise, ani):
    ended = factories.worker(enterprise, until=datetime.date(2022, 11, 5))
    with pytest.raises(Refused, match="already recorded"):
        services.end_worker(worker=ended, until=TODAY, by=ani)


def test_the_overview_counts_sales_of_last_month_less_what_was_taken_back(programme, enterprise):
    factories.worker(enterprise)
    factories.entry(enterprise, "sale", 900)
    factories.entry(enterprise, "capital", 5_000)
    factories.entry(enterprise, "sale", 400, datetime.date(2022, 10, 31))
    wrong = factories.entry(enterprise, "sale", 300)
    factories.entry(enterprise, "sale", 300, reverses=wrong)
    (row,) = queries.overview(programme, TODAY)
    assert (row.turnover_idr, row.worker_count) == (900, 1)


def test_no_entry_in_the_month_is_unknown_turnover_and_not_zero(programme, enterprise):
    (row,) = queries.overview(programme, TODAY)
    assert row.turnover_idr is None


def test_the_overview_is_one_query(programme, enterprise, django_assert_num_queries):
    factories.enterprise(enterprise.owner, 2)
    with django_assert_num_queries(1):
        rows = list(queries.overview(programme, TODAY))
        assert {row.owner.person.name + row.place.name + row.field.name for row in rows}


def test_a_nik_works_in_one_enterprise_at_a_time(programme, enterprise, ani):
    other = factories.enterprise(factories.participant(programme, 7), 7)
    typed = {"name": "Rudi", "sex": "male", "is_paid": True, "since": datetime.date(2022, 11, 1), "by": ani}
    first = services.add_worker(enterprise=enterprise, nik="1971030101900000", **typed)
    with pytest.raises(Refused, match="works at Usaha 1 already"):
        services.add_worker(enterprise=other, nik="1971030101900000", **typed)
    services.end_worker(worker=first, until=datetime.date(2022, 11, 10), by=ani)
    later = typed | {"since": datetime.date(2022, 11, 11)}
    assert services.add_worker(enterprise=other, nik="1971030101900000", **later).nik == "1971030101900000"
    assert services.add_worker(enterprise=enterprise, **typed).nik == ""


def test_the_owner_is_no_worker_of_the_own_enterprise(enterprise, ani):
    typed = {"name": "Orang 1", "sex": "male", "is_paid": True, "since": TODAY, "by": ani}
    with pytest.raises(Refused, match="counted already"):
        services.add_worker(enterprise=enterprise, nik=enterprise.owner.person.nik, **typed)
