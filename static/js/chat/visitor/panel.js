/* The panel over the page: opening and closing, its menu, the keyboard. On a phone it covers the page and is a step of the
   history: Back closes it and stays on the page. */

import { coversPage } from "../../site/covers-page.js";

const FOCUSABLE = "a[href], button, input, select, textarea, [tabindex='0']";

export class Panel {
  /** onToggle(isOpen) is called after each opening and closing. */
  constructor(root, button, onToggle) {
    this.isShown = false;
    this._root = root;
    this._button = button;
    this._menu = root.querySelector("#chat-menu");
    this._onToggle = onToggle;
    if (coversPage()) root.setAttribute("aria-modal", "true");
    root.querySelector("[data-chat-close]").addEventListener("click", () => this.toggle(false));
    root.querySelector("[data-chat-menu]").addEventListener("click", () => this._toggleMenu(this._menu.hidden));
    this._menu.addEventListener("click", (event) => {
      if (!event.target.hasAttribute("data-chat-sound")) this._toggleMenu(false);
    });
    root.addEventListener("keydown", (event) => this._answerKey(event));
    window.addEventListener("popstate", () => {
      if (this.isShown ? coversPage() && !isHistoryStep() : isHistoryStep()) this.toggle(!this.isShown);
    });
    if (!window.visualViewport) return;
    window.visualViewport.addEventListener("resize", () => this._fit());
    window.visualViewport.addEventListener("scroll", () => this._fit());
  }

  toggle(isOpen) {
    const wasShown = this.isShown;
    if (isOpen && coversPage() && !isHistoryStep()) history.pushState({ chat: true }, "");
    else if (this.isShown && !isOpen && isHistoryStep()) history.back();
    this.isShown = isOpen;
    this._root.hidden = !isOpen;
    this._button.setAttribute("aria-expanded", String(isOpen));
    document.documentElement.classList.toggle("has-chat", isOpen);
    this._fit();
    this._onToggle(isOpen);
    if (wasShown && !isOpen) this._button.focus();
  }

  /* Fits the panel into the part of the page that a phone's keyboard does not cover. */
  _fit() {
    const seen = window.visualViewport;
    if (!seen || !this.isShown) return;
    this._root.style.height = coversPage() ? `${seen.height}px` : "";
    this._root.style.top = coversPage() ? `${seen.offsetTop}px` : "";
  }

  _toggleMenu(isOpen) {
    this._menu.hidden = !isOpen;
    this._root.querySelector("[data-chat-menu]").setAttribute("aria-expanded", String(isOpen));
  }

  _answerKey(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      if (this._menu.hidden) this.toggle(false);
      else this._toggleMenu(false);
    }
    if (event.key === "Tab" && coversPage()) this._keepFocus(event);
  }

  _keepFocus(event) {
    const stops = [...this._root.querySelectorAll(FOCUSABLE)].filter(
      (stop) => !stop.disabled && stop.offsetParent !== null && stop.tabIndex >= 0,
    );
    const at = stops.indexOf(document.activeElement);
    const isAtEdge = event.shiftKey ? at <= 0 : at === stops.length - 1;
    if (!isAtEdge) return;
    event.preventDefault();
    stops[event.shiftKey ? stops.length - 1 : 0].focus();
  }
}

function isHistoryStep() {
  return Boolean(history.state && history.state.chat);
}
