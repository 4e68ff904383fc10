"""A draw without a database: from two files to a certificate that anybody can check, the chances and the panel.

In two steps, ``freeze`` and ``draw_frozen``, nobody can try seeds; in one, ``draw``, the arithmetic alone is proven.
"""

import json
import math
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.metadata import version
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kawasan.core.errors import Refused
from kawasan.core.language import in_words, percent
from kawasan.core.text import Text, _
from kawasan.engine import certificate, fairness, lottery
from kawasan.engine.certificate import Certificate, Check, Frozen
from kawasan.engine.certificate_form import read
from kawasan.engine.errors import EngineError, InfeasibleError
from kawasan.engine.fairness import Lottery
from kawasan.engine.randomness import digests_in_order
from kawasan.engine.recomputing import Recomputed, recompute
from kawasan.exchange.checker import sentences
from kawasan.exchange.pool_files import Columns, PoolRows, QuotaRow, read_people, read_quotas, values_nobody_has
from kawasan.exchange.reader import Fault
from kawasan.exchange.services.dump import write_parts
from kawasan.selection.rules import Bound, not_reached, reasons_infeasible, reasons_too_certain

CERTIFICATE, CHANCES, PANEL, RESERVES = "certificate.json", "chances.csv", "panel.csv", "reserves.csv"
FROZEN, SECRET, NAMES, DRAWN = "frozen.json", "secret.json", "names.json", "drawn.json"
OURS_ALONE = 0o600  # mode of what only the one who froze may read
FORMULA = ("=", "+", "-", "@")  # a cell that begins so is run by a spreadsheet
ROWS_AT_ONCE = 50_000
NO_CHANCE = 1e-9  # a bound below it is none
MOST_BYTES = 1024 * 1024 * 1024
Say = Callable[[str], None]
EXACT = {
    "leximin": _("Chances as equal as the quotas allow (leximin) were found, and whole panels can give them."),
    "maximin": _("The greatest least chance under the quotas (maximin) was found, and whole panels can give it."),
    "nash": _("The greatest product of chances under the quotas (Nash) was found, and whole panels can give it."),
}


@dataclass(frozen=True, slots=True)
class Named:
    """Whose pseudonym is whose, and their features: both in order of pseudonym. It does not leave the office."""

    ids: list[str]
    features: dict[str, list[str]]


def draw(*, seed: str, out: Path, say: Say, salt: str, **asked: Any) -> None:
    """Draw at once under a seed, and write four files into ``out``; ``asked`` as in ``_prepared``."""
    _refuse_used(out)
    _refuse_empty(seed)
    frozen, named = _prepared(out=out, say=say, salt=salt, **asked)
    _draw(frozen, named, secret="", seed=seed, out=out, say=say)
    if not salt:
        say_in_words(say, _("No --salt was given: whoever guesses an id can find its row in the certificate."))
    template = _(
        "This was a draw in one step: it proves the arithmetic, and not that nobody tried other seeds or salts before. "
        "To prove that too, leave out --seed: that freezes the draw first."
    )
    say_in_words(say, template)


def freeze(*, source: str, out: Path, say: Say, salt: str, **asked: Any) -> None:
    """Write into ``out`` what a draw starts from, and a secret that is committed to; the seed comes later."""
    _refuse_used(out)
    secret, salt = secrets.token_hex(32), salt or secrets.token_hex(32)
    commitment = certificate.commitment_of(secret)
    frozen, named = _prepared(out=out, say=say, salt=salt, commitment=commitment, source=source.strip(), **asked)
    hashes = certificate.hashes_of(frozen)
    names = b"".join(json_parts(asdict(named)))
    write_parts(out / NAMES, [names], mode=OURS_ALONE)
    kept = {"secret": secret, "salt": salt, "frozen": hashes["frozen"], "names": sha256(names).hexdigest()}
    write_parts(out / SECRET, json_parts(kept), mode=OURS_ALONE)
    write_parts(out / FROZEN, json_parts({"format": certificate.FORMAT, "frozen": frozen, "hashes": hashes}))
    for sentence in _about_frozen(out, hashes["frozen"], source.strip()):
        say(in_words(sentence))


