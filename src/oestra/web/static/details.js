// What is known of one node, and why it changed.
import { Refused, ask, digits, make, placeOfView } from "./api.js";
import { change } from "./map.js";
import { RECORDED } from "./recorded.js";

let last, drawing;

// The library of curves is loaded with the first curve, not with the page.
function curves() {
  drawing ||= new Promise((done, failed) => {
    document.head.append(make("link", { rel: "stylesheet", href: new URL("uplot.css", import.meta.url).href }),
      make("script", { src: new URL("uplot.js", import.meta.url).href, onload: () => done(window.uPlot), onerror: () => { drawing = null; failed(new Error("The curve could not be loaded.")); } }));
  });
  return drawing;
}

export async function drawDetails(box, given) {
  const { view, label, focus, states, constant, close } = given;
  const name = view.node;
  if (last) last.abort();
  last = new AbortController();
  const { signal } = last;
  const head = [
    make("button", { type: "button", class: "close", "aria-label": "Close the details", onclick: close }, "×"),
    make("h2", { tabindex: -1 }, label(name)),
  ];
  if (constant) {
    box.replaceChildren(...head, make("p", {}, `Set by genes or the medium: ${view.answers.map((one) => digits((one.constants[name] || [])[1])).join(" and ")}.`),
      make("p", { class: "quiet" }, make("code", {}, name)));
    if (focus) head[1].focus();
    return;
  }
  const [uPlot, sheet, ...reasons] = await Promise.all([
    curves(),
    ask(`/api/symbols/${encodeURIComponent(name)}`, { signal }),
    ...states.map((state) => ask("/api/why", { query: given.queryOf(state, { symbol: name, day: view.day }), signal }).catch(ofRecord)),
  ]);
  const scrolled = box.dataset.name === name ? box.scrollTop : 0;
  box.dataset.name = name;
  box.replaceChildren(
    ...head,
    make("p", { class: "quiet" }, make("code", {}, name), sheet.text ? ` — ${sheet.text}` : ""),
    ...reasons.flatMap((why, side) => (why ? about(why, side, reasons.length, given) : [make("p", { class: "quiet" }, "Why it changed is recorded at the time of each example.")])),
    plot(uPlot, view, name),
    make("h3", {}, sheet.is_state ? "Its equation" : "How it follows from others"),
    ...sheet.equations.flatMap((one) => [make("pre", {}, make("code", {}, one.text)), make("p", { class: "quiet" }, `${one.file}, line ${one.line}`)]),
    ...numbers(sheet.numbers),
    ...claims(sheet.claims),
  );
  box.scrollTop = scrolled;
  if (focus) { head[1].focus({ preventScroll: matchMedia("(min-width: 64rem)").matches }); }
}

// A recorded copy knows why at one time of each example, and the rest at any.
function ofRecord(error) {
  if (RECORDED && error instanceof Refused) return null;
  throw error;
}

function about(why, side, count, { label, drawn, choose, view, when }) {
  const { told, sign } = change(why.before, why.after);
  const letter = count > 1 ? `${"AB"[side]}: ` : "";
  const parts = [make("p", {}, make("strong", {}, `${letter}${digits(why.before)} → ${digits(why.after)} ${told.startsWith("was") ? "" : told}${sign}`), ` ${when(view.day)}`)];
  const others = why.contributions.filter((one) => !one.own);
  if (!others.length) return [...parts, make("p", {}, "Nothing that its equation holds differs.")];
  if (why.trail.length > 1) {
    // Steps that the map does not draw are left out of a long path; the table below has them.
    const ends = why.trail.length - 1, steps = why.trail.filter((step, i) => i === 0 || i === ends || drawn(step.name));
    parts.push(make("h3", {}, "The path that carries most"), make("ol", { class: "trail", "aria-label": "From the cause to here" },
      ...steps.reverse().flatMap((step, i) => {
        const { sign: arrow, size } = change(step.before, step.after);
        const shown = i === 0 ? cause(step, why, view.answers[side], label) : label(step.name);
        return [make("li", {}, make("button", { type: "button", class: size > 0 ? "up" : "down", onclick: () => choose(step.name), disabled: !(step.name in view.answers[side].levels) }, `${shown} ${arrow}`)),
          i < steps.length - 1 ? make("li", { "aria-hidden": "true" }, "→") : null].filter(Boolean);
      })));
  }
  const whole = Math.max(...why.contributions.map((one) => Math.abs(one.effect)));
  parts.push(make("h3", {}, "Why did this change"), make("table", { class: "bars" }, make("tbody", {}, ...why.contributions.slice(0, 8).map((one) =>
    make("tr", {}, make("td", {}, one.own ? "its own level, pulling back" : one.name in view.answers[side].levels ? make("button", { type: "button", onclick: () => choose(one.name) }, label(one.name)) : cause(one, { causes: [] }, view.answers[side], label)),
      make("td", {}, bar(one.effect / (whole || 1))), make("td", {}, digits(one.effect)))))));
  return parts;
}

