"""Memory goes back to the system."""

import ctypes


def give_back() -> None:
    """Let go of what a large piece of work took and no longer needs: glibc keeps it, though nobody uses it again."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)
