"""What a person types about verifications: on a phone, item by item."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Verification
from kawasan.applicants.queries.ties import verifiers_of
from kawasan.applicants.queries.verification import checklist_of
from kawasan.applicants.rules import as_one_number, warnings_family_card
from kawasan.applicants.rules import verification as rules
from kawasan.applicants.rules.verification import FINDINGS, CheckStage, CheckState, Finding, Item, Report, Seen
from kawasan.areas.models import Place
from kawasan.core.forms import Form, NumberField, offer, offer_choices
from kawasan.core.language import choices, in_words
from kawasan.core.models import User
from kawasan.core.photos import PhotoUpload
from kawasan.programmes.models import Programme


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name or obj.username)


class PeopleField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name or obj.username)


class RecordForm(Form):
    """The checklist of a verification, what came of it, and where that was seen."""

    latitude = NumberField(
        label=_("Latitude"), required=False, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = NumberField(
        label=_("Longitude"), required=False, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    seen_at = forms.CharField(
        label=_("Where was that?"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"placeholder": _("e.g. at the house; at the office; RT 003/RW 001")}),
    )
    photo = PhotoUpload(label=_("Photo"), required=False, help_text=_("Where and with which phone is removed."))
    result = forms.ChoiceField(label=_("What came of it?"), widget=forms.RadioSelect, required=False)
    differences = forms.CharField(
        label=_("What differs from what was stated?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What was stated, and what you saw. You can propose the change in the next step."),
    )
    reason = forms.CharField(
        label=_("Why is it not confirmed?"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, verification: Verification, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verification = verification
        self.asked = checklist_of(verification)
        findings = FINDINGS[CheckStage(verification.stage)]
        offer_choices(self, "result", [(one.value, _(one.label)) for one in findings])
        for item in self.asked:
            self._ask(item)

    def _ask(self, item: Item) -> None:
        self.fields[f"item_{item.code}"] = forms.ChoiceField(
            label=_(item.question), choices=choices(Seen), widget=forms.RadioSelect, required=False
        )
        self.fields[f"note_{item.code}"] = forms.CharField(
            label=_("Note"), max_length=300, required=False, widget=forms.TextInput({"placeholder": _("Note")})
        )

    @property
    def items(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each item of the checklist with the field of its note."""
        return [(self[f"item_{item.code}"], self[f"note_{item.code}"]) for item in self.asked]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None) and not self.errors:
            self.add_error("longitude", _("Write both latitude and longitude, or neither."))
        if not self.errors:
            for name, text in rules.faults(self.report, self.verification.stage, self.asked).items():
                self.add_error(name if name in self.fields else f"item_{name}", in_words(text))
        return cleaned

    @property
    def report(self) -> Report:
        """What was typed, as the rules read it."""
        typed = self.cleaned_data
        return Report(
            result=typed.get("result", ""),
            reason=typed.get("reason", ""),
            differences=typed.get("differences", ""),
            answers={
                item.code: (typed.get(f"item_{item.code}", ""), typed.get(f"note_{item.code}", ""))
                for item in self.asked
            },
            photos=self.verification.photos.count() + bool(typed.get("photo")),
        )

    @property
    def where(self) -> tuple[float, float] | None:
        typed = self.cleaned_data
        return None if typed["latitude"] is None else (typed["latitude"], typed["longitude"])


class SitePhotoForm(Form):
    photo = PhotoUpload(label=_("Photo"), help_text=_("Where and with which phone is removed. At most 10 MB."))


class WhyForm(Form):
    reason = forms.CharField(label=_("Why?"), max_length=300)


class ClosenessForm(Form):
    relation = forms.CharField(
        label=_("How are you close to this person?"),
        max_length=200,
        help_text=_("e.g. cousin, neighbour, business partner. Kept; the office and auditors see it."),
    )


class OwnCardForm(Form):
    """The family card of a verifier."""

    family_card = forms.CharField(
        label=_("Number of your family card (KK)"),
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("16 digits. Kept encrypted; nobody sees it here again."),
    )

    def clean_family_card(self) -> str:
        number = as_one_number(self.cleaned_data["family_card"])
        if warnings := warnings_family_card(number):
            raise forms.ValidationError([in_words(one) for one in warnings])
        return number


class AssignForm(Form):
    """Gives one application to one person."""

    verifier = PersonField(User.objects.none(), label=_("Verifier"))

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "verifier", verifiers_of(programme))


class ShareOutForm(Form):
    """Gives all that waits to several people."""

    stage = forms.ChoiceField(label=_("Stage"), choices=choices(CheckStage), widget=forms.RadioSelect)
    places = forms.ModelMultipleChoiceField(
        Place.objects.none(),
        label=_("Kelurahan"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: all."),
    )
    verifiers = PeopleField(User.objects.none(), label=_("Verifiers"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lived_in = programme.places.filter(persons__applicants__programme=programme).distinct()
        offer(self, "places", lived_in.order_by("name"))
        offer(self, "verifiers", verifiers_of(programme))


class VerificationFilterForm(forms.Form):
    """Which verifications the list shows."""

    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[("", _("all")), *choices(CheckStage)])
    result = forms.ChoiceField(
        label=_("Result"),
        required=False,
        choices=[("", _("all")), (CheckState.ASSIGNED.value, _(CheckState.ASSIGNED.label)), *choices(Finding)],
    )
    verifier = PersonField(User.objects.none(), label=_("Verifier"), required=False, empty_label=_("all"))
    place = forms.ModelChoiceField(
        Place.objects.none(), label=_("Kelurahan"), required=False, to_field_name="code", empty_label=_("all")
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "verifier", verifiers_of(programme))
        offer(
            self, "place", programme.places.filter(persons__applicants__programme=programme).distinct().order_by("name")
        )

    def wanted(self) -> dict[str, Any]:
        self.full_clean()
        return self.cleaned_data
