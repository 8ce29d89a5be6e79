// Works out the statistics of a file of cases in node, and prints them as one line of JSON; NaN is written as null.
// node stats_in_node.mjs FOLDER CASES.json, FOLDER having the modules of dashboard/browser.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, path] = process.argv.slice(2);
const stats = await import(pathToFileURL(`${folder}/engine/stats.js`));
const { signs, students, shares, rows, bands } = JSON.parse(readFileSync(path));
const numbers = (row) => row.map((value) => value ?? NaN);
const told = (found) => ({ ...found, verdict: stats.verdictOf(found) });
console.log(JSON.stringify({
  signs: signs.map((pairs) => [...stats.turned(pairs).slice(0, 400)]),
  students: students.map(stats.student),
  shares: shares.map(([count, cases]) => stats.proportion(count, cases)),
  rows: rows.map(({ rows, yes_no }) => ({
    differences: stats.pairedDifferences(rows.map(numbers), yes_no).map(told),
    means: rows.map((row) => told(stats.mean(numbers(row)))),

  })),
  bands: bands.map(({ closed, weeks }) => stats.survivalBand(closed.map((week) => week ?? Infinity), weeks)),
}));
