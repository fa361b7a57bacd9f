// What a reader does on any page: save, mark read, hide, choose how it looks, use keys. early.js remembers it.
(() => {
  "use strict";

  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector) => [...document.querySelectorAll(selector)];

  /** Return a new element with its properties and children; text stays text. */
  function make(name, properties, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }

  // ---- a word at the foot of the window

  const status = document.body.appendChild(make("div", { className: "toast", role: "status" }));
  let fading;

  function say(text, undo) {
    clearTimeout(fading);
    status.replaceChildren(make("span", {}, text));
    if (undo) status.append(make("button", { type: "button", onclick: undo }, "Undo"));
    const fade = () => {
      if (status.matches(":hover, :focus-within")) fading = setTimeout(fade, 2000);
      else status.replaceChildren();
    };
    fading = setTimeout(fade, undo ? 8000 : 3000);
  }

  // ---- papers

  const SAID = {
    saved: ["Saved for later", "No longer saved"],
    read: ["Marked as read", "Marked as unread"],
    hidden: ["Hidden", "No longer hidden"],
  };

  const inList = () => $$(".entry, .titles [data-paper], .desk-list > li").filter((node) => node.checkVisibility());
  const current = () => document.activeElement.closest("[data-paper]");

  function focusOn(node) {
    if (!node) return;
    $("a", node).focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest" });
  }

  /** Do or undo an action for the paper of a node. */
  function act(node, action, aloud) {
    const slug = node.dataset.paper;
    const title = desk.titleOf(node);
    const list = inList();
    const next = list[list.indexOf(node) + 1] ?? list.at(-2);
    const focused = node.contains(document.activeElement);
    let done;
    desk.change(({ papers }) => {
      const { [action]: was, ...paper } = papers.get(slug) ?? { title };
      done = !was;
      if (done) paper[action] = Date.now();
      if (desk.ACTIONS.some((other) => paper[other])) papers.set(slug, paper);
      else papers.delete(slug);
    });
    const gone = action === "hidden" && done && node.isConnected;
    if (focused && !node.checkVisibility()) focusOn(next);
    if (!desk.kept) say(`${SAID[action][done ? 0 : 1]}, until you leave this page: the browser keeps nothing`);
    else if (gone) say(`Hidden: ${title}`, () => { act(node, action); focusOn(node); say(SAID.hidden[1]); });
    else if (aloud) say(SAID[action][done ? 0 : 1]);
  }

  // ---- lists and colours

  function showPressed() {
    const { density, scheme } = desk.state;
    for (const button of $$("[data-show]")) button.setAttribute("aria-pressed", button.dataset.show === (density || "teasers"));
    const button = $(".scheme");
    button.title = button.ariaLabel = `Colours: ${scheme || "as the system has them"}`;
  }

  function nextScheme() {
    const order = ["", "light", "dark"];
    desk.change((state) => { state.scheme = order[(order.indexOf(state.scheme) + 1) % 3]; });
    say($(".scheme").title);
  }

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    const { action, show } = button.dataset;
    if (action) act(button.closest("[data-paper]"), action);
    else if (show) desk.change((state) => { state.density = show === "teasers" ? "" : show; });
    else if (button.matches(".scheme")) nextScheme();
    else if (button.matches(".help")) help();
    else if (button.matches(".view-hidden")) {
      document.documentElement.classList.toggle("shows-hidden");
      desk.count();
    }
  });
  document.addEventListener("desk", showPressed);
  showPressed();

  // ---- keys

  function move(step) {
    if ($("article.paper")) return $(`.neighbours [rel=${step > 0 ? "next" : "prev"}]`)?.click();
    const list = inList();
    const at = list.indexOf(current());
    const below = list.findIndex((node) => node.getBoundingClientRect().top >= 0);
    if (at >= 0) focusOn(list[at + step]);
    else focusOn(step > 0 ? list.at(below) : list[(below < 0 ? list.length : below) - 1]);
  }

  const here = () => current() ?? $("article.paper [data-paper]");
  const press = (action) => here() && act(here(), action, true);

  const field = () => $("main :is(input[type=search], [role=search] input)");
  const searchLink = () => $$(".site-nav a").find((link) => link.getAttribute("href") === `${desk.base}search/`);

  const KEYS = {
    j: ["next paper", () => move(1)],
    k: ["previous paper", () => move(-1)],
    o: ["open the paper", () => ($("article.paper .links .link") ?? (current() && $("a", current())))?.click()],
    s: ["save it for later", () => press("saved")],
    m: ["mark it as read", () => press("read")],
    "/": ["search", () => (field() ? field().focus() : searchLink().click())],
    "?": ["this help", help],
  };
  if (!field() && !searchLink()) delete KEYS["/"];

  function isTyping(target) {
    return target.isContentEditable || target.matches("input, textarea, select");
  }

  document.addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey, isComposing } = event;
    if (!desk.state.keys || ctrlKey || metaKey || altKey || isComposing) return;
    if (!Object.hasOwn(KEYS, key) || isTyping(target) || $("dialog[open]")) return;
    event.preventDefault();
    KEYS[key][1]();
  });

  function help() {
    const works = make("input", { type: "checkbox", checked: desk.state.keys });
    works.addEventListener("change", () => desk.change((state) => { state.keys = works.checked; }));
    const rows = Object.entries(KEYS).map(([key, [does]]) => make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, does)));
    const close = make("button", { type: "button", autofocus: true, onclick: () => dialog.close() }, "Close");
    const dialog = make(
      "dialog", { className: "keys" },
      make("h2", { id: "keys" }, "Keys"),
      make("dl", {}, ...rows),
      make("p", {}, make("label", {}, works, " Single keys do this")),
      close,
    );
    dialog.setAttribute("aria-labelledby", "keys");
    dialog.setAttribute("closedby", "any");
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }
})();
