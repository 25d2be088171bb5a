// Mechanisms of resistance: cells under each strategy, the signal, failures in trials.
import { ask, digits, make, placeOfView, save } from "./api.js";
import { Follower } from "./follow.js";
import { drawLeading, drawMatrix, drawSignals, legend } from "./resistance-figures.js";
import { csv, linkButton, savePng, saveSvg } from "./saving.js";

const $ = (id) => document.getElementById(id);
const state = { all: null, chosen: null, failures: null, name: "her2", variant: "" };
const follower = new Follower();

function problem(text) {
  $("problem").textContent = text;
  $("problem").hidden = !text;
}

async function guarded(work) {
  try { problem(""); return await work(); } catch (error) { problem(error.message); return null; }
}

function remember() {
  const query = new URLSearchParams({ mechanism: state.name });
  if (state.variant) query.set("variant", state.variant);
  query.set("trial", $("trial").value);
  query.set("seed", $("seed").value);
  history.replaceState(null, "", "?" + query);
}

async function choose(name, variant = "") {
  const found = await guarded(() => ask(`/api/resistance/${encodeURIComponent(name)}`, { query: new URLSearchParams({ variant }) }));
  if (!found) return;
  Object.assign(state, { chosen: found, name: found.mechanism, variant: variant ? found.variant : "" });
  remember();
  draw();
  document.body.dataset.chosen = found.mechanism;
  const row = await guarded(() => ask(`/api/rows/${found.row}`));
  if (row && state.chosen === found) drawRow(row);
}

function drawRow(row) {
  $("row-title").textContent = `Row ${row.number} of the review's biology: ${row.name}`;
  $("row").replaceChildren(...row.checks.map((one) => make("li", { class: one.holds ? "" : "fails" },
    `${one.holds ? "✓" : "✗"} ${one.measure}: ${digits(one.measured)}, expected ${one.expected}; without the mechanism ${digits(one.without)} `, make("span", { class: "why" }, `(${one.why})`))));
  $("row-command").replaceChildren(make("code", {}, row.command));
}

function draw() {
  const { all, chosen } = state;
  drawMatrix($("matrix"), all, chosen, choose);
  const known = all.mechanisms.find((one) => one.mechanism === chosen.mechanism);
  $("mechanism").textContent = chosen.title;
  $("says").textContent = chosen.says;
  $("variant").replaceChildren(...known.variants.map((one) => make("option", { value: one.id, selected: one.id === chosen.variant }, one.label)));
  $("variant").disabled = known.variants.length < 2;
  $("stands").textContent = `${chosen.cells[0]} beside ${chosen.cells[1]}.`;
  drawSignals($("signals"), all, chosen);
  const shown = all.strategies.filter((one) => chosen.network[one.id]);
  $("network").replaceChildren(...(shown.length ? ["Both in the network: ", ...shown.flatMap((one, i) => [i ? ", " : "", make("a", { href: `${placeOfView("")}?${chosen.network[one.id]}` }, one.label)])] : []));
  $("commands").replaceChildren("The same numbers: ", ...chosen.commands.flatMap((one) => [make("code", {}, one), " "]));
  drawFailures();
}

function drawFailures() {
  const found = state.failures;
  if (!found) return;
  const mine = found.mechanisms.find((one) => one.id === state.name);
  $("trial-title").textContent = `${found.trial}: what grows at progression`;
  drawLeading($("leading"), found, mine.clone);
  legend($("legend"), found);
  const shares = found.arms.map((arm) => `${Math.round(arm.leading_percent[mine.clone] ?? 0)} % on ${arm.label}`);
  $("share").textContent = mine.clone
    ? `${mine.title}: clones of the kind “${found.clones[mine.clone]}” lead in ${shares.join(", ")}.`
    : `${mine.title} is no property of a clone: the table tells its carriers.`;
  const carried = found.mechanisms.filter((one) => one.carriers);
  $("carriers").replaceChildren(
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Who has it, percent"), ...found.arms.map((arm) => make("th", { scope: "col" }, arm.label)))),
    make("tbody", {}, ...carried.map((one) => make("tr", { class: one.id === state.name ? "chosen" : "" }, make("td", {}, `${one.title}: ${one.who}`),
      ...found.arms.map((arm) => { const [whole, early] = arm.carriers_percent[one.carriers]; return make("td", {}, `${Math.round(whole)} enrolled, ${early === null ? "–" : Math.round(early)} of early failures`); })))));
  $("rules").textContent = `${found.arms[0].patients} virtual patients who stand for those of the trial, in every arm the same. Progression within ${found.months} months, looked for every four weeks; early is within ${found.early_months} months. Nobody stops for harm.`;
  $("trial-command").replaceChildren("The same numbers: ", make("code", {}, found.command));
}

