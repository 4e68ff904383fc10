from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kawasan.core.forms import Form, ModelForm, WholeNumberField, offer
from kawasan.core.language import choices, in_words
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Field, Programme, Quota
from kawasan.programmes.rules import AND, Announcement, Feature, QuotaLine, feature_text
from kawasan.selection.models import Decree, Draw, DrawException
from kawasan.selection.queries import QuotaChoice
from kawasan.selection.rules import SeatKind, SeatStatus, is_pair, pair_of, reasons_no_pair


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


class ExceptionForm(RowForm):
    """Who is guaranteed a seat or kept out; the applicant is named by the code."""

    class Meta:
        model = DrawException
        fields = ("applicant", "kind", "reason", "decided_by", "decided_on")

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        self.fields["applicant"] = forms.ModelChoiceField(
            programme.applicants.in_pool(),
            label=_("Code of the applicant"),
            to_field_name="code",
            widget=forms.TextInput,
            error_messages={"invalid_choice": _("No eligible applicant has this code. Look it up under Applicants.")},
        )
        self.fields["reason"].widget = forms.Textarea({"rows": 3})
        self.fields["reason"].help_text = _(
            "Everybody can read it, with the pseudonym: do not write the name, the address or anything else that "
            "says who is meant. For example: Decision 12/2022, returned from protective care."
        )
        self.fields["decided_by"].help_text = _("The person or office that decided it")


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
        if not by_pseudonym:
            self.fields["list"].choices = [("", _("Who holds a seat")), ("waiting", _("Waiting list"))]  # type: ignore[attr-defined]
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


COLUMNS = ("least", "most", "reason")
MOST_TYPED = 1_000_000  # seats; more is a slip of the keyboard


class QuotasForm(Form):
    """The bounds of every value that a quota may count; where both are empty there is none.

    ``added`` is a row that was added just now: the page opens there.
    """

    def __init__(
        self, data: Any = None, *, choices: Sequence[QuotaChoice], seats: int, added: tuple[str, str] | None = None
    ) -> None:
        super().__init__(data)
        self.choices, self.seats = choices, seats
        for choice in choices:
            saved = choice.saved.bounds if choice.saved else (None, None)
            self._add(choice, "least", gettext("At least"), saved[0])
            self._add(choice, "most", gettext("At most"), saved[1])
            self.fields[_name("reason", choice.counts)] = forms.CharField(
                label=f"{gettext('Reason')}: {choice.label}",
                required=False,
                max_length=Quota._meta.get_field("reason").max_length,
                initial=choice.saved.reason if choice.saved else "",
                widget=forms.TextInput(
                    {"aria-label": f"{gettext('Reason')}: {choice.label}", "placeholder": gettext("Reason")}
                ),
            )
        if added:
            self.fields[_name("least", added)].widget.attrs["autofocus"] = True

    def _add(self, choice: QuotaChoice, bound: str, label: str, saved: int | None) -> None:
        self.fields[_name(bound, choice.counts)] = WholeNumberField(
            label=f"{label}: {choice.label}", required=False, min_value=0, max_value=MOST_TYPED, initial=saved
        )
        self.fields[_name(bound, choice.counts)].widget.attrs["aria-label"] = f"{label}: {choice.label}"

    def inputs(self, counts: tuple[str, str]) -> dict[str, forms.BoundField]:
        """The three inputs of a value."""
        return {column: self[_name(column, counts)] for column in COLUMNS}

    @property
    def lines(self) -> list[QuotaLine] | None:
        """The quotas as they are typed, or saved when nothing was sent; nothing while a number is not clear."""
        if not self.is_bound:
            return [choice.saved for choice in self.choices if choice.saved]
        if set(self.errors) & set(self.fields):
            return None
        found = [self._line(choice) for choice in self.choices]
        return [line for line in found if line]

    def _line(self, choice: QuotaChoice) -> QuotaLine | None:
        """One bound alone leaves the other free; a field always has bounds."""
        least, most, reason = (self.cleaned_data[_name(column, choice.counts)] for column in COLUMNS)
        is_field = choice.counts[0] == Feature.FIELD
        if least is None and most is None and not is_field:
            return None
        line = QuotaLine(*choice.counts, least or 0, self.seats if most is None else most, reason)
        is_as_saved = is_field and choice.saved is not None and choice.saved.bounds == line.bounds
        return choice.saved if is_as_saved else line

    def with_bounds(
        self, bounds: Mapping[tuple[str, str], tuple[int, int]], reasons: Mapping[tuple[str, str], str]
    ) -> "QuotasForm":
        """The form with some bounds and reasons replaced, and everything else as it was typed."""
        data = dict(self.data.items())
        for counts, (least, most) in bounds.items():
            data[_name("least", counts)], data[_name("most", counts)] = str(least), str(most)
        data |= {_name("reason", counts): reason for counts, reason in reasons.items()}
        return QuotasForm(data, choices=self.choices, seats=self.seats)


def _name(column: str, counts: tuple[str, str]) -> str:
    """No code has a plus, and no id a space."""
    return ":".join((column, *counts)).replace(AND, "+")


def typed_pairs(sent: QueryDict) -> list[tuple[str, str]]:
    """The pairs that had a row on the page that was sent; a quota on them is saved only if the programme knows them."""
    return [counts for counts in map(_counts, sent.getlist("pair")) if is_pair(*counts)]


def _counts(text: str) -> tuple[str, str]:
    feature, _colon, value = text.partition(":")
    return feature, value


class PairForm(forms.Form):
    """Two values that a quota shall count together; it is sent with the form of quotas, and adds a row to it."""

    def __init__(self, data: Any = None, *, choices: Sequence[QuotaChoice]) -> None:
        super().__init__(data)
        self.names = {choice.counts: choice.label for choice in choices}
        single = [choice for choice in choices if not choice.is_pair]
        by_feature = [
            (in_words(feature_text(feature)), [(":".join(one.counts), one.label) for one in of_feature])
            for feature, of_feature in groupby(single, key=lambda one: one.counts[0])
        ]
        for name, label in (("first", _("Value of one feature")), ("second", _("Value of another feature"))):
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=[("", "–"), *by_feature])

    @property
    def pair(self) -> tuple[str, str]:
        return pair_of(*self._values())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.fields["first"].widget.attrs["autofocus"] = True  # a page that comes back with a reason opens there
        if not self.errors and (reasons := reasons_no_pair(*self._values(), names=self.names)):
            raise ValidationError([in_words(reason) for reason in reasons])
        return cleaned

    def _values(self) -> tuple[tuple[str, str], tuple[str, str]]:
        return _counts(self.cleaned_data["first"]), _counts(self.cleaned_data["second"])
