// What stories are told from: the log of a recording, its lives and its groups, and what happened in one of them.

import { label } from "./names.js";
import { INTERVENTION, eventReasons } from "./facts.js";
import { kindNames, namesAnother } from "./news.js";

export const NO_GROUP = -1;
const NOBODY = 2 ** 32 - 1; // stands in the log where something happened to a group
const TOLD_ROLES = ["helper", "organiser", "apprentice"];
const SAID_BY_LEAVING = ["burnt_out", "left_with_role"]; // reasons of an exit that say themselves that a role ended
const ENTERS = ["there_at_opening", "coming", "came_back", "founded"];
const BECOMES_HELPER = ["became_helper", "helper_again"];
const MOVES = ["coming", "found_closed", "came_back", "founded", "moved_group", "left"]; // at the end of a week
const REASONS_OF_ROLES = ["left", "role_ended", "organiser_ended", "learning_ended"];

/** Return what stories of a recording are told from, made once. */
export const chronicleOf = (recording) => (recording.chronicle ??= new Chronicle(recording));

class Chronicle {
  constructor(recording) {
    const { facts, last, stepWeeks, groups, living } = recording;
    Object.assign(this, { recording, facts, stepWeeks, week: last * stepWeeks, courses: new Map() });
    this.kinds = kindNames(facts);
    this.reasons = eventReasons(facts);
    this.never = facts.columns.people.joined;
    const helper = facts.roles.indexOf("helper");
    const roll = new Int32Array(groups.length), helpers = new Int32Array(groups.length);
    for (let row = 0; row < living.length; row += 1) {
      const group = living.get("group", row);
      if (group < 0) continue;
      roll[group] += 1;
      if (living.get("role", row) === helper) helpers[group] += 1;
    }
    this.groups = Array.from({ length: groups.length }, (_, k) => this.groupRecord(k, roll[k], helpers[k]));
    this.severalGroups = this.groups.length > 1;
    this.index();
  }

  /** Return steps since the world began as weeks since the groups opened. */
  since(step) {
    return (step - this.recording.opening) * this.stepWeeks;
  }

  groupRecord(group, roll, helpers) {
    const { facts, recording: { groups, scenario } } = this, of = (name) => groups.get(name, group);
    const status = facts.statuses[of("status")], bits = of("circumstances");
    const circumstances = status === "closed" ? facts.closing.filter((_, k) => k > 0 && bits & (1 << k)) : [];
    return {
      group, community: of("community"), parent: of("parent"), founded_week: this.since(of("founded")),
      closed_week: of("closed") === NO_GROUP ? null : this.since(of("closed")), status,
      reason: facts.closing[of("reason")], circumstances, roll, helpers, first_visits: of("first_visits"),
      helpers_made: of("helpers_made"), helpers_lost: of("helpers_lost"), form: ["", ...scenario.forms][of("form")],
    };
  }

  /** Note which rows of the log are about whom, who helped, and what happened to which group. */
  index() {
    const { events, facts } = this.recording, helped = facts.log.kinds.indexOf("helped_by");
    this.byPerson = new Map();
    this.byHelper = new Map();
    this.byGroup = new Map();
    const put = (map, key, row) => {
      const rows = map.get(key);
      if (rows) rows.push(row);
      else map.set(key, [row]);
    };
    for (let row = 0; row < events.length; row += 1) {
      const community = events.get("community", row), who = events.get("who", row);
      if (who === NOBODY) put(this.byGroup, events.get("group", row), row);
      else put(this.byPerson, keyOf(community, who), row);
      if (events.get("kind", row) === helped) put(this.byHelper, keyOf(community, events.get("other", row)), row);
    }
    this.rows = new Map(); // of lives, ended or not
    for (const [table, ended] of [[this.recording.lives, true], [this.recording.living, false]]) {
      for (let row = 0; row < table.length; row += 1) {
        this.rows.set(keyOf(table.get("community", row), table.get("who", row)), { table, row, ended });
      }
    }
  }

