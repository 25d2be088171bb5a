// The evidence: what was published, what the model gives, where each number is from.
import { ask, make, placeOfView, save } from "./api.js";
import { Follower } from "./follow.js";
import { drawForest, shown } from "./forest.js";
import { csv, linkButton, savePng, saveSvg } from "./saving.js";

const $ = (id) => document.getElementById(id);
const state = { all: null, source: "" };
const follower = new Follower();

function problem(text) {
  $("problem").textContent = text;
  $("problem").hidden = !text;
}

async function guarded(work) {
  try { problem(""); return await work(); } catch (error) { problem(error.message); return null; }
}

function remember() {
  const query = new URLSearchParams({ kind: $("kind").value, by: $("by").value });
  if ($("find").value) query.set("find", $("find").value);
  if (state.source) query.set("id", state.source);
  history.replaceState(null, "", `?${query}${location.hash}`);
}

function rows() {
  const by = $("by").value, words = $("find").value.trim().toLowerCase();
  const found = by === "fit" ? state.all.rows : (state.all.validations[by] || { rows: [] }).rows;
  return found.filter((one) => one.kind === $("kind").value && (!words || `${one.id} ${one.label} ${one.sources.join(" ")}`.toLowerCase().includes(words)));
}

function draw() {
  remember();
  const found = rows(), by = $("by").value, inside = found.filter((one) => one.inside).length;
  const where = by === "fit" ? "within 1.96 standard errors of what was published" : "with what was published inside the predicted 90 %";
  const missing = by !== "fit" && !state.all.validations[by];
  $("count").textContent = missing ? "Not predicted yet: “Predict each trial from the others” below does it." : by === "fit" && state.all.why_no_rows ? state.all.why_no_rows : `${found.length} numbers, ${inside} ${where}; misses first.`;
  drawForest($("forest"), found, $("kind").value, state.source, open);
  $("validate").textContent = by === "class" ? "Predict each trial from other classes" : "Predict each trial from the others";
  drawTables();
}

async function open(id) {
  const one = await guarded(() => ask("/api/source", { query: new URLSearchParams({ id }) }));
  if (!one) return;
  state.source = one.id;
  draw();
  const row = [...$("forest").querySelectorAll(".row")].find((found) => found.dataset.id === id);
  if (row) row.focus({ preventScroll: true });
  $("source").replaceChildren(make("h3", {}, one.label),
    make("p", {}, `${one.endpoint}, ${one.stratum}: ${shown(one.published, one.digits)} (${shown(one.low, one.digits)} to ${shown(one.high, one.digits)}), ${one.confidence}; interval ${one.interval_from}${one.n ? `; ${one.n} patients` : ""}.`),
    make("p", {}, one.use === "fit" ? "The fit aims at it. " : "It is checked and not fitted. ", one.reason),
    ...(one.note ? [make("p", {}, one.note)] : []),
    make("ul", {}, ...one.citations.map((cited) => make("li", {}, make("b", {}, cited.key), ` ${cited.text}`)), ...one.registry.map((name) => make("li", {}, name))),
    make("p", { class: "quiet" }, make("code", {}, one.file)),
    make("p", {}, make("a", { href: `${placeOfView("bench")}?trial=${encodeURIComponent(one.trial)}` }, `Run ${one.trial} on the bench`)));
  document.body.dataset.source = one.id;
}

const three = (value) => value.toFixed(3);
const span = (low, high) => `${three(low)} to ${three(high)}`;

function drawTables() {
  const found = state.all.validations[$("by").value === "class" ? "class" : "trial"];
  if (!found) { $("tables").replaceChildren(); return; }
  const head = ["Predicted by", "Error", "Beyond noise", "90 % hold", "rms z", "Mechanism less it", "With error less it"];
  $("tables").replaceChildren(...found.kinds.flatMap((kind) => {
    const own = [["mechanism alone", kind], ["with the model's error", kind.with_discrepancy]].map(([name, one]) => [name, `${three(one.weighted_error)} (${span(one.low, one.high)})`, three(one.excess), `${one.coverage_percent.toFixed(0)} %`, one.root_mean_square_z.toFixed(2), "", ""]);
    const gain = (one) => `${three(one.difference)} (${span(one.low, one.high)})`;
    const rules = Object.entries(kind.rules).map(([name, one]) => [state.all.rules[name], three(one.weighted_error), "", "", "", gain(one), gain(kind.with_discrepancy.rules[name])]);
    const lines = [...own, ...rules, ["noise of the published", three(kind.noise), "", "", "", "", ""]];
    return [make("h3", {}, `${kind.name[0].toUpperCase()}${kind.name.slice(1)} (${kind.endpoints})`),
      make("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": `Errors of ${kind.name}` }, make("table", {},
        make("thead", {}, make("tr", {}, ...head.map((one) => make("th", { scope: "col" }, one)))),
        make("tbody", {}, ...lines.map((line) => make("tr", {}, ...line.map((one) => make("td", {}, one)))))))];
  }),
  make("p", { class: "quiet" }, "Errors are weighted means of absolute errors, of logarithms, of rates of logits; in brackets 95 % intervals, trials drawn anew. A difference below zero is for the model; one whose interval holds zero is not told apart."),
  make("p", { class: "command" }, "The same numbers: ", make("code", {}, found.command)));
}

