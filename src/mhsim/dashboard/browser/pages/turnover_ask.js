// The part of the page where the coordinator's question is put and answered, side by side.
import { Situation, same } from "../engine/situation.js";
import { make } from "../replay/parts.js";
import { say } from "../words.js";
import { fieldOf, blank, fields } from "./inputs.js";
import { past } from "./numbers.js";
import { failed } from "./outcomes.js";
import {
  APPRENTICES, ARRIVALS, HELPERS, LEARNT, LEARNT_ALREADY, MEMBERS, RATE, formField, leaveField, lossField, lossOf,
  settingField, withInput, withLoss,
} from "./turnover_inputs.js";
import {
  armsOf, changeSaid, columns, notYet, partsOf, questionInWords, readTime, sentences, tableOf, tenYears, timeInWords,
  valueText,
} from "./turnover_question.js";
import { RUNS } from "./turnover_words.js";

export const ASK = "ask"; // the view of the page
const WHEN = "loss.when"; // the time of the loss, in weeks, months or years

/** Return the inputs of the question. */
function fieldsOfQuestion(situation) {
  const [count, week] = lossOf(situation);
  const loss = [lossField(situation, say("Helpers who stop at once, the busiest first"))];
  if (count) {
    const help = say("Such as 4 weeks, 2 months or 1 year from now; 0 weeks is at once.");
    loss.push({ ...blank(WHEN, say("They stop in"), timeInWords(week), "text"), help }, leaveField(situation));
  }
  const some = situation.value(APPRENTICES) ? [APPRENTICES, LEARNT_ALREADY] : [APPRENTICES];
  const learning = situation.value(LEARNT) ? some : [];
  const rate = { ...settingField(situation, RATE), label: say("Besides, how often a helper steps down") };
  return [
    formField(situation), ...[MEMBERS, HELPERS, ...learning].map((path) => settingField(situation, path)),
    ...loss, rate, settingField(situation, ARRIVALS), fieldOf("seed", situation),
  ];
}

/** Return the situation after an input of the question was set; an error says what is not allowed. */
function withAnswer(situation, name, value) {
  if (name === "form") {
    const kept = {};
    for (const path of ["seed", MEMBERS, HELPERS, APPRENTICES, LEARNT_ALREADY]) kept[path] = situation.value(path);
    return tenYears(new Situation(situation.facts, value, {}, situation.changes).withValues(kept));
  }
  if (name === WHEN) return withLoss(situation, lossOf(situation)[0], readTime(value));
  return withInput(situation, name, value);
}