def _about_frozen(out: Path, frozen_hash: str, source: str) -> Iterable[Text]:
    """What whoever froze a draw must do next."""
    yield Text(_("Frozen. Publish this hash now, before anybody can know the seed: {hash}"), {"hash": frozen_hash})
    if source:
        yield Text(_("Publish with it what the seed will be: {source}"), {"source": source})
    else:
        yield Text(_("No --source was given: publish with it which later public value the seed will be."))
    gaps = {"secret": SECRET, "names": NAMES, "frozen": FROZEN}
    template = _("Keep {secret} and {names} beside {frozen}, safe and to yourself: the draw needs both.")
    yield Text(template, gaps)
    template = _("Publish neither: with {secret} a result can be foreseen for every seed, and {names} holds the ids.")
    yield Text(template, gaps)
    template = _("When the value is known: kawasan draw --frozen {file} --seed TEXT --out {out}")
    yield Text(template, {"file": str(out / FROZEN), "out": str(out)})


def draw_frozen(*, frozen: Path, seed: str, out: Path, say: Say) -> None:
    """Draw from exactly what was frozen, with its secret and the public value; write three files into ``out``."""
    for folder in (frozen.parent, out):
        _refuse_drawn(folder)
    _refuse_empty(seed)
    found, kept, named = _kept(frozen)
    _mark(frozen.with_name(DRAWN), seed)
    out.mkdir(parents=True, exist_ok=True)
    if source := found["source"]:
        say_in_words(say, _("What the seed was to be: {source}"), source=source)
    _draw(found, named, secret=kept["secret"], seed=seed, out=out, say=say)
    say_in_words(say, _("Compare it with the hash that was published before, and the seed with its source."))


def _mark(path: Path, seed: str) -> None:
    """Say beside what was frozen under which seed it was drawn from; the same one may finish a broken draw."""
    said = {"public_value": seed.strip()}
    unread = _("{file} cannot be read ({why}); it says under which seed was drawn.")
    if path.exists() and read_json(path, unread) != said:
        template = _("{file} says that this was drawn from under another seed, and a draw happens once.")
        raise Refused(Text(template, {"file": str(path)}))
    write_parts(path, json_parts(said))


def _kept(path: Path) -> tuple[Frozen, dict[str, str], Named]:
    """What was frozen, and what was kept to oneself; refused when any of it was changed."""
    changed = Refused(
        Text(
            _("{file} is not what was frozen: it or a file beside it was changed. Bring the files of that day back."),
            {"file": str(path)},
        )
    )
    found, kept, names = (_loaded(path.with_name(name)) for name in (path.name, SECRET, NAMES))
    try:
        hashes = certificate.hashes_of(found["frozen"])
        named = Named(**names)
        wanted = {"frozen": hashes["frozen"], "names": sha256(b"".join(json_parts(names))).hexdigest()}
        is_whole = (
            set(found) == {"format", "frozen", "hashes"}
            and found["hashes"] == hashes
            and {name: kept[name] for name in wanted} == wanted
            and found["frozen"]["commitment"] == certificate.commitment_of(kept["secret"])
        )
    except (KeyError, TypeError, AttributeError):
        raise changed from None
    if not is_whole:
        raise changed
    return found["frozen"], kept, named


def _loaded(path: Path) -> Any:
    if not path.is_file():
        template = _("{file} is missing; put it back there: a draw from what was frozen needs it.")
        raise Refused(Text(template, {"file": str(path)}))
    return read_json(path, _("{file} is not a file of a frozen draw ({why}); bring the file of that day back."))


def _refuse_used(out: Path) -> None:
    """Nothing is frozen or drawn into a folder that holds either."""
    _refuse_drawn(out)
    if (out / FROZEN).exists():
        template = _("{out} holds what was frozen for a draw; draw from it with --frozen, or give a new folder.")
        raise Refused(Text(template, {"out": str(out)}))


def _refuse_drawn(out: Path) -> None:
    if (out / CERTIFICATE).exists():
        template = _("{out} holds a draw already, and a draw happens once; give a new folder.")
        raise Refused(Text(template, {"out": str(out)}))


def _refuse_empty(seed: str) -> None:
    if not seed.isprintable():
        raise Refused(Text(_("The seed has characters that cannot be shown; give it as plain text.")))
    if not seed.strip():
        raise Refused(
            Text(_("The seed is empty; give a text that nobody could choose, such as a day's closing index."))
        )


