from typing import Any

from django.utils.translation import gettext_lazy as _

from kawasan.core.language import unit
from kawasan.partners.models import Commitment, Meeting, MeetingAttendance, Organisation
from kawasan.programmes.forms import RowForm


class OrganisationForm(RowForm):
    class Meta:
        model = Organisation
        fields = ("name", "code", "kind", "role", "address", "phone", "email", "source")


class MeetingForm(RowForm):
    class Meta:
        model = Meeting
        fields = ("name", "name_en", "code", "held_on", "location", "source")


class MinutesForm(RowForm):
    class Meta:
        model = Meeting
        fields = ("minutes",)


class AttendanceForm(RowForm):
    given = RowForm.given | {"meeting"}

    class Meta:
        model = MeetingAttendance
        fields = ("name", "organisation", "position")


class CommitmentForm(RowForm):
    class Meta:
        model = Commitment
        fields = ("organisation", "what", "what_en", "code", "quantity", "unit", "due_on", "meeting", "note", "source")


class CorrectionForm(RowForm):
    class Meta:
        model = Commitment
        fields = (*CommitmentForm.Meta.fields, "delivered_on", "delivered_quantity")


class DeliveryForm(RowForm):
    class Meta:
        model = Commitment
        fields = ("delivered_on", "delivered_quantity")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delivered_on"].required = True
        if self.instance.unit:
            self.fields["delivered_quantity"].help_text = _("In %(unit)s.") % {"unit": unit(self.instance.unit)}
