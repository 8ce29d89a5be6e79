// What may stand where: the checks that `mhsim.scenario` and `mhsim.scenario_io` make, with their words.

import { say } from "../words.js";
import { InputError, nearest, nearestPath, refusal, shortened, shown, suggestion } from "./errors.js";
import { formAndPath, ownRules, rowOf, sectionAndKey } from "./facts.js";

const THOUSANDS = /^[-+]?[0-9]{1,3}(\.[0-9]{3})+$/;
const CHANGE_PATH = /^changes\[(\d{1,4})\]\.(week|count)$/;
const FORM_NAME = /^[a-z][a-z0-9_]{0,39}$/;
const NAMELESS = ["choice", "switch", "number"];
export const WHOLESALE = ["benefits", "harms"];

export const kindOf = (value) => ({ boolean: "switch", number: "number" })[typeof value] ?? "text";

/** Return the kinds of plain value that a row takes. */
export function kinds({ kind, choices }) {
  if (kind === "choice") return [Number.isNaN(Number(choices[0])) ? "text" : "number"];
  return { switch: ["switch"], whole: ["number"], number: ["number"], text: ["text"], focal: ["number", "text"] }[kind];
}

/** Return whether a value of the right kind lies within what a row allows. */
function fits({ kind, choices, low, high, longest }, value) {
  if (kind === "choice") return choices.some((one) => one === value || Number(one) === value);
  if (kind === "text") return [...value].length <= longest;
  if (typeof value !== "number") return true;
  if (!Number.isFinite(value) || (kind !== "number" && !Number.isInteger(value))) return false;
  return (low === null || value >= low) && (high === null || value <= high);
}

/** Return what may stand somewhere, in words: names, or a range with its unit. */
export function allowed({ kind, choices, low, high, unit }) {
  const words = {
    choice: say("one of {names}", { names: choices.join(", ") }), switch: say("on or off"), text: say("text"),
    whole: low === null ? say("a whole number") : say("a whole number from {low} to {high}", { low, high }),
    number: low === null ? say("a number") : say("a number from {low} to {high}", { low, high }),
    focal: say("a whole number or text"),
  }[kind];
  return words + (unit && !NAMELESS.includes(unit) ? ` (${unit})` : "");
}

/** Return what is wrong with a value at a path, in words; empty if it may stand there. `text` is how it was written. */
export function problemWith(facts, path, value, text = "") {
  const given = shown(value, text);
  if (WHOLESALE.includes(path)) {
    return value >= 0 && value < Infinity ? "" : refusal(given, say("a factor of 0 or more"));
  }
  if (CHANGE_PATH.test(path)) return "";
  const keys = path.split(".");
  if (keys[0] === "rules" && !rowOf(facts, path)) {
    return keys.length === 3 ? "" : say("name a parameter of a rule, as in rules.NAME.PARAMETER");
  }
  if (path === "forms") return refusal(given, say("a section of keys"));
  if (path === "changes") {
    return say("changes are a list; write them in a scenario file, and name the week of the first as changes[0].week");
  }
  const row = rowOf(facts, path);
  if (!row) return keys[0] === "forms" ? noPathOfAForm(facts, ...formAndPath(path)) : unknownPath(facts, path);
  if (value === null || typeof value === "object" || !kinds(row).includes(kindOf(value))) {
    return refusal(given, allowed(row));
  }
  return ambiguous(row, text) || (fits(row, value) ? "" : refusal(given, allowed(row)));
}

/** Return the words for a whole number with a point that may stand for thousands; none for any other text. */
export function ambiguous(row, text) {
  if (!THOUSANDS.test(text) || !["whole", "focal"].includes(row.kind)) return "";
  return say("given {text}; a whole number is written without a point, such as 1000", { text });
}

function noPathOfAForm(facts, form, path) {
  if (!form) return say("name a setting of a form, as in forms.NAME.serve.term_weeks");
  if (path in facts.sections || !rowOf(facts, path)) return unknownPath(facts, path);
  return say("this is a setting of the whole world, not of one form; write {path}", { path });
}

/** Return the words for a path that does not exist. */
function unknownPath(facts, path) {
  const paths = [...WHOLESALE, ...Object.keys(facts.row)];
  const [section, leaf] = path in facts.sections ? [path, ""] : [path.split(".")[0], path.split(".").slice(1).join(".")];
  if (section in facts.sections && !leaf) {
    return say("this is a section; name a key in it, such as {path}", { path: facts.sections[section][0].path });
  }
  const near = nearestPath(path, paths, 0.75);
  if (near) return say("no such path; did you mean '{near}'?", { near });
  return noSuchKey(facts, leaf || section, leaf ? section : "");
}

