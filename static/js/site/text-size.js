/* The size of an article's text: A− A A+, remembered by this browser. */

const KEY = "text-size";

export function startTextSize(tools) {
  const buttons = tools.querySelectorAll("[data-size]");

  function applySize(size) {
    document.documentElement.classList.remove("text-small", "text-large");
    if (size) document.documentElement.classList.add(`text-${size}`);
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.size === size));
  }

  tools.hidden = false;
  applySize(rememberedSize());
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-size]");
    if (!button) return;
    rememberSize(button.dataset.size);
    applySize(button.dataset.size);
  });
}

/* A browser may refuse to store: private windows, a full storage. */
function rememberedSize() {
  try {
    const size = localStorage.getItem(KEY);
    return size === "large" || size === "small" ? size : "";
  } catch (_error) {
    return "";
  }
}

function rememberSize(size) {
  try {
    localStorage.setItem(KEY, size);
  } catch (_error) {
    // The size holds for this page.
  }
}
