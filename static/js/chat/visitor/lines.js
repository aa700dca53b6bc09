/* How a line looks in the visitor's panel. */

import { element, fileLink, retryButtons } from "../line.js";
import { shortTime } from "../text.js";

const PICTURE_WIDTH = 200;
const MAY_HOLD_LINKS = /[a-z0-9][.@:/][a-z0-9/]|[0-9]{3}[- ]?[0-9]{4}/i;

export function drawLine(line) {
  const item = element("li", `chat__line chat__line--${line.kind}`);
  if (line.kind === "staff" && line.name) item.appendChild(element("span", "chat__name-tag", line.name));
  const bubble = item.appendChild(element("span", "chat__bubble"));
  if (line.text) showWords(bubble.appendChild(element("span", "chat__words", line.text)), line.text);
  if (line.file) bubble.appendChild(fileLink(line.file, "chat__file", PICTURE_WIDTH));
  if (line.at && line.kind !== "system") item.appendChild(element("time", "chat__time", shortTime(line.at)));
  if (line.kind === "visitor") item.appendChild(element("span", "chat__mark"));
  return item;
}

/* What makes links of addresses and numbers is loaded when a text may hold one. */
async function showWords(place, text) {
  if (!MAY_HOLD_LINKS.test(text)) return;
  try {
    const { showText } = await import("../links.js");
    place.textContent = "";
    showText(place, text);
  } catch (_error) {
    // Without a connection it stays plain text.
  }
}

/** A line that is being sent. */
export function drawPending(entry) {
  const item = drawLine({ kind: "visitor", text: entry.text || entry.name });
  item.classList.add("chat__line--waiting");
  return item;
}

export function showMark(item, word) {
  const mark = item.querySelector(".chat__mark");
  if (mark.textContent !== word) mark.textContent = word; // else a screen reader would read it out again
}

/** Shows that a line is being sent; or why it was refused, with buttons to send it again and to discard it. */
export function showSending(item, entry, words, actions) {
  const old = item.querySelector(".chat__tools");
  if (old) old.remove();
  item.querySelector(".chat__mark").classList.toggle("is-failed", Boolean(entry.error));
  showMark(item, entry.error ? words.failed : words.sending);
  if (!entry.error) return;
  const tools = item.appendChild(element("span", "chat__tools"));
  tools.appendChild(element("span", "chat__reason", entry.error));
  tools.append(...retryButtons(words, "chat__again", actions));
}
