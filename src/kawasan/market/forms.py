import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kawasan.core.forms import MOST_QUANTITY, DateInput, Form, NumberField, offer
from kawasan.core.language import unit
from kawasan.core.models import User
from kawasan.market.models import Contract, Delivery
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Programme


class ContractForm(RowForm):
    """The terms of a contract; a mentor chooses among the enterprises of the own groups."""

    class Meta:
        model = Contract
        fields = (
            "demand", "enterprise", "quantity_per_month", "price_idr", "signed_on", "starts_on", "ends_on", "source",
        )  # fmt: skip
        help_texts: ClassVar = {
            "quantity_per_month": _("In the unit of the demand's commodity."),
            "source": _("Where the contract can be read, e.g. the number of the letter."),
        }

    def __init__(self, *args: Any, programme: Programme, mentor: User | None, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        if mentor:
            offer(self, "enterprise", programme.enterprises.mentored_by(mentor))
        offer(self, "demand", programme.demands.select_related("offtaker", "commodity"))


class DeliveryForm(RowForm):
    class Meta:
        model = Delivery
        fields = ("delivered_on", "quantity")

    def __init__(self, *args: Any, contract: Contract, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"delivered_on": today}, **kwargs)
        self.fields["delivered_on"].widget.attrs["max"] = today.isoformat()
        self.fields["quantity"].help_text = _in_unit_of(contract)


class JudgementForm(Form):
    accepted_quantity = NumberField(label=_("Accepted quantity"), min_value=0, max_value=MOST_QUANTITY)

    def __init__(self, *args: Any, delivery: Delivery, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accepted_quantity"].initial = delivery.quantity
        self.fields["accepted_quantity"].help_text = _in_unit_of(delivery.contract)


def _in_unit_of(contract: Contract) -> str:
    return gettext("In %(unit)s.") % {"unit": unit(contract.demand.commodity.unit)}


class PaymentForm(Form):
    paid_on = forms.DateField(label=_("Day of the payment"), widget=DateInput())


class FilterForm(forms.Form):
    """What the list of contracts is narrowed to; an unknown value in the address counts as none."""

    search = forms.CharField(label=_("Search"), required=False)
    state = forms.ChoiceField(
        label=_("Contracts"),
        required=False,
        choices=[("", _("All")), ("running", _("Running today")), ("overdue", _("With overdue payments"))],
    )

    def wanted(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
