// The page /desk/: what was saved, hidden and read, muted words, settings, files.
(() => {
  "use strict";

  const MOST = 500; // rows of a list; a file has them all
  const $ = (selector, within = document) => within.querySelector(selector);
  const settings = $(".desk-settings");
  const say = (text) => { $(".desk-said").textContent = text; };
  const addressOf = (slug) => `${desk.base}papers/${slug}/`;

  const listed = (action) =>
    [...desk.state.papers].filter(([, paper]) => paper[action]).sort(([, a], [, b]) => b[action] - a[action]);

  // ---- what is shown

  const copyOf = (template) => $(template).content.firstElementChild.cloneNode(true);

  function row([slug, paper], action) {
    const li = copyOf("#desk-paper");
    const link = $("a", li);
    li.dataset.paper = slug;
    link.href = addressOf(slug);
    link.textContent = paper.title;
    const [, month, day, year] = new Date(paper[action]).toDateString().split(" ");
    $(".desk-day", li).textContent = `${Number(day)} ${month} ${year}`; // "9 Dec 2025", as all pages say it
    for (const button of li.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", Boolean(paper[button.dataset.action]));
    }
    return li;
  }

  function wordRow(word) {
    const li = copyOf("#desk-word");
    $("span", li).textContent = word;
    $("button", li).ariaLabel = `Mute “${word}” no longer`;
    $("button", li).addEventListener("click", () => {
      desk.change((state) => { state.muted = state.muted.filter((other) => other !== word); });
    });
    return li;
  }

  /** Fill a list anew; the focus stays where it was, or goes to what took its place. */
  function fill(list, items) {
    const controls = (li) => [...li.querySelectorAll("a, button")];
    const held = [...list.children].findIndex((li) => li.contains(document.activeElement));
    const control = held < 0 ? 0 : controls(list.children[held]).indexOf(document.activeElement);
    list.replaceChildren(...items);
    if (held < 0) return;
    const li = items.at(Math.min(held, items.length - 1));
    (li ? controls(li)[control] : $("h2", list.parentElement)).focus();
  }

  function show() {
    for (const part of document.querySelectorAll("[data-list]")) {
      const action = part.dataset.list;
      const papers = listed(action);
      $(".count", part).textContent = papers.length || "";
      $(".desk-more", part).hidden = papers.length <= MOST;
      part.classList.toggle("is-empty", !papers.length);
      fill($("ul", part), papers.slice(0, MOST).map((paper) => row(paper, action)));
    }
    fill($(".desk-words"), desk.state.muted.map(wordRow));
    for (const choice of settings.elements) {
      if (choice.type === "radio") choice.checked = choice.value === desk.state[choice.name];
    }
    settings.elements.keys.checked = desk.state.keys;
    $(".desk-unkept").hidden = desk.kept;
  }

  document.addEventListener("desk", show);
  show();

  // ---- what is changed

  $(".desk-mute").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = $("#desk-mute");
    const added = field.value.split(",").map((word) => word.trim()).filter(desk.words);
    desk.change((state) => { state.muted = [...new Set([...state.muted, ...added])]; });
    field.value = "";
  });

  settings.addEventListener("change", () => {
    const { scheme, density, keys } = settings.elements;
    desk.change((state) => Object.assign(state, { scheme: scheme.value, density: density.value, keys: keys.checked }));
  });

  $(".desk-clear").addEventListener("click", () => {
    if (!confirm("Forget everything that this browser keeps for this site?")) return;
    desk.change((state) => Object.assign(state, desk.tidy()));
    say("Everything is forgotten.");
  });

  // ---- files

  function download(name, type, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  $(".desk-export").addEventListener("click", () => download("desk.json", "application/json", `${desk.pack(1)}\n`));

  $("#desk-import").addEventListener("change", async ({ target }) => {
    try {
      const data = JSON.parse(await target.files[0].text());
      if (!data.papers || data.version !== 1) throw new TypeError();
      const { papers, muted, scheme, density, keys } = desk.tidy(data);
      desk.change((state) => {
        for (const [slug, paper] of papers) state.papers.set(slug, { ...state.papers.get(slug), ...paper });
        Object.assign(state, { scheme, density, keys, muted: [...new Set([...state.muted, ...muted])] });
      });
      say(`Read: ${papers.size} papers, ${muted.length} muted words.`);
    } catch {
      say("This file is not a desk that was exported here; nothing was changed.");
    }
    target.value = "";
  });

  // ---- BibTeX: each paper's own, else the little kept here

  const SPECIAL = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
  const escaped = (text) => text.replace(/[\\~^{}&%$#_]/g, (sign) => SPECIAL[sign] ?? `\\${sign}`);

  async function bibtex([slug, { title }]) {
    const address = new URL(addressOf(slug), location);
    const answer = await fetch(`${address}paper.bib`).catch(() => null);
    const text = answer?.ok ? await answer.text() : "";
    if (text.trimStart().startsWith("@")) return text.trim();
    return `@misc{${slug},\n  title = {{${escaped(title)}}},\n  note = {Listed at ${escaped(String(address))}}\n}`;
  }

  $(".desk-bibtex").addEventListener("click", async ({ target }) => {
    target.disabled = true;
    const entries = [];
    for (const paper of listed("saved")) entries.push(await bibtex(paper));
    target.disabled = false;
    download("reading-list.bib", "application/x-bibtex", entries.map((entry) => `${entry}\n`).join("\n"));
  });
})();
