const TICKET = /^[A-Za-z0-9._-]{1,300}$/;
const LONGEST = 2000;

/**
 * What an activation link says.
 * @typedef {object} Activation
 * @property {string} base the address of the server that made it
 * @property {string} ticket
 */

/**
 * Reads an activation link, `{base}/authenticator/#activate={ticket}`; undefined where the text is none.
 * @param {string} text
 * @returns {Activation | undefined}
 */
export function readLink(text) {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST || !URL.canParse(trimmed)) return undefined;
  const { protocol, origin, pathname, hash, username, password } = new URL(trimmed);
  const [, path] = /^(.*)\/authenticator\/?$/.exec(pathname) ?? [];
  const [, ticket] = /^#activate=(.*)$/.exec(hash) ?? [];
  if (!/^https?:$/.test(protocol) || path === undefined || ticket === undefined || !TICKET.test(ticket) || username || password) return undefined;
  return { base: origin + path, ticket };
}
