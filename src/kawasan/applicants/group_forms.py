from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kawasan.applicants import codes, queries
from kawasan.applicants.models import AppliedGroup, AppliedMember
from kawasan.applicants.rules import GroupRole
from kawasan.core.forms import Form, offer
from kawasan.programmes.models import Programme


class GroupForm(Form):
    """Starts a group."""

    name = forms.CharField(label=_("Name of the group"), max_length=100)
    business = forms.CharField(label=_("What you make or do together"), max_length=300)


class JoinForm(Form):
    """Joins the group of a code, once it was shown which one that is."""

    code = forms.CharField(
        label=_("Code of the group"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("The head of the group has it."),
    )
    is_sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    group: AppliedGroup

    def __init__(self, *args: Any, programme: Programme, **options: Any) -> None:
        super().__init__(*args, **options)
        self.programme = programme

    def clean_code(self) -> str:
        typed = self.cleaned_data["code"]
        found = self.programme.applied_groups.filter(pk=codes.group_of(self.programme.code, typed)).first()
        if found is None:
            raise forms.ValidationError(_("No group has this code. Ask its head once more."), code="unknown")
        self.group = found
        return str(typed)


class MemberField(forms.ModelChoiceField):
    def label_from_instance(self, obj: AppliedMember) -> str:
        return obj.applicant.person.name


class OfficersForm(Form):
    """Who is head, secretary and treasurer, among those who joined."""

    head = MemberField(AppliedMember.objects.none(), label=_(GroupRole.HEAD.label))
    secretary = MemberField(AppliedMember.objects.none(), label=_(GroupRole.SECRETARY.label))
    treasurer = MemberField(AppliedMember.objects.none(), label=_(GroupRole.TREASURER.label))

    def __init__(self, *args: Any, group: AppliedGroup, **options: Any) -> None:
        held = {member.role: member.pk for member in queries.members_of(group)}
        super().__init__(*args, initial=held, **options)
        for name in self.fields:
            offer(self, name, group.members.select_related("applicant__person"))

    def officers(self) -> dict[GroupRole, AppliedMember]:
        return {GroupRole(name): member for name, member in self.cleaned_data.items()}
