// A family's wallet in a real browser: every way in, a restart, the server gone, to another phone, on paper, deleted.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { blank, film } from './camera.mjs';
import { Place } from './place.mjs';
import { Phone, done, troubles } from './wallet-phone.mjs';
import { Issuer, ago, days, issue, payload } from './wallet-place.mjs';
import './wallet-rules.mjs';
import { HOSTILE, LONG, create, picture, symbol } from './world.mjs';

const { WORK, WEB } = process.env;
const folder = join(WORK, 'wallet');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const began = Date.now();
const step = name => console.log(`wallet, ${name} (${Math.round((Date.now() - began) / 1000)} s)`);

const world = await create(folder);
const people = {
    mother: issue(folder, payload({ family: 'Đặng', given: 'Thị Lan', born: '1990-02-03', latin: ['DANG', 'THI<LAN'] })),
    motherFirst: issue(folder, payload({ family: 'Đặng', given: 'Thị Lan', born: '1990-02-03', latin: ['DANG', 'THI<LAN'], dose: [1, 2], day: ago(318) })),
    motherTest: issue(folder, payload({ family: 'DANG', given: 'THI LAN', born: '1990-02-03', latin: ['DANG', 'THI<LAN'], kind: 't', day: ago(1) })),
    hung: issue(folder, payload({ family: 'Nguyễn', given: 'Văn Hùng', born: '2015-03-04', latin: ['NGUYEN', 'VAN<HUNG'], day: ago(151) }), { args: ['--expires', days(12)] }),
    hung2: issue(folder, payload({ family: 'Nguyễn', given: 'Văn Hưng', born: '2015-03-04', latin: ['NGUYEN', 'VAN<HUNG'], day: ago(151) })),
    grandmother: issue(folder, payload({ family: 'Trần', given: 'Thị Bích', born: '1941', latin: ['TRAN', 'THI<BICH'], kind: 'r', day: ago(101) })),
    longest: issue(folder, payload({ family: 'Công Tằng Tôn Nữ', given: LONG.slice('Công Tằng Tôn Nữ '.length), born: '1992-10-10', day: ago(271) })),
    hostile: issue(folder, payload({ family: HOSTILE, given: '"><b onmouseover=alert(1)>x</b>', born: '1990-01-01', is: HOSTILE })),
};
const place = new Place({ web: WEB, site: world.site.first });
const issuer = await new Issuer().start(() => place.url);
place.config = { bundle: '/bundle/', claim: `${issuer.url}/claim`, environment: 'test', root: readFileSync(world.site.root).toString('base64') };
await place.start();

// What the camera will see, pictures and a PDF.
film(join(folder, 'camera.y4m'), [symbol(people.hung)], { frames: 6, shake: 0.2, blur: 1 });
picture(people.mother, join(folder, 'mother.png'));
blank(join(folder, 'blank.y4m'));
const phone = new Phone('phone', place, issuer, { folder, film: join(folder, 'camera.y4m') });
await phone.start();

step('no trust list at hand: kept, and checked when there is one');
place.site = join(folder, 'nothing is published');
const island = new Phone('island', place, issuer, { folder });
await island.start();
await island.open();
for (const text of [world.texts.good, world.texts.forged]) {
    await island.paste(text);
    await island.says('Máy chưa có danh sách tin cậy', 'Chưa kiểm tra');
    await island.press('#keep');
}
await island.says('Chưa kiểm tra');
await island.look('no-trust');
await island.show('Nguyễn Văn Đức');
await island.page.goBack();
place.site = world.site.first;
await island.open();
await island.says('Chữ ký đúng', 'Không phải giấy thật');
await island.stop();

step('empty');
await phone.open();
await phone.says('Ví chưa có giấy nào');
await phone.look('empty');

step('added by camera');
await phone.press('#add');
await phone.look('add');
await phone.press('#camera');
await phone.page.waitForSelector('#keep', { timeout: 60_000 });
await phone.says('Nguyễn Văn Hùng', 'Sinh 04/03/2015', 'mũi 2 trên 2', 'Comirnaty', 'Chữ ký đúng');
await phone.look('keep');
await phone.press('#keep');
await phone.says('Đã giữ giấy của Nguyễn Văn Hùng', 'còn 11 ngày');

step('by a picture');
await phone.press('#add');
await phone.choose('#choose', join(folder, 'mother.png'));
await phone.page.waitForSelector('#keep');
await phone.press('#keep');
await phone.says('Đặng Thị Lan', 'Sinh 03/02/1990');

step('by a PDF with two codes');
await phone.pdf(join(folder, 'two.pdf'), [people.motherFirst, people.hung2]);
await phone.press('#add');
await phone.choose('#choose', join(folder, 'two.pdf'));
await phone.page.waitForSelector('#keep', { timeout: 60_000 });
await phone.says('Giữ cả 2 giấy', 'mũi 1 trên 2');
await phone.press('#keep');

