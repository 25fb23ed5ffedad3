import { sha256, toBase64url, utf8 } from '../protocol/bytes.js';
import { makeKey, publicHalf } from '../protocol/statement.js';
import { importTotp } from './totp.js';

/** As many as one stream of events may be for. */
export const MOST_ACCOUNTS = 20;
/** A ticket ends after 10 minutes. */
const TICKET_LIFE = 15 * 60_000;

/**
 * One account: a device of one user.
 * @typedef {object} Account
 * @property {string} user
 * @property {string} factor
 * @property {string} organization
 * @property {string} login
 * @property {string} name the device's
 * @property {string} version of the system, as the server knows it
 * @property {CryptoKey} key
 * @property {import('./totp.js').TotpKey} [totp]
 * @property {string} [webPush] the key to subscribe with
 * @property {boolean} [subscribed]
 * @property {number} added Unix milliseconds
 * @property {'gone' | 'refused'} [trouble] the server knows the device no more, or not by this key
 */

/** The accounts on this device. */
export class Accounts {
  #database;
  /** @type {Account[]} */
  #accounts = [];

  /** @param {import('./database.js').Database} database */
  constructor(database) {
    this.#database = database;
  }

  /** Reads them. */
  async load() {
    this.#accounts = (await this.#database.all('accounts')).sort((left, right) => left.added - right.added);
  }

  /** All of them, oldest first. */
  get all() {
    return this.#accounts;
  }

  /** Those that the server is expected to know. */
  get watched() {
    return this.#accounts.filter(account => account.trouble !== 'gone').slice(0, MOST_ACCOUNTS);
  }

  /** @param {string} factor */
  find(factor) {
    return this.#accounts.find(account => account.factor === factor);
  }

  /**
   * Binds this device by a ticket. A registration whose answer was lost is sent again with the same key.
   * @param {import('../protocol/api.js').Api} api
   * @param {string} ticket
   * @param {string} name
   * @param {{ deviceType: string, platform: string, version: string }} description what the device says of itself
   * @returns {Promise<Account>}
   */
  async register(api, ticket, name, { deviceType, platform, version }) {
    const { id, keys } = await this.#registration(ticket);
    const registration = { ticket, name, deviceType, platform, version };
    const registered = await api.register(registration, await publicHalf(keys.publicKey), keys.privateKey);
    const { user, factor, organization, login, totp, webPush } = registered;
    /** @type {Account} */
    const account = {
      user, factor, organization, login, name: registered.name, version, key: keys.privateKey,
      totp: totp && await importTotp(totp), webPush: webPush?.publicKey, added: Date.now(),
    };
    await this.#database.put('accounts', account);
    await this.#database.delete('registrations', id);
    await this.load();
    return account;
  }

  /**
   * Keeps what was learnt of an account.
   * @param {Account} account
   * @param {Partial<Account>} change
   */
  async change(account, change) {
    const known = this.find(account.factor);
    if (!known || Object.entries(change).every(([member, value]) => known[/** @type {keyof Account} */ (member)] === value)) return;
    Object.assign(known, change);
    await this.#database.put('accounts', known);
  }

  /**
   * Forgets an account; its key is gone for good.
   * @param {Account} account
   */
  async forget(account) {
    await this.#database.delete('accounts', account.factor);
    this.#accounts = this.#accounts.filter(known => known.factor !== account.factor);
  }

  /** @param {string} ticket */
  async #registration(ticket) {
    const id = toBase64url(await sha256(utf8(ticket)));
    for (const { ticket: old, at } of await this.#database.all('registrations')) {
      if (Date.now() - at > TICKET_LIFE) await this.#database.delete('registrations', old);
    }
    const known = await this.#database.get('registrations', id);
    if (known) return { id, keys: known.keys };
    const keys = await makeKey();
    await this.#database.put('registrations', { ticket: id, keys, at: Date.now() });
    return { id, keys };
  }
}
