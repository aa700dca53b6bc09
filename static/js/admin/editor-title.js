/* The title of a pasted document belongs into the form's field for it, and is no heading of the text. */

const ONLY_HEADING_1 =
  /^((?:(?!<h1[\s>])[\s\S])*)<h1(?:\s[^>]*)?>((?:(?!<h1[\s>])[\s\S])*?)<\/h1>((?:(?!<h1[\s>])[\s\S])*)$/i;

/** { before, title, after } where HTML begins with its only <h1>; else null. `textOf`: the words of some HTML. */
export function splitTitle(html, textOf) {
  const match = ONLY_HEADING_1.exec(html);
  const title = match && textOf(match[2]);
  return title && !textOf(match[1]) ? { before: match[1], title, after: match[3] } : null;
}

/** HTML without the title, which goes into an empty `field`; beside another title it stays as a line in bold. */
export function moveTitle(html, field, textOf, encode, notify) {
  const parts = splitTitle(html, textOf);
  if (!parts) return html;
  const { before, title, after } = parts;
  const written = field.value.replace(/\s+/g, "");
  if (written && written !== title.replace(/\s+/g, "")) {
    return `${before}<p class="align-center"><strong>${encode(title)}</strong></p>${after}`;
  }
  if (!written) {
    if (title.length > field.maxLength && field.maxLength > 0) return html;
    field.value = title;
    notify(title);
  }
  return before + after;
}

/** The words of some HTML, on one line. */
export function textOf(html) {
  const { textContent } = new DOMParser().parseFromString(html, "text/html").body;
  return textContent.replace(/[\s\u3000]+/g, " ").trim();
}
