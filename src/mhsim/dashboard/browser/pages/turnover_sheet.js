// The handout: a page for everybody, with a hundred dots and room to write; if wished, a second with the figures.
import { isClear } from "../engine/stats.js";
import { make } from "../replay/parts.js";
import { language, say } from "../words.js";
import { differing, inCommon, lengthInWords } from "./describe.js";
import { capital, inDative } from "./numbers.js";
import { aliveAtEnd, differenceInAlive, peopleOf } from "./outcomes.js";
import { alivePicture, dotsPictures, peopleTable, pictured, reasonsPicture } from "./turnover_pictures.js";
import { answerText, isDone, judgedWords, notThis, onPeople, titles } from "./turnover_words.js";

export const SHOWN = ["came", "accommodated_at_52", "hope_at_52", "unmet", "burnouts", "helpers_at_end"];
const MOST_ROWS = 5; // differences between A and B in words; more are counted
const LINES = 5; // to write on

/** Return the question that two situations ask. */
export function questionOf(facts, { first, second }) {
  const rows = differing(facts, first, second);
  if (!rows.length) return say("What if nothing changes?");
  if (rows.length > 1) return say("What if {n} things are different?", { n: rows.length });
  const [[, , what]] = rows, words = language() === "de" ? what : what.charAt(0).toLowerCase() + what.slice(1);
  return say("What if {what}?", { what: words });
}

/** Return what a group may talk about over the answer. */
export function talkAbout() {
  return [
    say("Which of the two is more like our own group, and what is different with us?"),
    say("What would we notice first if a helper stopped?"),
    say("Who could step in, and what would they need for it?"),
    say("What could we try in the next three months, and how would we see whether it helps?"),
  ];
}

/** Show the handout of a pair over the page, ready to be printed. */
export function showSheet(app, pair) {
  const figures = make("input", { type: "checkbox", id: "sheet-figures" });
  const more = exactPage(app, pair), print = make("button", { type: "button", class: "button main" }, say("Print"));
  const close = make("button", { type: "button", class: "button" }, say("Close"));
  const dialog = make("dialog", { class: "sheet", "aria-label": say("Handout") },
    make("div", { class: "sheet-bar" }, print,
      make("label", { for: figures.id }, figures, ` ${say("With a second page that has all figures")}`), close),
    plainPage(app, pair), more);
  more.hidden = true;
  figures.addEventListener("change", () => { more.hidden = !figures.checked; });
  print.addEventListener("click", () => globalThis.print());
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Return the page for everybody: no intervals, no tables, and nothing that needs explaining. */
function plainPage({ facts }, pair) {
  const { first, second, one, other } = pair, shares = [one, other].map(aliveAtEnd);
  const [a, b] = shares.map(({ value }) => Math.round(100 * value));
  const open = { time: inDative(lengthInWords(first.value("weeks"))), a, b };
  const said = shares.every(({ cases }) => cases)
    ? say("Of 100 such groups, {a} are still meeting after {time} in A, and {b} in B.", open)
    : say("In one of the two there is no group to follow.");
  const sure = isClear(differenceInAlive(one, other))
    ? say("In this model that difference is larger than chance would make it.")
    : say("Chance alone can make such a difference: the model does not say that one of them is better.");
  return make("article", { class: "sheet-page" }, fill(),
    make("h1", {}, questionOf(facts, pair)), situations(facts, first, second), make("p", { class: "large" }, said),
    dotsPictures(pair), make("p", {}, sure),
    make("h2", {}, say("To talk about")), make("ol", {}, ...talkAbout().map((words) => make("li", {}, words))),
    make("h2", {}, say("What we want to try")),
    ...Array.from({ length: LINES }, () => make("div", { class: "write-line", "aria-hidden": "true" })),
    make("p", { class: "small" }, notThis()));
}

/** Return what a trainer fills in: whose handout it is, for whom, and the day. */
function fill() {
  const input = (label, value = "") => {
    const element = make("input", { type: "text", "aria-label": label, placeholder: label });
    element.value = value;
    return element;
  };
  const today = new Date().toLocaleDateString(language() === "de" ? "de-DE" : "en-GB");
  const inputs = [input(say("Organisation")), input(say("Name")), input(say("Date"), today)];
  return make("header", { class: "sheet-head" }, ...inputs);
}

/** Return the page with the figures. */
function exactPage(app, pair) {
  const { facts } = app, text = answerText(pair), people = peopleOf(pair.one, pair.other, isDone(pair));
  const figure = (drawn, caption) => make("figure", {}, pictured(drawn, "drawn"), make("figcaption", {}, caption));
  const seed = pair.first.value("seed");
  const command = `mhsim compare a.yaml b.yaml --replicates ${pair.asked} --seed ${seed} --out results/turnover`;
  return make("article", { class: "sheet-page exact" },
    make("header", { class: "small" }, say("mhsim {version} · a model of mutual help groups · Turnover", facts)),
    make("h1", {}, questionOf(facts, pair)), situations(facts, pair.first, pair.second),
    make("p", {}, inCommon(facts, pair.first, pair.second)), make("p", { class: "large" }, text.headline),
    make("p", {}, [text.difference, text.byPair, text.soFar].join(" ")),
    make("div", { class: "beside" },
      figure(alivePicture(pair, 480), say("Groups still meeting, with the range that chance leaves open")),
      figure(reasonsPicture(pair, 400), say("What became of the groups"))),
    peopleTable(people.filter(({ measure }) => SHOWN.includes(measure.name)), isDone(pair)),
    make("p", {}, onPeople(people), " ", make("small", {}, judgedWords())),
    make("h2", {}, say("How to repeat it")),
    make("p", {}, say("Save the scenarios of A and B on the page Turnover, then:")), make("pre", {}, command),
    make("p", {}, say("or open the page again with this address:"), " ", make("code", {}, app.route.at())));
}

function situations(facts, first, second) {
  const rows = differing(facts, first, second);
  if (!rows.length) return make("p", {}, say("A and B are the same."));
  const heads = [say("What differs"), ...titles()].map((words) => make("th", { scope: "col" }, words));
  const more = rows.length - MOST_ROWS, rest = say("and {n} more, which the address of the page holds", { n: more });
  return make("table", {}, make("tr", {}, ...heads),
    ...rows.slice(0, MOST_ROWS).map(([what, ...both]) => make("tr", {}, make("th", { scope: "row" }, what),
      ...both.map((words) => make("td", {}, capital(words))))),
    ...(more > 0 ? [make("tr", {}, make("td", { colspan: 3 }, rest))] : []));
}
