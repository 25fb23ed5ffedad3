import { version } from '../shell.js';
import { chooseLanguage, LANGUAGES } from '../language/words.js';
import { Unlock } from '../unlock/unlock.js';
import { h, icon, problemPlace } from './dom.js';
import { turnOnButton } from './notifications.js';

/** @typedef {import('./frame.js').Frame} Frame */

/**
 * Language, notifications, unlocking, installing, and what the app keeps.
 * @param {Frame} frame
 * @returns {import('./frame.js').Screen}
 */
export function settings(frame) {
  const { say } = frame;
  const parts = [language(frame), notifications(frame), unlocking(frame), installing(frame), about(frame)];
  return {
    title: say('settings.title'),
    content: [h('h1', {}, say('settings.title')), ...parts.map(({ element }) => element)],
    update: () => parts.forEach(part => part.update?.()),
  };
}

/**
 * @param {string} id
 * @param {string} title
 * @param {...Node} content
 */
const section = (id, title, ...content) => h('section', { class: 'card stack', 'aria-labelledby': id }, h('h2', { id }, title), ...content);

/** @param {Frame} frame */
function language({ app, say }) {
  const chosen = app.settings.get('language') ?? '';
  const options = [['', say('language.browser', { language: LANGUAGES[chooseLanguage(navigator.languages)] })], ...Object.entries(LANGUAGES)];
  const select = h('select', { id: 'language', onchange: () => app.speak(/** @type {any} */ (select.value || undefined)) },
    ...options.map(([value, name]) => h('option', { value, lang: value || undefined, selected: value === chosen }, name)));
  return { element: section('language-title', say('language.title'), h('label', { for: 'language', class: 'unseen' }, say('language.title')), select), update: undefined };
}

/** @param {Frame} frame */
function notifications(frame) {
  const { app, say } = frame;
  const problem = problemPlace();
  const state = h('p', { role: 'status' });
  const on = turnOnButton(frame, problem.show);
  const off = h('button', { type: 'button', class: 'plain', onclick: async () => {
    problem.show();
    await app.turnNotificationsOff().catch(error => problem.show(frame.explain(error)));
  } }, say('notifications.turnOff'));
  const element = section('notifications-title', say('notifications.title'), h('p', { class: 'hint' }, say('notifications.text')), state, problem.place, on, off);
  return { element, update: () => {
    const is = app.notifications;
    element.hidden = is === undefined;
    on.hidden = is !== 'off';
    off.hidden = is !== 'on';
    const text = is === 'on' || is === 'blocked' || is === 'unsupported' ? say(`notifications.${is}`) : '';
    if (state.textContent !== text) state.textContent = text;
    state.hidden = text === '';
  } };
}

/** @param {Frame} frame */
function unlocking({ app, say }) {
  const problem = problemPlace();
  const state = h('p', { role: 'status' });
  const change = async (/** @type {HTMLButtonElement} */ button, /** @type {() => Promise<boolean>} */ act) => {
    problem.show();
    button.disabled = true;
    if (!await act()) problem.show(say('unlock.failed'));
    button.disabled = false;
    update();
  };
  const on = h('button', { type: 'button', class: 'plain', onclick: () => change(on, () => app.unlock.switchOn()) }, icon('lock'), say('unlock.turnOn'));
  const off = h('button', { type: 'button', class: 'plain', onclick: () => change(off, () => app.unlock.switchOff()) }, say('unlock.turnOff'));
  let isAvailable = false;
  void Unlock.isAvailable().then(found => {
    isAvailable = found;
    update();
  });
  function update() {
    const { isOn } = app.unlock;
    on.hidden = isOn || !isAvailable;
    off.hidden = !isOn;
    const text = say(isOn ? 'unlock.on' : isAvailable ? 'unlock.off' : 'unlock.unavailable');
    if (state.textContent !== text) state.textContent = text;
  }
  return { element: section('unlock-title', say('unlock.title'), h('p', { class: 'hint' }, say('unlock.text')), state, problem.place, on, off), update };
}

/** @param {Frame} frame */
function installing(frame) {
  const { app, say } = frame;
  const isIos = app.device.platform === 'IOS';
  const button = h('button', { type: 'button', class: 'plain', onclick: async () => {
    await frame.installation?.prompt();
    frame.installation = undefined;
    update();
  } }, icon('add'), say('install.action'));
  const element = section('install-title', say('install.title'), h('p', { class: 'hint' }, say(isIos ? 'install.ios' : 'install.text')), button);
  function update() {
    element.hidden = matchMedia('(display-mode: standalone)').matches || !(frame.installation || isIos);
    button.hidden = !frame.installation;
  }
  return { element, update };
}

/** @param {Frame} frame */
function about({ say }) {
  return { element: section('about-title', say('about.title'), h('p', { class: 'hint' }, say('about.keys')), h('p', { class: 'hint' }, say('about.version', { version }))), update: undefined };
}
