// The settings of the scan page.

import { find, make } from '../common/dom.js';
import { Settings, dress, looks } from '../common/settings.js';
import { module, version } from '../common/build.js';
import { choices, language, moment, say } from '../common/words.js';
import * as totals from './totals.js';

export const settings = new Settings('hcert.verify', {
    seconds: 6, again: 10, sound: true, vibrate: true, initials: false, kiosk: false, camera: '', facing: 'environment',
});

const SECONDS = [3, 4, 6, 10, 20, 0];
const MINUTES = [1, 5, 10, 30, 120];

/// Opens them. `facts` of the trust list; `cameras` to choose from; `act` has `speak(language)`, `changed(key)`,
/// `update()`, `kiosk()`.
export function open({ facts, cameras, act }) {
    const box = find('#settings-box');
    const set = (key, value) => { settings.set(key, value); act.changed(key); };
    const look = (key, value) => { looks.set(key, value); dress(); };
    const tick = key => make('label', { class: 'tick' },
        make('input', { type: 'checkbox', id: `set-${key}`, checked: settings.get(key), onchange: event => set(key, event.target.checked) }),
        say(`verify.set.${key}`));
    const choice = (id, label, options, value, chosen) => [
        make('label', { for: id }, label),
        make('select', { id, onchange: event => chosen(event.target.value) },
            options.map(([code, text]) => make('option', { value: code, selected: String(code) === String(value) }, text))),
    ];
    box.replaceChildren(
        make('h2', { id: 'settings-title' }, say('common.settings')),
        // Found by those who can't read the language in use.
        ...choice('set-language', language() === 'en' ? say('common.language') : `${say('common.language')} / Language`, choices(), language(), act.speak),
        make('fieldset', {}, make('legend', {}, say('verify.set.answer')),
            tick('initials'), make('p', { class: 'help' }, say('verify.set.initials.help')),
            tick('sound'), tick('vibrate'),
            ...choice('set-seconds', say('verify.set.seconds'), SECONDS.map(n => [n, n ? say('verify.set.seconds.n', { n }) : say('verify.set.seconds.never')]), settings.get('seconds'), value => set('seconds', +value)),
            ...choice('set-again', say('verify.set.again'), MINUTES.map(n => [n, say('verify.set.again.n', { n })]), settings.get('again'), value => set('again', +value))),
        make('fieldset', {}, make('legend', {}, say('verify.set.device')),
            ...(cameras.length ? choice('set-camera', say('common.camera.choose'), [['', say('verify.set.camera.any')], ...cameras.map(({ id, name }, index) => [id, name || say('common.camera.numbered', { number: index + 1 })])], settings.get('camera'), value => set('camera', value)) : []),
            ...choice('set-text', say('common.text'), ['normal', 'large', 'largest'].map(one => [one, say(`common.text.${one}`)]), looks.get('text'), value => look('text', value)),
            ...choice('set-theme', say('common.theme'), ['auto', 'light', 'dark'].map(one => [one, say(`common.theme.${one}`)]), looks.get('theme'), value => look('theme', value)),
            make('div', { class: 'actions' }, make('button', { type: 'button', class: 'quiet', id: 'set-kiosk', onclick: () => { box.close(); act.kiosk(); } }, say('verify.set.kiosk'))),
            make('p', { class: 'help' }, say('verify.set.kiosk.help'))),
        make('h2', {}, say('verify.set.trust')),
        ...(facts ? [trust(facts)] : [make('p', { class: 'error' }, say('common.trust.none'))]),
        make('div', { class: 'actions' }, make('button', { type: 'button', class: 'quiet', id: 'set-update', onclick: act.update }, say('verify.set.update'))),
        make('p', { id: 'set-updated', role: 'status' }),
        make('h2', {}, say('verify.set.about')),
        make('p', {}, say('verify.set.privacy')),
        make('p', {}, say('common.version', { version })),
        make('p', { class: 'small' }, `${say('common.module')}: `, make('code', { id: 'module' }, module.sha256)),
        make('div', { class: 'actions' }, make('button', { type: 'button', class: 'quiet', id: 'set-clear', onclick: () => { totals.clear(); act.changed('totals'); } }, say('verify.set.clear'))),
        make('div', { class: 'actions main' }, make('button', { type: 'button', id: 'set-close', onclick: () => box.close() }, say('common.close'))),
    );
    if (!box.open) box.showModal();
}

function trust(facts) {
    const at = value => moment(typeof value === 'number' ? value * 1000 : value);
    const countries = facts.countries ?? [];
    const rows = [
        ['sequence', facts.sequence], ['made', at(facts.made_at)], ['soft', at(facts.soft_expiry)], ['hard', at(facts.hard_expiry)],
        ['environment', facts.environment && say(`verify.environment.${facts.environment}`)],
        ['keys', facts.keys], ['countries', Array.isArray(countries) ? countries.map(one => one.country ?? one).join(', ') : null],
    ];
    return make('dl', {}, rows.filter(([, value]) => value !== undefined && value !== null && value !== '')
        .flatMap(([label, value]) => [make('dt', {}, say(`verify.bundle.${label}`)), make('dd', {}, String(value))]));
}
