"""Visits of mentors to their groups: the logbook, its photos, and what participants say of a visit."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Applicant
from kawasan.core.language import choices
from kawasan.matching.models import Expert, Group, Mentor
from kawasan.matching.rules import Skill
from kawasan.mentoring import rules
from kawasan.mentoring.rules import COUNTED, FindingKind, Method, PhotoKind, Priority, Problem, Reach, State
from kawasan.programmes.models import CodeField, Programme, SourceField


class VisitQuerySet(models.QuerySet["Visit"]):
    def in_full(self) -> "VisitQuerySet":
        """With everything that a list shows of them."""
        return self.select_related("mentor", "group__field", "applicant__person")

    def standing(self) -> "VisitQuerySet":
        """Those that count: no drafts, none rejected or replaced, no correction that was not approved yet."""
        return self.filter(state__in=COUNTED).exclude(
            ~models.Q(state=State.APPROVED), replaces__isnull=False, replaces__state=State.APPROVED
        )

    def waiting(self) -> "VisitQuerySet":
        """Those that wait for somebody to review them, the oldest first."""
        return self.filter(state=State.PENDING).order_by("visited_on", "pk")

    def of_participant(self, applicant: Applicant) -> "VisitQuerySet":
        """The visits at which a participant was, by name or as one of the group."""
        named = models.Q(applicant=applicant) | models.Q(participants=applicant)
        of_group = models.Q(applicant=None, participants=None, group__members__applicant=applicant)
        return self.filter(named | of_group).distinct()

    def of_mentor(self, user: Any) -> "VisitQuerySet":
        """The visits to groups whose mentor signs in as this user, whoever made them."""
        return self.filter(group__mentor__user=user)


class Visit(models.Model):
    """A mentor saw a group, or one participant of it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="visits")
    code = CodeField(verbose_name=_("code"))
    mentor = models.ForeignKey(
        Mentor, on_delete=models.PROTECT, related_name="visits", verbose_name=_("mentor"), help_text="Who visited"
    )
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="visits", verbose_name=_("group"), help_text="Group visited"
    )
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name=_("participant"),
        help_text="Participant visited alone; empty means several, or the whole group",
    )
    participants: "models.ManyToManyField[Applicant, VisitParticipant]" = models.ManyToManyField(
        Applicant, through="VisitParticipant", related_name="visits_with_others", verbose_name=_("who was there")
    )
    visited_on = models.DateField(_("date"), help_text="Day of the visit")
    starts_at = models.TimeField(_("start time"), help_text="Start, local time")
    ends_at = models.TimeField(_("end time"), help_text="End, local time")
    method = models.CharField(
        _("how"), max_length=20, choices=choices(Method), default="in_person", help_text="In person or online"
    )
    lesson_hours = models.PositiveSmallIntegerField(
        _("lesson hours (JPL)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(rules.MOST_LESSON_HOURS)],
        help_text="Lesson hours (JPL); empty: worked out from the times, 45 minutes each",
    )
    reach = models.CharField(
        _("how far"), max_length=20, choices=choices(Reach), default=Reach.LOCAL, help_text="Local or out of town"
    )
    venue = models.CharField(_("where"), max_length=200, blank=True, help_text="Where it was, in words")
    latitude = models.FloatField(
        _("latitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text="Latitude where it was logged, degrees; empty when the mentor did not give it",
    )
    longitude = models.FloatField(
        _("longitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text="Longitude where it was logged, degrees; empty when the mentor did not give it",
    )
    material = models.TextField(_("material"), max_length=500, blank=True, help_text="What was taught or practised")
    summary = models.TextField(_("what was done"), max_length=2000, help_text="What was done and found")
    obstacle = models.TextField(
        _("obstacle"), max_length=1000, blank=True, help_text="What stands in the way; empty when nothing does"
    )
    solution = models.TextField(_("solution"), max_length=1000, blank=True, help_text="What was agreed against it")
    next_step = models.TextField(_("next step"), max_length=1000, blank=True, help_text="Who does what until when")
    next_visit_on = models.DateField(_("next visit"), null=True, blank=True, help_text="Day of the next visit")
    expense_idr = models.PositiveBigIntegerField(
        _("expense"), default=0, help_text="What the mentor spent on the visit, rupiah"
    )
    no_expense_reason = models.CharField(
        _("why no expense, or no proof of it"),
        max_length=300,
        blank=True,
        help_text="Why nothing was spent, or why there is no proof of what was",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=choices(State), default=State.PENDING, help_text="How far the review is"
    )
    version = models.PositiveSmallIntegerField(
        _("version"), default=1, help_text="Grows with every change, so that a review is of what was read"
    )
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("corrects"),
        help_text="The approved entry that this one corrects; it stands until this one is approved",
    )
    correction_reason = models.CharField(
        _("why it is corrected"), max_length=300, blank=True, help_text="Why it corrects an approved entry"
    )
    reviewer_note = models.TextField(
        _("note of the reviewer"), max_length=1000, blank=True, help_text="What the reviewer said last"
    )
    answer = models.TextField(
        _("answer of the mentor"), max_length=1000, blank=True, help_text="What the mentor answered to the note"
    )
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True, help_text="Day of the last review")
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    source = SourceField()

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ("-visited_on", "-starts_at", "-pk")
        indexes = (
            models.Index(fields=("group", "visited_on")),
            models.Index(fields=("programme", "state", "visited_on"), name="visit_state"),
        )
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="visit_code"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="visit_times",
                violation_error_message=_("The visit must end after it starts; correct one of the two times."),
            ),
            models.CheckConstraint(
                condition=models.Q(next_visit_on__isnull=True) | models.Q(next_visit_on__gt=models.F("visited_on")),
                name="visit_next_is_later",
                violation_error_message=_(
                    "The next visit must be after this one; choose a later day, or leave it empty."
                ),
            ),
            models.UniqueConstraint(
                fields=("replaces",),
                condition=models.Q(replaces__isnull=False) & ~models.Q(state=State.REJECTED),
                name="visit_one_correction",
                violation_error_message=_("A correction of this entry waits already; change that one."),
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="visit_point",
                violation_error_message=_("Write both latitude and longitude, or neither."),
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def lessons(self) -> int:
        """The lesson hours, as said or as they follow from the times."""
        return rules.lesson_hours(self.starts_at, self.ends_at) if self.lesson_hours is None else self.lesson_hours

    @property
    def read_as(self) -> str:
        """Which version of it a reviewer has before them."""
        return f"{self.pk}:{self.version}"

    @property
    def is_of_one(self) -> bool:
        """Whether one participant was met alone (individual), not the group."""
        return self.applicant_id is not None


class VisitParticipant(models.Model):
    """Somebody who was at a visit to several."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="visit_participants")
    visit = models.ForeignKey(
        Visit, on_delete=models.CASCADE, related_name="participant_rows", verbose_name=_("visit"), help_text="Visit"
    )
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("participant"),
        help_text="Participant who was there",
    )
    source = SourceField()

    class Meta:
        ordering = ("visit", "applicant")
        constraints = (models.UniqueConstraint(fields=("visit", "applicant"), name="visit_participant_once"),)

    def __str__(self) -> str:
        return f"{self.visit_id} – {self.applicant_id}"


class VisitPhoto(models.Model):
    """A photo of a visit, or of the proof of its expense. Its files are sealed, and named by chance."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="visit_photos")
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="photos")
    kind = models.CharField(_("kind"), max_length=10, choices=choices(PhotoKind), default=PhotoKind.ACTIVITY)
    file = models.CharField(_("file"), max_length=40)
    preview = models.CharField(_("small picture"), max_length=40)
    digest = models.CharField(_("hash of the picture"), max_length=64)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)

    class Meta:
        ordering = ("kind", "pk")

    def __str__(self) -> str:
        return str(self.visit)


