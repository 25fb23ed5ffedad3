// The security question (contract 8.3, 9.1).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all } from './lib/collections.js';
import { refuses } from './lib/errors.js';
import { onBothEngines } from './lib/server.js';
import { createUser } from './lib/users.js';

const question = (answer = 'lemmings', key = 'first_computer_game') => ({ factorType: 'question', provider: 'OKTA', profile: { question: key, answer } });

onBothEngines('The security question', server => {
  test('A question is active at once, verified by its answer, and never tells it', async () => {
    const { userFactorApi } = server.client;
    const { id: userId } = await createUser(server);

    const enrolled = await userFactorApi.enrollFactor({ userId, body: question(), updatePhone: false, tokenLifetimeSeconds: 300, activate: false });
    assert.equal(enrolled.status, 'ACTIVE');
    assert.deepEqual([enrolled.profile.question, enrolled.profile.questionText, enrolled.profile.answer],
      ['first_computer_game', 'What was the first computer game you played?', undefined]);

    const factor = { userId, factorId: enrolled.id };
    await refuses(userFactorApi.verifyFactor({ ...factor, body: { answer: 'worms' } }), 403, 'E0000068', "Your answer doesn't match our records. Please try again.");
    assert.equal((await userFactorApi.verifyFactor({ ...factor, body: { answer: ' Lemmings ' } })).factorResult, 'SUCCESS');
    await userFactorApi.unenrollFactor(factor);
    assert.deepEqual(await all(userFactorApi.listFactors({ userId })), []);
  });

  test('A question may be enrolled without a provider', async () => {
    const { id: userId } = await createUser(server);
    const { provider, ...body } = question();
    assert.equal((await server.client.userFactorApi.enrollFactor({ userId, body })).provider, provider);
  });

  test('A second question, an unknown key and a short answer are refused', async () => {
    const { userFactorApi } = server.client;
    const { id: userId } = await createUser(server);
    await refuses(userFactorApi.enrollFactor({ userId, body: question('abc') }), 400, 'E0000001', 'The security question answer must be at least 4 characters in length');
    await refuses(userFactorApi.enrollFactor({ userId, body: question('lemmings', 'no_such_question') }), 400, 'E0000001', 'Invalid Profile.');
    await userFactorApi.enrollFactor({ userId, body: question() });
    await refuses(userFactorApi.enrollFactor({ userId, body: question() }), 400, 'E0000001', 'A factor of this type is already set up.');
  });

  test('The nineteen questions are listed in their order', async () => {
    const { id: userId } = await createUser(server);
    const questions = await all(server.client.userFactorApi.listSupportedSecurityQuestions({ userId }));
    assert.equal(questions.length, 19);
    assert.deepEqual([questions[0].question, questions[0].questionText, questions[18].question],
      ['disliked_food', 'What is the food you least liked as a child?', 'favorite_sports_player']);
  });
});
