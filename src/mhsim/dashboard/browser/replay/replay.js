// The widget: one or two recorded histories, played side by side under one clock.
import { setKeys } from "../address.js";
import { Clock } from "./clock.js";
import { curves } from "./curves.js";
import { legend } from "./legend.js";
import { pane } from "./pane.js";
import { make } from "./parts.js";
import { read } from "./reading.js";
import { style } from "./style.js";
import { feed, sentence } from "./telling.js";
import { keys, transport } from "./transport.js";

const TELL = 1000; // milliseconds between two reports to the server while it plays
const SAY = 5000; // milliseconds between two sentences for the ear while it plays
const LIST = 250; // milliseconds between two new lists of news while it plays

export async function render({ model, el }) {
  await style();
  let shown = null;
  function build() {
    const week = shown ? shown.clock.week : model.get("week");
    const playing = Boolean(shown?.clock.playing);
    const speed = shown?.clock.speed;
    shown?.end();
    const payloads = model.get("recordings");
    shown = payloads.length ? show(model, el, payloads, week, speed) : null;
    if (playing) shown?.clock.play();
  }
  model.on("change:recordings", build);
  build();
  if (model.get("playing")) shown?.clock.play();
  return () => {
    model.off("change:recordings", build);
    shown?.end();
  };
}

