// Starts the page, and draws it anew when something is chosen.

/** Looks at a destination or source; pressed again in the picture, at none. */
const look_at = (kind, at, toggle = false) => {
  const same = toggle && chosen?.kind === kind && chosen.at === at;
  chosen = same ? null : { kind, at };
  refresh();
  if (same) return backToPicture(kind, at);
  byId("detail").focus({ preventScroll: true });
  const { top } = byId("detail-title").getBoundingClientRect();
  if (top < 0 || top > innerHeight - 150) byId("detail-title").scrollIntoView({ block: "start" });
};

const backToPicture = (kind, at) => (document.querySelector(`[data-node="${kind} ${at}"]`) ?? byId("detail")).focus();

/** Sets a text that is read aloud when it changes. */
const say = (id, text) => {
  if (byId(id).textContent !== text) byId(id).textContent = text;
};

const refresh = () => {
  const now = shown();
  drawPicture(now);
  drawDetail();
  drawTables(now);
  const count = [counted(now.listed.length, "destination", "destinations"), counted(now.rows.filter((row) => row.path !== "").length, "field", "fields"), ...tally(now.findings)];
  say("shown", now.open ? "" : `Shown (${filterWords()}): ${count.join(", ")}.`);
  say("outcome", outcome());
  const said = address();
  if (said !== location.hash.slice(1)) {
    // Some browsers keep a page from the disk from changing its own address.
    try {
      history.replaceState(null, "", said === "" ? location.pathname + location.search : `#${said}`);
    } catch {}
  }
};

/** What is shown as it goes on paper, where nobody opens or chooses anything. */
const drawForPaper = () => {
  const now = shown();
  drawPaperPicture(now);
  drawPaperDetail(now);
  drawPaperTables(now);
  for (const closed of document.querySelectorAll("details:not([open])")) {
    closed.open = true;
    closed.dataset.closed = "";
  }
};

const drawForScreen = () => {
  for (const opened of document.querySelectorAll("details[data-closed]")) opened.open = false;
  refresh();
};

const summary = () => {
  say("summary", [
    counted(sources.filter((from) => from.shown).length, "source", "sources"),
    counted(events.length, "event", "events"),
    counted(planned, "field", "fields"),
    counted(destinations.length, "destination", "destinations"),
    counted(categoriesShown.length, "consent category", "consent categories"),
    ...tally(findings),
  ].join(" · "));
  if (data.asked.length > 0) {
    byId("asked").hidden = false;
    byId("asked").append("Only what was asked for: ", ...data.asked.flatMap((one, at) => [at > 0 ? "; " : "", ...sentence(one)]), ". What is said of a destination counts every way to it.");
  }
  if (data.problems.length > 0) {
    byId("problems").hidden = false;
    const said = el("summary", {}, `${counted(data.problems.length, "problem", "problems")}: what is shown may lack something.`);
    byId("problems").append(el("details", { open: data.problems.length <= 5 }, said, el("ul", {}, data.problems.map((problem) => el("li", {}, sentence(problem.message), " ", place(problem.at))))));
  }
};

const start = () => {
  summary();
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
  // A fragment that says nothing is none of ours.
  const speaks = () => location.hash === "" || location.hash.includes("=");
  addEventListener("hashchange", () => speaks() && location.hash.slice(1) !== address() && follow());
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("tables").focus();
  });
  byId("detail").addEventListener("keydown", (event) => event.key === "Escape" && chosen && backToPicture(chosen.kind, chosen.at));
  addEventListener("beforeprint", drawForPaper);
  addEventListener("afterprint", drawForScreen);
  follow();
};

start();
