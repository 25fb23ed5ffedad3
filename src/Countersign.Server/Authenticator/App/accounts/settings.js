/**
 * What the person and the app have settled on this device.
 * @typedef {object} Values
 * @property {import('../language/words.js').Language} language the chosen one; undefined: the browser's
 * @property {number} clockOffset the server's clock less the device's, in milliseconds
 * @property {import('../unlock/assertion.js').UnlockPasskey} unlock
 * @property {boolean} notificationsDeclined "not now" was said to the offer
 */

/** The settings, read once and kept in the database. */
export class Settings {
  #database;
  /** @type {Partial<Values>} */
  #values = {};

  /** @param {import('./database.js').Database} database */
  constructor(database) {
    this.#database = database;
  }

  async load() {
    this.#values = Object.fromEntries((await this.#database.all('settings')).map(({ name, value }) => [name, value]));
  }

  /**
   * @template {keyof Values} N
   * @param {N} name
   * @returns {Values[N] | undefined}
   */
  get(name) {
    return this.#values[name];
  }

  /**
   * @template {keyof Values} N
   * @param {N} name
   * @param {Values[N] | undefined} value undefined: as if it had never been set
   */
  async set(name, value) {
    this.#values[name] = value;
    await (value === undefined ? this.#database.delete('settings', name) : this.#database.put('settings', { name, value }));
  }
}
