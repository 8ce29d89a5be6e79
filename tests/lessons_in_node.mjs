// What the pages Lessons and Class make of lessons, runs and pasted lines, in node.
// node lessons_in_node.mjs BROWSER INPUT.json, BROWSER being the folder dashboard/browser.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [browser, input] = process.argv.slice(2);
const module = (name) => import(pathToFileURL(`${browser}/${name}.js`));
const asked = JSON.parse(readFileSync(input, "utf8"));
const { readFacts } = await module("engine/facts");
const { writeAddress } = await module("engine/query");
const { answersOf, assumptions, numbersOf, outcomesOf, reasons, uncertaintyOf, verdict, wordsOf } = await module(
  "pages/lesson_answers",
);
const { codeOf, codesIn, nameInCode, newTicket, readCode } = await module("pages/lesson_codes");
const { csvOf, gathered, readAnswers, tally } = await module("pages/class_tally");
const { lessonsIn, situationOf } = await module("pages/lesson_shelf");
const { switches } = await module("pages/lesson_off"), { barsOf } = await module("pages/lesson_results");
const facts = readFacts(asked.facts), lessons = lessonsIn(asked.lessons, "en");

const told = Object.entries(lessons).map(([name, lesson]) => {
  const answers = answersOf(lesson, asked.outcomes[name]), outcomes = outcomesOf(answers);
  return [name, {
    addresses: lesson.cases.map((one) => writeAddress(situationOf(facts, one, asked.seed))),
    words: answers.map(wordsOf), numbers: answers.map(numbersOf), uncertainty: answers.map(uncertaintyOf),
    outcomes: answers.map(({ outcome }) => outcome), reasons: reasons(lesson, answers).map(({ mechanism }) => mechanism),
    verdicts: lesson.choices.map((choice) => verdict(choice, outcomes)), assumptions: assumptions(facts, lesson),
    switches: switches(facts, lesson, asked.seed), bars: answers.map((one) => String(barsOf(one))),
  }];
});

/** Return whether a code is refused. */
function refused(code) {
  try {
    readCode(code, lessons);
    return false;
  } catch {
    return true;
  }
}

const answer = { ...asked.answer, ticket: newTicket() }, code = codeOf(answer);
const wrong = [...code].flatMap((sign, k) => {
  const [before, after] = [code.slice(0, k), code.slice(k + 1)];
  const others = [..."abyz059."].map((other) => before + other + after);
  return [...others, before + after, before + (after[0] ?? "") + sign + after.slice(1), `${before}x${sign}${after}`];
}).filter((one) => one.toLowerCase() !== code.toLowerCase());

const pasted = readAnswers(asked.pasted, "pasted", lessons), { answers, again } = gathered([], pasted.answers);
const table = csvOf(answers, lessons), reopened = readAnswers(table, "table", lessons);
const unsupervised = lessons.without_supervision, one = { ...unsupervised, asks: unsupervised.asks.slice(0, 1) };
console.log(JSON.stringify({
  rare: String(barsOf(answersOf(one, asked.rare)[0])),
  told: Object.fromEntries(told), code, back: readCode(code.toUpperCase(), lessons), tried: wrong.length,
  unnoticed: wrong.filter((one) => !refused(one)),
  linked: codesIn(`> <https://a.example/page.html#/class?answer=${encodeURIComponent(code)}>, she wrote`),
  named: asked.names.map(nameInCode), wrong: pasted.wrong, again, table,
  reopened: [reopened.answers.length, reopened.wrong.length],
  tally: tally(answers, lessons).map(({ lesson, ...one }) => ({ ...one, choices: one.choices.map(({ choice, ...n }) => n) })),
}));
