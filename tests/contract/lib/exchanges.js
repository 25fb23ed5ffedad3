// The exchanges that the tests recorded.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads every exchange in the folder that COUNTERSIGN_RECORD names; the test suites write them there. */
export function readAll() {
  const folder = process.env.COUNTERSIGN_RECORD;
  if (!folder) throw new Error('COUNTERSIGN_RECORD names no folder with recorded exchanges: ./test sets it, runs the suites that record, then this check');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter(name => name.endsWith('.jsonl'))
    .flatMap(name => readFileSync(join(folder, name), 'utf8').split('\n').filter(line => line).map(line => JSON.parse(line)));
}
