// Situations as files: written as YAML that `mhsim run` repeats bit for bit, and read with the checks of the command
// line. What is written is fully resolved, as `mhsim.scenario_io.writer` has it.

import { say } from "../words.js";
import { changeOf, checkSize, checkTogether, groupsOf } from "./checks.js";
import { InputError } from "./errors.js";
import { formNamed, ownRules, rowOf, sectionAndKey } from "./facts.js";
import { Situation, differences } from "./situation.js";
import { floatText, scalar } from "./written.js";
import { checkFile, leavesOf, namedIn } from "./yaml_checks.js";
import { readYaml } from "./yaml_reader.js";

const PLAIN = /^[A-Za-z][A-Za-z_]*$/;
const ESCAPES = {
  "\0": "0", "\x07": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e", '"': '"',
  "\\": "\\", "\x85": "N", "\u2028": "L", "\u2029": "P",
};
const HARMLESS = /^[\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/;
/** Return a situation as YAML, fully resolved: every parameter stands in it, nothing is extended. */
export function toYaml(situation) {
  return lines(dataOf(situation.facts, situation.scenario()), "").join("\n") + "\n";
}

/** Return the situation that a text describes; an error names the file and the line. */
export function fromYaml(facts, text, file = "file") {
  const document = readYaml(text, file), { data } = document;
  checkFile(facts, document);
  const world = worldOf(facts, data), changes = (data.changes ?? world.changes).map(changeOf);
  try {
    if (world.forms.length) world.values["start.groups"] = groupsOf(world.forms, world.values);
    checkTogether(facts, world, changes);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw document.error(namedIn(error.message, document), error.message);
  }
  return situationOf(facts, world, changes, file);
}

/** Return what a scenario says as nested data, in the order of a scenario file; numbers are written already. */
function dataOf(facts, { forms, values, changes }) {
  const found = { title: values.title, form: values.form, about: values.about };
  const unused = (prefix) => Object.keys(facts.rules).filter((name) => facts.sections[name].every(
    ({ path, default: usual }) => values[path] === usual && values[prefix + path] === usual,
  ));
  const prefixes = ["", ...forms.map((name) => `forms.${name}.`)];
  const leftOut = Object.fromEntries(prefixes.map((prefix) => [prefix, unused(prefix)]));
  const add = (into, row, prefix) => {
    const [section, leaf] = sectionAndKey(row.path), said = inFile(row, values[prefix + row.path]);
    if (!leaf) into[section] = said;
    else if (!leftOut[prefix].includes(section)) (into[section] ??= {})[leaf] = said;
  };
  const inRules = (row) => sectionAndKey(row.path)[0] in facts.rules;
  for (const row of facts.parameters) if (!inRules(row)) add(found, row, "");
  const rules = {};
  for (const { section, name, origin } of ownRules(facts)) {
    if (leftOut[""].includes(section)) continue;
    rules[name] = { ...origin };
    for (const row of facts.sections[section]) rules[name][sectionAndKey(row.path)[1]] = inFile(row, values[row.path]);
  }
  Object.assign(found, { rules, changes: changes.map((change) => changeInFile(facts, change)) });
  if (values.focal !== 0) found.focal = values.focal;
  for (const row of facts.parameters) {
    if (inRules(row) && !(sectionAndKey(row.path)[0] in facts.own_rules)) add(found, row, "");
  }
  if (forms.length) found.forms = {};
  for (const name of forms) {
    const own = (found.forms[name] = { groups: new Written(values[`forms.${name}.groups`]) });
    for (const row of facts.parameters) if (row.shared) add(own, row, `forms.${name}.`);
  }
  return found;
}

/** A value as it is written. */
class Written {
  constructor(text) {
    this.text = String(text);
  }
}

function inFile({ kind, choices }, value) {
  if (kind === "number" || (kind === "choice" && typeof value === "number")) {
    const text = floatText(value);
    return new Written(text.includes(".") ? text : text.replace("e", ".0e"));
  }
  return kind === "choice" && choices.includes(value) ? value : typeof value === "string" ? value : new Written(value);
}

function changeInFile(facts, { week, set, act, count, leave }) {
  const said = Object.entries(set).map(([path, value]) => {
    const whole = typeof value !== "number" || Number.isInteger(value);
    return [path, whole && typeof value !== "string" ? new Written(value) : inFile(rowOf(facts, path) ?? {}, value)];
  });
  return {
    week: new Written(week), ...(said.length ? { set: Object.fromEntries(said) } : {}), ...(act ? { act } : {}),
    count: new Written(count), leave: new Written(leave),
  };
}

/** Return nested data as lines of YAML. */
function lines(data, indent) {
  return Object.entries(data).flatMap(([key, value]) => {
    const name = `${indent}${quoted(key)}:`;
    if (value instanceof Written) return [`${name} ${value.text}`];
    if (typeof value === "string") return [`${name} ${quoted(value)}`];
    if (Array.isArray(value)) {
      const items = value.flatMap((one) => listed(lines(one, `${indent}  `), indent));
      return items.length ? [name, ...items] : [`${name} []`];
    }
    return Object.keys(value).length ? [name, ...lines(value, `${indent}  `)] : [`${name} {}`];
  });
}

const listed = ([first, ...others], indent) => [`${indent}- ${first.slice(indent.length + 2)}`, ...others];

/** Return a text as it stands in YAML: in quotes unless it is one plain word. */
function quoted(text) {
  if (PLAIN.test(text) && scalar(text) === text) return text;
  return `"${[...text].map(escaped).join("")}"`;
}

function escaped(sign) {
  if (Object.hasOwn(ESCAPES, sign)) return `\\${ESCAPES[sign]}`;
  if (HARMLESS.test(sign)) return sign;
  const code = sign.codePointAt(0), digits = code.toString(16).toUpperCase();
  if (code < 0x100) return `\\x${digits.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}

/** Return the world that checked data describe, laid over what they extend. */
function worldOf(facts, data) {
  const base = data.extends ? formNamed(facts, data.extends) : facts.usual, values = {}, said = {};
  const named = Object.entries(data.rules ?? {}).map(([name, own]) => [`rules.${name}`, { enabled: true, ...own }]);
  const sections = { ...data, ...Object.fromEntries(named) };
  for (const path of facts.paths) {
    const [section, leaf] = sectionAndKey(path), here = leaf ? sections[section]?.[leaf] : sections[section];
    values[path] = here ?? base.values[path];
  }
  for (const [name, own] of Object.entries(base.differing)) {
    said[name] = base.whole.includes(name) ? sharedOf(facts, base.values, `forms.${name}.`) : {};
    Object.assign(said[name], own);
  }
  for (const [name, { from = null, set = {}, ...own }] of Object.entries(data.forms ?? {})) {
    said[name] ??= { groups: 1 };
    if (from) Object.assign(said[name], sharedOf(facts, facts.forms[from].values, ""));
    for (const [path, value] of [...leavesOf(own), ...leavesOf(set)]) said[name][path] = value;
  }
  const forms = Object.keys(said);
  if (forms.length) values["start.groups"] = data.start?.groups ?? 1;
  for (const name of forms) {
    values[`forms.${name}.groups`] = said[name].groups;
    for (const { path, shared } of facts.parameters) {
      if (shared) values[`forms.${name}.${path}`] = said[name][path] ?? values[path];
    }
  }
  return { forms, values, changes: base.changes };
}

/** Return what values say of the settings that every form has for itself. */
function sharedOf(facts, values, prefix) {
  const shared = facts.parameters.filter((row) => row.shared);
  return Object.fromEntries(shared.map(({ path }) => [path, values[prefix + path]]));
}

/** Return a world as a situation; throw the error for forms that are not shipped, or one too large for a page. */
function situationOf(facts, world, changes, file) {
  const form = Object.hasOwn(facts.forms, world.values.form) ? world.values.form : "base";
  try {
    const base = formNamed(facts, form);
    if (String(base.forms) !== String(world.forms)) {
      throw new InputError(
        say("forms: a world of forms that is not shipped is not opened here; run it with mhsim run"),
      );
    }
    checkSize(facts, world);
    return new Situation(facts, form).withValues(differences(facts, base, world), changes);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${file}: ${error.message}`) : error;
  }
}
