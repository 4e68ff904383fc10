"""The main job: a folder becomes a running programme, step by step; what is done already is not done again."""

import datetime
import fcntl
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext, override

from kawasan.applicants import services as applicants
from kawasan.applicants.services import doubles
from kawasan.areas import services as areas
from kawasan.core.errors import Refused
from kawasan.core.language import in_words
from kawasan.core.models import User
from kawasan.core.text import Text, _
from kawasan.exchange.checker import Folder, check_or_refuse
from kawasan.exchange.services.dump import write_bytes
from kawasan.exchange.services.load import load
from kawasan.matching import services as matching
from kawasan.outcomes import services as outcomes
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import SYNTHETIC
from kawasan.reports import services as reports
from kawasan.reports.story import story
from kawasan.selection import services as selection
from kawasan.selection.models import Seat
from kawasan.selection.rules import SeatStatus
from kawasan.training import services as training
from kawasan.value_chain import services as value_chain

Say = Callable[[str], None]
# Selection begins with the draw and ends with the decree; the other stages act when they are over.
FIRST_OR_LAST = {"selection": min, "value_chain": max, "applicants": max, "matching": max, "training": max}

# Known to everybody: the invented have nothing to hide, and an example must be drawn alike everywhere.
KEPT_OF_THE_INVENTED = {"salt": "e6e61b4fecaf1f8ad182c1698d634439", "secret": "5f0c4ad3b6c64fb2a1d7a9bd35b1c8e2"}


@dataclass
class Run:
    """One run of one folder."""

    folder: Path
    out: Path
    by: User | None
    rows: Folder
    programme: Programme


def run(*, folder: Path, out: Path, by: User | None, say: Say) -> None:
    """Run a programme folder to its documents."""
    began = time.monotonic()
    rows = check_or_refuse(folder)
    out.mkdir(parents=True, exist_ok=True)  # before the work, so that a folder that cannot be made is known at once
    with alone(rows.one("programme")["code"]):
        _run(folder, rows, out, by, say, began)


def _run(folder: Path, rows: Folder, out: Path, by: User | None, say: Say, began: float) -> None:
    load(folder=rows, by=by)
    this = Run(folder, out, by, rows, Programme.objects.get(code=rows.one("programme")["code"]))
    say(
        _line(
            1,
            "load",
            Text(
                _("{tables} tables, {rows} rows"),
                {"tables": len(rows.tables), "rows": sum(map(len, rows.tables.values()))},
            ),
            began,
        )
    )
    for number, (name, step) in enumerate(STEPS, start=2):
        started = time.monotonic()
        say(_line(number, name, step(this), started))
    say(
        gettext("Done in {seconds} s; the files are in {out}.").format(
            seconds=round(time.monotonic() - began, 1), out=out
        )
    )


