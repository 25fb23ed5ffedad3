// The app is plain JavaScript; its types stand in comments, and TypeScript checks them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const COMPILER = createRequire(import.meta.url).resolve('typescript/bin/tsc');

for (const [part, settings] of [['page', 'tsconfig.json'], ['service worker', 'tsconfig.worker.json']]) {
  test(`The types of the ${part} hold`, () => {
    const checked = spawnSync(process.execPath, [COMPILER, '--project', settings], { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8' });
    assert.equal(checked.stdout + checked.stderr, '');
    assert.equal(checked.status, 0);
  });
}
