// A situation: what a page assumes, kept as a shipped form, the settings that differ from it, and what happens later.

import { say } from "../words.js";
import { changeOf, checkSize, checkTogether, laidOver, problemWith, refused } from "./checks.js";
import { InputError } from "./errors.js";
import { formAndPath, formNamed, formPaths, rowOf } from "./facts.js";
import { scalar, written } from "./written.js";

/** Never changed once made: whatever would change it gives another. Checked when its scenario is first asked for. */
export class Situation {
  constructor(facts, form = "base", settings = {}, changes = []) {
    Object.assign(this, { facts, form, settings: { ...settings }, changes: changes.map(changeOf), known: {} });
    Object.freeze(this.settings);
    Object.freeze(this.changes);
    Object.freeze(this);
  }

  /** The value at a path, such as `serve.turnover_per_year`. */
  value(path) {
    return valueAt(this.whole(), path);
  }

  /** The value that the shipped form has at a path. */
  formValue(path) {
    return valueAt(formNamed(this.facts, this.form), path);
  }

  withValue(path, value) {
    return this.withValues({ [path]: value });
  }

  /** The situation with other values at some paths and, if given, other changes; a text is read as YAML reads it. */
  withValues(values, changes = this.changes) {
    const atStart = withSettings(this.facts, this.atStart(), values);
    const settings = differences(this.facts, formNamed(this.facts, this.form), atStart);
    const situation = new Situation(this.facts, this.form, settings, changes);
    situation.known.atStart = atStart;
    situation.whole();
    return situation;
  }

  withChanges(changes) {
    return this.withValues({}, changes);
  }

  /** The situation with one more change; a setting changed twice in one week keeps its last value. */
  withChange(change) {
    const later = changeOf(change);
    const kept = this.changes.filter((one) => !overruled(one, later));
    return this.withChanges([...kept, later].sort((one, other) => one.week - other.week));
  }

  withoutChange(position) {
    return this.withChanges(this.changes.filter((_, k) => k !== position));
  }

  /** Everything one history depends on but the replicate, as plain data. */
  scenario() {
    const { forms, values, changes } = this.whole();
    return { form: this.form, forms, values, changes, seed: values.seed, weeks: values.weeks };
  }

  /** The world without its changes. */
  atStart() {
    return (this.known.atStart ??= withSettings(this.facts, formNamed(this.facts, this.form), this.settings));
  }

  /** The world with its changes, checked to be small enough for a page. */
  whole() {
    return (this.known.whole ??= checked(this.facts, this.atStart(), this.changes));
  }
}

/** Return whether two situations are the same. */
export function same(one, other) {
  return one.form === other.form && sameData(one.settings, other.settings) && sameData(one.changes, other.changes);
}

/** Return whether plain data are the same, in whatever order keys stand. */
export function sameData(one, other) {
  return one === other || text(one) === text(other);
}

/** Return the paths at which another world differs from a base, with the other's values; those of forms come last. */
export function differences(facts, base, other) {
  const found = {};
  for (const path of facts.paths) if (other.values[path] !== base.values[path]) found[path] = other.values[path];
  const reached = {};
  for (const path of formPaths(facts, base.forms)) {
    const inner = formAndPath(path)[1];
    const below = inner in found && facts.row[inner]?.shared ? found[inner] : base.values[path];
    if (other.values[path] !== below) reached[path] = other.values[path];
  }
  return { ...found, ...reached };
}

function valueAt({ values }, path) {
  if (!Object.hasOwn(values, path)) throw new InputError(say("{path}: there is no value of that name", { path }));
  return values[path];
}

function withSettings(facts, { forms, values }, given) {
  const read = {}, world = { forms, values };
  for (const [path, value] of Object.entries(given)) {
    read[path] = typeof value === "string" && rowOf(facts, path)?.kind !== "text" ? scalar(value.trim()) : value;
  }
  for (const [path, value] of Object.entries(read)) {
    const problem = problemWith(facts, path, value, written(given[path]));
    if (problem) throw refused(path, written(given[path]), problem);
  }
  const found = laidOver(facts, world, read);
  checkTogether(facts, found);
  return found;
}

function checked(facts, world, changes) {
  for (const { week, set } of changes) {
    for (const [path, value] of Object.entries(set)) {
      const problem = problemWith(facts, path, value);
      const said = { week, problem: `${path}: ${problem}` };
      if (problem) throw new InputError(say("changes, week {week}: {problem}", said));
    }
  }
  checkTogether(facts, world, changes);
  checkSize(facts, world);
  return { ...world, changes };
}

function overruled(earlier, later) {
  if (earlier.week !== later.week || earlier.act !== later.act) return false;
  return Boolean(later.act) || Object.keys(earlier.set).every((path) => path in later.set);
}

function text(data) {
  const sorted = (value) => Object.fromEntries(Object.keys(value).sort().map((key) => [key, value[key]]));
  return JSON.stringify(data, (_, value) => (value?.constructor === Object ? sorted(value) : value));
}
