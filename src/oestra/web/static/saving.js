// Files and links that hold what is seen: CSV, SVG, PNG, the address.
import { make, placeOfView, save } from "./api.js";
import { standalone } from "./drawing.js";

export function csv(rows) {
  const quoted = (value) => {
    const text = value === null || value === undefined ? "" : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => row.map(quoted).join(",")).join("\n") + "\n";
}

// A drawing is saved as it is seen, with a caption above.
function size(svg) {
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  return [width, height];
}

export function saveSvg(name, svg, caption) {
  save(`${name}.svg`, standalone(svg, ...size(svg), caption), "image/svg+xml");
}

export async function savePng(name, svg, caption) {
  const [width, height] = size(svg), scale = 2;
  const text = standalone(svg, width, height, caption).replace("<svg", `<svg width="${width}" height="${height + 34}"`);
  const image = new Image();
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
  await image.decode();
  const canvas = make("canvas", { width: scale * width, height: scale * (height + 34) });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  save(`${name}.png`, blob, "image/png");
}

export function linkButton(button, status, before = async () => {}) {
  button.addEventListener("click", async () => {
    await before();
    try { await navigator.clipboard.writeText(location.href); status.textContent = "Copied."; } catch { status.textContent = "The link is the address above."; }
  });
}

// Where the evidence tells what a published number is from.
export function sourceOf(id) {
  return `${placeOfView("evidence")}?id=${encodeURIComponent(id)}`;
}

// A file of its own goes into the address, packed; a trial of the library by its name.
export async function pack(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export async function unpack(text) {
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).text();
}
