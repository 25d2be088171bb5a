// How clones are named, counted and told apart without color.
export const DASHES = ["", "9 4", "3 3", "12 4 3 4", "", "9 4", "3 3", "12 4 3 4"];

export function cloneLabel(name) {
  return name.split("_").map((word) => (["er", "esr1", "ncor", "pten", "rtk"].includes(word) ? word.toUpperCase() : word)).join(" ");
}

export function count(cells) {
  return cells < 1e4 ? String(Math.round(cells)) : cells.toExponential(1).replace(/e\+(\d+)/, (_, power) => ` × 10${[...power].map((one) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[one]).join("")}`);
}
