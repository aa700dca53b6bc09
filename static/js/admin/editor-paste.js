/* Blocks, links, pictures and videos of this and of other sites, in everything that is pasted or loaded into the editor. */

import { adoptBlock } from "./editor-blocks.js";
import { kindOfLoss, notifyOfLosses } from "./editor-losses.js";

/** The site's own URL of a picture or a foreign one; null where the text is no URL. */
export function pictureUrl(text) {
  try {
    return new URL(CKEDITOR.tools.htmlDecode(text), location.href);
  } catch {
    return null;
  }
}

/** Changes a parsed fragment in place, and notifies the editor of what became a link or cannot come along. */
export function adoptForeignHtml(editor, fragment) {
  const elements = [];
  fragment.forEach((element) => void elements.push(element), CKEDITOR.NODE_ELEMENT);
  const losses = {};
  for (const element of elements) {
    const kind = adopt(editor, element);
    if (kind) losses[kind] = (losses[kind] ?? 0) + 1;
  }
  if (editor.status === "ready") notifyOfLosses(editor, losses);
}

/** Articles of WeChat accounts load pictures lazily: the URL is in data-src, and src holds a placeholder. */
export function withLatePictures(html) {
  return html.replace(/<(?:img|iframe)\b[^>]*>/gi, (tag) => {
    if (!/\sdata-src\s*=\s*["']?[^"'\s>]/i.test(tag)) return tag;
    return tag.replace(/\ssrc\s*=\s*("[^"]*"|'[^']*'|[^\s>]*)/i, "").replace(/\sdata-src(?=\s*=)/i, " src");
  });
}

/** Word and WeChat use empty paragraphs as spacing; the site has its own. */
export function withoutBlankLines(html) {
  const shorter = html.replace(
    /<(p|div|section)(?:\s[^>]*)?>(?:\s|&nbsp;|<br[^>]*>|<\/?(?:span|o:p)(?:\s[^>]*)?>)*<\/\1>/gi,
    "",
  );
  return shorter === html ? html : withoutBlankLines(shorter); // one may have stood in another
}

/** Spaces at the beginning of a paragraph or a line, full-width ones among them: the site's style sets the indent. */
export function withoutIndents(html) {
  if (/<pre[\s>]/i.test(html)) return html;
  const start =
    /(<(?:p|h[1-6]|li|blockquote|div|section)(?:\s[^>]*)?>|<br[^>]*>)((?:<(?:span|font|strong|b|em|i|u)(?:\s[^>]*)?>)*)/;
  return html.replace(new RegExp(`${start.source}(?:\\s|&nbsp;|&e[nm]sp;|&#12288;)+`, "gi"), "$1$2");
}

/* The kind of loss, or "". */
function adopt(editor, element) {
  adoptBlock(element);
  if (element.name === "img" && isPlainPicture(element)) return adoptPicture(editor, element);
  const kind = kindOfLoss(element);
  if (kind === "frame") return adoptFrame(editor, element);
  if (kind) removeWithEmptyBlock(element);
  return kind;
}

function isPlainPicture({ attributes }) {
  return !attributes["data-cke-realelement"] && !attributes["data-cke-upload-id"];
}

/* A picture of another site becomes a link as on the server; one that has no URL cannot come along. */
function adoptPicture(editor, element) {
  const source = element.attributes["data-cke-saved-src"] || element.attributes.src || "";
  const url = pictureUrl(source);
  if (url && url.origin === location.origin) {
    setUrl(element, "src", url.pathname + url.search);
    return "";
  }
  if (!url || !/^https?:$/.test(url.protocol)) {
    removeWithEmptyBlock(element);
    return "picture";
  }
  replaceWithLink(
    element,
    source,
    editor.config.pictureTexts.foreignLink.replace("%1", () => element.attributes.alt || source),
  );
  return "foreign";
}

function adoptFrame(editor, element) {
  const inner = element.find?.("source", true)[0];
  const source = element.attributes.src || inner?.attributes.src || "";
  const url = source && pictureUrl(source);
  if (!url || !/^https?:$/.test(url.protocol)) {
    removeWithEmptyBlock(element);
    return "frame";
  }
  replaceWithLink(
    element,
    url.href,
    editor.config.pictureTexts.frameLink.replace("%1", () => url.href),
  );
  return "frame_link";
}

function replaceWithLink(element, url, text) {
  const words = new CKEDITOR.htmlParser.text(CKEDITOR.tools.htmlEncode(text));
  if (element.getAscendant("a")) {
    element.replaceWith(words);
    return;
  }
  const link = new CKEDITOR.htmlParser.element("a", {});
  setUrl(link, "href", url);
  link.add(words);
  element.replaceWith(link);
}

/* The paragraph that held nothing else goes as well. */
function removeWithEmptyBlock(element) {
  let gone = element;
  while (/^(?:p|span|a|div|section|center|strong|em)$/.test(gone.parent?.name) && gone.parent.children.length === 1) {
    gone = gone.parent;
  }
  gone.remove();
}

function setUrl(element, name, url) {
  element.attributes[name] = element.attributes[`data-cke-saved-${name}`] = url;
}
