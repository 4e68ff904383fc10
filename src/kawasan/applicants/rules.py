"""Who may take part and why not, how great somebody's need is, and what looks odd about an application."""

import datetime
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kawasan.core.text import Found, Labelled, Text, _
from kawasan.programmes.rules import PaperKind, reasons_bands_incomplete

IDENTITY_DIGITS = 16  # of a NIK and of a family card number
BETWEEN_DIGITS = re.compile(r"[\s.\-–—]+")  # how people group the digits of a number


def as_one_number(written: str) -> str:
    """A number without what stands between its digits, so that one number is one text however it is written."""
    return BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", written))


WOMEN_ADD_TO_DAY = 40  # a woman's NIK has her day of birth plus 40
IMPOSSIBLE_SERIAL = "0000"  # serials begin at 0001; examples use this one so that no real person is hit
MONTHS_FULL = 24  # months without work that give every point
DEPENDANTS_FULL = 5  # dependants that give every point
NO_POINTS_AT_LINES = 2  # times the poverty line per head at which income gives no point
LONGEST_NAME = 60  # characters that a name on a new identity card may have (Permendagri 73/2022)
MOST_NAMED = 10  # other applicants whom a sentence names


class Sex(Labelled):
    FEMALE = "female", _("Woman")
    MALE = "male", _("Man")


class Education(Labelled):
    NONE = "none", _("No school finished")
    PRIMARY = "primary", _("Primary school (SD)")
    JUNIOR = "junior", _("Junior secondary school (SMP)")
    SENIOR = "senior", _("Senior secondary school (SMA)")
    VOCATIONAL = "vocational", _("Vocational secondary school (SMK)")
    DIPLOMA = "diploma", _("Diploma")
    BACHELOR = "bachelor", _("Bachelor's degree or higher")


class Disability(Labelled):
    PHYSICAL = "physical", _("Physical")
    SIGHT = "sight", _("Sight")
    HEARING = "hearing", _("Hearing")
    SPEECH = "speech", _("Speech")
    INTELLECTUAL = "intellectual", _("Intellectual")
    MENTAL = "mental", _("Mental")


class Work(Labelled):
    """What somebody does for a living on the day of applying."""

    UNEMPLOYED = "unemployed", _("Unemployed")
    UNDER_EMPLOYED = "under_employed", _("Works too few hours")
    EMPLOYED = "employed", _("Employed")
    STUDENT = "student", _("Student")
    HOUSEWIFE = "housewife", _("Housewife")
    CIVIL_SERVANT = "civil_servant", _("Civil servant, soldier or police")


class Status(Labelled):
    SUBMITTED = "submitted", _("Not yet assessed")
    ELIGIBLE = "eligible", _("Eligible")
    REFUSED = "refused", _("Not eligible")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Trouble(Labelled):
    """The kinds of what speaks against an application or looks odd about it, as the page of trouble has them."""

    SAME_NIK = "same_nik", _("One NIK, several people")
    DOUBLE = "double", _("Perhaps one person under two names")
    AGAIN = "again", _("Applied more than once")
    HOUSEHOLD = "household", _("Several of one household")
    PHONE = "phone", _("One phone, many people")
    ACCOUNT = "account", _("Bank account")
    DEVICE = "device", _("One device, many applications")
    POINT = "point", _("Several businesses in one spot")
    RT = "rt", _("Many from one RT")
    NIK = "nik", _("NIK does not fit")
    NIK_ELSEWHERE = "nik_elsewhere", _("NIK issued elsewhere")
    FAMILY_CARD = "family_card", _("Family card does not fit")
    BIRTH_DATE = "birth_date", _("No date of birth")
    AGE = "age", _("Too young or too old")
    AGE_LIMIT = "age_limit", _("At the limit of age")
    PLACE = "place", _("Lives outside the area")
    WORK = "work", _("Has work or studies")
    ASSISTANCE = "assistance", _("Earlier assistance")
    NAME = "name", _("Name to compare with the identity card")
    RULES = "rules", _("Cannot be assessed")


