// Tests and looks: what the form asks for, and what each analysis decided.
import { make } from "./api.js";

const $ = (id) => document.getElementById(id);
const LEFT = 46, RIGHT = 20, TOP = 20, HIGH = 250;

// The form from the file.
export function showTests(form) {
  const of = (value) => value ?? "";
  $("alpha").value = form.alpha;
  $("sided").value = form.sided;
  $("final-events").value = of(form.final_events);
  $("looks").value = form.looks.map((one) => one.events).join(", ");
  const shares = form.looks.filter((one) => one.share !== null).map((one) => `${Math.round(100 * one.share)} %`);
  const own = form.looks.some((one) => one.own.length);
  $("looks-told").textContent = [shares.length ? `${shares.join(", ")} of ${form.final_events} events` : "", own ? "bounds of their own stand in the file" : ""].filter(Boolean).join("; ");
  $("looks-told").hidden = !$("looks-told").textContent;
  const option = (value, text) => make("option", { value }, text);
  $("efficacy").replaceChildren(option("", own ? "as the file says" : "all at the end"), ...form.rules.map((one) => option(one, one)));
  $("efficacy").value = form.efficacy;
  $("efficacy-part").value = of(form.efficacy === "haybittle-peto" ? form.efficacy_bound : form.efficacy_gamma);
  $("futility-spending").replaceChildren(...form.spendings.map((one) => option(one, one)));
  const [way, asked] = form.futility.split(" ");
  $("futility-way").value = way;
  if (way === "spending") $("futility-spending").value = asked; else $("futility-number").value = of(asked);
  $("futility-assumed").value = of(form.futility_assumed_hazard_ratio);
  $("futility-beta").value = of(form.futility_beta);
  $("futility-gamma").value = of(form.futility_gamma);
  $("futility-binding").checked = form.futility_binding;
  unfold();
}

// Only the fields that belong to what is chosen.
export function unfold() {
  const rule = $("efficacy").value, way = $("futility-way").value;
  $("efficacy-more").hidden = !["hwang-shih-decani", "haybittle-peto"].includes(rule);
  $("efficacy-more").firstElementChild.textContent = rule === "haybittle-peto" ? "Bound, z" : "Gamma";
  $("efficacy-part").placeholder = rule === "haybittle-peto" ? "3" : "-4";
  $("futility-more").hidden = !["hazard_ratio", "conditional_power"].includes(way);
  $("futility-more").firstElementChild.textContent = way === "hazard_ratio" ? "Hazard ratio" : "Conditional power";
  $("futility-spend").hidden = way !== "spending";
  $("futility-parts").hidden = !way;
  $("of-assumed").hidden = way !== "conditional_power";
  $("of-beta").hidden = way !== "spending";
  $("of-gamma").hidden = way !== "spending" || $("futility-spending").value !== "hwang-shih-decani";
}

// The form into changes of the file. Whole rules come before their parts.
export function testChanges(form) {
  const found = [];
  const differs = (key, written, now) => { if (String(written).trim() !== String(now ?? "")) found.push(`analysis.${key}=${String(written).trim()}`); };
  differs("alpha", $("alpha").value, form.alpha);
  differs("sided", $("sided").value, form.sided);
  differs("final_events", $("final-events").value, form.final_events);
  differs("looks", $("looks").value, form.looks.map((one) => one.events).join(", "));
  const rule = $("efficacy").value, way = $("futility-way").value;
  differs("efficacy", rule, form.efficacy);
  if (rule === "hwang-shih-decani") differs("efficacy.gamma", $("efficacy-part").value, form.efficacy_gamma);
  if (rule === "haybittle-peto") differs("efficacy.bound", $("efficacy-part").value, form.efficacy_bound);
  const asked = way === "spending" ? $("futility-spending").value : $("futility-number").value;
  if (way && !asked) return found;
  differs("futility", way && `${way} ${asked}`, form.futility);
  if (way === "conditional_power") differs("futility.assumed_hazard_ratio", $("futility-assumed").value, form.futility_assumed_hazard_ratio);
  if (way === "spending") differs("futility.beta", $("futility-beta").value, form.futility_beta);
  if (way === "spending" && asked === "hwang-shih-decani") differs("futility.gamma", $("futility-gamma").value, form.futility_gamma);
  if (way && $("futility-binding").checked !== form.futility_binding) found.push(`analysis.futility.binding=${$("futility-binding").checked ? "yes" : "no"}`);
  return found;
}

const fixed = (value, places) => (value === null || value === undefined ? "–" : value.toFixed(places));
const share = (value, places = 0) => (value === null ? "–" : (100 * value).toFixed(places));

