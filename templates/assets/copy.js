// The buttons on /feeds/ that copy the address of a feed; they go where a browser allows no copying.
for (const button of document.querySelectorAll(".feed-rows button")) {
  if (!navigator.clipboard) { button.remove(); continue; }
  const link = button.parentElement.querySelector("a");
  const name = link.getAttribute("aria-label");
  const show = (text, label) => { button.textContent = text; button.ariaLabel = label; };
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.href);
      show("Copied", `Copied the address of ${name}`);
    } catch {
      show("Failed", `The address of ${name} could not be copied`);
    }
    setTimeout(() => show("Copy", `Copy the address of ${name}`), 2000);
  });
}
