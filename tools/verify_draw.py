"""Verify a draw with only Python, 3.6 or later, apart from Kawasan: ``python verify_draw.py certificate.json``."""

import json
import re
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

# The form, keys sorted. I: pseudonym, N: number, P: from 1, W: weight, S: text, T: text or "", (…,?)*: any number
FROZEN = """{"cells":[({"bound":N,"certain":(true|false),"counts":[(N,?)*],"kind":N,"weight":W},?)+],"code":T,
"commitment":T,("exceptions":[([I,"(guaranteed|barred)",S],?)+],)?("guaranteed_bands":[(S,?)+],)?("in_bands":[([I,S],?)+],
)?"least":N,"most_per_household":P,"panels":[([([N,P],?)+],?)+],("people":T,)?"pool":[([I,N,N],?)+],("programme":T,)?
"quotas":[([T,T,N,N],?)*],"reached":N,"seats":P,"source":T}"""
EARLY = f'"format":"kawasan draw 2","frozen":{FROZEN},"hashes":{{"frozen":T,"panels":T,"pool":T,"rules":T}}'
DRAWN = f'{EARLY},"panel":N,"people":[(I,?)*],"public_value":S,"reserves":[(I,?)*],"secret":T,"seed":T'
FORM = f'{{({EARLY}|"calls":[({{"leaver":I,"reserve":(I|""),"short":N}},?)*],"counts":[(N,?)*],{DRAWN})}}'
SIGNS = {",?": r"(?:,|(?=\]))", "I": '"[0-9A-Za-z_-]{1,64}"', "S": r'"(?:[^"\\\ud800-\udfff]|\\.)+"', "(": "(?:"}
SIGNS.update({"N": "(?:[0-9]{1,9}|10{9})", "P": "(?:[1-9][0-9]{0,8}|10{9})", "W": "(?:[1-9][0-9]{0,3}|10{4})"})
SIGNS["T"], SIGNS["\n"] = SIGNS["S"].replace("+", "*"), ""
FORM = re.sub(r",\?|[A-Z\n([\]{}]", lambda sign: SIGNS.get(sign.group(), "\\" + sign.group()), FORM)


def sha(*texts):
    return sha256(b"".join(b"%d:%s" % (len(text), text) for text in map(str.encode, texts))).hexdigest()


def sha_json(value):
    return sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def is_certificate(c):
    if not re.fullmatch(FORM, json.dumps(c, sort_keys=True, separators=(",", ":"), ensure_ascii=False)):
        return False
    pool, cells, quotas, panels = (c["frozen"][key] for key in ("pool", "cells", "quotas", "panels"))
    rising = [(cell["counts"], len(quotas)) for cell in cells] + [([c for c, _ in p], len(cells)) for p in panels]
    rising += [([people], len(pool) + 1) for panel in panels for _, people in panel]
    sound = len({row[0] for row in pool}) == len(pool) and {row[1] for row in pool} == set(range(len(cells)))
    return sound and all(one < other for row, end in rising for one, other in zip(row, [*row[1:], end]))


