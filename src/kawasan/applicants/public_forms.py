"""The public form: an application in short pages, with the columns of the office's form."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.core import signing
from django.db.models import Model
from django.forms.models import ModelChoiceIterator
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext_lazy as _

from kawasan.applicants import rules
from kawasan.applicants.forms import ApplicantForm, PersonForm, PlaceField
from kawasan.applicants.models import PublicForm
from kawasan.applicants.rules import ConsentKind, Outcome, Step
from kawasan.areas.models import Place
from kawasan.core.forms import Form, RupiahField
from kawasan.core.language import date, number, rupiah
from kawasan.core.photos import PhotoUpload
from kawasan.core.templatetags.kawasan import yes_no
from kawasan.core.text import Text
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Programme

PROOF_SALT = "kawasan.proof"
PROOF_AGE = datetime.timedelta(hours=1)


HINTS = {
    "nik": _("16 digits. Compare them with your card before you go on."),
    "name": _("As on your card. One word is enough when the card has one."),
    "family_card": _("16 digits, at the top of the family card. People with the same card are one household."),
    "phone": _("For the office to reach you. Leave it empty if you have none."),
    "address": _("Street or lane and number, where you live now."),
    "disability": _("Leave it empty if you live without one."),
    "months_without_work": _("Full months until today; 0 if you work."),
    "household_size": _("Everybody who eats from one kitchen, you included."),
    "household_income_idr": _("Of all people of the household together, in an ordinary month."),
    "dependants": _("People who live from your income."),
    "household_workers": _("People of the household who have work, you included."),
    "earlier_assistance": _("From a ministry, the province or the city, to start or widen a business."),
    "helped_by": _("The name of whoever fills this in for you or with you. Leave it empty if nobody does."),
    "desil": _("A number from 1 to 10 in the national register. Leave it empty if you do not know it."),
    "desil_source": _("For example: cekbansos, or the kelurahan."),
    "disaster": _("Flood, fire or another one within the last twelve months, and who can confirm it. Else empty."),
    "idea": _("What do you want to make or do, and who will buy it? Two or three sentences are enough."),
}


class DistrictIterator(ModelChoiceIterator):
    """Places under the name of their district."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        yield ("", self.field.empty_label)
        for district, places in groupby(self.queryset, key=lambda place: place.parent):
            offered = [self.choice(place) for place in places]
            if district:
                yield (district.name, offered)
            else:
                yield from offered


class GroupedPlaceField(PlaceField):
    iterator = DistrictIterator

    def label_from_instance(self, obj: Place) -> str:
        return obj.name


class OwnPersonForm(PersonForm):
    """Who applies, as people say it of themselves."""

    given = frozenset()  # the service gives programme and code, and checks what is unique

    class Meta(PersonForm.Meta):
        field_classes = {"place": GroupedPlaceField}  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["birth_date"].required = True  # the applicant's page asks for it
        _hint(self)


