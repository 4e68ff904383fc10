"""Visits of mentors to their groups: the logbook, its photos, and what participants say of a visit."""

import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Applicant
from kawasan.core.language import choices
from kawasan.matching.models import Expert, Group, Mentor
from kawasan.matching.rules import Skill
from kawasan.mentoring import rules
from kawasan.mentoring.rules import (
    COUNTED,
    Block,
    FindingKind,
    Method,
    PhotoKind,
    Priority,
    Problem,
    Reach,
    RequestState,
    State,
)
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

    def at_once(
        self, mentor: Mentor, day: datetime.date, starts_at: datetime.time, ends_at: datetime.time
    ) -> "VisitQuerySet":
        """Those of a mentor that count and overlap some hours of a day."""
        return self.filter(
            mentor=mentor, visited_on=day, starts_at__lt=ends_at, ends_at__gt=starts_at, state__in=COUNTED
        ).order_by("starts_at", "pk")

    def with_overlap(self) -> "VisitQuerySet":
        """With ``is_at_once``: whether the mentor has another entry at the same time, apart from what it corrects."""
        others = Visit.objects.filter(
            mentor=models.OuterRef("mentor"),
            visited_on=models.OuterRef("visited_on"),
            starts_at__lt=models.OuterRef("ends_at"),
            ends_at__gt=models.OuterRef("starts_at"),
            state__in=COUNTED,
        ).exclude(pk=models.OuterRef("pk"))
        others = others.exclude(pk=Coalesce(models.OuterRef("replaces"), 0))
        return self.annotate(is_at_once=models.Exists(others))

    def with_denial(self) -> "VisitQuerySet":
        """With ``is_denied``: whether a participant says that it, or what it corrects, did not take place."""
        of_it = models.Q(visit=models.OuterRef("pk")) | models.Q(visit=models.OuterRef("replaces"))
        return self.annotate(is_denied=models.Exists(Confirmation.objects.filter(of_it, took_place=False)))

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
    starts_at = models.TimeField(_("start time"), help_text=_("Start, local time"))
    ends_at = models.TimeField(_("end time"), help_text=_("End, local time"))
    method = models.CharField(
        _("how"), max_length=20, choices=choices(Method), default="in_person", help_text=_("In person or online")
    )
    lesson_hours = models.PositiveSmallIntegerField(
        _("lesson hours (JPL)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(rules.MOST_LESSON_HOURS)],
        help_text=_("Lesson hours (JPL); empty: worked out from the times, 45 minutes each"),
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
    summary = models.TextField(_("what was done"), max_length=2000, help_text=_("What was done and found"))
    obstacle = models.TextField(
        _("obstacle"), max_length=1000, blank=True, help_text=_("What stands in the way; empty when nothing does")
    )
    solution = models.TextField(_("solution"), max_length=1000, blank=True, help_text=_("What was agreed against it"))
    next_step = models.TextField(_("next step"), max_length=1000, blank=True, help_text=_("Who does what until when"))
    next_visit_on = models.DateField(_("next visit"), null=True, blank=True, help_text=_("Day of the next visit"))
    expense_idr = models.PositiveBigIntegerField(
        _("expense"), default=0, help_text=_("What the mentor spent on the visit, rupiah")
    )
    no_expense_reason = models.CharField(
        _("why no expense, or no proof of it"),
        max_length=300,
        blank=True,
        help_text="Why nothing was spent, or why there is no proof of what was",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=choices(State), default=State.PENDING, help_text=_("How far the review is")
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
    visit = models.ForeignKey(
        Visit, on_delete=models.CASCADE, related_name="confirmations", verbose_name=_("visit"), help_text="Visit"
    )
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        related_name="visit_confirmations",
        verbose_name=_("participant"),
        help_text="Participant who says it",
    )
    took_place = models.BooleanField(_("took place"), help_text="Whether the visit took place")
    remark = models.CharField(_("remark"), max_length=300, blank=True, help_text="What the office should know")
    said_on = models.DateField(_("said on"), help_text="Day on which it was said")
    source = SourceField()

    class Meta:
        ordering = ("-said_on", "-pk")
        constraints = (models.UniqueConstraint(fields=("visit", "applicant"), name="confirmation_once"),)

    def __str__(self) -> str:
        return f"{self.visit_id} – {self.applicant_id}"


class VisitRequest(models.Model):
    """A participant asks to be visited: until a visit, an answer in words, or the participant takes it back."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="visit_requests")
    code = CodeField(verbose_name=_("code"))
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        related_name="visit_requests",
        verbose_name=_("participant"),
        help_text="Participant who asks",
    )
    asked_on = models.DateField(_("asked on"), help_text="Day of the request")
    wanted = models.TextField(_("what is wanted"), max_length=500, help_text="What the visit is wanted for")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=choices(RequestState),
        default=RequestState.OPEN,
        help_text="Whether it waits, and how it ended",
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True, help_text="Day on which it ended")
    answer = models.TextField(_("answer"), max_length=1000, blank=True, help_text="Answer in words, without a visit")
    visit = models.ForeignKey(
        Visit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("visit"),
        help_text="Visit that was made because of it",
    )
    source = SourceField()

    class Meta:
        ordering = (models.F("closed_on").desc(nulls_first=True), "asked_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="visit_request_code"),
            models.UniqueConstraint(
                fields=("applicant",),
                condition=models.Q(state=RequestState.OPEN),
                name="visit_request_open_once",
                violation_error_message=_("You have asked already. Take that request back to ask for something else."),
            ),
            models.CheckConstraint(
                condition=models.Q(state=RequestState.OPEN, closed_on__isnull=True)
                | (~models.Q(state=RequestState.OPEN) & models.Q(closed_on__gte=models.F("asked_on"))),
                name="visit_request_days",
                violation_error_message=_("An open request has no last day, and no request ends before it was made."),
            ),
            models.CheckConstraint(
                condition=models.Q(state=RequestState.VISITED, visit__isnull=False)
                | (~models.Q(state=RequestState.VISITED) & models.Q(visit__isnull=True)),
                name="visit_request_visit",
                violation_error_message=_("A request names its visit when there was one, and only then."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RequestState.ANSWERED) | ~models.Q(answer=""),
                name="visit_request_answer",
                violation_error_message=_("An answered request needs the answer."),
            ),
        )

    def __str__(self) -> str:
        return self.wanted

    def days_on(self, day: datetime.date) -> int:
        """How long it waits, or waited until it was closed."""
        return ((self.closed_on or day) - self.asked_on).days


class ProblemCase(models.Model):
    """Something that stands between a participant and the mentoring, from the day it was seen until it is settled."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="problem_cases")
    code = CodeField(verbose_name=_("code"))
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        related_name="problem_cases",
        verbose_name=_("participant"),
        help_text="Participant",
    )
    kind = models.CharField(
        _("problem"), max_length=20, choices=choices(Problem), help_text=_("What stands in the way")
    )
    seen_on = models.DateField(_("seen on"), help_text=_("Day on which it was seen"))
    what = models.TextField(_("what happened"), max_length=1000, help_text="What happened")
    settled_on = models.DateField(
        _("settled on"), null=True, blank=True, help_text=_("Day on which it was settled; empty while it is open")
    )
    outcome = models.TextField(_("how it was settled"), max_length=1000, blank=True, help_text="How it was settled")
    source = SourceField()

    class Meta:
        ordering = (models.F("settled_on").desc(nulls_first=True), "-seen_on", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="problem_case_code"),
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
    code = CodeField(verbose_name=_("code"))
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("participant"),
        help_text="Participant",
    )
    made_on = models.DateField(_("agreed on"), help_text="Day on which it was agreed")
    done_on = models.DateField(
        _("done on"), null=True, blank=True, help_text="Day on which it was done; empty while it is open"
    )
    outcome = models.TextField(_("what came of it"), max_length=1000, blank=True, help_text="What came of it")
    source = SourceField()

    class Meta:
        abstract = True
        ordering = (models.F("done_on").desc(nulls_first=True), "-made_on", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="%(class)s_code"),
            models.CheckConstraint(
                condition=models.Q(done_on__isnull=True) | models.Q(done_on__gte=models.F("made_on")),
                name="%(class)s_days",
                violation_error_message=_("It cannot be done before it was agreed. Correct one of the days."),
            ),
        )


