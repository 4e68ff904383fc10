"""The audit log: every write names who did it; entries are hash-chained and cover the rows they wrote.

Keys are exchanged. Passwords, and the locks of accounts whose password was guessed at.
"""

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, reduce
from itertools import groupby
from operator import or_
from typing import Any

from axes.models import AccessAttempt
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.core.exceptions import ObjectDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from kawasan.core.errors import Refused, answers
from kawasan.core.lease import mark_recorded
from kawasan.core.many import add_values
from kawasan.core.models import LogEntry, LoggedRow, LogHead, User
from kawasan.core.once import take_key
from kawasan.core.secrets import EncryptedField, Key, Mark, keys
from kawasan.core.text import Text, _

CHUNK = 500  # rows a query; SQLite allows 32,766 parameters, older builds 999
Progress = Callable[[str, int, int], None]  # is told the table, the rows done and all of them
WRITER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=str)  # databases order JSON differently
RowMark = tuple[str, str, str]  # a table, the key of a row, and its fingerprint; none when the row was deleted


@transaction.atomic
def log(
    verb: str,
    subject: models.Model,
    *,
    by: User | None,
    rows: Iterable[models.Model] = (),
    deleted: Iterable[models.Model] = (),
    marks: Iterable[RowMark] = (),
    is_written: bool = True,
    **data: Any,
) -> LogEntry:
    """Append an entry about ``subject``; its row and ``rows`` are fingerprinted as they stand in the database now.

    A subject that was not written keeps its old fingerprint, so that nobody can make the log accept a changed account
    by failing to sign in. ``marks`` are of rows that were made in this transaction, too many to be read back.
    """
    if (sent := answers.get()) and sent.refusal:
        raise Refused(*sent.refusal)  # its page is being shown; nothing is stored any more
    take_key()
    mark_recorded()
    written = _fingerprints([subject, *rows] if is_written else list(rows))
    gone = [(row._meta.label, str(row.pk), "") for row in deleted]
    fingerprints = sorted({*written, *gone, *marks})
    head, _created = LogHead.objects.select_for_update().get_or_create(pk=1)
    entry = LogEntry(
        sequence=head.sequence + 1,
        at=timezone.now(),
        by=by,
        by_name=str(by) if by else "system",
        programme_code=_programme_code(subject),
        verb=verb,
        subject=f"{_subject(subject)}{subject}"[:200],
        data=json.loads(json.dumps(data, cls=DjangoJSONEncoder)),
        rows_digest=_digest(fingerprints),
        previous=head.hash,
    )
    entry.hash = entry_hash(entry)
    entry.save()
    for start in range(0, len(fingerprints), CHUNK):
        rows_of_entry = ((entry.pk, *mark) for mark in fingerprints[start : start + CHUNK])
        add_values(LoggedRow, ("entry_id", "table", "row", "fingerprint"), rows_of_entry)
    LogHead.objects.filter(pk=1).update(sequence=entry.sequence, hash=entry.hash)
    return entry


def entries_about(subject: models.Model, *verbs: str) -> models.QuerySet[LogEntry]:
    """What the log says was done with a row, oldest first."""
    found = LogEntry.objects.filter(programme_code=_programme_code(subject), subject__startswith=_subject(subject))
    return found.filter(verb__in=verbs).order_by("sequence")


def is_as_written(entry: LogEntry) -> bool:
    """Whether an entry is as it was written, by its own hash and by what follows it; ``verify_log`` asks for all."""
    following = LogEntry.objects.filter(sequence=entry.sequence + 1).values_list("previous", flat=True).first()
    if following is None:
        following = LogHead.objects.filter(sequence=entry.sequence).values_list("hash", flat=True).first()
    return entry.hash == entry_hash(entry) == following


def _subject(row: models.Model) -> str:
    return f"{row._meta.label}:{row.pk} "


def verify_log() -> list[Text]:
    """Every way in which the log or the rows it covers were changed behind its back; empty when all is well."""
    return [*_chain_faults(), *_row_faults()]


