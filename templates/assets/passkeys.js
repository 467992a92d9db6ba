// Passkeys: a form with data-passkey asks the service what to sign (data-ask), the device signs,
// and the form brings the answer. Without script, or where browsers allow none, it stays hidden.

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const listed = (credentials) => (credentials ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

const make = (asked) =>
  navigator.credentials.create({
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: listed(asked.excludeCredentials),
    },
  });

const show = (asked) =>
  navigator.credentials.get({
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      allowCredentials: listed(asked.allowCredentials),
    },
  });

function answer({ id, rawId, type, response }) {
  const said = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) said[part] = text(response[part]);
  }
  const transports = response.getTransports?.();
  if (transports) said.transports = transports;
  return JSON.stringify({ id, rawId: text(rawId), type, response: said });
}

async function ask(form) {
  const got = await fetch(form.dataset.ask, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrf_token.value },
  });
  // Signed out meanwhile, or asked to show the password again: that page says it.
  if (got.redirected) return void location.assign(got.url);
  if (!got.ok) throw new Error(`status ${got.status}`);
  return got.json();
}

async function press(form) {
  const button = form.querySelector("[data-press]");
  const trouble = form.querySelector("[role=alert]");
  button.setAttribute("aria-busy", "true");
  trouble.hidden = true;
  try {
    const asked = await ask(form);
    if (!asked) return;
    const made = form.dataset.passkey === "make" ? await make(asked) : await show(asked);
    form.elements.answer.value = answer(made);
    form.submit();
  } catch (error) {
    // Cancelled, timed out, here already, or no way to the service: each has its sentence.
    trouble.textContent =
      error.name === "InvalidStateError" ? form.dataset.known : form.dataset.failed;
    trouble.hidden = false;
    button.removeAttribute("aria-busy");
    button.focus();
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.querySelector("[data-press]").addEventListener("click", () => press(form));
    form.addEventListener("submit", (event) => {
      // Enter in the name's field: the same as the button.
      event.preventDefault();
      press(form);
    });
  }
} else {
  for (const words of document.querySelectorAll("[data-no-passkeys]")) words.hidden = false;
}
