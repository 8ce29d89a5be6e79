// The choice between light, dark and what the browser asks for.
export function render({ el }) {
  const label = document.createElement("label");
  label.className = "theme-choice";
  const name = document.createElement("span");
  name.textContent = "Colours";
  const select = document.createElement("select");
  for (const [value, text] of [["auto", "as the browser"], ["light", "light"], ["dark", "dark"]]) {
    const option = document.createElement("option");
    option.value = value;
    option.textContent = text;
    select.append(option);
  }
  select.value = globalThis.mhsimTheme.wish();
  select.addEventListener("change", () => globalThis.mhsimTheme.choose(select.value));
  label.append(name, select);
  el.append(label);
}
