// The scan page at a door: films of printed codes, a reader that types, pictures, PDF; the server goes away; new
// versions and old trust lists come.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { blank, film } from './camera.mjs';
import { Gate, seen, troubles } from './gate.mjs';
import { Place, version } from './place.mjs';
import { HOSTILE, LONG, create, picture, symbol } from './world.mjs';

const { WEB, WORK, SAMPLE_PDF, ONLY } = process.env;
const said = (...words) => console.log(...words);
const DAY_MS = 24 * 3600_000;

const { texts, site } = await create(`${WORK}/world`);
const [FIRST, SECOND] = site.sequences.map(sequence => `số ${sequence}`);
const config = { bundle: '/bundle/', claim: null, environment: 'test', root: readFileSync(site.root).toString('base64') };
const films = Object.fromEntries(['good', 'forged', 'stranger'].map(name => [name, `${WORK}/${name}.y4m`]));
for (const name of Object.keys(films)) film(films[name], [symbol(texts[name])]);
films.table = `${WORK}/table.y4m`;
blank(films.table);

const NO_RETURN = { 'hcert.verify': { seconds: 0 } };
const places = [];
const place = async (over = {}) => {
    const one = await new Place({ web: WEB, site: site.second, config, ...over }).start(over.port);
    places.push(one);
    return one;
};

/// Nothing of anybody who was scanned is anywhere in the browser.
async function keepsNothing(gate, what) {
    const kept = await gate.stored();
    assert.ok(kept.includes('hcert-pages') && kept.includes('hcert.totals'), 'the look into the store sees nothing at all');
    for (const word of ['Nguyễn', 'Văn Đức', 'Trần', 'Bích', '1998-02-26', '26/02/1998', 'URN:UVCI:01:VN:TEST', 'HC1:6BF', texts.good.slice(4, 40)]) {
        assert.ok(!kept.includes(word), `${what}: the browser keeps “${word}”`);
    }
    const left = await gate.page.evaluate(() => ['#name', '#birth', '#why', '#spoken', '#facts'].map(id => document.querySelector(id).textContent).join(''));
    assert.equal(left, '', 'the document keeps who was scanned');
}

/// In the page, before anything else: notes what the device is asked for.
function listen() {
    const heard = globalThis.heard = { buzzes: [], tones: [], loudest: [], ended: 0, lights: [], locks: [], awake: 0, broken: false };
    Object.defineProperty(Navigator.prototype, 'vibrate', { value: pattern => heard.buzzes.push(pattern) });
    const request = WakeLock.prototype.request;
    WakeLock.prototype.request = async function (kind) {
        const lock = await request.call(this, kind);
        heard.locks.push(lock);
        heard.awake += 1;
        lock.addEventListener('release', () => { heard.awake -= 1; });
        return lock;
    };
    const create = BaseAudioContext.prototype.createOscillator;
    BaseAudioContext.prototype.createOscillator = function () {
        const tone = create.call(this);
        const start = tone.start;
        tone.start = function (at) {
            heard.tones.push(tone.frequency.value);
            return start.call(this, at);
        };
        tone.addEventListener('ended', () => { heard.ended += 1; });
        return tone;
    };
    const connect = AudioNode.prototype.connect;
    AudioNode.prototype.connect = function (to, ...rest) {
        if (to === this.context.destination) {
            const ear = this.context.createAnalyser();
            ear.fftSize = 4096;
            ear.smoothingTimeConstant = 0;
            connect.call(this, ear);
            const bins = new Uint8Array(ear.frequencyBinCount);
            const listening = setInterval(() => {
                ear.getByteFrequencyData(bins);
                const loudest = Math.max(...bins);
                if (loudest > 100) heard.loudest.push(Math.round(bins.indexOf(loudest) * this.context.sampleRate / ear.fftSize));
            }, 20);
            setTimeout(() => clearInterval(listening), 2000);
        }
        return connect.call(this, to, ...rest);
    };
    const can = MediaStreamTrack.prototype.getCapabilities;
    MediaStreamTrack.prototype.getCapabilities = function () { return { ...can?.call(this), torch: true }; };
    const apply = MediaStreamTrack.prototype.applyConstraints;
    MediaStreamTrack.prototype.applyConstraints = async function (wanted) {
        const light = wanted?.advanced?.[0]?.torch;
        if (light === undefined) return apply.call(this, wanted);
        if (heard.broken) throw new OverconstrainedError('torch');
        heard.lights.push(light);
    };
}

