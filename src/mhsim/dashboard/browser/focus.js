// Moves the focus to an element once it stands in the page, which may be a few frames after the widget does; never
// before somebody has pressed anything, since a page that has just been opened from its address begins at its top.
const FRAMES = 120;

export function render({ model, el }) {
  el.hidden = true;
  let waiting = 0;

  function move(left) {
    const wanted = document.getElementById(model.get("target"));
    if (wanted) {
      wanted.focus({ preventScroll: true });
      wanted.scrollIntoView({ block: "start" });
    } else if (left > 0) waiting = requestAnimationFrame(() => move(left - 1));
  }

  function begin() {
    cancelAnimationFrame(waiting);
    if (navigator.userActivation?.hasBeenActive) waiting = requestAnimationFrame(() => move(FRAMES));
  }

  model.on("change:target change:why", begin);
  begin();
  return () => {
    cancelAnimationFrame(waiting);
    model.off("change:target change:why", begin);
  };
}
