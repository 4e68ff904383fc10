"""Modules, rooms, sessions and who attended; the frozen input from which a timetable was made."""

import operator
import uuid
from functools import reduce
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Applicant
from kawasan.areas.models import Place
from kawasan.core.language import choices, in_language
from kawasan.core.secrets import EncryptedField, SealedField
from kawasan.matching.models import Expert, Group, Mentor
from kawasan.matching.rules import Skill
from kawasan.programmes.models import CodeField, Field, Programme, SourceField
from kawasan.training.rules import BEST, FULL, MOST_LATE, BlockedKind, Moment, Presence, SessionStatus, TimetableStatus

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


class Room(models.Model):
    """Where sessions are held."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="rooms")
    code = CodeField(verbose_name=_("code"))
    name = models.CharField(_("name"), max_length=150, help_text=_("Name of the room and its building"))
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="rooms", verbose_name=_("place"), help_text=_("Place of the room")
    )
    capacity = models.PositiveSmallIntegerField(
        _("seats in the room"), validators=[MinValueValidator(1)], help_text=_("People that the room holds")
    )
    source = SourceField()

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="room_code"),)

    def __str__(self) -> str:
        return self.name


class Module(models.Model):
    """What is taught, for how many lesson hours (JPL of 45 minutes)."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="modules")
    code = CodeField(verbose_name=_("code"))
    name = models.CharField(_("name"), max_length=200, help_text=_("Name in Indonesian"))
    name_en = models.CharField(_("name in English"), max_length=200, help_text=_("Name in English"))
    field = models.ForeignKey(
        Field,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="modules",
        verbose_name=_("field"),
        help_text=_("Field whose groups take the module; empty means all groups"),
    )
    hours = models.PositiveSmallIntegerField(
        _("lesson hours (JPL)"),
        validators=[MinValueValidator(1), MaxValueValidator(200)],
        help_text=_("Lesson hours (JPL) of 45 minutes"),
    )
    position = models.PositiveSmallIntegerField(
        _("order"), help_text=_("Modules are taken in this order; equal numbers in any order")
    )
    expert = models.ForeignKey(
        Expert,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="modules",
        verbose_name=_("expert"),
        help_text=_("Expert who teaches it; empty means the group's mentor"),
    )
    skill = models.CharField(
        _("skill of the trainer"),
        max_length=20,
        blank=True,
        choices=choices(Skill),
        help_text=_("Skill that an expert needs to teach it; empty means that any trainer can"),
    )
    materials = models.TextField(
        _("materials"), max_length=1000, blank=True, help_text=_("What is handed out, and what participants bring")
    )
    is_compulsory = models.BooleanField(
        _("compulsory"), default=False, help_text=_("Whether all of it must be attended to complete the training")
    )
    is_briefing = models.BooleanField(
        _("briefing (pembekalan)"),
        default=False,
        help_text=_("Whether it must be attended before any money is paid"),
    )
    source = SourceField()

    class Meta:
        ordering = ("position", "code")
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="module_code"),)

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def is_needed(self) -> bool:
        """Whether nobody goes without it."""
        return self.is_compulsory or self.is_briefing


class Prerequisite(models.Model):
    """What a group must have learned before a module."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="prerequisites")
    module = models.ForeignKey(
        Module,
        on_delete=models.CASCADE,
        related_name="prerequisites",
        verbose_name=_("module"),
        help_text="Module that needs another one",
    )
    needs = models.ForeignKey(
        Module,
        on_delete=models.PROTECT,
        related_name="needed_by",
        verbose_name=_("needs"),
        help_text="Module that is held before it",
    )
    source = SourceField()

    class Meta:
        ordering = ("module", "needs")
        constraints = (models.UniqueConstraint(fields=("module", "needs"), name="prerequisite_once"),)

    def __str__(self) -> str:
        return f"{self.module_id} – {self.needs_id}"


class Equipment(models.Model):
    """What is carried to the rooms in which it is used: stoves, laptops, a set of tools."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="equipment")
    code = CodeField(verbose_name=_("code"))
    name = models.CharField(_("name"), max_length=150, help_text=_("What it is, as people call it"))
    sets = models.PositiveSmallIntegerField(
        _("sets"), validators=[MaxValueValidator(1000)], help_text=_("In how many sessions it can be used at a time")
    )
    source = SourceField()

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="equipment_code"),)

    def __str__(self) -> str:
        return self.name


