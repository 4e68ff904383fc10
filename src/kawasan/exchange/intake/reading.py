"""Reads a sheet of applicants as its mapping says: the rows that can be stored, and what is wrong with the others."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models

from kawasan.applicants.models import Applicant, Person
from kawasan.applicants.rules import BORN_FROM_AGE, born_from_age
from kawasan.applicants.services.bulk import Incoming
from kawasan.core.language import in_words
from kawasan.core.text import Text, _
from kawasan.exchange.columns import SHOWN, BadCell
from kawasan.exchange.intake.cells import Convert, Unknown, converters
from kawasan.exchange.intake.sheet_file import Cells, is_empty
from kawasan.exchange.intake.words import AGE, CHOSEN, CODES, COLUMNS, HAS_DISABILITY, NEEDED, TARGETS, WORDS, spoken
from kawasan.programmes.models import Programme

MOST_WORDS = 60  # unknown words of a column that somebody would say the meaning of
MOST_FAULTS = 500  # kept to be shown; the workbook of faulty rows has all
Mapping_ = Mapping[str, Any]
Good = list[tuple[int, tuple[Any, ...]]]
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be stored: its number, the column of the file, and a sentence."""

    row: int
    column: str
    text: Text

    def stored(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "text": self.text.stored()}


@dataclass(slots=True)
class Found:
    """What is in a file: the rows to store as values by our columns, and everything that is to be said."""

    head: list[str]
    rows: int = 0
    known: int = 0
    born_from_age: int = 0
    good: Good = field(default_factory=list)
    faulty: list[tuple[int, Cells, list[Fault]]] = field(default_factory=list)
    unknown: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def stored(self) -> dict[str, Any]:
        """What the page shows, as JSON."""
        faults = [fault.stored() for _n, _cells, faults in self.faulty for fault in faults]
        return {
            "rows": self.rows,
            "known": self.known,
            "good": len(self.good),
            "faulty": len(self.faulty),
            "born_from_age": self.born_from_age,
            "faults": faults[:MOST_FAULTS],
            "more": max(len(faults) - MOST_FAULTS, 0),
            "unknown": {name: words.most_common(MOST_WORDS) for name, words in self.unknown.items()},
        }


