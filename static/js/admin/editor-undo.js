/* Redo after typing with an input method. */

/** Such typing leaves a key that was never released: each later key would count as typing, and nothing could be redone. */
export function forgetHeldKeys(editor) {
  editor.on("beforeCommandExec", ({ data }) => {
    if (/^(?:undo|redo)$/.test(data.name)) editor.undoManager.editingHandler.keyEventsStack.resetInputs();
  });
}
