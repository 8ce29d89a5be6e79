// The page Explore: watch one made-up town with a mutual help group, open lives, change something, see what follows.
import { Situation, same } from "../engine/situation.js";
import { button, make } from "../replay/parts.js";
import { Player } from "../replay/player.js";
import { plural, say } from "../words.js";
import { changeInWords, inWords } from "./describe.js";
import { chances } from "./chances.js";
import { files } from "./files.js";
import { formsCard } from "./forms_card.js";
import { blank, fieldOf, fields } from "./inputs.js";
import { lifeCard } from "./life_card.js";
import { localModel } from "./local_model.js";
import { small } from "./numbers.js";
import { drawer } from "./parameters.js";
import { tour } from "./tour.js";
import { OWN, presetOf, presets, situationOf } from "./presets.js";

const MOST_LOST = 9, LARGEST_SEED = 2 ** 53, REPLICATE = 0;
const FROM_NOW = [
  "serve.turnover_per_year", "serve.departures_per_year", "prepare.successors", "supervise.supervision",
  "community.arrivals_per_week",
];
const FROM_THE_START = [
  "start.members", "start.helpers", "share.needs_veteran", "help.benefit_to_helper", "community.stigma",
];

export function explore(root, app) {
  const page = new Explore(root, app);
  return () => page.end();
}

class Explore {
  constructor(root, app) {
    Object.assign(this, { root, app, facts: app.facts });
    this.asked = 0; // the latest question for a recording
    this.count = 1; // of busiest helpers
    this.week = Number(app.address.others.week ?? 0) || 0;
    this.build();
    app.onAddress(() => this.follow());
    this.follow();
  }

  get situation() { return this.app.address.first; }
  get person() { return this.app.address.others.person ?? null; }

  build() {
    const { root } = this;
    this.lead = make("p");
    this.wrong = make("p", { class: "wrong if-any", role: "alert" });
    this.tale = make("p", { class: "quiet tale" });
    this.story = fields([], (name, value) => this.choose(name, value), { legend: say("Type of group and seed"), look: "bar" });
    const again = button(say("Try another run"), () => this.nextSeed(), "",
      say("Try another run: the same settings with another random seed"));
    this.stage = make("div", { class: "player" }, make("p", { class: "working-note", role: "status" }, say("Working…")));
    this.guide = make("div");
    this.life = make("div");
    this.ending = make("section", { class: "card outcome", "aria-label": say("How it went") });
    this.forms = make("div");
    this.chances = chances(this.app, (seed) => this.attempt(() => this.situation.withValue("seed", seed), true),
      (seed) => this.watchClosing(seed));
    this.now = this.nowCard();
    this.start = this.startCard();
    this.files = files(this.app, (situation) => this.attempt(() => situation, true));
    root.append(
      make("h1", {}, say("Why does a group live or die?")), this.lead, this.wrong,
      make("div", { class: "side bar" }, this.story.element, again), this.tale,
      make("div", { class: "explore" },
        make("div", { class: "stage-and-life" }, this.guide, this.stage, this.life, this.ending, this.forms, this.chances.element),
        make("div", { class: "panel" }, this.now.element, this.start.element)),
      this.files.element,
    );
  }

  end() {
    this.tour?.end();
    this.player?.end();
    this.chances.end();
    document.documentElement.classList.remove("working");
  }

  /** Show what the address says now; the picture comes when its history is lived. */
  follow() {
    const { situation } = this, others = this.app.address.others;
    if (this.app.wrong) this.wrong.textContent = this.app.wrong;
    const several = situation.value("start.groups") !== 1 || this.facts.forms[situation.form].forms.length > 0;
    this.lead.textContent = several
      ? say("One made-up town with people in need, and groups that meet every week. Press play, click a person to read "
        + "their life, change something and see what follows. Nobody here is real.")
      : say("One made-up town with people in need, and a group that meets every week. Press play, click a person to read "
        + "their life, change something and see what follows. Nobody here is real.");
    this.showStory();
    this.showNow();
    this.start.show(situation);
    this.files.show(this.app.address);
    const week = Number(others.week ?? 0) || 0;
    if (!this.shown || !same(this.shown, situation)) {
      this.shown = situation;
      this.week = week;
      this.live(situation);
      this.chances.show(situation);
    } else if (this.drawn === this.shown) {
      if (week !== this.week) this.player.clock.jump(week);
      this.mark();
    }
  }

