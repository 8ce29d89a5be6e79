// Histories for the page: asked of a few workers, first things first, remembered while they are of use.

const MOST_WORKERS = 4;
const AHEAD = 2; // histories given to a worker at a time, so that it need not wait for the page
const TELL = 80; // milliseconds between two answers to the same question
const KEPT = 30000; // outcomes of histories that are remembered
const RECORDINGS = 6;

export class Histories {
  /** `begin` returns a new Worker; `assets` are what it opens with: the bytes of the engine, its layout, the facts. */
  constructor(begin, assets, number = Math.max(1, Math.min(MOST_WORKERS, navigator.hardwareConcurrency ?? 2))) {
    this.waiting = []; // questions, oldest first, each with the replicates that nobody has begun
    this.open = new Set(); // questions that are not answered to their end
    this.inWork = new Set(); // names of runs that a worker has in hand
    this.kept = new Map(); // outcomes by scenario
    this.recordings = new Map();
    this.answers = new Map();
    this.scenarios = new Names();
    this.asked = 0;
    this.failed = null;
    this.workers = Array.from({ length: number }, () => this.begun(begin, assets));
  }

  begun(begin, assets) {
    const worker = { at: begin(), busy: 0, knows: new Set() };
    worker.at.onmessage = ({ data }) => this.hear(worker, data);
    worker.at.onerror = (event) => this.fail(event.message || "the engine could not be started in this browser");
    worker.ready = this.ask(worker, "open", assets);
    worker.ready.catch((error) => this.fail(error.message));
    return worker;
  }

  /** Say the same to every worker from now on: words of a language. */
  speak(language, texts) {
    this.recordings.clear();
    for (const worker of this.workers) this.ask(worker, "speak", { language, texts }).catch(() => {});
  }

  /** Live the first `count` replicates; `onBatch` hears of those known without a gap, at once and as more come. */
  outcomes(scenario, count, onBatch) {
    const runs = Array.from({ length: count }, (_, replicate) => ({ scenario, replicate }));
    return this.each(runs, onBatch);
  }

  /**
   * Live several runs, each of a scenario, a replicate and, if not the scenario's own, a seed; see `outcomes`. With
   * `people` a run tells of helpers and other members, too.
   */
  each(runs, onBatch) {
    const names = runs.map((run) => this.nameOf(run));
    const question = { runs, names, onBatch, next: 0, found: [], told: 0, timer: null };
    this.open.add(question);
    this.waiting.push(question);
    this.tell(question);
    this.give();
    return { stop: () => this.stop(question) };
  }

  /** Return the promise of a recording of one history, as the player takes it. */
  recording(scenario, replicate = 0, label = "") {
    return this.remembered(`recording ${label}`, "recording", { scenario, replicate, label }).then(({ payload }) => payload);
  }

  /** Return the promise of one run of two scenarios: what to play, where they part, and how each group ended. */
  pair(scenario, other, replicate = 0) {
    return this.remembered(`pair ${this.scenarios.of(other)}`, "pair", { scenario, other, replicate });
  }

  /** Return the promise of one person's life. */
  life(scenario, replicate, person) {
    return this.first("life", { scenario, replicate, person }).then(({ life }) => life);
  }

  /** Return the promise of the life that one of the rules of `notableLives` chooses; null for nobody. */
  notable(scenario, replicate, rule) {
    return this.first("notable", { scenario, replicate, rule }).then(({ life }) => life);
  }

  /** Return the promise of how the group of a history ended. */
  ending(scenario, replicate = 0) {
    return this.remembered("ending", "ending", { scenario, replicate }).then(({ ending }) => ending);
  }

  /** Return the promise of what is counted of each form of a history; null where there is one form. */
  byForm(scenario, replicate = 0) {
    return this.remembered("ending", "ending", { scenario, replicate }).then(({ byForm }) => byForm);
  }

  remembered(kind, what, asked) {
    const name = `${kind} ${this.nameOf(asked)}`;
    const found = this.recordings.get(name) ?? this.first(what, asked);
    found.catch(() => this.recordings.delete(name));
    this.recordings.delete(name);
    this.recordings.set(name, found);
    if (this.recordings.size > RECORDINGS) this.recordings.delete(this.recordings.keys().next().value);
    return found;
  }

