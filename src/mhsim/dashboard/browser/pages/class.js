// The page of a class without a server: answers that students send are pasted in or opened, counted and printed.
import { button, fresh, make } from "../replay/parts.js";
import { plural, say } from "../words.js";
import { csvOf, gathered, readAnswers, tally } from "./class_tally.js";
import { download } from "./files.js";
import { teacherSheet } from "./lesson_sheet.js";
import { lessonsIn, shelf } from "./lesson_shelf.js";
import { plain } from "./numbers.js";

const MOST_WRONG = 200; // lines that are none, shown
const LARGEST = 5e6; // characters of a file that are read
const collected = { answers: [], wrong: [] }; // in this page only, until it is closed

export function classroom(root, app) {
  const page = new Classroom(root, app);
  return () => { page.over = true; };
}

class Classroom {
  constructor(root, app) {
    Object.assign(this, { root, app });
    root.replaceChildren(make("p", { class: "working-note", role: "status" }, say("Working…")));
    shelf().then((shelves) => {
      if (this.over) return;
      this.lessons = lessonsIn(shelves, app.language);
      app.onAddress(() => this.follow());
      this.follow();
    }, (error) => root.replaceChildren(make("p", { class: "wrong", role: "alert" }, error.message)));
  }

  get seed() { return this.app.address.first.value("seed"); }

  /** Show what the address says: a sheet, or the page; an answer in it is taken in. */
  follow() {
    const { lesson: name = "", view = "", answer } = this.app.address.others;
    if (answer !== undefined) {
      this.take(`answer=${answer}`, say("the link"));
      this.app.go(this.address({}), { replace: true });
      return;
    }
    const what = [name, view, this.seed].join(" "), { wrong } = this.app;
    if (what === this.drawn && !wrong) return;
    this.drawn = what;
    const sheet = view === "sheet" && Object.hasOwn(this.lessons, name);
    const shown = sheet ? this.sheet(name) : this.whole();
    if (wrong) shown.querySelector("h1").after(make("p", { class: "wrong", role: "alert" }, wrong));
    this.root.replaceChildren(shown);
    if (sheet) scrollTo(0, 0);
    else this.show();
  }

  address(others) {
    const { person, week, guess, lesson, view, answer, ...kept } = this.app.address.others;
    return { ...this.app.address, others: { ...kept, ...others } };
  }

  link(page, others) {
    return this.app.link(page, this.address(others));
  }

  sheet(name) {
    const back = make("a", { href: this.link("class", {}), class: "back" }, say("Back to the class"));
    const counted = tally(collected.answers, this.lessons).filter((one) => one.name === name);
    return teacherSheet(this.lessons[name], back, counted.map((one) => this.card(one, "h2")));
  }

  whole() {
    const id = fresh("paste");
    this.input = make("textarea", { id, rows: "6", spellcheck: "false", autocomplete: "off" });
    this.file = make("input",
      { type: "file", multiple: "", accept: ".txt,.csv,text/plain,text/csv", id: `${id}-file` });
    this.status = make("p", { role: "status" });
    this.wrong = make("div");
    this.counts = make("div");
    this.file.addEventListener("change", () => this.open([...this.file.files]));
    const add = button(say("Count these answers"), () => {
      const before = collected.wrong.length;
      this.take(this.input.value, say("what was pasted"));
      if (collected.wrong.length === before) this.input.value = "";
      this.show();
    }, "main");
    const card = make(
      "section", { class: "card collect" }, make("h2", {}, say("Collect answers")),
      make("label", { for: id }, say("Paste codes or links here, as many lines as you like")), this.input,
      make("div", { class: "side" }, add, make("label", { for: `${id}-file` }, say("or open files:")), this.file),
      make("p", { class: "quiet" },
        say("Files may be dropped here, too: those that students saved, or a table from this page.")),
      this.status, this.wrong);
    this.droppable(card);
    return make(
      "div", { class: "lessons classroom" }, make("h1", { tabindex: "-1" }, say("A class")),
      make("p", {}, say("Students answer a lesson in their own copy of this page and send you a code. Here the codes "
        + "are counted: what was expected, and what the model showed. No server, no account; nothing is sent or "
        + "kept, and it is gone when you close the page, unless you download the table.")),
      card, this.counts, this.plans());
  }

