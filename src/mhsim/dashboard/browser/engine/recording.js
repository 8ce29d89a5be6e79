// A recorded history: everybody of one community week by week, and what a picture needs to play it.

import { byForm } from "./by_form.js";
import { History } from "./history.js";
import { Table } from "./columns.js";
import { catalogue } from "./catalogue.js";
import { firstName, groupName, invented, label } from "./names.js";
import { COUNTED, kinds, namesAnother, newsOf, sentences } from "./news.js";
import { COMMUNITY, Places, Snapshots, lookOn, spansOf } from "./snapshots.js";
import { giveReasons, helpOf, membersOf } from "./weeks.js";
import { language as spoken } from "../words.js";

const NOBODY = 65535; // stands for no person where people are numbers
const NO_GROUP = 255;
// Counts, and for hope and self-efficacy the sum over members, so that groups can be added up.
const PER_GROUP = [
  "members", "helpers", "organisers", "attended", "newcomers", "hope", "self_efficacy", "requests", "unmet",
];
const ROW_OF_REQUESTS = PER_GROUP.indexOf("requests");
const KINDS = { Uint8Array: "u1", Uint16Array: "u2", Uint32Array: "u4", Float32Array: "f4" };

/** Live one history with a snapshot of every week; `payload` of what is returned is what a picture plays. */
export function record(engine, facts, plan, scenario, name = "A", language = spoken()) {
  const recording = recordingOf(engine, facts, plan, scenario);
  recording.payload = payloadOf(recording, name, language);
  return recording;
}

/** Return the history of a plan that keeps its log, looked on at in every week. */
export function recordingOf(engine, facts, plan, scenario) {
  const history = new History(engine, plan), stepWeeks = scenario.values.weeks_per_step;
  const snapshots = new Snapshots(history, facts, stepWeeks);
  lookOn(history, () => snapshots.take());
  const { memory, layout, world } = history;
  const counted = (name) => memory.number(world.meter, layout.tables.meter[name].offset);
  const kept = (name) => Table.of(history, name).copy(layout, name, counted(name));
  const recording = {
    facts, scenario, snapshots, stepWeeks,
    opening: plan.opens, last: snapshots.at.length - 2,
    lives: kept("lives"), events: kept("events"), groups: kept("groups"), living: livingOf(history, counted("groups")),
    places: new Places(facts.identity), byForm: byForm(history, scenario),
  };
  const { lives, places } = recording, { people } = snapshots.fitted();
  places.note(people.who);
  for (let row = 0; row < lives.length; row += 1) {
    if (lives.get("community", row) === COMMUNITY) places.note([lives.get("who", row)]);
  }
  places.settle();
  recording.person = places.allOf(people.who);
  recording.ties = spansOf(snapshots, places, recording.last);
  recording.helped = helpOf(recording);
  recording.members = membersOf(recording);
  giveReasons(recording, recording.members);
  recording.ownGroups = [];
  for (let k = 0; k < recording.groups.length; k += 1) {
    if (recording.groups.get("community", k) === COMMUNITY) recording.ownGroups.push(k);
  }
  return recording;
}

/** Return a copy of the rows of everybody in the world, community by community. */
function livingOf(history, groups) {
  const { layout, world } = history, item = layout.items.people;
  const blocks = Table.of(history, "blocks"), people = Table.of(history, "people"), parts = [];
  for (let k = 0; k < world.communities.shape[0] + groups; k += 1) {
    const from = people.at + blocks.get("start", k) * item;
    parts.push(new Uint8Array(people.buffer, from, blocks.get("count", k) * item));
  }
  const found = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    found.set(part, at);
    at += part.length;
  }
  return new Table(layout, "people", found.buffer);
}

/** Return the names of all people of the first community, in order of arrival. */
export function namesOf(recording) {
  return (recording.names ??= Array.from(recording.places.who, (who) => label(recording.facts, COMMUNITY, who)));
}

