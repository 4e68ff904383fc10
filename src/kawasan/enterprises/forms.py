import datetime
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Applicant
from kawasan.core.forms import DateInput, Form, NumberField, RupiahField, offer, offer_choices
from kawasan.core.language import choices, in_language, in_words
from kawasan.core.models import User
from kawasan.core.photos import PhotoUpload
from kawasan.enterprises import queries, rules
from kawasan.enterprises.models import Asset, Capacity, CashEntry, Debt, Enterprise, Product, Sighting, Worker
from kawasan.enterprises.rules import EnterpriseStatus, EntryKind, Owed, StockKind
from kawasan.matching.models import GroupMember
from kawasan.matching.rules import GroupRole
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Programme
from kawasan.selection.models import Seat
from kawasan.value_chain.forms import CommodityChoice, QuantityField, QuantityForm
from kawasan.value_chain.rules import Kbli, kbli_meant, reasons_unclear_kbli

ANY = ("", _("All"))
LINES_AT_ONCE = 22  # as many as a page of paper has


class SuggestInput(forms.TextInput):
    """A line of text that suggests what can be written; it needs no script."""

    template_name = "enterprises/_suggest.html"

    def __init__(self, suggested: Iterable[str] = ()) -> None:
        super().__init__()
        self.suggested = suggested

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        list_id = f"{name}-suggested"
        found = super().get_context(name, value, (attrs or {}) | {"list": list_id, "autocomplete": "off"})
        return found | {"list_id": list_id, "suggested": list(self.suggested)}


class EnterpriseForm(RowForm):
    """What is known of an enterprise; the owner is fixed once it is registered."""

    kbli = forms.CharField(label=_("KBLI code"), max_length=250, widget=SuggestInput)

    class Meta:
        model = Enterprise
        fields: tuple[str, ...] = (
            "name", "field", "activity", "kbli", "place", "started_on",
            "nib", "pirt", "pirt_until", "halal", "halal_until", "status", "source",
        )  # fmt: skip
        help_texts: ClassVar = {
            "activity": _("Leave empty if the enterprise does none of the activities of the value chain."),
            "kbli": _("Type words of what is done, or the digits, and choose; the version is kept with the code."),
            "nib": _("Thirteen digits from OSS. Leave empty if there is none yet."),
            "pirt": _("For packaged home-made food. Leave empty if there is none yet."),
            "halal_until": _("Leave empty if it has no last day."),
            "source": _("Where this was learned, e.g. a visit or the owner's NIB."),
        }

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        offer(self, "place", programme.places.filter(level="village").order_by("name"))
        self.catalogue = [one.plain for one in programme.kbli_codes.all()]
        self.fields["kbli"].widget = SuggestInput([_kbli_words(one) for one in self.catalogue])
        if self.instance.pk:
            self.kept = Kbli(self.instance.kbli_version, self.instance.kbli_code, "", "")
            found = kbli_meant(f"{self.kept.code} {self.kept.version}", self.catalogue)
            self.fields["kbli"].initial = _kbli_words(found[0] if found else self.kept)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        typed = found.pop("kbli", "")
        if not typed:
            return found
        meant = kbli_meant(typed, self.catalogue)
        if not meant and "kbli" not in self.changed_data:
            meant = [self.kept]  # it was given before there was a catalogue
        for reason in reasons_unclear_kbli(typed, meant):
            self.add_error("kbli", in_words(reason))
        if meant:
            found |= {"kbli_version": meant[0].version, "kbli_code": meant[0].code}
        return found


def _kbli_words(one: Kbli) -> str:
    """A code as it is suggested; the year comes last, as it is read."""
    title = in_language(one.name, one.name_en)
    return f"{one.code} {title} (KBLI {one.version})" if title else f"{one.code} (KBLI {one.version})"


