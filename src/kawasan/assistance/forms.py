import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Applicant
from kawasan.areas.models import Place
from kawasan.assistance.models import Assistance, BudgetLine, Entitlement, Step
from kawasan.assistance.papers import EvidenceUpload, ReceiptUpload
from kawasan.assistance.queries import NOT_YET, entitlements_on
from kawasan.assistance.rules import Category, Share, StepKind
from kawasan.assistance.rules.bank import Target
from kawasan.core.forms import DateInput, Form, RupiahField, WholeNumberField, offer, offer_choices
from kawasan.core.language import choices
from kawasan.matching.models import Group
from kawasan.partners.models import Organisation
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Programme
from kawasan.selection.models import Seat

ANY = ("", _("All"))
LINES = 8  # of a budget on one form
ITEMS = 12  # lines of a budget that one receipt is split over, at most
MOST_IDR = 10**15


class FilterForm(forms.Form):
    """What the list is narrowed to; an unknown value in the address counts as none."""

    search = forms.CharField(label=_("Search"), required=False)
    stage = forms.ChoiceField(
        label=_("Last step"), required=False, choices=[ANY, (NOT_YET, _("No proposal yet")), *choices(StepKind)]
    )
    entitlement = forms.ChoiceField(label=_("Entitlement"), required=False)
    sort = forms.ChoiceField(
        label=_("Order by"),
        required=False,
        choices=[("code", _("Code")), ("recipient", _("Recipient")), ("paid", _("Day of the disbursement"))],
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = [(one.code, str(one)) for one in programme.entitlements.all()]
        self.has_entitlements = bool(given)
        offer_choices(self, "entitlement", [ANY, *given])

    def wanted(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class EntitlementForm(RowForm):
    """What is given, and the shares that must or may be spent on tools and materials."""

    least_tools = WholeNumberField(label=_("At least for tools (%)"), min_value=0, max_value=100, initial=60)
    most_materials = WholeNumberField(label=_("At most for materials (%)"), min_value=0, max_value=100, initial=40)

    class Meta:
        model = Entitlement
        fields = (
            "name", "name_en", "number", "valid_from", "valid_until", "recipient", "form", "amount_idr",
            "report_days", "fund", "source",
        )  # fmt: skip

    def answers(self) -> dict[str, Any]:
        answers = dict(self.cleaned_data)
        least, most = answers.pop("least_tools"), answers.pop("most_materials")
        return answers | {"shares": [Share(Category.TOOLS, least=least), Share(Category.MATERIALS, most=most)]}


class BeginForm(Form):
    entitlement = forms.ModelChoiceField(Entitlement.objects.none(), label=_("Entitlement"))
    group = forms.ModelChoiceField(
        Group.objects.none(), label=_("Group"), required=False, help_text=_("Leave empty for what a person gets.")
    )
    receiver = forms.ModelChoiceField(
        Applicant.objects.none(),
        label=_("Receiver"),
        help_text=_("The participant, or the member who receives it for the group."),
    )

    def __init__(self, *args: Any, programme: Programme, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "entitlement", entitlements_on(programme, today))
        offer(self, "group", programme.groups.order_by("code"))
        people = Applicant.objects.filter(programme=programme, seat__in=Seat.objects.participants())
        offer(self, "receiver", people.select_related("person").order_by("person__name"))


class StepForm(Form):
    """A step that needs no more than its day and its paper."""

    dated = forms.DateField(label=_("Day"), widget=DateInput())
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3}))
    paper = EvidenceUpload(label=_("Paper"), help_text=_("A photo or a PDF, at most 10 MB."))


class NumberedForm(StepForm):
    number = forms.CharField(label=_("Number"), max_length=80)
    field_order: Sequence[str] = ("dated", "number")


class VerificationForm(StepForm):
    note = forms.CharField(label=_("What was found"), max_length=2000, widget=forms.Textarea({"rows": 3}))


