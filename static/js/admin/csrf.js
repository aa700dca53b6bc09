/* The token that a POST of staff needs. The cookie is right even after a new login in another tab; the one in the page
   is older. */

/** From the cookie, or else from the field of the page; "" where neither is. */
export function csrfToken() {
  const cookie = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  return cookie ? cookie[1] : (document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "");
}
