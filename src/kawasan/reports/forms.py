from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Person
from kawasan.applicants.rules.verification import CheckStage
from kawasan.areas.models import Place
from kawasan.core.forms import DateInput, Form, offer
from kawasan.core.language import choices
from kawasan.core.models import User
from kawasan.partners.models import Organisation
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role
from kawasan.reports.verification_minutes import Scope


class Account(forms.ModelChoiceField):
    def label_from_instance(self, user: Any) -> str:
        return f"{user.name} ({user.username})"


class AccountForm(Form):
    """Links an account that has one of these roles in the programme."""

    roles: tuple[Role, ...] = ()
    user = Account(User.objects.none(), label=_("Account"))

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{type(self).__name__.lower()}_%s"  # two of them stand on one page
        super().__init__(*args, **kwargs)
        self.programme = programme
        members = User.objects.filter(memberships__programme=programme, memberships__role__in=self.roles)
        offer(self, "user", members.distinct().order_by("name"))


class PersonForm(AccountForm):
    roles = (Role.PARTICIPANT,)
    person = forms.CharField(label=_("Code of the application"), max_length=40)

    def clean_person(self) -> Person:
        code = self.cleaned_data["person"].strip()
        applicant = self.programme.applicants.filter(code__iexact=code).select_related("person").first()
        if applicant is None:
            raise ValidationError(_("There is no application with this code. It stands in the list of applicants."))
        return applicant.person


class OrganisationForm(AccountForm):
    roles = (Role.OFFTAKER, Role.PARTNER)
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        offer(self, "organisation", programme.organisations.order_by("name"))


class VerificationMinutesForm(Form):
    """Of which verifications the minutes are."""

    stage = forms.ChoiceField(label=_("Stage"), choices=choices(CheckStage), widget=forms.RadioSelect)
    day = forms.DateField(
        label=_("Day of verifying"), required=False, widget=DateInput, help_text=_("Empty: every day.")
    )
    place = forms.ModelChoiceField(
        Place.objects.none(), label=_("Kelurahan"), required=False, to_field_name="code", empty_label=_("all")
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verified = programme.places.filter(persons__applicants__verifications__programme=programme)
        offer(self, "place", verified.distinct().order_by("name"))

    @property
    def scope(self) -> Scope:
        return Scope(**self.cleaned_data)


class ReceiptForm(Form):
    """What opens the page of an application."""

    number = forms.CharField(
        label=_("Number on your receipt"),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    birth_date = forms.DateField(label=_("Your date of birth"), widget=DateInput)
