"""The one error a user can read and act on."""

from contextvars import ContextVar
from dataclasses import dataclass

from kawasan.core.text import Text


class Refused(Exception):
    """Something is not allowed or not possible now; ``reasons`` are sentences for the person who asked."""

    def __init__(self, *reasons: Text | str) -> None:
        self.reasons = reasons
        super().__init__(" ".join(str(reason) for reason in reasons))


@dataclass(slots=True)
class Answers:
    """What a request sends: whether in a form of ours, and why it was refused, once it was."""

    are_in_form: bool = False
    refusal: tuple[Text | str, ...] = ()


answers: ContextVar[Answers | None] = ContextVar("answers", default=None)
