/* Blocks of other editors and sites: what the sanitizer makes of them on the server (richtext/blocks.py), seen before saving. */

const WRAPPER =
  /^(?:div|section|article|aside|center|main|header|footer|nav|address|details|summary|fieldset|legend|form|hgroup|dialog)$/;
const BLOCK = /^(?:p|h[1-6]|[uod]l|li|d[dt]|table|blockquote|pre|figure|hr)$/;
const ALIGNED = /^(?:p|h[234])$/;
const BULLET_IN_WORDS = /^(?:\s|&nbsp;)*[•·●○■◆▪➢](?:\s|&nbsp;)*/;
const LIST_TYPES = {
  "lower-alpha": "a",
  "lower-latin": "a",
  "upper-alpha": "A",
  "upper-latin": "A",
  "lower-roman": "i",
  "upper-roman": "I",
};

/** Changes one parsed element: a heading, a block within others, bold that is none, a bullet that was typed. */
export function adoptBlock(element) {
  if (element.name === "h1") element.name = "h2";
  if (
    WRAPPER.test(element.name) &&
    element.parent?.name !== "li" &&
    element.parent?.name !== "td" &&
    !holdsBlocks(element)
  ) {
    element.name = "p";
  }
  if (ALIGNED.test(element.name) || element.name === "td") {
    const side = sideOf(element);
    if (side) element.addClass(`align-${side}`); // the filter drops it where it is not allowed
  }
  if (isPlainAgain(element)) element.replaceWithChildren();
  if (element.name === "ol") takeListStyle(element);
  if (element.name === "li" && element.parent?.name === "ul") removeTypedBullet(element);
}

function holdsBlocks(element) {
  return element.find(({ name }) => WRAPPER.test(name) || BLOCK.test(name), true).length > 0;
}

/* "center", "right" or "": its own, or that of the nearest block around it. */
function sideOf(element) {
  for (let block = element; block?.attributes; block = block.parent) {
    if (block !== element && !WRAPPER.test(block.name)) return "";
    const own = /text-align:\s*([a-z]+)/i.exec(block.attributes.style)?.[1] ?? block.attributes.align;
    const side = block.name === "center" ? "center" : own?.toLowerCase();
    if (side) return /^(?:center|right)$/.test(side) ? side : "";
  }
  return "";
}

/* Google Docs puts <b style="font-weight:normal"> around everything. */
function isPlainAgain({ name, attributes }) {
  const style = attributes.style ?? "";
  if (name === "b" || name === "strong") return /font-weight:\s*(?:normal|[1-4]00)/i.test(style);
  return (name === "i" || name === "em") && /font-style:\s*normal/i.test(style);
}

/* What other programs say with a style, on the list or on its first item, HTML says with an attribute. */
function takeListStyle(list) {
  const first = list.children.find(({ name }) => name === "li");
  const styles = [list, first].map((element) => element?.attributes.style ?? "").join(";");
  const type = LIST_TYPES[/list-style(?:-type)?:\s*([a-z-]+)/i.exec(styles)?.[1].toLowerCase()];
  if (type) list.attributes.type = type;
  if (list.attributes.start === "1") delete list.attributes.start;
}

function removeTypedBullet(item) {
  let first = item;
  while (first?.children) [first] = first.children;
  if (first?.value) first.value = first.value.replace(BULLET_IN_WORDS, "");
}
