import { Accounts } from './accounts/accounts.js';
import { Database } from './accounts/database.js';
import { Settings } from './accounts/settings.js';
import { describeDevice } from './device/description.js';
import { canSubscribe, subscribe, unsubscribe } from './device/subscription.js';
import { chooseLanguage, Words } from './language/words.js';
import { Api, Refusal, Unreachable } from './protocol/api.js';
import { Clock } from './protocol/clock.js';
import { Watch } from './protocol/watch.js';
import { Unlock } from './unlock/unlock.js';

/** @typedef {import('./accounts/accounts.js').Account} Account */
/** @typedef {import('./protocol/api.js').PushRequest} PushRequest */
/** @typedef {import('./protocol/statement.js').Decision} Decision */
/** @typedef {{ account: Account, request: PushRequest }} Waiting */
/** @typedef {'approved' | 'denied' | 'reported' | 'wrongNumber' | 'late' | 'answered' | 'refused'} Outcome */
/** @typedef {'unsupported' | 'off' | 'blocked' | 'on'} NotificationState */

/** Where the server that this page came from is: everything before `/authenticator/`. */
const BASE = new URL('..', import.meta.url).href.replace(/\/$/, '');
const SERVICE_WORKER = new URL('./service-worker.js', import.meta.url);

/** The app without its screens: accounts, what waits for them, and what can be done with both. Tells of each change by the event `change`. */
export class Authenticator extends EventTarget {
  /** @type {Map<string, PushRequest[]>} what waits, by factor */
  #waiting = new Map();
  /** @type {Set<string>} transactions that were answered here and are not shown again */
  #answered = new Set();
  /** @type {Set<string>} factors whose subscription was told since the start */
  #renewed = new Set();
  /** @type {ServiceWorkerRegistration | undefined} */
  #registration;
  #watch;

  /** @type {import('./protocol/watch.js').Connection} */
  connection = 'connecting';

