// Who is eligible: sliders, choices and boxes that show the lines of the file, and write them.
import { make } from "./api.js";

const $ = (id) => document.getElementById(id);
const columns = new Map();
// What was moved and is not in the file yet, by column.
const moved = new Set();
let linesShown = "";

const text = ({ is, low, high }) => (Array.isArray(is) ? is.join(", ") : is ?? [low, high].filter(Boolean).join(", "));
const number = (bound) => Number(bound.replace(/^[<>]=?\s*/, ""));
const strict = (bound) => !bound.includes("=");

function bounds({ low, high }) {
  const below = low && `${strict(low) ? "more than" : "at least"} ${number(low)}`;
  const above = high && `${strict(high) ? "less than" : "at most"} ${number(high)}`;
  if (low && high && number(low) === number(high)) return `exactly ${number(low)}`;
  return [below, above].filter(Boolean).join(", ") || "any";
}

function told(one) {
  const { now, column } = one;
  if (column.kind === "number") return bounds(now);
  if (column.kind === "flag") return now.is || "any";
  return now.is?.length ? now.is.map((word) => column.words[word]).join(", ") : "any";
}

function hint(column) {
  return column.meaning && make("p", { class: "hint", id: `of-${column.name}` }, column.meaning);
}

function touch(one) {
  moved.add(one.column.name);
  summarize(one.group);
}

function flag(one) {
  const { column } = one, name = `eligibility-${column.name}`;
  const inputs = ["", "yes", "no"].map((value) => make("input", { type: "radio", name, value }));
  for (const input of inputs) input.addEventListener("change", () => { one.now = input.value ? { is: input.value } : {}; touch(one); });
  one.draw = () => { for (const input of inputs) input.checked = input.value === (one.now.is ?? ""); };
  return make("fieldset", { class: "criterion flag", "aria-describedby": column.meaning && `of-${column.name}` }, make("legend", {}, column.label),
    make("div", { class: "choice" }, ...inputs.map((input) => make("label", {}, input, make("span", {}, input.value || "any")))), hint(column));
}

function wordBoxes(one) {
  const { column } = one;
  const inputs = Object.keys(column.words).map((value) => make("input", { type: "checkbox", name: `eligibility-${column.name}`, value }));
  for (const input of inputs) input.addEventListener("change", () => {
    const is = inputs.filter((each) => each.checked).map((each) => each.value);
    one.now = is.length ? { is } : {};
    touch(one);
  });
  one.draw = () => { for (const input of inputs) input.checked = (one.now.is ?? []).includes(input.value); };
  return make("fieldset", { class: "criterion", "aria-describedby": column.meaning && `of-${column.name}` }, make("legend", {}, column.label),
    make("div", { class: "boxes" }, ...inputs.map((input) => make("label", {}, input, column.words[input.value]))), hint(column));
}

// Two handles on one scale. Its first and last places stand for any; a bound of the file is a place of its own.
function slider(one) {
  const { column } = one, shown = make("span", { class: "now" }), rail = make("div", { class: "rail" });
  const handle = (end, words) => make("input", { type: "range", min: 0, step: 1, "data-end": end, "aria-label": `${column.label}, ${words}` });
  const low = handle("low", "at least"), high = handle("high", "at most");
  let stops = column.stops;
  const place = (bound, none) => (bound ? stops.indexOf(number(bound)) + 1 : none);
  const put = (end, at) => {
    const none = end === "low" ? 0 : stops.length + 1, value = stops[at - 1], filed = one.filed[end];
    const next = { ...one.now };
    delete next[end];
    if (at !== none) next[end] = filed && number(filed) === value ? filed : `${end === "low" ? ">=" : "<="} ${value}`;
    one.now = next;
  };
  const paint = () => {
    const from = place(one.now.low, 0), to = place(one.now.high, stops.length + 1), last = stops.length + 1;
    low.value = from;
    high.value = to;
    low.setAttribute("aria-valuetext", bounds({ low: one.now.low }));
    high.setAttribute("aria-valuetext", bounds({ high: one.now.high }));
    shown.textContent = bounds(one.now);
    rail.style.setProperty("--from", from / last);
    rail.style.setProperty("--to", to / last);
    // The handle that can still move lies above the other.
    low.classList.toggle("above", from > last / 2);
  };
  low.addEventListener("input", () => { put("low", Math.min(Number(low.value), Number(high.value), stops.length)); paint(); touch(one); });
  high.addEventListener("input", () => { put("high", Math.max(Number(high.value), Number(low.value), 1)); paint(); touch(one); });
  one.draw = () => {
    const own = [one.now.low, one.now.high].filter(Boolean).map(number);
    stops = [...new Set([...column.stops, ...own])].sort((a, b) => a - b);
    low.max = high.max = stops.length + 1;
    paint();
  };
  return make("div", { class: "criterion", role: "group", "aria-label": column.label, "aria-describedby": column.meaning && `of-${column.name}` },
    make("div", { class: "named" }, make("span", {}, column.label), shown), make("div", { class: "range" }, rail, low, high), hint(column));
}

const KINDS = { flag, words: wordBoxes, number: slider };

export function buildCriteria(groups) {
  $("criteria").replaceChildren(...groups.map((group) => {
    const said = make("span", { class: "said" }), held = { said, members: [] };
    const parts = group.columns.map((column) => {
      const one = { column, group: held, now: {}, filed: {}, draw: () => {} };
      columns.set(column.name, one);
      held.members.push(one);
      return KINDS[column.kind](one);
    });
    return make("details", {}, make("summary", {}, group.title, said), make("div", { class: "criteria" }, ...parts));
  }));
}

function summarize(group) {
  const asked = group.members.filter((one) => text(one.now));
  group.said.textContent = asked.map((one) => `${one.column.label}: ${told(one)}`).join("; ");
}

// The controls and the lines from the file. What was moved meanwhile stays as it is.
export function showCriteria(form, { all = true } = {}) {
  if (all) moved.clear();
  for (const [name, one] of columns) {
    one.filed = form.chosen.columns[name] ?? {};
    if (moved.has(name)) continue;
    one.now = one.filed;
    one.draw();
  }
  for (const group of new Set([...columns.values()].map((one) => one.group))) summarize(group);
  const lines = form.eligibility.join("\n"), typed = $("eligibility").value.trim() !== linesShown;
  if (all || !typed) $("eligibility").value = linesShown = lines;
  const rest = form.chosen.text_only.length;
  $("text-only").textContent = rest ? `${rest === 1 ? "One line says" : `${rest} lines say`} more than a slider can, and ${rest === 1 ? "stands" : "stand"} here alone: ${form.chosen.text_only.join("; ")}` : "";
  $("text-only").hidden = !rest;
}

// Changes of the file: the lines first, then columns that were moved.
export function criteriaChanges(form) {
  const typed = $("eligibility").value.trim(), found = typed === linesShown ? [] : [`eligibility=${typed}`];
  for (const name of moved) {
    const now = text(columns.get(name).now);
    if (now !== text(form.chosen.columns[name] ?? {})) found.push(`eligibility.${name}=${now}`);
  }
  return found;
}

// What has been written is no longer moved.
export function criteriaWritten(changes) {
  for (const change of changes) {
    const [, name, value] = change.match(/^eligibility\.(\w+)=(.*)$/s) ?? [];
    if (name && text(columns.get(name).now) === value) moved.delete(name);
  }
}
