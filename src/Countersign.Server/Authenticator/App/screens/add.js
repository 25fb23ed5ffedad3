import { MOST_ACCOUNTS } from '../accounts/accounts.js';
import { findDetector, readPicture, scan } from '../device/scanner.js';
import { Refusal } from '../protocol/api.js';
import { readLink } from '../protocol/link.js';
import { factList, foreign, h, icon, problemPlace } from './dom.js';
import { notificationOffer } from './notifications.js';

/** @typedef {import('./frame.js').Frame} Frame */
/** @typedef {import('./frame.js').Screen} Screen */

/**
 * Takes an activation: by the camera, from a picture, or as a link.
 * @param {Frame} frame
 * @param {string} _
 * @param {string} [trouble] what is wrong already
 * @returns {Screen}
 */
export function add(frame, _, trouble) {
  const { app, say } = frame;
  const problem = problemPlace();
  if (trouble) problem.show(trouble);
  const title = h('h1', {}, say('add.title'));
  if (app.accounts.all.length >= MOST_ACCOUNTS) return { title: say('add.title'), content: [title, h('p', {}, say('add.full', { count: MOST_ACCOUNTS }))] };

  const take = (/** @type {string} */ text) => {
    const link = readLink(text);
    if (!link) problem.show(say('add.notLink'));
    else if (link.base !== app.base) problem.show(say('add.elsewhere', { host: new URL(link.base).host }), h('a', { class: 'button plain', href: text.trim(), rel: 'noreferrer' }, say('add.open', { host: new URL(link.base).host })));
    else frame.show(activation(frame, link));
  };
  const text = h('textarea', { id: 'link', rows: 3, autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', 'aria-describedby': 'link-hint', required: true });
  const form = h('form', { class: 'stack', novalidate: true, onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    take(text.value);
  } },
  h('label', { for: 'link' }, say('add.link')), h('p', { id: 'link-hint', class: 'hint' }, say('add.link.hint')), text,
  h('button', { class: 'primary wide' }, say('action.continue')));
  const camera = h('div', { class: 'stack' });
  void findDetector().then(detector => {
    if (!detector) return camera.append(h('p', { class: 'hint' }, say('add.noScanner')));
    const file = h('input', { type: 'file', accept: 'image/*', class: 'unseen', id: 'picture', onchange: async () => {
      const [picture] = file.files ?? [];
      const texts = picture ? await readPicture(detector, picture) : [];
      file.value = '';
      if (texts.length === 0) problem.show(say('add.noCode'));
      else take(texts.find(readLink) ?? texts[0]);
    } });
    camera.append(
      h('button', { type: 'button', class: 'primary wide', onclick: () => frame.show(scanner(frame, detector)) }, icon('scan'), say('scan.title')),
      file, h('label', { for: 'picture', class: 'button plain wide' }, icon('picture'), say('add.picture')),
      h('p', { class: 'or' }, say('add.or')));
  });
  return { title: say('add.title'), content: [title, h('p', {}, say('add.text')), problem.place, camera, form] };
}

/**
 * @param {Frame} frame
 * @param {import('../device/scanner.js').Detector} detector
 * @returns {Screen}
 */
function scanner(frame, detector) {
  const { say, app } = frame;
  const ends = new AbortController();
  const video = h('video', { muted: true, playsinline: true, 'aria-label': say('scan.hint') });
  const problem = problemPlace();
  const accept = (/** @type {string} */ text) => {
    const link = readLink(text);
    if (!link) return false;
    if (link.base === app.base) frame.show(activation(frame, link));
    else frame.show(add(frame, '', say('add.elsewhere', { host: new URL(link.base).host })));
    return true;
  };
  scan(detector, video, accept, ends.signal).catch(error => {
    console.warn(error);
    video.hidden = true;
    problem.show(say('scan.failed'));
  });
  return {
    title: say('scan.title'),
    content: [h('h1', {}, say('scan.title')), h('p', {}, say('scan.hint')), problem.place, h('div', { class: 'finder' }, video),
      h('button', { type: 'button', class: 'plain wide', onclick: () => frame.show(add(frame, '')) }, say('action.cancel'))],
    leave: () => ends.abort(),
  };
}

/**
 * Asks the server what an activation is for, and the person whether to go on.
 * @param {Frame} frame
 * @param {import('../protocol/link.js').Activation} link
 * @returns {Screen}
 */
export function activation(frame, link) {
  const { app, say } = frame;
  const title = say('activation.title');
  const problem = problemPlace();
  const body = h('div', { class: 'stack' }, h('p', { class: 'quiet', role: 'status' }, say('activation.asking')));
  const again = (/** @type {string} */ text) => {
    problem.show(text);
    body.replaceChildren(h('button', { type: 'button', class: 'primary wide', onclick: ask }, say('action.again')));
  };

  async function ask() {
    problem.show();
    try {
      const ticket = await app.api.activation(link.ticket);
      body.replaceChildren(...question(frame, link, ticket, problem.show));
      /** @type {HTMLElement | null} */ (body.querySelector('input'))?.focus();
    } catch (error) {
      if (!(error instanceof Refusal)) return again(frame.explain(error));
      problem.show(say('activation.over'));
      body.replaceChildren(h('a', { class: 'button plain wide', href: '#/' }, say('action.done')));
    }
  }

  void ask();
  return { title, content: [h('h1', {}, title), problem.place, body] };
}

/**
 * @param {Frame} frame
 * @param {import('../protocol/link.js').Activation} link
 * @param {import('../protocol/api.js').Ticket} ticket
 * @param {(...content: string[]) => void} problem
 */
function question(frame, { base, ticket }, { organization, login }, problem) {
  const { app, say } = frame;
  const name = h('input', { id: 'name', maxlength: 100, autocomplete: 'off', 'aria-describedby': 'name-hint', value: defaultName(frame) });
  const button = h('button', { class: 'primary wide' }, say('activation.action'));
  const form = h('form', { class: 'stack', novalidate: true, onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    const chosen = name.value.trim();
    if (chosen === '') {
      problem(say('name.missing'));
      return name.focus();
    }
    problem();
    button.disabled = true;
    try {
      const account = await app.register(ticket, chosen);
      frame.show(added(frame, account));
    } catch (error) {
      problem(error instanceof Refusal && error.code === 'E0000110' ? say('activation.over') : frame.explain(error));
      button.disabled = false;
      button.textContent = say('action.again');
    }
  } },
  h('label', { for: 'name' }, say('name.label')), h('p', { id: 'name-hint', class: 'hint' }, say('name.hint')), name,
  h('p', { class: 'hint warn' }, icon('warning'), h('span', {}, say('activation.warning'))),
  button);
  const facts = h('div', { class: 'card' }, factList([[say('account.organization'), foreign(organization)], [say('account.login'), foreign(login)], [say('account.server'), new URL(base).host]]));
  return [h('p', {}, say('activation.text')), facts, form, elsewhere(frame, `${base}/authenticator/#activate=${ticket}`)];
}

