// What this reader chose, set on <html> and on each paper before it is painted, so that nothing flashes or moves.
"use strict";

const desk = (() => {
  const VERSION = 1;
  const VISIT = 30 * 60_000; // a visit ends after half an hour without a page
  const ACTIONS = ["saved", "read", "hidden"];
  const root = document.documentElement;
  const { base } = document.currentScript.dataset;
  const key = `sitegen:${base}`; // two sites on one host do not mix

  // ---- what is kept: one value in localStorage; in memory alone where that is full or forbidden

  let kept = true;
  let state = read() ?? tidy();

  /** Return what is kept, or nothing where nothing can be read, or a later version wrote it. */
  function read() {
    try {
      const data = JSON.parse(localStorage.getItem(key)) ?? {};
      if (!(data.version > VERSION)) return tidy(data);
    } catch (error) {
      if (error instanceof SyntaxError) return tidy();
    }
    kept = false;
  }

  /** Return a state made of any value at all: what is damaged or unknown is left out. */
  function tidy(data) {
    const text = (value) => (typeof value === "string" ? value.trim().slice(0, 500) : "");
    const day = (value) => (/^\d{4}-\d\d-\d\d$/.test(value) ? String(value) : "");
    const time = (value) => (value > 0 && value < 8e15 ? Number(value) : 0);
    const papers = new Map();
    for (const [slug, given] of Object.entries(data?.papers ?? {})) {
      if (!/^[a-z\d]+(-[a-z\d]+)*$/.test(slug)) continue;
      const done = ACTIONS.filter((action) => time(given?.[action]));
      if (!done.length) continue;
      papers.set(slug, { title: text(given.title) || slug });
      for (const action of done) papers.get(slug)[action] = time(given[action]);
    }
    const muted = Array.isArray(data?.muted) ? data.muted.map(text).filter(words) : [];
    return {
      scheme: ["light", "dark"].find((scheme) => scheme === data?.scheme) ?? "",
      density: ["titles", "abstracts"].find((density) => density === data?.density) ?? "",
      keys: data?.keys !== false,
      muted: [...new Set(muted)],
      visit: { at: time(data?.visit?.at), since: day(data?.visit?.since), newest: day(data?.visit?.newest) },
      papers,
    };
  }

  /** Return the state as it is kept, or set out as it is exported. */
  function pack(indent) {
    return JSON.stringify({ version: VERSION, ...state, papers: Object.fromEntries(state.papers) }, null, indent);
  }

  /** Edit the newest state, another tab's included, keep it, and show it. */
  function change(edit) {
    if (kept) state = read() ?? state;
    edit(state);
    try {
      if (kept) localStorage.setItem(key, pack());
    } catch {
      kept = false;
    }
    show();
  }

  // ---- looks

  function dress() {
    const { scheme, density } = state;
    for (const [name, value] of Object.entries({ scheme, density })) {
      if (value) root.dataset[name] = value;
      else delete root.dataset[name];
    }
    document.querySelector("meta[name=color-scheme]").content = scheme || "light dark";
    for (const [number, own] of ["light", "dark"].entries()) {
      const meta = document.querySelectorAll("meta[name=theme-color]")[number];
      meta.media = scheme ? (scheme === own ? "all" : "not all") : `(prefers-color-scheme: ${own})`;
    }
  }

  /** Return a text as its words, each between two spaces. */
  function words(text) {
    const found = text.toLowerCase().match(/[\p{L}\p{N}+#]+/gu);
    return found ? ` ${found.join(" ")} ` : "";
  }

  const titleOf = (node) => (node.querySelector("a") ?? document.querySelector("h1")).textContent.trim();

  function isMuted(node) {
    if (!state.muted.length || !node.matches(".entry, .titles li")) return false;
    const text = words(`${titleOf(node)} ${node.querySelector(".entry-teaser")?.textContent ?? ""}`);
    return state.muted.some((word) => [" ", "s "].some((end) => text.includes(words(word).trimEnd() + end)));
  }

  /** Set the classes of one paper's node, and which of its buttons are pressed. */
  function mark(node) {
    const { since } = state.visit;
    const paper = state.papers.get(node.dataset.paper);
    for (const action of ACTIONS) node.classList.toggle(`is-${action}`, Boolean(paper?.[action]));
    node.classList.add("is-marked"); // until then it is not painted
    node.classList.toggle("is-muted", isMuted(node));
    node.classList.toggle("is-new", Boolean(since) && node.dataset.day > since);
    for (const button of node.querySelectorAll("[data-action]")) {
      button.setAttribute("aria-pressed", Boolean(paper?.[button.dataset.action]));
    }
  }

  /** Say above a list how many of its papers are hidden; the place for it is there before they are. */
  function count(parsed = true) {
    const button = document.querySelector(".view-hidden");
    if (!button) return;
    const muted = document.querySelectorAll(".entry.is-muted").length;
    const hidden = document.querySelectorAll(".entry.is-hidden:not(.is-muted)").length;
    const parts = [hidden && `${hidden} hidden`, muted && `${muted} hidden by muted words`].filter(Boolean);
    const verb = root.classList.contains("shows-hidden") ? "hide" : "show";
    button.hidden = !state.muted.length && ![...state.papers.values()].some((paper) => paper.hidden);
    button.disabled = !parts.length || !parsed;
    const text = `${parts.join(", ") || "0 hidden"}: ${verb}`;
    if (button.textContent !== text) button.textContent = text; // else the observer below never rests
  }

  const unfold = (open) => document.querySelectorAll(".group > .entry details").forEach((details) => { details.open = open; });

  function show() {
    if (state.density !== (root.dataset.density ?? "")) unfold(state.density === "abstracts");
    dress();
    document.querySelectorAll("[data-paper]").forEach(mark);
    count();
    document.dispatchEvent(new Event("desk"));
  }

  // ---- parsing

  const { at, newest } = state.visit;
  const now = Date.now();
  if (Math.abs(now - at) > VISIT) state.visit.since = newest;
  const { since } = state.visit;
  let marked = 0;

  function markParsed(all) {
    const nodes = document.querySelectorAll("[data-paper]");
    while (nodes[marked] && (all || nodes[marked].nextSibling)) {
      const node = nodes[marked++];
      mark(node);
      const details = node.matches(".group > .entry") && node.querySelector("details");
      if (details && state.density === "abstracts") details.open = true;
    }
    count(all);
  }

  const parsing = new MutationObserver(() => markParsed(false));
  parsing.observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => {
    parsing.disconnect();
    markParsed(true);
    const days = [...document.querySelectorAll("[data-day]")].map((node) => node.dataset.day);
    change(({ visit }) => Object.assign(visit, { at: now, since, newest: [visit.newest, ...days].sort().at(-1) }));
  });

  // Without reading.js no control may stand there dead.
  addEventListener("error", ({ target }) => target.localName === "script" && delete root.dataset.desk, true);
  // Another tab changed what is kept, or this page is shown again.
  const reread = () => {
    if (kept) state = read() ?? state;
    show();
  };
  addEventListener("storage", (event) => [key, null].includes(event.key) && reread());
  addEventListener("pageshow", ({ persisted }) => persisted && reread());

  root.dataset.desk = "";
  dress();

  return {
    base, ACTIONS, change, pack, tidy, mark, count, titleOf, words,
    get state() { return state; },
    get kept() { return kept; },
  };
})();