class Draw:
    def __init__(self, frozen):
        vars(self).update({"exceptions": [], "guaranteed_bands": [], "in_bands": [], **frozen})
        cells, self.size, self.homes = list(enumerate(self.cells)), Counter(row[1] for row in self.pool), {}
        seats, panels = sum(map(Counter, map(dict, self.panels)), Counter()), len(self.panels)
        self.counts, self.of = [seats[c] for c, _ in cells], {name: self.cells[cell] for name, cell, _ in self.pool}
        for name, cell, home in self.pool:  # kind -> household -> [(pseudonym, cell)]
            self.homes.setdefault(self.cells[cell]["kind"], {}).setdefault(home, []).append((name, cell))
        rules = {key: frozen[key] for key in frozen if key not in ("pool", "panels")}
        self.hashes = {"pool": sha_json(self.pool), "rules": sha_json(rules), "panels": sha_json(self.panels)}
        self.hashes["frozen"] = sha_json(self.hashes)
        self.shares = [(seats[c], self.size[c] * panels, cell["bound"]) for c, cell in cells]
        self.above = max(n * 10**9 // people - bound for n, people, bound in self.shares)  # in billionths
        self.rows = [([c], self.size[c] * cell["certain"], self.size[c]) for c, cell in cells]  # (cells, least, most)
        for row, (_, _, least, most) in enumerate([*self.quotas, ("", "", self.seats, self.seats)]):
            self.rows.append(([c for c, cell in cells if row in [*cell["counts"], len(self.quotas)]], least, most))
        for kind, of in self.homes.items():
            self.rows.append(([c for c, one in cells if one["kind"] == kind > 0], 0, len(of) * self.most_per_household))

    def keep(self, numbers, unit=1, slack=0):  # whether so many (in units) of each cell keep every row
        filled = ((sum(of.get(c, 0) for c in cells), least, most) for of in numbers for cells, least, most in self.rows)
        return all(least * unit - slack <= n <= most * unit + slack for n, least, most in filled)

    def pool_ok(self):
        groups = [(kind, home, who) for kind, homes in self.homes.items() for home, who in homes.items()]
        sound = self.pool == sorted(self.pool) and len({home for _, home, _ in groups}) == len(groups)
        sound &= all((kind > 0) == (home > 0 and len(who) > self.most_per_household) for kind, home, who in groups)
        like = {(kind, *sorted(cell for _, cell in who)) for kind, _, who in groups if kind}
        return sound and len(like) == len({kind for kind, *_ in like})

    def excepted_ok(self):
        band, bands, named = dict(self.in_bands), set(self.guaranteed_bands), {row[0] for row in self.exceptions}
        barred, given = ({who for who, kind, _ in self.exceptions if kind == of} for of in ("barred", "guaranteed"))
        sound = len(named) == len(self.exceptions) and len(band) == len(self.in_bands) and not barred & set(self.of)
        sound &= given | set(band) == {name for name in self.of if self.of[name]["certain"]}
        for row, (_, value, _, _) in ((n, quota) for n, quota in enumerate(self.quotas) if quota[0] == "need_band"):
            among = self.of if value in bands else set(band) & set(self.of)
            sound &= all((row in self.of[name]["counts"]) == (band.get(name) == value) for name in among)
        weights = {(of, self.of[name]["weight"]) for name, of in band.items()} if sound else set()
        return sound and len(weights) == len(bands & set(band.values()))

    def bound_ok(self):
        ideal = {c: cell["bound"] * self.size[c] for c, cell in enumerate(self.cells)}
        given = any(n * 10**18 <= (self.reached + 1) * (b + 10) * people for n, people, b in self.shares if b > 10)
        given &= self.reached < 10**9 or self.above <= 2 * 10**7 + 2 * 10**10 // len(self.panels)
        return self.reached <= self.least and given and self.keep([ideal], 10**9, 1000 + len(self.pool))

    def seated_and_waiting(self, seed, panel):
        number, rank, people = dict(panel), lambda name: sha("kawasan person 1", seed, name), []
        for cell in (cell for cell in number if not self.cells[cell]["kind"]):
            people += sorted((name for name, of, _ in self.pool if of == cell), key=rank)[: number[cell]]
        for kind, homes in self.homes.items():
            turn = sorted(homes.values(), key=lambda home: sha("kawasan household 1", seed, min(home)[0]))
            seats = [cell for cell in number if kind and self.cells[cell]["kind"] == kind for _ in range(number[cell])]
            for place, cell in enumerate(seats):
                people += sorted([n for n, c in turn[place % len(turn)] if c == cell and n not in people], key=rank)[:1]
        own, first = sha("kawasan reserves 1", seed), {}
        for name in set(self.of).difference(people):
            first[name] = min(sha("kawasan ticket 1", own, name, str(t + 1)) for t in range(self.of[name]["weight"]))
        return sorted(people), sorted(first, key=lambda name: (first[name], name))

    def calls_follow(self, sitting, waiting, calls):  # whoever only waited and leaves frees no seat
        home, quotas = {name: ~home for name, _, home in self.pool}, list(enumerate(self.quotas))
        for leaver, reserve, short in ((call["leaver"], call["reserve"], call["short"]) for call in calls):
            held, sitting, missed = leaver in sitting, [name for name in sitting if name != leaver], {}
            filled = Counter(row for name in sitting for row in [*self.of[name]["counts"], home[name]])
            for name in [n for n in waiting if held and (home[n] == ~0 or filled[home[n]] < self.most_per_household)]:
                now = [(filled[row] + (row in self.of[name]["counts"]), quota) for row, quota in quotas]
                missed[name] = sum(max(least - n, 0, n - most) for n, (_, _, least, most) in now)
            first = min(missed, key=missed.get, default="")
            if (reserve, short) != (first, missed.get(first, 0)) or not (first if held else leaver in waiting):
                return False
            sitting, waiting = sitting + [first] * held, [name for name in waiting if name not in (leaver, first)]
        return True


def verify(c):  # {claim: whether it holds}; only {"form": False} for what is no certificate
    if not is_certificate(c):
        return {"form": False}
    draw = Draw(c["frozen"])
    ok = {"form": True, "pool": draw.pool_ok(), "hashes": c["hashes"] == draw.hashes}
    ok.update({"quotas": draw.keep(map(dict, draw.panels)), "exceptions": draw.excepted_ok(), "bound": draw.bound_ok()})
    if "people" in c:  # it was drawn
        seed = sha("kawasan seed 2", draw.hashes["frozen"], c["secret"], c["public_value"])
        numbers = (int(sha("kawasan number 1", seed, "panel", str(n)), 16) for n in range(999))
        panel = next(n for n in numbers if n < 2**256 - 2**256 % len(draw.panels)) % len(draw.panels)
        people, waiting = draw.seated_and_waiting(seed, draw.panels[panel])
        opened = c["secret"] and sha("kawasan commitment 1", c["secret"])
        ok.update(chances=c["counts"] == draw.counts, commitment=draw.commitment == opened, seed=c["seed"] == seed)
        ok.update(panel=c["panel"] == panel, people=c["people"] == people, reserves=c["reserves"] == waiting)
        ok["calls"] = draw.calls_follow(people, waiting, c["calls"])
    return ok


if __name__ == "__main__":
    try:
        found = json.loads(Path(*sys.argv[1:]).read_bytes().decode("utf-8-sig"), parse_float=int, parse_constant=int)
        outcome = verify(found)
        print("\n".join(f"{'ok   ' if holds else 'WRONG'} {name}" for name, holds in outcome.items()))
        all(outcome.values()) or sys.exit("Do not trust this draw." if outcome["form"] else "This is no certificate.")
        draw, late = Draw(found["frozen"]), "nothing drawn yet"
        part = min(1000, *(n * 10**12 // (people * bound) for n, people, bound in draw.shares if bound > 10))
        print(f"All get at least {part / 10} % of their bound, and at most {draw.above / 10**7:.2f} points more.")
        print("On minutes and decree:", sha_json({**found, "calls": []}) if "people" in found else late)
        print("Does it show this?", found["frozen"]["source"], "|", found.get("public_value", late))
        print("Published before?", draw.hashes["frozen"] + " | NO SECRET WAS COMMITTED TO" * (not draw.commitment))
    except Exception as error:  # whatever goes wrong here is no forgery
        print(f"Nothing can be said ({error!r:.300}). Write: python verify_draw.py certificate.json", file=sys.stderr)
        sys.exit(2)
