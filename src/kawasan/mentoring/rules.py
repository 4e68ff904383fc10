"""When a visit can be logged and approved, and who is due for one."""

import datetime
from collections.abc import Iterable

from kawasan.core.text import Labelled, Text, _

VISIT_EVERY_DAYS = 14
"""A group should not go longer without a visit; no guideline (juknis) that was found states a frequency."""
LONGEST_VISIT = datetime.timedelta(hours=10)
LESSON_HOUR = datetime.timedelta(minutes=45)
MOST_LESSON_HOURS = 14  # of the longest visit
MOST_PHOTOS = 6  # of an entry


class Method(Labelled):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")


class Reach(Labelled):
    LOCAL = "local", _("In town")
    OUT_OF_TOWN = "out_of_town", _("Out of town")
    NONE = "none", _("No journey")


class PhotoKind(Labelled):
    ACTIVITY = "activity", _("What was done")
    PROOF = "proof", _("Proof of the expense")


class State(Labelled):
    DRAFT = "draft", _("Draft")
    PENDING = "pending", _("Waits for review")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    REJECTED = "rejected", _("Rejected")
    REPLACED = "replaced", _("Replaced")


class RequestState(Labelled):
    OPEN = "open", _("Waits")
    VISITED = "visited", _("Visited")
    ANSWERED = "answered", _("Answered")
    TAKEN_BACK = "taken_back", _("Taken back")


class Problem(Labelled):
    AID_UNUSED = "aid_unused", _("Assistance not drawn or not used")
    REFUSES = "refuses", _("Refuses mentoring")
    NOT_FOUND = "not_found", _("Whereabouts not found")
    NO_CONTACT = "no_contact", _("Cannot be contacted")
    UNSAFE = "unsafe", _("Not safe to visit")


class Block(Labelled):
    """The nine blocks of the business model canvas (Osterwalder and Pigneur), in the order in which they are filled."""

    SEGMENTS = "segments", _("Customer Segments")
    VALUE = "value", _("Value Propositions")
    CHANNELS = "channels", _("Channels")
    RELATIONSHIPS = "relationships", _("Customer Relationships")
    REVENUE = "revenue", _("Revenue Streams")
    RESOURCES = "resources", _("Key Resources")
    ACTIVITIES = "activities", _("Key Activities")
    PARTNERS = "partners", _("Key Partners")
    COSTS = "costs", _("Cost Structure")


QUESTIONS: dict[str, str] = {
    Block.SEGMENTS: _("Who buys, and who of them matters most?"),
    Block.VALUE: _("What do customers get from you that they do not get elsewhere?"),
    Block.CHANNELS: _("How do customers hear of it, order it and get it?"),
    Block.RELATIONSHIPS: _("How do you win customers, and why do they come again?"),
    Block.REVENUE: _("What do customers pay for, how much, and how often?"),
    Block.RESOURCES: _("What do you need: tools, place, skills, people, money?"),
    Block.ACTIVITIES: _("What must be done every day or week, so that it works?"),
    Block.PARTNERS: _("Who supplies, helps or sells with you?"),
    Block.COSTS: _("What costs most, each month and for each piece?"),
}
EXAMPLES: dict[str, str] = {
    Block.SEGMENTS: _("Shops for souvenirs in the centre; families in Gerunggang who buy for the weekend."),
    Block.VALUE: _("Otak-otak from fresh fish of the same morning, with a permit, packed for the journey."),
    Block.CHANNELS: _("Two kiosks, orders by WhatsApp until 18:00, delivered by motorcycle."),
    Block.RELATIONSHIPS: _("Every tenth pack is free; complaints are answered on the same day."),
    Block.REVENUE: _("30 packs a day at Rp15,000; on Saturday 60 packs; parcels for feasts."),
    Block.RESOURCES: _("Grill, freezer, grandmother's recipe, two workers in the morning."),
    Block.ACTIVITIES: _("Buy fish at 5:00, mix, wrap, grill, pack, deliver, write the cash book."),
    Block.PARTNERS: _("Fish auction at Ketapang, group for packaging design, kiosk of the cooperative."),
    Block.COSTS: _("Fish Rp150,000 a day, gas Rp20,000, wages Rp100,000, packs Rp500 each."),
}
LONGEST_BLOCK = 500  # characters; nine blocks fit on one page
MOST_LINES = 12  # of a block