function due(found, i) {
  const look = found.looks[i], all = found.planned.at(-1);
  if (!look || look.events === null) return { name: "data cut", part: "" };
  return { name: `${look.events}${look.final ? ", end" : ""}`, part: all ? `${Math.round((100 * look.events) / all.events)} %` : "" };
}

// One row an analysis, as it is shown and saved.
const COLUMNS = [
  ["Events due", (found, i) => due(found, i).name],
  ["Information", (found, i) => due(found, i).part || "–"],
  ["Events seen", (_, __, look) => fixed(look.events_seen, 0)],
  ["Month", (_, __, look) => fixed(look.months, 1)],
  ["Patients", (_, __, look) => fixed(look.patients, 0)],
  ["Bound, z", (_, __, look) => fixed(look.bound_z, 3)],
  ["as hazard ratio", (_, __, ___, plan) => fixed(plan?.bound_hazard_ratio, 3)],
  ["one-sided p", (_, __, look) => fixed(look.bound_p_one_sided, 5)],
  ["Futile below z", (_, __, ___, plan) => fixed(plan?.futility_z, 3)],
  ["Alpha spent", (_, __, ___, plan) => fixed(plan?.alpha_spent, 5)],
  ["Reached, %", (_, __, look) => fixed(look.reached_percent, 0)],
  ["Won, %", (_, __, look) => fixed(look.efficacy_percent, 0)],
  ["Futile, %", (_, __, look) => fixed(look.futility_percent, 0)],
];

function mean(one, places, what) {
  if (one.mean === null) return null;
  return `${one.mean.toFixed(places)}${one.monte_carlo_error === null ? "" : ` ± ${one.monte_carlo_error.toFixed(Math.max(places, 1))}`} ${what}`;
}

