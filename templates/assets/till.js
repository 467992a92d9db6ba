// What makes the till quicker. Everything on it works without this file, too.

// A reader on a cable types like a person, only faster. It is heard wherever the focus is, by the
// place of the keys (event.code), so that any keyboard layout and caps lock do not matter.
const BEGUN = /^(LP1|CP)/, WHOLE = /^(LP1[0-9A-Z]{12}|CP[0-9A-Z]{10})(\.|$)/;
let heard = "", last = 0;

function character(code) {
  if (/^Key[A-Z]$/.test(code)) return code[3];
  if (/^(Digit|Numpad)[0-9]$/.test(code)) return code.at(-1);
  return code === "Period" || code === "NumpadDecimal" ? "." : "";
}

// The camera may have a way that keeps it running; without one the browser goes there by itself.
function go(url) {
  const going = new CustomEvent("till:go", { detail: url, cancelable: true });
  if (document.dispatchEvent(going)) location.assign(url);
}

function found(code) {
  go(`/till/card?by=reader&code=${encodeURIComponent(code)}`);
}

function listen(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  // A busy computer delivers a burst slowly; once it has begun as our codes do, it may take longer.
  const pause = BEGUN.test(heard) ? 250 : 50;
  if (event.timeStamp - last > pause) heard = "";
  if (event.key === "Enter") {
    if (WHOLE.test(heard)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      found(heard);
    }
    heard = "";
    return;
  }
  const typed = character(event.code);
  if (!typed) return;
  heard += typed;
  last = event.timeStamp;
}

// Enter does the one thing, Escape leaves; not while somebody types.
function shortcut(event) {
  if (event.defaultPrevented || event.repeat || !["Enter", "Escape"].includes(event.key)) return;
  if (event.key === "Enter" && event.target.closest("input, button, a")) return;
  const target = document.querySelector(`[data-key="${event.key}"]`);
  if (target) {
    event.preventDefault();
    target.click();
  }
}

// Hold to use, so that no elbow uses a coupon. A short press asks for one more; so does a key.
function holdable(button) {
  const words = button.querySelector("span");
  let timer = 0, asked = -Infinity;
  const rest = () => { clearTimeout(timer); button.classList.remove("held"); };
  button.classList.add("hold");
  words.textContent = button.dataset.hold;
  button.addEventListener("pointerdown", () => {
    button.classList.add("held");
    timer = setTimeout(() => button.form.requestSubmit(), 800);
  });
  for (const end of ["pointerup", "pointerleave", "pointercancel"]) button.addEventListener(end, rest);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("click", (event) => {
    if (event.timeStamp - asked < 4000) return;
    event.preventDefault();
    asked = event.timeStamp;
    words.textContent = button.dataset.again;
    setTimeout(() => { words.textContent = button.dataset.hold; }, 4000);
  });
}

// Digits for a thumb; the field stays, for those who have keys.
function keypad(form) {
  const field = form.querySelector("[inputmode]"), { point = "" } = form.dataset;
  const keys = document.createElement("div");
  keys.className = "keys";
  if (matchMedia("(pointer: coarse)").matches) field.inputMode = "none";
  for (const label of ["1", "2", "3", "4", "5", "6", "7", "8", "9", point, "0", form.dataset.keypad]) {
    const key = document.createElement(label ? "button" : "span");
    if (label) {
      key.type = "button";
      key.textContent = label;
      key.className = label.length > 1 ? "quiet" : "";
      key.addEventListener("click", () => {
        field.value = label.length > 1 ? field.value.slice(0, -1) : field.value + label;
      });
    }
    keys.append(key);
  }
  // Of an amount, the button stands at the foot of the page and not in the form.
  const button = form.querySelector(".primary");
  if (button) button.before(keys); else form.append(keys);
}

// One press is one press. The event's id makes a second one harmless; this makes it invisible.
function once(event) {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
}

let timers = [];

// What a page needs that has just come: at first, and when the camera's way put another in its place.
function begin() {
  timers.forEach(clearTimeout);
  document.querySelectorAll("[data-hold]").forEach(holdable);
  document.querySelectorAll("[data-keypad]").forEach(keypad);
  if (matchMedia("(pointer: fine)").matches) document.querySelector(".ready #code")?.focus();
  const { home, idle } = document.body.dataset;
  // The server asks for the PIN then; the page only stops showing what it showed.
  timers = [home * 1, idle * 1 + 1].filter(Boolean).map((s) => setTimeout(go, s * 1000, "/till"));
  network();
}

function network() {
  document.querySelector("[data-offline]").hidden = navigator.onLine;
}

document.addEventListener("keydown", listen, true);
document.addEventListener("keydown", shortcut);
document.addEventListener("submit", once);
document.addEventListener("till:page", begin);
// The camera has read something: ours, or none of our business.
document.addEventListener("till:code", (event) => {
  const code = event.detail.toUpperCase();
  if (!WHOLE.test(code)) return;
  event.preventDefault();
  found(code);
});
addEventListener("online", network);
addEventListener("offline", network);
// A page that comes back from the browser's own cache was sent before.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
begin();
