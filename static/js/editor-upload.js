/* Pictures on their way from the editor to the site: permission, size, and what staff hear when one is refused. */
(() => {
  // Every picture goes to the server, which alone judges it, and says in words why it takes none.
  CKEDITOR.config.uploadImage_supportedTypes = /^image\//;
  // The editor's own token would only be one more cookie.
  CKEDITOR.tools.getCsrfToken = csrfToken;

  CKEDITOR.on("instanceCreated", ({ editor }) => {
    editor.on("fileUploadRequest", refuseLarge, null, null, 1);
    editor.on("fileUploadRequest", ({ data }) => data.fileLoader.xhr.setRequestHeader("X-CSRFToken", csrfToken()));
    editor.on("pluginsLoaded", () => {
      editor.lang.clipboard.fileFormatNotSupportedNotification = editor.config.pictureTexts.unsupported;
      editor.lang.clipboard.fileWithoutFormatNotSupportedNotification = editor.config.pictureTexts.unsupported;
      editor.uploadRepository.on("instanceCreated", ({ data: loader }) => {
        loader.on("error", () => { loader.message = reason(loader); }, null, null, 1);
      });
    });
    editor.on("widgetDefinition", ({ data: definition }) => {
      if (definition.name === "uploadimage") definition.onUploaded = placePicture;
    });
    editor.on("loaded", () => holdForm(editor));
  });

  // The cookie is right even after a new login in another tab; the form's own token is older.
  function csrfToken() {
    const cookie = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
    return cookie ? cookie[1] : document.querySelector("input[name=csrfmiddlewaretoken]").value;
  }

  function refuseLarge(event) {
    const loader = event.data.fileLoader;
    if (loader.file.size <= loader.editor.config.pictureMaxBytes) return;
    event.cancel();
    loader.tooLarge = true;
    setTimeout(() => loader.changeStatus("error")); // who shows the error does not listen yet
  }

  function reason(loader) {
    const texts = loader.editor.config.pictureTexts;
    const status = loader.xhr ? loader.xhr.status : 0;
    if (loader.tooLarge || status === 413) return texts.tooLarge;
    try {
      return JSON.parse(loader.xhr.responseText).error.message;
    } catch {
      if (status === 403) return texts.forbidden;
      return status ? texts.failed.replace("%1", status) : texts.network;
    }
  }

  function placePicture(loader) {
    const { url, width, height } = loader.responseData;
    this.replaceWith(
      `<figure class="image"><img alt="" src="${url}" width="${width}" height="${height}"><figcaption></figcaption></figure>`,
    );
  }

  // Saved now, the body would be stored without the picture that is still on its way.
  function holdForm(editor) {
    editor.element.$.form?.addEventListener(
      "submit",
      (event) => {
        if (editor.uploadRepository.loaders.every((loader) => loader.isFinished())) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        alert(editor.config.pictureTexts.pending);
      },
      true,
    );
  }
})();
