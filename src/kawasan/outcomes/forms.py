import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.rules import Sex
from kawasan.core.forms import DateInput, Form, offer, offer_choices
from kawasan.core.language import choices, in_words_lazy
from kawasan.outcomes import rules
from kawasan.outcomes.models import LabourForce, Measurement, Round
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Feature

ALL = ("", _("All"))


class PlanForm(Form):
    starts_on = forms.DateField(
        label=_("First day of the work"),
        widget=DateInput(),
        help_text=_("The baseline is due on this day; the other rounds 1, 2, 3, 6, 12 and 24 months later."),
    )


class MeasurementForm(RowForm):
    """One participant in one round; what is not known is left empty."""

    is_working = forms.TypedChoiceField(
        label=_("Is working"),
        choices=[("", "–"), ("True", _("Yes")), ("False", _("No"))],
        coerce=lambda value: value == "True",
    )

    class Meta:
        model = Measurement
        fields = (
            "measured_on", "is_working", "hours_per_week", "hours_last_week", "was_absent", "wants_more_hours",
            "seeks_work", "is_available", "turnover_idr", "profit_idr", "capacity",
            "capacity_unit", "sales_volume", "sales_unit", "workers", "cash_book", "marketing_area", "note", "source",
        )  # fmt: skip
        widgets: ClassVar = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts: ClassVar = {
            "hours_per_week": _("Leave empty what is not known; do not write 0 for it."),
            "hours_last_week": _("In the last seven days, for pay or profit, in all jobs; 0 when none."),
            "was_absent": _("Only for 0 hours: ill, on leave or between seasons, with work to go back to."),
            "wants_more_hours": _("Only for less than 35 hours: wants to work more, and could."),
            "seeks_work": _("In the last four weeks: asked, applied, or prepared an enterprise."),
            "is_available": _("Could take up work within two weeks."),
            "turnover_idr": _("What was sold in the last month."),
            "profit_idr": _("Sales less costs; with a minus for a loss."),
            "capacity": _(
                "How much could be made in a month, if all was sold. What the enterprise last reported is filled in."
            ),
            "capacity_unit": _("E.g. kg, packs, orders; the same as in the round before."),
            "sales_volume": _("How much was sold in the last month."),
            "sales_unit": _("E.g. kg, packs, orders; the same as in the round before."),
            "workers": _("Everybody who works in the enterprise besides the owner, paid or not."),
            "source": _("How this was learned, e.g. visit, cash book or telephone."),
        }

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measured_on"].widget.attrs["max"] = today.isoformat()
        self.fields["measured_on"].initial = today


class ReportingForm(Form):
    reported_on = forms.DateField(
        label=_("Reporting date"),
        widget=DateInput(),
        help_text=_("The day that the numbers are about: today, or an earlier day after the last reporting date."),
    )


class LabourForceForm(RowForm):
    class Meta:
        model = LabourForce
        fields = ("year", "labour_force", "unemployed", "source")
        help_texts: ClassVar = {"source": _("E.g. BPS, Sakernas August 2022, with its address.")}


class AnalysisForm(Form):
    """What is compared between those drawn and the others, fixed before anybody knows the answers."""

    round = forms.ModelChoiceField(
        Round.objects.none(), label=_("Round that decides"), help_text=_("The other rounds can be estimated too.")
    )
    outcomes = forms.MultipleChoiceField(
        label=_("Outcomes"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(one.code, in_words_lazy(one.label)) for one in rules.OUTCOMES.values()],
        help_text=_("The more are looked at, the stronger each must be to count."),
    )
    covariates = forms.MultipleChoiceField(
        label=_("Adjust for"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=choices(Feature),
        initial=list(rules.COVARIATES),
        help_text=_("What was known of everybody before the draw. It makes the estimate more precise."),
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "round", programme.rounds.filter(months_after__gt=0))


class FilterForm(forms.Form):
    """Which participants the figures are about; an unknown value in the address counts as all."""

    field = forms.ChoiceField(label=_("Field"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=[ALL, *choices(Sex)])

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "field", [ALL, *((field.code, str(field)) for field in programme.fields.all())])

    def wanted(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