step('twins are asked about, and stay two; a mother without marks is joined');
await phone.says('Có phải cùng một người?', 'Nguyễn Văn Hưng');
await phone.look('question');
await phone.page.getByRole('button', { name: 'Hai người khác nhau' }).click();
await phone.page.waitForSelector('.question', { state: 'detached' });
assert.equal(await phone.page.locator('.person').count(), 3);

step('by pasted text');
await phone.press('#add');
await phone.press('#read');
await phone.says('Dán dòng chữ HC1');
await phone.page.fill('#text', people.motherTest);
await phone.press('#read');
await phone.page.waitForSelector('#keep');
await phone.press('#keep');
await phone.says('Có phải cùng một người?');
await phone.page.getByRole('button', { name: 'Cùng một người' }).click();
await phone.page.waitForSelector('.question', { state: 'detached' });
assert.equal(await phone.page.locator('.person').count(), 3);
assert.match(await phone.page.locator('.person', { hasText: 'Đặng Thị Lan' }).locator('h3').first().innerText(), /Âm tính|Xét nghiệm/);

step('by a claim code: to the issuer and back by its link');
issuer.claimed = people.grandmother;
await phone.press('#add');
await phone.press('#claim', { leads: issuer.url });
assert.equal(phone.page.url(), `${issuer.url}/claim`, 'no code in the address');
await phone.press('#wallet', { leads: place.url });
await phone.page.waitForSelector('#keep');
assert.equal(phone.page.url(), `${place.url}/wallet/`, 'the certificate is out of the address');
assert.ok(!JSON.stringify(await phone.page.evaluate(() => history.state)).includes('HC1'));
await phone.says('Trần Thị Bích', 'Sinh 1941');
await phone.press('#keep');

step('a link is only looked at, and can be let go');
await phone.page.goto(`${place.url}/wallet/#hc1=${encodeURIComponent(people.longest)}`);
await phone.page.waitForSelector('#keep');
await phone.press('#cancel');
assert.ok(!(await phone.text()).includes('Công Tằng'));
await phone.page.evaluate(text => { location.hash = `hc1=${encodeURIComponent(text)}`; }, people.longest);
await phone.page.waitForSelector('#keep');
assert.equal(phone.page.url(), `${place.url}/wallet/`);
await phone.press('#keep');

step('what is not genuine, is withdrawn, or is no certificate');
for (const [name, text, says, kept] of [
    ['forged', world.texts.forged, 'Không phải giấy thật', false],
    ['none', 'HC1:NCFOXN', 'Đây không phải giấy chứng nhận', false],
    ['words', 'https://example.org/', 'Đây không phải giấy chứng nhận', false],
    ['held', people.mother, 'Đã có trong ví', false],
    ['stranger', world.texts.stranger, 'không có trong danh sách tin cậy', true],
    ['expired', world.texts.expired, 'Đã hết hạn', true],
    ['later-revoked', world.texts.revoked, 'Chữ ký đúng', true],
    ['hostile', people.hostile, 'onerror', true],
]) {
    await phone.paste(text);
    await phone.says(says);
    if (['forged', 'none', 'stranger', 'hostile'].includes(name)) await phone.look(`keep-${name}`);
    if (name === 'forged') assert.ok(!(await phone.text()).includes('Nguyễn'), 'a forged one names nobody');
    assert.equal(await phone.page.locator('#keep').count(), kept ? 1 : 0, name);
    await phone.press(kept ? '#keep' : '#cancel');
}
await phone.says('Chưa kiểm tra', 'Đã hết hạn ngày', '2 giấy sắp hết hạn');
const injected = await phone.page.evaluate(() => document.querySelectorAll('main img, main script, main b').length);
assert.equal(injected, 0, 'names are text');
await phone.look('home');

step('the screens');
await phone.detail('Nguyễn Văn Hùng');
await phone.says('Comirnaty', 'URN:UVCI:01:VN:WALLET', 'Xin cấp lại');
await phone.look('certificate');
await phone.press('#mistake');
await phone.look('mistake');
assert.equal(await phone.page.getAttribute('#complain', 'href'), `${issuer.url}/complain`);
await phone.back();
await phone.back();

step('the code, read by another program');
await phone.show('Nguyễn Văn Hùng');
const role = await phone.page.getByRole('img', { name: /Mã QR của Nguyễn Văn Hùng/ });
assert.equal(await role.count(), 1, 'the code has a name');
for (const [width, height] of [[320, 568], [412, 915], [568, 320], [1280, 800]]) assert.equal(await phone.scan(width, height), people.hung, `${width} by ${height}`);
await phone.look('code', { all: true });
await phone.dark(async () => {
    await phone.look('code-dark');
    assert.equal(await phone.scan(320, 568), people.hung, 'white in the dark too');
});
await phone.press('#next');
await phone.says('DANG THI LAN');
await phone.page.goBack();
await phone.page.waitForSelector('#add');

