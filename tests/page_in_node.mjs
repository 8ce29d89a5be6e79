// What the page's own modules make of situations, plans and histories, in node.
// node page_in_node.mjs FOLDER INPUT.json WHAT, FOLDER having facts.json, the modules of browser/engine and the engine.

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
    const { planOf } = await module("plan"), { scenarioOf } = await module("page_histories");
    const layout = JSON.parse(readFileSync(`${folder}/engine.json`, "utf8"));
    const inLetters = (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value);
    const plans = {};
    for (const [name, { replicate, record, ...said }] of Object.entries(asked)) {
      plans[name] = tried(() => planOf(layout, facts, scenarioOf(facts, said), replicate, record));
    }
    return JSON.parse(JSON.stringify(plans, inLetters));
  },
  /** Histories: see `page_histories.js`. */
  async histories() {
    const { lived } = await module("page_histories");
    const layout = JSON.parse(readFileSync(`${folder}/engine.json`, "utf8"));
    return lived(readFileSync(`${folder}/engine.wasm`), layout, facts, asked);
  },
  /** Recordings: what a picture gets of each history, its arrays in letters, and what is told of it. */
  async recordings() {
    const { load } = await module("history"), { planOf } = await module("plan"), { record } = await module("recording");
    const engine = await load(readFileSync(`${folder}/engine.wasm`), JSON.parse(readFileSync(`${folder}/engine.json`)));
    const { scenarioOf } = await module("page_histories");
    const { lifeOf, lifeStory } = await module("life"), { groupEnding, groupStory, notableLives } = await module("story");
    const { speak } = await import(pathToFileURL(`${folder}/../words.js`));
    const found = [];
    for (const { language, texts, each, first, ...said } of asked) {
      const scenario = scenarioOf(facts, said), plan = planOf(engine.layout, facts, scenario, 0, "story");
      speak(language, texts);
      const recording = record(engine, facts, plan, scenario), { about, types, arrays } = recording.payload;
      const inLetters = Object.entries(arrays).map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")]);
      const told = (moments) => moments.map(({ when, text }) => `${when}: ${text}`);
      const people = recording.names.filter((_, k) => k % each === 0);
      found.push({
        about, types, arrays: Object.fromEntries(inLetters), byForm: recording.byForm, ending: groupEnding(recording), notable: notableLives(recording),
        groups: about.groups.slice(0, first).map(({ number }) => told(groupStory(recording, number))),
        lives: people.map((person) => lifeOf(recording, person)),
        stories: Object.fromEntries(people.map((person) => [person, told(lifeStory(recording, person))])),
      });
    }
    return found;
  },
  /** Partings: of each two histories where they part, in words. */
  async partings() {
    const { load } = await module("history"), { planOf } = await module("plan");
    const { scenarioOf } = await module("page_histories"), { namesInBoth, record } = await module("recording");
    const { partingInWords, partingOf } = await module("parting");
    const wasm = readFileSync(`${folder}/engine.wasm`), layout = JSON.parse(readFileSync(`${folder}/engine.json`));
    const engines = [await load(wasm, layout), await load(wasm, layout)];
    return asked.map((pair) => {
      const scenarios = pair.map((said) => scenarioOf(facts, said));
      const plan = (scenario, kept) => planOf(engines[0].layout, facts, scenario, 0, kept);
      const both = scenarios.map((scenario) => record(engines[0], facts, plan(scenario, "story"), scenario));
      const found = partingOf(engines, scenarios.map((scenario) => plan(scenario, "runs")));
      return partingInWords(found, facts, namesInBoth(...both), both.some(({ ownGroups }) => ownGroups.length > 1));
    });
  },
};

console.log(JSON.stringify(await makers[what]()));
