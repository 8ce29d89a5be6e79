// The page Turnover: two situations side by side with the same chance events, answered while a slider moves.
import { Situation, same } from "../engine/situation.js";
import { button, make } from "../replay/parts.js";
import { say } from "../words.js";
import { differing, inCommon } from "./describe.js";
import { fields } from "./inputs.js";
import { answering } from "./turnover_answer.js";
import { ASK, asking } from "./turnover_ask.js";
import { DOSE, dosing } from "./turnover_dose.js";
import { documents } from "./turnover_files.js";
import {
  commonFields, examples, fieldsOf, forBothOf, lossOf, opening, sameSeed, sameTwo, withInput, withInputInBoth, withLoss,
} from "./turnover_inputs.js";
import { differingList } from "./turnover_pictures.js";
import { opening as openingQuestion, soonLost } from "./turnover_question.js";
import { showSheet } from "./turnover_sheet.js";
import { showSlides } from "./turnover_slides.js";
import { oneRun, stories } from "./turnover_stories.js";
import { RUNS, titles } from "./turnover_words.js";

const STORY = "story"; // the view that begins with one run
const LARGEST_CHANCE = 1000000;
const PATIENCE = 3000; // milliseconds that the stories wait for the first answer

export function turnover(root, app) {
  const page = new Turnover(root, app);
  return () => page.end();
}

class Turnover {
  constructor(root, app) {
    Object.assign(this, { root, app, view: null, part: null });
    app.onAddress(() => this.follow());
    this.follow();
  }

  end() {
    this.part?.end();
  }

  get plain() {
    const { first, second } = this.app.address, none = new Situation(this.app.facts);
    return !this.app.names("form") && same(first, none) && same(second, none) && !this.app.wrong;
  }

  /** Show what the address says; another part of the page is drawn anew, the same one follows. */
  follow() {
    const { app } = this, { view = "", axis } = app.address.others;
    const part = [ASK, DOSE].includes(view) ? view : "compare";
    const { first, second } = app.address;
    if (part === ASK) {
      const given = this.plain ? openingQuestion(app.facts) : first, own = this.plain ? given : second;
      const go = (one, other) => app.go({ first: one, second: other, others: { view: ASK } });
      this.draw(part, given, (body) => asking(body, app, { given, own, go }), (shown) => shown.show(given, own));
    } else if (part === DOSE) {
      const go = (one, lever) => app.go({ first: one, others: { view: DOSE, axis: lever } });
      this.draw(part, first, (body) => dosing(body, app, { given: first, lever: axis, go }),
        (shown) => shown.show(first, axis));
    } else {
      const two = this.plain ? opening(app.facts) : sameSeed(first, second);
      this.draw(view === STORY ? STORY : part, two[0], (body) => new Compare(body, app, two),
        (shown) => shown.follow(two), two[1]);
    }
  }

  draw(view, first, make_, follow, second = first) {
    if (this.view === view) {
      this.views.replaceWith(this.views = this.ways(view, first, second));
      this.wrong.textContent = this.app.wrong;
      follow(this.part);
      return;
    }
    this.part?.end();
    this.view = view;
    const body = make("div");
    this.views = this.ways(view, first, second);
    this.wrong = make("p", { class: "wrong if-any", role: "alert" }, this.app.wrong);
    this.root.replaceChildren(
      make("h1", {}, say("What does the coming and going of helpers do to a group?")), this.wrong, this.views, body);
    this.part = make_(body);
  }

  /** Return the ways between the parts of the page. */
  ways(view, first, second) {
    const { app } = this, lost = [first, second].find((one) => lossOf(one)[0] > 0);
    const plain = app.route.link("turnover"), asked = view === DOSE || view === ASK;
    const compare = asked && lost ? app.link("turnover", { first: withLoss(first, 0, 0), second: first })
      : asked && view === DOSE ? app.link("turnover", { first, second: first }) : plain;
    const own = lost === first ? second : lost;
    const asking = (one, other) => app.link("turnover", { first: one, second: other, others: { view: ASK } });
    const ask = lost ? asking(lost, own) : this.plain ? `${plain}?view=${ASK}` : asking(soonLost(first));
    const dose = app.link("turnover", { first, others: { view: DOSE } });
    const way = (label, href, current) => make(
      "a", { href, class: "turnover-view", "aria-current": current ? "page" : null }, label);
    return make("p", { class: "turnover-views" },
      way(say("Compare two situations"), compare, !asked),
      way(say("Some helpers stop soon: what can be done?"), ask, view === ASK),
      way(say("How much is needed?"), dose, view === DOSE));
  }
}

/** Two situations side by side. */
class Compare {
  constructor(root, app, two) {
    Object.assign(this, { root, app, two, shown: two });
    this.build();
    this.follow(two);
  }

