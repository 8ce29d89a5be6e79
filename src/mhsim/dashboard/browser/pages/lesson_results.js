// The results of a lesson: figures, answers, reasons, what to switch off, a life, and what to take from them.
import { survivalBand } from "../engine/stats.js";
import { bars } from "../figures/bars.js";
import { both } from "../figures/canvas.js";
import { curves } from "../figures/curves.js";
import { make } from "../replay/parts.js";
import { say } from "../words.js";
import { meaningOf, valueInWords } from "./describe.js";
import {
  assumptions, numbersOf, outcomesOf, reasons, shown, uncertaintyOf, verdict, wordsOf,
} from "./lesson_answers.js";
import { switchedOff } from "./lesson_off.js";
import { lifeFrom } from "./lesson_runs.js";
import { sendCard } from "./lesson_send.js";
import { caseOf, situationOf, withCodes } from "./lesson_shelf.js";
import { plain } from "./numbers.js";

const WEEKS = 52; // of a year
const ALL = 100; // of whom shares are told

/** Return how a prediction did, in words. */
export function verdictWords(found) {
  return {
    "as expected": say("You were right."), "in part": say("Partly right."), otherwise: say("Something else happened."),
  }[found] ?? "";
}

/** Return the part of the page that shows results, its heading, what is to be drawn later, and what ends it. */
export function results(said) {
  const { lesson, choice, runs, answers, seed } = said;
  const heading = make("h2", { tabindex: "-1" }, say("Results")),
    [curve, off, lived] = [0, 1, 2].map(() => make("div"));
  const failed = runs.failed ? ` ${say("{n} of them could not be finished and are left out.", { n: runs.failed })}`
    : "";
  const element = make(
    "div", { class: "reveal" }, heading,
    make("p", { class: "verdict" }, verdictWords(verdict(choice, outcomesOf(answers)))),
    make("p", { class: "quiet" },
      say("From {n} runs of each situation, with random seed {seed}, compared pair by pair.",
      { n: runs.pairs, seed }) + failed),
    make("div", { class: "answers" }, ...answers.map((one) => answered(one, choice, lesson))),
    curve, explained(said), off, lived, further(said),
    make("section", { class: "note limits" }, make("h2", {}, say("What this does not show")),
      make("p", { lang: lesson.lang }, lesson.limits),
      make("p", {}, say("This is a model. It says nothing about any real group or person, and it gives no advice."))),
    sendCard(said), said.cited.element);
  let end = () => {};
  const later = [
    () => curve.replaceChildren(...survival(lesson, runs)),
    () => lived.replaceChildren(life(said)),
    () => {
      const switching = switchedOff(said);
      off.replaceChildren(switching.element);
      ({ end } = switching);
    },
  ];
  return { element, heading, later, end: () => end() };
}

function answered(one, choice, lesson) {
  const expected = choice.expects[one.ask.name], { lang } = lesson;
  const card = make(
    "section", { class: "card answered" }, make("h3", { lang }, one.ask.title),
    make("p", { class: "answer", lang }, wordsOf(one)), make("p", { lang }, `${numbersOf(one)} ${uncertaintyOf(one)}`),
    picture(barsOf(one)));
  if (expected) {
    const right = expected.includes(one.outcome);
    card.append(make("p", { class: right ? "agreed" : "agreed not" },
      right ? say("✓ As you expected") : say("✗ Not as you expected")));
  }
  return card;
}

/** Return markup made by figures/, in which every text is escaped, as an element. */
function picture(markup) {
  const element = make("div", { class: "pictures" });
  element.innerHTML = markup;
  return element;
}

/** Return the two numbers of an answer as bars. */
export function barsOf(one) {
  const values = [one.first, one.second], known = values.filter((value) => !Number.isNaN(value));
  const rows = one.names.map((label, k) => ({ label, values: [values[k]], texts: [shown(one, values[k])] }));
  const top = one.ask.scale === ALL ? ALL : Math.max(1, ...known);
  const describe = `${numbersOf(one)} ${uncertaintyOf(one)}`;
  return both((width) => bars(rows, [""], { title: one.ask.title, describe, top, width }));
}

/** Return how many of 100 groups are still meeting along the years, where any question is about that. */
function survival(lesson, runs) {
  if (!lesson.asks.some(({ first, second }) =>
    [first, second].some(({ measure }) => measure === "alive_at_end"))) return [];
  const lines = lesson.cases.map(({ name, label }, look) => {
    const there = runs.outcomes[name].filter((one) => !("failed" in one));
    const band = survivalBand(there.map((one) => (one.closed ? one.weeks_to_closure : Infinity)), lesson.weeks);
    const { share: y, low, high } = band;
    return { label, x: band.weeks.map((week) => week / WEEKS), y, low, high, look, steps: true };
  });
  const ends = lines.map(({ label, y }) => say("{label}: {n} of 100", { label, n: plain(y.at(-1), 0) })).join("; ");
  const title = say("Groups still meeting, by year"), words = {
    title, across: say("years since the start"), up: say("still meeting, of 100 groups"), top: ALL,
    describe: say("At the end: {ends}. Bands are 95 % intervals.", { ends }),
  };
  return [make("h3", {}, title), picture(both((width) => curves(lines, { ...words, width })))];
}

