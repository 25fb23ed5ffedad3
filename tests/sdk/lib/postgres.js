// A database of the test's own on the server that COUNTERSIGN_TEST_POSTGRES names, made with PostgreSQL's own programs.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';

const VARIABLES = { host: 'PGHOST', port: 'PGPORT', username: 'PGUSER', password: 'PGPASSWORD' };

/** Makes an empty database; returns its connection string and what removes it. */
export function createDatabase() {
  const server = process.env.COUNTERSIGN_TEST_POSTGRES;
  if (!server) throw new Error('COUNTERSIGN_TEST_POSTGRES names no PostgreSQL server: ./test starts one and sets it');
  const parts = server.split(';').filter(part => part).map(part => part.split(/=(.*)/s, 2));
  const env = { ...process.env };
  for (const [key, value] of parts) if (VARIABLES[key.toLowerCase()]) env[VARIABLES[key.toLowerCase()]] = value;
  const name = `sdk_${randomUUID().replaceAll('-', '')}`;
  const run = (program, ...options) => execFileSync(program, ['--maintenance-db=postgres', ...options, name], { env });
  run('createdb');
  return {
    connectionString: [...parts.filter(([key]) => key.toLowerCase() !== 'database'), ['Database', name]].map(part => part.join('=')).join(';'),
    drop: () => run('dropdb', '--force'),
  };
}
