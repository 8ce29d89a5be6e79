// Where two histories of one run part: both are lived side by side and compared person by person, step by step.
//
// The same person has the same chance events in both. A person's row is compared column by column, exactly and in every
// community, with the columns that modules keep of people; what is only a place in a table is left out, and groups are
// known by when they were founded, not by their number.
import { groupName, label } from "./names.js";
import { History } from "./history.js";
import { say } from "../words.js";

const PLACES = ["slot", "helped_by"], KEYS = ["community", "who"], GROUPS = ["group", "last_group", "going_to"];
const NOTHING = ["fill"];
const TOLD = [
  "group", "role", "stage", "in_crisis", "attended", "hope", "self_efficacy", "distress", "strain",
  "shame", "coping", "belonging", "trust", "isolation",
]; // columns that have words here, in the order in which they are told
const READ = {
  "<f8": ["getFloat64", 8], "<f4": ["getFloat32", 4], "<i4": ["getInt32", 4], "<u4": ["getUint32", 4],
  "<i2": ["getInt16", 2], "<u2": ["getUint16", 2], "|u1": ["getUint8", 1],
};
const COMMUNITY = 2 ** 32; // a person or group is one whole number: community, then identity

/** A history that is lived so far as is asked. */
class Walk {
  constructor(engine, plan) {
    Object.assign(this, { history: new History(engine, plan), at: 0, next: 0, does: plan.does });
  }

  /** Live every step before this one, with the changes that come on the way. */
  until(step) {
    while (this.at < step && this.next < this.does.length) {
      const [what, said] = this.does[this.next], end = Math.min(step, said.until);
      if (what !== "pass") this.history[what](said);
      else this.history.pass({ until: end, opening: said.opening && end === said.until });
      if (what === "pass") this.at = Math.max(this.at, end);
      if (what !== "pass" || end === said.until) this.next += 1;
    }
  }

  /** Look at everybody as they are now. */
  look() {
    const { memory, layout, world } = this.history, view = memory.view, communities = world.communities.shape[0];
    const groups = memory.number(world.meter, layout.tables.meter.groups.offset), { blocks } = layout.tables;
    const number = (field, row) => memory.number(world.blocks, blocks[field].offset, row), size = layout.items.people;
    this.people = [];
    for (let block = 0; block < communities + groups; block += 1) {
      const start = number("start", block), count = number("count", block);
      for (let row = start; row < start + count; row += 1) this.people.push(world.people.at + row * size);
    }
    const { community, who } = layout.tables.people;
    this.keys = this.people.map((at) => view.getInt32(at + community.offset, true) * COMMUNITY
      + view.getUint32(at + who.offset, true));
    const group = layout.tables.groups;
    this.founded = Array.from({ length: groups }, (_, k) => {
      const at = world.groups.at + k * layout.items.groups;
      return view.getInt32(at + group.community.offset, true) * COMMUNITY + view.getUint32(at + group.who.offset, true);
    });
  }

  read(at, { type, offset }, place = 0) {
    const [how, size] = READ[type];
    return this.history.memory.view[how](at + offset + place * size, true);
  }
}

/** Return where two plans part, {week, key, rows, differing}: when, who differs first, and in what; null if never. */
export function partingOf(engines, plans) {
  const [one, other] = plans.map((plan, k) => new Walk(engines[k], plan)), { layout } = one.history;
  const last = Math.max(...plans[0].does.filter(([what]) => what === "pass").map(([, { until }]) => until));
  const left = [...PLACES, ...KEYS, ...NOTHING];
  const columns = Object.entries(layout.tables.people).filter(([name]) => !left.includes(name));
  const words = plainWords(layout);
  for (let step = 1; step <= last; step += 1) {
    for (const walk of [one, other]) {
      walk.until(step);
      walk.look();
    }
    const key = firstDiffering(one, other, columns, words);
    if (key === null) continue;
    const [a, b] = [one, other].map((walk) => walk.people[walk.keys.indexOf(key)]);
    const rows = [[one, a], [other, b]].map(([walk, at]) => (at === undefined ? null : rowOf(walk, at, columns)));
    const unlike = rows.includes(null) ? [] : columns.filter((column) => differs(one, a, other, b, column));
    const differing = unlike.map(([name]) => name);
    return { week: (step - 1 - plans[0].opens) * plans[0].dt, key, rows, differing };
  }
  return null;
}

/** Return where in a person's row whole words stand that can be compared as they lie. */
function plainWords(layout) {
  const skipped = [...PLACES, ...GROUPS].map((name) => layout.tables.people[name].offset);
  const every = Array.from({ length: layout.items.people / 4 }, (_, k) => 4 * k);
  return every.filter((at) => !skipped.includes(at));
}

/** Return the key of the first, by community and arrival, who differs or is there in one only; null if nobody is. */
function firstDiffering(one, other, columns, words) {
  let first = Infinity;
  const alike = one.keys.length === other.keys.length && one.keys.every((key, k) => key === other.keys[k]);
  const places = alike ? null : new Map(other.keys.map((key, k) => [key, k]));
  const founded = sameFounded(one, other);
  one.keys.forEach((key, k) => {
    if (key >= first) return;
    const there = alike ? k : places.get(key);
    if (there === undefined) {
      first = key;
      return;
    }
    const a = one.people[k], b = other.people[there];
    const own = sameOwn(one, a, other, b), known = founded && sameGroups(one, a, other, b);
    if (own && known && sameWords(one, a, other, b, words)) return;
    if (!own || columns.some((column) => differs(one, a, other, b, column))) first = key;
  });
  if (!alike) {
    const here = new Set(one.keys);
    for (const key of other.keys) if (key < first && !here.has(key)) first = key;
  }
  return Number.isFinite(first) ? first : null;
}

