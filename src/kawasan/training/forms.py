import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Applicant
from kawasan.core.forms import (
    DASHES,
    DateInput,
    Form,
    ModelForm,
    TimeInput,
    WholeNumberField,
    offer,
    offer_choices,
)
from kawasan.core.language import choices, date, in_words
from kawasan.matching.models import Group
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Programme
from kawasan.training import queries
from kawasan.training.models import BlockedTime, CompletionRule, Equipment, Feedback, Module, Room, Session
from kawasan.training.rules import FULL, MOST_JPL_A_SESSION, MOST_LATE, Moment, Presence, Said, duration, in_short
from kawasan.training.scans import ScanUpload

MOST_SCANS = 500  # sent at once
YEARS = range(2000, 2101)  # of a telephone's clock
MARKS = [
    (5, _("very good")),
    (4, _("good")),
    (3, _("fair")),
    (2, _("poor")),
    (1, _("very poor")),
]


class ModuleForm(RowForm):
    """A module with the modules that come before it and the equipment that its sessions use."""

    needs = forms.ModelMultipleChoiceField(
        Module.objects.none(),
        label=_("Needs before it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What a group must have learned first; each comes earlier in the order."),
    )
    equipment = forms.ModelMultipleChoiceField(
        Equipment.objects.none(),
        label=_("Equipment"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each session uses one set of each. Equipment is kept with the rooms."),
    )

    class Meta:
        model = Module
        fields = (
            "name", "name_en", "field", "hours", "position", "needs", "expert", "skill", "equipment", "materials",
            "is_compulsory", "is_briefing",
        )  # fmt: skip
        help_texts = {  # noqa: RUF012
            "field": _("Empty: the groups of all fields take it."),
            "expert": _("Empty: each group's own mentor teaches it."),
            "position": _("Lower numbers come first; equal numbers in any order."),
        }
        widgets = {"materials": forms.Textarea(attrs={"rows": 3})}  # noqa: RUF012

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        offer(self, "needs", programme.modules.exclude(pk=self.instance.pk))
        offer(self, "equipment", programme.equipment.all())
        if self.instance.pk:
            self.initial["needs"] = [row.needs_id for row in self.instance.prerequisites.all()]
            self.initial["equipment"] = [row.equipment_id for row in self.instance.equipment.all()]

    @property
    def beside(self) -> dict[str, Any]:
        """What is stored beside the module."""
        return {name: self.cleaned_data[name] for name in ("needs", "equipment")}

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc] # Django's stubs leave it out
        if not self.errors:
            for reason in queries.reasons_not_taught(self.instance, self.cleaned_data["needs"]):
                self.add_error(None, in_words(reason))


class EquipmentForm(RowForm):
    class Meta:
        model = Equipment
        fields = ("name", "sets")


class RoomForm(RowForm):
    class Meta:
        model = Room
        fields = ("name", "place", "capacity")


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """What is asked of one participant."""

    applicant: Applicant
    status: forms.BoundField
    minutes: forms.BoundField
    excuse: forms.BoundField
    shown: forms.BoundField


