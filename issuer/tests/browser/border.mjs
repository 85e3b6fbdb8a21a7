// A border post: the trust list publishes, `hcert trust update` installs it, `hcert verify` says what is so.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const { WORK, HCERT, TRUST, TRUST_KEY } = process.env;

async function ask(method, path, body) {
    const answer = await fetch(`${TRUST}${path}`, {
        method,
        headers: { authorization: `Bearer ${TRUST_KEY}`, 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
    });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer.json();
}

/// Until the trust list has been told of so many revoked certificates, and of everything issued up to now.
export async function told(revoked) {
    const now = Date.now();
    for (const end = now + 120_000; ;) {
        const { coverage, slices } = await ask('GET', '/api/v1/issued');
        const whole = coverage.length >= 2 && coverage.every(kid => Date.parse(kid.complete_until) >= now);
        const known = slices.reduce((sum, slice) => sum + slice.revoked, 0);
        if (whole && known >= revoked) return known;
        assert.ok(Date.now() < end, `the trust list was not told: ${JSON.stringify({ coverage, slices })}`);
        await new Promise(done => setTimeout(done, 500));
    }
}

/// Publishes, takes the bundle, and verifies: the colours of the texts, in their order.
export async function verified(texts) {
    await ask('POST', '/api/v1/publish', {});
    const env = { ...process.env, HCERT_DATA_DIR: `${WORK}/border` };
    const root = ['--root', `${WORK}/trust/roots/1.cose`];
    execFileSync(HCERT, ['trust', 'update', `${TRUST}/trust`, ...root], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    const file = `${WORK}/codes.txt`;
    writeFileSync(file, texts.join('\n') + '\n');
    const done = spawnSync(HCERT, ['verify', '--format', 'json', file], { env });
    const verdicts = done.stdout.toString().trim().split('\n').map(line => JSON.parse(line));
    assert.equal(verdicts.length, texts.length);
    return verdicts.map(({ colour, failure }) => failure ? `${colour} ${failure.stage}` : colour);
}
