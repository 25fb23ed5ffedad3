import { codeOf } from './code.js';
import { arrange, foreign, h, icon } from './dom.js';
import { notificationOffer } from './notifications.js';
import { timeLeft } from './time.js';

/** @typedef {import('../accounts/accounts.js').Account} Account */
/** @typedef {import('../authenticator.js').Waiting} Waiting */

/**
 * What waits, and the accounts with their codes.
 * @param {import('./frame.js').Frame} frame
 * @returns {import('./frame.js').Screen}
 */
export function home(frame) {
  const { app, say } = frame;
  /** @type {Map<string, () => void>} */
  const updates = new Map();

  const requests = h('ul', { class: 'cards' });
  const waiting = h('section', { 'aria-labelledby': 'waiting' }, h('h2', { id: 'waiting' }, say('home.waiting')), requests);
  const quiet = h('p', { class: 'quiet' }, say('home.quiet'));
  const accounts = h('ul', { class: 'cards' });
  const offer = notificationOffer(frame);
  const add = h('a', { class: 'button plain wide', href: '#/add' }, icon('add'), say('add.title'));
  const some = h('div', { class: 'stack' }, waiting, offer.element, h('section', { 'aria-labelledby': 'accounts' }, h('h2', { id: 'accounts' }, say('home.title')), accounts), quiet, add);
  const none = h('div', { class: 'empty' }, h('span', { class: 'emblem' }, icon('shield')), h('h2', {}, say('home.none.title')), h('p', {}, say('home.none.text')),
    h('a', { class: 'button primary wide', href: '#/add' }, icon('add'), say('add.title')));
  const place = h('div');

  function update() {
    const isEmpty = app.accounts.all.length === 0;
    if (place.firstChild !== (isEmpty ? none : some)) place.replaceChildren(isEmpty ? none : some);
    waiting.hidden = app.waiting.length === 0;
    quiet.hidden = !waiting.hidden;
    offer.update();
    arrange(requests, app.waiting, ({ request }) => request.transactionId, item => requestCard(frame, item, updates));
    arrange(accounts, app.accounts.all, account => [account.factor, account.organization, account.login, account.trouble].join('\n'), account => accountCard(frame, account, updates));
    for (const part of [...requests.children, ...accounts.children]) updates.get(/** @type {HTMLElement} */ (part).dataset.key ?? '')?.();
  }

  return { title: say('home.title'), content: [h('h1', { class: 'unseen' }, say('home.title')), place], update };
}

/**
 * @param {import('./frame.js').Frame} frame
 * @param {Waiting} item
 * @param {Map<string, () => void>} updates
 */
function requestCard({ app, say }, { account, request }, updates) {
  const left = h('span', { class: 'countdown' });
  updates.set(request.transactionId, () => { left.textContent = say('request.left', { time: timeLeft(app.clock, request) }); });
  return h('li', { class: 'card asking' }, h('a', { href: `#/request/${encodeURIComponent(request.transactionId)}` },
    h('span', { class: 'lines' }, h('strong', {}, foreign(request.application ?? account.organization)), h('span', {}, foreign(account.login)), left),
    h('span', { class: 'go' }, say('request.review'), icon('next'))));
}

/**
 * @param {import('./frame.js').Frame} frame
 * @param {Account} account
 * @param {Map<string, () => void>} updates
 */
function accountCard(frame, account, updates) {
  const { say } = frame;
  const code = codeOf(frame, account);
  updates.set([account.factor, account.organization, account.login, account.trouble].join('\n'), code.update);
  return h('li', { class: 'card' },
    h('a', { href: `#/account/${encodeURIComponent(account.factor)}` },
      h('span', { class: 'lines' }, h('strong', {}, foreign(account.organization)), h('span', {}, foreign(account.login)),
        account.trouble && h('span', { class: 'trouble' }, icon('warning'), say(account.trouble === 'gone' ? 'account.gone.short' : 'account.refused.short'))),
      icon('next')),
    account.trouble !== 'gone' && code.element);
}
