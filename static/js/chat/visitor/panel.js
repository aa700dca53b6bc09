/* The panel over the page: opening and closing, its menu, the keyboard. On a phone it covers the page and is a step of the
   history: Back closes it and stays on the page. */

const PHONE_WIDTH = 768;
const FOCUSABLE = "a[href], button, input, select, textarea, [tabindex='0']";

export class Panel {
  #root;
  #button;
  #menu;
  #onToggle;

  isShown = false;

  /** onToggle(isOpen) is called after each opening and closing. */
  constructor(root, button, onToggle) {
    this.#root = root;
    this.#button = button;
    this.#menu = root.querySelector("#chat-menu");
    this.#onToggle = onToggle;
    if (coversPage()) root.setAttribute("aria-modal", "true");
    root.querySelector("[data-chat-close]").addEventListener("click", () => this.toggle(false));
    root.querySelector("[data-chat-menu]").addEventListener("click", () => this.#toggleMenu(this.#menu.hidden));
    this.#menu.addEventListener("click", (event) => {
      if (!event.target.hasAttribute("data-chat-sound")) this.#toggleMenu(false);
    });
    root.addEventListener("keydown", (event) => this.#answerKey(event));
    window.addEventListener("popstate", () => {
      if (this.isShown ? coversPage() && !isHistoryStep() : isHistoryStep()) this.toggle(!this.isShown);
    });
    window.visualViewport?.addEventListener("resize", () => this.#fit());
    window.visualViewport?.addEventListener("scroll", () => this.#fit());
  }

  toggle(isOpen) {
    if (isOpen && coversPage() && !isHistoryStep()) history.pushState({ chat: true }, "");
    else if (this.isShown && !isOpen && isHistoryStep()) history.back();
    this.isShown = isOpen;
    this.#root.hidden = !isOpen;
    this.#button.setAttribute("aria-expanded", String(isOpen));
    document.documentElement.classList.toggle("has-chat", isOpen);
    this.#fit();
    this.#onToggle(isOpen);
    if (!isOpen) this.#button.focus();
  }

  /* Fits the panel into the part of the page that a phone's keyboard does not cover. */
  #fit() {
    const seen = window.visualViewport;
    if (!seen || !this.isShown) return;
    this.#root.style.height = coversPage() ? `${seen.height}px` : "";
    this.#root.style.top = coversPage() ? `${seen.offsetTop}px` : "";
  }

  #toggleMenu(isOpen) {
    this.#menu.hidden = !isOpen;
    this.#root.querySelector("[data-chat-menu]").setAttribute("aria-expanded", String(isOpen));
  }

  #answerKey(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      if (this.#menu.hidden) this.toggle(false);
      else this.#toggleMenu(false);
    }
    if (event.key === "Tab" && coversPage()) this.#keepFocus(event);
  }

  #keepFocus(event) {
    const stops = [...this.#root.querySelectorAll(FOCUSABLE)].filter(
      (stop) => !stop.disabled && stop.offsetParent !== null && stop.tabIndex >= 0,
    );
    const at = stops.indexOf(document.activeElement);
    const isAtEdge = event.shiftKey ? at <= 0 : at === stops.length - 1;
    if (!isAtEdge) return;
    event.preventDefault();
    stops[event.shiftKey ? stops.length - 1 : 0].focus();
  }
}

function coversPage() {
  return window.innerWidth < PHONE_WIDTH;
}

function isHistoryStep() {
  return Boolean(history.state?.chat);
}