step('dark, large, English');
await phone.dark(() => phone.look('home-dark'));
await phone.press('#more');
await phone.look('settings');
await phone.page.selectOption('#text-size', 'largest');
await phone.back();
await phone.look('home-largest');
await phone.press('#more');
await phone.page.selectOption('#text-size', 'normal');
await phone.back();
await phone.press('#tongue');
await phone.says('dose 2 of 2', 'Born 4 Mar 2015', 'Not checked');
await phone.look('home-english');
await phone.press('#tongue');
await phone.says('mũi 2 trên 2');

step('a reminder can be put off, and is told by a notification that names nobody');
await phone.page.click('.ending summary');
await phone.look('endings');
await phone.page.locator('.ending .item', { hasText: 'Vũ Thị Lan' }).getByRole('button', { name: 'Nhắc lại' }).click();
await phone.page.waitForSelector('.ending .item p', { state: 'detached' });
await phone.says('Giấy của Nguyễn Văn Hùng (Tiêm chủng: mũi 2 trên 2, Comirnaty) dùng đến hết');
await phone.notified();

step('a restart of the browser');
const before = await phone.names();
await phone.stop();
await phone.start();
await phone.open();
assert.deepEqual(await phone.names(), before);
assert.equal(await phone.page.locator('.question').count(), 0, 'what was decided stays decided');

step('a newer trust list: revoked is said');
place.site = world.site.second;
await phone.open();
await phone.page.waitForFunction(() => document.querySelector('main').innerText.includes('Đã bị thu hồi'), null, { timeout: 30_000 });
await phone.paste(world.texts.revoked);
await phone.says('Đã bị thu hồi');
await phone.press('#cancel');

step('to another phone');
const PASS = 'bốn con voi 1975 ở Huế';
await phone.press('#more');
await phone.press('#pack');
await phone.page.fill('#pass', 'ngắn');
await phone.press('#save');
await phone.says('Mật khẩu ngắn quá');
await phone.page.fill('#pass', PASS);
await phone.page.fill('#again', 'khác');
await phone.press('#save');
await phone.says('không giống nhau');
await phone.look('pack');
await phone.press('#suggest');
assert.match(await phone.page.inputValue('#again'), /^(\w{5}-){3}\w{5}$/);
await phone.page.fill('#pass', PASS);
await phone.page.fill('#again', PASS);
const file = await phone.download('#save', join(folder, 'family.hcwallet'));
const bytes = readFileSync(file);
assert.ok(!bytes.includes('HC1:') && !bytes.includes('Lan'));
await phone.says('Đã lưu');

const second = new Phone('second', place, issuer, { folder, film: join(folder, 'blank.y4m') });
await second.start();
await second.open();
await second.paste(people.hung2);
await second.press('#keep');
const damaged = Buffer.from(bytes);
damaged[1000] ^= 0x10;
writeFileSync(join(folder, 'damaged.hcwallet'), damaged);
writeFileSync(join(folder, 'cut.hcwallet'), bytes.subarray(0, 3000));
writeFileSync(join(folder, 'newer.hcwallet'), Buffer.concat([bytes.subarray(0, 8), Buffer.from([2]), bytes.subarray(9)]));
writeFileSync(join(folder, 'other.hcwallet'), 'this is something else');
for (const [name, says] of [['damaged', 'Tệp bị hỏng'], ['cut', 'Tệp bị hỏng'], ['newer', 'phiên bản ví mới hơn'], ['other', 'không phải tệp ví']]) {
    await second.press('#more');
    await second.choose('#unpack', join(folder, `${name}.hcwallet`));
    await second.page.waitForSelector('#cancel');
    await second.says(says);
    if (name === 'damaged') await second.look('unpack-damaged');
    await second.back();
    await second.back();
}
await second.press('#add');
await second.choose('#choose', file);
await second.page.waitForSelector('#pass');
await second.page.fill('#pass', 'bốn con voi 1975 ở Hue');
await second.press('#open');
await second.page.waitForFunction(() => document.querySelector('#pass-wrong').textContent);
await second.says('Mật khẩu không đúng');
await second.look('unpack-wrong');
assert.equal(await second.count(), 1, 'nothing came in');
await second.page.fill('#pass', ` ${PASS.normalize('NFD')} `);
await second.press('#open');
await second.page.waitForSelector('#add');
const all = await phone.count();
await second.says(`Đã thêm ${all - 1} giấy`, '1 giấy đã có sẵn');
assert.equal(await second.count(), all);
assert.equal(await second.page.locator('.question').count(), 0, 'decisions came along');
await second.look('unpacked');

