/* Requests to the server in JSON, their errors, and the wait before a retry. */

/** A request that failed or was refused. `status` is 0 where no answer came, `wait` is Retry-After in seconds, `answer` the JSON. */
export class RequestError extends Error {
  constructor(message, details = {}) {
    super(message);
    Object.assign(this, { status: 0, wait: 0, isFinal: false, answer: {}, fields: {} }, details);
  }
}

/**
 * Makes ask(method, path, data), which resolves to the answer's JSON and rejects with a RequestError.
 *
 * `texts` holds what the error says where the server says nothing itself: `failure`, and `unreachable`.
 */
export function requester(base, texts, headers = () => ({})) {
  return async function ask(method, path, data) {
    const request = { method, credentials: "same-origin", headers: headers() };
    if (data instanceof FormData) request.body = data;
    else if (data) {
      request.body = JSON.stringify(data);
      request.headers["Content-Type"] = "application/json";
    }
    let response;
    try {
      response = await fetch(base + path, request);
    } catch (_error) {
      throw new RequestError(texts.unreachable);
    }
    if (response.status === 204) return {};
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    throw new RequestError(answer.error || texts.failure, {
      status: response.status,
      wait: Number(response.headers.get("Retry-After")) || 0,
      isFinal: Boolean(answer.is_final),
      answer,
      isLoggedOut: response.status === 403 && Boolean(answer.is_logged_out || !answer.error),
      fields: answer.fields || {},
    });
  };
}

/** Milliseconds before the next try: doubled with each, at most `most`, with jitter so that browsers do not come at once. */
export function backOff(tries, most) {
  return Math.min(most, 500 * 2 ** tries) * (0.5 + Math.random());
}
