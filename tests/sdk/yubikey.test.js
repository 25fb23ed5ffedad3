// YubiKeys that type OTPs, and their inventory (contract 9.11, 12.3). The SDK has no operation that removes a token.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all } from './lib/collections.js';
import { refuses } from './lib/errors.js';
import { onBothEngines } from './lib/server.js';
import { createUser } from './lib/users.js';
import { yubikey } from './lib/yubikey.js';

onBothEngines('YubiKeys', server => {
  const upload = seed => server.client.userFactorApi.uploadYubikeyOtpTokenSeed({ uploadYubikeyOtpTokenSeedRequest: seed });
  const enroll = (userId, passCode) => server.client.userFactorApi.enrollFactor({
    userId, body: { factorType: 'token:hardware', provider: 'YUBICO', verify: { passCode } },
  });

  test('A key is uploaded, enrolled by an OTP, verified and given back', async () => {
    const key = yubikey(7886622);
    const user = await createUser(server);

    const token = await upload(key.seed);
    assert.deepEqual([token.status, token.profile.serial], ['UNASSIGNED', '000007886622']);

    const factor = await enroll(user.id, key.touch());
    assert.deepEqual([factor.status, factor.vendorName, factor.profile.credentialId], ['ACTIVE', 'YUBICO', '000007886622']);
    const verify = passCode => server.client.userFactorApi.verifyFactor({ userId: user.id, factorId: factor.id, body: { passCode } });
    const [earlier, otp] = [key.touch(), key.touch()];
    assert.equal((await verify(otp)).factorResult, 'SUCCESS');
    await refuses(verify(otp), 403, 'E0000082');
    await refuses(verify(earlier), 403, 'E0000082');
    await refuses(verify(yubikey(7886622).touch()), 403, 'E0000068');

    const held = await server.newClient().userFactorApi.getYubikeyOtpTokenById({ tokenId: token.id });
    assert.equal(held.status, 'ACTIVE');
    assert.ok(held.lastVerified instanceof Date);
    await server.client.userFactorApi.unenrollFactor({ userId: user.id, factorId: factor.id });
    assert.equal((await server.newClient().userFactorApi.getYubikeyOtpTokenById({ tokenId: token.id })).status, 'UNASSIGNED');
    await refuses(enroll(user.id, otp), 403, 'E0000082');
    assert.equal((await enroll(user.id, key.touch())).status, 'ACTIVE');
  });

  test('Keys are listed page after page, in the order asked for', async () => {
    for (let serial = 1; serial <= 5; serial++) await upload(yubikey(serial).seed);
    const list = options => all(server.client.userFactorApi.listYubikeyOtpTokens(options));

    const tokens = await list({ limit: 2, sortBy: 'profile.serial', sortOrder: 'DESC', filter: 'profile.serial lt "6"' });
    assert.deepEqual(tokens.map(token => Number(token.profile.serial)), [5, 4, 3, 2, 1]);
    assert.ok((await list({ filter: 'status eq "UNASSIGNED"' })).every(token => token.status === 'UNASSIGNED'));
  });

  test('Malformed seeds and wrong OTPs are refused', async () => {
    const key = yubikey(7886700);
    const user = await createUser(server);
    await refuses(upload({ ...key.seed, aesKey: 'short' }), 400, 'E0000001');
    await refuses(upload({ serialNumber: '1' }), 400, 'E0000001');
    await refuses(enroll(user.id, key.touch()), 403, 'E0000068');
    await refuses(server.client.userFactorApi.getYubikeyOtpTokenById({ tokenId: 'ykk00000000000000000' }), 404, 'E0000007');
  });
});
