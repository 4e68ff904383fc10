import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kawasan.core.forms import DateInput, Form, TimeInput, offer
from kawasan.core.language import choices
from kawasan.matching.models import GroupMember
from kawasan.programmes.forms import RowForm
from kawasan.training.models import Module, Room, Session
from kawasan.training.rules import Presence


class ModuleForm(RowForm):
    class Meta:
        model = Module
        fields = ("name", "name_en", "field", "hours", "position", "expert")
        help_texts = {  # noqa: RUF012
            "field": _("Empty: the groups of all fields take it."),
            "expert": _("Empty: each group's own mentor teaches it."),
            "position": _("Lower numbers come first; equal numbers in any order."),
        }


class RoomForm(RowForm):
    class Meta:
        model = Room
        fields = ("name", "place", "capacity")


class AttendanceForm(Form):
    """One choice for each member, who is present unless somebody says otherwise."""

    said_of_nobody = _("Choose one: present, late, excused or absent.")

    def __init__(self, *args: Any, session: Session, members: list[GroupMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        before = dict(session.attendances.values_list("applicant", "status"))
        for member in members:
            self.fields[f"member-{member.applicant_id}"] = forms.ChoiceField(
                label=member.applicant.person.name,
                choices=choices(Presence),
                initial=before.get(member.applicant_id, Presence.PRESENT.value),
                widget=forms.RadioSelect,
                error_messages={"required": self.said_of_nobody, "invalid_choice": self.said_of_nobody},
            )

    @property
    def presences(self) -> dict[int, str]:
        """What was said of each applicant, by id."""
        return {int(name.removeprefix("member-")): presence for name, presence in self.cleaned_data.items()}


class MoveForm(Form):
    day = forms.DateField(label=_("Day"), widget=DateInput)
    time = forms.TimeField(label=_("Starts at"), widget=TimeInput)
    room = forms.ModelChoiceField(Room.objects.none(), label=_("Room"))

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        starts_at = timezone.localtime(session.starts_at)
        self.initial = {"day": starts_at.date(), "time": starts_at.time(), "room": session.room_id}
        offer(self, "room", Room.objects.filter(programme=session.programme_id))

    @property
    def starts_at(self) -> datetime.datetime:
        """The day and the time in the office's zone."""
        return datetime.datetime.combine(
            self.cleaned_data["day"], self.cleaned_data["time"], timezone.get_default_timezone()
        )


class ConfirmForm(Form):
    is_sure = forms.BooleanField(label=_("Yes, I am sure"))
