// The answers that the runs of a lesson give to its questions, and to what the reader had expected.
import { isClear, mean, pairedDifferences, verdictOf, why } from "../engine/stats.js";
import { say } from "../words.js";
import { inWords } from "./describe.js";
import { capital, plain, small } from "./numbers.js";

const YES_NO = new Set(["alive_at_end", "closed"]);

/**
 * Return the answers to all questions of a lesson, judged together. `outcomes` has under the name of each situation the
 * measures of its replicates. An answer is {ask, first, second, names, difference, outcome}: both means as shown
 * (scaled) over the pairs in which both sides have a case, and "more", "fewer" or "same".
 */
export function answersOf(lesson, outcomes) {
  const sides = sidesOf(lesson, outcomes);
  const rows = sides.map(([first, second]) => second.map((value, k) => value - first[k]));
  const found = pairedDifferences(rows, lesson.asks.map(isYesNo));
  return lesson.asks.map((ask, k) => {
    const [value, low, high] = [found[k].value, found[k].low, found[k].high].map((one) => one * ask.scale);
    const difference = { ...found[k], value, low, high };
    return { ...numbers(lesson, ask, sides[k]), difference, outcome: outcomeOf(difference, ask.matters) };
  });
}

/** Return both numbers of every question as they are with the runs so far, without any verdict. */
export function soFar(lesson, outcomes) {
  return sidesOf(lesson, outcomes).map((sides, k) => numbers(lesson, lesson.asks[k], sides));
}

const sidesOf = (lesson, outcomes) =>
  lesson.asks.map(({ first, second }) => [valuesOf(outcomes, first), valuesOf(outcomes, second)]);

function numbers(lesson, ask, sides) {
  const both = sides[0].map((value, k) => !Number.isNaN(value) && !Number.isNaN(sides[1][k]));
  const [first, second] = sides.map((values) => mean(values.filter((_, k) => both[k])).value * ask.scale);
  const label = ({ case: name }) => lesson.cases.find((one) => one.name === name).label;
  return { ask, first, second, names: ask.names ?? [label(ask.first), label(ask.second)] };
}

const valuesOf = (outcomes, { case: name, measure }) => outcomes[name].map((one) => {
  const value = one[measure];
  return value === null || value === undefined ? NaN : Number(value);
});

const isYesNo = ({ first, second }) => YES_NO.has(first.measure) && YES_NO.has(second.measure);

function outcomeOf(found, matters) {
  if (!isClear(found) || Math.abs(found.value) < matters) return "same";
  return found.value > 0 ? "more" : "fewer";
}

/** Return whether a choice expected what happened: "as expected", "in part" or "otherwise". */
export function verdict(choice, outcomes) {
  const right = Object.entries(choice.expects).map(([name, expected]) => expected.includes(outcomes[name]));
  return right.every(Boolean) ? "as expected" : right.some(Boolean) ? "in part" : "otherwise";
}

/** Return the outcomes of answers by the names of their questions. */
export const outcomesOf = (answers) => Object.fromEntries(answers.map(({ ask, outcome }) => [ask.name, outcome]));

/** Return those parts of a lesson's explanation that hold with the results. */
export function reasons(lesson, answers) {
  const outcomes = outcomesOf(answers);
  const holds = ([name, held]) => held.includes(outcomes[name]);
  return lesson.why.filter(({ when = {} }) => Object.entries(when).every(holds));
}

/** Return the lesson's words for a result. */
export const wordsOf = ({ ask, outcome }) => ask[outcome];

/** Return a number with the decimals of its question. */
export const shown = ({ ask }, value) => plain(value, ask.digits);

/** Return the two numbers of an answer, in a sentence each. */
export function numbersOf(one) {
  return `${one.names[0]}: ${shown(one, one.first)} ${one.ask.unit}. ${one.names[1]}: ${shown(one, one.second)}.`;
}

/** Return the difference and how uncertain it is, in a sentence. */
export function uncertaintyOf(one) {
  const { difference: found, outcome } = one, { cases: n, low, high, value } = found;
  if (n === 0) return say("No pair of runs has a case to compare.");
  if (found.identical) return say("None of the {n} pairs shows any difference.", { n });
  if (isNothing(one, low) && isNothing(one, high)) {
    return say("No difference that would show at this precision, in {n} pairs.", { n });
  }
  if (!isClear(found)) {
    const reason = why(verdictOf(found)), ends = { low: apart(one, low), high: apart(one, high) };
    return say("No clear difference ({reason}): {n} pairs leave room for {low} to {high}.", { reason, n, ...ends });
  }
  const [least, most] = [Math.abs(low), Math.abs(high)].sort((a, b) => a - b).map((end) => shown(one, end));
  const size = { size: apart(one, value), least, most };
  if (outcome === "same") return say("Clear, but small: {size} ({least} to {most}).", size);
  return say("That is {size} ({least} to {most}).", size);
}

const isNothing = (one, value) => !/[1-9]/.test(shown(one, Math.abs(value)));

/** Return a difference in words: "12 more", "3 fewer", "no difference". */
function apart(one, value) {
  if (isNothing(one, value)) return say("no difference");
  const size = shown(one, Math.abs(value));
  return value >= 0 ? say("{size} more", { size }) : say("{size} fewer", { size });
}

/** Return how many of the parameters that matter most are assumed, in a sentence. */
export function assumptions(facts, lesson) {
  const assumed = lesson.rests_on.filter((path) => facts.row[path].source.startsWith("assumed")),
    all = lesson.rests_on.length;
  if (!assumed.length) {
    return say("All {all} numbers that matter most here have a published source, most of them weak.",
      { all: small(all) });
  }
  const open = { all: capital(small(all)), n: small(assumed.length),
    names: assumed.map((path) => `“${inWords(facts.row[path].meaning)}”`).join("; ") };
  if (all === 1) return say("One number matters most here, and it is assumed, not published: {names}.", open);
  if (assumed.length === 1) return say("{all} numbers matter most here; one of them is assumed, not published: "
    + "{names}.", open);
  return say("{all} numbers matter most here; {n} of them are assumed, not published: {names}.", open);
}
