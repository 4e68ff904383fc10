import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Applicant
from kawasan.core.forms import DateInput, Form, offer, offer_choices
from kawasan.core.language import choices
from kawasan.core.models import User
from kawasan.enterprises.models import CashEntry, Enterprise, Worker
from kawasan.enterprises.rules import EnterpriseStatus
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Programme
from kawasan.selection.models import Seat

ANY = ("", _("All"))


class EnterpriseForm(RowForm):
    """What is known of an enterprise; the owner is fixed once it is registered."""

    class Meta:
        model = Enterprise
        fields: tuple[str, ...] = (
            "name", "field", "activity", "kbli_version", "kbli_code", "place", "started_on",
            "nib", "pirt", "halal", "status", "source",
        )  # fmt: skip
        help_texts: ClassVar = {
            "activity": _("Leave empty if the enterprise does none of the activities of the value chain."),
            "kbli_code": _("Five digits, zeros in front included, e.g. 01442."),
            "nib": _("Thirteen digits from OSS. Leave empty if there is none yet."),
            "pirt": _("For packaged home-made food. Leave empty if there is none yet."),
            "source": _("Where this was learned, e.g. a visit or the owner's NIB."),
        }

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        offer(self, "place", programme.places.filter(level="village").order_by("name"))


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
        fields = ("name", "sex", "is_paid", "since")


class EndWorkForm(Form):
    until = forms.DateField(label=_("Last day of work"), widget=DateInput())


class EntryForm(RowForm):
    """A line of the cash book, made to be typed on a phone."""

    class Meta:
        model = CashEntry
        fields = ("kind", "amount_idr", "what", "dated")

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"dated": today}, **kwargs)
        self.fields["dated"].widget.attrs["max"] = today.isoformat()


class FilterForm(forms.Form):
    """What a list of enterprises is narrowed to; an unknown value in the address counts as none."""

    search = forms.CharField(label=_("Search"), required=False)
    field = forms.ChoiceField(label=_("Field"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[ANY, *choices(EnterpriseStatus)])
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
