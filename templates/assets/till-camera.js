// The till's camera: it shows what it sees, looks for codes in it, and says plainly why it cannot.
// It is one more reader: the field and the reader on its cable go on working beside it.
const camera = document.querySelector(".camera");
const video = camera.querySelector("video"), badge = camera.querySelector("p");
const words = camera.dataset;
const [light, other, off] = ["light", "other", "off"].map((name) => camera.querySelector(`[data-${name}]`));

const WANTED = { width: { ideal: 1280 }, height: { ideal: 720 } };
const SIDES = [640, 1280]; // half size first: it is four times as quick, and rubs out noise
const PAUSE_MS = 60, AWAY_MS = 1500, FORGET_MS = 60_000, HINT_MS = 2000;

let stream, decoder, state, hushed, starts = 0;

const keep = {
  get camera() { return localStorage.getItem("till-camera"); },
  set camera(id) { localStorage.setItem("till-camera", id); },
  get off() { return localStorage.getItem("till-camera-off"); },
  set off(is) { is ? localStorage.setItem("till-camera-off", "yes") : localStorage.removeItem("till-camera-off"); },
  // It ran a moment ago: its place is kept, so that nothing jumps when the next page has come.
  get ran() { return sessionStorage.getItem("till-camera-ran"); },
  set ran(is) { is ? sessionStorage.setItem("till-camera-ran", "yes") : sessionStorage.removeItem("till-camera-ran"); },
};

// What is the matter stands where the picture would be; a new page of the till says it again.
function say(now = state) {
  state = now;
  if (state !== "starting") keep.ran = state === "on";
  camera.hidden = !keep.ran;
  const line = document.querySelector("[data-says]"), button = document.querySelector("[data-start]");
  line.textContent = !keep.ran && words[state] || "";
  line.hidden = !line.textContent;
  button.hidden = ["on", "starting", "insecure"].includes(state);
}

function faultOf({ name }) {
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  return name === "NotFoundError" || name === "OverconstrainedError" ? "none" : "busy";
}

async function open(which) {
  const one = which ? { deviceId: { exact: which } } : { facingMode: "environment" };
  try {
    return await navigator.mediaDevices.getUserMedia({ video: { ...WANTED, ...one } });
  } catch (fault) {
    // The camera that was chosen may be gone since.
    if (which && faultOf(fault) === "none") return open();
    throw fault;
  }
}

async function start() {
  const mine = ++starts;
  stop();
  if (!navigator.mediaDevices) return say(isSecureContext ? "none" : "insecure");
  if (keep.off) return say("stopped");
  say("starting");
  try {
    const opened = await open(keep.camera);
    if (mine !== starts) return opened.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = opened;
  } catch (fault) {
    return mine === starts && say(faultOf(fault));
  }
  decoder ??= decode();
  const [track] = stream.getVideoTracks();
  track.addEventListener("ended", start);
  video.classList.toggle("mirror", track.getSettings().facingMode === "user");
  light.hidden = !track.getCapabilities?.().torch;
  light.setAttribute("aria-pressed", "false");
  say("on");
  other.hidden = (await cameras()).length < 2;
}

function stop() {
  for (const track of stream?.getTracks() ?? []) {
    track.removeEventListener("ended", start);
    track.stop();
  }
  stream = video.srcObject = null;
}

async function cameras() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter(({ kind }) => kind === "videoinput").map(({ deviceId }) => deviceId);
}

async function another() {
  const all = await cameras(), now = stream.getVideoTracks()[0].getSettings().deviceId;
  keep.camera = all[(all.indexOf(now) + 1) % all.length];
  await start();
}

async function lighten() {
  const torch = light.getAttribute("aria-pressed") !== "true";
  await stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch }] });
  light.setAttribute("aria-pressed", torch);
}

// The decoder, and the loop that shows it one picture after another.
function decode() {
  const worker = new Worker(words.decoder, { type: "module" });
  let answered;
  const ask = (size, tryHarder) => seeing() && new Promise((answer) => {
    answered = answer;
    const shot = picture(size);
    worker.postMessage({ picture: shot, tryHarder }, [shot.data.buffer]);
  });
  const broken = () => {
    worker.terminate();
    decoder = null;
    stop();
    say("broken");
  };
  let round = 0;
  const look = async () => {
    if (decoder !== worker) return;
    let texts = await ask(0, true);
    if (texts?.length === 0) texts = await ask(1, ++round % 2 === 0);
    if (texts && seeing()) seen(texts);
    setTimeout(look, PAUSE_MS);
  };
  worker.onerror = broken;
  worker.onmessage = ({ data }) => {
    if (data.failed) broken();
    else if (data.ready) look();
    else answered(data.texts);
  };
  return worker;
}

// While nobody could see the picture, nothing is looked for in it.
const seeing = () => stream && !document.hidden && video.clientWidth && video.readyState > 1 && video.videoWidth;

const sheets = SIDES.map(() => document.createElement("canvas").getContext("2d", { willReadFrequently: true }));

function picture(size) {
  const { videoWidth, videoHeight } = video, { canvas } = sheets[size];
  const scale = Math.min(1, SIDES[size] / Math.max(videoWidth, videoHeight));
  const [width, height] = [videoWidth, videoHeight].map((side) => Math.round(side * scale));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  sheets[size].drawImage(video, 0, 0, width, height);
  return sheets[size].getImageData(0, 0, width, height);
}

// A card is read once, and again only after it was away: it may still lie there for a long time.
let before = JSON.parse(sessionStorage.getItem("till-read") ?? "{}"), away = 0, looked = 0, leaving = false;

function seen(texts) {
  const now = Date.now();
  away += Math.min(now - looked, 300); // only while looking
  looked = now;
  const again = away > AWAY_MS || now - before.at > FORGET_MS;
  const fresh = texts.filter((text) => again || text !== before.code);
  if (texts.includes(before.code)) away = 0;
  const code = fresh.find(offer);
  if (code) {
    before = { code, at: now };
    away = 0;
    leaving = true;
    sessionStorage.setItem("till-read", JSON.stringify(before));
    navigator.vibrate?.(40);
    hint("read", "good");
  } else if (fresh.length) hint("strange", "warn");
  else if (texts.length && !leaving && document.querySelector(".ready")) hint("again");
}

// The till knows its own codes.
function offer(code) {
  return !document.dispatchEvent(new CustomEvent("till:code", { detail: code, cancelable: true }));
}

function hint(what, kind = "") {
  clearTimeout(hushed);
  badge.textContent = words[what];
  badge.className = `badge ${kind}`;
  badge.hidden = false;
  hushed = setTimeout(() => { badge.hidden = true; }, HINT_MS);
}

light.addEventListener("click", lighten);
other.addEventListener("click", another);
off.addEventListener("click", () => { keep.off = true; start(); });
document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-start]")) return;
  keep.off = false;
  start();
});
document.addEventListener("till:page", () => {
  leaving = false;
  say();
  if (stream) video.play().catch(() => {}); // it was moved, and moved again
});
navigator.mediaDevices?.addEventListener("devicechange", () => { if (state === "none") start(); });
// Leave given in the browser's own settings is taken at once.
navigator.permissions?.query({ name: "camera" }).then(
  (leave) => { leave.onchange = () => { if (state === "denied" && leave.state !== "denied") start(); }; },
  () => {}, // a browser that does not tell
);
start();
