/**
 * What is left of a request's life, as minutes and seconds.
 * @param {import('../protocol/clock.js').Clock} clock
 * @param {import('../protocol/api.js').PushRequest} request
 */
export function timeLeft(clock, { expiresAt }) {
  const seconds = Math.max(0, Math.ceil((Date.parse(expiresAt) - clock.now()) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/**
 * An instant as people write it; today's without the day.
 * @param {string} language
 * @param {number} at Unix milliseconds
 */
export function written(language, at) {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language, isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}
