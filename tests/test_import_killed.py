"""An import whose worker is killed in the middle: nothing is lost, and nothing is there twice."""

import signal
from pathlib import Path

from test_killed import database  # noqa: F401
from test_worker import KAWASAN, LABOUR, PATIENCE, Run, done, run  # noqa: F401


def test_a_killed_import_is_taken_up_and_stored_once(run: Run, tmp_path: Path) -> None:  # noqa: F811
    """The first worker dies while it stores people, the second while it writes the log; the third does it."""
    done(run(LABOUR, "ask_import", str(tmp_path / "folder")))
    before = done(run(LABOUR, "imported"))
    assert before["imported"] == 0
    for attempt, writes in enumerate(("6", "9"), start=1):
        assert run(LABOUR, "dying_worker", writes).wait(PATIENCE) == -signal.SIGKILL
        left = done(run(LABOUR, "imported"))
        assert left == before | {"job": ["running", attempt]}
    done(run(KAWASAN, "work", "--until-idle"))
    after = done(run(LABOUR, "imported"))
    assert after == before | {"job": ["done", 3], "people": before["people"] + 30, "imported": 30, "stored": 1}
    assert after["faults"] == []