TO_DO = {
    Trouble.SAME_NIK: _("See the identity cards of all. One person applies once; a slip of the pen is corrected."),
    Trouble.DOUBLE: _("Compare the two under “Possible doubles” and decide there."),
    Trouble.AGAIN: _("The first application counts. If that is the wrong one, withdraw it and assess again."),
    Trouble.HOUSEHOLD: _("Allowed: the draw seats no more of a household than the rule set says. Nothing to do."),
    Trouble.PHONE: _("Ask whose phone it is. A broker who applies for others, or a family without phones of its own?"),
    Trouble.ACCOUNT: _("Assistance is paid to its receiver alone. See the first page of the bank book."),
    Trouble.DEVICE: _("Ask who filled the forms in: a village office that helps, or a broker?"),
    Trouble.POINT: _("Visit the spot: a market hall holds many businesses, a living room does not."),
    Trouble.RT: _("Ask the head of the RT how so many learned of the programme, and whether all live there."),
    Trouble.NIK: _("Compare with the identity card; correct it, or ask Dukcapil."),
    Trouble.NIK_ELSEWHERE: _("Common and no fault: people move and keep their NIK. See where the card says they live."),
    Trouble.FAMILY_CARD: _("Compare with the family card and correct it."),
    Trouble.BIRTH_DATE: _("Take it from the identity card, correct the application, and it is assessed anew."),
    Trouble.AGE: _("Refused by the rule set. Compare the date of birth with the identity card once more."),
    Trouble.AGE_LIMIT: _("Allowed. A year more or less would refuse them, so see the identity card."),
    Trouble.PLACE: _("Refused by the rule set. See the identity card if the address may be wrong."),
    Trouble.WORK: _("Ask at the verification visit; what was stated decides."),
    Trouble.ASSISTANCE: _("See the report (LPJ) and ask the agency that gave the assistance."),
    Trouble.NAME: _("Decree, certificate and bank need the name as on the identity card, without titles."),
    Trouble.RULES: _("Put the rule sets and need bands of the programme right, then assess."),
}
"""What somebody who verifies does about each kind."""


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
    # Receivers of GPS are some metres apart in one spot: the very same figures were copied.
    "point": Sharing(Trouble.POINT, 2, _("The business is in the same spot as those of {others}.")),
    # An RT has about 40 households; with a hundred seats in a city of 600 RT nobody expects ten of one.
    "rt": Sharing(Trouble.RT, 10, _("{people} applicants live in this RT, among them {others}.")),
    "family_card": Sharing(
        Trouble.HOUSEHOLD, 2, _("{people} applicants from one household (family card), also {others}.")
    ),
}


OPEN_TO_ASSESSMENT = (Status.SUBMITTED, Status.ELIGIBLE, Status.REFUSED)


class Guideline(Protocol):
    """The columns of a rule set that these rules read."""

    number: str
    least_age: int
    most_age: int
    must_live_in_area: bool
    must_not_be_employed: bool
    may_be_student: bool
    must_report_earlier_assistance: bool
    poverty_line_idr: int
    weight_income: int
    weight_unemployed: int
    weight_dependants: int
    weight_no_worker: int
    weight_disability: int


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an applicant stated, as far as rules read it."""

    birth_date: datetime.date | None
    applied_on: datetime.date
    place_code: str
    activity_now: str
    earlier_assistance: bool
    earlier_assistance_reported: bool
    months_without_work: int
    household_size: int
    household_income_idr: int
    dependants: int
    household_workers: int
    disability: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the need score: its points, the most it can give, and why it gave so many."""

    label: str
    points: float
    most: int
    why: Text

    def stored(self) -> dict[str, Any]:
        """The part as JSON."""
        return {"label": self.label, "points": self.points, "most": self.most, "why": self.why.stored()}


