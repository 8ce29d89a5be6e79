// What may stand in a file of settings, and the words for what may not: `mhsim.scenario_io.error_messages`.

import { say } from "../words.js";
import { allowed, ambiguous, changeOf, kindOf, kinds, noSuchKey, problemWith } from "./checks.js";
import { InputError, refusal, shown, suggestion } from "./errors.js";
import { ownRules, rowOf } from "./facts.js";
import { scalar } from "./written.js";
import { dotted } from "./yaml_reader.js";

const STUDY_KEYS = ["kind", "replicates", "vary", "watch", "scenarios"];
const CHANGE = {
  week: { kind: "whole", low: 0, high: 3600, choices: [], unit: "" }, set: null,
  act: { kind: "choice", low: null, high: null, choices: ["lose_busiest_helpers"], unit: "" },
  count: { kind: "whole", low: 0, high: 1000, choices: [], unit: "" },
  leave: { kind: "switch", low: null, high: null, choices: [], unit: "" },
};

/** Throw the error for a document that is no scenario, or not one that a page opens. */
export function checkFile(facts, document) {
  checkHarmless(facts, document);
  checkChanges(facts, document);
  const wrong = mixedUp(facts, document).next().value;
  if (wrong) throw document.error(...wrong);
  const problems = [...problemsIn(facts, document)];
  if (problems.length) throw together(document, problems);
}

/** Throw the error for a text that is a study, or would have a program run or another file read. */
function checkHarmless(facts, document) {
  const { data } = document, known = Object.keys(facts.forms);
  if ("kind" in data && !isSection(data.kind)) {
    const study = say("this is a study, not a scenario; run it with mhsim and open its folder under Results");
    throw document.error(["kind"], study);
  }
  if (data.rules && !(isSection(data.rules) && Object.entries(data.rules).every(([name, rule]) => has(facts, name, rule)))) {
    throw document.error(["rules"], say(
      "rules: a scenario with rules of its own is not opened here, since rules are programs; " +
      "run it with mhsim run and open the folder",
    ));
  }
  const { extends: base = null } = data;
  if (base !== null && !known.includes(base)) {
    const said = { given: document.given(["extends"], base), known: known.join(", ") };
    throw document.error(["extends"], say("given {given}; here only shipped forms can be extended: {known}", said));
  }
  if (STUDY_KEYS.some((key) => key in data) || Array.isArray(data.forms)) {
    const kind = typeof data.kind === "string" ? data.kind : "sweep";
    const command = `mhsim ${kind} ${document.file}`;
    throw document.error([], say("this is a study, not a scenario; run it with: {command}", { command }));
  }
}

/** Return whether the page's engine has a rule that a file names: by its name and file and, if it says it, its digest. */
function has(facts, name, rule) {
  const { origin } = ownRules(facts).find((one) => one.name === name) ?? {};
  const file = typeof rule?.from === "string" ? rule.from.split(/[\\/]/).at(-1) : "";
  return origin !== undefined && file === origin.from && [undefined, origin.digest].includes(rule.digest);
}

function checkChanges(facts, document) {
  const { changes } = document.data;
  if (!Array.isArray(changes)) return;
  changes.forEach((change, k) => {
    for (const [path, value] of Object.entries(isSection(change?.set) ? change.set : {})) {
      const keys = ["changes", k, "set", path], problem = problemWith(facts, path, value, document.place(keys).text);
      if (problem) throw document.error(keys, problem);
    }
  });
}

const isSection = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const asText = (value) => (Array.isArray(value) || isSection(value) ? "text" : kindOf(value));

/** Return what is known of what stands at keys of a file: a row, the names of a section, or undefined for neither. */
function knownAt(facts, keys) {
  const [first, second] = keys;
  if (first === "changes") return keys.length === 3 ? CHANGE[keys[2]] : undefined;
  if (first === "forms" && keys.length > 2) {
    const path = keys.slice(2).join(".");
    return path === "groups" ? facts.groups : facts.row[path]?.shared ? facts.row[path] : undefined;
  }
  if (first === "rules") return rowOf(facts, keys.join("."));
  if (keys.length > 2 || first === "forms") return undefined;
  return rowOf(facts, keys.length === 1 ? first : `${first}.${second}`);
}

