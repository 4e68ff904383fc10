"""What mentors, reviewers and participants type about visits."""

import datetime
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Applicant
from kawasan.core.forms import Form, offer, offer_choices
from kawasan.core.language import choices, in_words
from kawasan.core.lookups import is_key
from kawasan.core.photos import PhotoUpload
from kawasan.core.text import Text
from kawasan.matching.models import Group, GroupMember
from kawasan.mentoring import rules
from kawasan.mentoring.models import (
    ActionStep,
    CanvasBlock,
    ExpertRequest,
    ProblemCase,
    Recommendation,
    Visit,
    VisitRequest,
)
from kawasan.mentoring.photos import where_taken
from kawasan.mentoring.queries import members_of, others_at_once
from kawasan.mentoring.rules import PhotoKind, State, Verdict
from kawasan.mentoring.services.photos import Taken
from kawasan.mentoring.services.visits import Added, people_of
from kawasan.programmes.forms import RowForm

PHOTOS = "image/jpeg,image/png,image/webp,image/heic,image/heif"
WORDS = ("method", "material", "summary", "obstacle", "solution", "next_step", "photos", "keep_place")
BELOW = ("next_visit_on", "reach", "venue", "lesson_hours", "expense_idr", "proof", "no_expense_reason")
CHECKED = (
    "visited_on",
    "starts_at",
    "ends_at",
    "material",
    "summary",
    "obstacle",
    "solution",
    "next_step",
    "next_visit_on",
)


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if isinstance(files, MultiValueDict) else files.get(name)


class PhotosUpload(forms.Field):
    """Several photos; each becomes a ``Taken``, its place still in the file that was sent."""

    widget = ManyFiles(attrs={"accept": PHOTOS, "multiple": True})

    def clean(self, value: list[UploadedFile] | None) -> list[Taken]:
        one = PhotoUpload()
        sent = [(where_taken(file), one.clean(file)) for file in value or []]
        return [Taken(photo, where) for where, photo in sent]


class PeopleField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.person.name)


class VisitForm(RowForm):
    """The logbook on a phone: the rules answer on the form, so that nothing typed is lost."""

    participants = PeopleField(
        label=_("Who was there"),
        queryset=Applicant.objects.none(),
        required=False,
        help_text=_("None: the whole group."),
    )
    photos = PhotosUpload(label=_("Photos"), required=False, help_text=_("At most 6, each at most 10 MB."))
    keep_place = forms.BooleanField(label=_("Keep where the photos were taken"), required=False)
    proof = PhotosUpload(label=_("Photo of the receipt"), required=False)
    is_sure = forms.BooleanField(label=_("Yes, I am sure: both visits took place at this time"), required=False)

    class Meta:
        model = Visit
        fields = (
            "participants",
            "visited_on",
            "starts_at",
            "ends_at",
            "method",
            "material",
            "summary",
            "obstacle",
            "solution",
            "next_step",
            "next_visit_on",
            "photos",
            "keep_place",
            "lesson_hours",
            "reach",
            "venue",
            "expense_idr",
            "proof",
            "no_expense_reason",
            "latitude",
            "longitude",
        )
        help_texts = {  # noqa: RUF012
            "obstacle": _("Empty when nothing stands in the way."),
            "next_step": _("Who does what until when."),
            "lesson_hours": _("Empty: worked out from the times, 45 minutes each."),
        }
        widgets = {  # noqa: RUF012
            "latitude": forms.HiddenInput(),
            "longitude": forms.HiddenInput(),
            "no_expense_reason": forms.TextInput(),
        }

    asks_if_sure = False

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        members = [m.applicant_id for m in members_of(self.instance.group)]
        offer(self, "participants", Applicant.objects.filter(pk__in=members).select_related("person"))
        if self.instance.pk:
            for name in ("latitude", "longitude"):  # five digits: three would be read as thousands
                value = getattr(self.instance, name)
                self.initial[name] = "" if value is None else f"{value:.5f}"
            self.initial["participants"] = [one.pk for one in people_of(self.instance)]
        for name in ("material", "summary", "obstacle", "solution", "next_step"):
            self.fields[name].widget.attrs["rows"] = 2
        for name in ("summary", "expense_idr", "reach"):
            self.fields[name].required = False
        for name, said in rules.NEEDED.items():  # a draft may lack them
            self.fields[name].is_needed = True  # type: ignore[attr-defined] # read by the template of a field
            self.fields[name].widget.attrs["data-needed"] = in_words(said)
        self.fields["ends_at"].widget.attrs |= {"data-after": "starts_at", "data-else": in_words(rules.ENDS_FIRST)}

    @property
    def first(self) -> list[forms.BoundField]:
        """Who was there, and why the entry is changed."""
        return [self[name] for name in ("answer", "why", "participants") if name in self.fields]

    @property
    def hours(self) -> list[forms.BoundField]:
        """The day and the hours, beside one another."""
        return [self[name] for name in ("visited_on", "starts_at", "ends_at")]

    @property
    def words(self) -> list[forms.BoundField]:
        """What is typed of every visit, and its photos."""
        return [self[name] for name in WORDS]

    @property
    def below(self) -> list[forms.BoundField]:
        """What is as usual most of the time."""
        return [self[name] for name in BELOW]

    @property
    def has_faults_below(self) -> bool:
        """Whether something is wrong with what is folded away."""
        return any(name in self.errors for name in BELOW)

    @property
    def is_draft(self) -> bool:
        """Whether it shall be kept without being sent."""
        return "keep" in self.data and (not self.instance.pk or self.instance.state == State.DRAFT)

    def clean_expense_idr(self) -> int:
        return self.cleaned_data["expense_idr"] or 0

    def clean(self) -> None:
        super().clean()
        if self.errors:
            return
        said = {name: self.cleaned_data[name] for name in CHECKED}
        found = rules.faults(today=self.today, year=self.instance.programme.year, **said)
        found |= rules.faults_of_expense(
            expense_idr=self.cleaned_data["expense_idr"],
            no_expense_reason=self.cleaned_data["no_expense_reason"],
            has_proof=bool(self.cleaned_data["proof"]) or self._has_proof(),
        )
        for column, reason in found.items():
            if not self.is_draft or column in rules.EVEN_OF_DRAFTS:
                self.add_error(column, in_words(reason))

        self._say_at_once()

    def _say_at_once(self) -> None:
        """An entry beside another one of the mentor is refused or asked about; a draft may wait."""
        reasons = self.reasons_at_once() if not (self.errors or self.is_draft) else []
        for reason in reasons:
            self.add_error("starts_at", in_words(reason))

    def reasons_at_once(self) -> list[Text]:
        typed = self.cleaned_data
        others = others_at_once(self.instance, **{name: typed[name] for name in ("visited_on", "starts_at", "ends_at")})
        is_refused = rules.reasons_at_once(method=typed["method"], others=others, is_sure=True)
        self.asks_if_sure = bool(others) and not is_refused
        return rules.reasons_at_once(method=typed["method"], others=others, is_sure=typed["is_sure"])

    def _has_proof(self) -> bool:
        return self.instance.pk is not None and self.instance.photos.filter(kind=PhotoKind.PROOF).exists()

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"summary"}  # the rules say when it may be empty

    def _save_m2m(self) -> None:
        """Who was there is kept by the service."""

    @property
    def added(self) -> Added:
        """What comes with the entry; where a photo was taken is kept only if that was asked for."""
        typed = self.cleaned_data
        photos = typed["photos"] if typed["keep_place"] else [Taken(one.photo) for one in typed["photos"]]
        return Added(
            people=list(typed["participants"]), photos=photos, proofs=[Taken(one.photo) for one in typed["proof"]]
        )


