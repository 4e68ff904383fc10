"""Sentences made where rules are pure, translated where they are shown."""

import datetime
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
        return {"template": self.template, "params": {name: _stored(p) for name, p in self.params.items()}}

    @classmethod
    def restored(cls, stored: Mapping[str, Any]) -> "Text":
        """The inverse of ``stored``."""
        params = {name: _restored(p) for name, p in stored["params"].items()}
        if "english" in stored:
            return Own(stored["template"], params, stored["english"])
        return (
            Found(stored["template"], params, stored["kind"]) if "kind" in stored else cls(stored["template"], params)
        )


@dataclass(frozen=True, slots=True)
class Found(Text):
    """A sentence about something that was found, with the kind of it, so that many are told apart by kind."""

    kind: str = ""

    def stored(self) -> dict[str, Any]:
        return Text.stored(self) | {"kind": self.kind}


@dataclass(frozen=True, slots=True)
class Own(Text):
    """A sentence that a programme wrote itself, in Indonesian and perhaps in English, so that no catalogue has it."""

    english: str = ""

    def stored(self) -> dict[str, Any]:
        return Text.stored(self) | {"english": self.english}


def _stored(param: Any) -> Any:
    if isinstance(param, datetime.date):
        return {"date": param.isoformat()}
    return param.stored() if isinstance(param, Text) else param


def _restored(param: Any) -> Any:
    if not isinstance(param, dict):
        return param
    return datetime.date.fromisoformat(param["date"]) if "date" in param else Text.restored(param)


class Labelled(StrEnum):
    """A code with the words that people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Labelled":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
