// The story of a group in a recording: how it began, its numbers year by year, its helpers, how it ended or stands.

import { capitalised, finished } from "./catalogue.js";
import { chronicleOf } from "./chronicle.js";
import { groupName, label, withNames } from "./names.js";
import { namesAnother, ownKinds } from "./news.js";
import { Narrator } from "./narrator.js";
import { calledOf } from "./recording.js";
import { duration } from "../pages/numbers.js";
import { language as spoken, say } from "../words.js";

const YEAR = 52;
// Kinds of occurrence that the line of a year counts, and the names of their sentences.
const WHAT_COUNTS = {
  first_visit: "came", came_back: "came_back", left: "left", began_learning: "began", began_to_follow: "began",
  learning_ended: "gave_up", became_helper: "made", helper_again: "again", role_ended: "lost",
};
const COUNTED = [
  "came", "came_back", "moved_in", "left", "moved_out", "began", "gave_up", "made", "again", "lost", "cancelled",
];
const TURNING = ["without_helper", "year", "closed"]; // kinds of moments of which the last leads to the end
const EARLY_WEEKS = 13; // who leaves within so many of the first visit left early
const RULES = ["first_helper", "left_early", "done"];

/**
 * Return how the first group of a recording ended, or is doing at the end: a sentence, the turning points, the whole
 * story, and the week in which it closed; null where no group was opened.
 */
export function groupEnding(recording, facts = recording.facts, called = calledOf(recording)) {
  const chronicle = chronicleOf(recording), { groups, severalGroups } = chronicle;
  if (!groups.length) return null;
  const number = focalGroup(recording.scenario), about = groups[number], story = groupStory(recording, number);
  const closed = story.find(({ kind }) => kind === "closed"), name = nameOf(chronicle, about, spoken());
  const heads = { members: withMembers(about.roll), helpers: withHelpers(about.helpers) };
  let sentence = closed
    ? say("In this run {name} {what}", { name, what: closed.text.slice(0, 1).toLowerCase() + closed.text.slice(1) })
    : say("In this run {name} was still meeting after {time}, {members}, {helpers}.",
      { name, time: duration(recording.scenario.weeks), ...heads });
  if (severalGroups) sentence += ` ${others(groups)}`;
  const lasts = TURNING.map((kind) => story.findLast((moment) => moment.kind === kind)).filter(Boolean);
  const because = lasts.sort((one, other) => one.week - other.week);
  const named = (moments) => moments.map((one) => ({ ...one, text: withNames(facts, one.text, called) }));
  return { sentence, because: named(because), whole: named(story), closed_week: about.closed_week };
}

function nameOf({ facts, severalGroups }, { group, form }, language) {
  const words = facts.words[language].words, of = form.replaceAll("_", " ");
  if (!severalGroups) return words.the_group;
  return language === "en" ? groupName(facts, group, of) : words.group.replace("{label}", group) + (of && ` (${of})`);
}

const withMembers = (number) => (number === 1 ? say("with one member") : say("with {n} members", { n: number }));

function withHelpers(number) {
  if (number === 0) return say("none of them a helper");
  return number === 1 ? say("one of them a helper") : say("{n} helpers among them", { n: number });
}

/** Return how many groups of the town were open at the end. */
function others(groups) {
  const still = groups.filter((group) => group.closed_week === null).length, open = { n: groups.length, still };
  if (!still) return say("The town had {n} groups in all; none were open at the end.", open);
  return still === 1 ? say("The town had {n} groups in all; 1 was open at the end.", open)
    : say("The town had {n} groups in all; {still} were open at the end.", open);
}

/** Return the number of the group that a scenario asks about. */
export function focalGroup({ forms, values }) {
  if (typeof values.focal === "number") return values.focal;
  let first = 0;
  for (const name of forms) {
    if (name === values.focal) return first;
    first += values[`forms.${name}.groups`];
  }
  return 0;
}

/** Return the moments of a group's story, in order of weeks, each with week, kind, when and text. */
export function groupStory(recording, number, language = spoken()) {
  const chronicle = chronicleOf(recording);
  const group = { voice: new Narrator(chronicle, language), chronicle, about: chronicle.groups[number] };
  group.past = chronicle.groupHistory(number);
  const parts = [
    beginning(group), ...helpersOf(group), ...eventsOf(group), ...splitsOf(group), ...yearsOf(group),
  ];
  const last = (kind) => (kind === "year" ? 0 : 1); // a year's count is of its first moment
  parts.sort((one, other) => one.week - other.week || last(one.kind) - last(other.kind));
  return [...parts, group.about.closed_week === null ? now(group) : ending(group)];
}

