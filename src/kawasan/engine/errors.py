"""What can go wrong in a computation: the caller's mistake, or no answer exists."""


class EngineError(Exception):
    """A computation cannot give the result that was asked for."""


class InvalidInputError(EngineError, ValueError):
    """The input is not well formed; the caller has a bug."""


class InfeasibleError(EngineError):
    """No answer exists; ``conflict`` names constraints that cannot hold together."""

    def __init__(self, message: str, conflict: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.conflict = conflict
