// Where the description is wrong, or says less than the contract. Each is used, or the check fails.

/** Paths under /api/v1 that exist in the contract and not in the description. */
export const additions = [
  { path: /^\/api\/v1\/users\/[^/]+\/factors\/[^/]+$/, methods: ['PUT', 'POST'], why: 'changing a security question (contract 8, operation 6)' },
  { path: /^\/api\/v1\/users\/[^/]+\/factors\/[^/]+\/qr\/[^/]+$/, methods: ['GET'], why: 'the QR picture (contract 8, operation 11)' },
  { path: /^\/api\/v1\/users\/[^/]+\/factors\/[^/]+\/lifecycle\/activate\/poll$/, methods: ['POST'], why: 'polling an activation (contract 8, operation 9)' },
  { path: /^\/api\/v1\/users\/[^/]+\/factors\/[^/]+\/transactions\/[^/]+$/, methods: ['DELETE'], why: 'cancelling a transaction (contract 8, operation 15)' },
  { path: /^\/api\/v1\/users\/[^/]+\/factors\/[^/]+\/(lifecycle|verify)\/duoCallback$/, methods: ['POST'], why: 'what a user brings back from Duo (contract 9.13)' },
  { path: /^\/api\/v1\/users\/[^/]+\/factors\/[^/]+\/lifecycle\/activate\/(email|sms)$/, methods: ['POST'], why: 'sending the link of a push activation (contract 9.6)' },
  { path: /^\/api\/v1\/org\/factors(\/[^/]+(\/lifecycle\/(de)?activate)?)?$/, methods: ['GET', 'POST'], why: 'factors of the organisation (contract 12.1)' },
  { path: /^\/api\/v1\/org\/factors\/hotp\/profiles(\/[^/]+)?$/, methods: ['GET', 'POST', 'PUT', 'DELETE'], why: 'custom TOTP profiles (contract 12.2)' },
  { path: /^\/api\/v1\/org\/factors\/yubikey_token\/tokens\/[^/]+$/, methods: ['DELETE'], why: 'removing a token of the inventory (contract 12.3)' },
  { path: /^\/api\/v1\/users\/[^/]+\/(groups|appLinks|roles)$/, methods: ['GET'], why: 'lists that clients ask for and that are empty (contract 6.2)' },
];

/** Faults that are none, because the contract says otherwise: operation and part, where, and what the description says. */
export const exceptions = [
  { operations: /^(create|replace)User$/, part: 'request', at: /^\/credentials$/, what: /must be object/, why: 'absent means null (contract 1.2), and clients send it' },
  { operations: /^getUser$/, part: 'answer', at: /^\/_embedded\/blocks$/, what: /must be object/, why: 'expand=blocks adds an array (contract 6.2)' },
  { operations: /^resetPassword$/, part: 'query', at: /^sendEmail$/, what: /required/, why: 'sendEmail is true when it is absent (contract 6.2)' },
  { operations: /SmsTemplates?$/, part: 'request', at: /^\/translations$/, what: /must be object/, why: 'absent means null (contract 1.2)' },
  { operations: /SmsTemplates?$/, part: 'request', at: /^\/type$/, what: /allowed values/, why: 'any type is stored (contract 13.1)' },
  { operations: /SmsTemplates?$/, part: 'answer', at: /^(\/\d+)?\/type$/, what: /allowed values/, why: 'any type is stored (contract 13.1)' },
  { operations: /^listSmsTemplates$/, part: 'query', at: /^templateType$/, what: /allowed values/, why: 'and can be asked for (contract 13.2)' },
  { operations: /Factors?$/, part: 'answer', at: /^(\/\d+)?\/_links\/resend$/, what: /must be object/, why: 'a list of links with names (contract 1.4, 7.3)' },
  { operations: /^listSupportedFactors$/, part: 'answer', at: /^\/\d+\/_embedded\/phones$/, what: /must be object/, why: 'a list of phones (contract 8.2)' },
  { operations: /^verifyFactor$/, part: 'answer', at: /^\/profile\/(phone(Number|Extension)|credentialId|authenticatorName|version|deviceType|name|platform)$/, what: /must be object/, why: 'texts, as in the profile of the factor (contract 9.3, 9.4, 9.6, 9.8, 9.9)' },
  { operations: /Factors?$/, part: 'answer', at: /^(\/\d+)?\/(factorType|provider)$/, what: /allowed values/, why: 'recovery codes are a kind of our own, which nobody is told of until it is switched on' },
  { operations: /^enrollFactor$/, part: 'request', at: /^\/profile\/phoneNumber$/, what: /must match pattern|must NOT have more/, why: 'numbers are read as people write them (contract 9.3)' },
  { operations: /YubikeyOtpToken/, part: 'answer', at: /^(\/\d+)?\/profile\/serial$/, what: /must be object/, why: 'a text (contract 12.3)' },
  { operations: /^listYubikeyOtpTokens$/, part: 'query', at: /^filter$/, what: /allowed values/, why: 'an expression over these attributes (contract 5, 12.3)' },
  { operations: /^listYubikeyOtpTokens$/, part: 'answer', at: /^$/, what: /is not JSON/, why: 'forDownload=true answers CSV (contract 12.3)' },
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
  // policies (contract 14.2)
  'listPolicies', 'createPolicy', 'getPolicy', 'replacePolicy', 'deletePolicy',
  // a user's authenticator enrollments (contract 14.3)
  'listAuthenticatorEnrollments', 'createAuthenticatorEnrollment', 'createTacAuthenticatorEnrollment', 'getAuthenticatorEnrollment',
  'deleteAuthenticatorEnrollment',
]);