async function fail() {
  remember();
  const found = await guarded(() => ask("/api/failures", { body: { trial: $("trial").value, seed: Number($("seed").value) } }));
  if (!found) return;
  const last = await guarded(() => follower.follow(found, (one) => {
    $("progress").value = one.share;
    $("told").textContent = { waiting: "Waiting for its turn …", running: "Following patients …", done: "Done.", stopped: "Stopped.", failed: "" }[one.state];
    if (one.result) { state.failures = one.result; drawFailures(); }
  }));
  if (last && last.state === "failed") problem(last.error);
  if (last && last.state === "done") document.body.dataset.ready = String(Number(document.body.dataset.ready || 0) + 1);
}

function table() {
  const rows = [["what", "mechanism", "form", "strategy_or_arm", "name", "with", "without", "unit"]];
  for (const one of state.all.mechanisms) {
    for (const [strategy, pair] of Object.entries(one.strategies)) {
      rows.push(["cells", one.mechanism, one.variant, strategy, "divisions_left", pair.with.divisions_left_percent, pair.without.divisions_left_percent, "%"],
        ["cells", one.mechanism, one.variant, strategy, "growth", pair.with.growth_per_day, pair.without.growth_per_day, "1/day"]);
    }
  }
  for (const [strategy, pair] of Object.entries(state.chosen.strategies)) {
    for (const [name, value] of Object.entries(pair.with.signals)) rows.push(["signal", state.chosen.mechanism, state.chosen.variant, strategy, name, value, pair.without.signals[name], ""]);
  }
  for (const arm of state.failures ? state.failures.arms : []) {
    for (const [clone, share] of Object.entries(arm.leading_percent)) rows.push([state.failures.trial, "", "", arm.arm, `led by ${clone}`, share, "", "%"]);
  }
  return rows;
}

function listen() {
  $("variant").addEventListener("change", (event) => choose(state.name, event.target.value));
  $("ask").addEventListener("submit", (event) => { event.preventDefault(); fail(); });
  $("trial").addEventListener("change", fail);
  const caption = (command) => `${command}. Oestra: ${state.all.disclaimer}`;
  $("save-svg").addEventListener("click", () => saveSvg("oestra-resistance", $("matrix"), caption(state.all.command)));
  $("save-png").addEventListener("click", () => savePng("oestra-resistance", $("matrix"), caption(state.all.command)));
  $("save-signals").addEventListener("click", () => saveSvg(`oestra-${state.name}`, $("signals"), caption(state.chosen.commands[0])));
  $("save-csv").addEventListener("click", () => save("oestra-resistance.csv", csv(table()), "text/csv"));
  $("save-json").addEventListener("click", () => save("oestra-resistance.json", JSON.stringify({ ...state.all, chosen: state.chosen, failures: state.failures }, null, 1), "application/json"));
  linkButton($("copy-link"), $("copied"));
}

async function begin() {
  const query = new URLSearchParams(location.search);
  if (/^\d+$/.test(query.get("seed") || "")) $("seed").value = query.get("seed");
  const [all, listed] = await Promise.all([guarded(() => ask("/api/resistance")), guarded(() => ask("/api/trials"))]);
  if (!all || !listed) return;
  state.all = all;
  for (const one of listed.trials) $("trial").append(make("option", { value: one.id, title: one.title }, one.id));
  $("trial").value = query.get("trial") || listed.opens_with;
  if (!$("trial").value) $("trial").value = listed.opens_with;
  $("fit").textContent = all.fit;
  await choose(query.get("mechanism") || "her2", query.get("variant") || "");
  if (!state.chosen) await choose("her2");
  listen();
  fail();
}

begin();
