// Tables that sort by each of their columns. What is long is shown in part, until more is asked for or the page is printed.

const ROWS = 50;
/** Rows that are added when more are asked for. */
const MORE = 500;
/** Rows on paper. */
const ON_SHEETS = 1500;
/** Names in a cell, before the others are asked for. */
const NAMED = 6;
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const SEVERITY = ["critical", "high", "medium", "low", "info"];

const link = (kind, at, name) => el("button", { type: "button", class: "link", onclick: () => look_at(kind, at) }, name);
/** A column: its title, what it sorts by, and what stands in a cell, by default the same; `width` is its share. */
const col = (title, width, key, cell) => ({ title, width, key, cell: cell ?? ((row) => [key(row)]) });
const weightOf = (finding) => (finding.excepted !== null ? 7 : finding.baselined ? 6 : finding.question ? 5 : Math.max(0, SEVERITY.indexOf(finding.severity)));
const kindOf = (finding) => (finding.excepted !== null ? "excepted" : finding.baselined ? "in the baseline" : finding.question ? "question" : finding.severity);
const places = (row) => [place(row.at) ?? ""];
const names = (all, of) => {
  const told = (some) => some.map((at) => all[at].label).join(", ");
  if (of.length <= NAMED + 1) return [told(of)];
  return [told(of.slice(0, NAMED)), el("details", { class: "rest" }, el("summary", {}, `and ${of.length - NAMED} more`), told(of.slice(NAMED)))];
};
/** The source that is filtered by, if one is. */
const sourceAsked = () => (filter.source === "" ? null : Number(filter.source));

const TABLES = [
  {
    id: "findings", title: "Findings", rows: (now) => now.findings, sort: 0, count: (rows) => tally(rows).join(", "),
    columns: [
      col("Weight", 1, weightOf, (row) => [el("span", { class: `weight ${kindOf(row)}` }, kindOf(row))]),
      col("Finding", 4, (row) => row.question ?? row.message, (row) => sentence(row.question ?? row.message)),
      col("About", 2, (row) => row.subject),
      col("Rule", 2, (row) => row.rule, (row) => [el("code", {}, row.rule)]),
      col("Place", 2, (row) => placeText(row.at), places),
    ],
  },
  {
    id: "destinations", title: "Destinations", rows: (now) => now.listed,
    columns: [
      col("Destination", 2, (row) => row.label, (row) => [link("destination", row.index, row.label)]),
      col("Role", 1, roleOf, (row) => [roleOf(row).replaceAll("_", " ")]),
      col("Receives", 2, (row) => row.classes, (row) => codes(row.classes)),
      col("Claims", 2, (row) => CLAIM_ORDER.indexOf(row.standing), (row) => [el("span", { class: `result-${row.standing}` }, `${CLAIMS[row.standing].mark} ${row.claims.map((one) => `${one.claim} ${one.result}`).join(", ") || CLAIMS[row.standing].words}`)]),
      col("In the chosen state", 2, (row) => inState(row)),
      col("Findings", 2, (row) => row.findings.length, (row) => [tally(row.findings.map((at) => findings[at])).join(", ")]),
      col("Place", 2, (row) => placeText(row.at), places),
    ],
  },
  {
    id: "fields", title: "Fields", rows: (now) => now.rows,
    columns: [
      col("Field", 2, (row) => row.path, (row) => (row.path === "" ? [el("span", { class: "soft" }, "no field")] : [el("code", {}, row.path)])),
      col("Event", 2, (row) => row.event.name),
      col("Class", 1, (row) => row.classes, (row) => codes(row.classes)),
      col("Source", 2, (row) => row.event.from.map((at) => sources[at].label).join(", "), (row) => names(sources, row.event.from)),
      col("Destinations", 3, (row) => recipients(row, sourceAsked()).length, (row) => names(destinations, recipients(row, sourceAsked()))),
      col("Classified by", 2, (row) => row.by, (row) => sentence(row.by)),
      col("Place", 2, (row) => placeText(row.at), places),
    ],
  },
  {
    id: "ways", title: "Ways", rows: (now) => now.lanes,
    columns: [
      col("Source", 2, senderName, (row) => (row.from === null ? [senderName(row)] : [link("source", row.from, senderName(row))])),
      col("Through", 2, (row) => row.via),
      col("Consent point", 2, (row) => row.point),
      col("Destination", 2, (row) => destinations[row.to].label, (row) => [link("destination", row.to, destinations[row.to].label)]),
      col("Carries", 2, (row) => row.classes, (row) => codes(row.classes)),
      col("In the chosen state", 2, (row) => ({ yes: "flows", no: "nothing flows", undecidable: "cannot be told" })[delivered(row)?.events] ?? "–"),
      col("Place", 2, (row) => placeText(row.at), places),
    ],
  },
  {
    id: "categories", title: "Consent categories", rows: (now) => now.groups,
    columns: [
      col("Category", 1, (row) => row.id, (row) => [el("code", {}, row.id)]),
      col("Purpose", 3, (row) => row.purpose ?? UNDECLARED),
      col("Controls", 1, (row) => row.controls.join(", ")),
      col("Destinations", 3, (row) => row.destinations.length, (row) => names(destinations, row.destinations)),
      col("Place", 2, (row) => placeText(row.at), places),
    ],
  },
  {
    id: "sources", title: "Sources", rows: (now) => now.feeders,
    columns: [
      col("Source", 2, (row) => row.label, (row) => [link("source", row.index, row.label), row.enabled ? null : " (switched off)"]),
      col("Platform", 1, (row) => row.platform ?? UNDECLARED),
      col("Sends", 2, (row) => row.classes, (row) => codes(row.classes)),
      col("Findings", 2, (row) => row.findings.length, (row) => [tally(row.findings.map((at) => findings[at])).join(", ")]),
      col("Place", 2, (row) => placeText(row.at), places),
    ],
  },
];

