// The bench: a trial as a form and as YAML, run in the background, refined while looked at.
import { ask, make, save } from "./api.js";
import { complete, regimenOffers } from "./completion.js";
import { curveRows, drawCurves } from "./curves.js";
import { buildCriteria, criteriaChanges, criteriaWritten, showCriteria } from "./eligibility.js";
import { Follower } from "./follow.js";
import { drawBounds, drawTests, lookRows, showTests, testChanges, unfold } from "./looks.js";
import { csv, linkButton, pack, savePng, saveSvg, sourceOf, unpack } from "./saving.js";

const $ = (id) => document.getElementById(id);
const follower = new Follower();
let offers = () => [], completions = [];
const state = { yaml: "", form: null, shipped: "", edited: false, result: null };

function problem(text) {
  $("problem").textContent = text;
  $("problem").hidden = !text;
}

async function guarded(work) {
  try { problem(""); return await work(); } catch (error) { problem(error.message); return null; }
}

async function remember() {
  const query = new URLSearchParams({ trial: state.shipped, patients: $("patients").value || "0", replicates: $("replicates").value, seed: $("seed").value });
  if ($("parameters").value !== "best") query.set("parameters", $("parameters").value);
  const hash = state.edited ? "#file=" + await pack(state.yaml) : "";
  history.replaceState(null, "", `?${query}${hash}`);
}

function show(found) {
  state.yaml = found.yaml;
  state.form = found.form;
  $("yaml").value = found.yaml;
  $("title").textContent = found.form.title;
  $("interval").value = found.form.interval_weeks ?? "";
  $("interval").placeholder = found.form.interval_weeks === null ? "several" : "";
  $("accrual").value = found.form.accrual_months;
  $("cut").value = found.form.data_cut_months;
  showCriteria(found.form);
  $("definitions").replaceChildren(...Object.entries(found.form.definitions).map(([name, text]) => make("div", {}, make("code", {}, name), ` ${text}`)));
  $("defined").hidden = !Object.keys(found.form.definitions).length;
  showArms(found.form.arms);
  showTests(found.form.analysis);
  $("trial").value = state.shipped;
}

// Fields are made anew only for other arms, so that whoever types in one stays there.
function showArms(arms) {
  const inputs = [...$("arms").querySelectorAll("[data-key]")], key = JSON.stringify(arms.map(({ label, simple }) => [label, simple]));
  if ($("arms").dataset.arms === key) {
    for (const input of inputs) { const [, place, name] = input.dataset.key.split("."); input.value = arms[place][name]; }
    return;
  }
  $("arms").dataset.arms = key;
  for (const remove of completions) remove();
  $("arms").replaceChildren(...arms.map((arm, i) => make("fieldset", { class: `tone-${i % 8}` },
    make("legend", {}, arm.label),
    make("div", { class: "row" },
      make("label", {}, "Regimen", make("input", { type: "text", value: arm.regimen, disabled: !arm.simple, spellcheck: "false", "data-key": `arms.${i}.regimen`, "aria-label": `Regimen of ${arm.label}` })),
      make("label", {}, "Patients", make("input", { type: "number", value: arm.n, min: 1, "data-key": `arms.${i}.n`, "aria-label": `Patients of ${arm.label}` }))))));
  completions = [...$("arms").querySelectorAll("input[type=text]:not(:disabled)")].map((input) => complete(input, (typed) => offers(typed)));
}

function changes() {
  const { form } = state, found = [];
  const differs = (key, written, now) => { if (String(written) !== String(now)) found.push(`${key}=${written}`); };
  for (const input of $("arms").querySelectorAll("[data-key]")) {
    const [, place, key] = input.dataset.key.split(".");
    if (!input.disabled) differs(input.dataset.key, input.value.trim(), form.arms[place][key]);
  }
  if ($("interval").value !== "") differs("visits.interval_weeks", $("interval").value, form.interval_weeks);
  differs("accrual_months", $("accrual").value, form.accrual_months);
  differs("data_cut_months", $("cut").value, form.data_cut_months);
  return [...found, ...criteriaChanges(form), ...testChanges(form.analysis)];
}

const fields = () => JSON.stringify([...$("form").querySelectorAll("input, select, #eligibility")].map((one) => (["checkbox", "radio"].includes(one.type) ? one.checked : one.value)));
let written = Promise.resolve(true);

// The form into the file, one change after the other. Returns whether it fits.
function write() {
  written = written.then(writeOnce);
  return written;
}

