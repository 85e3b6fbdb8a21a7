// What comes from outside the desk: a citizen fetches a certificate and complains, a hospital sends a file,
// a province sends the list of its sites.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { Person, browser, pictures, troubles } from './desk.mjs';
import { card } from './people.mjs';

const { WORK, ADDRESS } = process.env;
const said = (...words) => console.log(...words);

/// What zbarimg reads in these pictures; only QR, since in some QR codes it also finds a barcode of another kind.
const read = files => {
    const options = ['-q', '--nodbus', '--raw', '-Sdisable', '-Sqrcode.enable'];
    return execFileSync('zbarimg', [...options, ...files]).toString().trim().split('\n');
};

/// Takes a download, and says where it lies.
async function fetched(page, name, act) {
    const [download] = await Promise.all([page.waitForEvent('download'), act()]);
    const file = `${WORK}/${name}`;
    await download.saveAs(file);
    return file;
}

// --- At the desk: a certificate, and its code for the citizen.
const team = await Person.sign_in('tuan');
const lien = { name: 'Đinh Thị Liên', text: card({ name: 'Đinh Thị Liên', day: '07', month: '03', year: 1977, woman: true, serial: 500900 }) };
await team.scan(lien.text);
await team.key('Enter', { leads: true });
await team.key('Enter', { leads: true });
await team.says('Đã ghi');
await team.go('/desk/certificates');
await team.click('tbody a >> nth=0');
await team.says(lien.name);
const certificate = team.page.url();
const uvci = (await team.text()).match(/URN:UVCI:\S+/)[0];
await team.click('form[action$="/claim"] button');
await team.look('certificate-claim');
const code = (await team.page.innerText('.notice .big')).trim();

// --- The citizen, on an old phone.
const citizen = await Person.stranger('citizen');
await citizen.go('/claim');
await citizen.look('claim', { small: true });
await citizen.page.fill('#code', code.replace(/.$/, letter => letter === 'A' ? 'C' : 'A'));
await citizen.page.fill('#birth', '07/03/1977');
await citizen.press('Enter', true);
await citizen.look('claim-mistyped', { small: true });
assert.equal(await citizen.page.inputValue('#birth'), '07/03/1977', 'what was typed is lost');
await citizen.page.fill('#code', code.toLowerCase().replaceAll('-', ' '));
await citizen.page.fill('#birth', '08031977');
await citizen.press('Enter', true);
await citizen.says('không đúng');
await citizen.page.fill('#birth', '07031977');
await citizen.press('Enter', true);
await citizen.says(lien.name);
assert.ok(!citizen.page.url().includes(code), 'the code stands in the address');
await citizen.look('claimed', { small: true });
await citizen.page.setViewportSize({ width: 320, height: 568 });
await citizen.page.locator('.symbol').screenshot({ path: `${WORK}/claimed.png` });
const [shown] = read([`${WORK}/claimed.png`]);
assert.match(shown, /^HC1:/);
const pdf = await fetched(citizen.page, 'claimed.pdf', () => citizen.page.click('form[action="/claim/pdf"] button'));
execFileSync('pdftoppm', ['-r', '200', '-png', pdf, `${WORK}/claimed-page`]);
const paper = readdirSync(WORK).filter(name => name.startsWith('claimed-page')).map(name => `${WORK}/${name}`);
assert.ok(read(paper).includes(shown), 'paper and screen differ');
const plain = await Person.stranger('citizen without script', { script: false });
await plain.go('/claim?language=en');
await plain.page.fill('#code', code);
await plain.page.fill('#birth', '07/03/1977');
await plain.press('Enter', true);
await plain.says('DINH<<THI<LIEN', 'Keep on this phone').catch(() => plain.says('Download to print'));
await plain.page.context().close();

