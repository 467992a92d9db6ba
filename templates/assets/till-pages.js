// While the camera runs, the till's pages are put in each other's place, so that it goes on running:
// some phones ask for leave again on every new page. Without a camera, or when anything is not as
// expected, the browser goes there by itself, as it does without this file.
let asked;

const running = () => document.querySelector(".camera video")?.srcObject?.active;

// A page that was made by another version of the till needs its own scripts.
const made = (page) => [...page.scripts].map((script) => script.getAttribute("src")).join();

async function turn(url, wanted, byItself) {
  asked?.abort();
  const { signal } = asked = new AbortController();
  try {
    const answer = await fetch(url, { ...wanted, signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.querySelector(".camera") || made(page) !== made(document)) {
      return answer.redirected ? location.assign(answer.url) : byItself();
    }
    await dress(page);
    if (signal.aborted) return;
    // What a press was answered with, and no page of its own, cannot be loaded again.
    if (answer.redirected || !wanted.method) history.pushState(null, "", answer.url);
    show(page);
  } catch {
    if (!signal.aborted) byItself();
  }
}

// The card's colours first, so that it never shows without them.
function dress(page) {
  const there = new Set([...document.querySelectorAll("link")].map(({ href }) => href));
  const links = [...page.querySelectorAll("link[rel=stylesheet]")].map((link) => document.importNode(link));
  return Promise.all(links.filter(({ href }) => !there.has(href)).map((link) => new Promise((done) => {
    link.onload = link.onerror = done;
    document.head.append(link);
  })));
}

function show(page) {
  const camera = document.querySelector(".camera");
  const body = document.importNode(page.body, true);
  const field = body.querySelector("[autofocus]");
  field?.removeAttribute("autofocus"); // only a page that is loaded is asked for it
  body.querySelector(".camera").replaceWith(camera);
  document.body.replaceWith(body);
  document.title = page.title;
  const main = document.querySelector("main");
  main.tabIndex = -1;
  (field ?? main).focus();
  document.dispatchEvent(new Event("till:page"));
}

document.addEventListener("till:go", (event) => {
  if (!running()) return;
  event.preventDefault();
  turn(event.detail, {}, () => location.assign(event.detail));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='/till']");
  const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || elsewhere || event.defaultPrevented || !running()) return;
  event.preventDefault();
  turn(link.href, {}, () => location.assign(link.href));
});

document.addEventListener("submit", (event) => {
  const form = event.target, fields = new URLSearchParams(new FormData(form));
  if (event.defaultPrevented || !running()) return;
  event.preventDefault();
  // The event's id makes it harmless to send a form twice, when its first answer was lost.
  if (form.method === "post") turn(form.action, { method: "POST", body: fields }, () => form.submit());
  else turn(`${form.action}?${fields}`, {}, () => form.submit());
});

addEventListener("popstate", () => location.reload());
