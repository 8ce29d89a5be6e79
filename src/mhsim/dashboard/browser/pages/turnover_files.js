// What can be taken along: the table of everything that is counted, and the scenarios of A and B.
import { isClear } from "../engine/stats.js";
import { toYaml } from "../engine/yaml.js";
import { button, make } from "../replay/parts.js";
import { say } from "../words.js";
import { download } from "./files.js";
import { aliveAtEnd, aliveByTime, differenceInAlive, peopleOf } from "./outcomes.js";
import { NAMES, isDone, meaning, reasonRows } from "./turnover_words.js";

const EDGES = ["value", "low", "high"];

/** Return the part with the ways out; `pairOf` gives the pair shown, null while it is worked out; `others` are more. */
export function documents(app, pairOf, others) {
  const said = make("p", { class: "quiet if-any", role: "status" });
  const way = (label, act) => button(label, () => { said.textContent = ""; act(); });
  const whole = (act) => () => {
    const pair = pairOf();
    if (pair && isDone(pair)) act(pair);
    else said.textContent = say("The runs are still being calculated; please wait a moment.");
  };
  const links = make("span", { class: "turnover-documents" });
  const state = {
    element: make("section", { "aria-label": say("Take it along") }, make("h2", {}, say("Take it along")),
      make("p", { class: "turnover-documents" },
        ...others.map(([label, act]) => way(label, whole(act))),
        way(say("Table (CSV)"), whole((pair) => download(fileOf(pair), csvOf(pair), "text/csv"))),
        ...NAMES.map((name, k) => way(say("Scenario of {name} (YAML)", { name }),
          () => download(`scenario-${name.toLowerCase()}.yaml`, toYaml(state.two[k]), "text/yaml"))), links), said),
    show(two) {
      state.two = two;
      links.replaceChildren(...NAMES.map((name, k) => make("a", { href: app.link("explore", { first: two[k] }) },
        say("Open {name} in Explore", { name }))));
    },
  };
  return state;
}

const fileOf = ({ first }) => `turnover-seed-${first.value("seed")}.csv`;

/** Return everything the page counts, one row each: what, unit, A, B and the difference, with their intervals. */
export function csvOf(pair) {
  const heads = ["a", "b", "b_less_a"].flatMap((who) => [who, `${who}_low`, `${who}_high`]);
  const lines = [["what", "unit", ...heads, "pairs", "clear", "clear_in_words"], ...rowsOf(pair)];
  return lines.map((cells) => `${cells.map(quoted).join(",")}\n`).join("");
}

function rowsOf(pair) {
  const { one, other, first } = pair, pairs = String(one.length), ofGroups = say("of 100 groups"), none = ["", "", ""];
  const alive = [aliveAtEnd(one), aliveAtEnd(other), differenceInAlive(one, other)];
  const rows = [row(say("still meeting at the end"), ofGroups, alive, 100)];
  for (const { measure: { words, unit, scale }, means, difference } of peopleOf(one, other, true)) {
    rows.push(row(words, unit, [...means, difference], scale));
  }
  for (const { label, values } of reasonRows(pair).slice(1)) {
    rows.push([label, ofGroups, ...values.flatMap((value) => [sixDigits(value), "", ""]), ...none, pairs, "", ""]);
  }
  const lines = [one, other].map((outcomes) => aliveByTime(outcomes, first.value("weeks")));
  lines[0].weeks.forEach((week, k) => {
    const cells = lines.flatMap((line) => [line.share[k], line.low[k], line.high[k]].map(sixDigits));
    rows.push([say("still meeting after week {week}", { week }), ofGroups, ...cells, ...none, pairs, "", ""]);
  });
  return rows;
}

function row(what, unit, estimates, scale) {
  const cell = (value) => (Number.isNaN(value) ? "" : sixDigits(scale * value));
  const cells = estimates.flatMap((one) => EDGES.map((edge) => cell(one[edge])));
  const change = estimates.at(-1);
  return [what, unit, ...cells, String(change.cases), isClear(change) ? "yes" : "no", meaning(change, scale)];
}

const sixDigits = (value) => String(Number(value.toPrecision(6)));
const quoted = (cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
