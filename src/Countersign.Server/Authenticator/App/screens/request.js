import { readUserAgent } from '../device/userAgent.js';
import { Unreachable } from '../protocol/api.js';
import { ask, factList, foreign, h, icon, problemPlace } from './dom.js';
import { timeLeft, written } from './time.js';

/** @typedef {import('./frame.js').Frame} Frame */
/** @typedef {import('./frame.js').Screen} Screen */
/** @typedef {import('../authenticator.js').Waiting} Waiting */
/** @typedef {import('../authenticator.js').Outcome} Outcome */

/**
 * One request: who asks, from where, and the answer.
 * @param {Frame} frame
 * @param {string} transactionId
 * @returns {Screen}
 */
export function request(frame, transactionId) {
  const found = frame.app.find(transactionId);
  return found ? question(frame, found) : arriving(frame, transactionId);
}

/** How long the server is waited for, in milliseconds. */
const PATIENCE = 10_000;

/**
 * A request that the server has not told of: it was opened by a notification, or is over.
 * @param {Frame} frame
 * @param {string} transactionId
 * @returns {Screen}
 */
function arriving(frame, transactionId) {
  const { app, say } = frame;
  const end = performance.now() + PATIENCE;
  return {
    title: say('request.title'),
    content: [h('h1', {}, say('request.title')), h('p', { class: 'quiet', role: 'status' }, say('request.arriving'))],
    update: () => {
      const found = app.find(transactionId);
      if (found) frame.show(question(frame, found));
      else if (app.accounts.watched.every(account => app.isTold(account)) || performance.now() > end) frame.show(outcome(frame, 'answered'));
    },
  };
}

/**
 * @param {Frame} frame
 * @param {Waiting} waiting
 * @returns {Screen}
 */
function question(frame, waiting) {
  const { app, say } = frame;
  const { account, request: asked } = waiting;
  const problem = problemPlace();
  const left = h('strong', { class: 'countdown' });
  const number = numberField(frame, asked);
  let isAnswering = false;

  /** @param {import('../protocol/statement.js').Decision} decision */
  async function answer(decision) {
    if (isAnswering) return;
    problem.show();
    if (decision === 'approve' && number.value() === undefined) {
      problem.show(say(`number.${asked.number === 'choice' ? 'choice' : 'typed'}.missing`));
      return number.focus();
    }
    isAnswering = true;
    for (const button of buttons) button.disabled = true;
    try {
      if (decision === 'approve' && !await app.unlock.open()) return problem.show(say('unlock.needed'));
      if (decision === 'report' && !await ask(say, { title: say('report.title'), text: say('report.text'), action: say('report.action') })) return;
      frame.show(outcome(frame, await app.answer(waiting, decision, decision === 'approve' ? number.value() ?? '' : ''), asked.application ?? account.organization));
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      problem.show(say('request.unsent'));
    } finally {
      isAnswering = false;
      for (const button of buttons) button.disabled = false;
    }
  }

  const approve = h('button', { class: 'primary' }, icon('check'), say('request.approve'));
  const deny = h('button', { type: 'button', class: 'plain', onclick: () => answer('deny') }, icon('cross'), say('request.deny'));
  const report = h('button', { type: 'button', class: 'quiet-danger wide', onclick: () => answer('report') }, say('request.report'));
  const buttons = [approve, deny, report];
  const form = h('form', { class: 'stack', novalidate: true, onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    void answer('approve');
  } }, number.element, problem.place, h('div', { class: 'actions even' }, deny, approve), report);

  const { browser, system } = readUserAgent(asked.userAgent ?? '');
  const program = browser && system ? say('userAgent.both', { browser, system }) : browser || system || say('userAgent.unknown');
  const facts = factList([
    [say('request.application'), asked.application && foreign(asked.application)],
    [say('account.login'), foreign(account.login)],
    [say('account.organization'), foreign(account.organization)],
    [say('request.place'), asked.place && foreign(asked.place)],
    [say('request.address'), asked.address && foreign(asked.address)],
    [say('request.browser'), asked.userAgent && h('div', {}, foreign(program), h('details', {}, h('summary', {}, say('request.raw')), h('code', {}, foreign(asked.userAgent))))],
    [say('request.time'), h('time', { datetime: asked.createdAt }, written(app.words.language, Date.parse(asked.createdAt)))],
  ]);
  return {
    title: say('request.title'),
    content: [h('h1', {}, say('request.title')), h('p', { class: 'left-line' }, icon('clock'), left), h('div', { class: 'card' }, facts), form],
    update: () => {
      left.textContent = say('request.left', { time: timeLeft(app.clock, asked) });
      // Over while the person was reading: too late, answered elsewhere, or cancelled.
      if (!isAnswering && !app.find(asked.transactionId)) frame.show(outcome(frame, app.clock.now() >= Date.parse(asked.expiresAt) ? 'late' : 'answered'));
    },
  };
}

/**
 * The place for the number that the sign-in page shows, where one is asked for.
 * @param {Frame} frame
 * @param {import('../protocol/api.js').PushRequest} asked
 * @returns {{ element: Node | null, value(): string | undefined, focus(): void }} value: two digits, empty where none is asked for, undefined where it is missing
 */
function numberField({ say }, asked) {
  if (asked.number === 'typed') {
    const input = h('input', { id: 'number', class: 'number', inputmode: 'numeric', pattern: '[0-9]*', maxlength: 2, autocomplete: 'off', 'aria-describedby': 'number-hint' });
    const element = h('div', { class: 'stack asked' }, h('label', { for: 'number' }, say('number.label')), h('p', { id: 'number-hint', class: 'hint' }, say('number.hint')), input);
    return { element, value: () => /^[1-9][0-9]$/.test(input.value.trim()) ? input.value.trim() : undefined, focus: () => input.focus() };
  }
  if (asked.number === 'choice') {
    const choices = (asked.choices ?? []).map(choice => h('label', { class: 'choice' }, h('input', { type: 'radio', name: 'number', value: choice }), h('span', {}, choice)));
    const element = h('fieldset', { class: 'asked' }, h('legend', {}, say('number.choice')), h('div', { class: 'choices' }, ...choices));
    const inputs = [...element.querySelectorAll('input')];
    return { element, value: () => inputs.find(input => input.checked)?.value, focus: () => inputs[0]?.focus() };
  }
  return { element: null, value: () => '', focus: () => {} };
}

/** @type {Record<Outcome, { good: boolean, icon: 'check' | 'cross' | 'clock' | 'shield' | 'warning' }>} */
const OUTCOMES = {
  approved: { good: true, icon: 'check' },
  denied: { good: false, icon: 'cross' },
  reported: { good: false, icon: 'shield' },
  wrongNumber: { good: false, icon: 'warning' },
  late: { good: false, icon: 'clock' },
  answered: { good: false, icon: 'clock' },
  refused: { good: false, icon: 'warning' },
};

/**
 * @param {Frame} frame
 * @param {Outcome} name
 * @param {string} [application]
 * @returns {Screen}
 */
function outcome({ say }, name, application = '') {
  const title = say(`outcome.${name}.title`);
  const { good, icon: picture } = OUTCOMES[name];
  return {
    title,
    content: [h('div', { class: good ? 'outcome good' : 'outcome' }, h('span', { class: 'emblem' }, icon(picture)), h('h1', {}, title), h('p', {}, say(`outcome.${name}.text`, { application }))),
      h('a', { class: 'button primary wide', href: '#/' }, say('action.done'))],
  };
}
