// The hand-laid map, drawn once and then only changed.
import { digits, make } from "./api.js";

const SIZES = { normal: [112, 44], small: [86, 36], wide: [164, 44], ligand: [94, 36] };
const NOTHING = 1e-5;
const SAME = 0.05;
const MOST = 3;

// Change of a level against its reference: log2 of the ratio where both are positive.
export function change(before, after) {
  const low = Math.abs(before) < NOTHING, high = Math.abs(after) < NOTHING;
  if (low && high) return { size: 0, told: "", sign: "" };
  if (before > 0 && after > 0 && !low && !high) {
    const size = Math.log2(after / before);
    const ratio = after / before;
    const places = ratio >= 100 ? 0 : ratio >= 1.95 ? 1 : 2;
    const told = "×" + (ratio < 0.01 ? "<.01" : ratio.toFixed(places));
    return Math.abs(size) < SAME ? { size: 0, told: "=", sign: "" } : { size, told, sign: size > 0 ? "▲" : "▼" };
  }
  const size = Math.max(-MOST, Math.min(MOST, (2 * (after - before)) / Math.max(Math.abs(before), Math.abs(after))));
  if (low) return { size, told: "new", sign: "▲" };
  if (high) return { size: -MOST, told: "gone", sign: "▼" };
  return { size, told: "was " + digits(before), sign: size > 0 ? "▲" : "▼" };
}

function kind(size) {
  return size > SAME ? "up" : size < -SAME ? "down" : "";
}

function border(node, toward, gap) {
  const [w, h] = SIZES[node.size || "normal"];
  const dx = toward[0] - node.x, dy = toward[1] - node.y;
  const share = Math.min(dx ? (w / 2 + gap) / Math.abs(dx) : Infinity, dy ? (h / 2 + gap) / Math.abs(dy) : Infinity, 1);
  return [node.x + dx * share, node.y + dy * share];
}

function smooth(points) {
  let text = `M${points[0][0].toFixed(1)} ${points[0][1].toFixed(1)}`;
  for (let i = 1; i < points.length - 1; i++) {
    const [near, far] = [points[i - 1], points[i + 1]].map((other) => {
      const dx = other[0] - points[i][0], dy = other[1] - points[i][1];
      const share = Math.min(26 / (Math.hypot(dx, dy) || 1), 0.5);
      return [points[i][0] + dx * share, points[i][1] + dy * share];
    });
    text += ` L${near.map((v) => v.toFixed(1)).join(" ")} Q${points[i].join(" ")} ${far.map((v) => v.toFixed(1)).join(" ")}`;
  }
  const last = points[points.length - 1];
  return text + ` L${last[0].toFixed(1)} ${last[1].toFixed(1)}`;
}

function membrane(width) {
  const pattern = make("pattern", { id: "lipid", width: 9, height: 20, patternUnits: "userSpaceOnUse" },
    make("circle", { cx: 4.5, cy: 3.4, r: 2.6, class: "lipids" }),
    make("circle", { cx: 4.5, cy: 16.6, r: 2.6, class: "lipids" }),
    make("path", { d: "M3.4 6v4M5.6 6v4M3.4 14v-4M5.6 14v-4", class: "lipids" }));
  const band = make("rect", { x: 18, y: 100, width: width - 36, height: 20, fill: "url(#lipid)", transform: "translate(0 0)" });
  return [make("defs", {}, pattern), band];
}

function helix(x, y, length) {
  const points = [0, 1].map((phase) => {
    let d = "";
    for (let i = 0; i <= length; i += 6) d += `${i ? "L" : "M"}${x + i} ${(y + 9 * Math.sin(i / 16 + phase * Math.PI)).toFixed(1)}`;
    return make("path", { d, class: "helix" });
  });
  return points;
}

