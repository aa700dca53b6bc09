/* Protects a form of the admin against loss of what was typed: by leaving the page, an expired login, a second click, a
   save that fails. The form is sent by this script, and the page stays until the site says that it is saved. The <script>
   element of this module is in the form, and holds the texts. */

import { csrfToken } from "./csrf.js";
import { nameDateTimes } from "./datetime-labels.js";
import { showErrors } from "./form-errors.js";

const MAX_BYTES = 31 * 1024 * 1024; // of files: the server takes 32 MB of all (greenenergy/serving/request_body.py)
const PATIENCE = 20_000; // milliseconds that the site may take to answer
const SENDING_PATIENCE = 600_000; // with files, on a slow line

const script = document.querySelector("script[data-login-check]");
const texts = script.dataset;
const form = script.closest("form");
let start;
let isSaving = false;
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
  if (!isSaving && !isLeaving) save(event.submitter);
});

addEventListener("pageshow", ({ persisted }) => {
  if (persisted) isLeaving = false; // back from the page that followed
});

/* Checks the login first: without one, large files would be sent for nothing. */
async function save(button) {
  isSaving = true;
  const problem = (filesSize() > MAX_BYTES ? texts.tooLarge : await findProblem()) || (await send(button));
  isSaving = false;
  if (problem) alert(problem);
}

/* "" where the site has taken the form, or shows it again; else what is wrong. */
async function send(button) {
  if (!form.dispatchEvent(new Event("beforesave", { cancelable: true }))) return "";
  // What was typed during the check is saved, too. From here on nothing can be typed that would not be.
  for (const editor of openEditors()) editor.updateElement();
  form.elements.csrfmiddlewaretoken.value = csrfToken(); // newer than the page after a new login
  if (form.elements._popup) return leaveWith(button); // its answer is a script, not a redirect
  const body = new FormData(form);
  if (button?.name) body.append(button.name, button.value);
  form.inert = true;
  try {
    const headers = { "X-Form-Guard": "1" }; // greenenergy/editing/saving.py
    const signal = AbortSignal.timeout(SENDING_PATIENCE);
    const response = await fetch(form.action, { method: "POST", body, headers, signal });
    return await answer(response, button);
  } catch {
    return texts.unsure;
  } finally {
    form.inert = isLeaving;
  }
}

async function answer(response, button) {
  const next = response.headers.get("X-Location");
  if (next) {
    const path = new URL(next, location.href).pathname;
    if (path === texts.login) return texts.expired;
    if (path === texts.index && (await isGone())) return texts.gone;
    isLeaving = true;
    location.assign(next);
    return "";
  }
  if (response.status === 200) {
    // It was refused. Without files the site's own answer gives everything back.
    return filesSize() && showErrors(form, await response.text()) ? "" : leaveWith(button);
  }
  if (response.status === 413) return texts.proxyLimit; // ours was checked before
  if (response.status === 507) return texts.diskFull;
  if (response.status === 403) return texts.forbidden;
  return texts.failed.replace("%1", response.status);
}

/* The admin leads to its first page where a row is gone, but also whoever may add rows and not see them. */
async function isGone() {
  const response = await fetch(location.href, { headers: { "X-Form-Guard": "1" }, cache: "no-store" });
  return new URL(response.headers.get("X-Location") ?? "?", location.href).pathname === texts.index;
}

function filesSize() {
  const inputs = [...form.querySelectorAll("input[type=file]")];
  return inputs.flatMap((input) => [...input.files]).reduce((sum, file) => sum + file.size, 0);
}

async function findProblem() {
  try {
    const response = await fetch(texts.loginCheck, {
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.ok) return "";
    return response.status >= 500 ? texts.unreachable : texts.expired;
  } catch {
    return texts.unreachable;
  }
}

/* form.submit() sends no second submit event, but does not send the button either. */
function leaveWith(button) {
  isLeaving = true;
  setTimeout(() => {
    isLeaving = false; // if the user stopped the page, they may save again
    form.inert = false;
  }, PATIENCE);
  if (button?.name) {
    const pressed = { type: "hidden", name: button.name, value: button.value };
    form.append(Object.assign(document.createElement("input"), pressed));
  }
  HTMLFormElement.prototype.submit.call(form);
  return "";
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
