"""What looks odd when an application is held against all others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kawasan.applicants.rules.trouble import Trouble
from kawasan.core.text import Found, Text, _

MOST_NAMED = 10  # other applicants whom a sentence names


@dataclass(frozen=True, slots=True)
class Sharing:
    """What many people may not have in common: from how many on it is said, and the sentence."""

    kind: Trouble
    least: int
    sentence: str


SHARED = {
    # Two of a household often share a phone; three are worth a question.
    "phone": Sharing(Trouble.PHONE, 3, _("The phone number is that of {people} applicants, also of {others}.")),
    # An account has one holder, so the second person on it is worth a question.
    "account": Sharing(Trouble.ACCOUNT, 2, _("The bank account is that of {people} applicants, also of {others}.")),
    # A family has a phone or a computer in common, and a neighbour borrows it; five are more than that.
    "device": Sharing(Trouble.DEVICE, 5, _("One device sent {people} applications, also those of {others}.")),
    # A paper is one person's: the same picture a second time is worth a look.
    "photo": Sharing(Trouble.PHOTO, 2, _("A photo that was handed in looks like one of {others}.")),
    # Receivers of GPS are some metres apart in one spot: the very same figures were copied.
    "point": Sharing(Trouble.POINT, 2, _("The business is in the same spot as those of {others}.")),
    # An RT has about 40 households; with a hundred seats in a city of 600 RT nobody expects ten of one.
    "rt": Sharing(Trouble.RT, 10, _("{people} applicants live in this RT, among them {others}.")),
    "family_card": Sharing(
        Trouble.HOUSEHOLD, 2, _("{people} applicants from one household (family card), also {others}.")
    ),
}


def warnings_others(
    *, same_nik: Sequence[str], possible_same: Sequence[str], sharing: Mapping[str, Sequence[str]]
) -> list[Text]:
    """What is odd when an application is held against all others.

    Codes name the applications of other people: with the same NIK, perhaps of the same person, and sharing what
    ``SHARED`` lists.
    """
    found: list[Text] = []
    if same_nik:
        found.append(Found(_("The same NIK as {others}."), {"others": _named(same_nik)}, Trouble.SAME_NIK))
    if possible_same:
        template = _("Perhaps the same person as {others}. Compare them under “Possible doubles”.")
        found.append(Found(template, {"others": _named(possible_same)}, Trouble.DOUBLE))
    for what, shared in SHARED.items():
        codes = sharing.get(what, ())
        if len(codes) + 1 >= shared.least:
            found.append(Found(shared.sentence, {"people": len(codes) + 1, "others": _named(codes)}, shared.kind))
    return found


def _named(codes: Sequence[str]) -> str:
    more = ["…"] if len(codes) > MOST_NAMED else []
    return ", ".join([*codes[:MOST_NAMED], *more])
