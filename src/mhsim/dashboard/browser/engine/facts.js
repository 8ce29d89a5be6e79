// What a page knows of the model, unfolded from the JSON that `mhsim.export.page_facts` makes.

import { say } from "../words.js";
import { InputError } from "./errors.js";

const EMPTY = {
  low: null, high: null, unit: "", meaning: "", source: "", benefit: false, harm: false, choices: [], label: "",
  slider: null, special: [], shared: false,
};
/** Return the section of a parameter's path, and its name in it; the name is empty for one that is in no section. */
export function sectionAndKey(path) {
  const at = path.lastIndexOf(".");
  return at < 0 ? [path, ""] : [path.slice(0, at), path.slice(at + 1)];
}

/** Return the rules of one's own that the engine has, by name, as a scenario file names them. */
export const ownRules = (facts) =>
  Object.entries(facts.own_rules).map(([section, origin]) => ({ section, name: section.slice("rules.".length), origin }));

const WORDS = ["title", "about", "form"];
export const INTERVENTION = "intervention"; // the reason of a role that an act from outside ended

/** The reasons in the log by code: those for which people leave, and two for which a role alone ends. */
export const eventReasons = ({ reasons }) => [...reasons, "other_work_left", INTERVENTION];

/**
 * Return the facts of a text of JSON: as it says, and besides `row`, each parameter by its path; `sections`, the
 * parameters of each section; `paths`, every path at which two situations can differ; and of each form all `values`.
 */
export function readFacts(text) {
  const facts = JSON.parse(text);
  facts.parameters = facts.parameters.map((row) => ({ ...EMPTY, ...row }));
  facts.row = Object.fromEntries(facts.parameters.map((row) => [row.path, row]));
  facts.groups = { ...EMPTY, ...facts.groups };
  facts.paths = [...WORDS, "focal", ...Object.keys(facts.row)];
  facts.sections = {};
  for (const row of facts.parameters) {
    const [section, leaf] = sectionAndKey(row.path);
    if (leaf) (facts.sections[section] ??= []).push(row);
  }
  facts.measure = Object.fromEntries(facts.measures.map((one) => [one.name, one]));
  const usual = { focal: 0 };
  for (const [name, said] of Object.entries(facts.texts)) usual[name] = said.default;
  for (const row of facts.parameters) usual[row.path] = row.default;
  facts.usual = { values: usual, forms: [], differing: {}, changes: [], whole: [] };
  const unfold = (form) => {
    const values = { ...usual, ...form.said };
    for (const [name, own] of Object.entries(form.differing)) {
      values[`forms.${name}.groups`] = own.groups;
      for (const { path, shared } of facts.parameters) {
        if (shared) values[`forms.${name}.${path}`] = own[path] ?? values[path];
      }
    }
    return values;
  };
  for (const [name, { values: said, forms: differing, ...form }] of Object.entries(facts.forms)) {
    let values = null;
    facts.forms[name] = {
      ...form, said, differing, forms: Object.keys(differing),
      get values() {
        return (values ??= unfold(this));
      },
    };
  }
  return facts;
}

/** Return a shipped form; an error names those there are. */
export function formNamed(facts, name) {
  if (Object.hasOwn(facts.forms, name)) return facts.forms[name];
  const known = Object.keys(facts.forms).join(", ");
  const said = { name: name.slice(0, 60), known };
  throw new InputError(say("form: there is none named '{name}'; there are {known}", said));
}

/** Return every path that names one of these forms, in the order of a scenario file. */
export function formPaths(facts, forms) {
  const inner = ["groups", ...facts.parameters.filter((row) => row.shared).map((row) => row.path)];
  return forms.flatMap((name) => inner.map((path) => `forms.${name}.${path}`));
}

/** Return the form that a path names, and the rest; the form is empty for none. */
export function formAndPath(path) {
  const found = /^forms\.([^.]*)\.(.+)$/s.exec(path);
  return found ? [found[1], found[2]] : ["", path];
}

/** Return what is known of what stands at a path, whatever form it names; undefined if there is no such path. */
export function rowOf(facts, path) {
  const [form, inner] = formAndPath(path);
  if (form) return inner === "groups" ? facts.groups : facts.row[inner]?.shared ? facts.row[inner] : undefined;
  if (Object.hasOwn(facts.texts, path)) return { ...EMPTY, kind: "text", longest: facts.texts[path].longest };
  return path === "focal" ? { ...EMPTY, kind: "focal" } : Object.hasOwn(facts.row, path) ? facts.row[path] : undefined;
}
