/* Lists of Word and WPS: what a marker means, and a list built of marked paragraphs. Needs no editor and no browser.

   Bullets become <ul>. Numbers become <ol> where HTML has the style: digits, letters, Roman, with one sign after them.
   All others (一、 （一） 第一条 ① 1.1) stay as text in the item, in a list without markers of its own. */

const WRITTEN = "written-numbers"; // the class of that list: news.css, editor.css, richtext/sanitizer.py
const DIGITS = /^(\d{1,4})[.\uff0e\u3001)\uff09]?$/;
const LETTER = /^([a-z])[.\uff0e\u3001)\uff09]$/i;
const ROMAN = /^([ivxlc]+)[.\uff0e\u3001)\uff09]$/i;
const BULLET_LETTER = /^[a-zØÜàèðþ]$/i; // Word's bullets are letters of the fonts Wingdings and Courier New: l, n, u, Ø, o
const NO_SPACE_AFTER = /[\u3001\uff0e\u3002\uff1a\uff09\u3015\u3011\u300d\u2460-\u24ff\u2776-\u2793\u3220-\u32ff]$/;

/** { kind: "bullet" | "decimal" | "alpha" | "roman" | "written", number, type, text }; `type` is the attribute of <ol>. */
export function readMarker(text, isSymbolFont, previous) {
  const marker = text.replace(/[\s\u00a0\u3000]+/g, " ").trim();
  if (isSymbolFont || !/[\p{L}\p{N}]/u.test(marker) || BULLET_LETTER.test(marker)) return { kind: "bullet" };
  const digits = DIGITS.exec(marker);
  if (digits) return { kind: "decimal", number: Number(digits[1]), text: marker };
  const letter = LETTER.exec(marker);
  const roman = ROMAN.exec(marker);
  const isNext = previous?.kind === "alpha" && letter && letterNumber(letter[1]) === previous.number + 1;
  if (roman && !isNext && (roman[1].length > 1 || /[ivx]/i.test(roman[1]))) {
    return { kind: "roman", number: romanNumber(roman[1]), type: isLower(roman[1]) ? "i" : "I", text: marker };
  }
  if (letter) {
    return { kind: "alpha", number: letterNumber(letter[1]), type: isLower(letter[1]) ? "a" : "A", text: marker };
  }
  return { kind: "written", text: marker };
}

/** A number that stays as text, before the words of its item, its heading or its paragraph. */
export function writtenNumber(text) {
  return NO_SPACE_AFTER.test(text) ? text : `${text} `;
}

/** HTML of one list with its inner lists. Items: { level, marker, html }; the level of an outermost item is the smallest. */
export function buildList(items) {
  const out = [];
  const open = []; // the lists around the current item, outermost first
  const close = () => out.push(`</li></${open.pop().tag}>`);
  for (const { level, marker, html } of items) {
    while (open.length && open[open.length - 1].level > level) close();
    let list = open[open.length - 1];
    if (list?.level === level && !continues(list, marker)) {
      close();
      list = null;
    }
    if (list?.level === level) {
      out.push("</li>");
      list.last = marker;
    } else {
      open.push({ level, tag: marker.kind === "bullet" || marker.kind === "written" ? "ul" : "ol", last: marker });
      out.push(startTag(marker));
    }
    out.push("<li>", marker.kind === "written" ? writtenNumber(marker.text) : "", html);
  }
  while (open.length) close();
  return out.join("");
}

function continues({ last }, marker) {
  return (
    last.kind === marker.kind && last.type === marker.type && (!marker.number || marker.number === last.number + 1)
  );
}

function startTag({ kind, type, number }) {
  if (kind === "bullet") return "<ul>";
  if (kind === "written") return `<ul class="${WRITTEN}">`;
  return `<ol${type ? ` type="${type}"` : ""}${number === 1 ? "" : ` start="${number}"`}>`;
}

function isLower(text) {
  return text === text.toLowerCase();
}

function letterNumber(letter) {
  return letter.toLowerCase().charCodeAt(0) - 96;
}

function romanNumber(text) {
  const values = [...text.toLowerCase()].map((letter) => ({ i: 1, v: 5, x: 10, l: 50, c: 100 })[letter]);
  return values.reduce((sum, value, place) => sum + (value < values[place + 1] ? -value : value), 0);
}