  droppable(card) {
    card.addEventListener("dragover", (event) => {
      event.preventDefault();
      card.classList.add("over-it");
    });
    card.addEventListener("dragleave", () => card.classList.remove("over-it"));
    card.addEventListener("drop", (event) => {
      event.preventDefault();
      card.classList.remove("over-it");
      if (event.dataTransfer.files.length) this.open([...event.dataTransfer.files]);
      else this.input.value += event.dataTransfer.getData("text");
    });
  }

  async open(files) {
    for (const file of files) {
      if (file.size > LARGEST) {
        collected.wrong.push({ source: file.name, line: 1, text: "",
          why: say("the file is too large to hold answers") });
      } else this.take(await file.text(), file.name);
    }
    this.file.value = "";
    this.show();
  }

  /** Take in what a text holds. */
  take(text, source) {
    const found = readAnswers(text, source, this.lessons),
      { answers, again } = gathered(collected.answers, found.answers);
    const added = answers.length - collected.answers.length;
    Object.assign(collected, { answers, wrong: [...collected.wrong, ...found.wrong] });
    this.said = [
      plural("One answer was added.", "{n} answers were added.", added),
      again ? plural("One was there already and counts once.", "{n} were there already and count once.", again) : "",
      found.wrong.length
        ? plural("One line holds no answer; see below.", "{n} lines hold no answer; see below.", found.wrong.length)
          : "",
    ].filter(Boolean).join(" ");
  }

  show() {
    this.status.textContent = this.said ?? "";
    this.said = "";
    this.wrong.replaceChildren(...this.wrongLines());
    const { answers } = collected, other = answers.filter(({ engine }) => !this.app.facts.engine.startsWith(engine));
    if (!answers.length) return this.counts.replaceChildren();
    const names = [...new Set(answers.map(({ name }) => name).filter(Boolean))].length;
    const head = make(
      "section", { class: "card" }, make("h2", {}, say("What the class said")),
      make("p", {},
        `${plural("One answer", "{n} answers", answers.length)}, ${plural("one name", "{n} names", names)}.`),
      make("div", { class: "side" },
        button(say("Download the table (CSV)"),
          () => download("class.csv", `\ufeff${csvOf(answers, this.lessons)}`, "text/csv")),
        button(say("Print"), () => globalThis.print()),
        button(say("Forget all answers"), () => {
          Object.assign(collected, { answers: [], wrong: [] });
          this.show();
          this.input.focus();
        })),
      this.hiding());
    if (other.length) {
      head.append(make("p", { class: "note" },
        plural("One answer comes from another version of the model than this page; its numbers may differ.",
        "{n} answers come from another version of the model than this page; their numbers may differ.", other.length)));
    }
    return this.counts.replaceChildren(head, ...tally(answers, this.lessons).map((one) => this.card(one, "h2")));
  }

  /** Return the switch that hides what came out, to talk about predictions first. */
  hiding() {
    const id = fresh("hide"), box = make("input", { type: "checkbox", id });
    box.checked = this.counts.classList.contains("untold");
    box.addEventListener("change", () => this.counts.classList.toggle("untold", box.checked));
    return make("p", { class: "side hiding" }, box, make("label", { for: id }, say("Show the predictions only")));
  }

  wrongLines() {
    const { wrong } = collected;
    if (!wrong.length) return [];
    const rows = wrong.slice(0, MOST_WRONG).map(({ source, line, text, why }) => make(
      "li", {}, say("{source}, line {line}: {why}.", { source, line, why }), " ",
        make("code", {}, text.slice(0, 120))));
    return [make(
      "div", { class: "wrong" }, make("p", {}, say("These lines were not counted:")), make("ul", {}, ...rows),
      button(say("Clear this list"), () => {
        collected.wrong = [];
        this.show();
      }, "quiet"))];
  }

