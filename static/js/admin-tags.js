/* The tag line: offers known tags for the word that is being typed, behind those that stand there already. */
document.addEventListener("DOMContentLoaded", () => {
  for (const line of document.querySelectorAll("input.tag-line")) {
    const list = line.list;
    const known = [...list.options].map((option) => option.value);
    const shown = 20;

    const offer = () => {
      const [, before, begun] = line.value.match(/^(.*[，、；,;]\s*|)(.*)$/s);
      const used = new Set(before.split(/[，、；,;]/).map((name) => name.trim()));
      const fitting = known.filter((name) => !used.has(name) && name !== begun && name.includes(begun.trim()));
      list.replaceChildren(
        ...fitting.slice(0, shown).map((name) =>
          Object.assign(document.createElement("option"), { value: before + name, label: name }),
        ),
      );
    };
    line.addEventListener("input", offer);
    line.addEventListener("focus", offer);
    offer();
  }
});
