// What can be taken along from a page and brought to it: the scenario as a file that mhsim run repeats bit for bit.
import { textOfFile } from "../engine/file_text.js";
import { fromYaml, toYaml } from "../engine/yaml.js";
import { make } from "../replay/parts.js";
import { say } from "../words.js";

/** Tables of the run shown, which a server makes; in a file without one they are those of mhsim run. */
const tables = () => [["series", say("Weekly series (CSV)")], ["lives", say("Lives (CSV)")],
  ["groups", say("Groups (CSV)")], ["events", say("Everything that happened (CSV)")]];

/** Return the card of files; `open` is told the situation of a file. */
export function files(app, open) {
  const save = make("button", { type: "button", class: "button" }, say("The scenario, to repeat with mhsim run (YAML)"));
  const input = make("input", { type: "file", accept: ".yaml,.yml", id: "scenario-file" });
  const wrong = make("p", { class: "wrong if-any", role: "alert" });
  const served = make("ul");
  let address;
  save.addEventListener("click", () => download("scenario.yaml", toYaml(address.first), "text/yaml"));
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    wrong.textContent = "";
    try {
      open(fromYaml(app.facts, await textOfFile(file), file.name));
    } catch (error) {
      wrong.textContent = error.message;
    }
    input.value = "";
  });
  const element = make("details", { class: "card" }, make("summary", {}, say("Download or upload")),
    make("p", { class: "side" }, save), served,
    make("p", { class: "upload" }, make("label", { for: input.id }, say("Open a scenario file")), input), wrong,
    make("p", {}, say("The address of this page holds everything: type of group, settings, seed, week. Share it or save it.")));
  const show = (next) => {
    address = next;
    const { first } = next, links = app.others ? tables() : [];
    served.replaceChildren(...links.map(([name, label]) =>
      make("li", {}, make("a", { href: app.link(`get/${name}.csv`, { first }) }, label))));
  };
  show(app.address);
  return { element, show };
}

/** Let the reader keep a text as a file. */
export function download(name, text, type = "text/plain") {
  const at = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = make("a", { href: at, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(at), 10000);
}
