"""What a report about the whole programme says, section by section, as texts, tables and pictures of one language.

It names mentors and organisations, never applicants, and tells no refusal, reason or result of few people. Steps of the
assistance, quotas and groups are counted as they are: the draw, the decree and the work itself tell them.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kawasan.areas import charts as area_charts
from kawasan.core.language import date, in_words, number, percent, rupiah
from kawasan.market import charts as market_charts
from kawasan.outcomes import charts as outcome_charts
from kawasan.outcomes.queries import Section as Part
from kawasan.outcomes.rules import PARTICIPANTS, Indicator, Measure, OutcomeUnit, Reported, RoundStatus, Shown, Unit
from kawasan.programmes.models import Programme
from kawasan.reports.programme_facts import Jobs, facts, jobs, parts
from kawasan.reports.report_kinds import Section
from kawasan.value_chain import picture

FAMILY = "Libertinus Serif"  # of the document, which has no other
UNKNOWN = "–"
WITHHELD = "×"
Block = dict[str, Any]
Told = Mapping[str, Any]


def sections(programme: Programme, wanted: Sequence[Section], day: datetime.date) -> list[dict[str, Any]]:
    """The sections that have something to say."""
    told = facts(programme, day)
    made = [(section, TELLERS[section](told)) for section in wanted]
    return [{"title": in_words(section.label), "blocks": blocks} for section, blocks in made if blocks]


def _text(*paragraphs: str) -> Block:
    return {"kind": "text", "paragraphs": list(paragraphs)}


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], *, words: int = 1) -> Block:
    """A table, of which the first columns hold words and the others numbers."""
    return {"kind": "table", "head": list(head), "rows": [list(row) for row in rows], "words": words}


def _points(title: str, items: Sequence[str]) -> Block:
    return {"kind": "points", "title": title, "items": list(items)}


def _picture(svg: Any, caption: str, *, size: str = "wide") -> Block:
    """A picture as wide as the text, three fifths of it ("half") or on a leaf of its own ("page")."""
    if not svg:
        raise ValueError(f"There is nothing to draw under “{caption}”.")
    return {"kind": "picture", "svg": str(svg), "caption": caption, "size": size}


def _summary(told: Told) -> list[Block]:
    counts, programme = told["counts"], told["programme"]
    rows = [
        (_("Applicants"), number(counts["applicants"])),
        *([] if told["has_few_refused"] else [(_("Eligible"), number(counts["eligible"]))]),
        (_("Participants"), f"{number(counts['accepted'])} / {number(programme.seats)}"),
        (_("Groups"), number(counts["groups"])),
        (_("Visits of mentors"), number(counts["visits"])),
        (_("Assistance paid out"), rupiah(told["money"]["paid"] or 0)),
        (_("Enterprises running"), number(counts["enterprises_running"])),
        (_("Workers besides the owners"), number(counts["workers"])),
        (_("Contracts with buyers"), number(counts["contracts"])),
    ]
    return [_table([_("Figure"), _("Value")], rows)]


def _area(told: Told) -> list[Block]:
    blocks = [_text(_("What the area has decides which businesses it can carry. What is not known is left empty."))]
    if told["has_score"]:
        blocks.append(
            _picture(
                area_charts.pentagon(told["scores"]), _("Asset pentagon: score of each capital, 0 to 100"), size="half"
            )
        )
    blocks.append(
        _table(
            [_("Capital"), _("Score"), _("Known")],
            [(in_words(one.capital.label), number(one.score, 0), percent(one.known_share)) for one in told["scores"]],
        )
    )
    if told["has_quotient"]:
        caption = _("Location quotient of each sector: above 1, the sector weighs more here than in the province")
        blocks.append(_picture(area_charts.potential(told["sectors"]), caption))
    return blocks


def _chain(told: Told) -> list[Block]:
    if not told["chain"]:
        return []
    result = told["chain"]["result"]
    said = _(
        "The plan fills {seats} seats with an income of {income} a year, from the resources at their sustainable yield "
        "and the demand of buyers."
    ).format(seats=number(told["programme"].seats), income=rupiah(result["income_idr"]))
    blocks = [
        _text(said),
        _picture(picture.seats_chart(result), _("Seats of each field, by stage"), size="half"),
    ]
    if told["chain"]["tightest"]:
        blocks.append({"kind": "list", "title": _("The next bottlenecks"), "items": told["chain"]["tightest"]})
    caption = _("Ribbons are as wide as the rupiah that flow in a year")
    return [*blocks, _picture(picture.svg(result, family=FAMILY), caption, size="page")]


def _applicants(told: Told) -> list[Block]:
    reasons = [(reason, _("too few") if count is None else number(count)) for reason, count in told["reasons"]]
    return [_text(told["applied"]), *([_table([_("Reason"), _("Applications")], reasons)] if reasons else [])]


def _draw(told: Told) -> list[Block]:
    if not told["overview"]:
        return []
    draw, seen = told["draw"], told["overview"]
    said = _(
        "{people} people were in the frozen pool for {seats} seats. Anybody can repeat the draw from these."
    ).format(people=number(seen["people"]), seats=number(seen["seats"]))
    fixed = [
        (_("Hash of what was frozen"), draw.frozen_hash),
        (_("Public value"), f"{draw.public_value} ({draw.public_value_source})"),
        (_("Seed"), draw.seed),
    ]
    head = [_("Quota"), _("At least"), _("At most"), _("In the pool"), _("Drawn"), _("Seated now")]
    rows = [
        (
            f"{in_words(row.feature)}: {row.label}",
            *map(number, (row.least, row.most, row.available, row.drawn, row.held)),
        )
        for row in seen["quotas"]
    ]
    blocks = [_text(said), _table([_("Of the draw"), _("Value")], fixed, words=2)]
    return [*blocks, *([_table(head, rows)] if rows else [])]


def _groups(told: Told) -> list[Block]:
    groups = list(told["groups"])
    if not groups:
        return []
    rows = [
        (
            group.name,
            str(group.field),
            group.mentor.name if group.mentor else UNKNOWN,
            number(group.people),
            number(group.mean_km, 1),
        )
        for group in groups
    ]
    head = [_("Group"), _("Field"), _("Mentor"), _("People"), _("Mean distance (km)")]
    held, planned = told["counts"]["sessions_held"], told["counts"]["sessions"]
    said = ngettext("{held} of {n} session was held.", "{held} of {n} sessions were held.", planned).format(
        held=number(held), n=number(planned)
    )
    return [_table(head, rows, words=3), _text(said)]


def _assistance(told: Told) -> list[Block]:
    money = told["money"]
    if not money["n_proposed"]:
        return []
    steps = [
        (_("Proposed"), "n_proposed", None),
        (_("Refused"), "n_rejected", None),
        (_("Paid out"), "n_paid", "paid"),
        (_("Confirmed in hand"), "n_received", "received"),
        (_("Spent, with receipts"), None, "spent"),
        (_("Returned"), None, "refunded"),
        (_("Reported"), "n_reported", None),
        (_("Handed over"), "n_handed_over", None),
    ]
    told_counts = {name: number(money[name]) for _label, name, _amount in steps if name}
    if told["has_few_rejected"]:
        told_counts["n_rejected"] = _("too few")
    rows = [
        (label, told_counts[count] if count else "", rupiah(money[amount] or 0) if amount else "")
        for label, count, amount in steps
    ]
    said = _(
        "No step is recorded without the one before, and nobody checks what they entered. "
        "What is in hand was confirmed by the receivers alone."
    )
    return [_text(said), _table([_("Stage"), _("Assistances"), _("Rupiah")], rows)]


def _results(told: Told) -> list[Block]:
    counts, rounds = told["counts"], told["rounds"]
    said = _(
        "{running} of {all} enterprises run, with {workers} workers besides the owners; {contracts} contracts with "
        "buyers, {deliveries} deliveries."
    ).format(
        running=number(counts["enterprises_running"]),
        all=number(counts["enterprises"]),
        workers=number(counts["workers"]),
        contracts=number(counts["contracts"]),
        deliveries=number(counts["deliveries"]),
    )
    blocks = [_text(said)]
    if served := market_charts.market_chart(told["demands"]):
        blocks.append(_picture(served, told["served"]))
    if not rounds:
        return [*blocks, _text(_("Nothing was measured yet."))]
    own = _(
        "These are the participants' own figures over time. Without comparing them to people who were not drawn, "
        "they do not show what the programme changed."
    )
    still = _(
        "Still being measured: {rounds}. These figures are of those who were measured so far and can change; n is the "
        "number of people of whom a figure is known."
    ).format(rounds=told["still_measured"])
    frozen = _("n is the number of people of whom a figure is known.")
    return [
        *blocks,
        _table([_("Indicator"), *map(str, rounds)], _measured(told)),
        _text(still if told["still_measured"] else frozen),
        _picture(outcome_charts.money(told["table"]), _("Turnover and profit of the participants"), size="half"),
        _picture(
            outcome_charts.shares(told["table"]), _("Participants who work, and who keep a cash book"), size="half"
        ),
        _text(own),
    ]


def _measured(told: Told) -> list[Sequence[str]]:
    """How far each round is, and every indicator in it."""
    progress = told["progress"]
    people = [f"{number(one.measured)} / {number(one.expected)}" for one in progress]
    states = [in_words((RoundStatus.FROZEN if one.is_frozen else RoundStatus.OPEN).label) for one in progress]
    figures = [(_with_unit(indicator), *map(_cell, cells)) for indicator, cells in told["table"]]
    return [(_("Measured, of all participants of the round"), *people), (_("State of the round"), *states), *figures]


def _with_unit(indicator: Indicator) -> str:
    label = in_words(indicator.label)
    return label if indicator.unit == Unit.PER_PERSON else f"{label} ({in_words(indicator.unit.label)})"


def _cell(cell: Any) -> str:
    """A measured figure in its unit, and of how many people it is known."""
    if not cell.is_shown:
        return _("too few")
    unit, known = cell.figure.indicator.unit, cell.figure.denominator
    write = percent if unit == Unit.SHARE else rupiah if unit == Unit.RUPIAH else number
    return write(cell.figure.value) + (f"\nn = {number(known)}" if known else "")


def _effect(told: Told) -> list[Block]:
    if not told["effects"]:
        return []
    said = _(
        "People who were drawn are compared with people who were not, in {round}. Chance alone decided who was drawn, "
        "but not who answered. What is compared was registered before the first of them was measured again."
    ).format(round=told["estimate"].round)
    answered = _("{people} ({share} answered)")
    rows = [
        (
            in_words(one.outcome.label),
            answered.format(people=number(one.people_drawn), share=percent(one.answered_drawn)),
            answered.format(people=number(one.people_others), share=percent(one.answered_others)),
        )
        for one, _sentence in told["effects"]
    ]
    weighted = _("Shares of those who answered are weighted by the chances of the draw, as the comparison is.")
    bars = [f"{in_words(label)}: {in_words(words)}" for label, words in told["bars"]]
    pictures = [
        _picture(outcome_charts.effect_chart(one), f"{in_words(sentence)} {_interval(one)}")
        for one, sentence in told["effects"]
    ]
    return [
        _text(said),
        _table([_("Outcome"), _("Drawn"), _("Not drawn")], rows),
        _text(weighted),
        _points(_("How to read the pictures"), bars),
        *pictures,
        _points(_("What this does not show"), [in_words(words) for words in told["not_shown"]]),
    ]


def _interval(one: Shown) -> str:
    in_rupiah = one.outcome.unit == OutcomeUnit.RUPIAH
    effect, low, high = (rupiah(value) if in_rupiah else number(value, 1) for value in (one.effect, one.low, one.high))
    return _("{effect} ({unit}); 95% interval {low} to {high}.").format(
        effect=effect, unit=in_words(one.outcome.unit.label), low=low, high=high
    )


def _parts(told: Told) -> list[Block]:
    found = parts(told["programme"])
    if found is None:
        return []
    frozen, tables = found
    said = _(
        "As frozen on the reporting date {day}: what share, and how many of how many. {withheld} stands for what is "
        "withheld because it tells of few people or would let that be worked out. Small parts are put together, and "
        "an indicator that is withheld of every part is left out."
    ).format(day=date(frozen.reported_on), withheld=WITHHELD)
    return [_text(said), *[_table([_heading(one), *one.heads], _rows_of(one)) for one in tables]]


def _heading(of: Part) -> str:
    return in_words(of.label) if of.dimension else _("Indicator")


def _rows_of(of: Part) -> list[Sequence[str]]:
    """The indicators of which anything is told."""
    rows = [(in_words(one.label), *(_reported(cell) for _head, cell in cells)) for one, cells in of.rows]
    return [row for row in rows if not of.dimension or set(row[1:]) - {WITHHELD, UNKNOWN}]


def _reported(cell: Reported) -> str:
    if cell.is_empty:
        return UNKNOWN
    if cell.value is None:
        return WITHHELD
    if cell.definition is PARTICIPANTS:
        return number(cell.count)
    if cell.definition.measure == Measure.MEAN:
        return rupiah(cell.value)
    return f"{percent(cell.value)} ({number(cell.count)}/{number(cell.whole)})"


def _unemployment(told: Told) -> list[Block]:
    found = jobs(told["programme"])
    if found is None:
        return []
    year, net = found.year, found.contribution
    said = in_words(net.said)
    if found.tells_of_few:
        said = _("Of {measured} participants who were measured at the start and now, {net} more work now.").format(
            measured=number(net.measured), net=number(net.net)
        )
    rate = _(
        "This is {share} of the labour force ({net} of {force}); by so much at most the open unemployment rate is "
        "lower. In {year} it was {rate} ({unemployed} people). Source: {source}."
    ).format(
        share=percent(net.share, 3),
        net=number(net.net),
        force=number(year.labour_force),
        year=year.year,
        rate=percent(net.rate, 2),
        unemployed=number(year.unemployed),
        source=in_words(year.source).rstrip("."),
    )
    limits = [
        _("Displacement is unknown: what participants sell, others may sell less of."),
        _("Who does not look for work is outside the labour force; “not working” is not the same as unemployed."),
        _("Workers of the participants’ enterprises are not counted: whether they worked before is not known."),
    ]
    return [_text(f"{found.round}: {said}", rate, _caused(found)), _points(_("What this does not show"), limits)]


def _caused(found: Jobs) -> str:
    if found.caused is None:
        return _("How many of these jobs would have come without the programme is not estimated for this round.")
    made, low, high = (number(value, 0) for value in (found.caused.jobs, found.caused.low, found.caused.high))
    return _(
        "Compared with those who were not drawn, {jobs} of {people} people who were drawn and could be compared work "
        "because of it (95% interval {low} to {high})."
    ).format(jobs=made, people=number(found.caused.people), low=low, high=high)


def _lasting(told: Told) -> list[Block]:
    signs = told["signs"]
    lines = [
        (_("Resources of the area"), signs.resources),
        (_("Income after the assistance"), signs.income),
        (_("Sold under contract"), signs.contracts),
    ]
    rows = [(label, in_words(sign.light.label), in_words(sign.reason)) for label, sign in lines]
    return [_table([_("What is looked at"), _("Light"), _("Reason")], rows, words=3)]


TELLERS: Mapping[Section, Callable[[Told], list[Block]]] = {
    Section.SUMMARY: _summary,
    Section.AREA: _area,
    Section.CHAIN: _chain,
    Section.APPLICANTS: _applicants,
    Section.DRAW: _draw,
    Section.GROUPS: _groups,
    Section.ASSISTANCE: _assistance,
    Section.RESULTS: _results,
    Section.PARTS: _parts,
    Section.EFFECT: _effect,
    Section.UNEMPLOYMENT: _unemployment,
    Section.LASTING: _lasting,
}


def opening(programme: Programme, day: datetime.date) -> str:
    """What stands before the figures where the office says nothing itself."""
    return _(
        "This report tells of {programme} in {area}, as at {day}. Its figures are counted from the programme's "
        "own rows; refusals, reasons and results of few people are not told."
    ).format(programme=programme.name, area=programme.area_name, day=date(day))
