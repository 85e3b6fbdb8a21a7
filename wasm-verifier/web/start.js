// The choice of the two pages. Without this script it stands there in both languages.

import { install } from './common/install.js';
import { dress } from './common/settings.js';
import { open } from './common/words.js';

dress();
install({ idle: () => true });
await open(null);
