import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { APP_PATH, load } from './lib/app.js';

const { LANGUAGES, Words, chooseLanguage } = await load('language/words.js');
const read = language => JSON.parse(readFileSync(join(APP_PATH, 'language', `${language}.json`), 'utf8'));
const english = read('en');
const placeholders = text => (text.match(/\{\w+\}/g) ?? []).sort();

test('Each language has its file, and each file its language', () => {
  const files = readdirSync(join(APP_PATH, 'language')).filter(name => name.endsWith('.json')).map(name => name.replace('.json', ''));
  assert.deepEqual(files.sort(), Object.keys(LANGUAGES).sort());
  assert.equal(files.length, 10);
});

for (const language of Object.keys(LANGUAGES)) {
  test(`${language} says everything, with the same placeholders`, () => {
    const texts = read(language);
    assert.deepEqual(Object.keys(texts), Object.keys(english));
    for (const [key, text] of Object.entries(texts)) {
      assert.deepEqual(placeholders(text), placeholders(english[key]), key);
      assert.equal(text, text.trim(), key);
      assert.ok(text.length > 0, key);
    }
  });
}

test('Translations are translated', () => {
  // Names, and what is the same word in both languages.
  const same = 12;
  for (const language of Object.keys(LANGUAGES).filter(name => name !== 'en')) {
    const untouched = Object.entries(read(language)).filter(([key, text]) => text === english[key]).map(([key]) => key);
    assert.ok(untouched.length <= same, `${language}: ${untouched}`);
  }
});

test('Every text is used, and every used text is there', () => {
  const sources = readdirSync(APP_PATH, { recursive: true }).filter(name => name.endsWith('.js')).map(name => readFileSync(join(APP_PATH, name), 'utf8')).join('\n');
  const used = new Set([...sources.matchAll(/'([a-z]\w*(?:\.\w+)+)'/g)].map(([, key]) => key));
  const patterns = [...sources.matchAll(/say\(`([^`]+)`/g)].map(([, template]) => new RegExp(`^${template.replaceAll('.', '\\.').replace(/\$\{[^}]*\}/g, '\\w+')}$`));
  const said = [...sources.matchAll(/\bsay\('([^']+)'/g)].map(([, key]) => key);

  assert.deepEqual(Object.keys(english).filter(key => !used.has(key) && !patterns.some(pattern => pattern.test(key))), []);
  assert.ok(said.length > 80);
  assert.deepEqual(said.filter(key => english[key] === undefined), []);
});

for (const [preferred, language] of [
  [['de-AT', 'en'], 'de'], [['pt-PT'], 'pt-BR'], [['pt-BR'], 'pt-BR'], [['zh-CN'], 'zh-Hans'], [['zh-Hans-CN'], 'zh-Hans'], [['sl', 'it'], 'it'], [['JA'], 'ja'], [['sl'], 'en'], [[], 'en'],
]) {
  test(`Who prefers ${preferred.join(', ') || 'nothing'} is spoken to in ${language}`, () => assert.equal(chooseLanguage(preferred), language));
}

test('What is put into a text is put in as it is', () => {
  const { say } = new Words('en', { greeting: '{name} and {name}: {count}' });
  assert.equal(say('greeting', { name: '$& {count}', count: 2 }), '$& {count} and $& {count}: 2');
  assert.throws(() => say('nothing'), RangeError);
});
