"""What the public form asks, says and refuses."""

import datetime
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kawasan.core.text import Labelled, Text, _
from kawasan.programmes.rules import PaperKind

PUBLIC_FORM = _("public form")  # the source of what people enter themselves


class ConsentKind(Labelled):
    """What an applicant agrees to; only the first is needed to apply."""

    NOTICE = "notice", _("I have read how my data are used. My answers are true as far as I know.")
    PHOTOS = "photos", _("Photos of me and of my business may be published. I may take this back.")


NOTICE_VERSION = "1"
NOTICE = (
    _(
        "The programme uses your answers to check who may take part, to weigh how great each need is, to draw, and to "
        "accompany whoever gets a seat."
    ),
    _(
        "Law 27 of 2022 on the protection of personal data (article 20) allows this for a public service. For photos "
        "that are published it asks for your consent, which is a question of its own; you may say no and still apply."
    ),
    _(
        "Income and disability are specific data in that law. Whoever checks applications sees them. Your NIK and KK "
        "are shown by their last digits; who looks at the whole numbers must say why, and the log keeps it."
    ),
    _(
        "Your device keeps a number, of which the programme stores a mark with what you send, so that one device that "
        "applies for many people is asked about."
    ),
    _(
        "You may see your data and get a copy, have them corrected, and ask to have their use ended and to have them "
        "erased. When you take back a consent, its use stops within 3 × 24 hours."
    ),
)
"""What the notice says. A changed sentence needs a new version."""


def reasons_closed(
    *, day: datetime.date, opens: datetime.date | None, closes: datetime.date | None, is_open: bool, is_frozen: bool
) -> list[Text]:
    """Why nobody can apply by the public form today; the calendar decides, and without it the office's switch."""
    if is_frozen:
        return [Text(_("The list of those among whom seats are drawn is fixed, so nobody can apply any more."))]
    if opens is None or closes is None:
        return [] if is_open else [Text(_("Applications are not open now. The office will announce when they are."))]
    if day < opens:
        template = _("Applications open on {opens} and close on {closes}. Come back then.")
        return [Text(template, {"opens": opens, "closes": closes})]
    if day > closes:
        return [Text(_("Applications closed on {closes}."), {"closes": closes})]
    return []


def is_surely_the_same(stated: Sequence[tuple[str, str]]) -> bool:
    """Whether two people with one NIK and one date of birth share another number too, which a stranger cannot know.

    Pairs are such numbers of both: family card, phone. Whoever knows only somebody's NIK is told nothing about them.
    """
    return any(one and one == other for one, other in stated)


def reason_applied_already(code: str, day: datetime.date) -> Text:
    """What a person reads who applies once more."""
    template = _(
        "You have applied already, on {day}, with number {code}. Nothing was entered a second time. To look at your "
        "application you need the number on your receipt; if you have lost it, ask at the office."
    )
    return Text(template, {"day": day, "code": code})


def reasons_not_sent(unfinished: Sequence[str]) -> list[Text]:
    """What stands in the way of sending an application: pages that are not filled in."""
    template = _("This page is not filled in yet: {page}")
    return [Text(template, {"page": Text(page)}) for page in unfinished]


PROOF_BITS = 14  # zero bits at the start of a hash: about 16,000 tries, seconds on a cheap phone


def has_proof(challenge: str, answer: str, bits: int = PROOF_BITS) -> bool:
    """Whether the browser found a number that makes the hash begin with so many zero bits."""
    if not re.fullmatch(r"[0-9]{1,12}", answer):
        return False
    found = hashlib.sha256(f"{challenge}:{answer}".encode()).digest()
    return int.from_bytes(found, "big") >> (256 - bits) == 0


def question(nonce: str) -> tuple[int, int]:
    """Two small numbers to add, for whoever has no script."""
    return 2 + int(nonce[0], 16) % 8, 2 + int(nonce[1], 16) % 8


