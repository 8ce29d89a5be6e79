// The coordinator's question: some helpers stop soon; what follows in one, three and ten years, and what can be done.
// One situation is asked about. The answers are the same group under several measures taken from its first week on.
import { UNKNOWN, isClear, mean, pairedDifferences, proportion } from "../engine/stats.js";
import { InputError, shortened } from "../engine/errors.js";
import { Situation, same } from "../engine/situation.js";
import { plural, say } from "../words.js";
import { changeInWords } from "./describe.js";
import { capital, inDative, joined, past, plain, signed, small } from "./numbers.js";
import { valueOf } from "./outcomes.js";
import { APPRENTICES, HELPERS, LEARNT, MEMBERS, SUCCESSORS, lossOf, withLoss } from "./turnover_inputs.js";
import { halves, meaning, span, withSign } from "./turnover_words.js";

export const HORIZONS = [52, 156, 520]; // weeks after which the group is looked at: one, three and ten years
const LAST = HORIZONS.at(-1);
const ORGANISING = "serve.organise_hazard", ORGANISING_MORE = 5, MOST_ORGANISING = 10;
const SUPERVISION = "supervise.supervision", SUPERVISED = 0.8, MOST_SUCCESSORS = 20;
const ALIVE = "alive_at_end";

/** Return the question as the page asks it at first: two of four helpers leave within a month. */
export function opening(facts) {
  return soonLost(new Situation(facts).withValues({ [HELPERS]: 4, weeks: LAST }));
}

/** Return the situation with its two busiest helpers leaving within a month. */
export const soonLost = (situation) => withLoss(situation, 2, 4, true);

/** Return the situation with the length of the last horizon, so that a loss may lie anywhere before it. */
export function tenYears(situation) {
  return situation.withValues({ weeks: LAST }, situation.changes.filter(({ week }) => week < LAST));
}

/** Return what a group may do about it, {name, about, settings}; the first is nothing. */
function measures(situation) {
  const more = Math.min(MOST_ORGANISING, ORGANISING_MORE * situation.value(ORGANISING));
  return [
    { name: say("Do nothing"), about: say("the group goes on as it is"), settings: {} },
    ...successors(situation),
    {
      name: say("Share the work"), settings: { [ORGANISING]: more },
      about: say("members take on other work than helping, such as opening and leading, five times as readily"),
    },
    {
      name: say("Get supervision"), settings: { [SUPERVISION]: Math.max(SUPERVISED, situation.value(SUPERVISION)) },
      about: say("helpers get {n} % of full supervision", { n: 100 * SUPERVISED }),
    },
  ];
}

/** Return what can be done to have successors, where helping has to be learnt: nobody has to prepare elsewhere. */
function successors(situation) {
  if (!situation.value(LEARNT)) return [];
  const now = situation.value(SUCCESSORS), kept = (many) => ({ [SUCCESSORS]: Math.min(MOST_SUCCESSORS, now + many) });
  return [
    {
      name: say("Bring on one now"), settings: kept(1),
      about: now ? say("the group keeps one more member learning to help, or ready to follow")
        : say("the group keeps one member learning to help, or ready to follow"),
    },
    {
      name: say("Bring on two now"), settings: kept(2),
      about: now ? say("the group keeps two more members learning to help, or ready to follow")
        : say("the group keeps two members learning to help, or ready to follow"),
    },
  ];
}

/**
 * Return the rows of the answer, {name, about, situation}: nothing done, each measure, what a reader thought of (if
 * anything), and the same group if nobody stopped. An error says if one of them is not allowed.
 */
export function armsOf(situation, own = null) {
  const arms = measures(situation)
    .map(({ name, about, settings }) => ({ name, about, situation: situation.withValues(settings) }));
  if (own && !same(own, situation)) {
    arms.push({ name: say("Your own what-if"), about: say("what you set for B"), situation: own });
  }
  if (lossOf(situation)[0]) {
    const about = say("to compare: nothing done, and no loss");
    arms.push({ name: say("If nobody stopped"), about, situation: withLoss(situation, 0, 0) });
  }
  return arms;
}