class ModuleEquipment(models.Model):
    """Equipment that each session of a module uses, one set of each kind."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="module_equipment")
    module = models.ForeignKey(
        Module,
        on_delete=models.CASCADE,
        related_name="equipment",
        verbose_name=_("module"),
        help_text="Module whose sessions use it",
    )
    equipment = models.ForeignKey(
        Equipment,
        on_delete=models.PROTECT,
        related_name="modules",
        verbose_name=_("equipment"),
        help_text="Equipment of which each session uses one set",
    )
    source = SourceField()

    class Meta:
        ordering = ("module", "equipment")
        constraints = (models.UniqueConstraint(fields=("module", "equipment"), name="module_equipment_once"),)

    def __str__(self) -> str:
        return f"{self.module_id} – {self.equipment_id}"


class BlockedTime(models.Model):
    """When nothing is held, for everybody or for one group: market days, work, tides, harvest."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="blocked_times")
    code = CodeField(verbose_name=_("code"))
    name = models.CharField(_("name"), max_length=150, help_text=_("What is on then, as people call it"))
    kind = models.CharField(
        _("kind"), max_length=20, choices=choices(BlockedKind), help_text=_("What kind of time it is")
    )
    group = models.ForeignKey(
        Group,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="blocked_times",
        verbose_name=_("group"),
        help_text=_("Group for which it holds; empty means everybody"),
    )
    first_day = models.DateField(_("first day"), help_text=_("First day on which it holds"))
    last_day = models.DateField(_("last day"), help_text=_("Last day on which it holds"))
    weekday = models.PositiveSmallIntegerField(
        _("weekday"),
        null=True,
        blank=True,
        choices=[(number, name) for number, name in enumerate(WEEKDAYS)],
        help_text=_("0 for Monday to 6 for Sunday; empty means every day"),
    )
    starts = models.TimeField(_("from"), help_text=_("Time from which it holds"))
    ends = models.TimeField(_("to"), help_text=_("Time until which it holds"))
    source = SourceField()

    class Meta:
        ordering = ("first_day", "code")
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="blocked_time_code"),
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day"), ends__gt=models.F("starts")),
                name="blocked_time_order",
                violation_error_message=_("It must end after it begins; correct the days or the times."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Timetable(models.Model):
    """The exact input from which the sessions were computed, and what came out."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="timetables")
    code = CodeField(verbose_name=_("code"))
    status = models.CharField(
        _("status"), max_length=20, choices=choices(TimetableStatus), default="frozen", help_text="How far it is"
    )
    input = models.JSONField(help_text="Sessions, rooms, slots and who is free, as they were when frozen")
    input_hash = models.CharField(max_length=64, help_text="SHA-256 of the input, hexadecimal")
    result = models.JSONField(null=True, blank=True, help_text="Slots and rooms as computed; empty while frozen")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="timetable_code"),
            models.CheckConstraint(
                condition=models.Q(status="frozen", result__isnull=True)
                | models.Q(status="computed", result__isnull=False),
                name="timetable_result",
                violation_error_message=_(
                    "A computed timetable has a result, and a frozen one has none. Correct the status or the result."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.code


class SessionQuerySet(models.QuerySet["Session"]):
    def in_full(self) -> "SessionQuerySet":
        """With everything that a list shows of them."""
        return self.select_related("module__field", "group__field", "room", "mentor", "expert")

    def standing(self) -> "SessionQuerySet":
        """The sessions that take place: all but the cancelled ones."""
        return self.exclude(status=SessionStatus.CANCELLED)

    def overlapping(self, starts_at: Any, ends_at: Any) -> "SessionQuerySet":
        """The sessions that take place at some time between two moments."""
        return self.standing().filter(starts_at__lt=ends_at, ends_at__gt=starts_at)

    def of_mentor(self, user: Any) -> "SessionQuerySet":
        """The sessions of groups whose mentor signs in as this user, and those that this mentor teaches."""
        return self.filter(models.Q(group__mentor__user=user) | models.Q(mentor__user=user))

    def to_record(self, now: Any) -> "SessionQuerySet":
        """The sessions that are over but whose attendance is missing."""
        return self.filter(status=SessionStatus.PLANNED, ends_at__lt=now)


class Session(models.Model):
    """One meeting of one group for (a part of) one module, with one trainer."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="sessions")
    code = CodeField(verbose_name=_("code"))
    module = models.ForeignKey(
        Module, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("module"), help_text="Module"
    )
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("group"), help_text="Group"
    )
    room = models.ForeignKey(
        Room, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("room"), help_text="Room"
    )
    mentor = models.ForeignKey(
        Mentor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("mentor"),
        help_text="Mentor who teaches; empty when an expert does",
    )
    expert = models.ForeignKey(
        Expert,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("expert"),
        help_text="Expert who teaches; empty when a mentor does",
    )
    starts_at = models.DateTimeField(_("starts"), help_text=_("Start, with time zone"))
    ends_at = models.DateTimeField(_("ends"), help_text=_("End, with time zone"))
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=choices(SessionStatus),
        default="planned",
        help_text=_("Whether it was held"),
    )
    source = SourceField()

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "code")
        indexes = (models.Index(fields=("programme", "starts_at")),)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="session_code"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="session_times",
                violation_error_message=_("The session must end after it starts; correct one of the two times."),
            ),
            models.CheckConstraint(
                condition=models.Q(mentor__isnull=True, expert__isnull=False)
                | models.Q(mentor__isnull=False, expert__isnull=True),
                name="session_one_trainer",
                violation_error_message=_("A session has one trainer. Name a mentor or an expert, not both."),
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def trainer_kind(self) -> str:
        """What who teaches is, as codes are told apart by it."""
        return "expert" if self.expert_id else "mentor"

    @property
    def trainer(self) -> Mentor | Expert:
        """Who teaches; load both with ``in_full``."""
        return self.expert or self.mentor  # type: ignore[return-value]


class Attendance(models.Model):
    """How one participant attended one session."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="attendances")
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="attendances", verbose_name=_("session"), help_text="Session"
    )
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        related_name="attendances",
        verbose_name=_("participant"),
        help_text="Participant",
    )
    status = models.CharField(_("attendance"), max_length=20, choices=choices(Presence), help_text="How they attended")
    minutes_late = models.PositiveSmallIntegerField(
        _("minutes late"),
        default=0,
        validators=[MaxValueValidator(MOST_LATE)],
        help_text="Minutes after the start; 0 when in time or not known",
    )
    excuse = models.CharField(_("excuse"), max_length=200, blank=True, help_text="Why somebody was excused")
    source = SourceField()

    class Meta:
        ordering = ("session", "applicant")
        constraints = (
            models.UniqueConstraint(fields=("programme", "session", "applicant"), name="attendance_of_a_session"),
            models.CheckConstraint(
                condition=models.Q(minutes_late=0) | models.Q(status="late"),
                name="attendance_minutes_of_the_late",
                violation_error_message=_("Only who came late has minutes. Choose “late”, or leave the minutes out."),
            ),
            models.CheckConstraint(
                condition=models.Q(excuse="") | models.Q(status="excused"),
                name="attendance_excuse_of_the_excused",
                violation_error_message=_("Only who was excused has a reason. Choose “excused”, or leave it out."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id} – {self.applicant_id}: {self.status}"


class CompletionRule(models.Model):
    """Who completes the training, from a day on."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="completion_rules")
    valid_from = models.DateField(_("valid from"), help_text=_("First day on which the rule holds"))
    least_share = models.PositiveSmallIntegerField(
        _("least share of the lesson hours (%)"),
        default=80,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Percent of the lesson hours of the own group that must be attended"),
    )
    late_after = models.PositiveSmallIntegerField(
        _("late after (minutes)"),
        default=15,
        validators=[MaxValueValidator(MOST_LATE)],
        help_text=_("A card that is scanned so many minutes after the start or later counts as late"),
    )
    source = SourceField()

    class Meta:
        ordering = ("-valid_from",)
        constraints = (models.UniqueConstraint(fields=("programme", "valid_from"), name="completion_rule_day"),)

    def __str__(self) -> str:
        return f"{self.valid_from}: {self.least_share} %"


class MakeUp(models.Model):
    """Somebody takes part in a session of another group in place of one that was missed."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="make_ups")
    missed = models.ForeignKey(
        Session,
        on_delete=models.PROTECT,
        related_name="made_up_by",
        verbose_name=_("missed"),
        help_text="Session that was missed",
    )
    session = models.ForeignKey(
        Session,
        on_delete=models.PROTECT,
        related_name="guests",
        verbose_name=_("session in its place"),
        help_text="Session of another group",
    )
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        related_name="make_ups",
        verbose_name=_("participant"),
        help_text="Who missed it",
    )

    class Meta:
        ordering = ("session", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("missed", "applicant"),
                name="make_up_of_a_missed_session",
                violation_error_message=_("This session is made up already."),
            ),
            models.UniqueConstraint(
                fields=("session", "applicant"),
                name="make_up_guest_once",
                violation_error_message=_("The participant is a guest of that session already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.applicant_id}: {self.missed_id} → {self.session_id}"


class Card(models.Model):
    """A participant's card: a random token as a code, with which attendance is scanned, until it is revoked."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="training_cards")
    applicant = models.ForeignKey(
        Applicant, on_delete=models.PROTECT, related_name="training_cards", verbose_name=_("participant")
    )
    token = EncryptedField(kind="training card", max_length=40)
    issued_on = models.DateField(_("issued"))
    revoked_on = models.DateField(_("revoked"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("applicant",),
                condition=models.Q(revoked_on__isnull=True),
                name="card_valid_once",
                violation_error_message=_("The participant has a valid card. Revoke it first."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk}"


class Sheet(models.Model):
    """A printed attendance list: who stands in which row, so that it can be read back after the group changed."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="attendance_sheets")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="sheets", verbose_name=_("session"))
    number = models.CharField(_("number"), max_length=12, unique=True)
    rows = models.JSONField(default=list)  # keys of the applicants, in order; never queried
    printed_on = models.DateField(_("printed"))

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.number


class SheetPage(models.Model):
    """A page of a sheet as it was read from a photo: a proposal, until the office has checked it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="sheet_pages")
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="pages", verbose_name=_("sheet"))
    page = models.PositiveSmallIntegerField(_("page"))
    picture = SealedField(kind="attendance sheet")  # the page made straight, as JPEG
    marks = models.JSONField(default=list)  # of each row: presence, how sure, signed; never queried
    is_stored = models.BooleanField(_("stored"), default=False)

    class Meta:
        ordering = ("sheet", "page")
        constraints = (models.UniqueConstraint(fields=("sheet", "page"), name="sheet_page_once"),)

    def __str__(self) -> str:
        return f"{self.sheet_id}/{self.page}"


class Certificate(models.Model):
    """What says that somebody completed the training: what it says is fixed when it is issued."""

    personal: ClassVar = frozenset({"name"})

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="certificates")
    code = CodeField(verbose_name=_("number"))
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        related_name="certificates",
        verbose_name=_("participant"),
        help_text="Who completed the training",
    )
    token = models.CharField(max_length=40, unique=True, help_text="Part of the address at which anybody checks it")
    issued_on = models.DateField(_("issued"), help_text="Day of issue")
    name = models.CharField(_("name"), max_length=150, help_text="Name as it is printed")
    modules = models.JSONField(_("modules"), default=list, help_text="Name and lesson hours (JPL) of each module")
    revoked_on = models.DateField(_("revoked"), null=True, blank=True, help_text="Empty while it is valid")
    reason = models.CharField(_("reason"), max_length=200, blank=True, help_text="Why it was revoked")

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="training_certificate_code"),
            models.UniqueConstraint(
                fields=("applicant",),
                condition=models.Q(revoked_on__isnull=True),
                name="training_certificate_once",
                violation_error_message=_("The participant has a valid certificate already."),
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def hours(self) -> float:
        return sum(module["hours"] for module in self.modules)

    @property
    def taught(self) -> list[tuple[str, float]]:
        """The modules and their hours for a page; the paper has their Indonesian names."""
        return [(in_language(one["name"], one.get("name_en", "")), one["hours"]) for one in self.modules]


FEED_OWNERS = ("user", "applicant", "mentor", "expert")
ONE_OWNER = reduce(
    operator.or_, (models.Q(**{f"{other}__isnull": other != name for other in FEED_OWNERS}) for name in FEED_OWNERS)
)


class CalendarFeed(models.Model):
    """The secret address at which the calendar of one person is read; only its hash is stored.

    It belongs to an account, or to a participant, a mentor or an expert who may have none.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="calendar_feeds")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="calendar_feeds"
    )
    applicant = models.OneToOneField(
        Applicant, on_delete=models.CASCADE, null=True, blank=True, related_name="calendar_feed"
    )
    mentor = models.OneToOneField(Mentor, on_delete=models.CASCADE, null=True, blank=True, related_name="calendar_feed")
    expert = models.OneToOneField(Expert, on_delete=models.CASCADE, null=True, blank=True, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True)
    made_on = models.DateField(_("made"))

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "user"),
                name="calendar_feed_once",
            ),
            models.CheckConstraint(
                condition=ONE_OWNER,
                name="calendar_feed_of_one",
                violation_error_message=_("A calendar is of one account, participant, mentor or expert."),
            ),
        )

    def __str__(self) -> str:
        return str(self.owner)

    @property
    def owner(self) -> Any:
        """Whose calendar it is."""
        return self.user or self.applicant or self.mentor or self.expert


class Score(models.Model):
    """What a participant could do before or after a module, in points."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="scores")
    module = models.ForeignKey(
        Module, on_delete=models.PROTECT, related_name="scores", verbose_name=_("module"), help_text="Module"
    )
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        related_name="scores",
        verbose_name=_("participant"),
        help_text="Participant",
    )
    moment = models.CharField(
        _("moment"), max_length=10, choices=choices(Moment), help_text="Before or after the module"
    )
    points = models.PositiveSmallIntegerField(
        _("points"), validators=[MaxValueValidator(FULL)], help_text="Points from 0 to 100"
    )
    assessed_on = models.DateField(_("assessed"), help_text="Day of the assessment")
    source = SourceField()

    class Meta:
        ordering = ("module", "applicant", "moment")
        constraints = (
            models.UniqueConstraint(fields=("programme", "module", "applicant", "moment"), name="score_once"),
            models.CheckConstraint(
                condition=models.Q(points__lte=FULL),
                name="score_points",
                violation_error_message=_("Points go from 0 to 100. Correct them."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.module_id} – {self.applicant_id}: {self.points}"


class FeedbackGiven(models.Model):
    """That somebody said what they think of a module, and nothing of what was said."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="feedback_given")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="feedback_given")
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="feedback_given")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("module", "applicant"),
                name="feedback_once",
                violation_error_message=_("You have said already what you think of this module."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.module_id} – {self.applicant_id}"


class Feedback(models.Model):
    """What somebody thinks of a module. Neither name nor day, and a random key: no order leads to a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="feedback")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="feedback")
    content = models.PositiveSmallIntegerField(_("content"), validators=[MinValueValidator(1), MaxValueValidator(BEST)])
    trainer = models.PositiveSmallIntegerField(_("trainer"), validators=[MinValueValidator(1), MaxValueValidator(BEST)])
    place = models.PositiveSmallIntegerField(
        _("room and time"), validators=[MinValueValidator(1), MaxValueValidator(BEST)]
    )
    comment = models.TextField(_("what should be better"), blank=True, max_length=1_000)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.module_id)


class Publication(models.Model):
    """The timetable as it was published, and what changed in it since the publication before."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="publications")
    number = models.PositiveSmallIntegerField(_("number"), help_text="Counted from 1")
    published_on = models.DateField(_("published"), help_text="Day from which it was in force")
    sessions = models.JSONField(default=list, blank=True, help_text="All sessions, as codes and moments")
    changes = models.JSONField(default=list, blank=True, help_text="What was new in it, and who was told")

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("programme", "number"), name="publication_number"),)

    def __str__(self) -> str:
        return f"{self.number}"