  async live(situation) {
    const number = (this.asked += 1), scenario = situation.scenario(), { histories } = this.app;
    this.ended = null;
    document.documentElement.classList.add("working");
    queueMicrotask(() => number === this.asked && document.documentElement.classList.add("working"));
    try {
      const payload = await histories.recording(scenario, REPLICATE);
      if (number !== this.asked) return;
      this.draw(payload);
      const ending = await histories.ending(scenario, REPLICATE);
      if (number !== this.asked) return;
      this.tellEnding(ending, situation);
      if (this.touring) this.guideThrough(ending);
      const card = formsCard(await histories.byForm(scenario, REPLICATE));
      if (number === this.asked) this.forms.replaceChildren(...(card ? [card] : []));
    } catch (error) {
      if (number !== this.asked) return;
      this.wrong.textContent = error.message;
      this.shown = null;
    } finally {
      if (number === this.asked) document.documentElement.classList.remove("working");
    }
  }

  draw(payload) {
    const kept = this.player?.kept() ?? { week: this.week }, before = this.drawn, old = this.player?.histories[0];
    const branched = before && old && branchOf(before, this.shown);
    if (this.week !== kept.week) kept.week = this.week;
    if (!branched) kept.far = kept.week;
    else {
      kept.ghost = { history: old, seen: kept.far, situation: before };
      kept.far = Math.max(kept.week, Math.min(kept.far, branched.week));
    }
    this.branched = kept.ghost ?? null;
    this.drawn = this.shown;
    this.tour?.end();
    this.tour = null;
    this.player?.end();
    this.payload = payload;
    this.stage.replaceChildren();
    const chosen = this.person ? { which: 0, person: this.person } : null;
    const state = { chosen, narrate: true, suspense: true };
    this.model = localModel(state, (message) => this.hear(message));
    this.player = new Player(this.model, this.stage, [payload], kept);
    if (kept.playing) this.player.clock.play();
    this.mark();
    this.listedOf = null;
    this.showNow();
  }

  hear({ kind, week, person }) {
    if (kind === "week") this.maybeTell();
    if (kind === "week" && week !== this.week) {
      this.week = week;
      this.showNow();
    }
    if (kind === "person" && person !== this.person) this.go(this.situation, { person });
  }

  /** Show a run whose group closes, from its beginning, with a stop at each turning point. */
  watchClosing(seed) {
    this.touring = true;
    if (seed === this.situation.value("seed") && this.ended) this.guideThrough(this.ended);
    else this.attempt(() => this.situation.withValue("seed", seed), true);
  }

  guideThrough(ending) {
    this.touring = false;
    if (!ending || ending.closed_week === null) return;
    this.player.clock.jump(0);
    this.tour = tour(this.player, ending.because, {
      act: (week) => this.attempt(() => setFrom(this.situation, "prepare.successors", 2, week)),
      done: () => this.maybeTell(true),
    });
    this.guide.replaceChildren(this.tour.element);
    this.tour.begin();
    this.guide.scrollIntoView({ block: "nearest" });
  }

  go(situation, others = {}) {
    this.wrong.textContent = "";
    const known = { ...this.app.address.others, week: this.week || undefined, ...others };
    for (const [name, value] of Object.entries(known)) if (value === undefined || value === null) delete known[name];
    this.app.go({ first: situation, others: known });
  }

  /** Go to another situation, from the first week if it starts again; say so where it is not allowed. */
  attempt(makeIt, fromStart = false) {
    let situation;
    try {
      situation = withoutLate(makeIt());
    } catch (error) {
      this.wrong.textContent = error.message;
      return;
    }
    this.go(situation, fromStart ? { week: undefined, person: undefined } : {});
  }

