// A certificate ends soon, or ended: what to do.

import { make } from '../../common/dom.js';
import { say } from '../../common/words.js';
import { app, issuerPage } from '../app.js';
import { headline, until } from '../cards.js';
import { button } from '../dom.js';
import { daysUntil } from '../dates.js';
import { LATER, calendar } from '../remind.js';
import { redraw } from '../screen.js';

/// How to get a new one: the issuer's page, or whom to ask.
export function renewal(one) {
    const page = issuerPage('renew') ?? issuerPage('claim');
    return page
        ? make('a', { class: 'button quiet', href: page, rel: 'noreferrer' }, say('wallet.renew'))
        : make('p', {}, say('wallet.renew.ask', { issuer: one.issuer || '–' }));
}

function sentence(one) {
    const days = daysUntil(one.expires, Date.now());
    const key = one.state === 'expired' || days < 0 ? 'over' : days === 0 ? 'today' : 'soon';
    return say(`wallet.remind.${key}`, { name: one.person.name || one.person.latin, title: headline(one), until: until(one), days });
}

/// One line on top, however many end: who stands at a gate wants the code, and not the reminders.
export function endingNotice(all) {
    const one = all.length === 1;
    return make('details', { class: 'ending' },
        make('summary', {}, make('span', { class: 'state amber' }, one ? sentence(all[0]) : say('wallet.remind.several', { count: all.length }))),
        all.map(certificate => make('div', { class: 'item' },
            one ? null : make('p', {}, sentence(certificate)),
            make('div', { class: 'acts' },
                renewal(certificate),
                button(say('wallet.remind.later'), async () => {
                    await app.set('later', { ...app.settings.later, [certificate.id]: Date.now() + LATER });
                    await redraw();
                }, { class: 'quiet' })))));
}

/// Whether it makes sense to put its end into a calendar: more than two weeks from now.
export const mayBeNoted = one => one.kind !== 'test' && Boolean(one.expires) && daysUntil(one.expires, Date.now()) > 14;

export const calendarButton = one => button(say('wallet.remind.calendar'), () => calendar(one), { class: 'quiet' });