  /** Ask the first worker, which alone makes recordings, so that it has them when lives are asked for. */
  first(what, asked) {
    return this.ask(this.workers[0], what, asked);
  }

  ask(worker, what, asked) {
    const number = (this.asked += 1);
    worker.busy += 1;
    return new Promise((resolve, reject) => {
      this.answers.set(number, { resolve, reject });
      worker.at.postMessage({ number, what, asked: this.told(worker, asked) });
    });
  }

  /** Return a question with its scenarios by number; a worker is told but once what a number stands for. */
  told(worker, asked) {
    const learn = [], short = { ...asked };
    for (const place of ["scenario", "other"]) {
      if (!asked[place]) continue;
      short[place] = this.scenarios.of(asked[place]);
      if (!worker.knows.has(short[place])) learn.push([short[place], asked[place]]);
      worker.knows.add(short[place]);
    }
    return learn.length ? { ...short, learn } : short;
  }

  nameOf = ({ scenario, replicate, seed = "", people = "" }) =>
    `${replicate} ${seed} ${people} ${this.scenarios.of(scenario)}`;

  hear(worker, { number, found, wrong }) {
    const answer = this.answers.get(number);
    this.answers.delete(number);
    worker.busy -= 1;
    if (wrong === undefined) answer.resolve(found);
    else answer.reject(new Error(wrong));
    this.give();
  }

  fail(message) {
    this.failed = message;
    for (const { reject } of this.answers.values()) reject(new Error(message));
    this.answers.clear();
    dispatchEvent(new CustomEvent("mhsim-failed", { detail: message }));
  }

  /** Give every worker something to do; every question has its turn, so that none waits for another's end. */
  give() {
    for (const worker of this.workers) {
      while (worker.busy < AHEAD && this.waiting.length) {
        const question = this.waiting.shift();
        while (question.next < question.runs.length && this.isAsked(question.names[question.next])) question.next += 1;
        if (question.next >= question.runs.length) continue;
        this.live(worker, question, question.next);
        question.next += 1;
        if (question.next < question.runs.length) this.waiting.push(question);
      }
    }
  }

  live(worker, question, place) {
    const run = question.runs[place], name = question.names[place];
    this.inWork.add(name);
    this.ask(worker, "outcome", run).then(
      ({ outcome }) => this.keep(name, outcome), (error) => this.keep(name, { failed: error.message }));
  }

  isAsked = (name) => this.kept.has(name) || this.inWork.has(name);

  keep(name, outcome) {
    this.inWork.delete(name);
    this.kept.delete(name);
    this.kept.set(name, outcome);
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
    for (const question of [...this.open]) this.tell(question);
  }

  /** Tell what is known of a question: at once what is there at first and at the end, else every so often. */
  tell(question) {
    const { runs, names, found } = question, before = found.length;
    while (found.length < runs.length && this.kept.has(names[found.length])) found.push(this.kept.get(names[found.length]));
    const whole = found.length === runs.length, time = performance.now();
    if (!whole && question.told && found.length === before) return;
    if (!whole && question.told && time - question.told < TELL) {
      question.timer ??= setTimeout(() => {
        question.timer = null;
        this.say(question);
      }, TELL);
      return;
    }
    this.say(question);
    if (whole) this.stop(question);
  }

  say(question) {
    clearTimeout(question.timer);
    question.timer = null;
    question.told = performance.now();
    question.onBatch({ outcomes: [...question.found], asked: question.runs.length });
  }

  stop(question) {
    clearTimeout(question.timer);
    this.open.delete(question);
    this.waiting = this.waiting.filter((one) => one !== question);
  }
}

/** Short names of scenarios: the same for two that say the same. */
class Names {
  constructor() {
    this.byText = new Map();
    this.byObject = new WeakMap();
  }

  of(scenario) {
    let number = this.byObject.get(scenario);
    if (number === undefined) {
      const text = JSON.stringify(scenario);
      number = this.byText.get(text) ?? this.byText.size + 1;
      this.byText.set(text, number);
      this.byObject.set(scenario, number);
    }
    return number;
  }
}
