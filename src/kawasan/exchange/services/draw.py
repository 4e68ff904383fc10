"""A draw without a database: from two files to a certificate that anybody can check, the chances and the panel."""

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kawasan.core.errors import Refused
from kawasan.core.language import in_words, percent
from kawasan.core.text import Text, _
from kawasan.engine import certificate, fairness, lottery
from kawasan.engine.certificate import Certificate, Check, Frozen
from kawasan.engine.certificate_form import BILLION, read
from kawasan.engine.errors import InfeasibleError
from kawasan.engine.fairness import Lottery
from kawasan.engine.randomness import digests
from kawasan.exchange.checker import sentences
from kawasan.exchange.pool_files import AND, Columns, PoolRows, QuotaRow, read_people, read_quotas
from kawasan.exchange.reader import Fault
from kawasan.exchange.services.dump import write
from kawasan.selection.rules import Bound, not_reached, reasons_infeasible, reasons_too_certain

CERTIFICATE, CHANCES, PANEL, RESERVES = "certificate.json", "chances.csv", "panel.csv", "reserves.csv"
MOST_BYTES = 1024 * 1024 * 1024
EXACT = {
    "leximin": _("Chances as equal as the quotas allow (leximin) were found, and whole panels can give them."),
    "maximin": _("The greatest least chance under the quotas (maximin) was found, and whole panels can give it."),
    "nash": _("The greatest product of chances under the quotas (Nash) was found, and whole panels can give it."),
}


def draw(
    *,
    features: Path,
    people: Path,
    columns: Columns,
    seats: int,
    most_per_household: int,
    aim: str,
    panels: int,
    salt: str,
    seed: str,
    out: Path,
    say: Callable[[str], None],
) -> None:
    """Draw a panel from the people of one file under the quotas of another, and write four files into ``out``."""
    if (out / CERTIFICATE).exists():
        template = _("{out} holds a draw already, and a draw happens once; give a new folder.")
        raise Refused(Text(template, {"out": str(out)}))
    if not seed.strip():
        raise Refused(
            Text(_("The seed is empty; give a text that nobody could choose, such as a day's closing index."))
        )
    quotas, pool = _read(features, people, columns)
    pseudonyms = dict(zip(pool.ids, digests(pool.ids, "kawasan pseudonym 1", salt), strict=True))
    names = sorted(pool.ids, key=pseudonyms.__getitem__)
    out.mkdir(parents=True, exist_ok=True)
    problem, weights = _problem(quotas, pool, names, seats=seats, most_per_household=most_per_household)
    guaranteed = _certain(pool)
    certain = [row for row, own in enumerate(names) if own in guaranteed]
    _say(say, _("{people} people, {seats} seats, {quotas} quotas."), people=len(names), seats=seats, quotas=len(quotas))
    drawn = _lottery(problem, quotas, weights, certain, aim=aim, panels=panels)
    for sentence in _about(drawn, weights, aim=aim):
        say(in_words(sentence))
    frozen = certificate.freeze(
        problem,
        drawn,
        pseudonyms=[pseudonyms[own] for own in names],
        names=[(quota.feature, quota.value) for quota in quotas],
        code=f"kawasan {version('kawasan')}, {aim}",
    ) | _excepted([pseudonyms[names[row]] for row in certain], columns.certain)
    made = certificate.draw(frozen, secret="", public_value=seed.strip())
    _write(out, made, pool, names, drawn)
    _say(say, _("Panel {panel} was drawn; they are numbered from 0 to {last}."), panel=made["panel"], last=panels - 1)
    _say(say, _("Hash of what was frozen: {hash}"), hash=made["hashes"]["frozen"])
    if not salt:
        _say(say, _("No --salt was given: whoever guesses an id can find its row in the certificate."))


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found of a certificate; if every claim holds, the hash that its papers carry, and what was reached."""

    checks: tuple[Check, ...]
    hash: str = ""
    fairness: tuple[Text, ...] = ()


def verify(*, path: Path) -> Verified:
    """Check every claim of a certificate."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("> 1 GB")
        found = read(path.read_bytes())
    except ValueError as error:
        template = _("{file} is not a certificate ({why}); give the file certificate.json of a draw.")
        raise Refused(Text(template, {"file": path.name, "why": str(error)[:200]})) from None
    checks = certificate.verify(found)
    if not all(check.holds for check in checks):
        return Verified(checks)
    return Verified(checks, certificate.hash_as_drawn(found), tuple(_reached(found["frozen"])))


