"""What looks odd about a name, a number or a date of birth by itself."""

import datetime
import re

from kawasan.applicants.rules.stated import BORN_FROM_AGE, IDENTITY_DIGITS, Sex
from kawasan.applicants.rules.trouble import Trouble, of_kind
from kawasan.core.text import Found, Text, _

WOMEN_ADD_TO_DAY = 40  # a woman's NIK has her day of birth plus 40
IMPOSSIBLE_SERIAL = "0000"  # serials begin at 0001; examples use this one so that no real person is hit


LONGEST_NAME = 60  # characters that a name on a new identity card may have (Permendagri 73/2022)


def warnings_birth_date(birth_date: datetime.date | None, source: str) -> list[Text]:
    """A date that nobody has stated; it is said until somebody writes the real one."""
    if birth_date is None or BORN_FROM_AGE not in source or (birth_date.month, birth_date.day) != (1, 1):
        return []
    template = _("The date of birth is worked out from the age that a file gave; ask for the real one.")
    return [Found(template, {}, Trouble.BIRTH_DATE)]


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