def _draw(frozen: Frozen, named: Named, *, secret: str, seed: str, out: Path, say: Say) -> None:
    with _errors_in_words():
        made = certificate.draw(frozen, secret=secret, public_value=seed.strip())
    _write(out, made, named)
    last = len(frozen["panels"]) - 1
    say_in_words(say, _("Panel {panel} was drawn; they are numbered from 0 to {last}."), panel=made["panel"], last=last)
    say_in_words(say, _("Hash of what was frozen: {hash}"), hash=made["hashes"]["frozen"])
    template = _(
        "{reserves} is the drawn order of those who wait. When somebody leaves, the next who keeps the quotas comes: "
        "kawasan call {certificate} --leaver ID"
    )
    say_in_words(say, template, reserves=RESERVES, certificate=CERTIFICATE)


def _prepared(
    *,
    features: Path,
    people: Path,
    columns: Columns,
    seats: int,
    most_per_household: int,
    aim: str,
    panels: int,
    salt: str,
    out: Path,
    say: Say,
    commitment: str = "",
    source: str = "",
) -> tuple[Frozen, Named]:
    """Make the chances of the people of one file under the quotas of another, say and write them."""
    quotas, pool = _read(features, people, columns)
    pseudonyms, rows = digests_in_order(pool.ids, "kawasan pseudonym 1", salt)
    order = np.array(rows)
    out.mkdir(parents=True, exist_ok=True)
    problem, weights = _problem(quotas, pool, order, seats=seats, most_per_household=most_per_household)
    certain = np.flatnonzero(np.array(pool.certain)[order]).tolist() if pool.certain else []
    say_in_words(
        say, _("{people} people, {seats} seats, {quotas} quotas."), people=len(order), seats=seats, quotas=len(quotas)
    )
    for sentence in _about_quotas(quotas, problem):
        say(in_words(sentence))
    with _errors_in_words():
        drawn = _lottery(problem, quotas, weights, certain, aim=aim, panels=panels)
    for sentence in _about(drawn, weights, aim=aim):
        say(in_words(sentence))
    named = _named(pool, order)
    _write_chances(out, drawn, named.ids, pseudonyms)
    frozen = certificate.freeze(
        problem,
        drawn,
        pseudonyms=pseudonyms,
        names=[(quota.feature, quota.value) for quota in quotas],
        code=f"kawasan {version('kawasan')}, {aim}",
        commitment=commitment,
        source=source,
    ) | _excepted([pseudonyms[row] for row in certain], columns.certain)
    return frozen, named


