// One person of a recording: how it went with them from week to week, with whom help passed, and their story.

import { finished } from "./catalogue.js";
import { NO_GROUP, chronicleOf } from "./chronicle.js";
import { InputError } from "./errors.js";
import { label, withNames } from "./names.js";
import { Narrator } from "./narrator.js";
import { calledOf, namesOf } from "./recording.js";
import { language as spoken } from "../words.js";

const INTRODUCTIONS = ["arrived", "there_at_opening"];
const REPEATED = ["helped_by", "helped", "crisis"]; // summed up between two turning points
const RANKS = { helped: 1, arrived: 0, there_at_opening: 0 };
const DECIMALS = 1000; // of a state, three

/**
 * Return one life: name, state by weeks, who helped (`by`) and was helped (`to`) as [person, times, name], and the
 * moments of the story, each with week, when, text.
 */
export function lifeOf(recording, person, facts = recording.facts, language = spoken(), called = calledOf(recording)) {
  const name = called.get(person);
  if (name === undefined) throw nobody(person);
  const place = namesOf(recording).indexOf(person), moments = lifeStory(recording, person, language);
  return {
    person, name, ...courseOf(recording, place), ...metBy(recording, place, called),
    moments: moments.map((moment) => ({ ...moment, text: withNames(facts, moment.text, called) })),
  };
}

/** Return how a person was at the start of each week in which they were in the world. */
export function courseOf({ facts, snapshots: { at, people }, person, stepWeeks }, place) {
  const found = { weeks: [], hope: [], self_efficacy: [], distress: [], stage: [], role: [], group: [] };
  for (let step = 0; step < at.length - 1; step += 1) {
    for (let row = at[step]; row < at[step + 1]; row += 1) {
      if (person[row] !== place) continue;
      found.weeks.push(step * stepWeeks);
      for (const name of ["hope", "self_efficacy", "distress"]) {
        found[name].push(even(people[name][row] * DECIMALS) / DECIMALS);
      }
      found.stage.push(facts.stages[people.stage[row]]);
      found.role.push(facts.roles[people.role[row]]);
      found.group.push(people.group[row] >= 0 ? people.group[row] : null);
    }
  }
  return found;
}

/** Return the nearest whole number; of two that are as near the even one. */
function even(value) {
  const low = Math.floor(value), over = value - low;
  return over > 0.5 || (over === 0.5 && low % 2) ? low + 1 : low;
}

/** Return with whom help passed after the opening, most often first. */
export function metBy(recording, place, called = calledOf(recording)) {
  const by = new Map(), to = new Map(), names = namesOf(recording);
  for (const [, helper, helped] of recording.helped) {
    if (helped === place) by.set(helper, (by.get(helper) ?? 0) + 1);
    if (helper === place) to.set(helped, (to.get(helped) ?? 0) + 1);
  }
  const listed = (met) => [...met].sort((one, other) => other[1] - one[1] || one[0] - other[0])
    .map(([who, times]) => [names[who], times, called.get(names[who])]);
  return { by: listed(by), to: listed(to) };
}

/** Return the moments of a life's story, in order of weeks; help and crises between two others are told in one. */
export function lifeStory(recording, person, language = spoken()) {
  const chronicle = chronicleOf(recording), voice = new Narrator(chronicle, language), life = chronicle.life(person);
  if (!life) throw nobody(person);
  const moments = grouped(wholeLife(chronicle, life)).map((part) => momentOf(voice, life, part));
  moments.sort((one, other) => one.week - other.week);
  return [...moments, lastOf(voice, life)];
}

/** Return the person's course together with the help given, the introduction first. */
function wholeLife(chronicle, life) {
  const given = chronicle.helpGiven(life).map(({ week, community, who }) => ({
    week, kind: "helped", group: NO_GROUP, stage: life.stage, role: life.role,
    other: label(chronicle.facts, community, who), reason: null, origin: NO_GROUP, learnt: false,
  }));
  const rank = ({ kind }) => RANKS[kind] ?? 2;
  return [...chronicle.course(life), ...given].sort((one, other) => one.week - other.week || rank(one) - rank(other));
}

