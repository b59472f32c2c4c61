// Starts the page, and draws it anew when something is chosen.

const look_at = (kind, at) => {
  const same = chosen?.kind === kind && chosen.at === at;
  chosen = same ? null : { kind, at };
  refresh();
  if (same) backToPicture(kind, at);
  else {
    byId("detail").focus({ preventScroll: true });
    byId("detail").scrollIntoView({ block: "nearest" });
  }
};

const backToPicture = (kind, at) => document.querySelector(`[data-node="${kind} ${at}"]`)?.focus({ preventScroll: true });

const refresh = () => {
  const now = shown();
  drawPicture(now);
  drawDetail();
  drawTables(now);
  byId("shown").textContent = now.open ? "" : `Shown: ${counted(now.listed.length, "destination", "destinations")}, ${counted(now.rows.length, "field", "fields")}, ${counted(now.findings.length, "finding", "findings")}.`;
  byId("outcome").replaceChildren(...outcome());
  const said = address();
  if (said !== location.hash.slice(1)) {
    // Some browsers keep a page from the disk from changing its own address.
    try {
      history.replaceState(null, "", said === "" ? location.pathname : `#${said}`);
    } catch {}
  }
};

const start = () => {
  const accused = findings.filter((finding) => !finding.question && finding.excepted === null && !finding.baselined).length;
  const asked = new Set(findings.filter((finding) => finding.question && finding.excepted === null && !finding.baselined).map((finding) => finding.rule + finding.question)).size;
  byId("summary").textContent = [
    counted(sources.length, "source", "sources"),
    counted(events.length, "event", "events"),
    counted(fields.length, "field", "fields"),
    counted(destinations.length, "destination", "destinations"),
    counted(categories.length, "consent category", "consent categories"),
    counted(accused, "finding", "findings"),
    counted(asked, "question", "questions"),
  ].join(" · ");
  if (data.problems.length > 0) {
    byId("problems").hidden = false;
    const said = el("summary", {}, `${counted(data.problems.length, "problem", "problems")}: what is shown may lack something.`);
    byId("problems").append(el("details", { open: data.problems.length <= 5 }, said, el("ul", {}, data.problems.map((problem) => el("li", {}, sentence(problem.message), " ", place(problem.at))))));
  }
  makeFilters();
  makeVisitor();
  makeLegend();
  makeTables();
  const follow = () => {
    readAddress();
    drawFilters();
    drawVisitor();
    refresh();
  };
  addEventListener("hashchange", () => location.hash.slice(1) !== address() && follow());
  byId("detail").addEventListener("keydown", (event) => event.key === "Escape" && chosen && backToPicture(chosen.kind, chosen.at));
  addEventListener("beforeprint", drawForPaper);
  addEventListener("afterprint", () => TABLES.forEach((table) => drawTable(table)));
  follow();
};

start();
