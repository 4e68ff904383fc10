"""What a seat changed in a programme without a draw, from one file of people: told, and told to be weaker."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kawasan.core.errors import Refused
from kawasan.core.language import in_words, number, percent
from kawasan.core.text import Text, _
from kawasan.engine import impact, undrawn
from kawasan.engine.errors import InfeasibleError
from kawasan.engine.impact import LEAST_OF_AN_ARM, Effect
from kawasan.engine.undrawn import Flags, Floats, Overlap
from kawasan.exchange.checker import sentences
from kawasan.exchange.pool_files import MOST_FAULTS, YES_OR_NO, read_columns
from kawasan.exchange.reader import Fault, Unreadable
from kawasan.exchange.services.draw import Say

MOST_VALUES = 30  # of a column of words; more of them are names, not kinds of people
FEW_VALUES = range(3, 13)  # of a column of numbers, which may be codes; of two values both readings are the same
GROUPED = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+")  # 1.250.000, as Indonesian writes thousands
LONGEST_UNGROUPED = 3  # digits


@dataclass(frozen=True, slots=True)
class People:
    """Everybody of whom all is known: shape (people,) each, ``known`` (people, k); and how many were left out."""

    seated: Flags
    outcome: Floats
    before: Floats | None
    known: Floats | None
    left_out: int
    readings: Sequence[Text]

    @property
    def everything_before(self) -> Floats:
        """What was known of everybody, the outcome before the start included: shape (people, k)."""
        given = [] if self.known is None else [self.known]
        return np.column_stack([*given, *([] if self.before is None else [self.before])])


def effect(
    *, people: Path, seat: str, outcome: str, before: str, known: Sequence[str], kinds: Sequence[str], say: Say
) -> None:
    """Compare people with and without a seat by what is known of them, and say what it rests on."""
    if reasons := _reasons_not_asked([seat, outcome, *filter(None, [before]), *known], before, known, kinds):
        raise Refused(*reasons)
    found = _read(people, seat, outcome, before, known, kinds)
    if reasons := _reasons_not_compared(found):
        raise Refused(*reasons)
    try:
        told = list(_told(found))
    except InfeasibleError:
        template = _("These people cannot be compared: what was known before decides who has a seat.")
        raise Refused(Text(template)) from None
    for sentence in told:
        say(in_words(sentence))


def _reasons_not_asked(names: Sequence[str], before: str, known: Sequence[str], kinds: Sequence[str]) -> list[Text]:
    reasons = []
    if not (before or known):
        template = _(
            "Give --before or --known: without either there is nothing but the plain difference, which misleads."
        )
        reasons.append(Text(template))
    if twice := sorted({name for name in names if names.count(name) > 1}):
        template = _("Each column is given once, as the seat, the outcome, the outcome before or known: {names}.")
        reasons.append(Text(template, {"names": ", ".join(twice)}))
    if unknown := [name for name in kinds if name not in known]:
        reasons.append(Text(_("--kinds names columns of --known; not so {names}."), {"names": ", ".join(unknown)}))
    return reasons


def _reasons_not_compared(found: People) -> list[Text]:
    reasons = []
    sides, least = [int(found.seated.sum()), int((~found.seated).sum())], found.everything_before.shape[1]
    if min(sides) < LEAST_OF_AN_ARM + least:
        template = _(
            "With a seat there are {seated} people, without {others}; each side needs at least {least}: {more} more "
            "than there are numbers and kinds known of them."
        )
        gaps = {"seated": sides[0], "others": sides[1], "least": LEAST_OF_AN_ARM + least, "more": LEAST_OF_AN_ARM}
        reasons.append(Text(template, gaps))
    elif np.ptp(found.outcome) == 0:
        reasons.append(Text(_("The outcome is the same for everybody: there is nothing to compare.")))
    elif found.before is not None and np.ptp(found.outcome - found.before) == 0:
        reasons.append(Text(_("The outcome changed by the same for everybody: there is nothing to compare.")))
    return reasons


def _told(found: People) -> Iterable[Text]:
    gaps = {"seated": int(found.seated.sum()), "others": int((~found.seated).sum()), "left_out": found.left_out}
    yield Text(
        _("With a seat: {seated}; without: {others}; left out because something is not known: {left_out}."), gaps
    )
    yield from found.readings
    yield _line(
        _("Plain difference, which misleads: {effect} (95 % interval {low} to {high})."),
        impact.naive(found.outcome, found.seated),
    )
    if found.before is not None:
        made = undrawn.difference_in_differences(found.before, found.outcome, found.seated, found.known)
        template = _(
            "Difference in differences: {effect} (95 % interval {low} to {high}), if both would have changed alike "
            "without a seat."
        )
        yield _line(template, made)
        yield _explained_away(made, found.outcome)
    made, overlap = undrawn.weighted(found.outcome, found.seated, found.everything_before)
    template = _(
        "Others weighted to be like those seated: {effect} (95 % interval {low} to {high}), if nothing else decided on "
        "seats."
    )
    yield _line(template, made)
    yield _alike(overlap)
    yield (
        _explained_away(made, found.outcome)
        if overlap.is_enough
        else Text(_("That is too little in common: do not report this number."))
    )
    yield Text(
        _(
            "Without a draw every comparison is weaker: what nobody wrote down is not corrected for, and no test can "
            "tell that nothing is missing. Draw the seats next time, and the chances will tell."
        )
    )


def _line(template: str, made: Effect) -> Text:
    return Text(template, {name: number(getattr(made, name)) for name in ("effect", "low", "high")})


def _alike(overlap: Overlap) -> Text:
    gaps = {
        "outside": percent(overlap.outside, 1),
        "effective": number(overlap.effective, 0),
        "before": number(float(np.abs(overlap.before).max(initial=0.0)), 2),
        "after": number(float(np.abs(overlap.after).max(initial=0.0)), 2),
    }
    template = _(
        "Of those seated {outside} have nobody like them; the weighted others count as {effective} people; the "
        "largest difference of what was known is {after} standard deviations, {before} without weights."
    )
    return Text(template, gaps)


def _explained_away(made: Effect, outcome: Floats) -> Text:
    whole, end = undrawn.e_value(made, float(outcome.std()))
    template = _(
        "E-value {whole}, of the interval {end}: so many times more likely would something unknown have to make both "
        "the seat and the outcome, to explain it away; 1 is nothing at all."
    )
    return Text(template, {"whole": number(whole, 2), "end": number(end, 2)})


def _read(path: Path, seat: str, outcome: str, before: str, known: Sequence[str], kinds: Sequence[str]) -> People:
    file = _File(path, [seat, outcome, *filter(None, [before]), *known])
    seated, numbers = file.yes_or_no(seat), file.numbers(outcome)
    earlier = file.numbers(before) if before else None
    columns = [file.known(name, is_kind=name in kinds) for name in known]
    if file.faults:
        raise Refused(*sentences(file.faults[:MOST_FAULTS]))
    return People(seated, numbers, earlier, np.column_stack(columns) if columns else None, file.left_out, file.readings)


class _File:
    """The wanted columns of whoever has a cell in each of them, and what is wrong with the cells."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        try:
            rows, columns = read_columns(path, names)
        except Unreadable as error:
            raise Refused(*sentences([Fault(path.name, error.text, error.row)])) from None
        whole = [place for place in range(len(rows)) if all(column[place] for column in columns)]
        self.path, self.faults, self.left_out = path, list[Fault](), len(rows) - len(whole)
        self.readings = list[Text]()
        self.rows = [rows[place] for place in whole]
        self.cells = {name: [column[place] for place in whole] for name, column in zip(names, columns, strict=True)}

    def yes_or_no(self, name: str) -> Flags:
        found = [YES_OR_NO.get(cell.lower(), -1) for cell in self.cells[name]]
        self._refuse(name, [value < 0 for value in found], _("needs yes or no"))
        return np.array(found) > 0

    def numbers(self, name: str) -> Floats:
        found = self._as_numbers(name)
        self._refuse(name, np.isnan(found).tolist(), _("needs a number, such as 1250000 or 12.5"))
        return found

    def known(self, name: str, *, is_kind: bool) -> Floats:
        """A column of numbers as it is; of words or codes, a column of 0 and 1 for each kind but the first."""
        found = np.array([np.nan]) if is_kind else self._as_numbers(name)
        if np.isnan(found).any():
            return self._kinds(name)
        values = len(np.unique(found))
        template = _("Column {name} was read as numbers.")
        if values in FEW_VALUES:
            template = _(
                "Column {name} was read as numbers and has only {values} different ones; if they are codes, add "
                "--kinds {name}."
            )
        self.readings.append(Text(template, {"name": name, "values": values}))
        return found[:, None]

    def _kinds(self, name: str) -> Floats:
        cells = self.cells[name]
        values = sorted(set(cells))
        gaps = {"name": name, "values": len(values), "most": MOST_VALUES}
        if len(values) > MOST_VALUES:
            template = _(
                "column {name} has {values} values; one of words may have {most}, or it tells every person apart"
            )
            self.faults.append(Fault(self.path.name, Text(template, gaps)))
        self.readings.append(Text(_("Column {name} was read as {values} kinds."), gaps))
        return np.array([[cell == value for value in values[1:]] for cell in cells], dtype=np.float64)

    def _as_numbers(self, name: str) -> Floats:
        """The cells as numbers, with dots read as Indonesian thousands where no other reading fits all of them."""
        cells = self.cells[name]
        grouped = [cell for cell in cells if GROUPED.fullmatch(cell)]
        if not grouped or any("." in cell and not GROUPED.fullmatch(cell) for cell in cells):
            return np.array([_number(cell) for cell in cells])
        if any("." not in cell and len(cell.lstrip("-")) > LONGEST_UNGROUPED for cell in cells):
            what = _("may have a dot for thousands or for decimals, since only some numbers have one")
            self._refuse(name, [cell == grouped[0] for cell in cells], what)
            return np.zeros(len(cells))
        gaps = {"name": name, "written": grouped[0], "number": grouped[0].replace(".", "")}
        template = _("Column {name}: dots were read as thousands, {written} as {number}.")
        self.readings.append(Text(template, gaps))
        return np.array([_number(cell.replace(".", "")) for cell in cells])

    def _refuse(self, name: str, is_wrong: Sequence[bool], why: str) -> None:
        wrong = [row for row, fault in zip(self.rows, is_wrong, strict=True) if fault]
        self.faults += [Fault(self.path.name, Text(why), row, name) for row in wrong]


def _number(cell: str) -> float:
    try:
        found = float(cell)
    except ValueError:
        return float("nan")
    return found if np.isfinite(found) else float("nan")