/** Return what has to be simulated, the shortest first: {weeks, scenarios}; horizons before the loss are left out. */
export function partsOf(arms) {
  const [count, week] = lossOf(arms[0].situation);
  return HORIZONS.filter((weeks) => !count || week < weeks).map((weeks) => ({
    weeks, scenarios: arms.map(({ situation }) => situation
      .withValues({ weeks }, situation.changes.filter((change) => change.week < weeks)).scenario()),
  }));
}

/** Return what is seen at the end of a horizon: its name among outcomes, words, unit, scale and decimals. */
export function columns() {
  const closed = say("a group; 0 where it has closed");
  const column = (name, words, unit, scale) => ({ name, words, unit, scale, digits: 1 });
  return [
    column(ALIVE, say("Groups still meeting"), say("of 100 groups"), 100),
    column("helpers_at_end", say("Helpers then"), closed, 1),
    column("members_at_end", say("Members then"), closed, 1),
    column("unmet", say("Asked for help and found nobody free"), say("of 100 requests until then"), 100),
  ];
}

/** Return the cells of each arm, {column, value, change}; all differences of a horizon are judged together. */
export function tableOf(outcomes) {
  const shown = columns(), yesNo = shown.map(({ name }) => name === ALIVE);
  const found = outcomes.map((arm) => shown.map(({ name }) => arm.map((one) => valueOf(one, name))));
  const rows = found.slice(1).flatMap((arm) => arm.map((row, c) => row.map((value, k) => value - found[0][c][k])));
  const judged = pairedDifferences(rows, found.slice(1).flatMap(() => yesNo));
  return found.map((arm, a) => arm.map((row, c) => ({
    column: shown[c], value: yesNo[c] ? shareOf(row) : mean(row),
    change: a ? judged[(a - 1) * shown.length + c] : UNKNOWN,
  })));
}

function shareOf(row) {
  const there = row.filter((value) => !Number.isNaN(value));
  return proportion(there.filter(Boolean).length, there.length);
}

/** Return what is asked, in one sentence or two. */
export function questionInWords(situation) {
  const { facts } = situation, helpers = situation.value(HELPERS), members = situation.value(MEMBERS);
  const learning = situation.value(LEARNT) ? situation.value(APPRENTICES) : 0;
  const among = helpers === 0 ? say("none of them a helper")
    : plural("one helper among them", "{n} helpers among them", helpers, { n: small(helpers) });
  const open = { among, n: small(members), learning: small(learning) };
  const group = learning
    ? plural("A group of one member, {among}, {learning} more learning to help.",
      "A group of {n} members, {among}, {learning} more learning to help.", members, open)
    : plural("A group of one member, {among}.", "A group of {n} members, {among}.", members, open);
  const asked = say("What happens in the next year, in three, in ten?"), act = situation.changes.find((one) => one.act);
  if (!act) return [group, say("No helpers stop at once."), asked].join(" ");
  const what = changeInWords(facts, { ...act, set: {} }, situation.value("start.groups") > 1);
  const when = act.week
    ? say("After {time} (week {week}) {what}.", { time: inDative(timeInWords(act.week)), week: act.week, what })
    : say("In the first week {what}.", { what });
  return [group, when, asked].join(" ");
}

/** Return which horizons are left out because the loss comes later; empty if none is. */
export function notYet(situation) {
  const [count, week] = lossOf(situation);
  const before = HORIZONS.filter((weeks) => count && week >= weeks).map(past);
  if (!before.length) return "";
  const times = joined(before);
  return say("Nothing is said of the group after {times}: the helpers stop later than that.", { times });
}

/** Return what a table says in plain words: doing nothing, then what stands out from it. */
export function sentences(arms, weeks, rows) {
  const base = rows[0][0].value;
  if (!base.cases) return [say("There is no group to follow.")];
  const ends = span(halves(base.low), halves(base.high));
  const said = [say("After {time}, with nothing done, {n} of 100 groups are still meeting ({ends}).",
    { time: past(weeks), n: halves(base.value), ends })];
  const own = arms.map((arm, k) => [arm, rows[k]])
    .filter(([arm], k) => k && !same(arm.situation, arms[0].situation));
  if (!own.some(([, row]) => isClear(row[0].change))) {
    said.push(say("Nothing in the table below changes clearly how many groups still meet."));
  }
  columns().forEach(({ name }, c) => {
    const clear = own.filter(([, row]) => isClear(row[c].change) && !isSmall(row[c]));
    for (const sign of [1, -1]) {
      const names = clear.filter(([, row]) => sign * row[c].change.value > 0)
        .map(([arm, row]) => say("“{name}” ({change})", { name: arm.name, change: changeText(row[c]) }));
      if (names.length) said.push(`${capital(whatStands(name, sign > 0))}: ${joined(names)}.`);
    }
  });
  return said;
}

