// The worker: one engine, asked for histories one at a time, so that the page itself never waits.
import { readFacts } from "./facts.js";
import { helpersAndOthers } from "./helpers_and_others.js";
import { History, load } from "./history.js";
import { lifeOf } from "./life.js";
import { measuresOf } from "./measures.js";
import { planOf } from "./plan.js";
import { partingInWords, partingOf } from "./parting.js";
import { namesInBoth, payloadsOfPair, record } from "./recording.js";
import { groupEnding, notableLives } from "./story.js";
import { speak } from "../words.js";

const KEPT = 4; // recordings of which lives may be asked

let engine = null;
let bytes = null; // of the engine, for a second one beside it
let opened = null; // the promise of it, which every other question waits for
let facts = null;
const recordings = new Map();
const scenarios = new Map(); // by the numbers that the page gives them

const answers = {
  async open({ wasm, layout, about }) {
    engine = await load(wasm, layout);
    bytes = wasm;
    facts = readFacts(about);
    return { opened: true };
  },

  speak({ language, texts }) {
    speak(language, texts);
    recordings.clear();
    return {};
  },

  outcome({ scenario: number, replicate, seed, people }) {
    const scenario = seeded(scenarios.get(number), seed);
    const history = new History(engine, planOf(engine.layout, facts, scenario, replicate, people ? "lives" : "runs"));
    history.live();
    return { outcome: { ...measuresOf(history, scenario, facts), ...(people ? helpersAndOthers(history) : {}) } };
  },

  recording({ scenario, replicate, label }) {
    const found = recorded(scenario, replicate, label);
    return { payload: found.payload };
  },

  async pair({ scenario, other, replicate }) {
    const [a, b] = [recorded(scenario, replicate, "A"), recorded(other, replicate, "B")];
    const engines = [engine, await load(bytes, engine.layout)];
    const plans = [scenario, other].map((one) => planOf(engine.layout, facts, scenarios.get(one), replicate, "runs"));
    const several = Math.max(a.payload.about.groups.length, b.payload.about.groups.length) > 1;
    const names = namesInBoth(a, b), parting = partingInWords(partingOf(engines, plans), facts, names, several);
    const endings = [a, b].map((one) => groupEnding(one, facts, names));
    return { payloads: payloadsOfPair(a, b), parting, endings };
  },

  life: ({ scenario, replicate, person }) => ({ life: lifeOf(recorded(scenario, replicate), person, facts) }),

  notable({ scenario, replicate, rule }) {
    const found = recorded(scenario, replicate), person = notableLives(found)[rule];
    return { life: person && lifeOf(found, person, facts) };
  },

  ending({ scenario, replicate }) {
    const found = recorded(scenario, replicate);
    return { ending: groupEnding(found, facts), byForm: found.byForm };
  },
};

const seeded = (scenario, seed) =>
  seed === undefined ? scenario : { ...scenario, seed, values: { ...scenario.values, seed } };

/** Return a recording, lived again only if it is not among the last few. */
function recorded(number, replicate, label = "") {
  const scenario = scenarios.get(number), name = `${replicate} ${label} ${number}`;
  const found = recordings.get(name) ?? record(engine, facts, planOf(engine.layout, facts, scenario, replicate, "story"), scenario, label);
  recordings.delete(name);
  recordings.set(name, found);
  if (recordings.size > KEPT) recordings.delete(recordings.keys().next().value);
  return found;
}

onmessage = async ({ data: { number, what, asked } }) => {
  for (const [known, scenario] of asked.learn ?? []) scenarios.set(known, scenario);
  try {
    if (what === "open") opened = answers.open(asked);
    postMessage({ number, found: await (what === "open" ? opened : opened.then(() => answers[what](asked))) });
  } catch (error) {
    postMessage({ number, wrong: String(error?.message ?? error) });
  }
};
