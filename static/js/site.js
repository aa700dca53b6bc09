/* What a page does beyond being read. Without this file every page works; old WebViews that cannot
   read it lose nothing but these comforts. Each feature is asked for by a data- attribute. */
(function () {
  "use strict";
  var root = document.documentElement;

  function all(selector, start) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), start);
  }

  /* A browser may refuse to remember: private windows, full storage. The page works all the same. */
  function remembered(key) {
    try { return localStorage.getItem(key) || ""; } catch (error) { return ""; }
  }
  function remember(key, value) {
    try { localStorage.setItem(key, value); } catch (error) { return; }
  }

  /* A− A A+ */
  function textSize(tools) {
    var buttons = tools.querySelectorAll("[data-size]");
    function show(size) {
      root.classList.remove("text-small", "text-large");
      if (size) root.classList.add("text-" + size);
      Array.prototype.forEach.call(buttons, function (button) {
        button.setAttribute("aria-pressed", String(button.getAttribute("data-size") === size));
      });
    }
    tools.hidden = false;
    show(remembered("text-size") === "large" || remembered("text-size") === "small" ? remembered("text-size") : "");
    tools.addEventListener("click", function (event) {
      var button = event.target.closest("[data-size]");
      if (!button) return;
      remember("text-size", button.getAttribute("data-size"));
      show(button.getAttribute("data-size"));
    });
  }

  /* Copying, also where the clipboard's own interface is missing: http, WeChat of old phones. */
  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    var field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    document.body.appendChild(field);
    field.select();
    var done = document.execCommand("copy");
    document.body.removeChild(field);
    return done ? Promise.resolve() : Promise.reject(new Error("copy"));
  }
  function copyButton(button) {
    var label = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", function () {
      copy(button.getAttribute("data-copy")).then(function () {
        button.textContent = button.getAttribute("data-done");
        setTimeout(function () { button.textContent = label; }, 2000);
      }, function () {
        window.prompt(label, button.getAttribute("data-copy"));
      });
    });
  }

  /* Pictures of an article, one at a time over the page: by click, keyboard and touch. */
  function lightbox(article) {
    var links = article.querySelectorAll("a.zoom");
    var shown = -1, box, picture, caption, startX;

    function button(kind, sign) {
      var element = document.createElement("button");
      element.type = "button";
      element.className = "lightbox__button lightbox__button--" + kind;
      element.setAttribute("aria-label", article.getAttribute("data-" + kind));
      element.textContent = sign;
      box.appendChild(element);
      return element;
    }
    function show(index) {
      shown = (index + links.length) % links.length;
      var link = links[shown], image = link.querySelector("img");
      var figure = link.closest("figure"), words = figure && figure.querySelector("figcaption");
      picture.src = link.href;
      picture.alt = image.alt;
      caption.textContent = words ? words.textContent : image.alt;
    }
    function close() {
      document.removeEventListener("keydown", onKey);
      document.body.removeChild(box);
      root.classList.remove("is-covered");
      links[shown].focus();
      shown = -1;
    }
    function onKey(event) {
      if (event.key === "Escape") close();
      else if (event.key === "ArrowLeft" && links.length > 1) show(shown - 1);
      else if (event.key === "ArrowRight" && links.length > 1) show(shown + 1);
      else if (event.key === "Tab") {  /* the focus stays in the box */
        var buttons = Array.prototype.slice.call(box.querySelectorAll("button"));
        var at = buttons.indexOf(document.activeElement) + (event.shiftKey ? -1 : 1);
        buttons[(at + buttons.length) % buttons.length].focus();
      } else return;
      event.preventDefault();
    }
    function open(index) {
      box = document.createElement("div");
      box.className = "lightbox";
      box.setAttribute("role", "dialog");
      box.setAttribute("aria-modal", "true");
      picture = box.appendChild(document.createElement("img"));
      picture.className = "lightbox__picture";
      caption = box.appendChild(document.createElement("p"));
      caption.className = "lightbox__caption";
      caption.id = "lightbox-caption";
      caption.setAttribute("aria-live", "polite");
      box.setAttribute("aria-labelledby", caption.id);
      var closing = button("close", "×");
      closing.addEventListener("click", close);
      if (links.length > 1) {
        button("previous", "‹").addEventListener("click", function () { show(shown - 1); });
        button("next", "›").addEventListener("click", function () { show(shown + 1); });
      }
      box.addEventListener("click", function (event) {
        if (event.target === box || event.target === picture) close();
      });
      box.addEventListener("touchstart", function (event) { startX = event.changedTouches[0].clientX; });
      box.addEventListener("touchend", function (event) {
        var moved = event.changedTouches[0].clientX - startX;
        if (links.length > 1 && Math.abs(moved) > 50) {
          event.preventDefault();  /* no click follows, which would close */
          show(shown + (moved < 0 ? 1 : -1));
        }
      });
      document.body.appendChild(box);
      root.classList.add("is-covered");
      document.addEventListener("keydown", onKey);
      show(index);
      closing.focus();
    }
    Array.prototype.forEach.call(links, function (link, index) {
      link.addEventListener("click", function (event) {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        open(index);
      });
    });
  }

  /* The row of banners moves by itself, until somebody takes it in hand, looks at it closely, or wants no motion. */
  function carousel(box) {
    var row = box.querySelector(".carousel__slides"), slides = row.children, timer = null, isPaused;
    if (slides.length < 2 || !row.scrollTo) return;

    function at() { return Math.round(row.scrollLeft / row.clientWidth); }
    function go(step, isSmooth) {
      var index = (at() + step + slides.length) % slides.length;
      row.scrollTo({ left: index * row.clientWidth, behavior: isSmooth ? "smooth" : "auto" });
    }
    function stop() { clearInterval(timer); timer = null; }
    function start() {
      if (!timer && !isPaused) timer = setInterval(function () { if (!document.hidden) go(1, true); }, 6000);
    }
    function pause(value) {
      isPaused = value;
      playing.className = "carousel__button carousel__button--" + (value ? "play" : "pause");
      playing.setAttribute("aria-label", box.getAttribute(value ? "data-play" : "data-pause"));
      if (value) stop(); else start();
    }
    function control(sign, action, label) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "carousel__button";
      button.textContent = sign;
      if (label) button.setAttribute("aria-label", label);
      button.addEventListener("click", action);
      controls.appendChild(button);
      return button;
    }

    var controls = document.createElement("div");
    controls.className = "carousel__controls";
    control("‹", function () { pause(true); go(-1, !isStill); }, box.getAttribute("data-previous"));
    var playing = control("", function () { pause(!isPaused); });
    control("›", function () { pause(true); go(1, !isStill); }, box.getAttribute("data-next"));
    box.appendChild(controls);

    var isStill = root.classList.contains("care") ||
      (window.matchMedia && matchMedia("(prefers-reduced-motion: reduce)").matches);
    pause(isStill);
    box.addEventListener("mouseenter", stop);
    box.addEventListener("mouseleave", start);
    box.addEventListener("focusin", stop);
    box.addEventListener("focusout", start);
    row.addEventListener("touchstart", function () { pause(true); });
    row.addEventListener("keydown", function (event) {
      if (event.target !== row || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
      event.preventDefault();
      pause(true);
      go(event.key === "ArrowLeft" ? -1 : 1, !isStill);
    });
  }

  /* Escape puts away what hovering or focus has opened, until the pointer or the focus has left it. */
  function dismiss(item) {
    function back(event) {
      if (event.type === "focusout" && item.contains(event.relatedTarget)) return;
      item.classList.remove("is-dismissed");
      item.removeEventListener("mouseleave", back);
      item.removeEventListener("focusout", back);
    }
    item.classList.add("is-dismissed");
    item.addEventListener("mouseleave", back);
    item.addEventListener("focusout", back);
  }

  /* The menu: a list behind 导航 on phones, entries under each section elsewhere. */
  function navigation(menu) {
    var opener = document.getElementById("menu-switch");
    document.addEventListener("keydown", function (event) {
      if (event.key !== "Escape") return;
      var item = menu.contains(document.activeElement) && document.activeElement.closest(".site-nav__item");
      if (opener.checked) {
        opener.checked = false;
        opener.focus();
      } else if (item) item.querySelector(".site-nav__link").focus();
      Array.prototype.forEach.call(menu.querySelectorAll(".site-nav__item"), dismiss);
    });
  }

  /* The floating bar. Its panel opens without a new address in the history; Escape puts away whatever is open. */
  function contactBar(bar) {
    var opener = bar.querySelector("[data-panel]"), panel = opener && opener.parentNode.querySelector(".contact-bar__panel");

    function toggle(isOpen) {
      panel.classList.toggle("is-open", isOpen);
      opener.setAttribute("aria-expanded", String(isOpen));
    }
    if (panel) {
      toggle(false);
      opener.addEventListener("click", function (event) {
        event.preventDefault();
        toggle(!panel.classList.contains("is-open"));
      });
      panel.querySelector(".contact-bar__close").addEventListener("click", function (event) {
        event.preventDefault();
        toggle(false);
        opener.focus();
      });
      document.addEventListener("click", function (event) {
        if (!opener.parentNode.contains(event.target)) toggle(false);
      });
    }
    document.addEventListener("keydown", function (event) {
      if (event.key !== "Escape") return;
      if (panel && panel.classList.contains("is-open")) {
        toggle(false);
        opener.focus();
      }
      Array.prototype.forEach.call(bar.querySelectorAll(".contact-bar__item"), dismiss);
    });
    /* How often each channel is used: the channel's number and nothing else. */
    document.addEventListener("click", function (event) {
      var used = event.target.closest("[data-click]");
      if (!used || !navigator.sendBeacon) return;
      navigator.sendBeacon(bar.getAttribute("data-clicks"), new URLSearchParams({ channel: used.getAttribute("data-click") }));
    });
  }

  /* The live chat: its script and style are asked for when it is opened, or was in this tab before.
     The pages seen in this tab stay in the tab; the chat sends them only after consent. */
  function chat(button) {
    if (!window.fetch || !window.FormData || !window.crypto || !window.sessionStorage) return;
    var state = "", isAsked = false;
    try {
      state = sessionStorage.getItem("chat-state") || "";
      var trail = JSON.parse(sessionStorage.getItem("chat-trail") || "[]"), url = location.href.split("#")[0];
      if (!trail.length || trail[trail.length - 1].url !== url) trail.push({ url: url, title: document.title });
      sessionStorage.setItem("chat-trail", JSON.stringify(trail.slice(-11)));
    } catch (error) { return; }
    /* Where it covers the page it comes back with the step of the history that it was opened in, not with the next page. */
    var wasOpen = window.innerWidth < 768 ? Boolean(history.state && history.state.chat) : state === "open";
    function open(event) {
      if (event) event.preventDefault();
      if (isAsked) return;
      isAsked = true;
      var style = document.createElement("link"), script = document.createElement("script");
      function failed() { location.href = button.href; }
      style.rel = "stylesheet";
      style.href = button.getAttribute("data-style");
      script.src = button.getAttribute("data-script");
      /* Not before both are there: an unstyled panel would flash up at the end of the page. */
      var isStyled = new Promise(function (resolve) { style.onload = style.onerror = resolve; });
      script.onerror = failed;
      script.onload = function () {
        isStyled.then(function () {
          return window.openChat({ base: button.getAttribute("data-chat"), button: button, isQuiet: !event && !wasOpen, copyButton: copyButton });
        }).then(function () { button.removeEventListener("click", open); }, event ? failed : function () { isAsked = false; });
      };
      document.head.appendChild(style);
      document.head.appendChild(script);
    }
    button.addEventListener("click", open);
    button.setAttribute("aria-expanded", "false");
    if (state) open();
  }

  if (!Element.prototype.closest || !root.classList) return;
  all("[data-text-size]", textSize);
  all("[data-copy]", copyButton);
  all("[data-lightbox]", lightbox);
  all("[data-carousel]", carousel);
  all("[data-menu]", navigation);
  all("[data-contact-bar]", contactBar);
  all("[data-chat]", chat);
})();