function backdrop(map) {
  const w = map.width;
  return [
    make("rect", { x: 14, y: 110, width: w - 28, height: 734, rx: 34, class: "outline" }),
    ...membrane(w),
    make("rect", { x: 852, y: 178, width: 374, height: 176, rx: 18, class: "room" }),
    make("rect", { x: 34, y: 594, width: 962, height: 232, rx: 60, class: "envelope" }),
    ...helix(660, 700, 300),
    make("rect", { x: 1014, y: 588, width: 212, height: 246, rx: 18, class: "room" }),
    make("rect", { x: 14, y: 850, width: w - 28, height: 96, rx: 18, class: "room" }),
    ...map.regions.map((one) => {
      const text = make("text", { x: one.x, y: one.y, class: "region", "text-anchor": one.x > w / 2 ? "end" : "start" });
      text.textContent = one.label;
      return text;
    }),
  ];
}

function marker(id, solid, tone) {
  const shape = solid
    ? make("path", { d: "M0 0 8 4 0 8z", class: `head solid ${tone}` })
    : make("path", { d: "M1 0v10", class: `head ${tone}` });
  return make("marker", { id, viewBox: solid ? "0 0 8 8" : "0 0 2 10", refX: solid ? 7 : 1, refY: solid ? 4 : 5,
    markerWidth: solid ? 8 : 2.4, markerHeight: solid ? 8 : 12, orient: "auto", markerUnits: "userSpaceOnUse" }, shape);
}

export class NetworkMap {
  constructor(svg, map, choose) {
    this.svg = svg;
    this.map = map;
    this.nodes = new Map();
    this.edges = [];
    svg.setAttribute("viewBox", `0 0 ${map.width} ${map.height}`);
    const markers = ["", "up", "down"].flatMap((tone) => [marker(`go${tone}`, true, tone), marker(`stop${tone}`, false, tone)]);
    svg.replaceChildren(make("defs", {}, ...markers), ...backdrop(map));
    for (const edge of map.edges) this.drawEdge(edge);
    for (const [name, node] of Object.entries(map.nodes)) this.drawNode(name, node, choose);
    this.pills = make("g", {});
    svg.append(this.pills);
  }

  drawEdge(edge) {
    const start = this.map.nodes[edge.from], end = this.map.nodes[edge.to];
    const via = edge.via || [];
    const first = via[0] || [end.x, end.y], last = via[via.length - 1] || [start.x, start.y];
    const points = [border(start, first, 1), ...via, border(end, last, 5)];
    const path = make("path", { d: smooth(points), class: "edge" });
    this.edges.push({ edge, path });
    this.svg.append(path);
  }

