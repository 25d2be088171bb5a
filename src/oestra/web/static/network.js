// The network view: controls, map, time, details. All of it is in the address.
import { ask, digits, make, placeOfView, save } from "./api.js";
import { drawControls, drugText, fromQuery, toQuery } from "./cells.js";
import { drawDetails } from "./details.js";
import { NetworkMap, change } from "./map.js";
import { csv as csvOf, linkButton, savePng, saveSvg } from "./saving.js";

const $ = (id) => document.getElementById(id);
const view = { a: null, b: null, against: "untreated", at: 0, node: "", answers: [], day: 7 };
let choices, map, asking, askedAt, playing;

function read() {
  const query = new URLSearchParams(location.search);
  view.a = query.has("line") ? fromQuery(query, "") : { line: "MCF-7", set: [], given: [{ name: "everolimus", dose: "20 nM" }] };
  view.b = query.has("b_line") ? fromQuery(query, "b_") : null;
  view.against = query.get("against") === "line" ? "line" : "untreated";
  view.day = Number(query.get("day") || 2) || 0;
  view.node = query.get("node") || "";
}

function address() {
  const query = new URLSearchParams();
  toQuery(query, "", view.a);
  if (view.b) toQuery(query, "b_", view.b);
  if (view.against !== "untreated") query.set("against", view.against);
  query.set("day", Number(view.day.toPrecision(4)));
  if (view.node) query.set("node", view.node);
  return query;
}

function remember() {
  history.replaceState(null, "", "?" + address());
}

export function queryOf(state, more = {}) {
  const query = new URLSearchParams({ line: state.line, drug: drugText(state), against: view.against, ...more });
  for (const one of state.set) query.append("set", one);
  return query;
}

function when(day) {
  if (day === 0) return "at the start";
  if (day < 1) { const hours = day * 24; return hours < 1 ? "30 minutes" : `${Math.round(hours)} hour${Math.round(hours) === 1 ? "" : "s"}`; }
  if (day < 14) return `${day} day${day === 1 ? "" : "s"}`;
  return day < 84 ? `${Math.round(day / 7)} weeks` : `${Math.round(day / 28)} × 4 weeks`;
}

function problem(text) {
  $("problem").textContent = text;
  $("problem").hidden = !text;
}

function drawAllControls() {
  const changed = () => { drawAllControls(); refresh(); };
  drawControls($("state-a"), "A", view.a, choices, changed);
  $("state-b").hidden = !view.b;
  if (view.b) drawControls($("state-b"), "B", view.b, choices, changed);
  $("compare").checked = Boolean(view.b);
  $("against").value = view.against;
}

const shownStates = () => [view.a, view.b].filter(Boolean);

// Ask for all states; an earlier question is dropped.
function askStates() {
  if (asking) asking.abort();
  asking = new AbortController();
  askedAt = performance.now();
  const { signal } = asking;
  return Promise.all(shownStates().map((state) => ask("/api/network", { query: queryOf(state), signal })));
}

async function refresh(asked = askStates()) {
  remember();
  try {
    const states = shownStates();
    const answers = await asked;
    view.answers = answers;
    const renamed = states.filter((state, side) => state.line !== answers[side].line);
    states.forEach((state, side) => { state.line = answers[side].line; });
    if (renamed.length) { remember(); drawAllControls(); }
    problem("");
    $("idle").textContent = idle(states, answers);
    setTime(nearest(answers[0].days, view.day));
    $("told-time").textContent = `answered in ${Math.round(performance.now() - askedAt)} ms`;
    document.body.dataset.ready = String(Number(document.body.dataset.ready || 0) + 1);
  } catch (error) {
    if (error.name === "AbortError") return;
    problem(error.message);
  }
}

// Drugs that hold nothing here, so that nobody looks for what they do.
function idle(states, answers) {
  const known = new Map(choices.drugs.map((one) => [one.id.toLowerCase(), one]));
  const names = new Set(states.flatMap((state, side) => state.given.map((one) => one.name.toLowerCase())
    .filter((name) => known.has(name) && !answers[side].held.some((one) => one.drugs.includes(known.get(name).id)))));
  if (!names.size) return "";
  const ovaries = [...names].some((name) => known.get(name).class.includes("GnRH"));
  return `${[...names].join(", ")}: no target that acts in these cells${ovaries ? "; the median tumor is of a patient after menopause" : ""}.`;
}

