import { account } from './account.js';
import { activation, add } from './add.js';
import { h, icon } from './dom.js';
import { home } from './home.js';
import { request } from './request.js';
import { settings } from './settings.js';
import { Unreachable } from '../protocol/api.js';
import { readLink } from '../protocol/link.js';

/**
 * What is on the screen.
 * @typedef {object} Screen
 * @property {string} title
 * @property {Node[]} content its first heading gets the focus
 * @property {() => void} [update] after each change, and each second
 * @property {() => void} [leave]
 */

/** @type {[RegExp, (frame: Frame, argument: string) => Screen][]} */
const ROUTES = [
  [/^#\/add$/, add],
  [/^#\/request\/(.+)$/, request],
  [/^#\/account\/(.+)$/, account],
  [/^#\/settings$/, settings],
  [/^/, home],
];

/** What surrounds the screens, and leads from one to the next by the address. */
export class Frame {
  /** @type {Screen | undefined} */
  #screen;
  /** @type {Set<string>} transactions that were announced */
  #announced = new Set();
  #bar = part('bar');
  #connection = part('connection');
  #main = part('screen');
  #announcement = part('announcement');

  /** @param {import('../authenticator.js').Authenticator} app */
  constructor(app) {
    this.app = app;
    /** @type {(Event & { prompt(): Promise<void> }) | undefined} the browser's offer to install the app */
    this.installation = undefined;
  }

  get say() {
    return this.app.say;
  }

  async start() {
    addEventListener('hashchange', () => this.#route());
    addEventListener('beforeinstallprompt', event => {
      event.preventDefault();
      this.installation = /** @type {any} */ (event);
      this.#update();
    });
    this.app.addEventListener('change', () => this.#update());
    this.app.addEventListener('language', () => this.#route());
    setInterval(() => this.#update(), 1000);
    this.app.start();
    this.#route();
  }

  /**
   * Puts a screen in the place of the one that is there.
   * @param {Screen} screen
   */
  show(screen) {
    this.#screen?.leave?.();
    this.#screen = screen;
    this.#main.replaceChildren(...screen.content);
    scrollTo(0, 0);
    const heading = this.#main.querySelector('h1');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus({ preventScroll: true });
    this.#update();
  }

  /**
   * Lets it be read out.
   * @param {string} text
   */
  announce(text) {
    this.#announcement.textContent = text;
  }

  /**
   * What a person is told when something failed that they asked for.
   * @param {unknown} error
   */
  explain(error) {
    console.warn(error);
    return this.say(error instanceof Unreachable ? 'problem.unreachable' : 'problem.refused');
  }

  #route() {
    document.documentElement.lang = this.app.words.language;
    const link = readLink(location.href);
    if (location.hash.startsWith('#activate=')) {
      // The ticket is nobody's business: not the history's, nor of who looks at the address.
      history.replaceState(null, '', '#/add');
      this.#bar.replaceChildren(...this.#barParts(true));
      this.show(link ? activation(this, link) : add(this, '', this.say('add.notLink')));
      return;
    }
    for (const [pattern, make] of ROUTES) {
      const found = pattern.exec(location.hash);
      if (!found) continue;
      this.#bar.replaceChildren(...this.#barParts(make !== home));
      this.show(make(this, decodeURIComponent(found[1] ?? '')));
      return;
    }
  }

  /** @param {boolean} inside whether there is a way back */
  #barParts(inside) {
    const { say } = this;
    return [
      inside ? h('a', { class: 'round', href: '#/', 'aria-label': say('bar.back') }, icon('back')) : h('span', { class: 'mark' }, icon('shield')),
      h('span', { class: 'name', translate: 'no' }, 'Countersign Authenticator'),
      h('a', { class: 'round', href: '#/settings', 'aria-label': say('settings.title') }, icon('settings')),
    ];
  }

  #update() {
    const { app, say } = this;
    const offline = app.isOffline ? 'offline.device' : app.connection === 'unreachable' ? 'offline.server' : undefined;
    const text = offline ? say(offline) : '';
    if (this.#connection.textContent !== text) this.#connection.textContent = text;
    this.#connection.hidden = !offline;
    this.#screen?.update?.();
    const { waiting } = app;
    const fresh = waiting.filter(({ request: { transactionId } }) => !this.#announced.has(transactionId));
    for (const { account: { organization }, request: { transactionId, application } } of fresh) {
      this.#announced.add(transactionId);
      this.announce(say('home.new', { application: application ?? organization }));
    }
    const title = `${this.#screen?.title ?? ''} · Countersign Authenticator`;
    document.title = waiting.length > 0 ? `(${waiting.length}) ${title}` : title;
  }
}

/** @param {string} id */
const part = id => /** @type {HTMLElement} */ (document.getElementById(id));
