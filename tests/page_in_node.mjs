// What the page's own modules make of situations, plans and histories, in node.
// node page_in_node.mjs FOLDER INPUT.json WHAT, FOLDER having facts.json, the modules of browser/engine and the engine.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, input, what] = process.argv.slice(2);
const module = (name) => import(pathToFileURL(`${folder}/${name}.js`));
const { readFacts } = await module("facts");
const facts = readFacts(readFileSync(`${folder}/facts.json`, "utf8"));
const asked = JSON.parse(readFileSync(input, "utf8"));

/** Return what a function gives, or the line with which it refuses. */
function tried(make) {
  try {
    return make();
  } catch (error) {
    if (error.name !== "InputError") throw error;
    return { refused: error.message };
  }
}

const makers = {
  /** Addresses: what each situation is, and the address written anew. */
  async addresses() {
    const { readAddress, writeAddress } = await module("query");
    const plain = ({ form, settings, changes, whole }) => ({ form, settings, changes });
    return asked.map((query) => tried(() => {
      const { first, second, others } = readAddress(facts, query);
      const values = [first, second].map((one) => one.scenario().values);
      return { query: writeAddress(first, second, others), first: plain(first), second: plain(second), values };
    }));
  },
  /** Texts: the data that each says, and the line of every key. */
  async texts() {
    const { readYaml } = await module("yaml_reader");
    return asked.map((text) => tried(() => {
      const { data, places } = readYaml(text, "file");
      return { data, lines: [...places.values()].map(({ keys, line }) => [keys, line]) };
    }));
  },
  /** Files: what each situation is that one holds, and the file written anew; those of addresses, written. */
  async files() {
    const [{ fromYaml, toYaml }, { readAddress }] = [await module("yaml"), await module("query")];
    const read = asked.files.map(([name, text]) => tried(() => {
      const { form, settings, changes } = fromYaml(facts, text, name);
      return { form, settings, changes };
    }));
    return { read, written: asked.addresses.map((query) => toYaml(readAddress(facts, query).first)) };
  },
  /** Plans: each made from a form, settings and changes, with its bytes in letters. */
  async plans() {
    const { planOf } = await module("plan");
    const layout = JSON.parse(readFileSync(`${folder}/engine.json`, "utf8"));
    const inLetters = (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value);
    const plans = {};
    for (const [name, { replicate, record, ...said }] of Object.entries(asked)) {
      plans[name] = planOf(layout, facts, await scenarioOf(said), replicate, record);
    }
    return JSON.parse(JSON.stringify(plans, inLetters));
  },
  /** Histories: each planned and lived, the digest and shape of every table at its end, and its measures. */
  async histories() {
    const { planOf } = await module("plan"), { measuresOf } = await module("measures");
    const { History, load } = await module("history"), { helpersAndOthers } = await module("helpers_and_others");
    const layout = JSON.parse(readFileSync(`${folder}/engine.json`, "utf8"));
    const engine = await load(readFileSync(`${folder}/engine.wasm`), layout), found = {};
    for (const [name, { replicate, record, ...said }] of Object.entries(asked)) {
      const scenario = await scenarioOf(said);
      const history = new History(engine, planOf(layout, facts, scenario, replicate, record));
      history.live();
      const digest = (array) => createHash("sha256").update(engine.memory.copy(array)).digest("hex").slice(0, 16);
      const tables = [...history.tables()].map(([table, array]) => [table, [digest(array), ...array.shape].join(" ")]);
      const people = record === "lives" ? helpersAndOthers(history) : null;
      found[name] = { tables: Object.fromEntries(tables), measures: measuresOf(history, scenario, facts), people };
    }
    return found;
  },
  /** Recordings: what a picture gets of each history, every column as a digest. */
  async recordings() {
    const { load } = await module("history"), { planOf } = await module("plan"), { record } = await module("recording");
    const engine = await load(readFileSync(`${folder}/engine.wasm`), JSON.parse(readFileSync(`${folder}/engine.json`)));
    const digest = (bytes) => createHash("sha256").update(bytes).digest("hex"), found = [];
    for (const { language, ...said } of asked) {
      const scenario = await scenarioOf(said), plan = planOf(engine.layout, facts, scenario, 0, "story");
      const { payload: { about, types, arrays } } = record(engine, facts, plan, scenario, "A", language);
      const digests = Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [name, digest(bytes)]));
      found.push({ about, types, arrays: digests });
    }
    return found;
  },
};

/** Return a scenario, however large: without the check of its size that pages make. */
async function scenarioOf({ form, settings, changes }) {
  const { Situation } = await module("situation");
  const situation = new Situation(facts, form, settings, changes), { forms, values } = situation.atStart();
  return { form, forms, values, changes: situation.changes, seed: values.seed, weeks: values.weeks };
}
console.log(JSON.stringify(await makers[what]()));
