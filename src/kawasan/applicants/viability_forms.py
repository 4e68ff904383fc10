"""Marking a business idea, handing ideas out, and what the criteria weigh."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import MARKED, ViabilityScheme
from kawasan.applicants.queries import may_appraise
from kawasan.applicants.rules import DESCRIPTORS, Criterion
from kawasan.core.forms import Form, ModelForm, offer
from kawasan.core.language import in_words_lazy
from kawasan.core.models import User
from kawasan.programmes.models import Programme


class MarksForm(Form):
    """A mark for each criterion, each in words."""

    remark = forms.CharField(
        label=_("What you would tell whoever had the idea"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The applicant reads this. Say what would make the idea stronger."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in Criterion:
            words = [(str(mark), in_words_lazy(said)) for mark, said in enumerate(DESCRIPTORS[criterion], start=1)]
            self.fields[criterion.value] = forms.TypedChoiceField(
                label=in_words_lazy(criterion.label), choices=words, coerce=int, widget=forms.RadioSelect
            )
            self.fields[criterion.value].error_messages["required"] = _("Choose the sentence that fits best.")
        self.order_fields([*MARKED, "remark"])

    def marks(self) -> dict[str, int]:
        """The marks by criterion."""
        return {name: self.cleaned_data[name] for name in MARKED}


class Appraisers(forms.ModelMultipleChoiceField):
    def label_from_instance(self, user: Any) -> str:
        return f"{user.name} ({user.username})"


class AssignForm(Form):
    appraisers = Appraisers(User.objects.none(), label=_("Who marks the ideas"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "appraisers", may_appraise(programme))


class SchemeForm(ModelForm):
    """What each criterion weighs, and when a third one is called."""

    class Meta:
        model = ViabilityScheme
        fields = (*MARKED, "most_apart")
        help_texts = {"most_apart": _("When two people's scores are further apart, a third one decides.")}  # noqa: RUF012
