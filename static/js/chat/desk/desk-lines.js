/* How a line looks at the desk. */

import { element, fileLink, retryButtons } from "../line.js";
import { showText } from "../links.js";
import { fillText, shortTime } from "../text.js";

const PICTURE_WIDTH = 240;

/** `visitor` is the visitor's name. */
export function drawDeskLine(line, visitor, words) {
  const item = element("li", `thread__line--${line.kind}`);
  if (line.kind !== "system") {
    const who = line.kind === "visitor" ? visitor : line.name;
    const prefix = line.kind === "note" ? `${words.note} · ` : "";
    item.append(element("span", "thread__who", `${prefix}${who} ${line.at ? shortTime(line.at, 2) : ""}`));
  }
  const bubble = showText(item.appendChild(element("span", "thread__bubble")), line.text || "");
  if (line.file) bubble.append(fileLink(line.file, "", PICTURE_WIDTH));
  if (line.kind === "staff") item.append(element("span", "thread__mark"));
  return item;
}

/** A line that is being sent. */
export function drawReply(entry, words) {
  const item = drawDeskLine({ kind: entry.kind, name: words.me, text: entry.text || entry.name }, "", words);
  if (!item.querySelector(".thread__mark")) item.append(element("span", "thread__mark"));
  return item;
}

/** Shows that a line is being sent; or why it was refused, with buttons to send it again and to discard it. */
export function markReply(item, entry, words, actions) {
  const mark = item.querySelector(".thread__mark");
  mark.classList.toggle("is-failed", Boolean(entry.error));
  mark.textContent = entry.error ? `${fillText(words.colon, words.failed, entry.error)} ` : words.sending;
  if (entry.error) mark.append(...retryButtons(words, "desk__button", actions));
}
