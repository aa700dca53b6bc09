/* Copying, also without the Clipboard API: over http, and in WeChat on old phones. */

const DONE_SHOWN = 2000; // milliseconds that a button says it has copied

export function startCopyButton(button) {
  const label = button.textContent;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    try {
      await copyText(button.dataset.copy);
    } catch (_error) {
      window.prompt(label, button.dataset.copy);
      return;
    }
    button.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = label;
    }, DONE_SHOWN);
  });
}

function copyText(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.appendChild(field);
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  return isDone ? Promise.resolve() : Promise.reject(new Error("copy"));
}
