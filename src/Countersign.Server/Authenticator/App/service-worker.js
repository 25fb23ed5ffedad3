// Keeps the app at hand without a network, and tells of requests while it is closed. It answers nothing: that is the person's to do, in the app.
import { Accounts } from './accounts/accounts.js';
import { Database } from './accounts/database.js';
import { Settings } from './accounts/settings.js';
import { subscribe } from './device/subscription.js';
import { chooseLanguage, Words } from './language/words.js';
import { Api } from './protocol/api.js';
import { Clock } from './protocol/clock.js';
import { files, version } from './shell.js';

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const SHELL = 'shell-';
const HERE = new URL('./', worker.location.href);

worker.addEventListener('install', event => event.waitUntil((async () => {
  const cache = await caches.open(SHELL + version);
  await cache.addAll(files.map(file => new Request(new URL(file, HERE), { cache: 'no-cache' })));
  await worker.skipWaiting();
})()));

worker.addEventListener('activate', event => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith(SHELL) && name !== SHELL + version) await caches.delete(name);
  }
  await worker.clients.claim();
})()));

worker.addEventListener('fetch', event => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== HERE.origin || !url.pathname.startsWith(HERE.pathname)) return;
  event.respondWith((async () => {
    const cache = await caches.open(SHELL + version);
    return await cache.match(request.mode === 'navigate' ? HERE : request, { ignoreSearch: true }) ?? fetch(request);
  })());
});

worker.addEventListener('push', event => event.waitUntil(tell(event.data)));

worker.addEventListener('notificationclick', event => {
  event.notification.close();
  event.waitUntil(show(event.notification.data?.transaction));
});

worker.addEventListener('pushsubscriptionchange', event => /** @type {ExtendableEvent} */ (event).waitUntil((async () => {
  const { api, accounts } = await open();
  await subscribe(worker.registration, api, accounts);
})()));

/**
 * A browser wants to see a notification for every message: also for one that came too late, or when the server cannot be asked.
 * @param {PushMessageData | null} data
 */
async function tell(data) {
  const { api, accounts, say } = await open();
  const { factor, transaction } = read(data);
  const account = accounts.find(factor);
  const waiting = account && await api.requests(account).then(({ requests }) => requests, () => undefined);
  const request = waiting?.find(({ transactionId }) => transactionId === transaction);
  const [title, ...body] = request && account ? [say('notification.title', { application: request.application ?? account.organization }), account.login, request.place ?? request.address]
    : waiting ? [say('notification.over')]
    : [say('notification.title', { application: account?.organization ?? 'Countersign' }), account?.login];
  await worker.registration.showNotification(title, {
    body: body.filter(line => line).join('\n'), tag: transaction || 'request', data: { transaction },
    icon: new URL('icons/icon-192.png', HERE).href, badge: new URL('icons/badge-96.png', HERE).href, requireInteraction: request !== undefined,
  });
  for (const client of await worker.clients.matchAll({ type: 'window' })) client.postMessage({ type: 'look' });
}

/**
 * Brings the app to the front, at this request.
 * @param {string | undefined} transaction
 */
async function show(transaction) {
  const address = new URL(transaction ? `#/request/${encodeURIComponent(transaction)}` : '#/', HERE).href;
  const [client] = await worker.clients.matchAll({ type: 'window' });
  if (!client) return worker.clients.openWindow(address);
  client.postMessage({ type: 'open', address });
  return client.focus();
}

/**
 * What a message says: docs/authenticator-protocol.md, "Web Push".
 * @param {PushMessageData | null} data
 * @returns {{ factor: string, transaction: string }}
 */
function read(data) {
  try {
    const { factor, transaction } = data?.json() ?? {};
    return { factor: String(factor ?? ''), transaction: String(transaction ?? '') };
  } catch {
    return { factor: '', transaction: '' };
  }
}

/** What the app keeps, read anew: it may have been changed since the last message. */
async function open() {
  const database = await Database.open();
  const [settings, accounts] = [new Settings(database), new Accounts(database)];
  await Promise.all([settings.load(), accounts.load()]);
  const clock = new Clock(settings.get('clockOffset'), offset => void settings.set('clockOffset', offset));
  const api = new Api(new URL('..', HERE).href.replace(/\/$/, ''), clock);
  const { say } = await Words.load(settings.get('language') ?? chooseLanguage(navigator.languages));
  return { api, accounts, say };
}
