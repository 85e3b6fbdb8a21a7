// Kiosk mode: people serve themselves at a device that is fixed to a wall. Nothing can be set there; who keeps the
// button down for three seconds leaves it.

import { find } from '../common/dom.js';

const HOLD_MS = 3000;

const button = find('#unlock');

/// Enters the mode (or stays in it after a reload); `left` is called when somebody leaves it.
export function enter(left) {
    document.documentElement.dataset.kiosk = '';
    button.hidden = false;
    // Only a touch may do this; after a reload the page fills its window only.
    document.documentElement.requestFullscreen?.({ navigationUI: 'hide' }).catch(() => {});
    let timer = null;
    const down = event => {
        if (event.type === 'keydown' && (event.repeat || ![' ', 'Enter'].includes(event.key))) return;
        timer ??= setTimeout(leave, HOLD_MS);
    };
    const up = () => { clearTimeout(timer); timer = null; };
    const events = { pointerdown: down, keydown: down, pointerup: up, pointerleave: up, pointercancel: up, keyup: up, blur: up, contextmenu: event => event.preventDefault() };
    for (const [name, act] of Object.entries(events)) button.addEventListener(name, act);
    function leave() {
        up();
        for (const [name, act] of Object.entries(events)) button.removeEventListener(name, act);
        delete document.documentElement.dataset.kiosk;
        button.hidden = true;
        if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
        left();
    }
}
