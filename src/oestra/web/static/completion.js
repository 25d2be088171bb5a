// Completion of regimens while they are typed: whole ones, and after each " + " one drug more.
import { make } from "./api.js";

let made = 0;

// What may follow what is typed: [{shown, whole}].
export function regimenOffers(known, { ovaries = false } = {}) {
  const lower = (one) => one.toLowerCase();
  const named = (text) => text.split(" + ").map((one) => lower(one.split(" ")[0]));
  const doses = known.doses.filter((one) => ovaries || !one.silences_ovaries).map((one) => ({ text: one.text, names: [one.drug, ...one.aliases].map(lower), found: lower([one.text, ...one.aliases].join(" ")) }));
  const several = known.regimens.filter((one) => one.includes(" + ")).map((one) => ({ text: one, names: named(one), found: lower(one) }));
  return (typed) => {
    const parts = typed.split("+").map((one) => one.trim()), rest = lower(parts.pop()), head = parts.filter(Boolean), words = rest.split(/\s+/);
    const free = doses.filter((one) => !head.some((part) => one.names.some((name) => lower(part).startsWith(name))));
    const found = (head.length ? free : [...doses, ...several]).filter((one) => words.every((word) => one.found.includes(word)));
    // A word that begins the name of a drug means the drug, not a dose.
    const meant = found.filter((one) => one.names.some((name) => name.startsWith(words[0])));
    return (meant.length ? meant : found).map((one) => ({ shown: head.length ? `+ ${one.text}` : one.text, whole: [...head, one.text].join(" + ") })).filter((one) => one.whole !== typed.trim());
  };
}

// A combobox out of a text field. `offers` answers what may follow; it is called while one types.
export function complete(input, offers) {
  const id = `completion-${(made += 1)}`;
  const list = make("ul", { id, class: "completion", role: "listbox", "aria-label": "Drugs with dose and days", hidden: true });
  let shown = [], active = -1;
  for (const [name, value] of Object.entries({ role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id })) input.setAttribute(name, value);
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (next) => {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = (next + shown.length) % shown.length;
    const option = list.children[active];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  };
  const take = (one) => {
    input.value = one.whole;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const open = () => {
    shown = offers(input.value);
    if (!shown.length) return close();
    list.replaceChildren(...shown.map((one, i) => make("li", { id: `${id}-${i}`, role: "option", "aria-selected": "false", onmousedown: (event) => event.preventDefault(), onclick: () => take(one) }, one.shown)));
    const box = input.getBoundingClientRect();
    for (const [name, value] of [["left", box.left + scrollX], ["top", box.bottom + scrollY + 3], ["min-width", box.width]]) list.style.setProperty(name, `${value}px`);
    list.style.setProperty("max-width", `${Math.max(box.width, document.documentElement.clientWidth - box.left - 12)}px`);
    list.hidden = false;
    active = -1;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
    return undefined;
  };
  input.addEventListener("input", open);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      if (!list.hidden) choose(event.key === "ArrowDown" ? active + 1 : active < 0 ? shown.length - 1 : active - 1);
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      take(shown[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter") close();
  });
  document.getElementById("main").append(list);
  return () => list.remove();
}
