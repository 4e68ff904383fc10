"""Verify the certificate of a draw with nothing but Python: ``python verify_draw.py certificate.json``.

Written apart from Kawasan's own verifier, from docs/methods/certificate.md alone, so that one error is not in both.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path


class Wrong(Exception):
    pass


def claim(holds):
    if not holds:
        raise Wrong


def sha(*texts):
    coded = [text.encode() for text in texts]
    return sha256(b"".join(str(len(text)).encode() + b":" + text for text in coded)).hexdigest()


def sha_json(value):
    return sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def hashes(frozen):
    rules = {k: v for k, v in frozen.items() if k not in ("pool", "panels")}
    parts = {"pool": sha_json(frozen["pool"]), "rules": sha_json(rules), "panels": sha_json(frozen["panels"])}
    return {**parts, "frozen": sha_json(parts)}


def below(seed, label, bound):
    counter = 0
    while True:
        value = int(sha("kawasan number 1", seed, label, str(counter)), 16)
        if value < 2**256 - 2**256 % bound:
            return value % bound
        counter += 1


def homes(frozen):
    """kind -> household -> list of (pseudonym, cell), only households with more members than may be seated."""
    found = {}
    for name, cell, home in frozen["pool"]:
        kind = frozen["cells"][cell]["kind"]
        if kind:
            found.setdefault(kind, {}).setdefault(home, []).append((name, cell))
    return found


def pool_is_sound(frozen):
    names = [name for name, _, _ in frozen["pool"]]
    claim(names == sorted(set(names)))
    members = {}
    for _, cell, home in frozen["pool"]:
        claim(home or not frozen["cells"][cell]["kind"])
        members.setdefault(home, []).append(cell)
    members.pop(0, None)
    like = {}
    for cells in members.values():
        kinds = {frozen["cells"][cell]["kind"] for cell in cells}
        claim(len(kinds) == 1)
        kind = kinds.pop()
        claim(bool(kind) == (len(cells) > frozen["household"]))
        claim(not kind or like.setdefault(kind, sorted(cells)) == sorted(cells))


def panels_are_sound(frozen):
    size = [0] * len(frozen["cells"])
    for _, cell, _ in frozen["pool"]:
        size[cell] += 1
    room = {kind: len(group) * frozen["household"] for kind, group in homes(frozen).items()}
    for panel in frozen["panels"]:
        number = dict(panel)
        claim(len(number) == len(panel) and sum(number.values()) == frozen["seats"])
        claim(all(0 < number[cell] <= size[cell] for cell in number))
        for cell, about in enumerate(frozen["cells"]):
            claim(not about["certain"] or number.get(cell, 0) == size[cell])
        for quota, (_, _, least, most) in enumerate(frozen["quotas"]):
            claim(least <= sum(n for c, n in number.items() if quota in frozen["cells"][c]["counts"]) <= most)
        for kind, most in room.items():
            claim(sum(n for c, n in number.items() if frozen["cells"][c]["kind"] == kind) <= most)


def counts(frozen):
    return [sum(dict(panel).get(cell, 0) for panel in frozen["panels"]) for cell in range(len(frozen["cells"]))]


def seated(frozen, seed, panel):
    number, rank, people = dict(panel), lambda name: sha("kawasan person 1", seed, name), []
    groups = {}
    for name, cell, _ in frozen["pool"]:
        if not frozen["cells"][cell]["kind"]:
            groups.setdefault(cell, []).append(name)
    for cell, names in groups.items():
        people += sorted(names, key=rank)[: number.get(cell, 0)]
    for kind, group in homes(frozen).items():
        turn = sorted(group.values(), key=lambda home: sha("kawasan household 1", seed, min(home)[0]))
        cells = [cell for cell in sorted(number) if frozen["cells"][cell]["kind"] == kind]
        for place, cell in enumerate(one for one in cells for _ in range(number[one])):
            free = [name for name, of in turn[place % len(turn)] if of == cell and name not in people]
            people.append(min(free, key=rank))
    return sorted(people)


def reserves(frozen, seed, people):
    own, taken = sha("kawasan reserves 1", seed), set(people)
    ticket = {
        name: min(sha("kawasan ticket 1", own, name, str(t + 1)) for t in range(frozen["cells"][cell]["weight"]))
        for name, cell, _ in frozen["pool"]
        if name not in taken
    }
    return sorted(ticket, key=lambda name: (ticket[name], name))


def calls_follow(frozen, people, waiting, calls):
    row, sitting, waiting = {r[0]: r[1:] for r in frozen["pool"]}, set(people), list(waiting)
    for entry in calls:
        sitting.remove(entry["leaver"])
        best = None
        for name in waiting:
            home = row[name][1]
            if home and sum(row[other][1] == home for other in sitting) >= frozen["household"]:
                continue
            short = 0
            for quota, (_, _, least, most) in enumerate(frozen["quotas"]):
                n = sum(quota in frozen["cells"][row[other][0]]["counts"] for other in (*sitting, name))
                short += max(least - n, 0, n - most)
            if best is None or short < best[0]:
                best = short, name
            if short == 0:
                break
        claim(best == (entry["short"], entry["reserve"]))
        sitting.add(best[1])
        waiting.remove(best[1])


def claims(c):
    frozen = c["frozen"]
    seed = sha("kawasan seed 2", hashes(frozen)["frozen"], c["secret"], c["public_value"])
    panel = below(seed, "panel", len(frozen["panels"]))
    people = seated(frozen, seed, frozen["panels"][panel])
    rest = reserves(frozen, seed, people)
    yield "form", lambda: c["format"] == "kawasan draw 1"
    yield "pool", lambda: pool_is_sound(frozen) is None
    yield "hashes", lambda: c["hashes"] == hashes(frozen)
    yield "quotas", lambda: panels_are_sound(frozen) is None
    yield "chances", lambda: c["counts"] == counts(frozen)
    yield "commitment", lambda: frozen["commitment"] == (c["secret"] and sha("kawasan commitment 1", c["secret"]))
    yield "seed", lambda: c["public_value"] and c["seed"] == seed
    yield "panel", lambda: c["panel"] == panel
    yield "people", lambda: c["people"] == people
    yield "reserves", lambda: c["reserves"] == rest
    yield "calls", lambda: calls_follow(frozen, people, rest, c["calls"]) is None


def verify(certificate):
    """Return {claim: whether it holds}; {"form": False} when the certificate cannot be read at all."""
    result = {}
    try:
        for name, holds in claims(certificate):
            try:
                result[name] = bool(holds())
            except (Wrong, KeyError, ValueError, IndexError):
                result[name] = False
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return {"form": False}
    return result


if __name__ == "__main__":
    outcome = verify(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    for name, holds in outcome.items():
        print("ok   " if holds else "WRONG", name)
    sys.exit(not all(outcome.values()))