const inState = (to) => (visitor.state === "none" || !to.active ? "–" : { yes: "receives", no: "receives nothing", undecidable: "cannot be told" }[receives(to)]);

const compare = (one, other) => (typeof one === "number" && typeof other === "number" ? one - other : collator.compare(one, other));

/** The rows in the order that is asked for; those that are alike stay as files have them. */
const sorted = (table, rows) => {
  if (table.sort === undefined) return rows;
  const { key } = table.columns[table.sort];
  const keyed = rows.map((row) => [key(row), row]);
  return keyed.sort((one, other) => (table.down ? compare(other[0], one[0]) : compare(one[0], other[0]))).map(([, row]) => row);
};

const headCell = (table, { title }, at) => {
  const active = table.sort === at;
  const order = () => {
    table.down = active && !table.down;
    table.sort = at;
    drawTable(table);
    table.place.querySelectorAll("th button")[at].focus();
  };
  return el("th", { scope: "col", "data-title": title, "aria-sort": active ? (table.down ? "descending" : "ascending") : "none" }, el("button", { type: "button", onclick: order }, title, el("span", { "aria-hidden": "true" }, active ? (table.down ? " ▼" : " ▲") : " ↕")));
};

const bodyRow = (table, row) => el("tr", {}, table.columns.map(({ cell }, at) => el(at === 0 ? "th" : "td", at === 0 ? { scope: "row" } : {}, cell(row))));

/** Takes a button away that has done its work, and goes on at what it brought. */
const goOn = (button, to) => {
  button.remove();
  to.tabIndex = -1;
  to.focus();
};

/** The button that adds rows, some at a time; the last press takes it away. */
const moreRows = (table, body, rest) => {
  const words = () => `Show ${Math.min(MORE, rest.length).toLocaleString("en")} more of ${rest.length.toLocaleString("en")} rows`;
  const add = () => {
    const added = rest.splice(0, MORE).map((row) => bodyRow(table, row));
    body.append(...added);
    if (rest.length > 0) button.textContent = words();
    else goOn(button, added[0]);
  };
  const button = rest.length > 0 && el("button", { type: "button", onclick: add }, words());
  return button && el("p", {}, button);
};

/** The first rows, more of them on paper. */
const drawTable = (table, paper = false) => {
  const rows = table.now;
  const order = sorted(table, rows);
  const first = paper ? ON_SHEETS : ROWS;
  const body = el("tbody", {}, order.slice(0, first).map((row) => bodyRow(table, row)));
  const rest = order.slice(first);
  const more = paper
    ? rest.length > 0 && el("p", {}, `${ON_SHEETS.toLocaleString("en")} of ${order.length.toLocaleString("en")} rows; narrow down what is shown, or take --format csv.`)
    : moreRows(table, body, rest);
  const total = table.columns.reduce((sum, { width }) => sum + width, 0);
  const columns = table.columns.map(({ width }) => el("col", { width: `${(100 * width) / total}%` }));
  const content = rows.length === 0 ? el("p", { class: "soft" }, "None that are shown.") : el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": table.title }, el("table", { id: `table-${table.id}`, "aria-label": table.title }, el("colgroup", {}, columns), el("thead", {}, el("tr", {}, table.columns.map((one, at) => headCell(table, one, at)))), body));
  table.place.replaceChildren(el("h2", {}, `${table.title} `, el("span", { class: "soft count" }, table.count?.(rows) ?? rows.length.toLocaleString("en"))), content, ...(more ? [more] : []));
};

const makeTables = () => {
  for (const table of TABLES) {
    table.place = el("section", { id: table.id });
    byId("tables").append(table.place);
  }
};

/** Tables that are still to be drawn, and what calls for the next one. */
let waiting = [];
let call = null;

const drawNext = () => {
  const next = waiting.shift();
  if (next) {
    next.table.now = next.table.rows(next.now);
    drawTable(next.table);
  }
  byId("tables").setAttribute("aria-busy", String(waiting.length > 0));
  call = waiting.length > 0 ? setTimeout(drawNext, 0) : null;
};

/** Draws the tables one after the other, so that whoever types is not kept waiting; what is typed meanwhile starts anew. */
const drawTables = (now) => {
  clearTimeout(call);
  waiting = TABLES.map((table) => ({ table, now }));
  byId("tables").setAttribute("aria-busy", "true");
  call = setTimeout(drawNext, 0);
};

/** All tables as they go on paper, at once. */
const drawPaperTables = (now) => {
  clearTimeout(call);
  waiting = [];
  for (const table of TABLES) {
    table.now = table.rows(now);
    drawTable(table, true);
  }
  byId("tables").setAttribute("aria-busy", "false");
};
