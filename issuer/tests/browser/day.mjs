// A day at the desk: people are recorded, approved, certified, printed; one is corrected, one revoked.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { told, verified } from './border.mjs';
import { Person, browser, pictures, troubles } from './desk.mjs';
import { long, ordinary } from './people.mjs';

const { WORK } = process.env;
const said = (...words) => console.log(...words);

/// The cursor stands in the box for scans, and a card is read into it.
async function record(clerk, text) {
    assert.equal(await clerk.focus(), 'q', `the cursor is not in the box on ${clerk.page.url()}`);
    await clerk.scan(text);
}

/// Prints, and reads the code back off the paper.
async function read_back(person, print) {
    const [download] = await Promise.all([person.page.waitForEvent('download'), print()]);
    const file = `${WORK}/sheet.pdf`;
    await download.saveAs(file);
    execFileSync('pdftoppm', ['-r', '200', '-png', file, `${WORK}/sheet`]);
    const pages = readdirSync(WORK).filter(name => /^sheet.*\.png$/.test(name));
    const texts = pages.flatMap(name => execFileSync('zbarimg', ['-q', '--nodbus', '--raw', '-Sdisable', '-Sqrcode.enable', `${WORK}/${name}`])
        .toString().split('\n').filter(line => line.startsWith('HC1:')));
    return texts;
}

// --- The core path, in one step, by keyboard alone.
const team = await Person.sign_in('tuan');
await team.look('today-team');
await record(team, ordinary[0].text);
await team.look('record-card');
team.keys = 0;
await team.key('Enter', { leads: true });
await team.look('look');
await team.key('Enter', { leads: true });
await team.says('Đã ghi');
await team.look('done-certified');
const codes = await read_back(team, () => team.key('Enter'));
assert.equal(codes.length > 0, true, 'no code could be read off the paper');
await team.key('Tab');
await team.key('Tab');
await team.key('Tab');
assert.equal(await team.focus(), 'q', 'the next person is not next');
const keys = team.keys;
said(`core path: ${keys} keys beyond the scan, ${team.clicks} clicks`);
assert.ok(keys <= 10 && team.clicks === 0);
// The paper says what the database has: scanned at the desk, it leads to the same person.
await record(team, codes[0]);
await team.says(ordinary[0].name);
await team.look('certificate');

// --- The same without any script.
const plain = await Person.sign_in('tuan', { script: false });
await plain.page.focus('#q');
await plain.scan(ordinary[1].text);
await plain.page.focus('button[name=step][value=look]:not(.first)');
await plain.press('Enter', true);
await plain.page.focus('button[name=step][value=take]:not(.first)');
await plain.press('Enter', true);
await plain.says('Đã ghi', ordinary[1].name.split(' ')[0]);
await plain.page.context().close();

