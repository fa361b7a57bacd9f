// The search page. Pagefind looks; it is loaded when somebody begins to search. Texts of papers are never HTML.
"use strict";

const form = document.querySelector(".search");
const words = form.elements.q;
const facets = [...form.querySelectorAll(".search-facets select:not([name=sort])")];
const status = document.querySelector(".search-status");
const list = document.querySelector("#search-results");
const more = document.querySelector(".search-more");
const template = document.querySelector(".search-entry");
const STEP = 10;
const MOST_OPTIONS = 200;

let engine;
let turn = 0; // an older search shows nothing
let results = [];
let shown = 0;
let isSettled = location.search !== ""; // the next address is a new step to go back to

// ---- looking

/** Return the file that names the index as it is now. */
async function wayIn() {
  const answer = await fetch(`${form.dataset.bundle}pagefind-entry.json`, { cache: "no-store" });
  if (!answer.ok) throw new Error("no index");
  return answer.text();
}

function load() {
  engine ??= (async () => {
    const index = await wayIn();
    const { createInstance } = await import(`${form.dataset.bundle}pagefind.js`);
    const made = createInstance({ noWorker: true, excerptLength: 40 }); // a worker is the same program once more
    const all = await made.filters();
    return { search: (text, options) => made.search(text, options), all, index };
  })();
  engine.catch(() => { engine = undefined; });
  return engine;
}

function question() {
  const chosen = facets.filter(({ value }) => value);
  return {
    text: words.value.trim().normalize("NFC"),
    filters: Object.fromEntries(chosen.map(({ name, value }) => [name, value])),
    isByDate: form.elements.sort.value === "date",
  };
}

async function look(pagefind, { text, filters, isByDate }) {
  const sort = isByDate || !text ? { sort: { date: "desc" } } : {};
  const ask = (some, fewer) => pagefind.search(some || null, { filters: fewer, ...sort });
  const answer = await ask(text, filters);
  const counts = { ...answer.filters };
  for (const name of Object.keys(filters)) { // what another choice would find
    const { [name]: _, ...others } = filters;
    counts[name] = (await ask(text, others)).filters[name];
  }
  return { found: answer.results, without: answer.unfilteredResultCount, counts };
}

// Pagefind takes the nearest word in the alphabet, however far: then a paper lacks even its first half.
function isFarFetched(text, papers) {
  const split = (raw) => raw.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const starts = split(text).map((word) => ` ${word.slice(0, Math.max(3, Math.ceil(word.length / 2)))}`);
  const texts = papers.map(({ content, meta }) => ` ${split([content, ...Object.values(meta)].join(" ")).join(" ")}`);
  return texts.some((held) => starts.some((start) => !held.includes(start)));
}

async function search(wanted = STEP, isAgain = false) {
  const mine = ++turn;
  const asked = question();
  if (!asked.text && !Object.keys(asked.filters).length) {
    const all = await engine?.then((pagefind) => pagefind.all, () => ({})); // the counts of a search for anything
    if (mine === turn) show(asked, { found: [], counts: all ?? {} }, []);
    return;
  }
  const slow = setTimeout(() => { if (mine === turn) status.textContent = "Searching …"; }, 400);
  try {
    const pagefind = await load();
    const answer = await look(pagefind, asked);
    // Pagefind takes a chunk that is gone for one without the word.
    if (!answer.found.length && await wayIn() !== pagefind.index) throw new Error("new index");
    const papers = await read(answer.found.slice(0, wanted));
    if (mine === turn) show(asked, answer, papers);
  } catch (error) {
    engine = undefined; // a new index may have come since the page was opened
    if (mine === turn && !isAgain) await search(wanted, true);
    else if (mine === turn) fail(error);
  } finally {
    clearTimeout(slow);
  }
}

const read = (found) => Promise.all(found.map((result) => result.data()));

// ---- showing

function show(asked, { found, without, counts }, papers) {
  results = found;
  shown = papers.length;
  list.replaceChildren(...papers.map(entry));
  more.hidden = shown >= results.length;
  facets.forEach((facet) => offer(facet, counts[facet.name]));
  status.textContent = sentence(asked, without, isFarFetched(asked.text, papers));
}

function sentence({ text, filters }, without, isFar) {
  const number = `${results.length.toLocaleString("en")} ${results.length === 1 ? "paper" : "papers"}`;
  const quoted = text && ` for “${text}”`;
  if (!text && !Object.keys(filters).length) return "";
  if (text && results.length && isFar) return `No paper has just “${text}”. ${number} with the nearest words.`;
  if (results.length) return `${number}${quoted}.`;
  if (without) return `No paper${quoted} with these filters; ${without.toLocaleString("en")} without them.`;
  return text ? `No paper${quoted}. Try fewer words, or other ones.` : "No paper with these filters.";
}

