"""Extract the sentences of each slice into its catalogue, and compile the catalogues.

python tools/messages.py                extract into every slice's django.po, compile all
python tools/messages.py applicants     the same for one slice
python tools/messages.py --compile      compile only
python tools/messages.py --check        exit 1 if a sentence is missing, untranslated or has other gaps
"""

import argparse
import ast
import re
import sys
from pathlib import Path

import polib
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "kawasan"
ONE = {"_", "gettext", "gettext_lazy"}
ONE_AND_MANY = {"ngettext", "ngettext_lazy"}
STRING = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL = re.compile(rf"\bn?gettext\(({STRING}(?:,\s*{STRING})?)")  # what Django makes of a template's translate tags
GAP = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def sentences(slice_folder: Path) -> dict[tuple[str, str | None], str]:
    """Every sentence of a slice as (singular, plural) with the first file it stands in."""
    found: dict[tuple[str, str | None], str] = {}
    for path in sorted(slice_folder.rglob("*")):
        if path.suffix not in {".py", ".html"} or {"tests", "migrations"} & set(path.parts):
            continue
        for message in _messages(path):
            parts = message if isinstance(message, tuple) else (message, None)
            found.setdefault((parts[0], parts[1]), path.relative_to(PACKAGE).as_posix())
    return found


def _messages(path: Path) -> list[str | tuple[str, str]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return [_literals(call) for call in CALL.findall(templatize(text))]
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]  # in f-strings too
    return [said for call in calls if (said := _said(call))]


def _said(call: ast.Call) -> str | tuple[str, str] | None:
    """The sentence that a call marks for translation; a pair for one and many."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    words = [arg.value for arg in call.args[:2] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if name in ONE_AND_MANY:
        return (words[0], words[1])
    return words[0] if name in ONE and words and words[0] else None


def _literals(arguments: str) -> str | tuple[str, str]:
    found = ast.literal_eval(f"({arguments},)")
    return found[0] if len(found) == 1 else (found[0], found[1])


def catalogue(slice_folder: Path) -> Path:
    return slice_folder / "locale" / "id" / "LC_MESSAGES" / "django.po"


def update(slice_folder: Path) -> None:
    """Bring a catalogue up to date: new sentences are added empty, unused ones dropped."""
    path, found = catalogue(slice_folder), sentences(slice_folder)
    known = {(e.msgid, e.msgid_plural or None): e for e in polib.pofile(str(path))} if path.exists() else {}
    if not found and not known:
        return
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = {
        "Language": "id",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for (singular, plural), where in sorted(found.items(), key=lambda item: (item[1], item[0][0])):
        old = known.get((singular, plural))
        entry = polib.POEntry(msgid=singular, msgid_plural=plural or "", occurrences=[(where, "")])
        if plural:
            entry.msgstr_plural = old.msgstr_plural if old else {0: ""}
        else:
            entry.msgstr = old.msgstr if old else ""
        fresh.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(path))


def compile_all() -> None:
    for path in PACKAGE.glob("*/locale/id/LC_MESSAGES/django.po"):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


def faults() -> list[str]:
    """What is wrong with the translations, a line each."""
    wrong = []
    for folder in sorted(p for p in PACKAGE.iterdir() if p.is_dir()):
        path = catalogue(folder)
        known = {(e.msgid, e.msgid_plural or None): e for e in polib.pofile(str(path))} if path.exists() else {}
        for key, where in sentences(folder).items():
            entry = known.get(key)
            translated = (entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr) if entry else ""
            if not translated or "fuzzy" in (entry.flags if entry else []):
                wrong.append(f"{where}: not translated: {key[0]!r}")
            elif _gaps(key[1] or key[0]) != _gaps(translated):
                wrong.append(f"{where}: the gaps differ: {key[0]!r} and {translated!r}")
    return wrong + two_translations()


def two_translations() -> list[str]:
    """English that two catalogues translate otherwise: all are read as one, so one of the two is never shown."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(PACKAGE.glob("*/locale/id/LC_MESSAGES/django.po")):
        for entry in polib.pofile(str(path)):
            if not entry.obsolete and not entry.msgid_plural:
                found.setdefault(entry.msgid, {}).setdefault(entry.msgstr, path.parents[3].name)
    return [
        f"{', '.join(told.values())}: {english!r} is translated as {' and as '.join(map(repr, told))}"
        for english, told in found.items()
        if len(told) > 1
    ]


def _gaps(text: str) -> set[str]:
    return {a or b for a, b in GAP.findall(text)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("slices", nargs="*")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.check:
        wrong = faults()
        sys.stdout.write("".join(f"{line}\n" for line in wrong))
        return 1 if wrong else 0
    if not options.compile:
        for folder in [PACKAGE / name for name in options.slices] or sorted(p for p in PACKAGE.iterdir() if p.is_dir()):
            update(folder)
    compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
