"""Verification: what is checked in the office and on site, by whom, and what follows from what was seen."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kawasan.applicants.rules.stated import Status
from kawasan.core.text import Labelled, Text, _


class CheckStage(Labelled):
    """The two stages of verification, in order."""

    ADMINISTRATIVE = "administrative", _("Papers")
    FIELD = "field", _("Visit on site")


class CheckState(Labelled):
    """Where one verification stands."""

    ASSIGNED = "assigned", _("to do")
    RECORDED = "recorded", _("recorded")
    TAKEN_OFF = "taken_off", _("given back")


NEXT_STATES: dict[CheckState, tuple[CheckState, ...]] = {
    CheckState.ASSIGNED: (CheckState.RECORDED, CheckState.TAKEN_OFF),
    CheckState.RECORDED: (),
    CheckState.TAKEN_OFF: (),
}
"""What may become of a verification. One that is over stays as it is; what has to be seen again is assigned anew."""


class Finding(Labelled):
    """What came of a verification."""

    CONFIRMED = "confirmed", _("Confirmed")
    DIFFERS = "differs", _("Differs from what was stated")
    NOT_FOUND = "not_found", _("Not found")
    REFUSES = "refuses", _("Refuses to be verified")
    NOT_SAFE = "not_safe", _("Not safe to visit")


FINDINGS: dict[CheckStage, tuple[Finding, ...]] = {
    CheckStage.ADMINISTRATIVE: (Finding.CONFIRMED, Finding.DIFFERS, Finding.NOT_FOUND, Finding.REFUSES),
    CheckStage.FIELD: tuple(Finding),
}


class Seen(Labelled):
    """The answer to an item of a checklist."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNSEEN = "unseen", _("Could not be seen")


