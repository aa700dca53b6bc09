/* Consent, which creates the visitor on the server with the first line and not before; and the pages sent with a line. */

import { readJson, readText, writeText } from "../storage.js";

/** Sends the visitor's consent. A retry sends the same token. */
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