async function validate() {
  const by = $("by").value === "class" ? "class" : "trial";
  const found = await guarded(() => ask("/api/validations", { body: { by } }));
  if (!found) return;
  $("stop").disabled = false;
  const last = await guarded(() => follower.follow(found, (one) => {
    $("progress").value = one.share;
    $("told").textContent = { waiting: "Waiting for its turn …", running: `Predicting: ${Math.round(100 * one.share)} % of trials`, done: "Done.", stopped: "Stopped.", failed: "" }[one.state];
    if (one.result) state.all.validations[by] = one.result;
  }));
  $("stop").disabled = true;
  if (last && last.state === "failed") problem(last.error);
  if (last && last.state === "done") { $("by").value = by; draw(); document.body.dataset.validated = by; }
}

function drawPredictions() {
  const known = state.all.predictions;
  $("registered").textContent = known.why_none
    ? `${known.why_none} Predictions are read from the folder “${known.folder}” where the page is served; “oestra predict --all” registers them.`
    : `${known.count} files in “${known.folder}”; of each trial the newest is shown, those that have reported first. “oestra predict --check ${known.folder}” tells whether one was altered.`;
  $("cards").replaceChildren(...known.trials.map((one) => make("article", { class: `card${one.reported ? " known" : ""}` },
    make("h3", {}, one.trial), make("p", {}, one.title),
    one.hazard_ratio ? make("p", {}, `Predicted hazard ratio ${one.contrast}: `, make("b", {}, shown(one.hazard_ratio.estimate, 2)), ` (${shown(one.hazard_ratio.low, 2)} to ${shown(one.hazard_ratio.high, 2)})`) : null,
    one.reported ? make("p", {}, `Has reported: ${one.reported.inside} of ${one.reported.of} numbers lie in the registered interval.`) : make("p", { class: "quiet" }, "No result is known here."),
    one.reported ? make("ul", {}, ...one.reported.outcomes.map((out) => make("li", { class: out.inside ? "" : "miss" },
      `${out.inside ? "✓" : "✗"} ${out.label}, ${out.arm}${out.whole ? "" : `, ${out.stratum}`}: predicted ${out.predicted.estimate === null ? "not reached" : shown(out.predicted.estimate, out.digits)} (${shown(out.predicted.low, out.digits)} to ${shown(out.predicted.high, out.digits)}), `,
      make("button", { type: "button", class: "link", onclick: () => open(out.target) }, `published ${shown(out.published.estimate, out.digits)}`)))) : null,
    make("p", { class: "quiet" }, `${one.date}, `, make("code", {}, one.file)))));
}

function drawLimits() {
  const { all } = state;
  $("question").textContent = `${all.question} ${all.population}`;
  $("contexts").replaceChildren(make("thead", {}, make("tr", {}, ...["To", "Influence", "What a wrong answer costs"].map((one) => make("th", { scope: "col", class: "words" }, one)))),
    make("tbody", {}, ...all.contexts.map((one) => make("tr", {}, make("td", { class: "words" }, one.use), make("td", { class: "words" }, `${one.influence}: ${one.influence_why}`), make("td", { class: "words" }, `${one.consequence}: ${one.consequence_why}`)))));
  $("excluded").textContent = `Not for: ${all.excluded.use} (${all.excluded.why}).`;
  $("left-out").replaceChildren(...all.limits.map((one) => make("li", {}, one)));
  $("fit").textContent = all.fit;
  $("commands").replaceChildren("More: ", ...[["every claim and published number, simulated as trials", all.commands.checked], ["each use judged", all.commands.judged], ["a report of the fit", all.commands.fit]].flatMap(([what, command]) => [`${what} `, make("code", {}, command), " "]));
}

function listen() {
  for (const name of ["kind", "by"]) $(name).addEventListener("change", draw);
  $("find").addEventListener("input", draw);
  $("pick").addEventListener("submit", (event) => event.preventDefault());
  $("validate").addEventListener("click", validate);
  $("stop").addEventListener("click", () => guarded(() => follower.stop()));
  const caption = () => `${$("by").value === "fit" ? state.all.commands.fit : `oestra validate --by ${$("by").value}`}. Oestra: ${state.all.disclaimer}`;
  $("save-svg").addEventListener("click", () => saveSvg("oestra-evidence", $("forest"), caption()));
  $("save-png").addEventListener("click", () => savePng("oestra-evidence", $("forest"), caption()));
  $("save-csv").addEventListener("click", () => save("oestra-evidence.csv", csv([["id", "published", "low", "high", "simulated", "simulated_low", "simulated_high", "standard_errors_off", "inside", "confidence", "sources"],
    ...rows().map((one) => [one.id, one.published, one.low, one.high, one.simulated, one.simulated_low, one.simulated_high, one.off, one.inside, one.confidence, one.sources.join(" ")])]), "text/csv"));
  $("save-json").addEventListener("click", () => save("oestra-evidence.json", JSON.stringify(state.all, null, 1), "application/json"));
  linkButton($("copy-link"), $("copied"));
}

async function begin() {
  const query = new URLSearchParams(location.search);
  const all = await guarded(() => ask("/api/evidence"));
  if (!all) return;
  state.all = all;
  $("kind").replaceChildren(...all.kinds.map((one) => make("option", { value: one.id }, one.label)));
  for (const name of ["kind", "by", "find"]) if (query.has(name)) $(name).value = query.get(name);
  if (!$("kind").value) $("kind").value = all.kinds[0].id;
  if (!$("by").value) $("by").value = "fit";
  listen();
  draw();
  drawPredictions();
  drawLimits();
  if (query.get("id")) {
    const one = all.rows.find((row) => row.id === query.get("id"));
    if (one && !query.has("kind")) { $("kind").value = one.kind; draw(); }
    await open(query.get("id"));
  }
  document.body.dataset.ready = "1";
}

begin();