  /** Return with what a group that opened in week 0 started. */
  startOf({ form }) {
    const { values } = this.recording.scenario, section = form ? `forms.${form}.start` : "start";
    return { members: values[`${section}.members`], helpers: values[`${section}.helpers`] };
  }

  /** Return one life; undefined if nobody is called so. */
  life(person) {
    const { facts } = this, [community, step, index] = person.split("-").map(Number);
    const found = this.rows.get(keyOf(community, step * 2 ** facts.identity.bits + index));
    return found && this.lifeAt(found, person);
  }

  lifeAt({ table, row, ended }, person) {
    const { facts, never } = this, of = (name) => table.get(name, row);
    const week = (name) => (of(name) === never ? null : this.since(of(name)));
    return {
      person, community: of("community"), who: of("who"), resilience: facts.classes[of("resilience")],
      ended: ended ? facts.reasons[of("leaving")] : "none",
      membership: facts.memberships[of("membership")], stage: facts.stages[of("stage")], role: facts.roles[of("role")],
      group: of("group"), joined_week: week("joined"), helper_week: week("first_helper"), meetings: of("meetings"),
      help_given: of("help_given"), help_received: of("help_received"), crises: of("crises"),
    };
  }

  /** Return what happened to one person, in order. */
  entries({ community, who }) {
    return this.read(this.byPerson.get(keyOf(community, who)));
  }

  /** Return when this person helped whom; the one who was helped is `who` of each entry. */
  helpGiven({ community, who }) {
    return this.read(this.byHelper.get(keyOf(community, who)));
  }

  /** Return what happened to one group as a whole, in order. */
  entriesOfGroup(number) {
    return this.read(this.byGroup.get(number));
  }

  read(rows = []) {
    const { facts } = this, { events } = this.recording;
    return rows.map((row) => {
      const of = (name) => events.get(name, row), kind = this.kinds[of("kind")], value = of("value");
      const reason = REASONS_OF_ROLES.includes(kind) ? this.reasons[value] : null;
      return {
        week: this.since(of("step")), kind, community: of("community"), who: of("who"), other: of("other"), value,
        reason, group: of("group"), stage: facts.stages[of("stage")] ?? "", role: facts.roles[of("role")] ?? "",
      };
    });
  }

  /** Return all that happened in one life, in order of weeks: every entering and every end of a role. */
  wholeCourse(life) {
    const entries = inOrder(this.facts, this.entries(life)), told = [];
    const founded = new Set(entries.filter(({ kind }) => kind === "founded").map(({ week }) => week));
    let waits = false;
    for (const entry of entries) {
      if (!(entry.kind === "became_helper" && founded.has(entry.week))) told.push(this.occurrence(life, entry, waits));
      waits = entry.kind === "prepared" || (waits && !["became_helper", "left"].includes(entry.kind));
    }
    return told;
  }

  /** Return the same without what the next one says better: deciding to come and coming, a role ended by leaving. */
  course(life) {
    if (!this.courses.has(life.person)) this.courses.set(life.person, this.shortCourse(life));
    return this.courses.get(life.person);
  }

  shortCourse(life) {
    const whole = this.wholeCourse(life), step = this.stepWeeks;
    const visits = whole.filter(({ kind }) => kind === "first_visit").map(({ week }) => week);
    const exits = new Set(whole.filter(({ kind }) => kind === "left").map(({ week, reason }) => `${week} ${reason}`));
    return whole.filter(({ kind, week, reason }) => {
      if (kind === "coming") return !visits.some((visit) => week <= visit && visit <= week + step);
      const said = kind === "organiser_ended" || (kind === "role_ended" && SAID_BY_LEAVING.includes(reason));
      return !(said && exits.has(`${week} ${reason}`));
    });
  }

