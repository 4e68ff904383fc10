"""Keeps a worker running beside the server and ends with it. Loads no Django: it only waits.

The server is our parent. When it ends, however it ends, the system gives us another one.
"""

import os
import signal
import subprocess
import sys
import time

RUN = "from kawasan.exchange.commands import main; raise SystemExit(main())"
LOOK = 0.5  # seconds between two looks
REST = 2.0  # seconds before a worker that died is followed by another


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, and we end with it
    server, worker = os.getppid(), _worker()
    while os.getppid() == server:
        time.sleep(LOOK)
        if worker.poll() is not None:
            time.sleep(REST)
            worker = _worker()
    worker.kill()


def end_with(parent: int) -> None:
    """End this process at once when its parent has."""
    while os.getppid() == parent:
        time.sleep(LOOK)
    os._exit(0)


def _worker() -> "subprocess.Popen[bytes]":
    """A worker that watches its parent too, so that it ends also when we are killed."""
    command = [sys.executable, "-c", RUN, "work", "--beside-server"]
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603


if __name__ == "__main__":
    main()
