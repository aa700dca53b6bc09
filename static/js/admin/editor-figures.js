/* A picture in the editor is <figure class="image"> with its alignment in a class and, if there is one, its caption. */

import { showsNothing } from "./editor-captions.js";

const ALIGNED_CENTER = "align-center";
const BLANK_END = /(?:\s*<p>(?:&nbsp;|\s)*<\/p>)+\s*$/;

/** Changes the plugin's widget, which centres with a <div> around, and assumes a picture and a caption in each figure. */
export function makeFigures(definition) {
  const { upcast, downcast, data } = definition;

  definition.features.align.requiredContent = "figure(align-left)";

  definition.upcast = function (element, widgetData) {
    // Its widget is the upload's. Claimed here, a picture alone in a centred paragraph would never get its URL.
    if (element.name === "img" ? isUploading(element) : element.find(isUploading, true).length) return undefined;
    if (element.name === "figure" && element.hasClass("image")) {
      const picture = element.getFirst("img") || element.getFirst("a")?.getFirst("img");
      if (!picture) return undefined;
      if (!element.getFirst("figcaption")) element.add(new CKEDITOR.htmlParser.element("figcaption"));
      if (element.hasClass(ALIGNED_CENTER)) {
        element.removeClass(ALIGNED_CENTER);
        widgetData.align = "center";
      }
    }
    return upcast.call(this, element, widgetData);
  };

  definition.downcast = function (element) {
    const isCentered = element.name === "figure" && this.data.align === "center";
    if (isCentered) element.addClass(ALIGNED_CENTER);
    const result = isCentered ? element : downcast.call(this, element);
    const caption = element.name === "figure" && element.getFirst("figcaption");
    if (caption && showsNothing(caption.getHtml())) caption.remove();
    return result;
  };

  definition.data = function () {
    // A picture within a line of text cannot be aligned.
    if (["left", "right"].includes(this.data.align)) this.data.hasCaption = true;
    data.call(this);
    const caption = this.parts.caption;
    if (caption && this.data.captionText !== undefined) {
      if (caption.getText().trim() !== this.data.captionText) caption.setText(this.data.captionText);
      delete this.data.captionText; // else it would overwrite what is typed into the figure
    }
  };
}

function isUploading({ attributes }) {
  return Boolean(attributes?.["data-cke-upload-id"]);
}

/** A picture inserted at the end of a paragraph splits it and leaves an empty one after it. */
export function removeBlankLineAfter(element) {
  const next = element.getNext();
  if (element.hasClass("cke_widget_image") && next?.is?.("p") && showsNothing(next.getHtml()) && next.getNext()) {
    next.remove();
  }
}

export function withoutBlankEnd(html) {
  return html.replace(BLANK_END, "");
}
