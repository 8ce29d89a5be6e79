// One story of each: the same run in A and in B, where the two part, and how each group ended.
import { same } from "../engine/situation.js";
import { make } from "../replay/parts.js";
import { Player } from "../replay/player.js";
import { say } from "../words.js";
import { localModel } from "./local_model.js";
import { capital } from "./numbers.js";
import { failed } from "./outcomes.js";
import { NAMES } from "./turnover_words.js";

export const STORIES = "turnover-stories"; // the part of the page where both stories stand

/** Return the part with both stories. `choose` hears whose life is to be shown; `turn` another run to be shown. */
export function stories(app, { week, note, choose, turn }) {
  const noted = make("p", { class: "quiet if-any" }), wrong = make("p", { class: "wrong if-any", role: "alert" });
  const parted = make("p", { class: "turnover-parted" }), endings = make("div", { class: "turnover-endings" });
  const stage = make("div", { class: "player" }), tale = make("div", { class: "turnover-tale" }, endings, stage);
  const parting = make("button", { type: "button", class: "button" },
    say("Show a run in which A and B end differently"));
  const element = make(
    "section", { class: "turnover-stories", id: STORIES, "aria-label": say("One story of each"), tabindex: "-1" },
    make("h2", {}, say("One story of each, with the same chance events")), noted, make("p", { class: "side" }, parting),
    wrong, parted, tale);
  const state = { element, week, asked: null, shown: null, player: null, onFound: () => {} };
  let number = 0, differing = [];
  parting.hidden = true;
  parting.addEventListener("click", () => turn(next()));

  const next = () => differing.find((run) => run > state.asked.run) ?? differing[0];

  /** Learn from many runs which of them end differently. */
  state.learn = ({ one, other }) => {
    differing = one.flatMap((outcome, run) => {
      const both = [outcome, other[run]];
      return both.some(failed) || both[0].alive_at_end === both[1].alive_at_end ? [] : [run];
    });
    parting.hidden = !differing.some((run) => run !== state.asked?.run);
  };

  /** Show a run of two situations; its histories are lived when `ready` is, so that others may come first. */
  state.show = async (first, second, run, ready = null) => {
    const before = state.asked, isNew = !before || !(same(before.first, first) && same(before.second, second));
    if (!isNew && before.run === run) return;
    const mine = (number += 1);
    state.asked = { first, second, run };
    if (isNew) state.learn({ one: [], other: [] });
    noted.textContent = note(first, second, run);
    tale.classList.toggle("stale", state.shown !== null);
    parted.setAttribute("aria-busy", "true");
    parted.textContent = state.shown
      ? say("Calculating the two new runs… Shown in grey: the stories for the settings before.")
      : say("Calculating the two runs…");
    wrong.textContent = "";
    try {
      await ready;
      if (mine !== number) return;
      const pair = await app.histories.pair(first.scenario(), second.scenario(), run);
      if (mine !== number) return;
      state.shown = pair;
      draw(pair);
      state.onFound(pair);
    } catch (error) {
      if (mine === number) wrong.textContent = say("These stories could not be shown: {why}", { why: error.message });
    } finally {
      if (mine === number) parted.setAttribute("aria-busy", "false");
    }
  };

  function draw({ payloads, parting: found, endings: ends }) {
    tale.classList.remove("stale");
    parted.textContent = partedInWords(found);
    endings.replaceChildren(...ends.map((end, k) => ending(NAMES[k], end, (there) => state.player?.clock.jump(there))));
    const kept = state.player?.kept() ?? {};
    state.player?.end();
    stage.replaceChildren();
    const marked = found && { week: Math.max(0, found.week), words: found.words };
    const values = { chosen: null, parting: marked };
    const model = localModel(values, (message) => {
      if (message.kind === "week") state.week = message.week;
      if (message.kind === "person" && message.person) choose(message.which === 1 ? 1 : 0, message.person);
    });
    state.player = new Player(model, stage, payloads, { ...kept, week: state.week });
  }

  state.end = () => {
    number += 1;
    state.player?.end();
  };
  return state;
}

function partedInWords(found) {
  if (!found) return say("The two runs are the same to the end: with these chance events nothing differs.");
  const until = found.week < 1 ? say("From the first week on they differ.")
    : say("Up to week {week} both runs are the same, person by person. Then they part.", { week: found.week });
  return `${until} ${found.words}`;
}

function ending(name, end, jump) {
  const card = make("div", { class: `card ending-${name.toLowerCase()}` });
  if (!end) {
    card.append(make("p", {}, say("{name}: there is no group.", { name })));
    return card;
  }
  const moments = end.whole.map(({ week, when, text }) => {
    const there = make("button", { type: "button", class: "button quiet when" }, `${when}:`);
    there.addEventListener("click", () => jump(Math.max(0, week)));
    return make("li", {}, there, ` ${text}`);
  });
  const { when, text } = end.whole.at(-1);
  card.append(make("p", {}, make("b", {}, `${name}. `), `${when}: ${capital(text)}`), make("details", {},
    make("summary", {}, say("The story of {name}, year by year", { name })),
    make("ol", { class: "turnover-moments" }, ...moments)));
  return card;
}

/** Return what became of a group, in one sentence. */
function endInWords(end) {
  if (!end) return say("there is no group.");
  const [first] = end.whole.at(-1).text.split(/\.(?: |$)/);
  return `${capital(first)}.`;
}

/** Return the card on what became of the group in this one run, before anything is said of many. */
export function oneRun(app) {
  const said = make("p", { "aria-live": "polite" });
  const link = make("button", { type: "button", class: "button quiet" }, say("Both stories, week by week"));
  link.addEventListener("click", () => {
    const there = document.getElementById(STORIES);
    there.scrollIntoView();
    there.focus({ preventScroll: true });
  });
  const element = make("section", { class: "card turnover-one", "aria-label": say("This one run") }, said, link);
  return {
    element,
    wait() {
      said.className = "";
      said.textContent = say("Calculating this one run in A and in B…");
    },
    tell({ endings }) {
      const [a, b] = endings.map(endInWords);
      said.className = "turnover-one-said";
      said.textContent = say("In this one run: A: {a} B: {b}", { a, b });
    },
  };
}
