// How clones are counted and told apart without color.
export const DASHES = ["", "9 4", "3 3", "12 4 3 4", "", "9 4", "3 3", "12 4 3 4"];

export function count(cells) {
  return cells < 1e4 ? String(Math.round(cells)) : cells.toExponential(1).replace(/e\+(\d+)/, (_, power) => ` × 10${[...power].map((one) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[one]).join("")}`);
}
