"""Mentors and experts, the business groups and their members, and the frozen input from which they were made."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Applicant
from kawasan.applicants.rules import Sex
from kawasan.areas.models import Place
from kawasan.core.language import choices
from kawasan.core.models import User
from kawasan.core.secrets import EncryptedPhoneField
from kawasan.core.text import Labelled
from kawasan.matching.rules import OF_SOMEBODY, Day, GroupRole, Language, MatchingStatus, Offer, Skill, WishKind
from kawasan.partners.models import Organisation
from kawasan.programmes.models import CodeField, Field, Programme, SourceField
from kawasan.selection.rules import SeatStatus

field_codes_validator = RegexValidator(
    r"^[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*\Z", _("Write field codes with one space between them.")
)


def codes_validator(codes: type[Labelled]) -> RegexValidator:
    """Codes with one space between them, each one of these."""
    one = "|".join(codes)
    return RegexValidator(rf"^({one})( ({one}))*\Z", _("Write codes of the list with one space between them."))


class MentorQuerySet(models.QuerySet["Mentor"]):
    def with_load(self) -> "MentorQuerySet":
        """With ``groups_now`` and ``people_now``: what each of them has to do."""
        load = self.annotate(
            groups_now=models.Count("groups", distinct=True),
            people_now=models.Count(
                "groups__members",
                distinct=True,
                filter=models.Q(groups__members__applicant__seat__status=SeatStatus.ACCEPTED),
            ),
        )
        return load.order_by("code")

    def at_work(self) -> "MentorQuerySet":
        """Those who have not left."""
        return self.filter(left_on=None)


class Mentor(models.Model):
    """Somebody who accompanies groups (pendamping), within what one person can take."""

    personal: ClassVar = frozenset({"name"})

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="mentors")
    code = CodeField(verbose_name=_("code"))
    name = models.CharField(_("name"), max_length=150, help_text=_("Full name"))
    sex = models.CharField(_("sex"), max_length=10, choices=choices(Sex), help_text="Sex")
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="mentors",
        verbose_name=_("organisation"),
        help_text="Organisation that sends the mentor",
    )
    fields = models.CharField(
        _("fields"),
        max_length=200,
        validators=[field_codes_validator],
        help_text=_("Codes of the fields that the mentor knows, with spaces between them"),
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="mentors",
        verbose_name=_("home or office"),
        help_text="Place from which the mentor sets out",
    )
    phone = EncryptedPhoneField(_("phone"), kind="phone", max_length=30, blank=True, help_text="Phone number")
    most_groups = models.PositiveSmallIntegerField(_("most groups"), help_text=_("Most groups at a time"))
    most_people = models.PositiveSmallIntegerField(
        _("most people"), help_text=_("Most people in all the groups together")
    )
    languages = models.CharField(
        _("languages"),
        max_length=100,
        blank=True,
        validators=[codes_validator(Language)],
        help_text=f"Languages beside Indonesian, with spaces between them: {' '.join(Language)}",
    )
    days = models.CharField(
        _("days"),
        max_length=40,
        blank=True,
        validators=[codes_validator(Day)],
        help_text=f"Days on which the mentor can come, with spaces: {' '.join(Day)}; empty for every day",
    )
    left_on = models.DateField(_("left on"), null=True, blank=True, help_text="Last day, of a mentor who left")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="mentors",
        verbose_name=_("account"),
    )
    source = SourceField()

    objects = MentorQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="mentor_code"),)

    def __str__(self) -> str:
        return self.name

    @property
    def field_codes(self) -> list[str]:
        """The fields as a list."""
        return self.fields.split()

    @property
    def offer(self) -> Offer:
        """What members may have asked for and this mentor brings."""
        return Offer(self.sex, frozenset(self.languages.split()), frozenset(self.days.split()))


class Expert(models.Model):
    """Somebody whom an organisation lends for a skill, some hours a month (narasumber)."""

    personal: ClassVar = frozenset({"name"})

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="experts")
    code = CodeField(verbose_name=_("code"))
    name = models.CharField(_("name"), max_length=150, help_text=_("Full name"))
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="experts",
        verbose_name=_("organisation"),
        help_text="Organisation that lends the expert",
    )
    skill = models.CharField(
        _("skill"), max_length=20, choices=choices(Skill), help_text=_("What the expert is asked for")
    )
    hours_per_month = models.PositiveSmallIntegerField(
        _("hours a month"), help_text=_("Hours a month that the organisation gives")
    )
    phone = EncryptedPhoneField(_("phone"), kind="phone", max_length=30, blank=True, help_text="Phone number")
    source = SourceField()

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="expert_code"),)

    def __str__(self) -> str:
        return self.name


class Matching(models.Model):
    """The exact input from which groups and mentors were computed, and what came out."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="matchings")
    code = CodeField(verbose_name=_("code"))
    status = models.CharField(
        _("status"), max_length=20, choices=choices(MatchingStatus), default="frozen", help_text="How far it is"
    )
    input = models.JSONField(help_text="People, mentors and sizes as they were when frozen")
    input_hash = models.CharField(max_length=64, help_text="SHA-256 of the input, hexadecimal")
    result = models.JSONField(null=True, blank=True, help_text="Groups and mentors as computed; empty while frozen")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="matching_code"),
            models.CheckConstraint(
                condition=models.Q(status="frozen", result__isnull=True)
                | models.Q(status="computed", result__isnull=False),
                name="matching_result",
                violation_error_message=_(
                    "A computed matching has a result, and a frozen one has none. Correct the status or the result."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.code


class GroupQuerySet(models.QuerySet["Group"]):
    def with_size(self) -> "GroupQuerySet":
        """With ``size`` and ``mean_km``: how many members hold their seat still, and how far they have to go."""
        stays = models.Q(members__applicant__seat__status=SeatStatus.ACCEPTED)
        return self.annotate(
            size=models.Count("members", filter=stays), mean_km=models.Avg("members__distance_km", filter=stays)
        )

    def of_mentor(self, user: Any) -> "GroupQuerySet":
        """The groups whose mentor signs in as this user."""
        return self.filter(mentor__user=user)


class Group(models.Model):
    """A business group: neighbours in one field, with one mentor."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="groups")
    code = CodeField(verbose_name=_("code"))
    field = models.ForeignKey(
        Field, on_delete=models.PROTECT, related_name="groups", verbose_name=_("field"), help_text="Field of business"
    )
    name = models.CharField(_("name"), max_length=150, help_text="Name of the group")
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="groups",
        verbose_name=_("meets in"),
        help_text="Place where the group meets",
    )
    mentor = models.ForeignKey(
        Mentor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="groups",
        verbose_name=_("mentor"),
        help_text="Mentor of the group",
    )
    is_mentor_fixed = models.BooleanField(
        _("keep this mentor"), default=False, help_text="Whether the mentor stays when mentors are matched anew"
    )
    meets_on = models.CharField(
        _("meets on"), max_length=3, choices=choices(Day), blank=True, help_text="Day of the week on which it meets"
    )
    reason = models.JSONField(
        _("why this mentor"), default=dict, blank=True, help_text="Why this mentor, as a sentence with its figures"
    )
    source = SourceField()

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="group_code"),)

    def __str__(self) -> str:
        return self.name

    def is_mentored_by(self, user: User) -> bool:
        """Whether the mentor signs in as this user; load ``mentor`` with the group."""
        return self.mentor is not None and self.mentor.user_id == user.pk


class GroupMember(models.Model):
    """A participant in a group."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="group_members")
    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="members", verbose_name=_("group"), help_text="Group"
    )
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        related_name="group_memberships",
        verbose_name=_("participant"),
        help_text="Participant",
    )
    role = models.CharField(
        _("role"), max_length=20, choices=choices(GroupRole), default="member", help_text=_("Role in the group")
    )
    distance_km = models.FloatField(
        _("distance"),
        validators=[MinValueValidator(0)],
        help_text=_("From the member's place to where the group meets, km in a straight line"),
    )
    is_fixed = models.BooleanField(
        _("keep in this group"), default=False, help_text=_("Whether the member stays when groups are matched anew")
    )
    source = SourceField()

    class Meta:
        ordering = ("group", "pk")
        constraints = (
            models.UniqueConstraint(fields=("programme", "applicant"), name="group_member_applicant"),
            models.UniqueConstraint(
                fields=("group", "role"),
                condition=~models.Q(role="member"),
                name="group_member_one_officer_each",
                violation_error_message=_(
                    "Somebody in the group has this role already. Give one of the two another role."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.applicant_id} – {self.group_id}"


class Ability(models.Model):
    """What a participant can do that counts when groups are formed."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="abilities")
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.CASCADE,
        related_name="abilities",
        verbose_name=_("participant"),
        help_text="Participant",
    )
    keeps_books = models.BooleanField(
        _("can keep books"), default=False, help_text="Whether the participant can keep a cash book"
    )
    is_experienced = models.BooleanField(
        _("has experience in the field"), default=False, help_text="Whether the participant did such work before"
    )
    source = SourceField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("programme", "applicant"), name="ability_applicant"),)

    def __str__(self) -> str:
        return str(self.applicant_id)


class Wish(models.Model):
    """What a participant asks of the group or of its mentor; entered by the office or by the participant."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="wishes")
    code = CodeField()
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.CASCADE,
        related_name="wishes",
        verbose_name=_("participant"),
        help_text="Who has the wish",
    )
    kind = models.CharField(_("wish"), max_length=20, choices=choices(WishKind), help_text="What is asked for")
    other = models.ForeignKey(
        Applicant,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="wishes_about",
        verbose_name=_("with whom"),
        help_text="The other participant, of a wish to be together or apart",
    )
    language = models.CharField(
        _("language"),
        max_length=20,
        choices=choices(Language),
        blank=True,
        help_text="Language that the mentor should speak",
    )
    most_km = models.FloatField(
        _("kilometres"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="How far the participant can go to the meeting place, km in a straight line",
    )
    source = SourceField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="wish_code"),
            models.CheckConstraint(
                condition=models.Q(kind__in=OF_SOMEBODY, other__isnull=False)
                | (~models.Q(kind__in=OF_SOMEBODY) & models.Q(other__isnull=True)),
                name="wish_other",
                violation_error_message=_("A wish to be together or apart names the other participant; others do not."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind=WishKind.LANGUAGE) & ~models.Q(language="")
                | ~models.Q(kind=WishKind.LANGUAGE) & models.Q(language=""),
                name="wish_language",
                violation_error_message=_("A wish for a language names it; others do not."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind=WishKind.REACH, most_km__isnull=False)
                | (~models.Q(kind=WishKind.REACH) & models.Q(most_km__isnull=True)),
                name="wish_reach",
                violation_error_message=_("A wish about the way says how many kilometres; others do not."),
            ),
        )

    def __str__(self) -> str:
        return self.code