/** Show the question beside its answers; `given` is the group with its loss, `own` what a reader thought of besides. */
export function asking(root, app, { given, own, go }) {
  const wrong = make("p", { class: "wrong if-any", role: "alert" }), shown = make("div"), links = make("ul");
  const inputs = fields([], attempt, { legend: say("The question"), look: "for-b" });
  root.append(
    make("p", {}, say("Say who is there and who stops helping when. The answers stand side by side: the same group "
      + "under several measures taken from the first week on, all with the same chance events, {n} runs of each.",
    { n: RUNS })),
    make("div", { class: "turnover-bench" },
      make("div", { class: "turnover-controls" }, wrong, inputs.element),
      make("div", { class: "turnover-answers" }, shown,
        make("p", { class: "quiet" }, say("In brackets stands the range that chance leaves open. Differences are taken "
          + "from doing nothing, run by run, with the same chance events. One is called clear only if it stands out "
          + "among all of its table. Less than 1 of 100 is called small.")),
        make("h2", {}, say("In detail")),
        make("p", {}, say("Each beside doing nothing, year by year, with its stories:")), links)));
  let number = 0, question = null, situation = given, mine = own;

  function attempt(name, value, final) {
    if (!final) return;
    try {
      const there = withAnswer(situation, name, value);
      go(there, same(mine, situation) ? there : withAnswer(mine, name, value));
    } catch (error) {
      wrong.textContent = error.message;
      inputs.show(fieldsOfQuestion(situation));
    }
  }

  function show(next, nextOwn) {
    const asked = (number += 1);
    question?.stop();
    wrong.textContent = "";
    try {
      [situation, mine] = [tenYears(next), tenYears(nextOwn)];
      const arms = armsOf(situation, mine), parts = partsOf(arms);
      inputs.show(fieldsOfQuestion(situation));
      const later = notYet(situation), sections = parts.map(horizon);
      shown.replaceChildren(make("p", { class: "turnover-headline turnover-question" }, questionInWords(situation)),
        ...(later ? [make("p", { class: "note" }, later)] : []), ...sections.map(({ element }) => element));
      links.replaceChildren(...arms.slice(1).map((arm) => make("li", {},
        make("a", { href: app.link("turnover", { first: situation, second: arm.situation }) }, arm.name))));
      const live = (k) => {
        if (k === parts.length || asked !== number) return;
        const runs = Array.from({ length: arms.length * RUNS },
          (_, run) => ({ scenario: parts[k].scenarios[run % arms.length], replicate: Math.floor(run / arms.length) }));
        question = app.histories.each(runs, ({ outcomes }) => {
          if (asked !== number || sections[k].done) return;
          const cases = Math.floor(outcomes.length / arms.length);
          sections[k].wait(cases);
          if (cases < RUNS) return;
          const of = (arm) => Array.from({ length: cases }, (_, run) => outcomes[run * arms.length + arm]);
          const found = arms.map((_, arm) => of(arm));
          sections[k].tell(arms, found);
          live(k + 1);
        });
      };
      live(0);
    } catch (error) {
      wrong.textContent = error.message;
      shown.replaceChildren();
    }
  }

  show(given, own);
  return {
    show,
    end() {
      number += 1;
      question?.stop();
    },
  };
}

function horizon({ weeks }) {
  const title = say("After {time}", { time: past(weeks) }), body = make("div");
  const element = make("section", { class: "turnover-horizon", "aria-label": title, "aria-busy": "true" },
    make("h2", {}, title), body);
  const section = {
    element, done: false,
    wait(runs) {
      body.replaceChildren(make("p", { class: "turnover-waiting" }, say(
        "Calculating… {n} of {asked} runs of each answer are done; too early to say.", { n: runs, asked: RUNS })));
    },
    tell(arms, outcomes) {
      const rows = tableOf(outcomes);
      const lost = outcomes[0].filter((_, k) => outcomes.some((arm) => failed(arm[k]))).length;
      const note = say("{n} of {asked} runs failed and are left out.", { n: lost, asked: RUNS });
      section.done = true;
      element.setAttribute("aria-busy", "false");
      body.replaceChildren(
        ...sentences(arms, weeks, rows).map((text) => make("p", { class: "turnover-said-here" }, text)),
        make("div", { class: "scroll" }, answersTable(arms, weeks, rows)),
        ...(lost ? [make("p", { class: "note" }, note)] : []));
    },
  };
  section.wait(0);
  return section;
}

/** Return the answers of one horizon side by side. */
function answersTable(arms, weeks, rows) {
  const heads = columns().map(({ words, unit }) => make("th", { scope: "col" }, `${words} `, make("small", {}, unit)));
  const body = arms.map((arm, k) => {
    const alike = k > 0 && same(arm.situation, arms[0].situation);
    const about = alike ? say("it is so already: the same as doing nothing") : arm.about;
    return make("tr", {}, make("th", { scope: "row" }, `${arm.name} `, make("small", {}, about)),
      ...rows[k].map((cell) => {
        const change = alike ? "" : changeSaid(cell);
        const more = change ? [" ", make("small", {}, change)] : [];
        return make("td", { "data-name": cell.column.words }, valueText(cell), ...more);
      }));
  });
  const caption = say("After {time}: averages over runs, and below each the difference from doing nothing",
    { time: past(weeks) });
  return make("table", { class: "turnover-people turnover-asked" }, make("caption", {}, caption),
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say("What is done")), ...heads)),
    make("tbody", {}, ...body));
}
