// One sentence on a week for those who hear the page: at each pause, and every few seconds of play.
import { countsOf, plural } from "./background.js";
import { make, number } from "./parts.js";
import { newsOf } from "./telling.js";

const SAY = 5000; // milliseconds between two sentences while it plays
const COUNTED = ["first_visit", "became_helper", "role_ended"];

export class Voice {
  constructor(model, histories, week) {
    this.model = model;
    this.histories = histories;
    this.element = make("p", { class: "hidden-text", "aria-live": "polite" });
    this.since = week;
    this.said = 0;
  }

  // Play begins: nothing is said for a while, and what happened from here on will be.
  begin(week) {
    this.said = performance.now();
    this.since = week;
    this.element.textContent = "";
  }

  meanwhile(week) {
    if (performance.now() - this.said > SAY) this.say(week);
  }

  say(week) {
    this.said = performance.now();
    if (!this.model.get("narrate")) return;
    const since = Math.min(this.since, week);
    this.element.textContent = this.histories.map((history) => this.sentence(history, week, since)).join(" ");
    this.since = week;
  }

  // How a week stands in one history, and what has happened after the week `since`.
  sentence(history, week, since) {
    const step = Math.min(history.steps, Math.floor(week / history.stepWeeks + 1e-9));
    const counts = countsOf(history, step), members = total(counts.members), helpers = total(counts.helpers);
    const first = Math.max(0, Math.floor(since / history.stepWeeks) + (since < week ? 1 : 0));
    const parts = [
      `${plural(members, "member", "members")}, ${helpers ? plural(helpers, "helper", "helpers") : "no helper"}`,
      ...happened(countedNews(history, first, step), history.about),
    ];
    return `${this.histories.length > 1 ? `${history.label}: ` : ""}Week ${number(week)}: ${parts.join("; ")}.`;
  }
}

function countedNews(history, first, last) {
  const counted = { closed: [] };
  for (let step = first; step <= last; step += 1) {
    for (const entry of newsOf(history, step)) {
      const key = entry.kind === "left" ? `left ${entry.reason}` : entry.kind;
      if (key === "closed") counted.closed.push(entry.text.replace(/\.$/, "").toLowerCase());
      else counted[key] = (counted[key] ?? 0) + 1;
    }
  }
  return counted;
}

// The words are those of the stories' catalogue: counted kinds, then who left, reason by reason.
function happened(counted, { sentences, reasons }) {
  const found = [...counted.closed];
  const inWords = (count) => sentences[`number.${count}`] ?? String(count);
  for (const kind of COUNTED) {
    const count = counted[kind];
    if (count) found.push(sentences[`feed.${kind}.${count === 1 ? "one" : "other"}`].replace("{count}", inWords(count)));
  }
  for (const reason of reasons) {
    const count = counted[`left ${reason}`];
    const clause = (sentences[`left.${reason}`] ?? "").replace("{group}", sentences.the_group).replace(", in {stage}", "");
    if (count) found.push(count === 1 ? `one person ${clause}` : `${inWords(count)} people: ${clause}`);
  }
  return found;
}

const total = (counts) => counts.reduce((sum, count) => sum + count, 0);
