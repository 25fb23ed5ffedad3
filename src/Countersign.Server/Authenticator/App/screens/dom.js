/** @typedef {Node | string | number | false | null | undefined} Child */

/**
 * An element. Members of `properties` that begin with `on` are listeners, the others attributes; those that are false or undefined are left out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value !== false && value !== undefined) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter(child => child !== false && child !== null && child !== undefined).map(child => child instanceof Node ? child : String(child)));
  return element;
}

/** Each drawn on 24 by 24, in strokes. */
const ICONS = {
  shield: 'M12 2 4 5v6.4c0 5 3.3 8.7 8 10.4 4.7-1.7 8-5.4 8-10.4V5zM8.4 12l2.5 2.6 4.8-5.3',
  back: 'M19 12H5M11 6l-6 6 6 6',
  settings: 'M4 7h9M19 7h1M4 17h1M11 17h9M16 4.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM8 14.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  add: 'M12 5v14M5 12h14',
  scan: 'M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M8 8h3v3H8zM14 14h2v2h-2zM15 8v2M8 15v1',
  picture: 'M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 8.5v.01',
  copy: 'M9 9h10v11H9zM15 9V4H5v11h4',
  check: 'M5 12.5 10 17.5 19.5 7',
  cross: 'M6 6l12 12M18 6 6 18',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  next: 'M9 6l6 6-6 6',
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4',
  warning: 'M12 4 2.8 20h18.4zM12 10v5M12 17.5v.01',
};

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  const picture = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  picture.setAttribute('viewBox', '0 0 24 24');
  picture.setAttribute('class', 'icon');
  picture.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', ICONS[name]);
  picture.append(path);
  return picture;
}

/** A ring that shows how much of a time is left. */
export function ring() {
  const picture = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  picture.setAttribute('viewBox', '0 0 36 36');
  picture.setAttribute('class', 'ring');
  picture.setAttribute('aria-hidden', 'true');
  for (const kind of ['track', 'left']) {
    const circle = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
    for (const [name, value] of Object.entries({ class: kind, cx: 18, cy: 18, r: 15, pathLength: 1 })) circle.setAttribute(name, String(value));
    picture.append(circle);
  }
  return {
    picture,
    /** @param {number} part from 0 to 1 */
    set: part => picture.style.setProperty('--part', String(Math.max(0, Math.min(1, part)))),
  };
}

/**
 * Makes the children of a list those of these items, in this order; what stays is left alone, and so keeps the focus.
 * @template T
 * @param {Element} list
 * @param {T[]} items
 * @param {(item: T) => string} key
 * @param {(item: T) => HTMLElement} make
 */
export function arrange(list, items, key, make) {
  const known = new Map([...list.children].map(child => [/** @type {HTMLElement} */ (child).dataset.key, child]));
  items.forEach((item, at) => {
    const name = key(item);
    let child = known.get(name);
    known.delete(name);
    if (!child) {
      const made = make(item);
      made.dataset.key = name;
      child = made;
    }
    if (list.children[at] !== child) list.insertBefore(child, list.children[at] ?? null);
  });
  for (const child of known.values()) child.remove();
}

/**
 * Text that others wrote: its direction is its own, and reaches nothing beside it.
 * @param {string} text
 */
export const foreign = text => h('bdi', {}, text);

/**
 * A list of names and what they stand for; those without a value are left out.
 * @param {[string, Child][]} facts
 */
export const factList = facts => h('dl', { class: 'facts' },
  ...facts.filter(([, value]) => value).map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));

/**
 * Asks the person to confirm something; false when they would not.
 * @param {import('../language/words.js').Say} say
 * @param {{ title: string, text: string, action: string }} question
 * @returns {Promise<boolean>}
 */
export function ask(say, { title, text, action }) {
  return new Promise(resolve => {
    const dialog = h('dialog', { 'aria-labelledby': 'ask-title', 'aria-describedby': 'ask-text', onclose: () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    } },
    h('h2', { id: 'ask-title' }, title),
    h('p', { id: 'ask-text' }, text),
    h('div', { class: 'actions' },
      h('button', { type: 'button', class: 'plain', onclick: () => dialog.close('no') }, say('action.cancel')),
      h('button', { type: 'button', class: 'danger', onclick: () => dialog.close('yes') }, action)));
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * A place for what went wrong, which is read out.
 */
export function problemPlace() {
  const place = h('div', { role: 'alert', class: 'problem', hidden: true });
  return {
    place,
    /** @param {...Child} content nothing: there is no problem any more */
    show(...content) {
      place.replaceChildren(...content.map(child => child instanceof Node ? child : h('p', {}, child)));
      place.hidden = content.length === 0;
    },
  };
}
