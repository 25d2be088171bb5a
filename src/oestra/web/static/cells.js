// The controls of one state: cells, lesions, what they get. Its address is its memory.
import { make } from "./api.js";

const TUMOR = "tumor";

export function fromQuery(query, prefix) {
  return {
    line: query.get(prefix + "line") || "MCF-7",
    set: query.getAll(prefix + "set"),
    given: split(query.get(prefix + "drug") || "none"),
  };
}

export function split(written) {
  // In an address that was typed, a plus sign between spaces comes as three spaces.
  const text = written.replace(/ {3,}/g, " + ");
  if (text.trim() === "" || text.trim().toLowerCase() === "none") return [];
  return text.split(/\s+\+\s*|\s*\+\s+/).map((part) => {
    const found = part.trim().match(/^(.*?\S)\s+([-+]?[\d.]+(?:e[-+]?\d+)?\s*\S.*)$/i);
    return found ? { name: found[1], dose: found[2] } : { name: part.trim(), dose: "" };
  });
}

export function drugText(state) {
  const parts = state.given.map((one) => `${one.name} ${one.dose}`.trim());
  return parts.length ? parts.join(" + ") : "none";
}

export function toQuery(query, prefix, state) {
  query.append(prefix + "line", state.line);
  for (const one of state.set) query.append(prefix + "set", one);
  query.append(prefix + "drug", drugText(state));
}

export function drawControls(box, letter, state, choices, changed) {
  const tumor = state.line.toLowerCase() === TUMOR;
  const lines = make("select", { "aria-label": "Cells", onchange: (event) => {
    const was = state.line.toLowerCase() === TUMOR;
    state.line = event.target.value;
    if (was !== (state.line.toLowerCase() === TUMOR)) state.given = [];
    changed();
  } });
  for (const one of choices.lines) lines.append(make("option", { value: one.id, selected: one.id.toLowerCase() === state.line.toLowerCase() }, one.label));
  const known = choices.lines.find((one) => one.id.toLowerCase() === state.line.toLowerCase());
  lines.title = known ? known.text : "";
  const lesions = make("span", { class: "chips" });
  for (const one of state.set) lesions.append(make("span", { class: "chip gene" }, one.replace("=", " "),
    make("button", { type: "button", "aria-label": `Remove ${one}`, onclick: () => { state.set = state.set.filter((other) => other !== one); changed(); } }, "×")));
  lesions.append(adder("Add a lesion", groups(choices.lesions, (one) => one.split("=")[0], (one) => [one, one.replace("=", " ")]), (value) => {
    const gene = value.split("=")[0];
    state.set = [...state.set.filter((one) => one.split("=")[0] !== gene), value];
    changed();
  }));
  const given = make("span", { class: "chips" });
  state.given.forEach((one, place) => given.append(doseChip(one, tumor, () => changed(), () => { state.given.splice(place, 1); changed(); })));
  const offered = new Map();
  if (!tumor) offered.set("hormones and growth factors", choices.substances.map((one) => [one, one]));
  for (const one of choices.drugs) {
    if (tumor && !one.regimens.length) continue;
    offered.set(one.class, [...(offered.get(one.class) || []), [one.id, one.id]]);
  }
  given.append(adder(tumor ? "Add a drug" : "Add a drug or hormone", offered, (name) => {
    state.given.push({ name, dose: firstDose(name, tumor, choices, known) });
    changed();
  }));
  box.replaceChildren(make("span", { class: "letter", "aria-hidden": "true" }, letter), make("label", {}, "Cells", lines),
    make("label", {}, "Lesions"), lesions, make("label", {}, tumor ? "Treatment" : "In the medium"), given);
}

function firstDose(name, tumor, choices, line) {
  const drug = choices.drugs.find((one) => one.id === name);
  if (drug && tumor) return drug.regimens[0].replace(`${name} `, "");
  if (drug) return drug.dose;
  return line && line.medium[name] ? "0 nM" : "10 nM";
}

function doseChip(one, tumor, changed, remove) {
  const input = make("input", { type: "text", value: one.dose, "aria-label": `Dose of ${one.name}`, size: 8, maxlength: 120,
    onchange: (event) => { one.dose = event.target.value.trim(); changed(); } });
  return make("span", { class: `chip drug${tumor ? " long" : ""}` }, one.name, input,
    make("button", { type: "button", "aria-label": `Remove ${one.name}`, onclick: remove }, "×"));
}

function groups(items, groupOf, pairOf) {
  const found = new Map();
  for (const one of items) found.set(groupOf(one), [...(found.get(groupOf(one)) || []), pairOf(one)]);
  return found;
}

function adder(label, offered, add) {
  const select = make("select", { "aria-label": label, onchange: (event) => { if (event.target.value) add(event.target.value); } },
    make("option", { value: "" }, `+ ${label.toLowerCase()}`));
  for (const [name, pairs] of offered) {
    select.append(make("optgroup", { label: name }, ...pairs.map(([value, text]) => make("option", { value }, text))));
  }
  return select;
}