async function writeOnce() {
  const set = changes();
  if (!set.length) return true;
  const before = fields();
  const found = await guarded(() => ask("/api/design", { body: { yaml: state.yaml, set } }));
  if (!found) return false;
  state.edited = true;
  criteriaWritten(set);
  if (fields() === before) { show(found); await remember(); return true; }
  // What was changed in the meantime is kept, and written too.
  state.yaml = found.yaml;
  state.form = found.form;
  $("yaml").value = found.yaml;
  showCriteria(found.form, { all: false });
  return writeOnce();
}

async function readFile() {
  const found = await guarded(() => ask("/api/design", { body: { yaml: $("yaml").value, set: [] } }));
  if (!found) return false;
  state.edited = state.edited || found.yaml !== state.yaml;
  show(found);
  await remember();
  return true;
}

async function load(name) {
  const found = await guarded(() => ask(`/api/trials/${encodeURIComponent(name)}`));
  if (!found) return false;
  state.shipped = found.form.id;
  state.edited = false;
  show(found);
  return true;
}

async function run() {
  if ($("yaml").value !== state.yaml ? !(await readFile()) : !(await write())) return;
  await remember();
  const body = { patients: Number($("patients").value), replicates: Number($("replicates").value), seed: Number($("seed").value), parameters: $("parameters").value };
  const what = state.edited ? { yaml: state.yaml } : { trial: state.shipped };
  const began = performance.now();
  const found = await guarded(() => ask("/api/runs", { body: { ...what, ...body } }));
  if (!found) return;
  $("stop").disabled = false;
  await follow(found, began);
}

async function follow(found, began) {
  let known = 0, first = "";
  const last = await guarded(() => follower.follow(found, (one) => {
    $("progress").value = one.share;
    if (one.result) {
      known = one.result.replicates;
      first = first || `first curve after ${((performance.now() - began) / 1000).toFixed(1)} s`;
      draw(one.result);
    }
    const times = known ? `${known} of ${$("replicates").value} replicates, ${first}` : "";
    $("told").textContent = { waiting: "Waiting for its turn …", running: known ? `Refining: ${times}` : "Enrolling …", done: `Done: ${times}`, stopped: `Stopped. ${times}`, failed: "" }[one.state];
  }));
  if (!last) return;
  $("stop").disabled = true;
  if (last.state === "failed") problem(last.error);
  if (last.state === "done") document.body.dataset.ready = String(Number(document.body.dataset.ready || 0) + 1);
}

function draw(result) {
  state.result = result;
  $("headline").textContent = `${result.trial}: ${result.endpoint} of ${result.patients} virtual patients`;
  const ratio = result.rows.filter((one) => one.control && one.estimate !== null && one.name.endsWith(result.endpoint));
  $("ratio").textContent = ratio.map((one) => `Hazard ratio ${one.simulated}${one.published ? `, published ${one.published}` : ""}: ${one.arm} against ${one.control}`).join(". ");
  drawPlot(result);
  const sets = result.sets > 1 ? ` of ${result.sets} parameter sets` : "";
  const lines = result.replicates > 1 ? `Lines are means over ${result.replicates} trials${sets}` : "One trial so far";
  $("band").textContent = lines + (result.replicates >= 5 ? "; bands hold 95 % of them at any one time" : "")
    + (result.curves.some((one) => one.published_median !== null) ? ". Diamonds are the published medians." : ".");
  tellScreening(result.screening);
  drawTests(result);
  table($("rows"), result.rows, ["Endpoint", "Arm"], (one) => [one.name, one.control ? `${one.arm} against ${one.control}` : one.arm]);
  $("sub").hidden = !result.subgroups.length;
  table($("subgroups"), result.subgroups, ["Subgroup", "Comparison"], (one) => [one.stratum, `${one.arm} against ${one.control}`]);
  $("cautions").replaceChildren(...result.cautions.map((one) => make("li", {}, one)));
  $("command").replaceChildren("The same numbers: ", make("code", {}, result.command));
}

function tellScreening(found) {
  const share = (percent) => (percent > 0 && percent < 0.05 ? "< 0.1 %" : `${percent.toFixed(1)} %`);
  const out = Object.entries(found.excluded_percent).map(([criterion, percent]) => `${criterion}: ${share(percent)}`);
  $("screened").textContent = `${share(found.eligible_percent)} of ${found.screened.toLocaleString("en")} times at which a virtual patient could enroll are eligible.${out.length ? ` Taken out, one after the other: ${out.join("; ")}.` : ""}`;
}

