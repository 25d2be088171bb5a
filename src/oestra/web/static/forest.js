// Published numbers with what the model gives, misses first; each row leads to its source.
import { make } from "./api.js";

const LEFT = 330, RIGHT = 220, WIDTH = 960, ROW = 26, TOP = 34;
const AXES = {
  hazard_ratio: { log: true, ticks: [0.25, 0.5, 0.75, 1, 1.5, 2.5] },
  median: { log: true, ticks: [1.5, 3, 6, 12, 24, 48] },
  percent: { log: false, ticks: [0, 20, 40, 60, 80, 100] },
};

function text(at, words, options = {}) {
  const one = make("text", { x: at[0], y: at[1], ...options });
  one.textContent = words;
  return one;
}

export const shown = (value, digits) => (value === null || value === undefined ? "–" : value.toFixed(digits));

export function drawForest(svg, rows, kind, chosen, choose) {
  const axis = AXES[kind] || AXES.percent, wide = WIDTH - LEFT - RIGHT, scale = axis.log ? Math.log : (v) => v;
  const low = scale(axis.ticks[0] / (axis.log ? 1.2 : 1)), high = scale(axis.ticks.at(-1) * (axis.log ? 1.1 : 1));
  const x = (value) => LEFT + (wide * (Math.min(Math.max(scale(Math.max(value, 1e-9)), low), high) - low)) / (high - low);
  const bottom = TOP + ROW * rows.length;
  const parts = axis.ticks.flatMap((tick) => [make("line", { class: kind === "hazard_ratio" && tick === 1 ? "one" : "grid", x1: x(tick), x2: x(tick), y1: TOP - 6, y2: bottom }), text([x(tick), TOP - 12], tick, { class: "soft", "text-anchor": "middle" })]);
  parts.push(text([WIDTH - RIGHT + 14, TOP - 12], "published", { class: "soft" }), text([WIDTH - 14, TOP - 12], "simulated", { class: "soft", "text-anchor": "end" }));
  rows.forEach((one, i) => {
    const y = TOP + ROW * i, middle = y + ROW / 2;
    const short = one.label.length > 52 ? one.label.slice(0, 50) + "…" : one.label;
    const row = make("g", { class: `row${one.id === chosen ? " chosen" : ""}`, role: "button", tabindex: 0, "data-id": one.id, "aria-pressed": String(one.id === chosen) },
      make("rect", { class: "ground", x: 4, y, width: WIDTH - 8, height: ROW, rx: 5 }),
      text([12, middle + 4], short));
    if (one.low !== null && one.high !== null) row.append(make("line", { class: "known", x1: x(one.low), x2: x(one.high), y1: middle - 5, y2: middle - 5 }));
    row.append(make("rect", { class: "tick", x: x(one.published) - 2, y: middle - 9, width: 4, height: 8 }));
    if (one.simulated_low !== undefined) row.append(make("line", { class: "mine", x1: x(one.simulated_low), x2: x(one.simulated_high), y1: middle + 5, y2: middle + 5 }));
    row.append(make("circle", { class: one.inside ? "inside" : "outside", cx: x(one.simulated), cy: middle + 5, r: 4 }),
      text([WIDTH - RIGHT + 14, middle + 4], `${shown(one.published, one.digits)} (${shown(one.low, one.digits)} to ${shown(one.high, one.digits)})`, { class: "soft" }),
      text([WIDTH - 14, middle + 4], `${one.inside ? "" : "✗ "}${shown(one.simulated, one.digits)}`, { class: one.inside ? "" : "miss", "text-anchor": "end" }));
    row.addEventListener("click", () => choose(one.id));
    row.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(one.id); }
      const next = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
      if (next && next.classList.contains("row")) { event.preventDefault(); next.focus(); }
    });
    parts.push(row);
  });
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${bottom + 10}`);
  svg.replaceChildren(...parts);
}