export function drawTests(result) {
  const found = result.analyses;
  $("testing").hidden = !found;
  $("save-looks").hidden = !found || !found.looks.length;
  if (!found) return;
  const { won, alpha, sided, hypotheses } = found.testing;
  $("power").textContent = `Power ${share(won.estimate)} % (${share(won.low)} to ${share(won.high)}): trials of ${result.patients} patients that win ${found.first}, ${sided === 1 ? "one" : "two"}-sided alpha ${alpha}`;
  const others = Object.entries(hypotheses);
  $("expected").textContent = [
    `Expected: ${[mean(found.testing.expected_events, 0, "events"), mean(found.testing.expected_patients, 0, "patients"), mean(found.testing.expected_months, 1, "months")].filter(Boolean).join(", ")}.`,
    ...(others.length > 1 ? others.map(([name, one]) => `${name}: rejected in ${share(one.estimate)} % (${share(one.low)} to ${share(one.high)}).`) : []),
    ...found.idle.map((one) => `${one[0].toUpperCase()}${one.slice(1)}.`),
    `Intervals hold what ${result.replicates} ${result.replicates === 1 ? "trial leaves" : "trials leave"} open (exact, 95 %), not the errors of the model.`,
  ].join(" ");
  $("analyses-box").hidden = !found.looks.length;
  $("analyses").replaceChildren(make("thead", {}, make("tr", {}, ...COLUMNS.map(([head]) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, ...found.looks.map((look, i) => make("tr", {}, ...COLUMNS.map(([, cell]) => make("td", {}, cell(found, i, look, found.planned[i])))))));
  drawBounds($("bounds"), found);
}

export function lookRows(result) {
  const found = result.analyses;
  return [["events_due", "final", "events_seen", "months", "patients", "bound_z", "bound_p_one_sided", "bound_hazard_ratio", "futility_z", "alpha_spent", "reached_percent", "efficacy_percent", "futility_percent"],
    ...found.looks.map((look, i) => [look.events, look.final, look.events_seen, look.months, look.patients, look.bound_z, look.bound_p_one_sided, found.planned[i]?.bound_hazard_ratio, found.planned[i]?.futility_z, found.planned[i]?.alpha_spent, look.reached_percent, look.efficacy_percent, look.futility_percent])];
}

function text(at, words, options = {}) {
  const one = make("text", { x: at[0], y: at[1], ...options });
  one.textContent = words;
  return one;
}

// A sign that can be told without its color: filled, a cross, an empty ring.
function sign(x, y, outcome) {
  if (outcome === "futility") return make("path", { class: "futile", d: `M${x - 3.5} ${y - 3.5}l7 7m0 -7l-7 7` });
  return make("circle", { class: outcome === "won" ? "won" : "open", cx: x, cy: y, r: outcome === "won" ? 4.5 : 3.5 });
}

export function drawBounds(svg, found) {
  const width = Math.round(Math.min(Math.max(svg.parentElement.clientWidth - 2, 340), 1120)), bottom = TOP + HIGH;
  const count = Math.max(found.looks.length, 1), seen = found.seen.flat();
  const middle = (number) => {
    const met = seen.filter((one) => one.number === number && one.bound !== null).map((one) => one.bound).sort((a, b) => a - b);
    return met.length ? (met[(met.length - 1) >> 1] + met[met.length >> 1]) / 2 : null;
  };
  const upper = [...Array(count).keys()].map((i) => (found.looks[i] ? found.looks[i].bound_z : middle(i)));
  const lower = [...Array(count).keys()].map((i) => found.planned[i]?.futility_z ?? null);
  const values = [0, ...upper, ...lower, ...seen.map((one) => one.z)].filter((one) => one !== null);
  const low = Math.floor(Math.min(...values, -0.5) - 0.2), high = Math.ceil(Math.max(...values) + 0.3);
  const y = (z) => TOP + (HIGH * (high - z)) / (high - low), slot = (width - LEFT - RIGHT) / count;
  const x = (i, replicate = null) => LEFT + slot * (i + 0.5) + (replicate === null ? 0 : Math.min(slot * 0.6, 150) * (((replicate * 0.618034) % 1) - 0.5));
  const parts = [], by = high - low > 9 ? 2 : 1, every = Math.ceil(76 / slot);
  for (let z = Math.ceil(low / by) * by; z <= high; z += by) parts.push(make("line", { class: z ? "grid" : "zero", x1: LEFT, x2: width - RIGHT, y1: y(z), y2: y(z) }), text([LEFT - 7, y(z) + 4], z, { class: "soft", "text-anchor": "end" }));
  parts.push(text([8, TOP - 6], "z", { class: "soft" }));
  for (let i = 0; i < count; i += every) {
    const { name, part } = due(found, i);
    parts.push(text([x(i), bottom + 18], name, { "text-anchor": "middle" }), text([x(i), bottom + 33], part, { class: "soft", "text-anchor": "middle" }));
  }
  parts.push(text([width - RIGHT, bottom + 50], found.looks.length ? "events of the first hypothesis, share of all planned" : "analysis", { class: "soft", "text-anchor": "end" }));
  found.seen.forEach((made, replicate) => {
    const known = made.filter((one) => one.z !== null);
    if (known.length > 1) parts.push(make("path", { class: "path", d: known.map((one, n) => `${n ? "L" : "M"}${x(one.number, replicate).toFixed(1)} ${y(one.z).toFixed(1)}`).join("") }));
  });
  // Bounds as steps as wide as their analysis, tied to each other.
  const bound = (heights, kind) => {
    const known = heights.map((z, i) => [z, i]).filter(([z]) => z !== null), half = slot * 0.38;
    if (known.length) parts.push(make("path", { class: kind, d: known.map(([z, i], n) => `${n ? "L" : "M"}${(x(i) - half).toFixed(1)} ${y(z).toFixed(1)}H${(x(i) + half).toFixed(1)}`).join("") }));
  };
  bound(upper, "upper");
  bound(lower, "lower");
  found.seen.forEach((made, replicate) => made.forEach((one) => { if (one.z !== null) parts.push(sign(x(one.number, replicate), y(one.z), one.outcome)); }));
  const legend = [[make("path", { class: "upper", d: "M0 0H30" }), "bound for efficacy"], ...(lower.some((z) => z !== null) ? [[make("path", { class: "lower", d: "M0 0H30" }), "stops for futility below"]] : []),
    [sign(15, 0, "won"), "trial wins here"], ...(seen.some((one) => one.outcome === "futility") ? [[sign(15, 0, "futility"), "stops for futility"]] : []), [sign(15, 0, ""), found.looks.length > 1 ? "goes on, or ends without a win" : "ends without a win"]];
  let [across, down] = [LEFT, bottom + 72];
  for (const [mark, words] of legend) {
    const wide = 44 + 7.2 * words.length;
    if (across > LEFT && across + wide > width - 8) { across = LEFT; down += 20; }
    parts.push(make("g", { transform: `translate(${across} ${down - 4})` }, mark), text([across + 38, down], words, { class: "soft" }));
    across += wide + 12;
  }
  svg.setAttribute("viewBox", `0 0 ${width} ${down + 12}`);
  svg.setAttribute("aria-label", `Statistic of ${found.seen.length} trials at each analysis: ${[...Array(count).keys()].map((i) => `${due(found, i).name}, bound z ${fixed(upper[i], 2)}, ${seen.filter((one) => one.number === i && one.outcome === "won").length} win, ${seen.filter((one) => one.number === i && one.outcome === "futility").length} stop for futility`).join("; ")}`);
  svg.replaceChildren(...parts);
}
