"""What a person types about a change of what decides about an application."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kawasan.core.forms import Form


class ReasonForm(Form):
    """Why what decides about an application should be changed."""

    reason = forms.CharField(
        label=_("Why, and what it rests on"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 2, "placeholder": _("e.g. identity card seen on the visit")}),
        help_text=_("Needed when you change what is marked with “two people”: a second person reads it."),
    )


class RejectForm(Form):
    why = forms.CharField(
        label=_("Why is the change rejected?"), max_length=1000, widget=forms.Textarea({"rows": 2}), required=False
    )
