// A recording as it comes from a worker, made ready to be drawn: typed arrays, seats, and who comes and goes when.
import { takeSeats } from "./seats.js";
import { say } from "../words.js";

const TYPES = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array };
export const NOBODY = 65535;
export const STAGE = 3, ATTENDED = 32, CRISIS = 64;
export const roleOf = (flags) => (flags >> 2) & 7;

export function read(payload) {
  const { about, types, arrays } = payload;
  const history = { about, label: about.label, steps: about.steps, stepWeeks: about.step_weeks };
  for (const [name, bytes] of Object.entries(arrays)) history[camel(name)] = typed(bytes, types[name]);
  history.span = about.steps + 1;
  history.names = about.groups.map((group) => group.name);
  history.mostOutside = history.outside.reduce((most, number) => Math.max(most, number), 0);
  takeSeats(history);
  findExits(history);
  findTies(history);
  return history;
}

function typed(bytes, type) {
  const Kind = TYPES[type];
  const view = ArrayBuffer.isView(bytes) ? bytes : new DataView(bytes);
  return new Kind(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

function camel(name) {
  return name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
}

// Exits by step, and how many have gone through each door before each step.
function findExits(history) {
  const { memberAt, memberLeaving, memberNext, steps } = history;
  const doors = history.about.reasons.map(doorOf);
  history.exitAt = new Uint32Array(steps + 2);
  const rows = [];
  history.gone = new Uint16Array((steps + 2) * DOORS.length);
  for (let step = 0; step <= steps; step += 1) {
    history.exitAt[step] = rows.length;
    const now = step * DOORS.length;
    history.gone.copyWithin(now + DOORS.length, now, now + DOORS.length);
    for (let row = memberAt[step]; row < memberAt[step + 1]; row += 1) {
      if (memberNext[row] !== -1 || step === steps) continue;
      rows.push(row);
      const door = doors[memberLeaving[row]];
      if (door >= 0) history.gone[now + DOORS.length + door] += 1;
    }
  }
  history.exitAt[steps + 1] = rows.length;
  history.exits = Uint32Array.from(rows);
  history.doorOfReason = Int8Array.from(doors);
}

export const DOORS = [
  { label: () => say("found what they came for"), reasons: ["graduated", "settled"] },
  { label: () => say("stopped coming"), reasons: ["dropped_out", "came_once"] },
  { label: () => say("well, came no more"), reasons: ["drifted_off"] },
  { label: () => say("in a crisis"), reasons: ["relapsed"] },
  { label: () => say("burnt out"), reasons: ["burnt_out"] },
  { label: () => say("left with the role"), reasons: ["left_with_role"] },
  { label: () => say("conflict"), reasons: ["conflict"] },
  { label: () => say("moved away or died"), reasons: ["moved_away"] },
  { label: () => say("group closed"), reasons: ["group_closed"] },
];

function doorOf(reason) {
  return DOORS.findIndex((door) => door.reasons.includes(reason));
}

// Which ties stand in which step, as one flat list with offsets.
function findTies(history) {
  const { tieSpan, tieKind, steps } = history;
  const at = new Uint32Array(steps + 2);
  for (let k = 0; k < tieKind.length; k += 1) {
    for (let step = tieSpan[4 * k + 2]; step <= tieSpan[4 * k + 3]; step += 1) at[step + 1] += 1;
  }
  for (let step = 0; step <= steps; step += 1) at[step + 1] += at[step];
  const fill = at.slice();
  const list = new Uint32Array(at[steps + 1]);
  for (let k = 0; k < tieKind.length; k += 1) {
    for (let step = tieSpan[4 * k + 2]; step <= tieSpan[4 * k + 3]; step += 1) list[fill[step]++] = k;
  }
  history.tieAt = at;
  history.mostTies = 1;
  for (let step = 0; step <= steps; step += 1) history.mostTies = Math.max(history.mostTies, at[step + 1] - at[step]);
  history.tieList = list;
}

// One of the weekly series of a history: a group's, or the sum over all.
export function series(history, name, group = null) {
  const place = history.about.series.indexOf(name), groups = history.about.groups.length, { span } = history;
  const found = new Float64Array(span);
  for (let g = 0; g < groups; g += 1) {
    if (group !== null && g !== group) continue;
    const first = (place * groups + g) * span;
    for (let step = 0; step < span; step += 1) found[step] += history.series[first + step];
  }
  return found;
}
