// One sentence on a week for those who hear the page: at each pause, and every few seconds of play.
import { countsOf } from "./background.js";
import { make } from "./parts.js";
import { newsOf, weekOf } from "./telling.js";

const SAY = 5000; // milliseconds between two sentences while it plays

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
      `${counted(history.about, "members", members)}, ${counted(history.about, "helpers", helpers)}`,
      ...happened(countedNews(history, first, step), history.about),
    ];
    return `${this.histories.length > 1 ? `${history.label}: ` : ""}${weekOf(history, week)}: ${parts.join("; ")}.`;
  }
}

function countedNews(history, first, last) {
  const found = { closed: [] };
  for (let step = first; step <= last; step += 1) {
    for (const entry of newsOf(history, step)) {
      const key = entry.kind === "left" ? `left ${entry.reason}` : entry.kind;
      if (key === "closed") found.closed.push(entry.clause);
      else found[key] = (found[key] ?? 0) + 1;
    }
  }
  return found;
}

// Every word is of the stories' catalogue: counted kinds, then who left, reason by reason.
function happened(news, about) {
  const found = [...news.closed];
  for (const kind of about.counted) if (news[kind]) found.push(counted(about, `feed.${kind}`, news[kind]));
  for (const reason of about.reasons) {
    const count = news[`left ${reason}`];
    if (count) found.push(counted(about, `left_counted.${reason}`, count));
  }
  return found;
}

function counted({ sentences, groups }, name, count) {
  const group = groups.length > 1 ? sentences.no_group : sentences.the_group;
  return (sentences[`${name}.${count}`] ?? sentences[`${name}.other`]).replace("{count}", count).replace("{group}", group);
}

const total = (counts) => counts.reduce((sum, count) => sum + count, 0);
