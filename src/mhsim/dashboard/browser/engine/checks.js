// What may stand where: the checks that `mhsim.scenario` and `mhsim.scenario_io` make, with their words.

import { InputError, nearest, shortened, shown, suggestion } from "./errors.js";
import { formAndPath, rowOf } from "./facts.js";

const THOUSANDS = /^[-+]?[0-9]{1,3}(\.[0-9]{3})+$/;
const CHANGE_PATH = /^changes\[(\d{1,4})\]\.(week|count)$/;
const FORM_NAME = /^[a-z][a-z0-9_]{0,39}$/;
const PLAIN_WORDS = {
  switch: "on or off", whole: "a whole number", number: "a number", text: "text", focal: "a whole number or text",
};
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
  let words = kind === "choice" ? `one of ${choices.join(", ")}` : PLAIN_WORDS[kind];
  if (low !== null) words += ` from ${low} to ${high}`;
  return words + (unit && !NAMELESS.includes(unit) ? ` (${unit})` : "");
}

/** Return what is wrong with a value at a path, in words; empty if it may stand there. `text` is how it was written. */
export function problemWith(facts, path, value, text = "") {
  const given = `given ${shown(value, text)}; allowed: `;
  if (WHOLESALE.includes(path)) return value >= 0 && value < Infinity ? "" : `${given}a factor of 0 or more`;
  if (CHANGE_PATH.test(path)) return "";
  const keys = path.split(".");
  if (keys[0] === "rules") return keys.length === 3 ? "" : "name a parameter of a rule, as in rules.NAME.PARAMETER";
  if (path === "forms") return `${given}a section of keys`;
  if (path === "changes") {
    return "changes are a list; write them in a scenario file, and name the week of the first as changes[0].week";
  }
  const row = rowOf(facts, path);
  if (!row) return keys[0] === "forms" ? noPathOfAForm(facts, ...formAndPath(path)) : unknownPath(facts, path);
  if (value === null || typeof value === "object" || !kinds(row).includes(kindOf(value))) return given + allowed(row);
  if (THOUSANDS.test(text) && ["whole", "focal"].includes(row.kind)) {
    return `given ${text}; a whole number is written without a point, such as 1000`;
  }
  return fits(row, value) ? "" : given + allowed(row);
}

function noPathOfAForm(facts, form, path) {
  if (!form) return "name a setting of a form, as in forms.NAME.serve.term_weeks";
  if (path in facts.sections || !rowOf(facts, path)) return unknownPath(facts, path);
  return `this is a setting of the whole world, not of one form; write ${path}`;
}

/** Return the words for a path that does not exist. */
function unknownPath(facts, path) {
  const paths = [...WHOLESALE, ...Object.keys(facts.row)];
  const [section, ...others] = path.split("."), leaf = others.join(".");
  if (section in facts.sections && !leaf) {
    return `this is a section; name a key in it, such as ${facts.sections[section][0].path}`;
  }
  const near = nearest(path, paths, 0.75);
  return near ? `no such path; did you mean '${near}'?` : noSuchKey(facts, leaf || section, leaf ? section : "");
}

/** Return the words for an unknown key in a section, or at the top, with the nearest right one. */
export function noSuchKey(facts, name, section = "") {
  const inside = section in facts.sections ? section : "";
  const here = inside ? facts.sections[inside].map((row) => row.path.split(".")[1]) : facts.fields;
  const leaves = { ...Object.fromEntries(facts.fields.map((one) => [one, one])) };
  for (const row of facts.parameters) leaves[row.path.split(".").at(-1)] = row.path;
  if (name.includes(".") && Object.values(leaves).includes(name)) {
    const [outer, leaf] = name.split(".");
    return `no such key; keys are nested here: write ${outer}: {${leaf}: ...}`;
  }
  if (!nearest(name, here)) {
    const known = Object.hasOwn(leaves, name) ? leaves[name] : leaves[nearest(name, Object.keys(leaves), 0.8) ?? ""];
    if (known) return `no such key; did you mean '${known}'?`;
  }
  return `no such key${suggestion(name, here)}`;
}

/** Return the world with other values at some paths, in the order given; who names no form means all of them. */
export function laidOver(facts, world, given) {
  const values = { ...world.values };
  for (const [path, value] of Object.entries(given)) {
    if (WHOLESALE.includes(path)) multiply(facts, world, values, path.slice(0, -1), value);
    else {
      for (const one of everywhere(facts, world, path)) {
        if (!Object.hasOwn(values, one)) throw new InputError(`${one}: ${noSuchFormOrRule(world)}`);
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
        throw new InputError(`${path} would become ${values[path]}; allowed: ${allowed(row)}`);
      }
    }
  }
}

/** Return a path, and the same setting of every form. */
function everywhere(facts, { forms }, path) {
  return facts.row[path]?.shared ? [path, ...forms.map((name) => `forms.${name}.${path}`)] : [path];
}

function noSuchFormOrRule({ forms }) {
  const listed = `rules: none; forms: ${forms.join(", ") || "none"}`;
  return `no such parameter of a rule or a form; this scenario has these ${listed}`;
}

