/* Helpers for texts. The texts themselves come from the server. */

/** The beginning of a text, at most `length` UTF-16 units, without half a character at its end. */
export function cutText(text, length) {
  const cut = text.slice(0, length);
  const isHalved = text.length > length && /[\ud800-\udbff]$/.test(cut);
  return isHalved ? cut.slice(0, -1) : cut;
}

/** A text in pieces of at most `length` UTF-16 units each, cut behind a line or a sentence where that is possible. */
export function splitText(text, length) {
  const pieces = [];
  let rest = text.trim();
  while (rest.length > length) {
    const piece = cutText(rest, length);
    const end = Math.max(...["\n", "\u3002", "\uff01", "\uff1f", ". "].map((mark) => piece.lastIndexOf(mark)));
    const at = end > length / 2 ? end + 1 : piece.length;
    pieces.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  return rest ? [...pieces, rest] : pieces;
}

/** fillText("%1: %2", "a", "b") is "a: b". A value is never read as a template. */
export function fillText(template, ...values) {
  return template.replace(/%(\d)/g, (whole, number) => {
    const value = values[number - 1];
    return value === undefined ? whole : value;
  });
}

/** The time of a moment in the reader's zone, 9:05, with the day before it unless that is today: 3-27 9:05. */
export function shortTime(moment, hourDigits = 1, now = new Date()) {
  const time = new Date(moment);
  const day = time.toDateString() === now.toDateString() ? "" : `${time.getMonth() + 1}-${time.getDate()} `;
  const hour = String(time.getHours()).padStart(hourDigits, "0");
  return `${day}${hour}:${String(time.getMinutes()).padStart(2, "0")}`;
}