  showStory() {
    const { situation, facts } = this, preset = presetOf(situation);
    const forms = Object.entries(facts.forms).sort(([, a], [, b]) => Number(a.world) - Number(b.world))
      .map(([name, { title, world }]) => [name, world ? say("World: {title}", { title: inWords(title) }) : inWords(title)]);
    const stories = presets().map(({ name, title }) => [name, title]);
    if (!preset) stories.unshift([OWN, say("Your own")]);
    this.story.show([
      { ...blank("form", say("Type of group"), situation.form, "choice"), choices: forms },
      { ...blank("story", say("Story"), preset?.name ?? OWN, "choice"), choices: stories },
      fieldOf("seed", situation),
    ]);
    this.tale.textContent = preset ? preset.about : say("Settings of your own.");
  }

  choose(name, value) {
    const { situation, facts } = this, seed = situation.value("seed"), preset = presetOf(situation) ?? presets()[0];
    if (name === "form") this.attempt(() => situationOf(preset, facts, value, seed), true);
    if (name === "story" && value !== OWN) {
      this.attempt(() => situationOf(presets().find((one) => one.name === value), facts, situation.form, seed), true);
    }
    if (name === "seed") this.attempt(() => situation.withValue("seed", value), true);
  }

  nextSeed() {
    const seed = this.situation.value("seed");
    this.attempt(() => this.situation.withValue("seed", seed < LARGEST_SEED ? seed + 1 : 0), true);
  }

  nowCard() {
    const inputs = fields([], (name, value, final) => {
      if (final) this.attempt(() => setFrom(this.situation, name, value, this.week));
    }, { legend: "", about: say("The past stays as it was; the future changes. Pause or move the week slider to choose the "
      + "week."), look: "plain" });
    const act = (leave) => () => this.attempt(() => this.situation.withChange(
      { week: Math.floor(this.week), act: "lose_busiest_helpers", count: this.count, leave }));
    const stop = button("", act(false)), leave = button("", act(true));
    const fewer = button(say("one fewer"), () => this.counted(-1), "quiet", say("one fewer helper to stop"));
    const more = button(say("one more"), () => this.counted(1), "quiet", say("one more helper to stop"));
    const changes = make("div");
    const element = make("section", { class: "card", "aria-label": say("From this week on") }, inputs.element,
      make("div", { class: "side" }, stop, leave, fewer, more), changes);
    return { element, inputs, stop, leave, changes };
  }

  counted(by) {
    this.count = Math.min(MOST_LOST, Math.max(1, this.count + by));
    this.showNow();
  }

  showNow() {
    const { situation, week, count } = this, holding = atWeek(situation, week), { stop, leave, changes, inputs } = this.now;
    const legend = week >= 1 ? say("From week {week} on", { week: Math.floor(week) }) : say("From the start");
    inputs.show(FROM_NOW.map((path) => fieldOf(path, holding)), { legend });
    const open = { n: small(count) };
    const [stops, leaves] = this.severalIn(week) ? lossInEach(count, open) : lossInOne(count, open);
    stop.textContent = stops;
    leave.textContent = leaves;
    if (this.listedOf === situation) return;
    this.listedOf = situation; // an undo that has the focus keeps it while weeks go by
    const held = changes.contains(document.activeElement);
    changes.hidden = !situation.changes.length;
    changes.replaceChildren(make("h2", { class: "minor" }, say("What you have changed")), make("ul", { class: "changes" },
      ...situation.changes.map((change, place) => {
        const words = this.listed(change);
        return make("li", {}, make("span", {}, words), button(say("undo"),
          () => this.attempt(() => situation.withoutChange(place)), "quiet", say("Undo: {what}", { what: words })));
      })));
    if (held) (changes.querySelector("button") ?? stop).focus({ preventScroll: true });
  }

  /** Whether several groups are open in a week; while the history is lived, whether it begins with several. */
  severalIn(week) {
    const [history] = this.drawn === this.shown && this.player ? this.player.histories : [];
    if (!history) return this.situation.value("start.groups") > 1;
    const step = Math.floor(week / history.stepWeeks), { groups } = history.about;
    return groups.filter(({ founded, closed }) => founded <= step && (closed === null || step <= closed)).length > 1;
  }

  listed(change) {
    const what = changeInWords(this.facts, change, this.severalIn(change.week));
    return say("Week {week}: {what}", { week: change.week, what });
  }

