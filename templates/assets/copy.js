// A button behind each feed that copies its address. Without this script, and where the browser gives no
// access to the clipboard, the links are there to be copied by hand.
if (navigator.clipboard) {
  for (const links of document.querySelectorAll(".feed-rows span")) {
    const link = links.querySelector("a");
    const button = document.createElement("button");
    const name = link.getAttribute("aria-label");
    const show = (text, label) => { button.textContent = text; button.ariaLabel = label; };
    button.type = "button";
    show("Copy", `Copy the address of ${name}`);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(link.href);
        show("Copied", `Copied the address of ${name}`);
      } catch {
        show("Failed", `The address of ${name} could not be copied`);
      }
      setTimeout(() => show("Copy", `Copy the address of ${name}`), 2000);
    });
    links.append(button);
  }
}
