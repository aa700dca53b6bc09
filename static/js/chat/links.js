/* Web and mail addresses and phone numbers in what people write become links. */

/* Printable ASCII but quotation marks and angle brackets: a link ends before a Chinese character or mark. */
const REST = "[!#-&(-;=?-~]";
const EXTENSION = "(?:-[0-9]{1,6}|[ ]?\\u8f6c[ ]?[0-9]{1,6})?";
const KINDS = [
  ["", `https?://${REST}+`],
  ["mailto:", "[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+"],
  ["http://", `www\\.${REST}+|[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.(?:com|cn|net|org)(?:/${REST}*)?(?![\\w.-])`],
  ["tel:", "(?:\\+?86[- ]?)?1[3-9][0-9](?:[- ]?[0-9]{4}){2}(?![\\w-])"],
  ["tel:", `(?:0[12][0-9]|0[3-9][0-9]{2})[- ]?[1-9][0-9]{6,7}${EXTENSION}(?!\\w)`],
  ["tel:", `[48]00[- ]?[0-9]{3}[- ]?[0-9]{4}${EXTENSION}(?!\\w)`],
];
const ANY = KINDS.map(([, pattern]) => `(${pattern})`).join("|");

/** The text in pieces, in order: { text, href }, with href "" for what is no link. */
export function findLinks(text) {
  const pieces = [];
  const any = new RegExp(ANY, "gi");
  let from = 0;
  for (let found = any.exec(text); found; found = any.exec(text)) {
    const kind = found.slice(1).findIndex((group) => group !== undefined);
    const link = KINDS[kind][0] === "tel:" ? found[0] : withoutMarks(found[0]);
    any.lastIndex = found.index + link.length;
    if (/\w/.test(text.charAt(found.index - 1))) continue; // within a word or a longer number
    pieces.push({ text: text.slice(from, found.index), href: "" });
    pieces.push({ text: link, href: KINDS[kind][0] + (KINDS[kind][0] === "tel:" ? dialled(link) : link) });
    from = found.index + link.length;
  }
  return [...pieces, { text: text.slice(from), href: "" }].filter((piece) => piece.text);
}

/** Fills an empty element with the text and its links. */
export function showText(place, text) {
  for (const piece of findLinks(text)) {
    const link = place.appendChild(document.createElement(piece.href ? "a" : "span"));
    link.textContent = piece.text;
    if (!piece.href) continue;
    link.href = piece.href;
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
  }
  return place;
}

/* A mark at the end belongs to the sentence; so does a bracket that was opened before the link. */
function withoutMarks(link) {
  let end = link.length;
  const isOpen = () => link.slice(0, end).split("(").length < link.slice(0, end).split(")").length;
  while (/[.,;:!?]/.test(link[end - 1]) || (link[end - 1] === ")" && isOpen())) end -= 1;
  return link.slice(0, end);
}

/* Digits, and a pause before the extension. */
function dialled(number) {
  const parts = /^([048].*[0-9]{7})-([0-9]+)$|^(.*)\u8f6c(.*)$/.exec(number);
  const numbers = parts ? parts.slice(1).filter(Boolean) : [number];
  return numbers.map((part) => part.replace(/[^0-9+]/g, "")).join(",");
}
