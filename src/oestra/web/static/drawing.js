// A drawing as a file of its own: what the style sheet says is written into it.
import { make } from "./api.js";

const KEPT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "font-family", "font-size", "font-weight", "font-style", "text-anchor", "display"];

export function standalone(svg, width, height, caption) {
  const copy = svg.cloneNode(true);
  const originals = svg.querySelectorAll("*"), copies = copy.querySelectorAll("*");
  originals.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const name of KEPT) copies[i].style.setProperty(name, plain(style.getPropertyValue(name)));
    for (const name of ["tabindex", "role", "class"]) copies[i].removeAttribute(name);
  });
  copy.removeAttribute("id");
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("viewBox", `0 -34 ${width} ${height + 34}`);
  const paper = getComputedStyle(document.documentElement);
  const text = make("text", { x: 16, y: -12 });
  text.style.cssText = `font:13px sans-serif;fill:${paper.color}`;
  text.textContent = caption;
  copy.prepend(make("rect", { x: 0, y: -34, width, height: height + 34, fill: paper.backgroundColor }), text);
  return new XMLSerializer().serializeToString(copy);
}

// Mixed colors as any program for drawings reads them.
function plain(value) {
  if (!value.startsWith("color(")) return value;
  const parts = value.match(/[\d.]+/g).slice(0, 3).map((one) => Math.round(255 * Number(one)));
  return `rgb(${parts.join(", ")})`;
}