// --- Three steps: a clerk of a health station.
const clerk = await Person.sign_in('lan');
await clerk.look('today-clerk-empty');
for (const person of ordinary.slice(2)) {
    await record(clerk, person.text);
    await clerk.key('Enter', { leads: true });
    await clerk.key('Enter', { leads: true });
    await clerk.says('Đã ghi');
}
await clerk.look('done-recorded');
// A garbled scan says what to do, and loses nothing.
await record(clerk, '079092500999||NGUY?N V?N A|0105');
await clerk.look('find-garbled');
assert.equal(await clerk.page.inputValue('#q'), '079092500999||NGUY?N V?N A|0105');
// A long name.
await clerk.page.fill('#q', '');
await record(clerk, long.text);
await clerk.key('Enter', { leads: true });
await clerk.look('look-long-name');
await clerk.key('Enter', { leads: true });
await clerk.look('done-long-name');
// Twice the same: it is said, and not recorded again.
await record(clerk, ordinary[2].text);
await clerk.look('record-known');
await clerk.page.fill('#dose', '1');
await clerk.key('Enter', { leads: true });
await clerk.says('đã được ghi nhận');
await clerk.look('look-known');
// By hand: only the year of birth is known.
await clerk.go('/desk/record');
await clerk.look('record-empty');
await clerk.key('Enter', { leads: true });
await clerk.look('record-errors');
assert.equal(await clerk.focus(), 'family_name');
await clerk.page.keyboard.insertText('Lê');
await clerk.key('Tab');
await clerk.page.keyboard.insertText('Thị Hương');
await clerk.key('Tab');
await clerk.page.keyboard.insertText('1940');
await clerk.key('Enter', { leads: true });
await clerk.says('năm 1940');
await clerk.look('look-year');
if (await clerk.page.$('[name=confirmed]')) await clerk.page.check('[name=confirmed]');
await clerk.page.focus('button[name=step][value=take]:not(.first)');
await clerk.key('Enter', { leads: true });
await clerk.says('Đã ghi');
// A child without documents; the dates as eight digits.
await clerk.go('/desk/record');
for (const [field, text] of [['family_name', 'Trần'], ['given_names', 'Bảo Ngọc'], ['birth_date', '20082016']]) {
    await clerk.page.fill(`#${field}`, text);
}
await clerk.page.focus('#birth_date');
await clerk.key('Enter', { leads: true });
await clerk.says('ngày 20 tháng 8 năm 2016', 'không có');
if (await clerk.page.$('[name=confirmed]')) await clerk.page.check('[name=confirmed]');
await clerk.page.focus('button[name=step][value=take]:not(.first)');
await clerk.key('Enter', { leads: true });
await clerk.says('Đã ghi');
// A test and a recovery have forms of their own.
await clerk.click('button[name=to_kind][value=test]').catch(() => {});
await clerk.go('/desk/record?kind=test');
await clerk.look('record-test');
await clerk.go('/desk/record?kind=recovery');
await clerk.look('record-recovery');
await clerk.go('/desk');
await clerk.look('today-clerk');
// Found again by a part of the name.
await record(clerk, 'Huong 1940');
await clerk.says('Lê Thị Hương');
await clerk.look('find-results');

// --- The officer: one is sent back, the others approved.
const officer = await Person.sign_in('minh');
await officer.look('today-officer');
await officer.go('/desk/approve');
await officer.look('approve');
const row = officer.page.locator('tr', { hasText: 'Lê Thị Hương' });
await row.locator('input[type=checkbox]').check();
await officer.page.click('summary');
await officer.page.fill('#reason', 'năm sinh trên thẻ là 1941');
await officer.look('approve-back');
await officer.click('button[value=back]');
await clerk.go('/desk/sent-back');
await clerk.says('Lê Thị Hương', 'năm sinh trên thẻ là 1941');
await clerk.look('sent-back');
await clerk.key('Enter', { leads: true });
await clerk.page.fill('#birth_date', '1941');
await clerk.look('mend');
await clerk.page.focus('#birth_date');
await clerk.key('Enter', { leads: true });
if (await clerk.page.$('[name=confirmed]')) await clerk.page.check('[name=confirmed]');
await clerk.page.focus('button[name=step][value=take]:not(.first)');
await clerk.key('Enter', { leads: true });
await clerk.says('năm 1941');
await officer.go('/desk/approve');
await officer.click('button[value=all]');
await officer.look('approve-done');
await officer.go('/desk/approve');
await officer.says('Không có hồ sơ nào chờ duyệt');
await officer.look('approve-empty');

// --- The authority certifies.
const authority = await Person.sign_in('authority');
await authority.look('today-authority');
await authority.go('/desk/certify');
await authority.look('certify');
await authority.click('button[value=all]');
await authority.look('certify-done');
await clerk.go('/desk/certificates');
await clerk.look('certificates');
await clerk.click('tbody a >> nth=0');
const sheet = await read_back(clerk, () => clerk.page.click('.print .button >> nth=0'));
assert.ok(sheet.length > 0);
await clerk.go('/desk');
await clerk.page.fill('#q', 'Huong 1941');
await clerk.page.focus('#q');
await clerk.key('Enter', { leads: true });
await clerk.click('tbody a >> nth=0');
await clerk.look('person');

// --- One is corrected.
await clerk.click('table >> nth=1 >> a >> nth=0');
await clerk.click('text=Đính chính');
await clerk.page.fill('#reason', 'họ tên thiếu chữ đệm');
await clerk.page.fill('#given_names', 'Thị Thu Hương');
await clerk.look('correct');
await clerk.page.focus('#given_names');
await clerk.key('Enter', { leads: true });
await clerk.look('look-correct');
if (await clerk.page.$('[name=confirmed]')) await clerk.page.check('[name=confirmed]');
await clerk.page.focus('button[name=step][value=take]:not(.first)');
await clerk.key('Enter', { leads: true });
await clerk.says('Thị Thu Hương');

