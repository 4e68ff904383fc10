"""What the office does with applications, and what it must say when it does."""

import datetime

from kawasan.core.text import Found, Text, _


def reasons_no_purpose(purpose: str) -> list[Text]:
    """Personal numbers are shown only for a reason that the log can keep."""
    if len(purpose.strip()) >= 5:
        return []
    return [Text(_("Say in a few words why you need to see the numbers."))]


LEAST_DIGITS = 5  # of an account, the shortest number by which people are sought


def reasons_no_number(written: str) -> list[Text]:
    """A number is sought whole: it is kept so that parts of it cannot be compared."""
    if sum(sign.isdigit() for sign in written) >= LEAST_DIGITS:
        return []
    return [Text(_("Write the whole number, e.g. all 16 digits of a NIK; it cannot be found by a part."))]


def reasons_no_reason(reason: str) -> list[Text]:
    """Nobody is taken out of the programme without the log keeping why."""
    if reason.strip():
        return []
    return [Text(_("Say why the application is withdrawn; it is kept with the application."))]


def warning_after_freezing(reason: Text) -> Text:
    """What would have kept somebody out of the pool, had it been known before the pool was frozen."""
    kind = reason.kind if isinstance(reason, Found) else ""
    return Found(_("Known only after the pool was frozen: {reason}"), {"reason": reason}, kind)


def notices_before_the_pool(*, may_object: int, last_day: datetime.date | None, without_papers: int) -> list[Text]:
    """What somebody who freezes the pool should know; none of it forbids it."""
    found = []
    if may_object:
        template = _(
            "Refused people who may still object: {people}, the last until {last}. Whoever is found right once the "
            "pool is frozen cannot enter it any more."
        )
        found.append(Text(template, {"people": may_object, "last": last_day}))
    if without_papers:
        template = _("Eligible people whose papers are not all here: {people}. Ask for them before seats are drawn.")
        found.append(Text(template, {"people": without_papers}))
    return found


def next_step(*, total: int, submitted: int, eligible: int, with_warnings: int, is_frozen: bool) -> Text:
    """What the office should do next with the applications; ``is_frozen`` when the pool of the draw is fixed."""
    if total == 0:
        return Text(_("Enter the first application, or load a programme folder."))
    if submitted:
        return Text(_("Assess the applications; not assessed yet: {submitted}."), {"submitted": submitted})
    if is_frozen and with_warnings:
        template = _(
            "The pool is frozen; whoever applies now is assessed alone and cannot enter it. Check the applications "
            "with warnings ({warnings}): whoever must not take part is withdrawn."
        )
        return Text(template, {"warnings": with_warnings})
    if is_frozen:
        return Text(_("The pool is frozen. Whoever applies now is assessed alone and cannot enter it."))
    if not eligible:
        return Text(_("Nobody is eligible. Look at the reasons, correct what was entered wrongly, or enter more."))
    if with_warnings:
        template = _("Check the applications with warnings ({warnings}), then freeze the pool under Selection.")
        return Text(template, {"warnings": with_warnings})
    return Text(_("All applications are assessed. Freeze the pool under Selection."))
