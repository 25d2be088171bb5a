// Scenarios side by side: chosen trials and those of a file, run and refined while looked at.
import { ask, make, save } from "./api.js";
import { curveRows, drawCurves } from "./curves.js";
import { drawLadder } from "./ladder.js";
import { Follower } from "./follow.js";
import { csv, linkButton, pack, savePng, saveSvg, sourceOf, unpack } from "./saving.js";

const $ = (id) => document.getElementById(id);
const state = { known: null, chosen: [], example: "", result: null, which: "treated", strong: null };
const follower = new Follower();

function problem(text) {
  $("problem").textContent = text;
  $("problem").hidden = !text;
}

async function guarded(work) {
  try { problem(""); return await work(); } catch (error) { problem(error.message); return null; }
}

const shipped = () => state.known.examples.find((one) => one.id === state.example);
const hasFile = () => state.chosen.includes(state.known.file);

async function remember() {
  const own = shipped();
  const same = own && own.yaml === $("yaml").value && own.scenarios.join() === state.chosen.join();
  if (!same) state.example = $("example").value = "";
  const query = new URLSearchParams(same ? { example: own.id } : state.chosen.map((one) => ["scenario", one]));
  for (const name of ["patients", "replicates", "seed"]) query.set(name, $(name).value || "0");
  if ($("parameters").value !== "best") query.set("parameters", $("parameters").value);
  if (state.which !== "treated") query.set("curves", state.which);
  if (state.strong !== null) query.set("strong", state.strong + 1);
  history.replaceState(null, "", `?${query}${!same && hasFile() ? "#file=" + await pack($("yaml").value) : ""}`);
}

function drawChosen() {
  $("chosen").replaceChildren(...state.chosen.map((name, i) => make("li", {}, name === state.known.file ? "scenarios of the file" : name,
    make("button", { type: "button", "aria-label": `Leave out ${name}`, onclick: () => { state.chosen.splice(i, 1); drawChosen(); } }, "×"))));
  const own = shipped();
  $("lead").textContent = own ? own.text : "Trials of the library and scenarios of a file, run on one population; the first is the reference.";
}

function take(example) {
  state.example = example.id;
  state.chosen = [...example.scenarios];
  $("example").value = example.id;
  $("yaml").value = example.yaml;
  drawChosen();
}

async function run() {
  await remember();
  drawChosen();
  const body = { scenario: state.chosen, yaml: hasFile() ? $("yaml").value : "", patients: Number($("patients").value), replicates: Number($("replicates").value), seed: Number($("seed").value), parameters: $("parameters").value };
  const found = await guarded(() => ask("/api/comparisons", { body }));
  if (!found) return;
  state.result = null;
  $("stop").disabled = false;
  const last = await guarded(() => follower.follow(found, seen));
  if (!last) return;
  $("stop").disabled = true;
  if (last.state === "failed") problem(last.error);
  if (last.state === "done") document.body.dataset.ready = String(Number(document.body.dataset.ready || 0) + 1);
}

function seen(one) {
  $("progress").value = one.share;
  if (one.result) draw(one.result);
  const { result } = state;
  const times = result ? `${result.steps.length} of ${result.of} scenarios, ${result.replicates} of ${result.asked} replicates` : "";
  $("told").textContent = { waiting: "Waiting for its turn …", running: times ? `Refining: ${times}` : "Enrolling …", done: `Done: ${times}`, stopped: "Stopped.", failed: "" }[one.state];
}

