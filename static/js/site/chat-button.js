/* The button of the live chat. The chat's modules and styles are loaded when it is opened, or was open in this tab before.
   The URLs of pages seen in this tab stay in the tab; the chat sends them only after consent. */

import { startCopyButton } from "./copy-button.js";

const PHONE = 768; // pixels of width below which the open chat covers the page
const TRAIL = 11; // pages

export function startChatButton(button) {
  let state = "";
  try {
    state = sessionStorage.getItem("chat-state") || "";
    addToTrail();
  } catch (_error) {
    return; // without storage the button is a link to the message form
  }
  /* On a phone the chat covers the page: it opens again with the history entry that it was opened in, not on the next page. */
  const wasOpen = window.innerWidth < PHONE ? Boolean(history.state && history.state.chat) : state === "open";
  let isLoading = false;

  async function loadChat(event) {
    if (event) event.preventDefault();
    if (isLoading) return;
    isLoading = true;
    try {
      /* Not before the styles are loaded: an unstyled panel would flash up at the end of the page. */
      const [{ openChat }] = await Promise.all([import("../chat/visitor.js"), loadStyle(button.dataset.style)]);
      await openChat({ base: button.dataset.chat, button, isQuiet: !event && !wasOpen, startCopyButton });
      button.removeEventListener("click", loadChat);
    } catch (_error) {
      // Also if the browser is too old for the chat's modules. If the visitor has not clicked, they still can.
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
