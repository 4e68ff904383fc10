"""What a programme folder must satisfy as a whole before it can run."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from kawasan.applicants.rules import reasons_bad_comparison, reasons_bad_value, reasons_no_settings, reasons_rules_clash
from kawasan.areas.rules import reasons_unit_does_not_fit
from kawasan.core.text import Labelled, Text, _
from kawasan.programmes.rules import (
    AND,
    counts_among,
    parts_of,
    reasons_bands_incomplete,
    reasons_fields_do_not_fit,
)
from kawasan.selection.rules import AGE_GROUPS, OTHER_AGE, is_pair
from kawasan.value_chain.rules import reasons_no_skill, reasons_steps_do_not_fall, reasons_unknown_kbli

Row = Mapping[str, Any]
Values = Callable[[str], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why tables, each good in itself, do not make a programme, and what to change."""

    table: str
    position: int
    column: str
    text: Text


def misfits(values: Values, faulty: Set[str]) -> list[Misfit]:
    """Every misfit among the tables that have no fault; on the others nothing can be said yet."""
    return [found for rule, tables in RULES if not tables & faulty for found in rule(values)]


def misfits_within(values: Values, table: str, entered: Set[str]) -> list[Misfit]:
    """Every misfit of one table's rows, among themselves or with those of the other tables that are ``entered``."""
    return [found for rule, tables in RULES if table in tables and tables <= entered for found in rule(values)]


def _field_misfits(values: Values) -> Iterator[Misfit]:
    fields = [(row["least_seats"], row["most_seats"]) for row in values("fields")]
    for text in reasons_fields_do_not_fit(values("programme")[0]["seats"], fields):
        yield Misfit("programme", 0, "seats", text)


def _band_misfits(values: Values) -> Iterator[Misfit]:
    for text in reasons_bands_incomplete([row["least_score"] for row in values("need_bands")]):
        yield Misfit("need_bands", 0, "least_score", text)


SETTINGS = ("issued_on", "valid_from", "least_group", "most_group", "days_to_object", "poverty_line_idr")


def _rule_set_misfits(values: Values) -> Iterator[Misfit]:
    for position, row in enumerate(values("rule_sets")):
        weights = sum(value for name, value in row.items() if name.startswith("weight_"))
        if weights != 100:
            text = Text(
                _("Rule set {number}: the weights of need add up to {sum}; make them 100."),
                {"number": row["number"], "sum": weights},
            )
            yield Misfit("rule_sets", position, "weight_income", text)
        for reason in reasons_no_settings(**{name: row[name] for name in SETTINGS}):
            text = Text(_("Rule set {number}: {reason}"), {"number": row["number"], "reason": reason})
            yield Misfit("rule_sets", position, "number", text)


@dataclass(slots=True)
class RuleRow:
    """A rule of a folder."""

    field: str
    comparison: str
    value: str
    reason: str = ""
    reason_en: str = ""
    source: str = ""


def _rule_misfits(values: Values) -> Iterator[Misfit]:
    """Rules that do not hold together in themselves or with others of their rule set."""
    good: dict[str, list[tuple[int, RuleRow]]] = defaultdict(list)
    for position, row in enumerate(values("rules")):
        wrong = list(_rule_faults(row))
        yield from (Misfit("rules", position, column, text) for column, text in wrong)
        if not wrong:
            good[row["rule_set"]].append((position, RuleRow(row["field"], row["comparison"], row["value"])))
    for found in good.values():
        for text in reasons_rules_clash([rule for _position, rule in found]):
            yield Misfit("rules", found[-1][0], "value", text)


def _rule_faults(row: Row) -> Iterator[tuple[str, Text]]:
    """What is wrong with one rule, by column."""
    if reasons := reasons_bad_comparison(row["field"], row["comparison"]):
        yield "comparison", reasons[0]
        return
    for text in reasons_bad_value(row["field"], row["comparison"], row["value"]):
        yield "value", text