@contextmanager
def _errors_in_words() -> Iterator[None]:
    """Say what to do when the engine has no answer."""
    try:
        yield
    except EngineError as error:
        template = _(
            "No chances were found that could be trusted, so nothing was drawn ({why}). Try another --aim or wider "
            "quotas; if that does not help, send features, people without names and this sentence to who maintains it."
        )
        raise Refused(Text(template, {"why": str(error).rstrip(".")})) from None


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found of a certificate; if every claim holds, the hash that its papers carry, and what was reached."""

    checks: tuple[Check, ...]
    hash: str = ""
    is_committed: bool = False  # a secret was, before the draw
    fairness: tuple[Text, ...] = ()
    source: str = ""  # where the public value comes from
    value: str = ""  # the public value, once there is one
    is_fair: bool = True  # False where the chances, made again, are not those that the pool and the rules give


def verify(*, path: Path, again: bool = False) -> Verified:
    """Check every claim of a certificate, and whether its chances come of its pool and rules when made ``again``."""
    found = read_json(path, _("{file} is not a certificate ({why}); give the file certificate.json of a draw."))
    checks = certificate.verify(found)
    if not all(check.holds for check in checks):
        return Verified(checks)
    frozen = found["frozen"]
    is_committed, fairness = bool(frozen["commitment"]), tuple(_reached(frozen))
    made = _again(frozen) if again else None
    return Verified(
        checks,
        certificate.hash_as_drawn(found),
        is_committed,
        (*fairness, *(_made_again(made, len(frozen["panels"])) if made else ())),
        frozen["source"],
        found.get("public_value", ""),
        is_fair=made is None or made.is_fair(len(frozen["panels"])),
    )


def _again(frozen: Frozen) -> Recomputed:
    with _errors_in_words():
        return recompute(frozen)


def _made_again(made: Recomputed, panels: int) -> Iterable[Text]:
    """What came of making the chances again."""
    yield Text(_("What the chances were made to be: {aim}; leximin is the fairest."), {"aim": made.aim})
    if not made.is_same_bound:
        template = _("Made again from the pool and the rules, somebody's bound differs by {points} percentage points.")
        yield Text(template, {"points": round(100 * made.bound_apart, 2)})
    elif made.same_panels:
        yield Text(_("Made again from the pool and the rules, the bounds and the list of panels are the same."))
    else:
        template = _(
            "Made again from the pool and the rules, the bounds are the same and the list is another one, as another "
            "version may make it; in the file's list nobody has more than {points} percentage points above the bound."
        )
        yield Text(template, {"points": round(100 * max(made.favoured, 0.0), 2)})


def _reached(frozen: Frozen) -> Iterable[Text]:
    yield from not_reached(frozen["reached"], frozen["least"])
    template = _("The list of panels gives everybody at least {part} % of the proven bound on their chance.")
    yield Text(template, {"part": math.floor(1000 * certificate.part_of_bound(frozen)) / 10})
    template = _("In it nobody has more than {points} percentage points above that bound.")
    yield Text(template, {"points": math.ceil(max(certificate.most_above_bound(frozen), 0) / 10**5) / 100})


def read_json(path: Path, otherwise: str) -> Any:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("> 1 GB")
        return read(path.read_bytes())
    except ValueError as error:
        raise Refused(Text(otherwise, {"file": path.name, "why": str(error)[:200]})) from None


def say_in_words(say: Say, template: str, **gaps: Any) -> None:
    say(in_words(Text(template, gaps)))


def _read(features: Path, people: Path, columns: Columns) -> tuple[list[QuotaRow], PoolRows]:
    quotas, faults = read_quotas(features)
    _refuse(faults)
    pool, faults = read_people(people, columns, quotas)
    _refuse(faults)
    _refuse(values_nobody_has(features, quotas, pool))
    return quotas, pool


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise Refused(*sentences(faults))


def _problem(
    quotas: Sequence[QuotaRow], pool: PoolRows, order: NDArray[np.int64], *, seats: int, most_per_household: int
) -> tuple[lottery.Problem, NDArray[np.int64]]:
    """The people in order of pseudonym, so that the order of their rows does not matter; a feature for each quota."""
    problem = lottery.Problem(
        features=np.column_stack([_counted(quota, pool)[order] for quota in quotas]).astype(np.int8),
        quotas=[lottery.Quota(number, 1, quota.least, quota.most) for number, quota in enumerate(quotas)],
        seats=seats,
        households=_households([pool.households[row] for row in order]) if pool.households else np.arange(len(order)),
        most_per_household=most_per_household,
    )
    return problem, np.array(pool.weights)[order] if pool.weights else np.ones(len(order), dtype=np.int64)


def _named(pool: PoolRows, order: NDArray[np.int64]) -> Named:
    labels = {name: np.array(list(values), dtype=object) for name, values in pool.values.items()}
    features = {name: labels[name][np.array(pool.features[name])[order]].tolist() for name in pool.features}
    return Named([pool.ids[row] for row in order], features)


def _excepted(certain: Sequence[str], column: str) -> Frozen:
    """Who is guaranteed a seat, and why; the same in every language, since the certificate's hash binds it."""
    rows = [[name, "guaranteed", f"column {column} of the people's file"] for name in certain]
    return {"exceptions": rows} if rows else {}


def _counted(quota: QuotaRow, pool: PoolRows) -> NDArray[np.bool_]:
    """Who counts towards a quota, in the order of the file."""
    each = [np.array(pool.features[name]) == pool.values[name].get(value, -1) for name, value in quota.parts]
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
        is_smallest=found.is_smallest,
        relaxation=[bound(change.quota, change.least, change.most) for change in found.relaxation],
        seats=problem.seats,
        most_seats=found.most_seats,
        most_per_household=problem.most_per_household if problem.has_large_household else None,
    )


