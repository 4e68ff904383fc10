"""Drawing and filling in the sample that shows whether seats reach those in need, and weights to try out on it."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import LivingCheck
from kawasan.applicants.rules import LEAST_SAMPLE, Chosen, Figure, GroupedBy
from kawasan.core.forms import Form, ModelForm, RupiahField, WholeNumberField
from kawasan.core.language import choices, date
from kawasan.programmes.models import RuleSet

WEIGHTS = (
    "weight_income",
    "weight_unemployed",
    "weight_dependants",
    "weight_no_worker",
    "weight_disability",
    "weight_desil",
    "weight_disaster",
)


class SampleForm(Form):
    size = WholeNumberField(
        label=_("People to visit"),
        min_value=1,
        initial=60,
        help_text=_(
            "At least {least}, or all. With 60 of 400 the errors are known to about 20 points, with 120 to 14."
        ),
    )
    line_idr = RupiahField(
        label=_("A household is in need below (Rp a head and month)"),
        min_value=1,
        help_text=_("As a rule the poverty line of the rule set. It is fixed with the sample."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["size"].help_text = str(self.fields["size"].help_text).format(least=LEAST_SAMPLE)


class LivingForm(ModelForm):
    """What was seen of a household. What the applicant stated is not shown, so that it is not repeated."""

    class Meta:
        model = LivingCheck
        fields = ("household_size", "household_income_idr", "evidence", "why_not", "verified_on")
        labels = {"verified_on": _("Day of the visit")}  # noqa: RUF012 - Django's own way to say it
        help_texts = {  # noqa: RUF012
            "household_income_idr": _("Everything that everybody of the household earns, gifts and assistance too."),
            "evidence": _("For example: visit at home, pay slip of the husband, book of the stall."),
            "why_not": _("Only if nothing could be verified, for example: moved away."),
        }

    def clean_verified_on(self) -> datetime.date | None:
        """A visit is after the sample was drawn, and not still to come."""
        day: datetime.date | None = self.cleaned_data["verified_on"]
        if day and not self.instance.sample.drawn_on <= day <= timezone.localdate():
            drawn = date(self.instance.sample.drawn_on)
            template = _("Write the day of the visit: from the day of the sample ({drawn}) until today.")
            raise forms.ValidationError(template.format(drawn=drawn))
        return day

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("household_income_idr") is not None and not found.get("evidence"):
            self.add_error("evidence", _("Say in a few words what the facts rest on."))
        return found


class WeightsForm(ModelForm):
    """Weights of the need score to try out."""

    class Meta:
        model = RuleSet
        fields = (*WEIGHTS, "poverty_line_idr")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        weights = [found.get(name) for name in WEIGHTS]
        if None not in weights and sum(weights) != 100:  # type: ignore[arg-type]
            raise forms.ValidationError(
                _("The weights add up to {total}; change them until they add up to 100.").format(total=sum(weights))  # type: ignore[arg-type]
            )
        if found.get("poverty_line_idr") == 0:
            self.add_error("poverty_line_idr", _("Write a poverty line above 0."))
        return found


class BehindForm(forms.Form):
    """Which figure opens to its rows."""

    version = forms.CharField(max_length=40, required=False)
    figure = forms.ChoiceField(choices=choices(Figure), required=False)
    by = forms.ChoiceField(choices=choices(GroupedBy), required=False)
    group = forms.CharField(max_length=100, required=False)

    def wanted(self) -> dict[str, str]:
        """What is asked for; what does not exist is not."""
        self.full_clean()
        return {"version": Chosen.SCORE.value, "figure": "", "by": "", "group": ""} | {
            name: value for name, value in self.cleaned_data.items() if value
        }