// What began it: the drugs that act there, or what else sets this parameter.
function cause(step, why, answer, label) {
  const held = answer.held.find((one) => one.parameter === step.name);
  if (held) return held.drugs.join(" + ");
  return why.causes.length ? why.causes.join(" or ") : label(step.name);
}

function bar(share) {
  const long = Math.max(Math.abs(share) * 48, 0.8);
  return make("svg", { viewBox: "0 0 100 14", preserveAspectRatio: "none", "aria-hidden": "true" },
    make("rect", { x: share < 0 ? 50 - long : 50, y: 2, width: long, height: 10, class: share < 0 ? "bar-down" : "bar-up" }),
    make("line", { x1: 50, x2: 50, y1: 0, y2: 14, class: "mid" }));
}

function plot(uPlot, view, name) {
  const box = make("div", { class: "plot", role: "img", "aria-label": "Its course over half a year, treated and as reference" });
  const style = getComputedStyle(document.documentElement);
  const color = (variable) => style.getPropertyValue(variable).trim();
  const days = view.answers[0].days, places = days.map((_, i) => i);
  const series = [{}], data = [places];
  view.answers.forEach((answer, side) => {
    const two = view.answers.length > 1;
    if (side === 0) { series.push({ label: "reference", stroke: color("--soft"), dash: [5, 4], width: 1.5, points: { show: false } }); data.push(answer.levels[name][0]); }
    series.push({ label: two ? "AB"[side] : "treated", stroke: side ? color("--down") : color("--up"), width: 2.2, points: { show: false } });
    data.push(answer.levels[name][1]);
  });
  const ticks = [0, 2, 7, 12, 16, 19, 22].filter((one) => one < days.length);
  const axis = { stroke: color("--soft"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false }, font: "11px system-ui" };
  requestAnimationFrame(() => {
    if (!box.isConnected) return;
    new uPlot({
      width: Math.max(box.clientWidth, 220), height: 150, series, cursor: { show: false }, legend: { show: true, live: false },
      scales: { x: { time: false } },
      axes: [{ ...axis, splits: () => ticks, values: (_, at) => at.map((i) => short(days[i])) }, { ...axis, size: 44, values: (_, at) => at.map(digits) }],
      hooks: { draw: [(u) => {
        const x = u.valToPos(view.at, "x", true);
        u.ctx.strokeStyle = color("--ink");
        u.ctx.beginPath();
        u.ctx.moveTo(x, u.bbox.top);
        u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
        u.ctx.stroke();
      }] },
    }, data, box);
  });
  return box;
}

function short(day) {
  return day === 0 ? "0" : day < 1 ? `${Math.round(day * 24)} h` : day < 28 ? `${Math.round(day)} d` : `${Math.round(day / 7)} w`;
}

function numbers(list) {
  if (!list.length) return [];
  return [make("h3", {}, "Its numbers"), make("div", { class: "facts" }, ...list.map((one) => make("div", {},
    make("code", {}, one.name), ` ${digits(one.value)}${one.unit === "1" ? "" : " " + one.unit} `,
    make("span", { class: `origin ${one.origin}` }, one.origin),
    make("div", { class: "told" }, `plausible ${digits(one.interval[0])} to ${digits(one.interval[1])}; ${one.told}`))))];
}

function claims(list) {
  if (!list.length) return [];
  return [make("h3", {}, "Claims of the review that read it"), make("div", { class: "facts" }, ...list.map((one) => make("div", {},
    make("a", { href: `${placeOfView("claims")}?find=${encodeURIComponent(one.id)}` }, one.id), ` ${one.statement} `, make("div", { class: "told" }, `evidence ${one.evidence}; ${one.origin}`))))];
}
