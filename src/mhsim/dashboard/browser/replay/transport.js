// Play, pause, step, scrub, speed: native controls, one set for all pictures.
import { button, fresh, make, number } from "./parts.js";
import { plural, say } from "../words.js";

const SPEEDS = [1, 4, 8, 20, 50];

export function transport(clock) {
  const play = button(say("Play"), () => (clock.playing ? clock.pause() : clock.play()), "main play");
  const buttons = [
    button(say("Start"), () => clock.jump(0), "", say("To the start")),
    button(say("Back"), () => clock.step(-1), "", say("Back one week")),
    play,
    button(say("Next"), () => clock.step(1), "", say("Next week")),
    button(say("End"), () => clock.jump(clock.end), "", say("To the end")),
  ];
  const scrub = make("input", { type: "range", min: 0, max: clock.end, step: clock.unit, id: fresh("week"), class: "scrub" });
  scrub.addEventListener("input", () => clock.jump(Number(scrub.value)));
  const shown = make("output", { for: scrub.id, class: "now" });
  const speed = make("select", { id: fresh("speed") });
  for (const one of SPEEDS) speed.append(make("option", { value: one }, plural("1 week a second", "{n} weeks a second", one)));
  speed.value = clock.speed;
  speed.addEventListener("change", () => (clock.speed = Number(speed.value)));
  const element = make(
    "div",
    { class: "transport", role: "group", "aria-label": say("Playing") },
    make("div", { class: "buttons" }, ...buttons),
    make("div", { class: "speed" }, make("label", { for: speed.id }, say("Speed")), speed),
    make("div", { class: "week" }, make("label", { for: scrub.id }, say("Week")), scrub, shown),
  );

  function show() {
    const week = Math.floor(clock.week / clock.unit + 1e-9) * clock.unit;
    play.textContent = clock.playing ? say("Pause") : say("Play");
    scrub.value = week;
    speed.value = clock.speed; // who guides through a history chooses it, too
    const year = Math.min(Math.floor(week / 52) + 1, Math.max(1, Math.ceil(clock.end / 52)));
    scrub.setAttribute("aria-valuetext", say("week {week}, year {year}", { week: number(week), year }));
    shown.textContent = say("week {week} of {end}", { week: number(week), end: number(clock.end) });
  }

  return { element, show };
}

// Space plays and pauses, arrows go a week back or on, Home and End to the ends; only where no other control has them.
export function keys(root, clock) {
  root.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest("input, select, textarea, a, summary, [role=listbox]")) return;
    if (event.target.closest("button") && (event.key === " " || event.key === "Enter")) return;
    const act = {
      " ": () => (clock.playing ? clock.pause() : clock.play()),
      ArrowLeft: () => clock.step(-1),
      ArrowRight: () => clock.step(1),
      Home: () => clock.jump(0),
      End: () => clock.jump(clock.end),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
