"""Indonesian names made comparable: without titles and degrees, with one spelling, in one order.

Before 1972 (and in names to this day) *oe* was written for *u*, *dj* for *j*, *tj* for *c*, *j* for *y*, *sj* for *sy*
and *ch* for *kh*; Muhammad is shortened to M., Moh. or Mhd.; f, v and p, z and s, q and k are heard alike; a name may
be one word, and its words may come in another order. Two spellings of one name get one key; two names may share a key,
which is why a shared key is evidence only.

Source: Ejaan Van Ophuijsen (1901), Ejaan Soewandi (1947) and Ejaan Yang Disempurnakan (1972).
"""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

MUHAMMAD = "muhammad"


def _words(text: str) -> list[str]:
    return text.split()


MUHAMMADS = frozenset(
    _words(
        "muhammad mohammad muhamad mohamad mohammed muhammed mochamad mochammad muchamad muchammad mukhamad mukhammad "
        "mokhamad moch much moh mohd muh muhd mhd md m"
    )
)
SHORT = {"abd": "abdul", "abdoel": "abdul", "st": "siti", "sitti": "siti", "ach": "ahmad", "akh": "ahmad"}
TITLES = frozenset(
    _words("h hj haji hajah hajjah kh dr dra drs drg ir prof ust ustad ustadz ustaz sdr sdri bpk ibu alm")
)
DEGREES = frozenset(
    _words(
        "se sh st sp spd spdi sag ssos ssi skom skep skm sip ssn spt shut sei stp sikom amd amdkeb amkeb amk mm mt mh "
        "mpd msi mkom mkes mag msc mba ma ba bsc phd dr"
    )
)
SPELLINGS = (  # in this order; each is applied to what those before it left
    (r"^[ck]h|(?<=[aeiou])[ck]h(?=.)", "h"),  # Achmad, Akhmad; Chairul, Khairul
    (r"oe|oo", "u"),
    (r"oi", "ai"),  # Khoirul, Khairul
    (r"dj", "j"),
    (r"tj", "c"),
    (r"([tdsgbpck])h", r"\1"),
    (r"q", "k"),
    (r"y(?![aeiou])|ie", "i"),
    (r"y", "j"),
    (r"[fv]", "p"),
    (r"z", "s"),
    (r"x", "ks"),
    (r"(.)\1+", r"\1"),
    (r"(?<=.)h$", ""),
)
_SPELLINGS = tuple((re.compile(pattern), by) for pattern, by in SPELLINGS)


@dataclass(frozen=True, slots=True)
class Names:
    """Names made comparable, one row each; "" where there is no name.

    plain : polars String, n long, words as written, without titles, degrees, case, accents and marks
    key : polars String, n long, words by sound in the order of the alphabet, without Muhammad if others are left
    joined : polars String, n long, words by sound in the order written, without spaces and Muhammad
    first, last : polars String, n long, first and last word of ``key``
    """

    plain: pl.Series
    key: pl.Series
    joined: pl.Series
    first: pl.Series
    last: pl.Series


def sound(word: str) -> str:
    """Return a word of a name spelt as it sounds: ``Djoesoef`` and ``Yusup`` are one."""
    for pattern, by in _SPELLINGS:
        word = pattern.sub(by, word)
    return word


def plain_words(token: str) -> tuple[str, ...]:
    """Return the words of a piece of a name between two spaces; none of a title or a degree, two of ``M.Rizki``."""
    if "." in token.rstrip(".") and re.sub(r"\W", "", token) in DEGREES:
        return ()
    without_accents = "".join(c for c in unicodedata.normalize("NFKD", token) if not unicodedata.combining(c))
    return tuple(_written_out(word) for word in re.findall(r"\w+", without_accents) if word not in TITLES)


def comparable(names: pl.Series) -> Names:
    """Return ``names`` made comparable.

    Parameters
        names : polars String, n names as written; null or "" is no name
    Returns
        Names
    """
    pieces = _pieces(names).to_arrow()
    tokens = pc.dictionary_encode(pieces.values)
    words = [plain_words(token) for token in tokens.dictionary.to_pylist()]
    plain = _said(pieces, tokens, [" ".join(said) for said in words])
    sounds = _said(pieces, tokens, [" ".join(sound(word) for word in said if word != MUHAMMAD) for said in words])
    only = (sounds.list.len() == 0) & (plain.list.len() > 0)  # Muhammad is the whole name
    sounds = pl.select(pl.when(only).then([sound(MUHAMMAD)]).otherwise(sounds)).to_series()
    key = _in_order(sounds)
    return Names(
        plain=plain.list.join(" "),
        key=key.list.join(" "),
        joined=sounds.list.join(""),
        first=key.list.first().fill_null(""),
        last=key.list.last().fill_null(""),
    )


def _said(pieces: pa.LargeListArray, tokens: pa.DictionaryArray, said: list[str]) -> pl.Series:
    """The words that the pieces of each name stand for; a piece may be none, or two."""
    spoken = pa.array(said, pa.large_string()).take(tokens.indices)
    lists = pl.Series(pl.from_arrow(pa.LargeListArray.from_arrays(pieces.offsets, spoken)))
    if all(len(words.split()) == 1 for words in said):
        return lists
    return lists.list.join(" ").str.extract_all(r"\S+")


def _in_order(lists: pl.Series) -> pl.Series:
    """Each list in the order of the alphabet; polars' own sort of lists takes a hundred times as long."""
    arrow = lists.to_arrow()
    words = pc.dictionary_encode(arrow.values)
    rank = np.argsort(np.argsort(words.dictionary.to_numpy(zero_copy_only=False).astype(str)))
    rows = np.repeat(np.arange(len(lists)), np.diff(arrow.offsets.to_numpy()))
    order = np.lexsort((rank[words.indices.to_numpy()], rows))
    return pl.Series(pl.from_arrow(pa.LargeListArray.from_arrays(arrow.offsets, arrow.values.take(pa.array(order)))))


def _pieces(names: pl.Series) -> pl.Series:
    """The pieces between spaces, of what stands before the first comma: after it come degrees."""
    lower = names.str.to_lowercase().str.replace_all("['’`]", "")
    before = lower.fill_null("").str.splitn(",", 2).struct.field("field_0")
    return before.str.strip_chars().str.replace_all(r"\s+", " ").str.split(" ")


def _written_out(word: str) -> str:
    return MUHAMMAD if word in MUHAMMADS else SHORT.get(word, word)