function entry({ url, meta, excerpt, plain_excerpt: plain, content }) {
  const made = template.content.firstElementChild.cloneNode(true);
  const [title, facts, teaser] = made.children;
  made.dataset.paper = url.split("/").at(-2);
  Object.assign(title.firstChild, { href: url, textContent: meta.title });
  const theme = [...form.elements.theme.options].find(({ value }) => value && value === meta.theme);
  const chip = theme && link(theme.dataset.url, meta.theme, `theme hue-${theme.dataset.hue}`);
  for (const fact of [chip, meta.who, meta.organization, meta.published && `published ${meta.published}`]) {
    if (fact) facts.appendChild(document.createElement("li")).append(fact);
  }
  const start = content.startsWith(plain.slice(0, 40)) ? "" : "… ";
  highlight(teaser, `${start}${excerpt}${content.endsWith(plain.slice(-40)) ? "" : " …"}`);
  desk.mark(made);
  return made;
}

// Pagefind puts words found between <mark> and </mark>, and escapes other angle brackets.
function highlight(teaser, excerpt) {
  excerpt.split(/<mark>(.*?)<\/mark>/s).forEach((part, place) => {
    const parent = place % 2 ? teaser.appendChild(document.createElement("mark")) : teaser;
    parent.append(part.replace(/&lt;/g, "<").replace(/&gt;/g, ">"));
  });
}

// Says behind each choice how many papers it leaves; an open select offers what the results have.
function offer(facet, counts) {
  const chosen = facet.value;
  if (!counts) return;
  if (facet.hasAttribute("data-open")) {
    const names = Object.keys(counts).filter((name) => counts[name] || name === chosen);
    names.sort((a, b) => counts[b] - counts[a] || a.localeCompare(b, "en"));
    facet.length = 1;
    const offered = new Set([...names.slice(0, MOST_OPTIONS), ...(chosen ? [chosen] : [])]);
    for (const name of offered) facet.add(new Option(name, name));
    facet.value = chosen;
  }
  for (const option of [...facet.options].slice(1)) {
    const count = counts[option.value] ?? 0;
    option.textContent = `${option.value} (${count.toLocaleString("en")})`;
    option.disabled = !count && option.value !== chosen;
  }
}

function fail(error) {
  console.warn(error);
  results = [];
  list.replaceChildren();
  more.hidden = true;
  status.textContent = "The search could not be loaded. Reload the page, or take one of the other ways.";
}

function link(href, textContent, className = "") {
  return Object.assign(document.createElement("a"), { href, textContent, className });
}

// ---- the address

function fromAddress() {
  const given = new URLSearchParams(location.search);
  words.value = given.get("q") ?? "";
  for (const facet of [...facets, form.elements.sort]) {
    const value = given.get(facet.name) ?? "";
    facet.value = value;
    if (value && facet.value !== value && facet.hasAttribute("data-open")) {
      facet.add(new Option(value, value));
      facet.value = value;
    }
    if (facet.selectedIndex < 0) facet.value = "";
  }
}

function toAddress(settles) {
  const given = new URLSearchParams();
  for (const { name, value } of [words, ...facets, form.elements.sort]) {
    if (value.trim()) given.set(name, value.trim());
  }
  const address = location.pathname + (given.toString() && `?${given}`);
  if (address !== location.pathname + location.search) {
    history[isSettled ? "pushState" : "replaceState"](null, "", address);
  }
  isSettled = settles;
}

// ---- what the reader does

let pause;
words.addEventListener("focus", () => { load().catch(() => {}); });
words.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(() => { toAddress(false); search(); }, 150);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(pause);
  toAddress(true);
  search();
});
form.addEventListener("change", ({ target }) => {
  if (target === words) return;
  isSettled = true;
  toAddress(true);
  search();
});
more.addEventListener("click", async () => {
  const mine = turn;
  const papers = await read(results.slice(shown, shown + STEP)).catch(fail);
  if (!papers || mine !== turn) return;
  const entries = papers.map(entry);
  list.append(...entries);
  shown += papers.length;
  more.hidden = shown >= results.length;
  history.replaceState({ shown }, "");
  entries[0]?.querySelector("a").focus();
});
addEventListener("popstate", ({ state }) => {
  isSettled = true;
  fromAddress();
  search(state?.shown);
});

async function begin() {
  fromAddress();
  if (!await wayIn().catch(() => "")) {
    form.hidden = true;
    status.textContent = "The index of the search is missing at the moment. The ways above lead to the papers all the same.";
    return;
  }
  if (location.search) search(history.state?.shown);
  else words.focus();
}

begin();
