import { randomUUID } from 'node:crypto';

// Nothing in it can be a part of a login, of which some are hexadecimal.
export const PASSWORD = 'Horse#Tram7';

/** A new user's profile with a login of its own. */
export function profile(change = {}) {
  const login = `ines.${randomUUID()}@example.com`;
  return { firstName: 'Ines', lastName: 'Kovar', email: login, login, ...change };
}

/** Creates a user that is active. */
export function createUser({ client }, change) {
  return client.userApi.createUser({ body: { profile: profile(change), credentials: { password: { value: PASSWORD } } } });
}