class ShownField(forms.CharField):
    """What was recorded of somebody when the list was opened, carried in the form; empty where nothing was."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.status}|{value.minutes_late}|{value.excuse}" if isinstance(value, Said) else value

    def clean(self, value: Any) -> Any:
        status, _bar, more = super().clean(value).partition("|")
        minutes, _bar, excuse = more.partition("|")
        return Said(status, int(minutes), excuse) if minutes.isdecimal() else None


def _usual(before: Mapping[int, Said]) -> Said:
    return Said(Presence.ABSENT if before else Presence.PRESENT)


class AttendanceForm(Form):
    """One choice for each participant; all are present, until somebody says otherwise or the first card is scanned.

    ``recorded``: what is recorded already, where ``before`` proposes something else. The form carries it, so that
    what others recorded meanwhile is seen.
    """

    said_of_nobody = _("Choose one: present, late, excused or absent.")

    def __init__(
        self,
        *args: Any,
        people: Iterable[Applicant],
        before: Mapping[int, Said],
        recorded: Mapping[int, Said] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = list(people)
        usual, known = _usual(before), before if recorded is None else recorded
        for person in self.people:
            self._ask(person, before.get(person.pk, usual))
            self.fields[f"shown-{person.pk}"] = ShownField(initial=known.get(person.pk))

    def _ask(self, person: Applicant, said: Said) -> None:
        self.fields[f"member-{person.pk}"] = forms.ChoiceField(
            label=person.person.name,
            choices=choices(Presence),
            initial=str(said.status),
            widget=forms.RadioSelect,
            error_messages={"required": self.said_of_nobody, "invalid_choice": self.said_of_nobody},
        )
        self.fields[f"minutes-{person.pk}"] = WholeNumberField(
            label=_("Minutes late"), required=False, min_value=0, max_value=MOST_LATE, initial=said.minutes_late or None
        )
        self.fields[f"excuse-{person.pk}"] = forms.CharField(
            label=_("Reason of the excuse"), required=False, max_length=200, initial=said.excuse
        )

    @property
    def rows(self) -> list[AttendanceRow]:
        return [
            AttendanceRow(p, *(self[f"{name}-{p.pk}"] for name in ("member", "minutes", "excuse", "shown")))
            for p in self.people
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for person in self.people:
            if cleaned.get(f"member-{person.pk}") == Presence.EXCUSED and not cleaned.get(f"excuse-{person.pk}"):
                self.add_error(f"excuse-{person.pk}", _("Say why somebody is excused."))
        return cleaned

    @property
    def presences(self) -> dict[int, Said]:
        """What was said of each participant, by id; what was typed for another choice is left out."""
        return {person.pk: self._said(person.pk) for person in self.people}

    @property
    def shown(self) -> dict[int, Said | None]:
        """What was recorded of each participant when the list was opened."""
        return {person.pk: self.cleaned_data[f"shown-{person.pk}"] for person in self.people}

    def again(self, kept: Mapping[int, Said]) -> "AttendanceForm":
        """The same form with what is recorded now of whom others recorded meanwhile; what was typed of them stays."""
        usual, data = _usual({pk: said for pk, said in self.shown.items() if said}), dict(self.data.items())
        for pk, said in kept.items():
            data[f"shown-{pk}"] = ShownField().prepare_value(said)
            if self._said(pk) == (self.shown[pk] or usual):  # nobody chose it
                data[f"member-{pk}"], data[f"minutes-{pk}"] = said.status, str(said.minutes_late or "")
                data[f"excuse-{pk}"] = said.excuse
        form = AttendanceForm(data, people=self.people, before={})
        form.full_clean()
        for pk, said in kept.items():
            words = _("Changed since you opened the list: %(now)s is recorded. To record your choice, save again.")
            form.add_error(f"member-{pk}", words % {"now": in_words(in_short(said))})
        return form

    def _said(self, key: int) -> Said:
        status = self.cleaned_data[f"member-{key}"]
        minutes = self.cleaned_data[f"minutes-{key}"] if status == Presence.LATE else None
        return Said(status, minutes or 0, self.cleaned_data[f"excuse-{key}"] if status == Presence.EXCUSED else "")


class CardForm(Form):
    """A card's code, typed where it cannot be scanned."""

    text = forms.CharField(
        label=_("Code of the card"), max_length=120, help_text=_("The sixteen letters and digits below the picture.")
    )


@dataclass(frozen=True, slots=True)
class SentScan:
    """A scan as a telephone kept it; ``key`` is the telephone's own name for it."""

    key: str
    text: str
    at: datetime.datetime


