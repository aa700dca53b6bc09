/* The visitor of this browser, made with the first line and not before consent; and the pages that the chat is told of. */

import { readJson, readText, writeText } from "../storage.js";

/** Tells the server that the visitor agreed. A retry brings the same token. */
export async function sendConsent(ask, { consent, name }) {
  const token = readText("chat-token") || newToken();
  writeText("chat-token", token);
  await ask("POST", "start/", { token, consent, name });
  writeText("chat-token", "");
}

/** The page that the visitor reads, and those before it in this tab. */
export function pageSeen() {
  const trail = readJson("chat-trail", []);
  return {
    url: location.href.split("#")[0],
    title: document.title,
    referrer: trail.length > 1 ? "" : document.referrer,
    earlier: trail.slice(0, -1),
  };
}

function newToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(30));
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_");
}