  /**
   * @param {Settings} settings
   * @param {Accounts} accounts
   * @param {Words} words
   * @param {import('./device/description.js').Description} device
   */
  constructor(settings, accounts, words, device) {
    super();
    this.settings = settings;
    this.accounts = accounts;
    this.words = words;
    this.device = device;
    this.base = BASE;
    this.clock = new Clock(settings.get('clockOffset'), offset => void settings.set('clockOffset', offset));
    this.api = new Api(BASE, this.clock);
    this.unlock = new Unlock(settings);
    this.#watch = new Watch(this.api, () => accounts.watched, {
      waiting: (account, waiting) => void this.#told(account, waiting),
      gone: account => void this.#trouble(account, 'gone'),
      refused: account => void this.#trouble(account, 'refused'),
      connection: state => this.#connected(state),
    });
  }

  static async open() {
    const database = await Database.open();
    const [settings, accounts] = [new Settings(database), new Accounts(database)];
    await Promise.all([settings.load(), accounts.load()]);
    const words = await Words.load(settings.get('language') ?? chooseLanguage(navigator.languages));
    return new Authenticator(settings, accounts, words, await describeDevice(navigator));
  }

  /** Watches from now on, and lets the service worker keep the app for offline use. */
  start() {
    void this.#watch.run();
    addEventListener('online', () => {
      this.#watch.again();
      this.#changed();
    });
    addEventListener('offline', () => this.#changed());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.#watch.check();
    });
    void this.#register();
  }

  get say() {
    return this.words.say;
  }

  get isOffline() {
    return !navigator.onLine;
  }

  /** Everything that waits, oldest first. */
  get waiting() {
    const now = this.clock.now();
    return this.accounts.watched
      .flatMap(account => (this.#waiting.get(account.factor) ?? []).map(request => ({ account, request })))
      .filter(({ request }) => !this.#answered.has(request.transactionId) && Date.parse(request.expiresAt) > now)
      .sort((left, right) => Date.parse(left.request.createdAt) - Date.parse(right.request.createdAt));
  }

  /**
   * Whether the server has said since the start what waits for an account.
   * @param {Account} account
   */
  isTold({ factor }) {
    return this.#waiting.has(factor);
  }

  /**
   * @param {string} transactionId
   * @returns {Waiting | undefined}
   */
  find(transactionId) {
    return this.waiting.find(({ request }) => request.transactionId === transactionId);
  }

  /**
   * Binds this device to the account of a ticket.
   * @param {string} ticket
   * @param {string} name
   */
  async register(ticket, name) {
    const account = await this.accounts.register(this.api, ticket, name, this.device);
    void navigator.storage?.persist?.().catch(() => false);
    if (this.notifications === 'on') await this.#subscribe().catch(this.#later);
    this.#watch.again();
    this.#changed();
    return account;
  }

  /**
   * Answers a request; throws `Unreachable` when the answer may not have arrived.
   * @param {Waiting} waiting
   * @param {Decision} decision
   * @param {string} number two digits, or empty
   * @returns {Promise<Outcome>}
   */
  async answer({ account, request }, decision, number) {
    const outcome = await this.api.answer(account, request, decision, number).then(
      () => /** @type {Outcome} */ ({ approve: 'approved', deny: 'denied', report: 'reported' }[decision]),
      error => this.#refusal(error, request));
    this.#answered.add(request.transactionId);
    for (const notification of await this.#registration?.getNotifications({ tag: request.transactionId }) ?? []) notification.close();
    this.#changed();
    return outcome;
  }

  /**
   * @param {Account} account
   * @param {string} name
   */
  async rename(account, name) {
    const state = await this.#orTrouble(account, this.api.change(account, { name }));
    await this.accounts.change(account, { name: state?.name ?? name });
    this.#changed();
  }

  /**
   * Removes an account, at the server too; throws `Unreachable` where that did not answer, and then nothing is removed.
   * @param {Account} account
   */
  async remove(account) {
    if (account.trouble === undefined) {
      await this.api.remove(account).catch(error => {
        // Already gone, or not ours any more: it is removed here all the same.
        if (!(error instanceof Refusal)) throw error;
      });
    }
    await this.forget(account);
  }

  /**
   * Removes an account from this device alone.
   * @param {Account} account
   */
  async forget(account) {
    await this.accounts.forget(account);
    this.#waiting.delete(account.factor);
    this.#watch.again();
    this.#changed();
  }

  /**
   * @param {import('./language/words.js').Language | undefined} language undefined: the browser's
   */
  async speak(language) {
    this.words = await Words.load(language ?? chooseLanguage(navigator.languages));
    await this.settings.set('language', language);
    this.dispatchEvent(new Event('language'));
  }

  /** @returns {NotificationState | undefined} undefined: no account is told of by Web Push */
  get notifications() {
    if (!this.accounts.watched.some(account => account.webPush)) return undefined;
    if (!canSubscribe(this.#registration)) return 'unsupported';
    if (Notification.permission === 'denied') return 'blocked';
    return Notification.permission === 'granted' && this.accounts.watched.some(account => account.subscribed) ? 'on' : 'off';
  }

  /** Asks the person's permission and subscribes; throws where the browser or the server would not. */
  async turnNotificationsOn() {
    if (await Notification.requestPermission() === 'granted') await this.#subscribe();
    this.#changed();
  }

  async turnNotificationsOff() {
    if (this.#registration) await unsubscribe(this.#registration, this.api, this.accounts).finally(() => this.#changed());
  }

  async declineNotifications() {
    await this.settings.set('notificationsDeclined', true);
    this.#changed();
  }

  async #subscribe() {
    if (this.#registration) await subscribe(this.#registration, this.api, this.accounts);
  }

  /**
   * @param {Account} account
   * @param {import('./protocol/api.js').Waiting} waiting
   */
  async #told(account, { device, requests }) {
    this.#waiting.set(account.factor, requests);
    this.#changed();
    const { organization, login, name, webPush, subscribed } = device;
    const wasSubscribed = account.subscribed;
    await this.accounts.change(account, { organization, login, name, webPush: webPush?.publicKey, subscribed: subscribed ?? false, trouble: undefined });
    // The server lost the subscription, or the browser renewed it: tell it once more.
    if (wasSubscribed && !subscribed && !this.#renewed.has(account.factor) && canSubscribe(this.#registration) && Notification.permission === 'granted') {
      this.#renewed.add(account.factor);
      await this.#subscribe().catch(this.#later);
    }
    const { version } = this.device;
    if (version !== account.version) {
      await this.accounts.change(account, { version });
      await this.api.change(account, { version }).catch(this.#later);
    }
    this.#changed();
  }

  /**
   * @param {Account} account
   * @param {'gone' | 'refused'} trouble
   */
  async #trouble(account, trouble) {
    this.#waiting.delete(account.factor);
    await this.accounts.change(account, { trouble });
    if (trouble === 'gone') this.#watch.again();
    this.#changed();
  }

  /**
   * @template T
   * @param {Account} account
   * @param {Promise<T>} call
   */
  async #orTrouble(account, call) {
    try {
      return await call;
    } catch (error) {
      if (error instanceof Refusal && (error.status === 404 || error.status === 401)) await this.#trouble(account, error.status === 404 ? 'gone' : 'refused');
      throw error;
    }
  }

  /**
   * @param {unknown} error
   * @param {PushRequest} request
   * @returns {Outcome}
   */
  #refusal(error, request) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === 'E0000068') return 'wrongNumber';
    if (error.code === 'E0000107') return this.clock.now() >= Date.parse(request.expiresAt) ? 'late' : 'answered';
    return error.status === 404 ? 'answered' : 'refused';
  }

  /** What can be done again at another time is no reason to fail now. @param {unknown} error */
  #later(error) {
    if (!(error instanceof Refusal || error instanceof Unreachable || error instanceof DOMException)) throw error;
  }

  /** @param {import('./protocol/watch.js').Connection} state */
  #connected(state) {
    if (this.connection === state) return;
    this.connection = state;
    this.#changed();
  }

  async #register() {
    if (!('serviceWorker' in navigator)) return;
    const { serviceWorker } = navigator;
    let renew = serviceWorker.controller !== null;
    serviceWorker.addEventListener('controllerchange', () => {
      // A newer app has taken over. It is shown the next time that nobody looks.
      if (renew) document.addEventListener('visibilitychange', () => location.reload(), { once: true });
      renew = true;
    });
    serviceWorker.addEventListener('message', ({ data }) => {
      if (data?.type === 'look') void this.#watch.ask().catch(this.#later);
      if (data?.type === 'open') location.hash = new URL(data.address).hash;
    });
    try {
      // A browser that knows no modules there goes without offline use and notifications.
      this.#registration = await serviceWorker.register(SERVICE_WORKER, { type: 'module', updateViaCache: 'none' });
    } catch (error) {
      console.warn('The service worker was not registered.', error);
    }
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