def _about_quotas(quotas: Sequence[QuotaRow], problem: lottery.Problem) -> Iterable[Text]:
    for quota, people in zip(quotas, problem.features.sum(axis=0).tolist(), strict=True):
        if not people:
            gaps = {"feature": quota.feature, "value": quota.value}
            yield Text(_("Nobody has “{value}” of “{feature}”: that quota binds nothing."), gaps)


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
    yield from _about_least(drawn, chances / weights, drawn.bound[drawn.cells.cell] / weights)
    impossible = drawn.bound[drawn.cells.cell] <= NO_CHANCE
    none, short = int(impossible.sum()), int(((chances == 0) & ~impossible).sum())
    sure = int((chances == 1).sum())
    if short:
        template = _("People who stand in no panel of so short a list: {short}; a longer one (--panels) seats them.")
        yield Text(template, {"short": short})
    if none:
        yield Text(
            _("People with no chance, by a quota or their household: {none}; chances.csv says who."), {"none": none}
        )
    if sure:
        yield Text(_("People certain of a seat: {sure}; chances.csv says who."), {"sure": sure})


def _about_least(drawn: Lottery, chances: NDArray[np.float64], bound: NDArray[np.float64]) -> Iterable[Text]:
    """How near the list comes to the least chance that is possible, of those for whom one is."""
    possible = bound > NO_CHANCE
    gaps = {
        "part": _percent(chances[possible].min() / bound[possible].min()),
        "panels": len(drawn.panels),
        "least": _percent(drawn.chances[drawn.cells.cell][possible].min()),
    }
    if possible.all():
        yield Text(_("In the list (panels: {panels}) the least chance is {part} of that."), gaps)
    else:
        template = _(
            "In the list (panels: {panels}) the least chance of those who have one is {least}: {part} of the bound."
        )
        yield Text(template, gaps)


def _percent(part: float) -> str:
    return percent(part, 2)


def _write_chances(out: Path, drawn: Lottery, ids: Sequence[str], pseudonyms: Sequence[str]) -> None:
    counts = drawn.panels.sum(axis=0).tolist()
    of = [len(drawn.panels) * size for size in drawn.cells.size.astype(int).tolist()]
    bounds = drawn.bound.tolist()
    chances = [f"{n},{all_},{n / all_:.6f},{bound:.6f}" for n, all_, bound in zip(counts, of, bounds, strict=True)]
    rows = zip(map(_cell, ids), pseudonyms, map(chances.__getitem__, drawn.cells.cell.tolist()), strict=True)
    write_parts(out / CHANCES, _csv(["id", "pseudonym", "count", "of", "chance", "bound"], rows), mode=OURS_ALONE)


def _write(out: Path, made: Certificate, named: Named) -> None:
    """The certificate comes last: where it is, everything is."""
    row = {pooled[0]: number for number, pooled in enumerate(made["frozen"]["pool"])}
    panel = (
        (_cell(named.ids[at]), name, *(_cell(labels[at]) for labels in named.features.values()))
        for at, name in ((row[name], name) for name in made["people"])
    )
    write_parts(out / PANEL, _csv(["id", "pseudonym", *map(_cell, named.features)], panel), mode=OURS_ALONE)
    own = map(named.ids.__getitem__, map(row.__getitem__, made["reserves"]))
    reserves = zip(map(str, count(1)), map(_cell, own), made["reserves"], strict=False)
    write_parts(out / RESERVES, _csv(["number", "id", "pseudonym"], reserves), mode=OURS_ALONE)
    write_parts(out / CERTIFICATE, json_parts(made))


def _cell(text: str) -> str:
    """A cell of a CSV file; what a spreadsheet would take for a formula is marked as text."""
    if text.isalnum():  # as nearly all are: the csv module would take three times as long for a million rows
        return text
    marked = f"'{text}" if text.startswith(FORMULA) else text
    return '"{}"'.format(marked.replace('"', '""')) if {*marked} & {*',"\r\n'} else marked


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The bytes of a CSV file, some thousand rows at once."""
    rest = iter(rows)
    taken = [header]
    while taken:
        yield "".join([",".join(row) + "\r\n" for row in taken]).encode()
        taken = list(islice(rest, ROWS_AT_ONCE))


def json_parts(document: dict[str, Any]) -> Iterator[bytes]:
    """A document without white space, and a line's end; by parts, for a pool may fill a hundred megabytes."""
    yield from _parts_of_json(document)
    yield b"\n"


def _parts_of_json(value: Any, depth: int = 2) -> Iterator[bytes]:
    if not depth or not isinstance(value, dict):
        yield json.dumps(value, separators=(",", ":"), check_circular=False).encode()
        return
    for number, (key, part) in enumerate(value.items()):
        yield f"{',' if number else '{'}{json.dumps(key)}:".encode()
        yield from _parts_of_json(part, depth - 1)
    yield b"}" if value else b"{}"
