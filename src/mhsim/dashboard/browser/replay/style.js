// The style sheet of the moving picture, loaded once, before the first picture is measured.
let loading = null;

export function style() {
  loading ??= new Promise((ready) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("./replay.css", import.meta.url).href;
    link.addEventListener("load", ready);
    link.addEventListener("error", ready);
    document.head.append(link);
  });
  return loading;
}
