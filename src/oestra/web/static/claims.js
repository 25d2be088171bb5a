// Claims of the review: misses first, each with its numbers and where to see it.
import { ask, make, placeOfView, save } from "./api.js";
import { csv, linkButton } from "./saving.js";

const $ = (id) => document.getElementById(id);
const RANK = { fails: 0, open: 1, holds: 2, "": 3 };
const MARKS = { holds: "✓", fails: "✗", open: "?" };
let known = null;

function shown() {
  const show = $("show").value, origin = $("origin").value, words = $("find").value.trim().toLowerCase();
  const fits = { tried: (v) => v !== "", untried: (v) => v === "", all: () => true };
  return known.claims
    .filter((one) => (fits[show] || ((v) => v === show))(one.verdict))
    .filter((one) => !origin || one.origin === origin)
    .filter((one) => !words || `${one.id} ${one.statement} ${one.section} ${one.checks.map((c) => c.measure).join(" ")}`.toLowerCase().includes(words))
    .sort((a, b) => RANK[a.verdict] - RANK[b.verdict] || a.id.localeCompare(b.id));
}

function remember() {
  const query = new URLSearchParams();
  for (const name of ["show", "origin", "find"]) if ($(name).value && $(name).value !== "tried") query.set(name, $(name).value);
  history.replaceState(null, "", query.size ? "?" + query : location.pathname);
}

function draw() {
  remember();
  const list = shown();
  const tally = (verdict) => list.filter((one) => one.verdict === verdict).length;
  $("count").textContent = `${list.length} claims: ${tally("fails")} fail, ${tally("open")} open, ${tally("holds")} hold, ${tally("")} need trials.`;
  $("list").replaceChildren(...list.map(card));
}

function card(one) {
  return make("article", { class: `claim ${one.verdict}`, id: one.id },
    make("div", { class: "meta" }, make("b", {}, one.id), one.verdict ? make("span", { class: `verdict ${one.verdict}` }, one.verdict) : null,
      make("span", {}, one.level), make("span", {}, one.origin), make("span", {}, `evidence ${one.evidence}`), one.hard ? make("span", {}, "tells models apart") : null),
    make("h2", {}, one.statement),
    one.checks.length ? make("ul", {}, ...one.checks.map((check) => make("li", { class: check.verdict },
      `${MARKS[check.verdict]} ${check.measure}: ${check.measured === null ? check.reason || "no number" : Number(check.measured.toPrecision(3))}${check.unit === "1" ? "" : " " + check.unit}, expected ${check.expected} `,
      make("span", { class: "why" }, `— ${check.why}${check.reason && check.measured !== null ? `; ${check.reason}` : ""}`)))) : null,
    one.conflicts.length ? make("p", { class: "see why" }, `In conflict: ${one.conflicts.join("; ")}`) : null,
    make("p", { class: "see" }, `${one.section}${one.references.length ? `, references ${one.references.join(", ")}` : ""}. `, make("code", {}, one.command)),
    one.runs.length ? make("p", { class: "see" }, "In the network: ", ...one.runs.slice(0, 6).map((run) => make("a", { href: `${placeOfView("")}?${run.query}` }, run.name.replaceAll("_", " ")))) : null);
}

function table() {
  const lines = [["id", "level", "origin", "evidence", "verdict", "measure", "measured", "unit", "expected", "check", "statement"]];
  for (const one of shown()) {
    for (const check of one.checks.length ? one.checks : [{ measure: "", measured: "", unit: "", expected: "", verdict: "" }]) {
      lines.push([one.id, one.level, one.origin, one.evidence, one.verdict, check.measure, check.measured, check.unit, check.expected, check.verdict, one.statement]);
    }
  }
  return lines;
}

async function begin() {
  const query = new URLSearchParams(location.search);
  for (const name of ["show", "origin", "find"]) if (query.has(name)) $(name).value = query.get(name);
  if (query.has("find") && !query.has("show")) $("show").value = "all";
  if (!$("show").value) $("show").value = "tried";
  $("count").textContent = "Trying the claims about cells …";
  try {
    known = await ask("/api/claims");
  } catch (error) {
    $("problem").textContent = error.message;
    $("problem").hidden = false;
    $("count").textContent = "";
    return;
  }
  $("fit").textContent = known.fit;
  for (const name of ["show", "origin"]) $(name).addEventListener("change", draw);
  $("find").addEventListener("input", draw);
  $("filter").addEventListener("submit", (event) => event.preventDefault());
  $("save-csv").addEventListener("click", () => save("oestra-claims.csv", csv(table()), "text/csv"));
  $("save-json").addEventListener("click", () => save("oestra-claims.json", JSON.stringify({ claims: shown() }, null, 1), "application/json"));
  linkButton($("copy-link"), $("copied"));
  $("command").replaceChildren("The same verdicts: ", make("code", {}, known.command));
  draw();
  document.body.dataset.ready = "1";
}

begin();
