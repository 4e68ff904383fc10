"""Rules as people change or try them: a row each, with the field that its kind of value needs."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kawasan.applicants import rules
from kawasan.applicants.models import Rule
from kawasan.applicants.rules import CATALOGUE, MEASURED, OF_MANY, Kind, Looked
from kawasan.core.forms import RupiahField, WholeNumberField
from kawasan.core.language import choices, in_words, unit
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Programme, RuleSet
from kawasan.programmes.rules import PaperKind

MOST_RULES = 60
PREFIX = "rule"
Places = list[tuple[str, str]]


class Lines(forms.Textarea):
    """A sentence or two."""

    def __init__(self) -> None:
        super().__init__({"rows": 2})


class RuleForm(forms.Form):
    """One rule to try: how it compares and with what, or whether it is left out."""

    field = forms.CharField(widget=forms.HiddenInput, max_length=40)
    order = forms.IntegerField(widget=forms.HiddenInput, required=False)
    comparison = forms.ChoiceField(label=_("Comparison"))
    is_off = forms.BooleanField(label=_("Leave this rule out"), required=False)

    def __init__(self, *args: Any, places: Places, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.looked = CATALOGUE.get(str(self["field"].value() or ""))
        if self.looked:
            comparisons = [(one.value, _(one.label)) for one in self.looked.comparisons]
            self.fields["comparison"].choices = comparisons  # type: ignore[attr-defined]
            if not self.has_choice_of_comparison:
                self.fields["comparison"].widget = forms.HiddenInput()
                self.initial["comparison"] = comparisons[0][0]
            self.fields["value"] = _value_field(self.looked, places)
            self.order_fields(["comparison", "value"])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.looked is None:
            raise ValidationError(_("There is no such rule. Choose one of the list."))
        if {"comparison", "value"} <= set(found) and not self.errors:
            self._check_value(found)
        return found

    def _check_value(self, found: dict[str, Any]) -> None:
        is_single = self.looked and self.looked.kind == Kind.CHOICE and found["comparison"] not in OF_MANY
        if is_single and len(found["value"]) != 1:
            self.add_error("value", _("Choose exactly one, or compare with “is one of” or “is none of”."))
            return
        for reason in rules.reasons_bad_value(found["field"], found["comparison"], _written(found["value"])):
            self.add_error("value", in_words(reason))

    def row(self) -> Rule:
        """The rule as it was typed, not stored."""
        found = self.cleaned_data
        said = {name: found.get(name, "") for name in ("reason", "reason_en", "source")}
        return Rule(field=found["field"], comparison=found["comparison"], value=_written(found["value"]), **said)

    @property
    def has_choice_of_comparison(self) -> bool:
        return self.looked is not None and len(self.looked.comparisons) > 1

    @property
    def is_number(self) -> bool:
        return self.looked is not None and self.looked.kind in MEASURED

    @property
    def heading(self) -> str:
        return gettext(self.looked.label) if self.looked else ""


class WrittenRuleForm(RuleForm):
    """One rule of a new version, with what it says and where it stands."""

    source = forms.CharField(label=_("Article of the guideline"), max_length=200)
    reason = forms.CharField(label=_("Reason in Indonesian"), max_length=300, required=False, widget=Lines)
    reason_en = forms.CharField(label=_("Reason in English"), max_length=300, required=False, widget=Lines)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].error_messages["required"] = _("Fill this in.")

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        for name in ("reason", "reason_en"):
            for reason in rules.reasons_bad_reason(found.get(name, "")):
                self.add_error(name, in_words(reason))
        if found.get("reason_en") and not found.get("reason"):
            self.add_error("reason", _("Write the reason in Indonesian too; people read it first."))
        return found


def _value_field(looked: Looked, places: Places) -> forms.Field:
    """The form field in which the value of such a rule is typed or chosen."""
    said = {"invalid": _("This is not clear. Write a whole number in digits.")}
    required = {"required": _("Fill this in.")}
    if looked.kind == Kind.RUPIAH:
        return RupiahField(label=_("Value"), min_value=0, error_messages=required)
    if looked.kind == Kind.NUMBER:
        label = _("Value ({unit})").format(unit=unit(looked.unit))
        return WholeNumberField(label=label, min_value=0, error_messages=said | required)
    if looked.kind == Kind.YES_NO:
        return forms.ChoiceField(label=_("Value"), choices=[("true", _("yes")), ("false", _("no"))])
    if looked.kind == Kind.PLACE:
        shown = forms.SelectMultiple({"size": 5})
        return forms.MultipleChoiceField(label=_("Places"), choices=places, widget=shown, error_messages=required)
    offered = [(code, _(label)) for code, label in looked.choices.items()]
    boxes = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(label=_("Value"), choices=offered, widget=boxes, error_messages=required)


def _written(value: Any) -> str:
    """A value as a row has it."""
    return " ".join(value) if isinstance(value, list) else str(value)


class RuleFormSet(forms.BaseFormSet):
    """All rules of a version or a trial."""

    def clean(self) -> None:
        if any(self.errors):
            return
        rows = self.rows()
        for reason in [*rules.reasons_no_rules(rows), *rules.reasons_rules_clash(rows)]:
            self._non_form_errors.append(in_words(reason))  # type: ignore[attr-defined]

    def rows(self) -> list[Rule]:
        """The rules that are not left out."""
        return [form.row() for form in self.forms if not form.cleaned_data["is_off"]]

    def typed(self) -> list[dict[str, Any]]:
        """What stands in the rows, whether it is right or not."""
        return [{name: form[name].value() for name in form.fields} for form in self.forms]


TriedRules = forms.formset_factory(
    RuleForm, formset=RuleFormSet, extra=0, max_num=MOST_RULES, absolute_max=MOST_RULES, validate_max=True
)
WrittenRules = forms.formset_factory(
    WrittenRuleForm, formset=RuleFormSet, extra=0, max_num=MOST_RULES, absolute_max=MOST_RULES, validate_max=True
)


class AddRuleForm(forms.Form):
    """What a further rule looks at."""

    add = forms.ChoiceField(label=_("Add a rule about"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", _("(no further rule)")), *((code, _(looked.label)) for code, looked in CATALOGUE.items())]
        self.fields["add"].choices = offered  # type: ignore[attr-defined]


class PapersField(forms.MultipleChoiceField):
    """Papers to tick, kept as their words with spaces."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        return " ".join(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class RuleSetForm(RowForm):
    """A new version of the guideline: what is no rule in it."""

    required_papers = PapersField(label=_("papers to hand in"), required=False, choices=choices(PaperKind))

    class Meta:
        model = RuleSet
        exclude = ("programme", "replaces")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].label = _("Source of the guideline")


