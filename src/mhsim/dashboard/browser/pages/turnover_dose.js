// How much of one thing is needed: a lever from little to much, and how many groups still meet after some years.
import { both } from "../figures/canvas.js";
import { curves } from "../figures/curves.js";
import { isClear, pairedDifferences } from "../engine/stats.js";
import { make } from "../replay/parts.js";
import { say } from "../words.js";
import { labelOf, valueInWords } from "./describe.js";
import { blank, fields } from "./inputs.js";
import { duration, joined, past, trimmed } from "./numbers.js";
import { aliveAfter, valueOf } from "./outcomes.js";
import { pictured } from "./turnover_pictures.js";
import {
  ARRIVALS, HELPERS, LEARNT, MEMBERS, RATE, SUCCESSORS, commonFields, forBothOf, settingField, withInput,
} from "./turnover_inputs.js";
import { halves, span } from "./turnover_words.js";

export const DOSE = "dose"; // the view of the page
const RUNS = 100, POINTS = 7;
const YEARS = [52, 104, 260, 520, 1040];
const FEWEST = 10; // runs of each point below which nothing is drawn
const MORE = 1.2;
const MOST_HELPERS = 8;

/** Return the levers of a situation. */
function levers(situation) {
  return [HELPERS, ...(situation.value(LEARNT) ? [SUCCESSORS] : []), "supervise.supervision", RATE, MEMBERS, ARRIVALS];
}

/** Return the values of a lever that are tried: its slider in even steps, and that of the group as it is. */
export function valuesOf(situation, path) {
  const { low, high, step, value } = settingField(situation, path);
  const top = path === HELPERS ? Math.min(high, Math.max(MOST_HELPERS, value)) : high;
  const steps = Math.round((top - low) / step);
  const number = Math.min(POINTS, steps + 1), found = new Set([value]);
  for (let k = 0; k < number; k += 1) {
    const at = number > 1 ? Math.round((k * steps) / (number - 1)) : 0;
    found.add(Number((low + at * step).toFixed(6)));
  }
  return [...found].sort((one, other) => one - other);
}

/** Show the curve of a lever; `go` is told a situation and a lever to show instead. */
export function dosing(root, app, { given, lever, go }) {
  const wrong = make("p", { class: "wrong if-any", role: "alert" });
  const answer = make("div", { class: "turnover-answers" });
  const heard = (name, value, final) => {
    if (!final) return;
    try {
      if (name === "lever") go(situation, value);
      else if (["form", "weeks", "seed"].includes(name)) go(forBothOf([situation, situation], name, value)[0], path);
      else go(withInput(situation, name, value), path);
    } catch (error) {
      wrong.textContent = error.message;
    }
  };
  const choice = fields([], heard, { legend: say("What is asked"), look: "for-b" });
  const group = fields([], heard, { legend: say("Your group") });
  root.append(
    make("p", {}, say("How many helpers does a group need, how much supervision, how many successors? One thing is "
      + "tried from little to much, all else as in your group, with the same chance events, {n} runs of each.",
    { n: RUNS })),
    make("div", { class: "turnover-bench" },
      make("div", { class: "turnover-controls" }, wrong, choice.element, group.element), answer));
  let situation = given, path = lever, question = null, number = 0;

  function show(next, nextLever) {
    const asked = (number += 1);
    question?.stop();
    wrong.textContent = "";
    situation = next;
    const known = levers(situation);
    path = known.includes(nextLever) ? nextLever : known[0];
    const { facts } = situation;
    const choices = known.map((one) => [one, labelOf(facts, one)]), others = known.filter((one) => one !== path);
    choice.show([{ ...blank("lever", say("How much is needed of"), path, "choice"), choices }]);
    group.show([...commonFields(situation), ...others.map((one) => settingField(situation, one))]);
    const points = pointsOf(situation, path), body = make("div");
    const status = make("p", { class: "quiet", role: "status" });
    const wait = (n) => say("Calculating… {n} of {asked} runs of each are done.", { n, asked: RUNS });
    const section = make("section", { "aria-label": say("Answer"), "aria-busy": "true" }, status, body);
    answer.replaceChildren(make("h2", {}, labelOf(facts, path)), section);
    const runs = Array.from({ length: points.length * RUNS }, (_, k) => (
      { scenario: points[k % points.length].scenario, replicate: Math.floor(k / points.length) }));
    let drawn = 0;
    status.textContent = wait(0);
    question = app.histories.each(runs, ({ outcomes }) => {
      const cases = Math.floor(outcomes.length / points.length), whole = cases === RUNS;
      if (asked !== number || cases <= drawn) return;
      if (!whole) status.textContent = wait(cases);
      if (!whole && (cases < FEWEST || cases < MORE * drawn)) return;
      drawn = cases;
      const found = points.map((point, k) => ({
        ...point, outcomes: Array.from({ length: cases }, (_, run) => outcomes[run * points.length + k]),
      }));
      const weeks = situation.value("weeks"), times = [...YEARS.filter((year) => year < weeks), weeks].slice(-4);
      body.replaceChildren(pictured(pictureOf(situation, path, found, times)), make("div", { class: "scroll" },
        tableOfPoints(situation, path, found, times)));
      if (!whole) return;
      status.textContent = `${say("All {n} runs of each.", { n: RUNS })} ${standing(situation, path, found)}`;
      section.setAttribute("aria-busy", "false");
    });
  }

  show(given, lever);
  return {
    show,
    end() {
      number += 1;
      question?.stop();
    },
  };
}

