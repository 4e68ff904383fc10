"""The one error a user can read and act on."""

from kawasan.core.text import Text


class Refused(Exception):
    """Something is not allowed or not possible now; ``reasons`` are sentences for the person who asked."""

    def __init__(self, *reasons: Text | str) -> None:
        self.reasons = reasons
        super().__init__(" ".join(str(reason) for reason in reasons))
