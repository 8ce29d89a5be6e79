// The page Lessons: the list of lessons, or one of them from the question to its results.
import { turned } from "../engine/stats.js";
import { button, make } from "../replay/parts.js";
import { say } from "../words.js";
import { fieldOf, fields } from "./inputs.js";
import { answersOf, numbersOf, outcomesOf, soFar, verdict } from "./lesson_answers.js";
import { doneIn, knownOf, remember, withDone } from "./lesson_progress.js";
import { results, verdictWords } from "./lesson_results.js";
import { runLesson } from "./lesson_runs.js";
import { worksheet } from "./lesson_sheet.js";
import { lessonsIn, shelf, sourcesOf, withCodes } from "./lesson_shelf.js";
import { duration } from "./numbers.js";

const LARGEST_SEED = 2 ** 53;
const SO_FAR = 400; // milliseconds between two showings of the numbers so far
const FEW = 10; // runs of each situation below which no numbers are shown

export function lessons(root, app) {
  const page = new Lessons(root, app);
  return () => page.end();
}

class Lessons {
  constructor(root, app) {
    Object.assign(this, { root, app, running: null, drawn: null });
    root.replaceChildren(make("p", { class: "working-note", role: "status" }, say("Working…")));
    shelf().then((shelves) => {
      if (this.over) return;
      this.shelves = shelves;
      this.lessons = lessonsIn(shelves, app.language);
      app.onAddress(() => this.follow());
      this.follow();
    }, (error) => root.replaceChildren(make("p", { class: "wrong", role: "alert" }, error.message)));
  }

  get seed() { return this.app.address.first.value("seed"); }

  end() {
    this.over = true;
    this.running?.stop();
    this.ends?.forEach((end) => end());
  }

  /** Show what the address says, unless that is shown. */
  follow() {
    const { lesson: name = "", guess = "", view = "" } = this.app.address.others,
      what = [name, guess, view, this.seed].join(" ");
    if (what === this.drawn && !this.app.wrong) return;
    const other = this.drawn !== null && name !== this.name;
    Object.assign(this, { drawn: what, name });
    this.running?.stop();
    this.ends?.forEach((end) => end());
    this.ends = [];
    const lesson = Object.hasOwn(this.lessons, name) ? this.lessons[name] : null;
    let wrong = this.app.wrong;
    if (name && !lesson) {
      wrong = say("lesson: there is none named '{name}'; there are {known}",
        { name: name.slice(0, 60), known: Object.keys(this.lessons).join(", ") });
    }
    const article = !lesson ? this.list() : view === "sheet" ? this.sheet(lesson) : this.one(lesson, guess);
    if (wrong) article.querySelector("h1").after(make("p", { class: "wrong", role: "alert" }, wrong));
    this.root.replaceChildren(article);
    if (other) {
      scrollTo(0, 0);
      article.querySelector("h1").focus({ preventScroll: true });
    }
  }

  /** Do things one after the other, so that the page can answer in between; none once something else is shown. */
  slices(...things) {
    const { drawn } = this, next = () => {
      if (this.over || this.drawn !== drawn || !things.length) return;
      things.shift()();
      setTimeout(next);
    };
    setTimeout(next);
  }

  /** Return the link to a lesson; `others` are what else its address says. */
  link(name, others = {}) {
    return this.app.link("lessons", this.address({ lesson: name, ...others }));
  }

  address(others) {
    const { person, week, guess, lesson, view, answer, ...kept } = this.app.address.others;
    return withDone({ ...this.app.address, others: { ...kept, ...others } }, this.lessons);
  }

