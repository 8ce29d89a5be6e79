// Plays recordings: pictures, controls, series and news in step, and what the page is told of it.
import { setKeys } from "../address.js";
import { Clock } from "./clock.js";
import { Count } from "./count.js";
import { curves } from "./curves.js";
import { legend } from "./legend.js";
import { pane } from "./pane.js";
import { make } from "./parts.js";
import { read } from "./reading.js";
import { Voice } from "./voice.js";
import { feed } from "./telling.js";
import { keys, transport } from "./transport.js";
import { say } from "../words.js";

const TELL = 1000; // milliseconds between two reports to the page while it plays
const LIST = 250; // milliseconds between two new lists of news while it plays

export class Player {
  constructor(model, element, payloads, kept) {
    this.model = model;
    this.histories = payloads.map(read);
    this.several = this.histories.length > 1;
    this.unit = Math.min(...this.histories.map((history) => history.stepWeeks));
    const end = Math.max(...this.histories.map((history) => history.steps * history.stepWeeks));
    this.clock = new Clock(this.unit, end, (why) => this.moved(why));
    this.clock.week = Math.min(end, Math.max(0, Math.round((kept.week || 0) / this.unit) * this.unit));
    this.clock.speed = kept.speed ?? this.clock.speed;
    this.far = Math.max(kept.far ?? 0, this.clock.week); // the week up to which the history has been seen
    this.ghost = kept.ghost ?? null;
    this.count = new Count(Math.round(end / this.unit) + 1);
    this.told = this.listed = 0;
    this.begun = false; // whether it has been drawn
    this.build(kept);
    element.append(this.root);
    this.follow();
    this.begin();
  }

  build(kept) {
    const open = (which, person) => this.open(which, person), { clock, histories, several } = this;
    this.root = make("section", { class: "replay", "aria-label": say("The history, week by week") });
    this.panes = histories.map((history, which) => pane(history, which, several, open, clock, kept.canvases?.[which]));
    this.controls = transport(clock);
    this.lines = curves(histories, clock, this.ghost);
    this.news = feed(histories, open);
    this.voice = new Voice(this.model, histories, clock.week);
    this.marks = legend(this.root);
    this.marks.element.open = Boolean(kept.legend);
    this.parted = make("p", { class: "parting" });
    this.ties = make("input", { type: "checkbox" });
    this.ties.checked = kept.ties ?? true;
    this.root.append(
      make("div", { class: several ? "panes two" : "panes" }, ...this.panes.map((one) => one.element)),
      this.controls.element,
      this.marks.strip, this.parted,
      make("div", { class: "options" }, make("label", { class: "ties" }, this.ties,  ` ${say("Show ties")}`), this.marks.element),
      make("div", { class: "below" }, this.lines.element, this.news.element), this.voice.element,
    );
  }

  // Listen to the page, the theme, the size and the keys.
  follow() {
    this.called = () => this.chosen();
    this.model.on("change:chosen", this.called);
    this.recolour = () => {
      this.marks.recolour();
      for (const one of this.panes) one.picture.recolour();
      this.redraw();
    };
    globalThis.addEventListener("mhsim-theme", this.recolour);
    this.ties.addEventListener("change", () => this.tie());
    this.watch = new ResizeObserver(() => this.resize());
    keys(this.root, this.clock);
  }

  begin() {
    this.root.dataset.playing = "false";
    for (const one of this.panes) one.picture.withTies = this.ties.checked;
    for (const one of this.panes) one.picture.resize();
    // One thing after another, so that keys and clicks are answered in between; till then the old picture stands.
    this.later = [() => this.first(), () => this.lines.resize(), () => this.marks.recolour()].map((act) => setTimeout(act));
  }

  first() {
    this.begun = true;
    this.part();
    this.chosen();
    this.redraw();
    this.describe(this.clock.week);
    this.watch.observe(this.root);
  }

  // What stays when other recordings come.
  kept() {
    const { week, playing, speed } = this.clock;
    const canvases = this.panes.map(({ picture }) => [picture.back, picture.front]);
    return { week, playing, speed, far: this.far, ties: this.ties.checked, legend: this.marks.element.open, canvases };
  }

  end() {
    this.clock.stop();
    this.later.forEach(clearTimeout);
    this.watch.disconnect();
    this.model.off("change:chosen", this.called);
    globalThis.removeEventListener("mhsim-theme", this.recolour);
    this.root.remove();
  }

  redraw() {
    const began = performance.now(), { root } = this;
    for (const one of this.panes) one.redraw();
    const place = Math.floor(this.clock.shown / this.unit + 1e-9), week = place * this.unit;
    this.count.week(place);
    if (root.dataset.week !== String(week)) {
      root.dataset.week = week;
      root.dataset.weeksDrawn = this.count.weeks;
      root.dataset.members = this.panes[0].members;
      if (this.several) root.dataset.membersB = this.panes[1].members;
      this.far = Math.max(this.far, week);
      this.lines.show(week, this.model.get("suspense") ? this.far : Infinity);
      this.controls.show();
    }
    this.count.frame(performance.now() - began);
    return week;
  }

  // The clock has moved: "frame" and "seek" while it goes on, otherwise it has started or come to rest.
  moved(why) {
    const week = this.redraw(), time = performance.now(), { playing } = this.clock;
    this.root.dataset.playing = String(playing);
    if (why === "frame" || why === "seek") {
      if (time - this.listed > LIST) {
        this.listed = time;
        this.news.show(week);
      }
      if (playing && time - this.told > TELL) this.tell(week);
      if (playing) this.voice.meanwhile(week);
      return;
    }
    this.controls.show();
    if (why === "play") this.voice.begin(week);
    else this.settle(week);
  }

  settle(week) {
    this.describe(week);
    this.tell(week);
    this.voice.say(week);
    this.count.write(this.root);
  }

  describe(week) {
    this.news.show(week);
    this.controls.show();
    for (const one of this.panes) {
      one.list();
      one.picture.front.setAttribute("aria-label", this.voice.sentence(one.history, week, week));
    }
  }

  tell(week) {
    this.told = performance.now();
    setKeys({ week });
    this.model.send({ kind: "week", week });
  }

  open(which, person) {
    this.panes.forEach((one, k) => one.mark(k === which ? person : null));
    this.model.set("chosen", { which, person });
    this.model.send({ kind: "person", which, person });
    this.redraw();
  }

  /** Show what is to come as well. */
  reveal() {
    this.far = this.clock.end;
    this.root.dataset.week = "";
    this.redraw();
  }

  chosen() {
    const who = this.model.get("chosen");
    this.panes.forEach((one, k) => one.mark(who && who.which === k ? who.person : null));
    if (this.begun && !this.clock.running) this.redraw();
  }

  part() {
    const { words = "", week = null } = this.model.get("parting") ?? {};
    this.parted.replaceChildren(words);
    this.parted.hidden = !words;
    if (week === null || !words) return;
    const there = make("button", { type: "button", class: "quiet" }, say("Show week {week}", { week }));
    there.addEventListener("click", () => this.clock.jump(week));
    this.parted.append(" ", there);
  }

  tie() {
    for (const { picture } of this.panes) {
      picture.withTies = this.ties.checked;
      picture.changed();
    }
    this.redraw();
  }

  resize() {
    for (const one of this.panes) one.picture.resize();
    this.lines.resize();
    this.redraw();
  }
}
