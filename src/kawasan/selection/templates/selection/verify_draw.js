// Checks a draw's certificate in the browser, apart from Kawasan's own verifier: plain JavaScript and Web Crypto.
"use strict";
const bytes = (text) => new TextEncoder().encode(text);
const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, "0")).join("");
const digest = async (data) => hex(await crypto.subtle.digest("SHA-256", data));

// Each text as its length in bytes, a colon, and its bytes.
async function sha(...texts) {
  const parts = texts.flatMap((text) => [bytes(`${bytes(text).length}:`), bytes(text)]);
  return digest(await new Blob(parts).arrayBuffer());
}

// JSON as the certificate hashes it: keys sorted, no white space, only ASCII.
function canonical(value) {
  const sorted = (_key, v) =>
    v && typeof v === "object" && !Array.isArray(v) ? Object.fromEntries(Object.keys(v).sort().map((k) => [k, v[k]])) : v;
  const escape = (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value, sorted).replace(/[\u007f-\uffff]/g, escape);
}
const shaJson = (value) => digest(bytes(canonical(value)));
const same = (one, other) => one !== undefined && canonical(one) === canonical(other);
const sum = (numbers) => numbers.reduce((all, n) => all + n, 0);
const alike = (one, other) => one.length === other.length && one.every((v, i) => v === other[i]);

// The form: which keys there are, and of which type and range everything is. Each check says whether a value has it.
const BILLION = 10 ** 9;
const whole =
  (least = 0, most = BILLION) =>
  (value) =>
    Number.isInteger(value) && value >= least && value <= most;
const text = (pattern) => (value) => typeof value === "string" && new RegExp(`^(?:${pattern})$`, "u").test(value);
const flag = (value) => typeof value === "boolean";
const many =
  (check, least = 0) =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.every((one) => check(one));
const row =
  (...checks) =>
  (value) =>
    Array.isArray(value) && value.length === checks.length && checks.every((check, i) => check(value[i]));
const keys =
  (needed, free = {}) =>
  (value) => {
    if (!value || typeof value !== "object" || Array.isArray(value)) return false;
    const known = new Map(Object.entries({ ...needed, ...free }));
    const own = Object.keys(value);
    return Object.keys(needed).every((key) => own.includes(key)) && own.every((key) => known.get(key)?.(value[key]));
  };
const NAME = text("[0-9A-Za-z_-]{1,64}");
const ANY = text("[^\\ud800-\\udfff]*"); // halves of signs have no bytes in UTF-8
const SOME = text("[^\\ud800-\\udfff]+");
const CELL = { counts: many(whole()), weight: whole(1, 10000), certain: flag, kind: whole(), bound: whole() };
const FROZEN = keys(
  {
    pool: many(row(NAME, whole(), whole()), 1),
    cells: many(keys(CELL), 1),
    quotas: many(row(ANY, ANY, whole(), whole())),
    seats: whole(1),
    most_per_household: whole(1),
    panels: many(many(row(whole(), whole(1)), 1), 1),
    reached: whole(),
    least: whole(),
    code: ANY,
    commitment: ANY,
    source: ANY,
  },
  {
    exceptions: many(row(NAME, text("guaranteed|barred"), SOME), 1),
    guaranteed_bands: many(SOME, 1),
    in_bands: many(row(NAME, SOME), 1),
    programme: ANY,
    people: ANY,
  },
);
const EARLY = {
  format: text("kawasan draw 2"),
  frozen: FROZEN,
  hashes: keys({ pool: ANY, rules: ANY, panels: ANY, frozen: ANY }),
};
const CALL = keys({ leaver: NAME, reserve: text("[0-9A-Za-z_-]{0,64}"), short: whole() });
const DRAWN = {
  ...EARLY,
  counts: many(whole()),
  secret: ANY,
  public_value: SOME,
  seed: ANY,
  panel: whole(),
  people: many(NAME),
  reserves: many(NAME),
  calls: many(CALL),
};

