# ruff: noqa: INP001 - script of an example folder, not a package
"""Draw the sample whose living is verified and invent what was seen there. Same run, same files.

    kawasan run examples/pangkalpinang-2022
    python scripts/living.py        writes living_samples.csv and living_checks.csv

It reads the database that the run filled (KAWASAN_DATA), and leaves it with the sample.
"""

import csv
import datetime
import os
import random
from pathlib import Path
from typing import Any

import django

FOLDER = Path(__file__).parents[1]
SEED = "living 2022"
DRAWN_ON = datetime.date(2022, 9, 14)
PEOPLE = 90
LINE = 858_840  # rupiah per head and month, as in the rule set
EVIDENCE = (
    "Kunjungan ke rumah, keterangan istri",
    "Kunjungan ke rumah, slip gaji",
    "Kunjungan, keterangan ketua RT",
    "Kunjungan ke rumah, buku warung",
)
AWAY = ("Pindah, tidak ada yang tahu ke mana", "Tiga kali didatangi, rumah kosong")
ERRORS = (1, 1, 1, 1.1, 1.25, 0.9, 0.8)  # of stated income
UNSTATED = (600_000, 900_000, 1_400_000)  # rupiah a month that three in ten did not state
SAMPLE = ("code", "drawn_on", "seed", "line_idr")
CHECK = (
    "sample", "applicant", "stratum", "stratum_people", "household_size", "household_income_idr", "evidence", "why_not",
    "verified_on", "verified_by",
)  # fmt: skip


def main() -> None:
    from kawasan.applicants.services.targeting import draw_sample
    from kawasan.programmes.models import Programme

    programme = Programme.objects.get(code="pangkalpinang-2022")
    sample = programme.living_samples.first() or draw_sample(
        programme=programme, size=PEOPLE, line_idr=LINE, by=None, on=DRAWN_ON
    )
    randomness = random.Random(SEED)  # noqa: S311 - invented households
    checks = sample.checks.select_related("applicant").order_by("applicant__code")
    write("living_samples", SAMPLE, [[getattr(sample, column) for column in SAMPLE]])
    write("living_checks", CHECK, [seen(check, number, randomness) for number, check in enumerate(checks)])


def seen(check: Any, number: int, randomness: random.Random) -> list[Any]:
    """What somebody saw of a household; one in seventeen could not be found."""
    applicant, day = check.applicant, DRAWN_ON + datetime.timedelta(days=1 + number % 9)
    drawn = [check.sample.code, applicant.code, check.stratum, check.stratum_people]
    if randomness.random() < 1 / 17:
        return [*drawn, "", "", "", randomness.choice(AWAY), day, "Budi Santoso"]
    unstated = randomness.choice(UNSTATED) if randomness.random() < 0.3 else 0
    income = int(round(applicant.household_income_idr * randomness.choice(ERRORS) + unstated, -4))
    size = max(1, applicant.household_size + randomness.choice((0, 0, 0, 0, 0, 1, -1)))
    return [*drawn, size, income, randomness.choice(EVIDENCE), "", day, "Budi Santoso"]


def write(name: str, columns: tuple[str, ...], rows: list[list[Any]]) -> None:
    with (FOLDER / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file, lineterminator="\n")
        written.writerow(columns)
        written.writerows(rows)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kawasan.config.settings")
    django.setup()
    main()