function moment({ voice }, week, kind, text, until = week) {
  return { week, until, kind, when: voice.when(week, until), text: finished(text) };
}

function beginning(group) {
  const { voice, chronicle, about } = group, week = about.founded_week;
  if (about.parent >= 0) {
    const values = { parent: voice.group(about.parent), persons: goers(group, about) };
    return moment(group, week, "split_off", voice.say("group.split_off", null, values));
  }
  if (week !== 0) return moment(group, week, "founded", voice.say("group.founded"));
  const { members, helpers } = chronicle.startOf(about);
  const said = heads(voice, members, Math.min(helpers, members), "words.with_members");
  return moment(group, week, "opened", voice.say("group.opened", null, said));
}

function ending(group) {
  const { voice, chronicle, about, past } = group, week = about.closed_week;
  const weeks = Math.round(week + chronicle.stepWeeks - about.founded_week);
  const because = voice.say(`closing.${about.reason}`);
  const values = { week, weeks: voice.say("words.weeks", weeks), reason: because };
  const sentences = [voice.say("group.closed", null, values)];
  const also = about.circumstances.filter((name) => name !== about.reason).map((name) => voice.say(`closing.${name}`));
  if (also.length) sentences.push(voice.say("group.circumstances", null, { reasons: voice.listed(also) }));
  const here = (one) => one.week === week;
  const moved = past.count((one) => here(one) && one.kind === "moved_group" && one.origin === about.group);
  const stranded = past.count((one) => here(one) && one.kind === "left" && one.reason === "group_closed");
  const fates = [["moved_on", moved], ["stranded", stranded]].filter(([, n]) => n);
  if (fates.length) sentences.push(capitalised(voice.listed(fates.map(([key, n]) => voice.say(`group.${key}`, n)))));
  return moment(group, week, "closed", sentences.join(". "));
}

function now(group) {
  const { voice, chronicle, about } = group, { week } = chronicle;
  const counts = { came: about.first_visits, made: about.helpers_made, lost: about.helpers_lost };
  counts.cancelled = cancelled(group, about.founded_week, week);
  const values = { status: voice.say(`status.${about.status}`), changes: changes(group, counts) };
  const said = { ...values, ...heads(voice, about.roll, about.helpers, "words.with_members") };
  return { ...moment(group, week, "now", voice.say("group.now", null, said)), when: voice.now() };
}

function heads(voice, members, helpers, key = "words.members") {
  return { members: voice.say(key, members), helpers: voice.say("words.helpers", helpers) };
}

/** Return what happened how often, part by part; what there was none of is left out. */
function changes({ voice, chronicle }, counts) {
  const keys = [...COUNTED, ...ownKinds(chronicle.facts, "people")].filter((key) => counts[key]);
  if (!keys.length) return voice.say("group.quiet");
  return voice.listed(keys.map((key) => voice.say(`group.${key}`, counts[key])));
}

/** Return a line for each full year of the group's life. */
function yearsOf(group) {
  const { voice, chronicle, about, past } = group, told = [], last = about.closed_week ?? chronicle.week;
  for (let week = about.founded_week + YEAR; week <= last; week += YEAR) {
    const counts = {};
    for (const [, one] of past.named) {
      const name = week - YEAR <= one.week && one.week < week ? countedAs(chronicle, one, about.group) : null;
      if (name) counts[name] = (counts[name] ?? 0) + 1;
    }
    counts.cancelled = cancelled(group, week - YEAR, week - chronicle.stepWeeks);
    const { members, helpers } = past.headsAt(week);
    const said = { changes: changes(group, counts), ...heads(voice, members, helpers) };
    told.push(moment(group, week, "year", voice.say("group.year", null, said)));
  }
  return told;
}

/** Return how many meetings of a group fell through from one week to another, both included. */
function cancelled({ chronicle, about }, first, last) {
  const found = chronicle.entriesOfGroup(about.group);
  return found.filter(({ kind, week }) => kind === "group_cancelled" && first <= week && week <= last)
    .reduce((sum, { value }) => sum + value, 0);
}

