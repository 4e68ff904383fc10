"""Users, the audit log, and work that outlasts a request."""

from typing import ClassVar

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.core.language import choices
from kawasan.core.rules import UNDERWAY, JobState


class User(AbstractUser):
    """A person who signs in. What they may do is a role per programme, not a flag here."""

    personal: ClassVar = frozenset({"email", "name", "username"})

    name = models.CharField(_("name"), max_length=150)

    unlogged: ClassVar = frozenset({"last_login"})
    """Signing in changes no account, so the log's fingerprints leave this column out."""

    def __str__(self) -> str:
        return self.name or self.username

    def check_password(self, raw_password: str) -> bool:
        """Whether this is the password. Django would also write a newer hash, unlogged; the service for it logs it."""
        return check_password(raw_password, self.password)


class LogHead(models.Model):
    """The one row that writers lock, so that entries form a single chain."""

    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)


class LogEntry(models.Model):
    """Who did what, when, to which rows; each entry's hash covers the one before."""

    sequence = models.PositiveBigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField(_("by"), max_length=150)
    programme_code = models.CharField(max_length=60, blank=True, db_index=True)
    verb = models.CharField(_("what"), max_length=80)
    subject = models.CharField(_("about"), max_length=200)
    data = models.JSONField(default=dict)
    rows_digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("-sequence",)
        indexes = (
            models.Index(
                fields=("programme_code", "subject"), name="log_about", opclasses=("", "varchar_pattern_ops")
            ),  # so that PostgreSQL finds what a subject begins with
        )

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb}"


class LoggedRow(models.Model):
    """The fingerprint of one row as it stood after an entry; empty when the row was deleted."""

    entry = models.ForeignKey(LogEntry, on_delete=models.PROTECT, related_name="rows")
    table = models.CharField(max_length=100)
    row = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = (models.Index(fields=("table", "row")),)

    def __str__(self) -> str:
        return f"{self.table}:{self.row}"


class SentForm(models.Model):
    """A form that was stored: who sent which answers with which key, as one hash, and where that led."""

    digest = models.CharField(max_length=64, unique=True)
    led_to = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.digest


class Job(models.Model):
    """Work that outlasts a request: whose it is, where it stands, and what came of it.

    The task that does it is a row of the same database, so that a job is stored with its task or not at all.
    """

    programme_code = models.CharField(max_length=60, db_index=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=100)
    about = models.JSONField()
    address = models.CharField(max_length=300)
    work = models.CharField(max_length=200)
    given = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=choices(JobState), default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    is_recorded = models.BooleanField(default=False)
    progress = models.JSONField(null=True, blank=True)
    said = models.JSONField(default=list)
    asked_at = models.DateTimeField(_("asked for at"), auto_now_add=True)
    begun_at = models.DateTimeField(_("begun at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("programme_code", "subject"),
                condition=models.Q(state__in=UNDERWAY),
                name="job_underway",
                violation_error_message=_("This is being worked at already. Wait until it is done."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.subject}"

    @property
    def is_underway(self) -> bool:
        return self.state in UNDERWAY


class Tally(models.Model):
    """How often something was done within a span of time, counted for all processes together.

    Who did it is kept as a keyed hash only, and forgotten when the span is over.
    """

    digest = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest
