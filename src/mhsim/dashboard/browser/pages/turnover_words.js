// The answer in words, for the page and the handout alike: what many runs of A and B say, and how uncertain it is.
import { FEWEST, isClear, verdictOf, why } from "../engine/stats.js";
import { plural, say } from "../words.js";
import { lengthInWords } from "./describe.js";
import { UNKNOWN, capital, inDative, joined, plain, signed, trimmed } from "./numbers.js";
import {
  aliveAtEnd, differenceInAlive, failed, halfClosed, pairCounts, reasonsOf,
} from "./outcomes.js";

export const NAMES = ["A", "B"];
export const RUNS = 200; // of each
const LONG = 20 * 52; // weeks above which years are told without a tenth
const SMALL = 1; // of what is counted of a hundred, or in points of a hundred, less than this is too small to notice

export const titles = () => [say("A: the group today"), say("B: what if")];

export const judgedWords = () => say(
  "Differences are taken pair by pair, with the same chance events in both. With so many shown together, one is called "
  + "clear only if it stands out among all of them. Less than 1 of 100 is called small.");

export const notThis = () => say(
  "This is a model, not a finding about your group. Two thirds of its parameters are assumed, and it leaves out "
  + "much of what people do for one another. It gives no medical advice and no forecast for any person or group; "
  + "it shows what follows if groups worked as it assumes.");

/** Return a share as a number of a hundred; one of 200 is half a point, so that differences add up. */
export const halves = (share) => trimmed(100 * share, 1);

/** Return a difference of shares as a number of a hundred with its sign. */
export function withSign(share) {
  const text = halves(share);
  return share > 0 && text !== "0" ? `+${text}` : text;
}

/** Return an interval from its ends. */
export const span = (low, high) => ([low, high].includes(UNKNOWN) ? UNKNOWN : say("{low} to {high}", { low, high }));

/** A pair is {first, second, one, other, asked}: two situations, their outcomes run by run, how many are asked for. */
export const isDone = ({ one, asked }) => one.length === asked;

/** Return the answer in words: headline, difference, byPair, soFar. */
export function answerText(pair) {
  const { first, second, one, other, asked } = pair, shares = [one, other].map(aliveAtEnd);
  const told = { headline: "", difference: "", byPair: "", soFar: soFar(pair) };
  if (!shares.every(({ cases }) => cases)) {
    return { ...told, headline: say("In one of the two there is no group to follow.") };
  }
  const counts = pairCounts(one, other);
  told.byPair = byPair(counts);
  if (!isDone(pair)) {
    return { ...told, headline: say("{n} of {asked} runs done; too early to say.", { n: one.length, asked }) };
  }
  const [long, longB] = [first, second].map((situation) => inDative(lengthInWords(situation.value("weeks"))));
  const time = long === longB ? long : say("{long} (A) and {other} (B)", { long, other: longB });
  const [a, b] = shares.map(({ value }) => halves(value));
  told.headline = say("Still meeting after {time}: A {a} of 100 groups, B {b} of 100.", { time, a, b });
  told.difference = differenceInWords(differenceInAlive(one, other), counts);
  return told;
}

/** Return the difference in groups still meeting, with its interval and what that means. */
export function differenceInWords(change, counts) {
  if (change.cases < FEWEST) return `${capital(why("too few"))}: ${change.cases}.`;
  if (change.identical && !(counts.firstOnly || counts.secondOnly)) {
    return say("No difference: in all {n} pairs the group was still meeting in both or had closed in both. "
      + "With so many pairs a difference of up to {most} of 100 could still be missed.",
    { n: change.cases, most: Math.ceil(100 * change.high) });
  }
  if (isClear(change)) {
    const ends = [change.low, change.high].map(Math.abs).sort((one, other) => one - other).map(halves);
    const open = { size: halves(Math.abs(change.value)), ends: span(...ends) };
    const said = change.value > 0
      ? say("The difference: in B {size} more of 100 are still meeting than in A ({ends}).", open)
      : say("The difference: in B {size} fewer of 100 are still meeting than in A ({ends}).", open);
    return `${said} ${say("A difference this large would rarely come about by chance in this model.")}`;
  }
  const open = { size: withSign(change.value), ends: span(withSign(change.low), withSign(change.high)) };
  const said = say("The difference, B minus A, is {size} of 100 ({ends}).", open);
  return `${said} ${capital(why(verdictOf(change)))}.`;
}

