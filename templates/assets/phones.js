// Keeps the practice phones' page as it is on the phones, without loading it anew. Everything here
// works without this file too: the buttons are plain forms, the tabs are plain links.

const QUIET_MS = 60; // several events of one moment are one look at the page
const AGAIN_MS = 4000;
const CLOCK_MS = 20000;

let source;
let waiting;
let asked = 0;

function live(page) {
  return page.querySelectorAll("[data-live]");
}

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

function bannerOf(page) {
  return page.querySelector("[data-banner]");
}

async function swap(answer, { pressed = false } = {}) {
  const mine = ++asked;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  await ready(page);
  if (mine !== asked) return; // a later look was quicker
  const focused = document.activeElement?.id;
  const before = bannerOf(document)?.dataset.banner;
  for (const part of live(page)) {
    const old = document.getElementById(part.id);
    // What somebody is typing stays.
    const typed = old?.querySelector("input[name=link]")?.value;
    if (!old || old.outerHTML === part.outerHTML) continue;
    const scrolled = old.querySelector(".scroll")?.scrollTop;
    const fresh = document.importNode(part, true);
    old.replaceWith(fresh);
    if (typed && !pressed) fresh.querySelector("input[name=link]").value = typed;
    if (scrolled && fresh.querySelector(".scroll")) fresh.querySelector(".scroll").scrollTop = scrolled;
  }
  const notice = page.getElementById("notice");
  if (pressed && notice) document.getElementById("notice").replaceWith(document.importNode(notice, true));
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
  const banner = bannerOf(document);
  if (banner && banner.dataset.banner !== before && !pressed) drop(banner);
}

function drop(banner) {
  banner.classList.add("new");
  document.querySelector("[data-spoken]").textContent = banner.dataset.sentence;
}

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.ok) await swap(answer);
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
  const answer = await fetch(link.href);
  if (answer.ok) await swap(answer, { pressed: true });
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("swap" in form.dataset)) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter) });
    if (answer.ok) {
      history.replaceState(null, "", answer.url);
      await swap(answer, { pressed: true });
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
  listen(address);
  setInterval(look, CLOCK_MS);
  // A page that is left must not hold one of the few streams.
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => event.persisted && (listen(address), look()));
}
