/* The picture dialog: upload first, a field for the caption; no URL to type, no box to tick. */

import { pictureUrl } from "./editor-paste.js";

export function usePlainWords(editor) {
  const texts = editor.config.pictureTexts;
  editor.lang.common.image = texts.picture;
  Object.assign(editor.lang.image2, {
    title: texts.picture,
    menu: texts.picture,
    infoTab: texts.picture,
    uploadTab: texts.upload,
    btnUpload: texts.upload,
    alt: texts.alt,
    urlMissing: texts.missing,
    captionPlaceholder: "",
  });
}

export function simplifyPictureDialog(definition, texts) {
  const upload = definition.getContents("Upload");
  Object.assign(upload.get("upload"), {
    label: texts.uploadHint,
    onChange() {
      if (this.getValue()) this.getDialog().getContentElement("Upload", "uploadButton").click();
    },
  });

  const info = definition.getContents("info");
  Object.assign(info.get("src"), {
    label: texts.address,
    validate() {
      if (!this.getValue()) return texts.missing;
      return pictureUrl(this.getValue())?.origin === location.origin || texts.foreignAddress;
    },
  });
  info.remove("hasCaption");
  info.add(captionField(texts.caption), "alt");

  const { onShow } = definition;
  definition.onShow = function (...args) {
    onShow.apply(this, args);
    this.selectPage(this.widget.data.src ? "info" : "Upload");
  };
}

function captionField(label) {
  return {
    id: "caption",
    type: "text",
    label,
    setup(widget) {
      this.setValue(widget.parts.caption ? widget.parts.caption.getText().trim() : "");
    },
    commit(widget) {
      widget.setData("hasCaption", true);
      widget.setData("captionText", this.getValue().trim());
    },
  };
}