/** Return the invented first names of all people of the first community, by their names in tables. */
export function calledOf(recording) {
  if (!recording.called) {
    const { facts, places: { who } } = recording, { bits, starters } = facts.identity;
    const there = [...who.keys()].filter((k) => who[k] >>> bits === starters);
    const order = [...there, ...[...who.keys()].slice(0, who.length - there.length)], names = namesOf(recording);
    recording.called = new Map(order.map((k, place) => [names[k], firstName(facts, place)]));
  }
  return recording.called;
}

/** Return the step since the opening at whose end a group closed; null if it is open. */
export function closedStep({ facts, groups, opening }, group) {
  const closed = groups.get("status", group) === facts.statuses.indexOf("closed");
  return closed ? groups.get("closed", group) - opening : null;
}

/** Return the invented names of people in two recordings, whoever else is there in one of them only. */
export function namesInBoth(a, b) {
  return invented(a.facts, [...new Set([...namesOf(a), ...namesOf(b)])]);
}

/** Return two recordings for a picture, labelled A and B, the same people with the same invented names. */
export function payloadsOfPair(a, b, language = spoken()) {
  const called = namesInBoth(a, b);
  return [payloadOf(a, "A", language, called), payloadOf(b, "B", language, called)];
}

/** Return a recording for a picture: a few plain values, and columns of numbers as bytes. */
export function payloadOf(recording, name, language, called = calledOf(recording)) {
  const { members, places, groups, ownGroups } = recording, number = places.who.length;
  const local = new Int32Array(number + 1).fill(NOBODY), group = new Int32Array(groups.length + 1).fill(NO_GROUP);
  for (const person of members.person) local[person] = 0;
  const ever = [];
  for (let k = 0; k < number; k += 1) if (local[k] === 0) local[k] = ever.push(k) - 1;
  ownGroups.forEach((one, k) => { group[one] = k; });
  const columns = {
    ...ofMembers(members, local, group),
    ...ofHelp(recording, local),
    ...ofTies(recording, local),
    ...ofNews(recording, local, group),
    series: seriesOf(recording, group),
    outside: Uint32Array.from(recording.snapshots.inside, (from, step) => from - recording.snapshots.at[step]),
  };
  const types = {}, arrays = {};
  for (const [column, values] of Object.entries(columns)) {
    types[column] = KINDS[values.constructor.name];
    arrays[column] = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }
  return { about: aboutOf(recording, name, language, called, ever), types, arrays };
}

function aboutOf(recording, name, language, called, ever) {
  const { facts, scenario, last, stepWeeks, ownGroups } = recording, names = namesOf(recording);
  return {
    label: name, title: scenario.values.title, steps: last, step_weeks: stepWeeks, seed: scenario.seed,
    people: ever.map((k) => names[k]), called: ever.map((k) => called.get(names[k])),
    groups: ownGroups.map((group) => ofGroup(recording, group, language)),
    communities: scenario.values["community.count"],
    stages: facts.stages, roles: facts.roles, reasons: facts.reasons, tie_kinds: facts.tie_kinds, kinds: kinds(facts),
    series: PER_GROUP, counted: COUNTED, sentences: sentences(facts, language),
  };
}

/** Return one group: number, name, first and last step, why it closed; invented names of groups are English. */
function ofGroup(recording, number, language) {
  const { facts, groups, scenario, opening, ownGroups } = recording, words = catalogue(facts, language);
  const form = ["", ...scenario.forms][groups.get("form", number)].replaceAll("_", " ");
  let called = groupName(facts, number, form);
  if (language !== "en") called = words.say("words.group", null, { label: number }) + (form && ` (${form})`);
  const reason = facts.closing[groups.get("reason", number)];
  return {
    number, name: ownGroups.length > 1 ? called : words.say("words.the_group"),
    founded: Math.max(0, groups.get("founded", number) - opening), parent: groups.get("parent", number),
    closed: closedStep(recording, number), reason, words: words.say(`closing.${reason}`),
  };
}

/** Return numbers from 0 to 1 as 0 to 255, the even one of two that are as near. */
function bytes(values) {
  const found = new Uint8Array(values.length);
  for (let k = 0; k < values.length; k += 1) {
    const scaled = Math.fround(Math.min(1, Math.max(0, values[k])) * 255);
    const low = Math.floor(scaled), over = scaled - low;
    found[k] = over > 0.5 || (over === 0.5 && low % 2) ? low + 1 : low;
  }
  return found;
}