const tests = {
    /// A printed code that moves, tilts and is out of focus at first turns green; the page goes back by itself.
    async camera() {
        const door = await place();
        const gate = await Gate.open(door.url, { camera: films.good, set: { 'hcert.verify': { seconds: 3 } } });
        await gate.go();
        const answer = await gate.answer();
        assert.equal(answer.colour, 'green');
        assert.equal(answer.word, 'HỢP LỆ');
        assert.equal(answer.name, 'Nguyễn Văn Đức');
        assert.match(answer.birth, /26\/02\/1998/);
        assert.match(answer.revocation, /không bị thu hồi/);
        assert.match(answer.spoken, /HỢP LỆ.*Nguyễn Văn Đức.*26\/02\/1998/);
        // By itself, and the same code that is still there is not answered anew.
        await gate.page.waitForSelector('#answer', { state: 'hidden' });
        await gate.page.waitForFunction(() => document.querySelector('#hint').textContent.includes('vừa quét'));
        await gate.page.waitForTimeout(1500);
        assert.equal(await gate.page.isHidden('#answer'), true);
        assert.match(await gate.text('#totals'), /✓ 1 · ⚠ 0 · ✕ 0/);
        await keepsNothing(gate, 'after a film');
        await gate.close();
    },

    async forgedFilm() {
        const door = await place();
        const gate = await Gate.open(door.url, { camera: films.forged, set: NO_RETURN });
        await gate.go();
        const answer = await gate.answer();
        assert.deepEqual([answer.colour, answer.word, answer.name, answer.birth], ['red', 'KHÔNG HỢP LỆ', '', '']);
        assert.match(answer.why, /Chữ ký không đúng/);
        await gate.look('red-signature');
        await gate.close();
    },

    async strangerFilm() {
        const door = await place();
        const gate = await Gate.open(door.url, { camera: films.stranger, set: NO_RETURN, scheme: 'dark' });
        await gate.go();
        const answer = await gate.answer();
        assert.equal(answer.colour, 'red');
        assert.match(answer.why, /Không rõ nơi cấp/);
        assert.match(answer.todo, /cập nhật danh sách tin cậy/);
        await gate.look('red-unknown-signer', ['412']);
        await gate.close();
    },

    /// Every answer, by a reader that types; hostile names stay text.
    async reader() {
        const door = await place();
        const gate = await Gate.open(door.url, { camera: films.table, set: NO_RETURN });
        await (await gate.go()).ready();
        assert.match(await gate.text('#trust'), /Danh sách tin cậy: /);
        assert.ok((await gate.text('#trust')).includes(SECOND));
        assert.equal(await gate.page.isVisible('#test'), true);
        await gate.look('searching');
        const good = await gate.typed(texts.good, 'green');
        assert.deepEqual([good.colour, good.repeat], ['green', '']);
        const half = await gate.typed(texts.half, 'amber-not-enough');
        assert.deepEqual([half.colour, half.word], ['amber', 'CHƯA ĐỦ']);
        assert.match(half.why, /Phải tiêm đủ số mũi/);
        const unlisted = await gate.typed(texts.unlisted, 'amber-revocation-unknown', ['320', '412']);
        assert.deepEqual([unlisted.colour, unlisted.word], ['amber', 'KHÔNG XÁC ĐỊNH']);
        assert.match(unlisted.revocation, /Chưa kiểm tra được/);
        const revoked = await gate.typed(texts.revoked, 'red-revoked', ['320', '412']);
        assert.deepEqual([revoked.colour, revoked.name], ['red', '']);
        assert.match(revoked.why, /thu hồi/);
        const expired = await gate.typed(texts.expired, 'red-expired', ['320', '412']);
        assert.match(expired.why, /hết hạn ngày \d\d\/\d\d\/\d{4}/);
        const foreign = await gate.typed('HTTPS://EXAMPLE.ORG/A-PLACE-CODE');
        assert.match(foreign.why, /không phải giấy chứng nhận/);
        const cut = await gate.typed(texts.good.slice(0, 200));
        assert.equal(cut.colour, 'red');
        const long = await gate.typed(texts.long, 'green-long-name');
        assert.deepEqual([long.name, long.birth.replace('Ngày sinh', '')], [LONG, '1992']);
        const hostile = await gate.typed(texts.hostile, 'hostile-name', ['320', '412']);
        assert.ok(hostile.name.startsWith(HOSTILE), hostile.name);
        assert.equal(hostile.colour, 'green');
        assert.match(await gate.page.title(), /^Quét giấy chứng nhận/);
        assert.equal(await gate.page.locator('#answer img, #answer script, #answer b').count(), 0);
        // Caps lock turns a reader's capitals into small letters; nothing is lost by it.
        assert.equal((await gate.typed(texts.other.toLowerCase())).colour, 'green');
        // A Vietnamese typing method does lose something.
        await gate.page.evaluate(text => [...text, 'Enter'].forEach(key => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))), texts.other.replace('A', 'Â'));
        await gate.page.waitForFunction(() => document.querySelector('#hint').textContent.includes('Telex'));
        // The same one again.
        await gate.type(texts.good);
        assert.match((await gate.answer()).repeat, /đã quét .* trước/);
        await gate.look('green-again', ['320', '412']);
        await gate.page.click('#more summary');
        await gate.look('details', ['320']);
        await gate.next();
        assert.match(await gate.text('#totals'), /✓ 5 · ⚠ 2 · ✕ 4/);
        await keepsNothing(gate, 'after a reader');
        await gate.close();
    },

    /// A list past its soft expiry is amber, past its hard one too, and a clock that is behind is said to be wrong.
    async clock() {
        const door = await place();
        const gate = await Gate.open(door.url, { camera: films.table, set: NO_RETURN });
        await (await gate.go()).ready();
        const at = async (milliseconds, network) => {
            door.site = network ? site.second : '/nowhere';
            await gate.page.clock.setSystemTime(Date.now() + milliseconds);
            await gate.page.reload();
            await gate.ready();
        };
        await at(5 * DAY_MS);
        assert.match(await gate.text('#trust'), /đã cũ/);
        const stale = await gate.typed(texts.good, 'amber-old-list');
        assert.deepEqual([stale.colour, stale.word, stale.name], ['amber', 'KHÔNG XÁC ĐỊNH', 'Nguyễn Văn Đức']);
        assert.match(stale.why, /đã cũ/);
        await gate.look('searching-old-list', ['320', '412']);
        await at(40 * DAY_MS);
        assert.match(await gate.text('#trust'), /hết hạn/);
        assert.match((await gate.typed(texts.good, 'amber-expired-list')).why, /hết hạn/);
        await at(-3 * DAY_MS);
        assert.match(await gate.text('#clock'), /Đồng hồ máy này sai/);
        await gate.look('clock-wrong', ['320', '412']);
        const behind = await gate.typed(texts.good);
        assert.notEqual(behind.colour, 'green');
        await gate.close();
    },

    /// The server is gone for good: after a reload, and after the browser was closed, it still verifies.
    async offline() {
        const door = await place();
        let gate = await Gate.open(door.url, { camera: films.good, set: NO_RETURN, quiet: [/Failed to load resource/, /net::ERR/] });
        await gate.go();
        assert.equal((await gate.answer()).colour, 'green');
        await door.stop();
        await gate.page.reload();
        assert.equal((await gate.answer()).colour, 'green');
        await gate.look('green-no-server', ['412']);
        await gate.context.setOffline(true);
        await gate.page.reload();
        assert.equal((await gate.answer()).colour, 'green');
        await gate.next();
        assert.match(await gate.text('#trust'), /không có mạng/);
        const { profile } = gate;
        await gate.close();
        gate = await Gate.open(door.url, { camera: films.forged, profile, set: NO_RETURN, quiet: [/Failed to load resource/, /net::ERR/] });
        await gate.go();
        assert.match((await gate.answer()).why, /Chữ ký không đúng/);
        await gate.close();
    },

    /// A new version comes in the background and is used when asked for, or by itself when nobody is there. One that
    /// is not what its list says is never used.
    async versions() {
        const next = `${WORK}/web-next`;
        version(WEB, next, (path, bytes) => path === 'verify/languages/vi.js' ? Buffer.from(bytes.toString().replace('Đưa mã QR vào khung', 'Bản mới: đưa mã QR vào khung')) : null);
        const door = await place();
        const gate = await Gate.open(door.url, { camera: films.table, set: NO_RETURN, quiet: [/./] });
        await (await gate.go()).ready();
        const update = () => gate.page.evaluate(async () => { const one = await navigator.serviceWorker.getRegistration(); await one.update().catch(() => {}); });
        // On its way somebody changed one byte of the module.
        door.web = next;
        const module = readFileSync(`${next}/module/verifier_wasm_bg.wasm`);
        const bytes = Buffer.from(module);
        bytes[bytes.length - 100] ^= 1;
        version(WEB, `${WORK}/web-other`, (path, old) => path === 'module/verifier_wasm_bg.wasm' ? Buffer.concat([old, Buffer.from([0, 4, 3, 97, 98, 99])]) : null);
        door.web = `${WORK}/web-other`;
        door.altered.set('/module/verifier_wasm_bg.wasm', bytes);
        await update();
        await gate.page.waitForTimeout(1500);
        assert.equal(await gate.page.evaluate(async () => (await caches.keys()).filter(name => name.startsWith('hcert-pages')).length), 1, 'a version that is not what its list says stays');
        await gate.page.reload();
        await gate.ready();
        assert.equal((await gate.typed(texts.good)).colour, 'green');
        // The real new one.
        door.altered.clear();
        door.web = next;
        await update();
        await gate.page.waitForSelector('#newer:not([hidden])');
        assert.match(await gate.text('#hint'), /^Đưa mã/);
        await gate.look('new-version', ['320', '412']);
        await Promise.all([gate.page.waitForNavigation(), gate.page.click('#newer button')]);
        await gate.ready();
        await gate.page.waitForFunction(() => document.querySelector('#hint').textContent.startsWith('Bản mới'));
        assert.equal(await gate.page.evaluate(async () => (await caches.keys()).filter(name => name.startsWith('hcert-pages')).length), 1, 'the version before is still there');
        // By itself, when nobody was served for a while.
        door.web = WEB;
        await update();
        await gate.page.waitForSelector('#newer:not([hidden])');
        await gate.page.waitForFunction(() => document.querySelector('#hint').textContent.startsWith('Đưa mã'), null, { timeout: 60_000 });
        await gate.close();
    },

    /// On a first visit, too, a module with one changed byte is not used.
    async changedByte() {
        const door = await place();
        const bytes = Buffer.from(readFileSync(`${WEB}/module/verifier_wasm_bg.wasm`));
        bytes[bytes.length - 100] ^= 1;
        door.altered.set('/module/verifier_wasm_bg.wasm', bytes);
        const gate = await Gate.open(door.url, { camera: films.good, quiet: [/./] });
        await (await gate.go()).ready('no');
        assert.match(await gate.text('#trouble'), /không đúng như bản đã phát hành/);
        await gate.look('refused');
        await gate.page.waitForTimeout(1000);
        assert.equal(await gate.page.isHidden('#answer'), true);
        assert.equal(await gate.page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.active)), false);
        await gate.close();
    },

    /// A first visit takes the scripts in one answer, each compared with the list: one that is not right there, or all,
    /// are asked for by themselves.
    async scriptsAtOnce() {
        const scripts = JSON.parse(readFileSync(`${WEB}/scripts.json`, 'utf8'));
        const changed = { ...scripts, 'wallet/wallet.js': `${scripts['wallet/wallet.js']}alert(1);` };
        for (const [altered, asked] of [[null, []], [JSON.stringify(changed), ['/wallet/wallet.js']], ['no JSON', ['/wallet/wallet.js', '/wallet/store.js']]]) {
            const door = await place();
            if (altered) door.altered.set('/scripts.json', Buffer.from(altered));
            const gate = await Gate.open(door.url, { camera: films.table, set: NO_RETURN });
            await (await gate.go()).ready();
            // The scan page itself asks for none of these.
            assert.deepEqual(['/wallet/wallet.js', '/wallet/store.js'].filter(path => door.asked.includes(path)), asked);
            const kept = await gate.page.evaluate(async () => {
                const cache = await caches.open((await caches.keys()).find(name => name.startsWith('hcert-pages')));
                const response = await cache.match('/wallet/wallet.js');
                return { text: await response.text(), type: response.headers.get('content-type'), policy: response.headers.get('content-security-policy') };
            });
            assert.equal(kept.text, scripts['wallet/wallet.js']);
            assert.match(kept.type, /^text\/javascript/);
            assert.match(kept.policy, /script-src 'self'/);
            await door.stop();
            await gate.page.goto(`${door.url}/wallet/`);
            // The scripts as kept serve the other page, without a server.
            await gate.page.waitForSelector('body[data-screen=home]');
            await gate.close();
        }
    },

    /// The trust list is brought up to date in the background, and never to an older one.
    async trustList() {
        const door = await place({ site: site.first });
        const gate = await Gate.open(door.url, { camera: films.table, set: NO_RETURN });
        await (await gate.go()).ready();
        await gate.trust(FIRST);
        assert.equal((await gate.typed(texts.revoked)).colour, 'green');
        const update = async () => {
            await gate.page.click('#set');
            await gate.page.click('#set-update');
            await gate.page.waitForFunction(() => document.querySelector('#set-updated').textContent !== '');
            const text = await gate.text('#set-updated');
            await gate.page.click('#set-close');
            return text;
        };
        door.site = site.second;
        assert.match(await update(), /Đã cập nhật/);
        await gate.trust(SECOND);
        assert.equal((await gate.typed(texts.revoked)).colour, 'red');
        assert.match(await update(), /mới nhất/);
        door.site = site.first;
        assert.match(await update(), /Chưa cập nhật được/);
        await gate.trust(SECOND);
        await gate.page.reload();
        await gate.ready();
        await gate.trust(SECOND);
        assert.equal((await gate.typed(texts.revoked)).colour, 'red');
        await gate.close();
        // Without any list it can't say.
        const bare = await place({ site: '/nowhere' });
        const first = await Gate.open(bare.url, { camera: films.table, set: NO_RETURN, quiet: [/404/] });
        await (await first.go()).ready();
        const blind = await first.typed(texts.good, 'amber-no-list');
        assert.deepEqual([blind.colour, blind.name], ['amber', '']);
        assert.match(blind.why, /chưa có danh sách tin cậy/);
        // A page that is open hears of the list once there is one.
        bare.site = site.second;
        await first.page.evaluate(() => dispatchEvent(new Event('online')));
        await first.trust(SECOND);
        await first.close();
    },

    /// Pictures, PDF, paste, drop.
    async filesAndPaste() {
        const door = await place();
        const gate = await Gate.open(door.url, { camera: films.table, set: NO_RETURN });
        await (await gate.go()).ready();
        const pick = async (path, look) => {
            await gate.page.setInputFiles('#file', path);
            const answer = await gate.answer();
            if (look) await gate.look(look, ['412']);
            await gate.next();
            return answer;
        };
        picture(texts.good, `${WORK}/good.png`);
        assert.equal((await pick(`${WORK}/good.png`)).name, 'Nguyễn Văn Đức');
        writeFileSync(`${WORK}/good.txt`, `${texts.other}\n`);
        assert.equal((await pick(`${WORK}/good.txt`)).name, 'Trần Thị Bích Ngọc');
        // A page that a browser printed, and the sheet of our own issuer. Two people's codes in one picture are no answer.
        const printer = await gate.context.newPage();
        const svg = text => execFileSync(process.env.HCERT, ['qr', text, '--svg', '-']).toString();
        await printer.setContent(`<!doctype html><title>x</title><h1>Giấy chứng nhận</h1>${svg(texts.good)}`);
        await printer.pdf({ path: `${WORK}/good.pdf`, format: 'A4' });
        await printer.setContent(`<!doctype html><title>x</title>${svg(texts.good)} ${svg(texts.other)}`);
        await printer.screenshot({ path: `${WORK}/two.png`, fullPage: true });
        await printer.close();
        await gate.page.setInputFiles('#file', `${WORK}/two.png`);
        await gate.page.waitForFunction(() => document.querySelector('#hint').textContent.includes('nhiều người'));
        assert.equal(await gate.page.isHidden('#answer'), true);
        await gate.look('two-people', ['412']);
        assert.equal((await pick(`${WORK}/good.pdf`)).name, 'Nguyễn Văn Đức');
        assert.ok(door.asked.includes('/documents/documents_bg.wasm'));
        if (SAMPLE_PDF && existsSync(SAMPLE_PDF)) assert.equal((await pick(SAMPLE_PDF)).colour !== undefined, true);
        // Nothing in it, and no picture at all.
        writeFileSync(`${WORK}/odd.bin`, Buffer.from([0, 1, 2, 3, 0, 255]));
        await gate.page.setInputFiles('#file', `${WORK}/odd.bin`);
        await gate.page.waitForFunction(() => document.querySelector('#hint').textContent.includes('Không đọc được tệp'));
        writeFileSync(`${WORK}/broken.pdf`, '%PDF-1.7\nnothing');
        await gate.page.setInputFiles('#file', `${WORK}/broken.pdf`);
        await gate.page.waitForFunction(() => document.querySelector('#hint').textContent.includes('PDF này'));
        // Paste into the box, and anywhere.
        await gate.page.click('#paste');
        await gate.page.click('#check');
        assert.match(await gate.text('#paste-error'), /Chưa có nội dung/);
        await gate.look('paste');
        await gate.page.fill('#pasted', ` ${texts.good}\n`);
        await gate.page.click('#check');
        assert.equal((await gate.answer()).colour, 'green');
        await gate.next();
        assert.equal(await gate.page.inputValue('#pasted'), '');
        await gate.page.evaluate(text => {
            const data = new DataTransfer();
            data.setData('text', text);
            document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        }, texts.other);
        assert.equal((await gate.answer()).name, 'Trần Thị Bích Ngọc');
        await gate.next();
        await keepsNothing(gate, 'after pictures');
        await gate.close();
    },

    /// Settings: English, initials, large text, kiosk.
    /// Light, sound, vibration and a screen that stays on. The browser's own sound and wake lock, listened to; light and
    /// vibration stand in for a device that has them.
    async device() {
        const door = await place();
        const gate = await Gate.open(door.url, { camera: films.table, set: NO_RETURN, init: listen });
        // A phone asks nobody; without a screen of its own the browser would say no.
        const client = await gate.context.newCDPSession(gate.page);
        await client.send('Browser.grantPermissions', { origin: gate.origin, permissions: ['wakeLockScreen', 'videoCapture'] });
        await (await gate.go()).ready();
        const heard = () => gate.page.evaluate(() => globalThis.heard);
        // Nothing sounds before a touch or a key.
        assert.deepEqual((await heard()).tones, []);
        assert.equal((await heard()).awake, 1, 'the screen is kept on');
        for (const [code, colour, buzz, pitches] of [
            [texts.good, 'green', [80], [1320]], [texts.forged, 'red', [600], [220]], [texts.unlisted, 'amber', [120, 100, 120], [660, 660]],
        ]) {
            await gate.page.evaluate(() => Object.assign(globalThis.heard, { buzzes: [], tones: [], loudest: [] }));
            assert.equal((await gate.typed(code)).colour, colour);
            // What came out of the loudspeaker, not what was meant to.
            await gate.page.waitForFunction(count => globalThis.heard.ended >= count, pitches.length);
            const { buzzes, tones, loudest } = await heard();
            assert.deepEqual(buzzes, [buzz]);
            assert.deepEqual(tones, pitches);
            assert.ok(loudest.some(pitch => Math.abs(pitch - pitches[0]) < 40), `${colour}: heard ${loudest}`);
        }
        await gate.page.click('#set');
        await gate.page.uncheck('#set-sound');
        await gate.page.uncheck('#set-vibrate');
        await gate.page.click('#set-close');
        await gate.page.evaluate(() => Object.assign(globalThis.heard, { buzzes: [], tones: [] }));
        await gate.typed(texts.good);
        assert.deepEqual([(await heard()).buzzes, (await heard()).tones], [[], []]);
        // Light: on, off, and off again in words when the camera does not obey.
        await gate.page.click('#torch');
        assert.equal(await gate.page.getAttribute('#torch', 'aria-pressed'), 'true');
        await gate.look('torch', ['320']);
        await gate.page.click('#torch');
        assert.equal(await gate.page.getAttribute('#torch', 'aria-pressed'), 'false');
        assert.deepEqual((await heard()).lights, [true, false]);
        await gate.page.evaluate(() => { globalThis.heard.broken = true; });
        await gate.page.click('#torch');
        assert.equal(await gate.page.getAttribute('#torch', 'aria-pressed'), 'false');
        // A lock that the system took is asked for again when the page comes back.
        await gate.page.evaluate(() => globalThis.heard.locks.at(-1).release());
        await gate.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
        await gate.page.waitForFunction(() => globalThis.heard.awake === 1 && globalThis.heard.locks.length > 1);
        await gate.close();
        await door.stop();
    },

    async settings() {
        const door = await place();
        const gate = await Gate.open(door.url, { camera: films.table, set: NO_RETURN });
        await (await gate.go()).ready();
        await gate.page.click('#set');
        await gate.look('settings');
        await gate.page.selectOption('#set-language', 'en');
        await gate.page.waitForFunction(() => document.documentElement.lang === 'en');
        await gate.page.check('#set-initials');
        await gate.look('settings-english', ['320']);
        await gate.page.click('#set-close');
        await gate.page.waitForFunction(() => document.querySelector('#hint').textContent.startsWith('Hold'));
        const answer = await gate.typed(texts.good, 'initials-english');
        assert.deepEqual([answer.word, answer.name, answer.birth.replace('Date of birth', '')], ['VALID', 'N. V. Đ.', '26/02']);
        assert.ok(!(await gate.page.content()).includes('Đức'));
        await gate.page.click('#set');
        await gate.page.uncheck('#set-initials');
        await gate.page.selectOption('#set-text', 'largest');
        await gate.page.selectOption('#set-theme', 'light');
        await gate.look('settings-largest', ['320', '412']);
        await gate.page.click('#set-close');
        await gate.look('searching-largest', ['320', '412']);
        await gate.typed(texts.long, 'green-largest');
        // Kiosk: nothing to press but the way out.
        await gate.page.click('#set');
        await gate.page.selectOption('#set-text', 'normal');
        await gate.page.click('#set-kiosk');
        await gate.page.waitForSelector('#unlock:not([hidden])');
        assert.equal(await gate.page.isHidden('#controls'), true);
        await gate.look('kiosk');
        await gate.typed(texts.good, 'kiosk-green');
        await gate.page.reload();
        await gate.ready();
        assert.equal(await gate.page.isHidden('#controls'), true);
        await gate.page.click('#unlock');
        assert.equal(await gate.page.isHidden('#controls'), true);
        await gate.page.click('#unlock', { delay: 3300 });
        await gate.page.waitForSelector('#controls', { state: 'visible' });
        await gate.close();
    },

    /// No camera: says what to do, and the reader works.
    async noCamera() {
        const door = await place();
        const gate = await Gate.open(door.url, { set: NO_RETURN });
        await (await gate.go()).ready();
        assert.match(await gate.text('#trouble'), /không có máy ảnh|chưa cho dùng máy ảnh/);
        await gate.look('no-camera');
        assert.equal((await gate.typed(texts.good)).colour, 'green');
        await gate.close();
    },

    /// A browser's own reader of codes is used where there is one, and ours where it finds nothing.
    async ownReader() {
        const door = await place();
        for (const [finds, counts] of [[texts.good, true], [null, false]]) {
            const gate = await Gate.open(door.url, { camera: finds ? films.table : films.good, set: NO_RETURN, init: `globalThis.BarcodeDetector = class {
                static getSupportedFormats() { return Promise.resolve(['qr_code']); }
                detect() { globalThis.detected = (globalThis.detected ?? 0) + 1; return Promise.resolve(${finds ? `[{ rawValue: ${JSON.stringify(finds)} }]` : '[]'}); }
            };` });
            await gate.go();
            assert.equal((await gate.answer()).colour, 'green');
            assert.ok(await gate.page.evaluate(() => globalThis.detected > 0), String(counts));
            await gate.close();
        }
    },

    async choice() {
        const door = await place();
        const gate = await Gate.open(door.url);
        await gate.go('/');
        await gate.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
        await gate.look('choice');
        await gate.close();
    },
};

for (const [name, test] of Object.entries(tests)) {
    if (ONLY && !ONLY.split(',').includes(name)) continue;
    const begun = Date.now();
    try {
        await test();
    } catch (error) {
        troubles.push(`${name}: ${error.stack}`);
    }
    for (const one of places.splice(0)) await one.stop().catch(() => {});
    said(`${troubles.length ? '-' : '✓'} ${name} ${Date.now() - begun} ms`);
    if (troubles.length && !process.env.KEEP_GOING) break;
}
if (troubles.length) {
    console.error(troubles.join('\n'));
    process.exit(1);
}
said(`${seen.size} states of the scan page looked at`);
process.exit(0);
