// Histories as a page plans, lives and measures them by itself, in node and in a browser.
import { helpersAndOthers } from "./helpers_and_others.js";
import { History, load } from "./history.js";
import { measuresOf } from "./measures.js";
import { planOf } from "./plan.js";
import { Situation } from "./situation.js";

/** Return of each history asked for the digest and shape of every table at its end, and its measures. */
export async function lived(wasm, layout, facts, asked) {
  const engine = await load(wasm, layout), found = {};
  for (const [name, { replicate, record, ...said }] of Object.entries(asked)) {
    const scenario = scenarioOf(facts, said);
    const history = new History(engine, planOf(layout, facts, scenario, replicate, record)), tables = {};
    history.live();
    for (const [table, array] of history.tables()) {
      tables[table] = [await digest(engine.memory.copy(array)), ...array.shape].join(" ");
    }
    const people = record === "lives" ? helpersAndOthers(history) : null;
    found[name] = { tables, measures: measuresOf(history, scenario, facts), people };
  }
  return found;
}

/** Return a scenario, however large: without the check of its size that pages make. */
export function scenarioOf(facts, { form, settings, changes }) {
  const situation = new Situation(facts, form, settings, changes), { forms, values } = situation.atStart();
  return { form, forms, values, changes: situation.changes, seed: values.seed, weeks: values.weeks };
}

/** Return the first eight bytes of a SHA-256 digest, in sixteen letters. */
async function digest(bytes) {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(found.slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
