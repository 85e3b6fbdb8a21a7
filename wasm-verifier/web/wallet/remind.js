// What ends soon. A page has no clock while it is closed, so people are reminded when they open the wallet, by a
// notification then (it stands on the lock screen: it names nobody), and by their own calendar.

import { say } from '../common/words.js';
import { lastWholeDay } from './dates.js';
import { download } from './dom.js';

const DAYS = 86_400_000;
/// How long before the end people are told, and how long "later" is.
export const AHEAD = 28 * DAYS;
export const LATER = 7 * DAYS;

/// Certificates that end within four weeks, or ended, and are the newest of their kind that the person has. A test ends
/// by itself and is renewed by nobody.
export function ending(people, settings, now) {
    const later = settings.later ?? {};
    return people.flatMap(person => {
        const seen = new Set();
        return person.certificates
            .filter(one => ['valid', 'unchecked', 'expired'].includes(one.state) && one.kind !== 'test')
            .sort((left, right) => (right.event ?? '').localeCompare(left.event ?? ''))
            .filter(one => !seen.has(one.kind) && seen.add(one.kind))
            .filter(one => one.expires && Date.parse(one.expires) - now < AHEAD && !(later[one.id] > now));
    }).sort((left, right) => left.expires.localeCompare(right.expires));
}

/// Whether notifications can be had here at all.
export const possible = () => 'Notification' in window && 'serviceWorker' in navigator;

/// Tells the person, once a week at most.
export async function notify(store, settings, certificates, now) {
    if (!settings.notify || certificates.length === 0 || !possible() || Notification.permission !== 'granted') return;
    if (settings.notified > now - LATER) return;
    const registration = await navigator.serviceWorker.getRegistration();
    if (!registration) return;
    await registration.showNotification(say('wallet.remind.notification'), {
        body: say('wallet.remind.notification.body', { count: certificates.length }),
        tag: 'hcert-wallet-ends',
    });
    await store.set('notified', now);
}

/// An entry for the phone's calendar, two weeks before the end. It names nobody either: calendars are synchronised.
export function calendar(certificate) {
    const stamp = at => new Date(at).toISOString().replace(/[-:]|\.\d+/gu, '');
    const date = new Date(Date.parse(certificate.expires) - 14 * DAYS);
    const day = at => lastWholeDay(at).replace(/-/gu, '');
    const next = new Date(date.getTime() + DAYS);
    const line = text => text.replace(/([\\;,])/gu, '\\$1').replace(/\n/gu, '\\n');
    const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//hcert//wallet//EN', 'BEGIN:VEVENT',
        `UID:${certificate.id.slice(0, 32)}@wallet.invalid`, `DTSTAMP:${stamp(Date.now())}`,
        `DTSTART;VALUE=DATE:${day(date)}`, `DTEND;VALUE=DATE:${day(next)}`,
        `SUMMARY:${line(say('wallet.remind.notification'))}`, `URL:${new URL('./', location.href).href}`,
        'BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:PT9H', `DESCRIPTION:${line(say('wallet.remind.notification'))}`,
        'END:VALARM', 'END:VEVENT', 'END:VCALENDAR', ''];
    download('hcert.ics', 'text/calendar', lines.join('\r\n'));
}