function countedAs({ facts }, { kind, group }, number) {
  if (kind === "moved_group") return group === number ? "moved_in" : "moved_out";
  return facts.own_events[kind] === "people" ? kind : WHAT_COUNTS[kind];
}

/** Return who was the group's first new helper, and when it had none. */
function helpersOf(group) {
  const { voice, chronicle, about, past } = group, told = [];
  const first = past.named.find(([, { kind }]) => kind === "became_helper");
  if (first) {
    const [person, { week }] = first;
    told.push(moment(group, week, "first_helper", voice.say("group.first_helper", null, { person })));
  }
  const weeks = [...new Set(past.changes.filter((one) => one.helpers).map(({ from }) => from))].sort((a, b) => a - b);
  let helpers = 0, since = null;
  for (const week of weeks) {
    const had = helpers, seen = week - chronicle.stepWeeks;
    ({ helpers } = past.headsAt(week));
    if (had && !helpers && (about.closed_week === null || seen < about.closed_week)) {
      since = seen;
      told.push(moment(group, seen, "without_helper", voice.say("group.without_helper")));
    } else if (helpers && since !== null) {
      const lacking = voice.say("words.weeks", Math.round(seen - since));
      told.push(moment(group, seen, "helper_again", voice.say("group.helper_again", null, { weeks: lacking })));
      since = null;
    }
  }
  return told;
}

/** Return what happened to the group as a whole, as the log and optional mechanisms have it. */
function eventsOf(group) {
  const { voice, chronicle, about } = group, { facts } = chronicle, told = [], alone = [];
  const own = new Set(ownKinds(facts, "groups"));
  for (const { week, kind: whole, value, community, other } of chronicle.entriesOfGroup(about.group)) {
    const kind = whole.replace(/^group_/, "");
    if (kind === "intervention" && value) told.push(moment(group, week, "act", voice.say("group.act", value)));
    else if (kind === "conflict" || kind === "breach") told.push(moment(group, week, kind, voice.say(`group.${kind}`)));
    else if (kind === "alone") alone.push(week);
    else if (own.has(kind)) {
      const values = namesAnother(facts, whole) ? { other: voice.person(label(facts, community, other), week) } : {};
      told.push(moment(group, week, kind, voice.say(`group.${kind}`, null, values)));
    }
  }
  for (const [first, last] of spells(alone, chronicle.stepWeeks)) {
    const weeks = voice.say("words.weeks", Math.round(last - first + chronicle.stepWeeks));
    told.push(moment(group, first, "alone", voice.say("group.alone", null, { weeks }), last));
  }
  return told;
}

/** Return the first and the last week of each run of weeks without a gap. */
function spells(weeks, step) {
  const found = [];
  for (const week of weeks) {
    if (found.length && week === found.at(-1)[1] + step) found.at(-1)[1] = week;
    else found.push([week, week]);
  }
  return found;
}

/** Return when other groups split off. */
function splitsOf(group) {
  const { voice, chronicle, about } = group;
  return chronicle.groups.filter(({ parent }) => parent === about.group).map((child) => {
    const values = { persons: goers(group, child), child: voice.group(child.group) };
    return moment(group, child.founded_week, "split", voice.say("group.split", null, values));
  });
}

/** Return how many went along when a group split off, in words. */
function goers({ voice, past }, child) {
  const number = past.count((one) => one.kind === "moved_group" && one.group === child.group
    && one.origin === child.parent && one.week === child.founded_week);
  return voice.say("words.persons", number);
}

/**
 * Return lives of the first group chosen by rule: the first to become a helper, to leave early, and to leave having
 * found what was needed; nobody is named twice, and null stands for nobody.
 */
export function notableLives(recording) {
  const chronicle = chronicleOf(recording), chosen = {};
  if (!chronicle.groups.length) return Object.fromEntries(RULES.map((rule) => [rule, null]));
  const { named } = chronicle.groupHistory(focalGroup(recording.scenario));
  for (const rule of RULES) {
    const taken = Object.values(chosen), visited = new Map();
    const found = named.find(([person, { kind, week, reason }]) => {
      if (kind === "first_visit") visited.set(person, week);
      const early = kind === "left" && visited.has(person) && week - visited.get(person) <= EARLY_WEEKS;
      const applies = { first_helper: kind === "became_helper", left_early: early };
      applies.done = kind === "left" && reason === "graduated";
      return applies[rule] && !taken.includes(person);
    });
    chosen[rule] = found ? found[0] : null;
  }
  return chosen;
}
