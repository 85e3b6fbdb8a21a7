// How quick the scan page is: first load on a slow line and from the device, pictures a second while searching, from a
// sharp picture to the answer, on a processor slowed down four times. Prints tables.

import { readFileSync } from 'node:fs';
import { blank, film } from './camera.mjs';
import { Gate } from './gate.mjs';
import { Place } from './place.mjs';
import { create, symbol } from './world.mjs';

const { WEB, WORK } = process.env;
const SLOWER = 4;
/// What browsers call "Slow 3G": 400 kbit/s, and 400 ms before an answer comes.
const SLOW_3G = { bytes: 50_000, latency: 400 };
const ROUNDS = 15;
const LOADS = 8;

const { texts, site } = await create(`${WORK}/world`);
const config = { bundle: '/bundle/', environment: 'test', root: readFileSync(site.root).toString('base64') };
const films = { table: `${WORK}/table.y4m`, sharp: `${WORK}/sharp.y4m`, moving: `${WORK}/moving.y4m`, clutter: `${WORK}/clutter.y4m` };
blank(films.table, 1280, 720, 30);
film(films.sharp, [symbol(texts.good)], { frames: 2, shake: 0.3, blur: 0, fps: 30 });
film(films.moving, [symbol(texts.good)]);
// Print without a code in it is harder to search than an empty table.
film(films.clutter, [symbol(texts.good).map((row, index) => index < 12 ? row.map(() => 0) : row.map((one, column) => column < 12 || column > row.length - 12 ? 0 : one))], { frames: 4, blur: 0, fps: 30 });
const door = await new Place({ web: WEB, site: site.second, config }).start();
const result = {};
const middle = numbers => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const round = number => Math.round(number * 10) / 10;

/// Slows the page and its workers down.
async function slow(gate, rate) {
    const client = await gate.context.newCDPSession(gate.page);
    await client.send('Emulation.setCPUThrottlingRate', { rate });
    return client;
}

const READY = () => document.documentElement.dataset.ready !== undefined;

// --- First load, and from the device.
for (const [name, line] of [['loopback', null], ['slow_3g', SLOW_3G]]) {
    const gate = await Gate.open(door.url, { camera: films.table, quiet: [/./] });
    await slow(gate, SLOWER);
    door.slow = line;
    door.sent = 0;
    let begun = Date.now();
    await gate.go();
    await gate.page.waitForFunction(READY, null, { timeout: 240_000 });
    result[`first_load_${name}_ms`] = Date.now() - begun;
    result[`first_load_${name}_bytes`] = door.sent;
    const again = [];
    for (let one = 0; one < 5; one += 1) {
        begun = Date.now();
        await gate.page.reload();
        await gate.page.waitForFunction(READY, null, { timeout: 240_000 });
        again.push(Date.now() - begun);
    }
    result[`from_device_${name}_ms`] = middle(again);
    door.slow = null;
    await gate.close();
}

// --- Pictures a second while searching.
for (const [name, camera] of [['table', films.table], ['clutter', films.clutter]]) {
    for (const rate of [1, SLOWER]) {
        const gate = await Gate.open(door.url, { camera, quiet: [/./] });
        await slow(gate, rate);
        await gate.go();
        await gate.ready();
        await gate.page.waitForTimeout(6000);
        result[`frames_a_second_${name}_${rate}x`] = Number(await gate.page.evaluate(() => document.documentElement.dataset.rate));
        await gate.close();
    }
}

// --- The worker's share, measured on the page's own thread, which is certainly slowed down: a sharp picture to texts,
// and a text to its verdict.
for (const rate of [1, SLOWER]) {
    const gate = await Gate.open(door.url, { camera: films.sharp, set: { 'hcert.verify': { seconds: 0 } }, quiet: [/./] });
    await gate.go();
    await gate.answer();
    await slow(gate, rate);
    const measured = await gate.page.evaluate(async ({ text, rounds, bundle }) => {
        const verifier = await import('/module/verifier.js');
        const pictures = await import('/module/pictures.js');
        await Promise.all([verifier.default(), pictures.default()]);
        const { Camera } = await import('/common/camera.js');
        const camera = new Camera(document.createElement('video'));
        await camera.open();
        while (!camera.frame()) await new Promise(done => setTimeout(done, 50));
        const file = new Uint8Array(await (await fetch(`${bundle}bundle.hcert`)).arrayBuffer());
        const trust = verifier.Trust.fromBundle(file);
        const times = { frame: [], decode: [], verify: [], all: [] };
        let found = 0;
        for (let one = 0; one < rounds; one += 1) {
            const begun = performance.now();
            const pixels = camera.frame();
            const framed = performance.now();
            const texts = pictures.decode(pixels.data, pixels.width, pixels.height, 'quick');
            const decoded = performance.now();
            const verdict = verifier.verify(text, trust, { now: Date.now() / 1000, lang: 'vi' });
            const done = performance.now();
            if (texts.length && verdict.valid) found += 1;
            times.frame.push(framed - begun);
            times.decode.push(decoded - framed);
            times.verify.push(done - decoded);
            times.all.push(done - begun);
        }
        camera.close();
        return { times, found };
    }, { text: texts.good, rounds: ROUNDS, bundle: '/bundle/' });
    result[`sharp_pictures_read_${rate}x`] = `${measured.found} of ${ROUNDS}`;
    for (const [name, times] of Object.entries(measured.times)) {
        result[`${name}_${rate}x_ms`] = round(middle(times));
        if (name === 'all') result[`all_${rate}x_worst_ms`] = round(Math.max(...times));
    }
    await gate.close();
}