function whatStands(name, more) {
  return {
    [ALIVE]: more ? say("clearly more groups still meeting than with nothing done")
      : say("clearly fewer groups still meeting than with nothing done"),
    helpers_at_end: more ? say("clearly more helpers then than with nothing done")
      : say("clearly fewer helpers then than with nothing done"),
    members_at_end: more ? say("clearly more members then than with nothing done")
      : say("clearly fewer members then than with nothing done"),
    unmet: more ? say("clearly more requests for which nobody was free than with nothing done")
      : say("clearly fewer requests for which nobody was free than with nothing done"),
  }[name];
}

function isSmall({ column: { scale }, change }) {
  return Math.abs(scale * change.value) < (scale > 1 ? 1 : 0.1);
}

/** Return a value with its interval. */
export function valueText({ column: { name, scale, digits }, value: found }) {
  if (!found.cases) return say("no case");
  const write = name === ALIVE ? halves : (part) => plain(scale * part, digits);
  const [value, low, high] = [found.value, found.low, found.high].map(write);
  return `${value} (${span(low, high)})`;
}

/** Return a difference from doing nothing with its interval. */
function changeText({ column: { name, scale, digits }, change }) {
  const places = digits + Number(Math.abs(scale * change.value) < 1);
  const write = name === ALIVE ? withSign : (part) => signed(scale * part, places);
  return `${write(change.value)}, ${span(write(change.low), write(change.high))}`;
}

/** Return what a difference from doing nothing says, with what it means; empty where there is none to tell. */
export function changeSaid(cell) {
  const { column, change } = cell;
  if (!change.cases) return "";
  return change.identical ? say("no difference") : `${changeText(cell)}: ${meaning(change, column.scale)}`;
}

const WEEKS_IN_YEAR = 52, MONTHS_IN_YEAR = 12;
const TIME = /^\s*(?:([a-z]+)\s*)?(\d{1,4})(?:\s*([a-z]+))?\s*$/i;
const UNITS = { week: "week", month: "month", year: "year", woche: "week", monat: "month", jahr: "year" };

/** Return the week in which so many months have passed. */
const weekOfMonth = (months) => Math.round((months * WEEKS_IN_YEAR) / MONTHS_IN_YEAR);

/** Return the week that a text such as "week 4", "4 weeks", "2 months" or "1 year" stands for, in either language. */
export function readTime(text) {
  const [, before, digits, after] = TIME.exec(text) ?? [];
  const word = (before ?? after ?? "week").toLowerCase(), unit = UNITS[word] ?? UNITS[word.replace(/(s|n|en|e)$/, "")];
  const given = shortened(text);
  if (digits === undefined || (before && after) || !unit) {
    throw new InputError(say("when: given '{given}'; written as 4 weeks, 2 months or 1 year", { given }));
  }
  const number = Number(digits);
  const week = { week: number, month: weekOfMonth(number), year: number * WEEKS_IN_YEAR }[unit];
  if (week >= LAST) {
    throw new InputError(say("when: given '{given}'; allowed: before ten years have passed", { given }));
  }
  return week;
}

/** Return a week as it can be read back: in whole months or years where it is just that, else in weeks. */
export function timeInWords(week) {
  if (week && week % WEEKS_IN_YEAR === 0) return plural("1 year", "{n} years", week / WEEKS_IN_YEAR);
  const months = Math.round((week * MONTHS_IN_YEAR) / WEEKS_IN_YEAR);
  if (months && weekOfMonth(months) === week) return plural("1 month", "{n} months", months);
  return plural("1 week", "{n} weeks", week);
}
