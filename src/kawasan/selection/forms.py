from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kawasan.core.forms import Form, ModelForm, offer
from kawasan.core.language import choices
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Field, Programme
from kawasan.selection.models import Decree, Draw, DrawException
from kawasan.selection.rules import SeatStatus


class SourceForm(ModelForm):
    """Which public value decides; it is said before anybody can know it."""

    class Meta:
        model = Draw
        fields = ("public_value_source",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["public_value_source"].required = True
        self.fields["public_value_source"].help_text = _(
            "Which value of which future day, and where everybody can see it, "
            "for example the closing value of a stock index, or dice thrown before witnesses."
        )


class PublicValueForm(ModelForm):
    class Meta:
        model = Draw
        fields = ("public_value",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["public_value"].required = True
        self.fields["public_value"].help_text = _("Exactly as published; capitals and spaces count.")


class TrialForm(forms.Form):
    seed = forms.CharField(
        label=_("Trial value"), max_length=100, initial="1", help_text=_("Any text; another one gives another trial.")
    )


class ReasonForm(Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ExceptionForm(RowForm):
    """Who is guaranteed a seat or kept out; the applicant is named by the code."""

    class Meta:
        model = DrawException
        fields = ("applicant", "kind", "reason", "decided_by", "decided_on")

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        self.fields["applicant"] = forms.ModelChoiceField(
            programme.applicants.in_pool(),
            label=_("Code of the applicant"),
            to_field_name="code",
            widget=forms.TextInput,
            error_messages={"invalid_choice": _("No eligible applicant has this code. Look it up under Applicants.")},
        )
        self.fields["reason"].widget = forms.Textarea({"rows": 3})
        self.fields["reason"].help_text = _(
            "Everybody can read it, with the pseudonym: do not write the name, the address or anything else that "
            "says who is meant. For example: Decision 12/2022, returned from protective care."
        )
        self.fields["decided_by"].help_text = _("The person or office that decided it")


class SeatFilterForm(forms.Form):
    """Which seats the page shows."""

    list = forms.ChoiceField(
        label=_("List"), required=False, choices=[("", _("Seats given")), ("waiting", _("Waiting list"))]
    )
    field = forms.ModelChoiceField(
        Field.objects.none(), label=_("Field"), required=False, to_field_name="code", empty_label=_("all")
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("all")), *choices(SeatStatus)])
    q = forms.CharField(label=_("Name or code"), required=False, max_length=100)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "field", programme.fields.all())

    def wanted(self) -> dict[str, Any]:
        """What is asked for; a value that does not exist is not asked for."""
        self.full_clean()
        return self.cleaned_data


class DecreeForm(RowForm):
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Decree
        fields = ("number", "dated", "signer", "signer_title")
