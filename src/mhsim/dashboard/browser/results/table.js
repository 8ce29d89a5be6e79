// A page of a table: buttons in the head order it, buttons below turn the pages; the server keeps the rows.
const ROWS = 50;

export function render({ model, el }) {
  const frame = document.createElement("div");
  frame.className = "sheet";
  el.append(frame);
  let wanted = null; // what had the focus when something was asked for, so that it gets it again

  function ask(sort, page, focus) {
    wanted = focus;
    model.send({ sort, page });
  }

  function draw() {
    const place = model.get("place");
    const columns = model.get("columns");
    const scroll = make("div", "", "scroll");
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", model.get("caption"));
    const table = document.createElement("table");
    table.append(make("caption", model.get("caption")), head(columns, place, ask), body(columns, model.get("rows")));
    scroll.append(table);
    frame.replaceChildren(scroll, pages(place, ask), meanings(columns));
    if (wanted !== null) frame.querySelector(`[data-focus="${CSS.escape(wanted)}"]:not(:disabled)`)?.focus();
    wanted = null;
  }

  model.on("change", draw);
  draw();
  return () => model.off("change", draw);
}

function make(name, text = "", style = "") {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  if (style) element.className = style;
  return element;
}

function head(columns, place, ask) {
  const row = document.createElement("tr");
  for (const column of columns) {
    const cell = make("th", "", column.numeric ? "number" : "");
    cell.scope = "col";
    const ordered = place.sort === column.name;
    if (column.sortable) {
      cell.setAttribute("aria-sort", ordered ? (place.descending ? "descending" : "ascending") : "none");
      cell.append(orderButton(column, ordered, place, ask));
    } else cell.append(make("span", named(column.name)));
    if (column.unit) cell.append(make("small", column.unit));
    row.append(cell);
  }
  const group = document.createElement("thead");
  group.append(row);
  return group;
}

function orderButton(column, ordered, place, ask) {
  const button = make("button", named(column.name), "quiet order");
  button.type = "button";
  button.dataset.focus = `column ${column.name}`;
  const sign = make("span", ordered ? (place.descending ? "▼" : "▲") : "", "sign");
  sign.setAttribute("aria-hidden", "true");
  button.append(sign);
  button.addEventListener("click", () => {
    const next = ordered ? (place.descending ? "" : `-${column.name}`) : column.name;
    ask(next, 1, button.dataset.focus);
  });
  return button;
}

function body(columns, rows) {
  const group = document.createElement("tbody");
  for (const cells of rows) {
    const row = document.createElement("tr");
    cells.forEach((content, k) => {
      const cell = make(k === 0 ? "th" : "td", "", columns[k].numeric ? "number" : "");
      if (k === 0) cell.scope = "row";
      if (Array.isArray(content)) {
        const link = make("a", content[0]);
        link.href = `.${content[1]}`;
        cell.append(link);
      } else cell.textContent = content;
      if (typeof content === "string" && content.length > 60) cell.classList.add("long");
      row.append(cell);
    });
    group.append(row);
  }
  return group;
}

function pages(place, ask) {
  const line = make("div", "", "row pages");
  const first = place.total === 0 ? 0 : (place.page - 1) * ROWS + 1;
  const last = first + place.shown - 1;
  const text = place.pages > 1 ? `Rows ${first} to ${last} of ${place.total.toLocaleString("en")}` : `${place.total.toLocaleString("en")} rows`;
  const told = make("span", place.total === 1 ? "1 row" : text, "quiet");
  told.setAttribute("role", "status");
  if (place.pages > 1) {
    const sort = (place.descending ? "-" : "") + place.sort;
    for (const [label, page] of [["First", 1], ["Previous", place.page - 1], ["Next", place.page + 1], ["Last", place.pages]]) {
      const button = make("button", label, "quiet");
      button.type = "button";
      button.dataset.focus = `page ${label}`;
      button.disabled = page < 1 || page > place.pages || page === place.page;
      button.addEventListener("click", () => ask(sort, page, button.dataset.focus));
      line.append(button);
    }
  }
  line.append(told);
  return line;
}

function meanings(columns) {
  const known = columns.filter((column) => column.meaning);
  const details = make("details", "", "meanings");
  details.hidden = known.length === 0;
  const list = document.createElement("dl");
  for (const column of known) list.append(make("dt", named(column.name)), make("dd", column.unit ? `${column.meaning} (${column.unit})` : column.meaning));
  details.append(make("summary", "What the columns mean"), list);
  return details;
}

function named(name) {
  return name.replaceAll("_", " ");
}
