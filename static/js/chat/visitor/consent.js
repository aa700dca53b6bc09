/* Consent, which creates the visitor on the server with the first line and not before; and the pages sent with a line. */

import { readJson, writeText } from "../storage.js";

const KEY = "chat-consent";

/** What the visitor agreed to: kept in the tab until the server has it, so that the first line is sent whatever happens. */
export const consent = {
  get isGiven() {
    return readJson(KEY, null) !== null;
  },

  /** `version` of the privacy notice, and the visitor's name. */
  give(version, name) {
    const given = readJson(KEY, null);
    const token = given ? given.token : newToken();
    writeText(KEY, JSON.stringify({ token, consent: version, name }));
  },

  withdraw() {
    writeText(KEY, "");
  },

  /** A retry sends the same token, so that it is the same visitor. */
  async send(ask) {
    await ask("POST", "start/", readJson(KEY, {}));
    writeText(KEY, "");
  },
};

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