/** Return the words for an unknown key in a section, or at the top, with the nearest right one. */
export function noSuchKey(facts, name, section = "") {
  const inside = section in facts.sections ? section : "";
  const here = inside ? facts.sections[inside].map((row) => sectionAndKey(row.path)[1]) : facts.fields;
  const leaves = { ...Object.fromEntries(facts.fields.map((one) => [one, one])) };
  for (const row of facts.parameters) leaves[row.path.split(".").at(-1)] = row.path;
  if (name.includes(".") && Object.values(leaves).includes(name)) {
    const [outer, leaf] = name.split(".");
    return say("no such key; keys are nested here: write {written}", { written: `${outer}: {${leaf}: ...}` });
  }
  if (Object.hasOwn(leaves, name) || !nearest(name, here)) { // what stands elsewhere by this very name is meant
    const known = Object.hasOwn(leaves, name) ? leaves[name] : leaves[nearest(name, Object.keys(leaves), 0.8) ?? ""];
    if (known) return say("no such key; did you mean '{known}'?", { known });
  }
  return say("no such key") + suggestion(name, here);
}

/** Return the world with other values at some paths, in the order given; who names no form means all of them. */
export function laidOver(facts, world, given) {
  const values = { ...world.values };
  for (const [path, value] of Object.entries(given)) {
    if (WHOLESALE.includes(path)) multiply(facts, world, values, path.slice(0, -1), value);
    else {
      for (const one of everywhere(facts, world, path)) {
        if (!Object.hasOwn(values, one)) throw new InputError(`${one}: ${noSuchFormOrRule(facts, world)}`);
        values[one] = value;
      }
      if (/^forms\..*\.groups$/.test(path)) values["start.groups"] = 1;
    }
  }
  if (world.forms.length) values["start.groups"] = groupsOf(world.forms, values);
  return { ...world, values };
}

function multiply(facts, world, values, mark, factor) {
  for (const row of facts.parameters.filter((one) => one[mark])) {
    for (const path of everywhere(facts, world, row.path)) {
      values[path] *= factor;
      if (!fits(row, values[path])) {
        const become = { path, value: values[path], allowed: allowed(row) };
        throw new InputError(say("{path} would become {value}; allowed: {allowed}", become));
      }
    }
  }
}

/** Return a path, and the same setting of every form. */
function everywhere(facts, { forms }, path) {
  return facts.row[path]?.shared ? [path, ...forms.map((name) => `forms.${name}.${path}`)] : [path];
}

function noSuchFormOrRule(facts, { forms }) {
  const rules = ownRules(facts).map(({ name }) => name);
  return say("no such parameter of a rule or a form; this scenario has these rules: {rules}; forms: {forms}", {
    rules: rules.join(", ") || say("none"), forms: forms.join(", ") || say("none"),
  });
}

/** Return how many groups the forms of a community have together, if what `start.groups` says agrees with it. */
export function groupsOf(forms, values) {
  const sum = forms.reduce((total, name) => total + values[`forms.${name}.groups`], 0), said = values["start.groups"];
  if (said === 1 || said === sum) return sum;
  throw new InputError(say(
    "start.groups is {said}, but the forms have {sum} groups together; " +
    "say forms.NAME.groups, and leave start.groups out", { said, sum },
  ));
}

/** Throw the error for values that do not fit together, or changes that cannot be. */
export function checkTogether(facts, world, changes = []) {
  const { values, forms } = world, { limits } = facts;
  checkStart("start", values, "start");
  const steps = (values.weeks + values["start.run_in_weeks"]) / values.weeks_per_step;
  const length = () => {
    if (steps <= limits.steps) return;
    throw new InputError(say("weeks and start.run_in_weeks make {steps} steps; at most {most} are allowed", {
      steps, most: limits.steps,
    }));
  };
  if (forms.length) length();
  if (forms.length > limits.forms) {
    const number = { number: forms.length, most: limits.forms };
    throw new InputError(say("forms: there are {number}; at most {most} are allowed", number));
  }
  for (const name of forms) {
    if (!FORM_NAME.test(name)) {
      throw new InputError(say("forms: given {name}; a form is named with small letters, digits and _", {
        name: shown(name),
      }));
    }
    checkStart(`forms.${name}.start`, values, `forms.${name}.start`);
  }
  const groups = values["start.groups"];
  if (forms.length && groups > limits.groups) {
    const number = { groups, most: limits.groups };
    throw new InputError(say("forms: they have {groups} groups together in one community; at most {most}", number));
  }
  if (focalGroup(world) === null) {
    const said = { focal: shown(values.focal), last: groups - 1, groups };
    throw new InputError(say(
      "focal: given {focal}; allowed: a number from 0 to {last}, for there are {groups} groups at the start, " +
      "or a form that has one", said,
    ));
  }
  length();
  if (starters(world) >= 2 ** 20) {
    throw new InputError(say("more than 1,048,575 starting members in one community; use community.count"));
  }
  checkChanges(facts, world, changes);
}

