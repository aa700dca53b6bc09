/* Our part of the rich text editor: it reads and writes the same HTML that the server stores, so that staff see
   what readers will. CKEditor itself is a plain script in the head; its editors are made at DOMContentLoaded, after
   every module of the page has run. */

import { showCaptionHints } from "./editor-captions.js";
import { simplifyPictureDialog, usePlainWords } from "./editor-dialog.js";
import { makeFigures, removeBlankLineAfter, withoutBlankEnd } from "./editor-figures.js";
import { adoptForeignHtml, withLatePictures, withoutBlankLines, withoutIndents } from "./editor-paste.js";
import { moveTitle, textOf } from "./editor-title.js";
import { forgetHeldKeys } from "./editor-undo.js";
import { startUploads } from "./editor-upload.js";
import { paragraphsOf } from "./plain-text.js";
import { withWordLists } from "./word-html.js";

CKEDITOR.on("instanceCreated", ({ editor }) => {
  editor.on("pluginsLoaded", () => usePlainWords(editor));
  forgetHeldKeys(editor);
  editor.on("toHtml", ({ data }) => adoptForeignHtml(editor, data.dataValue), null, null, 5.5); // parsed, not yet filtered
  editor.on("paste", useLinesOfText, null, null, 2);
  changeData(editor, "pasteFromWord", withWordLists);
  changeData(editor, "paste", withLatePictures, 2);
  changeData(editor, "paste", (html) => withoutTitle(editor, html), 899);
  changeData(editor, "paste", withoutBlankLines, 900);
  changeData(editor, "paste", withoutIndents, 901);
  changeData(editor, "getData", withoutBlankEnd);
  editor.on("widgetDefinition", ({ data: definition }) => {
    if (definition.name === "image") makeFigures(definition);
  });
  editor.on("insertElement", ({ data: element }) => removeBlankLineAfter(element), null, null, 20); // inserted by now
  for (const moment of ["dataReady", "change"]) editor.on(moment, () => showCaptionHints(editor));
});

CKEDITOR.on("dialogDefinition", ({ data, editor }) => {
  if (data.name === "image2") simplifyPictureDialog(data.definition, editor.config.pictureTexts);
});

startUploads();

function withoutTitle(editor, html) {
  const field = editor.element.$.form?.elements.title;
  if (!field || textOf(editor.getData())) return html;
  const notify = (title) =>
    editor.showNotification(
      editor.config.pictureTexts.titleMoved.replace("%1", () => title),
      "info",
      8000,
    );
  return moveTitle(html, field, textOf, CKEDITOR.tools.htmlEncode, notify);
}

function useLinesOfText({ data }) {
  if (data.type !== "text") return;
  const html = paragraphsOf(data.dataTransfer.getData("text/plain") ?? "", CKEDITOR.tools.htmlEncode);
  if (html) Object.assign(data, { dataValue: html, type: "html" });
}

function changeData(editor, moment, change, priority = 10) {
  const listener = ({ data }) => {
    data.dataValue = change(data.dataValue);
  };
  editor.on(moment, listener, null, null, priority);
}
