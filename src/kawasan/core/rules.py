"""Where a job stands."""

from kawasan.core.text import Labelled, Text, _

MOST_ATTEMPTS = 3  # of a job whose worker dies each time


class JobState(Labelled):
    """Where work that outlasts a request stands."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


UNDERWAY = (JobState.WAITING, JobState.RUNNING)
BROKE = _(
    "Something in Kawasan itself went wrong here. Nothing was stored. Tell whoever runs it the number of this job."
)
NUMBER = _("Job {number}.")
DIED = _("This was begun {times} times, and each time the computer stopped in the middle. Nothing was stored.")
WAS_RECORDED = _("It was stored. The computer stopped right after that, so no more can be said here.")


def progress_in_words(done: int, total: int, what: str) -> Text:
    """How far a job is, such as “Rows read: 1,200 of 3,400”."""
    return Text(_("{what}: {done} of {total}"), {"what": Text(what), "done": done, "total": total})
