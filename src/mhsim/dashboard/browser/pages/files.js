// What can be taken along from a page and brought to it: the scenario as a file that mhsim run repeats bit for bit.
import { fromYaml, toYaml } from "../engine/yaml.js";
import { make } from "../replay/parts.js";
import { say } from "../words.js";

/** Return the card of files; `open` is told the situation of a file. */
export function files(app, open) {
  const save = make("button", { type: "button", class: "button" }, say("The scenario, to repeat with mhsim run (YAML)"));
  const input = make("input", { type: "file", accept: ".yaml,.yml", id: "scenario-file" });
  const wrong = make("p", { class: "wrong if-any", role: "alert" });
  let address = app.address;
  save.addEventListener("click", () => download("scenario.yaml", toYaml(address.first), "text/yaml"));
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    wrong.textContent = "";
    try {
      open(fromYaml(app.facts, await file.text()));
    } catch (error) {
      wrong.textContent = `${file.name}: ${error.message}`;
    }
    input.value = "";
  });
  const element = make("details", { class: "card" }, make("summary", {}, say("Download or upload")),
    make("p", { class: "side" }, save),
    make("p", { class: "upload" }, make("label", { for: input.id }, say("Open a scenario file")), input), wrong,
    make("p", {}, say("The address of this page holds everything: type of group, settings, seed, week. Share it or save it.")));
  return { element, show: (next) => { address = next; } };
}

/** Let the reader keep a text as a file. */
export function download(name, text, type = "text/plain") {
  const at = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = make("a", { href: at, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(at), 10000);
}