// --- One is revoked, with the number typed; at the border it was green until then.
await authority.go('/desk/certificates');
await authority.click('tbody a >> nth=3');
const revoked = authority.page.url();
const doomed = await read_back(authority, () => authority.page.click('.print .button >> nth=0'));
assert.ok(doomed.length > 0 && !codes.includes(doomed[0]));
// What is corrected is revoked when the correction is certified, and that still waits.
const before = await told(0);
assert.deepEqual(await verified([codes[0], doomed[0]]), ['green', 'green']);
await authority.page.click('summary');
await authority.page.selectOption('#kind', 'mistake');
await authority.page.fill('#expect', '2');
await authority.look('certificate-revoke');
await authority.click('button.danger');
await authority.says('không khớp');
await authority.page.selectOption('#kind', 'mistake');
await authority.page.fill('#expect', '1');
await authority.click('button.danger');
await authority.says('đã thu hồi', 'cấp nhầm');
assert.equal(authority.page.url(), revoked);
await authority.look('certificate-revoked');
await told(before + 2);
assert.deepEqual(await verified([codes[0], doomed[0]]), ['green', 'red revocation']);
said('hcert verify: green; after the revocation and an update of the bundle: red');
await authority.go('/desk/revoke');
await authority.page.fill('#lot', 'FL3209');
await authority.click('button[value=count]');
await authority.says('Sẽ thu hồi');
await authority.look('revoke-count');

// --- Tubes, a pooled one.
await clerk.go('/desk/tubes');
await clerk.look('tubes');
await clerk.page.fill('#code', 'T-0001');
await clerk.page.selectOption('#test_type', 'LP6464-4');
await clerk.page.fill('#test_name', 'RT-PCR');
await clerk.page.focus('#code');
await clerk.key('Enter', { leads: true });
await clerk.page.focus('#q');
for (const person of [ordinary[4], ordinary[5]]) {
    await clerk.scan(person.text);
    await clerk.says(person.name);
}
await clerk.look('tube');
await clerk.click('button[value=negative]');
await clerk.says('âm tính');
await clerk.look('tube-read');

// --- Everybody else's pages.
const admin = await Person.sign_in('admin');
for (const [name, path] of [['today-admin', '/desk'], ['places', '/desk/places'], ['people', '/desk/people'],
    ['programs', '/desk/programs'], ['lots', '/desk/lots?site=VN/99/99001/TYT-HS'], ['value-sets', '/desk/value-sets'], ['keys', '/desk/keys'],
    ['alarms', '/desk/alarms'], ['settings', '/desk/settings'], ['password', '/desk/password']]) {
    await admin.page.goto(process.env.ADDRESS + path);
    await admin.look(name);
}
await admin.go('/desk/people');
await admin.page.fill('#full_name', 'Ngô Văn Thử');
await admin.page.fill('#name', 'thu.ngo');
await admin.page.fill('#place', 'VN/99/99001/TYT-HS');
await admin.click('button[value=add]');
await admin.says('Mật khẩu đầu tiên');
await admin.look('people-password');
await admin.go('/desk/people');
const mine = admin.page.locator('tr', { hasText: 'thu.ngo' });
await mine.locator('summary').click();
await Promise.all([admin.page.waitForNavigation(), mine.locator('button[value=codes-on]').click()]);
await admin.says('Chỉ hiện lần này');
await admin.look('people-codes');
const auditor = await Person.sign_in('auditor');
await auditor.go('/desk/audit?check=1');
await auditor.says('Nhật ký nguyên vẹn');
await auditor.look('audit');
await auditor.page.goto(`${process.env.ADDRESS}/desk/record`);
await auditor.look('problem');
// English, and in the dark.
const dark = await Person.sign_in('lan', { scheme: 'dark' });
await dark.go('/desk?language=en');
await dark.says('What you recorded last');
await dark.look('today-english-dark');
await dark.go('/desk/record');
await dark.says('Family name');
await dark.look('record-english-dark');

await browser.close();
for (const trouble of troubles) console.error('✕', trouble);
assert.equal(troubles.length, 0, `${troubles.length} troubles`);
said(`ok: ${pictures()} pages in two sizes, no trouble`);
