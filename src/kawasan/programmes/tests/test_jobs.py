"""Work that outlasts a request, as whoever asked for it sees it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction  # noqa: TID251 - rolled back on purpose
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from kawasan.core import jobs, lease, worker
from kawasan.core.errors import Refused
from kawasan.core.lease import Lost
from kawasan.core.models import Job, LogEntry, SentForm, User
from kawasan.core.rules import JobState
from kawasan.core.services import log
from kawasan.core.text import Text
from kawasan.programmes.models import Programme

ClientOf = Callable[[User], Client]


def good(job: Job, name: str) -> Text:
    log("programmes.role_given", Programme.objects.get(code=job.programme_code), by=job.by, is_written=False, role=name)
    return Text("{name} was done.", {"name": name})


def impossible(job: Job, name: str) -> Text:
    raise Refused(Text("{name} cannot be.", {"name": name}))


def broken(job: Job, name: str) -> Text:
    good(job, name)
    raise ZeroDivisionError(name)


def slow(job: Job, name: str) -> Text:
    tell = jobs.Progress(job, "Steps")
    tell(1, 3)
    tell.told_at = 0
    tell(2, 3)
    return Text(str(Job.objects.get(pk=job.pk).progress["done"]))


def ask(work: jobs.Work, programme: Programme, by: User | None, subject: str = "t") -> Job:
    about = Text("A test")
    job = jobs.start(work, programme=programme, about=about, subject=subject, address="/there/", by=by, name="It")
    job.refresh_from_db()
    return job


@pytest.fixture
def queue(settings: Any) -> None:
    """Tasks wait in the database until a worker of the test does them."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def do_all() -> None:
    with lease.held() as name:
        while worker.do_next(name):
            pass


def test_a_job_says_what_came_of_it(programme: Programme, ani: User) -> None:
    job = ask(good, programme, ani)
    assert (job.state, job.attempts, job.is_recorded) == ("done", 1, True)
    assert [Text.restored(said) for said in job.said] == [Text("{name} was done.", {"name": "It"})]
    assert LogEntry.objects.filter(verb="core.job_asked_for", by=ani).count() == 1


def test_a_job_that_is_refused_says_why(programme: Programme, ani: User) -> None:
    job = ask(impossible, programme, ani)
    assert (job.state, str(Text.restored(job.said[0]))) == ("failed", "It cannot be.")


def test_a_job_that_breaks_tells_its_number_and_no_secret(
    programme: Programme, ani: User, caplog: pytest.LogCaptureFixture
) -> None:
    job = ask(broken, programme, ani)
    assert job.state == "failed"
    assert "went wrong" in str(Text.restored(job.said[0]))
    assert "ZeroDivisionError" in caplog.text


def test_progress_is_told(programme: Programme, ani: User) -> None:
    assert ask(slow, programme, ani).said[0]["template"] == "2"


def test_one_job_about_a_subject_at_a_time(queue: None, programme: Programme, ani: User, budi: User) -> None:
    first = ask(good, programme, ani)
    assert ask(good, programme, budi) == first
    assert ask(good, programme, budi, subject="other") != first
    do_all()
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    assert ask(good, programme, budi) != first


def test_a_job_that_was_rolled_back_was_never_asked_for(queue: None, programme: Programme, ani: User) -> None:
    def ask_and_break() -> None:
        with transaction.atomic():
            ask(good, programme, ani)
            raise Refused("no")

    with pytest.raises(Refused):
        ask_and_break()
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_a_waiting_job_is_taken_back_and_never_begun(queue: None, programme: Programme, ani: User) -> None:
    job = ask(good, programme, ani)
    jobs.cancel(job=job, programme=programme, by=ani)
    do_all()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("cancelled", 0)
    with pytest.raises(Refused, match="begun already, or is over"):
        jobs.cancel(job=job, programme=programme, by=ani)


def test_who_lost_a_job_stores_nothing(programme: Programme, ani: User) -> None:
    """A worker that was thought dead and comes back."""
    job = Job.objects.create(
        programme_code=programme.code, subject="t", about={}, address="/", work="x", state=JobState.RUNNING, attempts=1
    )
    stale = Job.objects.get(pk=job.pk)
    Job.objects.filter(pk=job.pk).update(attempts=2)
    token = lease.working.set(stale)
    try:
        with pytest.raises(Lost):
            good(stale, "late")
    finally:
        lease.working.reset(token)
    assert not LogEntry.objects.filter(verb="programmes.role_given").exists()


def at(programme: Programme, route: str, *arguments: int) -> str:
    return reverse(f"programmes:{route}", args=[programme.code, *arguments])


def test_a_waiting_job_is_read_without_a_script_and_asked_for_again_by_htmx(
    queue: None, programme: Programme, ani: User, client_of: ClientOf
) -> None:
    job, client = ask(good, programme, ani), client_of(ani)
    page = client.get(at(programme, "job", job.pk)).content.decode()
    assert "Look again" in page
    assert 'hx-trigger="every 2s"' in page
    assert "Take it back" in page
    do_all()
    answer = client.get(at(programme, "job", job.pk), headers={"hx-request": "true"})
    assert answer["HX-Redirect"] == "/there/"
    page = client.get(at(programme, "job", job.pk)).content.decode()
    assert "It was done." in page
    assert "Look again" not in page


def test_a_job_is_seen_by_who_asked_for_it_and_by_managers(
    programme: Programme, ani: User, budi: User, client_of: ClientOf
) -> None:
    of_ani, of_budi = ask(good, programme, ani), ask(good, programme, budi)
    assert client_of(budi).get(at(programme, "job", of_ani.pk)).status_code == 404
    assert client_of(ani).get(at(programme, "job", of_budi.pk)).status_code == 200
    assert at(programme, "job", of_ani.pk) not in client_of(budi).get(at(programme, "jobs")).content.decode()


def test_a_job_of_another_programme_is_not_there(
    programme: Programme, other_programme: Programme, ani: User, fajar: User, client_of: ClientOf
) -> None:
    job = ask(good, programme, ani)
    assert client_of(fajar).get(at(other_programme, "job", job.pk)).status_code == 404


def test_a_form_whose_job_was_refused_may_be_sent_again(programme: Programme, ani: User, client_of: ClientOf) -> None:
    """Nothing was stored for it, so that nobody is told that it was."""
    client, sent = client_of(ani), {"form_key": "k", "public_value_source": "Dadu"}
    address = reverse("selection:freeze", args=[programme.code])
    for _time in range(2):
        page = client.post(address, sent)
        assert page.status_code == 422
        assert "stored already" not in page.content.decode()
    assert not SentForm.objects.exists()