class Confirmation(models.Model):
    """What a participant says of a visit: that it took place, or that it did not."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="visit_confirmations")
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="confirmations")
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="visit_confirmations")
    took_place = models.BooleanField(_("took place"))
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    said_on = models.DateField(_("said on"))

    class Meta:
        ordering = ("-said_on", "-pk")
        constraints = (models.UniqueConstraint(fields=("visit", "applicant"), name="confirmation_once"),)

    def __str__(self) -> str:
        return f"{self.visit_id} – {self.applicant_id}"


class ProblemCase(models.Model):
    """Something that stands between a participant and the mentoring, from the day it was seen until it is settled."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="problem_cases")
    applicant = models.ForeignKey(
        Applicant, on_delete=models.PROTECT, related_name="problem_cases", verbose_name=_("participant")
    )
    kind = models.CharField(_("problem"), max_length=20, choices=choices(Problem))
    seen_on = models.DateField(_("seen on"))
    what = models.TextField(_("what happened"), max_length=1000)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    outcome = models.TextField(_("how it was settled"), max_length=1000, blank=True)

    class Meta:
        ordering = (models.F("settled_on").desc(nulls_first=True), "-seen_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("applicant", "kind"),
                condition=models.Q(settled_on=None),
                name="problem_case_open_once",
                violation_error_message=_("This problem of the participant is open already. Settle that one first."),
            ),
            models.CheckConstraint(
                condition=models.Q(settled_on__isnull=True) | models.Q(settled_on__gte=models.F("seen_on")),
                name="problem_case_days",
                violation_error_message=_("It cannot be settled before it was seen. Correct one of the days."),
            ),
        )

    def __str__(self) -> str:
        return str(self.get_kind_display())


