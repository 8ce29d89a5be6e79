// The answers of a class, counted: which lines hold none, what was expected, what came out.
import { say } from "../words.js";
import { verdict } from "./lesson_answers.js";
import { codesIn, readCode, wrongWith } from "./lesson_codes.js";

/**
 * Return what a text holds, line by line: `answers`, each with where it stood, and `wrong`, lines that are none with
 * what is wrong. Empty lines and those that begin with # say nothing.
 */
export function readAnswers(text, source, lessons) {
  const answers = [], wrong = [];
  text.split(/\r\n|\r|\n/).forEach((line, k) => {
    const place = { source, line: k + 1 };
    if (!line.trim() || /^\W*#/.test(line)) return;
    const codes = codesIn(line);
    if (!codes.length) wrong.push({ ...place, text: line.trim(), why: wrongWith(line) });
    for (const code of codes) {
      try {
        answers.push({ ...readCode(code, lessons), ...place });
      } catch (error) {
        wrong.push({ ...place, text: code, why: error.message });
      }
    }
  });
  return { answers, wrong };
}

/** Return answers, each of which counts once, and how many were there again; those before come first. */
export function gathered(before, more) {
  const known = new Map(before.map((one) => [sameAs(one), one]));
  let again = 0;
  for (const one of more) {
    if (known.has(sameAs(one))) again += 1;
    else known.set(sameAs(one), one);
  }
  return { answers: [...known.values()], again };
}

const sameAs = ({ code }) => code.toLowerCase();

/** Return for each lesson that was answered what was expected and what came out, in the order of lessons. */
export function tally(answers, lessons) {
  const found = [];
  for (const [name, lesson] of Object.entries(lessons)) {
    const of = answers.filter((one) => one.lesson === name);
    if (!of.length) continue;
    const choices = lesson.choices.map((choice) => {
      const verdicts = of.filter(({ guess }) => guess === choice.name).map((one) => verdictOn(one, lesson));
      const times = (which) => verdicts.filter((one) => one === which).length;
      const [right, part, other] = ["as expected", "in part", "otherwise"].map(times);
      return { choice, said: verdicts.length, right, part, other };
    });
    const asks = lesson.asks.map((ask, k) => {
      const times = (outcome) => of.filter(({ outcomes }) => outcomes[k] === outcome).length;
      return { ask, more: times("more"), fewer: times("fewer"), same: times("same") };
    });
    const seeds = [...new Set(of.map(({ seed }) => seed))].sort((a, b) => a - b);
    const right = choices.reduce((sum, one) => sum + one.right, 0);
    found.push({ name, lesson, number: of.length, right, choices, asks, seeds, twice: twiceIn(of) });
  }
  return found;
}

/** Return whether an answer's expectation is what came out in its own runs. */
export function verdictOn({ guess, outcomes }, lesson) {
  const choice = lesson.choices.find((one) => one.name === guess);
  return verdict(choice, Object.fromEntries(lesson.asks.map((ask, k) => [ask.name, outcomes[k]])));
}

/** Return the names that answered a lesson more than once. */
function twiceIn(answers) {
  const names = answers.map(({ name }) => name.toLowerCase()).filter(Boolean);
  const twice = new Set(names.filter((name, k) => names.indexOf(name) !== k));
  return [...new Set(answers.filter(({ name }) => twice.has(name.toLowerCase())).map(({ name }) => name))];
}

/** Return all answers as a table with commas, which other programs read; a file of it can be opened here again. */
export function csvOf(answers, lessons) {
  const rows = answers.map((one) => {
    const lesson = lessons[one.lesson];
    return [lesson.order, lesson.title, one.name, lesson.choices.find(({ name }) => name === one.guess).says,
      verdictOn(one, lesson), one.seed, one.outcomes.join(" "), one.engine, one.code];
  });
  const heads = ["#", say("lesson"), say("name"), say("prediction"), say("verdict"), say("seed"),
    say("what came out"), say("engine"), say("code")];
  return [heads, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** Return a cell that a table program takes as text, not as something to work out. */
function cell(value) {
  const text = String(value), safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
