from hashlib import sha256
from itertools import count
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawasan.engine.errors import InvalidInputError
from kawasan.engine.randomness import HASH_VALUES, integer_below, order, seed_of


@st.composite
def pools(draw):
    identifiers = draw(st.lists(st.text(), unique=True, max_size=12))
    return [(identifier, draw(st.integers(1, 4))) for identifier in identifiers]


def test_the_seed_is_what_a_citizen_gets_from_sha256sum():
    # printf '%s' '14:kawasan seed 23:abc2:s311:2022-10-05!' | sha256sum
    expected = "75cde71a640abc9c5cd48f6e0794d9b25f37fa03038fa8cba77f73274f80069b"
    assert seed_of("abc", "s3", "2022-10-05!") == expected


@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1), st.text(min_size=1))
def test_different_pairs_never_give_the_same_seed(pool, public, other_pool, other_public):
    same_pair = (pool, public) == (other_pool, other_public)
    assert (seed_of(pool, "", public) == seed_of(other_pool, "", other_public)) == same_pair


def test_a_character_moved_from_one_text_to_the_other_changes_the_seed():
    assert len({seed_of("ab", "c", "d"), seed_of("a", "bc", "d"), seed_of("ab", "", "cd")}) == 3


@pytest.mark.parametrize("texts", [("", "secret", "value"), ("hash", "secret", "")])
def test_a_seed_needs_the_hash_and_the_value(texts):
    with pytest.raises(InvalidInputError):
        seed_of(*texts)


def test_people_stand_in_order_of_the_hash_of_their_ticket():
    # printf '%s' '16:kawasan ticket 14:seed3:Ani1:1' | sha256sum gives 2cc0…; Budi has f417…, Cici 16ed…
    assert order("seed", ["Ani", "Budi", "Cici"], [1, 1, 1]) == (2, 0, 1)


@given(pools(), st.text())
def test_the_order_agrees_with_all_tickets_sorted_by_an_own_hash(pool, seed):
    tickets = []
    for row, (identifier, held) in enumerate(pool):
        for number in range(1, held + 1):
            texts = ["kawasan ticket 1", seed, identifier, str(number)]
            encoded = b"".join(str(len(text.encode())).encode() + b":" + text.encode() for text in texts)
            tickets.append((sha256(encoded).hexdigest(), row))
    first_seen = dict.fromkeys(row for _, row in sorted(tickets))
    assert order(seed, *columns(pool)) == tuple(first_seen)


@given(pools(), st.text(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(pool, seed, random):
    shuffled = random.sample(pool, len(pool))
    drawn = [pool[row] for row in order(seed, *columns(pool))]
    assert [shuffled[row] for row in order(seed, *columns(shuffled))] == drawn


def test_the_first_place_is_won_in_proportion_to_tickets():
    tickets = [1, 2, 3]
    draws = 6000
    wins = [0, 0, 0]
    for number in range(draws):
        wins[order(f"seed {number}", ["Ani", "Budi", "Cici"], tickets)[0]] += 1
    for won, held in zip(wins, tickets, strict=True):
        chance = held / 6
        standard_error = sqrt(chance * (1 - chance) / draws)  # at most 0.0065
        assert abs(won / draws - chance) < 4 * standard_error


def test_the_second_place_is_won_in_proportion_among_the_others():
    draws = 6000
    # Ani then Budi: 1/6 · 2/5; Cici then Budi: 3/6 · 2/3.
    chance = 1 / 6 * 2 / 5 + 3 / 6 * 2 / 3
    won = sum(order(f"seed {number}", ["Ani", "Budi", "Cici"], [1, 2, 3])[1] == 1 for number in range(draws))
    standard_error = sqrt(chance * (1 - chance) / draws)  # 0.0063
    assert abs(won / draws - chance) < 4 * standard_error


@pytest.mark.parametrize(
    ("identifiers", "tickets"),
    [(["Ani", "Ani"], [1, 1]), (["Ani"], [0]), (["Ani", "Budi"], [1])],
    ids=["repeated identifier", "no ticket", "lengths differ"],
)
def test_a_pool_that_is_not_well_formed_is_refused(identifiers, tickets):
    with pytest.raises(InvalidInputError):
        order("seed", identifiers, tickets)


@given(st.text(), st.text(), st.integers(1, HASH_VALUES))
def test_a_number_lies_below_its_bound(seed, label, bound):
    assert 0 <= integer_below(seed, label, bound) < bound


@pytest.mark.parametrize("bound", [6, 2**255 + 1])  # the second rejects nearly half of all hashes
def test_a_number_agrees_with_an_own_rejection_loop(bound):
    for trial in range(40):
        label = f"trial {trial}"
        for counter in count():
            texts = f"16:kawasan number 14:seed{len(label)}:{label}{len(str(counter))}:{counter}"
            value = int(sha256(texts.encode()).hexdigest(), 16)
            if value // bound < 2**256 // bound:
                break
        assert integer_below("seed", label, bound) == value % bound


def test_every_number_is_equally_likely():
    draws, bound = 6000, 5
    drawn = [integer_below("seed", str(number), bound) for number in range(draws)]
    standard_error = sqrt(1 / bound * (1 - 1 / bound) / draws)  # 0.0052
    for number in range(bound):
        assert abs(drawn.count(number) / draws - 1 / bound) < 4 * standard_error


@pytest.mark.parametrize("bound", [0, -1, HASH_VALUES + 1])
def test_a_bound_outside_the_hash_is_refused(bound):
    with pytest.raises(InvalidInputError):
        integer_below("seed", "label", bound)


def columns(pool):
    return [identifier for identifier, _ in pool], [held for _, held in pool]
