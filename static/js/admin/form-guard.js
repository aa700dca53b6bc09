/* Protects a form of the admin against loss of what was typed: by leaving the page, an expired login, a second click.
   The <script> element of this module is in the form, and holds the texts. */

import { csrfToken } from "./csrf.js";
import { nameDateTimes } from "./datetime-labels.js";

const MAX_BYTES = 31 * 1024 * 1024; // of files: the server takes 32 MB of all (greenenergy/serving/request_body.py)
const PATIENCE = 20_000; // milliseconds that the site may take to answer

const script = document.querySelector("script[data-login-check]");
const { loginCheck, expired, unreachable, tooLarge } = script.dataset;
const form = script.closest("form");
let start;
let isChecking = false;
let isLeaving = false;

// Not before the editors exist: they are created at the same event.
document.addEventListener("DOMContentLoaded", () => {
  nameDateTimes(form);
  start = typedFields();
});

addEventListener("beforeunload", (event) => {
  if (!isLeaving && hasChanges()) event.preventDefault();
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!isChecking && !isLeaving) save(event.submitter);
});

/* Checks the login first: without one the answer would be the login form, and the text would be lost. */
async function save(button) {
  isChecking = true;
  const problem = filesSize() > MAX_BYTES ? tooLarge : await findProblem();
  isChecking = false;
  if (problem) {
    alert(problem);
    return;
  }
  form.elements.csrfmiddlewaretoken.value = csrfToken(); // newer than the page after a new login
  isLeaving = true;
  setTimeout(() => {
    isLeaving = false; // if the user stopped the page, they may save again
  }, PATIENCE);
  sendWith(button);
}

function filesSize() {
  const inputs = [...form.querySelectorAll("input[type=file]")];
  return inputs.flatMap((input) => [...input.files]).reduce((sum, file) => sum + file.size, 0);
}

async function findProblem() {
  try {
    const response = await fetch(loginCheck, {
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.ok) return "";
    return response.status >= 500 ? unreachable : expired;
  } catch {
    return unreachable;
  }
}

/* form.submit() sends no second submit event, but does not send the button either. */
function sendWith(button) {
  if (button?.name) {
    const pressed = { type: "hidden", name: button.name, value: button.value };
    form.append(Object.assign(document.createElement("input"), pressed));
  }
  HTMLFormElement.prototype.submit.call(form);
}

function hasChanges() {
  const wasRefused = document.querySelector(".errornote");
  return wasRefused || typedFields() !== start || openEditors().some((editor) => editor.checkDirty());
}

function openEditors() {
  return Object.values(window.CKEDITOR?.instances ?? {});
}

function typedFields() {
  const ofEditors = new Set(openEditors().map((editor) => editor.element.$.name));
  const typed = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && !ofEditors.has(name));
  return JSON.stringify(typed.map(([name, value]) => [name, value instanceof File ? [value.name, value.size] : value]));
}
