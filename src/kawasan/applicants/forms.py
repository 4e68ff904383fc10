from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kawasan.applicants import queries, rules
from kawasan.applicants.models import Applicant, Person
from kawasan.applicants.rules import DECIDED, PairState, Status, Trouble
from kawasan.applicants.services import ANSWERS
from kawasan.areas.models import Place
from kawasan.core.forms import Form, offer
from kawasan.core.language import choices
from kawasan.core.templatetags.kawasan import masked
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Field, NeedBand, Programme

ANY = [("", _("all"))]


class PlaceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Place) -> str:
        return f"{obj.name} ({obj.parent.name})" if obj.parent else obj.name


class PersonForm(RowForm):
    """Who applies."""

    class Meta:
        model = Person
        fields = (
            "nik",
            "name",
            "sex",
            "birth_date",
            "family_card",
            "mother_name",
            "phone",
            "account",
            "bank",
            "account_holder",
            "address",
            "rt",
            "rw",
            "place",
            "education",
            "disability",
        )
        field_classes = {"place": PlaceField}  # noqa: RUF012 - Django's own way to say it
        widgets = {  # noqa: RUF012
            "nik": forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
            "family_card": forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
            "phone": forms.TextInput({"type": "tel", "autocomplete": "off"}),
            "account": forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        places = Place.objects.filter(programme=programme, children=None).select_related("parent")
        offer(self, "place", places.order_by("parent__name", "name"))


class CorrectedPersonForm(PersonForm):
    """As ``PersonForm``, but the identity numbers are not shown; what is left empty stays as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = {name: getattr(self.instance, name) for name in ("nik", "family_card", "account")}
        for name, number in self.kept.items():
            self.initial[name] = ""
            self.fields[name].required = False
            self.fields[name].help_text = _("Now {number}; leave empty to keep it.").format(
                number=masked(number) or "–"
            )

    def clean_nik(self) -> str:
        return self.cleaned_data["nik"] or self.kept["nik"]

    def clean_family_card(self) -> str:
        return self.cleaned_data["family_card"] or self.kept["family_card"]

    def clean_account(self) -> str:
        return self.cleaned_data["account"] or self.kept["account"]


class ApplicantForm(RowForm):
    """What the person applies for, and the circumstances that rules read."""

    class Meta:
        model = Applicant
        fields = ANSWERS
        widgets = {"idea": forms.Textarea({"rows": 3})}  # noqa: RUF012

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name, needed in rules.GIVEN_WITH.items():
            for column in needed if found.get(name) else ():
                if column in self.fields and column not in self.errors and not found.get(column):
                    self.add_error(column, _("This is needed too; without it the answer gives no points."))
        return found


class FilterForm(forms.Form):
    """Which applicants the list shows, and in which order."""

    q = forms.CharField(label=_("Name or code"), required=False, max_length=100)
    field = forms.ModelChoiceField(
        Field.objects.none(), label=_("Field"), required=False, to_field_name="code", empty_label=_("all")
    )
    district = forms.ModelChoiceField(
        Place.objects.none(), label=_("Kecamatan"), required=False, to_field_name="code", empty_label=_("all")
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[*ANY, *choices(Status)])
    need_band = forms.ModelChoiceField(
        NeedBand.objects.none(), label=_("Need band"), required=False, to_field_name="code", empty_label=_("all")
    )
    warnings = forms.ChoiceField(
        label=_("Warnings"), required=False, choices=[*ANY, ("yes", _("to look at")), ("no", _("without"))]
    )
    trouble = forms.ChoiceField(label=_("Trouble"), required=False, choices=[*ANY, *choices(Trouble)])
    papers = forms.ChoiceField(label=_("Papers"), required=False, choices=[*ANY, ("missing", _("not all here"))])
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("code", _("by code")),
            ("name", _("by name")),
            ("need", _("greatest need first")),
            ("applied", _("latest first")),
        ],
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "field", programme.fields.all())
        offer(self, "district", queries.districts(programme))
        offer(self, "need_band", programme.need_bands.all())

    def wanted(self) -> dict[str, Any]:
        """What is asked for; a value that does not exist is not asked for."""
        self.full_clean()
        return self.cleaned_data


class NumberForm(Form):
    number = forms.CharField(
        label=_("NIK, KK, phone or bank account"),
        max_length=40,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )


class PurposeForm(Form):
    purpose = forms.CharField(
        label=_("Why do you need to see the full numbers?"),
        max_length=200,
        widget=forms.TextInput({"placeholder": _("e.g. compare with the identity card")}),
    )


class PairFilterForm(forms.Form):
    """Which pairs of persons the list shows."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("still to decide")), *((state.value, _(state.label)) for state in DECIDED), ("all", _("all"))],
    )

    def wanted(self) -> dict[str, Any]:
        self.full_clean()
        return self.cleaned_data


class DecisionForm(Form):
    """Whether two persons are one."""

    state = forms.ChoiceField(
        label=_("Are these two one person?"),
        choices=[(state.value, _(state.label)) for state in (*DECIDED, PairState.UNSURE)],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What does the decision rest on?"),
        max_length=500,
        required=False,
        widget=forms.TextInput({"placeholder": _("e.g. both identity cards seen")}),
    )
