import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kawasan.core.forms import offer_choices
from kawasan.core.language import in_words
from kawasan.mentoring import rules
from kawasan.mentoring.models import Visit
from kawasan.mentoring.queries import members_of
from kawasan.programmes.forms import RowForm


class VisitForm(RowForm):
    """The logbook on a phone: the rules answer on the form, so that nothing typed is lost."""

    class Meta:
        model = Visit
        fields = (
            "applicant",
            "visited_on",
            "starts_at",
            "ends_at",
            "method",
            "summary",
            "obstacle",
            "solution",
            "next_step",
            "next_visit_on",
        )
        help_texts = {  # noqa: RUF012
            "obstacle": _("Empty when nothing stands in the way."),
            "next_step": _("Who does what until when."),
        }

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        names = [(str(m.applicant_id), m.applicant.person.name) for m in members_of(self.instance.group)]
        offer_choices(self, "applicant", [("", _("The whole group")), *names])
        self.fields["applicant"].label = _("Who was visited")
        for name in ("summary", "obstacle", "solution", "next_step"):
            self.fields[name].widget.attrs["rows"] = 2

    def clean(self) -> None:
        super().clean()
        if not self.errors:
            asked = [name for name in VisitForm.Meta.fields if name not in ("applicant", "method")]
            said = {name: self.cleaned_data[name] for name in asked}
            for column, reason in rules.faults(today=self.today, year=self.instance.programme.year, **said).items():
                self.add_error(column, in_words(reason))


class CorrectionForm(VisitForm):
    why = forms.CharField(label=_("Why it is corrected"), max_length=300)