/** Yield keys and words of each plain value that is of another kind than is asked for. */
function* mixedUp(facts, document, data = document.data, keys = []) {
  for (const [name, value] of Array.isArray(data) ? data.entries() : Object.entries(data)) {
    const here = [...keys, name];
    if (value !== null && typeof value === "object") yield* mixedUp(facts, document, value, here);
    else if (value !== null) {
      const row = knownAt(facts, here);
      if (row && !kinds(row).includes(asText(value))) {
        yield [here, refusal(document.given(here, value), allowed(row)) + quoting(value, kinds(row))];
      }
    }
  }
}

/** Return advice on quotation marks where they are what is wrong. */
function quoting(value, wanted) {
  if (wanted.length === 1 && wanted[0] === "text") return say("; put it in quotes");
  const read = typeof value === "string" && !wanted.includes("text") && wanted.includes(kindOf(scalar(value)));
  return read ? say("; write it without quotes") : "";
}

/** Yield keys and words of everything that may not stand where it does, in the order of a scenario's fields. */
function* problemsIn(facts, document) {
  const { data } = document;
  for (const name of facts.fields) {
    if (!(name in data)) continue;
    if (name in facts.sections) yield* ofSection(facts, document, [name], data[name], facts.sections[name]);
    else if (name === "changes") yield* ofChanges(facts, document, data.changes);
    else if (name === "forms") yield* ofForms(facts, document, data.forms);
    else if (name === "rules") yield* ofRules(facts, document, data.rules);
    else yield* ofValue(facts, document, [name], data[name]);
  }
  for (const name of Object.keys(data)) {
    if (!facts.fields.includes(name) && name !== "extends") yield [[name], noSuchKey(facts, name)];
  }
}

function* ofValue(facts, document, keys, value) {
  const row = knownAt(facts, keys), { text = "" } = document.place(keys);
  const path = ["forms", "rules"].includes(keys[0]) || keys.length < 3 ? keys.join(".") : "";
  const problem = problemWith(facts, path, value, typeof value === "string" ? "" : text);
  if (!problem) return;
  const given = shown(value, text), { longest } = row;
  const tooLong = () => say("given {given}; it should have at most {longest} characters", { given, longest });
  yield [keys, longest < value?.length ? tooLong() : ambiguous(row, text) || refusal(given, allowed(row))];
}

function* ofSection(facts, document, keys, said, rows) {
  const names = rows.map(({ path }) => path.split(".").at(-1)), section = keys[0] === "rules" ? keys.join(".") : keys.at(-1);
  if (!isSection(said)) {
    const some = names.slice(0, 8).join(", ") + (names.length > 8 ? " …" : "");
    yield [keys, refusal(document.given(keys, said), say("a section with the keys {some}", { some }))];
    return;
  }
  for (const name of names) if (name in said) yield* ofValue(facts, document, [...keys, name], said[name]);
  for (const name of Object.keys(said)) {
    if (names.includes(name)) continue;
    const whole = `${keys.at(-1)}.${name}`, here = `${dotted([keys.at(-1), name])}`;
    yield [[...keys, name], keys[0] === "forms" && facts.row[whole]
      ? say("this is a setting of the whole world, not of one form; write {here} there", { here })
      : noSuchKey(facts, name, section)];
  }
}

function* ofRules(facts, document, rules) {
  for (const [name, { from, digest, ...said }] of Object.entries(rules ?? {})) {
    yield* ofSection(facts, document, ["rules", name], said, facts.sections[`rules.${name}`]);
  }
}

function* ofForms(facts, document, forms) {
  if (!isSection(forms)) {
    yield [["forms"], refusal(document.given(["forms"], forms), say("a section of keys"))];
    return;
  }
  for (const [name, form] of Object.entries(forms)) {
    const keys = ["forms", name];
    if (!isSection(form)) {
      const some = ["groups", "meetings_per_week", ...sharedSections(facts)].slice(0, 8).join(", ");
      yield [keys, refusal(document.given(keys, form), say("a section with the keys {some}", { some: `${some} …` }))];
      continue;
    }
    const { from = null, set = {}, ...own } = form, taken = [...keys, "from"];
    if (from !== null && (!Object.hasOwn(facts.forms, from) || facts.forms[from].forms.length)) {
      yield [taken, refusal(document.given(taken, from), say("a shipped scenario of one form"))];
    }
    placeSet(document, keys, set);
    for (const [path, value] of leavesOf(set)) yield* ofPath(facts, document, [...keys, ...path.split(".")], value);
    for (const [inner, said] of Object.entries(own)) {
      const rows = (facts.sections[inner] ?? []).filter((row) => row.shared);
      if (rows.length) yield* ofSection(facts, document, [...keys, inner], said, rows);
      else yield* ofPath(facts, document, [...keys, inner], said);
    }
  }
}

