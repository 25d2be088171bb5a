// Asking the server. What cannot be used comes back as one sentence.

import { RECORDED, recall } from "./recorded.js";

export class Refused extends Error {}

// Where a view is: an address of the server, or a file of a recorded copy.
export const placeOfView = (view) => (RECORDED ? `${view || "index"}.html` : `/${view}`);

const client = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);

export async function ask(path, { query, body, method, signal } = {}) {
  if (RECORDED) {
    const found = await recall(path, { query, body, method });
    if (!found) throw new Refused("This copy holds what was written into it, and not this; “oestra serve” answers everything.");
    return found;
  }
  const search = query ? "?" + query : "";
  const options = { method: method || (body ? "POST" : "GET"), signal, headers: { "X-Client": client } };
  if (body) {
    options.body = JSON.stringify({ ...body, client });
    options.headers["Content-Type"] = "application/json";
  }
  let answer;
  try {
    answer = await fetch(path + search, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused("The server does not answer; is it still running?");
  }
  let found;
  try {
    found = await answer.json();
  } catch {
    throw new Refused("The server gave no answer that can be read.");
  }
  if (!answer.ok) throw new Refused(found.error || "This cannot be done.");
  return found;
}

// Work that nobody will look at any more is stopped as the page is left.
export function freeOnLeave(job) {
  addEventListener("pagehide", () => {
    if (job()) fetch(`/api/runs/${job()}`, { method: "DELETE", keepalive: true }).catch(() => {});
  });
}

export function save(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 2000);
}

// Elements, without any text ever being read as markup.
export function make(tag, attributes = {}, ...children) {
  const svg = ["svg", "g", "rect", "path", "line", "text", "defs", "marker", "title", "circle", "pattern", "tspan"];
  const element = svg.includes(tag) && tag !== "title"
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((one) => one !== null && one !== undefined));
  return element;
}

export function digits(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e-4) return "≈0";
  if (size >= 1000) return value.toPrecision(4).replace(/e\+?/, "e");
  return String(Number(value.toPrecision(size >= 100 ? 3 : 2)));
}
