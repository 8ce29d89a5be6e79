// Stories to begin with: what happens to a group, as a few settings laid over any type of group.
// None is chosen for how it ends; that depends on chance. A story is only a start: everything can be changed.
import { Situation, same } from "../engine/situation.js";
import { say } from "../words.js";

export const OWN = "own"; // stands for what a visitor has made, which is none of these

/** Return the stories, in the language of the page: name, title, about, settings, changes. */
export function presets() {
  return [
    { name: "plain", title: say("Default"), about: say("No special events.") },
    {
      name: "turnover", title: say("Helpers come and go"),
      about: say("Most helpers step down within a year, and every other year a helper leaves the group as well."),
      settings: { "serve.turnover_per_year": 1, "serve.departures_per_year": 0.5 },
    },
    {
      name: "prepared", title: say("Helpers come and go, and others are prepared"),
      about: say("Helpers stop and leave just as often, and the group always keeps two members learning to follow."),
      settings: { "serve.turnover_per_year": 1, "serve.departures_per_year": 0.5, "prepare.successors": 2 },
    },
    {
      name: "new", title: say("A new group"),
      about: say("Eight people start a group: six in the thick of it, and two who have found their footing again."),
      settings: { "start.kind": "founding", "start.members": 8, "start.helpers": 2 },
    },
    {
      name: "lost", title: say("The busiest helpers stop at once"),
      about: say("After two years the three helpers of each group who help most give up the role in the same week; "
        + "they stay as members."),
      changes: [{ week: 104, act: "lose_busiest_helpers", count: 3 }],
    },
    {
      name: "dry", title: say("Hardly any new people need help"),
      about: say("After two years few new people need help in this town: good news for people, hard on a group."),
      changes: [{ week: 104, set: { "community.arrivals_per_week": 0.05 } }],
    },
    {
      name: "load", title: say("One helper, many in need"),
      about: say("Many people in need, one helper in a group, frequent requests for help, and leading the group is "
        + "tiring."),
      settings: {
        "start.helpers": 1, "community.arrivals_per_week": 1.5, "help.ask_per_week": 5, "help.lead_strain": 0.15,
      },
    },
    {
      name: "done", title: say("People move on once they are better"),
      about: say("People who have found a way to live with it soon move on to other things, as many do after a "
        + "bereavement."),
      settings: { "leave.graduate_hazard": 0.05 },
    },
  ];
}

/** Return the situation that a story makes of a type of group, under a seed. */
export function situationOf({ settings = {}, changes = [] }, facts, form, seed) {
  return new Situation(facts, form).withValues({ seed, ...settings }, changes);
}

/** Return the story that a situation is, unchanged; undefined for one of the visitor's own. */
export function presetOf(situation) {
  const { facts, form } = situation, seed = situation.value("seed");
  return presets().find((one) => {
    const { settings = {}, changes = [] } = one; // laying a story over a large town takes a while: most are none of these
    const may = changes.length === situation.changes.length
      && Object.entries(settings).every(([path, value]) => situation.value(path) === value);
    if (!may) return false;
    try {
      return same(situationOf(one, facts, form, seed), situation);
    } catch {
      return false; // a world too large for a page under this story
    }
  });
}
