// A visitor's choices, and what still flows. What each state does was computed before; here it is looked up.

const visitor = { state: "none", refused: new Set(), signal: false };

/** What a way delivers in the state that is chosen; nothing when none is. */
const delivered = (way) => {
  if (visitor.state === "none") return null;
  const { groups, steps, cells, whole } = tables[way.table];
  const signal = visitor.signal ? 1 : 0;
  if (visitor.state === "before") return steps[cells[signal]];
  if (!whole) return { events: "undecidable", script: false, why: "it depends on more categories than this page holds; `consentlint route --state` tells", at: way.at };
  const granted = (group) => group.filter((at) => !visitor.refused.has(at)).length;
  const at = groups.reduce((before, group) => before * (group.length + 1) + granted(group), 0);
  return steps[cells[2 + at * 2 + signal]];
};

/** What a destination gets by any of its ways: `yes`, `undecidable` or `no`. */
const receives = (to) => {
  const results = to.ways.map((way) => delivered(way).events);
  return ["yes", "undecidable"].find((one) => results.includes(one)) ?? "no";
};

const isSwitch = (category) => !category.essential;

const setVisitor = (change) => {
  Object.assign(visitor, change);
  if (visitor.state === "none") visitor.signal = false;
  drawVisitor();
  refresh();
};

const choose = (isRefused) => {
  const refused = categories.flatMap((category, at) => (isSwitch(category) && isRefused(category) ? [at] : []));
  setVisitor({ state: "after", refused: new Set(refused) });
};

const option = (value, label) =>
  el("label", {}, el("input", { type: "radio", name: "state", value, onchange: () => setVisitor({ state: value }) }), ` ${label}`);

const categorySwitch = (category, at) => {
  const notes = [
    category.essential && "always on",
    !category.enabled && "switched off: it stops nothing",
    category.controls.includes("opt-out") && "carries out the opt-out",
    category.controls.includes("limit") && "carries out the limit",
  ].filter(Boolean);
  const toggle = (event) => {
    // The first choice refuses what was pressed, and nothing else.
    const refused = new Set(visitor.state === "after" ? visitor.refused : [at]);
    if (visitor.state === "after" && event.target.checked) refused.delete(at);
    else refused.add(at);
    setVisitor({ state: "after", refused });
  };
  return el(
    "label",
    {},
    el("input", { type: "checkbox", "data-category": at, onchange: toggle, disabled: !isSwitch(category) }),
    " ",
    el("code", {}, category.id),
    notes.length > 0 && el("span", { class: "soft" }, ` ${notes.join(", ")}`),
  );
};

const makeVisitor = () => {
  const optOut = categories.some((category) => category.controls.includes("opt-out"));
  const parts = [
    el(
      "fieldset",
      {},
      el("legend", {}, "Show"),
      option("none", "every way, whatever a visitor says"),
      option("before", "a visitor who has not chosen yet"),
      option("after", "a visitor who has chosen:"),
    ),
    categories.length === 0
      ? el("p", { class: "soft" }, "No consent category was read, so that there is nothing to choose.")
      : el("fieldset", { class: "within" }, el("legend", {}, "Granted"), categories.map(categorySwitch)),
    el(
      "label",
      {},
      el("input", { type: "checkbox", id: "signal", onchange: (event) => setVisitor({ signal: event.target.checked, state: visitor.state === "none" ? "before" : visitor.state }) }),
      " the browser sends Global Privacy Control",
    ),
    el(
      "p",
      { class: "buttons" },
      optOut && el("button", { type: "button", id: "opt-out", onclick: () => choose((one) => one.controls.includes("opt-out")) }, "Opt out"),
      el("button", { type: "button", id: "refuse-all", onclick: () => choose(() => true) }, "Refuse all"),
      el("button", { type: "button", id: "grant-all", onclick: () => choose(() => false) }, "Grant all"),
    ),
  ];
  byId("choices").replaceChildren(...parts);
  drawVisitor();
};

/** Sets the switches to what is chosen. */
const drawVisitor = () => {
  for (const input of document.querySelectorAll("input[name=state]")) input.checked = input.value === visitor.state;
  for (const input of document.querySelectorAll("[data-category]")) {
    const at = Number(input.dataset.category);
    input.checked = categories[at].essential || (visitor.state === "after" && !visitor.refused.has(at));
    input.indeterminate = visitor.state !== "after" && !categories[at].essential;
  }
  byId("signal").checked = visitor.signal;
};

/** The state that is chosen, in words. */
const stateWords = () => {
  const signal = visitor.signal ? ", with Global Privacy Control on" : "";
  if (visitor.state === "before") return `a visitor who has not chosen${signal}`;
  const refused = [...visitor.refused].map((at) => categories[at].id);
  return `a visitor who ${refused.length > 0 ? `refused ${refused.join(", ")}` : "refused nothing"}${signal}`;
};

/** What still flows, in words. */
const outcome = () => {
  const active = destinations.filter((to) => to.active);
  if (visitor.state === "none") return `${counted(active.length, "destination is", "destinations are")} fed by some way.`;
  const got = active.map((to) => [to, receives(to)]);
  const some = (wanted) => got.filter(([, result]) => result === wanted).length;
  const open = some("undecidable");
  const scripts = got.filter(([to, result]) => result === "no" && to.ways.some((way) => delivered(way).script)).length;
  return [
    `For ${stateWords()}: ${counted(some("yes"), "destination receives", "destinations receive")} events`,
    open > 0 && `; for ${open} it cannot be told`,
    ".",
    scripts > 0 && ` ${counted(scripts, "vendor’s script loads", "vendors’ scripts load")} although nothing is handed to it.`,
  ].filter(Boolean).join("");
};