/** Return a value of a lever in few words; people are counted without their unit, which the heading says. */
function said(facts, path, value) {
  const counted = facts.row[path].unit === "people" && value > 0;
  return counted ? trimmed(value) : valueInWords(facts, path, value);
}

function pointsOf(situation, path) {
  return valuesOf(situation, path).flatMap((value) => {
    try {
      return [{ value, scenario: withInput(situation, path, value).scenario() }];
    } catch {
      return []; // a value that is not allowed in this group is left out
    }
  });
}

function pictureOf(situation, path, points, times) {
  const { facts } = situation, here = settingField(situation, path).value, label = labelOf(facts, path);
  const lines = times.map((week, look) => {
    const shares = points.map(({ outcomes }) => aliveAfter(outcomes, week - 0.5));
    const y = shares.map(({ value }) => 100 * value);
    return {
      label: duration(week), x: points.map(({ value }) => value), y, look,
      low: shares.map(({ low }) => 100 * low), high: shares.map(({ high }) => 100 * high),
    };
  });
  const inLine = ({ label: name, y }) => `${name}: ${y.map((share) => halves(share / 100)).join(", ")}`;
  const described = lines.map(inLine).join("; ");
  const of = say("of {what}", { what: points.map(({ value }) => said(facts, path, value)).join(", ") });
  return both((width) => curves(lines, {
    title: say("Groups still meeting, by {what}", { what: label }), across: label,
    up: say("still meeting, of 100 groups"),
    describe: `${of}: ${described}.`, top: 100, marks: [[here, say("your group is here")]], width,
  }));
}

function tableOfPoints(situation, path, points, times) {
  const { facts } = situation, here = settingField(situation, path).value;
  const heads = times.map((week) => make("th", { scope: "col" }, say("after {time}", { time: past(week) })));
  const mine = [" ", make("small", {}, say("your group"))];
  return make("table", { class: "turnover-people" },
    make("caption", {}, say("Groups still meeting, of 100, with the range that chance leaves open")),
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, labelOf(facts, path)), ...heads)),
    make("tbody", {}, ...points.map(({ value, outcomes }) => make("tr", {},
      make("th", { scope: "row" }, said(facts, path, value), ...(value === here ? mine : [])),
      ...times.map((week) => {
        const { value: share, low, high, cases } = aliveAfter(outcomes, week - 0.5);
        const text = cases ? `${halves(share)} (${span(halves(low), halves(high))})` : say("no case");
        return make("td", { "data-name": duration(week) }, text);
      })))));
}

/** Return which values differ clearly from the group's own at the end, judged together. */
function standing(situation, path, points) {
  const { facts } = situation, here = settingField(situation, path).value;
  const own = points.findIndex(({ value }) => value === here);
  const alive = points.map(({ outcomes }) => outcomes.map((one) => valueOf(one, "alive_at_end")));
  const others = points.filter((_, k) => k !== own), rows = alive.filter((_, k) => k !== own);
  const judged = pairedDifferences(rows.map((row) => row.map((value, k) => value - alive[own][k])), true);
  const named = (sign) => others.filter((_, k) => isClear(judged[k]) && sign * judged[k].value > 0)
    .map(({ value }) => said(facts, path, value));
  const time = past(situation.value("weeks")), more = named(1), fewer = named(-1), told = [];
  if (more.length) {
    told.push(say("After {time} clearly more groups than with yours still meet with: {what}.",
      { time, what: joined(more) }));
  }
  if (fewer.length) {
    told.push(say("After {time} clearly fewer groups than with yours still meet with: {what}.",
      { time, what: joined(fewer) }));
  }
  return told.length ? told.join(" ")
    : say("After {time} no value tried here differs clearly from your group's in how many groups still meet.",
      { time });
}
