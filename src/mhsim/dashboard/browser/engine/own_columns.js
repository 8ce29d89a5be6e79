// The columns that belong to one module, kept beside the world and grown with it: `mhsim.engine.own_columns`.

import { bytesOf, sizeOf } from "./memory.js";

export class OwnColumns {
  constructor(history, name) {
    this.history = history;
    this.items = history.layout.rules[name].items;
    this.rows = {};
    for (const [part, item] of Object.entries(this.items)) {
      this.rows[part] = history.memory.array(item, [part === "sums" ? 2 : 0]);
    }
    this.hook = history.memory.array(history.layout.items.hook, [1]);
  }

  /** Return the address of the record that leads the module to its parameters and columns, grown to the world. */
  link({ parameters, people, groups, places, starts, first_kind: firstKind }) {
    const { memory, world, layout, plan } = this.history;
    const length = (name) => world[name].shape[0];
    const given = bytesOf(parameters);
    this.rows.parameters = memory.array(this.items.parameters, [given.length / this.items.parameters], given);
    if ("people" in this.rows) {
      this.fit("people", length("handles"), bytesOf(people));
      this.rows.gone = memory.grown(this.rows.gone, length("lives"));
    }
    if ("groups" in this.rows) this.fit("groups", length("groups"), bytesOf(groups));
    if ("places" in this.rows && !this.rows.places.shape[0]) {
      this.rows.places = memory.array(this.items.places, [length("communities")], bytesOf(places));
    }
    if ("series" in this.rows) this.rows.series = memory.grown(this.rows.series, plan.recorded ? length("series") : 0);
    this.say("parameters", this.rows.parameters.at);
    this.say("starts", starts);
    this.say("first_kind", firstKind);
    this.say("world", this.history.whereabouts.at);
    for (const [part, rows] of layout.led) {
      if (!(part in this.rows)) continue;
      this.say(part, this.rows[part].at);
      this.say(rows, this.rows[part].shape[0]);
    }
    return this.hook.at;
  }

  /** Write a number into the record that leads the module. */
  say(field, value) {
    this.history.memory.setNumber(this.hook, this.history.layout.tables.hook[field].offset, value);
  }

  /** Let a table have so many rows, and behind them those that say how everybody starts. */
  fit(part, number, starts) {
    const { memory } = this.history, item = this.items[part], behind = starts.length / item;
    const before = this.rows[part], [have] = before.shape;
    if (have !== number + behind) {
      const larger = memory.array(item, [number + behind]);
      memory.bytes.copyWithin(larger.at, before.at, before.at + Math.max(0, sizeOf(before) - starts.length));
      this.rows[part] = larger;
    }
    memory.bytes.set(starts, this.rows[part].at + number * item);
  }
}
