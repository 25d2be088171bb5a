// Survival curves over each other, with bands and a legend that says what each is.
import { make } from "./api.js";

const DASHES = ["", "9 4", "2.5 3", "13 4 3 4", "6 3 2 3 2 3", "16 5", "1.5 5", "9 3 3 3"];
const LEFT = 54, RIGHT = 30, TOP = 14, LINE = 17;

export const tone = (place) => `tone-${place % 8}`;
export const dash = (place) => DASHES[place % 8];

function text(at, words, options = {}) {
  const one = make("text", { x: at[0], y: at[1], ...options });
  one.textContent = words;
  return one;
}

function wrapped(words, most) {
  const found = [""];
  for (const word of words.split(" ")) {
    if ((found.at(-1) + " " + word).length > most && found.at(-1)) found.push(word); else found.push(`${found.pop()} ${word}`.trim());
  }
  return found;
}

function step(range, most) {
  return [1, 2, 3, 4, 6, 12, 24, 36, 60].find((one) => range / one <= most) || 120;
}

export function valueAt(curve, month) {
  const after = curve.months.findIndex((one) => one >= month);
  if (after < 0) return null;
  const before = Math.max(after - 1, 0), [a, b] = [curve.mean[before], curve.mean[after]];
  if (a === null || b === null) return null;
  const wide = curve.months[after] - curve.months[before];
  return wide ? a + ((b - a) * (month - curve.months[before])) / wide : b;
}