PHOTO_ON_SITE = "site_photo"  # the item that a photo of the visit bears out
HOW_REPORTED = "report"  # the item that is asked only of who got assistance before
DESIL_SEEN = "desil"  # the item that is asked only of whose desil was stated
DISASTER_SEEN = "disaster"  # the item that is asked only of who stated a disaster
KEY_ITEMS = {"nik", "family_card", "lives_there"}  # without a yes to these nothing is confirmed
DISABILITY_LETTER = "disability"  # the item that is asked only of who states a disability


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at."""

    code: str
    question: str


CHECKLIST: dict[CheckStage, tuple[Item, ...]] = {
    CheckStage.ADMINISTRATIVE: (
        Item("nik", _("Identity card (KTP) seen; number, name and date of birth are the same")),
        Item("family_card", _("Family card (KK) seen; number and people of the household are the same")),
        Item("place", _("Address on the card is in the kelurahan that was stated")),
        Item("portrait", _("Photo of the applicant is the person on the identity card")),
        Item("statement", _("Signed statement handed in")),
        Item("phone", _("Reached on the phone that was stated")),
        Item(DISABILITY_LETTER, _("Letter about the disability seen")),
        Item(DESIL_SEEN, _("Desil seen where it was stated, with its day")),
        Item(DISASTER_SEEN, _("Letter or list about the disaster seen")),
        Item(HOW_REPORTED, _("Report of the earlier assistance (LPJ) seen")),
    ),
    CheckStage.FIELD: (
        Item("lives_there", _("Lives at the address")),
        Item("known_to_rt", _("Known to the head of the RT, or to neighbours")),
        Item("household", _("Size of the household is as stated")),
        Item("income", _("Housing and household fit the income stated")),
        Item("working", _("As many people of the household work, and live from this income, as stated")),
        Item("without_work", _("As long without work as stated")),
        Item("work", _("Has no other work than stated")),
        Item("idea", _("Business idea is plausible there: room, water, power, way in")),
        Item(
            "own_wish", _("Wants to run the business personally; nobody else applied in that name, and nobody was paid")
        ),
        Item(PHOTO_ON_SITE, _("Photo of the place taken")),
    ),
}
"""What is looked at in each stage; codes are stored, so one that was used once keeps its meaning."""


def items_of(
    stage: str,
    *,
    has_disability: bool,
    earlier_assistance: bool,
    has_desil: bool = False,
    has_disaster: bool = False,
) -> list[Item]:
    """The checklist of somebody."""
    needless = set() if has_disability else {DISABILITY_LETTER}
    needless |= set() if earlier_assistance else {HOW_REPORTED}
    needless |= set() if has_desil else {DESIL_SEEN}
    needless |= set() if has_disaster else {DISASTER_SEEN}
    return [item for item in CHECKLIST[CheckStage(stage)] if item.code not in needless]


def stage_due(administrative: str | None, on_site: str | None) -> CheckStage | None:
    """The stage that comes next by the last finding of each; nothing when the visit is over.

    The visit follows on papers that were confirmed. What differs on site becomes proposals to change; what was not
    seen there is visited again.
    """
    if administrative != Finding.CONFIRMED:
        return CheckStage.ADMINISTRATIVE
    return None if on_site in (Finding.CONFIRMED, Finding.DIFFERS) else CheckStage.FIELD


@dataclass(frozen=True, slots=True)
class Ties:
    """What ties somebody to an application, so that somebody else verifies it."""

    entered: bool = False
    helped: bool = False
    is_applicant: bool = False
    family_card: bool = False
    declared: bool = False
    checked_papers: bool = False


TIES = {
    "entered": _("You entered this application yourself; somebody else verifies it."),
    "helped": _("You helped to fill this application in; somebody else verifies it."),
    "is_applicant": _("This is your own application; somebody else verifies it."),
    "family_card": _("This person is on your family card; somebody else verifies the application."),
    "declared": _("You said that you are close to this person; somebody else verifies the application."),
    "checked_papers": _("You checked the papers of this person; somebody else visits."),
}


def reasons_tied(ties: Ties) -> list[Text]:
    """Why somebody does not verify an application."""
    return [Text(sentence) for tie, sentence in TIES.items() if getattr(ties, tie)]


TO_VERIFY = (Status.SUBMITTED, Status.ELIGIBLE)  # whoever is refused or withdrew is not visited


def reasons_not_assigned(*, stage: str, due: str | None, is_open: bool, status: str) -> list[Text]:
    """Why a stage of an application cannot be given to somebody now."""
    if status == Status.WITHDRAWN:
        return [Text(_("This application was withdrawn, so nobody verifies it."))]
    if status not in TO_VERIFY:
        return [Text(_("This application is not eligible, so nobody verifies it."))]
    if is_open:
        return [Text(_("Somebody verifies this application already."))]
    if due is None:
        return [Text(_("This application is verified: papers and visit are over."))]
    if stage != due and due == CheckStage.ADMINISTRATIVE:
        return [Text(_("The papers of this application are not confirmed yet; the visit comes after that."))]
    if stage != due:
        return [Text(_("The papers of this application are confirmed already."))]
    return []


@dataclass(frozen=True, slots=True)
class Report:
    """What a verifier writes down: for each item of the checklist the answer and a note, and what follows."""

    result: str
    reason: str
    differences: str
    answers: Mapping[str, tuple[str, str]]
    photos: int = 0


def faults(report: Report, stage: str, asked: Sequence[Item]) -> dict[str, Text]:
    """What is wrong with a report, by the column or the item that it is about."""
    found: dict[str, Text] = {}
    for item in asked:
        answer, note = report.answers.get(item.code, ("", ""))
        if answer not in list(Seen):
            found[item.code] = Text(_("Choose an answer."))
        elif answer != Seen.YES and len(note.strip()) < LEAST_NOTE:
            found[item.code] = Text(_("Write a few words why this is not a yes."))
    if report.result not in FINDINGS[CheckStage(stage)]:
        found["result"] = Text(_("Choose what came of it."))
    return found | _faults_of_result(report, asked)


LEAST_NOTE = 3  # characters
LEAST_REASON = 10


def _faults_of_result(report: Report, asked: Sequence[Item]) -> dict[str, Text]:
    """The result has its reason, and agrees with the checklist."""
    found: dict[str, Text] = {}
    said = {item.code: report.answers.get(item.code, ("", ""))[0] for item in asked}
    if report.result == Finding.CONFIRMED and Seen.NO in said.values():
        found["result"] = Text(_("An item of the checklist says no, so this is not confirmed. Choose what differs."))
    elif report.result == Finding.CONFIRMED and any(
        answer != Seen.YES for code, answer in said.items() if code in KEY_ITEMS
    ):
        found["result"] = Text(_("Nobody is confirmed whose card or home was not seen. Choose another result."))
    if report.result != Finding.CONFIRMED and len(report.reason.strip()) < LEAST_REASON:
        found["reason"] = Text(_("Say in a sentence why it is not confirmed."))
    if report.result == Finding.DIFFERS and len(report.differences.strip()) < LEAST_REASON:
        found["differences"] = Text(_("Say what differs: what was stated, and what you saw."))
    if said.get(PHOTO_ON_SITE) == Seen.YES and not report.photos:
        found["photo"] = Text(_("You say that a photo was taken. Add it here."))
    return found


def reasons_not_recorded(state: str, *, is_assigned_to_me: bool) -> list[Text]:
    """Why somebody cannot write down what came of a verification."""
    if CheckState.RECORDED not in NEXT_STATES[CheckState(state)]:
        return [Text(_("This verification is over already."))]
    if not is_assigned_to_me:
        return [Text(_("This verification is assigned to somebody else, who alone writes down what came of it."))]
    return []


def reasons_not_taken_off(state: str, reason: str) -> list[Text]:
    """Why a verification cannot be taken from who has it."""
    if CheckState.TAKEN_OFF not in NEXT_STATES[CheckState(state)]:
        return [Text(_("This verification is over already."))]
    if len(reason.strip()) < LEAST_NOTE:
        return [Text(_("Say in a few words why."))]
    return []


def reasons_no_conflict(relation: str) -> list[Text]:
    """A declaration says how close somebody is."""
    if len(relation.strip()) >= LEAST_NOTE:
        return []
    return [Text(_("Say in a few words how you are close to this person, e.g. cousin or neighbour."))]


@dataclass(slots=True)
class Shares:
    """Which case goes to whom; and the cases that nobody of those chosen may verify."""

    given: dict[int, int] = field(default_factory=dict)
    left: list[int] = field(default_factory=list)


def shared_out(cases: Sequence[tuple[int, frozenset[int]]], loads: Mapping[int, int]) -> Shares:
    """Give cases to verifiers so that everybody has as many to do, nobody one that they are tied to.

    ``cases`` are in the order of the way and name who may not have them; ``loads`` are what each has to do already.
    Neighbours go to one verifier as long as that one has room.
    """
    now, room, shares = dict(loads), _room(len(cases), loads), Shares()
    for case, barred in cases:
        allowed = [verifier for verifier in now if verifier not in barred]
        if not allowed:
            shares.left.append(case)
            continue
        free = [verifier for verifier in allowed if now[verifier] < room[verifier]]
        chosen = free[0] if free else min(allowed, key=lambda verifier: now[verifier])
        shares.given[case] = chosen
        now[chosen] += 1
    return shares


def _room(cases: int, loads: Mapping[int, int]) -> dict[int, int]:
    """How many each may have in the end, so that the fullest has as few as can be."""
    room = dict(loads)
    for _case in range(cases):
        if not room:
            break
        room[min(room, key=lambda verifier: room[verifier])] += 1
    return room


Point = tuple[float, float]


def tour(points: Sequence[Point]) -> list[int]:
    """A short way past all points, as their numbers: to the nearest next one, then without crossings (2-opt).

    Points are degrees north and east. It begins with the first of them, and does not come back.
    """
    if not points:
        return []
    left, way = list(range(1, len(points))), [0]
    while left:
        nearest = min(left, key=lambda one: _apart(points[way[-1]], points[one]))
        left.remove(nearest)
        way.append(nearest)
    return _uncrossed(way, points)


def _uncrossed(way: list[int], points: Sequence[Point]) -> list[int]:
    """Turn parts of the way round as long as that makes it shorter; its first point stays."""
    is_shorter = True
    while is_shorter:
        is_shorter = False
        for start in range(1, len(way) - 1):
            for end in range(start + 1, len(way)):
                if _gain(way, start, end, points) > LEAST_GAIN:
                    way = way[:start] + way[start : end + 1][::-1] + way[end + 1 :]
                    is_shorter = True
    return way


def _gain(way: Sequence[int], start: int, end: int, points: Sequence[Point]) -> float:
    """How much shorter the way becomes when the part from start to end is turned round."""
    before, first, last = (points[way[number]] for number in (start - 1, start, end))
    gain = _apart(before, first) - _apart(before, last)
    if end + 1 < len(way):
        after = points[way[end + 1]]
        gain += _apart(last, after) - _apart(first, after)
    return gain


LEAST_GAIN = 1e-9  # degrees; less is rounding


def length(way: Sequence[int], points: Sequence[Point]) -> float:
    """How long a way is, in degrees of latitude."""
    return sum(_apart(points[one], points[next_]) for one, next_ in pairwise(way))


def _apart(one: Point, other: Point) -> float:
    """Straight over the map; within an area the ground is flat."""
    east = (one[1] - other[1]) * math.cos(math.radians((one[0] + other[0]) / 2))
    return math.hypot(one[0] - other[0], east)


TOLD = {
    (CheckStage.ADMINISTRATIVE, Finding.CONFIRMED): _("Your papers were checked and are in order."),
    (CheckStage.ADMINISTRATIVE, Finding.DIFFERS): _(
        "Your papers were checked. Something differs from what you wrote; the office looks into it and asks you if "
        "need be."
    ),
    (CheckStage.ADMINISTRATIVE, Finding.NOT_FOUND): _(
        "Your papers are not complete yet. Please bring your KTP and KK to the office."
    ),
    (CheckStage.ADMINISTRATIVE, Finding.REFUSES): _(
        "Your papers were not checked, as you did not wish it. If that is not so, tell the office."
    ),
    (CheckStage.FIELD, Finding.CONFIRMED): _("You were visited, and everything is as you wrote. Thank you."),
    (CheckStage.FIELD, Finding.DIFFERS): _(
        "You were visited. Something differs from what you wrote; the office looks into it and asks you if need be."
    ),
    (CheckStage.FIELD, Finding.NOT_FOUND): _(
        "We came, but did not find you. Please tell the office when and where you can be met."
    ),
    (CheckStage.FIELD, Finding.REFUSES): _(
        "The visit did not take place, as you did not wish it. If that is not so, tell the office."
    ),
    (CheckStage.FIELD, Finding.NOT_SAFE): _("The visit could not take place. The office tells you of another day."),
}
"""What an applicant reads of a verification."""


def told_of_result(stage: str, result: str) -> Text:
    """What came of a verification, as whoever it concerns reads it."""
    return Text(TOLD[CheckStage(stage), Finding(result)])


def told_of_due(due: str | None, verifier: str) -> list[Text]:
    """What an applicant may expect next; who comes has a name, so that nobody else is let in."""
    if due is None:
        return []
    if due == CheckStage.ADMINISTRATIVE:
        return [Text(_("The office will check your papers: KTP, KK and what else the guideline asks."))]
    if not verifier:
        return [Text(_("Somebody of the programme will visit you at home. You will read here who comes."))]
    template = _(
        "{verifier} of the programme will visit you at home. Ask for the name; the visit costs nothing, and nobody may "
        "take money for it."
    )
    return [Text(template, {"verifier": verifier})]
