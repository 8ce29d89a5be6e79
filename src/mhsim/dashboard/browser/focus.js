// Moves the focus to an element by its id, once the visitor has pressed something: a page that has just been opened
// from its address begins at its top.
export function render({ model }) {
  const move = () => {
    const element = document.getElementById(model.get("target"));
    if (!element || !navigator.userActivation?.hasBeenActive) return;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "start" });
  };
  model.on("change:why", move);
  requestAnimationFrame(move);
  return () => model.off("change:why", move);
}
