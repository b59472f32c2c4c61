// What is known of the destination or source that is looked at, each fact with its file and line.

/** Fields of a destination that are listed at first. */
const LISTED = 50;

/** Destinations of which all is printed when none is chosen. */
const PRINTED = 25;

const put = (parts) => byId("facts").replaceChildren(...parts.flat(Infinity).filter(Boolean));

const drawDetail = () => {
  byId("detail").setAttribute("aria-labelledby", chosen === null ? "detail-title" : "who");
  if (chosen === null) return put([el("p", { class: "soft" }, "Choose a destination or a source, in the picture or in a table.")]);
  return put(chosen.kind === "destination" ? recipientDetail(destinations[chosen.at], "who") : senderDetail(chosen.at, "who"));
};

/** On paper nobody chooses: without a choice everything is told of each destination that is shown. */
const drawPaperDetail = ({ listed }) => {
  if (chosen !== null) return;
  const few = listed.length <= PRINTED;
  put(few ? listed.map((to) => recipientDetail(to)) : [el("p", {}, `Choose one destination, or narrow down to ${PRINTED}, to print everything that is known of each.`)]);
};

const heading = (one, kind, id) => [
  el("h3", { class: "who", id }, one.label),
  el("p", { class: "soft" }, `${kind} `, el("code", {}, one.id), " ", place(one.at)),
];

const claimLine = (claim) =>
  el("li", {}, el("strong", { class: `result-${claim.result}` }, `${CLAIMS[claim.result].mark} ${claim.claim} ${claim.result}`), claim.why && [": ", sentence(claim.why)], " ", place(claim.at));

const carriedLine = ({ class: code, field, event, at }) => {
  const { term, sensitive } = classOf.get(code);
  const shownBy = field ? [el("code", {}, field), ` of ${event}`] : ["goes out with every call (address, identifiers, page)"];
  return el("tr", {}, el("th", { scope: "row", class: sensitive ? "sensitive" : "" }, code), el("td", {}, term, el("div", { class: "soft" }, shownBy, " ", place(at))));
};

const wayLine = (way) => {
  const step = delivered(way);
  const words = step && { yes: "flows", no: step.script ? "nothing is handed over, but the vendor’s script loads" : "nothing flows", undecidable: "cannot be told" }[step.events];
  return el(
    "li",
    {},
    `from ${senderName(way)} through ${way.via}: ${way.point}`,
    way.gates.length > 0 && [", by ", way.gates.flatMap((gate, at) => [at > 0 ? ", " : "", el("code", {}, gate)])],
    " (",
    sentence(way.because),
    ") ",
    place(way.at),
    !way.shown && el("span", { class: "soft" }, "not among what was asked for"),
    step && el("div", { class: `state ${step.events}` }, el("strong", {}, words), ", because ", sentence(step.why), " ", place(step.at)),
  );
};

const factLine = (fact) =>
  el("div", { class: fact.derived ? "fact derived" : "fact" },
    el("dt", { title: data.words[fact.name] }, fact.name.replaceAll("_", " ").replace(".", ": ")),
    el("dd", {}, sentence(fact.value), " ", place(fact.at), fact.derived && el("span", { class: "soft" }, " (follows)"),
      fact.because?.length > 0 && el("ul", {}, fact.because.map((reason) => el("li", {}, sentence(reason.text), " ", place(reason.at))))),
  );

const sectionPart = ({ title, facts }) => [
  el("h4", {}, title),
  facts.length > 0 && el("dl", {}, facts.map(factLine)),
  facts.every((fact) => fact.derived) && el("p", { class: "soft" }, "Nothing is declared."),
];

const findingLine = (at) => {
  const finding = findings[at];
  return el("li", {}, el("strong", {}, kindOf(finding)), " ", sentence(finding.question ?? finding.message), " ", el("code", {}, finding.rule), " ", place(finding.at),
    el("details", {}, el("summary", {}, "What to do"), el("p", {}, sentence(finding.help))));
};

const findingsPart = (all) => [
  el("h4", {}, tally(all.map((at) => findings[at])).join(", ")),
  all.length > 0 && el("ul", { class: "findings" }, all.map(findingLine)),
];

const fieldsPart = (rows) => {
  const line = (field) => el("li", {}, el("code", {}, field.path || "no field"), ` of ${field.event.name} `, codes(field.classes), " ", place(field.at));
  const all = el("ul", {}, rows.slice(0, LISTED).map(line));
  const add = (event) => {
    const added = rows.slice(LISTED).map(line);
    all.append(...added);
    goOn(event.target, added[0]);
  };
  const more = rows.length > LISTED && el("button", { type: "button", onclick: add }, `Show ${rows.length - LISTED} more`);
  return el("details", {}, el("summary", {}, counted(rows.length, "field", "fields")), all, more || null);
};

/** Why nothing is claimed of a destination. */
const unclaimed = (to) => {
  if (!to.active) return "It receives nothing, so nothing is claimed of it.";
  const sold = to.sections.flatMap((section) => section.facts).some((fact) => fact.name === "discloses" && fact.value === "yes");
  return sold ? "No claim was looked at." : "Nothing is claimed of it: by what is declared it is neither sold nor shared to, nor given sensitive data that may be limited.";
};

const recipientDetail = (to, id = null) => [
  heading(to, to.active ? "destination" : "destination, inactive,", id),
  to.claims.length > 0 ? el("ul", { class: "claims" }, to.claims.map(claimLine)) : el("p", { class: "soft" }, unclaimed(to)),
  el("h4", {}, "Receives"),
  to.carried.length > 0
    ? el("table", { class: "carried" }, el("caption", {}, "Classes of personal information, and what shows each"), el("tbody", {}, to.carried.map(carriedLine)))
    : el("p", { class: "soft" }, "Nothing personal."),
  fieldsPart(to.active ? fields.filter((field) => recipients(field).includes(to.index)) : []),
  el("h4", {}, "Ways"),
  to.ways.length > 0 ? el("ul", {}, to.ways.map(wayLine)) : el("p", { class: "soft" }, "None."),
  to.sections.map(sectionPart),
  findingsPart(to.findings),
];

const senderDetail = (at, id) => {
  const from = sources[at];
  return [
    heading(from, `source${from.platform ? ` (${from.platform})` : ""}${from.enabled ? "" : ", switched off,"}`, id),
    el("p", {}, "Sends ", codes(from.classes), from.every && ["; with every call ", codes(from.every.classes)]),
    el("h4", {}, counted(from.ways.length, "way", "ways")),
    el("ul", {}, from.ways.map((way) => el("li", {}, link("destination", way.to, destinations[way.to].label), ` through ${way.via}: ${way.point} `, place(way.at)))),
    fieldsPart(fields.filter((field) => field.event.from.includes(at))),
    from.sections.map(sectionPart),
    findingsPart(from.findings),
  ];
};
