"""What changed between two published timetables, and whom it concerns. Sessions are rows of codes and moments."""

import datetime
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self

from kawasan.core.text import Labelled, Text, _

SAID = ("module", "group", "room", "trainer", "starts_at", "ends_at", "is_cancelled")  # what a change is a change of


class ChangeKind(Labelled):
    NEW = "new", _("New")
    MOVED = "moved", _("Moved")
    CHANGED = "changed", _("Changed")
    CANCELLED = "cancelled", _("Cancelled")


@dataclass(frozen=True, slots=True)
class Row:
    """A session as it was published; the others are codes, the trainer's with its kind before it."""

    code: str
    module: str
    group: str
    room: str
    trainer: tuple[str, str]
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    is_cancelled: bool = False
    sequence: int = 0  # how often it was changed since it was first published
    changed_at: datetime.datetime | None = None

    def says_the_same(self, other: "Row") -> bool:
        return all(getattr(self, name) == getattr(other, name) for name in SAID)

    def stored(self) -> dict[str, Any]:
        """The row as JSON."""
        moments = {name: getattr(self, name) for name in ("starts_at", "ends_at", "changed_at")}
        told = {name: moment.isoformat() if moment else None for name, moment in moments.items()}
        return {name: getattr(self, name) for name in self.__slots__} | {"trainer": list(self.trainer)} | told

    @classmethod
    def restored(cls, stored: dict[str, Any]) -> Self:
        """The inverse of ``stored``."""
        moments = {
            name: datetime.datetime.fromisoformat(stored[name]) if stored[name] else None
            for name in ("starts_at", "ends_at", "changed_at")
        }
        return cls(**(stored | moments | {"trainer": tuple(stored["trainer"])}))


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a session: as it was published, and as it is now."""

    kind: ChangeKind
    before: Row | None
    now: Row
    told: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        return [self.before, self.now] if self.before else [self.now]

    def concerns(self, groups: Collection[str], trainers: Collection[tuple[str, str]]) -> bool:
        """Whether it is about one of these groups, or about a session of one of these trainers."""
        return any(row.group in groups or row.trainer in trainers for row in self.rows)

    def stored(self) -> dict[str, Any]:
        """The change as JSON."""
        before = self.before.stored() if self.before else None
        return {"kind": self.kind.value, "before": before, "now": self.now.stored(), "told": self.told}

    @classmethod
    def restored(cls, stored: dict[str, Any]) -> Self:
        """The inverse of ``stored``."""
        before = Row.restored(stored["before"]) if stored["before"] else None
        return cls(ChangeKind(stored["kind"]), before, Row.restored(stored["now"]), stored["told"])


def changes(published: Iterable[Row], now: Iterable[Row]) -> list[Change]:
    """What is not as it was published, in order of time; a session that is no longer there counts as cancelled."""
    before, current = {row.code: row for row in published}, {row.code: row for row in now}
    gone = [_gone(row) for code, row in before.items() if code not in current and not row.is_cancelled]
    found = [change for row in [*current.values(), *gone] if (change := _change(before.get(row.code), row))]
    return sorted(found, key=lambda change: (change.now.starts_at, change.now.code))


def _gone(row: Row) -> Row:
    return Row(**{name: getattr(row, name) for name in Row.__slots__} | {"is_cancelled": True})


def _change(before: Row | None, now: Row) -> Change | None:
    if before is None:
        return None if now.is_cancelled else Change(ChangeKind.NEW, None, now)
    if before.says_the_same(now):
        return None
    if now.is_cancelled:
        return Change(ChangeKind.CANCELLED, before, now)
    is_moved = (before.starts_at, before.ends_at, before.room) != (now.starts_at, now.ends_at, now.room)
    return Change(ChangeKind.MOVED if is_moved else ChangeKind.CHANGED, before, now)


def published_rows(published: Iterable[Row], now: Iterable[Row], at: datetime.datetime) -> Iterator[Row]:
    """The rows to publish: with how often each was changed; those that are no longer there stay, as cancelled."""
    before, current = {row.code: row for row in published}, {row.code: row for row in now}
    for code, row in current.items():
        if code not in before and row.is_cancelled:
            continue  # nobody was ever told of it
        yield _numbered(before.get(code), row, at)
    for code, row in before.items():
        if code not in current:
            yield _numbered(row, _gone(row), at)


def _numbered(before: Row | None, row: Row, at: datetime.datetime) -> Row:
    values = {name: getattr(row, name) for name in Row.__slots__}
    if before is None:
        return Row(**values | {"sequence": 0, "changed_at": at})
    if before.says_the_same(row):
        return before
    return Row(**values | {"sequence": before.sequence + 1, "changed_at": at})


def reasons_not_published(*, changed: int, clashing: int) -> list[Text]:
    """Why the timetable cannot be published now."""
    if not changed:
        return [Text(_("There is nothing to publish: nothing changed since the last publication."))]
    if clashing:
        return [Text(_("{clashing} sessions clash. Move or cancel them, then publish."), {"clashing": clashing})]
    return []
