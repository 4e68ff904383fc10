"""What could not be run here is said in the last lines."""

import os

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not_run := os.environ.get("KAWASAN_NOT_RUN"):
        terminalreporter.write_line(f"NOT RUN: {not_run}", yellow=True, bold=True)
