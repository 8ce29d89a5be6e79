// What the page lets one change: its sliders, a loss of helpers at once, and ready-made pairs to begin with.
// A setting that changes in mid-life is shown and set from the week of its last change on, and its label says so.
import { Situation, same } from "../engine/situation.js";
import { say } from "../words.js";
import { inWords } from "./describe.js";
import { blank, fieldOf } from "./inputs.js";

export const LOSS = "loss.count";
export const LOSS_WEEK = "loss.week";
export const LOSS_LEAVE = "loss.leave";
export const MEMBERS = "start.members";
export const HELPERS = "start.helpers";
export const APPRENTICES = "start.apprentices";
export const LEARNT_ALREADY = "start.apprentice_know_how";
export const RATE = "serve.turnover_per_year";
export const SUCCESSORS = "prepare.successors";
export const LEARNT = "prepare.enabled";
export const ARRIVALS = "community.arrivals_per_week";
const LEAVES = "serve.leaves_with_role", DEPARTURES = "serve.departures_per_year";
const MOST_LOST = 5, USUAL_WEEK = 104;
const BEFORE_LOSS = [RATE, LEAVES, DEPARTURES];
const AFTER_LOSS = ["serve.term_weeks", "supervise.supervision", ARRIVALS, MEMBERS, HELPERS];

/** Return the inputs for a situation, the loss of helpers at once among them. */
export function fieldsOf(situation) {
  const setting = (path) => settingField(situation, path), follows = situation.value(LEARNT) ? [SUCCESSORS] : [];
  return [...BEFORE_LOSS.map(setting), ...lossFields(situation), ...[...follows, ...AFTER_LOSS].map(setting)];
}

/** Return the input of a setting; helpers and those who learn to help are at most as many as the members. */
export function settingField(situation, path) {
  const field = { ...fieldOf(path, situation) }, last = lastChange(situation, path);
  if (last >= 0) {
    const { week, set } = situation.changes[last];
    field.value = set[path];
    field.high = Math.max(field.high ?? 0, set[path]);
    field.label = say("{label}, from week {week} on", { label: field.label, week });
  }
  if (path !== HELPERS && path !== APPRENTICES) return field;
  const members = situation.value(MEMBERS), helpers = situation.value(HELPERS);
  const most = path === HELPERS ? members : Math.max(members - helpers, situation.value(APPRENTICES));
  return { ...field, high: Math.min(field.high ?? 0, most), unit: path === HELPERS ? say("helpers") : say("members") };
}

/** Return the position of the last change of a setting, -1 if it never changes. */
function lastChange({ changes }, path) {
  return changes.findLastIndex(({ set }) => path in set);
}

/** Return the inputs of a loss of the busiest helpers at once. */
function lossFields(situation) {
  const [count, week] = lossOf(situation), fields = [lossField(situation)];
  if (count) {
    fields.push({
      ...blank(LOSS_WEEK, say("They stop in week"), week, "range"), low: 0, high: situation.value("weeks") - 1, step: 1,
      help: say("The week of the run in which they stop; week 4 is a month after the start, week 52 a year."),
    });
    fields.push(leaveField(situation));
  }
  return fields;
}

export function lossField(situation, label = say("Busiest helpers who stop helping at once")) {
  const [count] = lossOf(situation);
  return {
    ...blank(LOSS, label, count, "range"), low: 0, high: Math.max(MOST_LOST, count), step: 1, unit: say("helpers"),
    words: [[0, say("none")]],
    help: say("In each group, the helpers who have given most help stop helping in the same week. This is an event "
      + "added by the page; it has no source."),
  };
}

export function leaveField(situation) {
  const help = say("If not, they stay as members.");
  return { ...blank(LOSS_LEAVE, say("They leave the group too"), lossLeaves(situation), "switch"), help };
}

const firstLoss = ({ changes }) => changes.find(({ act }) => act);

/** Return whether those who stop helping at once leave the group too. */
export const lossLeaves = (situation) => firstLoss(situation)?.leave ?? false;

/** Return how many helpers are lost at once, and in which week; the first such loss counts. */
export function lossOf(situation) {
  const loss = firstLoss(situation);
  return loss ? [loss.count, loss.week] : [0, USUAL_WEEK];
}

/** Return the situation with so many helpers lost at once in a week, in place of its first loss. */
export function withLoss(situation, count, week, leave = lossLeaves(situation)) {
  const loss = firstLoss(situation);
  let bare = situation;
  if (loss) {
    const rest = Object.keys(loss.set).length ? [{ week: loss.week, set: loss.set }] : [];
    bare = situation.withChanges(situation.changes.flatMap((one) => (one === loss ? rest : [one])));
  }
  if (!count) return bare;
  const last = situation.value("weeks") - 1;
  return bare.withChange({ week: Math.min(week, last), act: "lose_busiest_helpers", count, leave });
}

