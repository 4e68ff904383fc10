from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Applicant
from kawasan.core.forms import Form, offer
from kawasan.core.models import User
from kawasan.matching.models import Expert, Group, GroupMember, Mentor
from kawasan.matching.queries import without_group
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role


class MentorForm(RowForm):
    class Meta:
        model = Mentor
        fields = ("name", "sex", "organisation", "fields", "place", "phone", "most_groups", "most_people", "user")
        help_texts = {"user": _("The account with which the mentor signs in and logs visits.")}  # noqa: RUF012

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        self.fields["fields"] = forms.MultipleChoiceField(
            label=_("Fields that the mentor knows"),
            choices=[(field.code, str(field)) for field in programme.fields.all()],
        )
        self.initial["fields"] = self.instance.field_codes
        accounts = User.objects.filter(memberships__programme=programme, memberships__role=Role.MENTOR)
        offer(self, "user", accounts.order_by("name"))

    def clean_fields(self) -> str:
        return " ".join(self.cleaned_data["fields"])


class ExpertForm(RowForm):
    class Meta:
        model = Expert
        fields = ("name", "organisation", "skill", "hours_per_month", "phone")


class MemberChoice(forms.ModelChoiceField):
    """A member by name."""

    def label_from_instance(self, obj: GroupMember) -> str:
        return obj.applicant.person.name


class ApplicantChoice(forms.ModelChoiceField):
    """A participant by name and place."""

    def label_from_instance(self, obj: Applicant) -> str:
        return f"{obj.person.name} – {obj.person.place}"


class OfficersForm(Form):
    head = MemberChoice(queryset=None, label=_("Group head"))
    secretary = MemberChoice(queryset=None, label=_("Secretary"), required=False)
    treasurer = MemberChoice(queryset=None, label=_("Treasurer"), required=False)

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = group.members.select_related("applicant__person")
        self.initial = {member.role: member for member in members}
        for name in self.fields:
            offer(self, name, members)


class MoveForm(Form):
    group = forms.ModelChoiceField(Group.objects.none(), label=_("To the group"))

    def __init__(self, *args: Any, member: GroupMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Group.objects.filter(programme=member.programme_id, field=member.group.field_id)
        offer(self, "group", others.exclude(pk=member.group_id))


class AddMemberForm(Form):
    applicant = ApplicantChoice(queryset=None, label=_("Participant"))

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "applicant", without_group(group.programme).filter(field=group.field_id))


class AssignMentorForm(Form):
    mentor = forms.ModelChoiceField(Mentor.objects.none(), label=_("Mentor"))
    why = forms.CharField(label=_("Why"), max_length=200)

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "mentor", Mentor.objects.filter(programme=group.programme_id))


class ConfirmForm(Form):
    is_sure = forms.BooleanField(label=_("Yes, I am sure"))