function explained({ app, lesson, answers, codes, cited }) {
  const holding = reasons(lesson, answers), { lang } = lesson, text = (one) => withCodes(one, codes, cited.show);
  const section = make(
    "section", { class: "explained" }, make("h2", {}, say("Why")),
    make("dl", { class: "why", lang },
      ...holding.flatMap(({ mechanism, says }) => [make("dt", {}, mechanism), make("dd", {}, says)])));
  if (holding.length < lesson.why.length) {
    section.append(make("p", {},
      say("These results are not those the lesson was written for, so the parts of its explanation that do not fit "
        + "are left out.")));
  }
  section.append(
    make("h2", {}, say("How certain is this?")),
    make("p", {}, say("The ranges show how much could be chance: of a hundred such ranges, about 95 contain the "
      + "number that endless runs of the model would give. They do not show whether the model is right.")),
    make("p", {}, assumptions(app.facts, lesson)), make("p", { lang }, ...text(lesson.evidence)));
  if (lesson.doubt) section.append(make("h2", {}, say("Who would doubt it?")),
    make("p", { lang }, ...text(lesson.doubt)));
  section.append(numbersThatMatter(app.facts, lesson, text));
  return section;
}

function numbersThatMatter(facts, lesson, text) {
  const heads = [say("Parameter"), say("Default"), say("What it means"), say("Source")];
  const rows = lesson.rests_on.map((path) => make(
    "tr", {}, make("th", { scope: "row" }, path), make("td", {}, valueInWords(facts, path, facts.row[path].default)),
    make("td", {}, meaningOf(facts, path)), make("td", { lang: "en" }, ...text(facts.row[path].source))));
  const table = make("table", {},
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, ...rows));
  return make(
    "details", {},
    make("summary", {}, say("The {n} numbers that matter most here", { n: lesson.rests_on.length })),
    make("div", { class: "scroll", tabindex: "0", role: "region",
      "aria-label": say("Numbers that matter most here") }, table));
}

/** Return one life from the first of the runs; it comes when its history is lived again. */
function life({ app, lesson, seed }) {
  const heading = make("h2", {}, say("A life from these runs")), { label } = caseOf(lesson, lesson.life.case);
  const told = make("div", {}, make("p", { class: "working-note", role: "status" }, say("Working…")));
  const section = make("section", { class: "a-life" }, heading,
    make("p", { lang: lesson.lang }, `${say("From the first run of “{label}”.", { label })} ${lesson.life.says}`),
      told);
  lifeFrom(app, lesson, seed).then((found) => {
    if (!found) {
      told.replaceChildren(make("p", {},
        say("Nobody in this run fits that description. With another seed there are other lives.")));
      return;
    }
    const { name, person, lines, week } = found, first = situationOf(app.facts, caseOf(lesson, lesson.life.case), seed);
    heading.textContent = say("A life from these runs: {name}", { name });
    told.replaceChildren(
      make("ol", { class: "life" }, ...lines.map((line) => make("li", {}, line))),
      make("p", { class: "quiet" },
        say("{name} is an invented name; in tables this is person {person}.", { name, person })),
      make("p", { class: "to-page" }, make("a", { href: app.link("explore", { first, others: { person, week } }) },
        say("Meet {name} in Explore", { name }))));
  }, (error) => told.replaceChildren(make("p", { class: "wrong", role: "alert" }, error.message)));
  return section;
}

/** Return what to try next, as links that carry the situations with them. */
function further({ app, lesson, seed }) {
  const at = (name) => situationOf(app.facts, caseOf(lesson, name), seed);
  const links = lesson.next.filter(({ page }) => page in app.pages).map(({ says, page, case: name, against, week }) => {
    const first = at(name), second = against ? at(against) : first, others = week === undefined ? {} : { week };
    return make("li", {}, make("a", { href: app.link(page, { first, second, others }), lang: lesson.lang }, says), " ",
      make("span", { class: "quiet" }, say("on the page {page}", { page: app.pages[page].label() })));
  });
  if (!links.length) return "";
  return make("section", { class: "further" }, make("h2", {}, say("Try this next")), make("ul", {}, ...links));
}
