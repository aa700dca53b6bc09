/* The sender's own ids. */

/** A random UUID: a line or a form that is sent again under the same id is stored once. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID(); // https only
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