class FindingKind(Labelled):
    OBSTACLE = "obstacle", _("Obstacle")
    POSITIVE = "positive", _("Strength")
    WARNING = "warning", _("Warning")


class Priority(Labelled):
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class Verdict(Labelled):
    APPROVE = "approved", _("Approve")
    RETURN = "returned", _("Return")
    REJECT = "rejected", _("Reject")


HISTORY = {
    "mentoring.visit_logged": _("Logged"),
    "mentoring.visit_answered": _("Answered and sent again"),
    "mentoring.visit_changed": _("Changed"),
    "mentoring.visit_corrected": _("Corrected"),
    "mentoring.visit_approved": _("Approved"),
    "mentoring.visit_returned": _("Returned"),
    "mentoring.visit_rejected": _("Rejected"),
    "mentoring.visit_confirmed": _("A participant says that it took place"),
    "mentoring.visit_denied": _("A participant says that it did not take place"),
}
"""What the log calls what is done with an entry, in words."""
COUNTED = (State.PENDING, State.APPROVED, State.RETURNED)
"""What was visited, whether it was reviewed or not; a draft is nobody's record yet."""
CHANGEABLE = (State.DRAFT, State.PENDING, State.RETURNED, State.REJECTED)
"""What its mentor may change in place; what was approved is corrected by a new entry, which is approved anew."""
ANSWERED = (State.RETURNED, State.REJECTED)
EVEN_OF_DRAFTS = ("visited_on", "ends_at")
NEEDED = {
    "material": Text(_("Say in a few words what was taught or practised.")),
    "summary": Text(_("Say in a sentence what was done.")),
}
"""What is said of a word that is missing: by the server, and by a phone before it keeps the entry without signal."""
ENDS_FIRST = Text(_("The visit ends before it starts."))


def lesson_hours(starts_at: datetime.time, ends_at: datetime.time) -> int:
    """How many lesson hours of 45 minutes fit best between two times, at least one."""
    day = datetime.date.min
    length = datetime.datetime.combine(day, ends_at) - datetime.datetime.combine(day, starts_at)
    return min(max(round(length / LESSON_HOUR), 1), MOST_LESSON_HOURS)


def faults_of_expense(*, expense_idr: int, no_expense_reason: str, has_proof: bool) -> dict[str, Text]:
    """An expense has a proof, or there is a reason why there is none of either."""
    if no_expense_reason.strip() or (expense_idr and has_proof):
        return {}
    if expense_idr:
        return {"no_expense_reason": Text(_("Add a photo of the receipt, or say why there is none."))}
    return {"no_expense_reason": Text(_("Say why nothing was spent, e.g. no cost arose."))}


def reasons_not_changeable(*, state: str, is_corrected: bool, is_frozen: bool) -> list[Text]:
    """Why an entry can neither be changed nor corrected."""
    if is_frozen:
        return [Text(_("The report of this period is frozen, so its entries stay as they are."))]
    if state == State.REPLACED:
        return [Text(_("This entry was replaced by a correction. Correct that one."))]
    if is_corrected:
        return [Text(_("A correction of this entry waits already; change that one."))]
    return []


def reasons_not_reviewable(
    *, state: str, is_as_read: bool, is_own: bool, verdict: str, note: str, is_frozen: bool
) -> list[Text]:
    """Why a verdict on an entry is not taken. ``is_own``: who reviews is who made the visit or entered it."""
    reasons = []
    if state != State.PENDING:
        reasons.append(Text(_("It does not wait for a review any more.")))
    elif not is_as_read:
        reasons.append(Text(_("It was changed after you opened the page. Read it again.")))
    if is_own:
        reasons.append(Text(_("Somebody else must review what you entered or did yourself.")))
    if verdict != Verdict.APPROVE and not note.strip():
        reasons.append(Text(_("Say in the note what is wrong, so that the mentor can answer.")))
    if is_frozen:
        reasons.append(Text(_("The report of this period is frozen, so its entries stay as they are.")))
    return reasons