class NewEnterpriseForm(EnterpriseForm):
    """The owner is one of the participants, for a mentor one of the own groups'."""

    class Meta(EnterpriseForm.Meta):
        fields = ("owner", *EnterpriseForm.Meta.fields)

    def __init__(self, *args: Any, programme: Programme, mentor: User | None, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        participants = Applicant.objects.filter(programme=programme, seat__in=Seat.objects.participants())
        if mentor:
            participants = participants.filter(group_memberships__group__mentor__user=mentor)
        offer(self, "owner", participants.select_related("person").order_by("person__name"))


class WorkerForm(RowForm):
    class Meta:
        model = Worker
        fields = ("name", "nik", "sex", "is_paid", "since")
        help_texts: ClassVar = {"nik": _("So that nobody is counted in two enterprises. It is stored encrypted.")}


class EndWorkForm(Form):
    until = forms.DateField(label=_("Last day of work"), widget=DateInput())


class MembersForm(Form):
    """The people of the group, all of them unless somebody is taken out."""

    people = forms.ModelMultipleChoiceField(
        GroupMember.objects.none(), label=_("Members"), widget=forms.CheckboxSelectMultiple
    )
    since = forms.DateField(label=_("Since"), widget=DateInput())

    def __init__(self, *args: Any, enterprise: Enterprise, today: datetime.date, **kwargs: Any) -> None:
        people = queries.not_yet_members(enterprise)
        since = today if enterprise.members.exists() else min(enterprise.started_on, today)
        super().__init__(*args, initial={"people": [one.pk for one in people], "since": since}, **kwargs)
        offer(self, "people", people)
        self.fields["people"].label_from_instance = _name_and_role  # type: ignore[attr-defined]
        self.fields["since"].widget.attrs["max"] = today.isoformat()


def _name_and_role(one: GroupMember) -> str:
    return f"{one.applicant.person.name} · {one.get_role_display()}"


class RoleForm(Form):
    role = forms.ChoiceField(label=_("Role"), choices=choices(GroupRole))
    since = forms.DateField(label=_("Since"), widget=DateInput())


class EndMembershipForm(Form):
    until = forms.DateField(label=_("Last day as a member"), widget=DateInput())


class CapacityForm(QuantityForm):
    """What an enterprise can make, in the unit of the commodity."""

    class Meta:
        model = Capacity
        fields = ("commodity", "quantity_per_month", "since", "source")
        field_classes: ClassVar = {"quantity_per_month": QuantityField, "commodity": CommodityChoice}
        help_texts: ClassVar = {
            "quantity_per_month": _("How much it can make in a month, if all was sold. 0 when it can no longer."),
            "source": _("Where this was learned, e.g. a visit or the owner."),
        }

    def __init__(self, *args: Any, enterprise: Enterprise, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"since": today, "commodity": queries.only_output(enterprise)}, **kwargs)
        self.fields["since"].widget.attrs["max"] = today.isoformat()


class AssetForm(RowForm):
    """Something that stays with the enterprise."""

    class Meta:
        model = Asset
        fields: tuple[str, ...] = (
            "name",
            "quantity",
            "value_idr",
            "acquired_on",
            "origin",
            "condition",
            "seen_on",
            "note",
        )

    def __init__(self, *args: Any, enterprise: Enterprise, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen_on": today, "acquired_on": today}, **kwargs)
        self.instance.enterprise = enterprise

    given = frozenset({"programme", "enterprise"})


class SeeAssetForm(AssetForm):
    """How it is now."""

    class Meta(AssetForm.Meta):
        fields = ("condition", "seen_on", "note")


class BookForm(RowForm):
    """A line of the cash book: of a product, the rest follows."""

    class Meta:
        model = CashEntry
        fields = ("kind", "product", "quantity", "amount_idr", "what", "cost_kind", "dated")

    def __init__(self, *args: Any, enterprise: Enterprise, today: datetime.date, **kwargs: Any) -> None:
        given = {"dated": today, "kind": EntryKind.SALE} | kwargs.pop("initial", {})
        super().__init__(*args, initial=given, **kwargs)
        self.instance.enterprise, self.today = enterprise, today
        self.fields["dated"].widget.attrs["max"] = today.isoformat()
        self.fields["what"].required = self.fields["amount_idr"].required = False
        offer(self, "product", enterprise.products.filter(is_sold=True))
        self.fields["product"].empty_label = _("something else")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        product = found.get("product") if found.get("kind") == EntryKind.SALE else None
        quantity = (found.get("quantity") or 1) if product else None
        found |= {"product": product, "quantity": quantity}
        if found.get("kind") != EntryKind.COST:
            found["cost_kind"] = ""
        if product and quantity:
            found["amount_idr"] = found.get("amount_idr") or round(product.price_idr * quantity)
            found["what"] = found.get("what") or f"{quantity:g} {product.unit} {product.name}"
        for name, words in (("amount_idr", _("How much was it?")), ("what", _("What was it for?"))):
            if found.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, words)
        return found