/** Return in how many pairs the group came to another end in one situation than in the other. */
function byPair({ cases, both, neither, firstOnly, secondOnly }) {
  if (!cases) return "";
  return say("Pair by pair, with the same chance events: closed in A and still meeting in B {b} times of {n}; still "
    + "meeting in A and closed in B {a} times; the same in both {same} times.",
  { n: cases, a: firstOnly, b: secondOnly, same: both + neither });
}

/** Return how many runs stand behind the answer. */
function soFar(pair) {
  const { one, other, asked } = pair, parts = [];
  if (isDone(pair)) parts.push(say("All {n} runs of each.", { n: asked }));
  const lost = one.filter((outcome, k) => failed(outcome) || failed(other[k])).length;
  if (lost) {
    parts.push(plural(
      "{n} could not be finished and is left out.", "{n} could not be finished and are left out.", lost));
  }
  return parts.join(" ");
}

/** Return why a group closed, in words. */
export function reasonInWords(reason) {
  return {
    low_attendance: say("too few people at the meetings"), no_leader: say("nobody to run it"),
    no_longer_needed: say("no longer needed"), conflict: say("conflict"), money: say("money or room"),
  }[reason] ?? reason.replaceAll("_", " ");
}

/** Return per 100 groups those still meeting at the end, and those closed by each reason; most first. */
export function reasonRows({ one, other }) {
  const counts = [one, other].map(reasonsOf), alive = [one, other].map(aliveAtEnd);
  const number = (name, k) => counts[k][name] ?? 0, both = (name) => number(name, 0) + number(name, 1);
  const names = [...new Set(counts.flatMap((count) => Object.keys(count)))];
  names.sort((a, b) => both(b) - both(a) || (a < b ? -1 : 1));
  const cases = alive.map((found) => Math.max(1, found.cases));
  return [
    { label: say("still meeting"), values: alive.map((found) => (found.cases ? 100 * found.value : 0)) },
    ...names.map((name) => ({
      label: say("closed: {why}", { why: reasonInWords(name) }),
      values: [0, 1].map((k) => (100 * number(name, k)) / cases[k]),
    })),
  ];
}

/** Return by when half of the groups had closed, where half had. */
export function halfInWords({ one, other }) {
  const parts = [one, other].flatMap((outcomes, k) => {
    const week = halfClosed(outcomes);
    if (week === null) return [];
    const years = plain(week / 52, week > LONG ? 0 : 1);
    return [say("in {name} half of the groups had closed after {years} years", { name: NAMES[k], years })];
  });
  return parts.length ? `${capital(joined(parts))}.` : say("Fewer than half of the groups closed, in A and in B.");
}

/** Return a mean with its interval. */
export function meanCell({ means, measure: { scale, digits } }, arm) {
  const found = means[arm];
  if (!found.cases) return say("no case");
  const [value, low, high] = [found.value, found.low, found.high].map((part) => plain(scale * part, digits));
  return `${value} (${say("{low} to {high}", { low, high })})`;
}

/** Return in few words what a difference means; one of many is judged among them all. */
export function meaning(change, scale = 100) {
  const verdict = verdictOf(change);
  const words = {
    nothing: "", identical: say("no difference"), "too few": say("too few runs"), clear: say("clear"),
    unclear: say("could be chance"), "unclear among many": say("unclear (many comparisons)"),
  }[verdict];
  const small = verdict === "clear" && scale === 100 && Math.abs(scale * change.value) < SMALL;
  return small ? say("{words}, but small", { words }) : words;
}

/** Return a paired difference with its interval, and what that means in few words. */
export function changeCell({ difference: change, measure: { scale, digits } }) {
  if (!change.cases) return [say("no case"), ""];
  const places = digits + Number(Math.abs(scale * change.value) < 1);
  const [value, low, high] = [change.value, change.low, change.high].map((part) => signed(scale * part, places));
  return [`${value} (${span(low, high)})`, meaning(change, scale)];
}

/** Return the sentence that keeps the table of people in proportion. */
export function onPeople(rows) {
  const { means } = rows.find(({ measure }) => measure.name === "came");
  if (!means.every(({ cases }) => cases)) return "";
  const [a, b] = means.map(({ value }) => plain(100 * value, 0));
  if (Math.max(...means.map(({ value }) => value)) >= 0.5) {
    return say("About {a} (A) and {b} (B) of 100 people in need come to a group within a year.", { a, b });
  }
  return say("Only about {a} (A) and {b} (B) of 100 people in need come to a group within a year; most never come, so "
    + "differences among all people in need are small.", { a, b });
}