@contextmanager
def alone(code: str) -> Iterator[None]:
    """Keep a second run of the same programme out. The system gives the lock back however this process ends."""
    settings.DATA.mkdir(parents=True, exist_ok=True)
    with (settings.DATA / f"run-{code}.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            gaps = {"programme": code, "since": file.read().strip() or "–"}
            template = _("Another run of {programme} is working (since {since}); wait until it ends, or end it.")
            raise Refused(Text(template, gaps)) from None
        file.truncate(0)
        file.write(timezone.localtime().strftime("%Y-%m-%d %H:%M:%S"))
        file.flush()
        yield


def _line(number: int, name: str, figures: Text, started: float) -> str:
    total = len(STEPS) + 1
    return f"{number:>2}/{total}  {name:<11} {in_words(figures)}  ({time.monotonic() - started:.1f} s)"


def _acting(this: Run, stage: str) -> tuple[Programme, datetime.date]:
    """The programme on the day that its calendar gives a stage: a past programme is run in its own time."""
    programme = Programme.objects.get(pk=this.programme.pk)
    ends = [milestone.ends_on for milestone in programme.milestones.all() if milestone.stage == stage]
    day = FIRST_OR_LAST[stage](ends) if ends else today(programme)
    programme.as_of = min(day, today(programme))
    return programme, programme.as_of


def potential(this: Run) -> Text:
    sectors, scores = areas.potential(this.programme), areas.pentagon(this.programme)
    leading = sum(1 for sector in sectors if sector.location_quotient and sector.location_quotient > 1)
    known = [score.score for score in scores if score.score is not None]
    figures = {"base": leading, "sectors": len(sectors)}
    if not known:
        return Text(_("{base} of {sectors} sectors are base sectors; no assets are scored yet"), figures)
    return Text(
        _("{base} of {sectors} sectors are base sectors; assets score {mean} of 100 on average"),
        figures | {"mean": round(sum(known) / len(known), 1)},
    )


def plan(this: Run) -> Text:
    programme, _day = _acting(this, "value_chain")
    adopted = programme.plans.filter(is_adopted=True).first()
    if adopted is None:
        newest = programme.plans.first()
        frozen = newest if newest and newest.result is None else None
        solved = newest if newest and newest.result is not None else None
        if solved is None:
            solved = value_chain.solve_plan(
                plan=frozen or value_chain.freeze_plan(programme=programme, by=this.by), by=this.by
            )
        value_chain.adopt_plan(plan=solved, by=this.by)
        adopted = programme.plans.get(is_adopted=True)
    result = adopted.result or {}
    return Text(
        _("{plan}: income Rp{income} a year for {seats} seats"),
        {"plan": adopted.code, "income": round(result["income_idr"]), "seats": programme.seats},
    )


def need(this: Run) -> Text:
    programme, day = _acting(this, "applicants")
    is_frozen = programme.applicants.exclude(frozen_on=None).exists()
    if not (is_frozen and programme.possible_doubles.exists()):  # a folder that was frozen elsewhere carries none
        doubles.seek(programme=programme, by=this.by, on=day)
    applicants.assess(
        programme=programme, by=this.by, on=day
    )  # only what the folder changed since, never a frozen pool
    count = programme.applicants.filter
    return Text(
        _("{eligible} eligible, {refused} refused, {warned} with warnings"),
        {
            "eligible": count(status="eligible").count(),
            "refused": count(status="refused").count(),
            "warned": programme.applicants.exclude(warnings=[]).count(),
        },
    )


def pool(this: Run) -> Text:
    programme, day = _acting(this, "selection")
    draw = programme.draws.standing().first()
    if draw is None:
        draw = selection.freeze_pool(
            programme=programme,
            source=programme.draw_public_value_source,
            by=this.by,
            salt=_kept(this, "salt"),
            secret=_kept(this, "secret"),
            on=day,
        )
    figures = {"people": len(draw.pool), "hash": draw.frozen_hash[:16], "late": _late(programme)}
    if figures["late"]:
        return Text(
            _("{people} people frozen, SHA-256 {hash}…; {late} who became eligible later are not among them"), figures
        )
    return Text(_("{people} people frozen, SHA-256 {hash}…"), figures)


def _late(programme: Programme) -> int:
    """How many eligible applicants are not in the frozen pool."""
    return programme.applicants.filter(status="eligible", frozen_on=None).count()


def _kept(this: Run, what: str) -> str:
    """The salt or the secret of this installation: whoever has the folder knows neither whose pseudonym is whose nor
    what the draw will be.

    It is made from the people too, so that a run that was killed goes on with the same one.
    """
    persons = this.rows.values("persons")
    if all(row["source"] == SYNTHETIC for row in persons):
        return KEPT_OF_THE_INVENTED[what]
    people = json.dumps([what, *(sorted(map(str, row.items())) for row in persons)])
    return hmac.new(settings.SECRET_KEY.encode(), people.encode(), hashlib.sha256).hexdigest()[:32]


def draw(this: Run) -> Text:
    programme, day = _acting(this, "selection")
    standing = programme.draws.standing().get()
    standing.programme = programme
    if standing.status == "frozen":
        if not programme.draw_public_value:
            raise Refused(
                Text(
                    _(
                        "The pool is frozen with SHA-256 {hash}. Publish it, let the public value be drawn, write it "
                        "into programme.toml as draw_public_value and run again."
                    ),
                    {"hash": standing.frozen_hash},
                )
            )
        if not standing.public_value:
            selection.enter_value(draw=standing, public_value=programme.draw_public_value, by=this.by)
        selection.run_draw(draw=standing, by=this.by, on=day)
    seats = Seat.objects.filter(programme=programme)
    figures = {
        "seats": seats.filter(kind="drawn").count(),
        "waiting": seats.filter(kind="reserve").count(),
        "seed": standing.seed[:16] + "…",
    }
    if programme.draw_public_value not in ("", standing.public_value):
        template = _(
            "{seats} seats drawn, {waiting} on the waiting list, seed {seed}; "
            "the folder names another public value now, but a draw happens once"
        )
        return Text(template, figures)
    return Text(_("{seats} seats drawn, {waiting} on the waiting list, seed {seed}"), figures)


def answers(this: Run) -> Text:
    """Give the seats what people answered; whoever declines makes room for the next on the waiting list."""
    programme, _day = _acting(this, "selection")
    given = {answer.applicant_id: answer for answer in programme.answers.all()}
    while True:
        for seat in _open_seats(programme):
            if answer := given.get(seat.applicant_id):
                seat.programme = programme
                if answer.is_accepted:
                    selection.accept(seat=seat, by=this.by, on=answer.answered_on)
                else:
                    selection.decline(seat=seat, by=this.by, on=answer.answered_on, note=answer.note)
        if not _call_next(this, programme):
            break
    accepted = Seat.objects.participants().filter(programme=programme).count()
    open_seats = Seat.objects.filter(programme=programme, status=SeatStatus.OFFERED).count()
    if open_seats:
        raise Refused(
            Text(
                _(
                    "{accepted} people accepted, {open} offers have no answer yet. Write the answers into answers.csv "
                    "or enter them on the page of seats, then run again."
                ),
                {"accepted": accepted, "open": open_seats},
            )
        )
    declined = Seat.objects.filter(programme=programme, status=SeatStatus.DECLINED).count()
    return Text(_("{accepted} accepted, {declined} declined"), {"accepted": accepted, "declined": declined})


def _open_seats(programme: Programme) -> Iterator[Seat]:
    offered = Seat.objects.filter(programme=programme, status=SeatStatus.OFFERED)
    yield from list(offered.select_related("applicant").order_by("kind", "place_in_order"))


def _call_next(this: Run, programme: Programme) -> bool:
    """Call one person from the waiting list if a seat is empty; whether somebody was called."""
    held = Seat.objects.held().filter(programme=programme).count()
    if held >= programme.seats or not Seat.objects.filter(programme=programme, status=SeatStatus.WAITING).exists():
        return False
    newest = Seat.objects.filter(programme=programme).aggregate(day=Max("decided_on"))["day"]
    selection.call_reserve(programme=programme, by=this.by, on=newest or today(programme))
    return True


def groups(this: Run) -> Text:
    programme, _day = _acting(this, "matching")
    if not programme.groups.exists():
        frozen = programme.matchings.filter(status="frozen").first()
        frozen = frozen or matching.freeze_matching(programme=programme, by=this.by)
        matching.form_groups(matching=frozen, by=this.by)
    made = programme.groups.select_related("mentor")
    return Text(
        _("{groups} groups, {people} people, {mentors} mentors"),
        {
            "groups": len(made),
            "people": programme.group_members.count(),
            "mentors": len({group.mentor_id for group in made}),
        },
    )


def timetable(this: Run) -> Text:
    programme, _day = _acting(this, "training")
    if not programme.sessions.exists():
        frozen = programme.timetables.filter(status="frozen").first()
        frozen = frozen or training.freeze_timetable(programme=programme, by=this.by)
        training.make_timetable(timetable=frozen, by=this.by)
    sessions = programme.sessions.order_by("starts_at")
    return Text(
        _("{sessions} sessions from {first} to {last}"),
        {
            "sessions": len(sessions),
            "first": sessions[0].starts_at.date(),
            "last": sessions[len(sessions) - 1].starts_at.date(),
        },
    )


def follow_up(this: Run) -> Text:
    """Load the rows that waited for groups and sessions, such as visits; who was voted for takes the office."""
    done = load(folder=this.rows, by=this.by)
    training.mark_held(programme=this.programme, by=this.by)
    matching.seat_officers(programme=this.programme, by=this.by)
    waiting = sum(table.waiting for table in done)
    return Text(
        _("{added} rows that waited, {waiting} wait still"),
        {"added": sum(table.added for table in done), "waiting": waiting},
    )


def effect(this: Run) -> Text:
    """What being drawn changed, in the rounds in which enough people answered."""
    made = outcomes.estimate_all(programme=this.programme, by=this.by)
    if not made:
        return Text(_("no analysis plan, or too few answers yet"))
    return Text(_("{rounds} rounds estimated"), {"rounds": len(made)})


def indicators(this: Run) -> Text:
    """The indicators of the day at which the programme is shown."""
    made = outcomes.report_today(programme=this.programme, by=this.by)
    if made is None:
        return Text(_("nothing new to report"))
    gaps = {"day": made.reported_on, "withheld": len(made.withheld)}
    return Text(_("{day} frozen; {withheld} counts are withheld outside the office"), gaps)


def decree(this: Run) -> Text:
    programme, _day = _acting(this, "selection")
    made = programme.decrees.order_by("pk").last()
    if made is None:
        if not (programme.decree_number and programme.decree_date):
            raise Refused(Text(_("Write number, date and signer of the decree into programme.toml and run again.")))
        made = selection.draft_decree(
            programme=programme,
            number=programme.decree_number,
            dated=programme.decree_date,
            signer=programme.decree_signer,
            signer_title=programme.decree_signer_title,
            by=this.by,
        )
    if made.status == "draft":
        made.programme = programme
        selection.sign_decree(decree=made, by=this.by, on=made.dated)
    return Text(_("{number} with {people} people"), {"number": made.number, "people": len(made.lines)})


def documents(this: Run) -> Text:
    """Write every file anew: they follow from the rows alone, so that a resumed run ends with the same."""
    programme = Programme.objects.get(pk=this.programme.pk)
    plan, draw = programme.plans.get(is_adopted=True), programme.draws.standing().get()
    decree = programme.decrees.order_by("-pk")[0]
    with override(reports.OFFICIAL):
        files: dict[str, str | bytes] = {
            "plan.json": _json({"input": plan.input, "input_hash": plan.input_hash, "result": plan.result}),
            "draw.json": json.dumps(selection.certificate_of(draw=draw), sort_keys=True, separators=(",", ":")) + "\n",
            "participants.xlsx": reports.participants_xlsx(programme),
            "groups.xlsx": reports.groups_xlsx(programme),
            "timetable.ics": training.calendar(programme=programme),
            "decree.pdf": reports.decree_pdf(decree),
            "minutes.pdf": reports.minutes_pdf(draw),
            "announcement.pdf": reports.announcement_pdf(programme),
            "report.html": story(programme),
        }
    for name, content in files.items():
        write_bytes(this.out / name, content.encode() if isinstance(content, str) else content)
    return Text(", ".join(files))


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True, cls=DjangoJSONEncoder) + "\n"


STEPS: tuple[tuple[str, Callable[[Run], Text]], ...] = (
    ("potential", potential),
    ("plan", plan),
    ("need", need),
    ("pool", pool),
    ("draw", draw),
    ("answers", answers),
    ("groups", groups),
    ("timetable", timetable),
    ("follow-up", follow_up),
    ("effect", effect),
    ("indicators", indicators),
    ("decree", decree),
    ("documents", documents),
)
