// The answer on the page: it grows while histories are lived, and follows the sliders. The newest question counts; one
// that has been overtaken may still give its first answer, so that the page answers while a slider moves.
import { same } from "../engine/situation.js";
import { make } from "../replay/parts.js";
import { say } from "../words.js";
import { peopleOf } from "./outcomes.js";
import { curvesOf, dotsPictures, peopleTable, reasonsBars } from "./turnover_pictures.js";
import { RUNS, answerText, halfInWords, isDone, judgedWords, onPeople } from "./turnover_words.js";

const FIRST = 10; // runs of each below which nothing is said of them
const PATIENCE = 1000; // milliseconds that an overtaken question may take for its first answer
const MORE = 1.25; // while runs come, the answer is drawn anew when there are so many times as many

/** Asks about two situations at a time; `onPair` hears of the newest as its runs come. */
export class LatestQuestion {
  constructor(histories, onPair) {
    Object.assign(this, { histories, onPair, open: null, next: null });
  }

  ask(first, second) {
    const now = this.open;
    if (now && same(now.first, first) && same(now.second, second)) {
      this.next = null;
      return;
    }
    if (now && !now.reported && performance.now() - now.began < PATIENCE) {
      this.next = [first, second];
      return;
    }
    this.begin(first, second);
  }

  stop() {
    this.open?.question.stop();
    this.open = this.next = null;
  }

  begin(first, second) {
    this.stop();
    const scenarios = [first.scenario(), second.scenario()];
    const runs = Array.from({ length: 2 * RUNS }, (_, k) => ({ scenario: scenarios[k % 2], replicate: k >> 1 }));
    const open = { first, second, began: performance.now(), reported: 0, question: { stop() {} } };
    this.open = open;
    open.question = this.histories.each(runs, ({ outcomes }) => this.open === open && this.hear(open, outcomes));
  }

  hear(open, outcomes) {
    const cases = outcomes.length >> 1, whole = cases === RUNS;
    if (cases <= open.reported || !(whole || cases >= Math.max(FIRST, MORE * open.reported))) return;
    open.reported = cases;
    const following = this.next;
    const pick = (arm) => Array.from({ length: cases }, (_, k) => outcomes[2 * k + arm]);
    this.onPair({ first: open.first, second: open.second, one: pick(0), other: pick(1), asked: RUNS });
    if (following) this.begin(...following);
  }
}

/** Return the part of the page with the answer: `show` asks about two situations, `pair` is what is shown of them. */
export function answering(app) {
  const part = (tag, kind, attributes = {}) => make(tag, { class: kind, ...attributes });
  const headline = part("p", "turnover-headline", { id: "turnover-headline" });
  const difference = part("p", "turnover-difference");
  const soFar = part("p", "quiet turnover-so-far"), announced = part("p", "hidden-text", { role: "status" });
  const slots = PARTS.map(() => make("div")), rest = make("div", { class: "turnover-rest" }, ...slots);
  const element = part("section", "turnover-answer", { "aria-label": say("Answer") });
  element.append(make("div", { class: "turnover-said" }, headline, difference), soFar, announced, rest);
  const state = { element, pair: null, asked: [null, null], onPair: () => {} };
  const latest = new LatestQuestion(app.histories, (pair) => {
    state.pair = pair;
    draw();
    state.onPair(pair);
  });
  let filled = null, timer = null;
  const isStale = () => !state.pair
    || !same(state.pair.first, state.asked[0]) || !same(state.pair.second, state.asked[1]);

  function draw() {
    const { pair } = state, stale = isStale();
    element.classList.toggle("stale", Boolean(pair) && stale);
    rest.inert = stale;
    if (stale) {
      element.setAttribute("aria-busy", "true");
      headline.textContent = pair ? say("Calculating…")
        : say("Calculating… The first {n} runs of A and of B.", { n: FIRST });
      difference.textContent = announced.textContent = "";
      soFar.textContent = pair ? say("Shown in grey: the answer for the settings before.") : "";
      return;
    }
    const text = answerText(pair), done = isDone(pair);
    headline.textContent = text.headline;
    difference.textContent = text.difference;
    soFar.textContent = text.soFar;
    announced.textContent = done ? `${text.headline} ${text.difference}` : "";
    if (filled === pair) return;
    filled = pair;
    element.setAttribute("aria-busy", "true");
    fill(pair, text, 0);
  }

  /** Fill the parts of the answer one after the other, so that the page never waits for all of them. */
  function fill(pair, text, place) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      slots[place].replaceChildren(...PARTS[place](pair, text));
      if (place + 1 < PARTS.length) fill(pair, text, place + 1);
      else element.setAttribute("aria-busy", String(isStale() || !isDone(pair)));
    });
  }

  state.show = (first, second) => {
    state.asked = [first, second];
    latest.ask(first, second);
    draw();
  };
  state.isStale = isStale;
  state.end = () => {
    clearTimeout(timer);
    latest.stop();
  };
  return state;
}

/** Return what the answer consists of, part by part. */
const PARTS = [
  (pair) => [make("h2", {}, say("Of a hundred groups")), dotsPictures(pair)],
  (pair, text) => [
    make("h2", {}, say("Groups still meeting, year by year")),
    make("p", { class: "quiet" }, say("The band shows how far chance could shift the line if other runs were made. "
      + "It does not show whether the model is right.")),
    curvesOf(pair), make("p", {}, halfInWords(pair)), make("p", {}, text.byPair),
  ],
  (pair) => [make("h2", {}, say("What became of the groups")), reasonsBars(pair)],
  (pair) => {
    const done = isDone(pair), people = peopleOf(pair.one, pair.other, done);
    return [
      make("h2", {}, say("What happened to people in need")), make("p", {}, onPeople(people)),
      make("div", { class: "scroll" }, peopleTable(people, done)), make("p", { class: "quiet" }, judgedWords()),
    ];
  },
];
