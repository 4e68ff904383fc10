"""Keeps a worker running beside the server and ends with it. Loads no Django: it only waits.

Its standard input is a pipe whose other end the server holds. When the server ends, however it ends, the pipe does.
"""

import os
import signal
import subprocess
import sys
import threading
import time

RUN = "from kawasan.exchange.commands import main; raise SystemExit(main())"
REST = 2  # seconds before a worker that died is followed by another


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, and it ends us
    workers = [_worker()]
    threading.Thread(target=_end_with_server, args=[workers], daemon=True).start()
    while True:
        workers[-1].wait()
        time.sleep(REST)
        workers.append(_worker())


def _worker() -> "subprocess.Popen[bytes]":
    """A worker that watches the pipe too, so that it ends also when we are killed."""
    command = [sys.executable, "-c", RUN, "work", "--beside-server"]
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603


def _end_with_server(workers: "list[subprocess.Popen[bytes]]") -> None:
    sys.stdin.buffer.read()
    workers[-1].kill()
    os._exit(0)


if __name__ == "__main__":
    main()
