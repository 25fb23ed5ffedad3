import { Unreachable } from '../protocol/api.js';
import { codeOf } from './code.js';
import { ask, factList, foreign, h, problemPlace } from './dom.js';
import { written } from './time.js';

/**
 * One account: its code, the device's name, removing it.
 * @param {import('./frame.js').Frame} frame
 * @param {string} factor
 * @returns {import('./frame.js').Screen}
 */
export function account(frame, factor) {
  const { app, say } = frame;
  const found = app.accounts.find(factor);
  return found ? known(frame, found) : { title: say('account.missing'), content: [h('h1', {}, say('account.missing')), h('a', { class: 'button plain wide', href: '#/' }, say('action.done'))] };
}

/**
 * @param {import('./frame.js').Frame} frame
 * @param {import('../accounts/accounts.js').Account} found
 * @returns {import('./frame.js').Screen}
 */
function known(frame, found) {
  const { app, say } = frame;
  const problem = problemPlace();
  const trouble = h('div', { class: 'problem', role: 'status' });
  const code = codeOf(frame, found);
  const saved = h('p', { class: 'hint', role: 'status' });
  const name = h('input', { id: 'name', maxlength: 100, autocomplete: 'off', value: found.name });
  const rename = h('form', { class: 'stack', novalidate: true, onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    const chosen = name.value.trim();
    saved.textContent = '';
    problem.show();
    if (chosen === '') return problem.show(say('name.missing'));
    try {
      await app.rename(found, chosen);
      saved.textContent = say('name.saved');
    } catch (error) {
      problem.show(frame.explain(error));
    }
  } }, h('label', { for: 'name' }, say('name.label')), h('div', { class: 'field' }, name, h('button', { class: 'plain' }, say('action.save'))), saved);

  async function remove() {
    problem.show();
    if (!await ask(say, { title: say('remove.title', { login: found.login }), text: say('remove.text'), action: say('remove.action') })) return;
    try {
      await app.remove(found);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      if (!await ask(say, { title: say('remove.here'), text: say('remove.unreachable'), action: say('remove.here') })) return;
      await app.forget(found);
    }
    location.hash = '#/';
    frame.announce(say('remove.done'));
  }

  const facts = factList([
    [say('account.login'), foreign(found.login)],
    [say('account.server'), new URL(app.base).host],
    [say('account.added'), written(app.words.language, found.added)],
  ]);
  return {
    title: found.organization,
    content: [h('h1', {}, foreign(found.organization)), trouble, h('div', { class: 'card' }, code.element, facts), rename, problem.place,
      h('button', { type: 'button', class: 'quiet-danger wide', onclick: remove }, say('remove.account'))],
    update: () => {
      code.update();
      rename.hidden = found.trouble !== undefined;
      trouble.hidden = found.trouble === undefined;
      const text = found.trouble ? say(found.trouble === 'gone' ? 'account.gone' : 'account.refused', { login: found.login }) : '';
      if (trouble.textContent !== text) trouble.replaceChildren(h('p', {}, text));
    },
  };
}
