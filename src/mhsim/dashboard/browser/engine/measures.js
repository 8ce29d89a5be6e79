// From a world at its end to its measures, every ratio with its denominator: `mhsim.outcomes.summary`.

import { Table } from "./columns.js";
import { countsOf, pairwise } from "./counts.js";
import { modulesIn } from "./plan.js";
import { Rows } from "./records.js";

const HEADS = ["members", "groups", "communities"];
const SEEN = ["accommodated", "calm", "low_distress", "hope", "efficacy", "distress"];
const WHO = ["", "_joiners", "_non_joiners"];
const NEEDS = ["low", "middle", "high"];

/** Return every measure of a history by name; null where there is no case. */
export function measuresOf(history, scenario, facts) {
  const counts = countsOf(history, facts), tally = tallyOf(counts.tally);
  const time = timeOf(counts, scenario, facts);
  const found = Object.assign(
    {}, focal(counts, scenario, facts), atTheEnd(counts, time), snapshots(tally, facts), tenure(tally, facts),
    retention(tally, time, facts), helping(counts, tally, time), work(tally), family(counts, tally), losses(tally),
    waiting(tally),
  ); // ten times as fast as spreading them
  for (const name of facts.exits) found[`exits_${name}`] = tally("exits", facts.reasons.indexOf(name));
  const measures = {};
  for (const { name } of facts.measures) if (Object.hasOwn(found, name)) measures[name] = found[name];
  scenario.forms.forEach((form, k) => {
    for (const name of Object.keys(facts.of_a_form)) measures[`${name}_of_${form}`] = counts.forms[k + 1][name];
  });
  return Object.assign(measures, ofModules(history, scenario, facts, counts.groupsEver));
}

const ratio = (part, whole) => (whole > 0 ? part / whole : null);

/** Return what reads the tally: one number of it, or of those that stand under one name; or `all` of these. */
function tallyOf(table) {
  const one = (name, k = 0) => {
    const { values, first } = table.column(name);
    return values[first + k];
  };
  const all = (name, length) => {
    const { values, first } = table.column(name);
    return values.slice(first, first + length);
  };
  return Object.assign(one, { all });
}

/** Return what is counted by step, from the opening on, and the length of a step. */
function timeOf({ history, step }, { values }, facts) {
  const dt = values.weeks_per_step, opening = values["start.run_in_weeks"] / dt;
  const sum = (name, from, to) => {
    const { values: counted, first, step: row } = history.column(name);
    let whole = 0;
    for (let k = from; k < to; k++) whole += counted[first + k * row];
    return whole;
  };
  return { dt, opening, step, length: history.length, sum, year: facts.limits.weeks_per_year };
}

function focal(counts, { values }, facts) {
  if (!counts.hasFocal) {
    const nothing = {
      alive_at_end: null, weeks_to_closure: null, closed: null, closure_reasons: null, closure_circumstances: null,
    };
    return { ...nothing, lineage_alive_at_end: null };
  }
  const said = (name) => counts.groups.get(name, counts.focal);
  const open = said("status") !== facts.statuses.indexOf("closed");
  const weeks = open ? values.weeks : (said("closed") + 1 - said("founded")) * values.weeks_per_step;
  const present = facts.closing.filter((_, k) => k > 0 && said("circumstances") & (1 << k));
  return {
    alive_at_end: open, weeks_to_closure: weeks, closed: !open,
    closure_reasons: open ? "" : facts.closing[said("reason")], closure_circumstances: open ? "" : present.join("+"),
    lineage_alive_at_end: counts.lineageAlive,
  };
}

function atTheEnd(counts, { opening, length, sum }) {
  return {
    members_at_end: counts.focalMembers, helpers_at_end: counts.focalHelpers, open_groups_at_end: counts.openGroups,
    groups_ever: counts.groupsEver, members_in_world_at_end: counts.members, people_at_end: counts.people,
    arrivals: sum("arrivals", opening, length), first_visits: sum("first_visits", opening, length),
  };
}

function snapshots(tally, facts) {
  const weeks = facts.limits.snapshot_weeks, found = {};
  weeks.forEach((week, k) => WHO.forEach((tail, who) => {
    const place = who * weeks.length + k, seen = tally("seen", place);
    for (const name of SEEN) found[`${name}_at_${week}${tail}`] = ratio(tally(name, place), seen);
    found[`seen_at_${week}${tail}`] = seen;
  }));
  return found;
}

function retention(tally, { dt, opening, step, sum }, facts) {
  const found = {};
  facts.limits.retention_weeks.forEach((week, k) => {
    const visitors = sum("first_visits", opening, Math.max(opening, step - week / dt));
    found[`retention_at_${week}`] = ratio(tally("kept", k), visitors);
    found[`retention_in_group_at_${week}`] = ratio(tally("kept_in_group", k), visitors);
    const censored = visitors - tally("lost_to_closure", k);
    found[`retention_closure_censored_at_${week}`] = ratio(tally("kept", k), censored);
  });
  return found;
}

