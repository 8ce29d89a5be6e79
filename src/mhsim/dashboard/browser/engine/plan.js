// The plan of one history, which `history.js` lives: tables of the new world, and what is done in which order. It is
// what `mhsim.building.page_plan` makes, byte for byte; tests hold both to one another.

import { say } from "../words.js";
import { focalGroup, laidOver } from "./checks.js";
import { InputError } from "./errors.js";
import { runKey } from "./luck.js";
import { bytesOf } from "./memory.js";
import { Row, Rows, perStep } from "./records.js";

const RECORDS = ["runs", "series", "lives", "story"];
const OF_FORM = [["arrive.remote", "number"], ["leave.belief_holds", "number"]];

/** Return the plan of a history of a scenario; `record` says what is kept besides the counts. */
export function planOf(layout, facts, scenario, replicate = 0, record = "runs") {
  const count = scenario.values["community.count"], most = facts.limits.communities;
  if (count > most) {
    throw new InputError(say(
      "community.count is {count}; a page lives {most} communities at most; run more with mhsim run", { count, most },
    ));
  }
  const planned = new Planned(layout, facts, scenario, record);
  planned.runToEnd();
  const { begins, does, opens, dt } = planned;
  return { world: begins, does, key: runKey(scenario.seed, replicate), opens, dt, recorded: record !== "runs" };
}

/** A simulation that only notes what it would do: `mhsim.engine.simulation`. */
class Planned {
  constructor(layout, facts, { forms, values, changes }, record) {
    Object.assign(this, { layout, facts, world: { forms, values }, does: [], noted: null, step: 0 });
    this.dt = values.weeks_per_step;
    this.opens = values["start.run_in_weeks"] / this.dt;
    this.last = this.opens + values.weeks / this.dt;
    this.coming = [...changes].sort((one, other) => one.week - other.week);
    this.begins = newWorld(layout, facts, this.world, changes, this.last, RECORDS.indexOf(record));
  }

  when(change) {
    return this.opens + change.week / this.dt;
  }

  runToEnd() {
    while (this.coming.length && this.when(this.coming[0]) < this.last) {
      this.pass(this.when(this.coming[0]));
      this.takeChanges();
    }
    this.pass(this.last);
  }

  pass(until, opening = false) {
    if (this.noted !== this.world) {
      this.does.push(["settle", settled(this.layout, this.facts, this.world)]);
      this.noted = this.world;
    }
    this.does.push(["pass", { until, opening }]);
    this.step = Math.max(this.step, until);
  }

  /** Let everything happen that is to happen at the step reached: new values, then acts. */
  takeChanges() {
    const due = this.coming.filter((change) => this.when(change) === this.step);
    this.coming = this.coming.slice(due.length);
    for (const { set } of due) if (Object.keys(set).length) this.world = laidOver(this.facts, this.world, set);
    for (const { act, count, leave } of due) {
      if (act !== "lose_busiest_helpers") continue;
      this.pass(this.step, true);
      this.does.push(["lose", { count, leave }]);
    }
  }
}

/** Return the shape of every table of a new world, and the bytes of those that are not all zero. */
function newWorld(layout, facts, world, changes, steps, kept) {
  const { values, forms } = world, { tile, tie_slots: tieSlots } = facts.limits;
  const communities = values["community.count"];
  const span = Math.min(values.weeks + values["start.run_in_weeks"], 170);
  let expected = Math.trunc(1.05 * values["community.arrivals_per_week"] * span * communities) + 64;
  const each = forms.length ? forms : [""];
  const opening = each.map((form) => ["start.groups", "start.members"].map((path) => value(world, form, path)));
  expected += communities * opening.reduce((sum, [groups, members]) => sum + groups * members, 0);
  const groupRows = communities * values["start.groups"] + communities + 8;
  const size = Math.max(tile, 2 * Math.max(...opening.map(([, members]) => members)) + 64);
  const series = kept >= 1 ? steps + 1 : 1;
  const meter = new Row(layout.items.meter, layout.tables.meter);
  meter.put("focal", focalGroup(world));
  const told = modulesIn(facts, { ...world, changes }).map((name) => facts.rules[name].events);
  meter.put("own_kinds", told.reduce((sum, events) => sum + events, 0));
  const ports = repeated(bytesOf(layout.neutral), size);
  const given = { ...firstRows(layout, facts, world), ports, meter: meter.bytes };
  const shapes = {
    people: [2 * expected + Math.floor(expected / 8) + 4 * (communities + groupRows)],
    blocks: [communities + groupRows],
    empty: [1], empty_groups: [2 * (1 + forms.length)], handles: [expected], ties: [expected, tieSlots],
    groups: [groupRows], losses: [groupRows], communities: [communities], scratch: [size], luck: [size], ports: [size],
    words: [5, size], meter: [1], needs: [1], tally: [1], history: [steps + 1], series: [series],
    events: [kept >= 3 ? 4096 : 0], lives: [kept >= 2 ? 256 : 0],
    forms: [kept >= 1 && forms.length ? steps + 1 : 0, forms.length],
  };
  const begins = {};
  for (const [name, shape] of Object.entries(shapes)) {
    begins[name] = given[name]?.some(Boolean) ? { shape, given: given[name] } : { shape };
  }
  return begins;
}

