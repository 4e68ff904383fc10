from django.utils.translation import gettext_lazy as _

from kawasan.programmes.forms import RowForm
from kawasan.value_chain.models import Activity, ActivityFlow, ActivityResource, Commodity, Demand


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
    given = RowForm.given | {"activity"}

    class Meta:
        model = ActivityFlow
        fields = ("direction", "commodity", "quantity", "source")


class ResourceUseForm(RowForm):
    given = RowForm.given | {"activity"}

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