  /** Return what a class said to one lesson, and what came out. */
  card({ name, lesson, number, right, choices, asks, seeds, twice }, heading) {
    const most = [...choices].sort((a, b) => b.said - a.said)[0], { lang } = lesson;
    const card = make(
      "section", { class: "card counted" }, make(heading, { lang }, lesson.title),
      make("p", { class: "large" }, say("{said} of {n} said: “{choice}”.",
        { n: number, said: most.said, choice: most.choice.says })),
      make("p", { class: "told" }, say("The model agreed with {right} of {n}.", { n: number, right })),
      this.predictions(choices, number, lang), this.outcomes(asks, number, lang));
    if (seeds.length > 1) {
      card.append(make("p", { class: "quiet" },
        say("Random seeds: {seeds}. With other seeds other chance events came out.",
        { seeds: seeds.join(", ") })));
    } else card.append(make("p", { class: "quiet" }, say("Random seed: {seed}.", { seed: seeds[0] })));
    if (twice.length) card.append(make("p", { class: "note" },
      say("Answered more than once: {names}.", { names: twice.join(", ") })));
    card.append(make("p", { class: "to-page" },
      make("a", { href: this.link("class", { lesson: name, view: "sheet" }) }, say("Sheet for teachers"))));
    return card;
  }

  predictions(choices, number, lang) {
    const heads = [say("Prediction"), say("Said"), "", say("Came out so"), say("In part"), say("Otherwise")];
    const rows = choices.map(({ choice, said, right, part, other }) => make(
      "tr", {}, make("th", { scope: "row", lang }, choice.says), make("td", { class: "number" }, plain(said, 0)),
      make("td", { class: "share" }, bar(said, number)),
        ...[right, part, other].map((n) => make("td", { class: "number" }, plain(n, 0)))));
    return table(say("What was expected"), heads, rows);
  }

  outcomes(asks, number, lang) {
    const rows = asks.flatMap(({ ask, ...times }) =>
      ["more", "fewer", "same"].filter((one) => times[one]).map((one) => make(
      "tr", {}, make("th", { scope: "row", lang }, ask.title), make("td", { lang }, ask[one]),
      make("td", { class: "number" }, say("{n} of {all}", { n: times[one], all: number })))));
    const heads = [say("Question"), say("Answer"), say("In")];
    return make("div", { class: "told" }, table(say("What came out"), heads, rows));
  }

  /** Return the lessons with what a teacher needs to prepare them. */
  plans() {
    const rows = Object.entries(this.lessons).map(([name, lesson]) => make(
      "tr", {}, make("th", { scope: "row", lang: lesson.lang }, lesson.title),
      make("td", { class: "number" }, say("{n} min", { n: lesson.teacher.minutes })),
      make("td", {}, make("a", { href: this.link("lessons", { lesson: name }),
        "aria-label": say("The lesson {title}", { title: lesson.title }) },
        say("lesson"))),
      make("td", {}, make("a", { href: this.link("lessons", { lesson: name, view: "sheet" }),
        "aria-label": say("Worksheet of {title}", { title: lesson.title }) }, say("worksheet"))),
      make("td", {}, make("a", { href: this.link("class", { lesson: name, view: "sheet" }),
        "aria-label": say("Sheet for teachers of {title}", { title: lesson.title }) }, say("for teachers")))));
    return make(
      "section", { class: "plans" }, make("h2", {}, say("Prepare a lesson")),
      make("p", {}, say("Give everybody this file, or the link to a lesson with the seed {seed}: then everybody sees "
        + "the same runs.", { seed: this.seed })),
      table(say("Lessons"), [say("Lesson"), say("Time"), say("For students"), say("To print"), say("Aims and talk")],
        rows));
  }
}

function table(caption, heads, rows) {
  const head = make("thead", {},
    make("tr", {}, ...heads.map((one) => (one ? make("th", { scope: "col" }, one) : make("td")))));
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    make("table", {}, make("caption", {}, caption), head, make("tbody", {}, ...rows)));
}

/** Return a share as a bar; its number stands beside it. */
function bar(part, whole) {
  const inner = make("span", { class: "part" });
  inner.style.width = `${(100 * part) / whole}%`;
  return make("span", { class: "part-of", "aria-hidden": "true" }, inner);
}
