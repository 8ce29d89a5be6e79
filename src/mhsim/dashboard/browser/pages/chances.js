// Beside every single story: how often such a town ends so, as a hundred dots, each a run with a seed of its own.
import { button, make } from "../replay/parts.js";
import { say } from "../words.js";

const RUNS = 100, IN_A_ROW = 20;

/** Return the card of a hundred runs; `open` shows the run of a seed, `watch` one whose group closes, step by step. */
export function chances(app, open, watch) {
  const said = make("p", { class: "large" }), dots = make("div", { class: "hundred", role: "group" });
  const closing = button(say("Watch one that closes, and what leads to it"), () => watch(seed + closed));
  const element = make("section", { class: "card hundred-runs", "aria-label": say("A hundred such towns") },
    make("h2", { class: "minor" }, say("A hundred such towns")), said, dots, make("p", { class: "side" }, closing),
    make("p", { class: "quiet small" }, say("The same settings, other chance events: each dot is one run, and this one is "
      + "the first. A dark dot still meets at the end; a ring has closed. Press a dot to watch its run.")));
  let question = null, seed = 0, closed = -1;
  closing.hidden = true;
  const buttons = Array.from({ length: RUNS }, (_, k) => {
    const dot = make("button", { type: "button", class: "dot", tabindex: k ? "-1" : "0" });
    dot.addEventListener("click", () => open(seed + k));
    dot.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: IN_A_ROW, ArrowUp: -IN_A_ROW }[event.key];
      if (!by) return;
      event.preventDefault();
      buttons[Math.min(RUNS - 1, Math.max(0, k + by))].focus();
    });
    return dot;
  });
  dots.append(...buttons);

  function hear({ outcomes }) {
    const there = outcomes.filter((one) => typeof one.alive_at_end === "boolean");
    closed = outcomes.findIndex((one) => one.alive_at_end === false);
    closing.hidden = closed < 0;
    const alive = there.filter((one) => one.alive_at_end).length, n = there.length;
    buttons.forEach((dot, k) => {
      const outcome = outcomes[k];
      const state = !outcome ? "waiting" : outcome.alive_at_end ? "alive" : outcome.alive_at_end === false ? "closed" : "none";
      if (dot.dataset.state === state) return;
      dot.dataset.state = state;
      dot.setAttribute("aria-label", {
        waiting: say("Run {n}: working", { n: k + 1 }), none: say("Run {n}: no group", { n: k + 1 }),
        alive: say("Run {n}: still meeting", { n: k + 1 }), closed: say("Run {n}: closed", { n: k + 1 }),
      }[state]);
    });
    if (outcomes.length < RUNS) said.textContent = say("Working: {alive} of {n} such towns so far still have their group at the end.",
      { alive, n });
    else if (!n) said.textContent = say("No group opened in any of them.");
    else said.textContent = say("In {alive} of {n} such towns the group is still meeting at the end.", { alive, n });
  }

  return {
    element,
    show(situation) {
      question?.stop();
      seed = situation.value("seed");
      const scenario = situation.scenario();
      const runs = Array.from({ length: RUNS }, (_, k) => ({ scenario, seed: seed + k, replicate: 0 }));
      hear({ outcomes: [] });
      question = app.histories.each(runs, hear);
    },
    end: () => question?.stop(),
  };
}
