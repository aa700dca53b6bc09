/* The tab's session storage or the browser's local storage. A browser may refuse to store (private windows, a full
   storage): the page then works without. */

/** "" where there is nothing. */
export function readText(key, area = "sessionStorage") {
  try {
    return globalThis[area].getItem(key) || "";
  } catch {
    return "";
  }
}

/** An empty text removes the key. */
export function writeText(key, text, area = "sessionStorage") {
  try {
    if (text) globalThis[area].setItem(key, text);
    else globalThis[area].removeItem(key);
  } catch {
    // Refused: see above.
  }
}

export function readJson(key, otherwise) {
  try {
    return JSON.parse(readText(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function writeJson(key, value) {
  writeText(key, JSON.stringify(value));
}
