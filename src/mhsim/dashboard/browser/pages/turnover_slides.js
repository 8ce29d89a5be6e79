// The answer as slides for a room: one thing at a time, large, over the whole screen, led by the arrow keys.
import { button, make } from "../replay/parts.js";
import { say } from "../words.js";
import { differing, inCommon } from "./describe.js";
import { peopleOf } from "./outcomes.js";
import { curvesOf, differingList, dotsPictures, peopleTable, reasonsBars } from "./turnover_pictures.js";
import { SHOWN, questionOf, talkAbout } from "./turnover_sheet.js";
import { answerText, halfInWords, isDone, notThis, onPeople } from "./turnover_words.js";

const FORTH = ["ArrowRight", "ArrowDown", "PageDown", " "], BACK = ["ArrowLeft", "ArrowUp", "PageUp"];

/** Show a pair as slides until they are closed. */
export function showSlides(app, pair) {
  const all = slidesOf(app, pair), stage = make("div", { class: "slide", tabindex: "-1" });
  const place = make("p", { class: "quiet", role: "status" });
  const back = button(say("Back"), () => turn(-1)), forth = button(say("Next"), () => turn(1));
  const dialog = make("dialog", { class: "slides", "aria-label": say("Slides") }, stage,
    make("div", { class: "slides-bar" }, back, place, forth, button(say("Close"), () => dialog.close())));
  let at = 0;

  function turn(by) {
    at = Math.min(all.length - 1, Math.max(0, at + by));
    stage.replaceChildren(...all[at]);
    place.textContent = say("{n} of {all}", { n: at + 1, all: all.length });
    back.disabled = at === 0;
    forth.disabled = at === all.length - 1;
    stage.scrollTop = 0;
    stage.focus({ preventScroll: true });
  }

  dialog.addEventListener("keydown", (event) => {
    const onButton = event.key === " " && event.target.tagName === "BUTTON";
    const by = FORTH.includes(event.key) && !onButton ? 1 : BACK.includes(event.key) ? -1 : 0;
    const end = { Home: -all.length, End: all.length }[event.key] ?? by;
    if (!end) return;
    event.preventDefault();
    turn(end);
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.requestFullscreen?.().catch(() => {}); // where a browser allows none, the dialog fills the window
  turn(0);
}

function slidesOf({ facts }, pair) {
  const { first, second } = pair, text = answerText(pair);
  const rows = differing(facts, first, second), people = peopleOf(pair.one, pair.other, isDone(pair));
  const heading = (words) => make("h2", {}, words);
  return [
    [heading(questionOf(facts, pair)), differingList(rows), make("p", {}, inCommon(facts, first, second))],
    [heading(say("Of a hundred groups")), make("p", { class: "large" }, text.headline), dotsPictures(pair)],
    [heading(say("How sure is that?")), make("p", { class: "large" }, text.difference), make("p", {}, text.byPair)],
    [heading(say("Groups still meeting, year by year")), curvesOf(pair), make("p", {}, halfInWords(pair))],
    [heading(say("What became of the groups")), reasonsBars(pair)],
    [heading(say("What happened to people in need")), make("p", {}, onPeople(people)), make("div", { class: "scroll" },
      peopleTable(people.filter(({ measure }) => SHOWN.includes(measure.name)), isDone(pair)))],
    [heading(say("To talk about")), make("ol", {}, ...talkAbout().map((words) => make("li", {}, words)))],
    [heading(say("What this is not")), make("p", { class: "large" }, notThis())],
  ];
}
