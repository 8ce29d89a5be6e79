// The weeks of the groups: one row for every member of every week, as it was at the end of that week's meeting.
//
// A member of a week is who was in a group when it began; hope, stage and the rest are those at its end, before anybody
// left, and the role is the one held in that week. So the rows of a week agree with the weekly series of the run.

import { INTERVENTION, eventReasons } from "./facts.js";
import { COMMUNITY, lowest } from "./snapshots.js";

/** Return the members of every step, by step and person: columns, and in `at` where the rows of each step begin. */
export function membersOf(recording) {
  const { snapshots, places } = recording, { people, at, inside } = snapshots;
  const last = at.length - 2, number = places.who.length;
  const rows = inside.reduce((sum, from, step) => sum + at[step + 1] - from, 0);
  const found = {
    at: new Uint32Array(last + 2), person: new Int32Array(rows), group: new Int32Array(rows),
    hope: new Float32Array(rows), self_efficacy: new Float32Array(rows), stage: new Uint8Array(rows),
    role: new Uint8Array(rows), in_crisis: new Uint8Array(rows), attended: new Uint8Array(rows),
    first: new Uint8Array(rows), leaving: new Uint8Array(rows),
  };
  const { ended, gone } = thoseWhoEnded(recording), { group, role, attended, meetings } = people;
  let now = new Int32Array(number).fill(-1), next = new Int32Array(number).fill(-1), row = 0;
  stand(recording, 0, now);
  for (let step = 0; step <= last; step += 1) {
    const final = step === last;
    if (!final) stand(recording, step + 1, next);
    for (let person = 0; person < number; person += 1) {
      const k = now[person];
      if (k < 0 || group[k] < 0) continue;
      let from = final ? k : next[person], values = people;
      if (from < 0) [from, values] = [ended.get(places.who[person]), gone];
      found.person[row] = person;
      found.group[row] = group[k];
      found.hope[row] = values.hope[from];
      found.self_efficacy[row] = values.self_efficacy[from];
      found.stage[row] = values.stage[from];
      found.in_crisis[row] = values.in_crisis[from];
      found.role[row] = role[k];
      found.attended[row] = final ? attended[k] : values.meetings[from] > meetings[k] ? 1 : 0;
      found.first[row] = found.attended[row] && !meetings[k] && !final ? 1 : 0;
      row += 1;
    }
    found.at[step + 1] = row;
    now.fill(-1);
    [now, next] = [next, now];
  }
  return found;
}

/** Write down where in the snapshots everybody stands in a step. */
function stand({ snapshots: { at }, person }, step, rows) {
  for (let k = at[step]; k < at[step + 1]; k += 1) rows[person[k]] = k;
}

/** Return those who are no longer in the world as they were when last seen, and their rows by identity. */
function thoseWhoEnded({ lives, snapshots: { people } }) {
  const ended = new Map(), gone = {};
  for (let row = lives.length - 1; row >= 0; row -= 1) {
    if (lives.get("community", row) === COMMUNITY) ended.set(lives.get("who", row), row);
  }
  for (const [name, Kind] of people.kinds) {
    gone[name] = new Kind(lives.length);
    for (let row = 0; row < lives.length; row += 1) gone[name][row] = lives.get(name, row);
  }
  return { ended, gone };
}

/** Return the row of a person among the members of a step; -1 for none. */
export function memberRow({ at, person }, step, who) {
  if (step + 1 >= at.length) return -1;
  const row = lowest(person, who, at[step], at[step + 1]);
  return row < at[step + 1] && person[row] === who ? row : -1;
}

/** Write down why members left at the end of a step, and whose role an act took away at its beginning. */
export function giveReasons(recording, members) {
  const { facts, events, places, opening } = recording, ordinary = facts.roles.indexOf("member");
  const [left, ended] = ["left", "role_ended"].map((kind) => facts.log.kinds.indexOf(kind));
  const taken = eventReasons(facts).indexOf(INTERVENTION);
  for (let k = 0; k < events.length; k += 1) {
    const kind = events.get("kind", k), value = events.get("value", k), step = events.get("step", k) - opening;
    if (events.get("community", k) !== COMMUNITY || (kind !== left && (kind !== ended || value !== taken))) continue;
    const row = step < 0 ? -1 : memberRow(members, step, places.of(events.get("who", k)));
    if (row >= 0 && kind === left) members.leaving[row] = value;
    else if (row >= 0) members.role[row] = ordinary;
  }
}

/** Return help that passed after the opening: step, who helped and who was helped, by places. */
export function helpOf({ facts, events, places, opening }) {
  const helped = facts.log.kinds.indexOf("helped_by"), found = [];
  for (let k = 0; k < events.length; k += 1) {
    if (events.get("kind", k) !== helped || events.get("community", k) !== COMMUNITY) continue;
    const step = events.get("step", k) - opening;
    if (step >= 0) found.push([step, places.of(events.get("other", k)), places.of(events.get("who", k))]);
  }
  return found;
}
