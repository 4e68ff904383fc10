"""Which applications may be one person: what of Indonesian identity and address data is compared, and its chances.

The chances are stored, so that a run estimates nothing and gives every office the same weights;
docs/methods/linkage_people.md says what they rest on.

What a household shares – phone, address, mother, family card – is one piece of evidence and not four: twins share all
of it and their birthday. So it counts only where names and birth dates come near; else it is expected and says nothing.
Two NIK of one registry and one birthday with different serials and different names are those of twins, however alike
the names: then neither household nor birthday counts.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from kawasan.engine.errors import InvalidInputError
from kawasan.engine.linkage import Comparison, Level, Model, Pairs, find_pairs
from kawasan.engine.names import comparable

DUPLICATE_RATE = 0.02  # share of applications that are somebody's second
RESTS_ON = 20_000  # rows
MANY = 200_000  # rows from which a common name and a birthday alone say too little to be looked at
GREATEST_PRIOR = 0.01
WOMEN_ADD_TO_DAY = 40  # in a NIK, to the day of birth
GIVEN = (
    "name",
    "birth_date",
    "sex",
    "nik",
    "family_card",
    "mother_name",
    "phone",
    "address",
    "account",
    "device",
)


def _within(column: str, slips: int) -> str:
    """So many other, added or lost characters; of equal lengths counted place by place, thirty times as fast."""
    one, other = f"{column}_l", f"{column}_r"
    lengths = f"length({one}) = length({other})"
    apart = f"case when {lengths} then hamming({one}, {other}) else levenshtein({one}, {other}) end"
    return f"({apart} <= {slips})"


SAME_NAME = "(key_l = key_r or joined_l = joined_r)"
ALIKE = "jaro_winkler_similarity(joined_l, joined_r)"
ONE_OFF = "levenshtein(joined_l, joined_r) <= 1"
SLIP = f"(case when {ALIKE} < 0.85 then false when {ALIKE} >= 0.96 then true else {ONE_OFF} end)"
WORDS = ("string_split(key_l, ' ')", "string_split(key_r, ' ')")
PART = "(list_has_all({0}, {1}) or list_has_all({1}, {0}))".format(*WORDS)
COMMON_WORD = "list_has_any({}, {})".format(*WORDS)
TWINS = f"(registry_l = registry_r and right(nik_l, 4) <> right(nik_r, 4) and not {SAME_NAME})"
UNKNOWN_DAY = "right({}, 5) = '01-01'"  # written when only the year is known
SAME_DAY = "birth_date_l = birth_date_r"
SAME_YEAR = "left(birth_date_l, 4) = left(birth_date_r, 4)"
ONE_UNKNOWN = f"({SAME_YEAR} and ({UNKNOWN_DAY.format('birth_date_l')} or {UNKNOWN_DAY.format('birth_date_r')}))"
SWAPPED_DAY = (
    f"({SAME_YEAR} and substr(birth_date_l, 6, 2) = right(birth_date_r, 2) "
    "and right(birth_date_l, 2) = substr(birth_date_r, 6, 2))"
)
NEAR_DAY = f"({_within('birth_date', 1)} or {SWAPPED_DAY})"
BORN_NEAR = f"coalesce({SAME_DAY} or {ONE_UNKNOWN} or {NEAR_DAY}, true)"
CLOSE = f"(coalesce(not {TWINS}, true) and ({SAME_NAME} or (({SLIP} or {PART}) and {BORN_NEAR})))"
ONE_HOME = " or ".join(f"coalesce({c}_l = {c}_r, false)" for c in ("mother", "home", "phone", "family_card"))
SIBLINGS = f"({TWINS} or (not {CLOSE} and ({ONE_HOME})))"


def find_people(columns: Mapping[str, Sequence[str | None] | pl.Series], *, least: float) -> Pairs:
    """Return the pairs of rows that are one person with probability ``least`` or more.

    Parameters
        columns : of ``GIVEN`` whichever there are, ``name`` among them, n values each; None or "" is missing. Days as
            ISO dates, NIK and family card in digits, phones in one form
        least : in [0, 1]
    Returns
        Pairs
    Raises
        InvalidInputError : an unknown column, no ``name``, columns of unequal length
    """
    if unknown := set(columns) - set(GIVEN):
        raise InvalidInputError(f"unknown columns: {sorted(unknown)}")
    if "name" not in columns:
        raise InvalidInputError("people are compared by name at least")
    rows = len(columns["name"])
    return find_pairs(prepared(columns), people_model(rows), least=least)


def people_model(rows: int) -> Model:
    """Return the model for a table of so many rows; the more people, the less likely that two of them are one."""
    prior = min(GREATEST_PRIOR, 2 * DUPLICATE_RATE / max(rows - 1, 1))
    return Model(COMPARISONS, BLOCKING if rows > MANY else (*BLOCKING, *BROAD), prior, RESTS_ON)


def prepared(columns: Mapping[str, Sequence[str | None] | pl.Series]) -> dict[str, Any]:
    """Return the columns that ``COMPARISONS`` and ``BLOCKING`` speak of, "" made null."""
    rows = len(columns["name"])
    given = {name: _column(columns.get(name, [None] * rows)) for name in GIVEN}
    names, mothers = comparable(given["name"]), comparable(given["mother_name"])
    address = comparable(_plain_address(given["address"]))
    made = {
        **{name: given[name] for name in ("birth_date", "sex", "nik", "family_card", "phone", "account", "device")},
        **{name: getattr(names, name) for name in ("plain", "key", "joined", "first", "last")},
        "registry": _registry(given["nik"]),
        "mother": mothers.key,
        "mother_plain": mothers.plain,
        "home": address.plain,
    }
    return {name: _null_if_empty(column).to_arrow() for name, column in made.items()}


def _registry(nik: pl.Series) -> pl.Series:
    """Where and for which birthday a NIK was given out, men's and women's alike; null without sixteen digits."""
    digits = nik.str.extract(r"^(\d{16})$")
    day = digits.str.slice(6, 2).cast(pl.Int64) % WOMEN_ADD_TO_DAY
    return digits.str.slice(0, 6) + day.cast(pl.String).str.zfill(2) + digits.str.slice(8, 4)


def _column(values: Sequence[str | None] | pl.Series) -> pl.Series:
    return values if isinstance(values, pl.Series) else pl.Series(values, dtype=pl.String)


def _null_if_empty(column: pl.Series) -> pl.Series:
    return column if column.dtype != pl.String else pl.select(pl.when(column != "").then(column)).to_series()


def _plain_address(address: pl.Series) -> pl.Series:
    """Street and number alone: the words for street, lane and number are written in many ways."""
    lower = address.str.to_lowercase().str.replace_all(r"\bno(mor)?\b\.?|[.,/]", " ")
    return lower.str.replace_all(r"\b(jalan|jln|jl|gang|gg|lorong|lrg|rumah|kampung|kp)\b", " ")


def _missing(*columns: str) -> Level:
    return Level("missing", " or ".join(f"{c}_l is null or {c}_r is null" for c in columns), is_missing=True)


def _of_household(column: str, *levels: Level) -> Comparison:
    """Evidence that counts only where the names agree; a family shares it anyway."""
    shared = Level("of a household", f"not {CLOSE} and {column}_l = {column}_r", 0.5, 0.5)
    apart = Level("names differ", f"not {CLOSE}", 0.5, 0.5)
    return Comparison(column, (_missing(column), shared, apart, *levels))


COMPARISONS = (
    Comparison(
        "name",
        (
            _missing("key"),
            Level("same", "plain_l = plain_r", 0.62, 2e-4, rarity="plain"),
            Level("other spelling or order", SAME_NAME, 0.20, 3e-4, rarity="key"),
            Level("slip", SLIP, 0.10, 1e-3),
            Level("part of the other", PART, 0.06, 4e-3),
            Level("a word in common", COMMON_WORD, 0.01, 0.05),
            Level("other", "ELSE", 0.01, 0.945),
        ),
    ),
    Comparison(
        "birth_date",
        (
            _missing("birth_date"),
            Level("of twins", f"{SAME_DAY} and {SIBLINGS}", 0.5, 0.5),
            Level("same, 1 January", f"{SAME_DAY} and {UNKNOWN_DAY.format('birth_date_l')}", 0.04, 1e-3),
            Level("same", SAME_DAY, 0.82, 6e-5),
            Level("same year, one 1 January", ONE_UNKNOWN, 0.03, 2e-3),
            Level("slip or swapped", NEAR_DAY, 0.09, 2e-3),
            Level("other", "ELSE", 0.02, 0.995),
        ),
    ),
    Comparison(
        "sex", (_missing("sex"), Level("same", "sex_l = sex_r", 0.995, 0.5), Level("other", "ELSE", 0.005, 0.5))
    ),
    Comparison(
        "nik",
        (
            _missing("nik"),
            Level("same", "nik_l = nik_r", 0.80, 1e-6),
            Level("of twins", TWINS, 0.0002, 0.02),
            Level("slip", _within("nik", 2), 0.14, 1e-4),
            Level("other", "ELSE", 0.06, 0.98),
        ),
    ),
    _of_household(
        "phone",
        Level("same", "phone_l = phone_r", 0.55, 1e-5, rarity="phone"),
        Level("slip", _within("phone", 1), 0.05, 1e-4),
        Level("other", "ELSE", 0.40, 0.999),
    ),
    _of_household(
        "mother",
        Level("same", "mother_l = mother_r", 0.80, 5e-4, rarity="mother"),
        Level(
            "alike",
            "jaro_winkler_similarity(mother_plain_l, mother_plain_r) > 0.9 or mother_l[1:5] = mother_r[1:5]",
            0.14,
            0.01,
        ),
        Level("other", "ELSE", 0.06, 0.98),
    ),
    _of_household(
        "home",
        Level("same", "home_l = home_r", 0.50, 2e-4, rarity="home"),
        Level("alike", "jaro_winkler_similarity(home_l, home_r) > 0.92", 0.20, 0.01),
        Level("other", "ELSE", 0.30, 0.98),
    ),
    _of_household(
        "family_card",
        Level("same", "family_card_l = family_card_r", 0.60, 1e-5, rarity="family_card"),
        Level("other", "ELSE", 0.40, 0.999),
    ),
    _of_household(
        "account",
        Level("same", "account_l = account_r", 0.70, 1e-5, rarity="account"),
        Level("other", "ELSE", 0.30, 0.999),
    ),
    _of_household(
        "device",
        Level("same", "device_l = device_r", 0.50, 1e-4, rarity="device"),
        Level("other", "ELSE", 0.50, 0.999),
    ),
)

BLOCKING = (
    ("nik",),
    ("birth_date", "key"),
    ("birth_date", "mother"),
    ("birth_date", "home"),
    ("birth_date", "phone"),
    ("birth_date", "family_card"),
    ("birth_date", "left(nik, 6)", "left(first, 1)"),
    ("birth_date", "left(mother, 5)", "left(first, 1)"),
    ("birth_date", "left(home, 6)", "left(first, 1)"),
    ("phone", "first"),
    ("phone", "last"),
    ("key", "mother"),
    ("key", "home"),
    ("key", "left(nik, 8)"),
    ("key", "right(nik, 8)"),
    ("account",),
    ("device", "first"),
    ("family_card", "first"),
)
BROAD = (
    ("birth_date", "first"),
    ("birth_date", "last"),
    ("key", "left(birth_date, 4)"),
)  # tells more only where few are