  startCard() {
    const change = (name, value, final) => final && this.attempt(() => this.situation.withValue(name, value), true);
    const about = say("A change here starts the run again from its first week, with the same random seed.");
    const inputs = fields([], change, { legend: say("Starting conditions"), about, look: "plain" });
    const all = drawer(this.app, change);
    const reset = button(say("Reset to defaults"), () => this.attempt(() => new Situation(this.facts, this.situation.form), true));
    const element = make("details", { class: "card" },
      make("summary", {}, say("Restart with different starting conditions")), inputs.element, all.element, reset);
    return {
      element,
      show: (situation) => {
        inputs.show(startFields(situation));
        all.show(situation);
      },
    };
  }

  /** Show whose life is read. */
  async mark() {
    const { person, payload } = this, number = (this.marked = (this.marked ?? 0) + 1);
    this.model.set("chosen", person ? { which: 0, person } : null);
    if (!person) return this.closeLife();
    if (!payload.about.people.includes(person)) {
      const text = say("There is no person {person} in this run.", { person: person.slice(0, 40) });
      return this.life.replaceChildren(make("p", { class: "wrong", role: "alert" }, text));
    }
    const life = await this.app.histories.life(this.situation.scenario(), REPLICATE, person);
    if (number !== this.marked) return undefined;
    const card = lifeCard(life, (other) => this.go(this.situation, { person: other ?? undefined }),
      (week) => this.showWeek(week), this.player.far < this.player.clock.end ? this.player.far : Infinity);
    return this.life.replaceChildren(card);
  }

  closeLife() {
    const held = this.life.contains(document.activeElement);
    this.life.replaceChildren();
    if (held) this.stage.querySelector(".stage").focus();
  }

  /** Show a week, and the picture of it. */
  showWeek(week) {
    this.player.clock.jump(week);
    this.stage.querySelector(".stage").scrollIntoView({ block: "nearest" });
  }

  /** The end is told when it has been seen, or asked for. */
  tellEnding(ending, situation) {
    this.known = { ending, situation };
    this.ended = ending;
    if (this.player.far >= this.player.clock.end) return this.tellKnown();
    const show = button(say("Show how it went"), () => {
      this.player.reveal();
      this.tellKnown();
      this.mark();
    });
    return this.ending.replaceChildren(make("p", { class: "side" },
      make("span", {}, say("Play on to see how it goes, or look ahead:")), show));
  }

  maybeTell(now = false) {
    if (now) this.player.reveal();
    if (this.known && this.player.far >= this.player.clock.end) this.tellKnown();
  }

  tellKnown() {
    const { ending, situation } = this.known;
    this.known = null;
    if (!ending) return this.ending.replaceChildren(make("p", {}, say("No group opened in this run.")));
    const closed = ending.closed_week !== null, first = situation.changes.map(({ week }) => week);
    const week = first.length ? Math.min(...first) : 0;
    const asked = week
      ? say("Ask about this run again, with the same chance events and something changed from week {week} on:", { week })
      : say("Ask about this run again, with the same chance events and something changed from the start:");
    const changes = situation.changes.map((change) => make("p", { class: "quiet" },
      say("Your change: {what}.", { what: this.listed(change) })));
    return this.ending.replaceChildren(
      make("p", { class: "large", "aria-live": "polite" }, ending.sentence), this.without(),
      make("details", {},
        make("summary", {}, closed ? say("Why did the group close?") : say("How is the group doing?")),
        ...changes, this.moments(ending.because),
        make("details", {}, make("summary", {}, say("The whole story of the group")), this.moments(ending.whole))),
      make("p", { class: "quiet" }, asked),
      make("ul", { class: "questions" }, ...this.questions(situation, week, closed)),
    );
  }

  /** Return how it would have gone without the last change, once that is known. */
  without() {
    const words = make("p", { class: "quiet" }), before = this.branched?.situation;
    if (before) {
      this.app.histories.ending(before.scenario(), REPLICATE).then((ending) => {
        if (ending) words.textContent = say("Before your last change: {how}", { how: ending.sentence });
      }, () => {});
    }
    return words;
  }

  /** Return moments of a story as a list; each leads the picture to its week. */
  moments(list) {
    return make("ol", { class: "story" }, ...list.map(({ week, when, text }) => {
      const there = button(when, () => this.showWeek(Math.max(0, week)), "quiet when");
      return make("li", {}, there, make("span", {}, text));
    }));
  }

