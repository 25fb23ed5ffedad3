// Where the description is wrong, or says less than the contract. Each is used, or the check fails.

/** Paths under /api/v1 that exist in the contract and not in the description. */
export const additions = [
  { path: /^\/api\/v1\/users\/[^/]+\/factors\/[^/]+$/, methods: ['PUT', 'POST'], why: 'changing a security question (contract 8, operation 6)' },
  { path: /^\/api\/v1\/users\/[^/]+\/factors\/[^/]+\/qr\/[^/]+$/, methods: ['GET'], why: 'the QR picture (contract 8, operation 11)' },
  { path: /^\/api\/v1\/org\/factors(\/[^/]+(\/lifecycle\/(de)?activate)?)?$/, methods: ['GET', 'POST'], why: 'factors of the organisation (contract 12.1)' },
  { path: /^\/api\/v1\/org\/factors\/hotp\/profiles(\/[^/]+)?$/, methods: ['GET', 'POST', 'PUT', 'DELETE'], why: 'custom TOTP profiles (contract 12.2)' },
];

/** Faults that are none, because the contract says otherwise: operation and part, where, and what the description says. */
export const exceptions = [
];

/** Operations of the description that are not built: none of them may answer as if it were. */
export const notBuilt = new Set([
]);
