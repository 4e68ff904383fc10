"""What pages and papers of the selection read."""

from kawasan.selection.queries.chances import Settled, chances, quota_rows_of, settled, settled_cells
from kawasan.selection.queries.decrees import SeatChange, changes_since, decree_lines, next_decree, reasons_no_decree
from kawasan.selection.queries.draws import (
    Undone,
    after_drawing,
    not_reached,
    overview,
    pool_people,
    published_exceptions,
    undone,
)
from kawasan.selection.queries.pool import Candidate, candidates, count_excepted, exceptions, undecided
from kawasan.selection.queries.quotas import (
    QuotaChoice,
    QuotaRow,
    planned_seats,
    populations,
    quota_choices,
    quota_rows,
    quota_state,
    quota_values,
    quotas,
    value_label,
    value_names,
)
from kawasan.selection.queries.seats import Announced, announced, passed_over, seat_counts, seats_matching

__all__ = [
    "Announced",
    "Candidate",
    "QuotaChoice",
    "QuotaRow",
    "SeatChange",
    "Settled",
    "Undone",
    "after_drawing",
    "announced",
    "candidates",
    "chances",
    "changes_since",
    "count_excepted",
    "decree_lines",
    "exceptions",
    "next_decree",
    "not_reached",
    "overview",
    "passed_over",
    "planned_seats",
    "pool_people",
    "populations",
    "published_exceptions",
    "quota_choices",
    "quota_rows",
    "quota_rows_of",
    "quota_state",
    "quota_values",
    "quotas",
    "reasons_no_decree",
    "seat_counts",
    "seats_matching",
    "settled",
    "settled_cells",
    "undecided",
    "undone",
    "value_label",
    "value_names",
]