/** Return where the rows of each step begin in columns in order of steps, and where the last ends. */
function offsets(rows, last, stepOf) {
  const found = new Uint32Array(last + 2);
  for (const row of rows) found[stepOf(row) + 1] += 1;
  for (let step = 1; step < found.length; step += 1) found[step] += found[step - 1];
  return found;
}

function ofMembers(members, local, group) {
  const { at, person, stage, role, attended, in_crisis: crisis, leaving } = members, rows = person.length;
  const who = new Uint16Array(rows), where = new Uint8Array(rows), flags = new Uint8Array(rows);
  for (let k = 0; k < rows; k += 1) {
    who[k] = local[person[k]];
    where[k] = group[members.group[k]];
    flags[k] = stage[k] | (role[k] << 2) | (attended[k] << 5) | (crisis[k] << 6);
  }
  const seen = { member_hope: bytes(members.hope), member_flags: flags, member_leaving: leaving };
  return { member_at: at, member_person: who, member_group: where, ...seen };
}

function ofHelp({ helped, last }, local) {
  const known = helped.filter(([, helper, other]) => local[helper] !== NOBODY && local[other] !== NOBODY);
  const pairs = Uint16Array.from(known.flatMap(([, helper, other]) => [local[helper], local[other]]));
  return { help_at: offsets(known, last, ([step]) => step), help_pair: pairs };
}

function ofTies({ ties }, local) {
  const known = ties.filter(({ one, other }) => local[one] !== NOBODY && local[other] !== NOBODY);
  return {
    tie_span: Uint16Array.from(known.flatMap(({ one, other, first, last }) => [local[one], local[other], first, last])),
    tie_kind: Uint8Array.from(known, ({ kind, strong }) => kind | (strong << 4)),
  };
}

function ofNews(recording, local, group) {
  const { facts } = recording, news = newsOf(recording), own = group.length - 1;
  const groupAt = (number) => group[number < 0 ? own : Math.min(number, own)];
  const rows = news.flatMap(({ kind, code, person, group: where, value }) => {
    let said = value;
    if (kind === "moved_group" || kind === "came_back") said = groupAt(value);
    else if (namesAnother(facts, kind)) said = local[value];
    return [code, person < 0 ? NOBODY : local[person], groupAt(where), said];
  });
  return { news_at: offsets(news, recording.last, ({ step }) => step), news: Uint16Array.from(rows) };
}

/** Return counts and sums by series, group and step. */
function seriesOf(recording, place) {
  const { facts, members, last, ownGroups, snapshots: { asked } } = recording, steps = last + 1;
  const size = ownGroups.length * steps, found = new Float64Array(PER_GROUP.length * size);
  const helper = facts.roles.indexOf("helper"), organiser = facts.roles.indexOf("organiser");
  const { at, group, role, attended, first, hope, self_efficacy: efficacy } = members;
  for (let step = 0; step <= last; step += 1) {
    for (let row = at[step]; row < at[step + 1]; row += 1) {
      const cell = place[group[row]] * steps + step;
      found[cell] += 1;
      if (role[row] === helper) found[size + cell] += 1;
      if (role[row] === organiser) found[2 * size + cell] += 1;
      found[3 * size + cell] += attended[row];
      found[4 * size + cell] += first[row];
      found[5 * size + cell] += hope[row];
      found[6 * size + cell] += efficacy[row];
    }
  }
  const closed = ownGroups.map((number) => closedStep(recording, number) ?? Infinity);
  for (let k = 0; k < asked.length; k += 1) {
    const where = place[asked.group[k]], step = asked.step[k];
    if (step > closed[where]) continue; // the last row of a closed group stands in the table for ever
    found[ROW_OF_REQUESTS * size + where * steps + step] += asked.requests[k];
    found[(ROW_OF_REQUESTS + 1) * size + where * steps + step] += asked.unmet[k];
  }
  return Float32Array.from(found);
}