// --- Something is wrong on it.
await citizen.go('/complain');
await citizen.look('complain', { small: true });
await citizen.page.fill('#text', uvci);
await citizen.page.fill('#birth', '07/03/1977');
await citizen.page.fill('#what', 'Tên đệm là Thị Hồng <b>không phải</b> Thị');
await citizen.click('form[action="/complain"] button');
await citizen.look('complained', { small: true });
await citizen.go('/complain');
await citizen.page.setInputFiles('#picture', `${WORK}/claimed.png`);
await citizen.page.fill('#what', 'Đây là ảnh chụp mã của tôi');
await citizen.click('form[action="/complain"] button');
await citizen.says('Đã nhận');
await citizen.go('/complain');
await citizen.page.setInputFiles('#picture', { name: 'wall.png', mimeType: 'image/png', buffer: readFileSync(`${WORK}/claimed.png`).subarray(0, 200) });
await citizen.page.fill('#what', 'Ảnh hỏng');
await citizen.click('form[action="/complain"] button');
await citizen.says('Không đọc được mã QR');
assert.equal(await citizen.page.inputValue('#what'), 'Ảnh hỏng');
await citizen.look('complain-unreadable', { small: true });
await team.go('/desk/complaints');
await team.says('<b>không phải</b>', 'ảnh chụp mã của tôi');
await team.look('complaints');
const first = team.page.locator('section', { hasText: 'không phải' });
await first.locator('input[name=answer]').fill('đã đính chính');
await Promise.all([team.page.waitForNavigation(), first.locator('button[value=mended]').click()]);
await team.says('đã đính chính');
await team.look('complaints-answered');

// --- Guessing: ten wrong birth dates end a code for good, and many wrong attempts have to wait.
await citizen.go('/claim');
const tried = async birth => {
    await citizen.page.fill('#code', code);
    await citizen.page.fill('#birth', birth);
    await citizen.press('Enter', true);
    return citizen.text();
};
for (let day = 10; day < 20; day += 1) assert.ok((await tried(`${day}/01/1977`)).includes('không đúng'));
assert.ok((await tried('07/03/1977')).includes('không đúng'), 'the code outlived ten guesses');
let tries = 0;
while (!(await tried(`01/01/${1930 + tries}`)).includes('quá nhiều lần')) {
    tries += 1;
    assert.ok(tries < 60, 'sixty more guesses were taken');
}
await citizen.look('claim-locked', { small: true });