  list() {
    const done = doneIn(this.app.address, this.lessons), all = Object.entries(this.lessons);
    const cards = all.map(([name, lesson]) => {
      const known = knownOf(name), card = make(
        "li", { class: "card" },
        make("h2", { lang: lesson.lang }, make("a", { href: this.link(name) }, lesson.title)),
        make("p", { lang: lesson.lang }, lesson.line));
      if (done.includes(name)) card.append(make("p", { class: "done" }, say("✓ done")));
      const choice = known && lesson.choices.find((one) => one.name === known.guess);
      if (choice) {
        card.append(make("p", { class: "quiet small" },
          say("You expected: “{choice}”. {verdict}", { choice: choice.says, verdict: verdictWords(known.verdict) })));
      }
      return card;
    });
    return make(
      "div", { class: "lessons" }, make("h1", { tabindex: "-1" }, say("Lessons")),
      make("p", {}, say("Each lesson asks a question about mutual help groups. Make a prediction, then watch a few "
        + "hundred runs and see what happens, and why. The model does not always agree with what is commonly said; "
        + "where it does not, the lesson says so.")),
      make("ol", { class: "shelf" }, ...cards),
      make("p", {}, say("{n} of {all} done. The address of this page keeps which ones.",
        { n: done.length, all: all.length })),
      this.seedChoice());
  }

  one(lesson, guess) {
    const { name } = this, all = Object.keys(this.lessons), place = all.indexOf(name),
      next = all[(place + 1) % all.length];
    const choice = lesson.choices.find((one) => one.name === guess);
    const parameters = lesson.rests_on.map((path) => this.app.facts.row[path]?.source ?? "");
    const cited = sourcesOf([...lesson.background, ...lesson.sources, lesson.evidence, lesson.doubt ?? "",
      ...parameters],
      this.shelves.codes);
    const article = make(
      "article", { class: "lessons lesson" },
      make("a", { href: this.link(undefined), class: "back" }, say("All lessons")),
      make("p", { class: "quiet over" }, say("Lesson {n} of {all}", { n: place + 1, all: all.length })),
      make("h1", { tabindex: "-1", lang: lesson.lang }, lesson.title),
      make("p", { class: "question", lang: lesson.lang }, lesson.question));
    if (guess && !choice) {
      const known = lesson.choices.map((one) => one.name).join(", ");
      const words = say("guess: this lesson has no such choice; there are {known}", { known });
      article.querySelector("h1").after(make("p", { class: "wrong", role: "alert" }, words));
    }
    article.append(this.background(lesson, cited.show),
      choice ? this.run(lesson, choice, cited) : this.prediction(lesson));
    if (!choice) article.append(cited.element);
    article.append(
      make("p", { class: "sheets" },
        make("a", { href: this.link(name, { view: "sheet" }) }, say("Worksheet to print")), " · ",
        make("a", { href: this.app.link("class", this.address({ lesson: name, view: "sheet" })) },
          say("For teachers"))),
      this.seedChoice(),
      make("p", { class: "following" },
        make("a", { href: this.link(next), lang: this.lessons[next].lang },
          say("Next lesson: {title}", { title: this.lessons[next].title }))));
    return article;
  }

  background(lesson, show) {
    const { codes } = this.shelves;
    return make(
      "div", { class: "background" },
      make("p", { lang: lesson.lang }, ...withCodes(lesson.background.join(" "), codes, show)),
      make("p", {}, ...withCodes(say("Sources: {codes}.", { codes: lesson.sources.join(", ") }), codes, show)),
      make("h2", {}, say("The situations compared")), situations(lesson),
      make("p", { class: "quiet" },
        say("{pairs} runs of {length} for each situation. Run by run, the town, the people who need help and the "
          + "chance events are the same in all situations.",
      { pairs: lesson.pairs, length: duration(lesson.weeks) })));
  }

  prediction(lesson) {
    const options = lesson.choices.map(({ name, says }) => make(
      "div", { class: "option" }, make("input", { type: "radio", name: "choice", id: `choice-${name}`, value: name }),
      make("label", { for: `choice-${name}`, lang: lesson.lang }, says)));
    const urged = make("p", { class: "wrong if-any", role: "alert" });
    const commit = () => {
      const chosen = card.querySelector("input:checked");
      if (chosen) this.app.go(this.address({ lesson: this.name, guess: chosen.value }));
      else urged.textContent = say("Choose one first. There is no wrong choice.");
    };
    const card = make(
      "section", { class: "card predict" },
      make("fieldset", {}, make("legend", {}, say("What do you expect?")), ...options),
      button(say("Predict and run"), commit, "main"), urged,
      make("p", { class: "quiet" },
        say("The results appear once you have made your prediction. You cannot change it until you restart.")));
    card.addEventListener("change", () => { urged.textContent = ""; });
    return card;
  }

