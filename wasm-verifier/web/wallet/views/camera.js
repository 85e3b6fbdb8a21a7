// A code in front of the camera. The picture stays in the page, and the camera goes off as soon as it saw one.

import { Camera, stayAwake } from '../../common/camera.js';
import { make, sign } from '../../common/dom.js';
import { say } from '../../common/words.js';
import { button } from '../dom.js';
import { engine } from '../engine.js';
import { back, instead } from '../screen.js';
import { keep } from './keep.js';

export function camera() {
    const video = make('video', { class: 'seen', 'aria-label': say('wallet.camera.picture') });
    const trouble = make('p', { class: 'error', role: 'alert' });
    const how = make('p', {}, say('wallet.camera.how'));
    const extra = make('div', { class: 'acts' });
    const again = button(say('common.camera.again'), () => instead(camera), { id: 'again', hidden: true });
    const device = new Camera(video);
    let looking = true;
    const start = async () => {
        try {
            await device.open();
        } catch (error) {
            trouble.textContent = say(`common.camera.${error.why ?? 'broken'}`);
            video.hidden = how.hidden = true;
            again.hidden = false;
            return;
        }
        if (!looking) {
            // Left before the person allowed it.
            device.close();
            return;
        }
        extra.replaceChildren(...await choices(device));
        await look();
    };
    const look = async () => {
        for (let turn = 0; looking; turn += 1) {
            await device.next();
            if (!looking) return;
            const texts = await engine.decoder.look(video, () => device.frame(), turn).catch(() => []);
            if (looking && texts.length) {
                navigator.vibrate?.(50);
                await instead(() => keep(texts));
                return;
            }
        }
    };
    const sleep = stayAwake();
    return {
        title: say('wallet.add.camera'),
        body: [video, trouble, how, extra],
        foot: [button(say('common.cancel'), () => back(), { class: 'quiet', id: 'cancel' }), again],
        begin: () => { start(); },
        close() {
            looking = false;
            device.close();
            sleep();
        },
    };
}

/// Light, and the other cameras, where there are any.
async function choices(device) {
    const acts = [];
    if (device.hasTorch) {
        let lit = false;
        const torch = button([sign('torch'), say('common.camera.torch')], async () => {
            lit = await device.torch(!lit);
            torch.setAttribute('aria-pressed', String(lit));
        }, { class: 'quiet', 'aria-pressed': 'false' });
        acts.push(torch);
    }
    const all = await device.choices().catch(() => []);
    if (all.length > 1) {
        acts.push(button(say('common.camera.switch'), async () => {
            const at = all.findIndex(({ id }) => id === device.id);
            await device.open({ id: all[(at + 1) % all.length].id }).catch(() => {});
        }, { class: 'quiet' }));
    }
    return acts;
}