class ScansField(forms.JSONField):
    """A list as JSON; one that is nested without end is none."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (RecursionError, ValueError):
            raise ValidationError(_("This is not a list of scans.")) from None


class ScansForm(Form):
    """Scans that a telephone sends, perhaps hours later."""

    scans = ScansField()

    def clean_scans(self) -> list[SentScan]:
        sent = self.cleaned_data["scans"]
        if not isinstance(sent, list) or len(sent) > MOST_SCANS:
            raise ValidationError(_("This is not a list of scans."))
        try:
            return [SentScan(str(one["key"])[:64], str(one["text"])[:120], _moment(one["at"])) for one in sent]
        except (KeyError, TypeError, ValueError):
            raise ValidationError(_("This is not a list of scans.")) from None


def _moment(text: str) -> datetime.datetime:
    """A moment as a telephone writes it; without a zone it is in the office's."""
    at = datetime.datetime.fromisoformat(text)
    if at.year not in YEARS:
        raise ValueError(text)
    return at if at.tzinfo else at.replace(tzinfo=timezone.get_default_timezone())


class SheetForm(Form):
    photo = ScanUpload(
        label=_("Photo or scan of the sheet"),
        help_text=_("One page, whole and flat, with its four corner codes. JPEG, PNG, WebP, HEIC or PDF, up to 10 MB."),
    )


