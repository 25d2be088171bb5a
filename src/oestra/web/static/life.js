// One life: therapies above the cells of each clone, and what happened when.
import { ask, digits, make, save } from "./api.js";
import { DASHES, count } from "./clones.js";
import { aheadQuery, beginAhead, lookAhead, openLine, placeOf } from "./what-if.js";
import { linkButton, savePng, saveSvg } from "./saving.js";

const $ = (id) => document.getElementById(id);
const WIDTH = 1180, LEFT = 78, RIGHT = 24, TOP = 26, ROW = 26, DEEP = 330;
const WORDS = { luminal_a: "luminal A", her2_positive: "HER2-positive", er_h_score: "ER H-score", pgr_positive: "PgR-positive", pik3ca: "PIK3CA", pten_loss: "PTEN lost", inpp4b_loss: "INPP4B lost",
  akt1_mutant: "AKT1 mutant", ccnd1_amplified: "CCND1 amplified", cyp2d6: "CYP2D6", doubling_time_days: "untreated doubling time, days", age_years: "age, years", weight_kg: "weight, kg", adherence: "share of tablets taken",
  de_novo_stage_iv: "stage IV at diagnosis", adjuvant_therapy: "adjuvant therapy", adjuvant_years: "adjuvant years", egfr: "EGFR, relative", igf1r: "IGF-1R, relative", erbb2: "HER2, relative", drive_estrogen: "drive by estrogen, relative", drive_growth_factor: "drive by growth factors, relative" };
let life = null, asking = null;

function problem(text) {
  $("problem").textContent = text;
  $("problem").hidden = !text;
}

function remember() {
  const query = new URLSearchParams({ number: $("number").value, seed: $("seed").value });
  if ($("late").checked) query.set("from", "metastasis");
  for (const [name, value] of aheadQuery()) query.set(name, value);
  history.replaceState(null, "", "?" + query);
}

async function show() {
  if (asking) asking.abort();
  asking = new AbortController();
  remember();
  try {
    const number = encodeURIComponent($("number").value || "none");
    life = await ask(`/api/patients/${number}`, { query: new URLSearchParams({ seed: $("seed").value }), signal: asking.signal });
    problem("");
    draw();
    tell();
    // Where it does not fit, what is seen first is how it ended.
    const box = $("course").parentElement;
    box.scrollLeft = box.scrollWidth;
    lookAhead(life);
    document.body.dataset.ready = String(Number(document.body.dataset.ready || 0) + 1);
  } catch (error) {
    if (error.name !== "AbortError") problem(error.message);
  }
}

function years(day) {
  return (day / life.days_per_year).toFixed(1);
}

// Clones that ever had a cell, the largest first.
function clones() {
  return Object.entries(life.cells).filter(([name, cells]) => name !== "day" && Math.max(...cells) >= 1)
    .sort((a, b) => Math.max(...b[1]) - Math.max(...a[1]));
}

// A line for metastases is opened by what stands for it: lesions, scans, levels and harm under what practice gave.
function opener(line, ...parts) {
  const go = () => openLine(placeOf(line));
  return make("g", { class: "opens", role: "button", tabindex: 0, "aria-label": `Open the ${line.setting}: ${line.regimen}`, onclick: go,
    onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); go(); } } }, ...parts);
}

