"""Sentences made where rules are pure, translated where they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


def _(message: str) -> str:
    """Mark a sentence for translation; it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence with named gaps: ``Text(_("There are {seats} seats."), {"seats": 11})``."""

    template: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.params)

    def stored(self) -> dict[str, Any]:
        """The sentence as JSON, so that it can be shown later in any language."""
        params = {name: p.stored() if isinstance(p, Text) else p for name, p in self.params.items()}
        return {"template": self.template, "params": params}

    @classmethod
    def restored(cls, stored: Mapping[str, Any]) -> "Text":
        """The inverse of ``stored``."""
        params = {n: cls.restored(p) if isinstance(p, dict) else p for n, p in stored["params"].items()}
        return cls(stored["template"], params)


class Labelled(StrEnum):
    """A code with the words that people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Labelled":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
