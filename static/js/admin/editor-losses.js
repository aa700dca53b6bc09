/* What cannot come along when something is pasted, named to the editor: nothing is dropped without a word. */

const CARD = /^(?:mp-.*|mpvoice|qqmusic|mpcpc|object|applet)$/;
const FRAME = /^(?:iframe|video|audio|embed)$/;
const DRAWING = /^(?:svg|canvas)$/;

/** "card", "frame", "picture" (without a URL that others could open) or "" for everything else. */
export function kindOfLoss({ name, attributes }) {
  if (CARD.test(name)) return "card";
  if (FRAME.test(name)) return "frame";
  if (DRAWING.test(name) && !attributes["data-cke-realelement"]) return "picture";
  return "";
}

const pending = new WeakMap(); // editor → what the newest reading lost

/** Shows one notification. A paste is read more than once, and its last reading counts. `counts`: kind → number. */
export function notifyOfLosses(editor, counts) {
  if (!pending.has(editor)) setTimeout(() => show(editor));
  pending.set(editor, counts);
}

function show(editor) {
  const counts = pending.get(editor);
  pending.delete(editor);
  const lines = Object.keys(counts).map((kind) => editor.config.lossTexts[kind].replace("%1", counts[kind]));
  if (lines.length) editor.showNotification(lines.join("<br>"), "warning", 0);
}