function checkStart(path, values, at) {
  const helpers = values[`${at}.helpers`], members = values[`${at}.members`];
  const learning = helpers + values[`${at}.apprentices`];
  if (helpers > members) {
    const said = { path, helpers, members };
    throw new InputError(
      say("{path}.helpers is {helpers}, more than {path}.members, {members}; helpers are members", said),
    );
  }
  if (learning > members) {
    throw new InputError(say(
      "{path}.helpers and {path}.apprentices make {learning}, more than {path}.members, {members}; both are members",
      { path, learning, members },
    ));
  }
}

function checkChanges(facts, world, changes) {
  if (changes.length > 1000) throw new InputError(say("changes: at most 1,000 are allowed"));
  const { weeks } = world.values, later = changes.find((change) => change.week >= weeks);
  if (later) {
    throw new InputError(say("changes: week {week} lies beyond the run of {weeks} weeks", { week: later.week, weeks }));
  }
  for (const change of changes) {
    for (const path of Object.keys(change.set)) {
      const [form, inner] = formAndPath(path), section = inner.split(".")[0];
      if (facts.fixed.includes(inner) || facts.fixed.includes(section) || (form && inner === "groups")) {
        const said = { week: change.week, path };
        throw new InputError(say("changes, week {week}: {path} cannot change in mid-life", said));
      }
    }
    try {
      laidOver(facts, world, change.set);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(say("changes, week {week}: {problem}", { week: change.week, problem: error.message }));
    }
  }
}

/** Return the number of the focal group; null if there is no such group. */
export function focalGroup({ values, forms }) {
  const { focal } = values;
  if (typeof focal === "number") return focal >= 0 && focal < Math.max(1, values["start.groups"]) ? focal : null;
  let first = 0;
  for (const name of forms) {
    const groups = values[`forms.${name}.groups`];
    if (name === focal) return groups ? first : null;
    first += groups;
  }
  return null;
}

/** Return how many members all groups of a community have at the start. */
export function starters({ values, forms }) {
  if (!forms.length) return values["start.groups"] * values["start.members"];
  return forms.reduce((sum, name) => sum + values[`forms.${name}.groups`] * values[`forms.${name}.start.members`], 0);
}

/** Throw the error for a world of which one history would keep people waiting. */
export function checkSize(facts, world) {
  const { values } = world, weeks = values.weeks + values["start.run_in_weeks"];
  const people = 180 * Math.max(values["community.arrivals_per_week"], 0.1) + starters(world);
  const work = (people * weeks * values["community.count"]) / values.weeks_per_step;
  if (work <= facts.limits.work) return;
  const millions = (work / 1e6).toFixed(0).replaceAll(/\B(?=(\d{3})+$)/g, ",");
  throw new InputError(say(
    "this is too large for a page: about {millions} million person-weeks, allowed are {most} million; " +
    "run it with mhsim run and open the folder", { millions, most: facts.limits.work / 1e6 },
  ));
}

/** Return a change in mid-life, whole and frozen: week, the values set, and an act with its count. */
export function changeOf({ week, set = {}, act = null, count = 1, leave = false }) {
  const weeks = wholeWithin(week, 0, 3600), times = wholeWithin(count, 0, 1000);
  for (const value of Object.values(set)) {
    if (value === null || typeof value === "object") throw new InputError(say("input should be a valid number"));
  }
  if (typeof leave !== "boolean") throw new InputError(say("input should be a valid boolean"));
  if (!Object.keys(set).length && act === null) throw new InputError(say("a change needs `set` or `act`"));
  if (leave && act === null) {
    throw new InputError(
      say("`leave` says of those whom `act` takes whether they leave the group; there is no `act`"),
    );
  }
  return Object.freeze({ week: weeks, set: Object.freeze({ ...set }), act, count: times, leave });
}

function wholeWithin(value, low, high) {
  const wrong = (words) => new InputError(words);
  if (typeof value === "string") {
    throw wrong(say("input should be a valid integer, unable to parse string as an integer"));
  }
  if (typeof value !== "number" || !Number.isFinite(value)) throw wrong(say("input should be a valid integer"));
  if (!Number.isInteger(value)) {
    throw wrong(say("input should be a valid integer, got a number with a fractional part"));
  }
  if (value < low) throw wrong(say("input should be greater than or equal to {low}", { low }));
  if (value > high) throw wrong(say("input should be less than or equal to {high}", { high }));
  return value;
}

/** Return the error for a setting given as a path and a text. */
export const refused = (path, text, problem) => new InputError(`${shortened(path)}=${shortened(text)}: ${problem}`);