function nearest(days, day) {
  return days.reduce((best, one, i) => (Math.abs(one - day) < Math.abs(days[best] - day) ? i : best), 0);
}

function setTime(at, { details = true } = {}) {
  if (!view.answers.length) return;
  const days = view.answers[0].days;
  view.at = Math.max(0, Math.min(at, days.length - 1));
  view.day = days[view.at];
  $("when").max = days.length - 1;
  $("when").value = view.at;
  $("when-told").textContent = when(view.day);
  $("when").setAttribute("aria-valuetext", when(view.day));
  map.show(view.answers, view.at);
  if (details) { remember(); showDetails(); showBelow(); }
}

function play() {
  if (playing) { stop(); return; }
  let at = view.at >= view.answers[0].days.length - 1 ? 0 : view.at;
  $("play").firstElementChild.textContent = "❚❚";
  $("play").setAttribute("aria-label", "Pause");
  playing = setInterval(() => {
    setTime(at, { details: false });
    at += 1;
    if (at >= view.answers[0].days.length) stop();
  }, 420);
}

function stop() {
  clearInterval(playing);
  playing = null;
  $("play").firstElementChild.textContent = "▶";
  $("play").setAttribute("aria-label", "Play from the first hour to half a year");
  setTime(view.at);
}

function label(name) {
  const node = choices.map.nodes[name];
  const plain = { egfr: "EGFR, amount", erbb2: "HER2, amount", erbb3: "HER3, amount", igf1r: "IGF-1R, amount", er: "free receptor", er_e2: "receptor with E2", er_serm: "receptor with SERM", er_serd: "receptor with SERD", er_dimer: "free dimer", er_total: "receptor, all of it" };
  return plain[name] || (node ? node.label : choices.map.names[name] || name);
}

function choose(name) {
  view.node = name;
  remember();
  showDetails({ focus: true });
}

function showDetails({ focus = false } = {}) {
  const open = Boolean(view.node);
  $("details").hidden = !open;
  $("stage").classList.toggle("open", open);
  map.choose(view.node);
  if (!open) { $("details").replaceChildren(); return; }
  drawDetails($("details"), {
    view, label, focus, choose, when, queryOf,
    drawn: (name) => name in choices.map.nodes,
    states: shownStates(),
    constant: Boolean((choices.map.nodes[view.node] || {}).constant),
    close: () => { const was = view.node; view.node = ""; remember(); showDetails(); const drawn = map.nodes.get(was); if (drawn) drawn.group.focus(); },
  }).catch((error) => { if (error.name !== "AbortError") problem(error.message); });
}

function rows() {
  const found = [];
  view.answers.forEach((answer, side) => {
    for (const [name, [before, after]] of Object.entries(answer.levels)) {
      found.push({ state: "AB"[side], name, before: before[view.at], after: after[view.at] });
    }
  });
  return found;
}

function showBelow() {
  const command = $("command");
  const told = view.answers.map((one) => one.command.replace("DAYS", String(Number(view.day.toPrecision(6)))));
  const lines = [...new Set(told)].map((text) => (text
    ? ["The same numbers: ", make("code", {}, text)]
    : ["Of a median tumor, from Python: ", make("code", {}, "oestra.appraisal.network_course")]));
  command.replaceChildren(...lines.flatMap((line) => [...line, make("br")]));
  showTable();
}

// The table is long, and made only where it is seen.
function showTable() {
  const table = $("numbers");
  if (!table.closest("details").open || !view.answers.length) return;
  const head = make("thead", {}, make("tr", {}, ...["Part of the cell", "State", "Reference", "Treated", "Change"].map((one) => make("th", { scope: "col" }, one))));
  const body = make("tbody", {}, ...rows().map((one) => {
    const { told: ratio, sign } = change(one.before, one.after);
    return make("tr", {}, make("th", { scope: "row" }, `${label(one.name)}${label(one.name) === one.name ? "" : ` (${one.name})`}`),
      make("td", {}, one.state), make("td", {}, digits(one.before)), make("td", {}, digits(one.after)), make("td", {}, ratio + sign));
  }));
  table.replaceChildren(make("caption", { class: "hidden" }, `All parts of the cell, ${when(view.day)}`), head, body);
}