class Vote(models.Model):
    """A meeting in which a group voted for its head, secretary and treasurer; the latest counts."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="votes")
    code = CodeField(verbose_name=_("code"))
    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="votes", verbose_name=_("group"), help_text="Group that voted"
    )
    held_on = models.DateField(_("day of the vote"), help_text="Day of the vote")
    present = models.PositiveSmallIntegerField(
        _("members present"), validators=[MinValueValidator(1)], help_text="How many members were there"
    )
    minutes = models.TextField(_("minutes"), max_length=2000, blank=True, help_text="What was said at the vote")
    source = SourceField()

    class Meta:
        ordering = ("-held_on", "-pk")
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="vote_code"),)

    def __str__(self) -> str:
        return f"{self.group} {self.held_on}"


class Ballot(models.Model):
    """How many votes somebody got for an office."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="ballots")
    vote = models.ForeignKey(
        Vote, on_delete=models.CASCADE, related_name="ballots", verbose_name=_("vote"), help_text="Vote"
    )
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        related_name="ballots",
        verbose_name=_("participant"),
        help_text="Member who got the votes",
    )
    office = models.CharField(
        _("office"), max_length=20, choices=choices(GroupRole), help_text="Office that was voted for"
    )
    votes = models.PositiveSmallIntegerField(_("votes"), help_text="How many votes")
    source = SourceField()

    class Meta:
        ordering = ("vote", "office", "-votes", "pk")
        constraints = (models.UniqueConstraint(fields=("vote", "office", "applicant"), name="ballot_once"),)

    def __str__(self) -> str:
        return f"{self.applicant_id} {self.office}"


class Loan(models.Model):
    """Hours for which an organisation lends an expert to a group, or to the whole programme."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="loans")
    code = CodeField(verbose_name=_("code"))
    expert = models.ForeignKey(
        Expert, on_delete=models.PROTECT, related_name="loans", verbose_name=_("expert"), help_text="Expert"
    )
    group = models.ForeignKey(
        Group,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="loans",
        verbose_name=_("group"),
        help_text="Group that is helped; empty: the whole programme",
    )
    day = models.DateField(_("day"), help_text="Day")
    hours = models.PositiveSmallIntegerField(
        _("hours"), validators=[MinValueValidator(1), MaxValueValidator(24)], help_text=_("Hours of that day")
    )
    need = models.CharField(_("what for"), max_length=200, help_text=_("What the expert is needed for"))
    source = SourceField()

    class Meta:
        ordering = ("-day", "-pk")
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="loan_code"),)

    def __str__(self) -> str:
        return f"{self.expert_id} {self.day}"
