/* The tag line: suggests existing tags for the word that is being typed, after those that are there already. */

const OFFERED = 20;
const SEPARATOR = /[，、；,;]/; // as split_tags on the server

for (const line of document.querySelectorAll("input.tag-line")) {
  const known = [...line.list.options].map((option) => option.value);
  const offer = () => line.list.replaceChildren(...fittingTags(line.value, known).map(tagOption));
  line.addEventListener("input", offer);
  line.addEventListener("focus", offer);
  offer();
}

function fittingTags(typed, known) {
  const [, before, begun] = typed.match(/^(.*[，、；,;]\s*|)(.*)$/s);
  const used = new Set(before.split(SEPARATOR).map((name) => name.trim()));
  return known
    .filter((name) => !used.has(name) && name !== begun && name.includes(begun.trim()))
    .slice(0, OFFERED)
    .map((name) => ({ value: before + name, label: name }));
}

function tagOption(tag) {
  return Object.assign(document.createElement("option"), tag);
}