// --- A hospital's file.
await team.go('/desk/jobs');
await team.look('jobs-empty');
const template = await fetched(team.page, 'template.csv', () => team.page.click('a[href$=".csv"]'));
const header = readFileSync(template, 'utf8').replace('\uFEFF', '').split(/\r?\n/)[0];
said(`template: ${header}`);
const row = (index, fields = {}) => {
    const all = { full_name: `Trịnh Văn Số ${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[index]}`, birth_date: `${10 + index}/05/1985`,
        sex: 'Nam', cccd: `079085${String(510000 + index)}`, product: 'Comirnaty', dose: '1/2', date: '20/11/2026', lot: '', ...fields };
    return Object.values(all).join(',');
};
const columns = 'Họ và tên,Ngày sinh,Giới tính,CCCD,Vắc xin,Mũi,Ngày tiêm,Số lô';
const good = Array.from({ length: 12 }, (_, index) => row(index));
const bad = [row(12, { birth_date: '31/02/1985' }), row(13, { product: 'Nước lã' })];
const file = (lines, name) => ({ name, mimeType: 'text/csv', buffer: Buffer.from([columns, ...lines].join('\r\n')) });
await team.page.setInputFiles('#file', file([...good, ...bad], '=cmd|đợt 1.csv'));
await team.click('form[action="/desk/jobs"] button:not([form])');
await team.look('job-checked');
await team.says('dòng có lỗi');
const job = team.page.url();
const report = readFileSync(await fetched(team.page, 'report.csv', () => team.page.click('a[href$="/report"]')));
said(`report: ${report.length} bytes`);
await team.page.goto(job);
await team.click('form[action$="/run"] button');
for (let seconds = 0; !(await team.text()).includes('đã xong'); seconds += 1) {
    assert.ok(seconds < 60, 'the job does not end');
    await team.page.waitForTimeout(1000);
    await team.page.goto(job);
}
await team.look('job-done');
const sheets = await fetched(team.page, 'sheets.pdf', () => team.page.click('form[action$="/sheets"] button'));
execFileSync('pdftoppm', ['-r', '150', '-png', sheets, `${WORK}/batch`]);
const batch = readdirSync(WORK).filter(name => name.startsWith('batch')).map(name => `${WORK}/${name}`);
await team.page.goto(job);
const texts = readFileSync(await fetched(team.page, 'codes.csv', () => team.page.click('a[href$="/codes"]')), 'utf8');
const listed = new Set(texts.match(/HC1:[0-9A-Z $%*+\-./:]+/g));
const printed = read(batch).filter(text => text.startsWith('HC1:'));
assert.ok(new Set(printed).size >= 12, `${new Set(printed).size} codes on ${batch.length} pages`);
assert.ok(printed.every(text => listed.has(text)), 'the paper has codes that the list has not');
// Sent again with the two mended: what was accepted is not made twice.
await team.go('/desk/jobs');
await team.look('jobs');
const mended = [row(12), row(13)];
await team.page.setInputFiles('#file', file([...good, ...mended], 'đợt 1, sửa.csv'));
await team.click('form[action="/desk/jobs"] button:not([form])');
await team.click('form[action$="/run"] button');
const again = team.page.url();
for (let seconds = 0; !(await team.text()).includes('đã xong'); seconds += 1) {
    assert.ok(seconds < 60, 'the second job does not end');
    await team.page.waitForTimeout(1000);
    await team.page.goto(again);
}
await team.says('12 đã có từ trước', '2 đã tạo');
await team.look('job-again');
await team.go('/desk/jobs');
await team.page.setInputFiles('#file', { name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: Buffer.from([0xff, 0xd8, 0xff, 0, 1, 2, 3]) });
await team.click('form[action="/desk/jobs"] button:not([form])');
await team.look('jobs-no-table');

// --- Somebody who looks like one who is known.
await team.go('/desk/record');
for (const [field, text] of [['family_name', 'Đinh'], ['given_names', 'Thị Liên'], ['birth_date', '07031977']]) {
    await team.page.fill(`#${field}`, text);
}
await team.page.focus('#birth_date');
await team.key('Enter', { leads: true });
await team.says('Có người giống người này');
await team.look('look-alike');

// --- A province's list: sites and staff in one go.
const admin = await Person.sign_in('admin');
await admin.go('/desk/places');
await admin.look('places-upload');
const staff = roles => Array.from({ length: 10 }, (_, index) =>
    `${index ? ',' : 'VN/99/99001/TYT-MOI,Trạm y tế Mới'},Người Mới Số ${'ABCDEFGHIJ'[index]},moi.${index},${roles}`);
const province = roles => ({ name: 'province.csv', mimeType: 'text/csv', buffer: Buffer.from(
    ['Mã đường dẫn,Tên cơ sở,Họ và tên,Tên đăng nhập,Vai trò', ...staff(roles)].join('\n')) });
await admin.page.setInputFiles('#file', province('phù thủy'));
await admin.click('button[value=sheet]');
await admin.says('Chưa thêm gì', 'Dòng 2');
await admin.look('places-upload-refused');
await admin.page.setInputFiles('#file', province('nhân viên'));
await admin.click('button[value=sheet]');
await admin.says('Đã thêm: 11');
await admin.look('places-uploaded');

await browser.close();
for (const trouble of troubles) console.error('✕', trouble);
assert.equal(troubles.length, 0, `${troubles.length} troubles`);
said(`ok: ${certificate ? pictures() : 0} pages, no trouble`);
