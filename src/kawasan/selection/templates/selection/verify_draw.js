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

function grouped(rows, key) {
  const found = new Map();
  for (const row of rows) found.set(key(row), [...(found.get(key(row)) ?? []), row]);
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

function poolIsSound(frozen) {
  const names = frozen.pool.map(([name]) => name);
  const likes = new Map();
  return (
    alike(names, [...new Set(names)].sort()) &&
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

function panelsAreSound(frozen) {
  const { cells, quotas, seats } = frozen;
  const size = cells.map(() => 0);
  for (const [, cell] of frozen.pool) size[cell]++;
  const room = [...homes(frozen)].map(([kind, group]) => [kind, group.length * frozen.most_per_household]);
  return frozen.panels.every((panel) => {
    const number = new Map(panel);
    const count = (counts) => sum(panel.filter(([cell]) => counts(cells[cell])).map(([, n]) => n));
    return (
      number.size === panel.length &&
      panel.every(([cell, n]) => n >= 1 && n <= size[cell]) &&
      count(() => true) === seats &&
      cells.every((cell, c) => !cell.certain || number.get(c) === size[c]) &&
      room.every(([kind, most]) => count((cell) => cell.kind === kind) <= most) &&
      quotas.every(([, , least, most], row) => {
        const filled = count((cell) => cell.counts.includes(row));
        return filled >= least && filled <= most;
      })
    );
  });
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
    const first = new Map(group.map((rows) => [rows[0][0], rows]));
    const order = await ranked([...first.keys()], (name) => sha("kawasan household 1", seed, name));
    const ofKind = panel.filter(([cell]) => frozen.cells[cell].kind === kind).sort(([a], [b]) => a - b);
    const seats = ofKind.flatMap(([cell, n]) => Array(n).fill(cell));
    for (const [turn, cell] of seats.entries()) {
      const rows = first.get(order[turn % order.length]);
      const free = rows.filter(([name, of]) => of === cell && !people.includes(name)).map(([name]) => name);
      people.push((await ranked(free, rank))[0]);
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

async function claims(c) {
  const { frozen } = c;
  const hashes = await hashesOf(frozen);
  const early = {
    form: c.format === "kawasan draw 1",
    pool: poolIsSound(frozen),
    hashes: same(c.hashes, hashes),
    quotas: panelsAreSound(frozen),
  };
  if (!("people" in c)) return early; // what is frozen, before the draw
  const seed = await sha("kawasan seed 2", hashes.frozen, c.secret, c.public_value);
  const panel = await below(seed, "panel", frozen.panels.length);
  const people = await seated(frozen, seed, frozen.panels[panel]);
  const reserves = await reservesOf(frozen, seed, people);
  const counts = frozen.cells.map(() => 0);
  for (const [cell, n] of frozen.panels.flat()) counts[cell] += n;
  const opened = c.secret && (await sha("kawasan commitment 1", c.secret));
  return {
    ...early,
    chances: same(c.counts, counts),
    commitment: frozen.commitment === opened,
    seed: Boolean(c.public_value) && c.seed === seed,
    panel: c.panel === panel,
    people: same(c.people, people),
    reserves: same(c.reserves, reserves),
    calls: callsFollow(frozen, people, reserves, c.calls),
  };
}

// Per claim whether it holds; {form: false} for what is no certificate.
async function verify(certificate) {
  try {
    return await claims(certificate);
  } catch {
    return { form: false };
  }
}