def entry_hash(entry: LogEntry) -> str:
    """SHA-256 over everything an entry says, and over the entry before it."""
    said = [
        entry.sequence,
        entry.at.isoformat(),
        entry.by_id,
        entry.by_name,
        entry.programme_code,
        entry.verb,
        entry.subject,
        entry.data,
        entry.rows_digest,
        entry.previous,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _programme_code(subject: models.Model) -> str:
    programme = getattr(subject, "programme", subject)
    return getattr(programme, "code", "")


def _digest(fingerprints: Sequence[RowMark]) -> str:
    digest, between = hashlib.sha256(), ""
    for parts in fingerprints:  # of an import they are too many to be written down as one text
        digest.update(f"{between}{':'.join(parts)}".encode())
        between = "\n"
    return digest.hexdigest()


def fingerprint(row: models.Model, key: Key | None = None, order: Sequence[str] = ()) -> str:
    """SHA-256 over every stored column of a row that was read from the database; an encrypted one has its mark.

    ``order`` names the columns as an earlier version had them one after the other; otherwise the model's order counts.
    """
    fields = _logged(row._meta.model)
    if order:
        fields = sorted(fields, key=lambda field: order.index(field.name))
    key = key or keys()[0]
    columns = [[field.attname, _covered(field, row, key)] for field in fields]
    return hashlib.sha256(WRITER.encode(columns).encode()).hexdigest()


def _covered(field: models.Field, row: models.Model, key: Key) -> str:
    return field.mark_of(row, key) if isinstance(field, EncryptedField) else field.value_to_string(row)


def stands_as(row: models.Model, mark: str) -> bool:
    """Whether a row is as it was logged; an entry from before the keys were exchanged has the marks of another."""
    return any(fingerprint(row, key) == mark for key in keys())


def row_mark(row: models.Model) -> RowMark:
    """The mark of a row that was just made of values as the database gives them back."""
    return row._meta.label, str(row.pk), fingerprint(row)


@cache
def _logged(model: type[models.Model]) -> list["models.Field[Any, Any]"]:
    """The columns that a fingerprint covers."""
    left_out: frozenset[str] = getattr(model, "unlogged", frozenset())
    return [field for field in model._meta.concrete_fields if field.name not in left_out]


def _fingerprints(rows: Sequence[models.Model]) -> list[RowMark]:
    """Fingerprint rows as the database holds them, not as Python remembers them."""
    keys: dict[type[models.Model], list[Any]] = defaultdict(list)
    for row in rows:
        keys[row._meta.model].append(row.pk)  # not its type: the user of a request is a lazy object
    found = []
    for model, pks in keys.items():
        for start in range(0, len(pks), CHUNK):
            stored = model._base_manager.filter(pk__in=pks[start : start + CHUNK]).order_by("pk")
            found += [(model._meta.label, str(row.pk), fingerprint(row)) for row in stored]
    return found


def _chain_faults() -> Iterator[Text]:
    previous, sequence = "0" * 64, 0
    marks = _rows_by_entry()
    for entry in LogEntry.objects.order_by("sequence").iterator():
        sequence += 1
        if entry.sequence != sequence:
            yield Text(_("Entry {number} of the log is missing."), {"number": sequence})
            sequence = entry.sequence
        elif entry.previous != previous:
            yield Text(_("Entry {number} of the log does not follow the entry before it."), {"number": sequence})
        if entry.hash != entry_hash(entry):
            yield Text(_("Entry {number} of the log was changed ({verb})."), {"number": sequence, "verb": entry.verb})
        if entry.rows_digest != _digest(sorted(marks.get(entry.pk, []))):
            yield Text(_("The row marks of log entry {number} were changed."), {"number": sequence})
        previous = entry.hash
    head = LogHead.objects.filter(pk=1).first()
    if head and (head.sequence, head.hash) != (sequence, previous):
        yield Text(
            _("The log ends at entry {number}, but {expected} were written."),
            {"number": sequence, "expected": head.sequence},
        )


def _rows_by_entry() -> dict[int, list[tuple[str, str, str]]]:
    marks: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for entry, table, row, mark in LoggedRow.objects.values_list("entry_id", "table", "row", "fingerprint").iterator():
        marks[entry].append((table, row, mark))
    return marks


def _row_faults() -> Iterator[Text]:
    for model in covered_models():
        logged = dict(
            LoggedRow.objects.filter(table=model._meta.label)
            .order_by("entry__sequence")
            .values_list("row", "fingerprint")
        )
        expected = {row: mark for row, mark in logged.items() if mark}
        # By key: a model's own order may join another table, and lose the row whose other half is gone.
        for row in model._base_manager.order_by("pk").iterator():
            if (mark := expected.pop(str(row.pk), None)) is None:
                yield Text(_("{table} {row} was added without a log entry."), _params(row))
            elif not stands_as(row, mark):
                yield Text(_("{table} {row} was changed without a log entry."), _params(row))
        for row_key in expected:
            yield Text(
                _("{table} {row} was deleted without a log entry."), {"table": model._meta.label, "row": row_key}
            )


def _params(row: models.Model) -> dict[str, str]:
    """The table and the row in words; the key alone where the words follow a reference that was broken."""
    try:
        name = f"{row.pk} ({row})"
    except ObjectDoesNotExist:
        name = str(row.pk)
    return {"table": row._meta.label, "row": name}


def covered_models() -> list[type[models.Model]]:
    """The accounts and every table of every stage, except what is nobody's record yet: the log covers them all."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("kawasan.")]
    covered = [model for model in ours if model is User or model._meta.app_label != "core"]
    return [model for model in covered if getattr(model, "is_logged", True)]


def rotate_keys(*, by: User | None, progress: Progress = lambda _table, _done, _total: None) -> int:
    """Encrypt every row anew that an older key closed; returns how many there were.

    A part is one transaction, so that a run that was ended, or another one beside it, is gone on with. Rows are read in
    the transaction that writes them: what somebody corrects at the same time is not lost.
    """
    return sum(_rotate_table(model, by, progress) for model in covered_models() if _encrypted(model))


def _rotate_table(model: type[models.Model], by: User | None, progress: Progress) -> int:
    total, done = _older(model).count(), 0
    while written := _rotate_part(model, by):
        done += written
        progress(model._meta.label, done, max(done, total))
    return done


@transaction.atomic
def _rotate_part(model: type[models.Model], by: User | None) -> int:
    rows = list(_older(model).select_for_update(of=("self",)).order_by("programme_id", "pk")[:CHUNK])
    sound = _sound(model, rows)
    model._base_manager.bulk_update(rows, [field.name for field in _encrypted(model)], batch_size=CHUNK)
    for programme, part in _by_programme(rows):
        logged, key = [row for row in part if row.pk in sound], keys()[0].name
        log("core.keys_rotated", programme, by=by, rows=logged, is_written=False, key=key, count=len(part))
    return len(rows)


def _sound(model: type[models.Model], rows: list[Any]) -> set[Any]:
    """Keys of the rows that stand as they were logged: what was changed behind the log's back is not made good."""
    marks = dict(
        LoggedRow.objects.filter(table=model._meta.label, row__in=[str(row.pk) for row in rows])
        .order_by("entry__sequence")
        .values_list("row", "fingerprint")
    )
    return {row.pk for row in rows if stands_as(row, marks.get(str(row.pk), ""))}


def _by_programme(rows: list[Any]) -> Iterator[tuple[models.Model, list[models.Model]]]:
    for _id, part in groupby(rows, key=lambda row: row.programme_id):
        found = list(part)
        yield found[0].programme, found


def _encrypted(model: type[models.Model]) -> list[EncryptedField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, EncryptedField)]