def _empty_misfits(values: Values) -> Iterator[Misfit]:
    """A rule set without a rule lets everybody in, which nobody means."""
    ruled = {row["rule_set"] for row in values("rules")}
    for position, row in enumerate(values("rule_sets")):
        if row["number"] not in ruled:
            template = _("Rule set {number} has no row in rules.csv, so everybody would pass; write its rules there.")
            yield Misfit("rule_sets", position, "number", Text(template, {"number": row["number"]}))


def _ruled_place_misfits(values: Values) -> Iterator[Misfit]:
    """Places that rules name are the area or one of its places."""
    known = {row["code"] for row in values("places")} | {values("programme")[0]["area_code"]}
    for position, row in enumerate(values("rules")):
        if row["field"] == "place":
            for code in [code for code in row["value"].split() if code not in known]:
                template = _('"{code}" is not in places.csv; add it there or write a code that is')
                yield Misfit("rules", position, "value", Text(template, {"code": code}))


def _sum_misfits(values: Values) -> Iterator[Misfit]:
    seats, quotas = values("programme")[0]["seats"], values("quotas")
    for feature in sorted({row["feature"] for row in quotas}):
        positions = [i for i, row in enumerate(quotas) if row["feature"] == feature]
        least = sum(quotas[i]["least"] for i in positions)
        if least > seats:
            text = Text(
                _("The quotas for {feature} ask for at least {least} seats, but there are only {seats}; lower one."),
                {"feature": feature, "least": least, "seats": seats},
            )
            yield Misfit("quotas", positions[0], "least", text)


def _quota_misfits(values: Values) -> Iterator[Misfit]:
    quotas = [(position, row) for position, row in enumerate(values("quotas")) if _is_known_early(row["feature"])]
    among = {row["feature"] for _position, row in quotas}
    counts = Counter(counted for features in _people(values) for counted in counts_among(features, among))
    for position, row in quotas:
        available = counts[row["feature"], row["value"]]
        if available < row["least"]:
            text = Text(
                _("The quota {feature} {value} asks for at least {least} people, but {available} applied; lower it."),
                {"feature": row["feature"], "value": row["value"], "least": row["least"], "available": available},
            )
            yield Misfit("quotas", position, "least", text)


def _is_known_early(feature: str) -> bool:
    """Whether what it counts is known before need is assessed."""
    return "need_band" not in feature.split(AND)


def _pair_misfits(values: Values) -> Iterator[Misfit]:
    known = {
        "field": [row["code"] for row in values("fields")],
        "sex": ["female", "male"],
        "district": [row["code"] for row in values("places") if row["level"] == "district"],
        "age_group": [*(f"{least}-{most}" for least, most in AGE_GROUPS), OTHER_AGE],
        "need_band": [row["code"] for row in values("need_bands")],
        "disability": ["yes", "no"],
    }
    for position, row in enumerate(values("quotas")):
        if AND in row["feature"] and not is_pair(row["feature"], row["value"]):
            text = Text(_("A quota on two features has two values, joined by “ & ”, not {value}."), row)
            yield Misfit("quotas", position, "value", text)
        elif AND in row["feature"]:
            for feature, value in parts_of(row["feature"], row["value"]):
                if value not in known[feature]:
                    gaps = {"feature": feature, "value": value, "known": ", ".join(known[feature])[:300]}
                    template = _("“{value}” of “{feature}” cannot occur; there are: {known}")
                    yield Misfit("quotas", position, "value", Text(template, gaps))


def _unit_misfits(values: Values) -> Iterator[Misfit]:
    kinds = {row["code"]: row for row in values("resource_kinds")}
    for position, row in enumerate(values("resources")):
        kind = kinds[row["kind"]]
        for text in reasons_unit_does_not_fit(row["unit"], kind["name"], kind["unit"]):
            yield Misfit("resources", position, "unit", text)


def _skill_misfits(values: Values) -> Iterator[Misfit]:
    kinds = {row["code"]: row for row in values("resource_kinds")}
    for position, row in enumerate(values("activity_skills")):
        kind = kinds[row["kind"]]
        for text in reasons_no_skill(kind["name"], kind["capital"]):
            yield Misfit("activity_skills", position, "kind", text)