// Numbers of cells and quotas are of some that exist and rise; nobody is there twice, and every cell has somebody.
function isCertificate(c) {
  if (!keys(EARLY)(c) && !keys(DRAWN)(c)) return false;
  const { pool, cells, quotas, panels } = c.frozen;
  const rise = (numbers, below) => numbers.every((n, i) => n < (i + 1 < numbers.length ? numbers[i + 1] : below));
  const met = new Set(pool.map(([, cell]) => cell));
  return (
    new Set(pool.map(([name]) => name)).size === pool.length &&
    met.size === cells.length &&
    [...met].every((cell) => cell < cells.length) &&
    cells.every((cell) => rise(cell.counts, quotas.length)) &&
    panels.every((rows) => rise(rows.map(([cell]) => cell), cells.length) && rows.every(([, n]) => n <= pool.length))
  );
}

function grouped(rows, key) {
  const found = new Map();
  for (const one of rows) {
    const own = key(one);
    if (found.has(own)) found.get(own).push(one);
    else found.set(own, [one]);
  }
  return found;
}

async function hashesOf(frozen) {
  const { pool, panels, ...rules } = frozen;
  const parts = { pool: await shaJson(pool), rules: await shaJson(rules), panels: await shaJson(panels) };
  return { ...parts, frozen: await shaJson(parts) };
}

async function below(seed, label, bound) {
  const all = 2n ** 256n;
  const limit = all - (all % BigInt(bound));
  for (let counter = 0; ; counter++) {
    const value = BigInt(`0x${await sha("kawasan number 1", seed, label, String(counter))}`);
    if (value < limit) return Number(value % BigInt(bound));
  }
}

// Per kind, the households with more members than may be seated.
function homes(frozen) {
  const large = frozen.pool.filter(([, cell]) => frozen.cells[cell].kind);
  const kinds = grouped(large, ([, cell]) => frozen.cells[cell].kind);
  return new Map([...kinds].map(([kind, rows]) => [kind, [...grouped(rows, (row) => row[2]).values()]]));
}

const sizes = ({ pool, cells }) => {
  const size = cells.map(() => 0);
  for (const [, cell] of pool) size[cell]++;
  return size;
};
function countsOf({ panels, cells }) {
  const counts = cells.map(() => 0);
  for (const panel of panels) for (const [cell, n] of panel) counts[cell] += n;
  return counts;
}

function poolIsSound(frozen) {
  const names = frozen.pool.map(([name]) => name);
  const likes = new Map();
  return (
    alike(names, [...names].sort()) &&
    [...grouped(frozen.pool, (row) => row[2])].every(([home, rows]) => {
      const kinds = new Set(rows.map(([, cell]) => frozen.cells[cell].kind));
      if (!home) return kinds.size === 1 && kinds.has(0);
      const [kind] = kinds;
      const cells = rows.map(([, cell]) => cell).sort((a, b) => a - b);
      if (kind && !likes.has(kind)) likes.set(kind, cells);
      const isLarge = rows.length > frozen.most_per_household;
      return kinds.size === 1 && Boolean(kind) === isLarge && (!kind || alike(likes.get(kind), cells));
    })
  );
}

// Whether so many of each cell, in parts of unit, keep everything that a panel must, but for slack.
function keeper(frozen) {
  const { cells, quotas, seats } = frozen;
  const size = sizes(frozen);
  const room = [...homes(frozen)].map(([kind, group]) => [kind, group.length * frozen.most_per_household]);
  return (panel, unit = 1, slack = 0) => {
    const number = new Map(panel);
    const count = (counts) => sum(panel.filter(([cell]) => counts(cells[cell])).map(([, n]) => n));
    const within = (n, least, most) => n >= least * unit - slack && n <= most * unit + slack;
    return (
      panel.every(([cell, n]) => n <= size[cell] * unit + slack) &&
      within(count(() => true), seats, seats) &&
      cells.every((cell, c) => !cell.certain || (number.get(c) ?? 0) >= size[c] * unit - slack) &&
      room.every(([kind, most]) => count((cell) => cell.kind === kind) <= most * unit + slack) &&
      quotas.every(([, , least, most], q) => within(count((cell) => cell.counts.includes(q)), least, most))
    );
  };
}
function panelsAreSound(frozen) {
  const keeps = keeper(frozen);
  return frozen.panels.every((panel) => keeps(panel));
}

