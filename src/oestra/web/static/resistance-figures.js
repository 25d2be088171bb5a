// Drawings of the explorer of resistance.
import { make } from "./api.js";

const LEFT = 226, COLUMN = 228, ROW = 40, TOP = 46, BAR = 112;

function text(at, words, options = {}) {
  const one = make("text", { x: at[0], y: at[1], ...options });
  one.textContent = words;
  return one;
}

// Mechanisms by strategies: what therapy leaves with the mechanism (bar) and without (mark).
export function drawMatrix(svg, all, chosen, choose) {
  const treated = all.strategies.slice(1);
  const rows = all.mechanisms.map((one) => (one.mechanism === chosen.mechanism ? { ...one, ...chosen } : one));
  const width = LEFT + COLUMN * treated.length + 10, height = TOP + ROW * rows.length + 12;
  const parts = treated.map((one, i) => text([LEFT + i * COLUMN, 28], one.label, { class: "head" }));
  parts.push(text([16, 28], "mechanism", { class: "head" }));
  rows.forEach((one, i) => {
    const y = TOP + i * ROW;
    const told = treated.map((s) => { const pair = one.strategies[s.id]; return `${Math.round(pair.with.divisions_left_percent)} % (${Math.round(pair.without.divisions_left_percent)})`; });
    const row = make("g", { class: `row${one.mechanism === chosen.mechanism ? " chosen" : ""}`, role: "button", tabindex: 0, "data-name": one.mechanism, "aria-pressed": String(one.mechanism === chosen.mechanism) },
      make("rect", { class: "ground", x: 6, y: y + 1, width: width - 12, height: ROW - 2, rx: 7 }),
      text([16, y + 18], one.title, { class: "head" }), text([16, y + 33], one.label, { class: "soft" }),
      ...treated.flatMap((s, j) => {
        const { with: having, without } = one.strategies[s.id], x = LEFT + j * COLUMN;
        const at = (value) => (BAR * Math.min(Math.max(value, 0), 125)) / 125;
        return [make("rect", { class: "back", x, y: y + 12, width: at(100), height: 16, rx: 3 }),
          make("rect", { class: "left", x, y: y + 12, width: at(having.divisions_left_percent), height: 16, rx: 3 }),
          make("line", { class: "mark", x1: x + at(without.divisions_left_percent), x2: x + at(without.divisions_left_percent), y1: y + 8, y2: y + 32 }),
          text([x + BAR + 8, y + 25], told[j])];
      }));
    const pick = () => choose(one.mechanism);
    row.addEventListener("click", pick);
    row.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pick().then(() => svg.querySelector(`[data-name="${one.mechanism}"]`).focus()); }
      const next = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
      if (next && next.classList.contains("row")) { event.preventDefault(); next.focus(); }
    });
    parts.push(row);
  });
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("aria-label", `Mechanisms of resistance; choose one. Each tells divisions left on ${treated.map((s) => s.label).join(", ")}, in brackets without the mechanism`);
  svg.replaceChildren(...parts);
}

const NAME = 130, CELL = 94, LINE = 24;

export function times(ratio) {
  if (!Number.isFinite(ratio)) return "new";
  return ratio >= 100 ? `×${Math.round(ratio)}` : `×${Number(ratio.toPrecision(2))}`;
}

// Signals by strategies: with the mechanism over without it.
export function drawSignals(svg, all, chosen) {
  const names = Object.keys(chosen.names), columns = all.strategies;
  const width = NAME + CELL * columns.length + 14, height = 44 + LINE * names.length + 10;
  const short = { deprivation: "deprivation" };
  const parts = columns.map((one, i) => text([NAME + CELL * i + CELL / 2, 26], short[one.id] || one.label, { class: "head", "text-anchor": "middle" }));
  names.forEach((name, i) => {
    const y = 38 + LINE * i;
    parts.push(text([14, y + 16], chosen.names[name]));
    columns.forEach((one, j) => {
      const pair = chosen.strategies[one.id], ratio = pair.with.signals[name] / pair.without.signals[name];
      const log = Math.log2(ratio), same = Math.abs(log) < 0.07 || Number.isNaN(log);
      const strength = Math.min(Math.abs(log) / 3, 1);
      const box = make("rect", { x: NAME + CELL * j + 2, y, width: CELL - 4, height: LINE - 3, rx: 4, class: same ? "same" : log > 0 ? "up" : "down", "fill-opacity": same ? 0.25 : 0.12 + 0.38 * strength });
      parts.push(box, text([NAME + CELL * j + CELL / 2, y + 16], same ? "=" : `${log > 0 ? "▲" : "▼"} ${times(ratio)}`, { "text-anchor": "middle" }));
    });
  });
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("aria-label", `Signals of the cell, ${chosen.label} over cells without it. ` + names.map((name) => {
    const pair = chosen.strategies.untreated;
    return `${chosen.names[name]} untreated ${times(pair.with.signals[name] / pair.without.signals[name])}`;
  }).join(", "));
  svg.replaceChildren(...parts);
}

// Each arm as a bar of the clones that lead at progression.
export function drawLeading(svg, found, chosen) {
  const width = 620, wide = width - 28, parts = [];
  found.arms.forEach((arm, i) => {
    const y = 12 + i * 66;
    parts.push(text([14, y + 14], `${arm.label}: ${Math.round(arm.progressed_percent)} % progress, ${Math.round(arm.early_percent)} % early`, { class: "head" }));
    let x = 14;
    Object.keys(found.clones).forEach((clone, tone) => {
      const share = arm.leading_percent[clone] ?? 0, part = (wide * share) / 100;
      parts.push(make("rect", { x, y: y + 22, width: part, height: 26, class: `part clone-${tone}${clone === chosen ? " chosen" : ""}`, "fill-opacity": 0.45 }));
      if (part > 34) parts.push(text([x + part / 2, y + 40], `${Math.round(share)} %`, { "text-anchor": "middle" }));
      x += part;
    });
  });
  svg.setAttribute("viewBox", `0 0 ${width} ${24 + 66 * found.arms.length}`);
  svg.setAttribute("aria-label", found.arms.map((arm) => `${arm.label}: ${Object.entries(arm.leading_percent).map(([clone, share]) => `${found.clones[clone]} ${Math.round(share)} %`).join(", ")}`).join(". "));
  svg.replaceChildren(...parts);
}

export function legend(box, found) {
  box.replaceChildren(...Object.values(found.clones).map((words, tone) => make("span", {},
    make("svg", { viewBox: "0 0 14 14", "aria-hidden": "true" }, make("rect", { width: 14, height: 14, class: `clone-${tone}`, "fill-opacity": 0.45 })), words)));
}