class ActionStep(FollowUp):
    """A step of a participant's action plan."""

    goal = models.CharField(_("goal"), max_length=200, help_text="What shall be reached")
    step = models.TextField(_("step"), max_length=500, help_text="What is done for it")
    who = models.CharField(_("who does it"), max_length=150, help_text="Who does it")
    due_on = models.DateField(_("by when"), help_text="Day until which it shall be done")

    class Meta(FollowUp.Meta):
        ordering = (models.F("done_on").desc(nulls_first=True), "due_on", "pk")

    def __str__(self) -> str:
        return self.step


class Recommendation(FollowUp):
    """A recommendation for follow-up (rencana tindak lanjut), with what it was found from."""

    kind = models.CharField(
        _("kind of finding"), max_length=10, choices=choices(FindingKind), help_text="Obstacle, strength or warning"
    )
    finding = models.TextField(_("finding"), max_length=1000, help_text="What was found")
    advice = models.TextField(_("recommendation"), max_length=1000, help_text="What should follow")
    priority = models.CharField(
        _("priority"),
        max_length=10,
        choices=choices(Priority),
        default=Priority.MEDIUM,
        help_text="How much it presses",
    )

    def __str__(self) -> str:
        return self.advice


class ExpertRequest(FollowUp):
    """A question to an expert, and how long the answer took."""

    skill = models.CharField(_("skill"), max_length=20, choices=choices(Skill), help_text="Skill that is needed")
    question = models.TextField(_("question"), max_length=1000, help_text="What is asked")
    expert = models.ForeignKey(
        Expert,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("expert"),
        help_text="Expert who is asked; empty while none was found",
    )

    def __str__(self) -> str:
        return self.question

    @property
    def days(self) -> int | None:
        """How many days the answer took; nothing while there is none."""
        return (self.done_on - self.made_on).days if self.done_on else None