step('a file brings all or nothing');
const { seal } = await import(pathToFileURL(`${WEB}/wallet/sealed.js`));
const sealed = async (name, texts) => {
    const certificates = texts.map(text => ({ text, added: days(0) }));
    writeFileSync(join(folder, name), await seal({ wallet: 1, made: days(0), certificates, decisions: [] }, PASS));
    return join(folder, name);
};
await second.unpack(await sealed('mixed.hcwallet', [world.texts.good, world.texts.forged, people.mother]), PASS);
await second.says('Đã thêm 1 giấy', '1 giấy đã có sẵn', 'không phải giấy thật');
assert.equal(await second.count(), all + 1);
const crowd = Array.from({ length: 500 - all }, (_, index) => payload({ family: 'Lý', given: `Văn ${index}`, born: '1980-01-01' }));
await second.unpack(await sealed('crowd.hcwallet', issue(folder, crowd).split('\n')), PASS);
await second.says('Ví giữ nhiều nhất 500 giấy');
assert.equal(await second.count(), all + 1, 'not even a part came in');
await second.back();
await second.back();

step('a camera that sees nothing, and goes off');
await second.press('#add');
await second.press('#camera');
await second.page.waitForFunction(() => document.querySelector('video').videoWidth > 0);
await second.look('camera');
await second.back();
assert.equal(await second.page.locator('video').count(), 0);
await second.page.context().clearPermissions();
await second.page.evaluate(() => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); }; });
await second.press('#camera');
await second.says('chưa cho dùng máy ảnh', 'Thử lại');
await second.look('camera-refused');
await second.back();
await second.back();

step('a device without room, and a browser that keeps nothing');
await second.page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    let count = 0;
    IDBObjectStore.prototype.put = function (...given) {
        count += 1;
        const request = put.apply(this, given);
        if (count === 2) this.transaction.abort();
        return request;
    };
});
await second.paste(`${world.texts.other}\n${world.texts.half}`);
await second.press('#keep');
await second.says('Máy hết chỗ');
assert.equal(await second.count(), all + 1, 'neither of the two');
await second.open();
const closed = new Phone('closed', place, issuer, { folder });
await closed.start({ init: () => { IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }; } });
await closed.page.goto(`${place.url}/wallet/`);
await closed.page.getByText('Trình duyệt này không giữ được gì').waitFor();
await closed.look('keeps-nothing');
await closed.stop();

step('the server is gone');
await place.stop();
await issuer.stop();
for (const one of [phone, second]) {
    await one.stop();
    await one.start();
    await one.open();
    assert.ok((await one.text()).includes('Đặng Thị Lan'));
}
await phone.show('Nguyễn Văn Hùng');
assert.equal(await phone.scan(412, 915), people.hung);
await phone.page.goBack();
await phone.page.waitForSelector('#add');
await phone.page.reload();
await phone.page.waitForSelector('#add');

step('on paper');
await phone.detail('Nguyễn Văn Hùng');
await phone.paper(join(folder, 'paper.pdf'), people.hung);
await phone.back();

await phone.press('#more');
assert.equal(await phone.sheets('#print-all', join(folder, 'all.pdf')), await phone.count(), 'a sheet for each');
await phone.back();

step('nothing lies elsewhere');
await phone.lies_nowhere_else(['HC1:', 'Hùng', 'HUNG', 'WALLET0']);

step('deleted');
const had = await phone.count();
await phone.detail('Nguyễn Văn Hưng');
await phone.press('#delete');
await phone.look('delete');
await phone.page.getByRole('button', { name: 'Hủy' }).click();
assert.equal(await phone.count(), had);
await phone.press('#delete');
await phone.page.getByRole('button', { name: 'Xóa giấy' }).click();
await phone.page.waitForSelector('#add');
await phone.says('Đã xóa');
assert.equal(await phone.count(), had - 1);
await phone.press('#more');
await phone.press('#wipe');
await phone.page.fill('#ask-typed', '3');
await phone.page.locator('dialog .danger').click();
await phone.says_in('dialog', `Gõ đúng số ${had - 1}`);
await phone.look('wipe');
await phone.page.fill('#ask-typed', String(had - 1));
await phone.page.locator('dialog .danger').click();
await phone.page.waitForSelector('#add');
await phone.says('Ví chưa có giấy nào');
assert.equal(await phone.count(), 0);
await phone.open();
await phone.says('Ví chưa có giấy nào');
assert.equal(await second.count(), all + 1, 'the other phone keeps its own');

await phone.stop();
await second.stop();
assert.deepEqual(troubles, []);
console.log(`wallet: all held; ${done()} pictures`);