function tenure(tally, facts) {
  const sum = (name) => tally(name, 0) + tally(name, 1) + tally(name, 2);
  const roll = sum("roll_by_class"), meeting = sum("meeting_by_class");
  const month = (k, over) => ratio(tally("meeting_by_month", k - 1), tally("meeting_by_month", over - 1));
  const found = {
    retention_month_12_over_month_1: ratio(tally("roll_by_month", 11), tally("roll_by_month", 0)),
    meeting_month_12_over_4: month(12, 4), roll_share_under_1: ratio(tally("roll_by_class", 0), roll),
    helper_share_of_roll: ratio(tally("roll_helpers"), roll),
    helper_share_at_meeting: ratio(tally("meeting_helpers"), meeting),
    ever_helper_share_at_meeting: ratio(tally("meeting_ever_helpers"), meeting),
  };
  for (const k of [2, 3, 6, 12]) found[`meeting_month_${k}_over_1`] = month(k, 1);
  facts.tenures.forEach((name, k) => {
    found[`stayed_another_year_${name}`] = ratio(tally("class_kept", k), tally("class_seen", k));
    found[`meeting_share_${name}`] = ratio(tally("meeting_by_class", k), meeting);
  });
  return found;
}

function helping(counts, tally, { dt, length, sum, year }) {
  const years = (tally("helper_steps") * dt) / year, made = tally("helpers_made");
  const load = tally.all("load", counts.given.length), loads = total(load);
  const given = tally.all("help_given", counts.given.length).map((people, k) => people + counts.given[k]);
  return {
    meetings_a_week: ratio(tally("visits"), tally("steps_there") * dt),
    helper_share_of_starters: ratio(made, sum("first_visits", 0, length)),
    weeks_to_helping: ratio(tally("steps_to_helping") * dt, made), helpers_made: made,
    stepped_down: tally("stepped_down"), burnouts: tally("burnouts"),
    burnouts_per_helper_year: ratio(tally("burnouts"), years),
    turnover_per_helper_year: ratio(tally("stepped_down"), years), load_median: median(load, loads - load[0]),
    load_mean: ratio(weighed(load), loads), idle_helper_share: ratio(load[0], loads),
    requests_met: ratio(tally("requests") - tally("requests_unmet"), tally("requests")), helping_gini: gini(given),
    helping_top_1_percent: topShare(given, 0.01), helper_reproduction: ratio(tally("credit"), tally("careers")),
    reciprocity: ratio(counts.mutual, counts.tied),
    crises_per_person_year: ratio(tally("crises"), (tally("person_steps") * dt) / year),
  };
}

function work(tally) {
  const weeks = tally("work_steps");
  return {
    hours_needed: ratio(tally("hours_asked"), weeks), hours_done: ratio(tally("hours_done"), weeks),
    hours_covered: ratio(tally("hours_covered"), tally("hours_asked")),
    meetings_cancelled: ratio(tally("not_held"), tally("meetings_due")),
    helpers_who_must_go: ratio(tally("must_go"), tally("must_go_seen")),
    apprentices_per_group: ratio(tally("apprentices"), tally("learning_steps")),
    know_how_of_helpers: ratio(tally("know_how"), tally("knowing_helpers")),
  };
}

function family({ family: counted }, tally) {
  let [groups, effective, largest, helpers, generations, giving, effectiveByHelp, largestByHelp] = counted;
  if (tally("learning_steps") === 0) groups = helpers = giving = 0;
  return {
    founders_of_help: ratio(effective, groups), help_from_one_founder: ratio(largest, groups),
    generations_of_help: ratio(generations, helpers), founders_of_help_given: ratio(effectiveByHelp, giving),
    help_given_from_one_founder: ratio(largestByHelp, giving),
  };
}

function losses(tally) {
  const found = {
    helper_losses_made_good: ratio(tally("made_good"), tally("wants")),
    weeks_to_recover: ratio(tally("weeks_of_want"), tally("made_good")),
    losses_that_uncover: ratio(tally("uncovered"), tally("covered_losses")),
    work_covered_again: ratio(tally("covered_again"), tally("gaps")),
    weeks_to_cover_work: ratio(tally("weeks_uncovered"), tally("covered_again")),
  };
  const usual = ratio(tally("quiet_gone"), tally("quiet_helpers"));
  ["first", "second", "third"].forEach((name, k) => {
    const followed = tally("following_gone", k), number = tally("losses", k);
    const beyond = followed - (usual ?? 0) * tally("following_helpers", k);
    found[`losses_after_${name}`] = ratio(followed, number);
    found[`losses_after_${name}_beyond_expected`] = usual === null ? null : ratio(beyond, number);
  });
  return found;
}

