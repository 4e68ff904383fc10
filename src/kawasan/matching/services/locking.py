"""Changes of groups wait for one another."""

from kawasan.core.errors import Refused
from kawasan.core.text import Text, _
from kawasan.matching.queries import valid_rule_set
from kawasan.programmes.models import Programme, RuleSet


def locked_rule_set(programme: Programme) -> RuleSet:
    """The rule set with the sizes of groups; the lock keeps two changes from filling the same room."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    rule_set = valid_rule_set(programme)
    if rule_set is None:
        raise Refused(Text(_("No rule set is valid on this day, so nobody knows how large a group may be.")))
    return rule_set