/** Return the sections of which a form has some settings for itself. */
const sharedSections = (facts) =>
  Object.keys(facts.sections).filter((name) => facts.sections[name].some((row) => row.shared));

/** Let what stands under `set` of a form have its place as what it sets, too. */
function placeSet(document, keys, said, path = [], written = []) {
  for (const [name, value] of Object.entries(said ?? {})) {
    const here = [...path, ...name.split(".")], at = [...written, name];
    const { line, text } = document.place([...keys, "set", ...at]);
    document.note([...keys, ...here], line, text);
    if (isSection(value)) placeSet(document, keys, value, here, at);
  }
}

function* ofPath(facts, document, keys, value) {
  if (knownAt(facts, keys)) yield* ofValue(facts, document, keys, value);
  else yield [keys, problemWith(facts, keys.join("."), value) || noSuchKey(facts, keys.at(-1))];
}

/** Yield the paths and values of nested settings. */
export function* leavesOf(said, start = "") {
  for (const [name, value] of Object.entries(said ?? {})) {
    if (isSection(value) && Object.keys(value).length) yield* leavesOf(value, `${start}${name}.`);
    else yield [start + name, value];
  }
}

function* ofChanges(facts, document, changes) {
  if (!Array.isArray(changes)) {
    yield [["changes"], refusal(document.given(["changes"], changes), say("a list"))];
    return;
  }
  for (const [k, change] of changes.entries()) {
    const keys = ["changes", k], before = [];
    if (!isSection(change)) {
      const some = Object.keys(CHANGE).join(", ");
      yield [keys, refusal(document.given(keys, change), say("a section with the keys {some}", { some }))];
      continue;
    }
    for (const [name, row] of Object.entries(CHANGE)) {
      const here = [...keys, name], value = change[name];
      if (name === "week" && !(name in change)) {
        before.push([keys, say("week is missing; it has to be {allowed}", { allowed: allowed(row) })]);
      }
      if (!(name in change) || (name === "act" && value === null)) continue;
      const fine = row ? fitsRow(row, value) : isSection(value);
      const what = row ? allowed(row) : say("a section of keys");
      if (!fine) before.push([here, refusal(document.given(here, value), what)]);
    }
    for (const name of Object.keys(change)) {
      if (!(name in CHANGE)) before.push([[...keys, name], say("no such key") + suggestion(name, Object.keys(CHANGE))]);
    }
    if (!before.length) {
      try {
        changeOf({ ...change, set: change.set ?? {} });
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        before.push([keys, error.message]);
      }
    }
    yield* before;
  }
}

function fitsRow({ kind, choices, low, high }, value) {
  if (kind === "switch") return typeof value === "boolean";
  if (kind === "choice") return choices.includes(value);
  return Number.isInteger(value) && value >= low && value <= high;
}

/** Return the error for the first of several problems, and how many more there are. */
function together(document, problems) {
  const [keys, message] = problems[0], part = (one) => JSON.stringify(one.slice(0, 2));
  const others = new Set(problems.map(([one]) => part(one)));
  others.delete(part(keys));
  return document.error(keys, message + (others.size ? say(" (and {n} more to put right)", { n: others.size }) : ""));
}

/** Return the path of a document that a message speaks of, judged by its words; empty if there is none. */
export function namedIn(text, document) {
  const words = new Set((text.match(/[\p{L}\p{N}_.]+/gu) ?? []).map((word) => word.replace(/\.+$/, "")));
  const subject = text.split(/[^\p{L}\p{N}_]/u)[0];
  let best = [0, []];
  for (const { keys, text: said } of document.places.values()) {
    const path = keys.join("."), leaf = String(keys.at(-1));
    if (!words.has(path) && !words.has(leaf)) continue;
    const told = 4 * words.has(said) + 2 * words.has(leaf) + words.has(path) + text.startsWith(path);
    const points = told + 10 * (keys[0] === subject);
    if (points > best[0]) best = [points, keys];
  }
  return best[1];
}
