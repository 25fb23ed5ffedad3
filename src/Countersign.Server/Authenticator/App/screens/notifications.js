import { h, icon, problemPlace } from './dom.js';

/**
 * A button that asks the browser for notifications, and says what became of it.
 * @param {import('./frame.js').Frame} frame
 * @param {(...content: string[]) => void} problem
 * @returns {HTMLButtonElement}
 */
export function turnOnButton({ app, say }, problem) {
  const button = h('button', { type: 'button', class: 'primary', onclick: async () => {
    button.disabled = true;
    problem();
    try {
      await app.turnNotificationsOn();
      if (app.notifications !== 'on') problem(say('notifications.blocked'));
    } catch (error) {
      console.warn(error);
      problem(say('notifications.failed'));
    }
    button.disabled = false;
  } }, icon('bell'), say('notifications.turnOn'));
  return button;
}

/**
 * The offer of notifications, until it is taken or declined.
 * @param {import('./frame.js').Frame} frame
 */
export function notificationOffer(frame) {
  const { app, say } = frame;
  const problem = problemPlace();
  const element = h('section', { class: 'card offer', 'aria-labelledby': 'offer', hidden: true },
    h('h2', { id: 'offer' }, say('notifications.offer')), h('p', {}, say('notifications.text')), problem.place,
    h('div', { class: 'actions' }, turnOnButton(frame, problem.show), h('button', { type: 'button', class: 'plain', onclick: () => app.declineNotifications() }, say('notifications.later'))));
  return { element, update: () => { element.hidden = app.notifications !== 'off' || app.isOffline || app.settings.get('notificationsDeclined') === true; } };
}