function draw(result) {
  state.result = result;
  $("headline").textContent = `Hazard ratio of ${result.endpoint}, ${result.steps.length} scenarios`;
  drawLadder($("ladder"), result);
  const known = result.steps.filter((one) => one.published && one.published.source);
  $("legend").replaceChildren((result.replicates >= 5 ? `Dots: median of ${result.replicates} virtual trials${result.sets > 1 ? ` of ${result.sets} parameter sets` : ""}, and where 95 % of them lie.` : "Dots: one virtual trial so far.")
    + (result.steps.some((one) => one.published) ? " Diamonds: published, with the 95 % interval." : ""),
    ...(known.length ? [" Where it is from: ", ...known.flatMap((one, i) => [i ? ", " : "", make("a", { href: sourceOf(one.published.source) }, `${one.id} ${one.published.text}`)]), "."] : []));
  drawAll();
  const [trial, arm] = result.reference;
  const head = ["Scenario", "Arm", "Median, months", "Response, %", "Benefit, %", `Hazard ratio to ${arm} of ${trial}`, "Gain, months"];
  $("arms").replaceChildren(make("thead", {}, make("tr", {}, ...head.map((one, i) => make("th", { scope: "col", class: i < 2 ? "words" : "" }, one)))),
    make("tbody", {}, ...result.arms.map((one) => make("tr", {}, make("td", { class: "words" }, one.trial), make("td", { class: "words" }, one.label), ...["median", "response", "benefit", "ratio", "gain"].map((key) => make("td", {}, one[key]))))));
  $("cautions").replaceChildren(...result.cautions.map((one) => make("li", {}, one)));
  $("command").replaceChildren(hasFile() ? "The same numbers, with the scenarios saved as scenarios.yaml: " : "The same numbers: ", make("code", {}, result.command));
}

// What is drawn: an arm of every scenario, or both arms of one beside the one before.
function chosenCurves(result) {
  const many = result.replicates >= 5, { which } = state;
  const of = (step, i, id, more = {}) => {
    const curve = step.curves.find((one) => one.id === id);
    return curve && { ...curve, lead: [step.id], label: `${step.title}: ${curve.label}`, months: step.months, note: step.hazard_ratio ? `hazard ratio ${step.hazard_ratio.text}` : "", mark: String(i + 1), place: i, ...more };
  };
  if (which === "treated" || which === "control") {
    const key = which === "treated" ? "arm" : "control";
    const strong = state.strong === null ? result.steps.length - 1 : Math.min(state.strong, result.steps.length - 1);
    return result.steps.map((step, i) => of(step, i, step[key] || step.curves[0].id, { strong: i === strong, band: many && i === strong })).filter(Boolean);
  }
  const place = Math.min((Number(which) || 1) - 1, result.steps.length - 1), step = result.steps[place], before = result.steps[place - 1];
  const found = [of(step, place, step.arm || step.curves[0].id, { place: 1, band: many }), of(step, place, step.control, { place: 0, band: many, note: "" })];
  if (before) found.push(of(before, place - 1, before.arm || before.curves[0].id, { place: 4, faint: true }), of(before, place - 1, before.control, { place: 7, faint: true, note: "" }));
  return found.filter(Boolean);
}

function drawAll() {
  const { result } = state;
  if (!result) return;
  const each = result.steps.map((one, i) => [String(i + 1), `both arms of ${i + 1}, ${one.id}${i ? `, beside ${i}` : ""}`]);
  const offered = [["treated", "what each scenario tries"], ["control", "what each compares it with"], ...each];
  if (!offered.some(([value]) => value === state.which) && result.steps.length === result.of) state.which = "treated";
  if ($("which").options.length !== offered.length) $("which").replaceChildren(...offered.map(([value, words]) => make("option", { value }, words)));
  $("which").value = state.which;
  const all = state.which === "treated" || state.which === "control";
  const choose = all ? (i) => { state.strong = i; remember(); drawAll(); } : undefined;
  drawCurves($("curves"), chosenCurves(result), { title: `${result.endpoint} of the scenarios`, choose, caption: `${result.endpoint}, share without event` });
  $("curves-told").textContent = `${result.replicates > 1 ? `Lines are means over ${result.replicates} trials${result.sets > 1 ? ` of ${result.sets} parameter sets` : ""}` : "One trial so far"}${result.replicates >= 5 ? `; ${all ? "the band of the chosen one holds" : "bands hold"} 95 % of them at any one time` : ""}. A curve ends where few patients are at risk.${all && result.replicates >= 5 ? " Choose a scenario beneath the curves to see its band." : ""}`;
}