class FollowUp(models.Model):
    """Something that was agreed with a participant, until something came of it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="%(class)ss")
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="%(class)ss")
    made_on = models.DateField(_("agreed on"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    outcome = models.TextField(_("what came of it"), max_length=1000, blank=True)

    class Meta:
        abstract = True
        ordering = (models.F("done_on").desc(nulls_first=True), "-made_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(done_on__isnull=True) | models.Q(done_on__gte=models.F("made_on")),
                name="%(class)s_days",
                violation_error_message=_("It cannot be done before it was agreed. Correct one of the days."),
            ),
        )


class ActionStep(FollowUp):
    """A step of a participant's action plan."""

    goal = models.CharField(_("goal"), max_length=200)
    step = models.TextField(_("step"), max_length=500)
    who = models.CharField(_("who does it"), max_length=150)
    due_on = models.DateField(_("by when"))

    class Meta(FollowUp.Meta):
        ordering = (models.F("done_on").desc(nulls_first=True), "due_on", "pk")

    def __str__(self) -> str:
        return self.step


class Recommendation(FollowUp):
    """A recommendation for follow-up (rencana tindak lanjut), with what it was found from."""

    kind = models.CharField(_("kind of finding"), max_length=10, choices=choices(FindingKind))
    finding = models.TextField(_("finding"), max_length=1000)
    advice = models.TextField(_("recommendation"), max_length=1000)
    priority = models.CharField(_("priority"), max_length=10, choices=choices(Priority), default=Priority.MEDIUM)

    def __str__(self) -> str:
        return self.advice


class ExpertRequest(FollowUp):
    """A question to an expert, and how long the answer took."""

    skill = models.CharField(_("skill"), max_length=20, choices=choices(Skill))
    question = models.TextField(_("question"), max_length=1000)
    expert = models.ForeignKey(
        Expert, on_delete=models.SET_NULL, null=True, blank=True, related_name="requests", verbose_name=_("expert")
    )

    def __str__(self) -> str:
        return self.question

    @property
    def days(self) -> int | None:
        """How many days the answer took; nothing while there is none."""
        return (self.done_on - self.made_on).days if self.done_on else None


class MentorReport(models.Model):
    """The performance report of a mentor over a period, frozen: what it said, and the hash of it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="mentor_reports")
    mentor = models.ForeignKey(Mentor, on_delete=models.PROTECT, related_name="reports", verbose_name=_("mentor"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    content = models.JSONField(_("content"))
    content_hash = models.CharField(_("hash"), max_length=64)
    frozen_on = models.DateField(_("frozen on"))

    class Meta:
        ordering = ("-ends_on", "mentor__code")
        constraints = (
            models.UniqueConstraint(fields=("mentor", "starts_on", "ends_on"), name="mentor_report_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="mentor_report_days",
                violation_error_message=_("The last day is before the first. Choose a later day."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.mentor} {self.starts_on} – {self.ends_on}"