  drawNode(name, node, choose) {
    const [w, h] = SIZES[node.size || "normal"];
    const round = node.size === "ligand" ? h / 2 : 9;
    const x = node.x - w / 2, y = node.y - h / 2;
    const small = node.size === "small" || node.size === "ligand";
    const left = `M${node.x} ${y}H${x + round}Q${x} ${y} ${x} ${y + round}V${y + h - round}Q${x} ${y + h} ${x + round} ${y + h}H${node.x}z`;
    const right = `M${node.x} ${y}H${x + w - round}Q${x + w} ${y} ${x + w} ${y + round}V${y + h - round}Q${x + w} ${y + h} ${x + w - round} ${y + h}H${node.x}z`;
    const parts = {
      halves: [make("path", { d: left, class: "body" }), make("path", { d: right, class: "body" })],
      splitter: make("line", { x1: node.x, x2: node.x, y1: y + (small ? 17 : 20), y2: y + h - 2, class: "splitter" }),
      label: make("text", { x: node.x, y: y + (small ? 14 : 16), class: node.label.length > 12 && node.size !== "wide" ? "label long" : "label" }),
      values: [make("text", { y: y + (small ? 27 : 31), class: "value" }), make("text", { y: y + (small ? 27 : 31), class: "value" })],
      fills: [make("line", { class: "fill" }), make("line", { class: "fill" })],
      tracks: [make("line", { class: "track" }), make("line", { class: "track" })],
      zeros: [make("line", { class: "zero" }), make("line", { class: "zero" })],
    };
    // The space keeps words apart for those who hear the map.
    parts.label.textContent = `${node.label} `;
    const group = make("g", {
      class: `node ${node.size || "normal"}${node.fate ? " fate" : ""}`, tabindex: 0, role: "button", "data-name": name,
      onclick: () => choose(name),
      onkeydown: (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(name); }
      },
    }, ...parts.halves, make("rect", { x, y, width: w, height: h, rx: round, class: "rim" }), parts.splitter, parts.label,
      ...parts.values, ...parts.tracks, ...parts.fills, ...parts.zeros);
    this.nodes.set(name, { node, group, parts, w, h, x, y });
    this.svg.append(group);
  }

  // `states` are one or two answers of the server; `at` is the reading.
  show(states, at) {
    for (const [name, drawn] of this.nodes) this.showNode(name, drawn, states, at);
    for (const { edge, path } of this.edges) {
      const size = states.length > 1 ? 0 : this.changeOf(states[0], edge.from, at).size;
      const tone = kind(Math.abs(size) > 0.2 ? size : 0);
      path.setAttribute("class", `edge ${tone}${edge.soft ? " soft" : ""}`);
      path.style.strokeWidth = (1.2 + Math.min(Math.abs(size), MOST) * 0.55).toFixed(2);
      path.setAttribute("marker-end", `url(#${edge.kind === "inhibits" ? "stop" : "go"}${tone})`);
    }
    this.showPills(states);
    this.svg.classList.add("known");
  }

  levels(state, name, at) {
    const known = state.levels[name];
    if (known) return [known[0][at], known[1][at]];
    return state.constants[name] || [NaN, NaN];
  }

  changeOf(state, name, at) {
    return change(...this.levels(state, name, at));
  }

  showNode(name, { node, group, parts, w, h, x, y }, states, at) {
    const two = states.length > 1;
    const small = node.size === "small" || node.size === "ligand";
    const told = [];
    parts.splitter.style.display = two ? "" : "none";
    for (const side of [0, 1]) {
      const state = two ? states[side] : states[0];
      const [before, after] = this.levels(state, name, at);
      const { size, told: ratio, sign } = change(before, after);
      const tone = kind(size), share = Math.min(Math.abs(size), MOST) / MOST;
      parts.halves[side].style.fill = tone
        ? `color-mix(in srgb, var(--${tone}) calc(${(0.18 + 0.82 * share).toFixed(3)} * var(--tint)), var(--surface))` : "";
      const shown = two || side === 0;
      if (!shown) parts.values[side].textContent = "";
      for (const part of ["values", "tracks", "fills", "zeros"]) parts[part][side].style.display = shown ? "" : "none";
      if (!shown) continue;
      const from = two && side === 1 ? node.x : x, wide = two ? w / 2 : w;
      const text = parts.values[side];
      text.setAttribute("x", from + wide / 2);
      text.textContent = two ? `${ratio && !ratio.startsWith("was") ? ratio : digits(after)}${sign} ` : `${digits(after)} ${ratio}${sign} `;
      const inset = two ? 7 : 10, half = wide / 2 - inset, middle = from + wide / 2, bottom = y + h - (small ? 4.5 : 6.5);
      set(parts.tracks[side], { x1: middle - half, x2: middle + half, y1: bottom, y2: bottom });
      set(parts.zeros[side], { x1: middle, x2: middle, y1: bottom - 3, y2: bottom + 3 });
      set(parts.fills[side], { x1: middle, x2: middle + half * share * Math.sign(size), y1: bottom, y2: bottom });
      parts.fills[side].setAttribute("class", `fill ${tone}`);
      told.push(`${two ? "AB"[side] + ": " : ""}${digits(after)}, ${size ? ratio + (sign === "▲" ? " higher" : " lower") : "as in the reference"}`);
    }
    // What is read aloud begins with what is seen.
    const seen = [node.label, ...parts.values.filter((one) => one.style.display !== "none").map((one) => one.textContent.trim())];
    group.setAttribute("aria-label", `${seen.join(" ")}: ${told.join("; ")}`);
  }

  showPills(states) {
    const above = new Map();
    this.taken = [];
    this.under = new Map();
    this.pills.replaceChildren();
    for (const [name, gene] of this.lesions(states)) this.drawLesion(name, gene, above);
    const seen = new Set();
    states.forEach((state, side) => {
      for (const one of state.held) {
        const target = this.map.targets[one.parameter];
        if (!target) continue;
        const share = one.parameter.startsWith("kill") ? "" : ` ${Math.round(100 * one.share)} %`;
        const label = `${one.drugs.join(" + ")}${share}`;
        const twin = states.length > 1 && states.every((other) => other.held.some((o) => o.parameter === one.parameter && o.share === one.share));
        const letter = states.length > 1 && !twin ? "AB"[side] + " " : "";
        const text = letter + label;
        if (seen.has(one.parameter + text)) continue;
        seen.add(one.parameter + text);
        this.drawPill(target.node, text, above);
        for (const other of target.also || []) this.drawPill(other, letter + one.drugs.join(" + "), above);
      }
    });
  }

  drawPill(name, label, above) {
    const { node, y, h } = this.nodes.get(name);
    const over = above.get(name) || 0, under = this.under.get(name) || 0;
    const text = make("text", {});
    text.textContent = label;
    const wide = this.widthOf("pill", text, label) + 34;
    let { left, top } = this.clear(name, wide, [y - 23 - 19 * over, y + h + 6 + 19 * under]);
    const below = top > y, rank = below ? under : over;
    (below ? this.under : above).set(name, rank + 1);
    while (this.taken.some((one) => Math.abs(one.top - top) < 18 && one.left < left + wide && left < one.left + one.wide)) top += below ? 19 : -19;
    this.taken.push({ left, top, wide });
    text.setAttribute("x", left + 23);
    text.setAttribute("y", top + 12.6);
    this.pills.append(make("g", { class: "pill" },
      rank ? null : make("path", { d: below ? `M${node.x} ${top}V${y + h + 2}M${node.x - 9} ${y + h + 2}h18` : `M${node.x} ${top + 17}V${y - 2}M${node.x - 9} ${y - 2}h18` }),
      make("rect", { x: left, y: top, width: wide, height: 17, rx: 8.5 }),
      make("path", { d: `M${left + 17} ${top}H${left + 8.5}a8.5 8.5 0 0 0 0 17H${left + 17}z`, class: "full" }), text));
  }

  // Where a pill begins that hides no other node, if there is such a place.
  clear(name, wide, tops) {
    const { node, w } = this.nodes.get(name);
    const inside = (left) => Math.min(Math.max(left, 16), this.map.width - 16 - wide);
    const places = [node.x - wide / 2, node.x + w / 2 - wide, node.x - w / 2].map(inside);
    const hides = (left, top) => [...this.nodes].some(([other, one]) => other !== name
      && left < one.x + one.w && one.x < left + wide && top < one.y + one.h && one.y < top + 17);
    for (const top of tops) for (const left of places) if (!hides(left, top)) return { left, top };
    return { left: places[0], top: tops[0] };
  }

  // How long a text is as it will be drawn: fonts differ.
  widthOf(kind, text, label) {
    const group = make("g", { class: kind }, text);
    this.pills.append(group);
    const long = text.getComputedTextLength() || label.length * 7;
    group.remove();
    return long;
  }

  lesions(states) {
    const found = new Map();
    states.forEach((state) => {
      for (const [gene, name] of Object.entries(state.genotype)) {
        const node = this.map.genes[gene];
        if (node && this.nodes.has(node)) found.set(`${gene} ${name}`, [node, `${gene} ${name}`]);
      }
    });
    return found.values();
  }

  drawLesion(name, label, above) {
    const { node, y } = this.nodes.get(name);
    const rank = above.get(name) || 0;
    above.set(name, rank + 1);
    const top = y - 17 - 19 * rank, text = make("text", { x: node.x, y: top + 11.4 });
    text.textContent = label;
    const wide = this.widthOf("lesion", text, label) + 12;
    this.pills.append(make("g", { class: "lesion" }, make("rect", { x: node.x - wide / 2, y: top, width: wide, height: 15, rx: 3 }), text));
  }

  choose(name) {
    for (const [other, { group }] of this.nodes) group.classList.toggle("chosen", other === name);
  }
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value.toFixed(1));
}
