"""The kinds of what looks odd about an application or speaks against it."""

from collections.abc import Sequence

from kawasan.core.text import Found, Labelled, Text, _


class Trouble(Labelled):
    """The kinds of what speaks against an application or looks odd about it, as the page of trouble has them."""

    SAME_NIK = "same_nik", _("One NIK, several people")
    DOUBLE = "double", _("Perhaps one person under two names")
    AGAIN = "again", _("Applied more than once")
    HOUSEHOLD = "household", _("Several of one household")
    HOUSEHOLD_NUMBERS = "household_numbers", _("Numbers of the household do not fit")
    PHONE = "phone", _("One phone, many people")
    ACCOUNT = "account", _("Bank account")
    DEVICE = "device", _("One device, many applications")
    PHOTO = "photo", _("One photo, several people")
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
    RULE = "rule", _("Another rule of the guideline")
    LIMIT = "limit", _("At the limit of another rule")
    RULES = "rules", _("Cannot be assessed")


TO_DO = {
    Trouble.SAME_NIK: _("See the identity cards of all. One person applies once; a slip of the pen is corrected."),
    Trouble.DOUBLE: _("Compare the two under “Possible doubles” and decide there."),
    Trouble.AGAIN: _("The first application counts. If that is the wrong one, withdraw it and assess again."),
    Trouble.HOUSEHOLD: _("Allowed: the draw seats no more of a household than the rule set says. Nothing to do."),
    Trouble.HOUSEHOLD_NUMBERS: _("Count with the person, by the family card and by who lives there, and correct it."),
    Trouble.PHONE: _("Ask whose phone it is. A broker who applies for others, or a family without phones of its own?"),
    Trouble.ACCOUNT: _("Assistance is paid to its receiver alone. See the first page of the bank book."),
    Trouble.DEVICE: _("Ask who filled the forms in: a village office that helps, or a broker?"),
    Trouble.PHOTO: _("Look at both photos. One paper handed in for two people is a mistake, or a borrowed name."),
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
    Trouble.RULE: _("Refused by the rule set. Compare what was stated with the papers once more."),
    Trouble.LIMIT: _("Allowed. A little more or less would refuse them, so see what proves it."),
    Trouble.NAME: _("Decree, certificate and bank need the name as on the identity card, without titles."),
    Trouble.RULES: _("Put the rule sets and need bands of the programme right, then assess."),
}
"""What somebody who verifies does about each kind."""


def of_kind(kind: Trouble, texts: Sequence[Text]) -> list[Text]:
    """The sentences with the kind of trouble they tell of; one that has its kind keeps it."""
    return [text if isinstance(text, Found) else Found(text.template, text.params, kind) for text in texts]


def kinds_of(texts: Sequence[Text]) -> str:
    """The kinds of trouble that sentences tell of, each between commas, so that one is found among them."""
    found = sorted({text.kind for text in texts if isinstance(text, Found)})
    return f",{','.join(found)}," if found else ""