KIND_WORDS = {
    _("The NIK has characters that are not digits."): _("Your NIK has letters or signs; a NIK has digits only."),
    _("The NIK has {digits} digits instead of 16."): _("Your NIK has {digits} digits; a NIK has 16."),
    _("The NIK has no possible day of birth ({day})."): _(
        "The seventh and eighth digit of your NIK ({day}) are no day of birth, for women plus 40."
    ),
    _("The NIK has no possible month of birth ({month})."): _(
        "The ninth and tenth digit of your NIK ({month}) are no month of birth."
    ),
    _("The NIK says born on {in_nik}, the application {stated}."): _(
        "Your NIK says that you were born on {in_nik}; you wrote {stated}."
    ),
    _("The NIK ends in 0000, which is never issued."): _("Your NIK ends in 0000, which no card does."),
    _("The NIK is a woman's, the application says man."): _("Your NIK is written as a woman's; you chose man."),
    _("The NIK is a man's, the application says woman."): _("Your NIK is written as a man's; you chose woman."),
    _("The family card number does not have 16 digits."): _("The number of your family card does not have 16 digits."),
}
"""What looks odd about somebody's own numbers, said to them. A NIK stays as first issued, mistakes included."""
ABOUT_OTHERS = (
    _("The same NIK as {others}."),
    _("Perhaps the same person as {others}. Compare them under “Possible doubles”."),
)
"""What the office sees when an application is held against others: the applicant learns nothing about those."""


def in_kind_words(warnings: Iterable[Text]) -> list[Text]:
    """Warnings as whoever they concern reads them; what concerns nobody or others is left out."""
    return [Text(KIND_WORDS[one.template], one.params) for one in warnings if one.template in KIND_WORDS]


def questions_left(warnings: Iterable[Text]) -> list[Text]:
    """What an applicant is asked about, with nothing said of anybody else."""
    found = list(warnings)
    about_others = any(one.template in ABOUT_OTHERS for one in found)
    asked = [Text(_("The office still has a question about your identity. Bring your KTP and KK when you are asked."))]
    return [*in_kind_words(found), *(asked if about_others else [])]


def missing_of(birth_date: datetime.date | None, family_card: str, phone: str) -> list[Text]:
    """What somebody should still tell the office about themselves."""
    found = []
    if birth_date is None:
        found.append(Text(_("Your date of birth")))
    if not family_card:
        found.append(Text(_("The number of your family card (KK)")))
    if not phone:
        found.append(Text(_("A phone number at which you or a neighbour can be reached")))
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """One short page of the form."""

    code: str
    title: str
    fields: tuple[str, ...]
    is_about_person: bool


STEPS = (
    Step("card", _("Your identity card (KTP)"), ("nik", "name", "sex", "birth_date"), True),
    Step("family", _("Your family card and phone"), ("family_card", "mother_name", "phone"), True),
    Step("home", _("Where you live"), ("place", "address", "rt", "rw"), True),
    Step("about", _("School and disability"), ("education", "disability"), True),
    Step(
        "work",
        _("What you do now"),
        ("activity_now", "months_without_work", "earlier_assistance", "earlier_assistance_reported"),
        False,
    ),
    Step(
        "household",
        _("Your household"),
        ("household_size", "household_income_idr", "dependants", "household_workers"),
        False,
    ),
    Step("business", _("Your business idea"), ("field", "idea", "helped_by"), False),
)
HARDSHIP = Step(
    "hardship", _("Desil and disaster"), ("desil", "desil_source", "desil_on", "disaster", "disaster_on"), False
)


def steps_asked(*, weighs_hardship: bool) -> tuple[Step, ...]:
    """The pages of the form; what no rule weighs is not asked."""
    return (*STEPS[:-1], HARDSHIP, STEPS[-1]) if weighs_hardship else STEPS


def papers_asked(required: str, *, disability: str, earlier_assistance: bool) -> list[PaperKind]:
    """The papers that a rule set asks of somebody, in order."""
    needless = set() if disability else {PaperKind.DISABILITY}
    needless |= set() if earlier_assistance else {PaperKind.REPORT}
    return [kind for kind in PaperKind if kind in required.split() and kind not in needless]