  /** Return one entry of the log as a story takes it; who waits is prepared to follow a helper. */
  occurrence(life, entry, waits) {
    let { kind, group } = entry, origin = NO_GROUP;
    if (kind === "became_helper" && life.helper_week !== entry.week) kind = "helper_again";
    else if (kind === "began_learning" && entry.value) kind = "began_to_follow";
    else if (kind === "left" && group === NO_GROUP) kind = "ended";
    else if (kind === "moved_group") [group, origin] = [entry.value, entry.group];
    const role = TOLD_ROLES.includes(entry.role) ? entry.role : group === NO_GROUP ? "none" : "member";
    const named = kind === "helped_by" || namesAnother(this.facts, kind);
    const other = named ? label(this.facts, entry.community, entry.other) : null;
    const learnt = BECOMES_HELPER.includes(kind) && (waits || entry.role === "apprentice");
    return { week: entry.week, kind, group, stage: entry.stage, role, other, reason: entry.reason, origin, learnt };
  }

  /** Return what happened in one group until now, with each one's person, and every change of its numbers. */
  groupHistory(number) {
    const { events, facts } = this.recording, { community } = this.groups[number], people = [];
    const moved = facts.log.kinds.indexOf("moved_group");
    for (const [key, rows] of this.byPerson) {
      const here = rows.some((row) => events.get("group", row) === number
        || (events.get("kind", row) === moved && events.get("value", row) === number));
      if (here && Math.floor(key / 2 ** 32) === community) people.push(key);
    }
    people.sort((one, other) => one - other);
    const named = [];
    for (const key of people) {
      const found = this.rows.get(key);
      if (!found) continue;
      const person = label(facts, community, key % 2 ** 32);
      for (const one of this.wholeCourse(this.lifeAt(found, person))) {
        if (one.group === number || one.origin === number) named.push([person, one]);
      }
    }
    named.sort(([, one], [, other]) => one.week - other.week);
    return new GroupHistory(named, number, this.stepWeeks);
  }
}

/** A number for each person of the record, in order of community and arrival. */
const keyOf = (community, who) => community * 2 ** 32 + who;

/** Return entries as they are told: what optional mechanisms wrote after the rest of a week, before moves. */
function inOrder({ own_events: own }, entries) {
  if (!entries.some(({ kind }) => kind in own)) return entries;
  const rank = ({ kind }) => (MOVES.includes(kind) ? 2 : kind in own ? 1 : 0);
  return entries.sort((one, other) => one.week - other.week || rank(one) - rank(other));
}

/** What happened in one group: `named`, each with its person, and `changes` of its numbers, in order. */
class GroupHistory {
  constructor(named, number, step) {
    this.named = named;
    this.changes = named.flatMap(([, one]) => changesOf(one, number, step)).sort((one, other) => one.from - other.from);
  }

  /** Return how many were on the roll when a week began, and how many helpers were among them. */
  headsAt(week) {
    let members = 0, helpers = 0;
    for (const change of this.changes) {
      if (change.from > week) break;
      members += change.members;
      helpers += change.helpers;
    }
    return { members, helpers };
  }

  count(wanted) {
    return this.named.filter(([, one]) => wanted(one)).length;
  }
}

/** Return what one occurrence changes in a group's numbers; it shows in the week after, unless it came before. */
function changesOf({ kind, week, role, origin, reason }, number, step) {
  const helper = role === "helper" ? 1 : 0, atOnce = kind === "there_at_opening" || reason === INTERVENTION;
  const change = (members, helpers) => [{ from: atOnce ? week : week + step, members, helpers }];
  if (ENTERS.includes(kind)) return change(1, helper);
  if (kind === "moved_group") return origin === number ? change(-1, -helper) : change(1, helper);
  if (kind === "left") return change(-1, 0);
  if (BECOMES_HELPER.includes(kind)) return change(0, 1);
  return kind === "role_ended" ? change(0, -1) : [];
}
