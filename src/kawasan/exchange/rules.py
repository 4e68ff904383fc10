"""What a programme folder must satisfy as a whole before it can run."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kawasan.core.text import Text, _
from kawasan.programmes.rules import reasons_bands_incomplete, reasons_fields_do_not_fit

Row = Mapping[str, Any]
Values = Callable[[str], list[dict[str, Any]]]


def reasons_programme_cannot_run(values: Values) -> list[Text]:
    """Every reason why the tables, each good in itself, do not make a programme."""
    programme = values("programme")[0]
    fields = [(row["least_seats"], row["most_seats"]) for row in values("fields")]
    return [
        *reasons_fields_do_not_fit(programme["seats"], fields),
        *reasons_bands_incomplete([row["least_score"] for row in values("need_bands")]),
        *_rule_set_reasons(values("rule_sets")),
        *_quota_reasons(programme["seats"], values),
    ]


def _rule_set_reasons(rule_sets: list[dict[str, Any]]) -> Iterator[Text]:
    for row in rule_sets:
        weights = sum(value for name, value in row.items() if name.startswith("weight_"))
        if row["least_age"] > row["most_age"]:
            yield Text(
                _("Rule set {number}: the least age {least} is above the most age {most}."),
                {"number": row["number"], "least": row["least_age"], "most": row["most_age"]},
            )
        if weights != 100:
            yield Text(
                _("Rule set {number}: the weights of need add up to {sum}; make them 100."),
                {"number": row["number"], "sum": weights},
            )
        if row["least_group"] > row["most_group"]:
            yield Text(
                _("Rule set {number}: a group has at least {least} but at most {most} members."),
                {"number": row["number"], "least": row["least_group"], "most": row["most_group"]},
            )


def _quota_reasons(seats: int, values: Values) -> Iterator[Text]:
    quotas = values("quotas")
    for feature in sorted({row["feature"] for row in quotas}):
        least = sum(row["least"] for row in quotas if row["feature"] == feature)
        if least > seats:
            yield Text(
                _("The quotas for {feature} ask for at least {least} seats, but there are only {seats}; lower one."),
                {"feature": feature, "least": least, "seats": seats},
            )
    counts = _counts(values)
    for row in quotas:
        available = counts.get((row["feature"], row["value"]), 0)
        if row["feature"] != "need_band" and available < row["least"]:
            yield Text(
                _("The quota {feature} {value} asks for at least {least} people, but {available} applied; lower it."),
                {"feature": row["feature"], "value": row["value"], "least": row["least"], "available": available},
            )


def _counts(values: Values) -> Counter[tuple[str, str]]:
    """How many applicants have each value of each feature that is known before need is assessed."""
    district = {row["code"]: row["parent"] for row in values("places")}
    persons = {row["code"]: row for row in values("persons")}
    counts: Counter[tuple[str, str]] = Counter()
    for applicant in values("applicants"):
        person = persons[applicant["person"]]
        counts["field", applicant["field"]] += 1
        counts["sex", person["sex"]] += 1
        counts["district", district.get(person["place"]) or ""] += 1
        counts["disability", "yes" if person["disability"] else "no"] += 1
        counts["age_group", _age_group(person["birth_date"], applicant["applied_on"])] += 1
    return counts


def _age_group(born: datetime.date | None, on: datetime.date) -> str:
    if born is None:
        return ""
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    groups = ((17, 24), (25, 34), (35, 44), (45, 55))
    return next((f"{first}-{last}" for first, last in groups if first <= age <= last), "")