function sameWords(one, a, other, b, words) {
  const mine = one.history.memory.view, theirs = other.history.memory.view;
  for (const at of words) if (mine.getInt32(a + at, true) !== theirs.getInt32(b + at, true)) return false;
  return true;
}

/** Whether groups of the same number are the same groups, so far as there are any in both. */
function sameFounded(one, other) {
  return one.founded.every((key, k) => k >= other.founded.length || key === other.founded[k]);
}

function sameGroups(one, a, other, b) {
  const { people } = one.history.layout.tables;
  return GROUPS.every((name) => one.read(a, people[name]) === other.read(b, people[name]));
}

function differs(one, a, other, b, [name, field]) {
  const number = field.shape.reduce((product, length) => product * length, 1);
  for (let k = 0; k < number; k += 1) {
    let [mine, theirs] = [one.read(a, field, k), other.read(b, field, k)];
    if (GROUPS.includes(name)) [mine, theirs] = [one.founded[mine] ?? -1, other.founded[theirs] ?? -1];
    if (mine !== theirs) return true;
  }
  return false;
}

/** Whether the modules that both histories have keep the same of a person. */
function sameOwn(one, a, other, b) {
  const { slot } = one.history.layout.tables.people, mine = one.read(a, slot), theirs = other.read(b, slot);
  return Object.entries(one.history.own).every(([name, { rows, items }]) => {
    const beside = other.history.own[name];
    if (!beside || !("people" in rows)) return true;
    const size = items.people, from = rows.people.at + mine * size, to = beside.rows.people.at + theirs * size;
    const [bytes, others] = [one, other].map((walk) => walk.history.memory.bytes);
    for (let k = 0; k < size; k += 1) if (bytes[from + k] !== others[to + k]) return false;
    return true;
  });
}

const rowOf = (walk, at, columns) => Object.fromEntries(columns.map(([name, field]) => [name, walk.read(at, field)]));

/** Return the same for a reader, {week, words}: `called` are invented names by those in tables; `several` groups. */
export function partingInWords(found, facts, called, several, [first, second] = ["A", "B"]) {
  if (!found) return null;
  const community = Math.floor(found.key / COMMUNITY), who = found.key % COMMUNITY;
  const stranger = community === 0 ? say("Somebody") : say("Somebody in another community");
  const name = called.get(label(facts, community, who)) ?? stranger;
  const what = whatDiffers(found, facts, several, first, second);
  const words = found.week >= 0 ? say("Week {week}: {name} {what}.", { week: found.week, name, what })
    : say("Before the groups opened: {name} {what}.", { name, what });
  return { week: found.week, words };
}

function whatDiffers({ rows: [one, other], differing }, facts, several, first, second) {
  const inBoth = (a, b) => ({ first, second, a, b });
  if (!one || !other) {
    const open = one ? { here: first, gone: second } : { here: second, gone: first };
    return say("is there in {here} and not in {gone}", open);
  }
  const name = TOLD.find((column) => differing.includes(column));
  if (!name) return say("is not quite the same in {first} and in {second}", { first, second });
  if (name === "group") return ofGroups(one.group, other.group, facts, several, first, second);
  if (name === "role") {
    return say("is {a} in {first} and {b} in {second}", inBoth(roleOf(one, other, facts), roleOf(other, one, facts)));
  }
  if (name === "stage") {
    const [a, b] = [one, other].map(({ stage }) => stageInWords(facts, stage));
    return say("is in {a} in {first} and in {b} in {second}", inBoth(a, b));
  }
  const open = one[name] > other[name] ? { more: first, less: second } : { more: second, less: first };
  if (name === "in_crisis") return say("had a crisis in {more} and not in {less}", open);
  if (name === "attended") return say("came to the meeting in {more} and not in {less}", open);
  return say("has a little more {what} in {more} than in {less}", { ...open, what: degreeInWords(name) });
}

function degreeInWords(name) {
  return {
    hope: say("hope"), self_efficacy: say("self-efficacy"), distress: say("distress"), strain: say("strain"),
    shame: say("shame"), coping: say("coping"), belonging: say("belonging"), trust: say("trust"),
    isolation: say("isolation"),
  }[name];
}

function stageInWords({ stages }, stage) {
  const words = { impact: say("impact"), recoil: say("recoil"), accommodation: say("accommodation") };
  return words[stages[stage]] ?? stages[stage];
}

function roleOf({ role }, { role: against }, { roles }) {
  const name = roles[role];
  if (name === "member" && against > role) return say("an ordinary member");
  return {
    none: say("without a role"), newcomer: say("a newcomer"), member: say("a member"), helper: say("a helper"),
    organiser: say("an organiser"), apprentice: say("learning to help"),
  }[name] ?? name;
}

function ofGroups(one, other, facts, several, first, second) {
  const named = (group) => groupName(facts, group);
  if (one === other) return say("is in a group of another history in {first} than in {second}", { first, second });
  if (one >= 0 && other >= 0) {
    return say("is in {a} in {first} and in {b} in {second}", { first, second, a: named(one), b: named(other) });
  }
  const open = one >= 0 ? { here: first, gone: second } : { here: second, gone: first };
  const where = several ? named(Math.max(one, other)) : say("the group");
  return say("is in {where} in {here} and in no group in {gone}", { ...open, where });
}
