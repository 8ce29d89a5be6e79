// Moves the focus to an element by its id; not while a page is being loaded, where the top is the place to be.
const loaded = Date.now();
const WHILE_LOADING = 4000;

export function render({ model }) {
  const move = () => {
    const element = document.getElementById(model.get("target"));
    if (!element) return;
    element.focus({ preventScroll: false });
    element.scrollIntoView({ block: "nearest" });
  };
  model.on("change:why", move);
  if (Date.now() - loaded > WHILE_LOADING || globalThis.mhsimUsed) requestAnimationFrame(move);
  return () => model.off("change:why", move);
}

addEventListener("pointerdown", () => { globalThis.mhsimUsed = true; }, { once: true });
addEventListener("keydown", () => { globalThis.mhsimUsed = true; }, { once: true });
