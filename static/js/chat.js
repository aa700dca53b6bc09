/* The visitor's side of the live chat. Loaded when 在线客服 is opened; site.js calls window.openChat(options).
   Lines come from one place, receive(), whether a stream brought them, a poll, or the answer to a sent one.
   What was typed lives in the tab's session storage until the server has it. */
(function () {
  "use strict";
  var POLL = 3000, POLL_HIDDEN = 15000, SILENCE = 35000, STREAM_AGAIN = 60000;

  function stored(key) { try { return sessionStorage.getItem(key) || ""; } catch (error) { return ""; } }
  function store(key, value) {
    try { if (value) sessionStorage.setItem(key, value); else sessionStorage.removeItem(key); } catch (error) { return; }
  }
  function list(key) { try { return JSON.parse(stored(key)) || []; } catch (error) { return []; } }
  function randomBytes(count) { return crypto.getRandomValues(new Uint8Array(count)); }
  function newToken() {
    return btoa(String.fromCharCode.apply(null, randomBytes(30))).replace(/\+/g, "-").replace(/\//g, "_");
  }
  function newId() {
    var hex = Array.prototype.map.call(randomBytes(16), function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
    return hex.slice(0, 8) + "-" + hex.slice(8, 12) + "-4" + hex.slice(13, 16) + "-a" + hex.slice(17, 20) + "-" + hex.slice(20);
  }
  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }
  function page() {
    return { url: location.href.split("#")[0], title: document.title, referrer: list("chat-trail").length > 1 ? "" : document.referrer,
      earlier: list("chat-trail").slice(0, -1) };
  }

  window.openChat = function (options) {
    var base = options.base, bar = options.button, badge = null;
    var panel, words, log, lines, composer, text, fault, linkLine, form, receiptBox, offer, rating;
    var state = null, hasAgreed = false, isShown = false, opening = {};
    var shown = {};                 /* "conversation-number" → its element */
    var waiting = {};               /* the browser's own id → element of a line on its way */
    var outbox = list("chat-outbox"), files = {}, isSending = false, sendTimer = null, tries = 0;
    var cursor = { conversation: 0, number: 0 }, readUpTo = 0, unread = 0, pageTitle = document.title;
    var stream = null, streamTimer = null, pollTimer = null, lastHeard = 0, streamFaults = 0, openedAt = 0;

    function ask(method, path, data) {
      var request = { method: method, credentials: "same-origin", headers: {} };
      if (data instanceof FormData) request.body = data;
      else if (data) { request.body = JSON.stringify(data); request.headers["Content-Type"] = "application/json"; }
      return fetch(base + path, request).then(function (response) {
        if (response.status === 204) return {};
        return response.json().catch(function () { return {}; }).then(function (answer) {
          if (response.ok) return answer;
          var error = new Error(answer.error === undefined ? words.failure : answer.error);
          error.status = response.status;
          error.isFinal = answer.is_final;
          error.fields = answer.fields;
          error.wait = Number(response.headers.get("Retry-After")) || 0;
          throw error;
        });
      });
    }
    function quietly(promise) { promise.catch(function () { return null; }); }

    /* What the visitor sees. */
    function tell(message) { fault.textContent = message || ""; fault.hidden = !message; }
    function showLink(word, isUp) {
      linkLine.textContent = word || "";
      linkLine.hidden = !word;
      panel.querySelector(".chat__state").textContent = isUp ? words.connected : word ? words.broken : "";
    }
    function isAtEnd() { return log.scrollHeight - log.scrollTop - log.clientHeight < 60; }
    function toEnd() { log.scrollTop = log.scrollHeight; }
    function clock(moment) {
      var time = new Date(moment), hour = time.getHours(), minute = time.getMinutes();
      var day = time.toDateString() === new Date().toDateString() ? "" : (time.getMonth() + 1) + "-" + time.getDate() + " ";
      return day + hour + ":" + (minute < 10 ? "0" : "") + minute;
    }
    function draw(line) {
      var item = element("li", "chat__line chat__line--" + line.kind);
      if (line.kind === "staff" && line.name) item.appendChild(element("span", "chat__name-tag", line.name));
      var bubble = item.appendChild(element("span", "chat__bubble"));
      if (line.text) bubble.appendChild(element("span", "chat__words", line.text));
      if (line.file) {
        var link = bubble.appendChild(element("a", "chat__file"));
        link.href = line.file.url;
        link.target = "_blank";
        if (line.file.width) {
          var picture = link.appendChild(element("img"));
          picture.src = line.file.url;
          picture.alt = line.file.name;
          picture.width = Math.min(200, line.file.width);
          picture.height = Math.round(picture.width * line.file.height / line.file.width);
          picture.addEventListener("load", function () { if (isAtEnd()) toEnd(); });
        } else link.textContent = line.file.name;
      }
      if (line.at && line.kind !== "system") item.appendChild(element("time", "chat__time", clock(line.at)));
      if (line.kind === "visitor") item.appendChild(element("span", "chat__mark"));
      return item;
    }
    function mark(item, word, className) {
      var sign = item.querySelector(".chat__mark");
      if (sign.textContent !== word) sign.textContent = word;
      sign.className = "chat__mark" + (className ? " " + className : "");
    }
    function place(line, conversation) {
      var key = conversation + "-" + line.n, item = shown[key], follower = null, other;
      if (item) return item;
      if (line.id && waiting[line.id]) { lines.removeChild(waiting[line.id]); delete waiting[line.id]; }
      item = shown[key] = draw(line);
      item.number = line.n;
      item.conversation = conversation;
      other = lines.lastElementChild;
      while (other && (other.isWaiting || other.conversation > conversation ||
          (other.conversation === conversation && other.number > line.n))) {
        follower = other;
        other = other.previousElementSibling;
      }
      lines.insertBefore(item, follower);
      return item;
    }

    function receive(update, isFirst) {
      if (!update.conversation) return;
      var wasAtEnd = isAtEnd(), isNew = false;
      if (update.conversation < cursor.conversation) return;
      if (update.conversation > cursor.conversation) {
        if (cursor.conversation) {
          var divider = element("li", "chat__line chat__line--system", words.divider);
          divider.conversation = update.conversation;
          divider.number = 0;
          lines.insertBefore(divider, lines.querySelector(".chat__line--waiting"));
        }
        cursor = { conversation: update.conversation, number: 0 };
        readUpTo = 0;
      }
      update.messages.forEach(function (line) {
        isNew = isNew || (!shown[update.conversation + "-" + line.n] && line.kind !== "visitor");
        if (line.id && outbox.some(function (one) { return one.id === line.id; })) delivered(line.id);
        place(line, update.conversation);
        cursor.number = Math.max(cursor.number, line.n);
        if (line.kind === "staff" && !isFirst && (!isShown || document.hidden)) announce();
      });
      state = update;
      show();
      if (wasAtEnd || isFirst) toEnd();
      markRead();
    }
    function show() {
      var isOver = state && state.status === "closed";
      Array.prototype.forEach.call(lines.children, function (item) {
        if (!item.number || item.className.indexOf("--visitor") < 0) return;
        var isRead = item.conversation < cursor.conversation || (state && item.number <= state.staff_read);
        mark(item, isRead ? words.read : words.delivered);
      });
      panel.querySelector(".chat__title").textContent = state && state.agent ? state.agent : options.title;
      panel.querySelector(".chat__opening").hidden = Boolean(state && state.agent && state.status === "active");
    panel.querySelector(".chat__typing").textContent = state && state.staff_types ? words.typing : "";
      clearTimeout(show.timer);
      if (state && state.staff_types) show.timer = setTimeout(function () { state.staff_types = false; show(); }, 6000);
      rating.hidden = !isOver || state.rating !== null;
      panel.classList.toggle("has-agreed", hasAgreed);
      var late = state && state.status === "waiting" && !state.is_answered &&
        (opening.state !== "online" || Date.now() - openedAt > 1000 * (opening.answer_seconds - Math.min(state.waiting_seconds, opening.answer_seconds)));
      offer.hidden = !late || !form.hidden || !receiptBox.hidden;
    }
    function markRead() {
      if (!isShown || document.hidden || !cursor.number || readUpTo >= cursor.number) return;
      readUpTo = cursor.number;
      unread = 0;
      showBadge();
      quietly(ask("POST", "read/", { sequence: cursor.number }));
    }

    /* Sound and badges for an answer that nobody looks at. */
    function isLoud() { try { return localStorage.getItem("chat-sound") !== "off"; } catch (error) { return true; } }
    function showBadge() {
      document.title = unread ? "(" + unread + ") " + words.new + " - " + pageTitle : pageTitle;
      if (!badge) { badge = bar.appendChild(element("span", "contact-bar__badge")); }
      badge.textContent = unread || "";
      badge.setAttribute("aria-label", unread ? unread + " " + words.new : "");
    }
    function announce() {
      unread += 1;
      showBadge();
      if (!isLoud()) return;
      if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return; // browsers refuse it
      try {
        var context = announce.context = announce.context || new (window.AudioContext || window.webkitAudioContext)();
        var tone = context.createOscillator(), volume = context.createGain();
        tone.frequency.value = 880;
        volume.gain.setValueAtTime(0.1, context.currentTime);
        volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.4);
        tone.connect(volume);
        volume.connect(context.destination);
        tone.start();
        tone.stop(context.currentTime + 0.4);
      } catch (error) { return; }
    }

    /* Sending: one line at a time, in order; what did not arrive is tried again under the same id. */
    function keepOutbox() {
      store("chat-outbox", JSON.stringify(outbox.filter(function (one) { return !one.file; })));
    }
    function drawWaiting(one) {
      var item = draw({ kind: "visitor", text: one.text || one.name });
      item.isWaiting = true;
      item.classList.add("chat__line--waiting");
      waiting[one.id] = lines.appendChild(item);
      markWaiting(one);
      toEnd();
    }
    function markWaiting(one) {
      var item = waiting[one.id];
      if (!item) return;
      mark(item, one.error ? words.failed : words.sending, one.error ? "is-failed" : "");
      var tools = item.querySelector(".chat__tools");
      if (tools) item.removeChild(tools);
      if (!one.error) return;
      tools = item.appendChild(element("span", "chat__tools"));
      tools.appendChild(element("span", "chat__reason", one.error));
      [["retry", function () { one.error = ""; markWaiting(one); keepOutbox(); send(); }],
        ["discard", function () { outbox.splice(outbox.indexOf(one), 1); lines.removeChild(item); delete waiting[one.id]; keepOutbox(); send(); }]
      ].forEach(function (tool) {
        var button = tools.appendChild(element("button", "chat__again", words[tool[0]]));
        button.type = "button";
        button.addEventListener("click", tool[1]);
      });
    }
    function delivered(id) {
      outbox = outbox.filter(function (one) { return one.id !== id; });
      delete files[id];
      keepOutbox();
    }
    function post(one) {
      if (!one.file) return ask("POST", "messages/", { id: one.id, text: one.text, page: page() });
      var data = new FormData();
      data.append("id", one.id);
      data.append("page", JSON.stringify(page()));
      data.append("file", files[one.id]);
      return ask("POST", "messages/", data);
    }
    function send() {
      var one = outbox.filter(function (other) { return !other.error; })[0];
      if (isSending || !one || !hasAgreed) return;
      clearTimeout(sendTimer);
      isSending = true;
      post(one).then(function (answer) {
        isSending = false;
        tries = 0;
        tell();
        delivered(one.id);
        var isOther = answer.conversation !== cursor.conversation;
        if (isOther) receive({ conversation: answer.conversation, status: "waiting", staff_read: 0, rating: null, agent: null,
          waiting_seconds: 0, is_answered: false, messages: [] });
        mark(place(answer.message, answer.conversation), words.delivered);
        if (isOther) { openedAt = Date.now(); listen(); }
        show();
        toEnd();
        send();
      }, function (error) {
        isSending = false;
        if (error.status === 404) return forgotten();
        if (error.isFinal || error.status === 413 || error.status === 403) { one.error = error.message; markWaiting(one); keepOutbox(); return send(); }
        tries += 1;
        if (error.status) tell(error.message); else showLink(words.offline);
        if (tries > 8 && !error.wait) { one.error = words.failed; markWaiting(one); keepOutbox(); tries = 0; return; }
        sendTimer = setTimeout(send, error.wait ? error.wait * 1000 : Math.min(15000, 500 * Math.pow(2, tries)) * (0.5 + Math.random()));
      });
    }
    function queue(one) {
      outbox.push(one);
      keepOutbox();
      drawWaiting(one);
      agreed().then(send, function (error) { tell(error.message); });
    }
    /* The visitor of this browser, made with the first line. A retry brings the same token. */
    function agreed() {
      if (hasAgreed) return Promise.resolve();
      if (!composer.elements.agree.checked) return Promise.reject(new Error(words.agree));
      var token = stored("chat-token") || newToken();
      store("chat-token", token);
      return ask("POST", "start/", { token: token, consent: composer.elements.agree.value, name: composer.elements.name.value }).then(function () {
        store("chat-token", "");
        hasAgreed = true;
        show();
      });
    }
    function forgotten() {   /* ended in another tab */
      hasAgreed = false;
      stop();
      store("chat-state", "");
      outbox = [];
      keepOutbox();
      lines.textContent = "";
      shown = {}; waiting = {}; cursor = { conversation: 0, number: 0 }; state = null;
      show();
    }

    /* Hearing: a stream where one can be had, otherwise polls. Whoever was silent too long is asked again. */
    function after() { return cursor.conversation + "-" + cursor.number; }
    function stop() {
      if (stream) stream.close();
      stream = null;
      clearTimeout(streamTimer);
      clearTimeout(pollTimer);
    }
    function heard() { lastHeard = Date.now(); showLink("", true); }
    function listen() {
      stop();
      if (!hasAgreed || !cursor.conversation) return;
      if (!window.EventSource || streamFaults > 2) return poll();
      var own = stream = new EventSource(base + "stream/?after=" + after());
      lastHeard = Date.now();
      streamTimer = setTimeout(broken, 8000);
      own.addEventListener("open", function (event) {
        if (!event.data) return;   /* the browser's own, before the first byte of ours */
        clearTimeout(streamTimer);
        streamFaults = 0;
        heard();
        send();
      });
      own.addEventListener("beat", heard);
      own.addEventListener("update", function (event) { heard(); receive(JSON.parse(event.data)); });
      own.onerror = broken;
      function broken() {
        if (own !== stream) return;
        streamFaults += 1;
        showLink(words.connecting);
        stop();
        poll();
      }
    }
    function poll() {
      clearTimeout(pollTimer);
      ask("GET", "updates/?after=" + after()).then(function (update) {
        heard();
        receive(update);
        send();
        /* One poll tells what a cut stream missed; then a stream is tried again, at a moment of this browser's own. */
        if (window.EventSource && streamFaults <= 2) streamTimer = setTimeout(listen, 300 + Math.random() * 2500);
        else {
          if (streamFaults > 2 && !poll.again) poll.again = setTimeout(function () { poll.again = 0; streamFaults = 2; listen(); }, STREAM_AGAIN);
          pollTimer = setTimeout(poll, document.hidden ? POLL_HIDDEN : POLL);
        }
      }, function (error) {
        if (error.status === 404) return forgotten();
        showLink(words.offline);
        poll.wait = Math.min(15000, (poll.wait || 1000) * 1.7);
        pollTimer = setTimeout(poll, poll.wait * (0.5 + Math.random()));
        return null;
      }).then(function (result) { if (result !== null) poll.wait = 1000; });
    }
    function awake() {
      if (document.hidden) return;
      markRead();
      if (Date.now() - lastHeard > 16000 || !navigator.onLine) listen();
      if (tries) send();
    }

    /* Typing: told at most every two seconds, and that it has ended. */
    function typing() {
      store("chat-draft", text.value);
      text.style.height = "auto";
      text.style.height = Math.min(120, text.scrollHeight + 2) + "px";
      if (!hasAgreed || !cursor.conversation || typing.timer) return;
      typing.timer = setTimeout(function () {
        typing.timer = 0;
        if (typing.told === text.value) return;
        typing.told = text.value;
        quietly(ask("POST", "typing/", { text: text.value.slice(0, 200) }));
      }, 1500);
    }

    /* The message form. */
    function openForm() {
      var unanswered = [];
      Array.prototype.forEach.call(lines.children, function (item) {
        if (item.className.indexOf("--visitor") >= 0 && state && !state.is_answered) unanswered.push(item.querySelector(".chat__bubble").textContent);
      });
      if (text.value.trim()) unanswered.push(text.value.trim());
      if (!form.elements.text.value) form.elements.text.value = unanswered.join("\n");
      if (!form.elements.name.value) form.elements.name.value = composer.elements.name.value;
      form.elements.page_url.value = location.href.split("#")[0];
      form.elements.page_title.value = document.title.slice(0, 200);
      form.elements.client_id.value = form.elements.client_id.value || newId();
      view(form);
      form.elements.name.focus();
    }
    function view(part) {
      form.hidden = part !== form;
      receiptBox.hidden = part !== receiptBox;
      composer.hidden = part !== composer;
      log.hidden = part === form;
      show();
    }
    function submitForm(event) {
      event.preventDefault();
      var data = {}, button = form.querySelector("[type=submit]");
      Array.prototype.forEach.call(form.elements, function (field) {
        if (field.name && (field.type !== "checkbox" || field.checked)) data[field.name] = field.value;
      });
      button.disabled = true;
      showFaults({});
      ask("POST", "enquiry/", data).then(function (answer) {
        button.disabled = false;
        part(".chat__number").textContent = answer.receipt;
        part("[data-chat-copy]").setAttribute("data-copy", answer.receipt);
        form.elements.text.value = form.elements.client_id.value = text.value = "";
        store("chat-draft", "");
        tell();
        view(receiptBox);
        receiptBox.focus();
      }, function (error) {
        button.disabled = false;
        tell(error.message);
        showFaults(error.fields || {});
      });
    }
    function showFaults(fields) {
      var first = null;
      Array.prototype.forEach.call(form.querySelectorAll("[data-fault]"), function (place) {
        var name = place.getAttribute("data-fault"), field = form.elements[name];
        place.textContent = fields[name] || "";
        field.setAttribute("aria-invalid", String(Boolean(fields[name])));
        if (fields[name] && !first) first = field;
      });
      if (first) first.focus();
    }

    /* The panel itself. */
    /* On a phone it covers the page, and is a step of the history: Back puts it away and leaves the page. */
    function isStep() { return Boolean(history.state && history.state.chat); }
    function covers() { return window.innerWidth < 768; }
    function toggle(isOpen) {
      if (isOpen && covers() && !isStep()) history.pushState({ chat: true }, "");
      else if (isShown && !isOpen && isStep()) history.back();
      isShown = isOpen;
      panel.hidden = !isOpen;
      bar.setAttribute("aria-expanded", String(isOpen));
      document.documentElement.classList.toggle("has-chat", isOpen);
      store("chat-state", hasAgreed || isOpen ? (isOpen ? "open" : "small") : "");
      if (isOpen) { fit(); toEnd(); markRead(); } else bar.focus();
    }
    /* A phone's keyboard covers the page, but not what fits into the visible part of it. */
    function fit() {
      var seen = window.visualViewport;
      if (!seen || !isShown) return;
      panel.style.height = covers() ? seen.height + "px" : "";
      panel.style.top = covers() ? seen.offsetTop + "px" : "";
    }
    function part(selector) { return panel.querySelector(selector); }
    function onKey(event) {
      if (event.key === "Escape") {
        event.stopPropagation();
        if (!part("#chat-menu").hidden) menu(false); else toggle(false);
      }
      if (event.key !== "Tab" || !covers()) return;
      var stops = Array.prototype.filter.call(panel.querySelectorAll("a[href], button, input, select, textarea, [tabindex='0']"), function (stop) {
        return !stop.disabled && stop.offsetParent !== null && stop.tabIndex >= 0;
      });
      var at = stops.indexOf(document.activeElement);
      if (event.shiftKey ? at <= 0 : at === stops.length - 1) { event.preventDefault(); stops[event.shiftKey ? stops.length - 1 : 0].focus(); }
    }
    function menu(isOpen) {
      part("#chat-menu").hidden = !isOpen;
      part("[data-chat-menu]").setAttribute("aria-expanded", String(isOpen));
    }
    function build(answer) {
      var holder = element("div");
      holder.innerHTML = answer.html;   /* our own template's */
      panel = document.body.appendChild(holder.firstElementChild);
      words = JSON.parse(part("#chat-words").textContent);
      log = part(".chat__log"); lines = part(".chat__lines"); composer = part(".chat__composer"); text = part("#chat-text");
      fault = part(".chat__fault"); linkLine = part(".chat__link"); form = part(".chat__form"); receiptBox = part(".chat__receipt");
      offer = part(".chat__offer"); rating = part(".chat__rating");
      options.title = part(".chat__title").textContent;
      if (covers()) panel.setAttribute("aria-modal", "true");
      options.copyButton(part("[data-chat-copy]"));

      function sounds() { part("[data-chat-sound]").textContent = isLoud() ? words.sound_on : words.sound_off; }
      sounds();
      part("[data-chat-sound]").addEventListener("click", function () {
        try { localStorage.setItem("chat-sound", isLoud() ? "off" : "on"); } catch (error) { return; }
        sounds();
      });
      part("[data-chat-close]").addEventListener("click", function () { toggle(false); });
      part("[data-chat-menu]").addEventListener("click", function () { menu(part("#chat-menu").hidden); });
      part("#chat-menu").addEventListener("click", function (event) { if (!event.target.hasAttribute("data-chat-sound")) menu(false); });
      part("[data-chat-end]").addEventListener("click", function () {
        if (!window.confirm(words.confirm)) return;
        ask("POST", "end/", { forget: true }).then(function () { store("chat-draft", ""); text.value = ""; forgotten(); toggle(false); store("chat-state", ""); },
          function (error) { tell(error.message); });
      });
      Array.prototype.forEach.call(panel.querySelectorAll("[data-chat-form]"), function (button) { button.addEventListener("click", openForm); });
      Array.prototype.forEach.call(panel.querySelectorAll("[data-chat-back]"), function (button) {
        button.addEventListener("click", function () { view(composer); toEnd(); text.focus(); });
      });
      form.addEventListener("submit", submitForm);
      rating.addEventListener("submit", function (event) {
        event.preventDefault();
        var stars = rating.querySelector("[name=stars]:checked");
        if (stars) ask("POST", "rating/", { stars: stars.value, comment: rating.elements.comment.value }).then(function () {
          state.rating = Number(stars.value);
          rating.reset();
          show();
          tell(words.thanks);
          text.focus();
        }, function (error) { tell(error.message); });
      });
      composer.addEventListener("submit", function (event) {
        event.preventDefault();
        var said = text.value.trim();
        if (!said) return text.focus();
        if (!hasAgreed && !composer.elements.agree.checked) { tell(words.agree); return composer.elements.agree.focus(); }
        tell();
        text.value = "";
        typing.told = "";
        typing();
        queue({ id: newId(), text: said });
        text.focus();
      });
      text.addEventListener("input", typing);
      text.addEventListener("keydown", function (event) {
        /* While an input method is at work Enter chooses a word. */
        if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
        event.preventDefault();
        part(".chat__send").click();
      });
      function attach(chosen) {
        if (!hasAgreed && !composer.elements.agree.checked) { tell(words.agree); return composer.elements.agree.focus(); }
        Array.prototype.forEach.call(chosen, function (file) {
          var one = { id: newId(), name: file.name || words.file, file: true };
          files[one.id] = file;
          queue(one);
        });
      }
      part("[type=file]").addEventListener("change", function (event) { attach(event.target.files); event.target.value = ""; });
      text.addEventListener("paste", function (event) {
        if (event.clipboardData && event.clipboardData.files.length) { event.preventDefault(); attach(event.clipboardData.files); }
      });
      panel.addEventListener("dragover", function (event) { event.preventDefault(); });
      panel.addEventListener("drop", function (event) {
        event.preventDefault();
        if (event.dataTransfer.files.length) attach(event.dataTransfer.files);
      });
      panel.addEventListener("keydown", onKey);
      document.addEventListener("visibilitychange", awake);
      window.addEventListener("online", function () { listen(); send(); });
      window.addEventListener("offline", function () { showLink(words.offline); });
      window.addEventListener("focus", awake);
      window.addEventListener("pageshow", function (event) { if (event.persisted) listen(); });
      window.addEventListener("pagehide", stop);
      window.addEventListener("popstate", function () {
        if (isShown ? covers() && !isStep() : isStep()) toggle(!isShown);
      });
      if (window.visualViewport) {
        window.visualViewport.addEventListener("resize", fit);
        window.visualViewport.addEventListener("scroll", fit);
      }
      setInterval(function () {
        if (stream && Date.now() - lastHeard > SILENCE) listen();
        show();
      }, 5000);

      opening = answer;
      hasAgreed = answer.has_agreed;
      text.value = stored("chat-draft");
      openedAt = Date.now();
      if (answer.thread) receive(answer.thread, true);
      outbox.forEach(drawWaiting);
      view(composer);
      if (answer.state === "closed" && !(answer.thread && answer.thread.status === "active")) openForm();
      toggle(!options.isQuiet);
      if (!options.isQuiet && form.hidden) (hasAgreed ? text : composer.elements.agree).focus();
      if (hasAgreed) {
        quietly(ask("POST", "page/", page()));
        listen();
        send();
      }
      bar.addEventListener("click", function (event) {
        event.preventDefault();
        toggle(!isShown);
        if (isShown && form.hidden) text.focus();
      });
    }
    words = { failure: "" };
    return ask("GET", "", null).then(build);
  };
})();