class CorrectionForm(VisitForm):
    """A change of an entry: of one that was approved with the reason, of one that came back with an answer."""

    why = forms.CharField(label=_("Why it is corrected"), max_length=300)
    answer = forms.CharField(
        label=_("Your answer to the reviewer"),
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("What you changed, or why it is right as it is."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state = self.instance.state
        for name, is_asked in (("answer", state in rules.ANSWERED), ("why", state not in (*rules.ANSWERED, "draft"))):
            if not is_asked:
                del self.fields[name]
        self.order_fields(["answer", "why"])


class ReviewForm(Form):
    """A verdict on entries; each is named with the version that the reviewer read."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=choices(Verdict))
    note = forms.CharField(
        label=_("Note for the mentor"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Needed to return or reject."),
    )
    entries = forms.MultipleChoiceField(label=_("Entries"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["entries"]).valid_value = _is_pair  # type: ignore[method-assign]

    @property
    def read(self) -> dict[int, int]:
        """The entries with the version that was read of each."""
        pairs = [pair.split(":") for pair in self.cleaned_data["entries"]]
        return {int(key): int(version) for key, version in pairs}


def _is_pair(value: str) -> bool:
    key, _colon, version = value.partition(":")
    return is_key(key) and is_key(version)


class ProblemForm(RowForm):
    """A problem of a participant of the reader's groups."""

    class Meta:
        model = ProblemCase
        fields = ("applicant", "kind", "seen_on", "what")

    def __init__(self, *args: Any, groups: "QuerySet[Group]", today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        members = GroupMember.objects.filter(group__in=groups).select_related("applicant__person")
        names = [(str(one.applicant_id), one.applicant.person.name) for one in members]
        offer(self, "applicant", Applicant.objects.filter(group_memberships__group__in=groups))
        offer_choices(self, "applicant", [("", _("(choose)")), *sorted(names, key=lambda one: one[1])])
        self.fields["what"].widget.attrs["rows"] = 3

    def clean_seen_on(self) -> datetime.date:
        seen_on: datetime.date = self.cleaned_data["seen_on"]
        if seen_on > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return seen_on


class StepForm(RowForm):
    class Meta:
        model = ActionStep
        fields = ("goal", "step", "who", "due_on")
        labels = {"step": _("Step of the plan")}  # noqa: RUF012


class RecommendationForm(RowForm):
    class Meta:
        model = Recommendation
        fields = ("kind", "finding", "advice", "priority")


class ExpertRequestForm(RowForm):
    class Meta:
        model = ExpertRequest
        fields = ("skill", "question", "expert")


class FinishForm(Form):
    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The evidence of a step; the answer of an expert."),
    )


class VisitRequestForm(RowForm):
    class Meta:
        model = VisitRequest
        fields = ("wanted",)
        help_texts = {"wanted": _("What should the mentor bring, look at or help with?")}  # noqa: RUF012


class BlockForm(RowForm):
    class Meta:
        model = CanvasBlock
        fields = ("text",)
        widgets = {"text": forms.Textarea({"rows": 6})}  # noqa: RUF012

    read = forms.IntegerField(min_value=0, widget=forms.HiddenInput())


class AnswerForm(Form):
    answer = forms.CharField(
        label=_("Your answer"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The participant reads it. Log a visit instead when there was one."),
    )


class SettleForm(Form):
    outcome = forms.CharField(label=_("How it was settled"), max_length=1000, widget=forms.Textarea({"rows": 3}))


class ConfirmationForm(Form):
    took_place = forms.TypedChoiceField(
        label=_("Did the visit take place?"),
        choices=(("yes", _("Yes")), ("no", _("No"))),
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(label=_("What should the office know?"), max_length=300, required=False)
