// A way in: a group that closes is played to its end, with a stop at each turning point, and one thing to do about it.
import { button, make } from "../replay/parts.js";
import { say } from "../words.js";

const SPEED = 20; // weeks a second

/**
 * Return the tour of a history: `begin` plays it, stopping at the weeks of `because`, the turning points that led to its
 * end; `act` is told the week from which two are to be prepared to follow, `done` when it has come to the end.
 */
export function tour(player, because, { act, done }) {
  const stops = because.filter(({ week }) => week > 0).sort((a, b) => a.week - b.week);
  const element = make("section", { class: "note tour", "aria-live": "polite", "aria-label": say("A group that closes") });
  const { clock } = player;
  let next = 0, watching = null;

  function watch() {
    const stop = stops[next];
    if (stop && clock.week >= stop.week) {
      clock.pause();
      clock.jump(stop.week);
      next += 1;
      return ask(stop);
    }
    if (!clock.playing && clock.week >= clock.end) return finish();
    watching = clock.playing ? requestAnimationFrame(watch) : null;
    return undefined;
  }

  function goOn() {
    element.replaceChildren(make("p", {}, next < stops.length
      ? say("It plays on to the next turning point.") : say("It plays on to the end.")));
    clock.speed = SPEED;
    clock.play();
    watching = requestAnimationFrame(watch);
  }

  function ask({ when, text, kind }) {
    const told = say("the group {what}", { what: text });
    if (kind === "closed") return finish(`${when}: ${told}`);
    const on = button(say("Go on"), goOn, "main");
    element.replaceChildren(
      make("p", {}, make("b", {}, `${when}: `), told, " ", say("What do you think happens now?")),
      make("p", { class: "side" }, on, button(say("From here on, let two always be prepared to follow"), () => act(clock.week))));
    on.focus({ preventScroll: true });
    return undefined;
  }

  function finish(text = "") {
    element.replaceChildren(make("p", {}, text ? make("b", {}, text) : "", " ",
      say("Go back to any week, change something from there on, and see whether it would have lasted.")));
    done();
  }

  return {
    element,
    begin() {
      element.replaceChildren(make("p", {}, say("This group closes. Watch what leads to it; it stops at each turning point.")),
        make("p", { class: "side" }, button(say("Begin"), goOn, "main")));
    },
    end() {
      if (watching !== null) cancelAnimationFrame(watching);
      element.remove();
    },
  };
}