def reasons_not_freezable(
    *, starts_on: datetime.date, ends_on: datetime.date, today: datetime.date, waiting: int, is_overlapping: bool
) -> list[Text]:
    """Why the report of a mentor over a period cannot be frozen. ``waiting``: entries without an approval."""
    reasons = []
    if ends_on < starts_on:
        reasons.append(Text(_("The last day is before the first. Choose a later day.")))
    if ends_on > today:
        reasons.append(Text(_("The period is not over yet. Freeze it after its last day.")))
    if waiting:
        reasons.append(
            Text(
                _("Entries of the period that are not approved yet: {waiting}. Review them first."),
                {"waiting": waiting},
            )
        )
    if is_overlapping:
        reasons.append(Text(_("A report over some of these days is frozen already. Choose other days.")))
    return reasons


def reasons_not_settled(*, seen_on: datetime.date, on: datetime.date, is_settled: bool) -> list[Text]:
    """Why a problem cannot be settled on a day."""
    if is_settled:
        return [Text(_("This problem is settled already."))]
    return [Text(_("It cannot be settled before it was seen. Correct one of the days."))] if on < seen_on else []


def reasons_not_finished(*, made_on: datetime.date, on: datetime.date, is_done: bool) -> list[Text]:
    """Why it cannot be said what came of something that was agreed."""
    if is_done:
        return [Text(_("This is done already."))]
    return [Text(_("It cannot be done before it was agreed. Correct one of the days."))] if on < made_on else []


def asked_on(*, day: datetime.date, wanted: str) -> Text:
    """Why somebody who asked should be visited."""
    return Text(_("Asked for a visit on {day}: {wanted}"), {"day": day, "wanted": wanted})


def reasons_not_asked(*, is_member: bool, is_waiting: bool) -> list[Text]:
    """Why nobody can be asked for a visit."""
    if not is_member:
        return [Text(_("You are in no group yet, so nobody could come."))]
    if is_waiting:
        return [Text(_("You have asked already. Take that request back to ask for something else."))]
    return []


def reasons_not_closed(*, asked_on: datetime.date, on: datetime.date, is_open: bool) -> list[Text]:
    """Why a request for a visit can be neither answered nor taken back."""
    if not is_open:
        return [Text(_("This request waits no longer: it was answered, visited or taken back."))]
    return [Text(_("It cannot be answered before it was asked. Correct one of the days."))] if on < asked_on else []


def reasons_not_written(*, text: str, before: str, is_as_read: bool) -> list[Text]:
    """Why a block of the canvas is not kept."""
    if not is_as_read:
        return [Text(_("Somebody wrote this block while you did. Read what stands there now, then save again."))]
    if text.strip() == before:
        return [Text(_("This stands there already. Change it, or go on with another block."))]
    if len(text.strip().splitlines()) > MOST_LINES:
        return [Text(_("Write at most {lines} lines, so that the canvas fits on one page."), {"lines": MOST_LINES})]
    return []


def reasons_unanswered(*, state: str, answer: str) -> list[Text]:
    """Why an entry that came back is not sent again."""
    if state in ANSWERED and not answer.strip():
        return [Text(_("Answer the note of the reviewer: what you changed, or why it is right."))]
    return []


