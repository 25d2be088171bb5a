// Hazard ratios of scenarios one below the other, with what each changes.
import { make } from "./api.js";

const LEFT = 430, RIGHT = 210, WIDTH = 1120, TOP = 34, LINE = 15;
const TICKS = [0.25, 0.35, 0.5, 0.7, 1, 1.4, 2];

function text(at, words, options = {}) {
  const one = make("text", { x: at[0], y: at[1], ...options });
  one.textContent = words;
  return one;
}

// Words in lines of at most so many letters.
function wrapped(words, most, lines) {
  const found = [""];
  for (const word of words.split(" ")) {
    if ((found.at(-1) + " " + word).length > most) found.push(word); else found.push(`${found.pop()} ${word}`.trim());
  }
  return found.length > lines ? [...found.slice(0, lines - 1), found[lines - 1].slice(0, most - 1) + "…"] : found;
}

export function drawLadder(svg, result) {
  const wide = WIDTH - LEFT - RIGHT, low = Math.log(0.22), high = Math.log(2.2);
  const x = (value) => LEFT + (wide * (Math.min(Math.max(Math.log(value), low), high) - low)) / (high - low);
  const parts = [], above = [];
  let y = TOP + 10, before = null;
  for (const [place, one] of result.steps.entries()) {
    const told = [...wrapped(one.title, 54, 2), ...one.changes.flatMap((change) => wrapped(change, 66, 3))];
    const titles = wrapped(one.title, 54, 2).length, tall = Math.max(LINE * told.length + 30, 52), middle = y + 18;
    above.push(text([14, y + 12], `${place + 1}  ${one.id}`, { class: "soft" }), ...told.map((line, i) => text([14, y + 28 + i * LINE], line, { class: i < titles ? "head" : "soft" })));
    const ratio = one.hazard_ratio;
    if (ratio && ratio.estimate !== null) {
      if (before) parts.push(make("path", { d: `M${before[0]} ${before[1]}L${x(ratio.estimate)} ${middle}`, class: "way" }));
      if (ratio.low !== null && ratio.high !== null) above.push(make("line", { x1: x(ratio.low), x2: x(ratio.high), y1: middle, y2: middle, class: "span" }));
      above.push(make("circle", { cx: x(ratio.estimate), cy: middle, r: 6, class: "dot" }), text([WIDTH - RIGHT + 16, middle + 5], ratio.text, { class: "head" }));
      before = [x(ratio.estimate), middle];
    }
    const known = one.published;
    if (known) {
      const at = middle + 18, c = x(known.estimate);
      if (known.low !== null && known.high !== null) above.push(make("line", { x1: x(known.low), x2: x(known.high), y1: at, y2: at, class: "known" }));
      above.push(make("path", { d: `M${c} ${at - 6}l6 6l-6 6l-6 -6z`, class: "diamond" }), text([WIDTH - RIGHT + 16, at + 5], `published ${known.text}`, { class: "soft" }));
    }
    y += tall;
    parts.push(make("line", { x1: 14, x2: WIDTH - 14, y1: y - 6, y2: y - 6, class: "rule" }));
  }
  const grid = TICKS.flatMap((tick) => [make("line", { x1: x(tick), x2: x(tick), y1: TOP - 4, y2: y, class: tick === 1 ? "one" : "grid" }), text([x(tick), TOP - 12], tick, { class: "soft", "text-anchor": "middle" })]);
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${y + 8}`);
  svg.setAttribute("aria-label", "Hazard ratio of each scenario: " + result.steps.map((one) => `${one.title} ${one.hazard_ratio ? one.hazard_ratio.text : "none"}${one.published ? `, published ${one.published.text}` : ""}`).join("; "));
  svg.replaceChildren(...grid, ...parts, ...above);
}