// Each curve: label, note, months, mean, low, high, place (its tone), and, if so, `band`,
// `strong`, `faint`, `mark` (a letter at its end), `median` (published). `choose(i)` where
// a curve of the legend can be chosen.
export function drawCurves(svg, curves, { title, choose, caption = "" }) {
  const width = Math.round(Math.min(Math.max(svg.parentElement.clientWidth - 2, 340), 1120));
  const small = width < 620, tall = small ? 250 : 340, bottom = TOP + tall;
  const end = Math.max(1, ...curves.flatMap((one) => one.months.filter((_, i) => one.mean[i] !== null)));
  const x = (month) => LEFT + ((width - LEFT - RIGHT) * month) / end, y = (share) => TOP + tall * (1 - share);
  const under = [], bands = [], lines = [], above = [], legend = [];
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    under.push(make("line", { class: share === 0.5 ? "half" : "grid", x1: LEFT, x2: width - RIGHT, y1: y(share), y2: y(share) }), text([LEFT - 7, y(share) + 4], `${100 * share} %`, { class: "soft", "text-anchor": "end" }));
  }
  const by = step(end, small ? 7 : 14);
  for (let month = 0; month <= end; month += by) under.push(make("line", { class: "grid", x1: x(month), x2: x(month), y1: bottom, y2: bottom + 5 }), text([x(month), bottom + 19], month, { class: "soft", "text-anchor": "middle" }));
  under.push(text([width - RIGHT, bottom + 36], "months", { class: "soft", "text-anchor": "end" }), text([LEFT, bottom + 36], caption, { class: "soft" }));
  const taken = [];
  curves.forEach((one) => {
    const seen = one.months.map((month, i) => [month, i]).filter(([, i]) => one.mean[i] !== null);
    const path = (values, list = seen) => list.map(([month, i], n) => `${n ? "L" : "M"}${x(month).toFixed(1)} ${y(values[i]).toFixed(1)}`).join("");
    if (one.band) bands.push(make("path", { class: `band ${tone(one.place)}`, d: `${path(one.high)}${path(one.low, [...seen].reverse()).replace("M", "L")}Z` }));
    lines.push(make("path", { class: `curve ${tone(one.place)}${one.strong ? " strong" : ""}${one.faint ? " faint" : ""}`, d: path(one.mean), "stroke-dasharray": dash(one.place) }));
    if (one.mark && seen.length) {
      // The nearest place that is free, with a line to the end of the curve.
      const [month, i] = seen.at(-1), from = [x(month), y(one.mean[i])];
      const free = ([, down]) => !taken.some((other) => Math.abs(other[0] - from[0] - 11) < 19 && Math.abs(other[1] - from[1] - down) < 18);
      const moved = [0, 6, -6, 12, -12, 18, -18, 24, -24, 30, -30, 36, -36, 48, -48].map((down) => [0, down]).find(free) || [0, 0];
      const at = [from[0] + 11, from[1] + moved[1]];
      taken.push(at);
      if (moved[1]) above.push(make("line", { class: "tie", x1: from[0], y1: from[1], x2: at[0], y2: at[1] }));
      above.push(make("circle", { class: `badge ${tone(one.place)}`, cx: at[0], cy: at[1], r: 9 }), text([at[0], at[1] + 4], one.mark, { class: "in-badge", "text-anchor": "middle" }));
    }
    if (one.median !== null && one.median !== undefined) above.push(make("path", { class: `diamond ${tone(one.place)}`, d: `M${x(one.median)} ${y(0.5) - 7}l7 7l-7 7l-7 -7z` }));
  });
  let down = bottom + 52;
  const values = [];
  curves.forEach((one, i) => {
    const told = wrapped(one.label, Math.floor((width - 100 - (small ? 0 : 210)) / 7.4));
    if (small && one.note) told.push(...wrapped(one.note, Math.floor((width - 100) / 7.4)));
    const high = LINE * told.length + 6, value = text([width - 14, down + 12], small ? "" : one.note || "", { class: "soft", "text-anchor": "end" });
    values.push(value);
    const row = make("g", choose ? { class: `entry${one.strong ? " chosen" : ""}`, role: "button", tabindex: 0, "aria-pressed": String(Boolean(one.strong)), "aria-label": `${one.label}${one.note ? `: ${one.note}` : ""}`, "data-place": i } : { class: "entry" },
      make("rect", { class: "ground", x: 6, y: down - 3, width: width - 12, height: high, rx: 6 }),
      make("path", { class: `curve ${tone(one.place)}`, d: `M16 ${down + 8}H56`, "stroke-dasharray": dash(one.place) }),
      one.mark ? make("circle", { class: `badge ${tone(one.place)}`, cx: 71, cy: down + 8, r: 9 }) : null,
      one.mark ? text([71, down + 12], one.mark, { class: "in-badge", "text-anchor": "middle" }) : null,
      ...told.map((words, n) => text([one.mark ? 88 : 68, down + 12 + n * LINE], words, small && n >= told.length - 1 && one.note ? { class: "soft" } : {})), value);
    if (choose) {
      row.addEventListener("click", () => choose(i));
      row.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(i); svg.querySelector(`[data-place="${i}"]`).focus(); }
      });
    }
    legend.push(row);
    down += high + 4;
  });
  const cursor = make("line", { class: "cursor", x1: 0, x2: 0, y1: TOP, y2: bottom });
  cursor.style.display = "none";
  svg.setAttribute("viewBox", `0 0 ${width} ${down + 4}`);
  svg.setAttribute("aria-label", `${title}: ${curves.map((one) => `${one.label}${one.note ? `, ${one.note}` : ""}`).join("; ")}`);
  svg.replaceChildren(...under, ...bands, ...lines, ...above, cursor, ...legend);
  // What lies beneath the pointer is read out in the legend.
  svg.onpointermove = (event) => {
    const box = svg.getBoundingClientRect(), scale = width / box.width;
    const at = (event.clientX - box.left) * scale, month = ((at - LEFT) * end) / (width - LEFT - RIGHT);
    const inside = month >= 0 && month <= end && (event.clientY - box.top) * scale < bottom;
    cursor.style.display = inside ? "" : "none";
    cursor.setAttribute("x1", at);
    cursor.setAttribute("x2", at);
    curves.forEach((one, i) => {
      const share = inside ? valueAt(one, month) : null;
      values[i].textContent = inside ? (share === null ? "" : `${month.toFixed(1)} months: ${Math.round(100 * share)} %`) : small ? "" : one.note || "";
    });
  };
  svg.onpointerleave = () => svg.onpointermove({ clientX: -1e4, clientY: -1e4 });
}

export function curveRows(curves) {
  return curves.flatMap((one) => one.months.map((month, i) => [...(one.lead || []), one.label, month, one.mean[i], one.low[i], one.high[i]]).filter((row) => row.at(-3) !== null));
}