function table(box, rows, heads, lead) {
  const head = [...heads, "Simulated", "Published", "Verdict"];
  box.replaceChildren(make("thead", {}, make("tr", {}, ...head.map((one, i) => make("th", { scope: "col", class: i < 2 ? "words" : "" }, one)))),
    make("tbody", {}, ...rows.map((one) => {
      const [a, b] = lead(one);
      return make("tr", {}, make("td", { class: "words" }, a), make("td", { class: "words" }, b), make("td", { class: "whole" }, one.simulated), make("td", { class: "whole" }, one.source ? make("a", { href: sourceOf(one.source), title: "Where it is from" }, one.published) : one.published),
        make("td", {}, one.verdict ? make("span", { class: `verdict ${one.verdict}` }, one.verdict) : ""));
    })));
}

function drawn(result) {
  return result.curves.map((one, i) => ({ ...one, months: result.months, place: i, band: result.replicates >= 5, median: one.published_median }));
}

function drawPlot(result) {
  drawCurves($("plot"), drawn(result), { title: `${result.endpoint} of ${result.trial}`, caption: `${result.endpoint}, share without event` });
}

function rows(result) {
  return [["population", "endpoint", "arm", "control", "simulated", "low", "high", "published", "verdict"],
    ...[...result.rows, ...result.subgroups].map((one) => [one.stratum, one.name, one.arm, one.control, one.estimate, one.low, one.high, one.published, one.verdict])];
}

function listen() {
  $("form").addEventListener("submit", (event) => { event.preventDefault(); run(); });
  $("trial").addEventListener("change", async (event) => { if (await load(event.target.value)) run(); });
  $("form").addEventListener("change", (event) => { if (event.target.closest("#arms, .pair, #who, #tests") && !["patients", "replicates", "seed"].includes(event.target.id)) write(); });
  $("tests").addEventListener("change", unfold);
  $("read").addEventListener("click", readFile);
  $("reset").addEventListener("click", () => load(state.shipped).then((done) => done && remember()));
  $("stop").addEventListener("click", () => guarded(() => follower.stop()));
  $("save-csv").addEventListener("click", () => state.result && save(`${state.result.trial}-curves.csv`, csv([["arm", "months", "event_free", "low", "high"], ...curveRows(drawn(state.result))]), "text/csv"));
  const caption = () => `${state.result.command}. Oestra: ${state.result.disclaimer}`;
  $("save-svg").addEventListener("click", () => state.result && saveSvg(`${state.result.trial}-curves`, $("plot"), caption()));
  $("save-png").addEventListener("click", () => state.result && savePng(`${state.result.trial}-curves`, $("plot"), caption()));
  $("save-table").addEventListener("click", () => state.result && save(`${state.result.trial}-endpoints.csv`, csv(rows(state.result)), "text/csv"));
  $("save-looks").addEventListener("click", () => state.result && save(`${state.result.trial}-looks.csv`, csv(lookRows(state.result)), "text/csv"));
  $("save-json").addEventListener("click", () => state.result && save(`${state.result.trial}.json`, JSON.stringify(state.result, null, 1), "application/json"));
  $("save-yaml").addEventListener("click", () => save(`${state.form.id}.yaml`, state.yaml, "text/yaml"));
  linkButton($("copy-link"), $("copied"), remember);
  addEventListener("resize", () => { if (state.result) { drawPlot(state.result); if (state.result.analyses) drawBounds($("bounds"), state.result.analyses); } });
}

async function begin() {
  const query = new URLSearchParams(location.search);
  for (const name of ["patients", "replicates", "seed"]) if (/^\d+$/.test(query.get(name) || "")) $(name).value = query.get(name) === "0" && name === "patients" ? "" : query.get(name);
  if (query.get("parameters") === "ensemble") $("parameters").value = "ensemble";
  const asked = await guarded(() => Promise.all([ask("/api/trials"), ask("/api/criteria")]));
  if (!asked) return;
  const [listed, { groups }] = asked;
  buildCriteria(groups);
  for (const one of listed.trials) $("trial").append(make("option", { value: one.id, title: one.title }, `${one.id} — ${one.title}`.slice(0, 90)));
  if (!(await load(query.get("trial") || listed.opens_with))) return;
  const file = location.hash.match(/^#file=([\w-]+)$/);
  if (file) {
    const text = await guarded(() => unpack(file[1]).catch(() => { throw new Error("The file in this address cannot be read."); }));
    const found = text && await guarded(() => ask("/api/design", { body: { yaml: text, set: [] } }));
    if (found) { state.edited = true; show(found); }
  }
  listen();
  run();
  ask("/api/regimens").then((known) => { offers = regimenOffers(known, { ovaries: true }); }).catch(() => {});
}

begin();
