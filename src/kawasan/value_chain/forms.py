from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kawasan.core.forms import ModelForm
from kawasan.programmes.models import Programme
from kawasan.value_chain.models import Activity, ActivityFlow, ActivityResource, Commodity, Demand


class RowForm(ModelForm):
    """A row of one programme: it refers to that programme's rows only, and its code stays once it is given."""

    given: tuple[str, ...] = ("programme",)  # set by the page, yet part of what must be unique

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.programme = programme
        if self.instance.pk:
            self.fields.pop("code", None)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                field.queryset = field.queryset.filter(programme=programme)

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - set(self.given)  # type: ignore[misc] # Django's stubs leave it out


class CommodityForm(RowForm):
    class Meta:
        model = Commodity
        fields = ("code", "name", "name_en", "unit", "outside_price_idr", "perishable_days", "source")
        help_texts = {  # noqa: RUF012 - Django's own form
            "outside_price_idr": _("Rupiah per unit. Leave empty when it cannot be bought outside the area."),
            "perishable_days": _("Leave empty when it does not spoil."),
        }


class ActivityForm(RowForm):
    class Meta:
        model = Activity
        fields = (
            "code",
            "name",
            "name_en",
            "field",
            "stage",
            "kbli_version",
            "kbli_code",
            "cycle_days",
            "cycles_per_year",
            "labour_days",
            "running_cost_idr",
            "capital_idr",
            "most_enterprises",
            "source",
        )
        help_texts = {  # noqa: RUF012 - Django's own form
            "running_cost_idr": _("Rupiah per cycle, without the inputs of the recipe."),
            "capital_idr": _("Rupiah needed to start one enterprise."),
            "most_enterprises": _("How many enterprises of the kind the area has room for."),
        }


class FlowForm(RowForm):
    given = ("programme", "activity")

    class Meta:
        model = ActivityFlow
        fields = ("direction", "commodity", "quantity", "source")


class ResourceUseForm(RowForm):
    given = ("programme", "activity")

    class Meta:
        model = ActivityResource
        fields = ("resource", "quantity", "source")


class DemandForm(RowForm):
    class Meta:
        model = Demand
        fields = (
            "code",
            "offtaker",
            "commodity",
            "place",
            "quantity_per_month",
            "months",
            "price_idr",
            "firmness",
            "valid_from",
            "valid_to",
            "source",
        )
        help_texts = {  # noqa: RUF012 - Django's own form
            "price_idr": _("Rupiah per unit that the buyer pays."),
            "months": _("Months of the year in which the buyer takes it, 1 to 12."),
        }
