// The picture: sources, consent points, destinations, and the ways between them. Nodes are buttons, so that keys and screen
// readers reach them; lines stand in the gaps between the columns and are for the eye only, because the table of ways tells the
// same.

const ROW = 58;
/** Destinations that are drawn at first. */
const DRAWN = 40;
/** Destinations that are drawn beside one another on paper, and in all. */
const BLOCK = 12;
const ON_PAPER = 120;
/** Consent points that are drawn by source. */
const POINTS = 24;
let drawAll = false;

/** The destinations that something flows to, the worst first. */
const rank = (listed) => {
  const order = (to) => CLAIM_ORDER.indexOf(to.standing);
  return listed.filter((to) => to.active && to.ways.length > 0).sort((one, other) => order(one) - order(other) || one.index - other.index);
};

const drawPicture = ({ lanes, listed }) => {
  const ranked = rank(listed);
  const limit = drawAll || ranked.length <= DRAWN + 1 ? ranked.length : DRAWN;
  const left = ranked.length - limit;
  const more = left > 0 && el("p", {}, el("button", { type: "button", id: "draw-all", onclick: () => drawMore(limit) }, `Draw ${counted(left, "more destination", "more destinations")}`), el("span", { class: "soft" }, " or narrow down what is shown."));
  byId("picture").replaceChildren(...[ranked.length > 0 ? block(lanes, ranked.slice(0, limit)) : nothingFlows(), more].filter(Boolean));
};

const nothingFlows = () => el("p", { class: "soft" }, "Nothing flows that is shown.");

/** The picture in parts that fit on a sheet each, with their lines. */
const drawPaperPicture = ({ lanes, listed }) => {
  const ranked = rank(listed);
  const parts = [];
  for (let at = 0; at < Math.min(ranked.length, ON_PAPER); at += BLOCK) parts.push(block(lanes, ranked.slice(at, at + BLOCK)));
  const left = ranked.length > ON_PAPER && el("p", {}, `The picture has ${ON_PAPER} of ${ranked.length} destinations, the worst first; the tables have all.`);
  byId("picture").replaceChildren(...(parts.length > 0 ? parts : [nothingFlows()]), ...(left ? [left] : []));
};

const block = (lanes, of) => {
  const drawn = new Map(of.map((to, at) => [to.index, at]));
  const graph = laneGraph(lanes.filter((way) => drawn.has(way.to)), drawn);
  const height = Math.max(graph.senders.length, graph.points.length, drawn.size, 1) * ROW;
  return el("div", { class: "lanes" }, [
    column("Sources", graph.senders.map(senderNode), height),
    gap(graph.first, height, graph.senders.length, graph.points.length),
    column("Consent points", graph.points.map(pointNode), height),
    gap(graph.second, height, graph.points.length, drawn.size),
    column("Destinations", of.map(recipientNode), height),
  ]);
};

/** Draws every destination; who came by the keyboard goes on at the first new one. */
const drawMore = (limit) => {
  drawAll = true;
  refresh();
  document.querySelectorAll("[data-node^=destination]")[limit]?.focus();
};

/** Nodes and lines: by source and consent point while there are few of them. */
const laneGraph = (lanes, drawn) => {
  const many = new Set(lanes.map((way) => `${way.from} ${way.point}`)).size > POINTS;
  const senders = [...new Set(lanes.map((way) => way.from))].sort((one, other) => (one ?? 1e9) - (other ?? 1e9));
  const row = new Map(senders.map((from, at) => [from, at]));
  const points = new Map();
  const first = new Map();
  const second = new Map();
  for (const way of [...lanes].sort((one, other) => row.get(one.from) - row.get(other.from))) {
    const key = many ? way.point : `${way.from} ${way.point}`;
    if (!points.has(key)) points.set(key, { row: points.size, words: way.point, open: way.open, at: way.at });
    const point = points.get(key);
    // Of several places none is the place.
    if (placeText(point.at) !== placeText(way.at)) point.at = null;
    join(first, row.get(way.from), point.row, way);
    join(second, point.row, drawn.get(way.to), way);
  }
  return { senders, points: [...points.values()], first: [...first.values()], second: [...second.values()] };
};

const join = (lines, from, to, way) => {
  const key = `${from} ${to}`;
  if (!lines.has(key)) lines.set(key, { from, to, lanes: [] });
  lines.get(key).lanes.push(way);
};

