// Weekly series under the picture, in step with it: one small chart for each kind, named at the end of its lines.
import { draw, fresh, make, number } from "./parts.js";
import { series } from "./reading.js";
import { say, written } from "../words.js";

const charts = () => [
  { title: say("Members and helpers"), lines: [["members", say("members"), 0], ["helpers", say("helpers"), 1]], pair: "members" },
  { title: say("Helpers"), lines: [["helpers", say("helpers"), 1]], only: "pair" },
  { title: say("Hope and self-efficacy of members"), lines: [["hope", say("hope"), 2], ["self_efficacy", say("self-efficacy"), 3]], mean: true, pair: "hope" },
  { title: say("Requests for help unanswered, of ten"), lines: [["unmet", say("unanswered"), 4]], rate: true },
];
const SMOOTH = 13; // weeks over which unanswered requests are averaged

// With `ghost`, the history that was seen before a change, its lines stand pale behind; `seen` says up to which week.
export function curves(histories, clock, ghost = null) {
  const element = make("div", { class: "curves" });
  const pair = histories.length > 1;
  const drawn = charts().filter((chart) => pair || chart.only !== "pair").map((chart) => makeChart(chart, histories, clock, ghost));
  element.append(...drawn.map((chart) => chart.element));
  let cursor = -1, far = -1;
  return {
    element,
    show(week, known = Infinity) {
      if (week === cursor && known === far) return;
      [cursor, far] = [week, known];
      for (const chart of drawn) chart.show(week, known);
    },
    resize() {
      for (const chart of drawn) chart.resize();
    },
  };
}

function valuesOf(history, chart, name) {
  const values = series(history, name);
  if (chart.mean) {
    const members = series(history, "members");
    return values.map((sum, k) => (members[k] > 0 ? sum / members[k] : NaN));
  }
  if (chart.rate) return smoothedShare(values, series(history, "requests"), Math.round(SMOOTH / history.stepWeeks));
  return values;
}

function smoothedShare(part, whole, window) {
  let a = 0, b = 0;
  return part.map((value, k) => {
    a += value - (part[k - window] ?? 0);
    b += whole[k] - (whole[k - window] ?? 0);
    return b > 0.5 ? (10 * a) / b : NaN;
  });
}

function linesOf(chart, histories, several) {
  return histories.flatMap((history, which) =>
    chart.lines
      .filter(([name]) => !several || !chart.pair || name === chart.pair)
      .map(([name, label, look]) => ({
        values: valuesOf(history, chart, name), unit: history.stepWeeks, look, which,
        label: several ? `${label} ${history.label}` : label,
      })),
  );
}

function makeChart(chart, histories, clock, ghost) {
  const several = histories.length > 1;
  const lines = linesOf(chart, histories, several);
  const old = ghost ? linesOf(chart, [ghost.history], false) : [];
  const top = chart.mean ? 1 : chart.rate ? 10 : niceTop(Math.max(1, ...[...lines, ...old].map((line) => maximum(line.values))));
  const said = make("p", { class: "said" });
  const svg = draw("svg", { class: "curve", role: "img", "aria-label": say("{title}, week by week", { title: chart.title }) });
  const element = make("figure", { class: "chart" }, make("figcaption", {}, chart.title), svg, said);
  const pointer = draw("line", { class: "cursor" });
  const state = { width: 0, pointer, svg, known: Infinity, ghostUntil: ghost?.seen ?? 0 };
  svg.addEventListener("pointerdown", (event) => {
    const move = (moved) => {
      const box = svg.getBoundingClientRect();
      clock.jump(((moved.clientX - box.left - LEFT) / (state.width - LEFT - RIGHT)) * clock.end);
    };
    svg.setPointerCapture(event.pointerId);
    svg.addEventListener("pointermove", move);
    svg.addEventListener("pointerup", () => svg.removeEventListener("pointermove", move), { once: true });
    svg.addEventListener("pointercancel", () => svg.removeEventListener("pointermove", move), { once: true });
    move(event);
  });
  return {
    element,
    resize() {
      const width = Math.max(220, Math.floor(element.clientWidth));
      if (width === state.width) return;
      state.width = width;
      drawChart(state, lines, old, top, clock.end);
      this.show(state.week ?? 0, state.known);
    },
    show(week, known) {
      state.week = week;
      state.known = known;
      if (!state.width) return;
      const reached = Number.isFinite(known) ? LEFT + (known / clock.end) * (state.width - LEFT - RIGHT) : state.width;
      state.window.setAttribute("width", reached);
      state.names.setAttribute("visibility", known >= clock.end ? "visible" : "hidden");
      const x = LEFT + (week / clock.end) * (state.width - LEFT - RIGHT);
      pointer.setAttribute("x1", x);
      pointer.setAttribute("x2", x);
      said.textContent = lines.map((line) => `${line.label} ${inWords(at(line, week), chart)}`).join(" · ");
    },
  };
}