class AgreementForm(NumberedForm):
    """The agreement names the account to which the money goes."""

    bank = forms.CharField(label=_("Bank"), max_length=60, required=False)
    account = forms.CharField(label=_("Bank account"), max_length=30, required=False)
    account_holder = forms.CharField(label=_("Name on the account"), max_length=150, required=False)
    field_order = ("dated", "number", "bank", "account", "account_holder")

    def __init__(self, *args: Any, is_money: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("bank", "account", "account_holder"):
            if is_money:
                self.fields[name].required = True
            else:
                del self.fields[name]

    def clean_account(self) -> Any:
        column = Step._meta.get_field("account")
        return column.clean(column.to_python(self.cleaned_data["account"]), None)


class ReportForm(StepForm):
    note = forms.CharField(
        label=_("What was done and what came of it"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )
    field_order = ("dated", "note", "paper")


class RefundForm(NumberedForm):
    amount_idr = RupiahField(label=_("Returned (rupiah)"), min_value=1, max_value=MOST_IDR)
    field_order = ("dated", "number", "amount_idr")


FORMS: dict[str, type[StepForm]] = {
    StepKind.PROPOSED: StepForm,
    StepKind.VERIFIED: VerificationForm,
    StepKind.REJECTED: VerificationForm,
    StepKind.DECREED: NumberedForm,
    StepKind.AGREED: AgreementForm,
    StepKind.COMMITTED: StepForm,
    StepKind.PLEDGED: StepForm,
    StepKind.PAID: NumberedForm,
    StepKind.REPORTED: ReportForm,
    StepKind.REFUNDED: RefundForm,
    StepKind.HANDED_OVER: NumberedForm,
}


class LineForm(Form):
    """One line of a budget; an empty one is left out."""

    item = forms.CharField(label=_("Item"), max_length=150)
    category = forms.ChoiceField(label=_("Category"), choices=choices(Category))
    quantity = WholeNumberField(label=_("Quantity"), min_value=1, max_value=10**6)
    unit = forms.CharField(label=_("Unit"), max_length=30)
    price_idr = RupiahField(label=_("Price of one"), min_value=1, max_value=MOST_IDR)

    def has_changed(self) -> bool:
        """The category alone is no line: browsers send the first choice of every row."""
        return bool(set(self.changed_data) - {"category"})


LineFormSet = forms.formset_factory(LineForm, extra=LINES, max_num=40, absolute_max=60)


class HandForm(Form):
    """What somebody has in hand: they count and type it, nothing is filled in for them."""

    amount_idr = RupiahField(
        label=_("How much do you have in hand? (rupiah)"),
        min_value=0,
        max_value=MOST_IDR,
        help_text=_("Count what really reached you and write that sum, also when it is less than was promised."),
    )
    is_sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def answers(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "is_sure"}


class CodeHandForm(HandForm):
    code = forms.CharField(label=_("Your code"), max_length=30)
    field_order = ("code", "amount_idr")


class WitnessForm(Form):
    """What the receiver signed on paper before a witness."""

    dated = forms.DateField(label=_("Day"), widget=DateInput())
    amount_idr = RupiahField(label=_("Sum in hand, as signed (rupiah)"), min_value=0, max_value=MOST_IDR)
    witness = forms.CharField(label=_("Witness"), max_length=150)
    witness_organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation of the witness"))
    note = forms.CharField(label=_("Why neither an account nor a code could be used"), max_length=2000)
    paper = EvidenceUpload(label=_("Signed paper"), help_text=_("A photo or a PDF, at most 10 MB."))

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "witness_organisation", programme.organisations.exclude(kind="host").order_by("name"))


class PurchaseForm(Form):
    """A receipt, photographed and typed on a phone."""

    photo = ReceiptUpload(label=_("Photo of the receipt"))
    shop = forms.CharField(label=_("Shop"), max_length=150)
    place = forms.ModelChoiceField(
        Place.objects.none(), label=_("Where the shop is"), required=False, empty_label=_("Not known")
    )
    dated = forms.DateField(label=_("Day of the receipt"), widget=DateInput())

    def __init__(self, *args: Any, assistance: Assistance, lines: list[BudgetLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "place", assistance.programme.places.order_by("name"))
        self.lines = {str(line.pk): line for line in lines}
        offered = [("", "–"), *((key, line.item) for key, line in self.lines.items())]
        self.items = max(1, min(len(lines), ITEMS))
        for number in range(1, self.items + 1):
            is_first = number == 1
            self.fields[f"line_{number}"] = forms.ChoiceField(label=_("For what"), choices=offered, required=is_first)
            self.fields[f"amount_{number}"] = RupiahField(
                label=_("Sum (rupiah)"), min_value=1, max_value=MOST_IDR, required=is_first
            )

        self.order_fields(("photo", "line_1", "amount_1", "shop", "dated", "place"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in range(2, self.items + 1):
            if bool(cleaned.get(f"line_{number}")) != bool(cleaned.get(f"amount_{number}")):
                self.add_error(f"amount_{number}", _("Choose the line and write its sum, or leave both empty."))
        return cleaned

    def answers(self) -> dict[str, Any]:
        items: dict[BudgetLine, int] = {}
        for number in range(1, self.items + 1):
            if key := self.cleaned_data[f"line_{number}"]:
                line = self.lines[key]
                items[line] = items.get(line, 0) + self.cleaned_data[f"amount_{number}"]
        kept = {name: self.cleaned_data[name] for name in ("photo", "shop", "place", "dated")}
        return kept | {"items": items}


class ReasonForm(Form):
    reason = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea({"rows": 2}))


class PurposeForm(Form):
    purpose = forms.CharField(label=_("What you need the number for"), max_length=200)


class StatementForm(Form):
    file = forms.FileField(
        label=_("Statement of the bank (CSV)"),
        help_text=_("As the bank's web site exports it; semicolons or commas, and either decimal comma."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )


class ColumnsForm(Form):
    """What each column of a statement is."""

    def __init__(self, *args: Any, head: list[str], guessed: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for at, name in enumerate(head):
            self.fields[f"column_{at}"] = forms.ChoiceField(
                label=format_lazy(_("Column {number}: {name}"), number=at + 1, name=name or "–"),
                required=False,
                choices=[("", _("Not used")), *choices(Target)],
                initial=guessed[at],
            )

    def columns(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.fields]


class WordForm(Form):
    word = forms.CharField(label=_("What the difference is"), max_length=300)