def faults(
    *,
    visited_on: datetime.date,
    starts_at: datetime.time,
    ends_at: datetime.time,
    material: str,
    summary: str,
    obstacle: str,
    solution: str,
    next_step: str,
    next_visit_on: datetime.date | None,
    today: datetime.date,
    year: int,
) -> dict[str, Text]:
    """The reason against an entry of the logbook for each column that has one; empty means that it can be kept."""
    found = _faults_of_time(visited_on, starts_at, ends_at, today, year)
    typed = {"material": material, "summary": summary}
    found |= {name: said for name, said in NEEDED.items() if not typed[name].strip()}
    if obstacle.strip() and not (solution.strip() or next_step.strip()):
        found["next_step"] = Text(_("There is an obstacle: say how it was solved, or what the next step is."))
    if next_visit_on and next_visit_on <= visited_on:
        found["next_visit_on"] = Text(_("The next visit must be after this one."))
    return found


def _faults_of_time(
    visited_on: datetime.date,
    starts_at: datetime.time,
    ends_at: datetime.time,
    today: datetime.date,
    year: int,
) -> dict[str, Text]:
    found = {}
    if visited_on > today:
        found["visited_on"] = Text(_("The visit is in the future. Log it when it has taken place."))
    if visited_on.year < year:
        found["visited_on"] = Text(_("The visit is before the year of the programme, {year}."), {"year": str(year)})
    starts, ends = (datetime.datetime.combine(visited_on, time) for time in (starts_at, ends_at))
    if ends <= starts:
        found["ends_at"] = ENDS_FIRST
    elif ends - starts > LONGEST_VISIT:
        found["ends_at"] = Text(_("The visit lasts more than ten hours. Check the times."))
    return found


def reasons_at_once(*, method: str, others: Iterable[tuple[str, str]], is_sure: bool) -> list[Text]:
    """Why a mentor cannot be at two visits at the same time: in person never, online only when asked to be sure.

    ``others``: of each visit of the mentor at the same time what it is, and its method.
    """
    found = list(others)
    refused = [said for said, other in found if Method.ONLINE not in (method, other)]
    if refused:
        said = _("The mentor was elsewhere at this time: {visits}. Correct the hours.")
        return [Text(said, {"visits": ", ".join(refused)})]
    if found and not is_sure:
        said = _("The mentor had another visit at this time: {visits}. Correct the hours, or say that you are sure.")
        return [Text(said, {"visits": ", ".join(one for one, _method in found)})]
    return []


def reasons_nobody_visits(*, has_mentor: bool) -> list[Text]:
    """Why no visit to a group can be logged at all."""
    return [] if has_mentor else [Text(_("The group has no mentor. Give it one first."))]


def reasons_another_mentor(*, group: str, day: datetime.date) -> list[Text]:
    """Why a visit before the present mentor took the group is not logged in this mentor's name."""
    return [Text(_("{group} had another mentor on {day}. Correct the day."), {"group": group, "day": day})]


def reasons_not_a_member(*, is_member: bool) -> list[Text]:
    """Why somebody cannot be the one who was visited."""
    return [] if is_member else [Text(_("The participant is not in this group."))]


def reason_due(*, last: datetime.date | None, promised: datetime.date | None, today: datetime.date) -> Text | None:
    """Why a group (or participant) is due: never seen, a promised day has come, or too long ago; else nothing.

    ``promised`` is the next visit named in the last one.
    """
    if last is None:
        return Text(_("Not visited yet"))
    if promised and promised <= today:
        return Text(_("A visit was agreed for {day}"), {"day": promised})
    days = (today - last).days
    if days > VISIT_EVERY_DAYS:
        return Text(_("Last visit {days} days ago"), {"days": days})
    return None


def next_step(*, groups: int, is_own: bool, due: int, returned: int) -> Text | None:
    """What to do next; nothing when everybody was seen lately. ``is_own``: the reader sees the own groups only.

    ``returned``: own entries that came back from the review.
    """
    if returned:
        return Text(_("Entries that came back from the review: {returned}. Answer them."), {"returned": returned})
    if not groups and is_own:
        return Text(_("You mentor no group yet. The office gives groups their mentors."))
    if not groups:
        return Text(_("Wait until the groups are formed and have mentors."))
    if due:
        return Text(_("Visits that are due: {due}. Make them, then log each."), {"due": due})
    return None
