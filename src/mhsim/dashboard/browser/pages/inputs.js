// Labelled inputs of a page: what a parameter's line says of its range, unit and words becomes an input.
import { render } from "../fields.js";
import { localModel } from "./local_model.js";
import { inWords, labelOf, meaningOf, unitOf } from "./describe.js";

const ARRIVALS = "community.arrivals_per_week"; // its usual value differs from form to form by more than its slider holds
const COUNTED = "serve.departures_per_year"; // its label says of what and how often

/** Return the input of one parameter of a situation; a value beyond the slider widens it. */
export function fieldOf(path, situation) {
  const { facts } = situation, row = facts.row[path], value = situation.value(path);
  const common = { ...blank(path, labelOf(facts, path), value), help: meaningOf(facts, path) };
  if (row.source) common.help += ` ${row.source}.`;
  if (typeof value === "boolean") return { ...common, kind: "switch" };
  if (typeof value === "string") {
    const choices = (row.choices?.length ? row.choices : [value]).map((one) => [one, inWords(one.replaceAll("_", " "))]);
    return { ...common, kind: "choice", choices };
  }
  if (!row.slider) return { ...common, kind: "number", low: row.low ?? 0, high: row.high ?? null, step: stepOf(row) };
  const [low, most, step] = row.slider, usual = situation.formValue(path);
  const high = Math.max(most, value, path === ARRIVALS ? Math.min(row.high, 2 * usual) : 0);
  const words = (row.special ?? []).map(([one, said]) => [one, inWords(said)]);
  const unit = ["share", "chance"].includes(row.unit) ? row.unit : path === COUNTED ? "" : unitOf(row.unit);
  return { ...common, kind: "range", low: Math.min(low, value), high, step, unit, words };
}

const stepOf = (row) => (row.kind === "whole" ? 1 : null);

/** Return an input with nothing in it but its name, label and value. */
export function blank(name, label, value, kind = "number") {
  return { name, label, kind, value, low: null, high: null, step: null, choices: [], unit: "", help: "", words: [] };
}

/** Return a group of inputs: its element, `show` for other values, `end`. `onChange` hears name, value, and if final. */
export function fields(list, onChange, { legend, about = "", look = "" }) {
  const element = document.createElement("div");
  const model = localModel({ fields: list, legend, about, look, heard: 0 }, ({ name, value, final }) => {
    try {
      onChange(name, value, final);
    } finally {
      model.set("heard", model.get("heard") + 1);
    }
  });
  const end = render({ model, el: element });
  const show = (next, words = {}) => {
    for (const [name, value] of Object.entries(words)) model.set(name, value);
    model.set("fields", next);
  };
  return { element, show, end };
}
