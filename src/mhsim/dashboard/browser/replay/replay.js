// The widget: one or two recorded histories, played side by side under one clock.
import { Player } from "./player.js";
import { style } from "./style.js";

export async function render({ model, el }) {
  await style();
  let player = null;

  // Other recordings come: the week, the speed and what was switched on stay, and the page does not jump.
  function build() {
    const kept = player?.kept() ?? { week: model.get("wish").week, playing: model.get("playing") };
    el.style.minHeight = `${el.offsetHeight}px`;
    player?.end();
    const payloads = model.get("recordings");
    player = payloads.length ? new Player(model, el, payloads, kept) : null;
    el.style.minHeight = "";
    if (kept.playing) player?.clock.play();
  }

  model.on("change:recordings", build);
  build();
  return () => {
    model.off("change:recordings", build);
    player?.end();
  };
}