def _reached(frozen: Frozen) -> Iterable[Text]:
    yield from not_reached(frozen["reached"], frozen["least"])
    template = _("The list of panels gives everybody at least {part} % of the proven bound on their chance.")
    yield Text(template, {"part": math.floor(1000 * certificate.part_of_bound(frozen)) / 10})


def _say(say: Callable[[str], None], template: str, **gaps: Any) -> None:
    say(in_words(Text(template, gaps)))


def _read(features: Path, people: Path, columns: Columns) -> tuple[list[QuotaRow], PoolRows]:
    quotas, faults = read_quotas(features)
    _refuse(faults)
    pool, faults = read_people(people, columns, quotas)
    _refuse(faults)
    return quotas, pool


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise Refused(*sentences(faults))


def _problem(
    quotas: Sequence[QuotaRow], pool: PoolRows, names: Sequence[str], *, seats: int, most_per_household: int
) -> tuple[lottery.Problem, NDArray[np.int64]]:
    """The people in order of pseudonym, so that the order of their rows does not matter; a feature for each quota."""
    row = {own: number for number, own in enumerate(pool.ids)}
    order = np.array([row[own] for own in names])
    problem = lottery.Problem(
        features=np.column_stack([_counted(quota, pool)[order] for quota in quotas]).astype(np.int64),
        quotas=[lottery.Quota(number, 1, quota.least, quota.most) for number, quota in enumerate(quotas)],
        seats=seats,
        households=_households([pool.households[at] for at in order] if pool.households else [""] * len(names)),
        most_per_household=most_per_household,
    )
    return problem, np.array(pool.weights)[order] if pool.weights else np.ones(len(names), dtype=np.int64)


def _certain(pool: PoolRows) -> set[str]:
    """The ids of people who have a seat in every panel."""
    return {own for own, is_certain in zip(pool.ids, pool.certain, strict=bool(pool.certain)) if is_certain}


def _excepted(certain: Sequence[str], column: str) -> Frozen:
    """Who is guaranteed a seat, and why; the same in every language, since the certificate's hash binds it."""
    rows = [[name, "guaranteed", f"column {column} of the people's file"] for name in certain]
    return {"exceptions": rows} if rows else {}


def _counted(quota: QuotaRow, pool: PoolRows) -> NDArray[np.bool_]:
    """Who counts towards a quota, in the order of the file."""
    parts = zip(quota.feature.split(AND), quota.value.split(AND), strict=True)
    each = [np.array(pool.features[name]) == pool.values[name].get(value, -1) for name, value in parts]
    return np.asarray(np.logical_and.reduce(each))


def _households(names: Sequence[str]) -> NDArray[np.int64]:
    """Number households in the order in which they are met; whoever has none lives alone."""
    known: dict[str, int] = {}
    numbers = (known.setdefault(name or f"\n{row}", len(known)) for row, name in enumerate(names))
    return np.fromiter(numbers, dtype=np.int64, count=len(names))


def _lottery(
    problem: lottery.Problem,
    quotas: Sequence[QuotaRow],
    weights: NDArray[np.int64],
    certain: Sequence[int],
    *,
    aim: str,
    panels: int,
) -> Lottery:
    try:
        return fairness.fair_lottery(problem, aim=aim, panels=panels, weights=weights, certain=certain)
    except InfeasibleError:
        raise Refused(*_reasons_infeasible(problem, quotas, certain)) from None


