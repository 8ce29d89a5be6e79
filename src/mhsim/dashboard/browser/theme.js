// Light or dark, settled before anything is drawn: a plain script, loaded first.
(() => {
  // The choice is kept in this browser alone.
  const key = "mhsim-theme";
  const wish = () => {
    try { return localStorage.getItem(key) || "auto"; } catch { return "auto"; }
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = wish();
    const isDark = chosen === "dark" || (chosen === "auto" && dark.matches);
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
    dispatchEvent(new Event("mhsim-theme"));
  };
  dark.addEventListener("change", apply);
  globalThis.mhsimTheme = {
    wish,
    choose(value) {
      try { localStorage.setItem(key, value); } catch { /* kept for this page only */ }
      apply();
    },
  };
  apply();
})();
