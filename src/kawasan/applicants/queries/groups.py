"""Groups that apply together."""

from collections.abc import Sequence

from kawasan.applicants import rules
from kawasan.applicants.models import (
    Applicant,
    AppliedGroup,
    AppliedMember,
)
from kawasan.core.text import Text


def membership_of(applicant: Applicant) -> AppliedMember | None:
    """The group with which somebody applies, and what they do in it."""
    found = AppliedMember.objects.filter(applicant=applicant)
    return found.select_related("group__field", "programme", "applicant__rule_set").first()


def members_of(group: AppliedGroup) -> list[AppliedMember]:
    """Who joined a group, in the order of joining."""
    return list(group.members.select_related("applicant__person"))


def missing_in(member: AppliedMember, members: Sequence[AppliedMember]) -> list[Text]:
    """What the group of somebody still needs."""
    rule_set = member.applicant.rule_set
    return rules.missing_in_group(
        len(members), [one.role for one in members], least=rule_set.least_group if rule_set else 0
    )
