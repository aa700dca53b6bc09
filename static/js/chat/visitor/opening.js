/* Whether somebody answers now: said by the server when the panel was loaded, and asked again while the visitor waits. */

const OLD = 20000; // milliseconds

export class Opening {
  /** `answer`: what the server sent with the panel. onChange() is called after a new answer. */
  constructor(answer, ask, onChange) {
    this._askedAt = Date.now();
    this._ask = ask;
    this._onChange = onChange;
    this.ahead = answer.now - Date.now(); // milliseconds of the server's clock before this device's
    this._take(answer);
  }

  async refresh() {
    this._askedAt = Date.now();
    try {
      this._take(await this._ask("GET", "opening/"));
    } catch (_error) {
      return; // it is asked again
    }
    this._onChange();
  }

  refreshIfOld() {
    if (Date.now() - this._askedAt > OLD) this.refresh();
  }

  /* `state`, and in words `label` and `apology`. */
  _take({ state, label, apology }) {
    Object.assign(this, { state, label, apology });
  }
}