  build() {
    const { root, app } = this, { others } = app.address, { facts } = app;
    this.wrong = make("p", { class: "wrong if-any", role: "alert" });
    this.differing = make("div");
    this.shared = make("p", { class: "quiet turnover-shared" });
    this.forB = fields([], (name, value, final) => this.attempt(final, ([a, b]) => [a, withInput(b, name, value)]),
      { legend: titles()[1], look: "for-b" });
    this.forA = fields([], (name, value, final) => this.attempt(final, ([a, b]) => withInputInBoth(a, b, name, value)),
      { legend: titles()[0], look: "for-a", about: say("Where B is the same as A, it follows.") });
    const forBoth = (name, value, final) => final && this.attempt(true, (both) => forBothOf(both, name, value));
    this.forBoth = fields([], forBoth, { legend: say("The same in both") });
    this.answer = answering(app);
    this.examples = examples().map((example) => {
      const press = button(example.label, () => this.attempt(true,
        ([a]) => example.situations(facts, a.form, a.value("seed"))), "quiet");
      return { example, press };
    });
    this.story = stories(app, {
      week: Number(others.week ?? 0) || 0,
      note: (first, second, run) => noteOn(facts, [first, second], run),
      choose: (which, person) => app.go({ first: this.two[which], others: { person } }, { page: "explore" }),
      turn: (run) => this.go(this.two, run),
    });
    this.one = others.view === STORY ? oneRun(app) : null;
    this.story.onFound = (pair) => this.one?.tell(pair);
    this.answer.onPair = (pair) => {
      if (!sameTwo([pair.first, pair.second], this.two)) return;
      this.heard?.();
      this.story.learn(pair);
    };
    const pairOf = () => (this.answer.isStale() ? null : this.answer.pair);
    this.files = documents(app, pairOf, [
      [say("Handout to print"), (pair) => showSheet(app, pair)], [say("Slides"), (pair) => showSlides(app, pair)],
    ]);
    const another = button(say("Try another run"), () => this.attempt(true,
      (both) => forBothOf(both, "seed", Math.floor(Math.random() * LARGEST_CHANCE))));
    root.append(
      make("p", {}, say("A is the group today; B is your what-if. Both face the same random events: the same people "
        + "need help in the same weeks. Move a slider of B and see what follows in {n} runs.", { n: RUNS })),
      ...(this.one ? [this.one.element] : []),
      make("div", { class: "turnover-examples", role: "group", "aria-label": say("Examples") },
        make("span", { class: "quiet" }, say("Examples:")), ...this.examples.map(({ press }) => press)),
      make("div", { class: "turnover-bench" },
        make("div", { class: "turnover-controls" }, this.wrong, this.forB.element,
          make("details", { class: "card turnover-a" }, make("summary", {}, titles()[0]), this.forA.element),
          this.forBoth.element, another),
        make("div", { class: "turnover-answers" }, this.differing, this.shared, this.answer.element)),
      this.story.element, this.files.element);
  }

  end() {
    this.answer.end();
    this.story.end();
  }

  go([first, second], run = 0) {
    const { view } = this.app.address.others, others = {};
    if (view) others.view = view;
    if (run) others.run = run;
    this.app.go({ first, second, others });
  }

  /** Make two other situations; while a slider moves only the answer follows, let go the address does, too. */
  attempt(final, makeThem) {
    let there;
    try {
      there = makeThem(this.two);
      there.forEach((situation) => situation.scenario());
    } catch (error) {
      this.wrong.textContent = error.message;
      this.inputs();
      return;
    }
    this.wrong.textContent = "";
    this.compare(there);
    if (final) this.go(there);
  }

  /** Show the two situations of the address. */
  follow(two) {
    this.two = two;
    this.inputs();
    this.compare(two);
    const { form } = two[0], seed = two[0].value("seed");
    for (const { example, press } of this.examples) {
      press.setAttribute("aria-pressed", String(isShown(example, this.app.facts, form, seed, two)));
    }
    const run = Math.floor(Number(this.app.address.others.run)) || 0;
    this.one?.wait();
    this.story.show(...two, Math.min(RUNS - 1, Math.max(0, run)), this.one ? null : this.firstAnswer());
    if (this.one && this.story.shown && !this.story.element.querySelector(".stale")) this.one.tell(this.story.shown);
    this.files.show(two);
  }

  /** Return the promise of a first answer to what is asked now, or of some time gone by. */
  firstAnswer() {
    return new Promise((resolve) => {
      this.heard = resolve;
      setTimeout(resolve, PATIENCE);
      if (!this.answer.isStale()) resolve();
    });
  }

  inputs() {
    this.forB.show(fieldsOf(this.two[1]));
    this.forA.show(fieldsOf(this.two[0]));
    this.forBoth.show(commonFields(this.two[0]));
  }

  /** Ask about two situations and say in what they differ. */
  compare(two) {
    const { facts } = this.app, rows = differing(facts, ...two);
    this.differing.replaceChildren(rows.length ? differingList(rows) : make("p", { class: "note" },
      say("A and B are the same. Move a slider of B, or choose an example.")));
    this.shared.textContent = inCommon(facts, ...two);
    this.answer.show(...two);
  }
}

/** Return what is said above the stories of a pair. */
function noteOn(facts, two, run) {
  if (run) return say("This is pair {run} of the {n}.", { run: run + 1, n: RUNS });
  if (!sameTwo(two, opening(facts))) return "";
  return say("This is the first of the {n} pairs, with a random seed chosen so that A and B end differently. With "
    + "another seed they may not. Press Try another run and see.", { n: RUNS });
}

function isShown(example, facts, form, seed, two) {
  try {
    return sameTwo(example.situations(facts, form, seed), two);
  } catch {
    return false; // a world too large for a page under this example
  }
}