class EntryForm(BookForm):
    """A line as it is written on a phone, with a photo of the note."""

    photo = PhotoUpload(label=_("Photo of the note"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget = forms.RadioSelect(choices=choices(EntryKind))


class LineForm(BookForm):
    """One of several lines that were written on paper; an empty one is none."""

    def clean_dated(self) -> datetime.date:
        dated: datetime.date = self.cleaned_data["dated"]
        if reasons := rules.reasons_entry_impossible(dated=dated, today=self.today):
            raise forms.ValidationError([in_words(reason) for reason in reasons])
        return dated


Lines = forms.formset_factory(LineForm, extra=LINES_AT_ONCE, max_num=LINES_AT_ONCE, absolute_max=LINES_AT_ONCE)


class SheetForm(Form):
    sheet = forms.CharField(
        label=_("Which page"), max_length=50, help_text=_("As it stands on the paper, e.g. January, page 2.")
    )


class ProductForm(RowForm):
    class Meta:
        model = Product
        fields: tuple[str, ...] = ("name", "unit", "price_idr")
        help_texts: ClassVar = {"unit": _("As people there count it, e.g. ikat, ekor, bungkus, kg.")}

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.enterprise = enterprise

    given = frozenset({"programme", "enterprise"})


class ChangeProductForm(ProductForm):
    class Meta(ProductForm.Meta):
        fields = (*ProductForm.Meta.fields, "is_sold")


class StockForm(Form):
    """What happened to the stock of a product."""

    product = forms.ModelChoiceField(Product.objects.none(), label=_("Product"), to_field_name="code")
    kind = forms.ChoiceField(label=_("What happened"), choices=choices(StockKind), widget=forms.RadioSelect)
    quantity = NumberField(label=_("How many, in the unit of the product"), min_value=0)
    dated = forms.DateField(label=_("Date"), widget=DateInput)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, enterprise: Enterprise, today: datetime.date, **kwargs: Any) -> None:
        products = enterprise.products.filter(is_sold=True)
        only = products[0] if products.count() == 1 else None
        given = {"dated": today, "kind": StockKind.MADE, "product": only}
        super().__init__(*args, initial=given, **kwargs)
        self.fields["dated"].widget.attrs["max"] = today.isoformat()
        offer(self, "product", products)


class DebtForm(RowForm):
    class Meta:
        model = Debt
        fields = ("owed", "who", "what", "amount_idr", "dated", "due_on")

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"dated": today, "due_on": today + rules.USUAL_CREDIT}, **kwargs)
        self.fields["dated"].widget.attrs["max"] = today.isoformat()
        self.fields["owed"].widget = forms.RadioSelect(choices=choices(Owed))


class PaymentForm(Form):
    amount_idr = RupiahField(label=_("Amount paid (rupiah)"), min_value=1)
    dated = forms.DateField(label=_("Day on which it was paid"), widget=DateInput())


class SightingForm(RowForm):
    class Meta:
        model = Sighting
        fields = ("seen_on", "what")


class FilterForm(forms.Form):
    """What a list of enterprises is narrowed to; an unknown value in the address counts as none."""

    search = forms.CharField(label=_("Search"), required=False)
    field = forms.ChoiceField(label=_("Field"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[ANY, *choices(EnterpriseStatus)])
    owner = forms.ChoiceField(label=_("Owner"), required=False, choices=[ANY, ("outside", _("No seat"))])
    sort = forms.ChoiceField(
        label=_("Order by"),
        required=False,
        choices=[
            ("name", _("Name")),
            ("turnover", _("Turnover")),
            ("workers", _("Workers")),
            ("started", _("Day of the start")),
        ],
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "field", [ANY, *((field.code, str(field)) for field in programme.fields.all())])

    def wanted(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
