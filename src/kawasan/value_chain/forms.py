import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kawasan.core.forms import Form, NumberField, WholeNumberField
from kawasan.core.language import choices, in_words, month_name, words_for_unit
from kawasan.programmes.forms import RowForm
from kawasan.value_chain import rules
from kawasan.value_chain.models import (
    Activity,
    ActivityFlow,
    ActivityPlace,
    ActivityResource,
    ActivitySeason,
    ActivitySkill,
    Commodity,
    Demand,
    ExistingEnterprise,
    KbliCode,
    LocalMarket,
    Price,
    Storage,
    Supplier,
)

AFTER_NUMBER = re.compile(r"(.*\d)\s*([^\d\s.,].*)")
"""A quantity as people write it, with its unit behind."""


class WishesForm(Form):
    """What a planner wants of the next plan."""

    first = forms.ChoiceField(label=_("Wanted first"), choices=choices(rules.Aim))
    second = forms.ChoiceField(
        label=_("Then"),
        choices=[("", _("nothing else")), *choices(rules.Aim)],
        required=False,
        help_text=_("Among all plans that reach the first, the best in this."),
    )
    give_up_percent = WholeNumberField(
        label=_("May be given up of the first (%)"),
        min_value=0,
        max_value=100,
        initial=0,
        help_text=_("The second aim has more room the more of the first may be given up."),
    )
    run_least_percent = WholeNumberField(
        label=_("Work of an enterprise at least (%)"),
        min_value=0,
        max_value=100,
        initial=100,
        help_text=_("Of a full year; less lets the plan start enterprises that cannot sell all they could make."),
    )
    budget_idr = WholeNumberField(
        label=_("Capital for all of them at most (Rp)"),
        min_value=0,
        max_value=10**15,
        required=False,
        help_text=_("What all enterprises may need to start. Leave empty for no limit."),
    )

    @property
    def wishes(self) -> dict[str, Any]:
        """The clean values as the service wants them."""
        wanted = self.cleaned_data
        aims = tuple(dict.fromkeys(aim for aim in (wanted["first"], wanted["second"]) if aim))
        return {"aims": aims} | {name: wanted[name] for name in ("give_up_percent", "run_least_percent", "budget_idr")}