function show(model, el, payloads, week, speed) {
  const histories = payloads.map(read);
  const unit = Math.min(...histories.map((history) => history.stepWeeks));
  const clock = new Clock(unit, Math.max(...histories.map((history) => history.steps * history.stepWeeks)), moved);
  if (speed) clock.speed = speed;
  const several = histories.length > 1;
  const panes = histories.map((history, which) => pane(history, which, several, open, clock));
  const controls = transport(clock), lines = curves(histories, clock), news = feed(histories, open);
  const parted = make("p", { class: "parting" });
  const live = make("p", { class: "hidden-text", "aria-live": "polite" });
  const root = make("section", { class: "replay", "aria-label": "The history, week by week" });
  const marks = legend(root);
  const ties = make("label", { class: "ties" }, make("input", { type: "checkbox", checked: "checked" }), " Show ties");
  root.append(
    make("div", { class: several ? "panes two" : "panes" }, ...panes.map((one) => one.element)),
    marks.strip, controls.element, parted,
    make("div", { class: "options" }, ties, marks.element),
    make("div", { class: "below" }, lines.element, news.element), live,
  );
  el.append(root);
  const drawn = new Uint8Array(Math.round(clock.end / unit) + 1);
  const times = new Uint32Array(200); // frames by half milliseconds of script
  let weeksDrawn = 0, frames = 0, told = 0, said = performance.now(), saidWeek = 0, listed = 0, own = null;

  function open(which, person) {
    panes.forEach((one, k) => one.mark(k === which ? person : null));
    model.set("chosen", { which, person });
    model.save_changes();
    model.send({ kind: "person", which, person });
    redraw();
  }

  function redraw() {
    const began = performance.now();
    for (const one of panes) one.redraw();
    const place = Math.floor(clock.shown / unit + 1e-9);
    if (!drawn[place]) {
      drawn[place] = 1;
      weeksDrawn += 1;
    }
    const now = place * unit;
    if (root.dataset.week !== String(now)) {
      root.dataset.week = now;
      root.dataset.weeksDrawn = weeksDrawn;
      root.dataset.members = panes[0].members;
      if (several) root.dataset.membersB = panes[1].members;
      lines.show(now);
      controls.show();
    }
    const took = performance.now() - began;
    frames += 1;
    times[Math.min(times.length - 1, Math.floor(2 * took))] += 1;
    return now;
  }

  function moved(why) {
    const now = redraw(), time = performance.now();
    root.dataset.playing = String(clock.playing);
    if (why === "frame" || why === "seek") {
      if (time - listed > LIST) {
        listed = time;
        news.show(now);
      }
      if (clock.playing && time - told > TELL) tell(now, time);
      if (clock.playing && model.get("narrate") && time - said > SAY) speak(now);
      return;
    }
    controls.show();
    if (why === "play") {
      said = time;
      saidWeek = now;
      live.setAttribute("aria-live", "off");
      live.textContent = "";
      live.setAttribute("aria-live", "polite");
    } else settle(now, time);
  }

  function settle(now, time) {
    news.show(now);
    for (const one of panes) {
      one.list();
      one.picture.front.setAttribute("aria-label", sentence(one.history, now, now, several));
    }
    tell(now, time);
    setKeys({ week: now });
    speak(now);
    root.dataset.frames = frames;
    root.dataset.frameMedian = quantile(times, frames, 0.5);
    root.dataset.frameMost = quantile(times, frames, 0.95);
  }

  function tell(now, time) {
    told = time;
    own = now;
    model.set("week", now);
    model.set("playing", clock.playing);
    model.save_changes();
    model.send({ kind: "week", week: now, playing: clock.playing });
  }

  function speak(now) {
    said = performance.now();
    if (!model.get("narrate")) return;
    live.textContent = histories.map((history) => sentence(history, now, Math.min(saidWeek, now), several)).join(" ");
    saidWeek = now;
  }

  function sought() {
    const wanted = model.get("week");
    if (!clock.playing && wanted !== own && wanted !== clock.week) clock.jump(wanted);
  }

  function asked() {
    if (model.get("playing") !== clock.playing) model.get("playing") ? clock.play() : clock.pause();
  }

  function chosen() {
    const who = model.get("chosen");
    panes.forEach((one, k) => one.mark(who && who.which === k ? who.person : null));
    if (!clock.running) redraw();
  }

  function fed() {
    news.give(model.get("feed"));
    news.show(Number(root.dataset.week));
  }

  function part() {
    const { words = "", week = null } = model.get("parting") ?? {};
    parted.replaceChildren(words);
    parted.hidden = !words;
    if (week === null || !words) return;
    const there = make("button", { type: "button", class: "quiet" }, `Show week ${week}`);
    there.addEventListener("click", () => clock.jump(week));
    parted.append(" ", there);
  }

  function recolour() {
    marks.recolour();
    for (const one of panes) one.picture.recolour();
    redraw();
  }

  function resize() {
    for (const one of panes) one.picture.resize();
    lines.resize();
    redraw();
  }

  ties.firstChild.addEventListener("change", () => {
    for (const { picture } of panes) {
      picture.withTies = ties.firstChild.checked;
      picture.changed();
    }
    redraw();
  });
  const changes = { "change:week": sought, "change:playing": asked, "change:chosen": chosen, "change:feed": fed, "change:parting": part };
  for (const [name, act] of Object.entries(changes)) model.on(name, act);
  globalThis.addEventListener("mhsim-theme", recolour);
  keys(root, clock);
  clock.week = Math.min(clock.end, Math.max(0, Math.round((week || 0) / unit) * unit));
  saidWeek = clock.week;
  const watch = new ResizeObserver(resize);
  for (const one of panes) one.picture.resize();
  marks.recolour();
  lines.resize();
  part();
  fed();
  chosen();
  redraw();
  controls.show();
  for (const one of panes) {
    one.list();
    one.picture.front.setAttribute("aria-label", sentence(one.history, clock.week, clock.week, several));
  }
  news.show(clock.week);
  root.dataset.playing = "false";
  watch.observe(root);
  return {
    clock,
    end() {
      clock.playing = false;
      clock.target = null;
      watch.disconnect();
      for (const [name, act] of Object.entries(changes)) model.off(name, act);
      globalThis.removeEventListener("mhsim-theme", recolour);
      root.remove();
    },
  };
}

// Below how many milliseconds this share of frames stayed.
function quantile(times, frames, share) {
  let seen = 0;
  for (let k = 0; k < times.length; k += 1) {
    seen += times[k];
    if (seen >= share * frames) return (k + 1) / 2;
  }
  return times.length / 2;
}
