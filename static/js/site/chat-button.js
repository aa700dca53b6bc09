/* The button of the live chat. The chat's modules and styles are loaded when it is opened, was open in this tab before, or
   when an answer waits. The URLs of pages seen in this tab stay in the tab; the chat sends them only after consent. */

import { startCopyButton } from "./copy-button.js";
import { coversPage } from "./covers-page.js";

const TRAIL = 11; // pages
const AWAITED = 14 * 24 * 3600 * 1000; // milliseconds that a later session looks for answers
const TRIES = [0, 700, 2000]; // milliseconds before each try to load the chat, in case the server is only busy
const LATER = 10000; // milliseconds between tries without a connection

export function startChatButton(button) {
  let state = "";
  try {
    state = sessionStorage.getItem("chat-state") || "";
    addToTrail();
  } catch (_error) {
    return; // without storage the button is a link to the message form
  }
  /* On a phone the chat covers the page: it opens again with the history entry that it was opened in, not on the next page. */
  const wasOpen = coversPage() ? Boolean(history.state && history.state.chat) : state === "open";
  const notice = button.parentNode.querySelector("[data-chat-unreachable]");
  let isLoading = false;
  let isWanted = wasOpen;

  async function loadChat(event) {
    if (event) {
      event.preventDefault();
      isWanted = true;
    }
    if (isLoading) return;
    isLoading = true;
    for (const pause of TRIES) {
      await sleep(pause);
      try {
        /* Not before the styles are loaded: an unstyled panel would flash up at the end of the page. */
        const [{ openChat }] = await Promise.all([import("../chat/visitor.js"), loadStyle(button.dataset.style)]);
        await openChat({ base: button.dataset.chat, button, isQuiet: () => !isWanted, startCopyButton });
        button.removeEventListener("click", loadChat);
        notice.hidden = true;
        return;
      } catch (_error) {
        // Also if the browser is too old for the chat's modules.
      }
    }
    isLoading = false;
    if (event && (await isThere(button.href))) {
      location.href = button.href; // the message form
      return;
    }
    notice.hidden = !isWanted;
    whenOnline(() => loadChat());
  }
  button.addEventListener("click", loadChat);
  button.setAttribute("aria-expanded", "false");
  if (state) loadChat();
  else lookForAnswers(button.dataset.chat, loadChat);
}

/* An answer may have come since the visitor left: a few bytes say so, once in a session while the conversation is closed. */
async function lookForAnswers(base, loadChat) {
  try {
    const awaitsSince = Number(localStorage.getItem("chat-awaits")) || 0;
    if (Date.now() - awaitsSince > AWAITED || sessionStorage.getItem("chat-looked")) return;
    const { unread, is_open } = await (await fetch(`${base}unread/`, { credentials: "same-origin" })).json();
    if (unread || is_open) loadChat();
    else sessionStorage.setItem("chat-looked", "1");
  } catch (_error) {
    // Without a connection the next page looks.
  }
}

async function isThere(url) {
  try {
    return (await fetch(url, { method: "HEAD" })).ok;
  } catch (_error) {
    return false;
  }
}

function whenOnline(action) {
  const timer = setTimeout(go, LATER);
  function go() {
    clearTimeout(timer);
    window.removeEventListener("online", go);
    action();
  }
  window.addEventListener("online", go);
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function addToTrail() {
  const trail = JSON.parse(sessionStorage.getItem("chat-trail") || "[]");
  const url = location.href.split("#")[0];
  if (!trail.length || trail[trail.length - 1].url !== url) trail.push({ url, title: document.title });
  sessionStorage.setItem("chat-trail", JSON.stringify(trail.slice(-TRAIL)));
}

function loadStyle(url) {
  const known = document.querySelector(`link[href="${url}"]`);
  if (known) return Promise.resolve();
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = url;
  document.head.appendChild(style);
  return new Promise((resolve, reject) => {
    style.onload = resolve;
    style.onerror = () => {
      style.remove();
      reject(new Error(url));
    };
  });
}
