// What is counted of a world at its end, where its tables lie: `mhsim.outcomes.counts`.

import { Table } from "./columns.js";

const NOBODY = 0xffffffff;
export const NEVER = -32768;

/** Return the counts of a world as it is now; `facts` name its codes. */
export function countsOf(history, facts) {
  const table = (name) => Table.of(history, name), { limits } = facts;
  const groups = table("groups"), meter = table("meter"), number = meter.get("groups", 0);
  const focal = meter.get("focal", 0), closed = facts.statuses.indexOf("closed");
  const member = facts.memberships.indexOf("member"), helper = facts.roles.indexOf("helper");
  const forms = Array.from({ length: history.world.empty_groups.shape[0] / 2 }, () => emptyForm(facts));
  const found = {
    tally: table("tally"), history: table("history"), step: meter.get("step", 0), groups, focal, forms,
    hasFocal: focal < number, lineageAlive: false, groupsEver: number, openGroups: 0, people: 0, members: 0,
    focalMembers: 0, focalHelpers: 0, given: new Float64Array(limits.loads), tied: 0, mutual: 0,
  };
  for (let g = 0; g < number; g++) {
    const form = forms[groups.get("form", g)], open = groups.get("status", g) !== closed;
    form.groups_ever += 1;
    form.open_groups += open ? 1 : 0;
    form.first_visits += groups.get("first_visits", g);
    found.openGroups += open ? 1 : 0;
    found.lineageAlive ||= open && groups.get("lineage", g) === focal;
  }
  const people = table("people"), ties = tiesOf(history, facts), helping = new Map();
  for (const row of livingRows(history, number)) {
    const group = people.get("group", row), helps = people.get("role", row) === helper;
    const belongs = people.get("membership", row) === member;
    found.people += 1;
    found.members += belongs ? 1 : 0;
    found.focalMembers += group === focal ? 1 : 0;
    found.focalHelpers += group === focal && helps ? 1 : 0;
    if (group >= 0) {
      const form = forms[groups.get("form", group)];
      form.members += 1;
      form.helpers += helps ? 1 : 0;
    }
    if (people.get("joined", row) !== NEVER) {
      found.given[Math.min(people.get("help_given", row), limits.loads - 1)] += 1;
    }
    const [tied, mutual] = ties(people.get("slot", row));
    found.tied += tied;
    found.mutual += mutual;
    if (helps && belongs) helping.set(group, [...(helping.get(group) ?? []), helperAt(people, row)]);
  }
  return Object.assign(found, { family: familyOf(helping) });
}

/** Return the sum of numbers, added in the order in which NumPy adds them. */
export function pairwise(values, begin = 0, end = values.length) {
  const length = end - begin;
  if (length > 128) {
    const half = Math.floor(length / 2), middle = begin + half - (half % 8);
    return pairwise(values, begin, middle) + pairwise(values, middle, end);
  }
  let sum = 0, at = begin;
  if (length >= 8) {
    const lanes = [...values.slice(begin, begin + 8)];
    for (at += 8; at < end - (length % 8); at += 8) for (let k = 0; k < 8; k++) lanes[k] += values[at + k];
    sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
  }
  for (; at < end; at++) sum += values[at];
  return sum;
}

const at = ({ values, first, step }, row) => values[first + row * step];
const emptyForm = (facts) => Object.fromEntries(Object.keys(facts.of_a_form).map((name) => [name, 0]));

/** Yield the rows of all people in the blocks of the communities and of the groups. */
export function* livingRows(history, groups) {
  const blocks = Table.of(history, "blocks"), number = history.world.communities.shape[0] + groups;
  for (let b = 0; b < number; b++) {
    const first = blocks.get("start", b), last = first + blocks.get("count", b);
    for (let row = first; row < last; row++) yield row;
  }
}

/** Return what tells of a handle's living ties over how many help has passed, and over how many it passed both ways. */
function tiesOf(history, facts) {
  const ties = Table.of(history, "ties"), handles = Table.of(history, "handles");
  const slots = history.world.ties.shape[1], none = facts.tie_kinds.indexOf("none");
  const [kind, other, since, given, received] = ["kind", "other", "generation", "given", "received"].map(
    (name) => ties.column(name),
  );
  const generation = handles.column("generation");
  return (slot) => {
    let tied = 0, mutual = 0;
    for (let k = slot * slots; k < (slot + 1) * slots; k++) {
      if (at(kind, k) === none || at(since, k) !== at(generation, at(other, k))) continue;
      const gave = at(given, k) > 0, got = at(received, k) > 0;
      tied += gave || got ? 1 : 0;
      mutual += gave && got ? 1 : 0;
    }
    return [tied, mutual];
  };
}

function helperAt(people, row) {
  const descent = people.get("descent", row);
  return {
    founder: descent === NOBODY ? people.get("who", row) : descent, generation: people.get("generation", row),
    given: people.get("help_this_year", row),
  };
}

/** Return what is counted of the family tree of help among the helpers of each group. */
function familyOf(helping) {
  const found = [0, 0, 0, 0, 0, 0, 0, 0];
  for (const group of [...helping.keys()].sort((one, other) => one - other)) {
    const helpers = helping.get(group);
    spread(helpers, () => 1).forEach((value, k) => { found[k] += value; });
    spread(helpers, ({ given }) => given).forEach((value, k) => { found[5 + k] += value; });
    found[3] += helpers.length;
    for (const { generation } of helpers) found[4] += generation;
  }
  return found;
}

/** Return one, the effective number of founders and the largest share, by weight; three zeros without any. */
function spread(helpers, weightOf) {
  const by = new Map();
  let whole = 0;
  for (const helper of helpers) {
    by.set(helper.founder, (by.get(helper.founder) ?? 0) + weightOf(helper));
    whole += weightOf(helper);
  }
  if (!whole) return [0, 0, 0];
  const shares = [...by.keys()].sort((one, other) => one - other).map((founder) => by.get(founder) / whole);
  return [1, 1 / pairwise(shares.map((share) => share * share)), Math.max(...shares)];
}