const column = (title, nodes, height) => {
  const held = el("ul", { class: "nodes", "aria-label": title }, nodes.map((node) => el("li", {}, node)));
  held.style.height = `${height}px`;
  [...held.children].forEach((item, at) => (item.style.top = `${((at + 0.5) * height) / nodes.length}px`));
  return el("div", { class: "column" }, el("p", { class: "soft title" }, title), held);
};

/** Lines between two columns, which stretch with the gap. */
const gap = (lines, height, left, right) => {
  const picture = svg("svg", { viewBox: `0 0 100 ${height}`, preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" });
  picture.style.height = `${height}px`;
  const y = (row, count) => ((row + 0.5) * height) / count;
  for (const line of lines) {
    const [from, to] = [y(line.from, left), y(line.to, right)];
    const of = [...new Set(line.lanes.flatMap((way) => list(way.classes)))].join(" ");
    const path = svg("path", { d: `M0 ${from} C50 ${from} 50 ${to} 100 ${to}`, class: `way ${shade(of)} ${flowing(line.lanes)}${touches(line.lanes) ? " chosen" : ""}` });
    picture.append(path);
  }
  return el("div", { class: "gap" }, picture);
};

/** Whether anything still flows by any of these ways. */
const flowing = (lanes) => {
  const results = lanes.map((way) => delivered(way)?.events ?? "yes");
  return ["yes", "undecidable"].find((one) => results.includes(one)) ?? "no";
};

const touches = (lanes) => chosen !== null && lanes.some((way) => (chosen.kind === "destination" ? way.to : way.from) === chosen.at);

const node = (kind, at, look, label, lines) =>
  el("button", { type: "button", class: `node ${look}`, "aria-label": label, "aria-pressed": String(chosen?.kind === kind && chosen.at === at), "data-node": `${kind} ${at}`, onclick: () => look_at(kind, at, true) }, lines);

const senderNode = (at) => {
  if (at === null) return el("span", { class: "node plain" }, el("span", { class: "name" }, "no source declared"));
  const from = sources[at];
  const label = `Source ${from.label}, sends ${from.classes === "" ? "nothing personal" : `classes ${from.classes}`}`;
  return node("source", at, shade(from.classes), label, [el("span", { class: "name" }, from.label), el("span", { class: "second" }, codes(from.classes))]);
};

const pointNode = (point) =>
  el("span", { class: `node point${point.open ? " unguarded" : ""}`, title: point.words }, el("span", { class: "name" }, point.words), el("span", { class: "second" }, place(point.at)));

const recipientNode = (to) => {
  const { mark, words } = CLAIMS[to.standing];
  const result = visitor.state === "none" ? null : receives(to);
  const said = { yes: "receives", no: "receives nothing", undecidable: "cannot be told" }[result];
  const label = `Destination ${to.label}, ${words}, receives ${to.classes === "" ? "nothing personal" : `classes ${to.classes}`}${said ? `; in the chosen state: ${said}` : ""}`;
  return node("destination", to.index, `${to.standing} result-${result}`, label, [
    el("span", { class: "mark", "aria-hidden": "true" }, mark),
    el("span", { class: "name" }, to.label),
    el("span", { class: "second" }, said ? el("span", { class: "said" }, said) : codes(to.classes)),
  ]);
};

const makeLegend = () => {
  const item = (look, mark, words) => el("li", {}, el("span", { class: `key ${look}`, "aria-hidden": "true" }, mark), ` ${words}`);
  const present = new Set(destinations.map((to) => to.standing));
  byId("legend").replaceChildren(
    item("line sensitive", "", "sensitive personal information"),
    item("line personal", "", "personal information"),
    item("line plain", "", "nothing personal"),
    ...CLAIM_ORDER.filter((one) => present.has(one) && one !== "inactive").map((one) => item(one, CLAIMS[one].mark, CLAIMS[one].words)),
  );
  const seen = new Set([...ways, ...fields, ...sources].flatMap((one) => list(one.classes)));
  const meaning = ({ code, term, sensitive }) => el("div", { class: "fact" }, el("dt", { class: sensitive ? "sensitive" : "" }, code), el("dd", {}, term));
  byId("codes").replaceChildren(el("summary", {}, "What the codes of classes mean"), el("dl", {}, classes.filter((one) => seen.has(one.code)).map(meaning)));
};