def words_of(programme: Programme, said: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Which code a word stands for: ours, the programme's own names, and what somebody said of this file."""
    words: dict[str, dict[str, str]] = {name: dict(WORDS.get(name, {})) for name in CHOSEN}
    for name, codes in CODES.items():
        for one in codes:
            words[name] |= {spoken(one.value): one.value, spoken(one.label): one.value}
    for field_ in programme.fields.all():
        words["field"] |= {spoken(word): field_.code for word in (field_.code, field_.name, field_.name_en) if word}
    names = Counter(spoken(name) for name in programme.places.values_list("name", flat=True))
    for code, name in programme.places.values_list("code", "name"):
        words["place"] |= {spoken(code): code, spoken(code.replace(".", "")): code}
        if names[spoken(name)] == 1:
            words["place"][spoken(name)] = code
    for column, meanings in said.items():
        words[column] |= dict(meanings)
    return words


def codes_of(programme: Programme, target: str) -> list[tuple[str, str]]:
    """What a word of a column may stand for."""
    if target == "field":
        return [(one.code, str(one)) for one in programme.fields.all()]
    if target == "place":
        return [(one.code, f"{one.name} ({one.code})") for one in programme.places.order_by("code")]
    return [(code.value, in_words(code.label)) for code in CODES[target]]


def read(
    programme: Programme, rows: Iterator[Cells], mapping: Mapping_, progress: Callable[[int, int], None], total: int
) -> Found:
    """Read every row. ``rows`` begins with the header."""
    found = Found([str(name) for name in next(rows, [])])
    reader = _Reader(programme, mapping, found)
    for number, cells in enumerate(rows, start=2):
        if is_empty(cells):
            continue
        found.rows += 1
        reader.take(number, cells)
        if number % 500 == 0:
            progress(number, max(total, number))
    progress(found.rows, found.rows)
    return found


class _Reader:
    """Takes one row after the other; what was seen before makes a row a repetition."""

    def __init__(self, programme: Programme, mapping: Mapping_, found: Found) -> None:
        self.found = found
        words = words_of(programme, mapping.get("words", {}))
        convert = converters(words)
        self.columns: list[tuple[int, str, str, Convert]] = [
            (place, target, found.head[place] if place < len(found.head) else target, convert[target])
            for place, target in enumerate(mapping["columns"])
            if target
        ]
        self.fixed, self.fixed_faults = _fixed(mapping, convert, {target for _p, target, _n, _c in self.columns})
        self.codes = set(Applicant.objects.filter(programme=programme).values_list("code", flat=True))
        pairs = Applicant.objects.filter(programme=programme).values_list("person__nik", "field__code")
        self.pairs = {(nik, code) for nik, code in pairs if nik}
        self.seen: dict[Any, int] = {}

    def take(self, number: int, cells: Cells) -> None:
        faults: list[Fault] = [Fault(number, column, text) for column, text in self.fixed_faults]
        values = dict(self.fixed)
        for place, target, name, convert in self.columns:
            try:
                values[target] = convert(cells[place] if place < len(cells) else "")
            except Unknown as error:
                self.found.unknown[target][error.word[:SHOWN]] += 1
                faults.append(Fault(number, name, error.text))
            except BadCell as error:
                faults.append(Fault(number, name, error.text))
        if not faults:
            faults += self._completed(number, values)
        if faults:
            self.found.faulty.append((number, list(cells), faults))
        elif values["code"] in self.codes or (values["nik"], values["field"]) in self.pairs:
            self.found.known += 1
        else:
            self.found.good.append((number, tuple(values.get(name) for name in TARGETS)))

    def _completed(self, number: int, values: dict[str, Any]) -> Iterator[Fault]:
        """What two columns say together, and whether an earlier row said the same."""
        if values["birth_date"] is None and values.get(AGE):
            values["birth_date"] = born_from_age(values[AGE], values["applied_on"])
            self.found.born_from_age += 1
        else:
            values[AGE] = None
        yield from _disability(number, values)
        if not values["earlier_assistance"] and values["earlier_assistance_reported"]:
            values["earlier_assistance"] = True
        yield from self._repetitions(number, values)

    def _repetitions(self, number: int, values: dict[str, Any]) -> Iterator[Fault]:
        for column, key in (("code", values["code"]), ("nik", (values["nik"], values["field"]))):
            if not key:
                continue
            first = self.seen.setdefault(key, number)
            if first != number:
                text = Text(_("says the same as row {row}; each applicant stands in a file once"), {"row": str(first)})
                yield Fault(number, column, text)


def _disability(number: int, values: dict[str, Any]) -> Iterator[Fault]:
    stated = values.get(HAS_DISABILITY)
    if stated and not values["disability"]:
        yield Fault(number, "disability", Text(_("lives with a disability, but it is not said which; write its kind")))
    elif stated is False and values["disability"]:
        yield Fault(number, "disability", Text(_("one column says no disability, another says which; correct one")))


def _fixed(
    mapping: Mapping_, convert: Mapping[str, Convert], in_file: set[str]
) -> tuple[dict[str, Any], list[tuple[str, Text]]]:
    """What is the same for all rows because the file does not have it."""
    values: dict[str, Any] = {"code": ""}
    faults = []
    for target in TARGETS:
        if target in in_file or target == "code":
            continue
        try:
            values[target] = convert[target](mapping.get("fixed", {}).get(target, ""))
        except BadCell as error:
            faults.append((target, error.text))
    return values, faults


def lacking(mapping: Mapping_) -> list[str]:
    """Our columns that must be filled in and are neither in the file nor the same for all rows."""
    fixed = mapping.get("fixed", {})
    return [name for name in NEEDED if name not in mapping["columns"] and not str(fixed.get(name, "")).strip()]


def incoming(programme: Programme, good: Good, source: str) -> Incoming:
    """Rows that can be stored as people with their applications."""
    person, applicant = _maker(programme, Person, source), _maker(programme, Applicant, source)
    return Incoming(
        codes=[row[0] for _number, row in good],
        compared=lambda: _compared(programme, good),
        pairs=lambda: ((person(row), applicant(row)) for _number, row in good),
    )


def _compared(programme: Programme, good: Good) -> Iterator[dict[str, Any]]:
    """What each row is compared with others by."""
    places = dict(programme.places.values_list("code", "pk"))
    at = [TARGETS.index(name) for name in ("nik", "family_card", "phone", "place", "rw", "rt")]
    for _number, row in good:
        nik, family_card, phone, place, rw, rt = (row[number] for number in at)
        home = {"person__place_id": places[place], "person__rw": rw, "person__rt": rt}
        yield {"nik": nik, "family_card": family_card, "phone": phone} | home


def _maker(programme: Programme, model: type[M], source: str) -> Callable[[tuple[Any, ...]], M]:
    """What makes a row of a table from the values of a row of the file."""
    ids: dict[str, Mapping[str, int]] = {
        "place": dict(programme.places.values_list("code", "pk")),
        "field": dict(programme.fields.values_list("code", "pk")),
    }
    names = [field.name for field in model._meta.concrete_fields]
    empty = [field.get_default() for field in model._meta.concrete_fields]
    empty[names.index("programme")] = programme.pk
    ours = [name for name in names if name in COLUMNS and COLUMNS[name].field.model is model]
    own = [(names.index(name), TARGETS.index(name), ids.get(name)) for name in ours]
    at, age, from_age = names.index("source"), TARGETS.index(AGE), f"{source}; {BORN_FROM_AGE}"

    def make(row: tuple[Any, ...]) -> M:
        values = list(empty)
        for to, place, known in own:
            values[to] = known[row[place]] if known else row[place]
        values[at] = from_age if row[age] else source
        return model(*values)

    return make
