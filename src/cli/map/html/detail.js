// What is known of the destination or source that is looked at, each fact with its file and line.

/** Fields of a destination that are listed at first. */
const LISTED = 50;

const drawDetail = () => {
  const shownNow = chosen === null ? [el("p", { class: "soft" }, "Choose a destination or a source, in the picture or in a table.")] : chosen.kind === "destination" ? recipientDetail(destinations[chosen.at]) : senderDetail(chosen.at);
  byId("facts").replaceChildren(...shownNow.flat(Infinity).filter(Boolean));
};

const heading = (one, kind) => [
  el("h3", { class: "who" }, one.name),
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
  facts.some((fact) => !fact.derived) || facts.length > 0 ? el("dl", {}, facts.map(factLine)) : el("p", { class: "soft" }, "Nothing is declared."),
];

const findingLine = (at) => {
  const finding = findings[at];
  const kind = finding.excepted !== null ? `excepted (${finding.excepted})` : finding.baselined ? "in the baseline" : finding.question ? "question" : finding.severity;
  return el("li", {}, el("strong", {}, kind), " ", sentence(finding.question ?? finding.message), " ", el("code", {}, finding.rule), " ", place(finding.at),
    el("details", {}, el("summary", {}, "What to do"), el("p", {}, sentence(finding.help))));
};

const findingsPart = (all) => [
  el("h4", {}, counted(all.length, "finding", "findings")),
  all.length > 0 && el("ul", { class: "findings" }, all.map(findingLine)),
];

/** The fields that get to a destination. */
const arriving = (at) => fields.filter((field) => field.event.to.includes(at) && !field.withheld.includes(at));

const fieldsPart = (rows) => {
  const line = (field) => el("li", {}, el("code", {}, field.path), ` of ${field.event.name} `, codes(field.classes), " ", place(field.at));
  const all = el("ul", {}, rows.slice(0, LISTED).map(line));
  const more = rows.length > LISTED && el("button", { type: "button", onclick: (event) => { all.append(...rows.slice(LISTED).map(line)); event.target.remove(); } }, `Show ${rows.length - LISTED} more`);
  return el("details", {}, el("summary", {}, counted(rows.length, "planned field", "planned fields")), all, more || null);
};

const recipientDetail = (to) => [
  heading(to, to.active ? "destination" : "destination, inactive,"),
  to.claims.length > 0 ? el("ul", { class: "claims" }, to.claims.map(claimLine)) : el("p", { class: "soft" }, "Nothing is claimed of it: by what is declared it is neither sold nor shared to, nor given sensitive data that may be limited."),
  el("h4", {}, "Receives"),
  to.carried.length > 0
    ? el("table", { class: "carried" }, el("caption", {}, "Classes of personal information, and what shows each"), el("tbody", {}, to.carried.map(carriedLine)))
    : el("p", { class: "soft" }, "Nothing personal."),
  fieldsPart(to.active ? arriving(to.index) : []),
  el("h4", {}, "Ways"),
  to.ways.length > 0 ? el("ul", {}, to.ways.map(wayLine)) : el("p", { class: "soft" }, "None."),
  to.sections.map(sectionPart),
  findingsPart(to.findings),
];

const senderDetail = (at) => {
  const from = sources[at];
  const own = ways.filter((way) => way.from === at);
  return [
    heading(from, `source${from.platform ? ` (${from.platform})` : ""}`),
    el("p", {}, "Sends ", codes(from.classes), from.every !== "" && ["; with every call ", codes(from.every)]),
    el("h4", {}, counted(own.length, "way", "ways")),
    el("ul", {}, own.map((way) => el("li", {}, el("button", { type: "button", class: "link", onclick: () => look_at("destination", way.to) }, destinations[way.to].name), ` through ${way.via}: ${way.point} `, place(way.at)))),
    fieldsPart(fields.filter((field) => field.event.from.includes(at))),
    from.sections.map(sectionPart),
    findingsPart(from.findings),
  ];
};
