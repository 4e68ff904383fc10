"""The codes of the KBLI (Indonesia's classification of business) that a programme needs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.core.language import choices, in_language
from kawasan.programmes.models import Programme, SourceField
from kawasan.value_chain.models.commodities import KBLI_CODE
from kawasan.value_chain.rules import Kbli, KbliVersion


class KbliCode(models.Model):
    """A code with its title, in one version: a number may mean something else in the next."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="kbli_codes")
    version = models.CharField(
        _("KBLI version"), max_length=4, choices=choices(KbliVersion), help_text=_("Version of the KBLI, a year")
    )
    code = models.CharField(
        _("KBLI code"),
        max_length=5,
        validators=[KBLI_CODE],
        help_text=_("Five digits as text, zeros in front included"),
    )
    name = models.CharField(_("title"), max_length=200, help_text=_("Title in Indonesian, as in the regulation"))
    name_en = models.CharField(_("title in English"), max_length=200, help_text=_("Title in English"))
    source = SourceField()

    class Meta:
        ordering = ("code", "version")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "version", "code"),
                name="kbli_code",
                violation_error_message=_("This version has the code already; change that one."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def title(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def plain(self) -> Kbli:
        return Kbli(self.version, self.code, self.name, self.name_en)
