// The wallet's rules without a browser: whose certificates belong together, what is most useful, and the file.

import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';

const from = async name => import(pathToFileURL(`${process.env.WEB}/wallet/${name}`));
const { alike, decision, family, identityOf } = await from('family.js');
const { SHORTEST, examine, isSealed, lengthOf, open, seal, suggested } = await from('sealed.js');
const { content, contentOf } = await from('content.js');
const { shown } = await from('dom.js');

const NOW = Date.parse('2026-11-28T12:00:00Z');
let last = 0;
function certificate(name, birth, more = {}) {
    last += 1;
    return {
        id: String(last).padStart(4, '0'), added: NOW + last, state: 'valid', kind: 'vaccination', event: '2026-01-01', dose: 1,
        ...more, person: { name, birth, latin: more.latin ?? '' },
    };
}
const shape = ({ people, questions }) => [people.map(one => one.certificates.length), questions.length];

export const rules = {
    'the same name and birth date are one person, however it is composed and spaced'() {
        const all = [certificate('Nguyễn Văn Hùng', '2015-03-04'), certificate(' NGUYỄN  VĂN HÙNG'.normalize('NFD'), '2015-03-04')];
        assert.deepEqual(shape(family(all, [], NOW)), [[2], 0]);
    },
    'twins whose names differ by a tone are asked about, and never merged'() {
        const all = [certificate('Nguyễn Văn Hùng', '2015-03-04', { latin: 'NGUYEN VAN HUNG' }),
            certificate('Nguyễn Văn Hưng', '2015-03-04', { latin: 'NGUYEN VAN HUNG' })];
        assert.deepEqual(shape(family(all, [], NOW)), [[1, 1], 1]);
    },
    'a name without marks, another order, a missing middle name, day and month swapped: asked'() {
        for (const [name, birth] of [['DANG THI LAN', '1990-02-03'], ['Lan Đặng Thị', '1990-02-03'], ['Đặng Lan', '1990-02-03'],
            ['Đặng Thị Lan', '1990-03-02'], ['Đặng Thị Lam', '1990-02-03'], ['Đặng Thị Lan', '1990'], ['Đặng Thị Lan', '']]) {
            const all = [certificate('Đặng Thị Lan', '1990-02-03'), certificate(name, birth)];
            assert.deepEqual(shape(family(all, [], NOW)), [[1, 1], 1], `${name} ${birth}`);
        }
    },
    'others are others, without a question'() {
        for (const [name, birth] of [['Đặng Thị Lan', '1991-02-03'], ['Trần Văn Nam', '1990-02-03'], ['Đặng', '1990-02-03'], ['', '1990-02-03']]) {
            assert.equal(alike({ name: 'Đặng Thị Lan', birth: '1990-02-03' }, { name, birth }), false, `${name} ${birth}`);
        }
    },
    'who has no whole birth date is not merged by the name'() {
        const all = [certificate('Lê Thị Hoa', '1963'), certificate('Lê Thị Hoa', '1963')];
        assert.deepEqual(shape(family(all, [], NOW)), [[1, 1], 1]);
    },
    'decisions hold, are one for each pair, and what was parted is not joined by way of a third'() {
        const [a, b, c] = [certificate('Lê Thị Hoa', '1963-05-05'), certificate('LE THI HOA', '1963-05-05'), certificate('Lê Thị Hóa', '1963-05-05')];
        const [ka, kb, kc] = [a, b, c].map(one => identityOf(one.person, one.id));
        assert.deepEqual(decision(kb, ka, 'same', 1), decision(ka, kb, 'same', 1));
        assert.deepEqual(shape(family([a, b], [decision(ka, kb, 'same', 1)], NOW)), [[2], 0]);
        assert.equal(family([b, a], [decision(ka, kb, 'same', 1)], NOW).people[0].name, 'Lê Thị Hoa');
        assert.deepEqual(shape(family([a, b], [decision(ka, kb, 'other', 1)], NOW)), [[1, 1], 0]);
        const three = [decision(ka, kc, 'other', 1), decision(ka, kb, 'same', 2), decision(kb, kc, 'same', 3)];
        assert.deepEqual(shape(family([a, b, c], three, NOW)), [[2, 1], 0]);
    },
    'the newest in force stands on top; a test of last week below the vaccination'() {
        const all = [
            certificate('A B', '1990-01-01', { event: '2026-11-27', state: 'expired' }),
            certificate('A B', '1990-01-01', { event: '2026-01-01' }),
            certificate('A B', '1990-01-01', { event: '2026-11-20T08:00:00Z', kind: 'test' }),
            certificate('A B', '1990-01-01', { event: '2026-11-28T08:00:00Z', kind: 'test' }),
            certificate('A B', '1990-01-01', { event: '2026-06-01' }),
            certificate('A B', '1990-01-01', { event: '2026-11-01', state: 'unchecked' }),
        ];
        const order = family(all, [], NOW).people[0].certificates.map(one => all.indexOf(one));
        assert.deepEqual(order, [3, 4, 1, 2, 5, 0]);
    },
    'hundreds of certificates are grouped at once'() {
        const all = Array.from({ length: 500 }, (_, index) => certificate(`Nguyễn Thị Người ${index % 40}`, `19${50 + index % 40}-01-01`));
        const begun = performance.now();
        assert.equal(family(all, [], NOW).people.length, 40);
        assert.ok(performance.now() - begun < 1000);
    },

    'a name is one line of bounded length, and can\'t turn the writing around'() {
        assert.equal(shown(' Lan\u202e\u0000\n  Anh\ufeff '), 'Lan Anh');
        assert.equal(shown('Nguyê\u0303n'), 'Nguyễn');
        assert.equal([...shown('😀'.repeat(500))].length, 201);
        assert.equal(shown(null), '');
    },

    async 'a file opens with its passphrase, however that is composed, and with no other'() {
        const file = await seal({ wallet: 1, name: 'Ễ' }, 'mật khẩu rất dài');
        assert.ok(isSealed(file));
        assert.deepEqual(await open(file, ' mật khẩu rất dài\n'.normalize('NFD')), { wallet: 1, name: 'Ễ' });
        await assert.rejects(open(file, 'mật khẩu rất dai'), { code: 'passphrase' });
        assert.equal((file.length - 89) % 4096, 0);
        assert.ok(!Buffer.from(file).includes('wallet":'));
    },
    async 'two files of the same have nothing in common behind the version'() {
        const [one, two] = [await seal({}, 'the same phrase'), await seal({}, 'the same phrase')];
        assert.notDeepEqual(one.slice(13, 41), two.slice(13, 41));
        assert.notDeepEqual(one.slice(41, 80), two.slice(41, 80));
    },
    async 'any byte that changes, and any end that is missing, is damage and not a wrong passphrase'() {
        const file = await seal({ wallet: 1 }, 'the same phrase');
        for (let at = 8; at < file.length; at += at < 60 ? 1 : 97) {
            const bad = file.slice();
            bad[at] ^= 1;
            await assert.rejects(examine(bad), { code: at === 8 ? 'newer' : 'damaged' }, `byte ${at}`);
        }
        for (const length of [8, 9, 40, 88, 89, file.length - 1]) {
            await assert.rejects(examine(file.slice(0, length)), { code: 'damaged' }, `${length} bytes`);
        }
        for (const other of [new Uint8Array(0), new TextEncoder().encode('%PDF-1.7'), new Uint8Array(5000)]) {
            await assert.rejects(examine(other), { code: 'other' });
        }
    },
    async 'a count of rounds that would keep a phone busy for an hour is refused, with a right checksum too'() {
        const file = await seal({ wallet: 1 }, 'the same phrase');
        for (const rounds of [1, 99_999, 5_000_001, 0xffffffff]) {
            const bad = file.slice();
            new DataView(bad.buffer).setUint32(9, rounds);
            bad.set(new Uint8Array(await crypto.subtle.digest('SHA-256', bad.slice(0, -32))), bad.length - 32);
            await assert.rejects(open(bad, 'the same phrase'), { code: 'damaged' });
        }
    },
    'suggested passphrases are long, and never the same'() {
        const some = Array.from({ length: 50 }, suggested);
        assert.equal(new Set(some).size, 50);
        for (const one of some) assert.match(one, /^([0-9ACDEFGHJKMNPQRTVWXY]{5}-){3}[0-9ACDEFGHJKMNPQRTVWXY]{5}$/);
        assert.ok(lengthOf(some[0]) >= SHORTEST);
    },
    'the content is read as it was written, and nothing else is taken for it'() {
        const certificates = [{ text: 'HC1:ABC', added: NOW, person: { name: 'kept out' } }];
        const written = JSON.parse(JSON.stringify(content(certificates, [decision('b', 'a', 'same', NOW)], NOW)));
        assert.deepEqual(contentOf(written), { certificates: [{ text: 'HC1:ABC', added: NOW }], decisions: [{ a: 'a', b: 'b', says: 'same', at: NOW }] });
        assert.throws(() => contentOf({ ...written, wallet: 2 }), { code: 'newer' });
        for (const bad of [null, 5, [], {}, { wallet: 1 }, { ...written, certificates: [{}] }, { ...written, certificates: [{ text: 'x'.repeat(20_000) }] },
            { ...written, decisions: [{ a: 'b', b: 'a', says: 'same' }] }, { ...written, decisions: [{ a: 'a', b: 'b', says: 'perhaps' }] }]) {
            assert.throws(() => contentOf(bad), { code: 'content' }, JSON.stringify(bad)?.slice(0, 60));
        }
    },
};

let done = 0;
for (const [name, run] of Object.entries(rules)) {
    await Promise.resolve().then(run).catch(error => { throw new Error(name, { cause: error }); });
    done += 1;
}
console.log(`wallet, rules: ${done} held`);
