// A line of hers, opened: as practice gave it, or what if she took another regimen there.
import { ask, digits, make, save } from "./api.js";
import { complete, regimenOffers } from "./completion.js";
import { drawLine } from "./line-figure.js";
import { csv, savePng, saveSvg } from "./saving.js";

const $ = (id) => document.getElementById(id);
let life = null, found = null, asking = null, tried = [], place = "", remember = () => {};

export function aheadQuery() {
  const regimen = $("regimen").value.trim();
  return [...($("line").value ? [["line", $("line").value]] : []), ...(regimen ? [["regimen", regimen]] : [])];
}

function problem(text) {
  $("line-problem").textContent = text;
  $("line-problem").hidden = !text;
}

function months(day) {
  return day === null ? "–" : (day / found.days_per_month).toFixed(1);
}

const SETTINGS = ["first line", "second line", "third line"];

// Which line for metastases one is; 0 for an adjuvant therapy.
export function placeOf(line) {
  return SETTINGS.indexOf(line.setting) + 1;
}

function lived(line) {
  return life.lines.find((each) => placeOf(each) === line);
}

function taken(line) {
  return lived(line)?.regimen ?? "";
}

// Shows one of her lines as practice gave it.
export function openLine(line) {
  $("line").value = line;
  $("regimen").value = "";
  followHer();
  $("ahead").scrollIntoView({ block: "start" });
  $("what-if-title").focus({ preventScroll: true });
}

function want(regimen, signal) {
  const query = new URLSearchParams({ seed: life.seed, regimen });
  return ask(`/api/patients/${life.patient}/lines/${$("line").value}`, { query, signal });
}

async function followHer() {
  if (asking) asking.abort();
  asking = new AbortController();
  const { signal } = asking, line = Number($("line").value), regimen = $("regimen").value.trim();
  remember();
  try {
    const here = `${life.patient}/${life.seed}/${line}`;
    if (here !== place) { tried = []; place = here; }
    const practice = taken(line);
    if (practice && !tried.some((one) => one.regimen === practice)) keep(await want(practice, signal));
    if (regimen || !practice) { const one = await want(regimen, signal); keep(one); found = one; } else found = tried.find((one) => one.regimen === practice);
    problem("");
    $("told").hidden = false;
    tell();
    document.body.dataset.line = String(Number(document.body.dataset.line || 0) + 1);
  } catch (error) {
    if (error.name === "AbortError") return;
    problem(error.message);
    $("told").hidden = true;
    $("outcome").textContent = "";
  }
}

function keep(one) {
  if (!tried.some((each) => each.regimen === one.regimen)) tried.push(one);
}

function head(...names) {
  return make("thead", {}, make("tr", {}, ...names.map((name, i) => make("th", { scope: "col", class: i ? "" : "words" }, name))));
}

function rows(table, names, content) {
  table.replaceChildren(head(...names), make("tbody", {}, ...content.map((cells) => make("tr", {}, ...cells.map((cell) => make("td", {}, String(cell)))))));
}

const WHY = { scan: "progression on a scan", symptoms: "symptoms of progression", death: "death", "end of follow-up": "nobody looks further" };

function least(one) {
  const changes = one.visits.slice(1).map((visit) => visit.change_percent).filter((value) => value !== null);
  return changes.length ? `${Math.min(...changes).toFixed(0)} %` : "–";
}