class RevokeForm(Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class MakeUpForm(Form):
    session = forms.ModelChoiceField(Session.objects.none(), label=_("Session in its place"))

    def __init__(self, *args: Any, sessions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "session", sessions)
        self.fields["session"].label_from_instance = _session_in_words  # type: ignore[attr-defined]


def _session_in_words(session: Session) -> str:
    starts_at = timezone.localtime(session.starts_at)
    return f"{date(starts_at.date())} {starts_at:%H:%M}, {session.group}, {session.room}"


class CompletionRuleForm(RowForm):
    given = frozenset[str]()  # a rule of the same day is replaced, not refused

    class Meta:
        model = CompletionRule
        fields = ("valid_from", "least_share", "late_after")


class BlockedTimeForm(RowForm):
    class Meta:
        model = BlockedTime
        fields = ("name", "kind", "group", "first_day", "last_day", "weekday", "starts", "ends")
        help_texts = {"weekday": _("Empty: every day.")}  # noqa: RUF012


class MoveForm(Form):
    day = forms.DateField(label=_("Day"), widget=DateInput)
    time = forms.TimeField(label=_("Starts at"), widget=TimeInput)
    room = forms.ModelChoiceField(Room.objects.none(), label=_("Room"))
    trainer = forms.ChoiceField(label=_("Trainer"), required=False)

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        starts_at = timezone.localtime(session.starts_at)
        self.initial = {"day": starts_at.date(), "time": starts_at.time(), "room": session.room_id}
        self.initial["trainer"] = f"{session.trainer_kind}:{session.trainer.code}"
        offer(self, "room", Room.objects.filter(programme=session.programme_id))
        self.trainers = _offer_trainers(self, session.programme)

    @property
    def starts_at(self) -> datetime.datetime:
        """The day and the time in the office's zone."""
        return datetime.datetime.combine(
            self.cleaned_data["day"], self.cleaned_data["time"], timezone.get_default_timezone()
        )

    @property
    def wanted(self) -> Session:
        """The session as it would be after the move; not stored."""
        before = self.session
        length = before.ends_at - before.starts_at
        moved = {"starts_at": self.starts_at, "ends_at": self.starts_at + length, "room": self.cleaned_data["room"]}
        kept = {name: getattr(before, name) for name in ("programme", "module", "group", "status")}
        trainer = self.trainers[self.cleaned_data["trainer"] or self.initial["trainer"]]
        return Session(pk=before.pk, code=before.code, **kept, **moved, **trainer)


class SessionForm(Form):
    """A session written by hand; who teaches it is a mentor or an expert."""

    module = forms.ModelChoiceField(Module.objects.none(), label=_("Module"))
    group = forms.ModelChoiceField(Group.objects.none(), label=_("Group"))
    trainer = forms.ChoiceField(label=_("Trainer"))
    day = forms.DateField(label=_("Day"), widget=DateInput)
    time = forms.TimeField(label=_("Starts at"), widget=TimeInput)
    hours = WholeNumberField(label=_("Lesson hours (JPL)"), min_value=1, max_value=MOST_JPL_A_SESSION)
    room = forms.ModelChoiceField(Room.objects.none(), label=_("Room"))

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        offer(self, "module", programme.modules.all())
        offer(self, "group", programme.groups.all())
        offer(self, "room", programme.rooms.all())
        self.trainers = _offer_trainers(self, programme)

    @property
    def wanted(self) -> Session:
        """The session as it would be; not stored."""
        told = self.cleaned_data
        starts_at = datetime.datetime.combine(told["day"], told["time"], timezone.get_default_timezone())
        return Session(
            programme=self.programme,
            **{name: told[name] for name in ("module", "group", "room")},
            **self.trainers[told["trainer"]],
            starts_at=starts_at,
            ends_at=starts_at + duration(told["hours"]),
        )


def _offer_trainers(form: forms.BaseForm, programme: Programme) -> dict[str, dict[str, Any]]:
    """Let a form choose who teaches; returns what each choice says of a session."""
    people: list[tuple[str, Any]] = [("mentor", row) for row in programme.mentors.all()]
    people += [("expert", row) for row in programme.experts.all()]
    shown = [(f"{kind}:{row.code}", _offered(row)) for kind, row in people]
    offer_choices(form, "trainer", [("", DASHES), *shown] if form.fields["trainer"].required else shown)
    return {f"{kind}:{row.code}": {kind: row} for kind, row in people}


def _offered(trainer: Any) -> str:
    """A trainer's name; of a mentor who left also when, for a session that was held before."""
    left_on = getattr(trainer, "left_on", None)
    return _("%(name)s (left on %(day)s)") % {"name": trainer, "day": date(left_on)} if left_on else str(trainer)


class TravelForm(Form):
    speed = WholeNumberField(
        label=_("Speed between places (km/h)"),
        min_value=3,
        max_value=120,
        help_text=_(
            "Counted on the straight line between two places. 25 is 32 km/h on roads that are 1.3 times as long, as a "
            "motorcycle in a town makes; take less where there are hills or a ferry."
        ),
    )


class CancelForm(Form):
    why = forms.CharField(label=_("Why it is cancelled"), max_length=300)


class ConfirmForm(Form):
    is_sure = forms.BooleanField(label=_("Yes, I am sure"))


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """The two fields of one participant."""

    applicant: Applicant
    before: forms.BoundField
    after: forms.BoundField


class ScoresForm(Form):
    """Points of a group's members before and after a module; whoever was not assessed stays empty."""

    def __init__(
        self, *args: Any, people: Iterable[Applicant], known: Mapping[int, Mapping[str, int]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = list(people)
        for person in self.people:
            for moment in Moment:
                self.fields[self._name(person, moment)] = WholeNumberField(
                    label=f"{person.person.name}: {in_words(moment.label)}",
                    required=False,
                    min_value=0,
                    max_value=FULL,
                    initial=known.get(person.pk, {}).get(moment),
                )

    @staticmethod
    def _name(person: Applicant, moment: Moment) -> str:
        return f"{moment}_{person.pk}"

    @property
    def rows(self) -> list[ScoreRow]:
        return [ScoreRow(one, *(self[self._name(one, moment)] for moment in Moment)) for one in self.people]

    def points(self) -> dict[tuple[int, str], int]:
        """What was entered, by applicant's id and moment."""
        asked = [(one, moment, self.cleaned_data[self._name(one, moment)]) for one in self.people for moment in Moment]
        return {(one.pk, moment.value): int(points) for one, moment, points in asked if points is not None}


class FeedbackForm(ModelForm):
    """Three marks and a comment; who answers stands nowhere beside it."""

    class Meta:
        model = Feedback
        fields = ("content", "trainer", "place", "comment")
        widgets = {  # noqa: RUF012
            **{name: forms.RadioSelect(choices=MARKS) for name in ("content", "trainer", "place")},
            "comment": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"comment": _("Do not write your name if you do not want to be known.")}  # noqa: RUF012
