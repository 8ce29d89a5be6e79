// What many histories say of groups and people; and of two situations, how they differ pair by pair.
import {
  UNKNOWN, mean, pairedDifference, pairedDifferences, proportion, survivalBand,
} from "../engine/stats.js";
import { say } from "../words.js";

const OF_HUNDRED = 100;

/** Return measures of people: name, words, unit, scale and decimals. Those in need are all, in the group or not. */
export function peopleMeasures() {
  const inNeed = say("of 100 people in need"), each = say("per run");
  const row = (name, words, unit, scale, digits) => ({ name, words, unit, scale, digits });
  return [
    row("came", say("came to a group within a year of needing help"), inNeed, OF_HUNDRED, 1),
    row("accommodated_at_52", say("found a way to live with it within a year"), inNeed, OF_HUNDRED, 1),
    row("hope_at_52", say("hope after a year, on average"), say("0 none, 100 full"), OF_HUNDRED, 1),
    row("distress_at_52", say("distress after a year, on average"), say("0 none, 100 worst"), OF_HUNDRED, 1),
    row("unmet", say("asked for help and found nobody free"), say("of 100 requests"), OF_HUNDRED, 1),
    row("burnouts", say("helpers burnt out"), each, 1, 2),
    row("burnt_out_left", say("people left the group burnt out"), each, 1, 2),
    row("helpers_made", say("people became helpers"), each, 1, 1),
    row("helpers_at_end", say("helpers at the end, 0 where the group has closed"), each, 1, 1),
    row("members_at_end", say("members at the end, 0 where the group has closed"), each, 1, 1),
  ];
}

export const failed = (outcome) => "failed" in outcome;
export const completed = (outcomes) => outcomes.filter((outcome) => !failed(outcome));
const isKnown = (value) => value !== null && value !== undefined;
const withGroup = (outcomes) => completed(outcomes).filter((one) => isKnown(one.alive_at_end));
const closedAt = (one) => (one.alive_at_end ? Infinity : one.weeks_to_closure || 0);

/** Return the share of groups alive at the end; histories without any group are left out. */
export function aliveAtEnd(outcomes) {
  const groups = withGroup(outcomes);
  return proportion(groups.filter((one) => one.alive_at_end).length, groups.length);
}

/** Return how many of 100 groups are alive at the end of each quarter of a year. */
export function aliveByTime(outcomes, weeks) {
  return survivalBand(withGroup(outcomes).map(closedAt), weeks);
}

/** Return the share of groups that had not closed by a week, as a proportion. */
export function aliveAfter(outcomes, week) {
  const groups = withGroup(outcomes);
  return proportion(groups.filter((one) => closedAt(one) > week).length, groups.length);
}

/** Return how many groups closed for each reason; those alive are not counted. */
export function reasonsOf(outcomes) {
  const found = {};
  for (const { alive_at_end: alive, closure_reasons: reason } of completed(outcomes)) {
    if (alive === false && reason) found[reason] = (found[reason] ?? 0) + 1;
  }
  return found;
}

/** Return the week by which half of the groups have closed; null if fewer than half have. */
export function halfClosed(outcomes) {
  const times = withGroup(outcomes).map(closedAt).sort((one, other) => one - other);
  const week = times[Math.floor((times.length + 1) / 2) - 1];
  return Number.isFinite(week) ? week : null;
}

/** Return one measure of one history; NaN where there is no case. */
export function valueOf(outcome, name) {
  if (failed(outcome)) return NaN;
  if (name === "came") return outcome.seen_at_52 ? outcome.seen_at_52_joiners / outcome.seen_at_52 : NaN;
  if (name === "unmet") return isKnown(outcome.requests_met) ? 1 - outcome.requests_met : NaN;
  const value = outcome[name === "burnt_out_left" ? "exits_burnt_out" : name];
  return isKnown(value) ? Number(value) : NaN;
}

/**
 * Return how people fared in two situations: of each measure the means with intervals, and the difference, second less
 * first. `together` judges all differences together, which is only right when all runs are there.
 */
export function peopleOf(first, second, together) {
  const measures = peopleMeasures(), cases = Math.min(first.length, second.length);
  if (!cases) return measures.map((measure) => ({ measure, means: [UNKNOWN, UNKNOWN], difference: UNKNOWN }));
  const [one, other] = [first, second].map((outcomes) =>
    measures.map(({ name }) => outcomes.slice(0, cases).map((outcome) => valueOf(outcome, name))));
  const changes = one.map((row, k) => row.map((value, pair) => other[k][pair] - value));
  const judged = together ? pairedDifferences(changes) : changes.map((row) => pairedDifference(row));
  return measures.map((measure, k) => ({ measure, means: [mean(one[k]), mean(other[k])], difference: judged[k] }));
}

/** Return in how many pairs the group was open at the end in both, in the first only, the second only, in neither. */
export function pairCounts(first, second) {
  const found = { both: 0, firstOnly: 0, secondOnly: 0, neither: 0 }, pairs = aliveInBoth(first, second);
  for (const [one, other] of pairs) found[one ? (other ? "both" : "firstOnly") : other ? "secondOnly" : "neither"] += 1;
  return { ...found, cases: pairs.length };
}

/** Return the difference in the share of groups alive at the end, second less first, paired, with its interval. */
export function differenceInAlive(first, second) {
  return pairedDifference(aliveInBoth(first, second).map(([one, other]) => Number(other) - Number(one)), true);
}

function aliveInBoth(first, second) {
  const pairs = first.slice(0, second.length).map((one, k) => [one, second[k]]);
  return pairs.filter((pair) => pair.every((one) => !failed(one) && isKnown(one.alive_at_end)))
    .map((pair) => pair.map((one) => one.alive_at_end));
}