/** Return occurrences in order of weeks, repeated ones in one list. */
function grouped(occurrences) {
  const found = [];
  let pending = new Map();
  for (const one of occurrences) {
    if (REPEATED.includes(one.kind)) {
      pending.set(one.kind, [...(pending.get(one.kind) ?? []), one]);
      continue;
    }
    found.push(...pending.values(), [one]);
    pending = new Map();
  }
  return [...found, ...pending.values()];
}

function momentOf(voice, life, part) {
  const [first] = part, last = part.at(-1);
  const text = INTRODUCTIONS.includes(first.kind) ? introduction(voice, life, first)
    : REPEATED.includes(first.kind) ? repeated(voice, part) : voice.clause(first);
  return {
    week: first.week, until: last.week, kind: first.kind, when: voice.when(first.week, last.week), text: finished(text),
    other: new Set(part.map(({ other }) => other)).size === 1 ? first.other : null,
  };
}

/** Return one sentence for help or crises between two turning points. */
function repeated(voice, part) {
  const number = part.length, { kind } = part[0];
  if (kind === "crisis") return number > 1 ? voice.say("crisis.several", number) : voice.say("crisis.once");
  const counts = new Map();
  for (const { other } of part) counts.set(other, (counts.get(other) ?? 0) + 1);
  const [best, times] = [...counts].reduce((most, one) => (one[1] > most[1] ? one : most));
  const { week } = part.findLast(({ other }) => other === best);
  const values = { other: kind === "helped_by" ? voice.person(best, week) : best, times: voice.times(number) };
  if (number === 1) return voice.say(`${kind}.once`, null, values);
  if (counts.size === 1) return voice.say(`${kind}.all`, null, values);
  values.persons = voice.say("words.by_persons", counts.size);
  if (times === 1) return voice.say(`${kind}.each_once`, null, values);
  return voice.say(`${kind}.${2 * times > number ? "most" : "several"}`, null, values);
}

/** Return the first sentence: when need arose or where the person stood, and what would come by itself. */
function introduction(voice, life, first) {
  const course = voice.say(`course.${life.resilience}`);
  if (first.kind === "arrived") return voice.say("life.arrived", null, { course });
  const weeks = Math.round(-(life.joined_week ?? 0));
  const tenure = weeks > 0 ? voice.say("life.tenure", weeks) : voice.say("life.tenure_new");
  const values = { as_role: voice.say(`as_role.${first.role}`), tenure, course };
  return voice.say("life.there_at_opening", null, { ...values, ...voice.placeWords(first.group, first.stage) });
}

/** Return the last line: how it stands, or for a life that has ended what there was in all. */
function lastOf(voice, life) {
  const { chronicle } = voice, parts = sumOf(voice, life), ended = life.ended !== "none";
  if (ended) {
    const entries = chronicle.entries(life), week = entries.length ? entries.at(-1).week : chronicle.week;
    const text = finished(voice.listed(parts));
    return { week, until: week, kind: "ended", when: voice.say("when.end"), text, other: null };
  }
  const values = { as_role: voice.say(`as_role.${life.role}`), ...voice.placeWords(life.group, life.stage) };
  const stands = finished(voice.say(`stands.${standing(life)}`, null, values)), { week } = chronicle;
  const text = life.meetings ? `${stands} ${voice.say("when.end")}: ${voice.listed(parts)}` : stands;
  return { week, until: week, kind: "now", when: voice.now(), text: finished(text), other: null };
}

/** Return what there was in all, part by part; what there was none of is left out, but for meetings. */
function sumOf(voice, life) {
  const { membership, meetings, help_received: received, help_given: given, crises } = life;
  const parts = [membership === "outside" ? voice.say("stands.never_came")
    : meetings ? voice.say("stands.meetings", meetings) : voice.say("stands.no_meeting")];
  if (received) parts.push(voice.say("stands.received", null, { times: voice.times(received) }));
  if (given) parts.push(voice.say("stands.given", null, { times: voice.times(given) }));
  if (crises) parts.push(voice.say("stands.crises", crises));
  return parts;
}

const nobody = (person) => new InputError(`person: there is none named ${person}`);

function standing({ membership, meetings }) {
  if (membership === "member" || membership === "outside") return membership;
  return meetings ? "former" : "never_visited";
}
