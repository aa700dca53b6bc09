/* Whether the open chat covers the page: on a phone, however it is held, and under a zoom of 400 %. As in css/chat.css. */

const NARROW_OR_LOW = "(max-width: 767px), (max-height: 479px)";

export function coversPage() {
  return window.matchMedia(NARROW_OR_LOW).matches;
}
