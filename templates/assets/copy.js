// "Copy the link": shown only where it works; the field beside it can always be copied by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // plain http, and the windows inside other apps
    }
    button.textContent = button.dataset.done;
  });
}