function csv() {
  const lines = [["state", "cells", "lesions", "given", "symbol", "days", "reference", "treated"]];
  view.answers.forEach((answer, side) => {
    const state = shownStates()[side];
    const lead = ["AB"[side], state.line, state.set.join(" "), drugText(state)];
    for (const [name, [before, after]] of Object.entries(answer.levels)) {
      answer.days.forEach((day, i) => lines.push([...lead, name, day, before[i], after[i]]));
    }
  });
  return csvOf(lines);
}

// The first state, as every program for models reads it.
async function saveSbml() {
  const { a } = view, query = new URLSearchParams({ line: a.line, drug: drugText(a) });
  for (const one of a.set) query.append("set", one);
  try {
    problem("");
    const found = await ask("/api/sbml", { query });
    save(`oestra-${a.line.replaceAll("/", "-")}.xml`, found.sbml, "application/xml");
    $("copied").textContent = `As ${found.command} writes it.`;
  } catch (error) { problem(error.message); }
}

function caption() {
  const told = shownStates().map((one) => [one.line, ...one.set, drugText(one)].join(", "));
  return `${told.join("  |  ")}, ${when(view.day)}. Oestra: ${choices.disclaimer}`;
}

function listen() {
  $("when").addEventListener("input", (event) => { if (playing) stop(); setTime(Number(event.target.value), { details: false }); });
  $("when").addEventListener("change", () => setTime(view.at));
  $("play").addEventListener("click", play);
  $("compare").addEventListener("change", (event) => {
    view.b = event.target.checked ? structuredClone(view.a) : null;
    drawAllControls();
    refresh();
  });
  $("against").addEventListener("change", (event) => { view.against = event.target.value; refresh(); });
  $("save-svg").addEventListener("click", () => saveSvg("oestra-network", $("map"), caption()));
  $("save-png").addEventListener("click", () => savePng("oestra-network", $("map"), caption()));
  $("save-sbml").addEventListener("click", saveSbml);
  $("save-csv").addEventListener("click", () => save("oestra-network.csv", csv(), "text/csv"));
  $("save-json").addEventListener("click", () => save("oestra-network.json", JSON.stringify({ address: "?" + address(), answers: view.answers }, null, 1), "application/json"));
  linkButton($("copy-link"), $("copied"));
  $("numbers").closest("details").addEventListener("toggle", showTable);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const scenes = document.querySelector(".scenes");
    if (scenes.open) scenes.open = false;
    else if (view.node) { view.node = ""; remember(); showDetails(); }
  });
  addEventListener("popstate", () => { read(); drawAllControls(); refresh(); });
}

function showScenes() {
  $("scenes").replaceChildren(...choices.scenes.map((one) => {
    const query = new URLSearchParams(one.query.split("&").map((part) => { const cut = part.indexOf("="); return [part.slice(0, cut), part.slice(cut + 1)]; }));
    return make("li", {}, make("a", { href: `${placeOfView("")}?${query}` }, make("b", {}, one.title), one.text));
  }));
}

async function begin() {
  read();
  // Both are on their way while the map is drawn.
  const asked = askStates();
  asked.catch(() => {});
  try {
    choices = await ask("/api/choices");
  } catch (error) {
    problem(error.message);
    return;
  }
  map = new NetworkMap($("map"), choices.map, choose);
  $("missing").textContent = choices.missing.map((name) => (label(name) === name ? name : `${label(name)} (${name})`)).join(", ");
  $("left-out").hidden = !choices.missing.length;
  showScenes();
  drawAllControls();
  listen();
  await refresh(asked);
  const known = await ask("/api/fit").catch(() => ({ fit: "" }));
  $("fit").textContent = known.fit;
}

begin();