function draw() {
  const days = life.cells.day, end = days[days.length - 1];
  const first = life.happenings.length && $("late").checked ? Math.max(0, life.happenings[0].day - 0.04 * end) : 0;
  const rows = Math.max(life.lines.length, 1);
  const top = TOP + rows * ROW + 18;
  const height = top + DEEP + 44;
  const x = (day) => LEFT + ((day - first) / Math.max(end - first, 1)) * (WIDTH - LEFT - RIGHT);
  const most = Math.max(9, Math.ceil(Math.log10(Math.max(10, ...clones().flatMap(([, cells]) => cells)))));
  const y = (cells) => top + DEEP * (1 - Math.log10(Math.max(cells, 1)) / most);
  const parts = [], above = [];
  const write = (at, text, options = {}) => { const one = make("text", { x: at[0], y: at[1], ...options }); one.textContent = text; return one; };
  for (let power = 0; power <= most; power += 3) {
    parts.push(make("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(10 ** power), y2: y(10 ** power), class: "grid" }),
      write([LEFT - 8, y(10 ** power) + 4], ["1", "1,000", "million", "billion", "trillion"][power / 3] || `1e${power}`, { class: "small", "text-anchor": "end" }));
  }
  parts.push(write([14, top - 18], "tumor cells", { class: "small" }));
  const step = [0.25, 0.5, 1, 2, 5, 10].find((one) => (end - first) / life.days_per_year / one <= 12) || 20;
  for (let year = Math.ceil(first / life.days_per_year / step) * step; year * life.days_per_year <= end; year += step) {
    const at = x(year * life.days_per_year);
    parts.push(make("line", { x1: at, x2: at, y1: top + DEEP, y2: top + DEEP + 5, class: "grid" }), write([at, top + DEEP + 19], Number(year.toFixed(2)), { class: "small", "text-anchor": "middle" }));
  }
  parts.push(write([WIDTH - RIGHT, top + DEEP + 37], "years since diagnosis", { class: "small", "text-anchor": "end" }));
  life.lines.forEach((line, row) => {
    const from = Math.max(x(line.start_day), LEFT), to = x(line.end_day), at = TOP + row * ROW;
    if (to <= LEFT) return;
    const text = `${line.regimen} (${line.setting})`, wide = 6.3 * text.length, right = WIDTH - 8 - to > wide, left = from - 6 > wide;
    const bar = make("rect", { x: from, y: at, width: Math.max(to - from, 2), height: ROW - 7, rx: 5, class: "therapy" });
    const told = write([right ? to + 6 : left ? from - 6 : LEFT + 6, at + 14], text, { "text-anchor": right || !left ? "start" : "end", class: "halo" });
    above.push(...(placeOf(line) ? [opener(line, bar, told)] : [bar, told]));
  });
  const path = (cells) => {
    let d = "", pen = false;
    days.forEach((day, i) => {
      if (cells[i] >= 1 && day >= first) { d += `${pen ? "L" : "M"}${x(day).toFixed(1)} ${y(cells[i]).toFixed(1)}`; pen = true; } else pen = false;
    });
    return d;
  };
  const found = clones();
  const total = days.map((_, i) => found.reduce((sum, [, cells]) => sum + cells[i], 0));
  parts.push(make("path", { d: path(total), class: "all" }));
  found.forEach(([, cells], i) => parts.push(make("path", { d: path(cells), class: `clone tone-${i % 8}`, "stroke-dasharray": DASHES[i % 8] })));
  for (const day of life.visits) if (day >= first) parts.push(make("path", { d: `M${x(day)} ${top + DEEP - 9}l4 8h-8z`, class: "visit" }));
  const taken = [];
  life.happenings.forEach((one) => {
    const at = x(one.day), wide = one.name.length * 7.4 + 12;
    const left = at + wide > WIDTH - 8, from = left ? at - wide : at;
    let down = top + 16;
    while (taken.some((other) => Math.abs(other.down - down) < 16 && other.from < from + wide && from < other.from + other.wide)) down += 17;
    taken.push({ from, wide, down });
    parts.push(make("line", { x1: at, x2: at, y1: TOP - 8, y2: top + DEEP, class: "event" }));
    above.push(write([left ? at - 6 : at + 6, down], one.name, { class: "event-name", "text-anchor": left ? "end" : "start" }));
  });
  $("course").setAttribute("viewBox", `0 0 ${WIDTH} ${height}`);
  $("course").replaceChildren(...parts, ...above);
  $("legend").replaceChildren(...found.map(([name, cells], i) => make("span", {}, make("svg", { viewBox: "0 0 36 12", "aria-hidden": "true" },
    make("path", { d: "M0 6H36", class: `clone tone-${i % 8}`, "stroke-dasharray": DASHES[i % 8] })), `${life.clones[name]}, at most ${count(Math.max(...cells))}`)),
  make("span", {}, make("svg", { viewBox: "0 0 36 12", "aria-hidden": "true" }, make("path", { d: "M0 6H36", class: "all" })), "all clones"),
  make("span", {}, make("svg", { viewBox: "0 0 36 12", "aria-hidden": "true" }, make("path", { d: "M18 2l4 8h-8z", class: "visit" })), "visit"));
}

function tell() {
  const { traits } = life;
  const days = life.cells.day, end = days[days.length - 1];
  const left = clones().some(([, cells]) => cells[cells.length - 1] >= 1);
  $("person").textContent = `Patient ${life.patient} of seed ${life.seed}: ${Math.round(traits.age_years)} years old at diagnosis, luminal ${traits.luminal_a ? "A" : "B"}, HER2 ${traits.her2_positive ? "positive" : "negative"}, PIK3CA ${traits.pik3ca}. `
    + (traits.adjuvant_therapy === "none" ? "No adjuvant therapy. " : `Adjuvant ${traits.adjuvant_therapy.replaceAll("_", " ")}, ${digits(traits.adjuvant_years)} years. `)
    + (life.happenings.length ? `${life.happenings[0].name[0].toUpperCase()}${life.happenings[0].name.slice(1)} after ${years(life.happenings[0].day)} years; ${life.lines.length} line${life.lines.length === 1 ? "" : "s"} of therapy.` : "Her disease did not come back.");
  const story = [
    ...life.happenings.map((one) => [one.day, 0, years(one.day), one.name]),
    ...life.lines.map((one) => [one.start_day, 1, `${years(one.start_day)} to ${years(one.end_day)}`, `${one.regimen} (${one.setting})`, placeOf(one)]),
    [end, 2, years(end), left ? "followed until here" : "no tumor cell is left"],
  ].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  $("story").replaceChildren(make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Years"), make("th", { scope: "col", class: "words" }, "What"))),
    make("tbody", {}, ...story.map(([, , when, what, place]) => make("tr", {}, make("td", {}, when), make("td", {}, what, " ", place ? make("button", { type: "button", class: "small", onclick: () => openLine(place), "aria-label": `Lesions and scans of line ${place}` }, "Lesions and scans") : null)))));
  $("traits").replaceChildren(...Object.entries(WORDS).filter(([name]) => name in traits).flatMap(([name, word]) => {
    const value = traits[name];
    return [make("dt", {}, word), make("dd", {}, typeof value === "boolean" ? (value ? "yes" : "no") : typeof value === "number" ? digits(value) : String(value).replaceAll("_", " "))];
  }));
  $("command").replaceChildren("The same numbers: ", make("code", {}, life.command));
  $("fit").textContent = life.fit;
  $("course").setAttribute("aria-label", `Therapies above the cells of each clone: ${story.map(([, , when, what]) => `year ${when}: ${what}`).join("; ")}`);
}

function csv() {
  const names = Object.keys(life.cells);
  return [names.join(","), ...life.cells.day.map((_, i) => names.map((name) => life.cells[name][i]).join(","))].join("\n") + "\n";
}

function move(step) {
  $("number").value = Math.max(0, Number($("number").value || 0) + step);
  show();
}

function begin() {
  const query = new URLSearchParams(location.search);
  for (const name of ["number", "seed"]) if (/^\d+$/.test(query.get(name) || "")) $(name).value = query.get(name);
  $("late").checked = query.get("from") === "metastasis";
  $("who").addEventListener("submit", (event) => { event.preventDefault(); show(); });
  $("next").addEventListener("click", () => move(1));
  $("back").addEventListener("click", () => move(-1));
  $("late").addEventListener("change", () => { remember(); if (life) draw(); });
  const caption = () => `${life.command}. Oestra: ${life.disclaimer}`;
  $("save-svg").addEventListener("click", () => life && saveSvg(`oestra-patient-${life.patient}`, $("course"), caption()));
  $("save-png").addEventListener("click", () => life && savePng(`oestra-patient-${life.patient}`, $("course"), caption()));
  $("save-csv").addEventListener("click", () => life && save(`oestra-patient-${life.patient}.csv`, csv(), "text/csv"));
  $("save-json").addEventListener("click", () => life && save(`oestra-patient-${life.patient}.json`, JSON.stringify(life, null, 1), "application/json"));
  beginAhead(query, remember);
  linkButton($("copy-link"), $("copied"));
  show();
}

begin();
