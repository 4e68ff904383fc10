"""Changes to what decides about an application: one person proposes, another approves."""

from collections.abc import Sequence

from kawasan.core.text import Labelled, Text, _


class ChangeState(Labelled):
    """Where a proposed change stands."""

    OPEN = "open", _("Waits for a second person")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    TAKEN_BACK = "taken_back", _("Taken back")


NEXT_CHANGE_STATES: dict[ChangeState, tuple[ChangeState, ...]] = {
    ChangeState.OPEN: (ChangeState.APPROVED, ChangeState.REJECTED, ChangeState.TAKEN_BACK),
    ChangeState.APPROVED: (),
    ChangeState.REJECTED: (),
    ChangeState.TAKEN_BACK: (),
}

FREE_OF_PERSON = ("mother_name", "phone", "address", "rt", "rw", "source")
FREE_ANSWERS = ("idea", "latitude", "longitude")
"""What one person may correct alone. All else decides who may take part, how great the need is, who is paid or who may
verify; so a question that is asked from some day on needs two people, unless somebody writes it here."""
HIDDEN = ("nik", "family_card", "account")  # shown by their last digits until somebody says why


def reasons_not_proposed(reason: str) -> list[Text]:
    """A proposal says why."""
    if len(reason.strip()) >= 5:
        return []
    return [
        Text(
            _(
                "You change what decides about this application. Say why; a second person reads it and approves the "
                "change."
            )
        )
    ]


def reasons_not_decided_change(*, state: str, is_mine: bool, has_name: bool = True) -> list[Text]:
    """Why somebody cannot approve or reject a proposed change."""
    if ChangeState.APPROVED not in NEXT_CHANGE_STATES[ChangeState(state)]:
        return [Text(_("This change was decided already. Load the page again."))]
    if is_mine:
        return [Text(_("You proposed this change, so another person approves or rejects it."))]
    if not has_name:
        return [Text(_("Only somebody with an account approves or rejects a change."))]
    return []


def reasons_tied_to_change(*, is_about_me: bool, is_close: bool) -> list[Text]:
    """Nobody approves a change of their own application, of one of their household, or of somebody close."""
    if is_about_me:
        return [Text(_("This is your own application or that of your household, so somebody else decides."))]
    if is_close:
        return [Text(_("You said that you are close to this person, so somebody else decides."))]
    return []


def reasons_not_rejected(why: str) -> list[Text]:
    """Who proposed a change reads why it was rejected."""
    if len(why.strip()) >= 5:
        return []
    return [Text(_("Say in a sentence why the change is rejected; who proposed it reads it."))]


def reasons_stale(labels: Sequence[str]) -> list[Text]:
    """A change is approved only on top of what it was proposed for."""
    return [
        Text(
            _(
                "“{column}” was changed since this was proposed, so it cannot be approved. Reject it, and propose the "
                "change anew if it is still needed."
            ),
            {"column": label},
        )
        for label in labels
    ]