  /** Run the histories, show how far they are, then the results. */
  run(lesson, choice, cited) {
    const { name, seed } = this, label = say("Runs done for each situation");
    const bar = make("progress", { max: lesson.pairs, value: 0, "aria-label": label });
    const count = make("p", { "aria-hidden": "true" }), aloud = make("p", { class: "hidden-text", role: "status" });
    const far = make("ul"), heading = make("h2", { tabindex: "-1" }, say("Running"));
    const hint = make("p", { class: "quiet", hidden: "" }, say("So far (this may still change):"));
    const card = make("section", { class: "card" }, heading, bar, count, aloud, hint, far);
    const restart = make("div", { class: "again" },
      button(say("Restart"), () => this.app.go(this.address({ lesson: name }))));
    const element = make("div", { class: "run" },
      make("p", { class: "note", lang: lesson.lang }, say("Your prediction: {choice}.", { choice: choice.says })),
        card, restart);
    let shown = 0, said = 0;
    const hear = (runs) => {
      if (runs.pairs === runs.asked) return finish(runs);
      bar.value = runs.pairs;
      count.textContent = say("{n} of {all} runs of each situation done.", { n: runs.pairs, all: runs.asked });
      const quarter = Math.floor((4 * runs.pairs) / runs.asked); // said aloud only now and then
      if (quarter !== said) aloud.textContent = count.textContent;
      said = quarter;
      if (runs.pairs < FEW || performance.now() - shown < SO_FAR) return undefined;
      shown = performance.now();
      hint.hidden = false;
      const rows = soFar(lesson, runs.outcomes).map((one) => make("li", { lang: lesson.lang }, numbersOf(one)));
      return far.replaceChildren(...rows);
    };
    const finish = (runs) => {
      let answers = [];
      this.slices(() => {
        bar.value = runs.pairs;
        turned(runs.pairs); // signs that the verdicts turn, remembered
      }, () => { answers = answersOf(lesson, runs.outcomes); }, () => {
        const outcomes = outcomesOf(answers), judged = verdict(choice, outcomes);
        remember(name, { guess: choice.name, seed, verdict: judged, outcomes: answers.map((one) => one.outcome) });
        const said = { app: this.app, name, lesson, choice, runs, answers, seed, codes: this.shelves.codes, cited };
        const found = results(said), focused = element.contains(document.activeElement);
        card.replaceWith(found.element);
        if (focused) found.heading.focus();
        this.ends.push(found.end);
        this.slices(...found.later);
        this.app.go(this.address({ lesson: name, guess: choice.name }), { replace: true });
      });
    };
    queueMicrotask(() => {
      heading.focus({ preventScroll: true });
      this.running = runLesson(this.app, lesson, seed, hear);
    });
    return element;
  }

  sheet(lesson) {
    const back = make("a", { href: this.link(this.name), class: "back" }, say("Back to the lesson"));
    return worksheet(lesson, this.seed, back);
  }

  seedChoice() {
    const go = (value) => {
      const { first, second } = this.app.address, { lesson, guess, view } = this.app.address.others;
      const [one, other] = [first, second].map((situation) => situation.withValue("seed", value));
      this.app.go({ ...this.address({ lesson, guess, view }), first: one, second: other });
    };
    const input = fields([fieldOf("seed", this.app.address.first)], (_, value, final) => final && go(value),
      { legend: say("Chance"), about: say("Everybody with the same random seed sees the same runs.") });
    this.ends.push(input.end);
    const next = this.seed < LARGEST_SEED ? this.seed + 1 : 0;
    return make("div", { class: "luck" }, input.element,
      button(say("Try another seed"), () => go(next), "", say("Try another seed: the same with the next one")));
  }
}

/** Return the situations of a lesson as a list. */
export function situations(lesson) {
  const rows = lesson.cases.flatMap(({ label, about }) => [make("dt", {}, label), make("dd", {}, about)]);
  return make("dl", { class: "cases", lang: lesson.lang }, ...rows);
}
