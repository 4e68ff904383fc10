"""What a seat changed in a programme without a draw, from one file of people: told, and told to be weaker."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kawasan.core.errors import Refused
from kawasan.core.language import in_words, number, percent
from kawasan.core.text import Text, _
from kawasan.engine import impact, undrawn
from kawasan.engine.errors import InvalidInputError
from kawasan.engine.impact import Effect
from kawasan.engine.undrawn import Flags, Floats, Overlap
from kawasan.exchange.checker import sentences
from kawasan.exchange.pool_files import MOST_FAULTS, YES_OR_NO, read_columns
from kawasan.exchange.reader import Fault, Unreadable
from kawasan.exchange.services.draw import Say

MOST_VALUES = 30  # of a column of words; more of them are names, not kinds of people


@dataclass(frozen=True, slots=True)
class People:
    """Everybody of whom all is known: shape (people,) each, ``known`` (people, k); and how many were left out."""

    seated: Flags
    outcome: Floats
    before: Floats | None
    known: Floats | None
    left_out: int

    @property
    def everything_before(self) -> Floats:
        """What was known of everybody, the outcome before the start included: shape (people, k)."""
        given = [] if self.known is None else [self.known]
        return np.column_stack([*given, *([] if self.before is None else [self.before])])


def effect(*, people: Path, seat: str, outcome: str, before: str, known: Sequence[str], say: Say) -> None:
    """Compare people with and without a seat by what is known of them, and say what it rests on."""
    if not (before or known):
        template = _(
            "Give --before or --known: without either there is nothing but the plain difference, which misleads."
        )
        raise Refused(Text(template))
    found = _read(people, seat, outcome, before, known)
    try:
        told = list(_told(found))
    except InvalidInputError as error:
        raise Refused(Text(_("These people cannot be compared ({why})."), {"why": str(error)})) from None
    for sentence in told:
        say(in_words(sentence))


def _told(found: People) -> Iterable[Text]:
    gaps = {"seated": int(found.seated.sum()), "others": int((~found.seated).sum()), "left_out": found.left_out}
    yield Text(
        _("With a seat: {seated}; without: {others}; left out because something is not known: {left_out}."), gaps
    )
    yield _line(
        _("Plain difference, which misleads: {effect} ({low} to {high})."), impact.naive(found.outcome, found.seated)
    )
    if found.before is not None:
        made = undrawn.difference_in_differences(found.before, found.outcome, found.seated, found.known)
        template = _(
            "Difference in differences: {effect} ({low} to {high}), if both would have changed alike without a seat."
        )
        yield _line(template, made)
        yield from _explained_away(made, found.outcome)
    if found.everything_before.shape[1]:
        made, overlap = undrawn.weighted(found.outcome, found.seated, found.everything_before)
        template = _(
            "Others weighted to be like those seated: {effect} ({low} to {high}), if nothing else decided on seats."
        )
        yield _line(template, made)
        yield from _alike(overlap)
        yield from _explained_away(made, found.outcome)
    yield Text(
        _(
            "Both are weaker than a draw: what nobody wrote down is not corrected for, and no test can tell that "
            "nothing is missing. Draw the seats next time, and the chances will tell."
        )
    )


def _line(template: str, made: Effect) -> Text:
    return Text(template, {name: number(getattr(made, name)) for name in ("effect", "low", "high")})


def _alike(overlap: Overlap) -> Iterable[Text]:
    gaps = {
        "outside": percent(overlap.outside, 1),
        "effective": number(overlap.effective, 0),
        "before": number(float(np.abs(overlap.before).max()), 2),
        "after": number(float(np.abs(overlap.after).max()), 2),
    }
    yield Text(
        _(
            "Of those seated {outside} have nobody like them; the weighted others count as {effective} people; the "
            "largest difference of what was known is {after} standard deviations, {before} without weights."
        ),
        gaps,
    )
    if not overlap.is_enough:
        yield Text(_("That is too little in common: do not report this number."))


def _explained_away(made: Effect, outcome: Floats) -> Iterable[Text]:
    whole, end = undrawn.e_value(made, float(outcome.std()))
    template = _(
        "E-value {whole}, of the interval {end}: so many times more likely would something unknown have to make both "
        "the seat and the outcome, to explain it away; 1 is nothing at all."
    )
    yield Text(template, {"whole": number(whole, 2), "end": number(end, 2)})


def _read(path: Path, seat: str, outcome: str, before: str, known: Sequence[str]) -> People:
    file = _File(path, [seat, outcome, *filter(None, [before]), *known])
    seated, numbers = file.yes_or_no(seat), file.numbers(outcome)
    earlier = file.numbers(before) if before else None
    kinds = [file.kinds(name) for name in known]
    if file.faults:
        raise Refused(*sentences(file.faults[:MOST_FAULTS]))
    return People(seated, numbers, earlier, np.column_stack(kinds) if kinds else None, file.left_out)


class _File:
    """The wanted columns of whoever has a cell in each of them, and what is wrong with the cells."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        try:
            rows, columns = read_columns(path, names)
        except Unreadable as error:
            raise Refused(*sentences([Fault(path.name, error.text, error.row)])) from None
        whole = [place for place in range(len(rows)) if all(column[place] for column in columns)]
        self.path, self.faults, self.left_out = path, list[Fault](), len(rows) - len(whole)
        self.rows = [rows[place] for place in whole]
        self.cells = {name: [column[place] for place in whole] for name, column in zip(names, columns, strict=True)}

    def yes_or_no(self, name: str) -> Flags:
        found = [YES_OR_NO.get(cell.lower(), -1) for cell in self.cells[name]]
        self._refuse(name, [value < 0 for value in found], _("needs yes or no"))
        return np.array(found) > 0

    def numbers(self, name: str) -> Floats:
        found = np.array([_number(cell) for cell in self.cells[name]])
        self._refuse(name, np.isnan(found).tolist(), _("needs a number, such as 1250000 or 12.5"))
        return found

    def kinds(self, name: str) -> Floats:
        """A column of numbers as it is; of words, a column of 0 and 1 for each value but the first."""
        cells = self.cells[name]
        found = np.array([_number(cell) for cell in cells])
        if not np.isnan(found).any():
            return found[:, None]
        values = sorted(set(cells))
        if len(values) > MOST_VALUES:
            gaps = {"name": name, "values": len(values), "most": MOST_VALUES}
            template = _(
                "column {name} has {values} values; one of words may have {most}, or it tells every person apart"
            )
            self.faults.append(Fault(self.path.name, Text(template, gaps)))
        return np.array([[cell == value for value in values[1:]] for cell in cells], dtype=np.float64)

    def _refuse(self, name: str, is_wrong: Sequence[bool], why: str) -> None:
        wrong = [row for row, fault in zip(self.rows, is_wrong, strict=True) if fault]
        self.faults += [Fault(self.path.name, Text(why), row, name) for row in wrong]


def _number(cell: str) -> float:
    try:
        found = float(cell)
    except ValueError:
        return float("nan")
    return found if np.isfinite(found) else float("nan")
