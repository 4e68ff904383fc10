"""Verify a draw with nothing but Python, apart from Kawasan's verifier: ``python verify_draw.py certificate.json``."""

import json
import sys
from collections import Counter
from hashlib import sha256
from itertools import count
from pathlib import Path


def sha(*texts):
    return sha256(b"".join(b"%d:%s" % (len(text), text) for text in map(str.encode, texts))).hexdigest()


def sha_json(value):
    return sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def hashes(frozen):
    rules = {k: v for k, v in frozen.items() if k not in ("pool", "panels")}
    parts = {"pool": sha_json(frozen["pool"]), "rules": sha_json(rules), "panels": sha_json(frozen["panels"])}
    return {**parts, "frozen": sha_json(parts)}


def below(seed, label, bound):
    values = (int(sha("kawasan number 1", seed, label, str(counter)), 16) for counter in count())
    return next(value for value in values if value < 2**256 - 2**256 % bound) % bound


def homes(frozen):
    found = {}  # kind -> household with more members than may be seated -> [(pseudonym, cell)]
    for name, cell, home in frozen["pool"]:
        if kind := frozen["cells"][cell]["kind"]:
            found.setdefault(kind, {}).setdefault(home, []).append((name, cell))
    return found


def pool_is_sound(frozen):
    names, members, like, about = [name for name, _, _ in frozen["pool"]], {}, {}, frozen["cells"]
    for _, cell, home in frozen["pool"]:
        members.setdefault(home, []).append(cell)
    sound = names == sorted(set(names)) and not any(about[cell]["kind"] for cell in members.pop(0, []))
    for cells in members.values():
        kind, is_large = about[cells[0]]["kind"], len(cells) > frozen["most_per_household"]
        sound &= {about[cell]["kind"] for cell in cells} == {kind} and bool(kind) == is_large
        sound &= not kind or like.setdefault(kind, sorted(cells)) == sorted(cells)
    return sound


def panels_are_sound(frozen):
    cells, size = frozen["cells"], Counter(row[1] for row in frozen["pool"])
    room = {kind: len(group) * frozen["most_per_household"] for kind, group in homes(frozen).items()}

    def is_sound(panel):
        number = dict(panel)
        rows = [
            (sum(n for c, n in number.items() if row in cells[c]["counts"]), least, most)
            for row, (_, _, least, most) in enumerate(frozen["quotas"])
        ]
        rows += [(sum(n for c, n in number.items() if cells[c]["kind"] == kind), 0, room[kind]) for kind in room]
        rows += [(number.get(c, 0), size[c] if cell["certain"] else 0, size[c]) for c, cell in enumerate(cells)]
        rows += [(sum(number.values()), frozen["seats"], frozen["seats"]), (len(panel), len(number), len(number))]
        return min(number.values()) > 0 and all(least <= n <= most for n, least, most in rows)

    return all(is_sound(panel) for panel in frozen["panels"])


def seated(frozen, seed, panel):
    number, rank, people = dict(panel), lambda name: sha("kawasan person 1", seed, name), []
    for cell in number:
        if not frozen["cells"][cell]["kind"]:
            people += sorted((name for name, of, _ in frozen["pool"] if of == cell), key=rank)[: number[cell]]
    for kind, group in homes(frozen).items():
        turn = sorted(group.values(), key=lambda home: sha("kawasan household 1", seed, min(home)[0]))
        cells = [cell for cell in sorted(number) if frozen["cells"][cell]["kind"] == kind]
        for place, cell in enumerate(one for one in cells for _ in range(number[one])):
            free = [name for name, of in turn[place % len(turn)] if of == cell and name not in people]
            people.append(min(free, key=rank))
    return sorted(people)


def reserves(frozen, seed, people):
    own, taken = sha("kawasan reserves 1", seed), set(people)
    tickets = {name: frozen["cells"][cell]["weight"] for name, cell, _ in frozen["pool"] if name not in taken}
    rank = {name: min(sha("kawasan ticket 1", own, name, str(t + 1)) for t in range(n)) for name, n in tickets.items()}
    return sorted(rank, key=lambda name: (rank[name], name))


def calls_follow(frozen, people, waiting, calls):
    counts = {name: frozen["cells"][cell]["counts"] for name, cell, _ in frozen["pool"]}
    home, sitting, waiting = {name: home for name, _, home in frozen["pool"]}, set(people), list(waiting)

    def short(name):
        filled = [sum(row in counts[other] for other in (*sitting, name)) for row in range(len(frozen["quotas"]))]
        return sum(max(least - n, 0, n - most) for n, (_, _, least, most) in zip(filled, frozen["quotas"], strict=True))

    for entry in calls:
        leaver, called = entry["leaver"], (entry["reserve"], entry["short"])
        if leaver in waiting and called == ("", 0):  # a reserve who does not wait any more
            waiting.remove(leaver)
            continue
        sat, sitting = leaver in sitting, sitting - {leaver}
        seats = Counter(home[name] for name in sitting)
        free = [name for name in waiting if not home[name] or seats[home[name]] < frozen["most_per_household"]]
        if not sat or not free or called != (first := min(free, key=short), short(first)):
            return False
        sitting.add(first)
        waiting.remove(first)
    return True


def claims(c):
    frozen, cells = c["frozen"], range(len(c["frozen"]["cells"]))
    early = {"form": c["format"] == "kawasan draw 1", "pool": pool_is_sound(frozen)}
    early |= {"hashes": c["hashes"] == hashes(frozen), "quotas": panels_are_sound(frozen)}
    if "people" not in c:  # nothing is drawn yet
        return early
    seed = sha("kawasan seed 2", hashes(frozen)["frozen"], c["secret"], c["public_value"])
    panel = below(seed, "panel", len(frozen["panels"]))
    people = seated(frozen, seed, frozen["panels"][panel])
    rest = reserves(frozen, seed, people)
    return {
        **early,
        "chances": c["counts"] == [sum(dict(p).get(cell, 0) for p in frozen["panels"]) for cell in cells],
        "commitment": frozen["commitment"] == (c["secret"] and sha("kawasan commitment 1", c["secret"])),
        "seed": bool(c["public_value"]) and c["seed"] == seed,
        "panel": c["panel"] == panel,
        "people": c["people"] == people,
        "reserves": c["reserves"] == rest,
        "calls": calls_follow(frozen, people, rest, c["calls"]),
    }


def verify(certificate):  # {claim: whether it holds}; {"form": False} for what is no certificate
    try:
        return claims(certificate)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return {"form": False}


if __name__ == "__main__":
    try:
        outcome = verify(found := json.loads(Path(sys.argv[1]).read_text("utf-8")))
    except (OSError, ValueError, IndexError) as error:
        sys.exit(f"No certificate can be read ({error}). Write: python verify_draw.py certificate.json")
    print("\n".join(f"{'ok   ' if holds else 'WRONG'} {name}" for name, holds in outcome.items()))
    papers = sha_json({**found, "calls": []}) if "people" in outcome else "nothing is drawn yet"
    good = f"On minutes and decree: {papers}\nPublished before? {found['hashes']['frozen']}"
    print(good if all(outcome.values()) else "Do not trust this draw.")
    sys.exit(not all(outcome.values()))
