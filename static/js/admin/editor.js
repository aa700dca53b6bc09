/* Our part of the rich text editor: it reads and writes the same HTML that the server stores, so that staff see
   what readers will. CKEditor itself is a plain script in the head; its editors are made at DOMContentLoaded, after
   every module of the page has run. */

import { showCaptionHints } from "./editor-captions.js";
import { simplifyPictureDialog, usePlainWords } from "./editor-dialog.js";
import { makeFigures, removeBlankLineAfter, withoutBlankEnd } from "./editor-figures.js";
import { adoptForeignHtml, withLatePictures, withoutBlankLines } from "./editor-paste.js";
import { startUploads } from "./editor-upload.js";

CKEDITOR.on("instanceCreated", ({ editor }) => {
  editor.on("pluginsLoaded", () => usePlainWords(editor));
  editor.on("toHtml", ({ data }) => adoptForeignHtml(editor, data.dataValue), null, null, 5.5); // parsed, not yet filtered
  changeData(editor, "paste", withLatePictures, 2);
  changeData(editor, "paste", withoutBlankLines, 900);
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

function changeData(editor, moment, change, priority = 10) {
  const listener = ({ data }) => {
    data.dataValue = change(data.dataValue);
  };
  editor.on(moment, listener, null, null, priority);
}
