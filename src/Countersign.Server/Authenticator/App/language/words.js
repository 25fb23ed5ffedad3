/** The languages, by their own names. Each is a file beside this one. */
export const LANGUAGES = {
  en: 'English', de: 'Deutsch', es: 'Español', fr: 'Français', it: 'Italiano', nl: 'Nederlands', pl: 'Polski', 'pt-BR': 'Português (Brasil)', ja: '日本語', 'zh-Hans': '简体中文',
};

/** @typedef {keyof typeof LANGUAGES} Language */
/** @typedef {(key: string, values?: Record<string, string | number>) => string} Say */

/**
 * The first language that somebody prefers and that there is; else English.
 * @param {readonly string[]} preferred by RFC 5646, as browsers list them
 * @returns {Language}
 */
export function chooseLanguage(preferred) {
  const known = /** @type {Language[]} */ (Object.keys(LANGUAGES));
  const base = (/** @type {string} */ tag) => tag.toLowerCase().split('-')[0];
  for (const tag of preferred) {
    const found = known.find(language => language.toLowerCase() === tag.toLowerCase()) ?? known.find(language => base(language) === base(tag));
    if (found) return found;
  }
  return 'en';
}

/** Everything the app says, in one language. */
export class Words {
  #texts;

  /**
   * @param {Language} language
   * @param {Record<string, string>} texts
   */
  constructor(language, texts) {
    this.language = language;
    this.#texts = texts;
  }

  /** @param {Language} language */
  static async load(language) {
    const response = await fetch(new URL(`./${language}.json`, import.meta.url));
    return new Words(language, await response.json());
  }

  /** @type {Say} */
  say = (key, values = {}) => {
    const text = this.#texts[key];
    if (text === undefined) throw new RangeError(`no words for ${key}`);
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  };
}
