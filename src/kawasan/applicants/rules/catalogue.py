"""What a rule of a guideline may look at, how it may compare, and what it says when it does not hold."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from kawasan.applicants.rules.stated import Circumstances, Education, Sex, Work, age_on
from kawasan.applicants.rules.trouble import Trouble
from kawasan.core.text import Labelled, Text, _

PLACE_CODE = re.compile(r"[0-9]{2}(\.[0-9]{2}){0,2}(\.[0-9]{4})?")
GAP = re.compile(r"\{([^{}]*)\}")
GAPS = ("value", "stated")  # what the reason of a rule may name: its value, and what the applicant stated
MOST_NUMBER = 10**12


class Kind(Labelled):
    """The type of what a rule compares with."""

    NUMBER = "number", _("whole number")
    RUPIAH = "rupiah", _("rupiah")
    YES_NO = "yes_no", _("yes or no")
    CHOICE = "choice", _("one of a list")
    PLACE = "place", _("place")


class Comparison(Labelled):
    AT_LEAST = "at_least", _("at least")
    AT_MOST = "at_most", _("at most")
    IS = "is", _("is")
    IS_NOT = "is_not", _("is not")
    IS_ONE_OF = "is_one_of", _("is one of")
    IS_NONE_OF = "is_none_of", _("is none of")
    WITHIN = "within", _("lies within")


MEASURED = (Kind.NUMBER, Kind.RUPIAH)
OF_MANY = (Comparison.IS_ONE_OF, Comparison.IS_NONE_OF, Comparison.WITHIN)
COMPARISONS = {
    Kind.NUMBER: (Comparison.AT_LEAST, Comparison.AT_MOST),
    Kind.RUPIAH: (Comparison.AT_LEAST, Comparison.AT_MOST),
    Kind.YES_NO: (Comparison.IS,),
    Kind.CHOICE: (Comparison.IS, Comparison.IS_NOT, Comparison.IS_ONE_OF, Comparison.IS_NONE_OF),
    Kind.PLACE: (Comparison.WITHIN,),
}
Value = int | bool | str | tuple[str, ...]
Stated = int | bool | str | Fraction


@dataclass(frozen=True, slots=True)
class Looked:
    """Something that a rule may look at: how it is read, and what is said of it.

    ``read`` gets what was stated and the poverty line, and gives nothing where that is not known; then ``missing``
    says so. ``sentences`` are those by comparison that read better than the general ones.
    """

    label: str
    kind: Kind
    read: Callable[[Circumstances, int], Stated | None]
    unit: str = ""
    trouble: Trouble = Trouble.RULE
    trouble_at_limit: Trouble = Trouble.LIMIT
    choices: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""
    trouble_missing: Trouble = Trouble.RULE
    sentences: Mapping[Comparison, str] = field(default_factory=dict)
    sentences_at_limit: Mapping[Comparison, str] = field(default_factory=dict)

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        return COMPARISONS[self.kind]


def _codes(labelled: type[Labelled]) -> dict[str, str]:
    return {code.value: code.label for code in labelled}


def _age(stated: Circumstances, _line: int) -> int | None:
    return age_on(stated.birth_date, stated.applied_on) if stated.birth_date else None


def _income_per_head(stated: Circumstances, _line: int) -> Fraction:
    return Fraction(stated.household_income_idr, stated.household_size)


def _income_share(stated: Circumstances, line: int) -> Fraction | None:
    return 100 * _income_per_head(stated, line) / line if line else None


CATALOGUE: dict[str, Looked] = {
    "age": Looked(
        _("Age on the day of applying"),
        Kind.NUMBER,
        _age,
        unit="tahun",
        trouble=Trouble.AGE,
        trouble_at_limit=Trouble.AGE_LIMIT,
        missing=_("The date of birth is missing, so the age cannot be checked."),
        trouble_missing=Trouble.BIRTH_DATE,
        sentences={
            Comparison.AT_LEAST: _("{stated} old on the day of applying; the least age is {value}."),
            Comparison.AT_MOST: _("{stated} old on the day of applying; the most is {value}."),
        },
        sentences_at_limit={
            Comparison.AT_LEAST: _("{stated} old on the day of applying, which is the least age."),
            Comparison.AT_MOST: _("{stated} old on the day of applying, which is the most."),
        },
    ),
    "place": Looked(
        _("Place where the person lives"),
        Kind.PLACE,
        lambda stated, _line: stated.place_code,
        trouble=Trouble.PLACE,
        sentences={Comparison.WITHIN: _("Lives outside the area that the rules take ({value}).")},
    ),
    "activity_now": Looked(
        _("Activity now"),
        Kind.CHOICE,
        lambda stated, _line: stated.activity_now,
        trouble=Trouble.WORK,
        choices=_codes(Work),
    ),
    "months_without_work": Looked(
        _("Months without work"), Kind.NUMBER, lambda stated, _line: stated.months_without_work, unit="bulan"
    ),
    "household_size": Looked(
        _("People in the household"), Kind.NUMBER, lambda stated, _line: stated.household_size, unit="orang"
    ),
    "dependants": Looked(_("Dependants"), Kind.NUMBER, lambda stated, _line: stated.dependants, unit="orang"),
    "household_workers": Looked(
        _("Working people in the household"), Kind.NUMBER, lambda stated, _line: stated.household_workers, unit="orang"
    ),
    "household_income_idr": Looked(
        _("Household income a month"), Kind.RUPIAH, lambda stated, _line: stated.household_income_idr
    ),
    "income_per_head_idr": Looked(_("Income per head and month"), Kind.RUPIAH, _income_per_head),
    "income_share": Looked(
        _("Income per head in percent of the poverty line"),
        Kind.NUMBER,
        _income_share,
        unit="%",
        missing=_("The rule set has no poverty line, so incomes cannot be held against it."),
    ),
    "earlier_assistance": Looked(
        _("Got assistance before"),
        Kind.YES_NO,
        lambda stated, _line: stated.earlier_assistance,
        trouble=Trouble.ASSISTANCE,
    ),
    "unreported_assistance": Looked(
        _("Got assistance before without handing in its report (LPJ)"),
        Kind.YES_NO,
        lambda stated, _line: stated.earlier_assistance and not stated.earlier_assistance_reported,
        trouble=Trouble.ASSISTANCE,
    ),
    "has_disability": Looked(_("Lives with a disability"), Kind.YES_NO, lambda stated, _line: bool(stated.disability)),
    "education": Looked(_("Education"), Kind.CHOICE, lambda stated, _line: stated.education, choices=_codes(Education)),
    "sex": Looked(_("Sex"), Kind.CHOICE, lambda stated, _line: stated.sex, choices=_codes(Sex)),
}
"""What applicants state, by its code in rows and files."""
GENERAL = {
    Comparison.AT_LEAST: _("{what}: {stated}. The rule asks for at least {value}."),
    Comparison.AT_MOST: _("{what}: {stated}. The rule allows at most {value}."),
    Comparison.IS: _("{what}: {stated}. The rule asks for: {value}."),
    Comparison.IS_NOT: _("{what}: {stated}. The rule does not allow that."),
    Comparison.IS_ONE_OF: _("{what}: {stated}. The rule asks for one of these: {value}."),
    Comparison.IS_NONE_OF: _("{what}: {stated}. The rule allows none of these: {value}."),
    Comparison.WITHIN: _("{what}: {stated}. The rule asks for {value}."),
}
GENERAL_AT_LIMIT = {
    Comparison.AT_LEAST: _("{what}: {stated}, which is the least that the rule allows."),
    Comparison.AT_MOST: _("{what}: {stated}, which is the most that the rule allows."),
}


def parse(looked: Looked, comparison: str, written: str) -> Value:
    """The value of a row that has no reason against it."""
    if looked.kind in MEASURED:
        return int(written)
    if looked.kind == Kind.YES_NO:
        return written == "true"
    return tuple(written.split()) if comparison in OF_MANY else written


def reasons_bad_comparison(looked_at: str, comparison: str) -> list[Text]:
    """Why a rule cannot compare so, and how it can."""
    looked = CATALOGUE[looked_at]
    if comparison in looked.comparisons:
        return []
    template = _('"{comparison}" does not go with {field}; write {allowed}')
    gaps = {"comparison": comparison, "field": looked_at, "allowed": ", ".join(looked.comparisons)}
    return [Text(template, gaps)]


def reasons_bad_value(looked_at: str, comparison: str, written: str) -> list[Text]:
    """Why a rule cannot have this value, and what would be right."""
    looked = CATALOGUE[looked_at]
    check = {
        Kind.NUMBER: _reasons_no_number,
        Kind.RUPIAH: _reasons_no_number,
        Kind.YES_NO: _reasons_no_yes_no,
        Kind.CHOICE: _reasons_no_choice,
        Kind.PLACE: _reasons_no_place,
    }[looked.kind]
    return check(looked, comparison, written)


def _reasons_no_number(looked: Looked, _comparison: str, written: str) -> list[Text]:
    if re.fullmatch(r"[0-9]{1,13}", written) and int(written) <= MOST_NUMBER:
        return []
    return [Text(_('"{value}" is not a whole number; write digits only, for example 17'), {"value": written})]


def _reasons_no_yes_no(_looked: Looked, _comparison: str, written: str) -> list[Text]:
    if written in ("true", "false"):
        return []
    return [Text(_('"{value}" is not true or false; write true or false'), {"value": written})]


def _reasons_no_choice(looked: Looked, comparison: str, written: str) -> list[Text]:
    codes = written.split() if comparison in OF_MANY else [written]
    wrong = [code for code in codes if code not in looked.choices]
    if codes and not wrong:
        return []
    template = (
        _('"{value}" is not allowed; write one or more of these, with spaces: {allowed}')
        if comparison in OF_MANY
        else _('"{value}" is not allowed; write one of these: {allowed}')
    )
    return [Text(template, {"value": wrong[0] if wrong else written, "allowed": ", ".join(looked.choices)})]


def _reasons_no_place(_looked: Looked, _comparison: str, written: str) -> list[Text]:
    wrong = [code for code in written.split() if not PLACE_CODE.fullmatch(code)]
    if written.split() and not wrong:
        return []
    template = _('"{value}" is no code of a place; write codes with spaces, for example 19.71 or 19.71.01.1004')
    return [Text(template, {"value": wrong[0] if wrong else written})]


def reasons_bad_reason(said: str) -> list[Text]:
    """Why the words of a rule cannot be shown: they name something that cannot be filled in."""
    unknown = [gap for gap in GAP.findall(said) if gap not in GAPS]
    if not unknown and not re.search(r"[{}]", GAP.sub("", said)):
        return []
    return [Text(_("Use no other braces than {value} and {stated}."), {gap: f"{{{gap}}}" for gap in GAPS})]


def in_text(looked: Looked, value: Any, names: Mapping[str, str]) -> Text:
    """A value, or what was stated, as people read it."""
    if isinstance(value, tuple):
        return listed([in_text(looked, one, names) for one in value])
    if looked.kind == Kind.RUPIAH:
        return Text("Rp{amount}", {"amount": round(value)})
    if looked.kind == Kind.NUMBER:
        return _measured(looked, value)
    if looked.kind == Kind.YES_NO:
        return Text(_("yes") if value else _("no"))
    if looked.kind == Kind.PLACE:
        return Text("{name}", {"name": names.get(value, value)})
    return Text(looked.choices.get(value, value))


def _measured(looked: Looked, value: int | Fraction) -> Text:
    amount = value if isinstance(value, int) else float(round(value, 2))
    if looked.unit == "%":
        return Text("{amount} %", {"amount": amount})
    gap = "one_unit" if value == 1 else "unit"
    return Text(f"{{amount}} {{{gap}}}", {"amount": amount, gap: looked.unit})


def listed(texts: Sequence[Text]) -> Text:
    """Texts one after the other, with commas."""
    named = {f"part{number}": text for number, text in enumerate(texts)}
    return Text(", ".join(f"{{{name}}}" for name in named), named)
