// Several forms in one world: open groups and members of each, step by step since the opening.

import { Table } from "./columns.js";

export const SHOWN = ["open_groups", "members"];

/** Return what is counted of each form, {weeks, forms: [{name, open_groups, members}]}; null where there is one form. */
export function byForm(history, { forms, values }) {
  if (forms.length < 2) return null;
  const { world, plan } = history, rows = Table.of(history, "forms"), [, kinds] = world.forms.shape;
  const last = history.memory.number(world.meter, history.layout.tables.meter.step.offset), dt = values.weeks_per_step;
  const steps = Array.from({ length: last - plan.opens }, (_, k) => plan.opens + k);
  const counted = (name, form) => steps.map((step) => rows.get(name, step * kinds + form));
  return {
    weeks: steps.map((_, k) => k * dt),
    forms: forms.map((name, form) => ({ name, ...Object.fromEntries(SHOWN.map((what) => [what, counted(what, form)])) })),
  };
}
