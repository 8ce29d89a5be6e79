// The sentences of one language about the people and groups of one recording.

import { Catalogue, capitalised } from "./catalogue.js";
import { NO_GROUP } from "./chronicle.js";

export class Narrator extends Catalogue {
  constructor(chronicle, language) {
    super(chronicle.facts.words[language] ?? chronicle.facts.words.en);
    this.chronicle = chronicle;
  }

  /** Return what a group is called ("the group" where there is only one), or the words for being `inside` it. */
  group(number, inside = "") {
    if (number === NO_GROUP) return this.say(`words.${inside}no_group`);
    if (!this.chronicle.severalGroups) return this.say(`words.${inside}the_group`);
    return this.say(`words.${inside}group`, null, { label: number });
  }

  /** Return how often: "once", "twice", "three times". */
  times(number) {
    return this.say("words.times", number);
  }

  /** Return a time, or a span of time, in words; weeks before the opening are counted back from it. */
  when(week, until = week) {
    if (until === week) return week >= 0 ? this.say("when.week", null, { week }) : this.before("when.before", -week);
    if (week >= 0) return this.say("when.weeks", null, { first: week, last: until });
    if (until < 0) return this.say("when.before_span", null, { first: -week, last: -until });
    return this.say("when.to_after", null, { first: -week, last: until });
  }

  /** Return the end of the record in words. */
  now() {
    const { week } = this.chronicle;
    return this.before(week >= 0 ? "when.now" : "when.now_before", Math.abs(week));
  }

  before(key, weeks) {
    return capitalised(this.say(key, Number.isInteger(weeks) ? weeks : 2, { weeks }));
  }

  /** Return a person with the role held in a week. */
  person(name, week) {
    const life = this.chronicle.life(name);
    const role = this.chronicle.course(life).find((one) => one.week >= week)?.role ?? life.role;
    return this.say("words.person_role", null, { person: name, role: this.say(`role.${role}`) });
  }

  /** Return the words for a group, for being in it, and for a stage. */
  placeWords(group, stage) {
    return { group: this.group(group), in_group: this.group(group, "in_"), stage: this.say(`stage.${stage}`) };
  }

  /** Return what happened as a sentence without subject, time and full stop. */
  clause(one) {
    const { kind, group, stage, reason, other, week } = one, values = this.placeWords(group, stage);
    if (kind === "left" || kind === "ended") return this.say(`${kind}.${reason ?? "none"}`, null, values);
    if (kind === "role_ended") return this.say(`role_ended.${reason === "burnt_out" ? reason : "left_with_role"}`);
    if (one.learnt) return this.say(`prepared.${kind}`);
    if (kind === "set_back") return this.say(`set_back.${stage}`);
    if (kind === "crisis") return this.say("crisis.once");
    if (kind === "moved_group") {
      return this.say(`moved_group.${this.whyMoved(one)}`, null, { ...values, origin: this.group(one.origin) });
    }
    if (kind === "helped_by") return this.say("helped_by.once", null, { other: this.person(other, week) });
    if (kind === "arrived") return this.say("life.need_arose");
    if (kind === "founded" && one.role === "helper") return this.say("life.founded_as_helper", null, values);
    if (other !== null) values.other = this.person(other, week);
    return this.say(`life.${kind}`, null, values);
  }

  whyMoved({ origin, group, week }) {
    const { groups } = this.chronicle, target = groups[group];
    if (origin !== NO_GROUP && groups[origin].closed_week === week) return "closed";
    return target.parent === origin && target.founded_week === week ? "split" : "other";
  }
}