/** Return the optional mechanisms that are on at some time: in the scenario's own settings, a form, or by a change. */
export function modulesIn(facts, { values, forms, changes }) {
  const prefixes = ["", ...forms.map((name) => `forms.${name}.`)];
  const ends = changes.flatMap(({ set }) => Object.entries(set).filter(([, on]) => on).map(([path]) => path));
  const isOn = (name) => prefixes.some((prefix) => values[`${prefix}${name}.enabled`]) ||
    ends.some((path) => path === `${name}.enabled` || path.endsWith(`.${name}.enabled`));
  return Object.keys(facts.rules).filter(isOn);
}

/** Return what holds from now on: parameters per step, how people and groups start, and the modules that act. */
function settled(layout, facts, world) {
  const each = ["", ...world.forms], dt = world.values.weeks_per_step;
  const settings = layout.settings.map((name) => {
    if (name === "meetings_per_week") return numbers(each.map((form) => value(world, form, name)));
    if (name === "of_form") return records(world, each, OF_FORM.map(([path, kind]) => ({ path, kind, unit: "" })), dt);
    return records(world, each, facts.sections[name], dt);
  });
  return { settings, starts: firstRows(layout, facts, world), rules: acting(facts, world, each, dt) };
}

/** Return the value at a path as it holds for groups of a form; the form is empty for the scenario's own. */
function value({ values }, form, path) {
  if (!form) return values[path];
  const own = path === "start.groups" ? `forms.${form}.groups` : `forms.${form}.${path}`;
  return Object.hasOwn(values, own) ? values[own] : values[path];
}

/** Return sections of parameters, the scenario's own and those of forms, as records of compiled code. */
function records(world, each, section, dt) {
  const types = { switch: "b1", choice: "i8" };
  const rows = new Rows(section.map(({ path, kind }) => [path, types[kind] ?? "f8"]), each.length);
  each.forEach((form, k) => {
    for (const row of section) {
      const said = value(world, form, row.path);
      rows.put(k, row.path, row.kind === "choice" ? row.choices.indexOf(said) : perStep(Number(said), row.unit, dt));
    }
  });
  return { item: rows.item, given: rows.bytes };
}

function numbers(values) {
  return { item: 8, given: new Uint8Array(Float64Array.from(values).buffer) };
}

/** Return how people start, and groups: founded and established, for the scenario itself and then for each form. */
function firstRows(layout, facts, world) {
  const said = (start, form) => (typeof start === "string" ? value(world, form, start) : start);
  const empty = new Row(layout.items.empty, layout.tables.empty);
  for (const [name, start] of Object.entries(facts.columns.people)) empty.put(name, said(start, ""));
  const groups = ["", ...world.forms].flatMap((form) => [0, 1].map((which) => {
    const row = new Row(layout.items.empty_groups, layout.tables.empty_groups);
    for (const [name, start] of Object.entries(facts.columns.groups)) {
      row.put(name, said(Array.isArray(start) ? start[which] : start, form));
    }
    return row.bytes;
  }));
  return { empty: empty.bytes, empty_groups: joined(groups) };
}

/** Return of each optional mechanism that acts its parameters, and how its own columns start. */
function acting(facts, world, each, dt) {
  const found = {};
  for (const [name, rule] of Object.entries(facts.rules)) {
    if (!each.some((form) => value(world, form, `${name}.enabled`))) continue;
    const start = ([, , said], which, form) => {
      const one = Array.isArray(said) ? said[which] : said;
      return typeof one === "string" ? value(world, form, `${name}.${one}`) : one;
    };
    const started = (columns, first, number, which) => {
      const rows = new Rows([...first, ...columns.map(([column, kind]) => [column, kind])], number);
      for (let k = 0; k < number; k++) for (const one of columns) rows.put(k, one[0], start(one, ...which(k)));
      return rows.bytes;
    };
    const opens = (k) => {
      const form = each[k >> 1], met = value(world, form, "start.kind") === "established" ? 1 : 0;
      return [k % 2 ? met : 0, form];
    };
    const plain = () => [0, ""];
    found[name] = { parameters: records(world, each, facts.sections[name], dt).given, starts: 2 * each.length };
    found[name].first_kind = rule.first_kind;
    if (rule.people.length) found[name].people = started(rule.people, [["known", "u4"]], 1, plain);
    if (rule.groups.length) found[name].groups = started(rule.groups, [["known", "u1"]], 2 * each.length, opens);
    if (rule.places.length) found[name].places = started(rule.places, [], world.values["community.count"], plain);
  }
  return found;
}

const repeated = (bytes, times) => joined(Array.from({ length: times }, () => bytes));

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
