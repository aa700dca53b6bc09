/* A picture in the editor is <figure class="image"> with its alignment in a class and, if there is one, its caption. */

import { showsNothing } from "./editor-captions.js";

const ALIGNED_CENTER = "align-center";
const BLANK_END = /(?:\s*<p>(?:&nbsp;|\s)*<\/p>)+\s*$/;

/** Changes the plugin's widget: it centres with a <div> around, and trusts that each figure holds a picture and a caption. */
export function makeFigures(definition) {
  const { upcast, downcast, data } = definition;

  definition.features.align.requiredContent = "figure(align-left)";

  definition.upcast = function (element, widgetData) {
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
    // A picture in a line of text has no side to stand on.
    if (["left", "right"].includes(this.data.align)) this.data.hasCaption = true;
    data.call(this);
    const caption = this.parts.caption;
    if (caption && this.data.captionText !== undefined) {
      if (caption.getText().trim() !== this.data.captionText) caption.setText(this.data.captionText);
      delete this.data.captionText; // else it would come back over what is typed in place
    }
  };
}

/** A picture put in at the end of a paragraph splits it, and an empty one stays behind. */
export function removeBlankLineAfter(element) {
  const next = element.getNext();
  if (element.hasClass("cke_widget_image") && next?.is?.("p") && showsNothing(next.getHtml()) && next.getNext()) {
    next.remove();
  }
}

export function withoutBlankEnd(html) {
  return html.replace(BLANK_END, "");
}