def is_sent(data: Mapping[str, Any]) -> bool:
    return f"{PREFIX}-{forms.formsets.TOTAL_FORM_COUNT}" in data


def rules_form(
    kind: Any, programme: Programme, *, sent: QueryDict | None = None, initial: Iterable[dict[str, Any]] = ()
) -> Any:
    """The formset of a page: as it was sent, or filled with these rows."""
    options = {"prefix": PREFIX, "form_kwargs": {"places": places_of(programme)}}
    return kind(sent, **options) if sent is not None else kind(initial=list(initial), **options)


def grown(formset: Any, added: str) -> list[dict[str, Any]]:
    """The rows as they stand, and one more; nothing is judged yet."""
    return [*formset.typed(), {"field": added}]


def initial_of(row: Rule) -> dict[str, Any]:
    """A stored rule as the fields of its form."""
    looked = CATALOGUE[row.field]
    value: Any = row.value
    if looked.kind in MEASURED:
        value = int(row.value)
    elif looked.kind in (Kind.CHOICE, Kind.PLACE):
        value = row.value.split()
    names = ("field", "order", "comparison", "reason", "reason_en", "source")
    return {name: getattr(row, name) for name in names} | {"value": value}


def with_words_of(typed: Iterable[dict[str, Any]], rows: Iterable[Rule]) -> list[dict[str, Any]]:
    """Rules that were tried, with what the rules from which they were made say; those left out are gone."""
    made_from = {(str(row.order), row.field): initial_of(row) for row in rows}
    kept = [one for one in typed if not one.get("is_off")]
    return [made_from.get((str(one.get("order")), str(one["field"])), {}) | one for one in kept]


def places_of(programme: Programme) -> Places:
    """The area and its places, for the choice of a rule."""
    places = programme.places.select_related("parent").order_by("code")
    named = [(one.code, f"{one.name} ({one.code})") for one in places if one.code != programme.area_code]
    return [(programme.area_code, f"{programme.area_name} ({programme.area_code})"), *named]
