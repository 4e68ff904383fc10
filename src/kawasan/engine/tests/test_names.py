import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawasan.engine.names import comparable, plain_words, sound


def keys(*names: str) -> set[str]:
    return set(comparable(pl.Series(names, dtype=pl.String)).key)


@pytest.mark.parametrize(
    "names",
    [
        ("Muhammad Rizki", "Moh. Rizki", "M. Rizki", "Mhd. Rizky", "M.Riski", "Mochammad Rizqi", "Rizki"),
        ("H. Rusli Effendi, S.E.", "Rusli Efendi", "Drs. H. Rusli Effendi, M.M.", "RUSLI EFFENDI S.E."),
        ("Hj. Zubaidah, S.Pd., M.M.", "Zubaidah", "Dra. Hj. ZUBAIDAH"),
        ("Soeharto", "Suharto"),
        ("Djoko Tjahjono", "Joko Cahyono"),
        ("Joesoef", "Yusuf", "Yusup", "Jusuf"),
        ("Njoman Soekarno", "Sukarno Nyoman"),
        ("Achmad Chairul", "Akhmad Khairul", "Ahmad Khoirul"),
        ("Siti Rohanah", "Siti Rohana", "Rohana St."),
        ("Nur'aini", "Nur’aini", "Nuraini"),
    ],
)
def test_one_name_written_in_several_ways_has_one_key(names: tuple[str, ...]):
    assert len(keys(*names)) == 1


@pytest.mark.parametrize(
    "names", [("Hasan", "Husein"), ("Rina", "Rini"), ("Abdul Rahman", "Abdul Rahim"), ("Dewi", "Desi")]
)
def test_different_names_keep_different_keys(names: tuple[str, str]):
    assert len(keys(*names)) == 2


def test_somebody_who_is_called_muhammad_alone_keeps_the_name():
    assert keys("Muhammad", "Moh.") == {"muhamad"}


def test_a_word_parted_in_two_joins_to_the_same():
    joined = comparable(pl.Series(["Nur Aini Permata", "Nuraini Permata"])).joined
    assert joined[0] == joined[1]


def test_what_is_no_name_has_no_key():
    found = comparable(pl.Series(["", None, " "], dtype=pl.String))
    assert list(found.key) == list(found.first) == ["", "", ""]


def test_no_names_at_all_are_no_fault():
    assert len(comparable(pl.Series([], dtype=pl.String)).key) == 0


def test_a_title_and_a_degree_are_no_words():
    assert (plain_words("hj."), plain_words("s.pd."), plain_words("m.rizki")) == ((), (), ("muhammad", "rizki"))


@given(st.lists(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=9), min_size=1, max_size=4))
def test_the_order_of_words_changes_no_key(words: list[str]):
    assert len(keys(" ".join(words), " ".join(reversed(words)))) == 1


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12))
def test_sound_never_makes_a_word_of_nothing(word: str):
    assert sound(word)
