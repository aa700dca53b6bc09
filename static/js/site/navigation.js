/* The menu and the floating contact bar: their panels, and Escape, which closes what is open. */

/** The menu: a list behind a button on phones, entries under each section elsewhere. */
export function startMenu(menu) {
  const opener = document.getElementById("menu-switch");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const item = menu.contains(document.activeElement) && document.activeElement.closest(".site-nav__item");
    if (opener.checked) {
      opener.checked = false;
      opener.focus();
    } else if (item) {
      item.querySelector(".site-nav__link").focus();
    }
    menu.querySelectorAll(".site-nav__item").forEach(dismiss);
  });
}

/* The link to the top is hidden where the page is at its top already. Without scripts it is always shown. */
function hideAtTop(bar) {
  const update = () => bar.classList.toggle("is-at-top", window.scrollY < 200);
  window.addEventListener("scroll", update, { passive: true });
  update();
}

/** The floating bar. Its panel opens without a new entry in the history. */
export function startContactBar(bar) {
  const opener = bar.querySelector("[data-panel]");
  hideAtTop(bar);
  const panel = opener && opener.parentNode.querySelector(".contact-bar__panel");

  function togglePanel(isOpen) {
    panel.classList.toggle("is-open", isOpen);
    opener.setAttribute("aria-expanded", String(isOpen));
  }

  if (panel) {
    togglePanel(false);
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      togglePanel(!panel.classList.contains("is-open"));
    });
    panel.querySelector(".contact-bar__close").addEventListener("click", (event) => {
      event.preventDefault();
      togglePanel(false);
      opener.focus();
    });
    document.addEventListener("click", (event) => {
      if (!opener.parentNode.contains(event.target)) togglePanel(false);
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (panel && panel.classList.contains("is-open")) {
      togglePanel(false);
      opener.focus();
    }
    bar.querySelectorAll(".contact-bar__item").forEach(dismiss);
  });
  /* How often each channel is used: the channel's primary key and nothing else. */
  document.addEventListener("click", (event) => {
    const used = event.target.closest("[data-click]");
    if (!used || !navigator.sendBeacon) return;
    navigator.sendBeacon(bar.dataset.clicks, new URLSearchParams({ channel: used.dataset.click }));
  });
}

/* Hides what hovering or focus has opened, until the pointer or the focus has left it. */
function dismiss(item) {
  function allowAgain(event) {
    if (event.type === "focusout" && item.contains(event.relatedTarget)) return;
    item.classList.remove("is-dismissed");
    item.removeEventListener("mouseleave", allowAgain);
    item.removeEventListener("focusout", allowAgain);
  }
  item.classList.add("is-dismissed");
  item.addEventListener("mouseleave", allowAgain);
  item.addEventListener("focusout", allowAgain);
}
