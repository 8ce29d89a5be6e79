// One history, lived in the page: what `mhsim.engine.simulation` does around the compiled engine, done here.
//
// A plan says which tables a world begins with, and what is done in which order: steps, new values, acts. It is made by
// `mhsim.building.page_plan`; what the fields are and where they lie stands in the layout that is built beside the engine.

import { Memory, bytesOf } from "./memory.js";
import { OwnColumns } from "./own_columns.js";

const CONTROL = [2];

const slotsOf = (kinds) => 1 + kinds.map((kind) => 1 + Number(kind.split(" ")[1] ?? 0)).reduce((a, b) => a + b);

/** Return an engine, from the bytes of `engine.wasm` and the layout built with it. */
export async function load(bytes, layout) {
  const { instance } = await WebAssembly.instantiate(bytes, {});
  return { exports: instance.exports, layout, memory: new Memory(instance.exports) };
}

export class History {
  constructor(engine, plan) {
    const { memory, layout } = engine;
    Object.assign(this, { engine, memory, layout, plan });
    memory.clear();
    this.row = memory.take(8 * Math.max(...Object.values(layout.entries).map(({ kinds }) => slotsOf(kinds))));
    this.control = memory.array(8, CONTROL);
    this.noRules = memory.array(8, [0, 2]);
    this.whereabouts = memory.array(layout.items.whereabouts, [1]);
    this.world = {};
    for (const name of layout.world) {
      const { shape, given } = plan.world[name];
      this.world[name] = memory.array(layout.items[name], shape, given && bytesOf(given));
    }
    this.own = {};
  }

  /** Do everything that the plan says. */
  live() {
    for (const [what, said] of this.plan.does) this[what](said);
  }

  /** Let other values hold from now on. */
  settle({ settings, starts, rules }) {
    this.settings = settings.map(({ item, given }) => {
      const bytes = bytesOf(given);
      return this.memory.array(item, [bytes.length / item], bytes);
    });
    for (const [name, given] of Object.entries(starts)) this.memory.bytes.set(bytesOf(given), this.world[name].at);
    this.rules = rules;
    this.calls = null;
  }

  /** Let every step before `until` pass; with `opening`, the groups open if theirs comes next. */
  pass({ until, opening }) {
    const { key, opens, dt, recorded } = this.plan, { outcomes } = this.layout;
    for (;;) {
      const outcome = this.call("run", [
        ...Object.values(this.world), ...this.settings, (this.calls ??= this.called()), ...key, until, opens, dt,
        this.control, recorded, opening,
      ]);
      if (outcome === outcomes.done) return;
      if (outcome === outcomes.stopped) throw new Error("stopped");
      if (outcome === outcomes.too_many) throw new Error("too many people come into need in one community");
      this.makeRoom();
    }
  }

  /** Let the busiest helpers of every group lose the role. */
  lose({ count, leave }) {
    const { events, meter } = this.world;
    const more = this.call("lose_busiest", [...Object.values(this.world), count, leave]);
    if (more > 0) {
      const { offset } = this.layout.tables.meter.events;
      this.world.events = this.memory.grown(events, this.memory.number(meter, offset) + more);
      this.calls = null;
      this.call("lose_busiest", [...Object.values(this.world), count, leave]);
    }
  }

  /**
   * Return the table of the rules that act: for each place in the step which rows; then code and link of each call. It
   * holds until a table moves or other values come.
   */
  called() {
    const { layout, memory } = this;
    const calls = Array.from({ length: layout.places }, () => []);
    this.sayWhere();
    for (const [name, said] of Object.entries(this.rules)) {
      this.own[name] ??= new OwnColumns(this, name);
      const link = this.own[name].link(said);
      const code = Number(this.engine.exports[layout.rules[name].symbol]());
      for (const place of layout.rules[name].places) calls[place].push([code, link]);
    }
    const rows = calls.flat();
    if (!rows.length) return this.noRules;
    let last = layout.places;
    const header = calls.map((here) => [last, (last += here.length)]);
    const table = memory.array(8, [last, 2]);
    [...header, ...rows].flat().forEach((value, k) => memory.setNumber(table, 8 * k, value));
    return table;
  }

  /** Write down where the tables of the world are now, for every module to read those it asks for. */
  sayWhere() {
    const { layout, memory, whereabouts, world } = this;
    const say = (field, value) => memory.setNumber(whereabouts, layout.tables.whereabouts[field].offset, value);
    for (const [name, { at, shape: [rows, columns = 1] }] of Object.entries(world)) {
      if (!(name in layout.tables.whereabouts)) continue;
      say(name, at);
      say(`${name}_rows`, rows);
      say(`${name}_columns`, columns);
    }
  }

  /** Grow every table to what the engine wrote that it needs, by half where something is short. */
  makeRoom() {
    const { memory, layout, world } = this;
    const have = (name) => world[name].shape[0];
    const more = (name) => {
      const need = memory.number(world.needs, layout.tables.needs[name].offset);
      return have(name) >= need ? have(name) : Math.max(need, have(name) + Math.floor(have(name) / 2));
    };
    const handles = more("handles"), groups = more("groups"), scratch = more("scratch");
    const rows = {
      people: more("people"), blocks: have("communities") + groups, handles, ties: handles, groups, losses: groups,
      scratch, luck: scratch, events: more("events"), lives: more("lives"),
    };
    for (const [name, number] of Object.entries(rows)) world[name] = memory.grown(world[name], number);
    if (have("ports") < scratch) world.ports = this.neutral(scratch);
    const [kinds, size] = world.words.shape;
    if (size < scratch) world.words = memory.array(world.words.item, [kinds, scratch]);
    this.calls = null;
  }

  /** Return ports for so many people on whom nothing bears. */
  neutral(rows) {
    const ports = this.memory.array(this.layout.items.ports, [rows]);
    const row = bytesOf(this.layout.neutral);
    for (let k = 0; k < rows; k++) this.memory.bytes.set(row, ports.at + k * row.length);
    return ports;
  }

  /** Call a compiled function: numbers as they are, of an array where it lies and its shape; return its number. */
  call(name, values) {
    const { memory, row } = this, { symbol, kinds } = this.layout.entries[name];
    let at = row + 8;
    const put = (value) => { memory.view.setBigInt64(at, BigInt(value), true); at += 8; };
    values.forEach((value, k) => {
      if (kinds[k] === "float") { memory.view.setFloat64(at, value, true); at += 8; }
      else if (kinds[k] === "int") put(value);
      else if (kinds[k] !== `array ${value.shape.length} ${value.item}`) throw new Error(`${name}: argument ${k}`);
      else [value.at, ...value.shape].forEach(put);
    });
    if (values.length !== kinds.length) throw new Error(`${name}: ${values.length} arguments`);
    const status = this.engine.exports[symbol](row);
    if (status !== 0n) throw new Error(`${name}: the engine stopped with status ${status}`);
    return Number(memory.view.getBigInt64(row, true));
  }

  /** Return every table of the world, and those that modules keep, by name. */
  *tables() {
    for (const [name, array] of Object.entries(this.world)) yield [name, array];
    for (const [name, own] of Object.entries(this.own)) {
      for (const [part, array] of Object.entries(own.rows)) if (part !== "parameters") yield [`${name} ${part}`, array];
    }
  }
}
