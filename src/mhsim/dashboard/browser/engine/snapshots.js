// Snapshots of a history at the start of every step: who is there, in which group, in what state, with what ties.

import { Growing, Table } from "./columns.js";

export const COMMUNITY = 0; // the community that is drawn: the first
const WEEKS_BETWEEN_TIES = 4; // shorter ties are too short-lived to draw
const STRONG = 0.5; // from this strength on a tie is drawn as a strong one
const SEEN = {
  who: Uint32Array, group: Int32Array, hope: Float32Array, self_efficacy: Float32Array, distress: Float32Array,
  meetings: Uint16Array, stage: Uint8Array, role: Uint8Array, in_crisis: Uint8Array, attended: Uint8Array,
};
const TIE = { look: Int32Array, who: Uint32Array, other: Uint32Array, kind: Uint8Array, strong: Uint8Array };
const ASKED = { step: Int32Array, group: Int32Array, requests: Int32Array, unmet: Int32Array };

/** Live a history as its plan says, and look on at the start of every step from the opening on. */
export function lookOn(history, look) {
  const { opens, does } = history.plan;
  let reached = -1;
  for (const [what, said] of does) {
    if (what !== "pass" || said.until <= opens) {
      history[what](said);
      continue;
    }
    if (reached < 0) {
      history.pass({ until: opens, opening: false });
      history.pass({ until: opens, opening: true });
      look();
      reached = opens;
    }
    for (; reached < said.until; look()) history.pass({ until: (reached += 1), opening: false });
  }
}

export class Snapshots {
  constructor(history, facts, stepWeeks) {
    Object.assign(this, { history, table: {}, at: [0], inside: [] });
    this.between = Math.max(1, Math.round(WEEKS_BETWEEN_TIES / stepWeeks));
    this.people = new Growing(SEEN);
    this.ties = new Growing(TIE);
    this.asked = new Growing(ASKED, 1024);
    this.closest = facts.tie_kinds.indexOf("help"); // acquaintances are not drawn
  }

  /** Take one; the first is at the opening. */
  take() {
    const { history, at } = this, step = at.length - 1;
    for (const name of ["people", "blocks", "groups", "ties", "handles"]) this.look(name);
    const { memory, layout, world } = history;
    const groups = memory.number(world.meter, layout.tables.meter.groups.offset);
    const blocks = this.blocks(groups), outside = blocks[0][1];
    for (const [start, count] of blocks) this.copyPeople(start, count);
    at.push(this.people.length);
    this.inside.push(at[step] + outside);
    if (step % this.between === 0) for (const [start, count] of blocks.slice(1)) this.copyTies(start, count, step);
    if (step) this.copyAsked(groups, step - 1);
  }

  /** Look at a table anew if it or the memory has moved. */
  look(name) {
    const { memory, world } = this.history, known = this.table[name];
    if (known?.buffer === memory.bytes.buffer && known.at === world[name].at) return;
    this.table[name] = Table.of(this.history, name);
  }

  /** Let go of the history, and of the room that was not needed. */
  fitted() {
    this.history = this.table = null;
    for (const rows of [this.people, this.ties, this.asked]) rows.fitted();
    return this;
  }

  /** Return where the people of the community lie: start and count of each block, of those in no group first. */
  blocks(groups) {
    const { blocks, groups: table } = this.table, communities = this.history.world.communities.shape[0];
    const found = [[blocks.get("start", COMMUNITY), blocks.get("count", COMMUNITY)]];
    for (let group = 0; group < groups; group += 1) {
      const count = blocks.get("count", communities + group), start = blocks.get("start", communities + group);
      if (count && table.get("community", group) === COMMUNITY) found.push([start, count]);
    }
    return found;
  }

  /** Copy people one by one, each column by name: a loop over names would have to ask of each value what it is. */
  copyPeople(start, count) {
    const { people, table } = this, of = (name) => table.people.column(name);
    const whoAt = of("who"), groupAt = of("group"), hopeAt = of("hope"), efficacyAt = of("self_efficacy");
    const distressAt = of("distress"), meetingsAt = of("meetings"), stageAt = of("stage"), roleAt = of("role");
    const crisisAt = of("in_crisis"), attendedAt = of("attended");
    people.more(count);
    const { who, group, hope, self_efficacy: efficacy, distress, meetings, stage, role, in_crisis: crisis } = people;
    const { attended } = people;
    const doubles = hopeAt.values, whole = groupAt.values, small = stageAt.values; // a type each
    let to = people.length;
    for (let row = start; row < start + count; row += 1, to += 1) {
      who[to] = whoAt.values[whoAt.first + row * whoAt.step];
      group[to] = whole[groupAt.first + row * groupAt.step];
      hope[to] = doubles[hopeAt.first + row * hopeAt.step];
      efficacy[to] = doubles[efficacyAt.first + row * efficacyAt.step];
      distress[to] = doubles[distressAt.first + row * distressAt.step];
      meetings[to] = meetingsAt.values[meetingsAt.first + row * meetingsAt.step];
      stage[to] = small[stageAt.first + row * stageAt.step];
      role[to] = small[roleAt.first + row * roleAt.step];
      crisis[to] = small[crisisAt.first + row * crisisAt.step];
      attended[to] = small[attendedAt.first + row * attendedAt.step];
    }
    people.length = to;
  }

