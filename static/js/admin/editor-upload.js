/* Uploads of pictures from the editor: permission, size, and the message when one is refused. */

import { csrfToken } from "./csrf.js";

export function startUploads() {
  // Every picture is sent to the server, which checks it and says why it refuses one.
  CKEDITOR.config.uploadImage_supportedTypes = /^image\//;
  // The editor's own token would only be one more cookie.
  CKEDITOR.tools.getCsrfToken = csrfToken;

  CKEDITOR.on("instanceCreated", ({ editor }) => {
    editor.on("fileUploadRequest", refuseLarge, null, null, 1);
    editor.on("fileUploadRequest", ({ data }) => data.fileLoader.xhr.setRequestHeader("X-CSRFToken", csrfToken()));
    editor.on("pluginsLoaded", () => explainRefusals(editor));
    editor.on("widgetDefinition", ({ data: definition }) => {
      if (definition.name === "uploadimage") definition.onUploaded = placePicture;
    });
    editor.on("loaded", () => holdForm(editor));
  });
}

function refuseLarge(event) {
  const loader = event.data.fileLoader;
  if (loader.file.size <= loader.editor.config.pictureMaxBytes) return;
  event.cancel();
  loader.tooLarge = true;
  setTimeout(() => loader.changeStatus("error")); // what shows the error is not listening yet
}

function explainRefusals(editor) {
  editor.lang.clipboard.fileFormatNotSupportedNotification = editor.config.pictureTexts.unsupported;
  editor.lang.clipboard.fileWithoutFormatNotSupportedNotification = editor.config.pictureTexts.unsupported;
  editor.uploadRepository.on("instanceCreated", ({ data: loader }) => {
    const explain = () => {
      loader.message = refusalReason(loader);
    };
    loader.on("error", explain, null, null, 1);
    loader.on("update", () => waitForAnswer(loader), null, null, 1);
  });
}

/* All bytes sent is no success: the server may refuse the picture. */
function waitForAnswer(loader) {
  if (loader.status === "uploading" && loader.uploaded >= loader.uploadTotal) loader.uploaded = loader.uploadTotal - 1;
}

function refusalReason(loader) {
  const texts = loader.editor.config.pictureTexts;
  const status = loader.xhr ? loader.xhr.status : 0;
  if (loader.tooLarge) return texts.tooLarge;
  if (status === 413) return texts.proxyLimit;
  try {
    return JSON.parse(loader.xhr.responseText).error.message;
  } catch {
    if (status === 403) return texts.forbidden;
    return status ? texts.failed.replace("%1", status) : texts.network;
  }
}

/* In the place of the upload's own widget; the link, the caption and the alignment around it stay. */
function placePicture(loader) {
  const { url, width, height } = loader.responseData;
  const around = (name) => this.wrapper.getAscendant(name);
  const block = around({ p: 1, h2: 1, h3: 1, h4: 1 });
  const side = ["align-center", "align-right"].find((name) => block?.hasClass(name)) ?? "";
  const href = takeOut(this.wrapper, around("a"))?.getAttribute("href");
  const caption = takeOut(this.wrapper, around("figure"))?.findOne("figcaption")?.getHtml() ?? "";
  const picture = `<img alt="" src="${url}" width="${width}" height="${height}">`;
  const linked = href ? `<a href="${CKEDITOR.tools.htmlEncodeAttr(href)}">${picture}</a>` : picture;
  this.replaceWith(`<figure class="image ${side}">${linked}<figcaption>${caption}</figcaption></figure>`);
}

/* Moves `inner` before what is around it. A link keeps its other contents, a figure is removed: a new one follows. */
function takeOut(inner, outer) {
  if (!outer) return null;
  inner.insertBefore(outer);
  if (outer.is("figure") || !outer.getText().trim()) outer.remove();
  return outer;
}

// If the form were saved now, the body would lack the picture that is being uploaded.
function holdForm(editor) {
  const holdBack = (event) => {
    if (editor.uploadRepository.loaders.every((loader) => loader.isFinished())) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    alert(editor.config.pictureTexts.pending);
  };
  for (const moment of ["submit", "beforesave"]) editor.element.$.form?.addEventListener(moment, holdBack, true);
}
