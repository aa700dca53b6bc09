/* The tab's session storage or the browser's local storage. A browser may refuse to store (private windows, a full
   storage): the page then works without. */

/** "" where there is nothing. */
export function readText(key, area = "sessionStorage") {
  try {
    return window[area].getItem(key) || "";
  } catch (_error) {
    return "";
  }
}

/** An empty text removes the key. */
export function writeText(key, text, area = "sessionStorage") {
  try {
    if (text) window[area].setItem(key, text);
    else window[area].removeItem(key);
  } catch (_error) {
    // Refused: see above.
  }
}

export function readJson(key, otherwise) {
  try {
    const value = JSON.parse(readText(key));
    return value === null ? otherwise : value;
  } catch (_error) {
    return otherwise;
  }
}

export function writeJson(key, value) {
  writeText(key, JSON.stringify(value));
}
