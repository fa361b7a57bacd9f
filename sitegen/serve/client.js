// The preview's own script. `sitegen serve` adds it to each page that it sends; no built page has it.
(() => {
  "use strict";
  const OURS = "/.sitegen/";
  const OPENED = `sitegen-opened:${location.pathname}`;
  let asked = 0;
  let { version } = document.currentScript.dataset;

  // ---- what is new: one tab listens for all, for a browser has six connections for all its tabs

  const tabs = new BroadcastChannel("sitegen");
  tabs.addEventListener("message", ask);
  addEventListener("pageshow", ({ persisted }) => persisted && ask());

  function listen() {
    const source = new EventSource(`${OURS}events`);
    const tell = () => {
      tabs.postMessage("new");
      ask();
    };
    source.addEventListener("open", tell); // the server may have been away
    source.addEventListener("message", tell);
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 300);
    });
  }

  async function ask() {
    const query = new URLSearchParams({ page: location.pathname, version });
    const turn = ++asked;
    const response = await fetch(`${OURS}news?${query}`).catch(() => null);
    if (!response?.ok) return; // the server is away; when it is back, it is asked again
    const told = await response.json();
    if (turn !== asked) return; // somebody asked later, and hears something newer
    if (told.page === "other") return reload();
    if (told.page === "styled") restyle(told.styles);
    ({ version } = told);
    report(told.problems);
  }

  // ---- a new page: the browser keeps the place if the page is as long as it was

  const details = () => [...document.querySelectorAll("details")];

  function reload() {
    const opened = details().flatMap(({ open }, number) => (open ? [number] : []));
    try {
      sessionStorage.setItem(OPENED, JSON.stringify(opened));
    } catch {
      // without storage they close
    }
    location.reload();
  }

  try {
    const opened = JSON.parse(sessionStorage.getItem(OPENED) ?? "[]");
    sessionStorage.removeItem(OPENED);
    const all = details();
    for (const number of opened) if (all[number]) all[number].open = true;
  } catch {
    // as above
  }

  // ---- new style sheets: the old one goes when the new one has come, so that nothing flashes

  function restyle(addresses) {
    const links = [...document.querySelectorAll('link[rel~="stylesheet"]:not([data-sitegen-old])')];
    if (links.length !== addresses.length) return reload();
    links.forEach((link, number) => {
      if (link.getAttribute("href") === addresses[number]) return;
      const fresh = link.cloneNode();
      fresh.setAttribute("href", addresses[number]);
      link.dataset.sitegenOld = number;
      const replace = () => {
        if ("sitegenOld" in fresh.dataset) return; // a newer one is coming
        document.querySelectorAll(`link[data-sitegen-old="${number}"]`).forEach((old) => old.remove());
      };
      fresh.addEventListener("load", replace);
      fresh.addEventListener("error", replace);
      link.after(fresh);
    });
  }

  // ---- problems, over the last good page

  const STYLE = `
    :host { all: initial; }
    section { position: fixed; inset: auto 0 0 0; z-index: 2147483647; max-block-size: 70vh; overflow: auto;
      box-sizing: border-box; padding: 1rem 1.25rem; border-block-start: 4px solid #e5484d; background: #1b1a18;
      color: #f2efe8; font: 1rem/1.5 system-ui, sans-serif; box-shadow: 0 -8px 32px #0006; }
    h2 { margin: 0 2.5rem .25rem 0; font-size: 1.1rem; }
    p { margin: 0; } p.hint { color: #c9c4b8; white-space: pre-line; }
    article { margin-block-start: 1rem; }
    code, pre { font: .875rem/1.5 ui-monospace, monospace; } code { color: #ffb86b; }
    pre { margin: .375rem 0; padding: .5rem .75rem; overflow-x: auto; background: #000; }
    pre b { display: block; font-weight: 600; color: #fff; background: #5a1d20; }
    pre span { display: block; color: #a8a296; }
    button { position: absolute; inset: .75rem .75rem auto auto; padding: .25rem .6rem; border: 1px solid #88827a;
      border-radius: 4px; background: none; color: inherit; font: inherit; cursor: pointer; }`;
  const SHOWN = 20;
  let panel = null;
  let reported = "[]";

  function element(name, text, className) {
    const made = document.createElement(name);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function article({ place, message, hint, line, excerpt }) {
    const made = document.createElement("article");
    made.append(element("code", place), element("p", message));
    if (excerpt.length) {
      const lines = excerpt.map(([number, text]) =>
        element(number === line ? "b" : "span", `${String(number).padStart(4)}  ${text}`));
      const pre = document.createElement("pre");
      pre.append(...lines);
      made.append(pre);
    }
    if (hint) made.append(element("p", hint, "hint"));
    return made;
  }

  function report(problems) {
    if (reported === (reported = JSON.stringify(problems))) return;
    panel?.remove();
    panel = null;
    if (!problems.length) return;
    panel = document.createElement("sitegen-problems");
    const inside = panel.attachShadow({ mode: "open" });
    const style = new CSSStyleSheet(); // no style element: the site's own policy may forbid it
    style.replaceSync(STYLE);
    inside.adoptedStyleSheets = [style];
    const section = document.createElement("section");
    section.setAttribute("role", "alert");
    const button = element("button", "Hide");
    button.addEventListener("click", () => panel.remove());
    section.append(
      element("h2", problems.length === 1 ? "A problem stops the site" : `${problems.length} problems stop the site`),
      element("p", "Behind this is the last good page. It comes back when the content is mended.", "hint"),
      button,
      ...problems.slice(0, SHOWN).map(article),
    );
    if (problems.length > SHOWN) section.append(element("p", `… and ${problems.length - SHOWN} more.`, "hint"));
    inside.append(section);
    document.documentElement.append(panel);
  }

  // Only an address that a browser trusts, as localhost, has locks; elsewhere each tab listens for itself.
  if (navigator.locks) navigator.locks.request("sitegen", () => new Promise(listen));
  else listen();
  ask();
})();
