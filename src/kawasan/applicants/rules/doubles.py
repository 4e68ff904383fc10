"""Two persons who may be one: what speaks for it, and what people decide."""

from typing import Any

from kawasan.core.text import Labelled, Text, _


class PairState(Labelled):
    """What people decided of two persons who may be one."""

    OPEN = "open", _("To decide")
    SAME = "same", _("Same person")
    DIFFERENT = "different", _("Different persons")
    UNSURE = "unsure", _("Not sure")


STILL_TO_DECIDE = (PairState.OPEN, PairState.UNSURE)
DECIDED = (PairState.SAME, PairState.DIFFERENT)  # and respected by every later search
LEAST_SHOWN = 0.05  # probability from which two persons are brought before people
COMPARED = {
    "name": _("Name"),
    "birth_date": _("Date of birth"),
    "sex": _("Sex"),
    "nik": _("NIK"),
    "phone": _("Phone"),
    "mother": _("Mother's name"),
    "home": _("Address"),
    "family_card": _("Family card (KK)"),
    "account": _("Bank account"),
}
FOUND = {
    "missing": _("not known of both"),
    "same": _("the same"),
    "other spelling or order": _("other spelling or order"),
    "slip": _("a slip of the pen apart"),
    "part of the other": _("one is part of the other"),
    "a word in common": _("a word in common"),
    "other": _("different"),
    "of twins": _("as brothers, sisters or twins have it"),
    "same, 1 January": _("the same 1 January, which often means unknown"),
    "same year, one 1 January": _("the same year, one of them 1 January"),
    "slip or swapped": _("a slip apart, or day and month swapped"),
    "of a household": _("the same, as a household shares it"),
    "names differ": _("different"),
    "alike": _("alike"),
}


def pair_part(name: str, found: str, bits: float) -> dict[str, Any]:
    """One part of the score of a pair as JSON: what was compared, what was found, and what that weighs."""
    return {"label": COMPARED[name], "found": FOUND[found], "bits": round(bits, 1)}


def reasons_not_decided(state: str, note: str) -> list[Text]:
    """A decision about two people is one of three, and says on what it rests."""
    if state not in (*DECIDED, PairState.UNSURE):
        return [Text(_("Choose: same person, different persons, or not sure."))]
    if state != PairState.UNSURE and len(note.strip()) < 5:
        return [Text(_("Say in a few words what the decision rests on, e.g. the identity card that was seen."))]
    return []
