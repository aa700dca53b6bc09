/* Files that somebody chooses, pastes, or drops on dropZone where there is one: attach(files). */

export function watchFiles({ input, text, dropZone = null }, attach) {
  input.addEventListener("change", () => {
    attach([...input.files]);
    input.value = "";
  });
  text.addEventListener("paste", (event) => {
    if (!event.clipboardData || !event.clipboardData.files.length) return;
    event.preventDefault();
    attach([...event.clipboardData.files]);
  });
  if (!dropZone) return;
  dropZone.addEventListener("dragover", (event) => event.preventDefault());
  dropZone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) attach([...event.dataTransfer.files]);
  });
}