const LEFT = 30, RIGHT = 108, HEIGHT = 118, BASE = 94, TOP = 8;

function drawChart(state, lines, old, top, end) {
  const { svg, width } = state, x = (week) => LEFT + (week / end) * (width - LEFT - RIGHT);
  const y = (value) => BASE - (value / top) * (BASE - TOP);
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  svg.setAttribute("height", HEIGHT);
  svg.replaceChildren();
  for (const value of [0, top / 2, top]) {
    svg.append(draw("line", { class: "rule", x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }));
    if (value !== top / 2 || top >= 2 || top === 1) svg.append(words(LEFT - 5, y(value) + 4, number(value), "end"));
  }
  const years = end / 52, every = Math.max(1, Math.ceil(years / Math.max(2, (width - LEFT - RIGHT) / 48)));
  for (let year = 0; year <= years; year += every) svg.append(words(x(year * 52), HEIGHT - 4, year === 0 ? say("year 0") : String(year), year === 0 ? "start" : "middle"));
  const labels = [], past = windowOf(state, x(state.ghostUntil)), seen = windowOf(state, width);
  state.window = seen.rectangle;
  for (const line of old) past.inside.append(draw("path", { class: `line ghost look-${line.look}`, d: pathOf(line, x, y) }));
  svg.append(past.element, past.inside, seen.element, seen.inside);
  for (const line of lines) {
    seen.inside.append(draw("path", { class: `line look-${line.look}${line.which ? " dashed" : ""}`, d: pathOf(line, x, y) }));
    const last = lastOf(line.values);
    if (last >= 0) labels.push({ text: line.label, look: line.look, y: y(line.values[last]) });
  }
  apart(labels);
  state.names = draw("g", {}, ...labels.map((label) => words(width - RIGHT + 6, label.y + 4, label.text, "start", `name look-${label.look}`)));
  svg.append(state.names);
  state.pointer.setAttribute("y1", TOP - 4);
  state.pointer.setAttribute("y2", BASE + 4);
  svg.append(state.pointer);
}

// A part of a chart that is seen up to some place across: lines are drawn whole, and what lies beyond is not shown.
function windowOf(state, wide) {
  const id = fresh("seen"), rectangle = draw("rect", { x: 0, y: 0, width: wide, height: HEIGHT });
  return {
    rectangle, element: draw("clipPath", { id }, rectangle), inside: draw("g", { "clip-path": `url(#${id})` }),
  };
}

function words(x, y, text, anchor, look = "tick") {
  return draw("text", { x, y, "text-anchor": anchor, class: look }, text);
}

function pathOf(line, x, y) {
  let path = "", drawing = false;
  line.values.forEach((value, k) => {
    if (Number.isNaN(value)) drawing = false;
    else {
      path += `${drawing ? "L" : "M"}${x(k * line.unit).toFixed(1)} ${y(value).toFixed(1)}`;
      drawing = true;
    }
  });
  return path;
}

function apart(labels) {
  labels.sort((a, b) => a.y - b.y);
  for (let k = 1; k < labels.length; k += 1) labels[k].y = Math.max(labels[k].y, labels[k - 1].y + 14);
  const over = (labels.at(-1)?.y ?? 0) - (HEIGHT - 22);
  if (over > 0) for (const label of labels) label.y -= over;
}

const at = (line, week) => line.values[Math.min(line.values.length - 1, Math.floor(week / line.unit + 1e-9))];
const maximum = (values) => values.reduce((most, value) => (value > most ? value : most), 0);

function lastOf(values) {
  for (let k = values.length - 1; k >= 0; k -= 1) if (!Number.isNaN(values[k])) return k;
  return -1;
}

function inWords(value, chart) {
  if (value === undefined || Number.isNaN(value)) return say("none");
  return chart.mean ? written(value.toFixed(2)) : number(Math.round(value * 10) / 10);
}

function niceTop(most) {
  for (const top of [2, 4, 6, 8, 10, 16, 20, 24, 30, 40, 60, 80, 100, 160, 200, 300, 400, 600, 800, 1000]) if (most <= top) return top;
  return Math.ceil(most / 1000) * 1000;
}
