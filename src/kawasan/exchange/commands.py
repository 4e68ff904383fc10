"""The ``kawasan`` command: reads its arguments, calls a service, prints what happened."""

import argparse
import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TextIO

Command = Callable[[argparse.Namespace], int]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 0 when all is well, 1 when something was refused or found wrong."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kawasan.config.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
        return _run(options)
    except (ImproperlyConfigured, OSError) as error:  # a setting, or a file or folder that cannot be read or written
        _say(_why(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(options: argparse.Namespace) -> int:
    from django.db import DatabaseError, DataError, IntegrityError
    from django.utils import translation
    from django.utils.translation import gettext

    from kawasan.core.errors import Refused
    from kawasan.core.language import in_words

    with translation.override(_language()):
        try:
            return options.command(options)
        except Refused as refused:
            for reason in refused.reasons:
                _say(in_words(reason), file=sys.stderr)
        except (DataError, IntegrityError):
            raise  # our own fault, so the maintainer needs all of it
        except DatabaseError as error:
            sentence = gettext(
                "The database cannot be used ({why}). If it is new or older than this version, run kawasan migrate."
            )
            _say(sentence.format(why=str(error).splitlines()[0]), file=sys.stderr)
        return 1


def _why(error: Exception) -> str:
    """The path and what the system says about it."""
    if isinstance(error, FileExistsError):  # somebody gave a file where a folder must be
        return f"{error.filename}: {os.strerror(errno.ENOTDIR)}"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def _language() -> str:
    """Indonesian where the terminal is; English otherwise. KAWASAN_LANGUAGE decides."""
    from django.core.exceptions import ImproperlyConfigured

    language = os.environ.get("KAWASAN_LANGUAGE") or ("id" if os.environ.get("LANG", "").startswith("id") else "en")
    if language not in ("id", "en"):
        raise ImproperlyConfigured(f"KAWASAN_LANGUAGE is {language!r}; write id or en.")
    return language


def _say(line: str = "", *, file: TextIO | None = None) -> None:
    print(line, file=file or sys.stdout, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kawasan", description="Runs an area-based employment programme.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Command, about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about)
        made.set_defaults(command=run)
        return made

    made = command("check", check, "check a programme folder and name every fault; loads nothing")
    made.add_argument("folder", type=Path)
    made = command("load", load, "load a programme folder: all or nothing, a second time changes nothing")
    made.add_argument("folder", type=Path)
    made = command("dump", dump, "write a programme as a folder that loads to the same programme")
    made.add_argument("programme")
    made.add_argument("folder", type=Path)
    made = command("run", run, "run a programme folder: plan, draw, groups, timetable, documents")
    made.add_argument("folder", type=Path)
    made.add_argument("--out", type=Path, help="folder for the documents and data that the run writes")
    made = command("describe", describe, "write the description of the programme folder")
    made.add_argument("--guide", type=Path, metavar="FILE", required=True, help="the page for people (Markdown)")
    command("verify-log", verify_log, "check that neither the log nor the rows it covers were changed behind its back")
    command("new-key", new_key, "print a new key for the personal numbers in the database")
    command("rotate-keys", rotate_keys, "encrypt with the newest key what older keys encrypted")
    made = command("draw", draw, "draw people under quotas from two CSV, XLSX or Parquet files; needs no database")
    made.add_argument("--features", type=Path, metavar="FILE", help="quotas: feature,value,min,max")
    made.add_argument("--people", type=Path, metavar="FILE", help="one row a person")
    made.add_argument("--seats", type=_positive, metavar="N")
    made.add_argument("--seed", metavar="TEXT", help="public value that nobody could choose; without it: freeze only")
    made.add_argument("--source", default="", metavar="TEXT", help="when freezing: which later value the seed will be")
    made.add_argument("--frozen", type=Path, metavar="FILE", help="frozen.json: draw from exactly what was frozen")
    made.add_argument("--out", type=Path, required=True, metavar="DIR", help="new folder for what was drawn")
    made.add_argument("--id-column", default="", metavar="NAME", help="otherwise the first column")
    made.add_argument("--household-column", default="", metavar="NAME")
    made.add_argument("--most-per-household", type=_positive, default=1, metavar="N")
    made.add_argument("--weight-column", default="", metavar="NAME", help="whole numbers: need, for chances to follow")
    aims = ("leximin", "maximin", "nash")
    made.add_argument("--aim", choices=aims, default=aims[0], help="what chances are made to be; leximin is fairest")
    made.add_argument("--certain-column", default="", metavar="NAME", help="yes or no: has a seat in every panel")
    made.add_argument("--panels", type=_positive, default=1000, metavar="N", help="equally likely panels to draw from")
    made.add_argument("--salt", default="", metavar="TEXT", help="secret that keeps pseudonyms from being guessed")
    made = command("effect", effect, "compare people with and without a seat where no draw decided; needs no database")
    made.add_argument("--people", type=Path, required=True, metavar="FILE", help="CSV, XLSX or Parquet, a row a person")
    made.add_argument("--seat", required=True, metavar="COLUMN", help="yes or no: took part")
    made.add_argument("--outcome", required=True, metavar="COLUMN", help="a number, measured afterwards")
    made.add_argument("--before", default="", metavar="COLUMN", help="the same number, measured before the start")
    made.add_argument("--known", nargs="+", default=[], metavar="COLUMN", help="what was known of everybody before")
    made.add_argument(
        "--kinds",
        nargs="+",
        default=[],
        metavar="COLUMN",
        help="those of --known whose numbers are codes, as of a place",
    )
    made = command(
        "call", call, "call the next reserve of a draw without a database, and write it into the certificate"
    )
    made.add_argument("certificate", type=Path)
    made.add_argument("--leaver", required=True, metavar="ID", help="who leaves: an id or a pseudonym")
    made = command("verify", verify, "check every claim of a draw's certificate; needs no database")
    made.add_argument("certificate", type=Path)
    made.add_argument("--again", action="store_true", help="make the chances again from pool and rules, and compare")
    command("migrate", migrate, "bring the database to this version")
    made = command("add-user", add_user, "add an account and, if wanted, a role")
    made.add_argument("username")
    made.add_argument("--name", required=True)
    made.add_argument("--programme")
    made.add_argument("--role", default="manager")
    made = command("let-in", let_in, "let somebody sign in again whose account was locked after failed sign-ins")
    made.add_argument("username")
    made = command("serve", serve, "serve the pages")
    made.add_argument("--host", default="127.0.0.1")
    made.add_argument("--port", type=int, default=8000)
    made.add_argument("--no-work", action="store_true", help="leave long work to kawasan work, here or elsewhere")
    made = command("work", work, "do the work that outlasts a request; kawasan serve does it too")
    made.add_argument("--until-idle", action="store_true", help="end when nothing waits")
    made.add_argument("--beside-server", action="store_true", help="end when the process ends that began this")
    made = command("demo", demo, "migrate, load and run the examples with their cast, and serve them")
    made.add_argument("folder", type=Path, nargs="?", default=Path("examples/pangkalpinang-2022"))
    made.add_argument("--beside", type=Path, default=Path("examples/koba-2022"), help="a second one, to compare")
    made.add_argument("--port", type=int, default=8000)
    made.add_argument("--no-serve", action="store_true", help="prepare only")
    return parser


def _positive(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text[:9]) >= 1 and len(text) <= 6:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text[:20]!r} is not a whole number from 1 to 999999")


def check(options: argparse.Namespace) -> int:
    from django.utils.translation import gettext, ngettext

    from kawasan.core.language import in_words
    from kawasan.exchange import checker

    folder, faults = checker.check(options.folder)
    for sentence in checker.sentences(faults):
        _say(in_words(sentence))
    if faults:
        counted = ngettext("{count} fault; nothing was loaded.", "{count} faults; nothing was loaded.", len(faults))
        _say(counted.format(count=len(faults)), file=sys.stderr)
        return 1
    _say_warnings(checker.warnings(folder))
    rows = sum(len(rows) for rows in folder.tables.values())
    _say(
        gettext("{folder}: {tables} tables, {rows} rows, no faults.").format(
            folder=options.folder, tables=len(folder.tables), rows=rows
        )
    )
    return 0


def _say_warnings(warnings: list) -> None:
    from django.utils.translation import ngettext

    from kawasan.core.language import in_words
    from kawasan.exchange.checker import sentences

    for sentence in sentences(warnings):
        _say(in_words(sentence))
    if warnings:
        counted = ngettext(
            "{count} warning: loading is not hindered, but whoever verifies must look.",
            "{count} warnings: loading is not hindered, but whoever verifies must look.",
            len(warnings),
        )
        _say(counted.format(count=len(warnings)))


def load(options: argparse.Namespace) -> int:
    from django.utils.translation import gettext, ngettext
    from rich.progress import Progress

    from kawasan.exchange import checker, services
    from kawasan.exchange.tables import TABLES

    folder = checker.check_or_refuse(options.folder)
    _say_warnings(checker.warnings(folder))
    _make_tables(options)
    with Progress(transient=True, disable=not sys.stdout.isatty()) as bar:
        task = bar.add_task(str(options.folder), total=len(TABLES))
        done = services.load(folder=folder, by=None, progress=lambda _table: bar.advance(task))
    for table in done:
        if table.added or table.changed:
            _say(
                gettext("{table}: {added} added, {changed} changed, {unchanged} unchanged").format(
                    table=table.table, added=table.added, changed=table.changed, unchanged=table.unchanged
                )
            )
    if not any(table.added or table.changed for table in done):
        _say(gettext("Nothing changed: the programme already holds every row of the folder."))
    for table in done:
        if table.waiting:
            sentence = ngettext(
                "{table}: {count} row is kept and waits for rows of {what} that are not made yet.",
                "{table}: {count} rows are kept and wait for rows of {what} that are not made yet.",
                table.waiting,
            )
            _say(sentence.format(table=table.table, count=table.waiting, what=", ".join(table.waits_for)))
    return 0


def dump(options: argparse.Namespace) -> int:
    from django.utils.translation import gettext

    from kawasan.core.errors import Refused
    from kawasan.core.text import Text, _
    from kawasan.exchange import services
    from kawasan.programmes.models import Programme

    programme = Programme.objects.filter(code=options.programme).first()
    if programme is None:
        known = ", ".join(Programme.objects.values_list("code", flat=True)) or "–"
        raise Refused(
            Text(
                _("There is no programme “{code}” here. There are: {known}"),
                {"code": options.programme, "known": known},
            )
        )
    names = services.dump(programme=programme, folder=options.folder, by=None)
    _say(gettext("{count} files written to {folder}.").format(count=len(names), folder=options.folder))
    if programme.draws.filter(status="frozen").exists():
        _say(
            gettext(
                "draws.csv holds the secret of a draw that is still to come. Keep the folder to yourself until it took "
                "place: with the secret a result can be foreseen for every public value."
            )
        )
    if left := services.left_out(programme):
        sentence = gettext(
            "Not in the folder, so keep a backup of the database and its files too: photos of papers ({papers}), "
            "objections ({objections}), verifications ({verifications}), proposed changes "
            "({changes}), groups that people applied as ({groups}), marks of business ideas ({marks}), possible "
            "doubles and what was decided of them ({doubles}), bank statements ({statements}), papers of the "
            "assistance ({evidence}), archived reports ({reports}), photos of visits ({visit_photos}), feedback on "
            "modules ({feedback}), cards ({cards}) and printed attendance lists ({sheets}) of the training, addresses "
            "of calendars ({calendars})."
        )
        _say(sentence.format(**left))
    return 0


def run(options: argparse.Namespace) -> int:
    from django.conf import settings

    from kawasan.exchange import services

    out = options.out or settings.DATA / "run" / options.folder.resolve().name
    _make_tables(options)
    services.run(folder=options.folder, out=out, by=None, say=_say)
    return 0


def describe(options: argparse.Namespace) -> int:
    from kawasan.exchange.schema import guide

    options.guide.write_text(guide(), encoding="utf-8")
    return 0


def verify_log(options: argparse.Namespace) -> int:
    from django.utils.translation import gettext

    from kawasan.core.language import in_words
    from kawasan.core.models import LogEntry
    from kawasan.core.services import verify_log as faults_of_log

    faults = faults_of_log()
    for fault in faults:
        _say(in_words(fault))
    if not faults:
        newest = LogEntry.objects.first()
        _say(
            gettext("The log is whole: {count} entries, newest hash {hash}.").format(
                count=newest.sequence if newest else 0, hash=newest.hash if newest else "–"
            )
        )
    return 1 if faults else 0


def new_key(options: argparse.Namespace) -> int:
    from cryptography.fernet import Fernet

    _say(Fernet.generate_key().decode())
    return 0


def rotate_keys(options: argparse.Namespace) -> int:
    from django.utils.translation import gettext

    from kawasan.core import services
    from kawasan.core.secrets import keys

    line = gettext("{table}: {done} of {total} encrypted anew")
    count = services.rotate_keys(
        by=None, progress=lambda table, done, total: _say(line.format(table=table, done=done, total=total))
    )
    newest, *older = (key.name for key in keys())
    _say(gettext("{count} rows encrypted anew; all are encrypted with the key {key}.").format(count=count, key=newest))
    if older:
        _say(gettext("Take the older keys out of the settings now: {keys}.").format(keys=", ".join(older)))
        _say(gettext("Older backups can be read with the older keys only: keep those, but apart from the backups."))
    return 0


def draw(options: argparse.Namespace) -> int:
    """At once under a seed, or in two steps: without one what is drawn from is frozen, and drawn from later."""
    import gc

    from kawasan.exchange import services

    gc.disable()  # a million rows live to the end; to look for garbage among them takes a third of the time
    _check_steps(options)
    if options.frozen:
        services.draw_frozen(frozen=options.frozen, seed=options.seed, out=options.out, say=_say)
    elif options.seed is None:
        services.freeze(source=options.source, out=options.out, say=_say, **_asked(options))
    else:
        services.draw(seed=options.seed, out=options.out, say=_say, **_asked(options))
    return 0


def _check_steps(options: argparse.Namespace) -> None:
    """A draw from what was frozen takes nothing else, and what is frozen has no seed yet."""
    from kawasan.core.errors import Refused
    from kawasan.core.text import Text, _

    own = (options.features, options.people, options.seats)
    if options.frozen and (options.seed is None or options.source or any(part is not None for part in own)):
        raise Refused(Text(_("To draw from what was frozen give --frozen, --seed and --out, and nothing else.")))
    if not options.frozen and None in own:
        raise Refused(Text(_("Give --features, --people and --seats; or, to draw from what was frozen, --frozen.")))
    if options.source and options.seed is not None:
        raise Refused(Text(_("--source says before the draw what the seed will be; leave out --seed to freeze first.")))


def _asked(options: argparse.Namespace) -> dict[str, Any]:
    from kawasan.exchange.pool_files import Columns

    return {
        "features": options.features,
        "people": options.people,
        "columns": Columns(options.id_column, options.household_column, options.weight_column, options.certain_column),
        "seats": options.seats,
        "most_per_household": options.most_per_household,
        "aim": options.aim,
        "panels": options.panels,
        "salt": options.salt,
    }


def effect(options: argparse.Namespace) -> int:
    from kawasan.exchange import services

    services.effect(
        people=options.people,
        seat=options.seat,
        outcome=options.outcome,
        before=options.before,
        known=options.known,
        kinds=options.kinds,
        say=_say,
    )
    return 0


def call(options: argparse.Namespace) -> int:
    from kawasan.exchange import services

    services.call_reserve(path=options.certificate, leaver=options.leaver, say=_say)
    return 0


def verify(options: argparse.Namespace) -> int:
    from django.utils.translation import gettext

    from kawasan.core.language import in_words
    from kawasan.exchange import services
    from kawasan.selection.rules import CLAIMS

    found = services.verify(path=options.certificate, again=options.again)
    for check in found.checks:
        mark = gettext("holds") if check.holds else gettext("WRONG")
        why = f" ({check.found})" if check.found and not check.holds else ""
        _say(f"{mark:<10} {gettext(CLAIMS[check.name])}{why}")
    if not found.hash:
        _say(
            gettext("Do not trust this draw: what is marked as wrong was changed, or never followed."), file=sys.stderr
        )
        return 1
    if any(check.name == "people" for check in found.checks):
        _say(gettext("Every claim holds: the file agrees with itself. Two things only you can compare, below."))
        _say(gettext("SHA-256 of the certificate, as on the minutes and the decree: {hash}").format(hash=found.hash))
        if not found.is_committed:
            _say(
                gettext(
                    "No secret was committed to before this draw: it proves the arithmetic, and not that nobody tried "
                    "seeds. Whoever held it must show that the hash below was published before the seed could be known."
                )
            )
    else:
        _say(
            gettext(
                "This is what was frozen before the draw. What can be checked so far holds; there is no result yet."
            )
        )
    for sentence in found.fairness:
        _say(in_words(sentence))
    frozen = next(check.found for check in found.checks if check.name == "hashes")
    _say(gettext("Compare with the hash that was published before the draw: {hash}").format(hash=frozen))
    if found.value:
        shown = gettext("Compare with what the source shows ({source}): {value}")
        _say(shown.format(source=found.source, value=found.value))
    return _said_of_fairness(is_fair=found.is_fair, again=options.again)


def _said_of_fairness(*, is_fair: bool, again: bool) -> int:
    from django.utils.translation import gettext

    if not is_fair:
        wrong = gettext("Do not trust this draw: its chances are not those that its pool and rules give.")
        _say(wrong, file=sys.stderr)
        return 1
    if not again:
        _say(gettext("Whether the chances are the fairest ones: kawasan verify --again makes them again and compares."))
    return 0


def migrate(options: argparse.Namespace) -> int:
    """Of two commands that begin on an empty database, one makes the tables and the other waits for them."""
    import fcntl

    from django.conf import settings
    from django.core.management import call_command

    from kawasan.core import services
    from kawasan.core.first_tables import is_empty, make_tables
    from kawasan.core.upgrade import before_upgrade, changed_by_upgrade

    settings.DATA.mkdir(parents=True, exist_ok=True)
    with (settings.DATA / "migrate.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if is_empty():
            make_tables()
            return 0
        before = before_upgrade()
        call_command("migrate", interactive=False, verbosity=0)
        if before:
            services.log_upgrade(rows=changed_by_upgrade(before), by=None)
    return 0


def _make_tables(options: argparse.Namespace) -> None:
    """A database without a programme gets its tables, also if it was killed while it got them.

    One that is in use is migrated only when somebody says so.
    """
    from django.db import connection

    from kawasan.programmes.models import Programme

    is_begun = Programme._meta.db_table in connection.introspection.table_names()
    if not (is_begun and Programme.objects.exists()):
        migrate(options)


def add_user(options: argparse.Namespace) -> int:
    import getpass

    from kawasan.core.errors import Refused
    from kawasan.core.text import Text, _
    from kawasan.exchange import services

    try:
        password = os.environ.get("KAWASAN_PASSWORD") or getpass.getpass()
    except EOFError:
        raise Refused(Text(_("There is nobody to type a password; give it as KAWASAN_PASSWORD."))) from None
    services.add_user(
        username=options.username,
        name=options.name,
        password=password,
        programme=options.programme,
        role=options.role,
        by=None,
    )
    return 0


def let_in(options: argparse.Namespace) -> int:
    from django.utils.translation import gettext

    from kawasan.core import services
    from kawasan.core.errors import Refused
    from kawasan.core.models import User
    from kawasan.core.text import Text, _

    user = User.objects.filter(username=options.username).first()
    if user is None:
        raise Refused(Text(_("There is no account “{username}”."), {"username": options.username}))
    if services.let_in(user=user, by=None):
        _say(gettext("The account “{username}” can sign in again.").format(username=user.username))
    else:
        _say(gettext("The account “{username}” had no failed sign-ins.").format(username=user.username))
    return 0


def serve(options: argparse.Namespace) -> NoReturn:
    from django.conf import settings
    from django.core.management import call_command

    host = getattr(options, "host", "127.0.0.1")
    _check_port(host, options.port)
    call_command("collectstatic", interactive=False, verbosity=0)
    os.environ["DJANGO_SETTINGS_MODULE"] = settings.SETTINGS_MODULE
    if not getattr(options, "no_work", False):
        _start_worker()
    threads = str(max(os.cpu_count() or 1, 2))
    # The server replaces this process, so that Ctrl-C and a service manager reach it directly.
    server = [sys.executable, "-P", "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(options.port)]
    server += ["--workers", str(settings.WORKERS), "--blocking-threads", threads, "--no-ws"]
    os.execv(sys.executable, [*server, "--log-level", "warning", "kawasan.config.wsgi:application"])


def _start_worker() -> None:
    """A worker beside the server that replaces this process, and whose child it is."""
    import subprocess

    subprocess.Popen([sys.executable, "-P", "-m", "kawasan.core.beside"])


def work(options: argparse.Namespace) -> int:
    """A worker that is stopped dies as if it were killed: what it was doing is taken up by the next one."""
    import signal
    import threading

    from kawasan.core.beside import end_with
    from kawasan.core.worker import work as do_work

    signal.signal(signal.SIGINT, signal.SIG_IGN if options.beside_server else signal.SIG_DFL)
    if options.beside_server:
        threading.Thread(target=end_with, args=[os.getppid()], daemon=True).start()
    do_work(until_idle=options.until_idle)
    return 0


def _check_port(host: str, port: int) -> None:
    """The server's own message for a port in use is a traceback."""
    import socket

    from kawasan.core.errors import Refused
    from kawasan.core.text import Text, _

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            gaps = {"port": str(port), "why": getattr(error, "strerror", None) or str(error)}
            raise Refused(Text(_("Port {port} cannot be used ({why}); choose another with --port."), gaps)) from None


def demo(options: argparse.Namespace) -> int:
    from django.utils.translation import gettext

    from kawasan.core.testing import PASSWORD
    from kawasan.exchange import services

    if not options.no_serve:
        _check_port("127.0.0.1", options.port)  # before the work, and before an address is named
    migrate(options)
    accounts = services.prepare_demo(folder=options.folder, by=None, say=_say)
    _say()
    services.prepare_beside(folder=options.beside, by=None, say=_say)
    _say()
    for username, role in accounts:
        _say(f"  {username:<8} {role}")
    _say(gettext("Password of every demo account: {password}").format(password=PASSWORD))
    if options.no_serve:
        return 0
    _say(gettext("Kawasan is at {address} – end it with Ctrl-C.").format(address=f"http://127.0.0.1:{options.port}/"))
    serve(options)