function allCurves() {
  return state.result.steps.flatMap((step) => step.curves.map((one) => ({ ...one, lead: [step.id], months: step.months })));
}

function table() {
  const rows = [["scenario", "title", "arm", "control", "hazard_ratio", "low", "high", "published", "published_low", "published_high", "changes"]];
  for (const one of state.result.steps) {
    const ratio = one.hazard_ratio || {}, known = one.published || {};
    rows.push([one.id, one.title, one.arm, one.control, ratio.estimate, ratio.low, ratio.high, known.estimate, known.low, known.high, one.changes.join("; ")]);
  }
  return rows;
}

function listen() {
  $("form").addEventListener("submit", (event) => { event.preventDefault(); run(); });
  $("example").addEventListener("change", (event) => { const one = state.known.examples.find((e) => e.id === event.target.value); if (one) { take(one); run(); } });
  $("add").addEventListener("change", (event) => { if (event.target.value) state.chosen.push(event.target.value); event.target.value = ""; drawChosen(); });
  $("take").addEventListener("click", () => { if (!hasFile()) state.chosen.push(state.known.file); drawChosen(); });
  $("stop").addEventListener("click", () => guarded(() => follower.stop()));
  const caption = () => `${state.result.command}. Oestra: ${state.result.disclaimer}`;
  const given = (work) => () => state.result && work();
  $("save-svg").addEventListener("click", given(() => saveSvg("oestra-compare", $("ladder"), caption())));
  $("save-png").addEventListener("click", given(() => savePng("oestra-compare", $("ladder"), caption())));
  $("save-csv").addEventListener("click", given(() => save("oestra-compare.csv", csv(table()), "text/csv")));
  $("save-json").addEventListener("click", given(() => save("oestra-compare.json", JSON.stringify(state.result, null, 1), "application/json")));
  $("which").addEventListener("change", (event) => { state.which = event.target.value; remember(); drawAll(); });
  addEventListener("resize", drawAll);
  $("save-curves").addEventListener("click", () => state.result && saveSvg("oestra-curves", $("curves"), caption()));
  $("save-curves-png").addEventListener("click", () => state.result && savePng("oestra-curves", $("curves"), caption()));
  $("save-curves-csv").addEventListener("click", () => state.result && save("oestra-curves.csv", csv([["scenario", "arm", "months", "event_free", "low", "high"], ...curveRows(allCurves())]), "text/csv"));
  $("save-yaml").addEventListener("click", () => save("scenarios.yaml", $("yaml").value, "text/yaml"));
  linkButton($("copy-link"), $("copied"), remember);
}

async function begin() {
  const query = new URLSearchParams(location.search);
  for (const name of ["patients", "replicates", "seed"]) if (/^\d+$/.test(query.get(name) || "")) $(name).value = query.get(name) === "0" && name === "patients" ? "" : query.get(name);
  if (query.get("parameters") === "ensemble") $("parameters").value = "ensemble";
  if (query.has("curves")) state.which = query.get("curves");
  if (/^[1-8]$/.test(query.get("strong") || "")) state.strong = Number(query.get("strong")) - 1;
  const [known, listed] = await Promise.all([guarded(() => ask("/api/comparisons")), guarded(() => ask("/api/trials"))]);
  if (!known || !listed) return;
  state.known = known;
  for (const one of known.examples) $("example").append(make("option", { value: one.id }, one.title));
  for (const one of listed.trials) $("add").append(make("option", { value: one.id, title: one.title }, one.id));
  const own = known.examples.find((one) => one.id === query.get("example"));
  if (query.has("scenario") && !own) {
    state.chosen = query.getAll("scenario");
    const file = location.hash.match(/^#file=([\w-]+)$/);
    if (file) $("yaml").value = await guarded(() => unpack(file[1]).catch(() => { throw new Error("The file in this address cannot be read."); })) || "";
    $("example").value = "";
    drawChosen();
  } else take(own || known.examples[0]);
  listen();
  run();
}

begin();