class CanvasBlock(models.Model):
    """A block of the business model canvas of a participant, or of a group, in one of its versions."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="canvas_blocks")
    code = CodeField(verbose_name=_("code"))
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="canvas_blocks",
        verbose_name=_("participant"),
        help_text="Participant whose enterprise it is; empty: the enterprise of the group",
    )
    group = models.ForeignKey(
        Group,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="canvas_blocks",
        verbose_name=_("group"),
        help_text="Group whose enterprise it is; empty: the enterprise of the participant",
    )
    block = models.CharField(_("block"), max_length=20, choices=choices(Block), help_text="Block of the canvas")
    version = models.PositiveSmallIntegerField(
        _("version"), help_text="Counts from 1; the highest counts, earlier ones stay"
    )
    text = models.TextField(_("text"), max_length=rules.LONGEST_BLOCK, help_text="What stands in the block")
    written_on = models.DateField(_("written on"), help_text="Day on which it was written")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    source = SourceField()

    class Meta:
        ordering = ("applicant", "group", "block", "-version")
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="canvas_block_code"),
            models.UniqueConstraint(
                fields=("applicant", "block", "version"),
                name="canvas_block_of_person",
                violation_error_message=_("The block has this version already."),
            ),
            models.UniqueConstraint(
                fields=("group", "block", "version"),
                name="canvas_block_of_group",
                violation_error_message=_("The block has this version already."),
            ),
            models.CheckConstraint(
                condition=models.Q(applicant__isnull=True, group__isnull=False)
                | models.Q(applicant__isnull=False, group__isnull=True),
                name="canvas_block_of_one",
                violation_error_message=_("A canvas is of a participant or of a group; name one of them."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_block_display()} {self.version}"

    @property
    def owner(self) -> Applicant | Group:
        """Whose enterprise it describes."""
        return self.applicant or self.group  # type: ignore[return-value] # a constraint: one of both


class MentorReport(models.Model):
    """The performance report of a mentor over a period, frozen: what it said, and the hash of it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="mentor_reports")
    mentor = models.ForeignKey(
        Mentor, on_delete=models.PROTECT, related_name="reports", verbose_name=_("mentor"), help_text="Whose work"
    )
    starts_on = models.DateField(_("first day"), help_text="First day of the period")
    ends_on = models.DateField(_("last day"), help_text="Last day of the period")
    content = models.JSONField(_("content"), help_text="All rows of the report with their entries")
    content_hash = models.CharField(_("hash"), max_length=64, help_text="SHA-256 of the content as JSON")
    frozen_on = models.DateField(_("frozen on"), help_text="Day on which it was frozen")

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