// --- Verifications a second, beside the raw check of the browser's own cryptography, in turn.
{
    const gate = await Gate.open(door.url, { camera: films.table, quiet: [/./] });
    await gate.go();
    await gate.ready();
    Object.assign(result, await gate.page.evaluate(async ({ text, bundle, rounds, batch }) => {
        const verifier = await import('/module/verifier.js');
        await verifier.default();
        const trust = verifier.Trust.fromBundle(new Uint8Array(await (await fetch(`${bundle}bundle.hcert`)).arrayBuffer()));
        const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
        const { privateKey, publicKey } = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);
        const message = new Uint8Array(400).fill(7);
        const signature = await crypto.subtle.sign(ecdsa, privateKey, message);
        const cases = {
            verifications: () => { if (!verifier.verify(text, trust, { now: Date.now() / 1000 }).valid) throw new Error('not valid'); },
            raw_checks: async () => { if (!(await crypto.subtle.verify(ecdsa, publicKey, signature, message))) throw new Error('not verified'); },
        };
        const best = {};
        for (let round = 0; round < rounds; round += 1) {
            for (const [name, run] of Object.entries(cases)) {
                const begun = performance.now();
                for (let times = 0; times < batch; times += 1) await run();
                best[name] = Math.max(best[name] ?? 0, batch * 1000 / (performance.now() - begun));
            }
        }
        const { signer } = verifier.verify(text, trust, { now: Date.now() / 1000 });
        return {
            browser: navigator.userAgent.match(/Chrome.(\d+)/)?.[0].replace('/', ' ') ?? 'Chromium',
            signed_by: signer.algorithm,
            verifications_a_second: Math.round(best.verifications),
            webcrypto_raw_p256_checks_a_second: Math.round(best.raw_checks),
        };
    }, { text: texts.good, bundle: '/bundle/', rounds: 12, batch: 50 }));
    await gate.close();
}

// --- The page as it is: from the picture that held the code to the answer on the screen.
for (const [name, camera] of [['sharp', films.sharp], ['moving', films.moving]]) {
    for (const rate of [1, SLOWER]) {
        const gate = await Gate.open(door.url, { camera, set: { 'hcert.verify': { seconds: 0 } }, quiet: [/./] });
        await slow(gate, rate);
        await gate.go();
        const times = [];
        const searched = [];
        for (let one = 0; one < LOADS; one += 1) {
            await gate.answer();
            const [frame, answer, start] = await gate.page.evaluate(() => ['frame', 'answer', 'search'].map(mark => performance.getEntriesByName(mark).at(-1).startTime));
            times.push(answer - frame);
            searched.push(answer - start);
            await gate.page.reload();
        }
        result[`picture_to_answer_${name}_${rate}x_ms`] = round(middle(times));
        result[`picture_to_answer_${name}_${rate}x_worst_ms`] = round(Math.max(...times));
        result[`search_to_answer_${name}_${rate}x_ms`] = round(middle(searched));
        await gate.close();
    }
}
await door.stop();
console.log(report());
process.exit(0);

/// The figures as a table: as fast as the machine goes, and on a processor slowed down four times.
function report() {
    const kilobytes = bytes => `${Math.round(bytes / 1000)} kB`;
    const ms = name => `${result[`${name}_ms`]} ms`;
    const both = (title, name, unit = '_ms') => [title, ...[1, SLOWER].map(rate => `${result[`${name}_${rate}x${unit}`]}`)];
    const rows = [
        both('pictures a second while searching, an empty table', 'frames_a_second_table', ''),
        both('the same, print without a code', 'frames_a_second_clutter', ''),
        both('the work of one sharp picture of 1280 x 720, ms', 'all'),
        both('of it: reading the code, ms', 'decode'),
        both('of it: the verdict, ms', 'verify'),
        both('from the picture to the answer on the screen, code held still, ms', 'picture_to_answer_sharp'),
        both('the same, slowest, ms', 'picture_to_answer_sharp', '_worst_ms'),
        both('the same, code moving, ms', 'picture_to_answer_moving'),
        both('the same, slowest, ms', 'picture_to_answer_moving', '_worst_ms'),
    ];
    const table = (head, all) => [head, head.map((_, index) => index ? '---:' : '---'), ...all].map(row => `| ${row.join(' | ')} |`).join('\n');
    const checks = result.webcrypto_raw_p256_checks_a_second;
    return `${result.browser}, the scan page; medians. The goal is an answer within 300 ms of a sharp picture on the slowed processor; there
${result.sharp_pictures_read_4x} sharp pictures were read. A certificate with ${result.signed_by} is verified ${result.verifications_a_second} times a second; WebCrypto's raw
check of P-256 runs ${checks} times, one after the other as well.

${table(['what', 'unslowed', 'slowed 4 times'], rows)}

Until the page is ready, on the slowed processor:

${table(['line', 'first visit', 'bytes', 'from the device'], [
        ['loopback', ms('first_load_loopback'), kilobytes(result.first_load_loopback_bytes), ms('from_device_loopback')],
        ['"slow 3G": 400 kbit/s, 400 ms for each answer', ms('first_load_slow_3g'), kilobytes(result.first_load_slow_3g_bytes), ms('from_device_slow_3g')],
    ])}`;
}
