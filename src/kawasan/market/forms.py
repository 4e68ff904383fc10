import datetime
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kawasan.core.forms import MOST_QUANTITY, DateInput, Form, ModelForm, NumberField, offer
from kawasan.core.language import unit
from kawasan.core.models import User
from kawasan.core.photos import PhotoUpload
from kawasan.enterprises.models import Enterprise
from kawasan.enterprises.rules import EnterpriseStatus
from kawasan.market.models import CatalogueEntry, Contract, Delivery, Order, Part, Showing
from kawasan.market.rules import StepKind
from kawasan.partners.models import Organisation
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Programme
from kawasan.value_chain.models import Commodity
from kawasan.value_chain.rules import Direction


class ContractForm(RowForm):
    """The terms of a contract; a mentor chooses among the enterprises of the own groups."""

    class Meta:
        model = Contract
        fields = (
            "demand", "enterprise", "quantity_per_month", "grade", "price_idr", "payment_days", "penalty", "signed_on",
            "starts_on", "ends_on", "source",
        )  # fmt: skip
        help_texts: ClassVar = {
            "quantity_per_month": _("In the unit of the demand's commodity."),
            "penalty": _("What follows when too little or too late is delivered; empty if nothing was agreed."),
            "source": _("Where the contract can be read, e.g. the number of the letter."),
        }

    def __init__(self, *args: Any, programme: Programme, mentor: User | None, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        if mentor:
            offer(self, "enterprise", programme.enterprises.mentored_by(mentor))
        offer(self, "demand", programme.demands.select_related("offtaker", "commodity"))


class OrderForm(RowForm):
    """An order that stands alone; an offtaker orders for its own organisation."""

    class Meta:
        model = Order
        fields = ("offtaker", "commodity", "grade", "quantity", "due_on", "price_idr", "payment_days", "source")
        help_texts: ClassVar = {
            "quantity": _("In the unit of the commodity."),
            "source": _("Where the order can be read, e.g. the number of the letter or the day of the message."),
        }

    def __init__(
        self, *args: Any, programme: Programme, ours: Organisation | None, is_office: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        is_sold = Q(flows__direction=Direction.OUTPUT) | Q(demands__isnull=False)  # the rest is only bought
        offer(self, "commodity", programme.commodities.filter(is_sold).distinct())
        if not is_office:
            self.fields["offtaker"].initial = ours
            offer(self, "offtaker", programme.organisations.filter(pk=ours.pk if ours else 0))
            return
        is_buyer = Q(kind="offtaker") | Q(demands__isnull=False)
        offer(self, "offtaker", programme.organisations.filter(is_buyer).distinct())


class ContractOrderForm(RowForm):
    """What is ordered under a contract: the rest stands in the contract."""

    class Meta:
        model = Order
        fields = ("quantity", "due_on", "source")
        help_texts: ClassVar = {"source": OrderForm.Meta.help_texts["source"]}

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quantity"].help_text = in_unit(contract.demand.commodity)


class ReasonForm(Form):
    reason = forms.CharField(label=_("Why"), max_length=300)


class PartForm(RowForm):
    class Meta:
        model = Part
        fields = ("enterprise", "quantity")

    def __init__(self, *args: Any, order: Order, left: float, **kwargs: Any) -> None:
        super().__init__(*args, initial={"quantity": left}, **kwargs)
        self.fields["quantity"].help_text = in_unit(order.commodity)
        offer(self, "enterprise", order.programme.enterprises.exclude(status=EnterpriseStatus.CLOSED))


class AnswerForm(Form):
    """The owner's word; somebody who passes it on says how it was given."""

    is_accepted = forms.TypedChoiceField(
        label=_("Answer"),
        choices=[("yes", _("I bring this part")), ("no", _("I cannot bring it"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_own:
            self.fields["note"].required = True
            self.fields["note"].help_text = _("How the owner said it, e.g. on the phone on 3 February.")


class DeliveryForm(RowForm):
    """What the enterprise says it handed over; grade and price are those agreed unless it says otherwise."""

    class Meta:
        model = Delivery
        fields = ("delivered_on", "quantity", "grade", "price_idr")

    def __init__(self, *args: Any, terms: Any, today: datetime.date, **kwargs: Any) -> None:
        first = {"delivered_on": today, "grade": terms.grade, "price_idr": terms.price_idr}
        super().__init__(*args, initial=first | kwargs.pop("initial", {}), **kwargs)
        self.fields["delivered_on"].widget.attrs["max"] = today.isoformat()
        self.fields["quantity"].help_text = in_unit(terms.commodity)
        self.fields["price_idr"].required = False
        self.fields["price_idr"].help_text = _("Empty for the price that was agreed.")

    def _get_validation_exclusions(self) -> set[str]:
        """An empty price is filled in by the service."""
        return super()._get_validation_exclusions() | {"price_idr"}

    def stated(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class OrderDeliveryForm(DeliveryForm):
    """The same for an order, by one of those who accepted a part."""

    class Meta(DeliveryForm.Meta):
        fields = ("enterprise", *DeliveryForm.Meta.fields)  # type: ignore[assignment]  # one more field

    def __init__(self, *args: Any, enterprises: QuerySet[Enterprise], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "enterprise", enterprises)
        self.fields["enterprise"].required = True


def in_unit(commodity: Commodity) -> str:
    """In which unit a quantity is to be written."""
    return gettext("In %(unit)s.") % {"unit": unit(commodity.unit)}


class SayForm(Form):
    """What one side says of a delivery; who speaks for it with a paper names the paper."""

    def __init__(self, *args: Any, delivery: Delivery, by_paper: bool, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_paper:
            note = forms.CharField(label=_("Paper that the offtaker signed"), max_length=300)
            note.help_text = _("Its number and day, e.g. delivery note 12 of 3 February.")
            self.fields.setdefault("note", note)


class ConfirmForm(SayForm):
    quantity = NumberField(label=_("Accepted quantity"), min_value=0, max_value=MOST_QUANTITY)

    def __init__(self, *args: Any, delivery: Delivery, **kwargs: Any) -> None:
        super().__init__(*args, delivery=delivery, **kwargs)
        self.fields["quantity"].initial = delivery.quantity
        self.fields["quantity"].help_text = in_unit(delivery.commodity)


class SayWhyForm(SayForm):
    note = forms.CharField(label=_("Reason"), max_length=300)


class PaidForm(SayForm):
    dated = forms.DateField(label=_("Day of the payment"), widget=DateInput())

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.fields["dated"].initial = today


SAY_FORMS: dict[str, type[SayForm]] = {
    StepKind.CONFIRMED: ConfirmForm,
    StepKind.DISPUTED: SayWhyForm,
    StepKind.PAID: PaidForm,
    StepKind.RECEIVED: PaidForm,
    StepKind.NOT_RECEIVED: SayWhyForm,
}


class ShowingForm(ModelForm):
    """What an owner agrees to; everything can be taken back."""

    class Meta:
        model = Showing
        fields = ("is_shown", "phone")
        help_texts: ClassVar = {
            "is_shown": _(
                "Everybody on the internet sees the name of the enterprise, its village, and the products with price "
                "and photo. You can take it back on any day."
            ),
            "phone": _("Only if you want customers to write to you. Empty: no number is shown."),
        }


class ProductForm(ModelForm):
    photo = PhotoUpload(label=_("Photo"), required=False, help_text=_("Of the product alone, without people."))

    class Meta:
        model = CatalogueEntry
        fields = ("about",)


class SearchForm(forms.Form):
    search = forms.CharField(label=_("Search"), required=False, max_length=100)

    def words(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("search", "")


class OrderFilterForm(forms.Form):
    """What the list of orders is narrowed to; an unknown value in the address counts as none."""

    search = forms.CharField(label=_("Search"), required=False)
    state = forms.ChoiceField(
        label=_("Orders"),
        required=False,
        choices=[("", _("All")), ("open", _("Still awaited")), ("late", _("Late")), ("short", _("Short"))],
    )

    def wanted(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


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
