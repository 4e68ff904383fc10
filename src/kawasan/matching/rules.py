"""Which group may have whom: sizes, fields, mentors' limits, and what makes a mentor dearer."""

from kawasan.core.text import Labelled, _


class Sex(Labelled):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class Skill(Labelled):
    """What an expert is asked for."""

    CONTENT = "content", _("Content creation")
    DESIGN = "design", _("Graphic design")
    PROGRAMMING = "programming", _("Programming")
    NETWORK = "network", _("Networks")
    ANIMAL_HEALTH = "animal_health", _("Animal health")
    FOOD_SAFETY = "food_safety", _("Food safety")
    FINANCE = "finance", _("Finance and bookkeeping")
    CRAFT = "craft", _("Craft")
    MARKETING = "marketing", _("Marketing")


class GroupRole(Labelled):
    """What a member does in the group; officers are voted by the group itself."""

    HEAD = "head", _("Group head")
    SECRETARY = "secretary", _("Secretary")
    TREASURER = "treasurer", _("Treasurer")
    MEMBER = "member", _("Member")


class MatchingStatus(Labelled):
    FROZEN = "frozen", _("Frozen")
    COMPUTED = "computed", _("Computed")