class CommodityForm(RowForm):
    class Meta:
        model = Commodity
        fields = (
            "code",
            "name",
            "name_en",
            "unit",
            "outside_price_idr",
            "perishable_days",
            "transport_idr_per_km",
            "kbli_version",
            "kbli_code",
            "source",
        )
        help_texts = {  # noqa: RUF012 - Django's own form
            "outside_price_idr": _("Rupiah per unit. Leave empty when it cannot be bought outside the area."),
            "perishable_days": _("Leave empty when it does not spoil."),
            "transport_idr_per_km": _("Rupiah to carry one unit one kilometre. Leave empty when it costs nothing."),
            "kbli_code": _("Of the business that makes it. Leave empty for what is only bought."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kbli_version"].required = False  # nothing is asked of what is only bought

    def clean_kbli_version(self) -> str:
        return self.cleaned_data["kbli_version"] or self.instance.kbli_version


class PriceForm(RowForm):
    given = RowForm.given | {"commodity"}

    class Meta:
        model = Price
        fields = ("kind", "price_idr", "highest_idr", "as_of", "place", "source")
        help_texts = {  # noqa: RUF012 - Django's own form
            "highest_idr": _("Only when the source gives a range."),
            "as_of": _("The first day, when the source names only a month or a year."),
            "place": _("Leave empty when the source names none."),
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
            "least_enterprises",
            "most_enterprises",
            "source",
        )
        help_texts = {  # noqa: RUF012 - Django's own form
            "running_cost_idr": _("Rupiah per cycle, without the inputs of the recipe."),
            "capital_idr": _("Rupiah needed to start one enterprise."),
            "least_enterprises": _("How many must start together if any does. 0 when one alone can live."),
            "most_enterprises": _("How many enterprises of the kind the area has room for."),
        }


class QuantityField(NumberField):
    """A number that may have its unit behind it, as in 25 kg; the form compares the unit with the commodity's."""

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]  # as FloatField itself
        found = AFTER_NUMBER.fullmatch(str(value).strip())
        return super().to_python(found[1] if found else value)


class CommodityChoice(forms.ModelChoiceField):
    """A commodity with the unit in which it is counted."""

    def label_from_instance(self, obj: Commodity) -> str:
        return f"{obj} ({in_unit(obj.unit)})"


def in_unit(word: str) -> str:
    return next(iter(words_for_unit(word)), word)


class QuantityForm(RowForm):
    """A row with quantities of a commodity: a unit that is written beside one must be the commodity's."""

    quantities: tuple[str, ...] = ("quantity_per_month",)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        commodity = cleaned.get("commodity")
        for name in self.quantities:
            found = AFTER_NUMBER.fullmatch(str(self.data.get(self.add_prefix(name), "")).strip())
            if not (commodity and found):
                continue
            for reason in rules.reasons_unit_differs(
                found[2], unit=commodity.unit, same=words_for_unit(commodity.unit), name=str(commodity)
            ):
                self.add_error(name, in_words(reason))
        return cleaned


class FlowForm(QuantityForm):
    given = RowForm.given | {"activity"}
    quantities = ("quantity",)

    class Meta:
        model = ActivityFlow
        fields = ("direction", "commodity", "quantity", "loss_percent", "is_by_product", "source")
        field_classes = {"quantity": QuantityField, "commodity": CommodityChoice}  # noqa: RUF012 - Django's own form
        help_texts = {  # noqa: RUF012 - Django's own form
            "quantity": _("What one cycle takes or yields, before losses."),
            "loss_percent": _("Of an output: how much of it dies, breaks or spoils before it is sold or used."),
            "is_by_product": _("Of an output: it only comes along with what the activity is for, e.g. manure."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["loss_percent"].required = False

    def clean_loss_percent(self) -> float:
        return self.cleaned_data["loss_percent"] or 0


class ResourceUseForm(RowForm):
    given = RowForm.given | {"activity"}

    class Meta:
        model = ActivityResource
        fields = ("resource", "quantity", "source")


class SeasonForm(RowForm):
    given = RowForm.given | {"activity"}

    class Meta:
        model = ActivitySeason
        fields = (*rules.MONTHS, "source")
        help_texts = {  # noqa: RUF012 - Django's own form
            "january": _("Per cent of the year's cycles. 8.33 in every month when all are alike; together 100."),
        }


class PlaceForm(RowForm):
    given = RowForm.given | {"activity"}

    class Meta:
        model = ActivityPlace
        fields = ("place", "most_enterprises", "source")
        help_texts = {"place": _("This place and all its parts.")}  # noqa: RUF012 - Django's own form


class SkillForm(RowForm):
    given = RowForm.given | {"activity"}

    class Meta:
        model = ActivitySkill
        fields = ("kind", "people", "source")
        help_texts = {  # noqa: RUF012 - Django's own form
            "kind": _("The kinds of human resources in the catalogue of kinds."),
            "people": _("0.5 when two enterprises share one."),
        }


class MonthsForm(QuantityForm):
    """A row that holds in some months of the year, each of them a box to tick."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["in_months"] = forms.MultipleChoiceField(
            label=_("In which months"),
            choices=[(str(month), month_name(month)) for month in range(1, 13)],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text=_("Tick none when it is every month."),
        )
        self.initial["in_months"] = (self.instance.in_months or "").split()

    def clean_in_months(self) -> str:
        ticked = self.cleaned_data["in_months"]
        return "" if len(ticked) == 12 else " ".join(ticked)


class DemandForm(MonthsForm):
    class Meta:
        model = Demand
        fields = (
            "code",
            "offtaker",
            "commodity",
            "grade",
            "place",
            "quantity_per_month",
            "in_months",
            "price_idr",
            "firmness",
            "valid_from",
            "valid_to",
            "source",
        )
        field_classes = {  # noqa: RUF012 - Django's own form
            "quantity_per_month": QuantityField,
            "commodity": CommodityChoice,
        }
        help_texts = {  # noqa: RUF012 - Django's own form
            "offtaker": _("A buyer that is not in the list is added first, under Partners as an organisation."),
            "grade": _("Leave empty when any grade will do."),
            "price_idr": _("Rupiah per unit that the buyer pays."),
        }


class SupplierForm(MonthsForm):
    class Meta:
        model = Supplier
        fields = (
            "code",
            "organisation",
            "commodity",
            "place",
            "quantity_per_month",
            "price_idr",
            "in_months",
            "source",
        )
        field_classes = {  # noqa: RUF012 - Django's own form
            "quantity_per_month": QuantityField,
            "commodity": CommodityChoice,
        }
        help_texts = {  # noqa: RUF012 - Django's own form
            "organisation": _("Leave empty for traders in general."),
            "place": _("Leave empty when it comes from outside the area; the price then includes the way."),
            "quantity_per_month": _("At most. Leave empty when there is as much as anybody wants."),
        }


class ExistingEnterpriseForm(RowForm):
    class Meta:
        model = ExistingEnterprise
        fields = ("code", "activity", "place", "name", "count", "since", "source")
        help_texts = {"name": _("Only when it is a single one.")}  # noqa: RUF012 - Django's own form


class LocalMarketForm(QuantityForm):
    class Meta:
        model = LocalMarket
        fields = ("commodity", "place", "step", "price_idr", "quantity_per_month", "source")
        field_classes = {  # noqa: RUF012 - Django's own form
            "quantity_per_month": QuantityField,
            "commodity": CommodityChoice,
        }
        help_texts = {  # noqa: RUF012 - Django's own form
            "step": _("1 for what sells at the best price, then 2 and so on."),
            "quantity_per_month": _("What sells at this price, beyond the steps before."),
        }


class StorageForm(QuantityForm):
    quantities = ("capacity",)

    class Meta:
        model = Storage
        fields = ("code", "name", "place", "commodity", "capacity", "keeps_days", "source")
        field_classes = {"capacity": QuantityField, "commodity": CommodityChoice}  # noqa: RUF012 - Django's own form
        help_texts = {  # noqa: RUF012 - Django's own form
            "keeps_days": _("Leave empty when it keeps as long there as anywhere."),
        }


class KbliCodeForm(RowForm):
    """A code keeps its version and its number: enterprises have both."""

    class Meta:
        model = KbliCode
        fields = ("version", "code", "name", "name_en", "source")
        help_texts = {  # noqa: RUF012 - Django's own form
            "code": _("Five digits, zeros in front included, e.g. 01442."),
            "source": _("E.g. Peraturan BPS 7/2025, with the page."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("version")


class RemoveForm(Form):
    """Nothing to fill in: to send it is to say yes."""
