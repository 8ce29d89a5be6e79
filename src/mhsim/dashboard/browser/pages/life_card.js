// One person of a history: their story, how hope and self-efficacy went, who helped them and whom they helped.
import { make } from "../replay/parts.js";
import { plural, say } from "../words.js";
import { curves } from "../figures/curves.js";

const MOST_NAMED = 6;

/**
 * Return the card of a life; `choose` opens another person's, or closes with null; `show` leads the picture to a week.
 * What lies beyond the week `seen`, up to which the history has been watched, is folded away.
 */
export function lifeCard(life, choose, show, seen = Infinity) {
  const { name } = life, heading = make("h2", { id: "life-heading", tabindex: "-1" }, say("The life of {name}", { name }));
  const close = make("button", { type: "button", class: "button quiet", "aria-label": say("Close the life of {name}", { name }) },
    say("Close"));
  close.addEventListener("click", () => choose(null));
  const told = life.moments.filter((moment) => moment.until <= seen), all = told.length === life.moments.length;
  const whole = make("div", {}, figureOf(life), make("p", { class: "quiet small" },
    say("Sudden rises in distress mostly come from stressful events outside the group.")),
  ...met(say("Was helped by"), life.by, choose), ...met(say("Helped"), life.to, choose));
  const beside = (moments, figure) => make("div", { class: "beside" }, story(moments, show), figure);
  const summary = make("summary", {}, say("The whole life, with what comes after week {week}", { week: seen }));
  const body = all ? [beside(told, whole)]
    : [beside(told, figureOf(until(life, seen))), make("details", {}, summary, beside(life.moments, whole))];
  const card = make(
    "section", { class: "card life", "aria-labelledby": "life-heading" }, make("div", { class: "side" }, heading, close),
    ...body,
    make("p", { class: "quiet small" }, say("{name} is an invented name; in tables this is person {person}.", life)),
  );
  const asked = document.activeElement?.closest(".player, .life"); // before another life takes the place of this one
  queueMicrotask(() => {
    if (!asked) return;
    heading.focus({ preventScroll: true });
    card.scrollIntoView(); // it stands below the picture, out of sight
  });
  return card;
}

/** Return the life with its course up to a week. */
function until(life, week) {
  const kept = life.weeks.filter((one) => one <= week).length, cut = (values) => values.slice(0, kept);
  const { weeks, hope, self_efficacy: efficacy, distress, group } = life;
  return {
    ...life, weeks: cut(weeks), hope: cut(hope), self_efficacy: cut(efficacy), distress: cut(distress), group: cut(group),
  };
}

function figureOf(life) {
  const figure = make("div");
  if (life.weeks.length > 1) figure.innerHTML = course(life); // markup of figures/curves.js, with every text escaped
  return figure;
}

function story(moments, show) {
  return make("ol", { class: "story" }, ...moments.map(({ week, when, text }) => {
    const there = make("button", { type: "button", class: "button quiet when" }, when);
    there.addEventListener("click", () => show(Math.max(0, week)));
    return make("li", {}, there, make("span", {}, text));
  }));
}

function met(heading, others, choose) {
  if (!others.length) return [make("h3", {}, heading), make("p", { class: "quiet" }, say("Nobody."))];
  const list = make("ul", { class: "people" }, ...others.slice(0, MOST_NAMED).map(([person, times, name]) => {
    const words = plural("{name}, once", "{name}, {n} times", times, { name });
    const open = make("button", { type: "button", class: "button quiet", "aria-label": say("{who}: open this life", { who: words }) },
      words);
    open.addEventListener("click", () => choose(person));
    return make("li", {}, open);
  }));
  const more = others.length - MOST_NAMED;
  return [make("h3", {}, heading), list, ...(more > 0 ? [make("p", { class: "quiet small" }, say("And {n} more.", { n: more }))] : [])];
}

function course({ name, weeks, hope, self_efficacy: efficacy, distress, group }) {
  const joined = group.findIndex((one) => one !== null);
  const lines = [[say("hope"), hope, 0], [say("self-efficacy"), efficacy, 2], [say("distress"), distress, 1]];
  return curves(lines.map(([label, y, look]) => ({ label, x: weeks, y, look })), {
    title: say("Hope, self-efficacy and distress of {name}", { name }), across: say("week"), up: say("from 0 to 1"),
    describe: say("Hope went from {first} in week {week} to {last} in week {end}.",
      { first: hope[0].toFixed(2), week: weeks[0], last: hope.at(-1).toFixed(2), end: weeks.at(-1) }),
    marks: joined > 0 ? [[weeks[joined], say("joined")]] : [], width: 520,
  });
}