/** Return the situation after an input was set; an error says what is not allowed. */
export function withInput(situation, name, value) {
  const [count, week] = lossOf(situation);
  if (name === LOSS) return withLoss(situation, value, week);
  if (name === LOSS_WEEK) return withLoss(situation, count, value);
  if (name === LOSS_LEAVE) return withLoss(situation, count, week, value);
  const last = lastChange(situation, name);
  if (last < 0) return situation.withValue(name, value);
  const other = ({ set, ...change }) => ({ ...change, set: { ...set, [name]: value } });
  return situation.withChanges(situation.changes.map((one, k) => (k === last ? other(one) : one)));
}

/** Return what an input shows, as text: a setting, from its last change on, or the loss of helpers. */
function inputValue(situation, name) {
  if ([LOSS, LOSS_WEEK, LOSS_LEAVE].includes(name)) return `${lossOf(situation)} ${lossLeaves(situation)}`;
  const last = lastChange(situation, name);
  return String(last < 0 ? situation.value(name) : situation.changes[last].set[name]);
}

/** Return A after an input was set, and B, which follows where it was the same as A in that input. */
export function withInputInBoth(first, second, name, value) {
  const follows = inputValue(first, name) === inputValue(second, name);
  return [withInput(first, name, value), follows ? withInput(second, name, value) : second];
}

/** Return two situations with the seed of the first. */
export function sameSeed(first, second) {
  const seed = first.value("seed");
  return [first, second.value("seed") === seed ? second : second.withValue("seed", seed)];
}

/** Return the inputs that A and B have in common: the type of group, the length and the random seed. */
export function commonFields(situation) {
  return [formField(situation), lengthField(situation), fieldOf("seed", situation)];
}

export function formField(situation) {
  const worldsLast = ([, one], [, other]) => Number(one.world) - Number(other.world);
  const forms = Object.entries(situation.facts.forms).sort(worldsLast)
    .map(([name, { title }]) => [name, inWords(title)]);
  return { ...blank("form", say("Type of group"), situation.form, "choice"), choices: forms };
}

function lengthField(situation) {
  const weeks = situation.value("weeks"), usual = new Map([[52, say("one year")]]);
  for (const years of [2, 3, 5, 10, 20]) usual.set(52 * years, say("{n} years", { n: years }));
  if (!usual.has(weeks)) usual.set(weeks, say("{n} weeks", { n: weeks }));
  return { ...blank("weeks", say("Looked at after"), weeks, "choice"), choices: [...usual].sort(([a], [b]) => a - b) };
}

/** Return both situations after an input that they have in common was set; another form keeps what B differs in. */
export function forBothOf([first, second], name, value) {
  if (name === "weeks") return [first, second].map((one) => withLength(one, value));
  if (name !== "form") return [first, second].map((one) => one.withValue(name, value));
  const { facts } = first, seed = first.value("seed"), own = {};
  for (const [path, set] of Object.entries(second.settings)) if (first.value(path) !== set) own[path] = set;
  const other = new Situation(facts, value).withValue("seed", seed);
  return [other, new Situation(facts, value, {}, second.changes).withValues({ seed, ...own })];
}

/** Return the situation with another length, without what would come later than its end. */
export function withLength(situation, weeks) {
  return situation.withValues({ weeks }, situation.changes.filter(({ week }) => week < weeks));
}

const SEED = 4; // of the page as it opens: one under which the story shown is worth telling

/** Return ready-made pairs: a question in few words, and its two situations laid over a type of group. */
export function examples() {
  const example = (label, both, { second = {}, lost = 0, followed = false }) => ({
    label,
    situations(facts, form, seed) {
      const first = new Situation(facts, form).withValues({ seed, ...both });
      const other = first.withValues(followed ? { ...second, [SUCCESSORS]: 2 } : second);
      return [first, withLoss(other, lost, USUAL_WEEK)];
    },
  });
  return [
    example(say("Trained successors"), { [RATE]: 2, [LEAVES]: 0 }, { followed: true }),
    example(say("Trained successors, but helpers leave for good"), { [RATE]: 1, [LEAVES]: 1 }, { followed: true }),
    example(say("Helpers who step down stay as members"), { [RATE]: 1, [LEAVES]: 1 }, { second: { [LEAVES]: 0 } }),
    example(say("Two helpers stop at once"), {}, { lost: 2 }),
    example(say("Fewer people need help"), { [ARRIVALS]: 0.6 }, { second: { [ARRIVALS]: 0.2 } }),
    example(say("Terms of half a year"), {}, { second: { "serve.term_weeks": 26 } }),
    example(say("One helper for many, with supervision"),
      { [ARRIVALS]: 2, [HELPERS]: 1, "serve.become_hazard": 0.008 }, { second: { "supervise.supervision": 0.8 } }),
  ];
}

/** Return what the page shows where its address says nothing. */
export const opening = (facts) => examples()[0].situations(facts, "base", SEED);

export const sameTwo = (one, other) => one.every((situation, k) => same(situation, other[k]));
