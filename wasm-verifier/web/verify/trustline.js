// The line that says how old the trust list is, and whether this device's clock can be right.

import { find, make } from '../common/dom.js';
import { ago, date, say } from '../common/words.js';

/// A clock this far behind what was signed is wrong (specs/bundle.md, "Using it").
const DAY_MS = 24 * 3600_000;
/// So far clocks drift without anybody noticing.
const DRIFT_MS = 5 * 60_000;

const when = value => typeof value === 'number' ? value * 1000 : Date.parse(value);

/// State of the trust list: 'none', 'fresh', 'stale', 'expired'; and whether the clock is behind it.
export function state(facts, now = Date.now()) {
    if (!facts) return { kind: 'none', clock: false };
    const [made, soft, hard] = [facts.made_at, facts.soft_expiry, facts.hard_expiry].map(when);
    const kind = now >= hard ? 'expired' : now >= soft ? 'stale' : 'fresh';
    return { kind, clock: made > now + DRIFT_MS, wrong: made > now + DAY_MS, made };
}

/// Draws it.
export function draw(facts, { updating = false } = {}) {
    const { kind, clock, made } = state(facts);
    // With a clock that is behind, no age can be told.
    const text = clock ? say('verify.trust.made', { date: date(new Date(made).toISOString()) }) : say(`common.trust.${kind}`, { ago: facts ? ago(Math.max(0, Date.now() - made)) : '' });
    const number = facts ? ` · ${say('verify.trust.number', { sequence: facts.sequence })}` : '';
    const rest = updating ? ` · ${say('verify.trust.updating')}` : navigator.onLine ? '' : ` · ${say('verify.trust.offline')}`;
    find('#trust').replaceChildren(make('span', { class: kind === 'fresh' ? null : 'trouble' }, kind === 'fresh' ? '' : '⚠ ', text), number, rest);
    find('#test').hidden = facts?.environment !== 'test';
    find('#clock').hidden = !clock;
    const day = new Date();
    if (clock) find('#clock').textContent = say('common.trust.clock', { date: date(new Date(made).toISOString()), today: date(day.toISOString()) });
}
