/* Headings, alignment, and pictures of this and of other sites, in everything that is pasted or loaded into the editor. */

/** The site's own URL of a picture or a foreign one; null where the text is no URL. */
export function pictureUrl(text) {
  try {
    return new URL(CKEDITOR.tools.htmlDecode(text), location.href);
  } catch {
    return null;
  }
}

/** Changes a parsed fragment in place, and notifies the editor of pictures that became links. */
export function adoptForeignHtml(editor, fragment) {
  let foreign = 0;
  fragment.forEach((element) => {
    if (element.name === "h1") element.name = "h2";
    const side = /text-align:\s*(center|right)/.exec(element.attributes.style);
    if (side) element.addClass(`align-${side[1]}`); // the filter drops it where it is not allowed
    if (element.name === "img" && isPlainPicture(element)) foreign += adoptPicture(editor, element);
  }, CKEDITOR.NODE_ELEMENT);
  if (foreign && editor.status === "ready") notifyOfForeignPictures(editor, foreign);
}

/** Articles of WeChat accounts load pictures lazily: the URL is in data-src, and src holds a placeholder. */
export function withLatePictures(html) {
  return html.replace(/<img\b[^>]*>/gi, (tag) => {
    if (!/\sdata-src\s*=\s*["']?[^"'\s>]/i.test(tag)) return tag;
    return tag.replace(/\ssrc\s*=\s*("[^"]*"|'[^']*'|[^\s>]*)/i, "").replace(/\sdata-src(?=\s*=)/i, " src");
  });
}

/** Word and WeChat use empty paragraphs as spacing; the site has its own. */
export function withoutBlankLines(html) {
  return html.replace(
    /<p(?:\s[^>]*)?>(?:\s|&nbsp;|\u00a0|<br[^>]*>|<\/?(?:span|o:p|section)(?:\s[^>]*)?>)*<\/p>/gi,
    "",
  );
}

/* One notification at a time: pasting reads the same text more than once. */
function notifyOfForeignPictures(editor, count) {
  editor.foreignPicturesNotification?.hide();
  const text = editor.config.pictureTexts.foreign.replace("%1", count);
  editor.foreignPicturesNotification = editor.showNotification(text, "warning", 0);
}

function isPlainPicture({ attributes }) {
  return !attributes["data-cke-realelement"] && !attributes["data-cke-upload-id"];
}

/* 1 for a picture of another site, which becomes a link as on the server; else 0. */
function adoptPicture(editor, element) {
  const source = element.attributes["data-cke-saved-src"] || element.attributes.src || "";
  const url = pictureUrl(source);
  if (url && url.origin === location.origin) {
    setUrl(element, "src", url.pathname + url.search);
    return 0;
  }
  if (!url || !/^https?:$/.test(url.protocol)) {
    element.remove();
    return 0;
  }
  const text = editor.config.pictureTexts.foreignLink.replace("%1", () => element.attributes.alt || source);
  const words = new CKEDITOR.htmlParser.text(CKEDITOR.tools.htmlEncode(text));
  if (element.getAscendant("a")) {
    element.replaceWith(words);
  } else {
    const link = new CKEDITOR.htmlParser.element("a", {});
    setUrl(link, "href", source);
    link.add(words);
    element.replaceWith(link);
  }
  return 1;
}

function setUrl(element, name, url) {
  element.attributes[name] = element.attributes[`data-cke-saved-${name}`] = url;
}
