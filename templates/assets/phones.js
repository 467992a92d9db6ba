// Keeps the practice phones' page as it is on the phones, without loading it anew. Everything here
// works without this file too: the buttons are plain forms, the tabs are plain links.

const QUIET_MS = 60; // several events of one moment are one look at the page
const AGAIN_MS = 4000;
const CLOCK_MS = 20000;
const BANNER_MS = 8500;

let source;
let waiting;
let asked = 0; // looks at the page are numbered, so that an older one never covers a newer
let shown = 0;
const banners = new Map(); // phone → the number of its last banner that was seen here

// A stylesheet or a picture that is not there yet would show as a flash.
async function ready(page) {
  const here = new Set([...document.querySelectorAll("link[rel=stylesheet]")].map((link) => link.href));
  const sheets = [...page.querySelectorAll("link[rel=stylesheet]")].filter((link) => !here.has(link.href));
  const pictures = [...page.querySelectorAll(".phone img")];
  await Promise.allSettled([
    ...sheets.map((link) => new Promise((done) => {
      const added = document.createElement("link");
      added.rel = "stylesheet";
      added.href = link.getAttribute("href");
      added.onload = added.onerror = done;
      document.head.append(added);
    })),
    ...pictures.map((picture) => {
      const loading = new Image();
      loading.src = picture.getAttribute("src");
      return loading.decode();
    }),
  ]);
}

async function swap(number, answer, { pressed = false } = {}) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const notice = page.getElementById("notice");
  if (pressed && notice) document.getElementById("notice").replaceWith(document.importNode(notice, true));
  await ready(page);
  if (number < shown) return;
  shown = number;
  const focused = document.activeElement?.id;
  for (const part of page.querySelectorAll("[data-live]")) {
    const old = document.getElementById(part.id);
    if (!old || same(old, part)) continue;
    const typed = old.querySelector("input[name=link]")?.value;
    const scrolled = old.querySelector(".scroll")?.scrollTop;
    const fresh = document.importNode(part, true);
    old.replaceWith(fresh);
    // What somebody is typing or reading stays.
    if (typed && !pressed) fresh.querySelector("input[name=link]").value = typed;
    if (scrolled && fresh.querySelector(".scroll")) fresh.querySelector(".scroll").scrollTop = scrolled;
  }
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
  drop();
}

// Whether two parts differ in what a person sees. A form's token is new each time, and a button
// that is exchanged under a finger is never pressed.
function same(...parts) {
  const [first, second] = parts.map((part) => {
    const copy = part.cloneNode(true);
    copy.querySelector(".landing.new")?.classList.remove("new");
    copy.querySelectorAll("[name=csrf_token]").forEach((token) => token.remove());
    copy.querySelectorAll("[aria-busy]").forEach((form) => form.removeAttribute("aria-busy"));
    return copy.outerHTML;
  });
  return first === second;
}

// A banner that was not here when this phone was last seen has just come: it drops in, and is said.
function drop() {
  const { phone, banner, sentence } = document.getElementById("hand").dataset;
  const before = banners.get(phone);
  banners.set(phone, banner);
  if (before === undefined || before === banner || banner === "0") return;
  document.querySelector(".landing")?.classList.add("new");
  document.querySelector("[data-spoken]").textContent = sentence;
  setTimeout(look, BANNER_MS); // over a card it goes away again
}

async function look() {
  const number = ++asked;
  try {
    const answer = await fetch(location.href);
    if (answer.ok) await swap(number, answer);
  } catch {
    // The service is away; the next event or the next minute asks again.
  }
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(look, QUIET_MS);
}

function listen(address) {
  source = new EventSource(address);
  for (const kind of ["wire", "push", "added", "updated", "banner", "removed", "airplane", "error"]) {
    source.addEventListener(kind, (event) => event.data && soon());
  }
  source.addEventListener("error", () => {
    // The browser tries again by itself, but not after a refusal: too many pages watch.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(address), AGAIN_MS);
  });
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  history.replaceState(null, "", link.href);
  const number = ++asked;
  const answer = await fetch(link.href);
  if (answer.ok) await swap(number, answer, { pressed: true });
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("swap" in form.dataset)) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  const number = ++asked;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter) });
    if (answer.ok) {
      history.replaceState(null, "", answer.url);
      await swap(number, answer, { pressed: true });
      soon();
    } else location.reload();
  } catch {
    location.reload();
  } finally {
    form.removeAttribute("aria-busy");
  }
});

const address = document.body.dataset.events;
if (address) {
  drop();
  listen(address);
  setInterval(look, CLOCK_MS);
  // A page that is left must not hold one of the few streams.
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => event.persisted && (listen(address), look()));
}
