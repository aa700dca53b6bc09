/*
 * What the editor takes and gives: the same HTML that richtext.py stores, so that staff see what readers will.
 *
 * A picture is <figure class="image"> with its alignment in a class and, if there is one, its caption.
 */
(() => {
  const ALIGNED_CENTER = "align-center";
  const BLANK_END = /(?:\s*<p>(?:&nbsp;|\s)*<\/p>)+\s*$/;

  CKEDITOR.on("instanceCreated", ({ editor }) => {
    editor.on("pluginsLoaded", () => speakPlainly(editor));
    editor.on("toHtml", (event) => adopt(editor, event.data.dataValue), null, null, 5.5); // parsed, not yet filtered
    editor.on("paste", ({ data }) => { data.dataValue = withLatePictures(data.dataValue); }, null, null, 2);
    editor.on("paste", ({ data }) => { data.dataValue = withoutBlankLines(data.dataValue); }, null, null, 900);
    editor.on("widgetDefinition", ({ data: definition }) => {
      if (definition.name === "image") makeFigures(definition);
    });
    editor.on("insertElement", ({ data: element }) => dropBlankLineAfter(element), null, null, 20); // inserted by now
    editor.on("getData", ({ data }) => { data.dataValue = data.dataValue.replace(BLANK_END, ""); });
    for (const moment of ["dataReady", "change"]) editor.on(moment, () => markEmptyCaptions(editor));
  });

  CKEDITOR.on("dialogDefinition", ({ data, editor }) => {
    if (data.name === "image2") simplify(data.definition, editor.config.pictureTexts);
  });

  function speakPlainly(editor) {
    const texts = editor.config.pictureTexts;
    editor.lang.common.image = texts.picture;
    Object.assign(editor.lang.image2, {
      title: texts.picture,
      menu: texts.picture,
      infoTab: texts.picture,
      uploadTab: texts.upload,
      btnUpload: texts.upload,
      alt: texts.alt,
      urlMissing: texts.missing,
      captionPlaceholder: "",
    });
  }

  /* Headings, alignment, and pictures of this and of other sites, in whatever comes into the editor. */
  function adopt(editor, fragment) {
    let foreign = 0;
    fragment.forEach(
      (element) => {
        if (element.name === "h1") element.name = "h2";
        const side = /text-align:\s*(center|right)/.exec(element.attributes.style);
        if (side) element.addClass(`align-${side[1]}`); // the filter drops it where it may not stand
        if (element.name === "img" && isPlainPicture(element)) foreign += adoptPicture(editor, element);
      },
      CKEDITOR.NODE_ELEMENT,
    );
    if (foreign && editor.status === "ready") tellOfForeignPictures(editor, foreign);
  }

  /* One notification at a time: pasting reads the same text more than once. */
  function tellOfForeignPictures(editor, count) {
    editor.foreignPicturesNotification?.hide();
    const text = editor.config.pictureTexts.foreign.replace("%1", count);
    editor.foreignPicturesNotification = editor.showNotification(text, "warning", 0);
  }

  /* 公众号 shows a picture when it is scrolled to: until then its address stands in data-src, and a dot in src. */
  function withLatePictures(html) {
    return html.replace(/<img\b[^>]*>/gi, (tag) => {
      if (!/\sdata-src\s*=\s*["']?[^"'\s>]/i.test(tag)) return tag;
      return tag.replace(/\ssrc\s*=\s*("[^"]*"|'[^']*'|[^\s>]*)/i, "").replace(/\sdata-src(?=\s*=)/i, " src");
    });
  }

  /* Word and WeChat make distance with empty paragraphs; the site has its own. */
  function withoutBlankLines(html) {
    return html.replace(/<p(?:\s[^>]*)?>(?:\s|&nbsp;|\u00a0|<br[^>]*>|<\/?(?:span|o:p|section)(?:\s[^>]*)?>)*<\/p>/gi, "");
  }

  function isPlainPicture({ attributes }) {
    return !attributes["data-cke-realelement"] && !attributes["data-cke-upload-id"];
  }

  /* 1 for a picture of another site, which becomes a link as on the server; else 0. */
  function adoptPicture(editor, element) {
    const source = element.attributes["data-cke-saved-src"] || element.attributes.src || "";
    const address = resolve(source);
    if (address && address.origin === location.origin) {
      setAddress(element, "src", address.pathname + address.search);
      return 0;
    }
    if (!address || !/^https?:$/.test(address.protocol)) {
      element.remove();
      return 0;
    }
    const text = `${editor.config.pictureTexts.foreignLink}：${element.attributes.alt || source}`;
    const words = new CKEDITOR.htmlParser.text(CKEDITOR.tools.htmlEncode(text));
    if (element.getAscendant("a")) {
      element.replaceWith(words);
    } else {
      const link = new CKEDITOR.htmlParser.element("a", {});
      setAddress(link, "href", source);
      link.add(words);
      element.replaceWith(link);
    }
    return 1;
  }

  function resolve(address) {
    try {
      return new URL(CKEDITOR.tools.htmlDecode(address), location.href);
    } catch {
      return null;
    }
  }

  function setAddress(element, name, address) {
    element.attributes[name] = element.attributes[`data-cke-saved-${name}`] = address;
  }

  /* The plugin centres with a <div> around, and trusts that each figure holds a picture and a caption. */
  function makeFigures(definition) {
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
      if (caption && isEmpty(caption.getHtml())) caption.remove();
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

  /* A picture put in at the end of a paragraph splits it, and an empty one stays behind. */
  function dropBlankLineAfter(element) {
    const next = element.getNext();
    if (element.hasClass("cke_widget_image") && next?.is?.("p") && isEmpty(next.getHtml()) && next.getNext()) {
      next.remove();
    }
  }

  function isEmpty(html) {
    return !html.replace(/<br[^>]*>|&nbsp;|[\s\u200b\ufeff]/g, "");
  }

  /* A caption that nobody wrote yet says so; admin-editor-frame.css shows the words. */
  function markEmptyCaptions(editor) {
    if (editor.mode !== "wysiwyg" || !editor.editable()) return;
    for (const caption of editor.editable().find("figure.image figcaption").toArray()) {
      if (isEmpty(caption.getHtml())) caption.setAttribute("data-cke-hint", editor.config.pictureTexts.writeCaption);
      else caption.removeAttribute("data-cke-hint");
    }
  }

  /* Upload first, caption in words: no address to type, no box to tick. */
  function simplify(definition, texts) {
    const upload = definition.getContents("Upload");
    Object.assign(upload.get("upload"), {
      label: texts.uploadHint,
      onChange() {
        if (this.getValue()) this.getDialog().getContentElement("Upload", "uploadButton").click();
      },
    });

    const info = definition.getContents("info");
    Object.assign(info.get("src"), {
      label: texts.address,
      validate() {
        const address = this.getValue();
        if (!address) return texts.missing;
        return resolve(address)?.origin === location.origin || texts.foreignAddress;
      },
    });
    info.remove("hasCaption");
    info.add(
      {
        id: "caption",
        type: "text",
        label: texts.caption,
        setup(widget) {
          this.setValue(widget.parts.caption ? widget.parts.caption.getText().trim() : "");
        },
        commit(widget) {
          widget.setData("hasCaption", true);
          widget.setData("captionText", this.getValue().trim());
        },
      },
      "alt",
    );

    const onShow = definition.onShow;
    definition.onShow = function () {
      onShow.apply(this, arguments);
      this.selectPage(this.widget.data.src ? "info" : "Upload");
    };
  }
})();