  questions(situation, week, closed) {
    const arrivals = atWeek(situation, week).value("community.arrivals_per_week");
    const asked = [
      [closed ? say("Would it have lasted with two prepared to follow?") : say("What if two had been prepared to follow?"),
        "prepare.successors", 2],
      [say("What if no helper had stepped down?"), "serve.turnover_per_year", 0],
      [say("What if twice as many people had needed help?"), "community.arrivals_per_week", 2 * arrivals],
    ];
    const links = [];
    const link = (text, other) => links.push(make("li", {},
      make("a", { href: this.app.link("turnover", { first: situation, second: other, others: { view: "story" } }) }, text)));
    if (situation.changes.length) link(say("What if you had changed nothing?"), situation.withChanges([]));
    for (const [text, path, value] of asked) {
      try {
        const other = fromThenOn(situation, path, value, week);
        if (JSON.stringify(other.scenario()) !== JSON.stringify(situation.scenario())) link(text, other);
      } catch {
        // A question whose answer would be out of range or too large for a page is not asked.
      }
    }
    return links;
  }
}

/** Return from which week on one situation is a branch of another: the same, but for later changes; else null. */
function branchOf(before, now) {
  const plainly = ({ form, settings }) => JSON.stringify([form, settings]);
  if (plainly(before) !== plainly(now)) return null;
  const one = before.changes.map((change) => JSON.stringify(change)), other = now.changes.map((change) => JSON.stringify(change));
  const weeks = [...before.changes.filter((_, k) => !other.includes(one[k])), ...now.changes.filter((_, k) => !one.includes(other[k]))]
    .map(({ week }) => week);
  return weeks.length ? { week: Math.min(...weeks) } : null;
}

/** Return what the two buttons do that take the busiest helpers: they stop, or they leave. */
function lossInOne(count, open) {
  return [
    plural("The busiest helper stops now", "The {n} busiest helpers stop now", count, open),
    plural("The busiest helper leaves the group now", "The {n} busiest helpers leave the group now", count, open),
  ];
}

/** Return the same where there are several groups: one act takes helpers from every one of them. */
function lossInEach(count, open) {
  return [
    plural("The busiest helper in each group stops now", "The {n} busiest helpers in each group stop now", count, open),
    plural("The busiest helper in each group leaves it now", "The {n} busiest helpers in each group leave it now", count, open),
  ];
}

function startFields(situation) {
  const weeks = situation.value("weeks");
  const usual = new Map([2, 5, 10, 20].map((years) => [52 * years, say("{n} years", { n: years })]));
  if (!usual.has(weeks)) usual.set(weeks, say("{n} weeks", { n: weeks }));
  const length = { ...blank("weeks", say("Length of the run"), weeks, "choice"), choices: [...usual] };
  return [fieldOf("start.kind", situation), length, ...FROM_THE_START.map((path) => fieldOf(path, situation))];
}

/** Return the situation as it holds in a week: with what has changed by then, and nothing to come. */
function atWeek(situation, week) {
  const settings = {};
  if (!situation.changes.length) return situation;
  for (const change of situation.changes) if (change.week <= week) Object.assign(settings, change.set);
  return situation.withValues(settings, []);
}

/** Return the situation with another value from a week on; before the first week that is from the start. */
function setFrom(situation, path, value, week) {
  if (week < 1) return situation.withValue(path, value);
  return situation.withChange({ week: Math.floor(week), set: { [path]: value } });
}

/** Return the situation with a value from a week on to the end: later changes of the same setting are dropped. */
function fromThenOn(situation, path, value, week) {
  const kept = situation.changes.flatMap((change) => {
    const set = Object.fromEntries(Object.entries(change.set ?? {}).filter(([name]) => name !== path || change.week < week));
    return Object.keys(set).length || change.act ? [{ ...change, set }] : [];
  });
  return setFrom(situation.withChanges(kept), path, value, week);
}

/** Return the situation without changes that lie beyond its end, after the run was made shorter. */
function withoutLate(situation) {
  const weeks = situation.value("weeks");
  return situation.changes.every((change) => change.week < weeks) ? situation
    : situation.withChanges(situation.changes.filter((change) => change.week < weeks));
}
