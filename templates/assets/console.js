// Keys of the console: `/` searches, `g` and a letter goes, and what was copied says so.
const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]");
let waitsForPlace = false;
// Whoever speaks to the computer would press keys without knowing: they can be turned off.
let hasKeys = localStorage.getItem("keys") !== "off";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll(".menu[open]")) menu.open = false;
  } else if (!hasKeys) {
    return;
  } else if (waitsForPlace) {
    waitsForPlace = false;
    const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
    if (link) link.click();
  } else if (event.key === "g") {
    waitsForPlace = true;
    setTimeout(() => (waitsForPlace = false), 1500);
  } else if (event.key === "/") {
    const field = document.getElementById("find");
    if (field) {
      event.preventDefault();
      field.select();
    }
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent.trim());
  button.textContent = button.dataset.copied;
});

for (const button of document.querySelectorAll("[data-copies]")) button.hidden = !navigator.clipboard;
for (const button of document.querySelectorAll("[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

for (const button of document.querySelectorAll("[data-keys-off]")) {
  const say = () => {
    button.textContent = hasKeys ? button.dataset.keysOff : button.dataset.keysOn;
    document.documentElement.dataset.keys = hasKeys ? "on" : "off";
  };
  button.hidden = matchMedia("(hover: none)").matches;
  say();
  button.addEventListener("click", () => {
    hasKeys = !hasKeys;
    localStorage.setItem("keys", hasKeys ? "on" : "off");
    say();
  });
}