class OwnApplicantForm(ApplicantForm):
    """What somebody applies for; the day is that of sending."""

    given = frozenset()

    class Meta(ApplicantForm.Meta):
        exclude = ("applied_on",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _hint(self)


def _hint(form: forms.BaseForm) -> None:
    for name, field in form.fields.items():
        field.help_text = HINTS.get(name, "")


def form_of(step: Step, programme: Programme, answers: dict[str, Any], data: Any = None) -> RowForm:
    """The fields of one page, filled in with what was answered before."""
    kind = OwnPersonForm if step.is_about_person else OwnApplicantForm
    form = kind(data, programme=programme, initial={name: answers.get(name) for name in step.fields})
    for name in [name for name in form.fields if name not in step.fields]:
        del form.fields[name]
    form.order_fields(step.fields)
    return form


def answers_of(form: RowForm) -> dict[str, Any]:
    """What was answered, as JSON keeps it and any language reads it."""
    return {name: "" if value is None else _kept(value) for name, value in form.cleaned_data.items()}


def _kept(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, Model):
        return str(value.pk)
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def whole(programme: Programme, answers: dict[str, Any]) -> tuple[OwnPersonForm, OwnApplicantForm]:
    """All pages as the two forms that the office fills in."""
    written = {
        name: value if isinstance(value, bool) else str(value or 0) if isinstance(value, int) else value or ""
        for name, value in answers.items()
    }
    return OwnPersonForm(written, programme=programme), OwnApplicantForm(written, programme=programme)


def unfinished(person: OwnPersonForm, applicant: OwnApplicantForm, steps: Sequence[Step]) -> list[Step]:
    """The pages of which something is missing or no longer right."""
    wrong = {*person.errors, *applicant.errors}
    return [step for step in steps if wrong.intersection(step.fields)]


def odd(form: RowForm, programme: Programme, day: datetime.date) -> list[Text]:
    """What looks odd on a page: said kindly, and in nobody's way."""
    said = form.cleaned_data
    found: list[Text] = []
    if "nik" in said:
        area = programme.area_code
        found += rules.warnings_nik(said["nik"], said["birth_date"], said["sex"], area, applied_on=day)
    if "family_card" in said:
        found += rules.warnings_family_card(said["family_card"])
    return rules.in_kind_words(found)


def mark_of(form: RowForm) -> str:
    """What tells that somebody has seen the remarks about these very answers."""
    return salted_hmac("kawasan.seen", repr(sorted(answers_of(form).items()))).hexdigest()


def shown(value: Any, field: forms.Field) -> str:
    """An answer as people read it."""
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return str(yes_no(value))
    if isinstance(value, datetime.date):
        return date(value)
    if isinstance(value, int):
        return rupiah(value) if isinstance(field, RupiahField) else number(value)
    return str(dict(getattr(field, "choices", ())).get(value, value) if isinstance(value, str) else value)


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a browser works on, or a person without a script answers, before an application begins."""

    nonce: str
    token: str

    @classmethod
    def new(cls) -> "Challenge":
        nonce = get_random_string(16, "0123456789abcdef")
        return cls(nonce, signing.dumps(nonce, salt=PROOF_SALT))

    @property
    def question(self) -> tuple[int, int]:
        return rules.question(self.nonce)


class StartForm(Form):
    """Begins an application; asks machines for work and people for a sum."""

    website = forms.CharField(required=False)
    challenge = forms.CharField(max_length=200, error_messages={"required": _("Open this page anew and try again.")})
    proof = forms.CharField(required=False, max_length=12)
    total = forms.CharField(required=False, max_length=4)

    nonce = ""
    is_proven = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("website"):
            raise forms.ValidationError(_("Leave the last field empty, then press the button again."))
        if token := cleaned.get("challenge"):
            self._check(token, cleaned)
        return cleaned

    def _check(self, token: str, cleaned: dict[str, Any]) -> None:
        try:
            self.nonce = signing.loads(token, salt=PROOF_SALT, max_age=PROOF_AGE)
        except signing.BadSignature as error:
            raise forms.ValidationError(_("This page was open for too long. Try again now.")) from error
        self.is_proven = rules.has_proof(token, cleaned.get("proof", ""))
        if not self.is_proven and cleaned.get("total", "").strip() != str(sum(rules.question(self.nonce))):
            raise forms.ValidationError(_("The sum is not right. Here is another one."))


class ResumeForm(Form):
    code = forms.CharField(
        label=_("Your code"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("Twelve letters and digits, e.g. 7KQM-3X2P-Z9TD."),
    )


class SendForm(Form):
    """What an applicant agrees to before the application is sent."""

    notice = forms.BooleanField(label=_(ConsentKind.NOTICE.label))
    photos = forms.BooleanField(label=_(ConsentKind.PHOTOS.label), required=False)

    def consents(self) -> list[ConsentKind]:
        return [ConsentKind(name) for name, is_given in self.cleaned_data.items() if is_given]


class HeardForm(SendForm):
    """The same of somebody to whom it was read."""

    notice = forms.BooleanField(
        label=_("I have read the notice to the person, who agrees and says that the answers are true.")
    )
    photos = forms.BooleanField(
        label=_("The person agrees that photos of them and of their business may be published."), required=False
    )


class PaperForm(Form):
    photo = PhotoUpload(
        label=_("Photo"),
        help_text=_("Lay the paper flat in good light; every letter must be readable. At most 10 MB."),
    )


class ObjectionForm(Form):
    text = forms.CharField(
        label=_("What is wrong, and why?"),
        max_length=2000,
        min_length=10,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Name the reason or the number that is wrong, and what is right."),
    )


class AnswerForm(Form):
    """What the office answers to an objection."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(one.value, _(one.label)) for one in (Outcome.UPHELD, Outcome.REJECTED)],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Why? The applicant reads this."), max_length=2000, widget=forms.Textarea({"rows": 5})
    )


class PublicFormForm(RowForm):
    """When the public form is open, and where people complain."""

    class Meta:
        model = PublicForm
        fields = ("milestone", "is_open", "complaints")
        help_texts = {  # noqa: RUF012
            "milestone": _("Empty: the first step of the stage “Applicants”. Its days are changed in the calendar."),
            "is_open": _("Counts only while the calendar has no step for applications."),
            "complaints": _("Read by everybody: an office, an address, a phone number."),
        }