  /** Note the ties beyond acquaintance of these members with others who are in a group too. */
  copyTies(start, count, step) {
    const { people, ties, handles } = this.table, found = this.ties, look = step / this.between;
    const places = this.history.world.ties.shape[1];
    const at = ({ values, first, step: each }, k) => values[first + k * each];
    const kind = ties.column("kind"), other = ties.column("other"), generation = ties.column("generation");
    const strength = ties.column("strength"), bearer = handles.column("generation");
    found.more(count * places);
    for (let row = start; row < start + count; row += 1) {
      const slot = people.get("slot", row), who = people.get("who", row);
      for (let k = slot * places; k < (slot + 1) * places; k += 1) {
        const close = at(kind, k);
        if (close < this.closest) continue;
        const handle = at(other, k);
        if (at(generation, k) !== at(bearer, handle)) continue;
        const theirs = handles.get("row", handle);
        if (people.get("group", theirs) < 0) continue;
        const to = found.length++;
        found.look[to] = look;
        found.who[to] = who;
        found.other[to] = people.get("who", theirs);
        found.kind[to] = close;
        found.strong[to] = at(strength, k) >= STRONG ? 1 : 0;
      }
    }
  }

  /** Note what was asked for in the groups in the step that has just passed. */
  copyAsked(groups, step) {
    const { groups: table } = this.table, { asked } = this;
    asked.more(groups);
    for (let group = 0; group < groups; group += 1) {
      if (table.get("community", group) !== COMMUNITY) continue;
      const requests = table.get("requests", group);
      if (table.get("attended", group) + requests <= 0) continue;
      const to = asked.length++;
      asked.step[to] = step;
      asked.group[to] = group;
      asked.requests[to] = requests;
      asked.unmet[to] = table.get("requests_unmet", group);
    }
  }
}

/** Places in the list of all people there ever were, by their identities; whoever is noted has one. */
export class Places {
  constructor({ bits }) {
    this.bits = bits;
    this.rows = []; // by step of arrival, places by index
  }

  note(whos, length = whos.length) {
    const { bits, rows } = this, index = (1 << bits) - 1;
    for (let k = 0; k < length; k += 1) {
      const step = whos[k] >>> bits, at = whos[k] & index;
      let row = rows[step];
      if (!row || at >= row.length) {
        const larger = new Int32Array(Math.max(16, 2 * (at + 1))).fill(-1);
        if (row) larger.set(row);
        row = rows[step] = larger;
      }
      row[at] = 0;
    }
  }

  /** Give everybody a place, in order; return the identities. */
  settle() {
    const who = [];
    this.rows.forEach((row, step) => {
      for (let at = 0; at < row.length; at += 1) if (row[at] === 0) row[at] = who.push(step * 2 ** this.bits + at) - 1;
    });
    this.who = Uint32Array.from(who);
    return this.who;
  }

  /** Return the places of people who have been noted. */
  allOf(whos) {
    const { bits, rows } = this, index = (1 << bits) - 1, found = new Int32Array(whos.length);
    for (let k = 0; k < whos.length; k += 1) found[k] = rows[whos[k] >>> bits][whos[k] & index];
    return found;
  }

  /** Return the place of somebody; of an identity that nobody bears, where it would stand. */
  of(who) {
    const place = this.rows[who >>> this.bits]?.[who & ((1 << this.bits) - 1)];
    return place >= 0 ? place : lowest(this.who, who, 0, this.who.length);
  }
}

/** Return the first place from `low` on, before `high`, whose value is not smaller; `high` if all are. */
export function lowest(values, value, low, high) {
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Return ties as spans of time, by first step: two places, first and last step, kind, whether strong. */
export function spansOf(snapshots, places, last) {
  const { ties, between } = snapshots, number = places.who.length;
  const pairs = new Map(), spans = [];
  let touched = [], look = -1;
  const endLook = () => {
    for (const pair of touched) {
      const { span } = pair, same = span && span.kind === pair.kind && span.strong === pair.strong;
      if (same && span.look === look - 1) span.look = look;
      else spans.push((pair.span = { name: pair.name, kind: pair.kind, strong: pair.strong, first: look, look }));
      pair.kind = pair.strong = 0;
    }
    touched = [];
  };
  for (let k = 0; k < ties.length; k += 1) {
    if (ties.look[k] !== look) {
      endLook();
      look = ties.look[k];
    }
    const mine = places.of(ties.who[k]), theirs = places.of(ties.other[k]);
    const name = Math.min(mine, theirs) * number + Math.max(mine, theirs);
    let pair = pairs.get(name);
    if (pair === undefined) {
      pair = { name, kind: 0, strong: 0, span: null };
      pairs.set(name, pair);
    }
    if (!pair.kind) touched.push(pair);
    pair.kind = Math.max(pair.kind, ties.kind[k]);
    pair.strong = Math.max(pair.strong, ties.strong[k]);
  }
  endLook();
  spans.sort((one, other) => one.first - other.first || one.name - other.name);
  return spans.map(({ name, kind, strong, first, look: end }) => ({
    one: Math.floor(name / number), other: name % number, kind, strong,
    first: first * between, last: Math.min(last, (end + 1) * between - 1),
  }));
}
