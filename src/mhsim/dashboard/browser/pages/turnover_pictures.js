// The pictures and tables of the page, as markup and elements: the same on the page, the slides and the handout.
import { WIDE, both } from "../figures/canvas.js";
import { bars } from "../figures/bars.js";
import { curves } from "../figures/curves.js";
import { dots } from "../figures/dots.js";
import { make } from "../replay/parts.js";
import { say } from "../words.js";
import { lengthInWords } from "./describe.js";
import { inDative, joined, trimmed } from "./numbers.js";
import { aliveAtEnd, aliveByTime } from "./outcomes.js";
import { NAMES, changeCell, meanCell, reasonRows } from "./turnover_words.js";

const YEAR = 52;

/** Return an element with a picture; markup comes from figures alone, which escape every text. */
export function pictured(markup, kind = "pictures") {
  const element = make("div", { class: kind });
  element.innerHTML = markup;
  return element;
}

/** Return the curves of groups still meeting, with bands, and a mark where helpers stop helping at once. */
export function alivePicture({ first, second, one, other }, width = WIDE) {
  const marks = new Map(), described = [];
  const lines = [[first, one], [second, other]].map(([situation, outcomes], look) => {
    const alive = aliveByTime(outcomes, situation.value("weeks")), name = NAMES[look];
    const years = alive.weeks.map((week) => week / YEAR);
    const told = years.flatMap((year, k) => (year && year % 2 === 0
      ? [say("{share} after {year} years", { share: trimmed(alive.share[k]), year })] : []));
    described.push(`${name}: ${told.join(", ")}`);
    for (const { week, act } of situation.changes) if (act) marks.set(week, [...(marks.get(week) ?? []), name]);
    const label = `${name}: ${trimmed(alive.share.at(-1))}`;
    return { label, x: years, y: alive.share, low: alive.low, high: alive.high, look, steps: true };
  });
  return curves(lines, {
    title: say("Groups still meeting, by year"), across: say("years since the start"),
    up: say("still meeting, of 100 groups"), top: 100, width,
    describe: say("Groups still meeting, of 100. {what}.", { what: described.join(". ") }),
    marks: [...marks].map(([week, names]) => [week / YEAR, say("helpers stop ({names})", { names: joined(names) })]),
  });
}

/** Return the bars of groups still meeting and of reasons for closing. */
export function reasonsPicture(pair, width = WIDE) {
  const rows = reasonRows(pair).map(({ label, values }) => ({
    label, values, texts: values.map((value) => say("{n} of 100", { n: trimmed(value) })),
  }));
  const describe = rows.map(({ label, values: [a, b] }) => `${label}: A ${trimmed(a)}, B ${trimmed(b)}`).join("; ");
  const time = inDative(lengthInWords(pair.first.value("weeks")));
  const title = say("What became of 100 groups after {time}", { time });
  return bars(rows, NAMES, { title, describe, top: 100, width });
}

/** Return a hundred dots for A and for B, with how many of them still meet. */
export function dotsPictures({ one, other }) {
  return make("div", { class: "turnover-dots" }, ...[one, other].map((outcomes, look) => {
    const { value, cases } = aliveAtEnd(outcomes), name = NAMES[look];
    if (!cases) return make("p", {}, say("{name}: there is no group.", { name }));
    const n = Math.round(100 * value), words = say("{name}: {n} of 100 groups still meeting", { name, n });
    return make("figure", {}, pictured(dots(n, { title: words, describe: words, look }), "dots-of"),
      make("figcaption", {}, words));
  }));
}

export const curvesOf = (pair) => pictured(both((width) => alivePicture(pair, width)));
export const reasonsBars = (pair) => pictured(both((width) => reasonsPicture(pair, width)));

/** Return what happened to people: each measure in A and B, and the difference; `judged` where that may be said. */
export function peopleTable(rows, judged) {
  const heads = [say("What"), ...NAMES, say("Difference, B minus A")].map((text) => make("th", { scope: "col" }, text));
  const body = rows.map((row) => {
    const [change, means] = changeCell(row), { words, unit } = row.measure;
    return make("tr", {}, make("th", { scope: "row" }, `${words} `, make("small", {}, unit)),
      ...NAMES.map((name, k) => make("td", { "data-name": name }, meanCell(row, k))),
      make("td", { "data-name": say("B minus A") }, `${change} `, make("small", {}, judged ? means : "")));
  });
  return make("table", { class: "turnover-people" },
    make("caption", {}, say("Averages over runs, with the range that chance leaves open")),
    make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...body));
}

/** Return in what two situations differ: what, in A, in B. */
export function differingList(rows) {
  return make("dl", { class: "turnover-differing" }, ...rows.flatMap(([what, ...both]) => [
    make("dt", {}, what), ...both.map((text, k) => make("dd", {}, make("b", {}, NAMES[k]), ` ${text}`)),
  ]));
}
