// A worksheet of a lesson, to print: the question, room for a prediction, a table to fill in, what to talk about.
import { button, make } from "../replay/parts.js";
import { say } from "../words.js";
import { duration } from "./numbers.js";

/** Return the sheet for students. */
export function worksheet(lesson, seed, back) {
  const { lang } = lesson;
  return make(
    "article", { class: "lessons sheet" }, tools(back),
    make("p", { class: "who" }, blank(say("Name")), blank(say("Date"))),
    make("h1", { tabindex: "-1", lang }, lesson.title), make("p", { class: "question", lang }, lesson.question),
    make("h2", {}, say("The situations compared")),
    make("ol", { class: "cases", lang }, ...lesson.cases.map(({ label, about }) =>
      make("li", {}, make("strong", {}, label), ` – ${about}`))),
    make("p", { class: "quiet" }, say("{pairs} runs of {length} for each situation; random seed {seed}.",
      { pairs: lesson.pairs, length: duration(lesson.weeks), seed })),
    make("h2", {}, say("1. What do you expect?")),
    make("ul", { class: "boxes", lang }, ...lesson.choices.map(({ says }) => make("li", {}, says))),
    make("p", {}, say("Because:")), lines(3),
    make("h2", {}, say("2. What came out?")), toFill(lesson),
    make("h2", {}, say("3. Why? Which rule of the model brings it about?")), lines(4),
    make("h2", {}, say("4. To talk about")),
    make("ol", { lang }, ...lesson.teacher.discussion.map((one) => make("li", {}, one))), lines(3));
}

/** Return the sheet for teachers; `counted` are parts to put at its end. */
export function teacherSheet(lesson, back, counted = []) {
  const { lang, teacher } = lesson;
  const wrong = teacher.misconceptions.flatMap(({ thought, instead }) =>
    [make("dt", {}, `“${thought}”`), make("dd", {}, instead)]);
  return make(
    "article", { class: "lessons sheet" }, tools(back),
    make("p", { class: "quiet over" }, say("For teachers")), make("h1", { tabindex: "-1", lang }, lesson.title),
    make("p", { class: "question", lang }, lesson.question),
    make("h2", {}, say("Aims")), make("p", {}, say("Afterwards students can:")),
    make("ul", { lang }, ...teacher.aims.map((one) => make("li", {}, one))),
    make("h2", {}, say("Time")),
    make("p", {}, say("About {minutes} minutes: a quarter for the question and the predictions, a quarter for the "
      + "runs and what came out, half for talking about it.", { minutes: teacher.minutes })),
    make("h2", {}, say("How to go about it")),
    make("ol", {},
      make("li", {}, say("Give everybody the same page and the same random seed: then everybody sees the same runs.")),
      make("li", {}, say("Let each predict alone, in writing, before anybody presses a button.")),
      make("li", {}, say("Collect the codes at the end of the lesson; show the predictions before what came out.")),
      make("li", {}, say("Try another seed together: what stays, and what was chance?")),
      make("li", {}, say("Switch something off together: what carries the result?"))),
    make("h2", {}, say("What is easily thought, and what to say to it")),
      make("dl", { class: "wrong-ideas", lang }, ...wrong),
    make("h2", {}, say("To talk about")),
    make("ol", { lang }, ...teacher.discussion.map((one) => make("li", {}, one))),
    make("h2", {}, say("What this does not show")), make("p", { lang }, lesson.limits), ...counted);
}

const tools = (back) => make("p", { class: "side tools" }, back, button(say("Print"), () => globalThis.print()));
const blank = (label) => make("span", { class: "blank" }, `${label}: `);
const lines = (number) =>
  make("div", { class: "lines", "aria-hidden": "true" }, ...Array.from({ length: number }, () => make("hr")));

/** Return the table of results, empty but for questions and the names of both sides. */
function toFill(lesson) {
  const label = ({ case: name }) => lesson.cases.find((one) => one.name === name).label;
  const rows = lesson.asks.map((ask) => {
    const [first, second] = ask.names ?? [label(ask.first), label(ask.second)];
    return make("tr", {}, make("th", { scope: "row" }, ask.title), make("td", {}, `${first}: `),
      make("td", {}, `${second}: `),
      make("td"), make("td"));
  });
  const heads = [say("Question"), say("First number"), say("Second number"), say("Difference, from … to …"),
    say("As I expected?")];
  return make("table", { class: "to-fill", lang: lesson.lang },
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, ...rows));
}
