from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kawasan.core.forms import Form, ModelForm, offer
from kawasan.core.language import choices
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Field, Programme
from kawasan.programmes.rules import Announcement
from kawasan.selection.models import Decree, Draw
from kawasan.selection.rules import SeatKind, SeatStatus


class SourceForm(ModelForm):
    """Which public value decides; it is said before anybody can know it."""

    class Meta:
        model = Draw
        fields = ("public_value_source",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["public_value_source"].required = True
        self.fields["public_value_source"].help_text = _(
            "Which value of which future day, and where everybody can see it, "
            "for example the closing value of a stock index, or dice thrown before witnesses."
        )


class PublicValueForm(ModelForm):
    class Meta:
        model = Draw
        fields = ("public_value",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["public_value"].required = True
        self.fields["public_value"].help_text = _("Exactly as published; capitals and spaces count.")


class TrialForm(forms.Form):
    seed = forms.CharField(
        label=_("Trial value"), max_length=100, initial="1", help_text=_("Any text; another one gives another trial.")
    )


class ReasonForm(Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class SeatFilterForm(forms.Form):
    """Which seats the page shows."""

    list = forms.ChoiceField(
        label=_("List"), required=False, choices=[("", _("Seats given")), ("waiting", _("Waiting list"))]
    )
    field = forms.ModelChoiceField(
        Field.objects.none(), label=_("Field"), required=False, to_field_name="code", empty_label=_("all")
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("all")), *choices(SeatStatus)])
    q = forms.CharField(label=_("Name or code"), required=False, max_length=100)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "field", programme.fields.all())

    def wanted(self) -> dict[str, Any]:
        """What is asked for; a value that does not exist is not asked for."""
        self.full_clean()
        return self.cleaned_data


class AnnouncementForm(forms.Form):
    """Which list of the announcement the page shows, and who is looked for."""

    list = forms.ChoiceField(
        label=_("List"), required=False, choices=[("", _("Drawn")), ("waiting", _("Waiting list"))]
    )
    start = forms.CharField(required=False, max_length=64)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_pseudonym = programme.announcement == Announcement.PSEUDONYM
        self.fields["start"].label = _("Pseudonym begins with") if by_pseudonym else _("Number begins with")

    def wanted(self) -> tuple[SeatKind, str]:
        """Which list, and what the pseudonym or number begins with; a list that does not exist is not asked for."""
        self.full_clean()
        kind = SeatKind.RESERVE if self.cleaned_data.get("list") else SeatKind.DRAWN
        return kind, self.cleaned_data.get("start", "")


class DecreeForm(RowForm):
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Decree
        fields = ("number", "dated", "signer", "signer_title")
