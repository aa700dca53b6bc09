/* The CSRF token that a POST of staff needs. The cookie is valid even after a new login in another tab; the token in the
   page is older. */

/** From the cookie, or else from the field of the page; "" where neither is. */
export function csrfToken() {
  const cookie = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  return cookie ? cookie[1] : (document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "");
}