/**
 * On an iPhone the app on the home screen and the browser know nothing of each other, and the camera opens the browser.
 * @param {Frame} frame
 * @param {string} link
 */
function elsewhere({ app, say }, link) {
  const isInstalled = matchMedia('(display-mode: standalone)').matches;
  if (app.device.platform !== 'IOS' || isInstalled) return '';
  const button = h('button', { type: 'button', class: 'plain wide', onclick: async () => {
    await navigator.clipboard.writeText(link);
    button.replaceChildren(icon('check'), say('activation.copied'));
  } }, icon('copy'), say('activation.copy'));
  return h('section', { class: 'stack' }, h('p', { class: 'hint' }, say('activation.homeScreen')), button);
}

/** @param {Frame} frame */
function defaultName({ app: { device }, say }) {
  if (device.model) return device.model;
  if (device.platform === 'IOS') return device.system;
  if (device.platform === 'ANDROID') return say('name.android');
  return device.browser && device.system ? say('userAgent.both', { browser: device.browser, system: device.system }) : device.browser || device.system;
}

/**
 * @param {Frame} frame
 * @param {import('../accounts/accounts.js').Account} account
 * @returns {Screen}
 */
function added(frame, { login, organization }) {
  const { say } = frame;
  const title = say('added.title');
  const offer = notificationOffer(frame);
  return {
    title,
    content: [h('div', { class: 'outcome good' }, h('span', { class: 'emblem' }, icon('check')), h('h1', {}, title), h('p', {}, say('added.text', { login, organization }))),
      offer.element, h('a', { class: 'button plain wide', href: '#/' }, say('action.done'))],
    update: offer.update,
  };
}
