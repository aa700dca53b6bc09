/* A form of the admin loses nothing: not by leaving the page, not by an expired login, not by a second click. */
(() => {
  const form = document.currentScript.closest("form");
  const { loginCheck, expired, unreachable, tooLarge } = document.currentScript.dataset;
  const most = 31 * 1024 * 1024; // bytes of files: the server takes 32 MB of all (request_body.py)
  const patience = 20_000; // milliseconds that the site may take to answer
  let start;
  let isChecking = false;
  let isLeaving = false;

  document.addEventListener("DOMContentLoaded", () => {
    nameDateTimes();
    start = fields();
  });

  addEventListener("beforeunload", (event) => {
    if (!isLeaving && hasChanges()) event.preventDefault();
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isChecking && !isLeaving) save(event.submitter);
  });

  /* Sent without a login the text would be gone: the answer would be the login form. */
  async function save(button) {
    isChecking = true;
    const problem = filesSize() > most ? tooLarge : await findProblem();
    isChecking = false;
    if (problem) {
      alert(problem);
      return;
    }
    const cookie = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
    if (cookie) form.elements.csrfmiddlewaretoken.value = cookie[1]; // newer than the page after a new login
    isLeaving = true;
    setTimeout(() => { isLeaving = false; }, patience); // whoever stopped the page may save again
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
        signal: AbortSignal.timeout(patience),
      });
      if (response.ok) return "";
      return response.status >= 500 ? unreachable : expired;
    } catch {
      return unreachable;
    }
  }

  /* form.submit() asks nobody again, but names no button. */
  function sendWith(button) {
    if (button?.name) {
      const pressed = Object.assign(document.createElement("input"), {
        type: "hidden",
        name: button.name,
        value: button.value,
      });
      form.append(pressed);
    }
    HTMLFormElement.prototype.submit.call(form);
  }

  function hasChanges() {
    const wasRefused = document.querySelector(".errornote");
    return wasRefused || fields() !== start || editors().some((editor) => editor.checkDirty());
  }

  function editors() {
    return Object.values(window.CKEDITOR?.instances ?? {});
  }

  function fields() {
    const ofEditors = new Set(editors().map((editor) => editor.element.$.name));
    const typed = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && !ofEditors.has(name));
    return JSON.stringify(typed.map(([name, value]) => [name, value instanceof File ? [value.name, value.size] : value]));
  }

  /* The label of a date with a time belongs to no field of its own: it names the group of both. */
  function nameDateTimes() {
    for (const group of form.querySelectorAll("p.datetime")) {
      const label = group.closest(".flex-container")?.querySelector("label:not(.datetime__label)");
      if (!label) continue;
      label.id ||= `${group.querySelector("input").id}_group`;
      group.setAttribute("role", "group");
      group.setAttribute("aria-labelledby", label.id);
    }
  }
})();
