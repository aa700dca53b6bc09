/* Plain text on the clipboard (记事本): a line is a paragraph. */

const INDENT = /^[\s\u3000]+/;

/** HTML of several lines, without blank ones and without the spaces that indent them; null for a single line. */
export function paragraphsOf(text, encode) {
  const lines = text.split(/\r\n|[\n\r\v\u2028\u2029]/).map((line) => line.replace(INDENT, "").trimEnd());
  const filled = lines.filter(Boolean);
  if (lines.length < 2 || !filled.length) return null;
  return filled.map((line) => `<p>${encode(line)}</p>`).join("");
}