def _people(values: Values) -> Iterator[dict[str, str]]:
    """What is known of each applicant before need is assessed."""
    district = {row["code"]: row["parent"] for row in values("places")}
    persons = {row["code"]: row for row in values("persons")}
    for applicant in values("applicants"):
        person = persons[applicant["person"]]
        yield {
            "field": applicant["field"],
            "sex": person["sex"],
            "district": district.get(person["place"]) or "",
            "disability": "yes" if person["disability"] else "no",
            "age_group": _age_group(person["birth_date"], applicant["applied_on"]),
        }


def _age_group(born: datetime.date | None, on: datetime.date) -> str:
    if born is None:
        return OTHER_AGE
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return next((f"{first}-{last}" for first, last in AGE_GROUPS if first <= age <= last), OTHER_AGE)


def _market_misfits(values: Values) -> Iterator[Misfit]:
    markets: dict[tuple[str, str], list[int]] = defaultdict(list)
    rows = values("local_markets")
    for position, row in enumerate(rows):
        markets[row["commodity"], row["place"]].append(position)
    for positions in markets.values():
        for text in reasons_steps_do_not_fall([(rows[i]["step"], rows[i]["price_idr"]) for i in positions]):
            yield Misfit("local_markets", max(positions, key=lambda i: rows[i]["step"]), "price_idr", text)


def _kbli_misfits(values: Values) -> Iterator[Misfit]:
    """Enterprises with a code that its version does not know; of a version without codes there is nothing to know."""
    known = {(row["version"], row["code"]) for row in values("kbli_codes")}
    versions = {version for version, _code in known}
    for position, row in enumerate(values("enterprises")):
        if row["kbli_version"] not in versions:
            continue
        for text in reasons_unknown_kbli(row["kbli_version"], row["kbli_code"], known):
            yield Misfit("enterprises", position, "kbli_code", text)


RULES: tuple[tuple[Callable[[Values], Iterator[Misfit]], frozenset[str]], ...] = (
    (_field_misfits, frozenset({"programme", "fields"})),
    (_band_misfits, frozenset({"need_bands"})),
    (_rule_set_misfits, frozenset({"rule_sets"})),
    (_rule_misfits, frozenset({"rules"})),
    (_empty_misfits, frozenset({"rule_sets", "rules"})),
    (_ruled_place_misfits, frozenset({"programme", "places", "rules"})),
    (_sum_misfits, frozenset({"programme", "quotas"})),
    (_pair_misfits, frozenset({"quotas", "fields", "need_bands", "places"})),
    (_unit_misfits, frozenset({"resource_kinds", "resources"})),
    (_skill_misfits, frozenset({"resource_kinds", "activity_skills"})),
    (_quota_misfits, frozenset({"quotas", "fields", "need_bands", "places", "persons", "applicants"})),
    (_market_misfits, frozenset({"local_markets"})),
    (_kbli_misfits, frozenset({"kbli_codes", "enterprises"})),
)
"""Each rule with the tables that it reads."""


class IntakeState(Labelled):
    """Where an import of applicants stands."""

    BROUGHT = "brought", _("brought, not checked yet")
    CHECKED = "checked", _("checked, not stored yet")
    STORED = "stored", _("stored")
    UNDONE = "undone", _("undone")
    DISCARDED = "discarded", _("thrown away")


TO_STORE = (IntakeState.BROUGHT, IntakeState.CHECKED)


def reasons_not_undone(counts: Mapping[str, int]) -> list[Text]:
    """What has been done since with the rows of an import, so that they cannot vanish; by what, how many."""
    return [Text(USED[use], {"count": count}) for use, count in counts.items() if count]


USED = {
    "frozen": _("{count} of its applications are in the frozen pool of the draw."),
    "withdrawn": _("{count} of its applications were withdrawn, which must stay known."),
    "corrected": _("{count} of its applications were corrected by hand since."),
    "accounts": _("{count} of its people have an account that shows them their application."),
    "decided": _("About {count} pairs of its people somebody decided whether they are one person."),
    "others": _("{count} rows of later steps refer to its people."),
}