def age_on(birth_date: datetime.date, day: datetime.date) -> int:
    """Full years; somebody born on 29 February has a birthday on 1 March in other years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def of_kind(kind: Trouble, texts: Sequence[Text]) -> list[Text]:
    """The sentences with the kind of trouble they tell of; one that has its kind keeps it."""
    return [text if isinstance(text, Found) else Found(text.template, text.params, kind) for text in texts]


def kinds_of(texts: Sequence[Text]) -> str:
    """The kinds of trouble that sentences tell of, each between commas, so that one is found among them."""
    found = sorted({text.kind for text in texts if isinstance(text, Found)})
    return f",{','.join(found)}," if found else ""


BORN_FROM_AGE = "date of birth from age"  # in the source of an imported person whose file had no date


def born_from_age(age: int, on: datetime.date) -> datetime.date:
    """1 January of the year that gives this age on the day: the date that everywhere means “not known”."""
    return datetime.date(on.year - age, 1, 1)


def warnings_birth_date(birth_date: datetime.date | None, source: str) -> list[Text]:
    """A date that nobody has stated; it is said until somebody writes the real one."""
    if birth_date is None or BORN_FROM_AGE not in source or (birth_date.month, birth_date.day) != (1, 1):
        return []
    template = _("The date of birth is worked out from the age that a file gave; ask for the real one.")
    return [Found(template, {}, Trouble.BIRTH_DATE)]


def reasons_ineligible(stated: Circumstances, guideline: Guideline, *, area_code: str, area: str) -> list[Text]:
    """Return every reason against entry by the guideline of the day of applying; none means eligible."""
    return [
        *of_kind(Trouble.AGE if stated.birth_date else Trouble.BIRTH_DATE, _reasons_age(stated, guideline)),
        *of_kind(Trouble.PLACE, _reasons_place(stated, guideline, area_code, area)),
        *of_kind(Trouble.WORK, _reasons_work(stated, guideline)),
        *of_kind(Trouble.ASSISTANCE, _reasons_assistance(stated, guideline)),
    ]


def _reasons_age(stated: Circumstances, guideline: Guideline) -> list[Text]:
    if stated.birth_date is None:
        return [Text(_("The date of birth is missing, so the age cannot be checked."))]
    age = age_on(stated.birth_date, stated.applied_on)
    if age < guideline.least_age:
        template = _("{age} years old on the day of applying; the least age is {least}.")
        return [Text(template, {"age": age, "least": guideline.least_age})]
    if age > guideline.most_age:
        template = _("{age} years old on the day of applying; the most is {most}.")
        return [Text(template, {"age": age, "most": guideline.most_age})]
    return []


def _reasons_place(stated: Circumstances, guideline: Guideline, area_code: str, area: str) -> list[Text]:
    if not guideline.must_live_in_area or f"{stated.place_code}.".startswith(f"{area_code}."):
        return []
    return [Text(_("Lives outside the area of the programme ({area})."), {"area": area})]


def _reasons_work(stated: Circumstances, guideline: Guideline) -> list[Text]:
    if guideline.must_not_be_employed and stated.activity_now == Work.EMPLOYED:
        return [Text(_("Is employed; the programme is for people without work."))]
    if guideline.must_not_be_employed and stated.activity_now == Work.CIVIL_SERVANT:
        return [Text(_("Is a civil servant, soldier or police officer; the programme is for people without work."))]
    if not guideline.may_be_student and stated.activity_now == Work.STUDENT:
        return [Text(_("Is a student; students may not take part."))]
    return []


def _reasons_assistance(stated: Circumstances, guideline: Guideline) -> list[Text]:
    unreported = stated.earlier_assistance and not stated.earlier_assistance_reported
    if not guideline.must_report_earlier_assistance or not unreported:
        return []
    return [Text(_("Got assistance before without handing in its accountability report (LPJ)."))]


def reason_applied_before(first: str) -> Text:
    """A person applies once; of several applications the first one counts."""
    template = _("This person applied before ({code}); the first application counts.")
    return Found(template, {"code": first}, Trouble.AGAIN)


def warnings_stated(stated: Circumstances, guideline: Guideline) -> list[Text]:
    """What the guideline allows and somebody who verifies should look at all the same."""
    return [
        *of_kind(Trouble.AGE_LIMIT, _warnings_age(stated, guideline)),
        *of_kind(Trouble.WORK, _warnings_work(stated, guideline)),
        *of_kind(Trouble.ASSISTANCE, _warnings_assistance(stated, guideline)),
    ]


def _warnings_age(stated: Circumstances, guideline: Guideline) -> list[Text]:
    age = age_on(stated.birth_date, stated.applied_on) if stated.birth_date else None
    if age == guideline.least_age:
        return [Text(_("{age} years old on the day of applying, which is the least age."), {"age": age})]
    if age == guideline.most_age:
        return [Text(_("{age} years old on the day of applying, which is the most."), {"age": age})]
    return []


def _warnings_work(stated: Circumstances, guideline: Guideline) -> list[Text]:
    if guideline.must_not_be_employed or stated.activity_now not in (Work.EMPLOYED, Work.CIVIL_SERVANT):
        is_student = guideline.may_be_student and stated.activity_now == Work.STUDENT
        return [Text(_("Is a student, which the rule set allows."))] if is_student else []
    return [Text(_("Is employed, which the rule set allows."))]


def _warnings_assistance(stated: Circumstances, guideline: Guideline) -> list[Text]:
    if not stated.earlier_assistance:
        return []
    if stated.earlier_assistance_reported:
        return [Text(_("Got assistance before and says that its report (LPJ) was handed in."))]
    if guideline.must_report_earlier_assistance:
        return []  # a reason against entry says it
    return [Text(_("Got assistance before without handing in its report (LPJ), which the rule set allows."))]


def warnings_name(name: str) -> list[Text]:
    """What of a name will not stand so on an identity card, a decree and a bank book."""
    found = []
    if signs := "".join(sorted({sign for sign in name if not (sign.isalnum() or sign in " -")})):
        found.append(Text(_("The name has signs ({signs}), as titles and apostrophes have."), {"signs": signs}))
    if len(name) > LONGEST_NAME:
        template = _("The name has {length} characters; a new identity card holds {most}.")
        found.append(Text(template, {"length": len(name), "most": LONGEST_NAME}))
    return of_kind(Trouble.NAME, found)


def warnings_account(name: str, account: str, bank: str, holder: str) -> list[Text]:
    """What is odd about a bank account; none may be given before somebody has a seat."""
    found = []
    if account and not bank:
        found.append(Text(_("The bank of the account is missing.")))
    if account and not holder:
        found.append(Text(_("The holder of the account is missing.")))
    if holder and _letters(holder) != _letters(name):
        found.append(Text(_("The account is held by {holder}."), {"holder": holder}))
    return of_kind(Trouble.ACCOUNT, found)


def _letters(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalpha())


def reasons_not_assessable(guideline: Guideline | None, least_scores: Sequence[int]) -> list[Text]:
    """What must be put right in the programme before applications of a day can be assessed."""
    found = reasons_bands_incomplete(least_scores)
    if guideline is None:
        found = [*found, Text(_("No rule set was valid on the day of applying, so it cannot be assessed."))]
        return of_kind(Trouble.RULES, found)
    total = sum(_weights(guideline))
    if total != 100:
        template = _("The points of need in rule set {number} add up to {total}; they must add up to 100.")
        found.append(Text(template, {"number": guideline.number, "total": total}))
    if guideline.poverty_line_idr == 0:
        found.append(Text(_("Rule set {number} has no poverty line."), {"number": guideline.number}))
    return of_kind(Trouble.RULES, found)


def _weights(guideline: Guideline) -> tuple[int, ...]:
    return (
        guideline.weight_income,
        guideline.weight_unemployed,
        guideline.weight_dependants,
        guideline.weight_no_worker,
        guideline.weight_disability,
    )


def need_parts(stated: Circumstances, guideline: Guideline) -> list[Part]:
    """The parts of the need score, each a share of its weight rounded half up to one decimal."""
    return [
        _income_part(stated, guideline),
        Part(
            _("Months without work"),
            _points(guideline.weight_unemployed, min(stated.months_without_work, MONTHS_FULL), MONTHS_FULL),
            guideline.weight_unemployed,
            Text(
                _("Months without work: {months}; full points from {full} on."),
                {"months": stated.months_without_work, "full": MONTHS_FULL},
            ),
        ),
        Part(
            _("Dependants"),
            _points(guideline.weight_dependants, min(stated.dependants, DEPENDANTS_FULL), DEPENDANTS_FULL),
            guideline.weight_dependants,
            Text(
                _("Dependants: {dependants}; full points from {full} on."),
                {"dependants": stated.dependants, "full": DEPENDANTS_FULL},
            ),
        ),
        _worker_part(stated, guideline),
        _disability_part(stated, guideline),
    ]


def need_score(parts: Sequence[Part]) -> float:
    """The sum of the parts as shown, so that anyone can add it up."""
    return round(sum(part.points for part in parts), 1)


def _points(weight: int, numerator: int, denominator: int) -> float:
    """``weight * numerator / denominator`` rounded half up to tenths, in whole numbers until the end."""
    return (20 * weight * numerator + denominator) // (2 * denominator) / 10


def _income_part(stated: Circumstances, guideline: Guideline) -> Part:
    none_at = NO_POINTS_AT_LINES * guideline.poverty_line_idr * stated.household_size
    missing = max(none_at - stated.household_income_idr, 0)
    why = Text(
        _(
            "Rp{per_head} a head and month, {share} % of the poverty line; "
            "full points without income, none from twice the line on."
        ),
        {
            "per_head": stated.household_income_idr // stated.household_size,
            "share": round(100 * stated.household_income_idr / (guideline.poverty_line_idr * stated.household_size)),
        },
    )
    return Part(_("Income"), _points(guideline.weight_income, missing, none_at), guideline.weight_income, why)


def _worker_part(stated: Circumstances, guideline: Guideline) -> Part:
    if stated.household_workers == 0:
        why, has_points = Text(_("Nobody in the household has work.")), 1
    else:
        template = _("People of the household who work: {workers}; points only when nobody does.")
        why, has_points = Text(template, {"workers": stated.household_workers}), 0
    weight = guideline.weight_no_worker
    return Part(_("Nobody working"), _points(weight, has_points, 1), weight, why)


def _disability_part(stated: Circumstances, guideline: Guideline) -> Part:
    if stated.disability:
        why, has_points = Text(_("Lives with a disability.")), 1
    else:
        why, has_points = Text(_("No disability stated.")), 0
    weight = guideline.weight_disability
    return Part(_("Disability"), _points(weight, has_points, 1), weight, why)


def warnings_nik(
    nik: str,
    birth_date: datetime.date | None,
    sex: str,
    place_code: str,
    *,
    applied_on: datetime.date,
    is_invented: bool = False,
) -> list[Text]:
    """What is odd about a NIK; never a ground for refusal, since a NIK stays as first issued, mistakes included.

    Invented people have an impossible serial on purpose; of them it is not reported.
    """
    if faults := warnings_digits(nik):
        return of_kind(Trouble.NIK, faults)
    is_woman = int(nik[6:8]) > WOMEN_ADD_TO_DAY
    found = _warnings_birth(nik, birth_date, applied_on, is_woman=is_woman)
    if nik.endswith(IMPOSSIBLE_SERIAL) and not is_invented:
        found.append(Text(_("The NIK ends in 0000, which is never issued.")))
    if is_woman and sex == Sex.MALE:
        found.append(Text(_("The NIK is a woman's, the application says man.")))
    if not is_woman and sex == Sex.FEMALE:
        found.append(Text(_("The NIK is a man's, the application says woman.")))
    if nik[:4] != place_code.replace(".", "")[:4]:
        template = _("The NIK was first issued in another city or regency (code {region}).")
        found.append(Found(template, {"region": f"{nik[:2]}.{nik[2:4]}"}, Trouble.NIK_ELSEWHERE))
    return of_kind(Trouble.NIK, found)


def _warnings_birth(
    nik: str, birth_date: datetime.date | None, applied_on: datetime.date, *, is_woman: bool
) -> list[Text]:
    day, month, year = int(nik[6:8]) - WOMEN_ADD_TO_DAY * is_woman, int(nik[8:10]), int(nik[10:12])
    found = []
    if not 1 <= day <= 31:
        found.append(Text(_("The NIK has no possible day of birth ({day})."), {"day": nik[6:8]}))
    if not 1 <= month <= 12:
        found.append(Text(_("The NIK has no possible month of birth ({month})."), {"month": nik[8:10]}))
    if found or not birth_date or (day, month, year) == (birth_date.day, birth_date.month, birth_date.year % 100):
        return found
    try:  # a NIK has two digits of the year: the last such year before applying
        in_nik = datetime.date(applied_on.year - (applied_on.year - year) % 100, month, day)
    except ValueError:
        return [Text(_("The NIK has no possible day of birth ({day})."), {"day": nik[6:8]})]
    template = _("The NIK says born on {in_nik}, the application {stated}.")
    return [Text(template, {"in_nik": in_nik, "stated": birth_date})]


def warnings_digits(nik: str) -> list[Text]:
    """Whether a NIK has sixteen digits."""
    if not re.fullmatch(r"[0-9]+", nik):
        return [Text(_("The NIK has characters that are not digits."))]
    if len(nik) != IDENTITY_DIGITS:
        return [Text(_("The NIK has {digits} digits instead of 16."), {"digits": len(nik)})]
    return []


def warnings_family_card(family_card: str) -> list[Text]:
    """What is odd about the number of a family card; none may be given."""
    if not family_card or re.fullmatch(rf"[0-9]{{{IDENTITY_DIGITS}}}", family_card):
        return []
    return [Found(_("The family card number does not have 16 digits."), {}, Trouble.FAMILY_CARD)]


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


def reasons_no_purpose(purpose: str) -> list[Text]:
    """Personal numbers are shown only for a reason that the log can keep."""
    if len(purpose.strip()) >= 5:
        return []
    return [Text(_("Say in a few words why you need to see the numbers."))]


def reasons_no_reason(reason: str) -> list[Text]:
    """Nobody is taken out of the programme without the log keeping why."""
    if reason.strip():
        return []
    return [Text(_("Say why the application is withdrawn; it is kept with the application."))]


def warning_after_freezing(reason: Text) -> Text:
    """What would have kept somebody out of the pool, had it been known before the pool was frozen."""
    kind = reason.kind if isinstance(reason, Found) else ""
    return Found(_("Known only after the pool was frozen: {reason}"), {"reason": reason}, kind)


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
STEP_CODES = tuple(step.code for step in STEPS)


def papers_asked(required: str, *, disability: str, earlier_assistance: bool) -> list[PaperKind]:
    """The papers that a rule set asks of somebody, in order."""
    needless = set() if disability else {PaperKind.DISABILITY}
    needless |= set() if earlier_assistance else {PaperKind.REPORT}
    return [kind for kind in PaperKind if kind in required.split() and kind not in needless]


class Outcome(Labelled):
    """What became of an objection."""

    OPEN = "open", _("Not answered yet")
    UPHELD = "upheld", _("The objection is right")
    REJECTED = "rejected", _("The assessment stands")


def last_day_to_object(assessed_on: datetime.date | None, days: int) -> datetime.date | None:
    """Until when somebody can object to the assessment of a day; never before there is one."""
    return assessed_on + datetime.timedelta(days=days) if assessed_on else None


def reasons_no_objection(
    *, status: str, last_day: datetime.date | None, day: datetime.date, is_open: bool
) -> list[Text]:
    """Why nobody can object to an assessment now."""
    if status == Status.WITHDRAWN:
        return [Text(_("This application was withdrawn."))]
    if last_day is None:
        return [Text(_("The office has not assessed this application yet, so there is nothing to object to."))]
    if day > last_day:
        return [Text(_("Objections to this assessment could be filed until {last}."), {"last": last_day})]
    if is_open:
        return [Text(_("Your last objection waits for its answer."))]
    return []


def reasons_not_answered(outcome: str, answer: str) -> list[Text]:
    """An answer to an objection says yes or no, and why."""
    if outcome not in (Outcome.UPHELD, Outcome.REJECTED):
        return [Text(_("Choose whether the objection is right or the assessment stands."))]
    if len(answer.strip()) < 20:
        return [Text(_("Say in a sentence or two why; the applicant reads it."))]
    return []


class GroupRole(Labelled):
    """What somebody does in a group that applies together."""

    HEAD = "head", _("Head")
    SECRETARY = "secretary", _("Secretary")
    TREASURER = "treasurer", _("Treasurer")
    MEMBER = "member", _("Member")


OFFICERS = (GroupRole.HEAD, GroupRole.SECRETARY, GroupRole.TREASURER)


def reasons_not_joining(*, status: str, is_in_group: bool, members: int, most: int, is_same_field: bool) -> list[Text]:
    """Why somebody cannot join a group."""
    if status == Status.WITHDRAWN:
        return [Text(_("This application was withdrawn."))]
    if is_in_group:
        return [Text(_("You are in a group already. Leave it first."))]
    if not is_same_field:
        return [Text(_("This group applies for another field than you. A group has one kind of business."))]
    if members >= most:
        template = _("This group is full: it has {members} members, the most are {most}.")
        return [Text(template, {"members": members, "most": most})]
    return []


def missing_in_group(members: int, roles: Iterable[str], *, least: int) -> list[Text]:
    """What a group still needs before it is complete."""
    found = []
    if members < least:
        template = _("Members still to join: {missing} (at least {least} in all).")
        found.append(Text(template, {"missing": least - members, "least": least}))
    held = set(roles)
    found += [Text(_("Still to name: {role}"), {"role": Text(role.label)}) for role in OFFICERS if role not in held]
    return found


def reasons_not_leaving(role: str, members: int) -> list[Text]:
    """The head stays while there are others."""
    if role == GroupRole.HEAD and members > 1:
        return [Text(_("You are the head of this group. Make another member the head first."))]
    return []