// Whoever is certain of a seat is named as guaranteed or of a guaranteed band, and nobody else; who is barred is out.
function exceptionsAreSound(frozen) {
  const { exceptions = [], guaranteed_bands: bands = [], in_bands: inside = [] } = frozen;
  const cell = new Map(frozen.pool.map(([name, of]) => [name, frozen.cells[of]]));
  const band = new Map(inside);
  const given = new Set([...band.keys(), ...exceptions.filter(([, kind]) => kind === "guaranteed").map(([name]) => name)]);
  return (
    new Set(exceptions.map(([name]) => name)).size === exceptions.length &&
    band.size === inside.length &&
    exceptions.every(([name, kind]) => kind !== "barred" || !cell.has(name)) &&
    [...given].every((name) => cell.get(name)?.certain) &&
    [...cell].every(([name, of]) => !of.certain || given.has(name)) &&
    [...band.values()].every((name) => bands.includes(name)) &&
    frozen.quotas.every(
      ([feature, value], q) =>
        feature !== "need_band" ||
        [...(bands.includes(value) ? cell : band).keys()].every(
          (name) => cell.get(name).counts.includes(q) === (band.get(name) === value),
        ),
    ) &&
    new Set([...band].map(([name, of]) => `${cell.get(name).weight} ${of}`)).size === new Set(band.values()).size
  );
}

// Over all panels, the seats and the people of each cell that has a bound, and the bound.
function sharesOf(frozen) {
  const [size, counts] = [sizes(frozen), countsOf(frozen)];
  return frozen.cells.map(({ bound }, c) => [counts[c], size[c] * frozen.panels.length, bound].map(BigInt));
}
const hasBound = ([, , bound]) => bound > 10n;
// By how many billionths the list gives somebody more than the bound on their chance.
function mostAbove(frozen) {
  return Math.max(...sharesOf(frozen).map(([seats, people, bound]) => Number(seats * 10n ** 9n / people - bound)));
}
// The bounds keep what a panel must; no less is said to be reached than the list gives, nor does it favour anybody.
function boundIsSound(frozen) {
  const [size, reached] = [sizes(frozen), BigInt(frozen.reached)];
  const ideal = frozen.cells.map(({ bound }, c) => [c, bound * size[c]]);
  return (
    frozen.reached <= frozen.least &&
    keeper(frozen)(ideal, BILLION, 1000 + frozen.pool.length) &&
    (frozen.reached < BILLION || mostAbove(frozen) <= 2e7 + Math.floor(2e10 / frozen.panels.length)) &&
    sharesOf(frozen).filter(hasBound).some(([seats, people, bound]) => seats * 10n ** 18n <= (reached + 1n) * (bound + 10n) * people)
  );
}
// The part of the proven bound, per thousand, that the list of panels gives everybody.
function partOfBound(frozen) {
  return Math.min(1000, ...sharesOf(frozen).filter(hasBound).map(([seats, people, bound]) => Number((seats * 10n ** 12n) / (people * bound))));
}

async function ranked(names, rank) {
  const ranks = await Promise.all(names.map(async (name) => [await rank(name), name]));
  return ranks.sort(([a, x], [b, y]) => (a < b || (a === b && x < y) ? -1 : 1)).map(([, name]) => name);
}

async function seated(frozen, seed, panel) {
  const rank = (name) => sha("kawasan person 1", seed, name);
  const inCell = grouped(frozen.pool, ([, cell]) => cell);
  const people = [];
  for (const [cell, n] of panel) {
    if (frozen.cells[cell].kind) continue;
    const names = inCell.get(cell).map(([name]) => name);
    people.push(...(await ranked(names, rank)).slice(0, n));
  }
  for (const [kind, group] of homes(frozen)) {
    const first = new Map(group.map((rows) => [rows.map(([name]) => name).sort()[0], rows]));
    const order = await ranked([...first.keys()], (name) => sha("kawasan household 1", seed, name));
    const ofKind = panel.filter(([cell]) => frozen.cells[cell].kind === kind).sort(([a], [b]) => a - b);
    const seats = ofKind.flatMap(([cell, n]) => Array(n).fill(cell));
    for (const [turn, cell] of seats.entries()) {
      const rows = first.get(order[turn % order.length]);
      const free = rows.filter(([name, of]) => of === cell && !people.includes(name)).map(([name]) => name);
      people.push(...(await ranked(free, rank)).slice(0, 1)); // nobody, where a panel seats more than there are
    }
  }
  return people.sort();
}