def _older(model: type[models.Model]) -> models.QuerySet[Any]:
    """Rows with a value that another key than the newest closed."""
    marks = {f"mark_of_{field.name}": Coalesce(Mark(field.name), models.Value("")) for field in _encrypted(model)}
    is_older = (~models.Q(**{f"{name}__startswith": keys()[0].name}) & ~models.Q(**{name: ""}) for name in marks)
    return model._base_manager.alias(**marks).filter(reduce(or_, is_older))


@transaction.atomic
def log_upgrade(*, rows: Iterable[models.Model], by: User | None) -> None:
    """Log rows that a new version gave other columns, or made, for each programme apart."""
    of_programme: dict[Any, list[models.Model]] = defaultdict(list)
    for row in rows:
        of_programme[getattr(row, "programme_id", None)].append(row)
    for found in of_programme.values():
        subject = getattr(found[0], "programme", found[0])
        log("core.upgraded", subject, by=by, rows=found, is_written=False, count=len(found))


@transaction.atomic
def change_password(*, user: User, password: str, by: User | None) -> None:
    """Give an account a new password, which was found good enough."""
    user.set_password(password)
    user.save(update_fields=("password",))
    log("core.password_changed", user, by=by)


@transaction.atomic
def renew_hash(*, user: User, password: str, by: User | None) -> None:
    """Hash the password of somebody who signs in as it is done now, if it was hashed in an older way."""
    now = get_hasher()
    if identify_hasher(user.password).algorithm == now.algorithm and not now.must_update(user.password):
        return
    user.set_password(password)
    user.save(update_fields=("password",))
    log("core.hash_renewed", user, by=by)


def locks(usernames: Iterable[str], address: str | None = None) -> dict[str, datetime.datetime]:
    """The accounts that cannot sign in now, from one address or from any, and the full minute at which they can."""
    recent = AccessAttempt.objects.filter(
        username__in=usernames, attempt_time__gte=timezone.now() - settings.AXES_COOLOFF_TIME
    )
    if address is not None:
        recent = recent.filter(ip_address=address)
    counted = recent.values("username", "ip_address").annotate(
        failures=models.Sum("failures_since_start"), last=models.Max("attempt_time")
    )
    locked = counted.filter(failures__gte=settings.AXES_FAILURE_LIMIT).order_by("last")
    return {lock["username"]: _full_minute(lock["last"] + settings.AXES_COOLOFF_TIME) for lock in locked}


def _full_minute(moment: datetime.datetime) -> datetime.datetime:
    return moment.replace(second=0, microsecond=0) + datetime.timedelta(minutes=1)


def log_lock(*, username: str, failures: int, by: User | None) -> None:
    """Log that an account was locked. A name that no account has is not logged: anybody could fill the log so."""
    if user := User.objects.filter(username=username).first():
        log("core.locked", user, by=by, is_written=False, account=username, failures=failures)


@transaction.atomic
def let_in(*, user: User, by: User | None, about: models.Model | None = None) -> bool:
    """Forget the failed sign-ins of an account, so that it can sign in at once; whether there were any."""
    failures, _tables = AccessAttempt.objects.filter(username=user.username).delete()
    if failures:
        log("core.let_in", about or user, by=by, is_written=False, account=user.username)
    return bool(failures)
