// One line as a figure: drugs and harm, lesions and scans, clones, levels, ESR1 mutants.
import { make } from "./api.js";
import { DASHES, count } from "./clones.js";

const WIDTH = 1180, LEFT = 78, RIGHT = 24, TOP = 18;
const PANELS = { lesions: 230, cells: 190, levels: 110, esr1: 70 };

function write(at, text, options = {}) {
  const one = make("text", { x: at[0], y: at[1], ...options });
  one.textContent = text;
  return one;
}

// A scale of few marks.
function marks(most, few) {
  const step = [1, 2, 5].flatMap((one) => [0.01, 0.1, 1, 10, 100, 1000].map((ten) => one * ten)).sort((a, b) => a - b).find((one) => most / one <= few) || most;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}

function path(x, y, days, values, least = -Infinity) {
  let d = "", pen = false;
  days.forEach((day, i) => {
    if (values[i] !== null && values[i] >= least) { d += `${pen ? "L" : "M"}${x(day).toFixed(1)} ${y(values[i]).toFixed(1)}`; pen = true; } else pen = false;
  });
  return d;
}

function panel(parts, top, deep, title, most) {
  const few = deep < 100 ? 2 : 5;
  const y = (value) => top + deep * (1 - Math.min(value, most) / most);
  parts.push(write([LEFT - 64, top - 12], title, { class: "small" }));
  for (const mark of marks(most, few)) {
    parts.push(make("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(mark), y2: y(mark), class: "grid" }), write([LEFT - 8, y(mark) + 4], mark, { class: "small", "text-anchor": "end" }));
  }
  return y;
}

function scans(parts, x, y, found, sums, foot) {
  found.visits.forEach((visit, i) => {
    const at = x(visit.day), high = visit.sum_mm === null ? foot : y(visit.sum_mm);
    parts.push(make("circle", { cx: at, cy: high, r: 4.2, class: `scan ${visit.response === "PD" ? "worse" : ""}` }));
    if (i && visit.response !== found.visits[i - 1].response) {
      parts.push(write([at, high - 10], visit.response + (visit.new_lesion ? " (new lesion)" : ""), { class: "halo read", "text-anchor": at > WIDTH - 120 ? "end" : "middle" }));
    }
  });
  if (sums) parts.push(make("path", { d: path(x, y, found.visits.map((v) => v.day), found.visits.map((v) => v.sum_mm)), class: "all" }));
}

function harm(parts, x, found) {
  const stop = found.stop_day ?? found.end_day;
  parts.push(make("rect", { x: LEFT, y: TOP, width: Math.max(x(stop) - LEFT, 2), height: 19, rx: 5, class: "therapy" }), write([LEFT + 7, TOP + 14], found.regimen, { class: "halo" }));
  if (found.reduce_day !== null) parts.push(make("line", { x1: x(found.reduce_day), x2: x(found.reduce_day), y1: TOP - 3, y2: TOP + 22, class: "event" }));
  found.events.forEach((one) => parts.push(make("path", { d: `M${x(one.onset_day)} ${TOP + 24}l4 8h-8z`, class: one.grade >= 3 ? "harm bad" : "harm" })));
}

// Weekly means, or those of four weeks where weeks would blur.
function level(one, wide) {
  const groups = Array.from({ length: Math.ceil(one.day.length / wide) }, (_, i) => [i * wide, Math.min((i + 1) * wide, one.day.length)]);
  const mean = (values) => groups.map(([from, to]) => values.slice(from, to).reduce((sum, value) => sum + value, 0) / (to - from));
  return { day: mean(one.day), load: mean(one.of_steady_state) };
}

function levelPanel(parts, x, top, found) {
  const wide = found.end_day > 400 ? 4 : 1, shown = found.levels.map((one) => level(one, wide));
  const most = Math.max(1.2, ...shown.flatMap((one) => one.load));
  const y = panel(parts, top, PANELS.levels, `drug level on its target, of steady state (${wide === 4 ? "mean of four weeks" : "weekly mean"})`, most);
  shown.forEach((one, i) => parts.push(make("path", { d: path(x, y, one.day, one.load), class: `clone tone-${(i + 2) % 8}`, "stroke-dasharray": DASHES[i % 8] })));
}

function cellPanel(parts, x, top, found, clones) {
  const most = Math.max(9, Math.ceil(Math.log10(Math.max(10, ...clones.flatMap(([, cells]) => cells)))));
  const y = (cells) => top + PANELS.cells * (1 - Math.log10(Math.max(cells, 1)) / most);
  parts.push(write([LEFT - 64, top - 12], "tumor cells of each clone", { class: "small" }));
  for (let power = 0; power <= most; power += 3) {
    parts.push(make("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(10 ** power), y2: y(10 ** power), class: "grid" }),
      write([LEFT - 8, y(10 ** power) + 4], ["1", "1,000", "million", "billion", "trillion"][power / 3] || `1e${power}`, { class: "small", "text-anchor": "end" }));
  }
  clones.forEach(([, cells], i) => parts.push(make("path", { d: path(x, y, found.cells.day, cells, 1), class: `clone tone-${i % 8}`, "stroke-dasharray": DASHES[i % 8] })));
}

function lesionClass(i, target) {
  return `lesion tone-${i % 8}${target ? " target" : ""}`;
}

function key(label, options) {
  return make("span", {}, make("svg", { viewBox: "0 0 36 12", "aria-hidden": "true" }, make("path", { d: "M0 6H36", ...options })), label);
}

// `given` is the same line under what practice gave; `until` the day on which practice went on in her life.
export function drawLine(svg, legend, found, { given, until }) {
  const parts = [], end = Math.max(found.end_day, 28, given ? given.end_day : 0);
  const x = (day) => LEFT + (Math.min(day, end) / end) * (WIDTH - LEFT - RIGHT);
  const clones = Object.entries(found.cells).filter(([name, cells]) => name !== "day" && Math.max(...cells) >= 1)
    .sort((a, b) => Math.max(...b[1]) - Math.max(...a[1]));
  harm(parts, x, found);
  const measured = found.visits[0].sum_mm !== null;
  let top = TOP + 62;
  const sums = [found, given].filter(Boolean).flatMap((one) => one.visits.map((visit) => visit.sum_mm ?? 0));
  const y = panel(parts, top, PANELS.lesions, "diameters, mm: each lesion, and the sum of the targets as it is read", 1.12 * Math.max(2, ...sums, ...found.lesions.flatMap((one) => one.diameter_mm)));
  found.lesions.forEach((one, i) => parts.push(make("path", { d: path(x, y, found.cells.day, one.diameter_mm, 0.01), class: lesionClass(i, one.target), "stroke-dasharray": DASHES[i % 8] })));
  if (given) parts.push(make("path", { d: path(x, y, given.visits.map((v) => v.day), given.visits.map((v) => v.sum_mm)), class: "given" }));
  scans(parts, x, y, found, measured, top + PANELS.lesions - 6);
  top += PANELS.lesions + 34;
  cellPanel(parts, x, top, found, clones);
  top += PANELS.cells + 34;
  if (found.levels.length) {
    levelPanel(parts, x, top, found);
    top += PANELS.levels + 34;
  }
  const share = found.cells.day.map((_, i) => { const all = clones.reduce((sum, [, cells]) => sum + cells[i], 0); return all ? 100 * found.cells.esr1_mutant[i] / all : 0; });
  parts.push(make("path", { d: path(x, panel(parts, top, PANELS.esr1, "ESR1-mutant, % of cells", 100), found.cells.day, share), class: "clone tone-1" }));
  top += PANELS.esr1;
  const months = end / found.days_per_month;
  const step = [0.5, 1, 2, 3, 6, 12, 24].find((one) => months / one <= 14) || 24;
  for (let month = 0; month <= months + 1e-9; month += step) parts.push(write([x(month * found.days_per_month), top + 19], Number(month.toFixed(1)), { class: "small", "text-anchor": "middle" }));
  parts.push(write([WIDTH - RIGHT, top + 37], "months since the line was chosen", { class: "small", "text-anchor": "end" }));
  if (until !== null && until <= end) {
    const at = x(until), left = at > WIDTH - 190;
    parts.push(make("line", { x1: at, x2: at, y1: TOP + 36, y2: top, class: "event" }), write([left ? at - 6 : at + 6, TOP + 48], "practice went on", { class: "event-name", "text-anchor": left ? "end" : "start" }));
  }
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${top + 46}`);
  svg.replaceChildren(...parts);
  legend.replaceChildren(
    ...(measured ? [key("sum of targets, a dot a scan", { class: "all" })] : []),
    ...(given && measured ? [key("sum under what practice gave", { class: "given" })] : []),
    ...found.lesions.map((one, i) => key(`${one.site}${one.target ? ", target" : ""}`, { class: lesionClass(i, one.target), "stroke-dasharray": DASHES[i % 8] })),
    ...clones.map(([name, cells], i) => key(`cells: ${found.clones[name]}, at most ${count(Math.max(...cells))}`, { class: `clone tone-${i % 8}`, "stroke-dasharray": DASHES[i % 8] })),
    ...found.levels.map((one, i) => key(`level: ${one.drug} on ${one.target}`, { class: `clone tone-${(i + 2) % 8}`, "stroke-dasharray": DASHES[i % 8] })));
}