async function reservesOf(frozen, seed, people) {
  const own = await sha("kawasan reserves 1", seed);
  const taken = new Set(people);
  const weight = new Map(frozen.pool.map(([name, cell]) => [name, frozen.cells[cell].weight]));
  const smallest = async (name) => {
    const numbers = Array.from({ length: weight.get(name) }, (_, t) => String(t + 1));
    return (await Promise.all(numbers.map((t) => sha("kawasan ticket 1", own, name, t)))).sort()[0];
  };
  return ranked([...weight.keys()].filter((name) => !taken.has(name)), smallest);
}

function callsFollow(frozen, people, reserves, calls) {
  const row = new Map(frozen.pool.map(([name, cell, home]) => [name, { counts: frozen.cells[cell].counts, home }]));
  const sitting = new Set(people);
  let waiting = [...reserves];
  return calls.every(({ leaver, reserve, short }) => {
    if (waiting.includes(leaver) && reserve === "" && short === 0) {
      waiting = waiting.filter((name) => name !== leaver);
      return true;
    }
    if (!sitting.delete(leaver)) return false;
    const at = (home) => [...sitting].filter((name) => row.get(name).home === home).length;
    const filled = frozen.quotas.map((_, q) => [...sitting].filter((name) => row.get(name).counts.includes(q)).length);
    const missed = (name) =>
      sum(
        frozen.quotas.map(([, , least, most], q) => {
          const n = filled[q] + (row.get(name).counts.includes(q) ? 1 : 0);
          return Math.max(least - n, 0, n - most);
        }),
      );
    const free = waiting.filter((name) => !row.get(name).home || at(row.get(name).home) < frozen.most_per_household);
    const best = Math.min(...free.map(missed));
    const first = free.find((name) => missed(name) === best);
    if (!first || first !== reserve || best !== short) return false;
    sitting.add(first);
    waiting = waiting.filter((name) => name !== first);
    return true;
  });
}

// Per claim whether it holds; {form: false} for what is no certificate.
async function verify(c) {
  if (!isCertificate(c)) return { form: false };
  const { frozen } = c;
  const hashes = await hashesOf(frozen);
  const early = {
    form: true,
    pool: poolIsSound(frozen),
    hashes: same(c.hashes, hashes),
    quotas: panelsAreSound(frozen),
    exceptions: exceptionsAreSound(frozen),
    bound: boundIsSound(frozen),
  };
  if (!("people" in c)) return early; // what is frozen, before the draw
  const seed = await sha("kawasan seed 2", hashes.frozen, c.secret, c.public_value);
  const panel = await below(seed, "panel", frozen.panels.length);
  const people = await seated(frozen, seed, frozen.panels[panel]);
  const reserves = await reservesOf(frozen, seed, people);
  const opened = c.secret && (await sha("kawasan commitment 1", c.secret));
  return {
    ...early,
    chances: same(c.counts, countsOf(frozen)),
    commitment: frozen.commitment === opened,
    seed: c.seed === seed,
    panel: c.panel === panel,
    people: same(c.people, people),
    reserves: same(c.reserves, reserves),
    calls: callsFollow(frozen, people, reserves, c.calls),
  };
}

// What a file says: UTF-8, with or without a byte order mark, and whole numbers only. Raises an error for other files.
function read(data) {
  const said = new TextDecoder("utf-8", { fatal: true }).decode(data);
  const found = JSON.parse(said);
  if (/[0-9][.eE]/.test(said.replace(/"(?:[^"\\]|\\.)*"/g, '""'))) throw new SyntaxError("no whole number");
  return found;
}
