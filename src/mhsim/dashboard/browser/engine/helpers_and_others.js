// How people who became helpers compare with others: measures that lessons alone ask for, counted from lives.
import { Table } from "./columns.js";
import { NEVER, livingRows, pairwise } from "./counts.js";

/**
 * Return the mean self-efficacy, when last seen in need, of people who came to a group after it opened: those who ever
 * were helpers, and those who never were; null where there are none. The history keeps lives.
 */
export function helpersAndOthers(history) {
  const [meter, lives, people] = ["meter", "lives", "people"].map((name) => Table.of(history, name));
  const helpers = [], others = [];
  const look = (table, row) => {
    if (table.get("starter", row) || table.get("joined", row) === NEVER) return;
    const helped = table.get("first_helper", row) !== NEVER;
    (helped ? helpers : others).push(table.get("self_efficacy", row));
  };
  for (let row = 0; row < meter.get("lives", 0); row++) look(lives, row);
  const order = (one, other) => people.get("community", one) - people.get("community", other)
    || people.get("who", one) - people.get("who", other);
  for (const row of [...livingRows(history, meter.get("groups", 0))].sort(order)) look(people, row);
  return { efficacy_of_helpers: mean(helpers), efficacy_of_other_members: mean(others) };
}

const mean = (values) => (values.length ? pairwise(values) / values.length : null);
