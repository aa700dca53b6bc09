/* Hints in picture captions that are still empty. */

/** Whether HTML shows nothing: line breaks, spaces and what an editor inserts to hold the cursor. */
export function showsNothing(html) {
  return !html.replace(/<br[^>]*>|&nbsp;|[\s\u200b\ufeff]/g, "");
}

/** Marks empty captions; admin-editor-frame.css shows the hint. */
export function showCaptionHints(editor) {
  if (editor.mode !== "wysiwyg" || !editor.editable()) return;
  for (const caption of editor.editable().find("figure.image figcaption").toArray()) {
    if (showsNothing(caption.getHtml())) caption.setAttribute("data-cke-hint", editor.config.pictureTexts.writeCaption);
    else caption.removeAttribute("data-cke-hint");
  }
}
