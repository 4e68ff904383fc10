from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kawasan.core.forms import Form

MOST_BYTES = 5 * 1024 * 1024
READ = (".xlsx", ".csv")


class SpreadsheetForm(Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX, or CSV in UTF-8, at most 5 MB. Its first row names the columns, as in the template."),
        widget=forms.FileInput(attrs={"accept": ",".join(READ)}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if PurePath(file.name).suffix.lower() not in READ:
            raise ValidationError(
                _("This is neither XLSX nor CSV. Save the sheet in one of the two and choose it again.")
            )
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 5 MB. Take out pictures, or split it."))
        return file


class YesForm(Form):
    """Nothing to fill in: to send it is to say yes."""