def _reasons_infeasible(problem: lottery.Problem, quotas: Sequence[QuotaRow], certain: Sequence[int]) -> list[Text]:
    found = lottery.check(problem, certain=certain)
    available = problem.features.sum(axis=0).tolist()

    def bound(number: int, least: int, most: int) -> Bound:
        return Bound(quotas[number].feature, quotas[number].value, least, most, available[number])

    if found.excess:
        return reasons_too_certain(
            certain=len(certain),
            beyond_seats=found.excess.seats,
            quotas=[(bound(number, quotas[number].least, quotas[number].most), n) for number, n in found.excess.quotas],
            households=found.excess.households,
            seats=problem.seats,
            most_per_household=problem.most_per_household,
        )
    return reasons_infeasible(
        conflict=[bound(number, quotas[number].least, quotas[number].most) for number in found.conflict],
        relaxation=[bound(change.quota, change.least, change.most) for change in found.relaxation],
        seats=problem.seats,
        most_seats=found.most_seats,
        most_per_household=problem.most_per_household,
    )


def _about(drawn: Lottery, weights: NDArray[np.int64], *, aim: str) -> Iterable[Text]:
    """What must be known before a draw: the chances, what was proven of them, and who has none or is certain."""
    chances = drawn.chances[drawn.cells.cell]
    gaps = {"least": _percent(chances.min()), "median": _percent(np.median(chances)), "most": _percent(chances.max())}
    yield Text(_("Chances: least {least}, median {median}, most {most}."), gaps)
    reached = _percent(drawn.reached)
    if drawn.is_exact:
        yield Text(EXACT[aim])
    else:
        template = _("Everybody gets at least {reached} of a proven bound on their chance ({aim}); more was not found.")
        yield Text(template, {"reached": reached, "aim": aim})
    bound = (drawn.bound[drawn.cells.cell] / weights).min()
    if bound:
        template = _("In the list (panels: {panels}) the least chance is {part} of that.")
        part = _percent((chances / weights).min() / bound)
        yield Text(template, {"part": part, "panels": len(drawn.panels)})
    none, sure = int((chances == 0).sum()), int((chances == 1).sum())
    if none:
        yield Text(_("People with no chance under these quotas: {none}; chances.csv says who."), {"none": none})
    if sure:
        yield Text(_("People certain of a seat: {sure}; chances.csv says who."), {"sure": sure})


def _percent(part: float) -> str:
    return percent(part, 2)


def _write(out: Path, made: Certificate, pool: PoolRows, names: Sequence[str], drawn: Lottery) -> None:
    """The certificate comes last: where it is, everything is."""
    pool_rows, panels = made["frozen"]["pool"], len(made["frozen"]["panels"])
    person = {row[0]: own for own, row in zip(names, pool_rows, strict=True)}
    of = [panels * size for size in drawn.cells.size.astype(int).tolist()]
    bounds = [f"{cell['bound'] / BILLION:.6f}" for cell in made["frozen"]["cells"]]
    chances = [(n, all_, f"{n / all_:.6f}", bound) for n, all_, bound in zip(made["counts"], of, bounds, strict=True)]
    rows = ((own, name, *chances[cell]) for own, (name, cell, _household) in zip(names, pool_rows, strict=True))
    _write_csv(out / CHANCES, ["id", "pseudonym", "count", "of", "chance", "bound"], rows)
    labels = {feature: list(values) for feature, values in pool.values.items()}
    line = {own: number for number, own in enumerate(pool.ids)}
    panel = (
        (own, name, *(labels[feature][column[line[own]]] for feature, column in pool.features.items()))
        for own, name in ((person[name], name) for name in made["people"])
    )
    _write_csv(out / PANEL, ["id", "pseudonym", *labels], panel)
    reserves = ([number, person[name], name] for number, name in enumerate(made["reserves"], start=1))
    _write_csv(out / RESERVES, ["number", "id", "pseudonym"], reserves)
    write(out / CERTIFICATE, json.dumps(made, separators=(",", ":")) + "\n")


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    write(path, text.getvalue())
