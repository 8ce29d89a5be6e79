// Switching rules of the model off, live: the same runs of a lesson without one of them, beside its results.
import { button, make } from "../replay/parts.js";
import { say } from "../words.js";
import { labelOf } from "./describe.js";
import { answersOf, numbersOf, wordsOf } from "./lesson_answers.js";
import { runLesson } from "./lesson_runs.js";
import { situationOf } from "./lesson_shelf.js";

/**
 * Return what can be switched off in a lesson: each rule that a number it rests on belongs to, and each benefit or harm
 * among these numbers, if that changes any situation and is allowed in all.
 */
export function switches(facts, lesson, seed) {
  const found = new Map();
  for (const path of lesson.rests_on) {
    const enabled = `${path.split(".")[0]}.enabled`, row = facts.row[path];
    if (facts.row[enabled]) found.set(enabled, false);
    if (row.benefit || row.harm) found.set(path, 0);
  }
  const cases = lesson.cases.map((one) => situationOf(facts, one, seed));
  return [...found].filter(([path, value]) => {
    try {
      cases.forEach((one) => one.withValue(path, value));
    } catch {
      return false; // another rule needs it
    }
    return cases.some((one) => one.value(path) !== value);
  }).map(([path, value]) => ({ path, value }));
}

/** Return the part of a lesson in which rules can be switched off, and what ends it. */
export function switchedOff({ app, lesson, answers, seed }) {
  const list = switches(app.facts, lesson, seed), told = make("div"), status = make("p", { role: "status" });
  let running = null;
  const buttons = list.map(({ path, value }) => {
    const element = button(nameOf(app.facts, path), () => begin(path, value, element), "");
    element.setAttribute("aria-pressed", "false");
    return element;
  });

  function begin(path, value, pressed) {
    running?.stop();
    const off = pressed.getAttribute("aria-pressed") !== "true";
    for (const one of buttons) one.setAttribute("aria-pressed", String(off && one === pressed));
    told.replaceChildren();
    status.textContent = "";
    if (!off) return;
    const without = nameOf(app.facts, path);
    running = runLesson(app, lesson, seed, (runs) => {
      if (runs.pairs < runs.asked) {
        status.textContent = say("Working: {n} of {all} runs.", { n: runs.pairs, all: runs.asked });
        return;
      }
      const found = answersOf(lesson, runs.outcomes),
        changed = found.filter((one, k) => one.outcome !== answers[k].outcome);
      status.textContent = changed.length
        ? say("Without it the answer is another one to {n} of {all} questions.",
          { n: changed.length, all: found.length })
        : say("Without it the answers are the same.");
      told.replaceChildren(beside(answers, found, without, lesson));
    }, { [path]: value });
  }

  const element = make(
    "section", { class: "card off" }, make("h2", {}, say("Switch something off")),
    make("p", {}, say("What carries the result? Press one of the rules: the same runs are made again without it.")),
    make("div", { class: "side" }, ...buttons), status, told);
  return { element: list.length ? element : "", end: () => running?.stop() };
}

/** Return what is switched off, in few words; of a rule that has none here, what its switch means. */
function nameOf(facts, path) {
  const names = {
    "arrive.enabled": say("coming to a group"), "attend.enabled": say("going to meetings"),
    "bond.enabled": say("belonging and ties"), "close.enabled": say("closing of groups"),
    "disclose.enabled": say("anonymity"), "govern.enabled": say("decisions and money"),
    "help.enabled": say("one-to-one help"), "leave.enabled": say("leaving a group"),
    "live.enabled": say("everyday life"), "prepare.enabled": say("learning to help"),
    "progress.enabled": say("finding one's way"), "safeguard.enabled": say("training and safeguards"),
    "serve.enabled": say("taking and giving up the role of helper"), "services.enabled": say("services and paid peers"),
    "share.enabled": say("stories at meetings"), "stance.enabled": say("rank and mutuality"),
    "steward.enabled": say("the parent body"), "work.enabled": say("the work of a group"),
    "help.benefit_to_helper": say("the good that helping does to helpers"),
    "help.strain_hurts": say("the distress that strain brings"),
      "help.unfit_harm": say("harm by help that does not fit"),
    "safeguard.anti_care": say("talking people out of care"), "services.plan": say("plans of recovery"),
    "safeguard.untreated_risks": say("crises for want of care"), "share.hope_gain": say("hope from stories"),
    "stance.growth": say("growth by mutual help"),
  };
  return names[path] ?? labelOf(facts, path).replace(/^whether /, "");
}

function beside(answers, found, without, lesson) {
  const heads = [say("Question"), say("As it is"), say("Without it")];
  const rows = found.map((one, k) => make(
    "tr", {}, make("th", { scope: "row" }, one.ask.title), cell(answers[k]),
    cell(one, one.outcome === answers[k].outcome ? "" : "other")));
  const caption = make("caption", {}, say("Without: {rule}", { rule: without }));
  const table = make("table", { lang: lesson.lang }, caption,
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, ...rows));
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption.textContent }, table);
}

function cell(one, look = "") {
  const known = one.difference.cases > 0;
  return make("td", { class: look },
    make("strong", {}, known ? wordsOf(one) : say("No pair of runs has a case to compare.")),
    make("br"), make("span", { class: "quiet" }, numbersOf(one)));
}
