// Where the address of a page stands: behind the hash in a file, in the path and its query on a server.

/** In one file or a folder: `#/explore?form=base&week=12`. */
export const inHash = {
  read() {
    const [page, query = ""] = location.hash.replace(/^#\/?/, "").split(/\?(.*)/s);
    return { page, query };
  },
  link: (page, query = "") => `#/${page}${query && "?"}${query}`,
  go: (link) => { location.hash = link; },
  at: () => location.hash,
  listen: (follow) => addEventListener("hashchange", follow),
};

/** On a server, every page directly below whatever prefix a proxy shows it under: `/explore?form=base&week=12`. */
export const inPath = {
  read: () => ({ page: location.pathname.split("/").at(-1), query: location.search.replace(/^\?/, "") }),
  link: (page, query = "") => `./${page}${query && "?"}${query}`,
  go(link) {
    history.pushState(history.state, "", link);
    this.follow();
  },
  at: () => `./${location.pathname.split("/").at(-1)}${location.search}`,
  listen(follow) {
    forgetToken();
    this.follow = follow;
    addEventListener("popstate", follow);
    addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href]"), elsewhere = ["button", "metaKey", "ctrlKey", "shiftKey"];
      if (!link || link.target || event.defaultPrevented || elsewhere.some((key) => event[key])) return;
      const to = link.getAttribute("href");
      if (!to.startsWith("./") || !this.pages.includes(to.slice(2).split("?")[0])) return;
      event.preventDefault();
      this.go(to);
    });
  },
};

/** The token of the address is in a cookie now; it is not to stay in links that are copied from the address bar. */
function forgetToken() {
  const kept = location.search.slice(1).split("&").filter((part) => !part.startsWith("token=")).join("&");
  history.replaceState(history.state, "", location.pathname + (kept && "?") + kept + location.hash);
}
