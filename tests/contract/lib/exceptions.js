// Where the description is wrong, or says less than the contract. Each is used, or the check fails.

/** Paths under /api/v1 that exist in the contract and not in the description. */
export const additions = [
  { path: /^\/api\/v1\/users\/[^/]+\/factors\/[^/]+$/, methods: ['PUT', 'POST'], why: 'changing a security question (contract 8, operation 6)' },
  { path: /^\/api\/v1\/users\/[^/]+\/factors\/[^/]+\/qr\/[^/]+$/, methods: ['GET'], why: 'the QR picture (contract 8, operation 11)' },
  { path: /^\/api\/v1\/org\/factors(\/[^/]+(\/lifecycle\/(de)?activate)?)?$/, methods: ['GET', 'POST'], why: 'factors of the organisation (contract 12.1)' },
  { path: /^\/api\/v1\/org\/factors\/hotp\/profiles(\/[^/]+)?$/, methods: ['GET', 'POST', 'PUT', 'DELETE'], why: 'custom TOTP profiles (contract 12.2)' },
  { path: /^\/api\/v1\/users\/[^/]+\/(groups|appLinks|roles)$/, methods: ['GET'], why: 'lists that clients ask for and that are empty (contract 6.2)' },
];

/** Faults that are none, because the contract says otherwise: operation and part, where, and what the description says. */
export const exceptions = [
  { operations: /^(create|replace)User$/, part: 'request', at: /^\/credentials$/, what: /must be object/, why: 'absent means null (contract 1.2), and clients send it' },
  { operations: /^getUser$/, part: 'answer', at: /^\/_embedded\/blocks$/, what: /must be object/, why: 'expand=blocks adds an array (contract 6.2)' },
  { operations: /^resetPassword$/, part: 'query', at: /^sendEmail$/, what: /required/, why: 'sendEmail is true when it is absent (contract 6.2)' },
  {
    operations: /^listLogEvents$/, part: 'answer', what: /must be|enum|allowed/, why: 'an event spells out what is unknown as null (contract 16.2)',
    at: new RegExp('^/\\d+/(legacyEventType|target|outcome/reason|transaction/id|client(/(id|ipAddress|geographicalContext|userAgent/rawUserAgent))?'
      + '|(actor|target/\\d+)/detailEntry|(securityContext|authenticationContext)/\\w+|request/ipChain/\\d+/(source|geographicalContext))$'),
  },
];

/** Operations of the description that are not built: none of them may answer as if it were. */
export const notBuilt = new Set([
  // authenticators (contract 14.1)
  'listAuthenticators', 'createAuthenticator', 'getAuthenticator', 'replaceAuthenticator', 'listAllCustomAAGUIDs', 'createCustomAAGUID',
  'getCustomAAGUID', 'replaceCustomAAGUID', 'updateCustomAAGUID', 'deleteCustomAAGUID', 'activateAuthenticator', 'deactivateAuthenticator',
  'listAuthenticatorMethods', 'getAuthenticatorMethod', 'replaceAuthenticatorMethod', 'activateAuthenticatorMethod',
  'deactivateAuthenticatorMethod', 'verifyRpIdDomain',
  // the YubiKey token inventory (contract 12.3)
  'listYubikeyOtpTokens', 'uploadYubikeyOtpTokenSeed', 'getYubikeyOtpTokenById',
  // policies (contract 14.2)
  'listPolicies', 'createPolicy', 'getPolicy', 'replacePolicy', 'deletePolicy',
  // SMS templates (contract 13)
  'listSmsTemplates', 'createSmsTemplate', 'getSmsTemplate', 'updateSmsTemplate', 'replaceSmsTemplate', 'deleteSmsTemplate',
  // a user's authenticator enrollments (contract 14.3)
  'listAuthenticatorEnrollments', 'createAuthenticatorEnrollment', 'createTacAuthenticatorEnrollment', 'getAuthenticatorEnrollment',
  'deleteAuthenticatorEnrollment',
  // kinds of factor that send messages or ask a device (contract 9.3 to 9.6)
  'resendEnrollFactor', 'getFactorTransactionStatus',
]);