function tell() {
  const last = found.ended_by === "end of follow-up" ? months(found.end_day) : (25 * found.days_per_year / found.days_per_month).toFixed(0);
  const dead = found.death_day === null ? `She is alive after ${last} months.` : found.ended_by === "death" ? "" : `She dies after ${months(found.death_day)} months, with the lines that follow.`;
  const harmed = [
    ...(found.reduce_day !== null ? [`doses are lowered for harm after ${months(found.reduce_day)} months`] : []),
    ...(found.stop_day !== null ? [`harm stops the drugs after ${months(found.stop_day)} months`] : []),
  ].join("; ");
  const given = tried.find((one) => one.regimen === one.taken && one.regimen !== found.regimen), same = found.regimen === found.taken;
  const here = same && lived(found.line), until = here ? here.end_day - here.start_day : null;
  $("what-if-title").textContent = same ? `Line ${found.line}, as practice gave it` : `Line ${found.line}, what if`;
  $("outcome").textContent = `Line ${found.line}, ${found.regimen}: best response ${found.best_response}; the line ends after ${months(found.end_day)} months (${WHY[found.ended_by]}).${harmed ? ` ${harmed[0].toUpperCase()}${harmed.slice(1)}.` : ""} ${dead}${until === null ? "" : ` In her life practice went on after ${months(until)} months.`}`;
  drawLine($("from-line"), $("line-legend"), found, { given, until });
  $("from-line").setAttribute("aria-label", `Lesions, scans, clones and drug levels. ${$("outcome").textContent}`);
  rows($("tried"), ["Regimen", "Best response", "Sum at its least", "Line ends, months", "Because of", "ESR1-mutant at its end", "Death, months"],
    tried.map((one) => [one.regimen + (one.regimen === one.taken ? " (as practice gave)" : ""), one.best_response, least(one), months(one.end_day), WHY[one.ended_by], `${digits(one.visits[one.visits.length - 1].esr1_percent)} %`, months(one.death_day)]));
  rows($("visits"), ["Day", "Sum, mm", "Change", "RECIST 1.1", "ESR1-mutant", "ESR1 copies in a tube"],
    found.visits.map((one) => [one.day, one.sum_mm === null ? "–" : one.sum_mm.toFixed(1), one.change_percent === null ? "–" : `${one.change_percent.toFixed(0)} %`, one.response + (one.new_lesion ? ", new lesion" : ""), `${digits(one.esr1_percent)} %`, one.esr1_copies]));
  if (found.events.length) rows($("events"), ["Event", "Grade", "Day", "Drug", "Drug was"], found.events.map((one) => [one.term, one.grade, Math.round(one.onset_day), one.drug, { none: "given on", interruption: "held", "dose step": "lowered", stop: "stopped" }[one.action] || one.action]));
  else rows($("events"), ["None while she takes these drugs"], []);
  $("line-command").replaceChildren("The same numbers: ", make("code", {}, found.command));
}

// The lines of the patient who is shown; what is in the form stays where she has that line.
export function lookAhead(next) {
  life = next;
  $("ahead").hidden = !life.choices;
  if (!life.choices) { $("line").replaceChildren(); return; }
  const wanted = Math.min(Number($("line").dataset.wanted || $("line").value || 1), life.choices);
  delete $("line").dataset.wanted;
  $("line").replaceChildren(...Array.from({ length: life.choices }, (_, i) => make("option", { value: i + 1, selected: i + 1 === wanted }, `${i + 1}, year ${(life.happenings[i].day / life.days_per_year).toFixed(1)}: ${taken(i + 1) || "nothing given"}`)));
  followHer();
}

export function beginAhead(query, whenChosen) {
  remember = whenChosen;
  if (/^[1-4]$/.test(query.get("line") || "")) $("line").dataset.wanted = query.get("line");
  $("line").append(make("option", { value: $("line").dataset.wanted || 1 }, ""));
  $("regimen").value = query.get("regimen") || "";
  $("what-if").addEventListener("submit", (event) => { event.preventDefault(); if (life) followHer(); });
  $("line").addEventListener("change", () => life && followHer());
  $("as-given").addEventListener("click", () => { $("regimen").value = ""; if (life) followHer(); });
  ask("/api/regimens").then((known) => complete($("regimen"), regimenOffers(known))).catch(() => {});
  const name = () => `oestra-patient-${found.patient}-line-${found.line}`;
  const caption = () => `${found.command}. Oestra: ${found.disclaimer}`;
  $("save-line-svg").addEventListener("click", () => found && saveSvg(name(), $("from-line"), caption()));
  $("save-line-png").addEventListener("click", () => found && savePng(name(), $("from-line"), caption()));
  $("save-line-csv").addEventListener("click", () => { if (!found) return; const names = Object.keys(found.visits[0]); save(`${name()}.csv`, csv([names, ...found.visits.map((one) => names.map((each) => one[each]))]), "text/csv"); });
  $("save-line-json").addEventListener("click", () => found && save(`${name()}.json`, JSON.stringify(found, null, 1), "application/json"));
}
