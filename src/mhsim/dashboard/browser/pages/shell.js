// What stands around every page: the name, the other pages, language, light or dark, and what the model is not.
import { readAddress, writeAddress } from "../engine/query.js";
import { Situation } from "../engine/situation.js";
import { make } from "../replay/parts.js";
import { language, say, speak } from "../words.js";

const THEMES = ["auto", "light", "dark"];
const LANGUAGES = { en: "English", de: "Deutsch" };
const FORGOTTEN = null; // where a browser lets a page keep nothing

/** What a page of mhsim knows and can do: facts, histories, the address, the language. */
export class App {
  /**
   * `pages` are by name: `label`, `about` (functions that return words) and `show(root, app)`; `route` says where the
   * address stands, `others` which pages of a server there are besides: {name, label, about}.
   */
  constructor(root, { facts, texts, histories, pages, route, others, first = "explore" }) {
    Object.assign(this, { root, facts, texts, histories, pages, route, others, first });
    this.listeners = [];
    const wish = document.documentElement.dataset.language ?? (navigator.language?.startsWith("de") ? "de" : "en");
    this.language = kept("mhsim-language") ?? wish;
    this.learn();
    route.pages = Object.keys(pages);
    route.listen(() => this.follow());
    addEventListener("mhsim-failed", ({ detail }) => this.warn(detail));
  }

  /** Show the page of the address. */
  begin() {
    this.read();
    this.draw();
  }

  learn() {
    speak(this.language, this.texts[this.language]);
    this.histories.speak(this.language, this.texts[this.language]);
  }

  /** Read the address; what is wrong with it is kept to be said. */
  read() {
    const { page: path, query } = this.route.read();
    this.asked = new URLSearchParams(query);
    this.page = path in this.pages ? path : this.first;
    this.wrong = path && !(path in this.pages) ? say("There is no page {path}.", { path }) : "";
    try {
      this.address = query ? readAddress(this.facts, query) : this.beginning();
    } catch (error) {
      this.wrong = error.message;
      this.address = this.beginning();
    }
  }

  /** Whether the address names a key; a page may begin with an example of its own where it does not. */
  names = (key) => this.asked.has(key);

  beginning() {
    const first = new Situation(this.facts, this.facts.first);
    return { first, second: first, others: {} };
  }

  /** Somebody changed the address: another page is drawn, the same page hears of it. */
  follow() {
    const before = this.page;
    this.read();
    if (this.page !== before) this.draw();
    else this.listeners.forEach((listener) => listener(this.address));
  }

  /** Hear of a changed address for as long as this page is shown. */
  onAddress(listener) {
    this.listeners.push(listener);
  }

  /** Go to an address, on this page or another; `replace` leaves no step to go back to. */
  go({ first, second = first, others = {} }, { page = this.page, replace = false } = {}) {
    const link = this.link(page, { first, second, others });
    if (replace) {
      history.replaceState(history.state, "", link);
      this.follow();
    } else if (link === this.route.at()) this.follow();
    else this.route.go(link);
  }

  /** Return the link to a page with an address. */
  link(page, { first, second = first, others = {} }) {
    return this.route.link(page, writeAddress(first, second, others));
  }

  /** Draw everything anew. */
  draw() {
    this.ended?.();
    this.listeners = [];
    const content = make("main", { id: "content", tabindex: "-1" });
    const skip = make("a", { href: "#content", class: "skip" }, say("To the content"));
    skip.addEventListener("click", (event) => { event.preventDefault(); content.focus(); });
    this.root.replaceChildren(make("div", { class: "frame" }, skip, this.header(), content, this.footer()));
    const { label, show } = this.pages[this.page];
    document.title = `${label()} – mhsim`;
    this.ended = show(content, this) ?? null;
  }

  header() {
    const links = Object.entries(this.pages).filter(([, { hidden }]) => !hidden).map(([name, { label, about }]) => {
      const current = name === this.page ? { "aria-current": "page" } : {};
      return make("a", { href: this.link(name, this.address), title: about(), ...current }, label());
    });
    return make(
      "header", { class: "top" }, make("span", { class: "name" }, "mhsim"),
      make("nav", { "aria-label": say("Pages") }, ...links,
        ...(this.others ?? []).map(({ name, label, about }) =>
          make("a", { href: this.link(name, this.address), title: about() }, label()))),
      choice(say("Language"), Object.entries(LANGUAGES), this.language, (chosen) => this.translate(chosen)),
      this.presenting(),
      choice(say("Colours"), THEMES.map((name) => [name, themeName(name)]), globalThis.mhsimTheme.wish(),
        (chosen) => globalThis.mhsimTheme.choose(chosen)),
    );
  }

  /** Return the button for a room: the whole screen, and words that are read from the last row. */
  presenting() {
    const html = document.documentElement, large = () => html.dataset.size === "large";
    const press = make("button", { type: "button", class: "button quiet", "aria-pressed": String(large()) }, say("Present"));
    press.addEventListener("click", () => {
      html.dataset.size = large() ? "" : "large";
      press.setAttribute("aria-pressed", String(large()));
      if (large()) html.requestFullscreen?.().catch(() => {});
      else if (document.fullscreenElement) document.exitFullscreen();
      dispatchEvent(new Event("mhsim-theme"));
    });
    return press;
  }

  translate(chosen) {
    this.language = chosen;
    keep("mhsim-language", chosen);
    this.learn();
    this.draw();
  }

  footer() {
    const copy = make("button", { type: "button", class: "button quiet" }, say("Copy the link to what is shown"));
    const said = make("span", { class: "quiet", role: "status" });
    copy.addEventListener("click", async () => {
      said.textContent = await copied(location.href) ? say("Copied.") : say("Copy it from the address bar, please.");
    });
    const print = make("button", { type: "button", class: "button quiet" }, say("Print"));
    print.addEventListener("click", () => globalThis.print());
    const made = this.others
      ? say("mhsim {version}, engine {engine}. Runs are worked out in this page; tables of a run and Results come from its "
        + "server.", this.facts)
      : say("mhsim {version}, engine {engine}. Everything is worked out in this page; nothing is sent anywhere.", this.facts);
    return make(
      "footer", {},
      make("p", {}, say(
        "This is a model, not a finding about your group. Two thirds of its parameters are assumed, and it leaves out "
        + "much of what people do for one another. It gives no medical advice and no forecast for any person or group; "
        + "it shows what follows if groups worked as it assumes.")),
      make("p", { class: "side" }, copy, print, said),
      make("p", { class: "small" }, made),
    );
  }

  /** Say that something does not work, above everything. */
  warn(message) {
    const text = say("The engine does not work in this browser: {message}", { message });
    this.root.prepend(make("p", { class: "wrong", role: "alert" }, text));
  }
}

function themeName(name) {
  return { auto: say("as the browser"), light: say("light"), dark: say("dark") }[name];
}

function choice(label, options, chosen, choose) {
  const select = make("select", { "aria-label": label });
  for (const [value, text] of options) select.append(make("option", { value }, text));
  select.value = chosen;
  select.addEventListener("change", () => choose(select.value));
  return make("label", { class: "theme-choice" }, label, select);
}

export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Return what the browser keeps for this page, if it does. */
export function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return FORGOTTEN;
  }
}

/** Let the browser keep something for this page, if it will. */
export function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Kept for this visit only.
  }
}
