// Codes by SMS, call and mail (contract 9.3 to 9.5, 17.4), read from the outbox.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all } from './lib/collections.js';
import { refuses } from './lib/errors.js';
import { onBothEngines } from './lib/server.js';
import { createUser } from './lib/users.js';

// Published tests of clients send again at once, which a spacing of zero allows (contract 17.4).
const settings = { Countersign__SendLimits__SmsSpacing: '00:00:00', Countersign__SendLimits__CallSpacing: '00:00:00', Countersign__SendLimits__EmailSpacing: '00:00:00' };
let next = 100;
const phone = () => `+1415555${next++}0`;

onBothEngines('Codes', server => {
  for (const factorType of ['sms', 'call', 'email']) {
    test(`A ${factorType} factor is enrolled, sent again, activated, challenged, verified and unenrolled`, async () => {
      const { userFactorApi } = server.client;
      const { id: userId, profile } = await createUser(server);
      const recipient = factorType === 'email' ? profile.email : phone();
      const body = { factorType, provider: 'OKTA', profile: factorType === 'email' ? { email: recipient } : { phoneNumber: recipient } };

      const enrolled = await userFactorApi.enrollFactor({ userId, body });
      assert.equal(enrolled.status, 'PENDING_ACTIVATION');
      const factor = { userId, factorId: enrolled.id };
      const first = await server.codeOf(recipient);
      const resent = await userFactorApi.resendEnrollFactor({ ...factor, resendUserFactor: {} });
      assert.equal(resent.id, enrolled.id);
      const second = await server.codeOf(recipient);
      if (first !== second) {
        await refuses(userFactorApi.activateFactor({ ...factor, body: { passCode: first } }), 403, 'E0000068');
      }
      const activated = await userFactorApi.activateFactor({ ...factor, body: { passCode: second } });
      assert.equal(activated.status, 'ACTIVE');

      const challenged = await userFactorApi.verifyFactor({ ...factor, body: {}, tokenLifetimeSeconds: 600, acceptLanguage: 'de' });
      assert.equal(challenged.factorResult, 'CHALLENGE');
      const code = await server.codeOf(recipient);
      assert.equal((await userFactorApi.verifyFactor({ ...factor, body: { passCode: code } })).factorResult, 'SUCCESS');
      await refuses(userFactorApi.verifyFactor({ ...factor, body: { passCode: code } }), 403, 'E0000068',
        "Your passcode doesn't match our records. Please try again.");

      await userFactorApi.unenrollFactor(factor);
      await refuses(server.newClient().userFactorApi.getFactor(factor), 404, 'E0000007');
    });
  }

  test('A mail factor made active at once is challenged without an answer', async () => {
    const { userFactorApi } = server.client;
    const { id: userId, profile } = await createUser(server);
    const enrolled = await userFactorApi.enrollFactor({ userId, activate: true, body: { factorType: 'email', provider: 'OKTA', profile: { email: profile.email } } });
    assert.equal(enrolled.status, 'ACTIVE');
    assert.equal((await userFactorApi.verifyFactor({ userId, factorId: enrolled.id, body: {} })).factorResult, 'CHALLENGE');
  });

  test('A call and then a question are listed with the question first', async () => {
    const { userFactorApi } = server.client;
    const { id: userId } = await createUser(server);
    await userFactorApi.enrollFactor({ userId, body: { factorType: 'call', provider: 'OKTA', profile: { phoneNumber: '162 840 01133\u202c' } } });
    await userFactorApi.enrollFactor({ userId, body: { factorType: 'question', provider: 'OKTA', profile: { question: 'disliked_food', answer: 'mayonnaise' } } });
    assert.deepEqual((await all(userFactorApi.listFactors({ userId }))).map(({ factorType }) => factorType), ['question', 'call']);
  });

  test('SMS templates are made, listed, changed, replaced, used and removed', async () => {
    const { templateApi, userFactorApi } = server.client;
    const template = '${org.name}: your code is ${code}';
    const made = await templateApi.createSmsTemplate({ smsTemplate: { name: 'Shop', type: 'SMS_VERIFY_CODE', template, translations: { de: '${org.name}: Ihr Code ist ${code}' } } });
    assert.equal(made.translations.de, '${org.name}: Ihr Code ist ${code}');
    const templateId = made.id;
    const listed = await all(templateApi.listSmsTemplates({ templateType: 'SMS_VERIFY_CODE' }));
    assert.deepEqual(listed.map(({ id }) => id), ['default', templateId]);
    assert.equal((await templateApi.getSmsTemplate({ templateId })).template, template);
    await refuses(templateApi.createSmsTemplate({ smsTemplate: { name: 'Second', type: 'SMS_VERIFY_CODE', template } }), 400, 'E0000001');
    await refuses(templateApi.createSmsTemplate({ smsTemplate: { name: 'No code', type: 'OTHER', template: 'Hello' } }), 400, 'E0000001');

    const { id: userId } = await createUser(server);
    const phoneNumber = phone();
    const enrolled = await userFactorApi.enrollFactor({ userId, templateId, acceptLanguage: 'fr, de;q=0.5', body: { factorType: 'sms', provider: 'OKTA', profile: { phoneNumber } } });
    assert.equal(enrolled.status, 'PENDING_ACTIVATION');
    assert.match((await server.messageTo(phoneNumber)).text, /^Countersign: Ihr Code ist \d{6}$/);

    const updated = await templateApi.updateSmsTemplate({ templateId, smsTemplate: { translations: { de: '', fr: 'Votre code est ${code}' } } });
    assert.deepEqual(Object.keys(updated.translations), ['fr']);
    const replaced = await templateApi.replaceSmsTemplate({ templateId, smsTemplate: { name: 'Shop', type: 'MY_TYPE', template: 'Code: ${code}' } });
    assert.equal(replaced.translations, undefined);
    await templateApi.deleteSmsTemplate({ templateId });
    await templateApi.deleteSmsTemplate({ templateId });
    await refuses(server.newClient().templateApi.getSmsTemplate({ templateId }), 404, 'E0000007');
    await templateApi.deleteSmsTemplate({ templateId: 'default' });
    assert.equal((await templateApi.getSmsTemplate({ templateId: 'default' })).template, 'Your verification code is ${code}.');
  });
}, settings);
