from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Applicant
from kawasan.core.forms import Form, ModelForm, WholeNumberField, offer, offer_choices
from kawasan.core.language import choices, in_words
from kawasan.core.models import User
from kawasan.matching.models import Ability, Expert, Group, GroupMember, Loan, Mentor, Vote, Wish
from kawasan.matching.queries import without_group
from kawasan.matching.rules import OF_SOMEBODY, OFFICES, Day, GroupRole, Language, WishKind
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role
from kawasan.selection.models import Seat


class MentorForm(RowForm):
    class Meta:
        model = Mentor
        fields = (
            "name",
            "sex",
            "organisation",
            "fields",
            "place",
            "phone",
            "most_groups",
            "most_people",
            "languages",
            "days",
            "user",
        )
        help_texts = {  # noqa: RUF012
            "user": _("The account with which the mentor signs in and logs visits."),
            "languages": _("Beside Indonesian."),
            "days": _("Days on which the mentor can come; none for every day."),
        }

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        self.fields["fields"] = forms.MultipleChoiceField(
            label=_("Fields that the mentor knows"),
            choices=[(field.code, str(field)) for field in programme.fields.all()],
        )
        self.initial["fields"] = self.instance.field_codes
        for name, codes in (("languages", Language), ("days", Day)):
            self.fields[name] = forms.MultipleChoiceField(
                label=self.fields[name].label,
                choices=choices(codes),
                required=False,
                help_text=self.fields[name].help_text,
            )
            self.initial[name] = getattr(self.instance, name).split()
        accounts = User.objects.filter(memberships__programme=programme, memberships__role=Role.MENTOR)
        offer(self, "user", accounts.order_by("name"))

    def clean_fields(self) -> str:
        return " ".join(self.cleaned_data["fields"])

    def clean_languages(self) -> str:
        return " ".join(self.cleaned_data["languages"])

    def clean_days(self) -> str:
        return " ".join(self.cleaned_data["days"])


class ExpertForm(RowForm):
    class Meta:
        model = Expert
        fields = ("name", "organisation", "skill", "hours_per_month", "phone")


class ApplicantChoice(forms.ModelChoiceField):
    """A participant by name and place."""

    def label_from_instance(self, obj: Applicant) -> str:
        return f"{obj.person.name} – {obj.person.place}"


class VoteForm(ModelForm):
    """The day, who was present, and how many votes each member got for each office."""

    class Meta:
        model = Vote
        fields = ("held_on", "present", "minutes")
        help_texts = {"minutes": _("What was said, and who counted the votes.")}  # noqa: RUF012

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = list(group.members.select_related("applicant__person").order_by("applicant__person__name"))
        for office in OFFICES:
            for member in self.members:
                label = _("%(office)s: votes for %(name)s") % {
                    "office": in_words(office.label),
                    "name": member.applicant.person.name,
                }
                field = WholeNumberField(label=label, min_value=0, required=False)
                self.fields[f"{office.value}_{member.pk}"] = field

    @property
    def rows(self) -> list[tuple[GroupMember, list[tuple[str, forms.BoundField]]]]:
        """Each member with a cell for each office, under its name."""
        return [(one, [(o.label, self[f"{o.value}_{one.pk}"]) for o in OFFICES]) for one in self.members]

    @property
    def counts(self) -> dict[GroupRole, dict[int, int]]:
        """Votes by office and member."""
        given = self.cleaned_data
        return {office: {m.pk: given[f"{office.value}_{m.pk}"] or 0 for m in self.members} for office in OFFICES}


class MoveForm(Form):
    """Where somebody goes on the board; the groups are shown with what each costs."""

    group = forms.ModelChoiceField(Group.objects.none(), label=_("To the group"))
    why = forms.CharField(label=_("Why"), max_length=200)

    def __init__(self, *args: Any, member: GroupMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Group.objects.filter(programme=member.programme_id, field=member.group.field_id)
        offer(self, "group", others.exclude(pk=member.group_id))


class AddMemberForm(Form):
    applicant = ApplicantChoice(queryset=None, label=_("Participant"))

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "applicant", without_group(group.programme).filter(field=group.field_id))


class MeetingDayForm(ModelForm):
    class Meta:
        model = Group
        fields = ("meets_on",)
        help_texts = {"meets_on": _("Empty: on no fixed day. The mentor has to have this day.")}  # noqa: RUF012


class AssignMentorForm(Form):
    mentor = forms.ModelChoiceField(Mentor.objects.none(), label=_("Mentor"))
    why = forms.CharField(label=_("Why"), max_length=200)

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "mentor", Mentor.objects.at_work().filter(programme=group.programme_id))


class WishForm(RowForm):
    """Participants do not choose among the names of others: such a wish they tell the office."""

    class Meta:
        model = Wish
        fields = ("kind", "other", "language", "most_km")

    other = ApplicantChoice(
        queryset=None, label=_("With whom"), required=False, help_text=_("Of a wish to be together or apart.")
    )

    def __init__(self, *args: Any, applicant: Applicant, is_office: bool, **kwargs: Any) -> None:
        super().__init__(*args, programme=applicant.programme, **kwargs)
        self.instance.applicant = applicant
        self.fields["language"].help_text = _("Of a wish for a language.")
        self.fields["most_km"].help_text = _("Of a wish about the way, in a straight line.")
        offered = Seat.objects.participants().filter(programme=applicant.programme).exclude(applicant=applicant)
        others = Applicant.objects.filter(pk__in=offered.values("applicant")).select_related("person__place")
        offer(self, "other", others.order_by("person__name"))
        if not is_office:
            del self.fields["other"]
            open_to_all = [(code, label) for code, label in choices(WishKind) if code not in OF_SOMEBODY]
            offer_choices(self, "kind", [("", _("(choose)")), *open_to_all])


class AbilityForm(ModelForm):
    class Meta:
        model = Ability
        fields = ("keeps_books", "is_experienced")


class LoanForm(RowForm):
    class Meta:
        model = Loan
        fields = ("day", "hours", "need", "group")


class ConfirmProposalForm(Form):
    """Confirms exactly the proposal that was shown."""

    why = forms.CharField(label=_("Why"), max_length=200)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ConfirmForm(Form):
    is_sure = forms.BooleanField(label=_("Yes, I am sure"))
