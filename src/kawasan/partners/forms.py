from typing import Any

from django.forms import ModelChoiceField
from django.utils.translation import gettext_lazy as _

from kawasan.core.forms import ModelForm
from kawasan.partners.models import Commitment, Meeting, MeetingAttendance, Organisation
from kawasan.programmes.models import Programme


class RowForm(ModelForm):
    """A row that a programme owns: it refers to that programme's rows only, and keeps the code it was given."""

    given: frozenset[str] = frozenset({"programme"})
    """Fields that the view sets; Django would skip every "unique together with" that names one."""

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.programme = programme
        if self.instance.pk:
            self.fields.pop("code", None)  # files refer to the row by it
        for field in self.fields.values():
            if isinstance(field, ModelChoiceField) and field.queryset is not None:
                field.queryset = field.queryset.filter(programme=programme)

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - self.given  # type: ignore[misc] # Django's stubs leave it out

    @property
    def changes(self) -> dict[str, Any]:
        """What the reader changed, so that nothing else is written over."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


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
            self.fields["delivered_quantity"].help_text = _("In %(unit)s.") % {"unit": self.instance.unit}
