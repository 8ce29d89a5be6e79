// The end of a lesson in a class: the answer as a code, a link and a file, to be sent to a teacher in any way.
import { button, fresh, make } from "../replay/parts.js";
import { say } from "../words.js";
import { download } from "./files.js";
import { codeOf } from "./lesson_codes.js";
import { knownOf } from "./lesson_progress.js";
import { copied, keep, kept } from "./shell.js";

const NAME = "mhsim-name";
let called = null; // the name given in this visit

/** Return the card that makes the answer. */
export function sendCard({ app, name, lesson, choice, answers, seed }) {
  called ??= kept(NAME) ?? "";
  const id = fresh("send"),
    input = make("input", { type: "text", id, maxlength: "30", value: called, autocomplete: "off" });
  const code = make("output", { class: "answer-code", for: id }),
    said = make("span", { class: "quiet", role: "status" });
  const outcomes = answers.map((one) => one.outcome);
  const made = () => codeOf({ lesson: name, guess: choice.name, seed, outcomes, engine: app.facts.engine,
    ticket: knownOf(name).ticket, name: input.value });
  const linked = () => new URL(app.route.link("class", `answer=${encodeURIComponent(made())}`), location.href).href;
  const show = () => { code.textContent = made(); };
  const copy = async (text) => {
    said.textContent = (await copied(text)) ? say("Copied.") : say("Select it and copy it, please.");
  };
  input.addEventListener("input", () => {
    called = input.value;
    keep(NAME, called);
    said.textContent = "";
    show();
  });
  const buttons = [button(say("Copy the code"), () => copy(made())), button(say("Save it as a file"), save)];
  // The address of a file on a disk leads nobody else anywhere, and would tell where it lies.
  if (location.protocol.startsWith("http") && "class" in app.pages) {
    buttons.splice(1, 0, button(say("Copy it as a link"), () => copy(linked())));
  }

  function save() {
    const told = [`# ${say("An answer to the lesson “{title}”", { title: lesson.title })}`,
      `# ${say("Your prediction: {choice}.", { choice: choice.says })}`,
      ...answers.map((one) => `# ${one.ask.title} ${one.ask[one.outcome]}`), made(), ""];
    download(`answer-${name}${input.value ? `-${made().split(".")[6]}` : ""}.txt`, told.join("\n"));
  }

  show();
  return make(
    "section", { class: "card send" }, make("h2", {}, say("Send this to your teacher")),
    make("p", {}, say("The code holds the lesson, your prediction, the seed and what came out. Nothing is sent by "
      + "this page: give it to your teacher by whatever way you use.")),
    make("div", { class: "field text" },
      make("label", { for: id }, say("Your name or another one; may be left out")), input),
    make("p", {}, code), make("div", { class: "side" }, ...buttons, said));
}
