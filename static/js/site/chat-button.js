/* The button of the live chat. The chat's modules and style are asked for when it is opened, or was in this tab before.
   The addresses of pages seen in this tab stay in the tab; the chat sends them only after consent. */

import { startCopyButton } from "./copy-button.js";

const PHONE = 768; // pixels of width below which the open chat covers the page
const TRAIL = 11; // pages

export function startChatButton(button) {
  let state = "";
  try {
    state = sessionStorage.getItem("chat-state") || "";
    addToTrail();
  } catch (_error) {
    return; // without a storage the button leads to the message form
  }
  /* Where it covers the page it comes back with the step of the history that it was opened in, not with the next page. */
  const wasOpen = window.innerWidth < PHONE ? Boolean(history.state && history.state.chat) : state === "open";
  let isLoading = false;

  async function loadChat(event) {
    if (event) event.preventDefault();
    if (isLoading) return;
    isLoading = true;
    try {
      /* Not before the style is there: an unstyled panel would flash up at the end of the page. */
      const [{ openChat }] = await Promise.all([import("../chat/visitor.js"), loadStyle(button.dataset.style)]);
      await openChat({ base: button.dataset.chat, button, isQuiet: !event && !wasOpen, startCopyButton });
      button.removeEventListener("click", loadChat);
    } catch (_error) {
      // Also where the browser is too old for the chat's modules. Whoever did not ask for it may still click.
      if (event)
        location.href = button.href; // the message form
      else isLoading = false;
    }
  }
  button.addEventListener("click", loadChat);
  button.setAttribute("aria-expanded", "false");
  if (state) loadChat();
}

function addToTrail() {
  const trail = JSON.parse(sessionStorage.getItem("chat-trail") || "[]");
  const url = location.href.split("#")[0];
  if (!trail.length || trail[trail.length - 1].url !== url) trail.push({ url, title: document.title });
  sessionStorage.setItem("chat-trail", JSON.stringify(trail.slice(-TRAIL)));
}

function loadStyle(url) {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = url;
  document.head.appendChild(style);
  return new Promise((resolve) => {
    style.onload = style.onerror = resolve;
  });
}
