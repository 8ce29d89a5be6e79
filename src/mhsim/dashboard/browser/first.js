// What must be settled before any other script of the page runs: it is loaded first, as a plain script.
(() => {
  // Where our files lie, whatever path a proxy shows them under.
  globalThis.mhsimHome = new URL(".", document.currentScript.src).href;

  // Solara leaves the prefix out when it goes to another page.
  const top = new URL("..", globalThis.mhsimHome).pathname;
  const push = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    const bare = typeof url === "string" && url.startsWith("/") && !url.startsWith(top);
    push(state, title, bare ? top + url.slice(1) : url);
  };

  // The token of the address is in a cookie now; it is not to stay in links that are copied from the address bar.
  const address = new URL(location.href);
  if (address.searchParams.has("token")) {
    const kept = address.search.slice(1).split("&").filter((part) => !part.startsWith("token="));
    history.replaceState(history.state, "", address.pathname + (kept.length ? `?${kept.join("&")}` : "") + address.hash);
  }

  // anywidget gives up a widget that has not loaded within 2 s, and loses every later message to it. On a slow machine
  // loading takes longer, so waits are long here; nothing else in the page uses them.
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (milliseconds) => timeout(Math.max(milliseconds, 3600e3));

  // When a connection has gone, the page asks the server whether it is still there. An answer that breaks off in the
  // middle counts there as a server that has ended, and the page would be deaf for good: it is asked for again instead.
  const fetched = globalThis.fetch.bind(globalThis);
  const again = 1e3;
  globalThis.fetch = async (...given) => {
    const address = given[0] instanceof Request ? given[0].url : String(given[0]);
    if (!address.includes("/jupyter/api/kernels/")) return fetched(...given);
    for (;;) {
      const question = given[0] instanceof Request ? [given[0].clone(), ...given.slice(1)] : given;
      try {
        const answer = await fetched(...question);
        return new Response(await answer.text(), { status: answer.status, statusText: answer.statusText });
      } catch {
        await new Promise((done) => { setTimeout(done, again); });
      }
    }
  };

  // The connection to the server: said in words when there is none, since the page cannot answer without it.
  const closed = "This page cannot reach the dashboard: its connection, a WebSocket, does not open. Behind a proxy or a "
    + "filter, let WebSockets through; otherwise look whether mhsim dashboard still runs, then reload.";
  const lost = "The connection to the dashboard is lost; trying again. What is already here goes on, but nothing can be "
    + "changed. If mhsim dashboard has ended, start it again and open the address it prints.";
  const patience = 20e3;
  let opened = false;
  let leaving = false;
  let notice = null;
  addEventListener("pagehide", () => { leaving = true; });
  const say = (text) => {
    notice?.remove();
    notice = null;
    if (!text || leaving || !document.body) return;
    notice = document.createElement("div");
    notice.className = "connection";
    notice.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.textContent = text;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = "Reload";
    button.addEventListener("click", () => location.reload());
    notice.append(words, button);
    document.body.append(notice);
  };
  const Plain = globalThis.WebSocket;
  globalThis.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      const waiting = setTimeout(() => say(opened ? lost : closed), patience);
      this.addEventListener("open", () => {
        clearTimeout(waiting);
        opened = true;
        say("");
      });
      this.addEventListener("close", () => {
        clearTimeout(waiting);
        say(opened ? lost : closed);
      });
    }
  };
})();