/** Return how many groups the forms of a community have together, if what `start.groups` says agrees with it. */
export function groupsOf(forms, values) {
  const sum = forms.reduce((total, name) => total + values[`forms.${name}.groups`], 0), said = values["start.groups"];
  if (said === 1 || said === sum) return sum;
  throw new InputError(
    `start.groups is ${said}, but the forms have ${sum} groups together; ` +
    "say forms.NAME.groups, and leave start.groups out",
  );
}

/** Throw the error for values that do not fit together, or changes that cannot be. */
export function checkTogether(facts, world, changes = []) {
  const { values, forms } = world, { limits } = facts;
  checkStart("start", values, "start");
  const steps = (values.weeks + values["start.run_in_weeks"]) / values.weeks_per_step;
  const tooLong = `weeks and start.run_in_weeks make ${steps} steps; at most ${limits.steps} are allowed`;
  if (forms.length && steps > limits.steps) throw new InputError(tooLong);
  if (forms.length > limits.forms) {
    throw new InputError(`forms: there are ${forms.length}; at most ${limits.forms} are allowed`);
  }
  for (const name of forms) {
    if (!FORM_NAME.test(name)) {
      throw new InputError(`forms: given ${shown(name)}; a form is named with small letters, digits and _`);
    }
    checkStart(`forms.${name}.start`, values, `forms.${name}.start`);
  }
  const groups = values["start.groups"];
  if (forms.length && groups > limits.groups) {
    throw new InputError(`forms: they have ${groups} groups together in one community; at most ${limits.groups}`);
  }
  if (focalGroup(world) === null) {
    const here = `a number from 0 to ${groups - 1}, for there are ${groups} groups at the start`;
    throw new InputError(`focal: given ${shown(values.focal)}; allowed: ${here}, or a form that has one`);
  }
  if (steps > limits.steps) throw new InputError(tooLong);
  if (starters(world) >= 2 ** 20) {
    throw new InputError("more than 1,048,575 starting members in one community; use community.count");
  }
  checkChanges(facts, world, changes);
}

function checkStart(path, values, at) {
  const helpers = values[`${at}.helpers`], members = values[`${at}.members`];
  const learning = helpers + values[`${at}.apprentices`];
  if (helpers > members) {
    throw new InputError(
      `${path}.helpers is ${helpers}, more than ${path}.members, ${members}; helpers are members`,
    );
  }
  if (learning > members) {
    throw new InputError(
      `${path}.helpers and ${path}.apprentices make ${learning}, more than ${path}.members, ${members}; ` +
      "both are members",
    );
  }
}

function checkChanges(facts, world, changes) {
  if (changes.length > 1000) throw new InputError("changes would become a list; allowed: a list");
  const { weeks } = world.values, later = changes.find((change) => change.week >= weeks);
  if (later) throw new InputError(`changes: week ${later.week} lies beyond the run of ${weeks} weeks`);
  for (const change of changes) {
    for (const path of Object.keys(change.set)) {
      const [form, inner] = formAndPath(path), section = inner.split(".")[0];
      if (facts.fixed.includes(inner) || facts.fixed.includes(section) || (form && inner === "groups")) {
        throw new InputError(`changes, week ${change.week}: ${path} cannot change in mid-life`);
      }
    }
    try {
      laidOver(facts, world, change.set);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(`changes, week ${change.week}: ${error.message}`);
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
  throw new InputError(
    `this is too large for a page: about ${millions} million person-weeks, allowed are ` +
    `${facts.limits.work / 1e6} million; run it with mhsim run and open the folder`,
  );
}

/** Return a change in mid-life, whole and frozen: week, the values set, and an act with its count. */
export function changeOf({ week, set = {}, act = null, count = 1, leave = false }) {
  const weeks = wholeWithin(week, 0, 3600), times = wholeWithin(count, 0, 1000);
  for (const value of Object.values(set)) {
    if (value === null || typeof value === "object") throw new InputError("input should be a valid number");
  }
  if (typeof leave !== "boolean") throw new InputError("input should be a valid boolean");
  if (!Object.keys(set).length && act === null) throw new InputError("a change needs `set` or `act`");
  if (leave && act === null) {
    throw new InputError("`leave` says of those whom `act` takes whether they leave the group; there is no `act`");
  }
  return Object.freeze({ week: weeks, set: Object.freeze({ ...set }), act, count: times, leave });
}

function wholeWithin(value, low, high) {
  const wrong = (words) => new InputError(`input should be ${words}`);
  if (typeof value === "string") throw wrong("a valid integer, unable to parse string as an integer");
  if (typeof value !== "number" || !Number.isFinite(value)) throw wrong("a valid integer");
  if (!Number.isInteger(value)) throw wrong("a valid integer, got a number with a fractional part");
  if (value < low) throw wrong(`greater than or equal to ${low}`);
  if (value > high) throw wrong(`less than or equal to ${high}`);
  return value;
}

/** Return the error for a setting given as a path and a text. */
export const refused = (path, text, problem) => new InputError(`${shortened(path)}=${shortened(text)}: ${problem}`);