function waiting(tally) {
  const found = {};
  const asked = (tail, needs) => {
    const [met, seen, waits, weeks] = ["asked_met", "asked_seen", "waits", "weeks_waited"].map((name) =>
      needs.reduce((sum, k) => sum + tally(name, k), 0));
    found[`helped_4_weeks_after_asking${tail}`] = ratio(met, seen);
    found[`weeks_from_asking_to_help${tail}`] = ratio(weeks, waits);
  };
  NEEDS.forEach((need, k) => {
    found[`helped_at_4_${need}_distress`] = ratio(tally("need_met", k), tally("need_seen", k));
    found[`weeks_to_help_${need}_distress`] = ratio(tally("weeks_to_help", k), tally("first_helps", k));
    asked(`_${need}_distress`, [k]);
  });
  asked("", [0, 1, 2]);
  return found;
}

/** Return the measures of every optional mechanism that is on at some time, from what it has kept of its own. */
function ofModules(history, scenario, facts, groups) {
  const found = {};
  for (const name of modulesIn(facts, scenario)) {
    const rule = facts.rules[name];
    if (!rule.measures.length) continue;
    const kept = history.own[name] && keptBy(history, name, rule, groups);
    for (const measure of rule.measures) {
      found[`${name}_${measure.name}`] = kept ? ofModule(measure, kept, scenario, facts) : null;
    }
  }
  return found;
}

function ofModule({ of, over, when }, { sums, ofGroups }, { values }, facts) {
  const said = (name) => {
    const [table, column] = name.split(".");
    if (when === "so_far" && column) return ofGroups(column);
    return sums(column ? `${table}_${column}` : table, when === "end" ? 1 : 0);
  };
  let whole = [over].flat().reduce((sum, name) => sum + said(name), 0);
  if (when === "yearly" || (when === "so_far" && HEADS.includes(over))) {
    whole *= values.weeks_per_step / facts.limits.weeks_per_year;
  }
  return ratio(said(of), whole);
}

/** Return what reads the sums that a module keeps, and adds up a column of its groups. */
function keptBy({ memory, own }, name, rule, groups) {
  const named = rule.measures.filter(({ when }) => when !== "so_far")
    .flatMap(({ of, over }) => [of, ...[over].flat().filter((one) => !HEADS.includes(one))]);
  const fields = [...HEADS, ...new Set(named.map((one) => one.replace(".", "_")))];
  const reader = (part, columns) => {
    const { places, item } = new Rows(columns, 0), { at, shape } = own[name].rows[part];
    const tables = Object.entries(places).map(([column, [offset, type]]) => {
      return [column, { type: `${type.endsWith("1") ? "|" : "<"}${type}`, offset }];
    });
    const described = { tables: { [part]: Object.fromEntries(tables) }, items: { [part]: item } };
    return new Table(described, part, memory.bytes.buffer, at, shape[0]);
  };
  const table = reader("sums", fields.map((field) => [field, "f8"]));
  return {
    sums: (field, row) => table.get(field, row),
    ofGroups(column) {
      const rows = reader("groups", [["known", "u1"], ...rule.groups]);
      let sum = 0;
      for (let g = 0; g < groups; g++) sum += rows.get(column, g);
      return sum;
    },
  };
}

const total = (counts) => counts.reduce((sum, count) => sum + count, 0);
const weighed = (counts) => counts.reduce((sum, count, k) => sum + count * k, 0);

/** Return the median of a quantity 1, 2, ... held by so many in all; null if nobody has any. */
function median(counts, holders) {
  let below = 0;
  for (let k = 1; holders > 0; k++) if ((below += counts[k]) >= 0.5 * holders) return k;
  return null;
}

/** Return the Gini coefficient of a quantity 0, 1, 2, ... held by so many people each; null if nobody has any. */
function gini(counts) {
  const people = total(counts), whole = weighed(counts);
  if (people <= 0 || whole <= 0) return null;
  let below = 0, sum = 0;
  counts.forEach((count, k) => {
    below += count;
    sum += count * k * (below - 0.5 * count + 0.5);
  });
  return (2 * sum) / (people * whole) - (people + 1) / people;
}

/** Return the share of a quantity 0, 1, 2, ... that the top share of its holders has; null if nobody has any. */
function topShare(counts, share) {
  const whole = weighed(counts), most = share * total(counts);
  if (whole <= 0) return null;
  const taken = new Float64Array(counts.length);
  let above = 0;
  for (let k = counts.length - 1; k >= 0; k--) {
    taken[k] = Math.min(Math.max(most - above, 0), counts[k]) * k;
    above += counts[k];
  }
  return pairwise(taken) / whole;
}
