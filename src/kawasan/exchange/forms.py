import re
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kawasan.core.forms import Form
from kawasan.core.language import in_words
from kawasan.core.templatetags.kawasan import masked
from kawasan.exchange.intake.reading import codes_of, lacking
from kawasan.exchange.intake.sheet_file import MOST_BYTES as MOST_INTAKE
from kawasan.exchange.intake.words import CHOSEN, MASKED, TARGETS, label_of, spoken
from kawasan.exchange.models import Intake

FIXABLE = tuple(name for name in TARGETS if name not in ("code", "nik", "name", "family_card", "phone", "mother_name"))
LONG = re.compile(r"(?:[0-9][\s.\-]?){10}")  # a number of somebody, in whatever column it stands
MOST_BYTES = 5 * 1024 * 1024
READ = (".xlsx", ".csv")


class SpreadsheetForm(Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX, or CSV in UTF-8, at most 5 MB. Its first row names the columns, as in the template."),
        widget=forms.FileInput(attrs={"accept": ",".join(READ)}),
    )
    most_bytes, too_large = MOST_BYTES, _("The file is larger than 5 MB. Take out pictures, or split it.")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if PurePath(file.name).suffix.lower() not in READ:
            raise ValidationError(
                _("This is neither XLSX nor CSV. Save the sheet in one of the two and choose it again.")
            )
        if file.size > self.most_bytes:
            raise ValidationError(self.too_large)
        return file


class YesForm(Form):
    """Nothing to fill in: to send it is to say yes."""


class IntakeForm(SpreadsheetForm):
    """A sheet of applicants in whatever form it has."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX, or CSV in UTF-8, at most 64 MB and 120,000 rows. Its first row names the columns."),
        widget=forms.FileInput(attrs={"accept": ",".join(READ)}),
    )
    most_bytes, too_large = MOST_INTAKE, _("The file is larger than 64 MB. Take out pictures, or split it.")


class MappingForm(Form):
    """Which of our columns each column of a file is, what is the same for all rows, and what words mean."""

    def __init__(self, *args: Any, intake: Intake, **options: Any) -> None:
        super().__init__(*args, **options)
        self.intake, self.unknown = intake, (intake.found or {}).get("unknown", {})
        columns, fixed = intake.mapping["columns"], intake.mapping["fixed"]
        targets = [("", _("leave out")), *((name, in_words(label_of(name))) for name in TARGETS)]
        for place, name in enumerate(intake.head):
            now = columns[place] if place < len(columns) else ""
            self.fields[f"column_{place}"] = _choice(name or "–", targets, now)
        for target in FIXABLE:
            self.fields[f"fixed_{target}"] = _fixed(intake, target, fixed.get(target, ""))
        for target, words in self.unknown.items():
            codes = [("", _("not known: such rows are faulty")), *codes_of(intake.programme, target)]
            for place, (word, _count) in enumerate(words):
                self.fields[f"word_{target}_{place}"] = _choice(word, codes, "")

    @property
    def columns(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Each column of the file with what stands in its first rows; whose numbers are masked."""
        first, columns = self.intake.first, self.intake.mapping["columns"]
        shown = []
        for place in range(len(self.intake.head)):
            cells = [row[place] for row in first if place < len(row) and row[place]][:2]
            is_masked = place < len(columns) and columns[place] in MASKED
            shown.append((self[f"column_{place}"], [masked(c) if is_masked or LONG.search(c) else c for c in cells]))
        return shown

    @property
    def needed(self) -> list[forms.BoundField]:
        """What must be said for all rows, because the file lacks it."""
        return [self[f"fixed_{target}"] for target in FIXABLE if target in self._lacking]

    @property
    def possible(self) -> list[forms.BoundField]:
        """What else could be the same for all rows."""
        return [self[f"fixed_{target}"] for target in FIXABLE if target not in self._lacking]

    @property
    def _lacking(self) -> set[str]:
        return set(lacking(self.intake.mapping | {"fixed": {}}))

    @property
    def words(self) -> list[tuple[str, list[tuple[forms.BoundField, int]]]]:
        """By column of ours the words that are not known, and how many rows have each."""
        return [
            (
                in_words(label_of(target)),
                [(self[f"word_{target}_{place}"], rows) for place, (_word, rows) in enumerate(words)],
            )
            for target, words in self.unknown.items()
        ]

    @property
    def mapping(self) -> dict[str, Any]:
        """What was chosen, as it is kept."""
        said = self.cleaned_data
        words = {target: dict(meant) for target, meant in self.intake.mapping["words"].items()}
        for target, unknown in self.unknown.items():
            for place, (word, _rows) in enumerate(unknown):
                if code := said[f"word_{target}_{place}"]:
                    words.setdefault(target, {})[spoken(word)] = code
        return {
            "columns": [said[f"column_{place}"] for place in range(len(self.intake.head))],
            "fixed": {target: value for target in FIXABLE if (value := said[f"fixed_{target}"])},
            "words": words,
        }


def _choice(label: str, choices: list[tuple[Any, Any]], initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, initial=initial)


def _fixed(intake: Intake, target: str, initial: str) -> forms.Field:
    """A code to choose where there are some, else a line of text that is read as a cell of the file is."""
    label = in_words(label_of(target))
    if target in CHOSEN:
        return _choice(label, [("", "–"), *codes_of(intake.programme, target)], initial)
    return forms.CharField(label=label, required=False, max_length=300, initial=initial)
